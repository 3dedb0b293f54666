package window

import (
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
)

// PanicError is a mistake of the program's own that would have ended it. It says
// nothing that people entered: of values that are no runtime error only the type.
type PanicError struct {
	What  string
	Stack string // calls without their arguments
}

// Error says what happened.
func (e *PanicError) Error() string { return "panic: " + e.What }

// TextKey words it for people.
func (e *PanicError) TextKey() (string, map[string]any) { return "error.panic", nil }

// guarded does something and gives a panic of it as an error.
func guarded(do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = Panicked(v)
		}
	}()
	return do()
}

// arguments are those of a call in a stack: addresses, or values.
var arguments = regexp.MustCompile(`\(((0x[0-9a-f]+|\.\.\.|[{}, ?])*)\)$`)

// Panicked makes an error of what recover gave, with the stack of the caller.
func Panicked(v any) *PanicError {
	what := fmt.Sprintf("%T", v)
	if e, ok := v.(runtime.Error); ok {
		what = e.Error()
	}
	var calls []string
	for _, line := range strings.Split(string(debug.Stack()), "\n") {
		calls = append(calls, arguments.ReplaceAllString(line, "()"))
	}
	return &PanicError{What: what, Stack: strings.Join(calls, "\n")}
}
