package cli

import (
	"strings"

	"klokkast/app"
	"klokkast/app/office"
)

type boxReceiptCmd struct {
	Reading string `arg:"" help:"receipt_reading"`
	Out     string `required:"" placeholder:"FILE" help:"paper_out"`
	replacing
}

// receiptJSON is the answer of box receipt.
type receiptJSON struct {
	environmentJSON
	ReadingID app.ID `json:"readingId"`
	File      string `json:"file"`
}

// Run prints the receipt of a reading.
func (c *boxReceiptCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		id, err := c.reading(r, o)
		if err != nil {
			return err
		}
		file, err := o.Papers.WriteReadingReceipt(r.ctx, id, r.paper(c.Out, c.replacing))
		if err != nil {
			return err
		}
		if r.json {
			return r.print(receiptJSON{environmentOf(o), id, file})
		}
		r.line(r.t("paper.written", "File", file))
		return nil
	})
}

// reading returns the reading that a person means: by its id, or the last one of a box.
func (c *boxReceiptCmd) reading(r *run, o *office.Office) (app.ID, error) {
	all, err := o.Boxes.Readings(r.ctx, "")
	if err != nil {
		return "", err
	}
	for _, x := range all {
		if strings.EqualFold(string(x.ID), c.Reading) {
			return x.ID, nil
		}
	}
	box, err := r.box(o, c.Reading)
	if err != nil {
		return "", err
	}
	for _, x := range all { // newest first
		if x.Log.Box == box.Box.UID {
			return x.ID, nil
		}
	}
	return "", failure("noReading", "Box", box.Box.Label)
}
