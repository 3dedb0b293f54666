// Package demo makes up a company with 12 sites and 60 workers and lets it live
// through a month: simulated boxes are tapped, read over their protocol, the
// anomalies found, what may be sent is sent to a simulated register, and the
// timesheets are printed. Everything in it is made up; its database is a demo's
// for life.
//
// The month and what goes wrong in it are fixed by the first run in a folder. A
// second run there reads the same boxes again and adds nothing.
package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// Parts is what the demo is put together from; main does it.
type Parts struct {
	// Open opens the demo's office: its database, its simulated boxes as the
	// ones within reach, and the simulated register.
	Open func(ctx context.Context, e Environment) (*office.Office, io.Closer, error)
	// Fill lets a simulated box live through a part of its month, once, and
	// pairs it with the demo's installation.
	Fill func(ctx context.Context, b SimulatedBox, span app.Span) error
	// Register starts the simulated register on loopback, its store in dir.
	Register func(ctx context.Context, dir string, clock *Clock) (Register, error)
}

// SimulatedBox is one box of the demo.
type SimulatedBox struct {
	Dir          string // its memory
	Keys         string // folder of the demo's pairing keys
	Plan         BoxPlan
	Clock        *Clock
	Installation app.ID
}

// Environment is where a demo's office works.
type Environment struct {
	Database string // file
	Boxes    string // folder of simulated boxes
	Register Register
	Clock    *Clock
}

// Register is a running simulated register.
type Register struct {
	Base, Token string // addresses, on loopback
	ClientID    string
	Key         []byte // PEM
	// Phone registers what somebody registers by phone.
	Phone func(Phoned) error
	Stop  func() error
}

// Options say which demo.
type Options struct {
	Dir   string
	Month app.Month // zero: the one of the folder, else the last full month before Today
	Seed  uint64    // 0: the one of the folder, else 1
	Today app.Date
	// Progress is told how many of the demo's steps are done; nil for nobody.
	Progress workspace.Progress
	// NoSend leaves the sending to whoever tries the program.
	NoSend bool
	// Language of the company's screens; "" is Dutch.
	Language app.Language
	// Then is called when everything is there and still running: to print the
	// report, to open the window on it. nil for nothing.
	Then func(ctx context.Context, off *office.Office, r *Report) error
}

// Report is what a run did and what there is now.
type Report struct {
	Dir           string                        `json:"dir"`
	Database      string                        `json:"database"`
	Month         app.Month                     `json:"month"`
	Seed          uint64                        `json:"seed"`
	Punches       int                           `json:"punches"`
	PunchesRead   int                           `json:"punchesRead"` // for the first time, by this run
	Presences     int                           `json:"presences"`
	Anomalies     map[app.Rule]int              `json:"anomalies"`
	Seeded        map[app.Rule]int              `json:"seeded"`
	Registrations map[app.RegistrationState]int `json:"registrations"`
	Held          map[app.HeldReason]int        `json:"held"`
	Sheets        int                           `json:"timesheets"`
	SheetsNew     int                           `json:"timesheetsNew"`
	Seconds       float64                       `json:"seconds"`
}

// kept is what a folder remembers of its first run.
type kept struct {
	Month app.Month `json:"month"`
	Seed  uint64    `json:"seed"`
	Lived bool      `json:"lived"` // through its whole month
	// Made is when, by the computer's clock: from then on the demo's own time runs on.
	Made app.Instant `json:"made,omitzero"`
}

// OtherMonthError says that a folder holds another demo than the one asked for.
type OtherMonthError struct {
	Dir   string
	Month app.Month
	Seed  uint64
}

// Error names month and seed of the folder.
func (e *OtherMonthError) Error() string {
	return fmt.Sprintf("the folder holds the demo of %s with seed %d", e.Month, e.Seed)
}

// TextKey words it for people.
func (e *OtherMonthError) TextKey() (string, map[string]any) {
	return "error.demo.otherMonth", map[string]any{"Month": e.Month.String(), "Seed": e.Seed}
}

