package assets

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Every area has all four languages with the same keys.
func TestTranslationsAreComplete(t *testing.T) {
	files, err := fs.Glob(Translations(), "*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	keys := map[string]map[string][]string{} // area, language
	for _, name := range files {
		parts := strings.Split(name, ".")
		if len(parts) != 3 || !slices.Contains([]string{"nl", "fr", "de", "en"}, parts[1]) {
			t.Errorf("%s is not AREA.LANGUAGE.json", name)
			continue
		}
		b, err := fs.ReadFile(Translations(), name)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if keys[parts[0]] == nil {
			keys[parts[0]] = map[string][]string{}
		}
		keys[parts[0]][parts[1]] = slices.Sorted(maps.Keys(texts))
	}
	for area, languages := range keys {
		for _, l := range []string{"nl", "fr", "de"} {
			if !slices.Equal(languages[l], languages["en"]) {
				t.Errorf("%s: %s and en have different keys", area, l)
			}
		}
	}
}

func TestIcon(t *testing.T) {
	icon, err := png.DecodeConfig(bytes.NewReader(IconPNG()))
	if err != nil || icon.Width != 512 || icon.Height != 512 {
		t.Errorf("the icon is %d × %d, %v", icon.Width, icon.Height, err)
	}
	if !bytes.HasPrefix(IconSVG(), []byte("<svg ")) {
		t.Error("the drawing of the icon is no SVG")
	}
}

func TestFontsComeWithTheirLicence(t *testing.T) {
	regular, bold := PaperFonts()
	if size := len(regular) + len(bold); size > 1_500_000 {
		t.Errorf("the fonts are %d bytes", size)
	}
	for _, want := range []string{"Copyright 2015 Google LLC", "SIL OPEN FONT LICENSE Version 1.1"} {
		if !strings.Contains(FontLicence(), want) {
			t.Errorf("the licence lacks %q", want)
		}
	}
}
