package data

import (
	"testing"

	"klokkast/app"
)

// places are a made-up client with a site, a decision and a declaration.
type places struct {
	client      app.Client
	site        app.Site
	decision    app.SiteDecision
	declaration app.Declaration
	link        app.DeclarationSite
}

func newPlaces(t testing.TB, s *Store) places {
	t.Helper()
	ctx := t.Context()
	p := places{client: app.Client{ID: newID(t), Name: "Residentie Zonneweelde", Ended: 4}}
	p.site = app.Site{ID: newID(t), Code: "W-017", Name: "Zonneweelde – inkom", ClientID: p.client.ID,
		Address:     app.Address{Street: "Kerkstraat", HouseNumber: "1", BoxNumber: "b", PostCode: "9000", Municipality: "Gent"},
		Coordinates: &app.Coordinates{Latitude: 51.05, Longitude: 3.72}, Zone: app.DefaultZone, Thresholds: app.Thresholds{"day-limit": 1}, Phones: true, Ended: 3}
	p.decision = app.SiteDecision{ID: newID(t), SiteID: p.site.ID, Decision: app.UnderCIAO, From: 5, Reason: "contract", By: "An", At: 6}
	p.declaration = app.Declaration{
		ID:     newID(t),
		Number: "1Y1003SQ5VSSZ",
		Days:   app.Days{From: app.NewDate(2026, 1, 1), To: app.NewDate(2026, 12, 31)},
		Label:  "2026",
	}
	p.link = app.DeclarationSite{ID: newID(t), DeclarationID: p.declaration.ID, SiteID: p.site.ID, Days: p.declaration.Days, Default: true}
	must(t, s.SaveClient(ctx, p.client, did("client.save", "")))
	must(t, s.SaveSite(ctx, p.site, did("site.save", "")))
	must(t, s.DecideSite(ctx, p.decision, did("site.decide", "")))
	must(t, s.SaveDeclaration(ctx, p.declaration, did("declaration.save", "")))
	must(t, s.SaveDeclarationSite(ctx, p.link, did("declaration.link", "")))
	return p
}

func TestPlacesComeBackAsTheyWereSaved(t *testing.T) {
	s := newStore(t)
	p := newPlaces(t, s)
	same(t, get(t, s.Clients), []app.Client{p.client})
	same(t, get(t, s.Sites), []app.Site{p.site})
	same(t, get(t, s.SiteDecisions), []app.SiteDecision{p.decision})
	same(t, get(t, s.Declarations), []app.Declaration{p.declaration})
	same(t, get(t, s.DeclarationSites), []app.DeclarationSite{p.link})

	p.site.ClientID, p.site.Coordinates, p.site.Thresholds = "", nil, nil
	must(t, s.SaveSite(t.Context(), p.site, did("site.save", "")))
	same(t, get(t, s.Sites), []app.Site{p.site})

	bare := app.Site{ID: newID(t), Name: "Kantoor"}
	must(t, s.SaveSite(t.Context(), bare, did("site.save", "")))
	bare.Zone = app.DefaultZone
	same(t, get(t, s.Sites)[1], bare)
}

func TestDecisionsAreAppended(t *testing.T) {
	s := newStore(t)
	p := newPlaces(t, s)
	if err := s.DecideSite(t.Context(), p.decision, did("site.decide", "")); err == nil {
		t.Error("a decision was entered twice")
	}
	later := app.SiteDecision{ID: newID(t), SiteID: p.site.ID, Decision: app.NotUnder, From: 50, By: "An", At: 60}
	must(t, s.DecideSite(t.Context(), later, did("site.decide", "")))
	same(t, get(t, s.SiteDecisions), []app.SiteDecision{p.decision, later})
}

func TestOneDefaultDeclarationAtATime(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	p := newPlaces(t, s) // default for 2026
	link := func(from, to app.Date) app.DeclarationSite {
		d := app.DeclarationSite{ID: newID(t), DeclarationID: p.declaration.ID, SiteID: p.site.ID, Days: app.Days{From: from, To: to}, Default: true}
		must(t, s.SaveDeclarationSite(ctx, d, did("declaration.link", "")))
		return d
	}
	next := link(app.NewDate(2027, 1, 1), 0)
	same(t, get(t, s.DeclarationSites), []app.DeclarationSite{p.link, next}) // one after the other: both stay

	now := link(app.NewDate(2026, 12, 31), app.NewDate(2026, 12, 31))
	p.link.Default = false
	same(t, get(t, s.DeclarationSites), []app.DeclarationSite{p.link, next, now})
}
