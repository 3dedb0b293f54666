package cli

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/text"
	"klokkast/ui/wording"
)

type boxListCmd struct {
	Follow bool `help:"list_follow"`
}

// boxesJSON is the answer of box list.
type boxesJSON struct {
	environmentJSON
	Boxes []boxJSON `json:"boxes"`
}

type boxJSON struct {
	UID            string           `json:"uid"` // "" where a connected box does not say who it is
	Make           app.Make         `json:"make"`
	Label          string           `json:"label"`
	Known          bool             `json:"known"`
	Connected      string           `json:"connected,omitempty"` // what --box takes
	Problem        string           `json:"problem,omitempty"`
	Quarantined    string           `json:"quarantined,omitempty"`
	SiteID         app.ID           `json:"siteId,omitempty"`
	Site           string           `json:"site,omitempty"`
	LastRead       app.Instant      `json:"lastRead,omitzero"`
	ReadTo         app.Instant      `json:"readTo,omitzero"` // up to when its punches are known
	LastState      app.ReadingState `json:"lastState,omitempty"`
	LastProblem    string           `json:"lastProblem,omitempty"`
	Help           string           `json:"help,omitempty"` // what came of the last reading's problem, and what to do
	Punches        int              `json:"punches"`
	Unacknowledged uint64           `json:"unacknowledged"`
	Gaps           []gapJSON        `json:"gaps"`
}

type gapJSON struct {
	app.Gap
	By string      `json:"by,omitempty"` // end of the id of the installation that has it
	At app.Instant `json:"at,omitzero"`  // when that acknowledged it
}

// gapsOf returns the gaps of a box, with who has those that were read elsewhere.
func gapsOf(b boxes.BoxRow) []gapJSON {
	out := []gapJSON{}
	for _, g := range b.Gaps {
		j := gapJSON{Gap: g}
		for _, e := range b.Elsewhere {
			if e.Gap == g {
				j.By, j.At = e.By, e.At
			}
		}
		out = append(out, j)
	}
	return out
}

// Run lists the boxes that are known or connected; with --follow again whenever
// one is plugged in or out.
func (c *boxListCmd) Run(r *run) error {
	return r.toLook(func(o *office.Office) error {
		if !c.Follow {
			return r.listBoxes(o, r.print)
		}
		ctx, cancel := context.WithCancelCause(r.ctx)
		defer cancel(nil)
		o.Boxes.ScanBoxes(ctx, func([]reading.Found) {
			if err := r.listBoxes(o, r.printLine); err != nil {
				cancel(err)
			}
			if !r.json {
				r.line("")
			}
		})
		if r.ctx.Err() != nil {
			return nil
		}
		return context.Cause(ctx)
	})
}

// listBoxes shows the boxes now; JSON is written by print.
func (r *run) listBoxes(o *office.Office, print func(any) error) error {
	rows, err := o.Boxes.Rows(r.ctx)
	if err != nil {
		return err
	}
	names, err := o.Derived.Names(r.ctx)
	if err != nil {
		return err
	}
	if r.json {
		return print(boxesOf(o, rows, names, r.say))
	}
	return r.boxTable(rows, names)
}

func boxesOf(o *office.Office, rows []boxes.BoxRow, names *derived.Names, say *text.Translator) boxesJSON {
	out := boxesJSON{environmentJSON: environmentOf(o), Boxes: []boxJSON{}}
	for i := range rows {
		b := &rows[i]
		out.Boxes = append(out.Boxes, boxJSON{
			UID: b.Box.UID, Make: b.Box.Make, Label: b.Box.Label, Known: b.Known, Connected: b.Connected, Problem: b.Problem,
			Quarantined: b.Box.Quarantined, SiteID: b.SiteID, Site: names.Site(b.SiteID), LastRead: b.LastRead, ReadTo: b.ReadTo, LastState: b.LastState,
			LastProblem: b.Last.Problem, Help: wording.ReadingHelp(say, &b.Last, b.ReadUpTo), Punches: b.Punches, Unacknowledged: b.Unacked, Gaps: gapsOf(*b),
		})
	}
	return out
}

