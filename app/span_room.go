package app

// MakeRoom gives what must remain of a span so that a fresh one fits beside it,
// where only one can hold an instant: a badge is with one person, a box at one
// site. rest takes the span's own place; after, where split, is the part that
// resumes when the fresh one has ended. Whoever held the thing at an instant
// that the fresh span does not cover still does.
func (s Span) MakeRoom(fresh Span) (rest, after Span, split bool) {
	resumes := fresh.To != 0 && (s.To == 0 || s.To > fresh.To)
	begins := s.From < fresh.From
	switch {
	case s.Empty() || !s.Overlaps(fresh):
		return s, Span{}, false
	case begins && resumes:
		return Span{From: s.From, To: fresh.From}, Span{From: fresh.To, To: s.To}, true
	case begins:
		return Span{From: s.From, To: fresh.From}, Span{}, false
	case resumes:
		return Span{From: fresh.To, To: s.To}, Span{}, false
	}
	// Wholly inside. It is made empty, not deleted: what is referred to stays. An
	// end of 0 would mean "without end", so that one from 0 goes to millisecond 1.
	at := max(s.From, 1)
	return Span{From: at, To: at}, Span{}, false
}

// Empty says that a span holds no instant.
func (s Span) Empty() bool { return s.To != 0 && s.To <= s.From }
