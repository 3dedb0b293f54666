package office

// NotFoundError says that a thing someone named does not exist.
type NotFoundError struct{ Kind, Name string }

// Error names kind and id.
func (e *NotFoundError) Error() string { return "no " + e.Kind + " " + e.Name }

// TextKey words it for people.
func (e *NotFoundError) TextKey() (string, map[string]any) {
	return "error.notFound." + e.Kind, map[string]any{"Name": e.Name}
}
