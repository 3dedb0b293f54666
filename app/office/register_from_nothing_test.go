package office_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/derived"
	"klokkast/app/sending"
)

// life is a company's months at the register in random steps.
type life struct {
	*bench
	rt     *rapid.T
	reg    *register.Register
	number int
}

func (h *life) pick(label string, n int) int { return rapid.IntRange(0, n-1).Draw(h.rt, label) }

func (h *life) sometime(label string, daysAgo int) string {
	return h.now.Add(-time.Duration(h.pick(label, daysAgo*24*12)) * 5 * time.Minute).In(h.zone).Format("2006-01-02 15:04")
}

// shift lets people tap in some hours of a day so long ago, and reads the box.
func (h *life) shift(daysAgo int) {
	at := h.now.Add(-time.Duration(daysAgo*24+9) * time.Hour)
	var taps []tap
	for range h.pick("taps", 5) + 1 {
		at = at.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 30, 100, 240}).Draw(h.rt, "minutes")) * time.Minute)
		taps = append(taps, tap{
			rapid.SampledFrom([]string{"04A1", "04A1", "04B2", "0BAD"}).Draw(h.rt, "card"), at.In(h.zone).Format("2006-01-02 15:04"),
			rapid.SampledFrom([]app.PunchKey{app.KeyNone, app.KeyIn, app.KeyOut, app.KeyIn, app.KeyOut, app.KeyBreakStart, app.KeyBreakEnd}).Draw(h.rt, "key"),
		})
	}
	h.measured = h.pick("measured", 5) > 0
	must[int](h.t)(h.read(taps...))
	h.refresh()
}

func (h *life) some() (list []app.Tap) {
	return must[*derived.Snapshot](h.t)(h.Derived.Snapshot(h.t.Context())).Taps(derived.PunchFilter{})
}

func (h *life) rows() []app.Registration {
	return must[[]app.Registration](h.t)(h.store.Registrations(h.t.Context(), ciao.RegistrationFilter{Environment: app.LocalSimulator}))
}

// oneOf draws one of a list; false where there is none.
func oneOf[T any](h *life, label string, list []T) (v T, ok bool) {
	if len(list) == 0 {
		return v, false
	}
	return list[h.pick(label, len(list))], true
}

// atTheRegister is a step of sending and of what the register does.
func (h *life) atTheRegister() {
	ctx := h.t.Context()
	switch h.pick("at the register", 8) {
	case 0, 1, 2:
		if kind := rapid.SampledFrom([]register.Kind{"", "", "", register.Partial, register.DropAfter, register.DropBefore, register.BlindSearch}).Draw(h.rt, "fault"); kind != "" {
			h.reg.Add(register.Fault{Kind: kind, Times: 1})
		}
		_, _ = h.Register.Send(ctx, nil)
		h.reg.Clear()
	case 3: // held ones are released
		var keys []app.RecordKey
		for _, r := range must[[]sending.RegisterRow](h.t)(h.Register.Rows(ctx, sending.RegisterFilter{State: app.RegHeld}, 0)) {
			if r.Releasable && h.pick("release", 2) == 0 {
				keys = append(keys, r.Registration.Punch)
			}
		}
		_, _ = h.Register.Release(ctx, keys, h.pick("vouched", 2) == 0, why)
	case 4: // it judges
		if s, ok := oneOf(h, "judged", h.reg.Stored()); ok {
			h.reg.Judge(s.ID, rapid.SampledFrom([]string{"valid", "invalid", "pending"}).Draw(h.rt, "validity"), false)
			h.now = h.now.Add(26 * time.Hour)
			_, _ = h.Register.Send(ctx, nil)
		}
	case 5:
		if r, ok := oneOf(h, "resent", h.rows()); ok {
			_, _ = h.Register.Resend(ctx, r.ID, "by phone", why)
		}
	case 6:
		_, _ = h.Register.DecideAll(ctx, sending.RegistrationChoice{}, rapid.SampledFrom([]ciao.PersonDecision{ciao.DecideSend, ciao.DecideRegistered, ciao.DecideDrop}).Draw(h.rt, "decided"), why)
	case 7: // somebody registers by phone, and the register is asked
		who := rapid.SampledFrom([]app.Worker{h.an, h.bart}).Draw(h.rt, "who phones")
		_, _ = h.reg.Phone(register.Phoned{SSIN: who.SSIN.Reveal(), Type: rapid.SampledFrom([]app.RegistrationType{app.RegisterIn, app.RegisterOut}).Draw(h.rt, "what"),
			Time: h.at(h.sometime("phoned", 3)).Time(), Declaration: "1Y1003SQ5VSSZ", Employer: "0123456749"})
		_, _ = h.Phones.Consult(ctx)
	}
}

