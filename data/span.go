package data

import (
	"errors"

	"klokkast/app"
)

// errSpan says that a span ends before or where it starts, or starts before 1970.
var errSpan = errors.New("a span must end after its start")

// checkSpan refuses a span in which nothing can happen.
func checkSpan(s app.Span) error {
	if s.From < 0 || s.To < 0 || (s.To != 0 && s.To <= s.From) {
		return errSpan
	}
	return nil
}