func (r *run) boxTable(rows []boxes.BoxRow, names *derived.Names) error {
	if len(rows) == 0 {
		r.line(r.t("box.none"))
		return nil
	}
	t := newTable(r.t("col.box"), r.t("col.uid"), r.t("col.site"), r.t("col.connected"), r.t("col.lastRead"), r.t("col.punches"), r.t("col.remark")).numbers(5)
	for _, b := range rows {
		t.add(b.Box.Label, short(b.Box.UID), names.Site(b.SiteID), b.Connected,
			r.say.DateTime(b.LastRead, names.Zone(b.SiteID)), r.say.Number(b.Punches), r.boxRemark(b))
	}
	r.table(t)
	for _, b := range rows {
		if b.Problem == string(reading.NoPermission) {
			r.line("")
			r.line(r.t("box.noPermission", "File", udevFile))
			break
		}
	}
	return nil
}

// boxRemark says what deserves attention about a box, most pressing first.
func (r *run) boxRemark(b boxes.BoxRow) string {
	switch {
	case b.Problem != "":
		return wording.Fault(r.say, b.Problem)
	case b.Box.Quarantined != "":
		return wording.Fault(r.say, b.Box.Quarantined)
	case !b.Known:
		return r.t("box.new")
	case b.LastState == app.ReadingStopped && b.Last.Problem != "":
		return r.t("box.incomplete") + ": " + wording.Fault(r.say, b.Last.Problem)
	case b.LastState == app.ReadingStopped || b.LastState == app.ReadingRunning:
		return r.t("box.incomplete")
	case missing(b.Gaps) > 0:
		return r.n("box.gaps", missing(b.Gaps))
	case strings.HasPrefix(b.Last.Problem, "ack-"):
		return wording.Fault(r.say, b.Last.Problem)
	case b.SiteID == "":
		return r.t("box.unplaced")
	case b.Unacked > 0:
		return r.n("box.unacked", int(b.Unacked))
	case len(b.Elsewhere) > 0:
		return r.elsewhere(b.Elsewhere[len(b.Elsewhere)-1])
	}
	return ""
}

// missing counts the gaps that nobody is known to have.
func missing(gaps []app.Gap) (n int) {
	for _, g := range gaps {
		if !g.ReadElsewhere {
			n++
		}
	}
	return n
}

// elsewhere says who has the records of a gap, and since when.
func (r *run) elsewhere(e derived.Elsewhere) string {
	if e.By == "" {
		return r.t("box.elsewhereUnknown", "First", e.First, "Last", e.Last)
	}
	return r.t("box.elsewhere", "First", e.First, "Last", e.Last, "By", e.By, "When", r.say.DateTime(e.At, app.Belgium()))
}

type boxReadCmd struct {
	Box   string `placeholder:"BOX" help:"read_box"`
	All   bool   `help:"read_all"`
	NoAck bool   `name:"no-ack" help:"no_ack"`
}

// readingsJSON is the answer of box read and box import.
type readingsJSON struct {
	environmentJSON
	Readings []readingJSON `json:"readings"`
}

type readingJSON struct {
	app.Reading
	BoxLabel           string     `json:"boxLabel,omitempty"`
	ClockOffsetMs      *int64     `json:"clockOffsetMs,omitempty"` // box minus computer
	ClockUncertaintyMs *int64     `json:"clockUncertaintyMs,omitempty"`
	Path               string     `json:"path,omitempty"` // what was opened
	Help               string     `json:"help,omitempty"` // what came of its problem, and what to do
	Error              *errorJSON `json:"error,omitempty"`
	// Clock and Check hide the fields of app.Reading that are in nanoseconds.
	Clock *struct{} `json:"clock,omitempty"`
	Check *struct{} `json:"check,omitempty"`
}

// Run reads one box, or all that are connected.
func (c *boxReadCmd) Run(r *run) error {
	if c.Box != "" && c.All {
		return wrong("together", "A", "--box", "B", "--all")
	}
	return r.withOffice(func(o *office.Office) error {
		paths, err := c.paths(r, o)
		if err != nil {
			return err
		}
		out := readingsJSON{environmentJSON: environmentOf(o), Readings: r.readBoxes(o, paths, c.NoAck)}
		r.sendAfter(o)
		if r.json {
			return r.print(out)
		}
		return nil
	})
}

