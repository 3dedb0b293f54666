package window

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// How a shift is chosen in the form.
const (
	byProposal = "proposed"
	byTime     = "time"
)

// movedRow is one punch of a segment with its time before and after.
type movedRow struct {
	key, number, raw, at, who string
	seq                       uint64
}

// askRepair shows the punches of a segment whose clock was wrong, as the box
// dated them and as they would be, and lets someone accept the shift or give the
// right time of one of them.
func askRepair(h *host, desk *office.Office, names *office.Names, segment app.RecordKey) {
	var clocks []office.WrongClock
	var punches []office.PunchRow
	h.act(func(ctx context.Context) (err error) {
		if clocks, err = desk.WrongClocks(ctx, segment.Box); err == nil {
			punches, err = desk.PunchRows(ctx, office.PunchFilter{Box: segment.Box})
		}
		return err
	}, func() {
		for i := range clocks {
			if w := &clocks[i]; w.Key() == segment && w.Accepted == nil {
				newRepairForm(h, desk, names, w, punches).show()
				return
			}
		}
		h.tell(h.t.T("window.clock.repair"), h.t.T("error.notFound.segment", "Name", names.Box(segment.Box)))
	})
}

// repairForm asks by which shift a wrong clock is put right.
type repairForm struct {
	*form
	desk    *office.Office
	names   *office.Names
	w       *office.WrongClock
	rows    []movedRow
	punches *grid.Grid[movedRow]
	by      *choice
	reason  *widget.Entry
}

