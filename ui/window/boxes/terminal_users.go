package boxes

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
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/identity"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// askUsers takes in the people of a terminal: from which one the file is, and
// from when they hold what they hold there, is asked first.
func (p *Screen) askUsers(path string) {
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.users.help", "File", filepath.Base(path)))
	choices := p.fileBoxes()[1:]
	chosen := ""
	if r, ok := p.grid.Current(); ok && r.row.Known && r.row.Box.Make.Can().Files {
		chosen = r.row.Box.UID
	} else if len(choices) == 1 {
		chosen = choices[0].Value
	}
	if len(choices) == 0 {
		p.h.Tell(filepath.Base(path), t.T("window.users.noBox"))
		return
	}
	box := f.Choice(t.T("window.col.box"), choices, chosen, "box")
	f.Row("box").Check = func() error {
		if box.Value() == "" {
			return &app.FieldError{Field: "box", Code: "required", Example: choices[0].Text}
		}
		return nil
	}
	from := f.Moment(t.T("window.field.from"), p.h.Today().Start(p.h.Zone), p.h.Zone, true, "from")
	cards := f.Choice(t.T("window.users.cards"),
		[]kit.Option{{Value: "", Text: t.T("window.users.cards.no")}, {Value: string(identity.Plain), Text: t.T("window.users.cards.plain")},
			{Value: string(identity.Reversed), Text: t.T("window.users.cards.reversed")}}, "", "notation")
	var list *boxes.UserList
	var opt boxes.UserOptions
	withCards := false
	f.Show(t.T("window.users.title", "File", filepath.Base(path)), t.T("window.import.go"), func() func(context.Context) error {
		opt = boxes.UserOptions{Box: box.Value(), From: kit.Must(from.Instant()), Notation: identity.NotationKind(cards.Value())}
		withCards = cards.Value() != ""
		return func(ctx context.Context) error {
			var err error
			list, err = p.desk.Files.TerminalUsers(ctx, path, opt)
			return err
		}
	}, func() { newUsersDialog(p, list, opt, withCards).show() })
}

// usersDialog matches the people of a terminal to workers.
type usersDialog struct {
	p     *Screen
	h     *kit.Host
	opt   boxes.UserOptions
	list  *boxes.UserList
	cards bool
	who   []app.ID // the engagement of each row; "" for nobody
	mine  []bool   // chosen by the person

	grid   *grid.Grid[userRow]
	pick   *kit.Button
	nobody *kit.Button
	give   *kit.Button
	sum    *widget.Label
	dialog *dialog.CustomDialog
}

type userRow struct {
	key, pin, name, card, taps, who, by, what string
	at                                        int
	look                                      widget.Importance
}

func newUsersDialog(p *Screen, list *boxes.UserList, opt boxes.UserOptions, cards bool) *usersDialog {
	t := p.h.Texts
	d := &usersDialog{p: p, h: p.h, opt: opt, list: list, cards: cards, mine: make([]bool, len(list.Rows))}
	for _, r := range list.Rows {
		d.who = append(d.who, r.Proposal)
	}
	columns := []grid.Column[userRow]{
		{Key: "pin", Title: t.T("window.users.pin"), Width: 80, Text: func(r userRow) string { return r.pin }},
		{Key: "name", Title: t.T("window.users.name"), Width: 160, Text: func(r userRow) string { return r.name }},
		{Key: "card", Title: t.T("window.users.card"), Width: 95, Text: func(r userRow) string { return r.card }},
		{Key: "taps", Title: t.T("window.col.punches"), Width: 94, Firm: true, Right: true, Text: func(r userRow) string { return r.taps }},
		{Key: "who", Title: t.T("window.col.person"), Width: 150, Text: func(r userRow) string { return r.who },
			Look: func(r userRow) widget.Importance { return r.look }},
		{Key: "by", Title: t.T("window.users.by"), Width: 150, Text: func(r userRow) string { return r.by }},
		{Key: "what", Title: t.T("window.col.what"), Width: 250, Text: func(r userRow) string { return r.what }},
	}
	d.grid = kit.NewGrid(p.h, t.T("window.nothing"), func(r userRow) string { return r.key }, columns)
	d.pick = p.h.Button(t.T("window.users.choose"), theme.AccountIcon(), d.choose)
	d.nobody = p.h.Button(t.T("window.users.nobody"), theme.ContentClearIcon(), func() { d.set("") })
	d.grid.OnOpen = func(userRow) { d.choose() }
	d.grid.OnSelect = d.enable
	d.sum = kit.Wrapped("")
	d.refresh()
	return d
}

