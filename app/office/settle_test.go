package office_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// only returns the one finding of a rule.
func (b *bench) only(rule app.Rule) derived.FoundAnomaly {
	b.t.Helper()
	list := b.anomalies(rule)
	if len(list) != 1 {
		b.t.Fatalf("%d of %s, want one", len(list), rule)
	}
	return list[0]
}

func TestSeveralAreSettledTogetherOrNotAtAll(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-29 06:00", app.KeyIn}, tap{"04B2", "2026-10-30 06:00", app.KeyIn}))
	list := b.anomalies(app.MissingOut)
	keys := []app.AnomalyKey{list[0].Key(), list[1].Key()}
	wrong := keys[1]
	wrong.Anchor = "none"
	if err := b.Judgements.Explain(t.Context(), []app.AnomalyKey{keys[0], wrong}, "agreed", ""); err == nil {
		t.Error("one that does not exist was explained")
	}
	if b.anomalies(app.MissingOut)[0].Status != app.AnomalyOpen {
		t.Error("half of them were explained")
	}
	ok(t, b.Judgements.Explain(t.Context(), keys, "agreed", "gebeld"))
	for _, a := range b.anomalies(app.MissingOut) {
		if a.Status != app.AnomalyExplained || a.State.Note != "gebeld" || a.State.NoteLanguage != app.Dutch {
			t.Errorf("%+v", a.State)
		}
	}
}

// Each step can be undone, by a further step: the trail only grows.
func TestUndoIsAFurtherStep(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}, tap{"0BAD", "2026-10-30 06:10", app.KeyIn}))
	in := b.only(app.MissingOut)
	card := app.IdentifierKey{Kind: app.Card, Value: "0BAD"}
	for _, s := range []struct {
		what string
		do   func() error
		did  func() bool
	}{
		{"anomaly.explained", func() error { return b.Judgements.Explain(ctx, []app.AnomalyKey{in.Key()}, "agreed", "") },
			func() bool { return b.only(app.MissingOut).Status == app.AnomalyExplained }},
		{"adjustment.make", func() error { return b.Judgements.AdjustMissing(ctx, in.Key(), b.at("2026-10-30 14:00"), "forgot", "") },
			func() bool { return b.only(app.MissingOut).Status == app.AnomalyAdjusted }},
		{"punch.ignore", func() error { return b.Judgements.IgnorePunches(ctx, in.Punches, "wrong-key", "") },
			func() bool { return len(b.anomalies(app.MissingOut)) == 0 }},
		{"custody.give", func() error {
			return b.Staff.AssignBadge(ctx, card, b.ofBart.ID, app.Span{From: b.at("2026-10-01 00:00")}, "")
		},
			func() bool { return len(b.anomalies(app.UnknownBadge)) == 0 }},
	} {
		before := must[store.Counts](t)(b.store.Counts(ctx)).TrailEntries
		if s.did() {
			t.Fatalf("%s was done before", s.what)
		}
		ok(t, s.do())
		if !s.did() || b.Undoable() != s.what {
			t.Errorf("%s: done %v, can undo %q", s.what, s.did(), b.Undoable())
		}
		if what, err := b.Undo(ctx); err != nil || what != s.what {
			t.Errorf("undo gives %q, %v", what, err)
		}
		if s.did() {
			t.Errorf("%s is still done", s.what)
		}
		if after := must[store.Counts](t)(b.store.Counts(ctx)).TrailEntries; after < before+2 {
			t.Errorf("%s: the trail has %d entries, %d before", s.what, after, before)
		}
	}
	for b.Undoable() != "" {
		must[string](t)(b.Undo(ctx))
	}
	var nothing *workspace.NothingToUndoError
	if _, err := b.Undo(ctx); !errors.As(err, &nothing) {
		t.Errorf("nothing left: %v", err)
	}
}

