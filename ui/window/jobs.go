package window

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// readBox reads one connected box, with a line at the foot of the window.
func readBox(h *host, desk readDesk, b office.BoxRow, acknowledge bool) {
	name := boxName(h, &b)
	var r app.Reading
	h.work("read:"+b.Connected, h.t.T("window.boxes.reading", "Box", name), func(ctx context.Context, p progressOf) error {
		var err error
		r, err = desk.ReadBox(ctx, b.Connected, office.ReadOptions{DoNotAcknowledge: !acknowledge}, p)
		return err
	}, func(err error) {
		if err == nil {
			h.say(h.t.T("window.boxes.read", "Box", name, "Records", h.t.Number(r.Records), "New", h.t.Number(r.New)), widget.SuccessImportance)
		}
	})
}

// readAll finds the connected boxes and reads each.
func readAll(h *host, desk readDesk) {
	var rows []office.BoxRow
	h.act(func(ctx context.Context) error {
		var err error
		rows, err = desk.BoxRows(ctx)
		return err
	}, func() {
		began := 0
		for _, b := range rows {
			if readable(&b) {
				readBox(h, desk, b, true)
				began++
			}
		}
		if began == 0 {
			h.tell(h.t.T("window.boxes.none.title"), h.t.T("window.boxes.none"))
		}
	})
}

// readable says that a box is connected and can be opened.
func readable(b *office.BoxRow) bool {
	return b.Connected != "" && b.Problem == "" && b.Box.Quarantined == ""
}

// boxName gives what people call a box: its label, else the start of its UID, else where it is connected.
func boxName(h *host, b *office.BoxRow) string {
	switch {
	case b.Box.Label != "":
		return b.Box.Label
	case b.Box.UID != "":
		return b.Box.UID[:min(8, len(b.Box.UID))]
	case b.Connected != "":
		return h.t.T("window.boxes.unnamed", "Path", b.Connected)
	}
	return "?"
}

// send sends what may be sent to the register.
func send(h *host, desk sendDesk) {
	var r ciao.Report
	h.work("send", h.t.T("window.ciao.sending"), func(ctx context.Context, p progressOf) error {
		var err error
		r, err = desk.Send(ctx, p)
		return err
	}, func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			return
		}
		message, look := sent(h, &r)
		if r.Stopped != "" {
			h.tell(h.t.T("window.ciao.stopped"), message)
			return
		}
		h.say(message, look)
	})
}

// sent words the report of a sending.
func sent(h *host, r *ciao.Report) (string, widget.Importance) {
	if r.Stopped != "" {
		return wording.Stopped(h.t, r.Stopped), widget.DangerImportance
	}
	text := h.t.T("window.ciao.sent", "Accepted", h.t.Number(r.Accepted+r.Adopted), "Refused", h.t.Number(r.Refused), "Unknown", h.t.Number(r.Unknown))
	switch {
	case r.Refused > 0 || r.Unknown > 0:
		return text, widget.WarningImportance
	case r.Accepted+r.Adopted == 0:
		return h.t.T("window.ciao.nothingSent"), widget.MediumImportance
	}
	return text, widget.SuccessImportance
}
