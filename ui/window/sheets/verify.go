package sheets

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/timesheet"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// askVerify compares a paper with the data: a file that is chosen, or the code that is typed from it.
func askVerify(h *kit.Host, desk *office.Office, names *derived.Names) {
	if names == nil {
		return
	}
	t := h.Texts
	f := h.NewForm()
	f.Note(t.T("window.verify.help"))
	file := f.Text(t.T("window.verify.file"), "", "file")
	f.Add("", h.Button(t.T("window.verify.choose"), theme.FolderOpenIcon(), func() { h.FileDialog(file.SetText, ".pdf") }))
	code := f.Text(t.T("window.verify.code"), "", "code")
	code.PlaceHolder = "04000-Q1ZK8-…"
	var check *documents.FileCheck
	f.Show(t.T("window.verify.title"), t.T("window.verify.do"), func() func(context.Context) error {
		path, typed := strings.TrimSpace(file.Text), strings.TrimSpace(code.Text)
		return func(ctx context.Context) (err error) {
			if path != "" && typed == "" {
				check, err = desk.Checks.VerifyPaperFile(ctx, path)
				return err
			}
			one, err := desk.Checks.VerifyPaperCode(ctx, typed)
			if err == nil {
				check = &documents.FileCheck{Papers: []documents.PaperCheck{*one}}
			}
			return err
		}
	}, func() { showVerified(h, names, check) })
}

// VerifyDropped compares the first PDF of some files that were dropped onto the window.
func VerifyDropped(h *kit.Host, desk *office.Office, files []fyne.URI) {
	i := slices.IndexFunc(files, func(f fyne.URI) bool { return f.Scheme() == "file" && strings.EqualFold(f.Extension(), ".pdf") })
	if i < 0 {
		return
	}
	var names *derived.Names
	var check *documents.FileCheck
	h.Act(func(ctx context.Context) (err error) {
		if names, err = desk.Derived.Names(ctx); err != nil {
			return err
		}
		check, err = desk.Checks.VerifyPaperFile(ctx, files[i].Path())
		return err
	}, func() { showVerified(h, names, check) })
}

// showVerified tells how papers stand to the data.
func showVerified(h *kit.Host, names *derived.Names, check *documents.FileCheck) {
	text := kit.Wrapped(verified(h, names, check))
	text.Selectable = true
	h.Show(dialog.NewCustom(h.Texts.T("window.verify.title"), h.Texts.T("window.close"), kit.Sized(720, 380, container.NewVScroll(text)), h.Window))
}

// verified words what was found, paper by paper.
func verified(h *kit.Host, names *derived.Names, check *documents.FileCheck) string {
	t := h.Texts
	var lines []string
	if check.File != "" {
		lines = append(lines, wording.FileVerdict(t, check.File), "")
	}
	for i := range check.Papers {
		c := &check.Papers[i]
		lines = append(lines, wording.Paper(t, names, c), wording.PaperVerdict(t, c))
		for _, f := range c.Facts {
			lines = append(
				lines,
				"• "+wording.PaperFact(t, f.Field)+": "+wording.PaperFactText(t, f.Field, f.Was)+" → "+wording.PaperFactText(t, f.Field, f.Is),
			)
		}
		for j := range c.Differences {
			d := &c.Differences[j]
			lines = append(lines, "• "+t.Date(d.Day)+" "+names.WorkerOf(d.EngagementID)+": "+wording.Printed(t, &d.Was)+" → "+wording.Printed(t, &d.Is))
		}
		lines = append(lines, wording.PrintedPaper(t, names, c)...)
		for _, a := range c.Since {
			lines = append(lines, "• "+t.T("window.verify.since", "Day", a.Day, "Who",
				names.WorkerOf(a.EngagementID), "Hours", timesheet.Minutes(a.Difference().Worked).String()))
		}
		lines = append(lines, "")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
