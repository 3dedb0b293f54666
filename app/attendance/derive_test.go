package attendance

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
)

// anyStory draws a few people's wild days: any key, any site, taps that may
// fall together, boxes read to anywhere.
func anyStory(rt *rapid.T, t *testing.T) *story {
	s := tell(t, "2026-10-24") // the night of the 25th has an hour more
	n := rapid.IntRange(0, 40).Draw(rt, "taps")
	at := s.at("05:00")
	for range n {
		at += app.Instant(rapid.SampledFrom([]int64{0, 20 * second, 90 * second, 10 * minute, 40 * minute, 3 * hour, 7 * hour, 11 * hour}).Draw(rt, "later"))
		who := rapid.SampledFrom([]string{"04A1", "04A1", "04B2", "0BAD"}).Draw(rt, "who")
		box := rapid.SampledFrom([]string{"boxA", "boxA", "boxB", "boxC"}).Draw(rt, "box")
		p := s.add(box, who, app.PunchKey(rapid.IntRange(0, 4).Draw(rt, "key")), at)
		if rapid.IntRange(0, 30).Draw(rt, "refused") == 0 {
			p.Flags |= app.Refused
		}
		if rapid.IntRange(0, 30).Draw(rt, "ignored") == 0 {
			s.in.Ignored = append(s.in.Ignored, app.Ignored{ID: app.ID(p.Key.String()), Punch: p.Key})
		}
		if rapid.IntRange(0, 20).Draw(rt, "adjusted") == 0 {
			k := p.Key
			s.in.Adjustments = append(
				s.in.Adjustments,
				app.Adjustment{ID: app.ID("adj" + k.String()), Kind: rapid.SampledFrom([]app.AdjustmentKind{app.AdjustIn, app.AdjustOut}).Draw(rt, "kind"),
					EngagementID: "e-an", SiteID: "A", Punch: &k, From: at.Add(-2 * time.Hour), To: at.Add(5 * time.Hour)},
			)
		}
	}
	if rapid.Bool().Draw(rt, "whole") {
		s.in.Adjustments = append(
			s.in.Adjustments,
			app.Adjustment{ID: "whole", Kind: app.AdjustPresence, EngagementID: "e-an", SiteID: "C", From: s.at("09:00"), To: s.at("17:00")},
		)
	}
	s.in.Now = at.Add(3 * 24 * time.Hour)
	for i := range s.in.Readings {
		s.in.Readings[i].ReadTo = rapid.SampledFrom([]app.Instant{0, s.at("06:00"), at, s.in.Now}).Draw(rt, "read to")
		s.in.Readings[i].Started, s.in.Readings[i].Ended = s.in.Now, s.in.Now
	}
	if rapid.Bool().Draw(rt, "lost clock") {
		s.loseClock(rt, "boxC")
	}
	if rapid.Bool().Draw(rt, "handed over") {
		s.handOverAt(s.at("05:00").Add(time.Duration(rapid.IntRange(0, 72*60).Draw(rt, "at minute")) * time.Minute))
	}
	if rapid.Bool().Draw(rt, "another zone") {
		s.in.Sites[1].Zone = rapid.SampledFrom([]app.Zone{"Europe/London", "America/New_York", "Asia/Tokyo"}).Draw(rt, "zone")
	}
	if rapid.Bool().Draw(rt, "moved") { // box B stands at site A from some time on
		at := s.at("05:00").Add(time.Duration(rapid.IntRange(0, 72).Draw(rt, "moved at hour")) * time.Hour)
		s.in.Placements[1].Span.To = at
		s.in.Placements = append(s.in.Placements, app.Placement{ID: "p-moved", BoxUID: "boxB", SiteID: "A", Span: app.Span{From: at}})
	}
	if rapid.Bool().Draw(rt, "phones") {
		s.phoneBesides(rt)
	}
	s.seq = nil
	return s
}

