package kit

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"klokkast/ui/window/field"
)

// Page is one screen.
type Page interface {
	Content() fyne.CanvasObject
	// reload loads again in the background.
	Reload()
	// filter is the entry that Ctrl+F goes to; nil where there is none.
	Filter() *field.Entry
	// narrow shows only what another screen leads to, such as one severity; "" everything.
	Narrow(what string)
}

// FileDialog asks for a file to open and gives its path.
func (h *Host) FileDialog(then func(path string), extensions ...string) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			h.Fail(fmt.Errorf("choose a file: %w", err))
			return
		}
		if r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close() // it was opened by the dialog; who reads it opens it again
		then(path)
	}, h.Window)
	if len(extensions) > 0 {
		d.SetFilter(extensionFilter(extensions))
	}
	d.Show()
	d.Resize(fyne.NewSize(900, 600)) // only after Show: before it there is nothing to resize, and it crashes
}

// FolderDialog asks for a folder.
func (h *Host) FolderDialog(then func(path string)) {
	d := dialog.NewFolderOpen(func(l fyne.ListableURI, err error) {
		if err != nil {
			h.Fail(fmt.Errorf("choose a folder: %w", err))
			return
		}
		if l != nil {
			then(l.Path())
		}
	}, h.Window)
	d.Show()
	d.Resize(fyne.NewSize(900, 600)) // only after Show: before it there is nothing to resize, and it crashes
}
