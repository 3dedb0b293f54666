package attendance

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/identity"
)

// history is a company's life in random steps. in holds all facts; what boxes
// recorded in the last step stands in fresh alone, as an office would read it.
type history struct {
	rt     *rapid.T
	in     Input
	fresh  Input                  // punches and events of this step
	unread map[string][]app.Punch // of each box, recorded and not read yet
	seq    map[string]uint64
	at     app.Instant
	n      int // numbers ids

	phoned  bool        // what the register shows was in this step: it is given anew as a whole
	files   app.Instant // the clock of the terminal whose taps come in files
	changed bool        // its log was in this step: it is given anew as a whole

	stamped map[uint64][]app.Tap // what was told under each stamp
}

// phoneLog is what people registered by phone at site A.
var phoneLog = app.LogKey{Box: app.MakeRegister.UID("A"), Log: "simulator"}

// fileLog is the log of that terminal.
var fileLog = app.LogKey{Box: "boxF", Log: app.FileLog}

func newHistory(rt *rapid.T, t *testing.T) *history {
	s := tell(t, "2026-10-19")
	s.addBox("boxF", "B")
	h := &history{rt: rt, in: s.in, files: s.at("05:00"), seq: map[string]uint64{}, unread: map[string][]app.Punch{}, at: s.at("05:00")}
	h.in.Now, h.in.Readings = h.at, nil
	h.in.Sites[1].Coordinates = &app.Coordinates{Latitude: 50.88, Longitude: 4.71}
	h.in.Sites[2].Coordinates = &app.Coordinates{Latitude: 51.21, Longitude: 4.40}
	h.in.SiteDecisions[2].Decision = app.UnderCIAO
	h.in.Employers = append(h.in.Employers, app.Employer{ID: "sub", Enterprise: "0123456749"})
	h.in.Placements[1].Span.From = h.at.Add(3 * 24 * time.Hour)
	return h
}

func (h *history) id(kind string) app.ID {
	h.n++
	return app.ID(fmt.Sprintf("%s-%04d", kind, h.n))
}

func (h *history) pick(label string, n int) int { return rapid.IntRange(0, n-1).Draw(h.rt, label) }

func (h *history) chance(label string, oneIn int) bool { return h.pick(label, oneIn) == 0 }

// work lets people tap for a while; nobody reads a box.
func (h *history) work() {
	for range h.pick("taps", 14) + 1 {
		h.at += app.Instant(
			rapid.SampledFrom([]int64{0, 3 * second, 90 * second, 10 * minute, 2 * hour, 4 * hour, 8 * hour, 13 * hour, 40 * hour, 70 * hour}).
				Draw(h.rt, "later"),
		)
		box := rapid.SampledFrom([]string{"boxA", "boxA", "boxB", "boxC"}).Draw(h.rt, "box")
		p := app.Punch{
			At:         h.at,
			Identifier: app.IdentifierKey{Kind: app.Card, Value: rapid.SampledFrom([]string{"04A1", "04A1", "04B2", "04C3", "B204", "0BAD"}).Draw(h.rt, "who")},
		}
		if h.chance("key pressed", 2) {
			p.Pressed = app.PunchKey(h.pick("key", 5))
		}
		if h.chance("refused", 30) {
			p.Flags |= app.Refused
		}
		if h.chance("lost clock", 40) {
			p.At -= app.Instant(20 * 365 * day)
		}
		h.seq[box]++
		p.Key = app.RecordKey{LogKey: app.LogKey{Box: box, Log: "log"}, Seq: h.seq[box]}
		h.unread[box] = append(h.unread[box], p)
	}
	h.in.Now = max(h.in.Now, h.at)
}

