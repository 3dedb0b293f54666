package app

// Act is one act of a person, as the trail keeps it. Every changing call of a
// store takes one and appends it in the same transaction.
type Act struct {
	Actor  string  // who
	At     Instant // when
	What   string  // a code such as worker.save, box.place, ciao.release
	Target string  // kind:id of what it is about
	Why    string
	Before any // JSON of the state before and after; nil where there is none. Personal numbers are masked.
	After  any
}

// TrailEntry is one link of an installation's hash-chained log.
type TrailEntry struct {
	Installation ID      `json:"installation"`
	Seq          int64   `json:"seq"`
	At           Instant `json:"at"`
	Actor        string  `json:"actor"`
	What         string  `json:"what"`
	Target       string  `json:"target"`
	Payload      string  `json:"payload,omitempty"` // JSON; "" once erased
	Hash         string  `json:"hash"`              // hex
}

// Installation is one copy of the program with its own database file.
type Installation struct {
	ID      ID      `json:"id"`
	Name    string  `json:"name"`
	Created Instant `json:"created"`
	Demo    bool    `json:"demo"`  // for life: only loopback addresses are ever dialled
	Sends   bool    `json:"sends"` // the one installation of the company that sends to CIAO
}

// FieldError says what is wrong with one field of what someone entered.
type FieldError struct {
	Field   string // the field's name in the words of the schema, such as ssin
	Code    string // catalogue key without its "error." prefix, such as ssin.check
	Example string // what a right one looks like, made up
}

// Error names field and code: for engineers. Faces word it from the catalogues.
func (e *FieldError) Error() string { return e.Field + ": " + e.Code + " (such as " + e.Example + ")" }

// NotFoundError says that a thing someone named does not exist.
type NotFoundError struct{ Kind, Name string }

// NotFound says that there is no thing of a kind, such as worker, with that name or id.
func NotFound(kind, name string) *NotFoundError { return &NotFoundError{kind, name} }

// Error names kind and id.
func (e *NotFoundError) Error() string { return "no " + e.Kind + " " + e.Name }

// TextKey words it for people.
func (e *NotFoundError) TextKey() (string, map[string]any) {
	return "error.notFound." + e.Kind, map[string]any{"Name": e.Name}
}
