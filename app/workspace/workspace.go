// Package workspace is what every part of the program works on: the store, the
// clock, the settings, who works here, the trail's line of an act, what can be
// undone, and who is told that something changed.
package workspace

import (
	"context"
	"fmt"
	"os/user"
	"sync"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/store"
)

// Workspace is what all parts of the program work on: the store, the clock, the
// settings and who works here. It tells who watches that something changed. It is
// safe from any goroutine.
type Workspace struct {
	Store store.Store
	// Now tells the time; it is the computer's clock, or a fixed one in tests and demos.
	Now func() app.Instant

	mu           sync.Mutex
	installation app.Installation
	settings     Settings
	override     Override
	changes      int // counts what made older answers stale
	after        []func(reading app.ID)
	watchers     map[int]func()
	nextID       int
	undo         []Deed // what can be undone, the last one last
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

// New begins to work on a store, and reads its settings.
func New(ctx context.Context, s store.Store, now func() app.Instant) (*Workspace, error) {
	inst, err := s.Installation(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the office: %w", err)
	}
	o := &Workspace{Store: s, Now: now, installation: inst, watchers: map[int]func(){}}
	if _, err := s.Setting(ctx, settingsKey, &o.settings); err != nil {
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

// Installation returns this copy of the program.
func (o *Workspace) Installation() app.Installation {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.installation
}

// NoteSending notes that this copy of the program begins to be the one that sends.
func (o *Workspace) NoteSending(begins bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.installation.Sends = o.installation.Sends || begins
}

// Demo says that the database is a demo's, marked for life.
func (o *Workspace) Demo() bool { return o.installation.Demo }

// Override is what applies to one run in place of the settings; zero fields do not.
type Override struct {
	Actor    string
	Language app.Language
	// Simulator makes the run talk to a local simulator: whatever it accepts
	// counts in that environment alone.
	Simulator bool
}

// Override sets what applies to this run.
func (o *Workspace) Override(v Override) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.override = v
	o.changes++
}

// Settings returns a copy of the settings as they apply to this run.
func (o *Workspace) Settings() Settings {
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

// Time returns the instant that counts as now: by the computer's clock, or by a demo's own.
func (o *Workspace) Time() app.Instant { return o.Now() }

// Environment returns the register environment in use.
func (o *Workspace) Environment() app.Environment { return o.Settings().Environment }

// Language returns the language of the screen.
func (o *Workspace) Language() app.Language { return o.Settings().Language }

// Actor returns the name of who works here, as the trail keeps it.
func (o *Workspace) Actor() string { return o.Settings().Actor }

// SetLanguage chooses the language of the screen.
func (o *Workspace) SetLanguage(ctx context.Context, l app.Language) error {
	return o.ChangeSettings(ctx, func(s *Settings) { s.Language = l })
}

// SetActor says who works here.
func (o *Workspace) SetActor(ctx context.Context, name string) error {
	if name == "" {
		return &app.FieldError{Field: "actor", Code: "required", Example: "An Peeters"}
	}
	return o.ChangeSettings(ctx, func(s *Settings) { s.Actor = name })
}

// ChangeSettings changes and keeps the settings.
func (o *Workspace) ChangeSettings(ctx context.Context, change func(*Settings)) error {
	return o.KeepSettings(ctx, "", change)
}

// KeepSettings changes and keeps the settings, and does what else belongs to the same act: all or nothing.
func (o *Workspace) KeepSettings(ctx context.Context, why string, change func(*Settings), also ...Deed) error {
	o.mu.Lock()
	before := o.settings
	o.mu.Unlock()
	after := before
	change(&after)
	after = withDefaults(after, o.installation.Demo)
	act := o.Act("settings.change", "installation:"+string(o.installation.ID), why)
	act.Before, act.After = before, after
	err := o.Store.Together(ctx, "keep the settings", func(c store.Changes) error {
		for _, d := range also {
			if err := d.Do(ctx, c); err != nil {
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
	for _, d := range also {
		o.remember(d)
	}
	o.Changed()
	return nil
}

// Act makes the trail's line for what is about to be done.
func (o *Workspace) Act(what, target, why string) app.Act {
	return app.Act{Actor: o.Actor(), At: o.Now(), What: what, Target: target, Why: why}
}

// Subscribe has f called, from any goroutine, after data changed. The returned
// function ends that.
func (o *Workspace) Subscribe(f func()) (cancel func()) {
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

// Changes counts what made older answers stale.
func (o *Workspace) Changes() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.changes
}

// OnChange has f called after each change, before those who subscribed; reading is
// the reading that brought it, "" for anything else. It is called while the parts are put together.
func (o *Workspace) OnChange(f func(reading app.ID)) { o.after = append(o.after, f) }

// Changed says that something changed in the data, so that older answers are stale.
func (o *Workspace) Changed() { o.ChangedBy("") }

// ChangedBy is changed after a reading ("": after anything else).
func (o *Workspace) ChangedBy(reading app.ID) {
	o.mu.Lock()
	o.changes++
	o.mu.Unlock()
	for _, f := range o.after {
		f(reading)
	}
	o.mu.Lock()
	fs := make([]func(), 0, len(o.watchers))
	for _, f := range o.watchers {
		fs = append(fs, f)
	}
	o.mu.Unlock()
	for _, f := range fs {
		f()
	}
}

// Done reports a change when err is nil; it wraps err with what was being done.
func (o *Workspace) Done(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	o.Changed()
	return nil
}
