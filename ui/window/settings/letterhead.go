package settings

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/ui/window/kit"
)

// AskLetterhead asks for name, address, enterprise number and logo of the company as papers bear them.
func AskLetterhead(h *kit.Host, desk *office.Office) {
	t, before := h.Texts, desk.Settings().Letterhead
	f := h.NewForm()
	f.Note(t.T("window.letterhead.help"))
	name := f.Text(t.T("window.col.name"), before.Name, "letterhead.name")
	lines := f.Lines(t.T("window.letterhead.lines"), strings.Join(before.Lines, "\n"), "letterhead.lines")
	number := ""
	if before.Enterprise != "" {
		number = identity.FormatEnterprise(before.Enterprise)
	}
	enterprise := f.Text(t.T("timesheet.enterprise"), number, "enterprise", "enterpriseNumber", "letterhead.enterprise")
	logo := f.Text(t.T("window.letterhead.logo"), "", "letterhead.logo")
	f.Add("", h.Button(t.T("window.verify.choose"), theme.FolderOpenIcon(), func() { h.FileDialog(logo.SetText, ".png", ".jpg", ".jpeg") }))
	var none *widget.Check
	if before.Logo != "" {
		none = f.Tick("", t.T("window.letterhead.noLogo"), false)
	}
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.menu.letterhead"), t.T("window.save"), func() func(context.Context) error {
		l := app.Letterhead{Name: name.Text, Lines: strings.Split(lines.Text, "\n"), Enterprise: strings.TrimSpace(enterprise.Text)}
		file, away, reason := strings.TrimSpace(logo.Text), none != nil && none.Checked, why.Text
		return func(ctx context.Context) error {
			if file != "" || away {
				return desk.SetLetterhead(ctx, l, &file, reason)
			}
			return desk.SetLetterhead(ctx, l, nil, reason)
		}
	}, nil)
}
