// Package text words everything that people read, in their language: texts of
// the catalogues, dates, times, durations, numbers and errors.
//
// The catalogues are files of one area in one language, such as
// import.nl.json, in the flat form of go-i18n: {"key": "text {{.Name}}",
// "key2": {"one": "…", "other": "…"}}. Load reads them all; For gives the
// Translator of one language, which any goroutine may use. A text that is
// missing in a language appears in English; one that is missing altogether
// appears as its key between double brackets, and Missing tells tests of it.
package text

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"klokkast/app"
)

// Catalogue holds the texts of all areas in all languages.
type Catalogue struct {
	translators map[app.Language]*Translator
	missing     *missing
}

// Load reads every AREA.LANGUAGE.json of a folder, and LANGUAGE.json, which holds
// all areas of a language. Files of other names are left alone; of a key that two areas hold, the last area in alphabetical
// order counts (CheckComplete reports it).
func Load(fsys fs.FS) (*Catalogue, error) {
	files, err := readFiles(fsys)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{translators: map[app.Language]*Translator{}, missing: &missing{seen: map[string]bool{}}}
	for _, l := range app.Languages {
		c.translators[l] = newTranslator(l, c.missing)
	}
	for _, f := range files {
		if err := c.translators[f.language].add(f.messages); err != nil {
			return nil, fmt.Errorf("load catalogue %s: %w", f.name, err)
		}
	}
	for l, t := range c.translators {
		t.localizer = i18n.NewLocalizer(t.bundle, string(l))
		if l != app.English {
			t.fallback = c.translators[app.English]
		}
	}
	return c, nil
}

// For returns the translator of a language; English for one that is not among app.Languages.
func (c *Catalogue) For(l app.Language) *Translator {
	if t, ok := c.translators[l]; ok {
		return t
	}
	return c.translators[app.English]
}

// Missing gives, sorted, the keys asked for so far that no catalogue holds,
// and "KEY without a value" where a placeholder got none. A test that
// draws a screen asserts that it is empty.
func (c *Catalogue) Missing() []string { return c.missing.list() }

// Choose returns the language that suits a person best by the locales of the
// system in order of preference, such as "nl_BE.UTF-8"; English if none does.
func Choose(locales ...string) app.Language {
	languages, supported := offered()
	var wanted []language.Tag
	for _, locale := range locales {
		name, _, _ := strings.Cut(locale, ".")
		name, _, _ = strings.Cut(name, "@")
		if tag, err := language.Parse(name); err == nil {
			wanted = append(wanted, tag)
		}
	}
	_, i, confidence := language.NewMatcher(supported).Match(wanted...)
	if confidence == language.No {
		return app.English
	}
	return languages[i]
}

// file is one area in one language.
type file struct {
	name     string
	area     string
	language app.Language
	messages []*i18n.Message
}

func readFiles(fsys fs.FS) ([]file, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("load catalogues: %w", err)
	}
	var files []file
	for _, entry := range entries {
		area, code, divided := strings.Cut(strings.TrimSuffix(entry.Name(), ".json"), ".")
		if !divided {
			area, code = "", area // all areas in one file
		}
		l, err := app.ParseLanguage(code)
		if entry.IsDir() || path.Ext(entry.Name()) != ".json" || err != nil {
			continue
		}
		bytes, err := fs.ReadFile(fsys, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("load catalogues: %w", err)
		}
		parsed, err := i18n.ParseMessageFileBytes(bytes, entry.Name(), nil)
		if err != nil {
			return nil, fmt.Errorf("load catalogue %s: %w", entry.Name(), err)
		}
		files = append(files, file{name: entry.Name(), area: area, language: l, messages: parsed.Messages})
	}
	return files, nil
}

// missing collects what no catalogue holds.
type missing struct {
	mu   sync.Mutex
	seen map[string]bool
}

func (m *missing) add(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen[key] = true
}

func (m *missing) list() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.seen))
}
