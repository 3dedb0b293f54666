package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/ciao"
	"klokkast/app/filelog"
	"klokkast/app/identity"
	"klokkast/app/output"
	"klokkast/app/reading"
	"klokkast/app/text"
	"klokkast/ui/wording"
)

// usageError is a wrong command line: exit code 2.
type usageError struct{ err error }

func (e *usageError) Error() string { return "usage: " + e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// keyed is an error of this package that has a text of its own.
type keyed struct {
	key  string // whole, such as cli.usage.date
	args map[string]any
}

func (e *keyed) Error() string                     { return e.key }
func (e *keyed) TextKey() (string, map[string]any) { return e.key, e.args }

// wrong makes a usage error with the text cli.usage.KEY.
func wrong(key string, args ...any) error {
	return &usageError{failure("usage."+key, args...)}
}

// failure makes an error with the text cli.KEY.
func failure(key string, args ...any) error {
	m := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return &keyed{"cli." + key, m}
}

// complain words an error on standard error, a line each.
func (r *run) complain(err error) {
	var usage *usageError
	if errors.As(err, &usage) {
		r.aside(r.t("usage.lead", "Why", r.wordUsage(usage.err)))
		r.aside(r.t("usage.help"))
		return
	}
	for _, l := range strings.Split(r.word(err), "\n") {
		r.aside(l)
	}
}

// word returns the text of an error for a person.
func (r *run) word(err error) string {
	if parts := joined(err); parts != nil {
		lines := make([]string, len(parts))
		for i, part := range parts {
			lines[i] = r.word(part)
		}
		return strings.Join(lines, "\n")
	}
	if s := r.wordAsk(err); s != "" {
		return s
	}
	if s := r.wordBox(err); s != "" {
		return s
	}
	if s := r.wordNames(err); s != "" {
		return s
	}
	return r.say.Error(err)
}

// joined returns what errors.Join put together, nil for any other error.
func joined(err error) []error {
	several, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var lines []string
	for _, part := range several.Unwrap() {
		lines = append(lines, part.Error())
	}
	if strings.Join(lines, "\n") != err.Error() {
		return nil
	}
	return several.Unwrap()
}

// wordAsk words what the window would ask in a dialog: the answer is a flag.
func (r *run) wordAsk(err error) string {
	var box *reading.NeedsBoxError
	var serial *reading.OtherSerialError
	var status *reading.AskStatusError
	var elsewhere *reading.StoredElsewhereError
	var mapping *reading.NeedsMappingError
	var table *reading.AskMappingError
	var column *reading.AskColumnError
	var order *filelog.AskOrderError
	switch {
	case errors.As(err, &table):
		lines := []string{r.t("ask.table", "File", table.File)}
		for _, q := range table.Questions {
			lines = append(lines, r.wordQuestion(q))
		}
		return strings.Join(lines, "\n")
	case errors.As(err, &column):
		return r.t("ask.column", "File", column.File, "Third", counted(column.Third), "Fourth", counted(column.Fourth))
	case errors.As(err, &order):
		return r.t("ask.order."+string(order.Clash), "File", order.File)
	case len(inTheWay(err)) > 0:
		files := inTheWay(err)
		return r.n("ask.replace", len(files), "File", files[0])
	case errors.As(err, &mapping):
		return r.t("ask.mapping", "File", mapping.File)
	case errors.As(err, &box):
		return r.t("ask.box", "File", box.File)
	case errors.As(err, &serial):
		return r.t("ask.serial", "File", serial.File, "Serial", serial.Serial, "Box", serial.Box)
	case errors.As(err, &status):
		switch {
		case status.Unnamed:
			return r.t("ask.unnamed", "Statuses", counted(status.Counts))
		case status.Contradictions > 0:
			return r.t("ask.contradictions", "Statuses", counted(status.Counts), "Count", status.Contradictions)
		}
		return r.t("ask.status", "Statuses", counted(status.Counts))
	case errors.As(err, &elsewhere):
		lines := 0
		var boxes []string
		for b, n := range elsewhere.Boxes {
			lines += n
			boxes = append(boxes, b)
		}
		return r.n("ask.elsewhere", lines, "Boxes", r.say.List(sorted(boxes)), "Box", elsewhere.Box)
	}
	return ""
}

// counted lists values with how often each stands: 0 (29), 1 (1).
func counted(counts map[string]int) string {
	var out []string
	for _, value := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%s (%d)", value, counts[value]))
	}
	return strings.Join(out, ", ")
}

