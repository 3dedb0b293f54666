package cli

import (
	"strings"

	"github.com/alecthomas/kong"

	"klokkast/app/office"
	"klokkast/app/printing"
)

// printFlags are those of commands that can print what they write.
type printFlags struct {
	Print     printerName `placeholder:"[PRINTER]" help:"print"`
	Copies    int         `placeholder:"N" help:"print_copies"`
	BothSides bool        `help:"print_both_sides"`
}

// asks says that a flag about printing was given.
func (f *printFlags) asks() bool { return f.Copies != 0 || f.BothSides }

func (f *printFlags) job() printing.Job {
	return printing.Job{Printer: f.Print.name, Copies: f.Copies, BothSides: f.BothSides}
}

// printerName is a flag with or without a value: --print is the default printer, --print NAME another.
type printerName struct {
	set  bool
	name string
}

// Decode takes a value that was joined with "=" or that follows and is no flag.
func (p *printerName) Decode(c *kong.DecodeContext) error {
	p.set = true
	next := c.Scan.Peek()
	text, isText := next.Value.(string)
	if next.Type == kong.FlagValueToken || isText && next.Type == kong.UntypedToken && !strings.HasPrefix(text, "-") {
		c.Scan.Pop()
		p.name = text
	}
	return nil
}

type printersCmd struct{}

// printersJSON is the answer of printers.
type printersJSON struct {
	Printers []printerJSON `json:"printers"`
}

type printerJSON struct {
	Name    string `json:"name"`
	Default bool   `json:"default"`
}

// Run lists the operating system's printers.
func (*printersCmd) Run(r *run) error {
	return r.toLook(func(o *office.Office) error {
		printers, err := o.Sheets.Printers(r.ctx)
		if err != nil {
			return err
		}
		if r.json {
			out := printersJSON{Printers: []printerJSON{}}
			for _, p := range printers {
				out.Printers = append(out.Printers, printerJSON{p.Name, p.Default})
			}
			return r.print(out)
		}
		if len(printers) == 0 {
			return &printing.Error{Problem: printing.NoPrinter}
		}
		for _, p := range printers {
			if p.Default {
				r.line(r.t("printer.default", "Name", p.Name))
			} else {
				r.line(p.Name)
			}
		}
		return nil
	})
}
