package office_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/store"
)

// deedsDrawn are steps that people can take, drawn by chance over the things of a small company.
type deedsDrawn struct {
	t           *testing.T
	random      *rand.Rand
	in          *attendance.Input
	from        app.Instant
	engagements []app.ID
	punches     []app.RecordKey
	custodies   []app.ID // given here, or at the start: what resumes has an id of its own on each side
	box         string
}

func (d *deedsDrawn) span() app.Span {
	from := d.from.Add(time.Duration(d.random.IntN(41)) * time.Hour)
	length := d.random.IntN(21)
	if length == 0 {
		return app.Span{From: from}
	}
	return app.Span{From: from, To: from.Add(time.Duration(length) * time.Hour)}
}

func (d *deedsDrawn) id() app.ID {
	id, err := app.NewID()
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func one[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

// step is one change, as any deed makes it.
func (d *deedsDrawn) step() func(context.Context, store.Changes) error {
	at := d.from.Add(time.Duration(1+d.random.IntN(60)) * time.Hour)
	act := app.Act{Actor: "Ilse", At: at, What: "test", Target: "test:1"}
	engagement := one(d.random, d.engagements)
	switch kind := d.random.IntN(10); {
	case kind == 0:
		id := one(d.random, d.custodies)
		return func(ctx context.Context, c store.Changes) error { return c.EndCustody(ctx, id, at, act) }
	case kind == 1 && len(d.in.Adjustments) > 0:
		id := one(d.random, d.in.Adjustments).ID
		return func(ctx context.Context, c store.Changes) error { return c.WithdrawAdjustment(ctx, id, at, act) }
	case kind == 2 && len(d.in.Ignored) > 0:
		id := one(d.random, d.in.Ignored).ID
		return func(ctx context.Context, c store.Changes) error { return c.WithdrawIgnored(ctx, id, at, act) }
	case kind == 3 && len(d.in.Notations) > 0:
		id := one(d.random, d.in.Notations).ID
		return func(ctx context.Context, c store.Changes) error { return c.WithdrawNotation(ctx, id, act) }
	case kind == 4:
		n := app.BadgeNotation{ID: d.id(), Box: d.box, Kind: "reversed", By: "Ilse", At: at}
		return func(ctx context.Context, c store.Changes) error { return c.ConfirmNotation(ctx, n, act) }
	case kind == 5:
		a := app.Adjustment{
			ID:           d.id(),
			Kind:         app.AdjustPresence,
			EngagementID: engagement,
			SiteID:       d.in.Sites[0].ID,
			From:         at,
			To:           at.Add(time.Hour),
			Reason:       "forgot",
			By:           "Ilse",
			At:           at,
		}
		return func(ctx context.Context, c store.Changes) error { return c.Adjust(ctx, []app.Adjustment{a}, act) }
	case kind == 6:
		i := app.Ignored{ID: d.id(), Punch: one(d.random, d.punches), Reason: "forgot", By: "Ilse", At: at}
		return func(ctx context.Context, c store.Changes) error { return c.Ignore(ctx, i, act) }
	case kind == 7:
		e := d.in.Engagements[slices.Index(d.engagements, engagement)]
		e.WeeklyHours = app.WeeklyHours(60 + d.random.IntN(1941))
		return func(ctx context.Context, c store.Changes) error { return c.SaveEngagement(ctx, e, act) }
	case kind == 8 && len(d.in.Placements) > 0:
		id := one(d.random, d.in.Placements).ID
		return func(ctx context.Context, c store.Changes) error { return c.EndPlacement(ctx, id, at, act) }
	}
	given := app.Custody{ID: d.id(), IdentifierID: one(d.random, d.in.Identifiers).ID, EngagementID: engagement, Span: d.span(), Entered: at}
	d.custodies = append(d.custodies, given.ID)
	return func(ctx context.Context, c store.Changes) error { return c.GiveIdentifier(ctx, given, act) }
}

// What a step does to a copy of the facts is what it does to the store, and where
// it is refused, both refuse it.
func TestADeedOnFactsIsTheDeedOnTheStore(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			must[int](t)(b.read(tap{"04A1", "2026-11-02 06:58", app.KeyIn}, tap{"04A1", "2026-11-02 12:01", app.KeyOut}))
			facts := must[*derived.Snapshot](t)(b.Derived.Snapshot(t.Context())).Facts
			d := &deedsDrawn{t: t, random: rand.New(rand.NewPCG(1, seed)), in: &facts, from: b.at("2026-11-02 00:00"), box: b.box, punches: b.punchKeys()}
			for _, e := range facts.Engagements {
				d.engagements = append(d.engagements, e.ID)
			}
			for _, c := range facts.Custodies {
				d.custodies = append(d.custodies, c.ID)
			}
			for range 20 {
				b.bothWays(&facts, d.step())
			}
			b.Changed()
			compareFacts(t, &facts, &must[*derived.Snapshot](t)(b.Derived.Snapshot(t.Context())).Facts)
		})
	}
}

// bothWays takes a step on facts and on the store.
func (b *bench) bothWays(facts *attendance.Input, do func(context.Context, store.Changes) error) {
	b.t.Helper()
	before := *facts
	onFacts := do(b.t.Context(), acts.OnFacts(facts))
	onStore := b.store.Together(b.t.Context(), "test", func(c store.Changes) error { return do(b.t.Context(), c) })
	if (onFacts == nil) != (onStore == nil) {
		b.t.Fatalf("on facts: %v, on the store: %v", onFacts, onStore)
	}
	if onFacts != nil {
		*facts = before
	}
}

func (b *bench) punchKeys() (keys []app.RecordKey) {
	list, err := b.store.Punches(b.t.Context(), app.Span{})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, p := range list {
		keys = append(keys, p.Key)
	}
	return keys
}

// compareFacts compares what deeds change; the part of a custody that resumes has an id of its own on each side.
func compareFacts(t *testing.T, got, want *attendance.Input) {
	type parts struct {
		Custodies   []app.Custody
		Adjustments []app.Adjustment
		Ignored     []app.Ignored
		Notations   []app.BadgeNotation
		Engagements []app.Engagement
		Placements  []app.Placement
	}
	of := func(in *attendance.Input) parts {
		p := parts{
			slices.Clone(in.Custodies),
			slices.Clone(in.Adjustments),
			slices.Clone(in.Ignored),
			slices.Clone(in.Notations),
			slices.Clone(in.Engagements),
			slices.Clone(in.Placements),
		}
		for i := range p.Custodies {
			p.Custodies[i].ID = ""
		}
		slices.SortFunc(p.Custodies, func(a, b app.Custody) int {
			return cmp.Or(
				cmp.Compare(a.IdentifierID, b.IdentifierID),
				cmp.Compare(a.Span.From, b.Span.From),
				cmp.Compare(a.Span.To, b.Span.To),
				cmp.Compare(a.EngagementID, b.EngagementID),
				cmp.Compare(a.Entered, b.Entered),
			)
		})
		slices.SortFunc(p.Adjustments, func(a, b app.Adjustment) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortFunc(p.Ignored, func(a, b app.Ignored) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortFunc(p.Notations, func(a, b app.BadgeNotation) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortFunc(p.Engagements, func(a, b app.Engagement) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortFunc(p.Placements, func(a, b app.Placement) int { return cmp.Compare(a.ID, b.ID) })
		return p
	}
	if diff := gocmp.Diff(of(got), of(want), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("on facts (-) and on the store (+):\n%s", diff)
	}
}