// A badge that is taken back goes to whoever held it before, with the same days.
func TestUndoGivesABadgeBack(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	holders := func() (list []app.Custody) {
		for _, c := range must[[]app.Custody](t)(b.store.Custodies(ctx)) {
			if c.Span.To == 0 || c.Span.To > c.Span.From {
				list = append(list, c)
			}
		}
		return list
	}
	before := holders()
	ok(
		t,
		b.Staff.AssignBadge(
			ctx,
			app.IdentifierKey{Kind: app.Card, Value: "04A1"},
			b.ofBart.ID,
			app.Span{From: b.at("2026-10-10 00:00"), To: b.at("2026-10-20 00:00")},
			"",
		),
	)
	if len(holders()) != len(before)+2 {
		t.Fatalf("%+v", holders())
	}
	must[string](t)(b.Undo(ctx))
	if got := holders(); !slices.Equal(got, before) {
		t.Errorf("after undo %+v, want %+v", got, before)
	}
}

func TestAPreviewSaysWhatAssigningABadgeChanges(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"0BAD", "2026-10-30 06:00", app.KeyIn}, tap{"0BAD", "2026-10-30 14:00", app.KeyOut}, tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	b.Override(workspace.Override{})
	give := acts.GiveBadge{Key: app.IdentifierKey{Kind: app.Card, Value: "0BAD"}, EngagementID: b.ofBart.ID, Span: app.Span{From: b.at("2026-10-30 00:00")}}
	e := must[*acts.Effect](t)(b.Judgements.Preview(ctx, acts.Proposal{Give: []acts.GiveBadge{give}}))
	if len(e.Taps) != 2 || e.Taps[0].Before.WorkerID != "" || e.Taps[0].After.WorkerID != b.bart.ID {
		t.Errorf("taps %+v", e.Taps)
	}
	if len(e.Days) != 1 || e.Days[0].WorkerID != b.bart.ID || e.Days[0].Before != 0 || e.Days[0].After != 8*time.Hour {
		t.Errorf("days %+v", e.Days)
	}
	goes := func(a app.Anomaly) bool { return a.Rule == app.UnknownBadge }
	if !slices.ContainsFunc(e.Goes, goes) || slices.ContainsFunc(e.Comes, goes) {
		t.Errorf("goes %+v, comes %+v", e.Goes, e.Comes)
	}
	if len(b.anomalies(app.UnknownBadge)) != 1 {
		t.Error("looking changed something")
	}
	// What it says is what happens.
	ok(t, b.Staff.GiveBadge(ctx, give, ""))
	days := must[[]app.Workday](t)(b.Derived.Workdays(ctx, app.Days{}, b.bart.ID))
	if len(days) != 1 || days[0].Worked != e.Days[0].After || len(b.anomalies(app.UnknownBadge)) != 0 {
		t.Errorf("%+v", days)
	}
}

func TestAPreviewOfAStatementAndOfIgnoring(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	in := b.only(app.MissingOut)
	e := must[*acts.Effect](t)(b.Judgements.Preview(ctx, acts.Proposal{Edges: []acts.MissingEdge{{Key: in.Key(), At: b.at("2026-10-30 14:30")}}}))
	if len(e.Days) != 1 || e.Days[0].After != 8*time.Hour+30*time.Minute || !e.Days[0].Incomplete[0] || e.Days[0].Incomplete[1] {
		t.Errorf("days %+v", e.Days)
	}
	if len(e.Goes) != 1 || e.Goes[0].Rule != app.MissingOut || len(e.Comes) != 0 {
		t.Errorf("goes %+v, comes %+v", e.Goes, e.Comes)
	}
	e = must[*acts.Effect](t)(b.Judgements.Preview(ctx, acts.Proposal{Ignore: in.Punches}))
	if len(e.Taps) != 1 || e.Taps[0].After.Role != app.TapIgnored || len(e.Days) != 1 || e.Days[0].Presences != [2]int{1, 0} {
		t.Errorf("%+v", e)
	}
	var f *app.FieldError
	if _, err := b.Judgements.Preview(ctx, acts.Proposal{Edges: []acts.MissingEdge{{Key: in.Key(), At: b.at("2026-10-30 05:00")}}}); !errors.As(err, &f) {
		t.Errorf("an OUT before its IN: %v", err)
	}
}

