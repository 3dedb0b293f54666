package importing

import (
	"errors"
	"fmt"
	"strings"

	"klokkast/app"
)

// Kind says what a problem means for its row.
type Kind string

// Kinds of problem.
const (
	Refused Kind = "refused"  // the row is not imported
	LeftOut Kind = "left-out" // the row is imported without this
	Note    Kind = "note"     // imported, and worth knowing
)

// Problem says what is wrong, or worth knowing, at one place of a file. What it
// says as an error holds no value of the file; faces word it from the catalogues.
type Problem struct {
	Kind Kind `json:"kind"`
	// Line is the line of the file, from 1, on which the row begins; 0 for the file as a whole.
	Line int `json:"line"`
	// Column is the heading as it stands in the file; "" for the whole row.
	Column string `json:"column,omitempty"`
	// Value is what stands in that cell, personal numbers masked; "" for the whole
	// row. It is for the person who corrects the file: no log and no error holds it.
	Value string `json:"value,omitempty"`
	// Code is that of the reason, for machines: ssin.check, import.tooManyCells.
	Code string `json:"code"`
	// Why is a *app.FieldError or a *Reason.
	Why error `json:"-"`
}

// problem makes a problem of a reason.
func problem(kind Kind, line int, column string, why error) *Problem {
	return &Problem{Kind: kind, Line: line, Column: column, Code: codeOf(why), Why: why}
}

// Error names line, column and reason: for engineers.
func (p *Problem) Error() string {
	return fmt.Sprintf("line %d, column %q: %v", p.Line, p.Column, p.Why)
}

// Unwrap returns the reason.
func (p *Problem) Unwrap() error { return p.Why }

// TextKey words it for people.
func (p *Problem) TextKey() (string, map[string]any) {
	args := map[string]any{"Why": p.Why}
	if p.Line == 0 {
		return "import.at.file", args
	}
	args["Line"] = p.Line
	if p.Column == "" {
		return "import.at.line", args
	}
	args["Column"] = p.Column
	return "import.at.cell", args
}

// Reason is why a file, a row or a cell is not taken as it is, where that is
// no matter of one field's form.
type Reason struct {
	Code string // catalogue key without "import."
	Args map[string]any
}

// Error names the code: for engineers.
func (r *Reason) Error() string { return "import: " + r.Code }

// TextKey words it for people.
func (r *Reason) TextKey() (string, map[string]any) { return "import." + r.Code, r.Args }

// because makes a reason; args are names and values in turn.
func because(code string, args ...any) *Reason {
	r := &Reason{Code: code, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		r.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	return r
}

// wrong makes the error of one field.
func wrong(field, code, example string) error {
	return &app.FieldError{Field: field, Code: code, Example: example}
}

// codeOf returns the code of a reason.
func codeOf(why error) string {
	var field *app.FieldError
	var reason *Reason
	switch {
	case errors.As(why, &field):
		return field.Code
	case errors.As(why, &reason):
		return "import." + reason.Code
	}
	return "import.failed"
}

// reasonCode is a Reason's own code in the code of a problem.
func reasonCode(code string) string { return strings.TrimPrefix(code, "import.") }
