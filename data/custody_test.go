package data

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app"
)

func TestABadgeChangesHands(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	v := newStaff(t, s)
	second := v.engagement
	second.ID = newID(t)
	must(t, s.SaveEngagement(ctx, second, did("engagement.save", "")))
	give := func(e app.ID, from, to app.Instant) app.Custody {
		c := app.Custody{ID: newID(t), IdentifierID: v.badge.ID, EngagementID: e, Span: app.Span{From: from, To: to}, Entered: 1000}
		must(t, s.GiveIdentifier(ctx, c, did("custody.give", "custody:"+string(c.ID))))
		return c
	}
	first := give(v.engagement.ID, 100, 0)
	replacement := give(second.ID, 200, 300) // lent for a while
	got := get(t, s.Custodies)
	if len(got) != 3 {
		t.Fatalf("custodies %+v", got)
	}
	first.Span.To = 200
	resumed := got[2]
	same(
		t,
		got,
		[]app.Custody{first, replacement, {ID: resumed.ID, IdentifierID: v.badge.ID, EngagementID: v.engagement.ID, Span: app.Span{From: 300}, Entered: 1000}},
	)

	must(t, s.EndCustody(ctx, resumed.ID, 400, did("custody.end", "")))
	must(t, s.EndCustody(ctx, replacement.ID, 150, did("custody.end", ""))) // it never began
	got = get(t, s.Custodies)
	if got[2].Span != (app.Span{From: 300, To: 400}) || got[1].Span != (app.Span{From: 200, To: 200}) {
		t.Errorf("after ending: %+v", got)
	}
	if err := s.EndCustody(ctx, "nobody", 1, did("custody.end", "")); err == nil {
		t.Error("a custody that is not there was ended")
	}
	if err := s.EndCustody(ctx, first.ID, 350, did("custody.end", "")); codeOf(err) != "custody.overlap" {
		t.Errorf("a custody was stretched over another: %v", err)
	}
	for _, wrong := range []app.Span{{From: 5, To: 5}, {From: 5, To: 4}, {From: -1}} {
		c := app.Custody{ID: newID(t), IdentifierID: v.badge.ID, EngagementID: v.engagement.ID, Span: wrong}
		if err := s.GiveIdentifier(ctx, c, did("custody.give", "")); err == nil {
			t.Errorf("given for %v", wrong)
		}
	}
}

// Whatever is entered in whatever order: at each instant at most one holds the
// badge, inside a new custody its holder, outside it whoever held it before.
func TestCustodyNeverOverlaps(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	box := newLog(t, s).key.Box
	p := newPlaces(t, s)
	engagements := []app.ID{v.engagement.ID}
	sites := []app.ID{p.site.ID}
	for i := range 2 {
		e, site := v.engagement, p.site
		e.ID, site.ID, site.Code = newID(t), newID(t), fmt.Sprint("S", i)
		must(t, s.SaveEngagement(t.Context(), e, did("", "")))
		must(t, s.SaveSite(t.Context(), site, did("", "")))
		engagements, sites = append(engagements, e.ID), append(sites, site.ID)
	}
	const horizon = 12
	rapid.Check(t, func(rt *rapid.T) {
		badge := app.Identifier{ID: newID(t), Key: app.IdentifierKey{Kind: app.Card, Value: string(newID(t))}}
		must(t, s.SaveIdentifier(t.Context(), badge, did("", "")))
		must(t, clearPlacements(s))
		var custody, placed [horizon]app.ID // who holds it, where it stands, at each instant
		for range rapid.IntRange(1, 6).Draw(rt, "entries") {
			from := app.Instant(rapid.IntRange(0, horizon-1).Draw(rt, "from"))
			to := app.Instant(rapid.IntRange(int(from)+1, horizon).Draw(rt, "to"))
			if rapid.Bool().Draw(rt, "open") {
				to = 0
			}
			who := rapid.IntRange(0, 2).Draw(rt, "who")
			span := app.Span{From: from, To: to}
			must(t, s.GiveIdentifier(t.Context(), app.Custody{ID: newID(t), IdentifierID: badge.ID, EngagementID: engagements[who], Span: span}, did("", "")))
			must(t, s.PlaceBox(t.Context(), app.Placement{ID: newID(t), BoxUID: box, SiteID: sites[who], Span: span}, did("", "")))
			for i := range app.Instant(horizon) {
				if span.Holds(i) {
					custody[i], placed[i] = engagements[who], sites[who]
				}
			}
		}
		custodies := slices.DeleteFunc(get(t, s.Custodies), func(c app.Custody) bool { return c.IdentifierID != badge.ID })
		placements := get(t, s.Placements)
		for i := range app.Instant(horizon) {
			var holders, standing []app.ID
			for _, c := range custodies {
				if c.Span.Holds(i) {
					holders = append(holders, c.EngagementID)
				}
			}
			for _, p := range placements {
				if p.Span.Holds(i) {
					standing = append(standing, p.SiteID)
				}
			}
			if len(holders) > 1 || len(standing) > 1 || first(holders) != custody[i] || first(standing) != placed[i] {
				rt.Fatalf("at %d: held by %v (want %s), stands at %v (want %s)", i, holders, custody[i], standing, placed[i])
			}
		}
	})
}

func first(ids []app.ID) app.ID {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

func clearPlacements(s *Store) error {
	_, err := s.w.Exec(`DELETE FROM placement`)
	return err
}
