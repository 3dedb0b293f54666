package kit

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// How a shift is chosen in the form.
const (
	byProposal = "proposed"
	ByTime     = "time"
)

// movedRow is one punch of a segment with its time before and after.
type movedRow struct {
	key, number, raw, at, who string
	seq                       uint64
}

// AskRepair shows the punches of a segment whose clock was wrong, as the box
// dated them and as they would be, and lets someone accept the shift or give the
// right time of one of them.
func AskRepair(h *Host, desk *office.Office, names *derived.Names, segment app.RecordKey) {
	var w *acts.WrongClock
	var taps []app.Tap
	h.Act(func(ctx context.Context) error {
		clocks, err := desk.Judgements.WrongClocks(ctx, segment.Box)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(clocks, func(c acts.WrongClock) bool { return c.Key() == segment && c.Accepted == nil })
		if i < 0 {
			return nil
		}
		w = &clocks[i]
		taps, err = desk.Judgements.SegmentTaps(ctx, *w)
		return err
	}, func() {
		if w == nil {
			h.Tell(h.Texts.T("window.clock.repair"), h.Texts.T("error.notFound.segment", "Name", names.Box(segment.Box)))
			return
		}
		newRepairForm(h, desk, names, w, taps).show()
	})
}

// repairForm asks by which shift a wrong clock is put right.
type repairForm struct {
	*Form
	desk    *office.Office
	names   *derived.Names
	w       *acts.WrongClock
	rows    []movedRow
	punches *grid.Grid[movedRow]
	by      *Choice
	reason  *widget.Entry
}

func newRepairForm(h *Host, desk *office.Office, names *derived.Names, w *acts.WrongClock, taps []app.Tap) *repairForm {
	t := h.Texts
	f := &repairForm{Form: h.NewForm(), desk: desk, names: names, w: w, rows: movedRows(h, w, taps)}
	f.punches = NewGrid(h, t.T("window.clock.noPunches"), func(r movedRow) string { return r.key }, []grid.Column[movedRow]{
		{Key: "number", Title: t.T("window.col.number"), Width: 70, Firm: true, Right: true, Text: func(r movedRow) string { return r.number }},
		{Key: "raw", Title: t.T("window.clock.raw"), Width: 160, Firm: true, Text: func(r movedRow) string { return r.raw }},
		{Key: "at", Title: t.T("window.clock.at"), Width: 160, Firm: true, Text: func(r movedRow) string { return r.at }},
		{Key: "who", Title: t.T("window.col.badge"), Width: 130, Text: func(r movedRow) string { return r.who }},
	})
	f.punches.SetRows(f.rows)
	if len(f.rows) > 0 {
		f.punches.Select(f.rows[0].key)
	}
	return f
}

func movedRows(h *Host, w *acts.WrongClock, taps []app.Tap) (rows []movedRow) {
	t := h.Texts
	for i := range taps {
		p := &taps[i].Punch
		r := movedRow{
			key: p.Key.String(),
			seq: p.Key.Seq,
			raw: t.DateTimeSeconds(p.At, h.Zone),
			at:  "?",
			who: p.Identifier.Value + " " + wording.Key(t, p.Pressed),
		}
		if w.Log.Log != app.FileLog {
			r.number = strconv.FormatUint(p.Key.Seq, 10)
		}
		if w.Source != attendance.FromNothing {
			r.at = t.DateTimeSeconds(p.At.Add(w.Proposed), h.Zone)
		}
		rows = append(rows, r)
	}
	return rows
}

// Title is the name of a button as the title of what it opens.
func Title(button string) string { return strings.TrimSuffix(button, "…") }

// proposal says what is proposed, where that comes from and how certain it is.
func (f *repairForm) proposal() string {
	t := f.Host.Texts
	if f.w.Source == attendance.FromNothing {
		return t.T("error.shift.none", "Example", t.DateTime(f.Host.Now(), f.Host.Zone))
	}
	text := t.T("window.clock.proposal", "Shift", wording.ClockShift(t, f.w.Proposed),
		"Doubt", wording.Doubt(t, f.w.Uncertainty), "Source", wording.ShiftSource(t, f.w.Source))
	if !f.w.Fits {
		text += "\n" + t.T("error.shift.misfit")
	}
	return text
}

