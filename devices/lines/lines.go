// Package lines cuts a text file of whatever make into its lines: in time and memory that grow with the file alone,
// however long a line is, and with every line end that exports have been seen to write. A line end that was not
// known would make two taps one line, and lose the second without a word.
package lines

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Line is one line of a file.
type Line struct {
	Number int    // from 1
	Text   []byte // without its end, and cut to the limit; the caller's to keep
	Length int    // in bytes, as it stands in the file
}

// Long says that the line is longer than the limit.
func (l Line) Long() bool { return l.Length > len(l.Text) }

// Limits are what is read at most of a file, and how.
type Limits struct {
	File  int64 // bytes
	Line  int   // bytes of one line; longer ones are cut, and said to be Long
	Lines int   // lines; a file of more is a *TooManyError
	// Quotes says that a carriage return, a form feed and their like within double quotes belong to a cell. A line
	// feed ends a line always: a quote that is never closed must not swallow the lines behind it.
	Quotes bool
}

// ErrTooLarge is a file of more bytes than what is read of one.
var ErrTooLarge = errors.New("the file is larger than what is read")

// TooManyError is a file of more lines than what is read of one.
type TooManyError struct{ Limit int }

// Error names the limit.
func (e *TooManyError) Error() string { return fmt.Sprintf("the file has more than %d lines", e.Limit) }

// TextKey words it for people.
func (e *TooManyError) TextKey() (string, map[string]any) {
	return "error.lines.too-many", map[string]any{"Limit": e.Limit}
}

// LongLineError is why no line of a file was of use where one of them was too long: most likely line ends are missing.
type LongLineError struct {
	Fault               error // what the file is without it
	Line, Length, Limit int
}

// Error names line, length and limit.
func (e *LongLineError) Error() string {
	return fmt.Sprintf("line %d has %d bytes, of which %d are read: %v", e.Line, e.Length, e.Limit, e.Fault)
}

// Unwrap returns the fault.
func (e *LongLineError) Unwrap() error { return e.Fault }

// TextKey words it for people.
func (e *LongLineError) TextKey() (string, map[string]any) {
	return "error.lines.too-long", map[string]any{"Line": e.Line, "Length": e.Length, "Limit": e.Limit}
}

// Read returns the lines of a file to take, one after the other, until it says false. An empty rest behind the last line
// end is no line. A byte order mark before the first line is left out. UTF-16, told by its mark or by the zero bytes that
// half of its letters have, becomes UTF-8.
//
// Line ends are LF, CR LF, LF CR and CR, vertical tab, form feed, the information separators 1C to 1E, and, in UTF-8,
// U+0085, U+2028 and U+2029.
func Read(r io.Reader, lim Limits, take func(Line) bool) error {
	limited := &io.LimitedReader{R: r, N: lim.File + 1}
	text, err := inUTF8(limited)
	if err != nil {
		return fmt.Errorf("read the lines of a file: %w", err)
	}
	c := cutter{in: bufio.NewReaderSize(text, max(64<<10, 2*(lim.Line+farthest))), lim: lim}
	if b, _ := c.in.Peek(len(mark)); bytes.Equal(b, mark) {
		_, _ = c.in.Discard(len(mark))
	}
	for number := 1; ; number++ {
		l, last, err := c.next()
		if err != nil {
			return fmt.Errorf("read the lines of a file: %w", err)
		}
		if limited.N == 0 {
			return ErrTooLarge
		}
		if last && l.Length == 0 {
			return nil
		}
		if number > lim.Lines {
			return &TooManyError{lim.Lines}
		}
		l.Number = number
		if !take(l) || last {
			return nil
		}
	}
}

var mark = []byte("\xEF\xBB\xBF")

// peeked is how much of a file tells whether it is UTF-16.
const peeked = 4096

// inUTF8 returns a reader of a file's text: as it stands, or, where it is UTF-16, in UTF-8.
func inUTF8(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, peeked)
	begin, err := in.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	order, is := utf16Order(begin)
	if !is {
		return in, nil
	}
	return transform.NewReader(in, unicode.UTF16(order, unicode.UseBOM).NewDecoder()), nil
}

// UTF8 returns a text that is UTF-16, by its mark or by its zero bytes, in UTF-8; false for one that is not.
func UTF8(raw []byte) (text []byte, is bool) {
	order, is := utf16Order(raw[:min(len(raw), peeked)])
	if !is {
		return nil, false
	}
	text, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(raw)
	return text, err == nil
}