// read fetches what a box recorded, or a part of it, perhaps with a hole.
func (h *history) read() {
	h.in.Now += app.Instant(rapid.SampledFrom([]int64{minute, hour, 30 * hour}).Draw(h.rt, "read later"))
	box := rapid.SampledFrom([]string{"boxA", "boxB", "boxC"}).Draw(h.rt, "read box")
	log := app.LogKey{Box: box, Log: "log"}
	r := app.Reading{ID: h.id("reading"), Log: log, Source: app.FromCable, State: app.ReadingDone, Started: h.in.Now, Ended: h.in.Now, ReadTo: h.in.Now}
	list := h.unread[box]
	if len(list) > 0 && h.chance("partial", 3) {
		from := h.pick("from", len(list))
		list, h.unread[box] = list[from:], slices.Clone(list[:from])
		if from > 0 {
			h.in.Gaps = append(slices.Clip(h.in.Gaps), app.Gap{Log: log, First: h.unread[box][0].Key.Seq, Last: h.unread[box][from-1].Key.Seq, Known: h.in.Now})
		}
	} else {
		h.unread[box] = nil
		h.in.Gaps = slices.DeleteFunc(slices.Clone(h.in.Gaps), func(g app.Gap) bool { return g.Log == log && h.chance("gap filled", 2) })
	}
	if h.chance("stopped", 4) && len(list) > 0 {
		r.State, r.ReadTo = app.ReadingStopped, 0
		cut := h.pick("cut", len(list)) + 1
		h.unread[box] = append(h.unread[box], list[cut:]...)
		list = list[:cut]
	}
	for _, p := range list {
		p.ReadingID = r.ID
		h.fresh.Punches = append(h.fresh.Punches, p)
		r.Last = max(r.Last, p.Key.Seq)
	}
	if h.chance("measured", 2) {
		r.Clock = &app.ClockOffset{
			At:          h.in.Now,
			Offset:      time.Duration(rapid.SampledFrom([]int{-2, 0, 1, 5, 45, 900}).Draw(h.rt, "off")) * time.Second,
			Uncertainty: time.Millisecond,
		}
		if !h.chance("unchecked", 5) {
			r.Check = app.ClockCheck{At: h.in.Now.Add(-time.Hour), Source: "test"}
		}
	}
	if h.chance("event", 3) {
		h.seq[box]++
		h.event(app.RecordKey{LogKey: log, Seq: h.seq[box]}, r.ID)
	}
	if h.chance("again", 6) && len(h.in.Punches) > 0 { // records that were read before
		h.fresh.Punches = append(h.fresh.Punches, h.in.Punches[h.pick("which again", len(h.in.Punches))])
	}
	h.in.Readings = append(slices.Clip(h.in.Readings), r)
}

func (h *history) event(k app.RecordKey, reading app.ID) {
	e := app.BoxEvent{Key: k, At: h.at, ReadingID: reading,
		Type: rapid.SampledFrom([]app.RecordType{app.RecordBoot, app.RecordClockSet, app.RecordClockLost, app.RecordCaseOpened, app.RecordPowerLost}).
			Draw(h.rt, "type"),
	}
	if e.Type == app.RecordClockSet {
		binary.LittleEndian.PutUint32(e.Data[1:], uint32(h.at/1000))
		binary.LittleEndian.PutUint32(e.Data[6:], uint32(h.at/1000)+uint32(h.pick("set by", 600)))
	}
	h.fresh.Events = append(h.fresh.Events, e)
}

// judge lets a supervisor do one thing.
func (h *history) judge(r *Result) {
	k := app.RecordKey{LogKey: app.LogKey{Box: "boxA", Log: "log"}, Seq: 1}
	if n := len(h.in.Punches); n > 0 {
		k = h.in.Punches[h.pick("punch", n)].Key
	}
	at := h.at.Add(-time.Duration(h.pick("ago", 300)) * time.Hour)
	eng := rapid.SampledFrom([]app.ID{"e-an", "e-bo", "e-cem"}).Draw(h.rt, "of")
	switch h.pick("judgement", 10) {
	case 0:
		h.in.Ignored = append(slices.Clip(h.in.Ignored), app.Ignored{ID: h.id("ignored"), Punch: k})
	case 1:
		if n := len(h.in.Ignored); n > 0 {
			h.in.Ignored = slices.Clone(h.in.Ignored)
			h.in.Ignored[h.pick("withdrawn", n)].Withdrawn = h.in.Now
		}
	case 2, 3:
		a := app.Adjustment{
			ID:           h.id("adjustment"),
			Kind:         rapid.SampledFrom([]app.AdjustmentKind{app.AdjustIn, app.AdjustOut, app.AdjustPresence}).Draw(h.rt, "kind"),
			EngagementID: eng,
			SiteID:       "A",
			Punch:        &k,
			From:         at,
			To:           at.Add(time.Duration(h.pick("hours", 12)+1) * time.Hour),
			At:           h.in.Now,
		}
		h.in.Adjustments = append(slices.Clip(h.in.Adjustments), a)
	case 4:
		if n := len(h.in.Adjustments); n > 0 {
			h.in.Adjustments = slices.Clone(h.in.Adjustments)
			h.in.Adjustments[h.pick("withdrawn", n)].Withdrawn = h.in.Now
		}
	case 5, 6:
		if n := len(r.Anomalies); n > 0 {
			a := &r.Anomalies[h.pick("anomaly", n)]
			h.in.States = append(slices.Clip(h.in.States), app.AnomalyState{Key: a.Key(), Status: app.AnomalyExplained, Evidence: Evidence(a),
				Reason: rapid.SampledFrom([]string{"forgot", "agreed"}).Draw(h.rt, "reason")})
		}
	case 7:
		if n := len(h.in.States); n > 0 {
			h.in.States = slices.Clone(h.in.States)
			h.in.States[h.pick("reopened", n)].Status = app.AnomalyOpen
		}
	case 8:
		if n := len(r.Segments); n > 0 {
			s := r.Segments[h.pick("segment", n)]
			r := app.ClockRepair{ID: h.id("repair"), Log: s.Log, First: s.First, Shift: s.Proposed, At: h.in.Now}
			if h.chance("right as it stands", 3) {
				r.Shift = 0
			}
			h.in.Repairs = append(slices.Clip(h.in.Repairs), r)
		}
	case 9:
		if n := len(h.in.Cuts); n > 0 && h.chance("cut withdrawn", 3) {
			h.in.Cuts = slices.Clone(h.in.Cuts)
			h.in.Cuts[h.pick("withdrawn", n)].Withdrawn = h.in.Now
		} else if len(h.in.Punches) > 0 {
			h.in.Cuts = append(slices.Clip(h.in.Cuts), app.ClockCut{ID: h.id("cut"), Log: k.LogKey, First: k.Seq, At: h.in.Now})
		}
	}
}