// phoneBesides lets An and Bo register by phone at site A, often beside what they tap.
func (s *story) phoneBesides(rt *rapid.T) {
	if rapid.Bool().Draw(rt, "allowed") {
		s.allowPhones("A", "00:00+7")
	}
	tapped := slices.DeleteFunc(slices.Clone(s.in.Punches), func(p app.Punch) bool { return p.At < year2020 })
	s.site = "A"
	for range rapid.IntRange(1, 8).Draw(rt, "registrations") {
		at := s.at("05:00").Add(time.Duration(rapid.IntRange(0, 72*60).Draw(rt, "at minute")) * time.Minute)
		if n := len(tapped); n > 0 && rapid.IntRange(0, 3).Draw(rt, "beside a tap") > 0 {
			at = tapped[rapid.IntRange(0, n-1).Draw(rt, "beside")].At.Add(time.Duration(rapid.IntRange(-20, 20).Draw(rt, "minutes later")) * time.Minute)
		}
		s.phone(rapid.SampledFrom([]string{"An", "Bo"}).Draw(rt, "who phoned"), rapid.SampledFrom([]app.PunchKey{app.KeyIn, app.KeyOut}).Draw(rt, "in or out"), at)
	}
}

// loseClock lets a box go back to 2000 somewhere in its log, with a new boot,
// and perhaps be set again later on.
func (s *story) loseClock(rt *rapid.T, box string) {
	var list []*app.Punch
	for i := range s.in.Punches {
		if s.in.Punches[i].Key.Box == box {
			list = append(list, &s.in.Punches[i])
		}
	}
	if len(list) == 0 {
		return
	}
	lost := rapid.IntRange(0, len(list)-1).Draw(rt, "lost at")
	set := rapid.IntRange(lost, len(list)).Draw(rt, "set again at")
	began := list[lost].At.Add(-time.Minute)
	for i, p := range list {
		p.Boot, p.SinceBoot = 1, uint32(p.At.Sub(list[0].At)/(10*time.Millisecond))+1
		if i >= lost {
			p.Boot, p.SinceBoot = 2, uint32(p.At.Sub(began)/(10*time.Millisecond))
		}
		if i >= lost && i < set {
			p.At = app.NewDate(2000, 1, 1).Start(time.UTC).Add(p.At.Sub(began))
		}
	}
}

// handOverAt returns An's card to Bo at a moment.
func (s *story) handOverAt(at app.Instant) {
	s.in.Custodies[0].Span.To = at
	s.in.Custodies = append(s.in.Custodies, app.Custody{ID: "c-handed", IdentifierID: "i-an", EngagementID: "e-bo", Span: app.Span{From: at}, Entered: at})
}

// bytesOf writes a result so that any difference shows.
func bytesOf(t interface{ Fatal(...any) }, r *Result) string {
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, w := range r.Workdays { // what JSON leaves out
		text += fmt.Sprintln(w.Day, w.Worked, w.Adjusted, w.Breaks, w.ProposedBreaks, w.Night, w.Sunday)
	}
	return text
}

func TestOrderOfFactsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyStory(rt, t)
		want := bytesOf(rt, Derive(&s.in))
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		shuffle(rnd, s.in.Punches)
		shuffle(rnd, s.in.Workers)
		shuffle(rnd, s.in.Engagements)
		shuffle(rnd, s.in.Identifiers)
		shuffle(rnd, s.in.Custodies)
		shuffle(rnd, s.in.Boxes)
		shuffle(rnd, s.in.Placements)
		shuffle(rnd, s.in.Sites)
		shuffle(rnd, s.in.SiteDecisions)
		shuffle(rnd, s.in.Readings)
		shuffle(rnd, s.in.Adjustments)
		shuffle(rnd, s.in.Ignored)
		if got := bytesOf(rt, Derive(&s.in)); got != want {
			rt.Fatalf("shuffled:\n%s\nwas:\n%s", got, want)
		}
	})
}

func shuffle[T any](rnd *rand.Rand, list []T) {
	rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func TestReadingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyStory(rt, t)
		want := bytesOf(rt, Derive(&s.in))
		s.in.Punches = append(s.in.Punches, slices.Clone(s.in.Punches)...)
		s.in.Readings = append(s.in.Readings, slices.Clone(s.in.Readings)...)
		s.in.Custodies = append(s.in.Custodies, slices.Clone(s.in.Custodies)...)
		if got := bytesOf(rt, Derive(&s.in)); got != want {
			rt.Fatalf("read twice:\n%s\nwas:\n%s", got, want)
		}
	})
}