// readBoxes reads boxes, all at once, and says of each what came of it, in their order.
func (r *run) readBoxes(o *office.Office, paths []string, noAck bool) []readingJSON {
	label := r.t("read.progress", "Box", paths[0])
	if len(paths) > 1 {
		label = r.n("read.progressAll", len(paths))
	}
	m, show := r.progress(label)
	sum := sums(len(paths), show)
	got, errs := make([]app.Reading, len(paths)), make([]error, len(paths))
	var all sync.WaitGroup
	for i, path := range paths {
		all.Go(func() {
			got[i], errs[i] = o.Boxes.ReadBox(r.ctx, path, boxes.ReadOptions{DoNotAcknowledge: noAck, Dropped: m.dropped(r)}, sum(i))
		})
	}
	all.Wait()
	m.end()
	out := make([]readingJSON, len(paths))
	for i, path := range paths {
		out[i] = r.wasRead(o, path, got[i], errs[i])
		r.failed = r.failed || errs[i] != nil
	}
	return out
}

// sums returns the functions that feed one meter with the sum of several pieces of work.
func sums(n int, show func(done, total int)) func(i int) func(done, total int) {
	var mu sync.Mutex
	done, total := make([]int, n), make([]int, n)
	return func(i int) func(int, int) {
		return func(d, t int) {
			mu.Lock()
			defer mu.Unlock()
			done[i], total[i] = d, t
			d, t = 0, 0
			for k := range done {
				d, t = d+done[k], t+total[k]
			}
			show(d, t)
		}
	}
}

// paths returns what is to be opened: the box that was named, all that are
// connected, or the only one there is.
func (c *boxReadCmd) paths(r *run, o *office.Office) ([]string, error) {
	if c.Box != "" {
		path, err := o.Boxes.FindBox(r.ctx, c.Box)
		return []string{path}, err
	}
	rows, err := o.Boxes.Rows(r.ctx)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, b := range rows {
		if b.Connected != "" {
			paths = append(paths, b.Connected)
		}
	}
	switch {
	case len(paths) == 0:
		return nil, failure("box.noneConnected")
	case len(paths) > 1 && !c.All:
		return nil, wrong("whichBox", "Count", len(paths))
	}
	return paths, nil
}

// wasRead gives, and says to people, what came of the reading of a box.
func (r *run) wasRead(o *office.Office, path string, got app.Reading, err error) readingJSON {
	label := got.Log.Box
	// The label is a courtesy: the reading stands without it, also after Ctrl-C.
	if names, e := o.Derived.Names(context.WithoutCancel(r.ctx)); e == nil && label != "" {
		label = names.Box(label)
	}
	out := readingOf(got, label)
	out.Path, out.Help = path, wording.ReadingHelp(r.say, &got, r.readUpTo(o, &got))
	if err != nil {
		e := r.errorJSON(err)
		out.Error = &e
	}
	if !r.json {
		r.sayReading(out, err)
	}
	return out
}

func readingOf(got app.Reading, label string) readingJSON {
	out := readingJSON{Reading: got, BoxLabel: label}
	if got.Clock != nil {
		offset, around := got.Clock.Offset.Milliseconds(), got.Clock.Uncertainty.Milliseconds()
		out.ClockOffsetMs, out.ClockUncertaintyMs = &offset, &around
	}
	return out
}

// readUpTo is the highest record of a reading's log that was ever read: a courtesy, as the label is.
func (r *run) readUpTo(o *office.Office, got *app.Reading) (last uint64) {
	if got.Problem == "" {
		return 0
	}
	all, _ := o.Boxes.Readings(context.WithoutCancel(r.ctx), got.Log.Box)
	for i := range all {
		if all[i].Log == got.Log {
			last = max(last, all[i].Last)
		}
	}
	return last
}

