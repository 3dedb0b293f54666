package text

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"klokkast/app"
	"klokkast/app/identity"
)

// Keyed is an error that names its own text: the whole catalogue key, such as
// "error.reading.quarantined", and the values for its placeholders. Any
// package may implement it without knowing this one.
type Keyed interface {
	error
	TextKey() (key string, args map[string]any)
}

// Error words an error for a person; "" for nil. An *app.FieldError and a
// Keyed error, also when wrapped, get their own texts; joined errors a line
// each. Whatever else it is, gets a general sentence with its masked detail, so
// that it can be reported.
func (t *Translator) Error(err error) string {
	if err == nil {
		return ""
	}
	if parts := joined(err); parts != nil {
		var lines []string
		for _, part := range parts {
			lines = append(lines, t.Error(part))
		}
		return strings.Join(lines, "\n")
	}
	// Keyed goes first: one that wraps a field error says more than the field does.
	var keyed Keyed
	if errors.As(err, &keyed) {
		if key, args := keyed.TextKey(); t.knows(key) {
			return t.T(key, args)
		}
	}
	var field *app.FieldError
	if errors.As(err, &field) {
		return t.fieldError(field)
	}
	if key := systemKey(err); key != "" {
		return t.T(key, "Detail", identity.Mask(err.Error()))
	}
	return t.T("error.general", "Detail", identity.Mask(err.Error()))
}

// Field returns the name of a field of the schema as people call it. A threshold's
// is its own text: threshold.NAME.
func (t *Translator) Field(name string) string {
	for _, key := range [...]string{"field." + name, name} {
		if t.knows(key) {
			return t.T(key)
		}
	}
	t.missing.add("field." + name)
	return name
}

func (t *Translator) fieldError(e *app.FieldError) string {
	key := "error." + e.Code
	if !t.knows(key) {
		t.missing.add(key)
		key = "error.field"
	}
	return t.T(key, "Field", t.Field(e.Field), "Example", e.Example)
}

func (t *Translator) knows(key string) bool {
	return t.keys[key] || t.fallback != nil && t.fallback.keys[key]
}

// systemKey returns the text of what operating system and contexts report.
func systemKey(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "error.cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		return "error.timeout"
	case errors.Is(err, fs.ErrNotExist):
		return "error.file.missing"
	case errors.Is(err, fs.ErrPermission):
		return "error.file.permission"
	case errors.Is(err, syscall.ENOSPC):
		return "error.file.full"
	}
	return ""
}

// joined returns the errors that errors.Join put together, nil for any other
// error: one made by fmt.Errorf with several %w has a text of its own.
func joined(err error) []error {
	multiple, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	parts := multiple.Unwrap()
	var lines []string
	for _, part := range parts {
		lines = append(lines, part.Error())
	}
	if strings.Join(lines, "\n") != err.Error() {
		return nil
	}
	return parts
}