func TestHoursAreNeverNegativeNorOverlapAtOneSite(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyStory(rt, t)
		r := Derive(&s.in)
		last := map[[2]app.ID]app.Instant{}
		for _, p := range r.Presences {
			if p.Worked < 0 || p.Complete() && p.Out.At < p.In.At {
				rt.Fatalf("negative: %+v", p)
			}
			if !p.Complete() || p.Adjusted {
				continue
			}
			k := [2]app.ID{p.WorkerID, p.SiteID}
			if p.In.At < last[k] {
				rt.Fatalf("two presences at once at %s: %s before %s", p.SiteID, p.In.At, last[k])
			}
			last[k] = p.Out.At
			if p.Worked > p.Out.At.Sub(p.In.At) {
				rt.Fatalf("more work than time: %+v", p)
			}
		}
		clock := map[app.ID]*app.Span{} // of each person, from the first tap to the last
		within := func(worker app.ID, at app.Instant) {
			if clock[worker] == nil {
				clock[worker] = &app.Span{From: at, To: at}
			}
			clock[worker].From, clock[worker].To = min(clock[worker].From, at), max(clock[worker].To, at)
		}
		for _, p := range r.Presences {
			within(p.WorkerID, p.Start())
			within(p.WorkerID, p.LastTap)
			if p.Out != nil {
				within(p.WorkerID, p.Out.At)
			}
		}
		worked := map[app.ID]time.Duration{}
		for _, w := range r.Workdays {
			if worked[w.WorkerID] += w.Worked - w.Adjusted; worked[w.WorkerID] > clock[w.WorkerID].To.Sub(clock[w.WorkerID].From) {
				told := told{s, r}
				rt.Fatalf(
					"%s worked %s, more than there is between the first tap and the last:\n%s",
					w.WorkerID,
					worked[w.WorkerID],
					told.days(string(w.WorkerID)),
				)
			}
		}
		for _, w := range r.Workdays {
			if w.Worked < 0 || w.Adjusted < 0 || w.Adjusted > w.Worked || w.Breaks < w.ProposedBreaks || w.Night > w.Worked || w.Sunday > w.Worked {
				rt.Fatalf("totals: %+v", w)
			}
			sum := time.Duration(0)
			for _, p := range w.Presences {
				sum += p.Worked
			}
			if w.Worked > sum {
				rt.Fatalf("the day has %s, its presences %s", w.Worked, sum)
			}
		}
	})
}

// Nothing lost, nothing twice: each punch is in exactly one presence, or has a
// role that says why not and, unless people ignored it or its box stood
// nowhere, a finding that names it.
func TestEveryPunchIsAccountedFor(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyStory(rt, t)
		r := Derive(&s.in)
		in, named := map[app.RecordKey]int{}, map[app.RecordKey]bool{}
		for _, p := range r.Presences {
			for _, k := range p.Punches {
				in[k]++
			}
		}
		for _, a := range r.Anomalies {
			for _, k := range a.Punches {
				named[k] = true
			}
		}
		if len(r.Taps) != len(s.in.Punches) {
			rt.Fatalf("%d taps of %d punches", len(r.Taps), len(s.in.Punches))
		}
		for _, tap := range r.Taps {
			n := in[tap.Punch.Key]
			switch tap.Role {
			case app.TapIn, app.TapOut, app.TapBreakStart, app.TapBreakEnd:
				if n != 1 {
					rt.Fatalf("%s is in %d presences", tap.Punch.Key, n)
				}
			case app.TapSameAct:
				if n > 1 {
					rt.Fatalf("%s (%s) is in %d presences", tap.Punch.Key, tap.Role, n)
				}
			case app.TapDuplicate, app.TapNoEffect:
				if n > 1 || !named[tap.Punch.Key] {
					rt.Fatalf("%s (%s) is in %d presences, named %v", tap.Punch.Key, tap.Role, n, named[tap.Punch.Key])
				}
			case app.TapUnknown, app.TapUnsettled:
				if n != 0 || !named[tap.Punch.Key] {
					rt.Fatalf("%s (%s) is in %d presences, named %v", tap.Punch.Key, tap.Role, n, named[tap.Punch.Key])
				}
			case app.TapIgnored, app.TapNoSite, app.TapRefused:
				if n != 0 {
					rt.Fatalf("%s (%s) is in a presence", tap.Punch.Key, tap.Role)
				}
			default:
				rt.Fatalf("%s has no role", tap.Punch.Key)
			}
		}
	})
}

func TestNoTwoAnomaliesHaveOneIdentity(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyStory(rt, t)
		seen := map[app.AnomalyKey]bool{}
		for _, a := range Derive(&s.in).Anomalies {
			if seen[a.Key()] {
				rt.Fatalf("twice: %s", a.Key())
			}
			seen[a.Key()] = true
		}
	})
}

