package kit

import (
	"context"
	"errors"
	"sync"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/sending"
	"klokkast/app/text"
	"klokkast/ui/wording"
)

// readBox reads one connected box, with a line at the foot of the window. done
// is called with what came of it.
func readBox(h *Host, desk *office.Office, b boxes.BoxRow, done func(app.Reading, error)) {
	var r app.Reading
	h.Work("read:"+b.Connected, h.Texts.T("window.boxes.reading", "Box", BoxName(h, &b)), func(ctx context.Context, p Progress) error {
		var err error
		r, err = desk.Boxes.ReadBox(ctx, b.Connected, boxes.ReadOptions{Dropped: dropped(h)}, p)
		return err
	}, func(err error) { done(r, err) })
}

// dropped returns what says, once, that a cable drops and its box is read on in smaller pieces.
func dropped(h *Host) func(piece int) {
	var once sync.Once
	return func(piece int) {
		once.Do(func() { h.Do(func() { h.Say(h.Texts.N("reading.dropped", piece), widget.WarningImportance) }) })
	}
}

// ReadBoxes reads boxes, all at once, and says at the end what came of it.
func ReadBoxes(h *Host, desk *office.Office, boxes []boxes.BoxRow) {
	var read, records, fresh, left int
	left = len(boxes)
	for _, b := range boxes {
		readBox(h, desk, b, func(r app.Reading, err error) {
			left--
			if err == nil {
				read++
				records += r.Records
				fresh += r.New
				if help := wording.ReadingHelp(h.Texts, &r, b.ReadUpTo); help != "" && r.Problem != string(reading.NotPaired) {
					h.Tell(BoxName(h, &b), help)
				}
			}
			if left == 0 && read > 0 {
				h.Say(h.Texts.N("window.boxes.read", read, "Box", BoxName(h, &b), "Records",
					h.Texts.Number(records), "New", h.Texts.Number(fresh)), widget.SuccessImportance)
			}
		})
	}
}

// ReadAll finds the connected boxes and reads each.
func ReadAll(h *Host, desk *office.Office) {
	var rows []boxes.BoxRow
	h.Act(func(ctx context.Context) error {
		var err error
		rows, err = desk.Boxes.Rows(ctx)
		return err
	}, func() {
		var boxes []boxes.BoxRow
		busy := false
		for _, b := range rows {
			switch {
			case h.Works.Has("read:" + b.Connected):
				busy = true
			case Readable(&b):
				boxes = append(boxes, b)
			}
		}
		ReadBoxes(h, desk, boxes)
		if len(boxes) == 0 && !busy {
			h.Tell(h.Texts.T("window.boxes.none.title"), h.Texts.T("window.boxes.none"))
		}
	})
}

// Readable says that a box is connected and can be opened.
func Readable(b *boxes.BoxRow) bool {
	return b.Connected != "" && b.Problem == "" && b.Box.Quarantined == ""
}

// BoxName returns what people call a box: its label, else the start of its UID, else where it is connected.
func BoxName(h *Host, b *boxes.BoxRow) string {
	switch {
	case b.Box.UID != "" || b.Box.Label != "":
		return b.Box.Name()
	case b.Connected != "":
		return h.Texts.T("window.boxes.unnamed", "Path", b.Connected)
	}
	return "?"
}

// Ahead is what would be sent, with the names to say it by.
type Ahead struct {
	*sending.SendingAhead
	Names *derived.Names
}

// LookAhead looks what would be sent.
func LookAhead(ctx context.Context, desk *office.Office) (*Ahead, error) {
	a, err := desk.Register.SendingAhead(ctx)
	if err != nil {
		return nil, err
	}
	names, err := desk.Derived.Names(ctx)
	return &Ahead{a, names}, err
}

// Lines words what would go, why people are asked, and what does not go and why.
func (a *Ahead) Lines(t *text.Translator) []string { return wording.Ahead(t, a.Names, a.SendingAhead) }

// Send sends what may be sent to the register, once people agreed to it where they are asked.
func Send(h *Host, desk *office.Office) { AgreeThenSend(h, desk, desk.Register.Send) }

// AgreeThenSend sends, or resumes. Where it is the first sending, a large or a
// late one, it shows what would go, and what not and why, and asks.
func AgreeThenSend(h *Host, desk *office.Office, do func(context.Context, Progress) (ciao.Report, error)) {
	var a *Ahead
	h.Work("send", h.Texts.T("sending.ahead.looking"), func(ctx context.Context, _ Progress) (err error) {
		a, err = LookAhead(ctx, desk)
		return err
	}, func(err error) {
		switch {
		case err != nil:
		case len(a.Asks) == 0:
			sendBy(h, do)
		default:
			h.ConfirmLines(h.Texts.T("sending.ahead.title"), a.Lines(h.Texts), h.Texts.N("sending.ahead.yes", a.Count), func() { sendBy(h, do) })
		}
	})
}

// sendBy sends, or resumes, with a line at the foot of the window.
func sendBy(h *Host, do func(context.Context, Progress) (ciao.Report, error)) {
	var r ciao.Report
	h.Work("send", h.Texts.T("window.ciao.sending"), func(ctx context.Context, p Progress) error {
		var err error
		r, err = do(ctx, p)
		return err
	}, func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			return
		}
		message, look := sent(h, &r)
		if r.Stopped != "" {
			h.Tell(h.Texts.T("window.ciao.stopped"), message)
			return
		}
		h.Say(message, look)
	})
}

// sent words the report of a sending.
func sent(h *Host, r *ciao.Report) (string, widget.Importance) {
	if r.Stopped != "" {
		return wording.Stopped(h.Texts, r.Stopped), widget.DangerImportance
	}
	text := h.Texts.T("window.ciao.sent", "Accepted", h.Texts.Number(r.Accepted+r.Adopted),
		"Refused", h.Texts.Number(r.Refused), "Unknown", h.Texts.Number(r.Unknown))
	switch {
	case r.Refused > 0 || r.Unknown > 0:
		return text, widget.WarningImportance
	case r.Accepted+r.Adopted == 0:
		return h.Texts.T("window.ciao.nothingSent"), widget.MediumImportance
	}
	return text, widget.SuccessImportance
}

// FaultHelp says why a box cannot be used and, where someone has to set the
// computer up for it, what there is to do.
func FaultHelp(t *text.Translator, fault string) string {
	if fault == string(reading.NoPermission) {
		return t.T("window.boxes.permission")
	}
	return Upper(wording.Fault(t, fault)) + "."
}
