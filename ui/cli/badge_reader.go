package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// reader are the flags for a badge that a desk reader types.
type reader struct {
	Notation string `placeholder:"decimal|hex|…" enum:",decimal,decimal-reversed,hex,hex-reversed,facility,facility-reversed" default:"" help:"reader_notation"`
}

type badgeReadCmd struct{ reader }

// readJSON is the answer of badge read.
type readJSON struct {
	environmentJSON
	Typed string `json:"typed"` // as the reader typed it, mended where the keyboard is AZERTY
	// Azerty says that the text was typed for another keyboard and was mended.
	Azerty   bool               `json:"azerty"`
	Readings []badgeReadingJSON `json:"readings"` // the likeliest first
}

// badgeReadingJSON is one card that the text can be.
type badgeReadingJSON struct {
	Notation identity.ReadingKind `json:"notation"`
	Hex      string               `json:"hex"`
	Decimal  string               `json:"decimal,omitempty"`
	Facility string               `json:"facility"`
	Worker   string               `json:"worker,omitempty"` // who holds it now
}

// Run reads a badge twice and says what it can be, and whose each is.
func (c *badgeReadCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		typed, azerty, err := r.readTwice()
		if err != nil {
			return err
		}
		out := readJSON{environmentOf(o), typed, azerty, []badgeReadingJSON{}}
		for _, n := range identity.CardReadings(typed, c.preferred(o)) {
			j := badgeReadingJSON{Notation: n.How, Hex: n.Hex, Decimal: n.Decimal, Facility: n.Facility}
			held, err := o.Files.Held(r.ctx, app.IdentifierKey{Kind: app.Card, Value: n.Hex}, app.Span{From: r.parts.Now()})
			if err != nil {
				return err
			}
			if len(held) > 0 {
				j.Worker = names.Worker(names.Engagements[held[0].EngagementID].WorkerID)
			}
			out.Readings = append(out.Readings, j)
		}
		if len(out.Readings) == 0 {
			return failure("reader.noBadge")
		}
		if r.json {
			return r.print(out)
		}
		r.sayReadings(out)
		return nil
	})
}

func (r *run) sayReadings(out readJSON) {
	if out.Azerty {
		r.line(r.t("reader.azerty"))
	}
	t := newTable(r.t("reader.notation"), r.t("reader.hex"), r.t("reader.decimal"), r.t("reader.facility"), r.t("col.who"))
	for _, n := range out.Readings {
		t.add(wording.CardReading(r.say, n.Notation)+" ("+string(n.Notation)+")", n.Hex, n.Decimal, n.Facility, n.Worker)
	}
	r.table(t)
}

// preferred is the notation that was asked for, or the one that was used last.
func (c *reader) preferred(o *office.Office) identity.ReadingKind {
	if c.Notation != "" {
		return identity.ReadingKind(c.Notation)
	}
	return o.Staff.ReaderNotation()
}

// badge reads a badge twice and gives its card in the notation that was asked
// for or used last. Where neither is known and the text can be more than one
// card, it asks.
func (c *reader) badge(r *run, o *office.Office) (string, error) {
	typed, _, err := r.readTwice()
	if err != nil {
		return "", err
	}
	how := c.preferred(o)
	all := identity.CardReadings(typed, how)
	if len(all) == 0 {
		return "", failure("reader.noBadge")
	}
	if all[0].How != how {
		var kinds []string
		for _, n := range all {
			kinds = append(kinds, string(n.How)+" ("+n.Hex+")")
		}
		return "", wrong("notation", "Likely", strings.Join(kinds, ", "))
	}
	return all[0].Hex, o.Staff.SetReaderNotation(r.ctx, how)
}

// readTwice reads two lines from a badge reader, which types a number and Enter;
// both must be the same.
func (r *run) readTwice() (typed string, azerty bool, err error) {
	in := bufio.NewReaderSize(io.LimitReader(r.parts.In, 4096), 4096)
	var lines []string
	for _, prompt := range []string{"reader.first", "reader.again"} {
		r.aside(r.t(prompt))
		line, err := in.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", false, fmt.Errorf("read the badge: %w", err)
		}
		if line = strings.TrimSpace(line); line == "" {
			return "", false, failure("reader.nothing")
		}
		lines = append(lines, line)
	}
	if lines = slices.Compact(lines); len(lines) > 1 {
		return "", false, failure("reader.differs")
	}
	if mended, ok := identity.FromAzerty(lines[0]); ok {
		return mended, true, nil
	}
	return lines[0], false, nil
}
