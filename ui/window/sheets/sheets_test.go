package sheets

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/export"
	"klokkast/app/printing"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
	"klokkast/ui/officetest"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

var october = app.Month{Year: 2026, Month: 10}.Days()

// theSheets opens the timesheets of October with Anna's chosen.
func theSheets(t *testing.T, prepare ...func(*officetest.Company)) (*kittest.Stage, *Screen) {
	t.Helper()
	s := kittest.Enter(t, app.English, prepare...)
	p := kittest.Shows(s, New(s.Host, s.Office))
	p.days.Choose(october)
	p.grid.Select(string(s.Company.OfAnna.ID))
	return s, p
}

// aDayInOctober has Anna work a whole day.
func aDayInOctober(c *officetest.Company) {
	c.Read(officetest.In("2026-10-05 06:00"), officetest.Out("2026-10-05 10:30"))
}

func TestAMonthIsApprovedInTheWindow(t *testing.T) {
	september := app.Month{Year: 2026, Month: 9}.Days()
	s, p := theSheets(t, func(c *officetest.Company) {
		kittest.MustBe(c.Office().Approvals.Approve(t.Context(), documents.ApprovalChoice{Days: september, Workers: []app.ID{c.Anna.ID}}, nil))(t)
		c.Read(officetest.In("2026-09-01 06:00"), officetest.Out("2026-09-01 08:30"))
	}, aDayInOctober)
	row, _ := p.grid.Current()
	if row.approval != "can be approved" || row.added != "+2:30" {
		t.Errorf("the row says %q, %q", row.approval, row.added)
	}
	if !p.withdraw.Disabled() {
		t.Error("what is not approved can be withdrawn")
	}
	test.Tap(p.approve)
	test.Tap(s.Host.Form.Save)
	if got := s.Period(october); got.Status != documents.PeriodApproved || s.Did("period.approve") != 2 {
		t.Errorf("it is %s; %s", got.Status, s.Texts())
	}
	if !strings.Contains(s.Said, "1 person approved") {
		t.Errorf("the status line says %q", s.Said)
	}
}

// What is refused is a link to what settles it.
func TestARefusalLeadsToItsAnomaly(t *testing.T) {
	s, p := theSheets(t, func(c *officetest.Company) { c.Read(officetest.In("2026-10-06 06:00")) })
	row, _ := p.grid.Current()
	if row.approval != "1 thing to settle" {
		t.Errorf("the row says %q", row.approval)
	}
	p = kittest.Shows(s, New(s.Host, s.Office))
	p.days.Choose(october) // without a selection everyone is meant
	test.Tap(p.approve)
	if got := s.Host.Form.Row("site").Control.(*kit.Choice).Value(); got != ofEveryone {
		t.Fatalf("approved are %s", got)
	}
	test.Tap(s.Host.Form.Save)
	settle := s.ButtonOnTop("To the anomaly")
	if settle.Disabled() {
		t.Fatal("the refusal leads nowhere")
	}
	test.Tap(settle)
	if len(s.Gone) != 1 || s.Gone[0] != [2]string{"anomalies", kittest.KeyOf(s.Company, app.MissingOut).String()} {
		t.Errorf("went to %v", s.Gone)
	}
}

func TestAnApprovalIsWithdrawnWithAReason(t *testing.T) {
	s, p := theSheets(t, aDayInOctober, func(c *officetest.Company) {
		kittest.MustBe(c.Office().Approvals.Approve(t.Context(), documents.ApprovalChoice{Days: october, Workers: []app.ID{c.Anna.ID}}, nil))(t)
		c.Read(officetest.In("2026-10-07 06:00"), officetest.Out("2026-10-07 06:30"))
	})
	test.Tap(p.period)
	s.ButtonOnTop("To the anomaly")
	s.Tap("Close")
	test.Tap(p.withdraw)
	s.Host.Form.Rows[0].Control.(interface{ SetText(string) }).SetText("wrong site")
	test.Tap(s.Host.Form.Save)
	if got := s.Period(october); got.Approval != nil || s.Did("period.withdraw") != 1 {
		t.Errorf("withdrew %d, it is %s", s.Did("period.withdraw"), got.Status)
	}
	for _, e := range s.Company.Acts("") {
		if e.What == "period.withdraw" && !strings.Contains(e.Payload, "wrong site") {
			t.Errorf("because of %s", e.Payload)
		}
	}
}

