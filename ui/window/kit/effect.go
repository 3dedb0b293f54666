package kit

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// Foresee has a form show what it would change before it does it: proposal
// reads the entries in the window, as collect of show does.
func (f *Form) Foresee(desk *office.Office, names *derived.Names, proposal func() acts.Proposal) {
	f.look = func() func(context.Context) (*acts.Effect, error) {
		p := proposal()
		return func(ctx context.Context) (*acts.Effect, error) { return desk.Judgements.Preview(ctx, p) }
	}
	f.names = names
}

// lookFirst shows what would change and does it when that is agreed to. What
// changes nothing is done at once.
func (f *Form) lookFirst(do func(context.Context) error, done func()) {
	look := f.look()
	var effect *acts.Effect
	f.work(func(ctx context.Context) (err error) {
		effect, err = look(ctx)
		return err
	}, func() {
		if effect.Nothing() {
			f.carryOut(do, done)
			return
		}
		f.Host.ConfirmEffect(f.title, wording.Effect(f.Host.Texts, f.names, effect), f.Save.Text, func() { f.carryOut(do, done) })
	})
}

// ConfirmEffect asks whether to go on, over what would change.
func (h *Host) ConfirmEffect(title string, lines []string, yes string, then func()) {
	text := Wrapped(strings.Join(lines, "\n"))
	text.Selectable = true
	scroll := container.NewVScroll(text)
	d := dialog.NewCustomWithoutButtons(title, container.NewBorder(Bold(h.Texts.T("window.effect.title")), nil, nil, nil, scroll), h.Window)
	cancel := h.Button(h.Texts.T("window.cancel"), theme.CancelIcon(), d.Hide)
	ok := h.MainButton(strings.TrimSuffix(yes, "…"), theme.ConfirmIcon(), func() {
		d.Hide()
		then()
	})
	d.SetButtons([]fyne.CanvasObject{cancel, ok})
	d.Resize(fyne.NewSize(620, 380))
	h.Show(d)
	h.Effect = ok
	h.Window.Canvas().Focus(ok)
}

// UndoLast undoes what was settled last, by a further step.
func UndoLast(h *Host, desk *office.Office) {
	if desk.Undoable() == "" {
		h.Say(h.Texts.T("error.undo.nothing"), widget.MediumImportance)
		return
	}
	var what string
	h.Act(func(ctx context.Context) (err error) {
		what, err = desk.Undo(ctx)
		return err
	}, func() {
		h.Say(h.Texts.T("window.undo.done", "What", wording.Act(h.Texts, what)), widget.SuccessImportance)
	})
}

// Settled says that something was settled, and how it is undone.
func (h *Host) Settled() { h.Say(h.Texts.T("window.undo.can"), widget.SuccessImportance) }
