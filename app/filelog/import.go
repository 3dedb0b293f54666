package filelog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
)

// Source is a file as it was opened, not yet tied to a box: the meaning of its lines is the box's.
type Source struct {
	Name   string // its base name; never part of any identity
	Kind   Kind
	Make   app.Make
	Serial string // what it says of its box; "" nothing
	// Lines are all that are not empty, in the order of the file.
	Lines []Raw
}

// Store is what changes of a file log need of the database.
type Store interface {
	// KnownBox returns a box that was met before; found is false for one never met.
	KnownBox(ctx context.Context, uid string) (box app.Box, found bool, err error)
	// FileLog returns the log of a box; that of a box never met is empty.
	FileLog(ctx context.Context, uid string) (*Log, error)
	// ChangeFileLog writes a change in one transaction, with what act says of it ("" as What: nothing). It is
	// ErrMeanwhile when the log changed since the state from which the change starts.
	ChangeFileLog(ctx context.Context, c *Change, act app.Act) error
	// BoxesWithTaps tells, for those of some taps that count in the file log of any box, which boxes hold them.
	BoxesWithTaps(ctx context.Context, taps []uint64) (map[uint64][]string, error)
}

// ErrMeanwhile is a change of a log that another one changed meanwhile: it is made anew.
var ErrMeanwhile error = meanwhile{}

type meanwhile struct{}

func (meanwhile) Error() string { return "the log changed meanwhile" }

// attempts is how often a change is made anew.
const attempts = 5

// Import stores the lines of a file that are not stored yet, and makes punches of
// those that are taps. A second import of the same file, or of another variant of
// the same export, adds nothing, whatever was decided about meanings in between.
//
// Errors that ask a person: *reading.NeedsBoxError, *reading.OtherSerialError, *reading.AskStatusError,
// *reading.AskColumnError, *reading.StoredElsewhereError, *AskOrderError. After those, and after any other error, nothing was stored.
func Import(ctx context.Context, store Store, r LineReader, src Source, o reading.ImportOptions) (reading.Imported, error) {
	if o.Progress == nil {
		o.Progress = func(reading.Progress) {}
	}
	for n := 1; ; n++ {
		p, err := prepare(ctx, store, r, src, o)
		if err != nil {
			return p.imported(), err
		}
		o.Progress(reading.Progress{Done: 0, Total: uint64(len(src.Lines))})
		err = store.ChangeFileLog(ctx, p.change, app.Act{})
		if errors.Is(err, ErrMeanwhile) && n < attempts {
			continue
		}
		if err != nil {
			return reading.Imported{Box: p.box}, fmt.Errorf("store lines: %w", err)
		}
		o.Progress(reading.Progress{Done: uint64(len(src.Lines)), Total: uint64(len(src.Lines)), New: p.fresh})
		return p.imported(), nil
	}
}

// AskOrderError asks in what order the lines of a file stand: it contradicts what was read before.
type AskOrderError struct {
	File  string
	Clash Clash
	Seems Order // what its order looks like
}

// Error names file and clash.
func (e *AskOrderError) Error() string {
	return "in what order does the file " + e.File + " stand? (" + string(e.Clash) + ")"
}

// TextKey words it for a face that has no way to ask.
func (e *AskOrderError) TextKey() (string, map[string]any) {
	return "error.import.order." + string(e.Clash), map[string]any{"File": e.File}
}

// prepared is a file that is ready to be stored.
type prepared struct {
	box    app.Box
	known  bool
	view   *View
	change *Change
	file   int // its place among the log's files
	report Report
	fresh  int // taps that count now and did not before
	spring app.Date
}

func (p *prepared) imported() reading.Imported {
	if p.change == nil {
		return reading.Imported{Box: p.box}
	}
	return reading.Imported{
		Reading: p.change.File.Reading, Box: p.box, Bad: p.view.problems(p.file), Doubts: p.view.doubts(p.file),
		Before: p.report.Before, Repeated: p.report.Repeated, Order: string(p.report.Order), Otherwise: p.report.Otherwise,
		Spring: p.spring,
	}
}