// Sign is the file by which a demo's folder is known.
const Sign = "demo.json"

func readKept(path string) (k kept, err error) {
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &k)
	}
	if err != nil {
		return k, &UnreadableError{path, err}
	}
	return k, nil
}

// UnreadableError says that what a demo's folder keeps cannot be read.
type UnreadableError struct {
	Path string
	Err  error
}

// Error names the file and the cause.
func (e *UnreadableError) Error() string {
	return "read what the demo's folder keeps: " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *UnreadableError) Unwrap() error { return e.Err }

// TextKey words it for people.
func (e *UnreadableError) TextKey() (string, map[string]any) {
	return "error.demo.unreadable", map[string]any{"Path": e.Path}
}

// choose fixes month and seed: the folder's, or those asked for at the first run.
func choose(o Options) (kept, error) {
	path := filepath.Join(o.Dir, Sign)
	k, err := readKept(path)
	if err == nil {
		if (o.Month != app.Month{} && o.Month != k.Month) || (o.Seed != 0 && o.Seed != k.Seed) {
			return k, &OtherMonthError{o.Dir, k.Month, k.Seed}
		}
		return k, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return k, err
	}
	k = kept{Month: o.Month, Seed: o.Seed}
	if k.Month == (app.Month{}) {
		k.Month = app.MonthOf(o.Today).Add(-1)
	}
	if k.Seed == 0 {
		k.Seed = 1
	}
	return k, keep(path, k)
}

// keep writes v as JSON: to a temporary name, then under its own.
func keep(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("keep: %w", err)
	}
	return keepFile(path, append(b, '\n'))
}

