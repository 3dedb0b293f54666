package kit

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
)

// Theme is Fyne's theme with a little less air: lists are long here.
type Theme struct{ fyne.Theme }

// Size returns smaller paddings than Fyne's.
func (c Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameInnerPadding:
		return 6
	case theme.SizeNameSubHeadingText:
		return 17
	}
	return c.Theme.Size(n)
}

// Color returns colours that can be read: Fyne's green, orange and grey are too
// light for text on white, and its quiet grey too dark on black (WCAG asks for a contrast of 4.5).
func (c Theme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if v == theme.VariantLight {
		switch n {
		case theme.ColorNameSuccess:
			return color.NRGBA{0x1e, 0x7a, 0x32, 0xff}
		case theme.ColorNameWarning:
			return color.NRGBA{0xb3, 0x59, 0x00, 0xff}
		case theme.ColorNameError:
			return color.NRGBA{0xc6, 0x28, 0x28, 0xff}
		case theme.ColorNameForeground:
			return color.NRGBA{0x26, 0x26, 0x26, 0xff}
		case theme.ColorNamePlaceHolder:
			return color.NRGBA{0x76, 0x76, 0x76, 0xff}
		case theme.ColorNameDisabled:
			return color.NRGBA{0x8a, 0x8a, 0x8a, 0xff}
		}
	}
	if v == theme.VariantDark && n == theme.ColorNameDisabled {
		return color.NRGBA{0x8a, 0x8a, 0x8a, 0xff}
	}
	return c.Theme.Color(n, v)
}

// extensionFilter shows files of some extensions, whatever their case.
type extensionFilter []string

var _ storage.FileFilter = extensionFilter{}

// Matches says whether a file is shown.
func (f extensionFilter) Matches(u fyne.URI) bool {
	return slices.Contains(f, strings.ToLower(u.Extension()))
}