// inTheWay returns the files that the program did not write, where they kept it from writing.
func inTheWay(err error) []string {
	var e *output.Error
	if errors.As(err, &e) {
		return e.Paths
	}
	return nil
}

// wordBox words why a box cannot be read.
func (r *run) wordBox(err error) string {
	var closed *reading.QuarantinedError
	var service *serviceError
	var end *reading.EndError
	var ack *reading.AckError
	fault := faultOf(err)
	switch {
	case errors.As(err, &end):
		return r.say.Error(end)
	case errors.As(err, &ack):
		return r.say.Error(ack)
	case fault == reading.CableDrops:
		return r.say.T("reading.help." + string(fault))
	case fault == reading.NoPermission:
		return r.t("box.noPermission", "File", udevFile)
	case fault != "" && errors.As(err, &service) && !errors.As(err, &closed):
		return r.t("box.notDone", "Why", wording.Fault(r.say, string(fault)))
	case errors.As(err, &closed):
		return r.t("quarantined", "Why", wording.Fault(r.say, closed.Reason))
	case fault != "":
		return r.t("fault", "Why", wording.Fault(r.say, string(fault)))
	}
	return ""
}

// faultOf returns the fault of a box in an error, "" if there is none.
func faultOf(err error) reading.Fault {
	var fault reading.Fault
	if errors.As(err, &fault) {
		return fault
	}
	if errors.Is(err, reading.WrongChain) { // of another type, but of that fault
		return reading.WrongChain
	}
	return ""
}

// wordNames words that nothing, or more than one thing, has the name given.
func (r *run) wordNames(err error) string {
	var none *app.NotFoundError
	var many *boxes.AmbiguousError
	switch {
	case errors.As(err, &many):
		return r.t("many", "Name", many.Name, "Count", many.Count)
	case errors.As(err, &none) && r.say.Has("field."+none.Kind):
		return r.t("notFound", "Kind", r.say.Field(none.Kind), "Name", none.Name)
	}
	return ""
}

// code names an error for programs. Codes are part of the documented output:
// docs/commands.md lists them.
func code(err error) string {
	var usage *usageError
	var k text.Keyed
	var closed *reading.QuarantinedError
	var field *app.FieldError
	var outcome *ciao.Outcome
	switch {
	case errors.As(err, &usage):
		return "usage"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case askCode(err) != "":
		return askCode(err)
	case errors.As(err, &closed):
		return "box.quarantine." + closed.Reason
	case faultOf(err) != "":
		return "box.fault." + string(faultOf(err))
	case errors.As(err, &field):
		return "input"
	case errors.As(err, &outcome):
		return "register"
	case errors.As(err, &k):
		key, _ := k.TextKey()
		return strings.TrimPrefix(strings.TrimPrefix(key, "error."), "cli.")
	}
	return "failed"
}

func askCode(err error) string {
	var box *reading.NeedsBoxError
	var serial *reading.OtherSerialError
	var status *reading.AskStatusError
	var elsewhere *reading.StoredElsewhereError
	var mapping *reading.NeedsMappingError
	var table *reading.AskMappingError
	var column *reading.AskColumnError
	var order *filelog.AskOrderError
	switch {
	case errors.As(err, &table):
		return "ask." + table.Questions[0].Code
	case errors.As(err, &column):
		return "ask.column"
	case errors.As(err, &order):
		return "ask.order"
	case len(inTheWay(err)) > 0:
		return "ask.replace"
	case errors.As(err, &mapping):
		return "ask.mapping"
	case errors.As(err, &box):
		return "ask.box"
	case errors.As(err, &serial):
		return "ask.serial"
	case errors.As(err, &status):
		return "ask.status"
	case errors.As(err, &elsewhere):
		return "ask.elsewhere"
	}
	return ""
}

// failedJSON is the object that a failed command prints with --json.
type failedJSON struct {
	Error errorJSON `json:"error"`
}