func (d *usersDialog) show() {
	t := d.h.Texts
	cancel := d.h.Button(t.T("window.cancel"), theme.CancelIcon(), func() { d.dialog.Hide() })
	d.give = d.h.MainButton(t.T("window.users.give"), theme.ConfirmIcon(), d.giveAll)
	content := container.NewBorder(container.NewVBox(d.sum, container.NewHBox(d.pick, d.nobody)), nil, nil, nil, kit.Sized(1000, 330, d.grid))
	d.dialog = dialog.NewCustomWithoutButtons(t.T("window.users.title", "File", d.list.File), content, d.h.Window)
	d.dialog.SetButtons([]fyne.CanvasObject{cancel, d.give})
	d.dialog.Show()
	d.refresh()
	d.grid.Focus()
}

// gives lists what would be given.
func (d *usersDialog) gives() []acts.GiveBadge {
	var out []acts.GiveBadge
	span := app.Span{From: d.opt.From}
	for i, r := range d.list.Rows {
		e := d.who[i]
		if e == "" {
			continue
		}
		if r.PINHolder != e {
			out = append(out, acts.GiveBadge{Key: r.Key, EngagementID: e, Span: span})
		}
		if d.cards && r.CardKey.Value != "" && r.CardHolder != e {
			out = append(out, acts.GiveBadge{Key: r.CardKey, EngagementID: e, Span: span})
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
	t := d.h.Texts
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
	d.sum.SetText(kit.Lines(t.N("window.users.would", gives, "Box", d.p.boxLabel(d.list.Box.UID), "From", t.DateTime(d.opt.From, d.h.Zone)),
		strings.TrimSpace(left+" "+bad)))
	d.enable()
}

// what says what a person gets, and who holds it no more.
func (d *usersDialog) what(r *boxes.UserRow, e app.ID) string {
	t := d.h.Texts
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
	kit.Enable(ok, d.pick, d.nobody)
	if d.give != nil {
		kit.Enable(len(d.gives()) > 0, d.give)
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
	t := d.h.Texts
	f := d.h.NewForm()
	f.Note(t.T("window.users.choose.help", "PIN", r.pin, "Name", r.name))
	who := f.Pick(t.T("window.col.person"), kit.WorkerOptions(t, d.p.names), string(d.who[r.at]), "engagement")
	f.Row("engagement").Check = func() error {
		if who.Value() == "" {
			return &app.FieldError{Field: "engagement", Code: "required", Example: "Peeters An"}
		}
		return nil
	}
	f.Show(t.T("window.users.choose"), t.T("window.users.choose.ok"), func() func(context.Context) error {
		return func(context.Context) error { return nil }
	}, func() { d.set(app.ID(who.Value())) })
}

// giveAll returns everything in one step, after showing what that changes of what was stored and sent.
func (d *usersDialog) giveAll() {
	gives := d.gives()
	give := func() {
		d.h.Act(func(ctx context.Context) error { return d.p.desk.Staff.GiveBadges(ctx, gives, "") }, func() {
			d.dialog.Hide()
			d.h.Say(d.h.Texts.N("window.users.given", len(gives)), widget.SuccessImportance)
		})
	}
	var effect *acts.Effect
	d.h.Act(func(ctx context.Context) (err error) {
		effect, err = d.p.desk.Judgements.Preview(ctx, acts.Proposal{Give: gives})
		return err
	}, func() {
		if effect.Nothing() {
			give()
			return
		}
		d.h.ConfirmEffect(d.h.Texts.T("window.users.title", "File", d.list.File), wording.Effect(d.h.Texts, d.p.names, effect), d.give.Text, give)
	})
}
