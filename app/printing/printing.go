// Package printing says what it takes to put a paper on paper: the printers of
// the operating system, which of them is meant, and what can go wrong, worded
// so that a person knows what to do. devices/printer does it.
package printing

import (
	"context"
	"slices"
	"strings"
)

// Printer is one of the operating system's printers.
type Printer struct {
	Name    string
	Default bool // the one that is meant when nobody names one
}

// Job says how papers are printed.
type Job struct {
	Printer   string // "" is the default one
	Copies    int    // 1 to MaxCopies; 0 is 1
	BothSides bool   // of each sheet, turned over its long edge
}

// MaxCopies is how many copies are printed at most: more is a slip of the finger.
const MaxCopies = 99

// System prints through the operating system.
type System interface {
	// Printers lists the printers; none is no error.
	Printers(ctx context.Context) ([]Printer, error)
	// Print hands PDF files over, in order, each from a new sheet of paper. The
	// job names a printer of the list.
	Print(ctx context.Context, files []string, job Job) error
	// Keeps says that Print returns only when the files are not needed any more.
	Keeps() bool
}

// Problem is why nothing can be printed.
type Problem string

// Problems.
const (
	NoProgram  Problem = "noProgram"  // the program that prints is not installed
	NoPrinter  Problem = "noPrinter"  // no printer is set up
	NotThis    Problem = "notThis"    // no printer has that name
	NoDefault  Problem = "noDefault"  // there are several and none is the default
	Refused    Problem = "refused"    // the printing system said no
	NoSides    Problem = "noSides"    // both sides and copies are the PDF program's to say
	Copies     Problem = "copies"     // not 1 to MaxCopies
	NotHere    Problem = "notHere"    // this program was put together without a way to print
	MustBeKept Problem = "mustBeKept" // the files are needed after the command ends
)

// Error says that nothing was printed, and why.
type Error struct {
	Problem Problem
	Name    string   // of the printer, or of the program that is missing
	Known   []string // printers that there are
	Detail  string   // the printing system's own words
}

// Error names the problem and what the printing system said.
func (e *Error) Error() string {
	return strings.TrimSuffix("print: "+string(e.Problem)+" "+e.Name+": "+e.Detail, ": ")
}

// TextKey words it for people.
func (e *Error) TextKey() (string, map[string]any) {
	return "printing." + string(e.Problem), map[string]any{"Name": e.Name, "Known": strings.Join(e.Known, ", "), "Detail": e.Detail, "Most": MaxCopies}
}

// Choose returns the printer that a name means: any letter case; without a name
// the default one, or the only one.
func Choose(printers []Printer, name string) (Printer, error) {
	if len(printers) == 0 {
		return Printer{}, &Error{Problem: NoPrinter}
	}
	var known []string
	for _, p := range printers {
		known = append(known, p.Name)
	}
	if name != "" {
		if i := slices.IndexFunc(printers, func(p Printer) bool { return p.Name == name }); i >= 0 {
			return printers[i], nil
		}
		if i := slices.IndexFunc(printers, func(p Printer) bool { return strings.EqualFold(p.Name, name) }); i >= 0 {
			return printers[i], nil
		}
		return Printer{}, &Error{Problem: NotThis, Name: name, Known: known}
	}
	if i := slices.IndexFunc(printers, func(p Printer) bool { return p.Default }); i >= 0 {
		return printers[i], nil
	}
	if len(printers) > 1 {
		return Printer{}, &Error{Problem: NoDefault, Known: known}
	}
	return printers[0], nil
}

// Prepare checks a job before anything is done for it, and fills in the printer's name and the copies.
func Prepare(ctx context.Context, s System, job Job) (Job, error) {
	if s == nil {
		return job, &Error{Problem: NotHere}
	}
	if job.Copies < 0 || job.Copies > MaxCopies {
		return job, &Error{Problem: Copies}
	}
	printers, err := s.Printers(ctx)
	if err != nil {
		return job, err
	}
	p, err := Choose(printers, job.Printer)
	if err != nil {
		return job, err
	}
	job.Printer, job.Copies = p.Name, max(1, job.Copies)
	return job, nil
}