// inTheOffice is a step of what people enter and decide. What the office refuses is no matter.
func (h *life) inTheOffice() {
	ctx, judge := h.t.Context(), h.Judgements
	one, tapped := oneOf(h, "tap", h.some())
	switch what := h.pick("in the office", 14); {
	case what == 0 && tapped:
		_ = judge.IgnorePunches(ctx, []app.RecordKey{one.Punch.Key}, "wrong-key", why)
	case what == 1 && tapped:
		_ = judge.CountAgain(ctx, []app.RecordKey{one.Punch.Key}, why)
	case what == 2:
		from := h.at(h.sometime("stated", 50))
		_ = judge.AdjustPresence(ctx, app.Adjustment{EngagementID: h.ofAn.ID, SiteID: h.site.ID, From: from, To: from.Add(time.Hour), Reason: "box-broken"})
	case what == 3: // a badge given with a past date
		of := rapid.SampledFrom([]app.Engagement{h.ofAn, h.ofBart}).Draw(h.rt, "given to")
		_ = h.Staff.GiveBadge(ctx, acts.GiveBadge{Key: app.IdentifierKey{Kind: app.Card, Value: rapid.SampledFrom([]string{"04A1", "04B2", "0BAD"}).Draw(h.rt, "given")},
			EngagementID: of.ID, Span: app.Span{From: h.at(h.sometime("given from", 60))}}, why)
	case what == 4:
		d := rapid.SampledFrom([]app.Decision{app.UnderCIAO, app.UnderCIAO, app.NotUnder}).Draw(h.rt, "decision")
		_ = h.Sites.DecideSite(ctx, app.SiteDecision{SiteID: h.site.ID, Decision: d, From: h.at(h.sometime("decided from", 60)), Reason: why})
	case what == 5: // another declaration of some weeks
		h.number++
		from := h.at(h.sometime("declared from", 60)).DateIn(h.zone)
		number := rapid.SampledFrom([]string{"2Y1003SQ5VSSZ", "1Y1003SQ5VSTB", "1Y1003SQ5VSVE"}).Draw(h.rt, "declared")
		_ = h.Sites.DeclareSite(ctx, app.Declaration{Number: number, Days: app.Days{From: from, To: from + 20}},
			app.DeclarationSite{SiteID: h.site.ID, Days: app.Days{From: from, To: from + 20}, Default: h.pick("default", 2) == 0}, why)
	case what == 6:
		w := h.an
		w.SSIN = app.Secret(rapid.SampledFrom([]string{"85.01.15-123.55", "93051822361", ""}).Draw(h.rt, "number"))
		_, _ = h.Staff.SaveWorker(ctx, w, why)
	case what == 7:
		e := h.ofBart
		e.Days.To = h.at(h.sometime("ends", 60)).DateIn(h.zone)
		_, _ = h.Staff.SaveEngagement(ctx, e, why)
	case what == 8:
		s := h.site
		s.Phones = !s.Phones
		if saved, err := h.Sites.SaveSite(ctx, s, why); err == nil {
			h.site = saved
		}
	case what == 9:
		for _, w := range must[[]acts.WrongClock](h.t)(judge.WrongClocks(ctx, h.box)) {
			shift := time.Duration(h.pick("shift", 20)-10) * time.Minute
			_, _ = judge.RepairClock(ctx, acts.ShiftChoice{Segment: app.RecordKey{LogKey: w.Log, Seq: w.First}, Shift: &shift}, true, why)
		}
	case what == 10 && tapped:
		_, _ = judge.CutClock(ctx, one.Punch.Key, why)
	case what == 11:
		h.sendIn(ciao.Manual, "window-days", rapid.SampledFrom([]string{"5", "30"}).Draw(h.rt, "window"))
	case what == 12:
		employers := must[[]app.Employer](h.t)(h.Staff.Employers(ctx))
		_ = h.Staff.SetRegistersSince(ctx, employers[0].ID, h.at(h.sometime("registers since", 60)), why)
	case what == 13:
		if a, ok := oneOf(h, "explained", must[[]derived.FoundAnomaly](h.t)(h.Derived.Anomalies(ctx, derived.AnomalyFilter{}))); ok {
			_ = judge.Explain(ctx, []app.AnomalyKey{a.Key()}, "other", why)
		}
	}
}

