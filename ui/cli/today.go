package cli

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

type todayCmd struct{}

// todayJSON is the answer of today.
type todayJSON struct {
	environmentJSON
	Date           app.Date            `json:"date"`
	Present        []presentJSON       `json:"present"`  // known to be at work
	Unknown        []unknownThereJSON  `json:"unknown"`  // came, and it is not known whether they are still there
	Workdays       int                 `json:"workdays"` // begun today
	Expected       []expectedShiftJSON `json:"expected"`
	Anomalies      severitiesJSON      `json:"anomalies"`
	Newest         []anomalyJSON       `json:"newest"`
	Settled        []anomalyJSON       `json:"settled"` // today by readings
	Boxes          []boxJSON           `json:"boxes"`
	Older          []olderJSON         `json:"older"`
	Register       outboxJSON          `json:"register"`
	Access         accessJSON          `json:"access"`
	Phones         phonesJSON          `json:"phones"`
	Declarations   int                 `json:"declarations"` // lines of the radar of declarations of works
	ClockUnchecked bool                `json:"clockUnchecked"`
}

// unknownThereJSON is a person who came and of whom nothing is known since.
type unknownThereJSON struct {
	presentJSON
	UnknownSince app.Instant `json:"unknownSince"`
}

// presentJSON is a person at work.
type presentJSON struct {
	WorkerID app.ID      `json:"workerId"`
	Worker   string      `json:"worker"`
	SiteID   app.ID      `json:"siteId"`
	Site     string      `json:"site"`
	Since    app.Instant `json:"since"`
	OnBreak  bool        `json:"onBreak"`
	ByPhone  bool        `json:"byPhone,omitempty"` // since, by phone or otherwise
}

// severitiesJSON counts open anomalies.
type severitiesJSON struct {
	Serious     int `json:"serious"`
	Warning     int `json:"warning"`
	Information int `json:"information"`
}

// phonesJSON is how far it is known who registered by phone, and what of it waits.
type phonesJSON struct {
	Sites      int `json:"sites"`  // where people may register by phone
	Behind     int `json:"behind"` // of these, where nobody looked to the end of yesterday
	BoxOrPhone int `json:"boxOrPhone"`
	WhichSite  int `json:"whichSite"`
	Who        int `json:"who"`
}

func phonesOf(s *sending.PhonesState) phonesJSON {
	if s == nil {
		return phonesJSON{}
	}
	return phonesJSON{len(s.Sites), s.Behind, s.States[app.EntryBoxOrPhone], s.States[app.EntryWhichSite], s.States[app.EntryWho]}
}

// olderJSON is a box with records that make nothing: from before its placement,
// or of a box that stands nowhere.
type olderJSON struct {
	Box      string      `json:"box"` // UID
	BoxLabel string      `json:"boxLabel"`
	Punches  int         `json:"punches"`
	From     app.Instant `json:"from"`
	To       app.Instant `json:"to"`
	Placed   bool        `json:"placed"`
}

// Run shows what needs attention today.
func (c *todayCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		today, err := o.Today(r.ctx)
		if err != nil {
			return err
		}
		out := r.todayOf(o, today, names)
		if r.json {
			return r.print(out)
		}
		r.sayToday(out, today, names)
		return nil
	})
}

func (r *run) todayOf(o *office.Office, t *office.Today, names *derived.Names) todayJSON {
	out := todayJSON{
		environmentJSON: environmentOf(
			o,
		), Date: t.Date, Present: []presentJSON{}, Unknown: []unknownThereJSON{}, Workdays: t.Workdays, Expected: expectedOf(t.Expected, names),
		Anomalies: severitiesJSON{t.BySeverity[app.Serious], t.BySeverity[app.Warning], t.BySeverity[app.Information]},
		Newest:    r.foundAnomaliesOf(t.Newest, names), Settled: r.foundAnomaliesOf(t.Settled, names), Boxes: boxesOf(o, t.Boxes, names, r.say).Boxes,
		Older: []olderJSON{}, Register: r.outboxOf(&t.Register), Access: r.accessOf(t.Access), ClockUnchecked: t.ClockUnchecked, Declarations: t.Declarations,
		Phones: phonesOf(t.Phones),
	}
	for i := range t.Present {
		out.Present = append(out.Present, presentOf(&t.Present[i], names))
	}
	for i := range t.Unknown {
		out.Unknown = append(out.Unknown, unknownThereJSON{presentOf(&t.Unknown[i].Presence, names), t.Unknown[i].Since})
	}
	for _, b := range t.Older {
		out.Older = append(out.Older, olderJSON{b.Box, names.Box(b.Box), b.Punches, b.From, b.To, b.Placed})
	}
	return out
}