func keepFile(path string, b []byte) error {
	if err := os.WriteFile(path+".tmp", b, 0o600); err != nil {
		return fmt.Errorf("keep: %w", err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return fmt.Errorf("keep: %w", err)
	}
	return nil
}

// databaseName is the demo's database in its folder.
const databaseName = "klokkast.db"

// IsDatabase says that a database file is that of a demo's folder.
func IsDatabase(path string) bool {
	_, err := os.Stat(filepath.Join(filepath.Dir(path), Sign))
	return err == nil && filepath.Base(path) == databaseName
}

// ClockOf returns the clock of the demo in a folder: its own time, a working
// morning after its month.
func ClockOf(dir string) (*Clock, error) {
	k, err := readKept(filepath.Join(dir, Sign))
	if err != nil {
		return nil, err
	}
	m, err := MakeMonth(k.Month, k.Seed)
	if err != nil {
		return nil, err
	}
	return NewClock(m.today(k.Made)), nil
}

// longestMorning is how far the demo's time runs on by itself: far enough for
// an afternoon of trying, and not so far that anybody's OUT would be missed.
const longestMorning = 6 * time.Hour

// today returns the demo's time: its working morning, and what went by since it was made.
func (m *Month) today(made app.Instant) app.Instant {
	if made == 0 {
		return m.Now
	}
	return m.Now.Add(min(max(0, app.At(time.Now()).Sub(made)), longestMorning))
}

// Run makes the demo in a folder, or goes through it again.
func Run(ctx context.Context, p Parts, o Options) (*Report, error) {
	started := time.Now()
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	if o.Language == "" {
		o.Language = app.Dutch
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the demo's folder: %w", err)
	}
	k, err := choose(o)
	if err != nil {
		return nil, err
	}
	m, err := MakeMonth(k.Month, k.Seed)
	if err != nil {
		return nil, err
	}
	r := &run{Parts: p, m: m, o: o, kept: k, clock: NewClock(m.today(k.Made))}
	return r.all(ctx, started)
}

type run struct {
	Parts
	m        *Month
	o        Options
	clock    *Clock
	kept     kept
	office   *office.Office
	register Register
}

func (r *run) path(parts ...string) string {
	return filepath.Join(append([]string{r.o.Dir}, parts...)...)
}

func (r *run) all(ctx context.Context, started time.Time) (*Report, error) {
	register, err := r.Register(ctx, r.path("register"), r.clock)
	if err != nil {
		return nil, fmt.Errorf("start the simulated register: %w", err)
	}
	defer register.Stop()
	r.register = register
	off, closer, err := r.Open(ctx, Environment{Database: r.path(databaseName), Boxes: r.path("boxes"), Register: register, Clock: r.clock})
	if err != nil {
		return nil, fmt.Errorf("open the demo's office: %w", err)
	}
	defer closer.Close()
	r.office = off
	before, err := off.Counts(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.live(ctx); err != nil {
		return nil, err
	}
	report, err := r.report(ctx, before)
	if err != nil {
		return nil, err
	}
	report.Seconds = time.Since(started).Seconds()
	if r.o.Then != nil {
		return report, r.o.Then(ctx, off, report)
	}
	return report, nil
}

// step is one part of the demo's life.
type step struct {
	name string
	do   func(context.Context) error
}

// live goes through the month. A folder that has lived through it before is
// only read again.
func (r *run) live(ctx context.Context) error {
	m := r.m
	first := []step{
		{"halfway", func(ctx context.Context) error { return r.readAll(ctx, app.Span{To: m.Halfway}, m.Halfway) }},
		{"place", r.place},
		{"phone", func(context.Context) error { return r.phone(app.Span{To: m.Halfway}) }},
		{"send", r.send},
	}
	whole := app.Span{From: m.Halfway, To: m.Now}
	steps := []step{
		{"whole", func(ctx context.Context) error { return r.readAll(ctx, whole, m.today(r.kept.Made)) }},
		{"plan", r.plan},
		{"settle", r.settle},
		{"phone", func(context.Context) error { return r.phone(whole) }},
		{"send", r.send},
		{"print", r.print},
	}
	if !r.kept.Lived {
		steps = append(first, steps...)
	}
	steps = append([]step{{"company", r.company}}, steps...)
	for i, s := range steps {
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("demo, %s: %w", s.name, err)
		}
		r.o.Progress(i+1, len(steps))
	}
	if r.kept.Lived {
		return nil
	}
	return keep(r.path(Sign), kept{m.Month, m.Seed, true, app.At(time.Now())})
}

// phone lets people register by phone what lies in a span, once.
func (r *run) phone(span app.Span) error {
	if r.kept.Lived {
		return nil
	}
	for _, p := range r.m.Phoned {
		if !span.Holds(p.At) {
			continue
		}
		if err := r.register.Phone(p); err != nil {
			return err
		}
	}
	return nil
}

// print writes the timesheets of the month.
func (r *run) print(ctx context.Context) error {
	_, err := r.office.Sheets.WriteSheets(ctx, documents.SheetOrder{Days: r.m.Month.Days(), Folder: r.path("timesheets")}, nil)
	return err
}

// company enters staff and sites by the very files that a company would import.
func (r *run) company(ctx context.Context) error {
	if !r.kept.Lived { // badges are entered before anyone taps
		r.clock.Set(r.m.First.AddDays(-45).Start(r.m.Zone))
	}
	staff, sites := r.path("staff.csv"), r.path("sites.csv")
	if err := errors.Join(
		keepFile(staff, []byte(staffCSV(r.m.People, r.m.First))),
		keepFile(sites, []byte(sitesCSV(r.m.First))),
		keep(r.path("seeds.json"), r.m.Seeds),
	); err != nil {
		return err
	}
	if err := whole(r.office.Files.ImportStaff(ctx, staff, true)); err != nil {
		return err
	}
	if err := whole(r.office.Files.ImportSites(ctx, sites, true)); err != nil {
		return err
	}
	if err := r.office.ChangeSettings(ctx, func(s *workspace.Settings) {
		s.Actor, s.Language = "Demo", r.o.Language
	}); err != nil {
		return err
	}
	if err := r.allowPhones(ctx); err != nil {
		return err
	}
	return r.start(ctx)
}

// allowPhones says at one place that people may register by phone there.
func (r *run) allowPhones(ctx context.Context) error {
	sites, err := r.office.Sites.Rows(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(sites, func(s acts.SiteRow) bool { return s.Site.Code == places[phonePlace].code })
	if site := sites[at].Site; !site.Phones {
		site.Phones = true
		_, err = r.office.Sites.SaveSite(ctx, site, "demo")
	}
	return err
}

// whole turns rows that an import left out into an error: the demo's own files have none.
func whole(report *importing.Report, err error) error {
	if err == nil && len(report.Problems) > 0 {
		err = fmt.Errorf("import the demo's own file: line %d: %s", report.Problems[0].Line, report.Problems[0].Code)
	}
	return err
}

// start sets from when each employer registers: the subcontractor joins later.
func (r *run) start(ctx context.Context) error {
	employers, err := r.office.Staff.Employers(ctx)
	if err != nil {
		return err
	}
	for _, e := range employers {
		since := r.m.First
		if e.Enterprise == subNumber {
			since = r.m.First.AddDays(10)
		}
		if at := since.Start(r.m.Zone); e.RegistersSince != at {
			if err := r.office.Staff.SetRegistersSince(ctx, e.ID, at, "demo"); err != nil {
				return err
			}
		}
	}
	return nil
}

// readAll lets the boxes live through a span and then reads each one.
func (r *run) readAll(ctx context.Context, span app.Span, at app.Instant) error {
	r.clock.Set(at)
	if err := r.office.ChangeSettings(ctx, func(s *workspace.Settings) {
		s.Check = app.ClockCheck{At: at.Add(-time.Hour), Source: "demo"}
	}); err != nil {
		return err
	}
	for _, plan := range r.m.Boxes {
		dir := r.path("boxes", plan.Site)
		box := SimulatedBox{Dir: dir, Keys: r.path("pairing"), Plan: plan, Clock: r.clock, Installation: r.office.Installation().ID}
		if err := r.Fill(ctx, box, span); err != nil {
			return fmt.Errorf("fill box %s: %w", plan.Label, err)
		}
		if _, err := r.office.Boxes.ReadBox(ctx, "sim:"+dir, boxes.ReadOptions{}, nil); err != nil {
			return fmt.Errorf("box %s: %w", plan.Label, err)
		}
	}
	return nil
}

// place says where each box hangs: from the first of the month on.
func (r *run) place(ctx context.Context) error {
	rows, err := r.office.Sites.Rows(ctx)
	if err != nil {
		return err
	}
	site := map[string]acts.SiteRow{}
	for _, s := range rows {
		site[s.Site.Code] = s
	}
	for _, plan := range r.m.Boxes {
		s := site[plan.Site]
		if len(s.Placements) > 0 {
			continue
		}
		if err := r.office.Boxes.PlaceBox(ctx, fmt.Sprintf("%x", plan.UID), s.Site.ID, r.m.First.Start(r.m.Zone), "demo"); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) send(ctx context.Context) error {
	if r.o.NoSend {
		_, err := r.office.Phones.Consult(ctx)
		return err
	}
	_, err := r.office.Register.Send(ctx, nil)
	return err
}

// plan plans the people of one site from the last weeks of the month on, notes
// that one of them was away, and gives somebody a spare badge whose number was
// entered back to front. An earlier run may have done a part of it.
func (r *run) plan(ctx context.Context) error {
	if r.kept.Lived {
		return nil
	}
	staff, err := r.office.Staff.Rows(ctx)
	if err != nil {
		return err
	}
	byNumber := map[string]acts.WorkerRow{}
	for _, w := range staff {
		byNumber[w.Worker.StaffNumber] = w
	}
	sites, err := r.office.Sites.Rows(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(sites, func(s acts.SiteRow) bool { return s.Site.Code == places[plannedPlace].code })
	from := r.m.workday(planDay)
	week, err := r.office.Plan.PlanWeek(ctx, sites[at].Site.ID, from)
	if err != nil {
		return err
	}
	for i := range r.m.People {
		p := &r.m.People[i]
		if p.night || len(p.sites) != 1 || p.sites[0] != plannedPlace || len(week.Lines) > 0 {
			continue
		}
		line := app.PlanLine{
			SiteID:       sites[at].Site.ID,
			EngagementID: byNumber[p.staffNumber].Engagements[0].ID,
			Weekdays:     app.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday),
			Hours:        p.hoursOf(i),
			Days:         app.Days{From: from},
			EveryWeeks:   1,
		}
		if _, err := r.office.Plan.AddPlanLine(ctx, line, "demo"); err != nil {
			return err
		}
	}
	if err := r.away(ctx, byNumber[r.m.People[awayOne].staffNumber].Worker.ID, from); err != nil {
		return err
	}
	spare := byNumber[r.m.People[spareBadge].staffNumber]
	key := app.IdentifierKey{Kind: app.Card, Value: backToFront(r.m.spare())}
	return r.office.Staff.GiveBadge(
		ctx,
		acts.GiveBadge{Key: key, EngagementID: spare.Engagements[0].ID, Span: app.Span{From: r.m.workday(spareDay).Start(r.m.Zone)}},
		"demo",
	)
}

// away notes that somebody was sick, once.
func (r *run) away(ctx context.Context, worker app.ID, day app.Date) error {
	known, err := r.office.Plan.Absences(ctx, app.Days{From: day, To: day}, worker)
	if err != nil || len(known) > 0 {
		return err
	}
	_, err = r.office.Plan.NoteAbsence(ctx, app.Absence{WorkerID: worker, Days: app.Days{From: day, To: day}, Kind: "sick"}, "demo")
	return err
}

// settle does what a supervisor would: the first forgotten OUT gets a statement.
func (r *run) settle(ctx context.Context) error {
	days := r.m.Month.Days()
	for _, status := range []app.AnomalyStatus{app.AnomalyAdjusted, app.AnomalyOpen} {
		list, err := r.office.Derived.Anomalies(ctx, derived.AnomalyFilter{Days: days, Rule: app.MissingOut, Status: status})
		if err != nil || len(list) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if status == app.AnomalyAdjusted {
			return nil // by an earlier run
		}
		a := list[len(list)-1]
		return r.office.Judgements.AdjustMissing(
			ctx,
			a.Key(),
			a.At.Add(7*time.Hour+20*time.Minute),
			"forgot",
			"vergeten uit te badgen, bevestigd door de klant",
		)
	}
	return nil
}

// report counts what there is.
func (r *run) report(ctx context.Context, before store.Counts) (*Report, error) {
	off, m := r.office, r.m
	counts, err := off.Counts(ctx)
	if err != nil {
		return nil, err
	}
	presences, err := off.Derived.Presences(ctx, app.Days{}, "", "")
	if err != nil {
		return nil, err
	}
	anomalies, err := off.Derived.Anomalies(ctx, derived.AnomalyFilter{})
	if err != nil {
		return nil, err
	}
	register, err := off.Register.Counts(ctx)
	if err != nil {
		return nil, err
	}
	out := &Report{
		Dir: r.o.Dir, Database: r.path(databaseName), Month: m.Month, Seed: m.Seed,
		Punches: counts.Punches, PunchesRead: counts.Punches - before.Punches, Presences: len(presences),
		Anomalies: map[app.Rule]int{}, Seeded: map[app.Rule]int{}, Registrations: register.States, Held: map[app.HeldReason]int{},
		Sheets: counts.Papers, SheetsNew: counts.Papers - before.Papers,
	}
	for _, a := range anomalies {
		out.Anomalies[a.Rule]++
	}
	for _, s := range m.Seeds {
		out.Seeded[s.Rule]++
	}
	for _, h := range register.Held {
		out.Held[h.Reason] += h.Count
	}
	return out, nil
}