func (h *life) step() {
	switch h.pick("step", 10) {
	case 0, 1, 2:
		h.shift(0)
	case 3: // a box that was read late
		h.shift(h.pick("late by", 70))
	case 4, 5, 6:
		h.atTheRegister()
	case 7, 8:
		h.inTheOffice()
	case 9:
		h.now = h.now.Add(time.Duration(rapid.SampledFrom([]int{1, 20, 24 * 6, 24 * 33}).Draw(h.rt, "hours")) * time.Hour)
		h.refresh()
	}
}

// planned is all that becomes of everything at the register, planned at once.
type planned struct {
	in       ciao.PlanInput
	plan     []ciao.Candidate
	rows     map[app.RecordKey]app.Registration
	readings map[app.RecordKey]app.ID
}

func (h *life) fromNothing() planned {
	ctx := h.t.Context()
	nothing := derived.NewCache(h.Workspace, inline)
	p := must[*derived.Snapshot](h.t)(nothing.FactsNow(ctx))
	regs := h.rows()
	in := must[ciao.PlanInput](h.t)(nothing.PlanInput(ctx, p, regs))
	in.Taps = p.Engine.Result().Taps
	out := planned{in: in, plan: ciao.Plan(in), rows: map[app.RecordKey]app.Registration{}, readings: map[app.RecordKey]app.ID{}}
	for _, r := range regs {
		if r.Generation >= out.rows[r.Punch].Generation {
			out.rows[r.Punch] = r
		}
	}
	for _, t := range in.Taps {
		out.readings[t.Punch.Key] = t.Punch.ReadingID
	}
	return out
}

// same holds what the office says to what is planned from nothing.
func (h *life) same() {
	ctx, want := h.t.Context(), h.fromNothing()
	p := must[*derived.Snapshot](h.t)(h.Derived.Fresh(ctx))
	h.equal("held", p.Register.Held(), ciao.Tally(want.plan))
	eligible := 0
	for i := range want.plan {
		if want.plan[i].Ready() {
			eligible++
		}
	}
	h.equal("eligible", p.Register.Eligible(), eligible)
	found := slices.DeleteFunc(slices.Clone(p.Noted), func(a derived.FoundAnomaly) bool {
		return a.Rule != app.SentLate && a.Rule != app.RefusedRule && a.Rule != app.CorrectionDue
	})
	plain := []app.Anomaly{}
	for i := range found {
		plain = append(plain, found[i].Anomaly)
	}
	h.equal("findings", plain, append([]app.Anomaly{}, ciao.Anomalies(want.in, want.plan, func(k app.RecordKey) app.ID { return want.readings[k] })...))
	corrections := append(ciao.Corrections(want.in, want.plan), ciao.EntryCorrections(want.in)...)
	slices.SortStableFunc(corrections, func(a, b app.Correction) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Key(), b.Key())) })
	h.equal("corrections", append([]app.Correction{}, must[[]app.Correction](h.t)(p.Register.Corrections(ctx))...), append([]app.Correction{}, corrections...))
	h.sameLists(p, &want)
	h.sameRows(&want)
}

