package window

import (
	"context"
	"errors"
	"sync"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/text"
	"klokkast/ui/wording"
)

// readBox reads one connected box, with a line at the foot of the window. done
// is called with what came of it.
func readBox(h *host, desk *office.Office, b office.BoxRow, done func(app.Reading, error)) {
	var r app.Reading
	h.work("read:"+b.Connected, h.t.T("window.boxes.reading", "Box", boxName(h, &b)), func(ctx context.Context, p progressOf) error {
		var err error
		r, err = desk.ReadBox(ctx, b.Connected, office.ReadOptions{Dropped: dropped(h)}, p)
		return err
	}, func(err error) { done(r, err) })
}

// dropped gives what says, once, that a cable drops and its box is read on in smaller pieces.
func dropped(h *host) func(piece int) {
	var once sync.Once
	return func(piece int) {
		once.Do(func() { h.do(func() { h.say(h.t.N("reading.dropped", piece), widget.WarningImportance) }) })
	}
}

// readBoxes reads boxes, all at once, and says at the end what came of it.
func readBoxes(h *host, desk *office.Office, boxes []office.BoxRow) {
	var read, records, fresh, left int
	left = len(boxes)
	for _, b := range boxes {
		readBox(h, desk, b, func(r app.Reading, err error) {
			left--
			if err == nil {
				read++
				records += r.Records
				fresh += r.New
				if help := wording.ReadingHelp(h.t, &r, b.ReadUpTo); help != "" && r.Problem != string(reading.NotPaired) {
					h.tell(boxName(h, &b), help)
				}
			}
			if left == 0 && read > 0 {
				h.say(h.t.N("window.boxes.read", read, "Box", boxName(h, &b), "Records", h.t.Number(records), "New", h.t.Number(fresh)), widget.SuccessImportance)
			}
		})
	}
}

// readAll finds the connected boxes and reads each.
func readAll(h *host, desk *office.Office) {
	var rows []office.BoxRow
	h.act(func(ctx context.Context) error {
		var err error
		rows, err = desk.BoxRows(ctx)
		return err
	}, func() {
		var boxes []office.BoxRow
		busy := false
		for _, b := range rows {
			switch {
			case h.works.has("read:" + b.Connected):
				busy = true
			case readable(&b):
				boxes = append(boxes, b)
			}
		}
		readBoxes(h, desk, boxes)
		if len(boxes) == 0 && !busy {
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

// ahead is what would be sent, with the names to say it by.
type ahead struct {
	*office.SendingAhead
	names *office.Names
}

// lookAhead looks what would be sent.
func lookAhead(ctx context.Context, desk *office.Office) (*ahead, error) {
	a, err := desk.SendingAhead(ctx)
	if err != nil {
		return nil, err
	}
	names, err := desk.Names(ctx)
	return &ahead{a, names}, err
}

// lines words what would go, why people are asked, and what does not go and why.
func (a *ahead) lines(t *text.Translator) []string { return wording.Ahead(t, a.names, a.SendingAhead) }

// send sends what may be sent to the register, once people agreed to it where they are asked.
func send(h *host, desk *office.Office) { agreeThenSend(h, desk, desk.Send) }

// agreeThenSend sends, or resumes. Where it is the first sending, a large or a
// late one, it shows what would go, and what not and why, and asks.
func agreeThenSend(h *host, desk *office.Office, do func(context.Context, progressOf) (ciao.Report, error)) {
	var a *ahead
	h.work("send", h.t.T("sending.ahead.looking"), func(ctx context.Context, _ progressOf) (err error) {
		a, err = lookAhead(ctx, desk)
		return err
	}, func(err error) {
		switch {
		case err != nil:
		case len(a.Asks) == 0:
			sendBy(h, do)
		default:
			h.confirmLines(h.t.T("sending.ahead.title"), a.lines(h.t), h.t.N("sending.ahead.yes", a.Count), func() { sendBy(h, do) })
		}
	})
}

// sendBy sends, or resumes, with a line at the foot of the window.
func sendBy(h *host, do func(context.Context, progressOf) (ciao.Report, error)) {
	var r ciao.Report
	h.work("send", h.t.T("window.ciao.sending"), func(ctx context.Context, p progressOf) error {
		var err error
		r, err = do(ctx, p)
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
