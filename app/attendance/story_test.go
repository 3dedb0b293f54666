package attendance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
)

// A story is told in punches:
//
//	in 06:58 · break 09:00 · back 09:16 · out 15:02
//
// The words are in, out, break, back (the four keys) and tap (no key). A time
// is local at the site, HH:MM or HH:MM:SS, with +1 for the next day; "w" after
// it means the second of the two hours of October. @B goes to site B. IN and OUT
// are what the register shows of somebody who registered by phone there.
//
// Everything else has a beginning that fits: An, Bo and Cem hold a card each,
// sites A, B and C have a box each since 2026-01-01, all read to the end now,
// a week after the story; sites are not under CIAO, and the SSINs are right.
type story struct {
	t    *testing.T
	in   Input
	day  app.Date
	site string
	seq  map[string]uint64
}

var brussels = func() *time.Location {
	z, err := app.DefaultZone.Load()
	if err != nil {
		panic(err)
	}
	return z
}()

var storyPeople = [...]struct {
	name string
	ssin app.Secret
	card string
}{{"An", "85011512355", "04A1"}, {"Bo", "93051822361", "04B2"}, {"Cem", "05011512353", "04C3"}}

func tell(t *testing.T, day string) *story {
	t.Helper()
	d, err := app.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{t: t, day: d, site: "A", seq: map[string]uint64{}}
	since := app.NewDate(2026, 1, 1).Start(brussels)
	in := &s.in
	in.Now = d.AddDays(7).Start(brussels)
	in.Employers = []app.Employer{{ID: "boss", Name: "Net", Enterprise: "0206731645"}}
	for _, p := range storyPeople {
		id := app.ID(strings.ToLower(p.name))
		in.Workers = append(in.Workers, app.Worker{ID: id, GivenName: p.name, SSIN: p.ssin})
		in.Engagements = append(in.Engagements, app.Engagement{ID: "e-" + id, WorkerID: id, EmployerID: "boss", Days: app.Days{From: app.NewDate(2026, 1, 1)}})
		in.Identifiers = append(in.Identifiers, app.Identifier{ID: "i-" + id, Key: app.IdentifierKey{Kind: app.Card, Value: p.card}})
		in.Custodies = append(
			in.Custodies,
			app.Custody{ID: "c-" + id, IdentifierID: "i-" + id, EngagementID: "e-" + id, Span: app.Span{From: since}, Entered: since},
		)
	}
	for _, n := range []string{"A", "B", "C"} {
		in.Sites = append(in.Sites, app.Site{ID: app.ID(n), Name: n, Zone: app.DefaultZone})
		in.SiteDecisions = append(in.SiteDecisions, app.SiteDecision{ID: app.ID("d-" + n), SiteID: app.ID(n), Decision: app.NotUnder, From: since})
		s.addBox("box"+n, n)
	}
	return s
}

func (s *story) addBox(uid, at string) {
	since := app.NewDate(2026, 1, 1).Start(brussels)
	s.in.Boxes = append(s.in.Boxes, app.Box{UID: uid, Make: app.MakeOCB})
	s.in.Placements = append(s.in.Placements, app.Placement{ID: app.ID("p-" + uid), BoxUID: uid, SiteID: app.ID(at), Span: app.Span{From: since}})
	s.in.Readings = append(
		s.in.Readings,
		app.Reading{ID: app.ID("r-" + uid), Log: app.LogKey{Box: uid, Log: "log"}, Source: app.FromCable, State: app.ReadingDone,
			Started: s.in.Now, Ended: s.in.Now, ReadTo: s.in.Now},
	)
}

// reading returns the reading of a box, to change it.
func (s *story) reading(uid string) *app.Reading {
	for i := range s.in.Readings {
		if s.in.Readings[i].Log.Box == uid {
			return &s.in.Readings[i]
		}
	}
	s.t.Fatalf("no box %s", uid)
	return nil
}

// readTo lets a box be read only up to a local time of the story.
func (s *story) readTo(uid, at string) {
	r := s.reading(uid)
	r.ReadTo = s.at(at)
	r.Started, r.Ended = r.ReadTo, r.ReadTo
}

// at returns the instant of a local time such as 06:58, 06:58:30 or 06:00+1.
func (s *story) at(text string) app.Instant {
	s.t.Helper()
	day := s.day
	text, winter := strings.CutSuffix(text, "w")
	if clock, plus, ok := strings.Cut(text, "+"); ok {
		var n int
		if _, err := fmt.Sscan(plus, &n); err != nil {
			s.t.Fatalf("time %q: %v", text, err)
		}
		text, day = clock, day.AddDays(n)
	}
	layout := "15:04"
	if strings.Count(text, ":") == 2 {
		layout = "15:04:05"
	}
	c, err := time.Parse(layout, text)
	if err != nil {
		s.t.Fatalf("time %q: %v", text, err)
	}
	y, m, d := day.YMD()
	i := time.Date(y, m, d, c.Hour(), c.Minute(), c.Second(), 0, brussels)
	if first := i.Add(-time.Hour); !winter && first.Hour() == i.Hour() { // time.Date promises neither of the two
		i = first
	}
	return app.At(i)
}

