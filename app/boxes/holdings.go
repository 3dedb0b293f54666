package boxes

import (
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/acts"
)

// Held tells who holds an identifier in a span: custodies that end, or make
// room, when it is given to someone else for that span.
func (o *Files) Held(ctx context.Context, key app.IdentifierKey, span app.Span) ([]app.Custody, error) {
	if err := acts.CheckIdentifier(&key); err != nil {
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
