package timesheet

import (
	"time"

	"klokkast/app"
)

// special is the time of work on days that are paid otherwise, exact, in
// milliseconds. A holiday on a Saturday is a
// holiday, one on a Sunday is a Sunday.
type special struct{ saturday, sunday, holiday int64 }

// specialOf returns how much of some spans lies on Saturdays, Sundays and holidays, by
// the local days of a site.
func (b *builder) specialOf(spans []app.Span, zone *time.Location) (s special) {
	for _, span := range spans {
		for d := span.From.DateIn(zone); d.Start(zone) < span.To; d++ {
			ms := int64(min(span.To, d.End(zone)) - max(span.From, d.Start(zone)))
			switch {
			case d.Weekday() == time.Sunday:
				s.sunday += ms
			case b.holidays[d] != "":
				s.holiday += ms
			case d.Weekday() == time.Saturday:
				s.saturday += ms
			}
		}
	}
	return s
}

// minus returns the parts of spans that lie outside cover; both are in order and
// free of overlaps.
func minus(spans, cover []app.Span) (out []app.Span) {
	for _, s := range spans {
		for _, c := range cover {
			if c.To <= s.From || c.From >= s.To {
				continue
			}
			if c.From > s.From {
				out = append(out, app.Span{From: s.From, To: c.From})
			}
			s.From = min(c.To, s.To)
		}
		if s.From < s.To {
			out = append(out, s)
		}
	}
	return out
}
