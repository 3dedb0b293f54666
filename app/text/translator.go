package text

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"klokkast/app"
)

// Translator words texts in one language. It is safe for use by many goroutines.
type Translator struct {
	language  app.Language
	bundle    *i18n.Bundle
	localizer *i18n.Localizer
	// plain holds the texts without placeholders: nearly all, and the ones that
	// lists and tables ask for thousands of times, so they go past templates.
	plain    map[string]string
	keys     map[string]bool
	fallback *Translator // English; nil for English itself
	missing  *missing
}

func newTranslator(l app.Language, m *missing) *Translator {
	return &Translator{
		language: l,
		bundle:   i18n.NewBundle(language.Make(string(l))),
		plain:    map[string]string{},
		keys:     map[string]bool{},
		missing:  m,
	}
}

func (t *Translator) add(messages []*i18n.Message) error {
	if err := t.bundle.AddMessages(language.Make(string(t.language)), messages...); err != nil {
		return err
	}
	for _, m := range messages {
		t.keys[m.ID] = true
		delete(t.plain, m.ID)
		if m.One == "" && m.Other != "" && !strings.Contains(m.Other, "{{") {
			t.plain[m.ID] = m.Other
		}
	}
	return nil
}

// Language returns the translator's language.
func (t *Translator) Language() app.Language { return t.language }

// Has says whether the catalogues of this very language hold a key.
func (t *Translator) Has(key string) bool { return t.keys[key] }

// Keys returns all keys of this language, sorted.
func (t *Translator) Keys() []string { return slices.Sorted(maps.Keys(t.keys)) }

// T returns the text of a key. Args fill its placeholders: names and values in
// turn ("Name", name, "Day", day) or one map[string]any. Dates, months and
// durations are written as the language does, errors as Error words them.
func (t *Translator) T(key string, args ...any) string {
	if s, ok := t.plain[key]; ok {
		return s
	}
	return t.localize(key, nil, args)
}

// N returns the text of a key in the plural form of count; its placeholder
// {{.Count}} is the count, with separators of thousands.
func (t *Translator) N(key string, count int, args ...any) string {
	return t.localize(key, &count, args)
}

func (t *Translator) localize(key string, count *int, args []any) string {
	if !t.keys[key] {
		if t.fallback != nil && t.fallback.keys[key] {
			return t.fallback.localize(key, count, args)
		}
		t.missing.add(key)
		return "[[" + key + "]]"
	}
	data := t.data(args)
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: data}
	if count != nil {
		data["Count"] = t.Number(*count)
		config.PluralCount = max(*count, -*count) // plural rules know no sign
	}
	// With an error there may still be a text: French has a plural form for
	// whole millions that no catalogue spells out.
	s, err := t.localizer.Localize(config)
	if s == "" && err != nil {
		t.missing.add(key)
		return "[[" + key + "]]"
	}
	if strings.Contains(s, noValue) {
		t.missing.add(key + " without a value")
	}
	return s
}

// noValue is what text/template writes for a placeholder that got nothing.
const noValue = "<no value>"

// data returns the values for placeholders by name, worded.
func (t *Translator) data(args []any) map[string]any {
	data := make(map[string]any, len(args)/2+1)
	for i := 0; i < len(args); {
		if m, ok := args[i].(map[string]any); ok {
			for name, value := range m {
				data[name] = t.value(value)
			}
			i++
			continue
		}
		if i+1 < len(args) {
			data[fmt.Sprint(args[i])] = t.value(args[i+1])
		}
		i += 2
	}
	return data
}

func (t *Translator) value(v any) any {
	switch v := v.(type) {
	case app.Date:
		return t.Date(v)
	case app.Month:
		return t.Month(v)
	case time.Duration:
		return t.Duration(v)
	case error:
		return t.Error(v)
	}
	return v
}
