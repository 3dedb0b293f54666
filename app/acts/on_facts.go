package acts

import (
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/filelog"
	"klokkast/app/store"
)

// OnFacts lets a deed change a copy of facts in place of the store, so that what it
// would do is found by the code that does it. The lists of in are replaced, never
// written into. What no derivation rests on (clients, approvals, papers, settings,
// the trail) changes nothing.
func OnFacts(in *attendance.Input) store.Changes { return onFacts{in} }

type onFacts struct{ in *attendance.Input }

// ChangeFileLog changes nothing here: punches are not among the facts. What it means is found by derived.Cache.WithLog.
func (onFacts) ChangeFileLog(context.Context, *filelog.Change, app.Act) error { return nil }

// What the register showed is not among the facts.

func (onFacts) PlaceEntries(context.Context, app.Environment, []int64, app.ID, app.Act) error {
	return nil
}

func (onFacts) DecideEntries(context.Context, app.Environment, []int64, app.EntryState, app.Act) error {
	return nil
}

func (onFacts) PhonesReadTo(context.Context, app.Environment, app.ID, app.Instant, app.Act) (app.ID, error) {
	return "", nil
}

func (onFacts) WithdrawPhonesReadTo(context.Context, app.ID, app.Act) error { return nil }

// put changes the entry with the id of v, or appends v.
func put[T any](list *[]T, v T, id func(*T) app.ID) {
	out := slices.Clone(*list)
	i := slices.IndexFunc(out, func(other T) bool { return id(&other) == id(&v) })
	if i < 0 {
		out = append(out, v)
	} else {
		out[i] = v
	}
	*list = out
}

// change changes the entry that is names; a kind is what is missing where there is none.
func change[T any](list *[]T, kind string, id app.ID, is func(*T) bool, do func(*T)) error {
	out := slices.Clone(*list)
	i := slices.IndexFunc(out, func(v T) bool { return is(&v) })
	if i < 0 {
		return app.NotFound(kind, string(id))
	}
	do(&out[i])
	*list = out
	return nil
}

// overlaps says that an entry of a timeline meets another one of the same thing.
func overlaps[T any](list []T, id app.ID, of func(*T) (id app.ID, thing string, span app.Span)) bool {
	i := slices.IndexFunc(list, func(v T) bool { one, _, _ := of(&v); return one == id })
	_, thing, span := of(&list[i])
	return slices.ContainsFunc(list, func(v T) bool {
		other, same, s := of(&v)
		return other != id && same == thing && !span.Empty() && !s.Empty() && s.Overlaps(span)
	})
}

// taken refuses what somebody else entered already: such as one of a list is.
func taken[T any](list []T, is func(*T) bool, field, code string) error {
	if slices.ContainsFunc(list, func(v T) bool { return is(&v) }) {
		return &app.FieldError{Field: field, Code: code}
	}
	return nil
}

// SaveEmployer implements store.Changes.
func (f onFacts) SaveEmployer(_ context.Context, e app.Employer, _ app.Act) error {
	put(&f.in.Employers, e, func(e *app.Employer) app.ID { return e.ID })
	return nil
}

// SaveWorker implements store.Changes.
func (f onFacts) SaveWorker(_ context.Context, w app.Worker, _ app.Act) error {
	put(&f.in.Workers, w, func(w *app.Worker) app.ID { return w.ID })
	return nil
}

// SaveEngagement implements store.Changes.
func (f onFacts) SaveEngagement(_ context.Context, e app.Engagement, _ app.Act) error {
	put(&f.in.Engagements, e, func(e *app.Engagement) app.ID { return e.ID })
	return nil
}

// SaveIdentifier implements store.Changes.
func (f onFacts) SaveIdentifier(_ context.Context, i app.Identifier, _ app.Act) error {
	put(&f.in.Identifiers, i, func(i *app.Identifier) app.ID { return i.ID })
	return nil
}

// GiveIdentifier implements store.Changes.
func (f onFacts) GiveIdentifier(_ context.Context, c app.Custody, _ app.Act) error {
	var older []app.Custody
	for _, o := range f.in.Custodies {
		if o.IdentifierID == c.IdentifierID {
			older = append(older, o)
		}
	}
	_, after, err := app.Enter(older, c, func(c *app.Custody) (*app.ID, *app.Span) { return &c.ID, &c.Span })
	for _, o := range after {
		put(&f.in.Custodies, o, func(c *app.Custody) app.ID { return c.ID })
	}
	return err
}