// When a box was broken, the hours of many people are stated at once: one act a person.
func TestManyPresencesAreStatedTogether(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	presence := func(e app.Engagement, from, to string) app.Adjustment {
		return app.Adjustment{EngagementID: e.ID, SiteID: b.site.ID, From: b.at(from), To: b.at(to), Reason: "box-broken"}
	}
	list := []app.Adjustment{
		presence(b.ofAn, "2026-10-29 06:00", "2026-10-29 14:00"), presence(b.ofBart, "2026-10-29 06:00", "2026-10-29 14:00"),
		presence(b.ofAn, "2026-10-30 06:00", "2026-10-30 14:00"),
	}
	wrong := append(slices.Clone(list), presence(b.ofBart, "2026-10-30 14:00", "2026-10-30 06:00"))
	before := must[store.Counts](t)(b.store.Counts(ctx)).TrailEntries
	if err := b.Judgements.AdjustPresences(ctx, wrong); err == nil {
		t.Error("an end before its start went through")
	}
	ok(t, b.Judgements.AdjustPresences(ctx, list))
	if n := must[store.Counts](t)(b.store.Counts(ctx)).TrailEntries; n != before+2 {
		t.Errorf("%d acts, want one for each of two people", n-before)
	}
	if days := must[[]app.Workday](t)(b.Derived.Workdays(ctx, app.Days{}, "")); len(days) != 3 {
		t.Errorf("%d days, want 3", len(days))
	}
	must[string](t)(b.Undo(ctx))
	if days := must[[]app.Workday](t)(b.Derived.Workdays(ctx, app.Days{}, "")); len(days) != 0 {
		t.Errorf("%d days after undo", len(days))
	}
}

// What new facts settle goes by itself and says so; what people said of it is kept.
func TestWhatNewFactsSettleIsGoneAndSaysSo(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"0BAD", "2026-10-30 06:00", app.KeyIn}, tap{"0BAD", "2026-10-30 14:00", app.KeyOut}))
	ok(t, b.SetActor(ctx, "Els")) // any act looks again at its end
	a := b.only(app.UnknownBadge)
	ok(t, b.Judgements.Explain(ctx, []app.AnomalyKey{a.Key()}, "other", "who is this?"))
	ok(t, b.Staff.AssignBadge(ctx, app.IdentifierKey{Kind: app.Card, Value: "0BAD"}, b.ofBart.ID, app.Span{From: b.at("2026-10-01 00:00")}, ""))
	gone := must[[]derived.FoundAnomaly](t)(b.Derived.Anomalies(ctx, derived.AnomalyFilter{Status: app.AnomalyGone}))
	if len(gone) != 1 || gone[0].Key() != a.Key() || gone[0].Gone.What != "custody.give" || gone[0].Gone.By != "Els" || gone[0].State.Note != "who is this?" {
		t.Fatalf("%+v", gone)
	}
	if list := must[[]derived.FoundAnomaly](t)(b.Derived.Anomalies(ctx, derived.AnomalyFilter{Rule: app.UnknownBadge})); len(list) != 0 {
		t.Errorf("it is listed among what is found: %+v", list)
	}
	history := must[[]derived.HistoryStep](t)(b.Derived.AnomalyHistory(ctx, a.Key()))
	var what []string
	for _, s := range history {
		what = append(what, s.What)
	}
	if want := []string{"anomaly.explained", "custody.give", derived.StepGone}; !slices.Equal(what, want) {
		t.Errorf("history %v, want %v", what, want)
	}

	must[string](t)(b.Undo(ctx)) // the same punches are back: it is explained as it was
	if got := b.only(app.UnknownBadge); got.Status != app.AnomalyExplained {
		t.Errorf("the same again: %+v", got)
	}
	b.now = b.at("2026-11-03 20:00")
	ok(
		t,
		b.Staff.AssignBadge(
			ctx,
			app.IdentifierKey{Kind: app.Card, Value: "0BAD"},
			b.ofBart.ID,
			app.Span{From: b.at("2026-10-01 00:00"), To: b.at("2026-11-01 00:00")},
			"",
		),
	)
	b.now = b.at("2026-11-04 20:00")
	must[int](t)(b.read(tap{"0BAD", "2026-11-04 06:00", app.KeyIn}))
	ok(t, b.SetActor(ctx, "Els"))
	if got := b.only(app.UnknownBadge); got.Status != app.AnomalyOpen || !got.Changed {
		t.Errorf("with other punches it is still explained: %+v", got)
	}
}