// prepare ties a file to its box and finds out what would change. It stores nothing; its errors are those of Import.
func prepare(ctx context.Context, store Store, r LineReader, src Source, o reading.ImportOptions) (*prepared, error) {
	p := &prepared{}
	var err error
	if p.box, p.known, err = importBox(ctx, store, src, o); err != nil {
		return p, err
	}
	if p.box.Quarantined != "" {
		return p, &reading.QuarantinedError{Box: p.box.UID, Reason: p.box.Quarantined}
	}
	log, err := store.FileLog(ctx, p.box.UID)
	if err != nil {
		return p, fmt.Errorf("look up the log of %s: %w", p.box.UID, err)
	}
	log.Box = p.box
	lines, files := len(log.Lines), len(log.Files)
	if p.file, err = log.add(src, o); err != nil {
		return p, err
	}
	if p.view, err = p.decide(log, r, src, o); err != nil {
		return p, err
	}
	if err := p.elsewhere(ctx, store, o.Elsewhere); err != nil {
		return p, err
	}
	if clash := p.view.files[p.file].Clash; clash != "" && o.Order == "" {
		if clash == ClashOverlap && p.corrects(lines) {
			o.Order = string(Mixed)
			return prepare(ctx, store, r, src, o)
		}
		return p, &AskOrderError{File: src.Name, Clash: clash, Seems: p.view.files[p.file].Order}
	}
	p.change = p.view.Difference(lines, files)
	p.conclude(log, lines)
	return p, nil
}

// mostCorrected is how many lines are compared with those that were refused.
const mostCorrected = 1000

// corrects says that the new lines of the file are lines that an earlier import refused, with a column or two set right: they
// belong among the others, and nobody need be asked.
func (p *prepared) corrects(known int) bool {
	var refused [][]string
	for place := range known {
		if p.view.said[place].Problem != nil {
			refused = append(refused, cells(p.view.log.Lines[place].Raw))
		}
	}
	fresh := p.view.log.Lines[known:]
	if len(refused) == 0 || len(fresh) > mostCorrected || len(refused) > mostCorrected {
		return false
	}
	for place := range fresh {
		if len(p.view.ofLine[known+place]) == 0 {
			continue
		}
		own := cells(fresh[place].Raw)
		k := slices.IndexFunc(refused, func(was []string) bool { return mended(was, own) })
		if k < 0 {
			return false
		}
		refused = slices.Delete(refused, k, k+1)
	}
	return true
}

// cells parts a line wherever a separator can be.
func cells(raw []byte) []string {
	return strings.FieldsFunc(string(raw), func(r rune) bool { return strings.ContainsRune("\t;,| ", r) })
}

// mended says that two lines differ in a column or two, and have others in common.
func mended(was, is []string) bool {
	if len(was) != len(is) {
		return false
	}
	differ := 0
	for i := range was {
		if was[i] != is[i] {
			differ++
		}
	}
	return differ <= 2 && differ < len(was)
}

// add puts a file behind those of a log: its lines that are known by what stands in them, and new ones.
func (l *Log) add(src Source, o reading.ImportOptions) (file int, err error) {
	id, err := app.NewID()
	if err != nil {
		return 0, err
	}
	now := o.Now()
	f := File{Kind: src.Kind, Said: Order(o.Order), Taken: o.Taken, Numbers: make([]int, 0, len(src.Lines)), Reading: app.Reading{
		ID: id, Log: l.Key(), Source: app.FromFile, FileName: src.Name, Installation: o.Installation, Actor: o.Actor,
		State: app.ReadingDone, Started: now, Ended: now, Check: o.Check,
	}}
	known := make(map[string]int, len(l.Lines)+len(src.Lines))
	for place := range l.Lines {
		known[string(l.Lines[place].Raw)] = place
	}
	file = len(l.Files)
	for _, raw := range src.Lines {
		place, ok := known[string(raw.Text)]
		if !ok {
			place = len(l.Lines)
			known[string(raw.Text)] = place
			l.Lines = append(l.Lines, Line{Raw: raw.Text, File: file, Number: raw.Number})
		}
		f.Held.Add(place)
		f.Numbers = append(f.Numbers, raw.Number)
	}
	l.Files = append(l.Files, f)
	return file, nil
}

// decide finds out what the lines of the file mean, asks what only a person knows, and returns what follows.
func (p *prepared) decide(log *Log, r LineReader, src Source, o reading.ImportOptions) (*View, error) {
	before := log.meaningOf(p.file)
	m := before
	m.Since, m.At, m.Forgotten = log.Files[p.file].Reading.ID, o.Now(), 0
	if !slices.ContainsFunc(log.Files[:p.file], func(f File) bool { return f.Kind == src.Kind }) {
		m.Since = ""
	}
	m.Zone, m.StatusKeys = cmp.Or(o.Zone, m.Zone), cmp.Or(o.StatusKeys, m.StatusKeys)
	m.StatusColumn = cmp.Or(o.StatusColumn, m.StatusColumn)
	if src.Kind == Table && o.Mapping != nil {
		m.Mapping = o.Mapping
	}
	if len(o.Keys) > 0 {
		m = m.WithKeys(o.Keys)
	}
	view, err := log.under(m, r)
	if err != nil {
		return nil, err
	}
	if src.Kind == Attlog {
		if m.StatusColumn == 0 {
			if err := askColumn(src, view, p.file); err != nil {
				return nil, err
			}
		}
		answer, err := view.answerStatus(p.file, m.StatusKeys)
		if err != nil {
			return nil, err
		}
		m.StatusKeys = answer
	}
	if err := view.askUnnamed(p.file, m); err != nil {
		return nil, err
	}
	if m.sameAs(before) && before.ID != "" {
		return log.under(before, r)
	}
	if m.ID, err = app.NewID(); err != nil {
		return nil, err
	}
	p.report.Meaning = &m
	return log.under(m, r)
}

