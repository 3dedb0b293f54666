package table

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"klokkast/app/reading"
)

// lettering is the words of a file that are not in UTF-8, to find out which encoding writes them.
type lettering struct {
	broken bool // something is no UTF-8
	beyond bool // something is beyond ASCII
	words  []string
	seen   map[string]bool
}

// maxWords is how many words are looked at.
const maxWords = 500

func (l *lettering) add(line []byte) {
	if ascii(line) {
		return
	}
	l.beyond = true
	if utf8.Valid(line) {
		return
	}
	l.broken = true
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	inWord := func(b byte) bool { return b >= 0x80 || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
	for i := 0; i < len(line) && len(l.words) < maxWords; {
		if !inWord(line[i]) {
			i++
			continue
		}
		from := i
		for i < len(line) && inWord(line[i]) {
			i++
		}
		if word := string(line[from:i]); !ascii(line[from:i]) && len(word) <= 40 && !l.seen[word] {
			l.seen[word] = true
			l.words = append(l.words, word)
		}
	}
}

// settle returns the encoding in which the words are words, and asks where they are in several.
func (l *lettering) settle() (reading.Encoding, []reading.Reason, []reading.Question) {
	switch {
	case !l.beyond:
		return reading.UTF8, []reading.Reason{{Point: "encoding", Code: "encoding.ascii"}}, nil
	case !l.broken:
		return reading.UTF8, []reading.Reason{{Point: "encoding", Code: "encoding.utf8"}}, nil
	}
	var fits []fit
	for _, e := range reading.Encodings()[1:] {
		fits = append(fits, l.as(e))
	}
	slices.SortStableFunc(fits, func(a, b fit) int {
		return (b.titles-a.titles)*1000 + (a.odd-b.odd)*10 + a.rare - b.rare
	})
	best := fits[0]
	why := []reading.Reason{{Point: "encoding", Code: "encoding.names", Facts: map[string]any{"Encoding": string(best.encoding), "Names": best.names}}}
	q := reading.Question{Code: "encoding", Flags: []string{"--encoding"}, Answers: []reading.Answer{{Value: string(best.encoding), Sample: best.names}}}
	for _, f := range fits[1:] {
		if f.names != best.names && f.titles == best.titles && f.odd == best.odd && f.rare <= best.rare {
			q.Answers = append(q.Answers, reading.Answer{Value: string(f.encoding), Sample: f.names})
		}
	}
	if len(q.Answers) < 2 {
		return best.encoding, why, nil
	}
	return best.encoding, why, []reading.Question{q}
}

// fit is what an encoding makes of the words.
type fit struct {
	encoding reading.Encoding
	odd      int    // words that are none
	rare     int    // words with letters that are rare here
	titles   int    // words of titles and keys
	names    string // the first of them
}

func (l *lettering) as(e reading.Encoding) fit {
	f := fit{encoding: e}
	var shown []string
	for _, w := range l.words {
		text := decode([]byte(w), charmapOf(e))
		switch likely(text) {
		case 0:
			f.odd++
		case 1:
			f.rare++
		}
		if isWord(text) {
			f.titles++
		}
		if len(shown) < 4 {
			shown = append(shown, text)
		}
	}
	f.names = strings.Join(shown, ", ")
	return f
}

// likely says how likely a word is one of western Europe: 2 with its usual letters, 1 with letters that are rarer there, 0 where
// it has signs or capitals within a word.
func likely(word string) int {
	upper, lower := 0, 0
	for _, r := range word {
		if unicode.IsUpper(r) {
			upper++
		} else if unicode.IsLower(r) {
			lower++
		}
	}
	out := 2
	before := rune(0)
	for _, r := range word {
		switch {
		case r < utf8.RuneSelf:
		case r == '’' || r == '°' || r == '€' || r == '\u00a0':
		case strings.ContainsRune("éèêëçàâäáïîíôöóûüúùñßœæÉÈÊËÇÀÂÄÁÏÎÍÔÖÓÛÜÚÙÑŒÆ", r):
		case unicode.Is(unicode.Latin, r) && unicode.IsLetter(r) && r != 'ª' && r != 'º':
			out = 1
		default:
			return 0
		}
		if r >= utf8.RuneSelf && unicode.IsUpper(r) && unicode.IsLower(before) {
			return 0
		}
		if r >= utf8.RuneSelf && unicode.IsLower(r) && r != 'ß' && upper > 1 && lower == 1 {
			return 0
		}
		before = r
	}
	return out
}

// isWord says that a word is one of those of titles and keys, with its marks where they belong.
func isWord(word string) bool {
	return slices.Contains([]string{
		"numéro", "prénom", "entrée", "sortie", "arrivée", "départ", "début", "gerät", "prüfung", "rückkehr", "zurück", "durée", "état",
		"é", "évènement", "événement", "matricule",
	}, strings.ToLower(word))
}

func ascii(raw []byte) bool {
	for _, x := range raw {
		if x >= 0x80 {
			return false
		}
	}
	return true
}