// importFile brings lines of the terminal, or lets those that were brought stand
// elsewhere, mean something else, or count no more.
func (h *history) importFile() {
	h.changed = true
	list := slices.DeleteFunc(slices.Clone(h.in.Punches), func(p app.Punch) bool { return p.Key.LogKey != fileLog })
	slices.SortFunc(list, func(a, b app.Punch) int { return a.CompareRecords(&b) })
	list = slices.CompactFunc(list, func(a, b app.Punch) bool { return a.Key == b.Key })
	switch h.pick("with the file", 9) {
	case 0: // an import is undone
		list = list[:h.pick("kept", len(list)+1)]
	case 1: // an older file: later passages move
		for i := range list {
			list[i].Position.Passage++
		}
	case 2: // its zone was wrong
		for i := range list {
			list[i].At += app.Instant(hour)
		}
	case 3: // nobody knows the order, or somebody says it
		for i := range list {
			list[i].Position = app.Position{Passage: 1, Line: uint32(i + 1)}
		}
		if h.chance("unknown order", 2) && len(list) > 0 {
			list[h.pick("without a place", len(list))].Position = app.Position{}
		}
	case 4: // two lines stand the other way round
		if n := len(list); n > 1 {
			i := h.pick("swapped", n-1)
			list[i].Position, list[i+1].Position = list[i+1].Position, list[i].Position
		}
	default:
		list = h.lines(list)
	}
	h.in.Punches = append(slices.DeleteFunc(slices.Clone(h.in.Punches), func(p app.Punch) bool { return p.Key.LogKey == fileLog }), list...)
}

// lines adds those of one more file.
func (h *history) lines(list []app.Punch) []app.Punch {
	h.in.Now = max(h.in.Now, h.files) + app.Instant(hour)
	r := app.Reading{ID: h.id("import"), Log: fileLog, Source: app.FromFile, State: app.ReadingDone, Started: h.in.Now, Ended: h.in.Now, ReadTo: h.files}
	place := app.Position{Passage: 1}
	if n := len(list); n > 0 {
		place = list[n-1].Position
	}
	if h.chance("no common line", 3) {
		place = app.Position{Passage: place.Passage + 1, Loose: h.chance("by person", 3)}
	}
	for range h.pick("lines", 12) + 1 {
		h.files += app.Instant(
			rapid.SampledFrom([]int64{0, 0, 90 * second, hour, 4 * hour, 9 * hour, 15 * hour, -58 * minute, -3 * hour, -40 * day, 40 * day}).Draw(h.rt, "line later"),
		)
		place.Line++
		p := app.Punch{Key: app.RecordKey{LogKey: fileLog, Seq: uint64(1<<40) - 2*uint64(len(h.in.Punches)*100+len(list))}, At: h.files, ReadingID: r.ID, Position: place,
			Identifier: app.IdentifierKey{Kind: app.Card, Value: rapid.SampledFrom([]string{"04A1", "04B2", "0BAD"}).Draw(h.rt, "whose line")}}
		if h.chance("key in the line", 2) {
			p.Pressed = app.PunchKey(h.pick("key", 5))
		}
		if h.chance("impossible line", 15) {
			p.At = rapid.SampledFrom([]app.Instant{0, h.files.Add(40 * 365 * 24 * time.Hour)}).Draw(h.rt, "impossible")
			r.ReadTo = max(r.ReadTo, p.At)
		}
		list = append(list, p)
	}
	if h.chance("measured terminal", 6) {
		r.Clock = &app.ClockOffset{At: h.in.Now, Offset: rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(h.rt, "off by")}
		r.Check = app.ClockCheck{At: h.in.Now.Add(-time.Hour), Source: "test"}
	}
	h.in.Readings = append(slices.Clip(h.in.Readings), r)
	return list
}

