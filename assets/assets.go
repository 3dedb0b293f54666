// Package assets holds the files that are built into the program: texts in
// four languages, the fonts of its papers, its icon. It imports nothing of ours.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed translations/*.json
var translations embed.FS

var (
	//go:embed fonts/NotoSans-Regular.ttf
	notoSansRegular []byte
	//go:embed fonts/NotoSans-Bold.ttf
	notoSansBold []byte
	//go:embed fonts/OFL.txt
	fontLicence string
	//go:embed icon/klokkast.png
	iconPNG []byte
	//go:embed icon/klokkast.svg
	iconSVG []byte
)

// Translations returns the catalogues, files AREA.LANGUAGE.json such as
// timesheet.nl.json, in go-i18n's flat form.
func Translations() fs.FS {
	sub, err := fs.Sub(translations, "translations")
	if err != nil { // only for a malformed name, and this one is fixed
		panic(err)
	}
	return sub
}

// PaperFonts returns the two faces of the papers, Noto Sans 2.004, as TrueType
// files: Latin, Greek and Cyrillic, with digits of one width. They are shared:
// do not change them.
func PaperFonts() (regular, bold []byte) { return notoSansRegular, notoSansBold }

// FontLicence returns the licence of the fonts (SIL OFL 1.1), for the program's "about".
func FontLicence() string { return fontLicence }

// IconPNG returns the program's icon, 512 × 512 pixels. It is shared: do not change it.
func IconPNG() []byte { return iconPNG }

// IconSVG returns the program's icon as a drawing. It is shared: do not change it.
func IconSVG() []byte { return iconSVG }
