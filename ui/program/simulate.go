package program

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/office"
	outputs "klokkast/app/output" // the tests have a function of the short name
	"klokkast/devices/gadget"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
	"klokkast/ui/cli"
	"klokkast/ui/demo"
)

// homeIn returns dir, which is new, empty or holds one of the files by which an
// earlier life in it is known; or a new temporary folder where it is "".
func homeIn(db, dir, pattern string, signs ...string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", pattern)
	}
	guard := outputs.Guard{Own: owned(place{database: db})}
	return dir, guard.Home(dir, signs...)
}

// simulateBox serves a simulated box on loopback until ctx ends.
func (p *program) simulateBox(ctx context.Context, o cli.SimulateBoxOptions, ready func(cli.SimulatedBox)) error {
	dir, err := homeIn(o.DB, o.Dir, "klokkast-box-*", simbox.Sign)
	if err != nil {
		return fmt.Errorf("make the box's folder: %w", err)
	}
	if o.Gadget {
		return p.beBox(ctx, dir, o, ready)
	}
	if !simbox.Exists(dir) {
		if err := simbox.Create(dir, simbox.Factory{Label: o.Label}); err != nil {
			return err
		}
		if err := madeUpPast(dir, o.Punches); err != nil {
			return err
		}
	}
	box, err := simbox.Open(dir, simbox.Options{})
	if err != nil {
		return err
	}
	defer box.Close()
	l, err := port.Listen("tcp:" + o.Listen)
	if err != nil {
		return err
	}
	// The button is held for as long as it runs: nobody could press it.
	box.PressButton(365 * 24 * time.Hour)
	ready(cli.SimulatedBox{
		Listen: l.Addr().String(), Box: port.Address(l), UID: hex.EncodeToString(uid(box)), Label: o.Label, Dir: dir, Records: box.Counts().Last,
	})
	return port.Serve(ctx, l, box.Serve)
}

// beBox makes this board itself a clock box on its USB port.
func (p *program) beBox(ctx context.Context, dir string, o cli.SimulateBoxOptions, ready func(cli.SimulatedBox)) error {
	notation, err := gadget.ParseNotation(o.Notation)
	if err != nil {
		return err
	}
	return gadget.Serve(ctx, gadget.Options{
		Dir: dir, Label: o.Label, Shape: gadget.Shape{Vendor: p.usb.Vendor, Product: p.usb.Product}, Reader: o.Reader, Input: os.Stdin,
		Notation: notation, Tech: ocb.TechISO14443, Keys: o.Keys, ClockKept: gadget.HasClock(),
	}, func(r gadget.Ready) {
		ready(cli.SimulatedBox{Listen: r.Device, Box: "usb", UID: r.UID, Label: o.Label, Dir: dir})
	})
}

func uid(b *simbox.Box) []byte {
	u := b.UID()
	return u[:]
}

// madeUpPast fills a new box with taps of a few badges in the past days.
func madeUpPast(dir string, punches int) error {
	if punches == 0 {
		return nil
	}
	box, err := simbox.Open(dir, simbox.Options{Off: true})
	if err != nil {
		return err
	}
	defer box.Close()
	const between = 10 * time.Minute
	at := time.Now().Add(-time.Duration(punches+1) * between).Truncate(time.Minute)
	events := []simbox.PastEvent{{At: at, Type: app.RecordBoot}}
	for n := range punches {
		at = at.Add(between)
		badge, err := card(fmt.Sprintf("04A1B2C3D4%02X00", n%20))
		if err != nil {
			return err
		}
		events = append(events, simbox.PastEvent{At: at, Type: app.RecordPunch, Badge: badge, Key: app.PunchKey(1 + n/20%2)})
	}
	_, err = box.Past(events)
	return err
}