// change lets the office change one fact.
func (h *history) change() {
	at := h.at.Add(-time.Duration(h.pick("ago", 300)) * time.Hour)
	switch h.pick("fact", 16) {
	case 0: // a badge is handed on
		list := slices.Clone(h.in.Custodies)
		i := h.pick("custody", len(list))
		if list[i].Span.To == 0 && at > list[i].Span.From {
			list[i].Span.To = at
			next := list[i]
			next.ID, next.EngagementID, next.Span = h.id("custody"), rapid.SampledFrom([]app.ID{"e-an", "e-bo", "e-cem"}).Draw(h.rt, "to"), app.Span{From: at}
			list = append(list, next)
		}
		h.in.Custodies = list
	case 1: // the unknown badge is somebody's
		if len(h.in.Identifiers) == len(storyPeople) {
			h.in.Identifiers = append(slices.Clip(h.in.Identifiers), app.Identifier{ID: "i-bad", Key: app.IdentifierKey{Kind: app.Card, Value: "0BAD"}})
			h.in.Custodies = append(
				slices.Clip(h.in.Custodies),
				app.Custody{ID: "c-bad", IdentifierID: "i-bad", EngagementID: "e-cem", Span: app.Span{From: at}, Entered: h.in.Now},
			)
		}
	case 2: // a box moves
		list := slices.Clone(h.in.Placements)
		i := h.pick("placement", len(list))
		if list[i].Span.To == 0 && at > list[i].Span.From {
			list[i].Span.To = at
			list = append(
				list,
				app.Placement{
					ID:     h.id("placement"),
					BoxUID: list[i].BoxUID,
					SiteID: rapid.SampledFrom([]app.ID{"A", "B", "C"}).Draw(h.rt, "to site"),
					Span:   app.Span{From: at},
				},
			)
		}
		h.in.Placements = list
	case 3:
		h.in.Sites = slices.Clone(h.in.Sites)
		s := &h.in.Sites[h.pick("site", len(h.in.Sites))]
		switch h.pick("of the site", 3) {
		case 0:
			s.Zone = rapid.SampledFrom([]app.Zone{"Europe/Brussels", "Europe/London", "Pacific/Kiritimati", "America/New_York"}).Draw(h.rt, "zone")
		case 1:
			s.Thresholds = app.Thresholds{DayLimitAfter: 4 * hour, ShortBelow: int64(h.pick("short", 5)) * hour}
		case 2:
			s.Name += "!"
		}
	case 4:
		h.in.Engagements = slices.Clone(h.in.Engagements)
		e := &h.in.Engagements[h.pick("engagement", len(h.in.Engagements))]
		if h.chance("ends", 2) {
			e.Days.To = at.DateIn(brussels)
		} else {
			e.WeeklyHours = app.WeeklyHours(60 * (10 + h.pick("weekly", 30)))
		}
	case 5:
		h.in.Engagements = append(
			slices.Clip(h.in.Engagements),
			app.Engagement{ID: h.id("e"), WorkerID: rapid.SampledFrom([]app.ID{"an", "bo"}).Draw(h.rt, "second"),
				EmployerID: rapid.SampledFrom([]app.ID{"boss", "sub"}).Draw(h.rt, "by"), Default: h.chance("default", 2)},
		)
	case 6:
		h.in.SiteDecisions = append(slices.Clip(h.in.SiteDecisions), app.SiteDecision{ID: h.id("decision"), SiteID: "A", From: at, At: h.in.Now,
			Decision: rapid.SampledFrom([]app.Decision{app.UnderCIAO, app.NotUnder, app.Undecided}).Draw(h.rt, "decision")})
	case 7:
		d := app.Declaration{ID: h.id("declaration"), Days: app.Days{From: at.DateIn(brussels), To: at.DateIn(brussels) + app.Date(h.pick("runs", 20))}}
		h.in.Declarations = append(slices.Clip(h.in.Declarations), d)
		h.in.DeclarationSites = append(
			slices.Clip(h.in.DeclarationSites),
			app.DeclarationSite{ID: h.id("link"), DeclarationID: d.ID, SiteID: rapid.SampledFrom([]app.ID{"A", "C"}).Draw(h.rt, "declared")},
		)
	case 8:
		h.in.Settings.Thresholds = rapid.SampledFrom([]app.Thresholds{nil, {TogetherOn: 1, TogetherTimes: 1, TogetherOf: 3}, {RestWarning: 30 * hour}, {OutWithin: 80 * hour}}).
			Draw(h.rt, "company")
	case 9:
		h.in.Settings.Replacements = []app.Date{at.DateIn(brussels)}
	case 10:
		h.in.Workers = slices.Clone(h.in.Workers)
		h.in.Workers[0].SSIN = ""
	case 11, 12:
		h.planSomething(at)
	case 13:
		h.in.Notations = append(slices.Clip(h.in.Notations), app.BadgeNotation{ID: h.id("notation"), Box: "boxA", At: h.in.Now,
			Kind: string(rapid.SampledFrom([]identity.NotationKind{identity.Reversed, identity.Plain}).Draw(h.rt, "notation"))})
	case 14:
		if n := len(h.in.Notations); n > 0 {
			h.in.Notations = slices.Clone(h.in.Notations)
			h.in.Notations[h.pick("withdrawn", n)].Withdrawn = h.in.Now
		}
	case 15:
		h.in.Fills = []Fill{{Box: "boxA", At: h.in.Now, Used: uint64(h.pick("full", 100)), Capacity: 100}}
	}
}

