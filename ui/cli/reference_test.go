package cli

import (
	"cmp"
	"context"
	"encoding"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"klokkast/app"
	"klokkast/app/export"
)

var update = flag.Bool("update", false, "writes docs/reference.md anew")

const referenceFile = "../../docs/reference.md"

// TestReferenceIsOfTheCode: the tables of commands, of the fields of their answers
// and of the columns of lists for payroll are written from the code.
func TestReferenceIsOfTheCode(t *testing.T) {
	want := reference(t)
	if *update {
		if err := os.WriteFile(referenceFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/reference.md is not of this code: go test ./ui/cli -run Reference -update writes it anew")
	}
}

func reference(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# Reference

Written from the code by ` + "`go test ./ui/cli -run Reference -update`" + `; a test fails when it is stale. What things mean stands in
[commands](commands.md) and [exports](export.md).

## Commands

`)
	r := &run{ctx: context.Background(), parts: Parts{Texts: texts(t)}}
	r.speak(app.English)
	parser, _, err := r.parser()
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString("| command | does | flags |\n|---|---|---|\n")
	for _, n := range parser.Model.Leaves(true) {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", cell(commandOf(n)), cell(r.helpText(n.Help)), cell(flagsOf(n.Flags)))
	}
	fmt.Fprintf(&b, "\nEvery command takes besides: %s.\n", cell(flagsOf(parser.Model.Flags)))
	b.WriteString("\n## Answers with `--json`\n\nEach form with its fields: `[]` is a list, `{}` what stands under a name that is not known beforehand, `?` what may lack; a form in a field is named.\n\n| form | fields |\n|---|---|\n")
	var forms []reflect.Type
	for _, answer := range answers() {
		forms = formsIn(reflect.TypeOf(answer), forms)
	}
	for _, form := range forms {
		fmt.Fprintf(&b, "| %s | %s |\n", formName(form), strings.Join(fieldsWithTypes(form), " · "))
	}
	b.WriteString("\n## Columns of CSV files\n\n| column | heading | in rows of |\n|---|---|---|\n")
	for _, id := range export.Columns() {
		var rows []string
		for _, row := range export.RowsWith(id) {
			rows = append(rows, string(row))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", id, cell(export.Heading(r.say, id)), strings.Join(rows, ", "))
	}
	return b.String()
}

func commandOf(n *kong.Node) string {
	parts := []string{strings.TrimPrefix(n.FullPath(), "klokkast ")}
	for _, a := range n.Positional {
		parts = append(parts, strings.ToUpper(a.Name))
	}
	return strings.Join(parts, " ")
}

func flagsOf(flags []*kong.Flag) string {
	var list []string
	for _, f := range flags {
		list = append(list, "`--"+f.Name+"`")
	}
	return strings.Join(list, " ")
}

// cell is a text that may stand in a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// formsIn adds a form and the forms in it, each once, an answer before what it holds.
func formsIn(t reflect.Type, list []reflect.Type) []reflect.Type {
	if slices.Contains(list, t) {
		return list
	}
	list = append(list, t)
	for _, f := range jsonFields(t) {
		if of, _ := element(f.Type); kindOf(of) == "" {
			list = formsIn(of, list)
		}
	}
	return list
}

func fieldsWithTypes(t reflect.Type) (list []string) {
	for _, f := range jsonFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		of, marks := element(f.Type)
		text := "`" + cmp.Or(name, f.Name) + marks + "`"
		if strings.Contains(options, "omit") {
			text += "?"
		}
		list = append(list, text+" "+cmp.Or(kindOf(of), formName(of)))
	}
	return list
}

// jsonFields are the fields that JSON has of a form.
func jsonFields(t reflect.Type) (list []reflect.StructField) {
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "-" && !f.Anonymous && f.IsExported() && !hidden(t, f, name) && f.Type != reflect.TypeFor[*struct{}]() {
			list = append(list, f)
		}
	}
	return list
}

// element is what a list, a map or a pointer holds in the end, with a mark for each list and map.
func element(t reflect.Type) (of reflect.Type, marks string) {
	for of = t; of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice || of.Kind() == reflect.Map; of = of.Elem() {
		switch of.Kind() {
		case reflect.Slice:
			marks += "[]"
		case reflect.Map:
			marks += "{}"
		}
	}
	return of, marks
}

// formName names a form, those of this package without it.
func formName(t reflect.Type) string {
	if t.Name() == "" {
		return "object"
	}
	return strings.TrimPrefix(strings.TrimSuffix(t.String(), "JSON"), "cli.")
}

// kindOf is what JSON has of a type; "" is a form.
func kindOf(t reflect.Type) string {
	written := reflect.PointerTo(t)
	switch {
	case written.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return "text"
	case written.Implements(reflect.TypeFor[json.Marshaler]()):
		return "value"
	}
	switch t.Kind() {
	case reflect.Struct:
		return ""
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "text"
	case reflect.Interface:
		return "value"
	}
	return "number"
}
