package register

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	simulated "klokkast/app/ciao/register"
	"klokkast/app/sending"
	"klokkast/ui/officetest"

	"klokkast/ui/window/kit/kittest"
)

// withPhones is a company at whose town hall people may register by phone: Anna did so before noon, and once more later than
// the box was read; somebody who is not in staff did, and somebody of another employer.
func withPhones(t *testing.T) func(*officetest.Company) {
	return func(c *officetest.Company) {
		reg := c.AtRegister()
		site := c.Site
		site.Phones = true
		c.Site = kittest.MustBe(c.Office().Sites.SaveSite(t.Context(), site, officetest.Why))(t)
		c.Read(officetest.In("2026-11-23 06:02"))
		c.Now = c.At("2026-11-23 13:00")
		for _, p := range []struct {
			ssin, at, employer string
			is                 app.RegistrationType
		}{
			{officetest.AnnaSSIN, "11:45", c.Firm.Enterprise, app.RegisterOut},
			{officetest.AnnaSSIN, "12:30", c.Firm.Enterprise, app.RegisterIn},
			{"05011512353", "06:10", c.Firm.Enterprise, app.RegisterIn},
			{"93051822361", "07:30", "0206731645", app.RegisterIn},
		} {
			kittest.MustBe(reg.Phone(simulated.Phoned{SSIN: p.ssin, Type: p.is, Time: c.At("2026-11-23 " + p.at).Time(),
				Declaration: officetest.Declaration, Employer: p.employer}))(t)
		}
	}
}

// openPhones opens the dialog and gives a way to its pages.
func openPhones(t *testing.T, s *kittest.Stage, p *Screen) (page func(i int)) {
	t.Helper()
	p.showPhones()
	var tabs *container.AppTabs
	kittest.Walk(s.Top(), func(o fyne.CanvasObject) {
		if found, ok := o.(*container.AppTabs); ok {
			tabs = found
		}
	})
	return tabs.SelectIndex
}

// shows gives what of some texts does not stand in the dialog on top.
func shows(s *kittest.Stage, want ...string) (lacks []string) {
	all := strings.Join(kittest.Look(s.Top()).Texts, "\n")
	for _, w := range want {
		if !strings.Contains(all, w) {
			lacks = append(lacks, w)
		}
	}
	return lacks
}

// Asking the register brings what people registered by phone; what waits is shown with the step that settles it.
func TestWhatWasRegisteredByPhoneIsAskedAndSettled(t *testing.T) {
	s := kittest.Enter(t, app.English, withPhones(t))
	p := kittest.Shows(s, New(s.Host, s.Office))
	x := &phones{p: p, names: s.Names()}
	page := openPhones(t, s, p)
	if lacks := shows(s, "Stadhuis Leuven", "nobody ever looked"); lacks != nil {
		t.Errorf("before anybody looked: nothing says %q", lacks)
	}
	test.Tap(s.ButtonOnTop("Ask the register"))
	if lacks := shows(s, "new 3, changed 0, of other employers 1", "2 of them wait for you"); lacks != nil {
		t.Errorf("after asking: nothing says %q: %s", lacks, s.Texts())
	}
	page(1)
	if lacks := shows(s, "050*****53", "Who is it?", "Enter the person with this national number", "Box or phone? (", "Read the boxes of the site"); lacks != nil {
		t.Errorf("what waits: nothing says %q", lacks)
	}
	page(3)
	if lacks := shows(s, "930*****61", "0206.731.645"); lacks != nil {
		t.Errorf("of other employers: nothing says %q", lacks)
	}

	entries := func(state app.EntryState) []entryRow {
		list := kittest.MustBe(s.Own().Phones.Entries(t.Context(), sending.EntryChoice{States: []app.EntryState{state}}))(t)
		return x.entryRows(list, s.Names())
	}
	waits := entries(app.EntryBoxOrPhone)
	if len(waits) != 1 {
		t.Fatalf("%d wait", len(waits))
	}
	x.askDecide(waits, app.EntryRegistered)
	s.Types("why", "Anna told me")
	s.Saves()
	if now := entries(app.EntryRegistered); len(now) != 2 {
		t.Errorf("%d count", len(now))
	}
	x.askChecked(phoneSite{row: sending.PhonesRow{SiteID: s.Company.Site.ID}, site: "Stadhuis Leuven"})
	s.Types("why", "looked at the NSSO")
	s.Saves()
	state := kittest.MustBe(s.Own().Phones.State(t.Context()))(t)
	if state.Sites[0].Last == nil || state.Sites[0].Last.Source != app.FromPerson {
		t.Errorf("%+v", state.Sites[0])
	}
}

// While the dialog is open it shows what changes elsewhere, such as a list that was imported; a row is copied as CSV.
func TestThePhonesDialogFollowsWhatChanges(t *testing.T) {
	s := kittest.Enter(t, app.English, withPhones(t))
	p := kittest.Shows(s, New(s.Host, s.Office))
	page := openPhones(t, s, p)
	page(3)
	kittest.MustBe(s.Own().Phones.Consult(t.Context()))(t)
	p.Reload()
	if lacks := shows(s, "930*****61"); lacks != nil {
		t.Errorf("nothing says %q", lacks)
	}
	test.Tap(s.ButtonOnTop("Copy as CSV"))
	if copied := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(copied, ";IN;930*****61;;0206.731.645;Stadhuis Leuven;") {
		t.Errorf("copied %q", copied)
	}
}
