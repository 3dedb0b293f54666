package zkteco

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/filelog"
	"klokkast/app/reading"
	"klokkast/devices/lines"
)

func parse(t *testing.T, text string) *File {
	t.Helper()
	f, err := Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// said returns the taps of a file, and what is wrong with its other lines.
func said(f *File, m filelog.Meaning) (taps []filelog.Tap, bad []reading.LineProblem) {
	for _, raw := range f.Lines {
		s := Read(raw, m)
		taps = append(taps, s.Taps...)
		if s.Problem != nil {
			bad = append(bad, *s.Problem)
		}
	}
	return taps, bad
}

var noKeys = filelog.Meaning{Kind: filelog.Attlog, StatusKeys: app.StatusNoKey}

// One tap in every notation that terminals use is one and the same record.
func TestVariantsOfOneLine(t *testing.T) {
	// A missing status is its usual value to package filelog.
	what := func(t filelog.Tap) string { return fmt.Sprint(t.Kind, t.Value, t.Local, cmp.Or(t.Status, "0")) }
	taps, _ := said(parse(t, "        7\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n"), noKeys)
	want := what(taps[0])
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
		taps, bad := said(parse(t, text), noKeys)
		if len(taps) != 1 || len(bad) != 0 || what(taps[0]) != want {
			t.Errorf("%s: %+v, bad %+v", name, taps, bad)
		}
	}
	for name, text := range map[string]string{
		"another person": "8\t2026-11-23 06:58:12\t1\t0\t1\t0\n",
		"another second": "7\t2026-11-23 06:58:13\t1\t0\t1\t0\n",
		"another status": "7\t2026-11-23 06:58:12\t1\t1\t1\t0\n",
	} {
		if taps, _ := said(parse(t, text), noKeys); what(taps[0]) == want {
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
	taps, bad := said(f, noKeys)
	got := []string{}
	for _, b := range bad {
		got = append(got, fmt.Sprint(b.Line, " ", b.Code, " ", b.Column, " ", b.Value))
	}
	want := []string{"3 time 2 2026-13-23 06:58:12", "4 time 2 here", "5 pin 1 =HYPERLINK", "6 status 4 x", "7 too-long 0 ", "9 columns 0 "}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if f.Serial != "A1B2C3" || len(taps) != 2 {
		t.Errorf("serial %q, %d taps", f.Serial, len(taps))
	}
}

func TestStatusAsKey(t *testing.T) {
	f := parse(t, "1\t2026-11-23 06:58:00\t1\t0\n1\t2026-11-23 09:00:00\t1\t2\n1\t2026-11-23 09:15:00\t1\t03\n1\t2026-11-23 15:00:00\t1\t1\n1\t2026-11-23 16:00:00\t1\t255\n1\t2026-11-23 17:00:00\t1\t7\n")
	keys := func(m filelog.Meaning) (out []string) {
		taps, _ := said(f, m)
		for _, tap := range taps {
			out = append(out, fmt.Sprint(tap.Key, tap.Unnamed))
		}
		return out
	}
	isKey := filelog.Meaning{Kind: filelog.Attlog, StatusKeys: app.StatusIsKey}
	if d := gocmp.Diff([]string{"in false", "break-start false", "break-end false", "out false", "none false", "none true"}, keys(isKey)); d != "" {
		t.Error(d)
	}
	isKey.Keys = reading.Keys{"7": app.KeyOut, "0": app.KeyNone}
	if d := gocmp.Diff([]string{"none false", "break-start false", "break-end false", "out false", "none false", "out false"}, keys(isKey)); d != "" {
		t.Error(d)
	}
	if got := keys(noKeys); slices.ContainsFunc(got, func(k string) bool { return k != "none false" }) {
		t.Error(got)
	}
	pushed := filelog.Meaning{Kind: filelog.Attlog, StatusKeys: app.StatusIsKey, StatusColumn: 3}
	taps, _ := said(parse(t, "1\t2026-11-23 06:58:00\t1\t15\n"), pushed)
	if taps[0].Key != app.KeyOut || taps[0].Device != "" {
		t.Errorf("the third column is not the status: %+v", taps[0])
	}
}

func TestNotAnAttendanceFile(t *testing.T) {
	for _, text := range []string{"", "\x00\x01\x02", "hello\nworld\n", "PIN;date;time\n"} {
		if _, err := Parse(strings.NewReader(text)); !errors.Is(err, ErrNotAttlog) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Parse(strings.NewReader(strings.Repeat("x", MaxFile+1))); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("A1\r\n        7\t2026-10-25 02:58:12\t1\t0\t1\t0\r\n8 2026-10-25 02:00:00 1 1\r\n99\r\n"))
	f.Add([]byte("7\t\"2026-03-29 02:30:00\"\t\t\t\n\x00\xff"))
	f.Add([]byte("1-\x1d2 2026-10-25 2:50:00 \x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Parse(strings.NewReader(string(b)))
		if err != nil {
			return
		}
		taps, bad := said(file, noKeys)
		if len(taps) == 0 {
			t.Fatal("a file with taps gives none")
		}
		n := 0
		if err := lines.Read(bytes.NewReader(b), lines.Limits{File: MaxFile, Line: MaxLine, Lines: len(b) + 1}, func(lines.Line) bool { n++; return true }); err != nil {
			t.Fatal(err)
		}
		if len(taps)+len(bad) > n || len(file.Lines) > n {
			t.Fatalf("%d taps and %d bad lines of %d", len(taps), len(bad), n)
		}
		for _, tap := range taps {
			if tap.Value == "" || tap.Local.Year() < 1970 {
				t.Fatalf("%+v", tap)
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
		f, err := Parse(strings.NewReader(c.first + "\r\n17\t2026-11-02 05:58:31\t1\t0\t1\t0\r\n" + c.last + "\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if taps, bad := said(f, noKeys); f.Serial != c.serial || len(bad) != 0 || len(taps) != 1 {
			t.Errorf("%s … %s: serial %q, bad %v", c.first, c.last, f.Serial, bad)
		}
	}
	// In the middle of a file, a piece of a line is one that does not parse.
	if _, bad := said(parse(t, "17\t2026-11-02 05:58:31\t1\t0\r\n17\r\n17\t2026-11-02 15:58:31\t1\t1\r\n"), noKeys); len(bad) != 1 || bad[0].Line != 2 {
		t.Error(bad)
	}
}

// However the lines of a file end, none of its taps is lost.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	taps := []string{"1\t2026-11-02 06:58:00\t1\t0\t1\t0", "2\t2026-11-02 07:01:00\t1\t0\t1\t0", "1\t2026-11-02 11:02:00\t1\t1\t1\t0"}
	for _, end := range []string{"\n", "\r\n", "\r", "\n\r", "\r\r\n", "\f", "\v", "\u0085", "\u2028", "\u2029"} {
		if got, bad := said(parse(t, strings.Join(taps, end)+end), noKeys); len(got) != 3 || len(bad) != 0 {
			t.Errorf("%q: %d taps, bad %+v", end, len(got), bad)
		}
	}
	if got, bad := said(parse(t, taps[0]+"\r"+taps[1]+"\n"+taps[2]+"\r\n"), noKeys); len(got) != 3 || len(bad) != 0 {
		t.Errorf("mixed: %d taps, bad %+v", len(got), bad)
	}
}

// A line that is too long is said with its length; the taps around it are read.
func TestLongLine(t *testing.T) {
	t.Parallel()
	tap, long := "7\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n", strings.Repeat("9", 1<<20)
	taps, bad := said(parse(t, tap+long+"\r\n"+tap), noKeys)
	want := []reading.LineProblem{{Line: 2, Code: TooLong, Text: long[:MaxLine], Length: len(long), Limit: MaxLine}}
	if d := gocmp.Diff(want, bad); d != "" || len(taps) != 2 {
		t.Error(len(taps), d)
	}
	var named *lines.LongLineError
	if _, err := Parse(strings.NewReader(long)); !errors.As(err, &named) || !errors.Is(err, ErrNotAttlog) || named.Line != 1 || named.Length != len(long) {
		t.Error(err)
	}
	var many *lines.TooManyError
	if _, err := Parse(strings.NewReader(strings.Repeat("1\n", MaxLines+1))); !errors.As(err, &many) {
		t.Error(err)
	}
}
