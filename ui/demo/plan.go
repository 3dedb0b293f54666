package demo

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"time"

	"klokkast/app"
)

// Seed is one fault that the demo put into the month on purpose. The test knows
// the seeds; the engine does not.
type Seed struct {
	Rule  app.Rule `json:"rule"`
	Staff string   `json:"staffNumber,omitempty"`
	Site  string   `json:"site,omitempty"` // code
	Day   app.Date `json:"day,omitzero"`
}

// Tap is one thing that happens at a simulated box.
type Tap struct {
	At    app.Instant // true time; the box's clock shows it with its own offset
	Badge string      // canonical card value; "" for an event
	Key   app.PunchKey
	Event app.RecordType // for what is not a tap; a clock that is set is as far off as before
}

// BoxPlan is what happens at one simulated box in the month.
type BoxPlan struct {
	UID    [16]byte
	Label  string
	Site   string        // code
	Offset time.Duration // how far its clock is off
	Taps   []Tap         // by time
	// LoseFirst and LoseLast are moments between which it loses a page of
	// records: nobody taps then.
	LoseFirst, LoseLast app.Instant
}

// Month is everything that the demo makes up.
type Month struct {
	Month   app.Month
	Seed    uint64
	First   app.Date    // of the month
	Now     app.Instant // the demo's own time: a working morning after the month
	Halfway app.Instant // when boxes are read for the first time
	Zone    *time.Location
	People  []person
	Boxes   []BoxPlan
	Phoned  []Phoned // by time
	Seeds   []Seed
}

// Phoned is what somebody registers by phone.
type Phoned struct {
	SSIN        string
	Type        app.RegistrationType
	At          app.Instant
	Declaration string
	Employer    string // enterprise number
	Place       app.Coordinates
}

// What goes wrong, and to whom (indexes of people and places).
const (
	lateDeclared = 3 // the place whose declaration begins too late
	driftingBox  = 4 // its clock is 40 s ahead
	losingBox    = 5 // it loses a page
	keylessPlace = 6 // nobody presses keys there
	lostClock    = 7 // its box lost its clock one night and was set in the evening
	plannedPlace = 8 // has a plan since the last weeks of the month
	lateOne      = 23
	notShownOne  = 12
	awayOne      = 45
	spareBadge   = 35 // got a spare badge that was entered back to front
	phonePlace   = 2  // people may register by phone there
	phonesOut    = 50 // leaves the badge with a colleague and registers the end by phone, for some days
	phonesAll    = 39 // forgot the badge at home on two days
	driftOffset  = 40 * time.Second
	firstFaulty  = 10 // people from here on have one fault each
	nightStart   = 22 * time.Hour
)

// MakeMonth makes up a month; the same month and seed make the same one.
func MakeMonth(m app.Month, seed uint64) (*Month, error) {
	zone, err := app.DefaultZone.Load()
	if err != nil {
		return nil, fmt.Errorf("load the zone: %w", err)
	}
	r := rand.New(rand.NewPCG(seed, uint64(m.Year*100+int(m.Month))))
	d := &Month{Month: m, Seed: seed, First: m.First(), Zone: zone}
	d.Halfway = app.NewDate(m.Year, m.Month, 16).Start(zone).Add(20 * time.Hour)
	morning := m.Last().AddDays(1)
	for !working(morning) {
		morning = morning.AddDays(1)
	}
	d.Now = morning.Start(zone).Add(10*time.Hour + 52*time.Minute) // nobody is due at a box just then
	d.People = newPeople(r, d.First)
	d.Boxes = newBoxes(r)
	w := &writer{Month: d, r: r, faults: map[fault]bool{}}
	w.seedFaults()
	for day := d.First; day <= morning; day++ {
		w.day(day)
	}
	w.boxFaults()
	w.stranger()
	sort.SliceStable(d.Phoned, func(a, b int) bool { return d.Phoned[a].At < d.Phoned[b].At })
	for i := range d.Boxes {
		taps := d.Boxes[i].Taps
		sort.SliceStable(taps, func(a, b int) bool { return taps[a].At < taps[b].At })
	}
	return d, nil
}

// When, counted in working days of the month from 0: late enough for the boxes
// to be read once before, and in every month.
const (
	planDay     = 16 // the first day of the plan, on which one of its people is away
	clockDay    = 17 // in the night before it a clock was lost
	lateDay     = 17
	notShownDay = 18
	spareDay    = 19 // the first day of the spare badge
)

func working(d app.Date) bool {
	wd := d.Weekday()
	return wd != time.Saturday && wd != time.Sunday
}

