package acts

import (
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// NotationProposal says that an unknown badge, as a box shows it, can be one
// that somebody holds.
type NotationProposal struct {
	Box      string
	Seen     app.IdentifierKey // as the box shows it
	Known    app.Identifier    // as the company knows it
	WorkerID app.ID            // who holds it now
	Kind     identity.NotationKind
	Inverse  bool
}

// Notations returns the confirmed notations of all boxes, withdrawn ones too.
func (o *Staff) Notations(ctx context.Context) ([]app.BadgeNotation, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return p.Facts.Notations, nil
}

// NotationProposals returns what the badges that nobody holds can be, by box and
// badge; of one badge, or with "" of all.
func (o *Staff) NotationProposals(ctx context.Context, card string) ([]NotationProposal, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	out := []NotationProposal{}
	seen := map[NotationProposal]bool{}
	for _, t := range p.Taps(derived.PunchFilter{}) {
		k := t.Punch.Identifier
		if t.WorkerID != "" || k.Kind != app.Card || card != "" && k.Value != card || t.Role != app.TapUnknown && t.Role != app.TapRefused {
			continue
		}
		at := NotationProposal{Box: t.Punch.Key.Box, Seen: k}
		if !seen[at] {
			seen[at] = true
			out = append(out, proposalsFor(p, at)...)
		}
	}
	return out, nil
}

// proposalsFor returns the held cards that a box may mean by what it shows.
func proposalsFor(p *derived.Snapshot, at NotationProposal) (out []NotationProposal) {
	for _, i := range p.Facts.Identifiers {
		if i.Key.Kind != app.Card || i.Key == at.Seen {
			continue
		}
		kind, inverse, ok := identity.NotationBetween(at.Seen.Value, i.Key.Value)
		worker, held := holderNow(p, i.ID)
		if ok && held {
			n := at
			n.Known, n.WorkerID, n.Kind, n.Inverse = i, worker, kind, inverse
			out = append(out, n)
		}
	}
	return out
}

func holderNow(p *derived.Snapshot, identifier app.ID) (worker app.ID, ok bool) {
	for _, c := range p.Facts.Custodies {
		if c.IdentifierID == identifier && c.Span.Holds(p.At) {
			return p.Names.Engagements[c.EngagementID].WorkerID, true
		}
	}
	return "", false
}

func checkNotation(box string, kind identity.NotationKind, inverse bool) (app.BadgeNotation, error) {
	n := app.BadgeNotation{Box: box, Kind: string(kind), Inverse: inverse}
	if _, ok := identity.ParseNotation(string(kind)); !ok {
		return n, &app.FieldError{Field: "notation", Code: "notation.unknown", Example: string(identity.Reversed)}
	}
	return n, workspace.Required("box", box, "Stadhuis Leuven, inkom")
}

// ConfirmNotation remembers in which notation a box shows cards: from now on an
// unknown one there is the one held card that it shows so, earlier taps too.
func (o *Staff) ConfirmNotation(ctx context.Context, box string, kind identity.NotationKind, inverse bool, why string) (app.BadgeNotation, error) {
	n, deed, err := o.confirming(box, kind, inverse, why)
	if err != nil {
		return n, err
	}
	return n, o.work.Do(ctx, deed)
}

// confirming is to say in which notation a box shows cards.
func (o *Staff) confirming(box string, kind identity.NotationKind, inverse bool, why string) (app.BadgeNotation, workspace.Deed, error) {
	n, err := checkNotation(box, kind, inverse)
	if err == nil {
		err = EnsureID(&n.ID)
	}
	if err != nil {
		return n, workspace.Deed{}, err
	}
	n.By, n.At = o.work.Actor(), o.work.Now()
	act := o.work.Act("notation.confirm", "box:"+box, why)
	act.After = n
	do := func(ctx context.Context, c store.Changes) error { return c.ConfirmNotation(ctx, n, act) }
	return n, workspace.Deed{What: "notation.confirm", Doing: "confirm the notation", Do: do, Undo: o.withdrawNotation(n, workspace.UndoNote)}, nil
}

func (o *Staff) withdrawNotation(n app.BadgeNotation, why string) workspace.Step {
	return func(ctx context.Context, c store.Changes) error {
		return c.WithdrawNotation(ctx, n.ID, o.work.Act("notation.withdraw", "box:"+n.Box, why))
	}
}

// WithdrawNotation takes a notation back; badges that only it explained are unknown again.
func (o *Staff) WithdrawNotation(ctx context.Context, id app.ID, why string) error {
	deed, err := o.withdrawingNotation(ctx, id, why)
	if err != nil {
		return err
	}
	return o.work.Do(ctx, deed)
}

// withdrawingNotation is to take a notation back.
func (o *Staff) withdrawingNotation(ctx context.Context, id app.ID, why string) (workspace.Deed, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return workspace.Deed{}, err
	}
	i := slices.IndexFunc(p.Facts.Notations, func(n app.BadgeNotation) bool { return n.ID == id && n.Withdrawn == 0 })
	if i < 0 {
		return workspace.Deed{}, app.NotFound("badgeNotation", string(id))
	}
	return workspace.Deed{What: "notation.withdraw", Doing: "withdraw the notation", Do: o.withdrawNotation(p.Facts.Notations[i], why)}, nil
}
