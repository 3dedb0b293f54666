// Package office is what the faces ask for: the window and the commands read,
// enter, derive, send and print through it, so that everything the window can
// do a command can do too. It checks what people enter, puts the facts of the
// store into the derivation and joins what was derived with what people decided.
package office

import (
	"context"
	"fmt"
	"os/user"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/output"
	"klokkast/app/printing"
	"klokkast/app/store"
)

// Parts is what an office is put together from; main does it.
type Parts struct {
	Store store.Store
	// Now tells the time; it is the computer's clock, or a fixed one in tests and demos.
	Now func() app.Instant
	// Finder finds boxes; nil where the program runs without any.
	Finder Finder
	// Exchange makes the sender to the register of an environment.
	Exchange Exchange
	// Press prints timesheets.
	Press Press
	// Own is what the program lives on beside the store's own memory: no paper and no list ever takes its place.
	Own output.Own
	// BoxPatience is how long a box is waited for whose cable dropped while it was read; 0: 10 s.
	BoxPatience time.Duration
	// Printing puts papers on paper; nil where the program runs without it.
	Printing printing.System
}

// Office answers the faces. It is safe from any goroutine.
type Office struct {
	Parts
	installation app.Installation

	deriving    sync.Mutex // is held while a picture is made: whoever waits gets it, too
	gathering   sync.Mutex // is held while the facts of one are gathered, and guards last
	mu          sync.Mutex
	settings    Settings
	override    Override
	watchers    map[int]func()
	nextID      int
	changes     int          // counts what made the picture stale
	picture     *picture     // the last derivation, while nothing changed
	olderCounts *olderCounts // of what is not sent any more, while it holds
	last        *picture     // the last one gathered, whatever changed since: the next is made from it
	line        *line        // to the register, once it was used
	keeper      *keeper      // sends by itself; nil where nobody does in this process
	cables      cables
	// open are the private keys that were unlocked in this run.
	open map[app.Environment]openKey

	read snapshots  // of approvals
	undo []undoStep // what can be undone, the last one last

	sightMu sync.Mutex
	sights  map[app.AnomalyKey]string // what was found at the last look; nil: not read yet
}

// Settings are the choices of the company and of this installation.
type Settings struct {
	Actor       string          `json:"actor"`
	Language    app.Language    `json:"language"`
	Environment app.Environment `json:"environment"`
	// Company overrides the default thresholds for everyone.
	Company app.Thresholds `json:"thresholds,omitempty"`
	// ExtraHoliday is the one configurable day off (month and day, MM-DD), "" none.
	ExtraHoliday string `json:"extraHoliday,omitempty"`
	// Replacements are the days that replace legal holidays on a Sunday.
	Replacements []app.Date `json:"replacements,omitempty"`
	// Letterhead stands at the head of papers.
	Letterhead app.Letterhead `json:"letterhead,omitzero"`
	// Check is the last check of this computer's clock.
	Check app.ClockCheck `json:"clockCheck,omitzero"`
	// Register is how the register is reached.
	Register RegisterSettings `json:"register,omitzero"`
	// Reader is how the desk's badge reader was understood last; "" before any.
	Reader identity.ReadingKind `json:"reader,omitempty"`
}

const settingsKey = "office"

// New puts an office together and reads its settings.
func New(ctx context.Context, p Parts) (*Office, error) {
	inst, err := p.Store.Installation(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the office: %w", err)
	}
	o := &Office{Parts: p, installation: inst, watchers: map[int]func(){}}
	if _, err := p.Store.Setting(ctx, settingsKey, &o.settings); err != nil {
		return nil, fmt.Errorf("open the office: %w", err)
	}
	o.settings = withDefaults(o.settings, inst.Demo)
	return o, nil
}

func withDefaults(s Settings, demo bool) Settings {
	if s.Actor == "" {
		s.Actor = loginName()
	}
	if s.Language == "" {
		s.Language = app.Dutch
	}
	if s.Environment == "" {
		s.Environment = app.Production
	}
	if demo { // a demo database is marked for life
		s.Environment = app.LocalSimulator
	}
	return s
}

func loginName() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "supervisor"
}