func lateDeclaration(first app.Date) app.Date {
	for n := 0; ; first++ { // from the third working day on
		if !working(first) {
			continue
		}
		if n++; n == 3 {
			return first
		}
	}
}

func newBoxes(r *rand.Rand) []BoxPlan {
	out := make([]BoxPlan, len(places))
	for i, p := range places {
		b := &out[i]
		b.Label, b.Site = p.boxLabel, p.code
		for j := range b.UID {
			b.UID[j] = byte(r.Uint32())
		}
		b.Offset = time.Duration(r.IntN(5000)-2500) * time.Millisecond // within ±2.5 s
	}
	out[driftingBox].Offset = driftOffset
	return out
}

// fault is one planned fault of one person on one day.
type fault struct {
	who int
	day app.Date
	it  app.Rule
}

// writer writes days into the boxes.
type writer struct {
	*Month
	r      *rand.Rand
	faults map[fault]bool
}

// seedFaults decides who does what wrong and when. Days lie in the inner weeks
// of the month, with a day between two faults of one kind.
func (w *writer) seedFaults() {
	for i, rule := range []app.Rule{
		app.MissingOut, app.MissingOut, app.MissingOut, app.MissingIn, app.MissingIn,
		app.DuplicateTap, app.DuplicateTap, app.DuplicateTap, app.LongPresence, app.NoBreak, app.NoBreak, app.Overlap,
	} {
		who := w.faultyPerson(i)
		day := w.workday(4 + i)
		w.faults[fault{who, day, rule}] = true
		w.Seeds = append(w.Seeds, Seed{Rule: rule, Staff: w.People[who].staffNumber, Day: day})
	}
	// The supervisor states the first forgotten OUT, which the register then lacks.
	first := w.Seeds[0]
	w.Seeds = append(w.Seeds, Seed{Rule: app.CorrectionDue, Staff: first.Staff, Day: first.Day},
		Seed{Rule: app.IdentityRule, Staff: w.People[withoutSSIN].staffNumber},
		Seed{Rule: app.UnknownBadge, Site: places[0].code},
		Seed{Rule: app.SequenceGap, Site: places[losingBox].code},
		Seed{Rule: app.ClockDrift, Site: places[driftingBox].code})
	w.Seeds = append(w.Seeds,
		Seed{Rule: app.NotShown, Staff: w.People[notShownOne].staffNumber, Site: places[plannedPlace].code, Day: w.workday(notShownDay)},
		Seed{Rule: app.Late, Staff: w.People[lateOne].staffNumber, Site: places[plannedPlace].code, Day: w.workday(lateDay)},
		Seed{Rule: app.ClockReset, Site: places[lostClock].code},
		Seed{Rule: app.UnknownBadge, Site: places[w.People[spareBadge].sites[0]].code})
	for day := w.First; day < lateDeclaration(w.First); day++ {
		if working(day) {
			w.Seeds = append(w.Seeds, Seed{Rule: app.NoDeclaration, Site: places[lateDeclared].code, Day: day})
		}
	}
}

// faultyPerson returns the n-th person who does something wrong: full-time, at
// one place by day, where keys are pressed and the declaration is in order.
func (w *writer) faultyPerson(n int) int {
	for i := firstFaulty; i < len(w.People); i++ {
		p := &w.People[i]
		at := p.sites[0]
		if p.weekly != fullTimeHours || at == keylessPlace || at == lateDeclared || at == losingBox || at == driftingBox || p.employer != ownNumber ||
			!places[at].declared {
			continue
		}
		if n--; n < 0 {
			return i
		}
	}
	panic("the demo company is too small for its faults")
}

// workday returns the n-th working day of the month, from 0.
func (m *Month) workday(n int) app.Date {
	for day := m.First; ; day++ {
		if working(day) {
			if n--; n < 0 {
				return day
			}
		}
	}
}

func (w *writer) has(who int, day app.Date, rule app.Rule) bool {
	return w.faults[fault{who, day, rule}]
}

// day writes what everybody does on one day.
func (w *writer) day(day app.Date) {
	for i := range w.People {
		switch p := &w.People[i]; {
		case p.night && nightDay(day):
			w.night(i, day)
		case p.night || !working(day):
		case i == awayOne && day == w.workday(planDay), i == notShownOne && day == w.workday(notShownDay):
		case len(p.sites) == 2:
			w.split(i, day)
		default:
			w.plain(i, day)
		}
	}
}

// nightDay says that a night shift begins: Sunday to Thursday evening.
func nightDay(d app.Date) bool { return d.Weekday() != time.Friday && d.Weekday() != time.Saturday }