// under returns what follows when a meaning holds besides those that the log has.
func (l *Log) under(m Meaning, r LineReader) (*View, error) {
	tried := *l
	tried.Meanings = append(slices.Clip(l.Meanings), m)
	v, err := Derive(&tried, r)
	if err != nil {
		return nil, err
	}
	return v, nil
}

// WithKeys returns a meaning with more statuses named.
func (m Meaning) WithKeys(keys reading.Keys) Meaning {
	of := &m.Keys
	if m.Mapping != nil {
		mapping := *m.Mapping
		m.Mapping = &mapping
		of = &mapping.Keys
	}
	named := reading.Keys{}
	for status, key := range *of {
		named[status] = key
	}
	for status, key := range keys {
		named[status] = key
	}
	*of = named
	return m
}

// sameAs says that two meanings say the same of a line.
func (m Meaning) sameAs(o Meaning) bool {
	a, b := m, o
	a.ID, a.Since, a.At, a.Box = "", "", 0, ""
	b.ID, b.Since, b.At, b.Box = "", "", 0, ""
	return equalJSON(a, b)
}

// elsewhere stops at taps that another box holds: the file was probably given under the wrong name.
func (p *prepared) elsewhere(ctx context.Context, store Store, looked bool) error {
	if looked {
		return nil
	}
	var fresh []uint64
	for _, t := range p.view.files[p.file].taps {
		if !p.view.countedBefore(t) {
			fresh = append(fresh, t.id)
		}
	}
	holders, err := store.BoxesWithTaps(ctx, fresh)
	if err != nil {
		return fmt.Errorf("look up lines that are stored already: %w", err)
	}
	others := map[string]int{}
	for _, boxes := range holders {
		for _, b := range boxes {
			if b != p.box.UID {
				others[b]++
			}
		}
	}
	if len(others) > 0 {
		return &reading.StoredElsewhereError{Box: p.box.UID, Boxes: others}
	}
	return nil
}

// countedBefore says that the tap was a punch that counted when the log was loaded.
func (v *View) countedBefore(t *tap) bool {
	f := t.same
	line := &v.log.Lines[f.line]
	return f.part < len(line.Records) && line.Records[f.part].Counts && line.Records[f.part].Tap == f.id
}

// conclude fills in what the import did.
func (p *prepared) conclude(log *Log, lines int) {
	f := &p.view.files[p.file]
	file := p.change.File
	p.report.Order, p.report.Lines, p.report.Repeated = f.Order, file.Held.Len(), f.repeated
	for _, t := range f.taps {
		if p.view.countedBefore(t) {
			p.report.Before++
		} else {
			p.fresh++
		}
	}
	p.report.New = p.fresh
	p.spring = p.view.spring(p.file)
	p.report.Otherwise = p.otherwise(log)
	p.report.Refused = withoutText(p.view.problems(p.file))
	p.report.Doubts = withoutText(p.view.doubts(p.file))
	file.Reading.New, file.Reading.Records = p.fresh, len(f.taps)+f.repeated
	file.Report = p.report
	box := p.box
	if m := p.report.Meaning; m != nil {
		p.change.Meanings = []Meaning{*m}
		box.Zone, box.StatusKeys = m.Zone, m.StatusKeys
	}
	p.change.Box = &box
}

// withoutText leaves out the lines themselves: they are kept as records, and stand nowhere twice.
func withoutText(problems []reading.LineProblem) []reading.LineProblem {
	for i := range problems {
		problems[i].Text = ""
	}
	return problems
}

// spring returns the day within a file's new taps on which clocks of their zone go forward; 0 for none.
func (v *View) spring(file int) app.Date {
	var first, last *tap
	for _, t := range v.files[file].taps {
		if v.countedBefore(t) || t.At != 0 || !good(t.Local, v.log.Files[file].Reading.Started) {
			continue
		}
		if first == nil || t.at < first.at {
			first = t
		}
		if last == nil || t.at > last.at {
			last = t
		}
	}
	if first == nil {
		return 0
	}
	const step = time.Hour
	for at := first.at; at < last.at; at = at.Add(step) {
		next := min(at.Add(step), last.at)
		_, before := at.In(first.wall.zone).Zone()
		if _, after := next.In(first.wall.zone).Zone(); after > before {
			return next.DateIn(first.wall.zone)
		}
	}
	return 0
}

