package window

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/office"
	"klokkast/ui/wording"
)

// foresee has a form show what it would change before it does it: proposal
// reads the entries in the window, as collect of show does.
func (f *form) foresee(desk *office.Office, names *office.Names, proposal func() office.Proposal) {
	f.look = func() func(context.Context) (*office.Effect, error) {
		p := proposal()
		return func(ctx context.Context) (*office.Effect, error) { return desk.Preview(ctx, p) }
	}
	f.names = names
}

// lookFirst shows what would change and does it when that is agreed to. What
// changes nothing is done at once.
func (f *form) lookFirst(do func(context.Context) error, done func()) {
	look := f.look()
	var effect *office.Effect
	f.work(func(ctx context.Context) (err error) {
		effect, err = look(ctx)
		return err
	}, func() {
		if effect.Nothing() {
			f.carryOut(do, done)
			return
		}
		f.h.confirmEffect(f.title, wording.Effect(f.h.t, f.names, effect), f.save.Text, func() { f.carryOut(do, done) })
	})
}

// confirmEffect asks whether to go on, over what would change.
func (h *host) confirmEffect(title string, lines []string, yes string, then func()) {
	text := wrapped(strings.Join(lines, "\n"))
	text.Selectable = true
	scroll := container.NewVScroll(text)
	d := dialog.NewCustomWithoutButtons(title, container.NewBorder(bold(h.t.T("window.effect.title")), nil, nil, nil, scroll), h.win)
	cancel := h.button(h.t.T("window.cancel"), theme.CancelIcon(), d.Hide)
	ok := h.mainButton(strings.TrimSuffix(yes, "…"), theme.ConfirmIcon(), func() {
		d.Hide()
		then()
	})
	d.SetButtons([]fyne.CanvasObject{cancel, ok})
	d.Resize(fyne.NewSize(620, 380))
	h.show(d)
	h.effect = ok
	h.win.Canvas().Focus(ok)
}

// undoLast undoes what was settled last, by a further step.
func undoLast(h *host, desk *office.Office) {
	if desk.Undoable() == "" {
		h.say(h.t.T("error.undo.nothing"), widget.MediumImportance)
		return
	}
	var what string
	h.act(func(ctx context.Context) (err error) {
		what, err = desk.Undo(ctx)
		return err
	}, func() { h.say(h.t.T("window.undo.done", "What", wording.Act(h.t, what)), widget.SuccessImportance) })
}

// settled says that something was settled, and how it is undone.
func (h *host) settled() { h.say(h.t.T("window.undo.can"), widget.SuccessImportance) }
