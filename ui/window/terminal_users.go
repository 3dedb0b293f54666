package window

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// askUsers takes in the people of a terminal: from which one the file is, and
// from when they hold what they hold there, is asked first.
func (p *boxesPage) askUsers(path string) {
	t := p.h.t
	f := p.h.newForm()
	f.note(t.T("window.users.help", "File", filepath.Base(path)))
	boxes := p.fileBoxes()[1:]
	chosen := ""
	if r, ok := p.grid.Current(); ok && r.row.Known && r.row.Box.Make.Can().Files {
		chosen = r.row.Box.UID
	} else if len(boxes) == 1 {
		chosen = boxes[0].value
	}
	if len(boxes) == 0 {
		p.h.tell(filepath.Base(path), t.T("window.users.noBox"))
		return
	}
	box := f.choice(t.T("window.col.box"), boxes, chosen, "box")
	f.row("box").check = func() error {
		if box.value() == "" {
			return &app.FieldError{Field: "box", Code: "required", Example: boxes[0].text}
		}
		return nil
	}
	from := f.moment(t.T("window.field.from"), p.h.today().Start(p.h.zone), p.h.zone, true, "from")
	cards := f.choice(t.T("window.users.cards"), []option{{"", t.T("window.users.cards.no")}, {string(identity.Plain), t.T("window.users.cards.plain")},
		{string(identity.Reversed), t.T("window.users.cards.reversed")}}, "", "notation")
	var list *office.UserList
	var opt office.UserOptions
	withCards := false
	f.show(t.T("window.users.title", "File", filepath.Base(path)), t.T("window.import.go"), func() func(context.Context) error {
		opt = office.UserOptions{Box: box.value(), From: must(from.Instant()), Notation: identity.NotationKind(cards.value())}
		withCards = cards.value() != ""
		return func(ctx context.Context) error {
			var err error
			list, err = p.desk.TerminalUsers(ctx, path, opt)
			return err
		}
	}, func() { newUsersDialog(p, list, opt, withCards).show() })
}

// usersDialog matches the people of a terminal to workers.
type usersDialog struct {
	p     *boxesPage
	h     *host
	opt   office.UserOptions
	list  *office.UserList
	cards bool
	who   []app.ID // the engagement of each row; "" for nobody
	mine  []bool   // chosen by the person

	grid   *grid.Grid[userRow]
	pick   *button
	nobody *button
	give   *button
	sum    *widget.Label
	dialog *dialog.CustomDialog
}

type userRow struct {
	key, pin, name, card, taps, who, by, what string
	at                                        int
	look                                      widget.Importance
}

func newUsersDialog(p *boxesPage, list *office.UserList, opt office.UserOptions, cards bool) *usersDialog {
	t := p.h.t
	d := &usersDialog{p: p, h: p.h, opt: opt, list: list, cards: cards, mine: make([]bool, len(list.Rows))}
	for _, r := range list.Rows {
		d.who = append(d.who, r.Proposal)
	}
	columns := []grid.Column[userRow]{
		{Key: "pin", Title: t.T("window.users.pin"), Width: 80, Text: func(r userRow) string { return r.pin }},
		{Key: "name", Title: t.T("window.users.name"), Width: 160, Text: func(r userRow) string { return r.name }},
		{Key: "card", Title: t.T("window.users.card"), Width: 95, Text: func(r userRow) string { return r.card }},
		{Key: "taps", Title: t.T("window.col.punches"), Width: 94, Firm: true, Right: true, Text: func(r userRow) string { return r.taps }},
		{Key: "who", Title: t.T("window.col.person"), Width: 150, Text: func(r userRow) string { return r.who }, Look: func(r userRow) widget.Importance { return r.look }},
		{Key: "by", Title: t.T("window.users.by"), Width: 150, Text: func(r userRow) string { return r.by }},
		{Key: "what", Title: t.T("window.col.what"), Width: 250, Text: func(r userRow) string { return r.what }},
	}
	d.grid = newGrid(p.h, t.T("window.nothing"), func(r userRow) string { return r.key }, columns)
	d.pick = p.h.button(t.T("window.users.choose"), theme.AccountIcon(), d.choose)
	d.nobody = p.h.button(t.T("window.users.nobody"), theme.ContentClearIcon(), func() { d.set("") })
	d.grid.OnOpen = func(userRow) { d.choose() }
	d.grid.OnSelect = d.enable
	d.sum = wrapped("")
	d.refresh()
	return d
}

func (d *usersDialog) show() {
	t := d.h.t
	cancel := d.h.button(t.T("window.cancel"), theme.CancelIcon(), func() { d.dialog.Hide() })
	d.give = d.h.mainButton(t.T("window.users.give"), theme.ConfirmIcon(), d.giveAll)
	content := container.NewBorder(container.NewVBox(d.sum, container.NewHBox(d.pick, d.nobody)), nil, nil, nil, sized(1000, 330, d.grid))
	d.dialog = dialog.NewCustomWithoutButtons(t.T("window.users.title", "File", d.list.File), content, d.h.win)
	d.dialog.SetButtons([]fyne.CanvasObject{cancel, d.give})
	d.dialog.Show()
	d.refresh()
	d.grid.Focus()
}