func (h *life) sameLists(p *derived.Snapshot, want *planned) {
	ctx := h.t.Context()
	for _, f := range []sending.RegisterFilter{{}, {State: app.RegHeld}, {State: app.RegAccepted}, {State: app.RegRefused}, {State: app.RegUnknown}, {State: app.RegQueued},
		{State: app.RegAsked}, {State: app.RegDoubtful}, {Held: app.HeldBeyondWindow}, {Held: app.NeverIgnored}, {Span: app.Span{From: h.now.Add(-40 * 24 * time.Hour), To: h.now.Add(-10 * 24 * time.Hour)}}} {
		for _, limit := range []int{0, 3} {
			got := must[[]sending.RegisterRow](h.t)(h.Register.Rows(ctx, f, limit))
			h.equal(fmt.Sprintf("rows %+v %d", f, limit), got, want.list(f, limit, p.At))
		}
	}
	from := h.now.DateIn(h.zone).AddDays(-h.pick("during", 60))
	days := app.Days{From: from, To: from + 12}
	within := app.Span{From: days.From.Start(h.zone), To: days.To.End(h.zone)}
	h.equal("during", append([]ciao.Candidate{}, must[[]ciao.Candidate](h.t)(p.Register.During(ctx, days))...),
		slices.DeleteFunc(slices.Clone(want.plan), func(c ciao.Candidate) bool { return !within.Holds(c.Registration.At) }))
	if t, ok := oneOf(h, "of", want.in.Taps); ok {
		k := t.Punch.Key
		h.equal("of one", append([]ciao.Candidate{}, must[[]ciao.Candidate](h.t)(p.Register.Of(ctx, []app.RecordKey{k}))...),
			slices.DeleteFunc(slices.Clone(want.plan), func(c ciao.Candidate) bool { return c.Registration.Punch != k || c.Adjustment != "" }))
	}
}

// list is what Register.Rows is to give.
func (p *planned) list(f sending.RegisterFilter, limit int, at app.Instant) []sending.RegisterRow {
	rows := []sending.RegisterRow{}
	for _, c := range slices.Backward(p.plan) {
		if !f.Span.Holds(c.Registration.At) || len(rows) == limit && limit > 0 {
			continue
		}
		held, state := c.Held(), c.Registration.State
		switch {
		case c.Exists:
			held = ""
		case held != "":
			state = app.RegHeld
		}
		asked := f.State == app.RegAsked && c.Registration.NeedsPerson || f.State == app.RegDoubtful && ciao.IsDoubtful(&c.Registration, at)
		if (f.State != "" && state != f.State && !asked) || (f.Held != "" && held != f.Held) {
			continue
		}
		r := c.Registration
		r.State = state
		rows = append(rows, sending.RegisterRow{Registration: r, Held: held, Releasable: c.Releasable(), Adjustment: c.Adjustment, Differs: c.Differs})
	}
	return rows
}

func (h *life) sameRows(want *planned) {
	ahead := h.ahead()
	count, first := 0, true
	for i := range want.plan {
		if want.plan[i].Ready() {
			count++
		}
	}
	for _, r := range want.rows {
		if r.State == app.RegQueued && !r.NeedsPerson {
			count++
		}
	}
	for _, r := range h.rows() {
		first = first && (r.State == app.RegQueued || r.State == app.RegHeld)
	}
	h.equal("ahead", []any{ahead.Count, ahead.First}, []any{count, first})
	for _, row := range must[[]derived.PunchRow](h.t)(h.Derived.PunchRows(h.t.Context(), derived.PunchFilter{})) {
		if r, ok := want.rows[row.Punch.Key]; ok != (row.Registration != nil) || ok && !reflect.DeepEqual(*row.Registration, r) {
			h.rt.Fatalf("the row of %s: %+v, want %+v", row.Punch.Key, row.Registration, r)
		}
	}
}

func (h *life) equal(what string, got, want any) {
	h.t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	if g.Kind() == reflect.Slice {
		for i := range min(g.Len(), w.Len()) {
			if a, b := g.Index(i).Interface(), w.Index(i).Interface(); !reflect.DeepEqual(a, b) {
				h.rt.Fatalf("%s, the one at %d of %d:\n%+v\nplanned from nothing, %d:\n%+v", what, i, g.Len(), a, w.Len(), b)
			}
		}
		h.rt.Fatalf("%s: %d, from nothing %d", what, g.Len(), w.Len())
	}
	h.rt.Fatalf("%s: %+v, from nothing %+v", what, got, want)
}

// What the office says of the register, step by step, is to the byte what it says who plans everything from nothing.
func TestTheRegisterStepByStepIsTheRegisterFromNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := &life{bench: newBench(t), rt: rt}
		h.reg = h.atRegister()
		for range rapid.IntRange(2, 9).Draw(rt, "steps") {
			h.step()
			h.same()
		}
	})
}
