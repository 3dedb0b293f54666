package acts

import (
	"context"
	"errors"
	"fmt"

	"klokkast/app"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// GiveBadge is an identifier handed to a person.
type GiveBadge struct {
	Key          app.IdentifierKey
	Label        string
	EngagementID app.ID
	Span         app.Span
}

// handing is what giving one identifier writes.
type handing struct {
	identifier app.Identifier
	save       bool // the identifier is new, or has a new label
	custody    app.Custody
	before     []app.Custody // others of that identifier, as they were
}

// GiveBadge hands an identifier to a person; whoever held it in that time does no more.
func (o *Staff) GiveBadge(ctx context.Context, g GiveBadge, why string) error {
	return o.GiveBadges(ctx, []GiveBadge{g}, why)
}

// AssignBadge returns an identifier that a box met to a person, also back in time.
func (o *Staff) AssignBadge(ctx context.Context, key app.IdentifierKey, engagement app.ID, span app.Span, why string) error {
	return o.GiveBadge(ctx, GiveBadge{Key: key, EngagementID: engagement, Span: span}, why)
}

// GiveBadges hands identifiers to people, all of them or none; whoever held them in that time does no more.
func (o *Staff) GiveBadges(ctx context.Context, list []GiveBadge, why string) error {
	deed, err := o.giving(ctx, list, why)
	if err != nil {
		return err
	}
	return o.work.Do(ctx, deed)
}

// giving is to hand identifiers to people.
func (o *Staff) giving(ctx context.Context, list []GiveBadge, why string) (workspace.Deed, error) {
	handings, err := o.handings(ctx, list)
	return workspace.Deed{
		What:  "custody.give",
		Doing: "give the badge",
		Do:    workspace.Each(handings, o.handOver(why)),
		Undo:  workspace.Each(handings, o.takeBack),
	}, err
}

// handOver keeps a badge and who has it.
func (o *Staff) handOver(why string) func(context.Context, store.Changes, handing) error {
	return func(ctx context.Context, c store.Changes, h handing) error {
		if h.save {
			if err := c.SaveIdentifier(ctx, h.identifier, o.work.Act("identifier.save", "identifier:"+string(h.identifier.ID), why)); err != nil {
				return fmt.Errorf("keep the badge: %w", err)
			}
		}
		return c.GiveIdentifier(ctx, h.custody, o.work.Act("custody.give", "custody:"+string(h.custody.ID), why))
	}
}

// takeBack undoes a giving: the custody becomes empty, and those who made room
// for it hold the identifier as before.
func (o *Staff) takeBack(ctx context.Context, c store.Changes, h handing) error {
	if err := c.EndCustody(ctx, h.custody.ID, h.custody.Span.From, o.work.Act("custody.end", "custody:"+string(h.custody.ID), workspace.UndoNote)); err != nil {
		return err
	}
	for _, older := range h.before {
		if rest, _, _ := older.Span.MakeRoom(h.custody.Span); rest == older.Span {
			continue
		}
		if err := c.GiveIdentifier(ctx, older, o.work.Act("custody.give", "custody:"+string(older.ID), workspace.UndoNote)); err != nil {
			return err
		}
	}
	return nil
}

// handings checks what is to be given and finds what is known of it.
func (o *Staff) handings(ctx context.Context, list []GiveBadge) ([]handing, error) {
	identifiers, err := o.work.Store.Identifiers(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the badge: %w", err)
	}
	custodies, err := o.work.Store.Custodies(ctx)
	if err != nil {
		return nil, fmt.Errorf("find who held the badge: %w", err)
	}
	var out []handing
	seen := map[app.IdentifierKey]bool{}
	for _, g := range list {
		if err := errors.Join(CheckIdentifier(&g.Key), workspace.CheckSpan(g.Span), workspace.Required("engagement", string(g.EngagementID), "Peeters An")); err != nil {
			return nil, err
		}
		if seen[g.Key] {
			return nil, &app.FieldError{Field: "badge", Code: "identifier.twice", Example: g.Key.Value}
		}
		seen[g.Key] = true
		h := handing{custody: app.Custody{EngagementID: g.EngagementID, Span: g.Span, Entered: o.work.Now()}}
		for _, i := range identifiers {
			if i.Key == g.Key {
				h.identifier = i
			}
		}
		if h.identifier.ID == "" || (g.Label != "" && g.Label != h.identifier.Label) {
			h.save = true
			h.identifier.Key, h.identifier.Label = g.Key, g.Label
		}
		if err := errors.Join(EnsureID(&h.identifier.ID), EnsureID(&h.custody.ID)); err != nil {
			return nil, err
		}
		h.custody.IdentifierID = h.identifier.ID
		for _, c := range custodies {
			if c.IdentifierID == h.identifier.ID && !c.Span.Empty() {
				h.before = append(h.before, c)
			}
		}
		out = append(out, h)
	}
	return out, nil
}
