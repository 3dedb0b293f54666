// Package cli is the face for a terminal: the commands of Klokkast, for
// technicians, scripts and tests. Every command prints either calm tables in
// the user's language or, with --json, one documented object on standard output
// and nothing else there. docs/commands.md describes both.
//
// The package opens no database and no device itself: package main gives it
// Parts. It reads and changes data only through an office.Office.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/text"
	"klokkast/ui/display"
)

// Exit codes of the program.
const (
	ExitFine   = 0 // done; nothing wrong was found
	ExitFailed = 1 // it failed, was cancelled, or verify found something wrong
	ExitUsage  = 2 // the command line is wrong; nothing was done
)

// Parts is what the commands work with; main fills it.
type Parts struct {
	Out, Err io.Writer
	// In is where a flag of "-" reads from; nil means standard input.
	In    io.Reader
	Texts *text.Catalogue
	// Language words what is said before a database is open (help, wrong usage);
	// "" means English. Main takes it from the system's settings (text.Choose).
	Language app.Language
	Version  string
	// Now tells the time where no office is open; nil means this computer's clock.
	Now func() app.Instant
	// Open opens the office on a database; whoever opens closes.
	Open func(ctx context.Context, o OpenOptions) (*office.Office, io.Closer, error)
	// Demo makes a demo company. nil where the build has none.
	Demo func(ctx context.Context, o DemoOptions) (DemoReport, error)
	// SimulateBox and SimulateRegister serve until ctx ends; they call ready once
	// they listen. They return nil after ctx has ended.
	SimulateBox      func(ctx context.Context, o SimulateBoxOptions, ready func(SimulatedBox)) error
	SimulateRegister func(ctx context.Context, o SimulateRegisterOptions, ready func(SimulatedRegister)) error
	// Window opens the window and returns when it is closed; nil in builds without
	// one. What keeps it from opening the database is shown there and told to failed
	// at once, in the background; the error says so again once it is closed.
	Window func(ctx context.Context, o OpenOptions, failed func(error)) error
	// Missing says what this computer lacks to show a window, as display.Find does;
	// nil means nothing.
	Missing func() display.Lack
	// Terminal says that a person sits there who can read and answer; nil looks at
	// standard input and standard error.
	Terminal func() bool
	// UdevRule is the rule that lets people at a Linux computer use a box.
	UdevRule string
}

// OpenOptions say which office is opened, and how for this one run.
type OpenOptions struct {
	DB string // database file; "" is the one in the user's own data folder
	// Existing says that a database that is not there is not made: it is an error that wraps fs.ErrNotExist. Look says that
	// the command only looks: where there is no database it looks into one that is gone afterwards.
	Existing, Look bool
	// Check looks for damage in the file before anything else. The window does: it stays
	// open for a day, and a damaged file is to be seen before the day's work goes into it.
	Check bool
	// Actor is who acts in this run, as the trail keeps it; "" is the name in the settings.
	Actor string
	// Language overrides the settings' for this run; "" does not.
	Language app.Language
	// RegisterBase and RegisterToken override the register's addresses for this
	// run; "" does not. A demo database refuses any that is not loopback.
	RegisterBase, RegisterToken string
}

// Run does what args (without the program's name) ask for and gives the exit
// code. The first interrupt or termination signal cancels what is under way;
// the second one ends the program.
func Run(ctx context.Context, args []string, p Parts) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	if p.Now == nil {
		p.Now = func() app.Instant { return app.At(time.Now()) }
	}
	if p.In == nil {
		p.In = os.Stdin
	}
	r := &run{ctx: ctx, parts: p, json: slices.Contains(args, "--json")}
	r.speak(startLanguage(args, p.Language))
	return r.report(r.do(args))
}

// startLanguage returns the language in which even a wrong command line is answered.
func startLanguage(args []string, fallback app.Language) app.Language {
	for i, a := range args {
		v, inline := strings.CutPrefix(a, "--lang=")
		if !inline && a == "--lang" && i+1 < len(args) {
			v = args[i+1]
		}
		if l, err := app.ParseLanguage(v); err == nil {
			return l
		}
	}
	if fallback == "" {
		return app.English
	}
	return fallback
}