// at returns the instant of a local clock time of a day, some minutes off as people are.
func (w *writer) at(day app.Date, clock time.Duration) app.Instant {
	y, m, d := day.YMD()
	t := time.Date(y, m, d, 0, 0, 0, 0, w.Zone)
	// Wall-clock arithmetic: 22:00 is 22:00 on every day of the year.
	t = time.Date(t.Year(), t.Month(), t.Day(), int(clock.Hours()), int(clock.Minutes())%60, int(clock.Seconds())%60, 0, w.Zone)
	return app.At(t).Add(time.Duration(w.r.IntN(180)-90) * time.Second)
}

// tap puts a tap into a box; what lies after the demo's own time has not happened.
func (w *writer) tap(site int, at app.Instant, badge string, key app.PunchKey) {
	if at >= w.Now {
		return
	}
	if site == keylessPlace {
		key = app.KeyNone
	}
	w.Boxes[site].Taps = append(w.Boxes[site].Taps, Tap{At: at, Badge: badge, Key: key})
}

// night is 22:00 to 05:30 with a break of half an hour.
func (w *writer) night(i int, day app.Date) {
	p, site := &w.People[i], w.People[i].sites[0]
	next := day.AddDays(1)
	w.tap(site, w.at(day, nightStart), p.badge, app.KeyIn)
	w.tap(site, w.at(next, time.Hour+30*time.Minute), p.badge, app.KeyBreakStart)
	// The break lasts 30 min of real time, also in the night when the clock goes back at 03:00.
	w.tap(site, w.at(next, 2*time.Hour).Add(0), p.badge, app.KeyBreakEnd)
	w.tap(site, w.at(next, 5*time.Hour+30*time.Minute), p.badge, app.KeyOut)
}

// split is a morning at one site and an afternoon at another one nearby.
func (w *writer) split(i int, day app.Date) {
	p := &w.People[i]
	w.tap(p.sites[0], w.at(day, 6*time.Hour), p.badge, app.KeyIn)
	w.tap(p.sites[0], w.at(day, 9*time.Hour+30*time.Minute), p.badge, app.KeyOut)
	w.tap(p.sites[1], w.at(day, 10*time.Hour+30*time.Minute), p.badge, app.KeyIn)
	w.tap(p.sites[1], w.at(day, 14*time.Hour), p.badge, app.KeyOut)
}

// startOf is when somebody with one site begins.
func startOf(i int) time.Duration { return 6*time.Hour + time.Duration(i%4)*15*time.Minute }

// How long somebody with one site is there.
const (
	fullDay = 7*time.Hour + 20*time.Minute
	partDay = 3*time.Hour + 45*time.Minute // no break is due
)

// hoursOf is the shift of somebody with one site.
func (p *person) hoursOf(i int) app.Hours {
	long := fullDay
	if p.weekly == partTimeHours {
		long = partDay
	}
	return app.Hours{From: app.TimeOfDay(startOf(i) / time.Minute), To: app.TimeOfDay((startOf(i) + long) / time.Minute)}
}

// spare is the spare badge as the box reads it: another card, its bytes the
// right way round. The office entered what it read back to front.
func (m *Month) spare() string { return "04" + m.People[spareBadge].badge[4:] + "5D" }

// backToFront returns the bytes of a badge in the other order.
func backToFront(badge string) string {
	var b strings.Builder
	for i := len(badge) - 2; i >= 0; i -= 2 {
		b.WriteString(badge[i : i+2])
	}
	return b.String()
}

