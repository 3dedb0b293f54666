package window

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	clocks "klokkast/app/boxes"
	"klokkast/app/reading"
	"klokkast/ui/window/boxes"
	"klokkast/ui/window/kit"
)

// plugged are the boxes at the cables, and the strip above every screen that
// offers to read one that was just plugged in, or says why it cannot be.
type plugged struct {
	known bool // the first look is over: what comes now was plugged in
	list  []reading.Found
	fresh []clocks.BoxRow // plugged in and neither read nor waved aside
	strip *fyne.Container
	asked *kit.Inquiry // which of them were plugged in
}

// scan looks for boxes until ctx ends.
func (w *Window) scan(ctx context.Context) {
	w.opt.keep(func() {
		w.desk.Boxes.ScanBoxes(ctx, func(list []reading.Found) {
			list = slices.Clone(list)
			w.opt.do(func() { w.plug(list) })
		})
	})
}

// plug shows what has come and gone at the cables.
func (w *Window) plug(list []reading.Found) {
	p := &w.plugged
	came := map[string]bool{}
	for _, f := range list {
		if p.known && !slices.ContainsFunc(p.list, func(old reading.Found) bool { return old.Path == f.Path }) {
			came[f.Path] = true
		}
	}
	first := !p.known
	p.known, p.list = true, list
	p.fresh = slices.DeleteFunc(p.fresh, func(b clocks.BoxRow) bool { return !p.listed(b.Connected) })
	w.showPlugged()
	if !first {
		w.reload()
	}
	if len(came) == 0 {
		return
	}
	kit.Load(p.asked, nil, w.desk.Boxes.Rows, func(rows []clocks.BoxRow) {
		for _, b := range rows {
			if came[b.Connected] && kit.Readable(&b) && !w.works.Has(boxes.WorkKey(b.Connected)) {
				p.fresh = append(p.fresh, b)
			}
		}
		w.showPlugged()
	})
}

func (p *plugged) listed(path string) bool {
	return slices.ContainsFunc(p.list, func(f reading.Found) bool { return f.Path == path })
}

// locked says that a box is at a cable that this person may not use.
func (p *plugged) locked() bool {
	return slices.ContainsFunc(p.list, func(f reading.Found) bool { return f.Fault == reading.NoPermission })
}

// showPlugged fills the strip anew.
func (w *Window) showPlugged() {
	p, h := &w.plugged, w.host
	p.strip.RemoveAll()
	var read *kit.Button
	if p.locked() {
		text := kit.Wrapped(h.Texts.T("window.plugged.locked"))
		text.Importance = widget.DangerImportance
		p.strip.Add(container.NewBorder(nil, nil, widget.NewIcon(theme.WarningIcon()),
			h.Button(h.Texts.T("window.plugged.help"), theme.HelpIcon(), w.showUdevRule), text))
	}
	if n := len(p.fresh); n > 0 {
		var names []string
		for i := range p.fresh {
			names = append(names, kit.BoxName(h, &p.fresh[i]))
		}
		boxes := slices.Clone(p.fresh)
		wave := func() {
			p.fresh = nil
			w.showPlugged()
		}
		read = h.MainButton(h.Texts.T("window.plugged.read"), theme.DownloadIcon(), func() {
			wave()
			kit.ReadBoxes(h, w.desk, boxes)
		})
		later := h.Button(h.Texts.T("window.plugged.later"), theme.CancelIcon(), wave)
		p.strip.Add(
			container.NewBorder(nil, nil, nil, container.NewHBox(read, later), kit.Bold(h.Texts.N("window.plugged.came", n, "Boxes", h.Texts.List(names)))),
		)
	}
	kit.SetVisible(p.strip, len(p.strip.Objects) > 0)
	p.strip.Refresh()
	// Enter reads it, unless someone is writing elsewhere.
	if c := w.win.Canvas(); read != nil && c.Focused() == nil && c.Overlays().Top() == nil {
		c.Focus(read)
	}
}

// udevFile is where a Linux computer's own udev rules stand.
const udevFile = "/etc/udev/rules.d/70-klokkast.rules"

// showUdevRule says what gives people at this computer the right to use a box.
func (w *Window) showUdevRule() {
	t := w.host.Texts
	rule := widget.NewLabel(w.opt.UdevRule)
	rule.TextStyle.Monospace, rule.Selectable, rule.Wrapping = true, true, fyne.TextWrapBreak
	copied := w.host.Button(t.T("window.plugged.copy"), theme.ContentCopyIcon(), func() { w.app.Clipboard().SetContent(w.opt.UdevRule) })
	body := container.NewVBox(kit.Wrapped(t.T("window.plugged.udev", "File", udevFile)), rule, container.NewHBox(copied))
	dialog.NewCustom(t.T("window.plugged.udev.title"), t.T("window.close"), container.New(kit.MinWidth(640), body), w.win).Show()
}
