package lines_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"klokkast/devices/lines"
)

// told returns the lines of a text as "number text", with the length of those that are too long.
func told(t *testing.T, text string, lim lines.Limits) (out []string) {
	t.Helper()
	err := lines.Read(strings.NewReader(text), lim, func(l lines.Line) bool {
		s := fmt.Sprintf("%d %q", l.Number, l.Text)
		if l.Long() {
			s += fmt.Sprint(" of ", l.Length)
		}
		out = append(out, s)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var few = lines.Limits{File: 1 << 20, Line: 16, Lines: 100}

// However lines end, there are as many.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n", "\r\n", "\r", "\n\r", "\f", "\v", "\x1e", "\u0085", "\u2028", "\u2029"} {
		for _, last := range []string{"", end} {
			want := []string{`1 "a"`, `2 "b;c"`, `3 "d"`}
			if d := cmp.Diff(want, told(t, "a"+end+"b;c"+end+"d"+last, few)); d != "" {
				t.Errorf("%q, at the end %q: %s", end, last, d)
			}
		}
	}
	mixed := "\uFEFFa\rb\r\nc\n\rd\ne\n\r\nf\r\n\x0cg"
	want := []string{`1 "a"`, `2 "b"`, `3 "c"`, `4 "d"`, `5 "e"`, `6 ""`, `7 "f"`, `8 ""`, `9 "g"`}
	if d := cmp.Diff(want, told(t, mixed, few)); d != "" {
		t.Error(d)
	}
	if got := told(t, "Caf\x85\n\xc2\n\xe2\x80", few); len(got) != 3 {
		t.Errorf("what only begins like a line end: %q", got)
	}
}

// A carriage return within a cell in quotes is no line end; a quote that opens nothing is no cell.
func TestQuotes(t *testing.T) {
	t.Parallel()
	quotes := few
	quotes.Quotes = true
	for text, want := range map[string][]string{
		"\"a\rb\";1\r2":     {`1 "\"a\rb\";1"`, `2 "2"`},
		"x;\"a\"\"\fb\"\n2": {`1 "x;\"a\"\"\fb\""`, `2 "2"`},
		"5\" a\r5\" b\r":    {`1 "5\" a"`, `2 "5\" b"`},
		"\"a\rb\nc\"":       {`1 "\"a"`, `2 "b"`, `3 "c\""`},
		";\"a\rb\" c\r":     {`1 ";\"a"`, `2 "b\" c"`},
	} {
		if d := cmp.Diff(want, told(t, text, quotes)); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 16)
	want := []string{`1 "` + long + `"`, `2 "` + long + `" of 17`, `3 "a"`, `4 "` + long + `" of 5000`, `5 "b"`}
	if d := cmp.Diff(want, told(t, long+"\r\n"+long+"x\r\na\r"+strings.Repeat("x", 5000)+"\u2028b", few)); d != "" {
		t.Error(d)
	}
	none := func(lines.Line) bool { return true }
	if err := lines.Read(strings.NewReader(strings.Repeat("a\n", 51)), lines.Limits{File: 100, Line: 16, Lines: 100}, none); !errors.Is(
		err,
		lines.ErrTooLarge,
	) {
		t.Error(err)
	}
	var many *lines.TooManyError
	if err := lines.Read(strings.NewReader(strings.Repeat("\r", 101)), few, none); !errors.As(err, &many) || many.Limit != 100 {
		t.Error(err)
	}
}

// counting counts what is read of it.
type counting struct {
	r     io.Reader
	bytes int
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.bytes += n
	return n, err
}

// A single line of many megabytes is read once, and little of it is kept; who wants no more lines reads no more of the file.
func TestOneLongLine(t *testing.T) {
	lim := lines.Limits{File: 64 << 20, Line: 512, Lines: 100, Quotes: true}
	for _, unit := range []string{"a", ";", ",\"", "\"", "\"\"", "\x00", "1e400", "\t ", "\xef\xbb\xbf", "a;\"b"} {
		text := bytes.Repeat([]byte(unit), (8<<20)/len(unit))
		in := &counting{r: bytes.NewReader(text)}
		kept := 0
		allocations := testing.AllocsPerRun(1, func() {
			in.r = bytes.NewReader(text)
			if err := lines.Read(in, lim, func(l lines.Line) bool { kept += len(l.Text); return true }); err != nil {
				t.Fatal(err)
			}
		})
		if in.bytes != 2*len(text) || kept > 2*lim.Line || allocations > 20 { // a run to warm up, and one that counts
			t.Errorf("%q: %d of %d bytes read, %d kept, %g allocations", unit, in.bytes/2, len(text), kept/2, allocations)
		}
	}
	in := &counting{r: strings.NewReader(strings.Repeat("a\n", 4<<20))}
	if err := lines.Read(in, lim, func(l lines.Line) bool { return l.Number < 50 }); err != nil || in.bytes > 256<<10 {
		t.Error(in.bytes, "bytes read for 50 lines:", err)
	}
}

// Any bytes: no line beyond its limit, none that disappears, and every byte in one of them or in a line end.
func FuzzRead(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbfa\r\n\"b\rc\";d\n\r\x0c\u2028"), true)
	f.Add([]byte(strings.Repeat("\"\"", 30)+"\n\r\n"), true)
	f.Fuzz(func(t *testing.T, b []byte, quotes bool) {
		lim := few
		lim.Quotes, lim.Lines = quotes, 1<<20
		bytesOf, number := 0, 0
		err := lines.Read(bytes.NewReader(b), lim, func(l lines.Line) bool {
			number++
			if l.Number != number || len(l.Text) > lim.Line || l.Length < len(l.Text) || bytes.IndexByte(l.Text, '\n') >= 0 {
				t.Errorf("%+v", l)
			}
			bytesOf += l.Length
			return true
		})
		if recoded := bytes.IndexByte(b, 0) >= 0 || bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")); recoded && err == nil {
			return // perhaps UTF-16, which has other bytes as UTF-8
		}
		if err != nil || bytesOf > len(b) || number < bytes.Count(b, []byte("\n")) {
			t.Errorf("%d lines of %d bytes of %d, %v", number, bytesOf, len(b), err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	lim := lines.Limits{File: 64 << 20, Line: 512, Lines: 1 << 20, Quotes: true}
	for name, text := range map[string]string{
		"taps":          strings.Repeat("        7\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n", 100_000),
		"one long line": strings.Repeat("x;\"", 4<<20/3),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_ = lines.Read(strings.NewReader(text), lim, func(lines.Line) bool { return true })
			}
		})
	}
}

// UTF-16, with and without a mark, becomes UTF-8, whichever of its bytes comes first; what only holds some zeros stays as it is.
func TestUTF16(t *testing.T) {
	t.Parallel()
	text := "Ren\u00e9e;12\r\nJürgen;13\r\n\u20ac\n"
	want := []string{`1 "Renée;12"`, `2 "Jürgen;13"`, `3 "€"`}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, mark := range []string{"", "\uFEFF"} {
			var raw []byte
			for _, unit := range utf16.Encode([]rune(mark + text)) {
				raw = order.AppendUint16(raw, unit)
			}
			if d := cmp.Diff(want, told(t, string(raw), few)); d != "" {
				t.Errorf("%v, mark %q: %s", order, mark, d)
			}
		}
	}
	if got := told(t, "a\x00b\x00\nc\n", few); len(got) != 2 || got[0] != `1 "a\x00b\x00"` {
		t.Errorf("zeros: %q", got)
	}
	if got := told(t, "\x00\x00\x00\x00", few); got[0] != `1 "\x00\x00\x00\x00"` {
		t.Errorf("nothing but zeros: %q", got)
	}
}