// gives lists what would be given.
func (d *usersDialog) gives() []office.GiveBadge {
	var out []office.GiveBadge
	span := app.Span{From: d.opt.From}
	for i, r := range d.list.Rows {
		e := d.who[i]
		if e == "" {
			continue
		}
		if r.PINHolder != e {
			out = append(out, office.GiveBadge{Key: r.Key, EngagementID: e, Span: span})
		}
		if d.cards && r.CardKey.Value != "" && r.CardHolder != e {
			out = append(out, office.GiveBadge{Key: r.CardKey, EngagementID: e, Span: span})
		}
	}
	return out
}

func (d *usersDialog) name(e app.ID) string {
	if d.p.names == nil {
		return ""
	}
	return d.p.names.Worker(d.p.names.Engagements[e].WorkerID)
}

func (d *usersDialog) refresh() {
	t := d.h.t
	rows := make([]userRow, 0, len(d.list.Rows))
	unknown := 0
	for i, r := range d.list.Rows {
		row := userRow{key: t.Number(i), at: i, pin: r.PIN, name: r.Name, card: r.CardKey.Value, taps: t.Number(r.Taps), by: wording.UserBy(t, r.By)}
		if d.mine[i] {
			row.by = wording.UserBy(t, "match")
		}
		if d.who[i] == "" {
			unknown++
			row.who, row.look = t.T("window.users.nobody"), widget.WarningImportance
		} else {
			row.who = d.name(d.who[i])
			row.what = d.what(&r, d.who[i])
		}
		rows = append(rows, row)
	}
	d.grid.SetRows(rows)
	gives := len(d.gives())
	bad, left := "", ""
	if len(d.list.Bad) > 0 {
		bad = t.N("window.users.bad", len(d.list.Bad))
	}
	if unknown > 0 {
		left = t.N("window.users.unknown", unknown)
	}
	d.sum.SetText(lines(t.N("window.users.would", gives, "Box", d.p.boxLabel(d.list.Box.UID), "From", t.DateTime(d.opt.From, d.h.zone)), strings.TrimSpace(left+" "+bad)))
	d.enable()
}

// what says what a person gets, and who holds it no more.
func (d *usersDialog) what(r *office.UserRow, e app.ID) string {
	t := d.h.t
	var parts []string
	add := func(key string, holder app.ID) {
		text := t.T(key)
		if holder != "" {
			text += " " + t.T("window.users.takes", "Worker", d.name(holder))
		}
		parts = append(parts, text)
	}
	if r.PINHolder != e {
		add("window.users.getsPin", r.PINHolder)
	}
	if d.cards && r.CardKey.Value != "" && r.CardHolder != e {
		add("window.users.getsCard", r.CardHolder)
	}
	return strings.Join(parts, ", ")
}

func (d *usersDialog) enable() {
	_, ok := d.grid.Current()
	enable(ok, d.pick, d.nobody)
	if d.give != nil {
		enable(len(d.gives()) > 0, d.give)
	}
}

// set says who the selected people are.
func (d *usersDialog) set(e app.ID) {
	for _, r := range d.grid.Selected() {
		d.who[r.at], d.mine[r.at] = e, true
	}
	d.refresh()
}

// choose asks who the person at the cursor is.
func (d *usersDialog) choose() {
	r, ok := d.grid.Current()
	if !ok || d.p.names == nil {
		return
	}
	t := d.h.t
	f := d.h.newForm()
	f.note(t.T("window.users.choose.help", "PIN", r.pin, "Name", r.name))
	who := f.pick(t.T("window.col.person"), workerOptions(t, d.p.names), string(d.who[r.at]), "engagement")
	f.row("engagement").check = func() error {
		if who.value() == "" {
			return &app.FieldError{Field: "engagement", Code: "required", Example: "Peeters An"}
		}
		return nil
	}
	f.show(t.T("window.users.choose"), t.T("window.users.choose.ok"), func() func(context.Context) error {
		return func(context.Context) error { return nil }
	}, func() { d.set(app.ID(who.value())) })
}

// giveAll gives everything in one step, after showing what that changes of what was stored and sent.
func (d *usersDialog) giveAll() {
	gives := d.gives()
	give := func() {
		d.h.act(func(ctx context.Context) error { return d.p.desk.GiveBadges(ctx, gives, "") }, func() {
			d.dialog.Hide()
			d.h.say(d.h.t.N("window.users.given", len(gives)), widget.SuccessImportance)
		})
	}
	var effect *office.Effect
	d.h.act(func(ctx context.Context) (err error) {
		effect, err = d.p.desk.Preview(ctx, office.Proposal{Give: gives})
		return err
	}, func() {
		if effect.Nothing() {
			give()
			return
		}
		d.h.confirmEffect(d.h.t.T("window.users.title", "File", d.list.File), wording.Effect(d.h.t, d.p.names, effect), d.give.Text, give)
	})
}
