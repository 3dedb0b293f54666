package cli

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/papers"
)

func TestSiteInspection(t *testing.T) {
	at := app.At(time.Date(2026, 11, 2, 8, 30, 0, 0, time.UTC))
	f := company()
	f.inspected = papers.BuildInspectionSheet(papers.Made{At: at}, papers.InspectionFacts{
		Site: app.Site{Name: "Stadhuis Leuven", Contact: app.Contact{Name: "Els Maes", Phone: "016 27 20 00"}}, There: papers.BuildPresenceList(papers.Made{}, papers.PresenceQuestion{}),
		Decisions: []app.SiteDecision{{Decision: app.UnderCIAO, From: 1}},
		Last: []papers.LastRegistration{{At: at, Type: app.RegisterIn, Name: "Peeters Anna", State: app.RegAccepted, RegisterID: 4711},
			{At: at, Type: app.RegisterOut, Name: "Peeters Anna", State: app.RegHeld, Held: app.HeldClock}},
	})
	got := faked(t, f, nil, "--lang", "en", "site", "inspection", "Stadhuis", "--at", "2026-11-02 09:30", "--out", "x.pdf", "--reveal")
	wantText(t, got.out, "Under CIAO", "Els Maes 016 27 20 00", "No declaration of works covers this site", "4711", "accepted", "Written: x.pdf")
	if f.paper[1] != at || f.wrote[0].(office.PaperOptions).Out != "x.pdf" || !f.wrote[0].(office.PaperOptions).Reveal {
		t.Errorf("asked %v, printed with %v", f.paper, f.wrote)
	}
	want(t, object(t, faked(t, f, nil, "site", "inspection", "Stadhuis", "--json").out), map[string]any{"decision.decision": "yes", "contact.phone": "016 27 20 00", "last.0.registerId": 4711, "last.1.held": "clock"})
}
