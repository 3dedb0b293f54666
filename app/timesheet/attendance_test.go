package timesheet

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/attendance"
)

// punches makes the facts of one worker, one badge and a box at each of two sites.
func punches(t testing.TB, month app.Month) (*attendance.Input, func(site app.ID, at app.Instant, key app.PunchKey)) {
	s := newStory(t, month)
	begin := month.First().AddDays(-30).Start(brussels(t))
	badge := app.IdentifierKey{Kind: app.Card, Value: "0A1B2C3D"}
	s.sheet.Engagement.WorkerID = "worker"
	in := &attendance.Input{
		Workers:     []app.Worker{{ID: "worker", FamilyName: "Peeters", SSIN: s.sheet.Worker.SSIN}},
		Engagements: []app.Engagement{s.sheet.Engagement},
		Identifiers: []app.Identifier{{ID: "badge", Key: badge}},
		Custodies:   []app.Custody{{ID: "custody", IdentifierID: "badge", EngagementID: engagementID, Span: app.Span{From: begin}}},
		Now:         month.Last().AddDays(3).Start(brussels(t)),
	}
	boxes := map[app.ID]app.LogKey{}
	for id, site := range s.sheet.Sites {
		log := app.LogKey{Box: "box-" + string(id), Log: "log"}
		boxes[id] = log
		in.Sites = append(in.Sites, site)
		in.Boxes = append(in.Boxes, app.Box{UID: log.Box, Make: app.MakeOCB, FirstSeen: begin})
		in.Placements = append(in.Placements, app.Placement{ID: "at-" + id, BoxUID: log.Box, SiteID: id, Span: app.Span{From: begin}})
	}
	seq := uint64(0)
	return in, func(site app.ID, at app.Instant, key app.PunchKey) {
		seq++
		in.Punches = append(in.Punches, app.Punch{
			Key: app.RecordKey{LogKey: boxes[site], Seq: seq}, At: at, Identifier: badge, Pressed: key,
		})
	}
}

// Whatever is punched, the times at work that the paper spreads over the sites
// are the ones that attendance counts.
func TestPaperCountsWhatAttendanceCounts(t *testing.T) {
	month := app.Month{Year: 2026, Month: time.October}
	texts := textsOf(t, app.Dutch)
	var hours Minutes
	rapid.Check(t, func(rt *rapid.T) {
		facts, punch := punches(t, month)
		at := month.First().Start(brussels(t)).Add(5 * time.Hour)
		for range rapid.IntRange(1, 60).Draw(rt, "taps") {
			at = at.Add(time.Duration(rapid.Int64Range(1000, 8*3600_000).Draw(rt, "later")) * time.Millisecond)
			punch(rapid.SampledFrom([]app.ID{office, school}).Draw(rt, "site"), at,
				rapid.SampledFrom([]app.PunchKey{app.KeyNone, app.KeyIn, app.KeyOut, app.KeyBreakStart, app.KeyBreakEnd}).Draw(rt, "key"))
		}
		r := attendance.Derive(facts)
		s := newStory(t, month)
		s.sheet.Workdays = r.Workdays
		// What a workday counts, but for what one before it counts already.
		own := make([][]app.Span, len(r.Workdays))
		var counted []app.Span
		for n, w := range r.Workdays {
			var spans []app.Span
			for i := range w.Presences {
				spans = append(spans, stretches(&w.Presences[i])...)
			}
			own[n] = minus(union(spans), counted)
			counted = union(append(counted, own[n]...))
			if got := time.Duration(length(own[n])) * time.Millisecond; got != w.Worked {
				rt.Fatalf("%s: the paper counts %s, attendance %s: %s", w.Day, got, w.Worked, describe(w))
			}
		}
		m, err := Build(s.sheet, texts)
		if err != nil {
			rt.Fatal(err)
		}
		b := &builder{sheet: s.sheet, holidays: holidays(s.sheet, texts), zones: app.Zones{}}
		for n, w := range r.Workdays {
			on := b.specialOf(own[n], brussels(t))
			if got := time.Duration(on.sunday+on.holiday) * time.Millisecond; got != w.Sunday {
				rt.Fatalf("%s: the paper has %s on Sundays and holidays, attendance %s: %s", w.Day, got, w.Sunday, describe(w))
			}
		}
		for i := range m.Days {
			d := &m.Days[i]
			var all LineShare
			for _, l := range d.Lines {
				all.Hours += l.Share.Hours
				all.Night += l.Share.Night
				all.Saturday += l.Share.Saturday
				all.Sunday += l.Share.Sunday
				all.OnHolidays += l.Share.OnHolidays
				if l.Share.OnlySunday() < 0 || l.Share.Night < 0 || l.Share.Saturday < 0 {
					rt.Fatalf("%s: a share of %+v", d.Date, l.Share)
				}
			}
			if want := (LineShare{d.Hours, d.Night, d.Saturday, d.Sunday, d.OnHolidays}); all != want {
				rt.Fatalf("%s: shares add up to %+v, the day is %+v", d.Date, all, want)
			}
		}
		var sites Minutes
		for _, site := range m.Sites {
			sites += site.Hours
		}
		hours += sites
		if sites != m.Total.Hours {
			rt.Fatalf("sites %s, total %s", sites, m.Total.Hours)
		}
	})
	if hours == 0 {
		t.Error("no hours were derived")
	}
}

func describe(w app.Workday) (s string) {
	for _, p := range w.Presences {
		s += fmt.Sprintf("\n%s in %v out %v", p.State, edge(p.In), edge(p.Out))
		for _, b := range p.Breaks {
			s += fmt.Sprintf(" break %v to %v", edge(&b.Start), edge(b.End))
		}
	}
	return s
}

func edge(s *app.Side) string {
	if s == nil {
		return "?"
	}
	return s.At.String()
}