func TestLookingWritesNothing(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	b.Override(workspace.Override{})
	b.only(app.MissingOut)
	if seen := must[map[app.AnomalyKey]string](t)(b.store.OpenSights(t.Context())); len(seen) != 0 {
		for k := range seen {
			if k.Rule == app.MissingOut {
				t.Error("looking noted what it saw")
			}
		}
	}
}

func TestAnExplanationHasPunchesThresholdAndSteps(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	in := b.only(app.MissingOut)
	d := must[[]derived.AnomalyDetail](t)(b.Derived.AnomalyDetails(ctx, derived.AnomalyFilter{Rule: app.MissingOut}))[0]
	if len(d.Evidence) != 1 || d.Evidence[0].Punch.At != b.at("2026-10-30 06:00") || d.Evidence[0].Reading.Actor != "test" ||
		d.Evidence[0].SiteID != b.site.ID {
		t.Errorf("evidence %+v", d.Evidence)
	}
	if d.Threshold == nil || d.Threshold.From != attendance.LevelDefault || d.Threshold.Value != int64(16*time.Hour/time.Millisecond) {
		t.Errorf("threshold %+v", d.Threshold)
	}
	applies := func(c attendance.StepCode) bool {
		return slices.Contains(d.Steps, derived.Step{Code: c, Applies: true})
	}
	if !applies(attendance.StepAdjust) || !applies(attendance.StepExplain) || applies(attendance.StepReopen) {
		t.Errorf("steps %+v", d.Steps)
	}
	site := b.site
	site.Thresholds = app.Thresholds{"missing-out": int64(12 * time.Hour / time.Millisecond)}
	must[app.Site](t)(b.Sites.SaveSite(ctx, site, ""))
	c := must[*derived.AnomalyCard](t)(b.Derived.AnomalyCard(ctx, in.Key()))
	if c.Threshold.From != attendance.LevelSite || len(c.Presences) != 1 || len(c.Taps) != 1 || !c.Span.Holds(c.Taps[0].At) {
		t.Errorf("card %+v", c)
	}
	var missing *app.NotFoundError
	if _, err := b.Derived.AnomalyCard(ctx, app.AnomalyKey{Rule: app.MissingOut}); !errors.As(err, &missing) {
		t.Errorf("one that never was: %v", err)
	}
}

func TestATapCountsAgain(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	in := b.only(app.MissingOut)
	ok(t, b.Judgements.IgnorePunches(ctx, in.Punches, "wrong-key", "tapped for a test"))
	if len(b.anomalies(app.MissingOut)) != 0 {
		t.Error("an ignored tap counts")
	}
	ok(t, b.Judgements.CountAgain(ctx, in.Punches, "it was real"))
	b.only(app.MissingOut)
	if err := b.Judgements.CountAgain(ctx, in.Punches, ""); err == nil {
		t.Error("a tap that counts was counted again")
	}
}