func presentOf(p *app.Presence, names *derived.Names) presentJSON {
	return presentJSON{p.WorkerID, names.Worker(p.WorkerID), p.SiteID, names.Site(p.SiteID), p.Start(), onBreak(p), p.In.ByPhone()}
}

func onBreak(p *app.Presence) bool {
	n := len(p.Breaks)
	return n > 0 && p.Breaks[n-1].End == nil
}

// fewRows is how many boxes and findings a first look bears; the lists have them all.
const fewRows = 5

func (r *run) sayToday(out todayJSON, t *office.Today, names *derived.Names) {
	r.line(r.say.LongDate(out.Date))
	present := r.n("today.present", t.PeoplePresent())
	if n := t.PeopleUnknown(); n > 0 {
		present += " · " + r.n("today.unknown", n)
	}
	r.line(present + " · " + r.n("today.workdays", out.Workdays))
	r.sayCounts(t.BySeverity)
	if t.BySeverity[app.Serious]+t.BySeverity[app.Warning] > 0 {
		r.line(r.t("today.anomalies"))
	}
	if settled := wording.Settled(r.say, names, t.Settled); settled != "" {
		r.line(clean(settled))
	}
	for _, b := range out.Older {
		key := "today.unplaced"
		if b.Placed {
			key = "today.before"
		}
		r.line(r.n(key, b.Punches, "Box", b.BoxLabel, "From", r.say.Date(b.From.DateIn(app.Belgium())), "To", r.say.Date(b.To.DateIn(app.Belgium()))))
	}
	if out.ClockUnchecked {
		r.line(r.t("today.clock"))
	}
	if out.Declarations > 0 {
		r.line(r.n("today.radar", out.Declarations))
	}
	r.presentTable(out.Present, out.Date, names)
	r.unknownTable(out.Unknown, out.Date, names)
	r.expectedToday(out.Expected, names)
	r.newestTable(out.Newest)
	r.unreadTable(t.Boxes, names)
	r.line("")
	if waits := wording.Phones(r.say, t.Phones); len(waits) > 0 {
		r.lines(waits)
		r.line(r.t("today.phones"))
	}
	r.sayOutbox(&t.Register)
	r.lines(wording.Access(r.say, t.Access))
}

// manyPresent is how many names a first look bears.
const manyPresent = 20

func (r *run) presentTable(all []presentJSON, day app.Date, names *derived.Names) {
	if len(all) == 0 {
		return
	}
	present := slices.Clone(all)
	slices.SortStableFunc(present, func(a, b presentJSON) int { return cmp.Compare(a.Site, b.Site) })
	present = present[:min(len(present), manyPresent)]
	r.line("")
	t := newTable(r.t("col.present"), r.t("col.site"), r.t("col.since"), r.t("col.remark"))
	for _, p := range present {
		var remarks []string
		if p.OnBreak {
			remarks = append(remarks, r.t("today.onBreak"))
		}
		if p.ByPhone {
			remarks = append(remarks, r.say.T("word.byPhone"))
		}
		t.add(p.Worker, p.Site, r.since(p.Since, day, names.Zone(p.SiteID)), strings.Join(remarks, ", "))
	}
	r.table(t)
	r.more(len(all) - len(present))
}