func (f *repairForm) show() {
	t := f.Host.Texts
	f.Note(t.T("window.clock.help", "Box", f.names.Box(f.w.Log.Box), "Kind", wording.ClockKind(t, f.w.Kind)) + "\n" + f.proposal())
	f.Add(t.T("window.col.punches"), Sized(540, 150, f.punches), "punch")
	ways := []Option{{ByTime, t.T("window.clock.byTime")}}
	way := ByTime
	if f.w.Source != attendance.FromNothing {
		ways, way = append([]Option{{byProposal, t.T("window.clock.byProposal")}}, ways...), byProposal
	}
	f.by = f.Choice(t.T("window.clock.by"), ways, way, "shift")
	at := f.Moment(t.T("window.clock.rightTime"), 0, f.Host.Zone, false, "time", "at")
	f.Row("time").Check = func() error {
		if f.by.Value() != ByTime {
			return nil
		}
		_, err := needed(at)
		return err
	}
	f.reason = f.Lines(t.T("window.field.reason"), "", "reason")
	var effect *acts.ClockEffect
	var picked acts.ShiftChoice
	f.Form.Show(Title(t.T("window.clock.repair")), t.T("window.clock.look"), func() func(context.Context) error {
		picked = acts.ShiftChoice{Segment: f.w.Key()}
		if f.by.Value() == ByTime {
			picked.At = Must(at.Instant())
			if r, ok := f.punches.Current(); ok {
				picked.Punch = r.seq
			}
		}
		reason := strings.TrimSpace(f.reason.Text)
		return func(ctx context.Context) (err error) {
			if reason == "" {
				return &app.FieldError{Field: "reason", Code: "required", Example: t.T("window.clock.whyExample")}
			}
			effect, err = f.desk.Judgements.PreviewRepair(ctx, picked)
			return err
		}
	}, func() { f.confirm(effect, picked, strings.TrimSpace(f.reason.Text)) })
}

// confirm shows the effect and accepts the shift when that is agreed to. One
// that does not fit says so in it, and agreeing means it all the same.
func (f *repairForm) confirm(e *acts.ClockEffect, c acts.ShiftChoice, reason string) {
	h, t := f.Host, f.Host.Texts
	h.ConfirmEffect(Title(t.T("window.clock.repair")), wording.ClockEffect(t, f.names, e), t.T("window.clock.accept"), func() {
		h.Act(func(ctx context.Context) error {
			_, err := f.desk.Judgements.RepairClock(ctx, c, !e.Fits, reason)
			return err
		}, h.Settled)
	})
}

// AskTakeBack previews a step that takes something back, asks why, and does it.
func AskTakeBack(h *Host, desk *office.Office, names *derived.Names, what string,
	p acts.Proposal, do func(ctx context.Context, why string) error, done func()) {
	t := h.Texts
	f := h.NewForm()
	f.Note(t.T("window.clock.withdraw.help"))
	why := f.Text(t.T("window.field.why"), "", "why")
	var effect *acts.Effect
	f.Show(what, t.T("window.clock.look"), func() func(context.Context) error {
		return func(ctx context.Context) (err error) {
			effect, err = desk.Judgements.Preview(ctx, p)
			return err
		}
	}, func() {
		reason := why.Text
		h.ConfirmEffect(what, wording.Effect(t, names, effect), what, func() {
			h.Act(func(ctx context.Context) error { return do(ctx, reason) }, done)
		})
	})
}

// confirmedRow is one thing that a box got wrong and someone settled, or has to.
type confirmedRow struct {
	Key, What, how, State string
	clock                 *acts.WrongClock
	notation              app.ID // in force
}

// repairList is the dialog with the wrong clocks and the notations of a box.
type repairList struct {
	h                *Host
	desk             *office.Office
	names            *derived.Names
	box              string
	load             *Inquiry
	Grid             *grid.Grid[confirmedRow]
	Repair, Withdraw *Button
	dialog           *dialog.CustomDialog
}

// ShowRepairs lists what a box got wrong, and what was done about it.
func ShowRepairs(h *Host, desk *office.Office, names *derived.Names, box string) *repairList {
	t := h.Texts
	l := &repairList{h: h, desk: desk, names: names, box: box}
	l.Grid = NewGrid(h, t.T("window.clock.none"), func(r confirmedRow) string { return r.Key }, []grid.Column[confirmedRow]{
		{Key: "what", Title: t.T("window.col.what"), Width: 250, Text: func(r confirmedRow) string { return r.What }},
		{Key: "how", Title: t.T("window.clock.shift"), Width: 220, Text: func(r confirmedRow) string { return r.how }},
		{Key: "state", Title: t.T("window.col.state"), Width: 190, Text: func(r confirmedRow) string { return r.State }},
	})
	l.load = h.Asks(l.Grid)
	l.Grid.OnSelect = l.enable
	l.Repair = h.MainButton(t.T("window.clock.repair"), theme.HistoryIcon(), func() {
		if r, ok := l.Grid.Current(); ok && r.clock != nil {
			l.dialog.Hide()
			AskRepair(h, desk, names, r.clock.Key())
		}
	})
	l.Withdraw = h.Button(t.T("window.clock.withdraw"), theme.ContentUndoIcon(), l.takeBack)
	l.dialog = dialog.NewCustomWithoutButtons(t.T("window.clock.title", "Box", names.Box(box)), Sized(720, 320, l.load.Above(l.Grid)), h.Window)
	l.dialog.SetButtons([]fyne.CanvasObject{h.Button(t.T("window.close"), nil, l.dialog.Hide), l.Withdraw, l.Repair})
	h.Show(l.dialog)
	l.enable()
	l.reload()
	return l
}