// otherwise counts lines of the file that are read by another meaning than its own, since an earlier import brought them.
func (p *prepared) otherwise(log *Log) (n int) {
	own := p.view.log.meaningOf(p.file)
	same := map[int]bool{}
	p.view.log.Files[p.file].Held.Each(func(place int) {
		if len(p.view.ofLine[place]) == 0 {
			return
		}
		f := log.Lines[place].File
		is, known := same[f]
		if !known {
			other := p.view.log.meaningOf(f)
			is = other.ID == own.ID || other.sameAs(own)
			same[f] = is
		}
		if !is {
			n++
		}
	})
	return n
}

// importBox finds out which box a file came from, with its settings.
func importBox(ctx context.Context, store Store, src Source, o reading.ImportOptions) (box app.Box, found bool, err error) {
	uid := o.Box
	bySerial := src.Make.UID(src.Serial)
	switch {
	case uid == "" && src.Serial == "":
		return box, false, &reading.NeedsBoxError{File: src.Name, Table: src.Kind == Table}
	case uid == "":
		uid = bySerial
	case src.Serial != "" && uid != bySerial && !o.OtherSerial:
		return box, false, &reading.OtherSerialError{File: src.Name, Serial: src.Serial, Box: uid}
	}
	if box, found, err = store.KnownBox(ctx, uid); err != nil {
		return box, false, fmt.Errorf("look up box %s: %w", uid, err)
	}
	switch {
	case found && !box.Make.Can().Files: // its records come by cable, with sequences of their own
		return box, true, &app.FieldError{Field: "box", Code: "box.byCable", Example: "zkteco:ABC1234567"}
	case !found:
		box = app.Box{UID: uid, Make: src.Make, Label: o.Label, Group: uid, FirstSeen: o.Now()}
	}
	box.Zone = cmp.Or(box.Zone, app.DefaultZone)
	box.StatusKeys = cmp.Or(box.StatusKeys, app.StatusAsk)
	return box, found, nil
}

// Plan tells what Import would do with the same arguments, and stores nothing. Its errors are those of Import.
func Plan(ctx context.Context, store Store, r LineReader, src Source, o reading.ImportOptions) (*reading.Plan, error) {
	p, err := prepare(ctx, store, r, src, o)
	if err != nil {
		return nil, err
	}
	plan := &reading.Plan{
		File: src.Name, Box: *p.change.Box, Known: p.known, New: p.fresh, Before: p.report.Before, Repeated: p.report.Repeated,
		Order: string(p.report.Order), Otherwise: p.report.Otherwise, Spring: p.spring, Keys: map[app.PunchKey]int{}, Bad: p.view.problems(p.file), Doubts: p.view.doubts(p.file),
	}
	people := map[app.IdentifierKey]*reading.PlannedPerson{}
	for _, t := range p.view.files[p.file].taps {
		punch := p.view.punchOf(t, 1)
		plan.Records++
		plan.First, plan.Last = earlier(plan.First, punch.At), max(plan.Last, punch.At)
		plan.Keys[punch.Pressed]++
		who := people[punch.Identifier]
		if who == nil {
			who = &reading.PlannedPerson{Key: punch.Identifier}
			people[punch.Identifier] = who
		}
		who.Taps++
		who.First, who.Last = earlier(who.First, punch.At), max(who.Last, punch.At)
		if !p.view.countedBefore(t) {
			who.New++
		}
	}
	for _, who := range people {
		plan.People = append(plan.People, *who)
	}
	slices.SortFunc(plan.People, func(a, b reading.PlannedPerson) int {
		return cmp.Or(cmp.Compare(b.Taps, a.Taps), strings.Compare(string(a.Key.Kind)+a.Key.Value, string(b.Key.Kind)+b.Key.Value))
	})
	return plan, nil
}

// earlier returns the earlier of two instants, of which zero is none.
func earlier(a, b app.Instant) app.Instant {
	if a == 0 || b < a {
		return b
	}
	return a
}

// Report is what an import did: it stays with the reading.
type Report struct {
	Lines     int                   `json:"lines"` // that are not empty
	New       int                   `json:"new"`
	Before    int                   `json:"before"`
	Repeated  int                   `json:"repeated,omitempty"`
	Otherwise int                   `json:"otherwise,omitempty"` // read by the meaning of the import that brought them
	Order     Order                 `json:"order,omitempty"`
	Refused   []reading.LineProblem `json:"refused,omitempty"`
	Doubts    []reading.LineProblem `json:"doubts,omitempty"`
	Meaning   *Meaning              `json:"meaning,omitempty"` // that began with it
}
