package papers

import (
	"fmt"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/app/timesheet/paper"
)

// ReadingReceipt is what a technician takes along of a reading: what was
// fetched from which box, and what proves that it is complete.
type ReadingReceipt struct {
	Made
	Reading      app.Reading
	Box          app.Box
	Installation string // the name of the one that read it
	// ReadUpTo is the highest record of the box's log that was read by this reading or one before it.
	ReadUpTo uint64
	// Gaps are the ranges of the box's log that the store does not hold, as they are known now.
	Gaps []app.Gap
	Zone app.Zone // of the times on paper
}

func (r *ReadingReceipt) made() *Made { return &r.Made }

func (r *ReadingReceipt) title(p *page) (title, right string) {
	return p.t("receipt.title"), p.texts.DateTime(r.Reading.Started, r.Zone.Location())
}

func (r *ReadingReceipt) print(p *page) {
	p.doc.Lead(p.fit(r.Box.Label))
	p.doc.Lead(p.n("receipt.records", r.Reading.Records, "New", p.texts.Number(r.Reading.New)))
	p.doc.Text(p.t("receipt.state." + string(r.Reading.State)))
	if help := reading.HelpKey(r.Reading.Problem); help != "" {
		p.doc.Text(p.texts.T(help, "Read", max(r.ReadUpTo, r.Reading.Last), "Stated", r.Reading.BoxLast))
	}
	p.doc.Space(1)
	p.doc.Facts(p.receiptBox(r), p.receiptReading(r))
	p.doc.Space(1)
	p.doc.Section(p.t("receipt.proof"))
	p.doc.Facts(p.receiptProof(r))
	p.gaps(r)
	p.doc.Space(4)
	lines := []string{p.texts.T("timesheet.sign.name"), p.texts.T("timesheet.sign.date"), p.texts.T("timesheet.sign.signature")}
	p.doc.Signatures(paper.Signature{Role: p.t("receipt.technician"), Lines: lines, Filled: p.fit(r.Reading.Actor)},
		paper.Signature{Role: p.t("receipt.receiver"), Lines: lines})
}

func (p *page) receiptBox(r *ReadingReceipt) []paper.Fact {
	return []paper.Fact{
		{Label: p.t("receipt.box"), Value: p.fit(r.Box.Label), Bold: true},
		{Label: p.t("receipt.uid"), Value: p.fit(r.Box.UID)},
		{Label: p.t("receipt.log"), Value: p.fit(r.Reading.Log.Log)},
	}
}

func (p *page) receiptReading(r *ReadingReceipt) []paper.Fact {
	zone, x := r.Zone.Location(), &r.Reading
	facts := []paper.Fact{
		{Label: p.t("receipt.by"), Value: p.fit(x.Actor), Bold: true},
		{Label: p.t("receipt.installation"), Value: p.fit(r.Installation)},
		{Label: p.t("receipt.begun"), Value: p.texts.DateTimeSeconds(x.Started, zone)},
	}
	if x.Ended != 0 {
		facts = append(facts, paper.Fact{Label: p.t("receipt.ended"), Value: p.texts.DateTimeSeconds(x.Ended, zone)})
	}
	if x.FileName != "" {
		facts = append(facts, paper.Fact{Label: p.t("receipt.file"), Value: p.fit(x.FileName)})
	}
	return append(facts, paper.Fact{Label: p.t("receipt.id"), Value: string(x.ID)})
}

// receiptProof is what shows that nothing of the range is missing or changed.
func (p *page) receiptProof(r *ReadingReceipt) []paper.Fact {
	x := &r.Reading
	none := p.t("receipt.none")
	orNone := func(has bool, value string) string {
		if has {
			return value
		}
		return none
	}
	return []paper.Fact{
		{Label: p.t("receipt.range"), Value: orNone(x.Last > 0, fmt.Sprintf("%d – %d", x.First, x.Last)), Bold: true},
		{Label: p.t("receipt.acked"), Value: orNone(x.Acked > 0, fmt.Sprint(x.Acked))},
		{Label: p.t("receipt.boxLast"), Value: orNone(x.BoxLast > 0, fmt.Sprint(x.BoxLast))},
		{Label: p.t("receipt.chain"), Value: orNone(x.EndHash != "", x.EndHash)},
		{Label: p.t("receipt.readTo"), Value: orNone(x.ReadTo != 0, p.texts.DateTimeSeconds(x.ReadTo, r.Zone.Location()))},
		{Label: p.t("receipt.clock"), Value: p.offset(x.Clock)},
	}
}

// offset writes a measured offset with its uncertainty, in seconds.
func (p *page) offset(c *app.ClockOffset) string {
	if c == nil {
		return p.t("receipt.none")
	}
	seconds := func(d time.Duration) string { return p.texts.Decimal(d.Abs().Seconds(), 3) }
	code := "receipt.clock.right"
	switch {
	case c.Offset > 0:
		code = "receipt.clock.ahead"
	case c.Offset < 0:
		code = "receipt.clock.behind"
	}
	return p.t(code, "Seconds", seconds(c.Offset), "Uncertainty", seconds(c.Uncertainty))
}

// gaps lists what the store does not hold, or says that it lacks nothing.
func (p *page) gaps(r *ReadingReceipt) {
	if len(r.Gaps) == 0 && r.Reading.State == app.ReadingDone { // of one that was cut off nobody knows
		p.doc.Text(p.t("receipt.noGaps"))
	}
	for _, g := range r.Gaps {
		text := p.t("receipt.gap", "First", fmt.Sprint(g.First), "Last", fmt.Sprint(g.Last))
		if g.ReadElsewhere {
			text = strings.TrimSuffix(text, ".") + " (" + p.t("receipt.elsewhere") + ")"
		}
		p.doc.Text(text)
	}
}