// What may still come to a period is said before it is closed.
func TestAPeriodInDoubtAsksBeforeItIsApproved(t *testing.T) {
	s, p := theSheets(t)
	november := app.Month{Year: 2026, Month: 11}.Days()
	p.days.Choose(november)
	p.grid.Select(string(s.Company.OfAnna.ID))
	test.Tap(p.approve)
	test.Tap(s.Host.Form.Save)
	if s.Did("period.approve") != 0 {
		t.Fatal("it was approved without asking")
	}
	s.Tap("Approve all the same")
	if s.Did("period.approve") != 1 || s.Period(november).Status != documents.PeriodApproved {
		t.Errorf("it is %s", s.Period(november).Status)
	}
}

func TestTheMonthOfTimesheets(t *testing.T) {
	for day, want := range map[string]string{"2026-11-02": "2026-10", "2026-11-11": "2026-11", "2026-01-05": "2025-12"} {
		d, err := app.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := sheetMonth(d).String(); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}

// The one under way ends, no other begins.
func TestWritingTimesheetsStopsBetweenTwo(t *testing.T) {
	s, p := theSheets(t, func(c *officetest.Company) {
		kittest.MustBe(c.Office().Staff.SaveEngagement(t.Context(),
			app.Engagement{WorkerID: c.Bart.ID, EmployerID: c.Subcontractor.ID, Days: app.Days{From: app.NewDate(2026, 1, 1)}}, officetest.Why))(t)
	})
	if n := len(p.grid.Shown()); n != 3 {
		t.Fatalf("%d sheets", n)
	}
	s.OnAsk = func() {
		if len(s.Files(".pdf")) == 1 {
			s.Host.Works.CancelAll()
		}
	}
	p.write(p.grid.Shown(), nil)
	if n := len(s.Files(".pdf")); n != 1 || !strings.Contains(s.Said, "Stopped") {
		t.Errorf("%d were written, status %q", n, s.Said)
	}
	opened := 0
	for _, r := range p.grid.Shown() {
		p.grid.Select(r.key)
		if !p.openOne.Disabled() {
			opened++
		}
	}
	if opened != 1 {
		t.Errorf("%d of what was written can be opened", opened)
	}
}

func TestOtherDaysThanAMonthArePrinted(t *testing.T) {
	s, p := theSheets(t, aDayInOctober)
	week := app.Days{From: app.NewDate(2026, 10, 5), To: app.NewDate(2026, 10, 11)}
	p.days.Choose(week)
	p.grid.Select(string(s.Company.OfAnna.ID))
	test.Tap(p.some)
	papers := kittest.MustBe(s.Company.Store.Papers(t.Context()))(t)
	if len(papers) != 1 || papers[0].Days != week || papers[0].EngagementID != s.Company.OfAnna.ID || len(s.Files(".pdf")) != 1 {
		t.Errorf("printed %+v", papers)
	}
}

// atPrinter asks to print Anna's sheet.
func atPrinter(t *testing.T, printers ...printing.Printer) (*kittest.Stage, *Screen) {
	t.Helper()
	s, p := theSheets(t, aDayInOctober)
	s.Company.Tray.Has = printers
	test.Tap(p.print)
	return s, p
}

func TestASheetIsPrintedAsTheFormSays(t *testing.T) {
	s, _ := atPrinter(t, printing.Printer{Name: "Attic"}, printing.Printer{Name: "Depot", Default: true})
	f := s.Host.Form
	copies := f.Row("copies")
	s.Types("copies", "0")
	f.Submit()
	if len(s.Company.Tray.Jobs) != 0 || !copies.Problem.Visible() {
		t.Error("no copies at all are printed")
	}
	s.Types("copies", "2")
	f.Submit()
	if want := (printing.Job{Printer: "Depot", Copies: 2}); !slices.Equal(s.Company.Tray.Jobs, []printing.Job{want}) || s.Company.Tray.Papers != 1 ||
		len(s.Files(".pdf")) != 1 {
		t.Errorf("printed as %+v, want %+v; %d papers, in the folder %v", s.Company.Tray.Jobs, want, s.Company.Tray.Papers, s.Files(".pdf"))
	}
}

func TestWithoutAPrinterThePDFIsOffered(t *testing.T) {
	s, p := atPrinter(t)
	if got := s.Texts(); !strings.Contains(got, "no printer is set up") {
		t.Errorf("shown: %s", got)
	}
	s.Tap("Save as PDF")
	if len(s.Files(".pdf")) != 1 || p.openOne.Disabled() {
		t.Errorf("written %v", s.Files(".pdf"))
	}
}

func TestAPrinterThatRefusesOffersThePDF(t *testing.T) {
	s, _ := atPrinter(t, printing.Printer{Name: "Depot"})
	s.Company.Tray.Err = &printing.Error{Problem: printing.Refused, Name: "lp", Detail: "Out of paper."}
	s.Host.Form.Submit()
	if got := s.Texts(); !strings.Contains(got, "Out of paper.") {
		t.Errorf("shown: %s", got)
	}
	var opened string
	s.Host.Open = func(path string) error { opened = path; return nil }
	s.Tap("Open the PDF")
	if files := s.Files(".pdf"); len(files) != 1 || opened != filepath.Join(s.Host.Export, files[0]) {
		t.Errorf("written %v, opened %q", files, opened)
	}
}

func TestManySheetsInOneFile(t *testing.T) {
	s, p := theSheets(t, aDayInOctober)
	p.bundle.SetChecked(true)
	test.Tap(p.every)
	if files := s.Files(".pdf"); len(files) != 1 || !strings.HasSuffix(files[0], "-timesheets.pdf") {
		t.Errorf("written %v", files)
	}
	if !strings.Contains(s.Said, "2 timesheets") {
		t.Errorf("status %q", s.Said)
	}
	p.sayFailed([]documents.SheetFailure{{Engagement: s.Company.OfBart.ID, Err: &paper.UndrawableError{Field: "worker.familyName", Rune: '中'}}},
		map[app.ID]string{s.Company.OfBart.ID: "Bart"})
	if got := s.Texts(); !strings.Contains(got, "Bart: ") || !strings.Contains(got, "1 timesheet could not be printed") || !strings.Contains(got, "U+4E2D") {
		t.Errorf("shown: %s", got)
	}
}

func TestASheetIsLookedAtAndNothingIsWritten(t *testing.T) {
	s, p := theSheets(t, aDayInOctober)
	test.Tap(p.look)
	view, ok := s.Host.Window.Canvas().Focused().(*pageView)
	if !ok || len(view.of.pages) == 0 {
		t.Fatal("the keyboard is not on the page")
	}
	view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Top() != nil || len(s.Files(".pdf")) != 0 {
		t.Error("the preview is still there, or something was written")
	}
}

func TestSheetsAreReplacedOnlyWhenThePersonSaysSo(t *testing.T) {
	s, p := theSheets(t, aDayInOctober)
	row := p.grid.Selected()
	p.write(row, nil)
	path := s.Somebodys(".pdf")
	p.write(row, nil)
	s.AsksAbout(path, "Cancel")
	opened := false
	p.write(row, func() { opened = true })
	s.AsksAbout(path, "Replace")
	if !opened {
		t.Error("it did not go on")
	}
}

func TestListsAreReplacedOnlyWhenThePersonSaysSo(t *testing.T) {
	s, p := theSheets(t, aDayInOctober)
	write := func() {
		p.export()
		test.Tap(s.Host.Form.Save)
	}
	write()
	path := s.Somebodys(".xlsx")
	write()
	s.AsksAbout(path, "Replace")
	if !strings.Contains(s.Said, path) {
		t.Errorf("said %q", s.Said)
	}
}

func TestExportShowsTheFirstLinesAsTheProfileChanges(t *testing.T) {
	s := kittest.Enter(t, app.English, aDayInOctober)
	profiles := export.Presets()
	e := &exportForm{h: s.Host, desk: s.Office, what: documents.ExportChoice{Days: october}, dir: "/x", profiles: profiles}
	e.show()
	if !strings.Contains(e.preview.Text, "/x") || e.csvRows[0].Object.Visible() {
		t.Errorf("a spreadsheet shows %q and the fields of a profile", e.preview.Text)
	}
	e.as.Set(csvPrefix + profiles[0].Name)
	e.columns.SetText("staff_number, date=Jour")
	if got := e.preview.Text; got != "Personeelsnummer;Jour\n007;05/10/2026" { // in the company's language
		t.Errorf("the first lines are %q", e.preview.Text)
	}
	e.more.Set("worked_minutes")
	if got := e.preview.Text; got != "Personeelsnummer;Jour;Gewerkt (minuten)\n007;05/10/2026;270" {
		t.Errorf("the first lines are %q", e.preview.Text)
	}
	e.from.SetDate(app.NewDate(2026, 10, 12))
	e.to.SetDate(app.NewDate(2026, 11, 8))
	if c := e.choice(); c.Days != (app.Days{From: app.NewDate(2026, 10, 12), To: app.NewDate(2026, 11, 8)}) {
		t.Errorf("four weeks were chosen, and taken are %v", c.Days)
	}
	e.to.SetDate(app.NewDate(2026, 10, 1))
	var wrong *app.FieldError
	if err := e.check()(t.Context()); !errors.As(err, &wrong) || wrong.Field != "to" {
		t.Errorf("an end before the beginning: %v", err)
	}
	e.to.SetDate(app.NewDate(2026, 11, 8))
	e.rows.Set(string(export.PerPeriod))
	if !(strings.Contains(e.preview.Text, "date") && strings.Contains(e.preview.Text, "\n")) {
		t.Errorf("the first lines are %q", e.preview.Text)
	}
}

func TestSitesAndTeamsAreWritten(t *testing.T) {
	s, p := theSheets(t, aDayInOctober)
	v := p.askGroups()
	if got := s.Texts(); !strings.Contains(got, "Sites and teams") {
		t.Errorf("shown: %s", got)
	}
	i := slices.IndexFunc(v.grid.Shown(), func(r groupRow) bool {
		return r.worked == "4:30" && r.approved == "0 of 1 approved" && r.kind == "Site"
	})
	if i < 0 {
		t.Fatalf("rows %+v", v.grid.Shown())
	}
	v.grid.Select(v.grid.Shown()[i].key)
	if v.save.Disabled() || v.look.Disabled() || !v.remove.Disabled() {
		t.Error("a site can be printed and not removed")
	}
	test.Tap(v.save)
	papers := kittest.MustBe(s.Company.Store.Papers(t.Context()))(t)
	if len(papers) != 1 || papers[0].Subject != s.Company.Site.ID || papers[0].Days != october || len(s.Files(".pdf")) != 1 {
		t.Errorf("printed %+v", papers)
	}
}

func TestATeamIsMadeOfTheSelection(t *testing.T) {
	s, p := theSheets(t)
	v := p.askGroups()
	v.askTeam()
	s.Types("name", "Ploeg Zuid")
	s.Host.Form.Submit()
	teams := kittest.MustBe(s.Own().Staff.Teams(t.Context()))(t)
	if len(teams) != 1 || teams[0].Name != "Ploeg Zuid" || !slices.Equal(teams[0].Workers, []app.ID{s.Company.Anna.ID}) {
		t.Fatalf("kept %+v", teams)
	}
	v.grid.Select(v.grid.Shown()[slices.IndexFunc(v.grid.Shown(), func(r groupRow) bool { return r.name == "Ploeg Zuid" })].key)
	test.Tap(v.remove)
	s.Host.Form.Submit()
	if teams := kittest.MustBe(s.Own().Staff.Teams(t.Context()))(t); len(teams) != 0 {
		t.Errorf("left are %+v", teams)
	}
}

func TestAPaperIsComparedInTheWindow(t *testing.T) {
	s, p := theSheets(t, aDayInOctober)
	test.Tap(p.some)
	path := filepath.Join(s.Host.Export, s.Files(".pdf")[0])
	check := kittest.MustBe(s.Own().Checks.VerifyPaperFile(t.Context(), path))(t)
	code := check.Papers[0].Code.String()
	s.Company.Read(officetest.In("2026-10-06 06:00"), officetest.Out("2026-10-06 07:00"))
	for name, typed := range map[string]string{"file": path, "code": code} {
		askVerify(s.Host, s.Office, p.names)
		s.Types(name, typed)
		s.Host.Form.Submit()
		if got := s.Texts(); !strings.Contains(got, "Peeters Anna · October 2026 · draft 1") || !strings.Contains(got, "06/10/2026") {
			t.Errorf("by %s: %s", name, got)
		}
		s.Host.Escape()
	}
	VerifyDropped(s.Host, s.Office, []fyne.URI{storage.NewFileURI("/tmp/list.csv"), storage.NewFileURI(strings.TrimSuffix(path, ".pdf") + ".PDF")})
	if s.Top() == nil {
		t.Error("dropped, and nothing is said")
	}

	said := verified(s.Host, p.names, &documents.FileCheck{File: documents.FileUnknown,
		Papers: []documents.PaperCheck{{Code: timesheet.PaperCode{Kind: timesheet.OfSite, Days: october, Version: 2},
			Verdict: documents.PaperChanged, Subject: s.Company.Site.ID, Name: "Stadhuis Leuven",
			Facts: []timesheet.FactDifference{{Field: "site.name", Was: "Stadhuis", Is: "Stadhuis Leuven"}},
			Differences: []timesheet.Difference{{Day: app.NewDate(2026, 10, 5), EngagementID: s.Company.OfAnna.ID,
				Was: timesheet.Printed{Hours: 60}, Is: timesheet.Printed{Hours: 90}}}}}})
	for _, want := range []string{"no record of this file", "Stadhuis Leuven · October 2026 · version 2",
		"site: Stadhuis → Stadhuis Leuven", "05/10/2026", "1:00 → 1:30"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
}

func TestTheTimesheetsScreen(t *testing.T) {
	kittest.Holds(t, kittest.Script[*Screen]{
		Open: func(s *kittest.Stage) *Screen { return New(s.Host, s.Office) },
		Rows: func(p *Screen) map[string]int { return map[string]int{"sheets": len(p.grid.Shown())} },
		Dialogs: func(_ *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){"groups": func() { p.askGroups() }}
		},
	})
}
