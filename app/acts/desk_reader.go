package acts

import (
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/workspace"
)

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
	return o.work.ChangeSettings(ctx, func(s *workspace.Settings) { s.Reader = how })
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
	deed, err := o.giving(ctx, []GiveBadge{g}, why)
	if err != nil {
		return err
	}
	return o.work.KeepSettings(ctx, "", func(s *workspace.Settings) { s.Reader = how }, deed)
}