// A box was broken for two days: who usually works there on those weekdays is proposed.
func TestPeopleOfASiteAreProposed(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read( // An worked on Thursday 22 October, Bart on Friday 23
		tap{"04A1", "2026-10-22 06:00", app.KeyIn}, tap{"04A1", "2026-10-22 10:00", app.KeyOut},
		tap{"04B2", "2026-10-23 06:00", app.KeyIn}, tap{"04B2", "2026-10-23 10:00", app.KeyOut},
		tap{"04B2", "2026-10-30 06:00", app.KeyIn}, tap{"04B2", "2026-10-30 10:00", app.KeyOut},
	))
	b.Override(workspace.Override{})
	days := app.Days{From: app.NewDate(2026, 10, 29), To: app.NewDate(2026, 10, 30)}
	var f *app.FieldError
	if _, err := b.Judgements.ProposePresences(ctx, b.site.ID, days, app.Hours{}); !errors.As(err, &f) || f.Field != "hours" {
		t.Errorf("without plan and hours: %v", err)
	}
	list := must[[]acts.ProposedPresence](t)(b.Judgements.ProposePresences(ctx, b.site.ID, days, must[app.Hours](t)(app.ParseHours("22:00-06:00"))))
	want := []acts.ProposedPresence{
		{
			WorkerID:     b.bart.ID,
			EngagementID: b.ofBart.ID,
			Day:          days.To,
			Span:         app.Span{From: b.at("2026-10-30 22:00"), To: b.at("2026-10-31 06:00")},
			Known:        true,
		},
		{WorkerID: b.an.ID, EngagementID: b.ofAn.ID, Day: days.From, Span: app.Span{From: b.at("2026-10-29 22:00"), To: b.at("2026-10-30 06:00")}},
	}
	if !slices.Equal(list, want) {
		t.Errorf("proposed %+v, want %+v", list, want)
	}
}

// A statement is never sent: where the site is under CIAO, only the NSSO can put
// it at the register, and the preview says so before it is made.
func TestAPreviewSaysWhatTheRegisterWillLack(t *testing.T) {
	b := newBench(t)
	b.underCIAO()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	in := b.only(app.MissingOut)
	e := must[*acts.Effect](t)(b.Judgements.Preview(ctx, acts.Proposal{Edges: []acts.MissingEdge{{Key: in.Key(), At: b.at("2026-10-30 14:30")}}}))
	if len(e.Comes) != 1 || e.Comes[0].Rule != app.CorrectionDue || e.Comes[0].WorkerID != b.an.ID || e.Comes[0].Value != 27 || e.Comes[0].Limit != 10 {
		t.Fatalf("stating: comes %+v", e.Comes)
	}
	ok(t, b.Judgements.AdjustMissing(ctx, in.Key(), b.at("2026-10-30 14:30"), "forgot", ""))
	due := b.only(app.CorrectionDue)
	e = must[*acts.Effect](t)(b.Judgements.Preview(ctx, acts.Proposal{Withdraw: []app.ID{app.ID(due.Anchor)}}))
	if !slices.ContainsFunc(e.Goes, func(a app.Anomaly) bool { return a.Key() == due.Key() }) {
		t.Errorf("withdrawing: goes %+v", e.Goes)
	}
}

// What a reading settles disappears by itself, and the first screen says so for the day.
func TestTodaySaysWhatReadingsSettled(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	in := b.only(app.MissingOut)
	in.Anchor = "found before, and no more"
	ok(t, b.store.NoteSights(ctx, b.at("2026-11-02 09:00"), "", []app.Sight{{Anomaly: in.Anomaly, Occurrence: "x"}}, nil))
	readings := must[[]app.Reading](t)(b.store.Readings(ctx))
	ok(t, b.store.NoteSights(ctx, b.now, readings[len(readings)-1].ID, nil, []app.AnomalyKey{in.Key()}))
	b.refresh()
	settled := must[*office.Today](t)(b.Today(ctx)).Settled
	if len(settled) != 1 || settled[0].Key() != in.Key() || settled[0].Gone.By != "test" {
		t.Errorf("settled %+v", settled)
	}
	b.now = b.at("2026-11-03 07:00")
	b.refresh()
	if settled := must[*office.Today](t)(b.Today(ctx)).Settled; len(settled) != 0 {
		t.Errorf("the day after: %+v", settled)
	}
}