// EndCustody implements store.Changes.
func (f onFacts) EndCustody(_ context.Context, id app.ID, at app.Instant, _ app.Act) error {
	err := change(&f.in.Custodies, "custody", id, func(c *app.Custody) bool { return c.ID == id }, func(c *app.Custody) { c.Span = c.Span.EndedAt(at) })
	if err == nil && overlaps(f.in.Custodies, id, func(c *app.Custody) (app.ID, string, app.Span) { return c.ID, string(c.IdentifierID), c.Span }) {
		err = &app.FieldError{Field: "span", Code: "custody.overlap"}
	}
	return err
}

// SaveClient implements store.Changes.
func (onFacts) SaveClient(context.Context, app.Client, app.Act) error { return nil }

// SaveSite implements store.Changes.
func (f onFacts) SaveSite(_ context.Context, s app.Site, _ app.Act) error {
	put(&f.in.Sites, s, func(s *app.Site) app.ID { return s.ID })
	return nil
}

// DecideSite implements store.Changes.
func (f onFacts) DecideSite(_ context.Context, d app.SiteDecision, _ app.Act) error {
	put(&f.in.SiteDecisions, d, func(d *app.SiteDecision) app.ID { return d.ID })
	return nil
}

// SaveDeclaration implements store.Changes.
func (f onFacts) SaveDeclaration(_ context.Context, d app.Declaration, _ app.Act) error {
	put(&f.in.Declarations, d, func(d *app.Declaration) app.ID { return d.ID })
	return nil
}

// SaveDeclarationSite implements store.Changes.
func (f onFacts) SaveDeclarationSite(_ context.Context, d app.DeclarationSite, _ app.Act) error {
	if d.Default {
		links := slices.Clone(f.in.DeclarationSites)
		for i := range links {
			links[i].Default = links[i].Default && links[i].SiteID != d.SiteID
		}
		f.in.DeclarationSites = links
	}
	put(&f.in.DeclarationSites, d, func(d *app.DeclarationSite) app.ID { return d.ID })
	return nil
}

// EndPlacement implements store.Changes.
func (f onFacts) EndPlacement(_ context.Context, id app.ID, at app.Instant, _ app.Act) error {
	err := change(&f.in.Placements, "placement", id, func(p *app.Placement) bool { return p.ID == id }, func(p *app.Placement) { p.Span = p.Span.EndedAt(at) })
	if err == nil && overlaps(f.in.Placements, id, func(p *app.Placement) (app.ID, string, app.Span) { return p.ID, p.BoxUID, p.Span }) {
		err = &app.FieldError{Field: "span", Code: "placement.overlap"}
	}
	return err
}

// SetAnomalyState implements store.Changes.
func (f onFacts) SetAnomalyState(_ context.Context, s app.AnomalyState, _ app.Act) error {
	states := slices.Clone(f.in.States)
	if i := slices.IndexFunc(states, func(o app.AnomalyState) bool { return o.Key == s.Key }); i >= 0 {
		states[i] = s
	} else {
		states = append(states, s)
	}
	f.in.States = states
	return nil
}

// Adjust implements store.Changes.
func (f onFacts) Adjust(_ context.Context, list []app.Adjustment, _ app.Act) error {
	f.in.Adjustments = slices.Concat(f.in.Adjustments, list)
	return nil
}

// WithdrawAdjustment implements store.Changes.
func (f onFacts) WithdrawAdjustment(_ context.Context, id app.ID, at app.Instant, _ app.Act) error {
	return change(
		&f.in.Adjustments,
		"adjustment",
		id,
		func(a *app.Adjustment) bool { return a.ID == id && a.Withdrawn == 0 },
		func(a *app.Adjustment) { a.Withdrawn = at },
	)
}

// Ignore implements store.Changes.
func (f onFacts) Ignore(_ context.Context, i app.Ignored, _ app.Act) error {
	err := taken(f.in.Ignored, func(o *app.Ignored) bool { return o.Punch == i.Punch && o.Withdrawn == 0 }, "punch", "ignored.taken")
	if err != nil {
		return err
	}
	f.in.Ignored = append(slices.Clip(f.in.Ignored), i)
	return nil
}