// run is one run of one command.
type run struct {
	ctx   context.Context
	parts Parts
	flags grammar
	json  bool
	say   *text.Translator
	// failed makes the exit code 1 though there is nothing more to say.
	failed bool
}

func (r *run) do(args []string) error {
	parser, exited, err := r.parser()
	if err != nil {
		return err
	}
	chosen, err := parser.Parse(args)
	if *exited { // help was asked for and given
		return nil
	}
	if err != nil {
		return &usageError{err}
	}
	if r.flags.Version {
		return r.version()
	}
	return chosen.Run(r)
}

// parser builds the grammar with its help in the user's language.
func (r *run) parser() (parser *kong.Kong, exited *bool, err error) {
	exited = new(bool)
	parser, err = kong.New(&r.flags,
		kong.Name("klokkast"),
		kong.Writers(r.parts.Out, r.parts.Err),
		kong.Exit(func(int) { *exited = true }),
		kong.Help(r.printHelp),
	)
	if err != nil {
		return nil, nil, fmt.Errorf("build the command line: %w", err)
	}
	parser.Model.HelpFlag.Help = "help"
	return parser, exited, nil
}

func (r *run) version() error {
	if r.json {
		return r.print(struct {
			Version string `json:"version"`
		}{r.parts.Version})
	}
	r.line("klokkast " + r.parts.Version)
	return nil
}

// report says what went wrong, if anything, and gives the exit code.
func (r *run) report(err error) int {
	if err == nil {
		if r.failed {
			return ExitFailed
		}
		return ExitFine
	}
	code := ExitFailed
	var usage *usageError
	if errors.As(err, &usage) {
		code = ExitUsage
	}
	if r.json {
		if !errors.Is(err, errSaid) {
			r.printError(err)
		}
		return code
	}
	if !errors.Is(err, errSaid) {
		r.complain(err)
	}
	return code
}

// errSaid ends a command whose output says already what failed.
var errSaid = errors.New("said already")

// onExisting does what withOffice does, on a database that is there already. A
// mistyped --db must not answer "nothing found" out of a new, empty file.
func (r *run) onExisting(work func(o *office.Office) error) error {
	if r.flags.DB != "" {
		if _, err := os.Stat(r.flags.DB); err != nil {
			return fmt.Errorf("open the database: %w", err)
		}
	}
	o := r.openOptions()
	o.Existing = true
	return r.on(o, work)
}

// toLook does what withOffice does, for what only looks: it leaves no database behind where there was none.
func (r *run) toLook(work func(o *office.Office) error) error {
	o := r.openOptions()
	o.Look = true
	return r.on(o, work)
}

// withNames does what onExisting does, with the names behind all ids.
func (r *run) withNames(work func(o *office.Office, names *derived.Names) error) error {
	return r.onExisting(func(o *office.Office) error {
		names, err := o.Derived.Names(r.ctx)
		if err != nil {
			return err
		}
		return work(o, names)
	})
}

// withOffice opens the office, does the work in its language and closes it.
func (r *run) withOffice(work func(o *office.Office) error) error { return r.on(r.openOptions(), work) }

func (r *run) on(options OpenOptions, work func(o *office.Office) error) (err error) {
	o, closer, err := r.parts.Open(r.ctx, options)
	if err != nil {
		return err
	}
	defer func() {
		if e := closer.Close(); e != nil {
			err = errors.Join(err, e)
		}
	}()
	r.parts.Now = o.Time
	if r.flags.Lang == "" {
		r.speak(o.Language())
	}
	if o.Environment().Simulated() && !r.json {
		r.line(r.t("simulated"))
	}
	return work(o)
}

func (r *run) openOptions() OpenOptions {
	return OpenOptions{
		DB: r.flags.DB, Actor: r.flags.Actor, Language: app.Language(r.flags.Lang),
		RegisterBase: r.flags.Register, RegisterToken: r.flags.RegisterToken,
	}
}