func newRepairForm(h *host, desk *office.Office, names *office.Names, w *office.WrongClock, punches []office.PunchRow) *repairForm {
	t := h.t
	f := &repairForm{form: h.newForm(), desk: desk, names: names, w: w, rows: movedRows(h, names, w, punches)}
	f.punches = newGrid(h, t.T("window.clock.noPunches"), func(r movedRow) string { return r.key }, []grid.Column[movedRow]{
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

func movedRows(h *host, names *office.Names, w *office.WrongClock, punches []office.PunchRow) (rows []movedRow) {
	t := h.t
	slices.SortFunc(punches, func(a, b office.PunchRow) int {
		return cmp.Or(cmp.Compare(a.Punch.At, b.Punch.At), a.Punch.Key.Compare(b.Punch.Key))
	})
	for i := range punches {
		p := &punches[i].Punch
		inside := p.Key.Seq >= w.First && p.Key.Seq <= w.Last
		if w.Log.Log == app.FileLog {
			inside = p.At >= w.RawFrom && p.At <= w.RawTo
		}
		if p.Key.LogKey != w.Log || !inside {
			continue
		}
		r := movedRow{key: p.Key.String(), seq: p.Key.Seq, raw: t.DateTimeSeconds(p.At, h.zone), at: "?", who: p.Identifier.Value + " " + wording.Key(t, p.Pressed)}
		if w.Log.Log != app.FileLog {
			r.number = strconv.FormatUint(p.Key.Seq, 10)
		}
		if w.Source != attendance.FromNothing {
			r.at = t.DateTimeSeconds(p.At.Add(w.Proposed), h.zone)
		}
		rows = append(rows, r)
	}
	return rows
}

// title is the name of a button as the title of what it opens.
func title(button string) string { return strings.TrimSuffix(button, "…") }

// proposal says what is proposed, where that comes from and how certain it is.
func (f *repairForm) proposal() string {
	t := f.h.t
	if f.w.Source == attendance.FromNothing {
		return t.T("error.shift.none", "Example", t.DateTime(f.h.now(), f.h.zone))
	}
	text := t.T("window.clock.proposal", "Shift", wording.ClockShift(t, f.w.Proposed), "Doubt", wording.Doubt(t, f.w.Uncertainty), "Source", wording.ShiftSource(t, f.w.Source))
	if !f.w.Fits {
		text += "\n" + t.T("error.shift.misfit")
	}
	return text
}

func (f *repairForm) show() {
	t := f.h.t
	f.note(t.T("window.clock.help", "Box", f.names.Box(f.w.Log.Box), "Kind", wording.ClockKind(t, f.w.Kind)) + "\n" + f.proposal())
	f.add(t.T("window.col.punches"), sized(540, 150, f.punches), "punch")
	ways := []option{{byTime, t.T("window.clock.byTime")}}
	way := byTime
	if f.w.Source != attendance.FromNothing {
		ways, way = append([]option{{byProposal, t.T("window.clock.byProposal")}}, ways...), byProposal
	}
	f.by = f.choice(t.T("window.clock.by"), ways, way, "shift")
	at := f.moment(t.T("window.clock.rightTime"), 0, f.h.zone, false, "time", "at")
	f.row("time").check = func() error {
		if f.by.value() != byTime {
			return nil
		}
		_, err := needed(at)
		return err
	}
	f.reason = f.lines(t.T("window.field.reason"), "", "reason")
	var effect *office.ClockEffect
	var picked office.ShiftChoice
	f.form.show(title(t.T("window.clock.repair")), t.T("window.clock.look"), func() func(context.Context) error {
		picked = office.ShiftChoice{Segment: f.w.Key()}
		if f.by.value() == byTime {
			picked.At = must(at.Instant())
			if r, ok := f.punches.Current(); ok {
				picked.Punch = r.seq
			}
		}
		reason := strings.TrimSpace(f.reason.Text)
		return func(ctx context.Context) (err error) {
			if reason == "" {
				return &app.FieldError{Field: "reason", Code: "required", Example: t.T("window.clock.whyExample")}
			}
			effect, err = f.desk.PreviewRepair(ctx, picked)
			return err
		}
	}, func() { f.confirm(effect, picked, strings.TrimSpace(f.reason.Text)) })
}

// confirm shows the effect and accepts the shift when that is agreed to. One
// that does not fit says so in it, and agreeing means it all the same.
func (f *repairForm) confirm(e *office.ClockEffect, c office.ShiftChoice, reason string) {
	h, t := f.h, f.h.t
	h.confirmEffect(title(t.T("window.clock.repair")), wording.ClockEffect(t, f.names, e), t.T("window.clock.accept"), func() {
		h.act(func(ctx context.Context) error {
			_, err := f.desk.RepairClock(ctx, c, !e.Fits, reason)
			return err
		}, h.settled)
	})
}

// askTakeBack previews a step that takes something back, asks why, and does it.
func askTakeBack(h *host, desk *office.Office, names *office.Names, what string, p office.Proposal, do func(ctx context.Context, why string) error, done func()) {
	t := h.t
	f := h.newForm()
	f.note(t.T("window.clock.withdraw.help"))
	why := f.text(t.T("window.field.why"), "", "why")
	var effect *office.Effect
	f.show(what, t.T("window.clock.look"), func() func(context.Context) error {
		return func(ctx context.Context) (err error) {
			effect, err = desk.Preview(ctx, p)
			return err
		}
	}, func() {
		reason := why.Text
		h.confirmEffect(what, wording.Effect(t, names, effect), what, func() {
			h.act(func(ctx context.Context) error { return do(ctx, reason) }, done)
		})
	})
}

// confirmedRow is one thing that a box got wrong and someone settled, or has to.
type confirmedRow struct {
	key, what, how, state string
	clock                 *office.WrongClock
	notation              app.ID // in force
}

// repairList is the dialog with the wrong clocks and the notations of a box.
type repairList struct {
	h                *host
	desk             *office.Office
	names            *office.Names
	box              string
	load             *inquiry
	grid             *grid.Grid[confirmedRow]
	repair, withdraw *button
	dialog           *dialog.CustomDialog
}

// showRepairs lists what a box got wrong, and what was done about it.
func showRepairs(h *host, desk *office.Office, names *office.Names, box string) *repairList {
	t := h.t
	l := &repairList{h: h, desk: desk, names: names, box: box}
	l.grid = newGrid(h, t.T("window.clock.none"), func(r confirmedRow) string { return r.key }, []grid.Column[confirmedRow]{
		{Key: "what", Title: t.T("window.col.what"), Width: 250, Text: func(r confirmedRow) string { return r.what }},
		{Key: "how", Title: t.T("window.clock.shift"), Width: 220, Text: func(r confirmedRow) string { return r.how }},
		{Key: "state", Title: t.T("window.col.state"), Width: 190, Text: func(r confirmedRow) string { return r.state }},
	})
	l.load = h.asks(l.grid)
	l.grid.OnSelect = l.enable
	l.repair = h.mainButton(t.T("window.clock.repair"), theme.HistoryIcon(), func() {
		if r, ok := l.grid.Current(); ok && r.clock != nil {
			l.dialog.Hide()
			askRepair(h, desk, names, r.clock.Key())
		}
	})
	l.withdraw = h.button(t.T("window.clock.withdraw"), theme.ContentUndoIcon(), l.takeBack)
	l.dialog = dialog.NewCustomWithoutButtons(t.T("window.clock.title", "Box", names.Box(box)), sized(720, 320, l.load.above(l.grid)), h.win)
	l.dialog.SetButtons([]fyne.CanvasObject{h.button(t.T("window.close"), nil, l.dialog.Hide), l.withdraw, l.repair})
	h.show(l.dialog)
	l.enable()
	l.reload()
	return l
}

func (l *repairList) reload() {
	load(l.load, nil, func(ctx context.Context) ([]confirmedRow, error) {
		clocks, err := l.desk.WrongClocks(ctx, l.box)
		if err != nil {
			return nil, err
		}
		notations, err := l.desk.Notations(ctx)
		return append(l.clockRows(clocks), l.notationRows(notations)...), err
	}, func(rows []confirmedRow) {
		l.grid.SetRows(rows)
		l.enable()
	})
}

func (l *repairList) clockRows(clocks []office.WrongClock) (rows []confirmedRow) {
	t := l.h.t
	for i := range clocks {
		w := &clocks[i]
		r := confirmedRow{key: w.Key().String(), clock: w, state: t.T("window.clock.waits"),
			what: upper(wording.ClockKind(t, w.Kind)) + ", " + t.DateTime(w.RawFrom, l.h.zone) + " – " + t.DateTime(w.RawTo, l.h.zone)}
		switch {
		case w.Accepted != nil:
			r.how, r.state = wording.ClockShift(t, w.Accepted.Shift), t.T("window.clock.by.person", "By", w.Accepted.By, "Why", w.Accepted.Reason)
		case w.Source != attendance.FromNothing:
			r.how = wording.ClockShift(t, w.Proposed) + ", " + wording.ShiftSource(t, w.Source)
		}
		rows = append(rows, r)
	}
	return rows
}

func (l *repairList) notationRows(list []app.BadgeNotation) (rows []confirmedRow) {
	t := l.h.t
	for _, n := range list {
		if n.Box == l.box && n.Withdrawn == 0 {
			rows = append(rows, confirmedRow{key: string(n.ID), notation: n.ID, what: t.T("window.notation.of"),
				how: wording.Notation(t, identity.NotationKind(n.Kind), n.Inverse), state: n.By})
		}
	}
	return rows
}

func (l *repairList) enable() {
	r, ok := l.grid.Current()
	waits := ok && r.clock != nil && r.clock.Accepted == nil
	enable(waits, l.repair)
	enable(ok && !waits, l.withdraw)
}

func (l *repairList) takeBack() {
	r, ok := l.grid.Current()
	if !ok {
		return
	}
	what := title(l.h.t.T("window.clock.withdraw"))
	switch {
	case r.notation != "":
		askTakeBack(l.h, l.desk, l.names, what, office.Proposal{WithdrawNotations: []app.ID{r.notation}},
			func(ctx context.Context, why string) error { return l.desk.WithdrawNotation(ctx, r.notation, why) }, l.reload)
	case r.clock.Accepted != nil:
		id := r.clock.Accepted.ID
		askTakeBack(l.h, l.desk, l.names, what, office.Proposal{WithdrawRepairs: []app.ID{id}},
			func(ctx context.Context, why string) error { return l.desk.WithdrawRepair(ctx, id, why) }, l.reload)
	}
}

// askNotation shows which held badges an unknown one can be, as its boxes show
// it, and remembers the notation of a box when someone confirms it.
func askNotation(h *host, desk *office.Office, names *office.Names, card string) {
	var proposals []office.NotationProposal
	h.act(func(ctx context.Context) (err error) {
		proposals, err = desk.NotationProposals(ctx, card)
		return err
	}, func() {
		if len(proposals) == 0 {
			h.tell(h.t.T("window.notation.confirm"), h.t.T("window.notation.none"))
			return
		}
		confirmNotation(h, desk, names, proposals)
	})
}

func confirmNotation(h *host, desk *office.Office, names *office.Names, proposals []office.NotationProposal) {
	t := h.t
	f := h.newForm()
	f.note(t.T("window.notation.help"))
	var options []option
	for i, p := range proposals {
		options = append(options, option{strconv.Itoa(i), t.T("window.notation.option", "Box", names.Box(p.Box), "Seen", p.Seen.Value,
			"Badge", wording.Badge(t, p.Known), "Worker", names.Worker(p.WorkerID), "Notation", wording.Notation(t, p.Kind, p.Inverse))})
	}
	list := f.pick(t.T("window.notation.which"), options, "0", "notation", "box")
	why := f.text(t.T("window.field.why"), "", "why")
	var effect *office.Effect
	var p office.NotationProposal
	f.show(title(t.T("window.notation.confirm")), t.T("window.clock.look"), func() func(context.Context) error {
		i, err := strconv.Atoi(list.value())
		if err == nil {
			p = proposals[i]
		}
		return func(ctx context.Context) (err error) {
			effect, err = desk.Preview(ctx, office.Proposal{Confirm: []app.BadgeNotation{{Box: p.Box, Kind: string(p.Kind), Inverse: p.Inverse}}})
			return err
		}
	}, func() {
		reason := why.Text
		h.confirmEffect(title(t.T("window.notation.confirm")), wording.Effect(t, names, effect), t.T("window.notation.accept"), func() {
			h.act(func(ctx context.Context) error {
				_, err := desk.ConfirmNotation(ctx, p.Box, p.Kind, p.Inverse, reason)
				return err
			}, h.settled)
		})
	})
}
