package paper

import (
	"fmt"
	"strings"
)

// Words gives texts of the catalogue; *text.Translator is one.
type Words interface {
	// T returns the text of a key; args are names and values in turn.
	T(key string, args ...any) string
}

// Fitter makes what people typed fit for one paper. No text keeps a paper from
// being printed: each run of signs that no font draws becomes a numbered mark
// such as [�1], which no other run has, and a person whose name is so is called
// by staff number and employer. Notes says so at the end of the paper.
type Fitter struct {
	fonts   *Fonts
	words   Words
	numbers map[string]int // of each run of signs
	runs    []string       // in the order of their numbers
	people  []Note
	named   map[string]bool // whom a note names
}

// NewFitter begins a paper.
func NewFitter(fonts *Fonts, words Words) *Fitter {
	return &Fitter{fonts: fonts, words: words, numbers: map[string]int{}, named: map[string]bool{}}
}

// Fit returns a text as it is printed: see Fonts.Clean, with marks in place of what cannot be drawn.
func (f *Fitter) Fit(s string) string {
	clean := f.fonts.tidy(s)
	if f.fonts.undrawn(clean) < 0 {
		return clean
	}
	var out, run strings.Builder
	end := func() {
		if run.Len() > 0 {
			out.WriteString(f.mark(run.String()))
			run.Reset()
		}
	}
	for _, r := range clean {
		if f.fonts.draws(r) {
			end()
			out.WriteRune(r)
		} else {
			run.WriteRune(r)
		}
	}
	end()
	return out.String()
}

// Draws says that no sign of a text needs a mark.
func (f *Fitter) Draws(s string) bool { return f.fonts.undrawn(f.fonts.tidy(s)) < 0 }

func (f *Fitter) mark(run string) string {
	if f.numbers[run] == 0 {
		f.runs = append(f.runs, run)
		f.numbers[run] = len(f.runs)
	}
	return fmt.Sprintf("[%c%d]", missingSign, f.numbers[run])
}

// Person is somebody whom a paper names.
type Person struct {
	Name        string // Family Given
	StaffNumber string
	Employer    string
	// ID tells the person from others where there is no staff number.
	ID string
}

// Person returns the name of somebody as it is printed: staff number and employer
// where the fonts lack a sign of the name, or where there is none.
func (f *Fitter) Person(p Person) string {
	name := f.fonts.tidy(p.Name)
	if p == (Person{}) || name != "" && f.fonts.undrawn(name) < 0 && !strings.ContainsRune(name, missingSign) {
		return name
	}
	number := f.Fit(p.StaffNumber)
	if number == "" {
		number = f.Fit(p.ID)
	}
	shown := f.words.T("paper.undrawn.person", "Number", number)
	if employer := f.Fit(p.Employer); employer != "" {
		shown += " · " + employer
	}
	key := "paper.undrawn.name"
	if name == "" {
		key = "paper.undrawn.noName"
	}
	if said := f.words.T(key, "Name", f.Fit(p.Name), "Number", number); !f.named[shown+said] {
		f.named[shown+said] = true
		f.people = append(f.people, Note{Mark: shown + ":", Text: said})
	}
	return shown
}

// The most signs of a run, and the most runs, that the end of a paper spells out.
const (
	mostSigns = 24
	mostRuns  = 60
)

// Notes returns what the end of the paper says of names and signs that it does
// not show, with its title; none where all could be drawn.
func (f *Fitter) Notes() (title string, notes []Note) {
	if len(f.people)+len(f.runs) == 0 {
		return "", nil
	}
	notes = f.people
	if len(f.runs) > 0 {
		notes = append(notes, Note{Mark: string(missingSign), Text: f.words.T("paper.undrawn.signs", "Signs", f.spelt())})
	}
	return f.words.T("paper.undrawn.title"), notes
}

// spelt returns the code points of each run behind its mark.
func (f *Fitter) spelt() string {
	var parts []string
	for _, run := range f.runs[:min(len(f.runs), mostRuns)] {
		signs := []rune(run)
		codes := make([]string, 0, mostSigns)
		for _, r := range signs[:min(len(signs), mostSigns)] {
			codes = append(codes, fmt.Sprintf("U+%04X", r))
		}
		if len(signs) > mostSigns {
			codes = append(codes, "…")
		}
		parts = append(parts, f.mark(run)+" "+strings.Join(codes, " "))
	}
	if len(f.runs) > mostRuns {
		parts = append(parts, "…")
	}
	return strings.Join(parts, " · ")
}

// Unfit prints what Notes gives.
func (d *Document) Unfit(f *Fitter) {
	title, notes := f.Notes()
	if len(notes) == 0 {
		return
	}
	d.Room(14)
	d.Space(1)
	d.text(marginSide, d.y+3, title, style{size: sizeText, bold: true})
	d.y += 4.4
	st := style{size: sizeText}
	for _, n := range notes {
		for _, line := range d.wrap(n.Mark+" "+n.Text, Width, st) {
			d.Room(st.lineHeight())
			d.text(marginSide, d.y+2.9, line, st)
			d.y += st.lineHeight()
		}
	}
	d.y += 1.5
}
