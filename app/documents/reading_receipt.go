package documents

import (
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/papers"
	"klokkast/app/timesheet"
)

// WriteReadingReceipt prints the receipt of a reading and gives the path of its file.
func (o *Papers) WriteReadingReceipt(ctx context.Context, reading app.ID, opt PaperOptions) (string, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(p.Facts.Readings, func(r app.Reading) bool { return r.ID == reading })
	if i < 0 {
		return "", app.NotFound("reading", string(reading))
	}
	r := p.Facts.Readings[i]
	receipt := &papers.ReadingReceipt{Made: o.printer.made(max(r.Started, r.Ended)), Reading: r, Box: p.Names.Boxes[r.Log.Box], Zone: app.DefaultZone}
	receipt.Box.UID, receipt.Box.Label = r.Log.Box, p.Names.Box(r.Log.Box)
	if receipt.Installation = string(r.Installation); r.Installation == o.work.Installation().ID && o.work.Installation().Name != "" {
		receipt.Installation = o.work.Installation().Name
	}
	for _, before := range p.Facts.Readings {
		if before.Log == r.Log && before.Started <= r.Started {
			receipt.ReadUpTo = max(receipt.ReadUpTo, before.Last)
		}
	}
	for _, g := range p.Facts.Gaps {
		if g.Log == r.Log {
			receipt.Gaps = append(receipt.Gaps, g)
		}
	}
	when := r.Started.In(app.Belgium()).Format("2006-01-02-1504")
	return o.printer.writePaper(ctx, receipt, timesheet.PlainName(when, "reading", receipt.Box.Label, r.ID.Short()), opt)
}
