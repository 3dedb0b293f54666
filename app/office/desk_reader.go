package office

import (
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/identity"
)

// Held tells who holds an identifier in a span: custodies that end, or make
// room, when it is given to someone else for that span.
func (o *Files) Held(ctx context.Context, key app.IdentifierKey, span app.Span) ([]app.Custody, error) {
	if err := checkIdentifier(&key); err != nil {
		return nil, err
	}
	h, err := o.holdings(ctx)
	if err != nil {
		return nil, err
	}
	var out []app.Custody
	for _, c := range h.custodies[h.identifiers[key].ID] {
		if h.identifiers[key].ID != "" && (c.Span.To == 0 || c.Span.To > max(span.From, c.Span.From)) && (span.To == 0 || c.Span.From < span.To) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b app.Custody) int { return int(min(1, max(-1, a.Span.From-b.Span.From))) })
	return out, nil
}

// ReaderNotation is how the desk's badge reader was understood last; "" before any.
func (o *Staff) ReaderNotation() identity.ReadingKind { return o.work.Settings().Reader }

// SetReaderNotation remembers how the desk's badge reader is understood: the
// proposal for the next badge.
func (o *Staff) SetReaderNotation(ctx context.Context, how identity.ReadingKind) error {
	if how == o.ReaderNotation() {
		return nil
	}
	if err := knownReading(how); err != nil {
		return err
	}
	return o.work.ChangeSettings(ctx, func(s *Settings) { s.Reader = how })
}

func knownReading(how identity.ReadingKind) error {
	if how != "" && !slices.Contains(identity.ReadingKinds(), how) {
		return &app.FieldError{Field: "notation", Code: "notation.unknown", Example: string(identity.AsDecimal)}
	}
	return nil
}

// GiveReadBadge hands over a badge that the desk's reader read, and remembers how
// the reader was understood: both or nothing.
func (o *Staff) GiveReadBadge(ctx context.Context, g GiveBadge, how identity.ReadingKind, why string) error {
	if err := knownReading(how); err != nil {
		return err
	}
	handings, err := o.handings(ctx, []GiveBadge{g})
	if err != nil {
		return err
	}
	err = o.work.changeSettings(ctx, "", func(s *Settings) { s.Reader = how }, each(handings, o.handOver(why)))
	if err == nil {
		o.work.canUndo("custody.give", each(handings, o.takeBack))
	}
	return err
}