// utf16Order tells UTF-16, and which of its bytes comes first: by the mark, else by zero bytes, which all stand on one side in
// a text of western letters, and in no other encoding of one. Whatever a terminal writes has digits in every line.
func utf16Order(begin []byte) (unicode.Endianness, bool) {
	switch {
	case bytes.HasPrefix(begin, []byte("\xFF\xFE")):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(begin, []byte("\xFE\xFF")):
		return unicode.BigEndian, true
	}
	var zeros [2]int
	for i, b := range begin {
		if b == 0 {
			zeros[i%2]++
		}
	}
	pairs := len(begin) / 2
	switch {
	case zeros[0] == 0 && zeros[1] > pairs*3/4:
		return unicode.LittleEndian, true
	case zeros[1] == 0 && zeros[0] > pairs*3/4:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// farthest is how many bytes behind a line's last must be seen to know its end: the longest line end, and what tells
// LF CR from an LF before a CR LF.
const farthest = 4

type cutter struct {
	in  *bufio.Reader
	lim Limits
}

// next returns the next line; last says that no end stands behind it.
func (c *cutter) next() (l Line, last bool, err error) {
	for first := true; ; first = false {
		window, err := c.in.Peek(c.lim.Line + farthest)
		if err != nil && !errors.Is(err, io.EOF) {
			return l, false, err
		}
		whole := err != nil // the file's rest
		end, size := c.end(window, first && c.lim.Quotes)
		if end > len(window)-farthest && !whole { // an end that is not seen in full is the next window's
			end, size = len(window)-farthest, 0
		}
		if first {
			l.Text = bytes.Clone(window[:min(end, c.lim.Line)])
		}
		l.Length += end
		if _, err := c.in.Discard(end + size); err != nil {
			return l, false, err
		}
		if size > 0 {
			return l, false, nil
		}
		if whole {
			return l, true, nil
		}
	}
}

// end returns where the line that a text begins with ends, and the bytes of its end; 0 where there is none.
func (c *cutter) end(text []byte, quotes bool) (at, size int) {
	for at = 0; at < len(text); at++ {
		if c := text[at]; c > 0x1E && c < 0xC2 && c != '"' { // most bytes by far
			continue
		}
		if quotes && text[at] == '"' && opens(text, at) {
			if n := quoted(text[at:]); n > 0 {
				at += n - 1
				continue
			}
		}
		if size = endAt(text[at:]); size > 0 {
			return at, size
		}
	}
	return at, 0
}

// opens says that a quote begins a cell: it stands behind nothing but blanks, or a separator and blanks.
func opens(text []byte, at int) bool {
	before := bytes.TrimRight(text[:at], " ")
	return len(before) == 0 || separates(before[len(before)-1])
}

func separates(c byte) bool { return c == ';' || c == ',' || c == '\t' || c == '|' }

// quoted returns the size of the cell in quotes that a text begins with; 0 where it is not closed before a line feed, or
// where what stands behind it shows that it was no such cell.
func quoted(text []byte) int {
	for at := 1; at < len(text) && text[at] != '\n'; at++ {
		if text[at] != '"' {
			continue
		}
		if at+1 < len(text) && text[at+1] == '"' {
			at++
			continue
		}
		if behind := bytes.TrimLeft(text[at+1:], " "); len(behind) == 0 || separates(behind[0]) || endAt(behind) > 0 {
			return at + 1
		}
		return 0
	}
	return 0
}

// endAt returns the size of the line end that a text begins with; 0 for none.
func endAt(text []byte) int {
	switch text[0] {
	case '\n': // LF CR is one end, LF before CR LF is two
		if len(text) > 1 && text[1] == '\r' && (len(text) == 2 || text[2] != '\n') {
			return 2
		}
		return 1
	case '\r':
		if len(text) > 1 && text[1] == '\n' {
			return 2
		}
		return 1
	case '\v', '\f', 0x1C, 0x1D, 0x1E:
		return 1
	case 0xC2:
		if bytes.HasPrefix(text, []byte("\u0085")) {
			return 2
		}
	case 0xE2:
		if bytes.HasPrefix(text, []byte("\u2028")) || bytes.HasPrefix(text, []byte("\u2029")) {
			return 3
		}
	}
	return 0
}
