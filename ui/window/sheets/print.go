package sheets

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
	"klokkast/ui/window/kit"
)

// askPrint asks on which printer and how something is printed. Where nothing
// can be printed it says why, and offers to open the PDF or to save it.
func askPrint(h *kit.Host, desk *office.Office, title string, print func(printing.Job), save, open func()) {
	var printers []printing.Printer
	var failed error
	h.Act(func(ctx context.Context) error {
		printers, failed = desk.Sheets.Printers(ctx)
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

func showPrintForm(h *kit.Host, title string, printers []printing.Printer, print func(printing.Job)) {
	t := h.Texts
	var options []kit.Option
	for _, p := range printers {
		text := p.Name
		if p.Default {
			text = t.T("window.print.default", "Name", p.Name)
		}
		options = append(options, kit.Option{Value: p.Name, Text: text})
	}
	first := printers[0].Name
	if p, err := printing.Choose(printers, ""); err == nil {
		first = p.Name
	}
	f := h.NewForm()
	f.Width = 520
	on := f.Choice(t.T("window.print.printer"), options, first, "printer")
	copies := f.Text(t.T("window.print.copies"), "1", "copies")
	f.Row("copies").Check = func() error {
		if n, err := strconv.Atoi(copies.Text); err != nil || n < 1 || n > printing.MaxCopies {
			return &app.FieldError{Field: "copies", Code: "copies.range", Example: "1"}
		}
		return nil
	}
	sides := f.Tick(t.T("window.print.sides"), t.T("window.print.bothSides"), false, "sides")
	f.Show(title, t.T("window.print.do"), func() func(context.Context) error {
		return func(context.Context) error { return nil }
	}, func() {
		print(printing.Job{Printer: on.Value(), Copies: kit.Must(strconv.Atoi(copies.Text)), BothSides: sides.Checked})
	})
}

// sayNotPrinted says why nothing is printed, and what can be done instead.
func sayNotPrinted(h *kit.Host, err error, save, open func()) {
	t := h.Texts
	d := dialog.NewCustomWithoutButtons(t.T("window.print.not"), container.New(kit.MinWidth(480), kit.Wrapped(h.Reason(err))), h.Window)
	after := func(do func()) func() {
		return func() {
			d.Hide()
			do()
		}
	}
	close := h.Button(t.T("window.close"), nil, d.Hide)
	d.SetButtons([]fyne.CanvasObject{
		close,
		h.Button(t.T("window.preview.save"), theme.DocumentSaveIcon(), after(save)),
		h.Button(t.T("window.print.open"), theme.DocumentIcon(), after(open)),
	})
	d.Show()
	h.Window.Canvas().Focus(close)
}

// notPrinted is an error of printing, which sayNotPrinted shows.
type notPrinted struct{ error }

// Asks says that sayNotPrinted shows it.
func (notPrinted) Asks() {}

// Unwrap returns the error of printing.
func (n notPrinted) Unwrap() error { return n.error }

// askInstead makes an error of printing one that offers something else, and marks one that askReplace asks about.
func askInstead(err error) error {
	var e *printing.Error
	switch {
	case errors.As(err, &e):
		return notPrinted{e}
	case len(kit.InTheWay(err)) > 0:
		return kit.Question{Err: err}
	}
	return err
}