// planSomething enters a line of the plan, an exception from one, or an absence.
func (h *history) planSomething(at app.Instant) {
	on := at.DateIn(brussels)
	who := rapid.SampledFrom([]app.ID{"an", "bo", "cem"}).Draw(h.rt, "planned")
	hours := app.Hours{From: app.TimeOfDay(h.pick("quarter", 96) * 15), To: app.TimeOfDay(h.pick("quarter", 96) * 15)}
	switch n := len(h.in.PlanLines); {
	case n == 0 || h.chance("line", 2):
		h.in.PlanLines = append(slices.Clip(h.in.PlanLines), app.PlanLine{ID: h.id("line"), EngagementID: "e-" + who, EveryWeeks: 1, Hours: hours,
			SiteID: rapid.SampledFrom([]app.ID{"A", "B"}).
				Draw(h.rt, "planned at"),
			Weekdays: app.Weekdays(h.pick("weekdays", 127) + 1), Days: app.Days{From: on}})
	case h.chance("absent", 2):
		h.in.Absences = append(slices.Clip(h.in.Absences), app.Absence{ID: h.id("absence"), WorkerID: who, Days: app.Days{From: on, To: on + 2}})
	case h.chance("line withdrawn", 3):
		h.in.PlanLines = slices.Clone(h.in.PlanLines)
		h.in.PlanLines[h.pick("which", n)].Withdrawn = h.in.Now
	default:
		h.in.PlanExceptions = append(slices.Clip(h.in.PlanExceptions), app.PlanException{ID: h.id("exception"), LineID: h.in.PlanLines[h.pick("which", n)].ID,
			Days: app.Days{From: on, To: on + 5}, Hours: hours, StandIn: "e-" + who, At: h.in.Now,
			Kind: rapid.SampledFrom([]app.ExceptionKind{app.ShiftCancelled, app.ShiftHours, app.ShiftReplaced}).Draw(h.rt, "exception")})
	}
}

func (h *history) step(r *Result) {
	h.fresh, h.changed, h.phoned = Input{}, false, false
	switch h.pick("step", 12) {
	case 0, 1:
		h.work()
	case 2, 3, 4:
		h.read()
	case 5:
		h.judge(r)
	case 6:
		h.change()
	case 7:
		h.in.Now += app.Instant(rapid.SampledFrom([]int64{minute, 5 * hour, 3 * day, 9 * day}).Draw(h.rt, "time passes"))
	case 8, 9:
		h.importFile()
	case 10:
		h.phones()
	case 11:
		h.consult()
	}
	h.in.Punches = append(h.in.Punches, h.fresh.Punches...)
	h.in.Events = append(h.in.Events, h.fresh.Events...)
}