// Installation gives this copy of the program.
func (o *Office) Installation() app.Installation {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.installation
}

// Demo says that the database is a demo's, marked for life.
func (o *Office) Demo() bool { return o.installation.Demo }

// Override is what applies to one run in place of the settings; zero fields do not.
type Override struct {
	Actor    string
	Language app.Language
	// Simulator makes the run talk to a local simulator: whatever it accepts
	// counts in that environment alone.
	Simulator bool
}

// Override sets what applies to this run.
func (o *Office) Override(v Override) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.override, o.picture = v, nil
}

// Settings gives a copy of the settings as they apply to this run.
func (o *Office) Settings() Settings {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.settings
	if o.override.Actor != "" {
		s.Actor = o.override.Actor
	}
	if o.override.Language != "" {
		s.Language = o.override.Language
	}
	if o.override.Simulator {
		s.Environment = app.LocalSimulator
	}
	return s
}

// Time gives the instant that counts as now: by the computer's clock, or by a demo's own.
func (o *Office) Time() app.Instant { return o.Now() }

// Environment gives the register environment in use.
func (o *Office) Environment() app.Environment { return o.Settings().Environment }

// Language gives the language of the screen.
func (o *Office) Language() app.Language { return o.Settings().Language }

// Actor gives the name of who works here, as the trail keeps it.
func (o *Office) Actor() string { return o.Settings().Actor }

// SetLanguage chooses the language of the screen.
func (o *Office) SetLanguage(ctx context.Context, l app.Language) error {
	return o.ChangeSettings(ctx, func(s *Settings) { s.Language = l })
}

// SetActor says who works here.
func (o *Office) SetActor(ctx context.Context, name string) error {
	if name == "" {
		return &app.FieldError{Field: "actor", Code: "required", Example: "An Peeters"}
	}
	return o.ChangeSettings(ctx, func(s *Settings) { s.Actor = name })
}

// ChangeSettings changes and keeps the settings.
func (o *Office) ChangeSettings(ctx context.Context, change func(*Settings)) error {
	return o.changeSettings(ctx, "", change)
}

// changeSettings changes and keeps the settings, and does what else belongs to the same act: all or nothing.
func (o *Office) changeSettings(ctx context.Context, why string, change func(*Settings), also ...func(context.Context, store.Changes) error) error {
	o.mu.Lock()
	before := o.settings
	o.mu.Unlock()
	after := before
	change(&after)
	after = withDefaults(after, o.installation.Demo)
	act := o.act("settings.change", "installation:"+string(o.installation.ID), why)
	act.Before, act.After = before, after
	err := o.Store.Together(ctx, "keep the settings", func(c store.Changes) error {
		for _, do := range also {
			if err := do(ctx, c); err != nil {
				return err
			}
		}
		return c.SetSetting(ctx, settingsKey, after, act)
	})
	if err != nil {
		return err
	}
	o.mu.Lock()
	o.settings = after
	o.mu.Unlock()
	o.changed()
	return nil
}

// act makes the trail's line for what is about to be done.
func (o *Office) act(what, target, why string) app.Act {
	return app.Act{Actor: o.Actor(), At: o.Now(), What: what, Target: target, Why: why}
}

// Subscribe has f called, from any goroutine, after data changed. The returned
// function ends that.
func (o *Office) Subscribe(f func()) (cancel func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	id := o.nextID
	o.nextID++
	o.watchers[id] = f
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.watchers, id)
	}
}

// changed throws the derived picture away, notes which anomalies went with the
// change, and tells who watches.
func (o *Office) changed() { o.changedBy("") }

// changedBy is changed after a reading ("": after anything else).
func (o *Office) changedBy(reading app.ID) {
	o.mu.Lock()
	o.changes++
	o.picture = nil
	o.mu.Unlock()
	o.noteFound(reading)
	o.mu.Lock()
	fs := make([]func(), 0, len(o.watchers))
	for _, f := range o.watchers {
		fs = append(fs, f)
	}
	o.mu.Unlock()
	for _, f := range fs {
		f()
	}
	if reading != "" {
		o.wakeSending()
	}
}

// done reports a change when err is nil; it wraps err with what was being done.
func (o *Office) done(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	o.changed()
	return nil
}