type errorJSON struct {
	Code    string      `json:"code"`
	Message string      `json:"message"`
	Fields  []fieldJSON `json:"fields,omitempty"`
	Files   []string    `json:"files,omitempty"` // of ask.replace
}

type fieldJSON struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Example string `json:"example"`
}

func (r *run) printError(err error) {
	// The answer itself cannot be written: there is nobody left to tell.
	_ = r.print(failedJSON{r.errorJSON(err)})
}

func (r *run) errorJSON(err error) errorJSON {
	e := errorJSON{Code: code(err), Message: clean(identity.Mask(r.word(err)))}
	var usage *usageError
	if errors.As(err, &usage) {
		e.Message = r.wordUsage(usage.err)
	}
	e.Files = inTheWay(err)
	for _, f := range fieldErrors(err) {
		e.Fields = append(e.Fields, fieldJSON{f.Field, f.Code, clean(r.say.Error(f)), f.Example})
	}
	return e
}

// fieldErrors returns every field error in a tree of errors.
func fieldErrors(err error) []*app.FieldError {
	switch e := err.(type) {
	case *app.FieldError:
		return []*app.FieldError{e}
	case interface{ Unwrap() []error }:
		var all []*app.FieldError
		for _, part := range e.Unwrap() {
			all = append(all, fieldErrors(part)...)
		}
		return all
	case interface{ Unwrap() error }:
		return fieldErrors(e.Unwrap())
	}
	return nil
}

// usagePatterns are the complaints of the command-line parser that people meet;
// it knows English only.
func usagePatterns() []struct {
	re  *regexp.Regexp
	key string
} {
	return []struct {
		re  *regexp.Regexp
		key string
	}{
		{regexp.MustCompile(`^unknown flag (?P<Flag>\S+?)(?:, did you mean (?:one of )?(?P<Likely>.+)\?)?$`), "usage.unknownFlag"},
		{regexp.MustCompile(`^unexpected argument (?P<Flag>\S+?)(?:, did you mean (?:one of )?(?P<Likely>.+)\?)?$`), "usage.unexpected"},
		{regexp.MustCompile(`^missing flags: (?P<Flag>.+)$`), "usage.missingFlags"},
		{regexp.MustCompile(`^expected (?:one of )?(?P<Flag>.+)$`), "usage.expected"},
		{regexp.MustCompile(`^(?P<Flag>--\S+?)(?:=\S*)? must be one of (?P<Likely>.+) but got (?P<Got>.+)$`), "usage.oneOf"},
		{regexp.MustCompile(`^(?P<Flag>--\S+?)(?:=\S*)?: expected \S+ value but got "EOL".*$`), "usage.noValue"},
		{regexp.MustCompile(`^(?P<Flag>--\S+?)(?:=\S*)?: expected a valid \d+ bit u?int but got (?P<Got>.+)$`), "usage.number"},
		{regexp.MustCompile(`^(?P<Flag>--\S+?)(?:=\S*)?: (?P<Got>.+)$`), "usage.badValue"},
	}
}

// wordUsage words a wrong command line in the user's language.
func (r *run) wordUsage(err error) string {
	var k *keyed
	if errors.As(err, &k) {
		return clean(r.say.Error(k))
	}
	msg := err.Error()
	for _, p := range usagePatterns() {
		m := p.re.FindStringSubmatch(msg)
		if m == nil {
			continue
		}
		args := map[string]any{"Likely": "", "Got": ""}
		for i, name := range p.re.SubexpNames() {
			if name != "" {
				args[name] = plainList(m[i])
			}
		}
		return clean(r.t(p.key, args))
	}
	return clean(identity.Mask(msg))
}

// plainList writes the parser's "a","b" and "<file>" as people do: a, b and FILE.
func plainList(s string) string {
	var items []string
	for _, item := range strings.Split(s, ",") {
		item = strings.Trim(strings.TrimSpace(item), `"`)
		if strings.Contains(item, "<") {
			item = strings.ToUpper(strings.NewReplacer("<", "", ">", "").Replace(item))
		}
		if item != "" {
			items = append(items, item)
		}
	}
	return strings.Join(items, ", ")
}
