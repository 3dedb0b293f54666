package office

import (
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/store"
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

// Notations gives the confirmed notations of all boxes, withdrawn ones too.
func (o *Staff) Notations(ctx context.Context) ([]app.BadgeNotation, error) {
	p, err := o.derived.look(ctx)
	if err != nil {
		return nil, err
	}
	return p.facts.Notations, nil
}

// NotationProposals gives what the badges that nobody holds can be, by box and
// badge; of one badge, or with "" of all.
func (o *Staff) NotationProposals(ctx context.Context, card string) ([]NotationProposal, error) {
	p, err := o.derived.look(ctx)
	if err != nil {
		return nil, err
	}
	out := []NotationProposal{}
	seen := map[NotationProposal]bool{}
	for _, t := range p.taps(PunchFilter{}) {
		k := t.Punch.Identifier
		if t.WorkerID != "" || k.Kind != app.Card || card != "" && k.Value != card || t.Role != app.TapUnknown && t.Role != app.TapRefused {
			continue
		}
		at := NotationProposal{Box: t.Punch.Key.Box, Seen: k}
		if !seen[at] {
			seen[at] = true
			out = append(out, p.proposals(at)...)
		}
	}
	return out, nil
}

// proposals gives the held cards that a box may mean by what it shows.
func (p *picture) proposals(at NotationProposal) (out []NotationProposal) {
	for _, i := range p.facts.Identifiers {
		if i.Key.Kind != app.Card || i.Key == at.Seen {
			continue
		}
		kind, inverse, ok := identity.NotationBetween(at.Seen.Value, i.Key.Value)
		worker, held := p.holderNow(i.ID)
		if ok && held {
			n := at
			n.Known, n.WorkerID, n.Kind, n.Inverse = i, worker, kind, inverse
			out = append(out, n)
		}
	}
	return out
}

func (p *picture) holderNow(identifier app.ID) (worker app.ID, ok bool) {
	for _, c := range p.facts.Custodies {
		if c.IdentifierID == identifier && c.Span.Holds(p.at) {
			return p.names.Engagements[c.EngagementID].WorkerID, true
		}
	}
	return "", false
}

// confirmed gives notations as they would be if they were confirmed now.
func confirmed(list []app.BadgeNotation, at app.Instant) []app.BadgeNotation {
	list = slices.Clone(list)
	for i := range list {
		list[i].ID, list[i].At = app.ID("proposed "+list[i].Box+" "+list[i].Kind), at
	}
	return list
}

func withdrawnNotations(list []app.BadgeNotation, ids []app.ID, at app.Instant) []app.BadgeNotation {
	list = slices.Clone(list)
	for i := range list {
		if list[i].Withdrawn == 0 && slices.Contains(ids, list[i].ID) {
			list[i].Withdrawn = at
		}
	}
	return list
}

func checkNotation(box string, kind identity.NotationKind, inverse bool) (app.BadgeNotation, error) {
	n := app.BadgeNotation{Box: box, Kind: string(kind), Inverse: inverse}
	if _, ok := identity.ParseNotation(string(kind)); !ok {
		return n, &app.FieldError{Field: "notation", Code: "notation.unknown", Example: string(identity.Reversed)}
	}
	return n, required("box", box, "Stadhuis Leuven, inkom")
}

// ConfirmNotation remembers in which notation a box shows cards: from now on an
// unknown one there is the one held card that it shows so, earlier taps too.
func (o *Staff) ConfirmNotation(ctx context.Context, box string, kind identity.NotationKind, inverse bool, why string) (app.BadgeNotation, error) {
	n, err := checkNotation(box, kind, inverse)
	if err == nil {
		err = ensureID(&n.ID)
	}
	if err != nil {
		return n, err
	}
	n.By, n.At = o.work.Actor(), o.work.Now()
	act := o.work.act("notation.confirm", "box:"+box, why)
	act.After = n
	do := func(ctx context.Context, c store.Changes) error { return c.ConfirmNotation(ctx, n, act) }
	undo := func(ctx context.Context, c store.Changes) error {
		return c.WithdrawNotation(ctx, n.ID, o.work.act("notation.withdraw", "box:"+box, undoNote))
	}
	return n, o.work.settle(ctx, "notation.confirm", "confirm the notation", do, undo)
}

// WithdrawNotation takes a notation back; badges that only it explained are unknown again.
func (o *Staff) WithdrawNotation(ctx context.Context, id app.ID, why string) error {
	p, err := o.derived.look(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(p.facts.Notations, func(n app.BadgeNotation) bool { return n.ID == id && n.Withdrawn == 0 })
	if i < 0 {
		return app.NotFound("badgeNotation", string(id))
	}
	act := o.work.act("notation.withdraw", "box:"+p.facts.Notations[i].Box, why)
	return o.work.done("withdraw the notation", o.work.Store.WithdrawNotation(ctx, id, act))
}