// unknownTable lists apart those of whom it is not known whether they are at work.
func (r *run) unknownTable(all []unknownThereJSON, day app.Date, names *derived.Names) {
	if len(all) == 0 {
		return
	}
	few := slices.Clone(all)
	slices.SortStableFunc(few, func(a, b unknownThereJSON) int { return cmp.Compare(a.Site, b.Site) })
	few = few[:min(len(few), manyPresent)]
	r.line("")
	t := newTable(r.t("col.unknownThere"), r.t("col.site"), r.t("col.since"), r.t("col.remark"))
	for _, p := range few {
		zone := names.Zone(p.SiteID)
		t.add(p.Worker, p.Site, r.since(p.Since, day, zone), r.say.T("papers.presence.unknownSince", "At", r.since(p.UnknownSince, day, zone)))
	}
	r.table(t)
	r.more(len(all) - len(few))
}

// expectedToday lists the shifts of today at sites with a plan, those first that ask for something.
func (r *run) expectedToday(all []expectedShiftJSON, names *derived.Names) {
	if len(all) == 0 {
		return
	}
	rank := func(e expectedShiftJSON) int {
		return slices.Index(
			[]derived.ExpectedState{
				derived.ExpectedMissing,
				derived.ExpectedUnknown,
				derived.ExpectedIn,
				derived.ExpectedLater,
				derived.ExpectedLeft,
				derived.ExpectedAway,
			},
			e.State,
		)
	}
	few := slices.Clone(all)
	slices.SortStableFunc(few, func(a, b expectedShiftJSON) int { return cmp.Compare(rank(a), rank(b)) })
	few = few[:min(len(few), manyPresent)]
	r.line("")
	r.expectedTable(r.t("col.expected"), few, names)
	r.more(len(all) - len(few))
}

// since writes a time of that day as 06:58, one of another day with its day.
func (r *run) since(at app.Instant, day app.Date, zone *time.Location) string {
	if at.DateIn(zone) == day {
		return r.say.Time(at, zone)
	}
	return r.say.DateTime(at, zone)
}

// newestTable names findings by their rule: whole sentences are for anomalies.
func (r *run) newestTable(found []anomalyJSON) {
	if len(found) == 0 {
		return
	}
	r.line("")
	few := found[:min(len(found), fewRows)]
	t := newTable(r.t("col.newest"), r.t("col.day"), r.t("col.worker"), r.t("col.site"))
	for _, a := range few {
		day := a.Day
		if day == 0 && a.At != 0 {
			day = a.At.DateIn(app.Belgium())
		}
		t.add(wording.Rule(r.say, a.Rule), r.say.Date(day), a.Worker, cmp.Or(a.Site, a.BoxName))
	}
	r.table(t)
	r.more(len(found) - len(few))
}

func (r *run) unreadTable(boxes []boxes.BoxRow, names *derived.Names) {
	if len(boxes) == 0 {
		return
	}
	r.line("")
	few := boxes[:min(len(boxes), fewRows)]
	t := newTable(r.t("col.unread"), r.t("col.site"), r.t("col.lastRead"), r.t("col.readTo"), r.t("col.remark"))
	for _, b := range few {
		t.add(names.Box(b.Box.UID), names.Site(b.SiteID), r.when(b.LastRead, names.Zone(b.SiteID)), r.when(b.ReadTo, names.Zone(b.SiteID)), r.boxRemark(b))
	}
	r.table(t)
	r.more(len(boxes) - len(few))
}

// sayOutbox tells of the register in one line, and why it stopped in another.
func (r *run) sayOutbox(c *sending.RegisterCounts) {
	held := 0
	for _, h := range c.Held {
		if !h.Never {
			held += h.Count
		}
	}
	queued, unknown := c.States[app.RegQueued]-c.NeedsPersonOf[app.RegQueued], c.States[app.RegUnknown]-c.NeedsPersonOf[app.RegUnknown]
	r.line(r.t("today.register", "Eligible", r.say.Number(c.Eligible+queued), "Held", r.say.Number(held),
		"Refused", r.say.Number(c.States[app.RegRefused]), "Unknown", r.say.Number(unknown)))
	if c.Stopped != "" {
		r.line(wording.Stopped(r.say, c.Stopped))
	}
	r.sayNotices(c.Notices)
	r.sayLists(c)
	if held > 0 {
		r.line(r.n("today.held", held))
	}
}