// TestAnUnreadBoxMakesNoAnomalies: reading less can take findings about missing
// things away, never add one.
func TestReadingLessFindsNothingMissing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyStory(rt, t)
		for i := range s.in.Readings {
			s.in.Readings[i].ReadTo = 0
		}
		for _, a := range Derive(&s.in).Anomalies {
			if a.Rule == app.MissingOut || a.Rule == app.ShortPresence {
				rt.Fatalf("found %s though no box was read", a.Key())
			}
		}
	})
}

// company makes a large company's punches: people without keys, two visits a
// day, 30 people a site, with a forgotten tap here and there.
func company(punches int) *Input {
	rnd := rand.New(rand.NewPCG(7, 7))
	in := &Input{Employers: []app.Employer{{ID: "boss", Enterprise: "0206731645"}}}
	const people, sites, perDay = 900, 30, 4
	for i := range sites {
		id := app.ID(fmt.Sprintf("site-%03d", i))
		in.Sites = append(in.Sites, app.Site{ID: id, Zone: app.DefaultZone})
		in.SiteDecisions = append(in.SiteDecisions, app.SiteDecision{SiteID: id, ID: id, Decision: app.NotUnder, From: 1})
		in.Boxes = append(in.Boxes, app.Box{UID: "box-" + string(id)})
		in.Placements = append(in.Placements, app.Placement{ID: id, SiteID: id, BoxUID: "box-" + string(id), Span: app.Span{From: 1}})
	}
	for i := range people {
		id := app.ID(fmt.Sprintf("worker-%04d", i))
		in.Workers = append(in.Workers, app.Worker{ID: id, SSIN: "85011512355"})
		in.Engagements = append(in.Engagements, app.Engagement{ID: id, WorkerID: id, EmployerID: "boss"})
		in.Identifiers = append(in.Identifiers, app.Identifier{ID: id, Key: app.IdentifierKey{Kind: app.Card, Value: fmt.Sprintf("04%06X", i)}})
		in.Custodies = append(in.Custodies, app.Custody{ID: id, IdentifierID: id, EngagementID: id, Span: app.Span{From: 1}})
	}
	first := app.NewDate(2025, 1, 6)
	perBox := map[int][]app.Punch{}
	n := 0
	for on := first; n < punches; on++ {
		for w := range people {
			if n >= punches {
				break
			}
			start := on.Start(brussels).Add(time.Duration(5*60+rnd.IntN(120)) * time.Minute)
			for k := range perDay {
				if rnd.IntN(200) == 0 {
					continue
				}
				at := start.Add(time.Duration([...]int{0, 150, 190, 400}[k]) * time.Minute).Add(time.Duration(rnd.IntN(240)) * time.Second)
				site := (w + k/2) % sites
				perBox[site] = append(perBox[site], app.Punch{At: at, Identifier: in.Identifiers[w].Key})
				n++
			}
		}
		in.Now = on.AddDays(2).Start(brussels)
	}
	for site := range sites {
		list := perBox[site]
		slices.SortStableFunc(list, func(a, b app.Punch) int { return int(a.At - b.At) })
		log := app.LogKey{Box: in.Boxes[site].UID, Log: "log"}
		r := app.Reading{ID: app.ID(log.Box), Log: log, State: app.ReadingDone, Ended: in.Now, ReadTo: in.Now, Last: uint64(len(list)),
			Clock: &app.ClockOffset{At: in.Now, Offset: 4 * time.Second}, Check: app.ClockCheck{At: in.Now}}
		in.Readings = append(in.Readings, r)
		for i := range list {
			list[i].Key, list[i].ReadingID = app.RecordKey{LogKey: log, Seq: uint64(i + 1)}, r.ID
		}
		in.Punches = append(in.Punches, list...)
	}
	return in
}

func BenchmarkDerive100k(b *testing.B) { benchmarkDerive(b, 100_000) }

// BenchmarkDerive1M is all of a Result at once; what an office does with as many is data's BenchmarkLargeYear.
func BenchmarkDerive1M(b *testing.B) { benchmarkDerive(b, 1_000_000) }

func benchmarkDerive(b *testing.B, punches int) {
	in := company(punches)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		r := Derive(in)
		b.ReportMetric(float64(len(r.Presences)), "presences")
		b.ReportMetric(float64(len(r.Anomalies)), "anomalies")
	}
}