// phones changes what the register shows: allowed or not, taken back, of another employer.
func (h *history) phones() {
	h.in.Sites = slices.Clone(h.in.Sites)
	switch h.pick("with phones", 3) {
	case 0:
		h.in.Sites[0].Phones = !h.in.Sites[0].Phones
	case 1: // some are none of theirs any more, or cancelled
		h.phoned = true
		h.in.Punches = slices.DeleteFunc(slices.Clone(h.in.Punches), func(p app.Punch) bool { return p.Key.LogKey == phoneLog && h.chance("withdrawn", 4) })
	case 2:
		h.in.Entries = slices.Clone(h.in.Entries)
		for i := range h.in.Entries {
			h.in.Entries[i].Enterprise = rapid.SampledFrom([]string{"", "0206731645", "0123456749"}).Draw(h.rt, "employer")
			h.in.Entries[i].Declaration = rapid.SampledFrom([]string{"", "1Y1003SQ5VSSZ"}).Draw(h.rt, "declared")
		}
	}
}

// consult asks the register, which shows what was done by phone since, not in the order of time.
func (h *history) consult() {
	h.in.Now = max(h.in.Now, h.at)
	by := rapid.SampledFrom([]app.ReadingSource{app.FromRegister, app.FromList, app.FromPerson}).Draw(h.rt, "asked by")
	r := app.Reading{ID: h.id("consultation"), Log: phoneLog, Source: by,
		State: app.ReadingDone, Started: h.in.Now, Ended: h.in.Now, ReadTo: h.in.Now.Add(time.Duration(h.pick("less", 3)-1) * -time.Hour)}
	switch h.pick("known", 4) {
	case 0: // it was about one person
		r.ReadTo = 0
	case 1: // and of no later time than before
		r.ReadTo = h.files
	}
	for range h.pick("registrations", 5) {
		at := h.in.Now.Add(-time.Duration(h.pick("minutes ago", 3000)) * time.Minute)
		if n := len(h.in.Punches); n > 0 && h.chance("beside a tap", 2) {
			at = h.in.Punches[h.pick("beside", n)].At.Add(time.Duration(h.pick("later", 40)-20) * time.Minute)
		}
		e := app.RegisterEntry{Environment: "simulator", ID: int64(h.pick("number", 50)*1000 + h.n), SiteID: "A",
			WorkerID: rapid.SampledFrom([]app.ID{"an", "an", "bo", "stranger"}).Draw(h.rt, "who phoned"), Enterprise: "0206731645"}
		h.n++
		h.in.Entries = append(slices.Clip(h.in.Entries), e)
		h.fresh.Punches = append(h.fresh.Punches, app.Punch{Key: e.Key(), At: at, Pressed: app.PunchKey(1 + h.pick("in or out", 2)), ReadingID: r.ID,
			Identifier: app.IdentifierKey{Kind: app.ByRegister, Value: string(e.WorkerID)}})
	}
	h.in.Readings = append(slices.Clip(h.in.Readings), r)
}

// next returns the facts as an engine gets them: complete, but for what was recorded.
func (h *history) next() *Input {
	in := h.in
	in.Punches, in.Events = slices.Clone(h.fresh.Punches), slices.Clone(h.fresh.Events)
	return &in
}

// after is the next state of an engine.
func (h *history) after(e *Engine) *Engine {
	records := e.Records()
	for log, whole := range map[app.LogKey]bool{fileLog: h.changed, phoneLog: h.phoned} {
		if !whole {
			continue
		}
		l := records.Log(log)
		l.Whole()
		for i := range h.in.Punches {
			if p := &h.in.Punches[i]; p.Key.LogKey == log {
				l.Punch(p)
			}
		}
	}
	return e.Next(h.next(), records)
}

func (h *history) all() *Input {
	in := h.in
	in.Punches, in.Events = slices.Clone(in.Punches), slices.Clone(in.Events)
	return &in
}

func sameResult(rt *rapid.T, what string, got, want *Result) {
	if a, b := bytesOf(rt, got), bytesOf(rt, want); a != b {
		at := 0
		for at < len(a) && at < len(b) && a[at] == b[at] {
			at++
		}
		from := max(0, at-300)
		rt.Fatalf("%s differs from all derived anew:\n…%s\nwant:\n…%s", what, a[from:min(len(a), at+300)], b[from:min(len(b), at+300)])
	}
}

