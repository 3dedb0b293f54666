package reading_test

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/reading"
)

// fakeFile is a file whose lines are its records.
type fakeFile struct {
	serial string
	lines  []string
	ask    bool
}

func (f *fakeFile) Name() string   { return "1_attlog.dat" }
func (f *fakeFile) Make() app.Make { return app.MakeZK }
func (f *fakeFile) Serial() string { return f.serial }
func (f *fakeFile) Bad() []reading.LineProblem {
	return []reading.LineProblem{{Line: 99, Code: "time", Text: "x"}}
}
func (f *fakeFile) Records(b app.Box) (out []app.Record, _ []reading.LineProblem, _ error) {
	if f.ask && b.StatusKeys == app.StatusAsk {
		return nil, nil, &reading.AskStatusError{Statuses: []string{"0"}}
	}
	for i, l := range f.lines {
		key := app.RecordKey{LogKey: app.LogKey{Box: b.UID, Log: app.FileLog}, Seq: uint64(crc32.ChecksumIEEE([]byte(strings.TrimSpace(l)))) + 1}
		out = append(
			out,
			app.Record{Key: key, Type: app.RecordPunch, Raw: []byte(l), Line: i + 1, Punch: &app.Punch{Key: key, At: app.Instant(1000 * (i + 1))}},
		)
	}
	return out, nil, nil
}

func importOptions() reading.ImportOptions { return reading.ImportOptions{Options: options()} }

func TestImportTwice(t *testing.T) {
	s := newStore()
	f := &fakeFile{serial: "A1", lines: []string{"a", "b", "c", "b", "d"}}
	out, err := reading.Import(t.Context(), s, f, importOptions())
	if err != nil || out.Reading.New != 4 || out.Repeated != 1 || out.Reading.State != app.ReadingDone || out.Box.UID != "zkteco:A1" ||
		out.Box.Zone != app.DefaultZone || out.Reading.ReadTo != 5000 || len(out.Bad) != 1 || s.kept != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	if out.Reading.Source != app.FromFile || out.Reading.FileName != "1_attlog.dat" {
		t.Errorf("%+v", out.Reading)
	}
	// Another variant of the same export, with one line more.
	f.lines = []string{"a ", "b ", "c ", "d ", "e "}
	out, err = reading.Import(t.Context(), s, f, importOptions())
	if err != nil || out.Reading.New != 1 || out.Before != 4 || len(s.records) != 5 {
		t.Fatalf("%+v, %v", out, err)
	}
}

func TestImportAsks(t *testing.T) {
	s := newStore()
	f := &fakeFile{lines: []string{"a", "b"}}
	var needs *reading.NeedsBoxError
	if _, err := reading.Import(t.Context(), s, f, importOptions()); !errors.As(err, &needs) {
		t.Fatal(err)
	}
	o := importOptions()
	o.Box, o.Label = "zkteco:gate", "Gate"
	if out, err := reading.Import(t.Context(), s, f, o); err != nil || out.Box.Label != "Gate" || out.Reading.New != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	// The same lines for another box: most likely the wrong name.
	var elsewhere *reading.StoredElsewhereError
	o.Box = "zkteco:door"
	if _, err := reading.Import(t.Context(), s, f, o); !errors.As(err, &elsewhere) || elsewhere.Boxes["zkteco:gate"] != 2 {
		t.Fatal(err)
	}
	o.Elsewhere = true
	if out, err := reading.Import(t.Context(), s, f, o); err != nil || out.Reading.New != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	f.serial = "S9"
	var other *reading.OtherSerialError
	if _, err := reading.Import(t.Context(), s, f, o); !errors.As(err, &other) {
		t.Fatal(err)
	}
	f = &fakeFile{serial: "S8", lines: []string{"x"}, ask: true}
	var status *reading.AskStatusError
	before := fmt.Sprint(len(s.records), len(s.readings), len(s.boxes))
	if _, err := reading.Import(t.Context(), s, f, importOptions()); !errors.As(err, &status) {
		t.Fatal(err)
	}
	if after := fmt.Sprint(len(s.records), len(s.readings), len(s.boxes)); after != before {
		t.Errorf("asking stored something: %s, before %s", after, before)
	}
	o = importOptions()
	o.StatusKeys = app.StatusNoKey
	if out, err := reading.Import(t.Context(), s, f, o); err != nil || out.Box.StatusKeys != app.StatusNoKey {
		t.Fatalf("%+v, %v", out, err)
	}
}
