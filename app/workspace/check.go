package workspace

import (
	"strings"

	"klokkast/app"
)

// The checks bring what people enter into the official form, or say which
// field is wrong, why, and what a right value looks like. All faults of one
// form come back together (errors.Join of *app.FieldError).

// Required refuses an empty value of a field, and says what a right one looks like.
func Required(field, value, example string) error {
	if strings.TrimSpace(value) == "" {
		return &app.FieldError{Field: field, Code: "required", Example: example}
	}
	return nil
}

// Official replaces *value by its official form; an empty one is left alone.
func Official(value *string, parse func(string) (string, error)) error {
	if strings.TrimSpace(*value) == "" {
		*value = ""
		return nil
	}
	v, err := parse(*value)
	if err == nil {
		*value = v
	}
	return err
}

// OfficialSecret is Official for what must not be shown.
func OfficialSecret(value *app.Secret, parse func(string) (string, error)) error {
	s := value.Reveal()
	err := Official(&s, parse)
	*value = app.Secret(s)
	return err
}

// CheckDays refuses days that end before they begin.
func CheckDays(d app.Days) error {
	if d.From != 0 && d.To != 0 && d.To < d.From {
		return &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: d.From.String()}
	}
	return nil
}

// CheckSpan refuses a span that ends before it begins.
func CheckSpan(s app.Span) error {
	if s.From == 0 {
		return &app.FieldError{Field: "from", Code: "required", Example: "2026-11-23 06:00"}
	}
	if s.To != 0 && s.To < s.From {
		return &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: s.From.String()}
	}
	return nil
}

// maxDeclaration is the longest a declaration for recurring work lasts (NSSO: 5 years).
const MaxDeclaration = 5
