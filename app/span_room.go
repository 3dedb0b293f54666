package app

// MakeRoom returns what must remain of a span so that a fresh one fits beside it,
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

// EndedAt ends a span at an instant; one that would end before it starts becomes
// empty, for it never began.
func (s Span) EndedAt(at Instant) Span { return Span{From: s.From, To: max(at, s.From, 1)} }

// Enter puts fresh on the timeline of a thing that one holder has at a time: a badge,
// a box. older are the entries of that thing, parts what an entry is called and spans.
// The others make room: one that runs into it ends at its start, one that outlasts it
// resumes (under a new id where it also began before), one that lies wholly inside
// becomes empty; no instant outside of fresh's span changes its holder. before are
// the entries that change, as they were, after as they are then, fresh the last.
func Enter[T any](older []T, fresh T, parts func(*T) (*ID, *Span)) (before, after []T, err error) {
	id, span := parts(&fresh)
	before, after = []T{}, []T{}
	for _, entry := range older {
		entryID, entrySpan := parts(&entry)
		if *entryID == *id {
			before = append(before, entry)
			continue
		}
		rest, resumed, split := entrySpan.MakeRoom(*span)
		if rest == *entrySpan {
			continue
		}
		before = append(before, entry)
		*entrySpan = rest
		after = append(after, entry)
		if split {
			if *entryID, err = NewID(); err != nil {
				return nil, nil, err
			}
			*entrySpan = resumed
			after = append(after, entry)
		}
	}
	return before, append(after, fresh), nil // fresh last: the others made room by then
}
