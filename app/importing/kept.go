package importing

import (
	"encoding/json"
	"errors"
	"fmt"

	"klokkast/app"
)

// ListKind says what a list is of. The values are stored: they never change.
type ListKind string

// Kinds of list.
const (
	StaffList       ListKind = "staff"
	SiteList        ListKind = "sites"
	AbsenceList     ListKind = "absences"
	DeclarationList ListKind = "declarations"
	// RegistrationList is of what the register holds, as the NSSO's online service exports it.
	RegistrationList ListKind = "registrations"
)

// Import is one import of a list, as it is kept for ever.
type Import struct {
	ID     app.ID
	Kind   ListKind
	File   string // its name, without its folder
	Digest string // SHA-256 of its bytes, hex
	By     string
	At     app.Instant
	// Lines are the rows that held anything; the four others add up to it.
	Lines, New, Changed, Same, Refused int
	// Undone are the steps by which it was taken back, in their order.
	Undone []UndoStep

	// Subjects are the people, places, absences and declarations that rows speak of,
	// whether they changed them or found them as they were, with the first line of each.
	Subjects map[app.ID]int
	// Of says for each thing that was made or changed which subject it belongs to.
	Of map[app.ID]app.ID
	// Basis is the Version of the data that it was planned on: saving on another is ErrMoved; 0 is any.
	Basis int64
	// Account is what was said of the rows. Lists of imports come without it.
	Account Account
}

// UndoStep is one step by which an import was taken back.
type UndoStep struct {
	By    string
	At    app.Instant
	Why   string
	Taken int // things
	Left  int
}

// Account is what an import said of its rows. It holds names and values of the
// file: it is kept sealed.
type Account struct {
	Rows     []RowResult
	Problems []*Problem // refused or left out
	Notes    []*Problem
	// Head is the line of the titles and Refused are the rows that were refused, as
	// they stood in the file, without their line ends.
	Head    string
	Refused []RefusedRow
	// Reading says how the file was read.
	Reading string `json:",omitempty"`
}

// RefusedRow is a row that was refused, as it stood in the file.
type RefusedRow struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// RefusedList returns the refused rows under the titles of the file, to be
// corrected and imported again: UTF-8 with BOM, the file's own separator; nil where there are none.
func (a *Account) RefusedList() []byte {
	if len(a.Refused) == 0 {
		return nil
	}
	text := "\ufeff" + a.Head + "\r\n"
	for _, r := range a.Refused {
		text += r.Text + "\r\n"
	}
	return []byte(text)
}

// Encode writes the account as text.
func (a *Account) Encode() (string, error) {
	b, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("write the account of an import: %w", err)
	}
	return string(b), nil
}

// DecodeAccount reads what Encode wrote; "" is an empty account.
func DecodeAccount(text string) (a Account, err error) {
	if text == "" {
		return a, nil
	}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return a, errors.New("read the account of an import: it is not what was written") // never what stands in it
	}
	return a, nil
}

// keptProblem is a problem as an account keeps it: its reason in parts, so that
// it can be worded in any language later.
type keptProblem struct {
	Kind    Kind               `json:"kind"`
	Line    int                `json:"line"`
	Column  string             `json:"column,omitempty"`
	Value   string             `json:"value,omitempty"`
	Code    string             `json:"code"`
	Field   string             `json:"field,omitempty"` // of a *app.FieldError
	Example string             `json:"example,omitempty"`
	IsField bool               `json:"isField,omitempty"`
	Args    map[string]keptArg `json:"args,omitempty"` // of a *Reason
}

// keptArg is one placeholder's value with its type.
type keptArg struct {
	Number *int64    `json:"n,omitempty"`
	Day    *app.Date `json:"d,omitempty"`
	Text   string    `json:"s,omitempty"`
}

// MarshalJSON writes a problem so that UnmarshalJSON gives it back whole.
func (p *Problem) MarshalJSON() ([]byte, error) {
	k := keptProblem{Kind: p.Kind, Line: p.Line, Column: p.Column, Value: p.Value, Code: p.Code}
	var field *app.FieldError
	var reason *Reason
	switch {
	case errors.As(p.Why, &field):
		k.IsField, k.Field, k.Example = true, field.Field, field.Example
	case errors.As(p.Why, &reason):
		k.Args = map[string]keptArg{}
		for name, v := range reason.Args {
			k.Args[name] = keepArg(v)
		}
	}
	return json.Marshal(k)
}

func keepArg(v any) keptArg {
	switch v := v.(type) {
	case int:
		n := int64(v)
		return keptArg{Number: &n}
	case app.Date:
		return keptArg{Day: &v}
	}
	return keptArg{Text: fmt.Sprint(v)}
}

func (a keptArg) value() any {
	switch {
	case a.Number != nil:
		return int(*a.Number)
	case a.Day != nil:
		return *a.Day
	}
	return a.Text
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Problem) UnmarshalJSON(b []byte) error {
	var k keptProblem
	if err := json.Unmarshal(b, &k); err != nil {
		return err
	}
	*p = Problem{Kind: k.Kind, Line: k.Line, Column: k.Column, Value: k.Value, Code: k.Code}
	if k.IsField {
		p.Why = &app.FieldError{Field: k.Field, Code: k.Code, Example: k.Example}
		return nil
	}
	r := &Reason{Code: reasonCode(k.Code), Args: map[string]any{}}
	for name, a := range k.Args {
		r.Args[name] = a.value()
	}
	p.Why = r
	return nil
}