func (r *run) sayReading(got readingJSON, err error) {
	name := got.BoxLabel
	if name == "" {
		name = got.Path
	}
	switch {
	case errors.Is(err, context.Canceled):
		r.line(r.n("read.cancelled", got.New, "Box", name))
	case err != nil:
		r.aside(name + ": " + cmp.Or(got.Help, r.word(err)))
		if got.New > 0 {
			r.line(r.n("read.kept", got.New))
		}
	default:
		r.line(r.n("read.done", got.New, "Box", name, "Records", r.say.Number(got.Records)))
		if got.Help != "" {
			r.aside(got.Help)
		}
	}
	if got.Acked > 0 {
		r.line(r.t("read.acked", "Seq", got.Acked))
	}
	if got.ClockOffsetMs != nil {
		r.line(r.t("read.clock", "Seconds", r.seconds(*got.ClockOffsetMs), "Around", r.seconds(*got.ClockUncertaintyMs)))
	}
}

// seconds writes milliseconds as seconds with hundredths.
func (r *run) seconds(ms int64) string { return r.say.Decimal(float64(ms)/1000, 2) }

type boxPlaceCmd struct {
	Box  string `arg:"" help:"place_box"`
	Site string `arg:"" help:"place_site"`
	From string `placeholder:"\"2026-11-23 06:00\"" help:"place_from"`
	Why  string `placeholder:"TEXT" help:"why"`
}

// placedJSON is the answer of box place.
type placedJSON struct {
	environmentJSON
	Box    string      `json:"box"` // UID
	SiteID app.ID      `json:"siteId"`
	Site   string      `json:"site"`
	From   app.Instant `json:"from"`
}

// Run says where a box stands.
func (c *boxPlaceCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		uid, err := r.knownBox(o, c.Box)
		if err != nil {
			return err
		}
		row, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		site := row.Site
		from, err := r.moment("--from", c.From, names.Zone(site.ID))
		if err != nil {
			return err
		}
		if err := o.Boxes.PlaceBox(r.ctx, uid, site.ID, from, c.Why); err != nil {
			return err
		}
		if r.json {
			return r.print(placedJSON{environmentOf(o), uid, site.ID, site.Name, from})
		}
		r.line(r.t("box.placed", "Box", names.Box(uid), "Site", site.Name, "From", r.say.DateTime(from, names.Zone(site.ID))))
		return nil
	})
}

type boxReopenCmd struct {
	Box string `arg:"" help:"place_box"`
	Why string `required:"" placeholder:"TEXT" help:"why"`
}

// Run lifts the quarantine of a box.
func (c *boxReopenCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		row, err := r.box(o, c.Box)
		if err != nil {
			return err
		}
		message := "box.reopened"
		if row.Box.Quarantined == "" {
			message = "box.notClosed"
		}
		if err := o.Boxes.ReopenBox(r.ctx, row.Box.UID, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t(message, "Box", row.Box.Label), "box", row.Box.UID)
	})
}

// knownBox returns the UID of a box by UID, its beginning, serial or label.
func (r *run) knownBox(o *office.Office, name string) (string, error) {
	b, err := r.box(o, name)
	return b.Box.UID, err
}

// box returns the box that a person means by UID, its beginning, serial or the end of it, or label.
func (r *run) box(o *office.Office, name string) (boxes.BoxRow, error) {
	rows, err := o.Boxes.Rows(r.ctx)
	if err != nil {
		return boxes.BoxRow{}, err
	}
	var found []boxes.BoxRow
	for _, b := range rows {
		switch uid := b.Box.UID; {
		case uid == "":
		case uid == name:
			return b, nil
		case strings.EqualFold(b.Box.Serial(), name):
			return b, nil
		case strings.EqualFold(b.Box.Label, name) || len(name) >= 6 && strings.HasPrefix(uid, strings.ToLower(name)),
			len(name) >= 3 && b.Box.Serial() != "" && strings.HasSuffix(strings.ToLower(b.Box.Serial()), strings.ToLower(name)):
			found = append(found, b)
		}
	}
	switch len(found) {
	case 0:
		return boxes.BoxRow{}, failure("noBox", "Name", name)
	case 1:
		return found[0], nil
	}
	return boxes.BoxRow{}, wrong("many", "Name", name, "Count", len(found))
}