func (l *repairList) reload() {
	Load(l.load, nil, func(ctx context.Context) ([]confirmedRow, error) {
		clocks, err := l.desk.Judgements.WrongClocks(ctx, l.box)
		if err != nil {
			return nil, err
		}
		notations, err := l.desk.Staff.Notations(ctx)
		return append(l.clockRows(clocks), l.notationRows(notations)...), err
	}, func(rows []confirmedRow) {
		l.Grid.SetRows(rows)
		l.enable()
	})
}

func (l *repairList) clockRows(clocks []acts.WrongClock) (rows []confirmedRow) {
	t := l.h.Texts
	for i := range clocks {
		w := &clocks[i]
		r := confirmedRow{Key: w.Key().String(), clock: w, State: t.T("window.clock.waits"),
			What: Upper(wording.ClockKind(t, w.Kind)) + ", " + t.DateTime(w.RawFrom, l.h.Zone) + " – " + t.DateTime(w.RawTo, l.h.Zone)}
		switch {
		case w.Accepted != nil:
			r.how, r.State = wording.ClockShift(t, w.Accepted.Shift), t.T("window.clock.by.person", "By", w.Accepted.By, "Why", w.Accepted.Reason)
		case w.Source != attendance.FromNothing:
			r.how = wording.ClockShift(t, w.Proposed) + ", " + wording.ShiftSource(t, w.Source)
		}
		rows = append(rows, r)
	}
	return rows
}

func (l *repairList) notationRows(list []app.BadgeNotation) (rows []confirmedRow) {
	t := l.h.Texts
	for _, n := range list {
		if n.Box == l.box && n.Withdrawn == 0 {
			rows = append(rows, confirmedRow{Key: string(n.ID), notation: n.ID, What: t.T("window.notation.of"),
				how: wording.Notation(t, identity.NotationKind(n.Kind), n.Inverse), State: n.By})
		}
	}
	return rows
}

func (l *repairList) enable() {
	r, ok := l.Grid.Current()
	waits := ok && r.clock != nil && r.clock.Accepted == nil
	Enable(waits, l.Repair)
	Enable(ok && !waits, l.Withdraw)
}

func (l *repairList) takeBack() {
	r, ok := l.Grid.Current()
	if !ok {
		return
	}
	what := Title(l.h.Texts.T("window.clock.withdraw"))
	switch {
	case r.notation != "":
		AskTakeBack(l.h, l.desk, l.names, what, acts.Proposal{WithdrawNotations: []app.ID{r.notation}},
			func(ctx context.Context, why string) error {
				return l.desk.Staff.WithdrawNotation(ctx, r.notation, why)
			}, l.reload)
	case r.clock.Accepted != nil:
		id := r.clock.Accepted.ID
		AskTakeBack(l.h, l.desk, l.names, what, acts.Proposal{WithdrawRepairs: []app.ID{id}},
			func(ctx context.Context, why string) error { return l.desk.Judgements.WithdrawRepair(ctx, id, why) }, l.reload)
	}
}

// AskNotation shows which held badges an unknown one can be, as its boxes show
// it, and remembers the notation of a box when someone confirms it.
func AskNotation(h *Host, desk *office.Office, names *derived.Names, card string) {
	var proposals []acts.NotationProposal
	h.Act(func(ctx context.Context) (err error) {
		proposals, err = desk.Staff.NotationProposals(ctx, card)
		return err
	}, func() {
		if len(proposals) == 0 {
			h.Tell(h.Texts.T("window.notation.confirm"), h.Texts.T("window.notation.none"))
			return
		}
		confirmNotation(h, desk, names, proposals)
	})
}

func confirmNotation(h *Host, desk *office.Office, names *derived.Names, proposals []acts.NotationProposal) {
	t := h.Texts
	f := h.NewForm()
	f.Note(t.T("window.notation.help"))
	var options []Option
	for i, p := range proposals {
		options = append(options, Option{strconv.Itoa(i), t.T("window.notation.option", "Box", names.Box(p.Box), "Seen", p.Seen.Value,
			"Badge", wording.Badge(t, p.Known), "Worker", names.Worker(p.WorkerID), "Notation", wording.Notation(t, p.Kind, p.Inverse))})
	}
	list := f.Pick(t.T("window.notation.which"), options, "0", "notation", "box")
	why := f.Text(t.T("window.field.why"), "", "why")
	var effect *acts.Effect
	var p acts.NotationProposal
	f.Show(Title(t.T("window.notation.confirm")), t.T("window.clock.look"), func() func(context.Context) error {
		i, err := strconv.Atoi(list.Value())
		if err == nil {
			p = proposals[i]
		}
		return func(ctx context.Context) (err error) {
			effect, err = desk.Judgements.Preview(ctx, acts.Proposal{Confirm: []app.BadgeNotation{{Box: p.Box, Kind: string(p.Kind), Inverse: p.Inverse}}})
			return err
		}
	}, func() {
		reason := why.Text
		h.ConfirmEffect(Title(t.T("window.notation.confirm")), wording.Effect(t, names, effect), t.T("window.notation.accept"), func() {
			h.Act(func(ctx context.Context) error {
				_, err := desk.Staff.ConfirmNotation(ctx, p.Box, p.Kind, p.Inverse, reason)
				return err
			}, h.Settled)
		})
	})
}
