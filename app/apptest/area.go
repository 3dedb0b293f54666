package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"klokkast/app"
)

// Area reads the texts of an area of the catalogues in a language. Of a language
// that stands in one file it is the part whose keys English has in that area.
func Area(catalogues fs.FS, area string, l app.Language) (map[string]any, error) {
	texts, err := read(catalogues, area+"."+string(l)+".json")
	if !errors.Is(err, fs.ErrNotExist) {
		return texts, err
	}
	whole, err := read(catalogues, string(l)+".json")
	if err != nil {
		return nil, err
	}
	english, err := read(catalogues, area+"."+string(app.English)+".json")
	if err != nil {
		return nil, err
	}
	part := map[string]any{}
	for key := range english {
		if text, ok := whole[key]; ok {
			part[key] = text
		}
	}
	return part, nil
}

func read(catalogues fs.FS, name string) (texts map[string]any, err error) {
	b, err := fs.ReadFile(catalogues, name)
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	if err := json.Unmarshal(b, &texts); err != nil {
		return nil, fmt.Errorf("read texts of %s: %w", name, err)
	}
	return texts, nil
}
