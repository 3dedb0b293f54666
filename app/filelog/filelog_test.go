package filelog_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/filelog"
	"klokkast/app/reading"
)

// plainReader reads lines "PIN date clock status [device]" with more blanks or columns behind them; under a mapping with the
// layout "DM" day and month change places.
type plainReader struct{}

func (plainReader) ReadLines(m filelog.Meaning, lines []filelog.Raw) ([]filelog.Said, error) {
	out := make([]filelog.Said, len(lines))
	for i, raw := range lines {
		f := strings.Fields(string(raw.Text))
		if len(f) < 4 {
			continue
		}
		layout := "2006-01-02 15:04:05"
		if m.Mapping != nil && m.Mapping.Layout == "DM" {
			layout = "2006-02-01 15:04:05"
		}
		local, err := time.Parse(layout, f[1]+" "+f[2])
		if err != nil {
			out[i].Problem = &reading.LineProblem{Line: raw.Number, Code: "time"}
			continue
		}
		t := filelog.Tap{Kind: app.PIN, Value: f[0], Local: local, Status: f[3]}
		if m.Kind == filelog.Table || m.StatusKeys == app.StatusIsKey {
			key, named := filelog.UsualKey(f[3])
			t.Key, t.Unnamed = key, !named
			if k, ok := m.Keys[f[3]]; ok {
				t.Key, t.Unnamed = k, false
			}
		}
		if len(f) > 4 {
			t.Device = f[4]
		}
		out[i].Taps = []filelog.Tap{t}
	}
	return out, nil
}

// memory is a store in memory that does what a change says, and nothing else.
type memory struct {
	log    filelog.Log
	boxes  map[string]app.Box
	others map[uint64][]string
}

func newMemory() *memory { return &memory{boxes: map[string]app.Box{}} }

func (s *memory) KnownBox(_ context.Context, uid string) (app.Box, bool, error) {
	b, ok := s.boxes[uid]
	return b, ok, nil
}

func (s *memory) FileLog(_ context.Context, uid string) (*filelog.Log, error) {
	l := s.log
	l.Box = s.boxes[uid]
	l.Lines, l.Files, l.Meanings = slices.Clone(l.Lines), slices.Clone(l.Files), slices.Clone(l.Meanings)
	for i := range l.Lines {
		l.Lines[i].Records = slices.Clone(l.Lines[i].Records)
	}
	return &l, nil
}

func (s *memory) BoxesWithTaps(context.Context, []uint64) (map[uint64][]string, error) {
	return s.others, nil
}

func (s *memory) ChangeFileLog(_ context.Context, c *filelog.Change, _ app.Act) error {
	if c.Version != s.log.Version {
		return filelog.ErrMeanwhile
	}
	s.log.Version++
	if c.Box != nil {
		s.boxes[c.Box.UID] = *c.Box
	}
	if c.File != nil {
		s.log.Files = append(s.log.Files, *c.File)
	}
	for _, l := range c.Lines {
		line := filelog.Line{Raw: l.Raw, File: len(s.log.Files) - 1, Number: l.Number}
		for _, seq := range l.Records {
			line.Records = append(line.Records, filelog.Record{Seq: seq})
		}
		s.log.Lines = append(s.log.Lines, line)
	}
	for _, r := range c.Records {
		s.log.Lines[r.Place].Records = append(s.log.Lines[r.Place].Records, filelog.Record{Seq: r.Seq})
	}
	for _, f := range c.Files {
		k := slices.IndexFunc(s.log.Files, func(g filelog.File) bool { return g.Reading.ID == f.Reading.ID })
		s.log.Files[k] = f
	}
	for _, id := range c.Withdraw {
		k := slices.IndexFunc(s.log.Meanings, func(m filelog.Meaning) bool { return m.ID == id })
		s.log.Meanings[k].Withdrawn = c.At
	}
	s.log.Meanings = append(s.log.Meanings, c.Meanings...)
	for _, p := range c.Punches {
		s.keep(p)
	}
	return nil
}

func (s *memory) keep(p filelog.PunchState) {
	for i := range s.log.Lines {
		for k := range s.log.Lines[i].Records {
			if r := &s.log.Lines[i].Records[k]; r.Seq == p.Seq {
				punch := p.Punch
				r.Punch, r.Tap, r.Same, r.Counts = &punch, p.Tap, p.Same, p.Counts
				return
			}
		}
	}
	panic("a punch of no record")
}