var storyKeys = map[string]app.PunchKey{"tap": app.KeyNone, "in": app.KeyIn, "out": app.KeyOut, "break": app.KeyBreakStart, "back": app.KeyBreakEnd,
	"IN": app.KeyIn, "OUT": app.KeyOut}

// punch adds what someone tapped. who is a name, or a card number.
func (s *story) punch(who, text string) *story {
	s.t.Helper()
	card := who
	for _, p := range storyPeople {
		if p.name == who {
			card = p.card
		}
	}
	box := "box" + s.site
	for _, step := range strings.Split(text, "·") {
		w := strings.Fields(step)
		for len(w) > 0 && strings.HasPrefix(w[0], "@") {
			s.site = w[0][1:2]
			box = "box" + w[0][1:]
			w = w[1:]
		}
		if len(w) == 0 {
			continue
		}
		key, ok := storyKeys[w[0]]
		if !ok || len(w) != 2 {
			s.t.Fatalf("step %q", step)
		}
		if w[0] == "IN" || w[0] == "OUT" {
			s.phone(who, key, s.at(w[1]))
		} else {
			s.add(box, card, key, s.at(w[1]))
		}
	}
	return s
}

// phone adds what someone registered by phone at the site.
func (s *story) phone(who string, key app.PunchKey, at app.Instant) {
	box := app.MakeRegister.UID(s.site)
	s.seq[box] += 7 // the register has other people's, too
	s.in.Punches = append(s.in.Punches, app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: box, Log: "simulator"}, Seq: s.seq[box]}, At: at,
		Identifier: app.IdentifierKey{Kind: app.ByRegister, Value: strings.ToLower(who)}, Pressed: key, ReadingID: app.ID("r-" + box)})
}

// allowPhones lets people register by phone at a site, and says up to when the register was asked; "": never.
func (s *story) allowPhones(site, readTo string) *story {
	for i := range s.in.Sites {
		if s.in.Sites[i].Name == site {
			s.in.Sites[i].Phones = true
		}
	}
	if readTo != "" {
		s.asked(site, readTo)
	}
	return s
}

// asked notes that the register was asked who registered by phone at a site.
func (s *story) asked(site, readTo string) {
	box := app.MakeRegister.UID(site)
	s.in.Readings = append(s.in.Readings, app.Reading{ID: app.ID("r-" + box + readTo), Log: app.LogKey{Box: box, Log: "simulator"}, Source: app.FromRegister,
		State: app.ReadingDone, Started: s.at(readTo), Ended: s.at(readTo), ReadTo: s.at(readTo)})
}

func (s *story) add(box, card string, key app.PunchKey, at app.Instant) *app.Punch {
	s.seq[box]++
	s.in.Punches = append(s.in.Punches, app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: box, Log: "log"}, Seq: s.seq[box]}, At: at,
		Identifier: app.IdentifierKey{Kind: app.Card, Value: card}, Pressed: key, ReadingID: app.ID("r-" + box)})
	return &s.in.Punches[len(s.in.Punches)-1]
}

// last returns the key of the last punch told.
func (s *story) last() *app.RecordKey {
	k := s.in.Punches[len(s.in.Punches)-1].Key
	return &k
}

func (s *story) derive() *told {
	s.t.Helper()
	s.inRecordOrder()
	return &told{s, Derive(&s.in)}
}

// inRecordOrder numbers each box's records by time, as a box with a right
// clock does; stories may be told person by person.
func (s *story) inRecordOrder() {
	if s.seq == nil {
		return
	}
	old := map[app.RecordKey]app.RecordKey{}
	byBox := map[string][]*app.Punch{}
	for i := range s.in.Punches {
		p := &s.in.Punches[i]
		byBox[p.Key.Box] = append(byBox[p.Key.Box], p)
	}
	for _, list := range byBox {
		seqs := make([]uint64, len(list))
		for i, p := range list {
			seqs[i] = p.Key.Seq
		}
		slices.Sort(seqs)
		slices.SortStableFunc(list, func(a, b *app.Punch) int { return int(a.At - b.At) })
		for i, p := range list {
			was := p.Key
			p.Key.Seq = seqs[i]
			old[was] = p.Key
		}
	}
	rename := func(k *app.RecordKey) {
		if n, ok := old[*k]; ok {
			*k = n
		}
	}
	for i := range s.in.Ignored {
		rename(&s.in.Ignored[i].Punch)
	}
	for i := range s.in.Adjustments {
		if k := s.in.Adjustments[i].Punch; k != nil {
			rename(k)
		}
	}
	s.seq = nil
}