// plain is one presence at one site, with this person's fault of the day.
func (w *writer) plain(i int, day app.Date) {
	p, site := &w.People[i], w.People[i].sites[0]
	if i == spareBadge && day >= w.workday(spareDay) {
		other := *p
		other.badge = w.spare()
		p = &other
	}
	in := startOf(i)
	if i == lateOne && day == w.workday(lateDay) {
		in += 40 * time.Minute
	}
	if i == phonesAll && (day == w.workday(9) || day == w.workday(13)) {
		w.phone(p, w.at(day, in), app.RegisterIn)
		w.phone(p, w.at(day, in+partDay), app.RegisterOut)
		return
	}
	if p.weekly == partTimeHours {
		w.tap(site, w.at(day, in), p.badge, app.KeyIn)
		w.tap(site, w.at(day, in+partDay), p.badge, app.KeyOut)
		return
	}
	start := w.at(day, in)
	if !w.has(i, day, app.MissingIn) {
		w.tap(site, start, p.badge, app.KeyIn)
	}
	if w.has(i, day, app.DuplicateTap) {
		w.tap(site, start.Add(40*time.Second), p.badge, app.KeyIn)
	}
	switch {
	case w.has(i, day, app.MissingIn): // forgot to tap, and took the break as usual without keys
		w.tap(site, w.at(day, in+7*time.Hour), p.badge, app.KeyOut)
	case w.has(i, day, app.NoBreak):
		w.tap(site, start.Add(6*time.Hour+40*time.Minute), p.badge, app.KeyOut)
	case w.has(i, day, app.LongPresence): // 11 h 40 with two long breaks: 8 h 40 worked
		w.takeBreak(site, start.Add(4*time.Hour), 90*time.Minute, p.badge)
		w.takeBreak(site, start.Add(8*time.Hour), 90*time.Minute, p.badge)
		w.tap(site, start.Add(11*time.Hour+40*time.Minute), p.badge, app.KeyOut)
	default:
		w.takeBreak(site, w.at(day, in+4*time.Hour), 30*time.Minute, p.badge)
		switch {
		case w.has(i, day, app.MissingOut):
		case i == phonesOut && day >= w.workday(7) && day <= w.workday(14):
			w.phone(p, w.at(day, in+fullDay), app.RegisterOut)
		default:
			w.tap(site, w.at(day, in+fullDay), p.badge, app.KeyOut)
		}
	}
	if w.has(i, day, app.Overlap) { // somebody badges for him elsewhere
		other := (site + 1) % 3
		w.tap(other, start.Add(time.Hour), p.badge, app.KeyIn)
		w.tap(other, start.Add(3*time.Hour), p.badge, app.KeyOut)
	}
}

// phone is somebody's registration by phone.
func (w *writer) phone(p *person, at app.Instant, is app.RegistrationType) {
	w.phoneOf(p.ssin, p.employer, at, is)
}

func (w *writer) phoneOf(ssin, employer string, at app.Instant, is app.RegistrationType) {
	if at >= w.Now {
		return
	}
	w.Phoned = append(w.Phoned, Phoned{SSIN: ssin, Type: is, At: at, Declaration: declarationNumber(phonePlace), Employer: employer,
		Place: app.Coordinates{Latitude: places[phonePlace].latitude, Longitude: places[phonePlace].longitude}})
}

// stranger is a window cleaner of another firm, who registers by phone at one of our places.
func (w *writer) stranger() {
	ssin := madeUpSSIN(w.r, 399)
	for _, n := range []int{4, 11} {
		day := w.workday(n)
		w.phoneOf(ssin, otherNumber, w.at(day, 8*time.Hour), app.RegisterIn)
		w.phoneOf(ssin, otherNumber, w.at(day, 11*time.Hour), app.RegisterOut)
	}
}

func (w *writer) takeBreak(site int, from app.Instant, length time.Duration, badge string) {
	w.tap(site, from, badge, app.KeyBreakStart)
	w.tap(site, from.Add(length), badge, app.KeyBreakEnd)
}

// unknownBadge is one that nobody was given.
const unknownBadge = "04DEADBEEF0177"

// boxFaults writes what concerns boxes rather than people.
func (w *writer) boxFaults() {
	for _, n := range []int{5, 8} { // somebody with a badge of another company
		day := w.workday(n)
		w.tap(0, w.at(day, 7*time.Hour), unknownBadge, app.KeyIn)
		w.tap(0, w.at(day, 11*time.Hour), unknownBadge, app.KeyOut)
	}
	// Older taps from before the box hung at its site: nothing is made of them.
	for n := range 6 {
		w.tap(1, w.First.AddDays(-40+n).Start(w.Zone).Add(9*time.Hour), w.People[20+n].badge, app.KeyIn)
	}
	// One night a box loses its clock; people go on tapping, and in the evening somebody sets it.
	lost := w.workday(clockDay).Start(w.Zone)
	w.Boxes[lostClock].Taps = append(w.Boxes[lostClock].Taps,
		Tap{At: lost.Add(3 * time.Hour), Event: app.RecordBoot}, Tap{At: lost.Add(3*time.Hour + time.Second), Event: app.RecordClockLost},
		Tap{At: lost.Add(19 * time.Hour), Event: app.RecordClockSet})
	// A night of power trouble in which nobody taps, whose page is then lost.
	night := w.workday(6).Start(w.Zone).Add(18 * time.Hour)
	b := &w.Boxes[losingBox]
	for n := range 10 {
		kind := app.RecordPowerLost
		if n%2 == 1 {
			kind = app.RecordPowerBack
		}
		b.Taps = append(b.Taps, Tap{At: night.Add(time.Duration(n) * time.Minute), Event: kind})
	}
	b.LoseFirst, b.LoseLast = night, night.Add(9*time.Minute)
}
