package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/text"
	"klokkast/app/text/texttest"
	"klokkast/app/workspace"
	"klokkast/ui/officetest"
)

// The commands' tests run on a small company with a real database; package officetest
// tells who works there. Each command opens an office of its own on it, as each start of the program does.

func instant(s string) app.Instant {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return app.At(t)
}

// ran is what a run of the program left.
type ran struct {
	code     int
	out, err string
	opened   OpenOptions
	closed   int // offices
}

func texts(t *testing.T) *text.Catalogue {
	t.Helper()
	return texttest.Catalogue(t)
}

// klokkast runs a command line on a company; change may replace parts.
func klokkast(t *testing.T, c *officetest.Company, change func(*Parts), args ...string) ran {
	t.Helper()
	return klokkastUntil(context.Background(), t, c, change, args...)
}

// klokkastUntil is klokkast until ctx ends, as a person ends it with Ctrl-C.
func klokkastUntil(ctx context.Context, t *testing.T, c *officetest.Company, change func(*Parts), args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	got := ran{}
	catalogue := texts(t)
	p := Parts{
		Out: &out, Err: &errs, Texts: catalogue, Language: app.English, Version: "0.1.0",
		Now: func() app.Instant { return instant("2027-01-01T00:00:00Z") }, // an office has its own time
		Open: func(_ context.Context, o OpenOptions) (*office.Office, io.Closer, error) {
			got.opened = o
			off := c.Open()
			off.Override(workspace.Override{Actor: o.Actor, Language: o.Language})
			return off, closer(func() { got.closed++ }), nil
		},
	}
	if change != nil {
		change(&p)
	}
	got.code = Run(ctx, args, p)
	got.out, got.err = out.String(), errs.String()
	if missing := catalogue.Missing(); len(missing) > 0 {
		t.Errorf("klokkast %s: no text for %v", strings.Join(args, " "), missing)
	}
	return got
}

// closer counts how often an office is closed; the company keeps its database open.
type closer func()

func (c closer) Close() error {
	c()
	return nil
}

// asked is the JSON answer of a command line that succeeds, divided as a shell does.
func asked(t *testing.T, c *officetest.Company, line string) map[string]any {
	t.Helper()
	got := klokkast(t, c, nil, append([]string{"--json"}, words(line)...)...)
	if got.code != ExitFine {
		t.Fatalf("%s: exit code %d: %s%s", line, got.code, got.out, got.err)
	}
	return object(t, got.out)
}

// said is what a command line that succeeds says in English.
func said(t *testing.T, c *officetest.Company, line string) string {
	t.Helper()
	got := klokkast(t, c, nil, append([]string{"--lang", "en"}, words(line)...)...)
	if got.code != ExitFine {
		t.Fatalf("%s: exit code %d: %s%s", line, got.code, got.out, got.err)
	}
	return got.out
}

// object reads the one JSON object that a command printed and nothing else.
func object(t *testing.T, out string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(out))
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		t.Fatalf("not a JSON object: %v\n%s", err, out)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatalf("more than one object on standard output:\n%s", out)
	}
	return m
}

// at returns what stands at a path such as boxes.0.uid in parsed JSON.
func at(t *testing.T, v any, path string) any {
	t.Helper()
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i := int(step[0] - '0')
			if i >= len(x) {
				t.Fatalf("%s: no element %d of %d", path, i, len(x))
			}
			v = x[i]
		default:
			t.Fatalf("%s: nothing at %q", path, step)
		}
	}
	return v
}

// want compares what stands at paths of parsed JSON; numbers are float64.
func want(t *testing.T, m map[string]any, paths map[string]any) {
	t.Helper()
	for path, w := range paths {
		if n, ok := w.(int); ok {
			w = float64(n)
		}
		if got := at(t, m, path); got != w {
			t.Errorf("%s = %v, want %v", path, got, w)
		}
	}
}

func wantText(t *testing.T, got string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(got, p) {
			t.Errorf("lacks %q:\n%s", p, got)
		}
	}
}