// WithdrawIgnored implements store.Changes.
func (f onFacts) WithdrawIgnored(_ context.Context, id app.ID, at app.Instant, _ app.Act) error {
	return change(&f.in.Ignored, "ignored", id, func(i *app.Ignored) bool { return i.ID == id && i.Withdrawn == 0 }, func(i *app.Ignored) { i.Withdrawn = at })
}

// RepairClock implements store.Changes.
func (f onFacts) RepairClock(_ context.Context, r app.ClockRepair, _ app.Act) error {
	err := taken(
		f.in.Repairs,
		func(o *app.ClockRepair) bool { return o.Log == r.Log && o.First == r.First && o.Withdrawn == 0 },
		"segment",
		"clockRepair.taken",
	)
	if err != nil {
		return err
	}
	f.in.Repairs = append(slices.Clip(f.in.Repairs), r)
	return nil
}

// WithdrawClockRepair implements store.Changes.
func (f onFacts) WithdrawClockRepair(_ context.Context, id app.ID, act app.Act) error {
	return change(
		&f.in.Repairs,
		"clockRepair",
		id,
		func(r *app.ClockRepair) bool { return r.ID == id && r.Withdrawn == 0 },
		func(r *app.ClockRepair) { r.Withdrawn = act.At },
	)
}

// CutClock implements store.Changes.
func (f onFacts) CutClock(_ context.Context, c app.ClockCut, _ app.Act) error {
	same := func(o *app.ClockCut) bool { return o.Log == c.Log && o.First == c.First && o.Withdrawn == 0 }
	if err := taken(f.in.Cuts, same, "punch", "clockCut.taken"); err != nil {
		return err
	}
	f.in.Cuts = append(slices.Clip(f.in.Cuts), c)
	return nil
}

// WithdrawClockCut implements store.Changes.
func (f onFacts) WithdrawClockCut(_ context.Context, id app.ID, act app.Act) error {
	return change(
		&f.in.Cuts,
		"clockCut",
		id,
		func(c *app.ClockCut) bool { return c.ID == id && c.Withdrawn == 0 },
		func(c *app.ClockCut) { c.Withdrawn = act.At },
	)
}

// ConfirmNotation implements store.Changes.
func (f onFacts) ConfirmNotation(_ context.Context, n app.BadgeNotation, _ app.Act) error {
	same := func(o *app.BadgeNotation) bool {
		return o.Box == n.Box && o.Kind == n.Kind && o.Inverse == n.Inverse && o.Withdrawn == 0
	}
	if err := taken(f.in.Notations, same, "notation", "badgeNotation.taken"); err != nil {
		return err
	}
	f.in.Notations = append(slices.Clip(f.in.Notations), n)
	return nil
}

// WithdrawNotation implements store.Changes.
func (f onFacts) WithdrawNotation(_ context.Context, id app.ID, act app.Act) error {
	return change(
		&f.in.Notations,
		"badgeNotation",
		id,
		func(n *app.BadgeNotation) bool { return n.ID == id && n.Withdrawn == 0 },
		func(n *app.BadgeNotation) { n.Withdrawn = act.At },
	)
}

// Approve implements store.Changes.
func (onFacts) Approve(context.Context, app.Approval, int, app.Act) error { return nil }

// NotePaper implements store.Changes.
func (onFacts) NotePaper(_ context.Context, p store.Paper) (store.Paper, error) { return p, nil }

// NotePaperFile implements store.Changes.
func (onFacts) NotePaperFile(context.Context, string, []app.ID, app.Instant) error { return nil }

// KeepLogo implements store.Changes.
func (onFacts) KeepLogo(context.Context, []byte, app.Instant) (string, error) { return "", nil }

// SaveCredential implements store.Changes.
func (onFacts) SaveCredential(context.Context, ciao.Credential, app.Act) error { return nil }

// SetSending implements store.Changes.
func (onFacts) SetSending(context.Context, bool, app.Act) error { return nil }

// SetSetting implements store.Changes.
func (onFacts) SetSetting(context.Context, string, any, app.Act) error { return nil }

// NoteAct implements store.Changes.
func (onFacts) NoteAct(context.Context, app.Act) error { return nil }