// told is what came of a story.
type told struct {
	s *story
	*Result
}

// days writes all workdays of a person, one a line:
//
//	2026-11-23 7:48 A 06:58–15:02 (09:00–09:16)
//
// that is day, worked, and presences with breaks. An edge is ? while it may
// still come and ! once it is missing; ~ stands before an adjusted one; a day
// that is not complete ends in *.
func (r *told) days(who string) string {
	var lines []string
	for i := range r.Workdays {
		if w := &r.Workdays[i]; string(w.WorkerID) == strings.ToLower(who) {
			lines = append(lines, r.dayLine(w))
		}
	}
	return strings.Join(lines, "\n")
}

func (r *told) dayLine(w *app.Workday) string {
	text := w.Day.String() + " " + hm(w.Worked)
	for i := range w.Presences {
		p := &w.Presences[i]
		text += " " + string(p.SiteID) + " " + r.edge(p, p.In, app.PresenceMissingIn) + "–" + r.edge(p, p.Out, app.PresenceMissingOut)
		for _, b := range p.Breaks {
			text += " (" + r.breakEdge(&b.Start) + "–" + r.breakEdge(b.End) + ")"
		}
	}
	if w.Incomplete {
		text += " *"
	}
	return text
}

func (r *told) edge(p *app.Presence, side *app.Side, missing app.PresenceState) string {
	switch {
	case side != nil && side.Adjustment != "":
		return "~" + r.clock(side.At)
	case side != nil:
		return r.clock(side.At)
	case p.State == missing:
		return "!"
	}
	return "?"
}

func (r *told) breakEdge(side *app.Side) string {
	if side == nil || side.At == 0 {
		return "?"
	}
	return r.clock(side.At)
}

// clock writes local time, with seconds where there are any.
func (r *told) clock(i app.Instant) string {
	t := i.In(brussels)
	if t.Second() != 0 {
		return t.Format("15:04:05")
	}
	return t.Format("15:04")
}

// hm writes a duration as 7:48, with seconds where there are any.
func hm(d time.Duration) string {
	text := fmt.Sprintf("%d:%02d", int(d.Hours()), int(d.Minutes())%60)
	if s := int(d.Seconds()) % 60; s != 0 {
		text += fmt.Sprintf(":%02d", s)
	}
	return text
}

// rules writes the rules that found something, S, W or I before each, in the
// order of the result, without the two that a story told with right keys at
// odd hours always has.
func (r *told) rules(without ...app.Rule) string {
	var list []string
	for i := range r.Anomalies {
		a := &r.Anomalies[i]
		if !slices.Contains(without, a.Rule) {
			list = append(list, strings.ToUpper(a.Severity.String()[:1])+" "+string(a.Rule))
		}
	}
	return strings.Join(list, ", ")
}

// find returns the only finding of a rule.
func (r *told) find(rule app.Rule) *app.Anomaly {
	r.s.t.Helper()
	var found *app.Anomaly
	for i := range r.Anomalies {
		if r.Anomalies[i].Rule == rule {
			if found != nil {
				r.s.t.Fatalf("%s was found twice: %s and %s", rule, found.Anchor, r.Anomalies[i].Anchor)
			}
			found = &r.Anomalies[i]
		}
	}
	if found == nil {
		r.s.t.Fatalf("%s was not found; there is: %s", rule, r.rules())
	}
	return found
}

// none fails if a rule found something.
func (r *told) none(rule app.Rule) {
	r.s.t.Helper()
	for i := range r.Anomalies {
		if r.Anomalies[i].Rule == rule {
			r.s.t.Errorf("%s was found: %+v", rule, r.Anomalies[i])
		}
	}
}

func (r *told) expectDays(who, want string) *told {
	r.s.t.Helper()
	if got := r.days(who); got != trimLines(want) {
		r.s.t.Errorf("%s's days:\n%s\nwant:\n%s", who, got, trimLines(want))
	}
	return r
}

func (r *told) expectRules(want string) *told {
	r.s.t.Helper()
	if got := r.rules(); got != want {
		r.s.t.Errorf("found %q, want %q", got, want)
	}
	return r
}

func trimLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

// telling is a story of An's on Monday 2026-11-23 and what is found in it.
type telling struct{ name, story, rules string }

func tellAll(t *testing.T, list []telling) {
	t.Helper()
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			if got := tell(t, "2026-11-23").punch("An", c.story).derive().rules(); got != c.rules {
				t.Errorf("found %q, want %q", got, c.rules)
			}
		})
	}
}
