package zkteco

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/lines"
)

func box(keys app.StatusKeys) app.Box {
	return app.Box{UID: "zkteco:A1B2", Make: app.MakeZK, Zone: app.DefaultZone, Group: "zkteco:A1B2", StatusKeys: keys}
}

func parse(t *testing.T, text string) *File {
	t.Helper()
	f, err := Parse("1_attlog.dat", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// story returns records as "PIN time key", flags as !.
func story(t *testing.T, f *File, b app.Box) (out []string) {
	t.Helper()
	records, _, err := f.Records(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		s := fmt.Sprint(r.Punch.Identifier.Value, " ", r.Punch.At, " ", r.Punch.Pressed)
		if r.Punch.Flags != 0 {
			s += " !"
		}
		out = append(out, s)
	}
	return out
}

// One tap in every notation that terminals use is one and the same record.
func TestVariantsOfOneLine(t *testing.T) {
	want := parse(t, "        7\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n").lines[0].sequence()
	for name, text := range map[string]string{
		"unix line end":    "        7\t2026-11-23 06:58:12\t1\t0\t1\t0\n",
		"no line end":      "7\t2026-11-23 06:58:12\t1\t0\t1\t0",
		"quoted time":      "7\t\"2026-11-23 06:58:12\"\t1\t0\t1\t0\r\n",
		"blanks for tabs":  "        7 2026-11-23 06:58:12 1 0 1 0\r\n",
		"leading zeros":    "000000007\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n",
		"more columns":     "7\t2026-11-23 06:58:12\t1\t0\t15\t0\t0\t0\r\n",
		"fewer columns":    "7\t2026-11-23 06:58:12\t1\t0\r\n",
		"no status":        "7\t2026-11-23 06:58:12\r\n",
		"two columns":      "7\t2026-11-23\t06:58:12\t1\t0\t1\t0\r\n",
		"status in digits": "7\t2026-11-23 06:58:12\t1\t00\t1\t0\r\n",
		"other device":     "7\t2026-11-23 06:58:12\t3\t0\t1\t0\r\n",
		"byte order mark":  "\xEF\xBB\xBF7\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n",
		"serial, checksum": "A1B2C3\r\n7\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n4711\r\n",
		"empty lines":      "\r\n7\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n\r\n",
		"ANSI in a column": "7\t2026-11-23 06:58:12\t1\t0\t1\tCaf\xE9\r\n",
	} {
		f := parse(t, text)
		if len(f.lines) != 1 || len(f.bad) != 0 || f.lines[0].sequence() != want {
			t.Errorf("%s: %+v, bad %+v", name, f.lines, f.bad)
		}
	}
	for name, text := range map[string]string{
		"another person": "8\t2026-11-23 06:58:12\t1\t0\t1\t0\n",
		"another second": "7\t2026-11-23 06:58:13\t1\t0\t1\t0\n",
		"another status": "7\t2026-11-23 06:58:12\t1\t1\t1\t0\n",
	} {
		if parse(t, text).lines[0].sequence() == want {
			t.Errorf("%s is the same record", name)
		}
	}
}

func TestBadLinesAreKeptAside(t *testing.T) {
	f := parse(t, "A1B2C3\n"+
		"1\t2026-11-23 06:58:12\t1\t0\t1\t0\n"+
		"2\t2026-13-23 06:58:12\t1\t0\t1\t0\n"+
		"nonsense here\n"+
		"=HYPERLINK\t2026-11-23 06:58:12\t1\t0\n"+
		"3\t2026-11-23 06:58:12\t1\tx\t1\t0\n"+
		"4\t"+strings.Repeat("9", 600)+"\n"+
		"5\t2026-11-23 15:02:00\t1\t1\t1\t0\n"+
		"\t2026-11-23 15:02:00\t1\t1\t1\t0\n")
	got := []string{}
	for _, b := range f.bad {
		got = append(got, fmt.Sprint(b.Line, " ", b.Code))
	}
	want := []string{"3 time", "4 time", "5 pin", "6 status", "7 too-long", "9 columns"}
	want[1] = "4 time"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if f.Serial() != "A1B2C3" || len(f.lines) != 2 {
		t.Errorf("serial %q, %d lines", f.Serial(), len(f.lines))
	}
}

func TestStatusAsKey(t *testing.T) {
	several := "1\t2026-11-23 06:58:00\t1\t0\n1\t2026-11-23 09:00:00\t1\t2\n1\t2026-11-23 09:15:00\t1\t3\n1\t2026-11-23 15:00:00\t1\t1\n"
	want := []string{"1 2026-11-23T05:58:00.000Z in", "1 2026-11-23T08:00:00.000Z break-start",
		"1 2026-11-23T08:15:00.000Z break-end", "1 2026-11-23T14:00:00.000Z out"}
	if diff := cmp.Diff(want, story(t, parse(t, several), box(app.StatusAsk))); diff != "" {
		t.Error(diff)
	}
	one := parse(t, "1\t2026-11-23 06:58:00\t1\t0\n1\t2026-11-23 15:00:00\t1\t0\n")
	var ask *reading.AskStatusError
	if _, _, err := one.Records(box(app.StatusAsk)); !errors.As(err, &ask) || len(ask.Statuses) != 1 {
		t.Error("one status only:", err)
	}
	// A missing status is 0: lines of both kinds are still one status only.
	mixed := parse(t, "1\t2026-11-23 06:58:00\t1\t0\n1\t2026-11-23 15:00:00\n")
	if _, _, err := mixed.Records(box(app.StatusAsk)); !errors.As(err, &ask) || ask.Statuses[0] != "0" {
		t.Error("a missing status beside 0:", err)
	}
	if got := story(t, parse(t, "1\t2026-11-23 06:58:00\t1\t01\n"), box(app.StatusIsKey)); got[0] != "1 2026-11-23T05:58:00.000Z out" {
		t.Error("01 is 1:", got)
	}
	if got := story(t, one, box(app.StatusNoKey)); got[0] != "1 2026-11-23T05:58:00.000Z none" {
		t.Error(got)
	}
	if got := story(t, one, box(app.StatusIsKey)); got[1] != "1 2026-11-23T14:00:00.000Z in" {
		t.Error(got)
	}
	if got := story(t, parse(t, "1\t2026-11-23 06:58:00\n"), box(app.StatusAsk)); got[0] != "1 2026-11-23T05:58:00.000Z none" {
		t.Error("no status column:", got)
	}
}

// On 2026-10-25 the clocks of Brussels show 02:00 to 03:00 twice; on 2026-03-29 they skip it.
func TestNightsOfTheClock(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
		want []string
	}{
		{"the order tells", "1\t2026-10-25 01:50:00\n1\t2026-10-25 02:10:00\n2\t2026-10-25 02:50:00\n1\t2026-10-25 02:20:00\n2\t2026-10-25 03:01:00\n", []string{
			"1 2026-10-24T23:50:00.000Z none", "1 2026-10-25T00:10:00.000Z none", "2 2026-10-25T00:50:00.000Z none",
			"1 2026-10-25T01:20:00.000Z none", "2 2026-10-25T02:01:00.000Z none"}},
		{"it does not", "1\t2026-10-25 02:10:00\n1\t2026-10-25 02:20:00\n", []string{
			"1 2026-10-25T00:10:00.000Z none !", "1 2026-10-25T00:20:00.000Z none !"}},
		{"sorted by person", "1\t2026-10-25 02:50:00\n1\t2026-10-25 02:20:00\n1\t2026-10-26 06:00:00\n2\t2026-10-25 02:30:00\n", []string{
			"1 2026-10-25T00:50:00.000Z none", "1 2026-10-25T01:20:00.000Z none", "1 2026-10-26T05:00:00.000Z none", "2 2026-10-25T00:30:00.000Z none !"}},
		{"no order at all", "1\t2026-11-02 07:00:00\n1\t2026-10-25 02:50:00\n1\t2026-10-25 02:20:00\n1\t2026-10-01 07:00:00\n", []string{
			"1 2026-11-02T06:00:00.000Z none", "1 2026-10-25T00:50:00.000Z none !", "1 2026-10-25T00:20:00.000Z none !", "1 2026-10-01T05:00:00.000Z none"}},
		{"skipped hour", "1\t2026-03-29 02:30:00\n1\t2026-03-29 03:30:00\n", []string{
			"1 2026-03-29T01:30:00.000Z none !", "1 2026-03-29T01:30:00.000Z none"}},
	} {
		if diff := cmp.Diff(c.want, story(t, parse(t, c.text), box(app.StatusNoKey))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestNotAnAttendanceFile(t *testing.T) {
	for _, text := range []string{"", "\x00\x01\x02", "hello\nworld\n", "PIN;date;time\n"} {
		if _, err := Parse("x.dat", strings.NewReader(text)); !errors.Is(err, ErrNotAttlog) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Parse("x.dat", strings.NewReader(strings.Repeat("x", MaxFile+1))); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("A1\r\n        7\t2026-10-25 02:58:12\t1\t0\t1\t0\r\n8 2026-10-25 02:00:00 1 1\r\n99\r\n"))
	f.Add([]byte("7\t\"2026-03-29 02:30:00\"\t\t\t\n\x00\xff"))
	f.Add([]byte("1-\x1d2 2026-10-25 2:50:00 \x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Parse("f", strings.NewReader(string(b)))
		if err != nil {
			return
		}
		records, _, err := file.Records(box(app.StatusNoKey))
		if err != nil || len(records) == 0 {
			t.Fatal("a file with taps gives none:", err)
		}
		n := 0
		if err := lines.Read(bytes.NewReader(b), lines.Limits{File: MaxFile, Line: MaxLine, Lines: len(b) + 1}, func(lines.Line) bool { n++; return true }); err != nil {
			t.Fatal(err)
		}
		if len(records)+len(file.Bad()) > n {
			t.Fatalf("%d taps and %d bad lines of %d", len(records), len(file.Bad()), n)
		}
		for _, r := range records {
			if r.Key.Seq == 0 || r.Key.Seq>>63 != 0 || len(r.Raw) > MaxLine || r.Punch.Identifier.Value == "" || r.Punch.At < 1 {
				t.Fatalf("%+v", r)
			}
		}
	})
}

func TestLabelledSerialAndChecksumLinesAreNoTaps(t *testing.T) {
	for _, c := range []struct{ first, last, serial string }{
		{"BYRW201260040", "1A2B3C", "BYRW201260040"},
		{"SN=BYRW201260040", "CHECKSUM=1A2B3C", "BYRW201260040"},
		{"Serial: BYRW201260040", "crc: 99", "BYRW201260040"},
	} {
		f, err := Parse("1_attlog.dat", strings.NewReader(c.first+"\r\n17\t2026-11-02 05:58:31\t1\t0\t1\t0\r\n"+c.last+"\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if f.Serial() != c.serial || len(f.Bad()) != 0 {
			t.Errorf("%s … %s: serial %q, bad %v", c.first, c.last, f.Serial(), f.Bad())
		}
	}
	// In the middle of a file such a line is one that does not parse.
	f, err := Parse("1_attlog.dat", strings.NewReader("17\t2026-11-02 05:58:31\t1\t0\r\nCHECKSUM=1A\r\n17\t2026-11-02 15:58:31\t1\t1\r\n"))
	if err != nil || len(f.Bad()) != 1 || f.Bad()[0].Line != 2 {
		t.Errorf("%v %v", f.Bad(), err)
	}
}

// However the lines of a file end, none of its taps is lost.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	taps := []string{"1\t2026-11-02 06:58:00\t1\t0\t1\t0", "2\t2026-11-02 07:01:00\t1\t0\t1\t0", "1\t2026-11-02 11:02:00\t1\t1\t1\t0"}
	for _, end := range []string{"\n", "\r\n", "\r", "\n\r", "\r\r\n", "\f", "\v", "\u0085", "\u2028", "\u2029"} {
		if f := parse(t, strings.Join(taps, end)+end); f.Lines() != 3 || len(f.bad) != 0 {
			t.Errorf("%q: %d taps, bad %+v", end, f.Lines(), f.bad)
		}
	}
	if f := parse(t, taps[0]+"\r"+taps[1]+"\n"+taps[2]+"\r\n"); f.Lines() != 3 || len(f.bad) != 0 {
		t.Errorf("mixed: %d taps, bad %+v", f.Lines(), f.bad)
	}
}

// A line that is too long is said with its length; the taps around it are read.
func TestLongLine(t *testing.T) {
	t.Parallel()
	tap, long := "7\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n", strings.Repeat("9", 1<<20)
	f := parse(t, tap+long+"\r\n"+tap)
	want := []reading.LineProblem{{Line: 2, Code: TooLong, Text: long[:MaxLine], Length: len(long), Limit: MaxLine}}
	if d := cmp.Diff(want, f.bad); d != "" || f.Lines() != 2 {
		t.Error(f.Lines(), d)
	}
	var named *lines.LongLineError
	if _, err := Parse("x", strings.NewReader(long)); !errors.As(err, &named) || !errors.Is(err, ErrNotAttlog) || named.Line != 1 || named.Length != len(long) {
		t.Error(err)
	}
	var many *lines.TooManyError
	if _, err := Parse("x", strings.NewReader(strings.Repeat("1\n", MaxLines+1))); !errors.As(err, &many) {
		t.Error(err)
	}
}