// What an engine derives step by step is byte-identical to all derived from nothing.
func TestDerivingWhatChangedIsDerivingAll(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(rt, t)
		e := Start(h.next(), NewRecords())
		want := Derive(h.all())
		for range rapid.IntRange(5, 30).Draw(rt, "steps") {
			h.step(want)
			next := h.after(e)
			before := want
			want = Derive(h.all())
			sameResult(rt, "the next state", next.Result(), want)
			h.sameChange(Compare(e, next), before, want)
			h.sameAnswers(next, want)
			h.sameStamps(next, e)
			e = next
		}
		sameResult(rt, "a start", Start(h.all(), NewRecords()).Result(), want)
	})
}

// An engine that another came from still says what it said.
func TestAnEngineNeverChanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(rt, t)
		e := Start(h.next(), NewRecords())
		for range 12 {
			h.step(e.Result())
			e = h.after(e)
		}
		before := bytesOf(rt, e.result())
		h.step(e.Result())
		one := h.after(e)
		if h.fresh.Punches == nil && h.fresh.Events == nil { // what is only supposed has no new records
			h.change()
			e.Next(h.next(), nil)
			h.judge(one.Result())
			e.Next(h.next(), nil)
		}
		if after := bytesOf(rt, e.result()); after != before {
			rt.Fatalf("was:\n%s\nis:\n%s", before, after)
		}
	})
}

// sameChange compares what two states say differs with what differs.
func (h *history) sameChange(c *Change, before, after *Result) {
	want := comparePlainly(before, after)
	if !slices.Equal(c.Workers, want.Workers) {
		h.rt.Fatalf("touches %q, want %q: %+v / %+v", c.Workers, want.Workers, c.Before.Anomalies, c.After.Anomalies)
	}
	for _, side := range [...][2]*Part{{&c.Before, &want.Before}, {&c.After, &want.After}} {
		if a, b := fmt.Sprintf("%+v", bytesOf(h.rt, side[0].result())), fmt.Sprintf("%+v", bytesOf(h.rt, side[1].result())); a != b {
			h.rt.Fatalf("change:\n%s\nwant:\n%s", a, b)
		}
	}
}

func (p *Part) result() *Result {
	return &Result{Taps: p.Taps, Presences: p.Presences, Workdays: p.Workdays, Shares: p.Shares, Anomalies: p.Anomalies}
}

// sameAnswers compares answers about days and taps with the whole.
func (h *history) sameAnswers(e *Engine, r *Result) {
	on := h.at.DateIn(brussels) - app.Date(h.pick("days ago", 20))
	days := app.Days{From: on, To: on + app.Date(h.pick("days", 8))}
	worker := rapid.SampledFrom([]app.ID{"", "an", "bo"}).Draw(h.rt, "whose")
	got := e.Days(days, worker)
	var want Part
	for _, p := range r.Presences {
		if days.Holds(p.Day) && (worker == "" || p.WorkerID == worker) {
			want.Presences = append(want.Presences, p)
		}
	}
	for _, w := range r.Workdays {
		if days.Holds(w.Day) && (worker == "" || w.WorkerID == worker) {
			want.Workdays = append(want.Workdays, w)
		}
	}
	for _, w := range r.Shares {
		if days.Holds(w.Day) && (worker == "" || w.WorkerID == worker) {
			want.Shares = append(want.Shares, w)
		}
	}
	got.Taps = nil
	if a, b := bytesOf(h.rt, got.result()), bytesOf(h.rt, want.result()); len(want.Presences)+len(got.Presences) > 0 && a != b {
		h.rt.Fatalf("days %v of %q:\n%s\nwant:\n%s", days, worker, a, b)
	}
	span := app.Span{From: h.at.Add(-time.Duration(h.pick("hours ago", 200)) * time.Hour)}
	taps := e.Taps(TapFilter{Raw: span, Worker: worker})
	slices.SortFunc(taps, func(a, b app.Tap) int { return a.Punch.Key.Compare(b.Punch.Key) })
	var wanted []app.Tap
	for _, t := range r.Taps {
		if span.Holds(t.Punch.At) && (worker == "" || t.WorkerID == worker) {
			wanted = append(wanted, t)
		}
	}
	slices.SortFunc(wanted, func(a, b app.Tap) int { return a.Punch.Key.Compare(b.Punch.Key) })
	if !reflect.DeepEqual(taps, wanted) {
		h.rt.Fatalf("taps of %q from %s:\n%+v\nwant:\n%+v", worker, span.From, taps, wanted)
	}
	open := slices.DeleteFunc(slices.Clone(r.Presences), func(p app.Presence) bool { return p.State != app.PresenceOpen })
	if a, b := bytesOf(h.rt, &Result{Presences: e.Open()}), bytesOf(h.rt, &Result{Presences: open}); len(open) > 0 && a != b {
		h.rt.Fatalf("open:\n%s\nwant:\n%s", a, b)
	}
	for i := range r.Presences {
		if k := r.Presences[i].Punches; len(k) > 0 {
			if p, ok := e.PresenceWith(k[0]); !ok || !reflect.DeepEqual(*p, r.Presences[i]) {
				h.rt.Fatalf("presence with %s: %+v, want %+v", k[0], p, r.Presences[i])
			}
		}
	}
}