// punches are those that count, by their keys.
func (s *memory) punches() map[uint64]app.Punch {
	out := map[uint64]app.Punch{}
	for _, l := range s.log.Lines {
		for _, r := range l.Records {
			if r.Counts {
				p := *r.Punch
				p.ReadingID = ""
				out[r.Seq] = p
			}
		}
	}
	return out
}

// inOrder lists the taps that count in the order of the log.
func (s *memory) inOrder() (list []string) {
	punches := slices.SortedFunc(maps.Values(s.punches()), func(a, b app.Punch) int { return a.Position.Compare(b.Position) })
	for _, p := range punches {
		list = append(list, fmt.Sprintf("%s %s %s", p.Identifier.Value, p.At.In(brussels).Format("02 15:04:05"), p.Pressed))
	}
	return list
}

var brussels = app.DefaultZone.Location()

const box = "zkteco:ZK1"

func source(lines ...string) filelog.Source {
	src := filelog.Source{Name: "1_attlog.dat", Kind: filelog.Attlog, Make: app.MakeZK}
	for i, l := range lines {
		src.Lines = append(src.Lines, filelog.Raw{Number: i + 1, Text: []byte(l), Length: len(l)})
	}
	return src
}

func options() reading.ImportOptions {
	now := app.At(time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC))
	return reading.ImportOptions{Box: box, StatusKeys: app.StatusIsKey,
		Options: reading.Options{Actor: "test", Now: func() app.Instant { return now }, Progress: func(reading.Progress) {}}}
}

