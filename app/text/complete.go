package text

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"klokkast/app"
)

// placeholder finds the names in {{.Name}}, also within pipes and conditions.
var placeholder = regexp.MustCompile(`\.([A-Za-z][A-Za-z0-9]*)`)

// action finds what stands between double braces.
var action = regexp.MustCompile(`\{\{.*?\}\}`)

// CheckComplete returns what is wrong with the catalogues of a folder, a line
// each, nil if nothing: an area without one of the four languages, a key or a
// placeholder that one language has and another lacks, a plural without its
// forms, an empty text, a template that does not parse, a key in two areas.
// It is for tests.
func CheckComplete(fsys fs.FS) []string {
	files, err := readFiles(fsys)
	if err != nil {
		return []string{err.Error()}
	}
	areas := map[string]map[app.Language]map[string]*i18n.Message{}
	var wrong []string
	for _, f := range files {
		messages := map[string]*i18n.Message{}
		for _, m := range f.messages {
			if messages[m.ID] != nil {
				wrong = append(wrong, fmt.Sprintf("%s: %s stands there twice", f.name, m.ID))
			}
			messages[m.ID] = m
			wrong = append(wrong, checkMessage(f.name, m)...)
		}
		if areas[f.area] == nil {
			areas[f.area] = map[app.Language]map[string]*i18n.Message{}
		}
		areas[f.area][f.language] = messages
	}
	share(areas)
	owner := map[string]string{}
	for _, area := range slices.Sorted(maps.Keys(areas)) {
		wrong = append(wrong, checkArea(area, areas[area])...)
		for _, key := range slices.Sorted(maps.Keys(areas[area][app.English])) {
			if owner[key] != "" {
				wrong = append(wrong, fmt.Sprintf("%s: key stands in areas %s and %s", key, owner[key], area))
			}
			owner[key] = area
		}
	}
	return wrong
}

// share lays out a language that stands in one file by the areas in which English has its keys.
func share(areas map[string]map[app.Language]map[string]*i18n.Message) {
	whole := areas[""]
	delete(areas, "")
	for l, messages := range whole {
		for _, languages := range areas {
			part := map[string]*i18n.Message{}
			for key := range languages[app.English] {
				if m := messages[key]; m != nil {
					part[key] = m
				}
			}
			languages[l] = part
		}
	}
}

func checkArea(area string, languages map[app.Language]map[string]*i18n.Message) []string {
	all := map[string]bool{}
	for _, messages := range languages {
		for key := range messages {
			all[key] = true
		}
	}
	var wrong []string
	for _, l := range app.Languages {
		messages, ok := languages[l]
		if !ok {
			wrong = append(wrong, fmt.Sprintf("%s.%s.json is missing", area, l))
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if messages[key] == nil {
				wrong = append(wrong, fmt.Sprintf("%s.%s.json lacks %s", area, l, key))
				continue
			}
			if model := languages[app.English][key]; model != nil {
				wrong = append(wrong, compare(fmt.Sprintf("%s.%s.json: %s", area, l, key), messages[key], model)...)
			}
		}
	}
	return wrong
}

// compare says how a text differs in shape from the English one.
func compare(where string, m, model *i18n.Message) []string {
	var wrong []string
	if (m.One == "") != (model.One == "") {
		wrong = append(wrong, where+": plural in one language only")
	}
	if got, want := placeholders(m), placeholders(model); !slices.Equal(got, want) {
		wrong = append(wrong, fmt.Sprintf("%s: placeholders %v, in English %v", where, got, want))
	}
	return wrong
}

func checkMessage(file string, m *i18n.Message) []string {
	var wrong []string
	if strings.TrimSpace(m.Other) == "" {
		wrong = append(wrong, fmt.Sprintf("%s: %s is empty", file, m.ID))
	}
	for _, form := range forms(m) {
		if _, err := template.New("").Parse(form); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %s: %v", file, m.ID, err))
		}
	}
	return wrong
}

// placeholders returns the names that any form of a text uses. "One box" may
// leave out the count that "3 boxes" writes.
func placeholders(m *i18n.Message) []string {
	names := map[string]bool{}
	for _, form := range forms(m) {
		for _, a := range action.FindAllString(form, -1) {
			for _, match := range placeholder.FindAllStringSubmatch(a, -1) {
				names[match[1]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func forms(m *i18n.Message) []string {
	return []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other}
}
