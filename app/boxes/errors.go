package boxes

import (
	"fmt"
)

// AmbiguousError says that several things have the name that someone gave.
type AmbiguousError struct {
	Kind, Name string
	Count      int
}

// Error names kind and name.
func (e *AmbiguousError) Error() string { return fmt.Sprintf("%d of %s %s", e.Count, e.Kind, e.Name) }

// TextKey words it for people.
func (e *AmbiguousError) TextKey() (string, map[string]any) {
	return "error.ambiguous." + e.Kind, map[string]any{"Name": e.Name, "Count": e.Count}
}
