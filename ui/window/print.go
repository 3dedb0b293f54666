package window

import (
	"context"
	"errors"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/printing"
)

// askPrint asks on which printer and how something is printed. Where nothing
// can be printed it says why, and offers to open the PDF or to save it.
func askPrint(h *host, desk *office.Office, title string, print func(printing.Job), save, open func()) {
	var printers []printing.Printer
	var failed error
	h.act(func(ctx context.Context) error {
		printers, failed = desk.Printers(ctx)
		if failed == nil && len(printers) == 0 {
			failed = &printing.Error{Problem: printing.NoPrinter}
		}
		return nil
	}, func() {
		if failed != nil {
			sayNotPrinted(h, failed, save, open)
			return
		}
		showPrintForm(h, title, printers, print)
	})
}

func showPrintForm(h *host, title string, printers []printing.Printer, print func(printing.Job)) {
	t := h.t
	var options []option
	for _, p := range printers {
		text := p.Name
		if p.Default {
			text = t.T("window.print.default", "Name", p.Name)
		}
		options = append(options, option{p.Name, text})
	}
	first := printers[0].Name
	if p, err := printing.Choose(printers, ""); err == nil {
		first = p.Name
	}
	f := h.newForm()
	f.width = 520
	on := f.choice(t.T("window.print.printer"), options, first, "printer")
	copies := f.text(t.T("window.print.copies"), "1", "copies")
	f.row("copies").check = func() error {
		if n, err := strconv.Atoi(copies.Text); err != nil || n < 1 || n > printing.MaxCopies {
			return &app.FieldError{Field: "copies", Code: "copies.range", Example: "1"}
		}
		return nil
	}
	sides := f.tick(t.T("window.print.sides"), t.T("window.print.bothSides"), false, "sides")
	f.show(title, t.T("window.print.do"), func() func(context.Context) error {
		return func(context.Context) error { return nil }
	}, func() {
		print(printing.Job{Printer: on.value(), Copies: must(strconv.Atoi(copies.Text)), BothSides: sides.Checked})
	})
}

// sayNotPrinted says why nothing is printed, and what can be done instead.
func sayNotPrinted(h *host, err error, save, open func()) {
	t := h.t
	d := dialog.NewCustomWithoutButtons(t.T("window.print.not"), container.New(minWidth(480), wrapped(h.reason(err))), h.win)
	after := func(do func()) func() {
		return func() {
			d.Hide()
			do()
		}
	}
	close := h.button(t.T("window.close"), nil, d.Hide)
	d.SetButtons([]fyne.CanvasObject{
		close,
		h.button(t.T("window.preview.save"), theme.DocumentSaveIcon(), after(save)),
		h.button(t.T("window.print.open"), theme.DocumentIcon(), after(open)),
	})
	d.Show()
	h.win.Canvas().Focus(close)
}

// notPrinted is an error of printing, which sayNotPrinted shows.
type notPrinted struct{ error }

func (notPrinted) asks() {}

// Unwrap gives the error of printing.
func (n notPrinted) Unwrap() error { return n.error }

// askInstead makes an error of printing one that offers something else, and marks one that askReplace asks about.
func askInstead(err error) error {
	var e *printing.Error
	switch {
	case errors.As(err, &e):
		return notPrinted{e}
	case len(inTheWay(err)) > 0:
		return question{err}
	}
	return err
}