func give(t *testing.T, s *memory, src filelog.Source, o reading.ImportOptions) reading.Imported {
	t.Helper()
	out, err := filelog.Import(t.Context(), s, plainReader{}, src, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func commit(t *testing.T, s *memory, e filelog.Edit) *filelog.Reconsidered {
	t.Helper()
	out, err := filelog.Commit(t.Context(), s, plainReader{}, box, e, app.Act{What: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnotherVariantAddsNothing(t *testing.T) {
	s := newMemory()
	if out := give(t, s, source("1 2026-11-02 07:00:00 0", "1 2026-11-02 11:00:00 1"), options()); out.Reading.New != 2 {
		t.Fatalf("%+v", out)
	}
	before := s.punches()
	out := give(t, s, source("1\t2026-11-02 07:00:00\t0 1 x", "1 2026-11-02  11:00:00 01 1"), options())
	if out.Reading.New != 0 || out.Before != 2 || !maps.Equal(before, s.punches()) {
		t.Fatalf("%+v\n%v\n%v", out, before, s.punches())
	}
	if len(s.log.Lines) != 4 {
		t.Errorf("%d lines are kept, not each as it stood", len(s.log.Lines))
	}
}

// The zone is set right after the import, and taken back: the punches follow, under their keys.
func TestAZoneSetRightMovesThePunches(t *testing.T) {
	s := newMemory()
	o := options()
	o.Zone = "UTC"
	give(t, s, source("1 2026-11-02 07:00:00 0", "1 2026-11-02 11:00:00 1"), o)
	before := s.punches()
	m := s.log.Meanings[0]
	m.ID, m.Zone, m.At = "m2", app.DefaultZone, o.Now()
	if out := commit(t, s, filelog.Mean(m)); len(out.Moved) != 2 || out.Moved[0].After.At.Sub(out.Moved[0].Before.At) != -time.Hour {
		t.Fatalf("%+v", out.Moved)
	}
	if s.boxes[box].Zone != app.DefaultZone {
		t.Error("the next file would be read otherwise")
	}
	if out := give(t, s, source("1 2026-11-02 07:00:00 0", "1 2026-11-02 11:00:00 1", "1 2026-11-03 07:00:00 0"), options()); out.Reading.New != 1 {
		t.Errorf("%+v", out)
	}
	if got := slices.Sorted(maps.Keys(s.punches())); len(got) != 3 {
		t.Error(got)
	}
	commit(t, s, filelog.UndoImport(s.log.Files[1].Reading.ID, o.Now()))
	commit(t, s, filelog.MeanAgain("m2", o.Now()))
	if !maps.Equal(before, s.punches()) {
		t.Errorf("%v\n%v", before, s.punches())
	}
}

// Month first was read as day first: the lines that became no tap at first are taps then, and nothing is there twice.
func TestALayoutSetRight(t *testing.T) {
	s := newMemory()
	src := source("1 2026-02-11 06:00:00 0", "1 2026-02-11 10:00:00 1", "1 2026-13-11 06:00:00 0", "1 2026-13-11 10:00:00 1")
	src.Kind, src.Make = filelog.Table, app.MakeTable
	o := options()
	o.Mapping = &reading.Mapping{Layout: "MD"}
	if out := give(t, s, src, o); out.Reading.New != 2 || len(out.Bad) != 2 || out.Bad[0].Line != 3 {
		t.Fatalf("%+v", out)
	}
	first := slices.Sorted(maps.Keys(s.punches()))
	m := s.log.Meanings[0]
	m.ID, m.Mapping, m.At = "m2", &reading.Mapping{Layout: "DM"}, o.Now()
	commit(t, s, filelog.Mean(m))
	want := []string{"1 02 06:00:00 in", "1 02 10:00:00 out", "1 13 06:00:00 in", "1 13 10:00:00 out"}
	if got := s.inOrder(); !slices.Equal(got, want) {
		t.Fatal(got)
	}
	for _, key := range first {
		if _, ok := s.punches()[key]; !ok {
			t.Error("a key that was stored is gone")
		}
	}
	o.Mapping = nil
	if out := give(t, s, src, o); out.Reading.New != 0 || out.Before != 4 {
		t.Errorf("%+v", out)
	}
}

func TestAnUndoneImportLeavesWhatAnotherHolds(t *testing.T) {
	s := newMemory()
	one := give(t, s, source("1 2026-11-02 07:00:00 0", "1 2026-11-02 11:00:00 1"), options())
	two := give(t, s, source("1 2026-11-02 11:00:00 1 9", "1 2026-11-03 07:00:00 0"), options())
	all := s.punches()
	commit(t, s, filelog.UndoImport(one.Reading.ID, options().Now()))
	if got := s.inOrder(); !slices.Equal(got, []string{"1 02 11:00:00 out", "1 03 07:00:00 in"}) {
		t.Error(got)
	}
	commit(t, s, filelog.UndoImport(two.Reading.ID, options().Now()))
	if got := s.inOrder(); len(got) != 0 {
		t.Error(got)
	}
	out := give(t, s, source("1 2026-11-02 07:00:00 0", "1 2026-11-02 11:00:00 1", "1 2026-11-03 07:00:00 0"), options())
	revived := s.punches()
	if out.Reading.New != 3 || !slices.Equal(slices.Sorted(maps.Keys(all)), slices.Sorted(maps.Keys(revived))) {
		t.Errorf("%+v\n%v", out, revived)
	}
}

// Taps of one second keep the order of the file, whatever their keys are.
func TestTapsOfOneSecondStandAsInTheFile(t *testing.T) {
	s := newMemory()
	var lines []string
	for pin := range 9 {
		lines = append(lines, strconv.Itoa(pin+1)+" 2026-11-02 12:00:00 1", strconv.Itoa(pin+1)+" 2026-11-02 12:00:00 0")
	}
	give(t, s, source(lines...), options())
	for i, got := range s.inOrder() {
		if want := strings.Fields(lines[i]); !strings.HasPrefix(got, want[0]) || strings.HasSuffix(got, "out") != (want[3] == "1") {
			t.Errorf("%d: %s, not %s", i, got, lines[i])
		}
	}
}

func TestOrdersAreSeen(t *testing.T) {
	log := []string{"1 2026-11-02 07:00:00 0", "2 2026-11-02 07:01:00 0", "1 2026-11-02 11:00:00 1", "2 2026-11-02 11:01:00 1", "1 2026-11-03 07:00:00 0", "2 2026-11-03 07:01:00 0"}
	backwards := slices.Clone(log)
	slices.Reverse(backwards)
	sorted := slices.Clone(log)
	slices.Sort(sorted)
	for _, c := range []struct {
		name  string
		lines []string
		want  filelog.Order
	}{
		{"log", log, filelog.InLogOrder},
		{"newest first", backwards, filelog.NewestFirst},
		{"sorted by person", sorted, filelog.ByPerson},
		{"clock set back", []string{"1 2026-11-02 07:00:00 0", "2 2026-11-02 08:00:00 0", "3 2026-11-02 07:02:00 0", "1 2026-11-02 11:00:00 1"}, filelog.InLogOrder},
		{"shuffled", []string{log[3], log[0], log[5], log[1], log[4], log[2]}, filelog.Mixed},
		{"two devices", []string{"1 2026-11-02 07:00:00 0 A", "2 2026-11-05 07:00:00 0 A", "1 2026-11-09 07:00:00 0 A", "1 2026-11-02 08:00:00 1 B", "2 2026-11-03 07:00:00 1 B", "1 2026-11-07 07:00:00 1 B"}, filelog.Mixed},
	} {
		out := give(t, newMemory(), source(c.lines...), options())
		if filelog.Order(out.Order) != c.want {
			t.Errorf("%s: %s", c.name, out.Order)
		}
	}
}

// Files in the wrong order, one that bridges two others, and one that is a copy of a part: one log.
func TestFilesAreLaidSideBySide(t *testing.T) {
	day := func(d int) []string {
		return []string{fmt.Sprintf("1 2026-11-%02d 07:00:00 0", d), fmt.Sprintf("1 2026-11-%02d 11:00:00 1", d)}
	}
	s := newMemory()
	give(t, s, source(slices.Concat(day(9), day(10))...), options())
	give(t, s, source(slices.Concat(day(2), day(3))...), options())
	passages := func() (n uint32) {
		for _, p := range s.punches() {
			n = max(n, p.Position.Passage)
		}
		return n
	}
	if passages() != 2 {
		t.Errorf("%d passages", passages())
	}
	give(t, s, source(slices.Concat(day(3), day(5), day(9))...), options())
	give(t, s, source(day(3)...), options())
	if passages() != 1 {
		t.Errorf("%d passages", passages())
	}
	want := slices.Concat(day(2), day(3), day(5), day(9), day(10))
	got := s.inOrder()
	if len(got) != len(want) {
		t.Fatal(got)
	}
	for i := range want {
		if f := strings.Fields(want[i]); !strings.HasPrefix(got[i], "1 "+f[1][8:]+" "+f[2]) {
			t.Errorf("%d: %s, not %s", i, got[i], want[i])
		}
	}
}

func TestFilesThatContradictAreAskedAbout(t *testing.T) {
	s := newMemory()
	give(t, s, source("1 2026-11-02 07:00:00 0", "2 2026-11-02 07:00:00 0", "1 2026-11-02 11:00:00 1"), options())
	var ask *filelog.AskOrderError
	_, err := filelog.Import(t.Context(), s, plainReader{}, source("2 2026-11-02 07:00:00 0", "1 2026-11-02 07:00:00 0", "3 2026-11-02 12:00:00 0"), options())
	if !errors.As(err, &ask) || ask.Clash != filelog.ClashOrder {
		t.Error(err)
	}
	_, err = filelog.Import(t.Context(), s, plainReader{}, source("4 2026-11-02 08:00:00 0", "4 2026-11-02 09:00:00 1"), options())
	if !errors.As(err, &ask) || ask.Clash != filelog.ClashOverlap || len(s.log.Files) != 1 {
		t.Error(err)
	}
	_, err = filelog.Import(t.Context(), newMemory(), plainReader{}, source("1 2026-11-02 07:00:00 0", "1 2026-11-02 06:00:00 1", "1 2026-11-02 08:00:00 1", "2 2026-11-01 07:00:00 0", "2 2026-11-02 07:00:00 0", "2 2026-11-01 09:00:00 0"), options())
	if !errors.As(err, &ask) || ask.Clash != filelog.ClashPerson {
		t.Error(err)
	}
	o := options()
	o.Order = string(filelog.Mixed)
	if out := give(t, s, source("4 2026-11-02 08:00:00 0", "4 2026-11-02 09:00:00 1"), o); out.Reading.New != 2 {
		t.Errorf("%+v", out)
	}
}

func TestStatusIsAskedAbout(t *testing.T) {
	o := options()
	o.StatusKeys = ""
	var ask *reading.AskStatusError
	if _, err := filelog.Import(t.Context(), newMemory(), plainReader{}, source("1 2026-11-02 07:00:00 0"), o); !errors.As(err, &ask) {
		t.Error("one status alone is not asked about:", err)
	}
	var one []string
	for d := range 30 {
		status := "0"
		if d == 20 {
			status = "1"
		}
		one = append(one, fmt.Sprintf("1 2026-11-%02d 07:00:00 %s", d%30+1, status))
	}
	if _, err := filelog.Import(t.Context(), newMemory(), plainReader{}, source(one...), o); !errors.As(err, &ask) || ask.Counts["0"] != 29 {
		t.Error("one status among thirty is not asked about:", err)
	}
	var against []string
	for d := range 20 {
		against = append(against, fmt.Sprintf("1 2026-11-%02d 07:00:00 %d", d+1, d/10))
	}
	if _, err := filelog.Import(t.Context(), newMemory(), plainReader{}, source(against...), o); !errors.As(err, &ask) || ask.Contradictions != 18 {
		t.Errorf("contradictions are not asked about: %v %+v", err, ask)
	}
	o.StatusKeys = app.StatusIsKey
	_, err := filelog.Import(t.Context(), newMemory(), plainReader{}, source("1 2026-11-02 07:00:00 0", "1 2026-11-02 11:00:00 7"), o)
	if !errors.As(err, &ask) || !ask.Unnamed || ask.Counts["7"] != 1 {
		t.Error("a status without a meaning is not asked about:", err)
	}
	o.Keys = reading.Keys{"7": app.KeyOut}
	s := newMemory()
	give(t, s, source("1 2026-11-02 07:00:00 0", "1 2026-11-02 11:00:00 7"), o)
	if got := s.inOrder(); !slices.Equal(got, []string{"1 02 07:00:00 in", "1 02 11:00:00 out"}) {
		t.Error(got)
	}
	s = newMemory()
	o = options()
	o.StatusKeys = ""
	give(t, s, source("1 2026-11-02 07:00:00 255", "1 2026-11-02 11:00:00 255"), o)
	if got := s.inOrder(); !slices.Equal(got, []string{"1 02 07:00:00 none", "1 02 11:00:00 none"}) {
		t.Error(got)
	}
}

// No step back shows whether a clock was put forward in spring: the import says that somebody has to know.
func TestSpringIsAskedAbout(t *testing.T) {
	lines := []string{"1 2026-03-28 00:17:00 0", "1 2026-03-28 07:00:00 0", "1 2026-03-28 11:00:00 1", "1 2026-03-29 07:00:00 0", "1 2026-03-29 11:00:00 1"}
	s := newMemory()
	if out := give(t, s, source(lines...), options()); out.Spring != app.NewDate(2026, 3, 29) {
		t.Error(out.Spring)
	}
	if out := give(t, s, source(lines...), options()); out.Spring != 0 {
		t.Error("asked about again:", out.Spring)
	}
	if out := give(t, newMemory(), source(lines[3:]...), options()); out.Spring != 0 {
		t.Error(out.Spring)
	}
}

// Refused lines that were corrected are imported without a question, among the others; the same number of other lines is not.
func TestCorrectedLinesAreTakenAmongTheOthers(t *testing.T) {
	s := newMemory()
	give(t, s, source("1 2026-11-02 07:00:00 0 9 9", "1 2026-11-31 11:00:00 1 9 9", "2 2026-11-02 07:30:00 0 9 9", "2 2026-11-02 15:00:00 1 9 9"), options())
	if out := give(t, s, source("1 2026-11-02 11:00:00 1 9 9"), options()); out.Reading.New != 1 {
		t.Errorf("%+v", out)
	}
	want := []string{"1 02 07:00:00 in", "2 02 07:30:00 in", "1 02 11:00:00 out", "2 02 15:00:00 out"}
	if got := s.inOrder(); !slices.Equal(got, want) {
		t.Error(got)
	}
	s = newMemory()
	give(t, s, source("1 2026-11-02 07:00:00 0 9 9", "1 2026-11-31 11:00:00 1 9 9", "2 2026-11-02 15:00:00 1 9 9"), options())
	var ask *filelog.AskOrderError
	if _, err := filelog.Import(t.Context(), s, plainReader{}, source("5 2026-11-02 12:00:00 0 8 7"), options()); !errors.As(err, &ask) {
		t.Error("a line of somebody else is taken without a question:", err)
	}
}