// comparePlainly is Compare by looking at everything.
func comparePlainly(before, after *Result) *Change {
	c := &Change{}
	c.Before.Anomalies, c.After.Anomalies = differing(before.Anomalies, after.Anomalies, (*app.Anomaly).Key)
	touched := map[app.ID]bool{}
	for _, list := range [...][]app.Anomaly{c.Before.Anomalies, c.After.Anomalies} {
		for i := range list {
			if w := list[i].WorkerID; w != "" {
				touched[w] = true
			}
		}
	}
	a, b := partsOf(before), partsOf(after)
	for _, parts := range [...]map[app.ID]*Part{a, b} {
		for w := range parts {
			x, y := *partOf(a, w), *partOf(b, w)
			if w == "" { // of nobody's taps the order says nothing
				x.Taps, y.Taps = differing(x.Taps, y.Taps, func(t *app.Tap) app.RecordKey { return t.Punch.Key })
			}
			if !touched[w] && !reflect.DeepEqual(x, y) {
				touched[w] = true
			}
		}
	}
	c.Workers = sortedKeys(touched)
	for _, w := range c.Workers {
		x, y := *partOf(a, w), *partOf(b, w)
		if w == "" {
			x.Taps, y.Taps = differing(x.Taps, y.Taps, func(t *app.Tap) app.RecordKey { return t.Punch.Key })
		}
		c.Before.add(&x)
		c.After.add(&y)
	}
	return c
}

func partsOf(r *Result) map[app.ID]*Part {
	parts := map[app.ID]*Part{}
	get := func(w app.ID) *Part {
		if parts[w] == nil {
			parts[w] = &Part{}
		}
		return parts[w]
	}
	for _, t := range r.Taps {
		t.Punch.Position = app.Position{} // standing elsewhere in a file changes nothing by itself
		p := get(t.WorkerID)
		p.Taps = append(p.Taps, t)
	}
	for _, pr := range r.Presences {
		p := get(pr.WorkerID)
		p.Presences = append(p.Presences, pr)
	}
	for _, w := range r.Workdays {
		p := get(w.WorkerID)
		p.Workdays = append(p.Workdays, w)
	}
	for _, w := range r.Shares {
		p := get(w.WorkerID)
		p.Shares = append(p.Shares, w)
	}
	return parts
}

func partOf(parts map[app.ID]*Part, w app.ID) *Part {
	if p := parts[w]; p != nil {
		return p
	}
	return &Part{}
}

// sameStamps holds stamps to what is told under them: the same stamp, the same taps, now and in every step before.
func (h *history) sameStamps(e, before *Engine) {
	if h.stamped == nil {
		h.stamped = map[uint64][]app.Tap{}
	}
	came := map[app.ID][]Piece{}
	for _, c := range e.Unlike(before) {
		came[c.Worker] = c.Came
	}
	for _, p := range e.Pieces() {
		if d := e.f.derivationOf(e.people[p.worker], p.block); d.stampOf() != p.Stamp() {
			h.rt.Fatalf("a piece of %s derived once more has another stamp", e.Worker(p))
		}
		taps := e.TapsOf([]Piece{p})
		for i := range taps {
			taps[i].Punch.Identifier = app.IdentifierKey{}                                          // no badge is in it
			taps[i].Punch.Boot, taps[i].Punch.SinceBoot, taps[i].Punch.Position.Loose = 0, 0, false // nor what is of the log alone
		}
		if known, ok := h.stamped[p.Stamp()]; ok && !reflect.DeepEqual(known, taps) {
			h.rt.Fatalf("under one stamp: %+v\nand %+v", known, taps)
		}
		h.stamped[p.Stamp()] = taps
		if before != nil && !slices.Contains(came[e.Worker(p)], p) && !slices.Contains(before.Pieces(), p) {
			h.rt.Fatalf("a piece of %s is new, and nobody says so", e.Worker(p))
		}
	}
}
