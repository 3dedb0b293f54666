package data

import (
	"errors"

	"klokkast/app"
)

// errSpan says that a span ends before or where it starts, or starts before 1970.
var errSpan = errors.New("a span must end after its start")

// checkSpan refuses a span in which nothing can happen.
func checkSpan(s app.Span) error {
	if s.From < 0 || s.To < 0 || (s.To != 0 && s.To <= s.From) {
		return errSpan
	}
	return nil
}

// makeRoom gives what must remain of an older span so that a new one fits
// beside it. rest takes the older one's place; after, where split, is the part
// that resumes when the new one has ended. Whoever held the thing at an instant
// that the new span does not cover still does.
func makeRoom(older, fresh app.Span) (rest app.Span, after app.Span, split bool) {
	resumes := fresh.To != 0 && (older.To == 0 || older.To > fresh.To)
	begins := older.From < fresh.From
	switch {
	case empty(older) || !older.Overlaps(fresh):
		return older, app.Span{}, false
	case begins && resumes:
		return app.Span{From: older.From, To: fresh.From}, app.Span{From: fresh.To, To: older.To}, true
	case begins:
		return app.Span{From: older.From, To: fresh.From}, app.Span{}, false
	case resumes:
		return app.Span{From: fresh.To, To: older.To}, app.Span{}, false
	}
	// Wholly inside. It is made empty, not deleted: what is referred to stays. An
	// end of 0 would mean "without end", so that one from 0 goes to millisecond 1.
	at := max(older.From, 1)
	return app.Span{From: at, To: at}, app.Span{}, false
}

// empty says that a span holds no instant.
func empty(s app.Span) bool { return s.To != 0 && s.To <= s.From }

// endAt ends a span at an instant; one that would end before it starts becomes
// empty, for it never began.
func endAt(s app.Span, at app.Instant) app.Span {
	return app.Span{From: s.From, To: max(at, s.From, 1)}
}