// simulateRegister serves a simulated register on loopback until ctx ends.
func (p *program) simulateRegister(ctx context.Context, o cli.SimulateRegisterOptions, ready func(cli.SimulatedRegister)) error {
	dir, err := homeIn(o.DB, o.Dir, "klokkast-register-*", register.IDFile, register.KeyFile)
	if err != nil {
		return fmt.Errorf("make the register's folder: %w", err)
	}
	credentials, err := register.ReadCredentials(dir)
	if err != nil {
		return err
	}
	faults, err := register.ParseFaults(o.Faults)
	if err != nil {
		return err
	}
	reg, err := register.New(register.Options{Clients: []register.Credentials{credentials}, Folder: dir})
	if err != nil {
		return err
	}
	reg.Add(faults...)
	server, err := reg.Listen(o.Listen)
	if err != nil {
		return errors.Join(err, reg.Close())
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	ready(cli.SimulatedRegister{
		Listen: strings.TrimPrefix(server.URL, "http://"), Register: server.Base, Token: server.Token, ClientID: credentials.ClientID,
		KeyFile: filepath.Join(dir, register.KeyFile), Dir: dir,
	})
	return server.Wait()
}

// demo makes the demo company in a folder, and shows it where a window is asked for.
func (p *program) demo(ctx context.Context, o cli.DemoOptions) (out cli.DemoReport, err error) {
	if o.Window {
		return out, p.window.demo(ctx, p, o, p.liveDemo)
	}
	return p.liveDemo(ctx, o, func(context.Context, *office.Office) error { return nil })
}

// liveDemo makes the demo company; then works on it while its boxes and its register run.
type liveDemo func(ctx context.Context, o cli.DemoOptions, then func(context.Context, *office.Office) error) (cli.DemoReport, error)

func (p *program) liveDemo(ctx context.Context, o cli.DemoOptions, then func(context.Context, *office.Office) error) (cli.DemoReport, error) {
	dir, err := homeIn(o.DB, o.Dir, "klokkast-demo-*", demo.Sign)
	if err != nil {
		return cli.DemoReport{}, fmt.Errorf("make the demo's folder: %w", err)
	}
	var out cli.DemoReport
	_, err = demo.Run(ctx, demo.Parts{Open: p.openDemo, Fill: fill, Register: demoRegister}, demo.Options{
		Dir: dir, Month: o.Month, Seed: o.Seed, NoSend: o.NoSend, Today: app.DateOf(time.Now()), Language: o.Language, Progress: o.Progress,
		Then: func(ctx context.Context, off *office.Office, r *demo.Report) error {
			out = *r
			o.Ready(out)
			return then(ctx, off)
		},
	})
	return out, err
}

// openDemo opens the demo's office beside its boxes and its register.
func (p *program) openDemo(ctx context.Context, e demo.Environment) (*office.Office, io.Closer, error) {
	return p.put(ctx, place{
		database: e.Database, demo: true, clock: e.Clock, boxes: e.Boxes,
		exchange: simulatorExchange(&ciao.Credential{
			Environment: app.LocalSimulator, ClientID: e.Register.ClientID, Key: e.Register.Key, Base: e.Register.Base, Token: e.Register.Token,
		}),
	})
}

// demoRegister starts the demo's register on a free port of loopback.
func demoRegister(_ context.Context, dir string, clock *demo.Clock) (demo.Register, error) {
	credentials, err := register.ReadCredentials(dir)
	if err != nil {
		return demo.Register{}, err
	}
	reg, err := register.New(register.Options{Clients: []register.Credentials{credentials}, Folder: dir, Now: clock.Wall})
	if err != nil {
		return demo.Register{}, err
	}
	reg.Set(register.Settings{ValidAfterSeconds: -1}) // a month goes by in seconds: nobody asks again about each
	server, err := reg.Listen("127.0.0.1:0")
	if err != nil {
		return demo.Register{}, errors.Join(err, reg.Close())
	}
	return demo.Register{
		Base: server.Base, Token: server.Token, ClientID: credentials.ClientID, Key: credentials.PrivateKey, Stop: server.Close,
		Phone: func(p demo.Phoned) error {
			_, err := reg.Phone(register.Phoned{SSIN: p.SSIN, Type: p.Type, Time: p.At.Time(), Declaration: p.Declaration, Employer: p.Employer,
				Latitude: p.Place.Latitude, Longitude: p.Place.Longitude})
			return err
		},
	}, nil
}

// fill lets a simulated box live through a span of its plan, once.
func fill(ctx context.Context, b demo.SimulatedBox, span app.Span) error {
	marker := filepath.Join(b.Dir, "lived-to-"+span.To.Time().Format("20060102"))
	if _, err := os.Stat(marker); err == nil {
		return nil
	}
	fresh := !simbox.Exists(b.Dir)
	if fresh {
		if err := simbox.Create(b.Dir, simbox.Factory{UID: b.Plan.UID, Label: b.Plan.Label}); err != nil {
			return err
		}
	}
	if err := live(b, span); err != nil {
		return err
	}
	if fresh { // after its past: being switched on stands in its log
		if err := pair(ctx, b); err != nil {
			return fmt.Errorf("pair: %w", err)
		}
	}
	return os.WriteFile(marker, nil, 0o600)
}

// pair does what a technician does at a new box: hold its button while the
// program pairs, so that readings are acknowledged.
func pair(ctx context.Context, b demo.SimulatedBox) error {
	sim, err := simbox.Open(b.Dir, simbox.Options{Wall: b.Clock.Wall})
	if err != nil {
		return err
	}
	near, far := port.Pair()
	served := make(chan error, 1)
	go func() { served <- sim.Serve(far) }()
	sim.PressButton(time.Minute)
	box, err := host.Open(ctx, near, host.Options{
		Installation: b.Installation, Keys: host.Folder(b.Keys), Now: b.Clock.Wall,
		Closed: func() error { return errors.Join(<-served, sim.Close()) },
	})
	if err != nil {
		return err
	}
	return errors.Join(box.Pair(ctx, nil), box.Close())
}

// live writes what happened at the box in a span.
func live(b demo.SimulatedBox, span app.Span) error {
	box, err := simbox.Open(b.Dir, simbox.Options{Off: true, Lazy: true, Wall: b.Clock.Wall})
	if err != nil {
		return err
	}
	defer box.Close()
	events, lost, err := past(b.Plan, span, box.Counts().Last)
	if err != nil || len(events) == 0 {
		return err
	}
	if _, err := box.Past(events); err != nil {
		return err
	}
	if lost[0] == 0 {
		return nil
	}
	return box.Damage(lost[0], lost[1])
}

// past words a plan as the box's events, and gives the sequence numbers that it loses.
func past(plan demo.BoxPlan, span app.Span, last uint64) (events []simbox.PastEvent, lost [2]uint64, err error) {
	for _, t := range plan.Taps {
		if !span.Holds(t.At) {
			continue
		}
		if on := t.At.Time().Add(-time.Minute); len(events) == 0 { // it is switched on
			events = append(events, simbox.PastEvent{At: on, Type: app.RecordBoot})
			if last == 0 { // and for the first time, so that its clock is set as well as it is
				events = append(events, simbox.PastEvent{At: on, Type: app.RecordClockSet, Offset: plan.Offset})
			}
		}
		e := simbox.PastEvent{At: t.At.Time(), Type: t.Event, Key: t.Key, Percent: 80}
		if t.Event == app.RecordClockSet {
			e.Offset = plan.Offset
		}
		if t.Badge != "" {
			e.Type = app.RecordPunch
			if e.Badge, err = card(t.Badge); err != nil {
				return nil, lost, err
			}
		}
		events = append(events, e)
		if seq := last + uint64(len(events)); t.At >= plan.LoseFirst && t.At <= plan.LoseLast && plan.LoseFirst != 0 {
			if lost[0] == 0 {
				lost[0] = seq
			}
			lost[1] = seq
		}
	}
	return events, lost, nil
}

// card returns a card of the usual kind by its canonical value.
func card(value string) (ocb.Badge, error) {
	return ocb.BadgeOf(app.IdentifierKey{Kind: app.Card, Value: value}, ocb.TechISO14443)
}
