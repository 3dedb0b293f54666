package cli

import (
	"net"
	"strings"

	"klokkast/app/ciao/register"
)

// SimulateBoxOptions say which clock box is simulated.
type SimulateBoxOptions struct {
	DB      string // of --db: a box never moves in beside it
	Dir     string // its memory; "" is a new temporary folder
	Listen  string // host:port on loopback
	Label   string
	Punches int // made-up punches put into an empty memory
	// Gadget makes this board itself a clock box on its USB port (Linux, as
	// root), instead of listening on loopback.
	Gadget   bool
	Reader   string   // what types badges: an evdev device, or "-" for standard input
	Notation string   // of the reader: hex or decimal
	Keys     []string // evdev devices with the keys for in, out and breaks, and the button
}

// SimulatedBox is what a running simulated box tells of itself.
type SimulatedBox struct {
	Listen  string `json:"listen"` // host:port as bound
	Box     string `json:"box"`    // what box read --box takes
	UID     string `json:"uid"`
	Label   string `json:"label"`
	Dir     string `json:"dir"`
	Records uint64 `json:"records"`
}

// SimulateRegisterOptions say which register is simulated.
type SimulateRegisterOptions struct {
	DB     string   // of --db: a register never moves in beside it
	Dir    string   // where it keeps what was registered and its client's key; "" is a new temporary folder
	Listen string   // host:port on loopback
	Faults []string // as register.ParseFaults reads them; they are right
}

// SimulatedRegister is what a running simulated register tells of itself.
type SimulatedRegister struct {
	Listen   string `json:"listen"`   // host:port as bound
	Register string `json:"register"` // what --register takes
	Token    string `json:"token"`    // what --register-token takes
	ClientID string `json:"clientId,omitempty"`
	KeyFile  string `json:"keyFile,omitempty"` // of the client, PEM
	Dir      string `json:"dir"`
}

type simulateBoxCmd struct {
	Dir     string `placeholder:"DIR" help:"simulate_dir"`
	Listen  string `placeholder:"127.0.0.1:0" default:"127.0.0.1:0" help:"simulate_listen"`
	Label   string `placeholder:"NAME" default:"Simulated box" help:"simulate_label"`
	Punches int    `placeholder:"N" default:"0" help:"simulate_punches"`

	Gadget   bool     `help:"simulate_gadget"`
	Reader   string   `placeholder:"DEVICE" default:"-" help:"simulate_reader"`
	Notation string   `placeholder:"hex|decimal" enum:"hex,decimal" default:"hex" help:"simulate_notation"`
	Keys     []string `placeholder:"DEVICE" help:"simulate_keys"`
}

// simulatedBoxJSON and simulatedRegisterJSON are printed once the simulator listens.
type simulatedBoxJSON struct {
	environmentJSON
	SimulatedBox
}

type simulatedRegisterJSON struct {
	environmentJSON
	SimulatedRegister
}

// Run serves a simulated box until it is interrupted.
func (c *simulateBoxCmd) Run(r *run) error {
	if r.parts.SimulateBox == nil {
		return failure("missing.simulator")
	}
	if err := loopback(c.Listen); err != nil {
		return err
	}
	if c.Punches < 0 {
		return wrong("limit")
	}
	o := SimulateBoxOptions{
		DB: r.flags.DB, Dir: c.Dir, Listen: c.Listen, Label: c.Label, Punches: c.Punches, Gadget: c.Gadget, Reader: c.Reader, Notation: c.Notation, Keys: c.Keys,
	}
	return r.serve(func(ready func(error)) error {
		return r.parts.SimulateBox(r.ctx, o, func(b SimulatedBox) { ready(r.sayBox(b)) })
	})
}

func (r *run) sayBox(b SimulatedBox) error {
	if r.json {
		return r.print(simulatedBoxJSON{simulated(), b})
	}
	r.line(r.t("simulated"))
	r.line(r.t("simulate.box", "Label", b.Label, "Listen", b.Listen, "Dir", b.Dir))
	r.line("  klokkast box read --box " + b.Box)
	r.line(r.t("simulate.stop"))
	return nil
}

type simulateCiaoCmd struct {
	Dir    string   `placeholder:"DIR" help:"simulate_dir"`
	Listen string   `placeholder:"127.0.0.1:0" default:"127.0.0.1:0" help:"simulate_listen"`
	Fault  []string `placeholder:"FAULT" sep:"none" help:"simulate_fault"`
}

// Run serves a simulated register until it is interrupted.
func (c *simulateCiaoCmd) Run(r *run) error {
	if r.parts.SimulateRegister == nil {
		return failure("missing.simulator")
	}
	if err := loopback(c.Listen); err != nil {
		return err
	}
	if _, err := register.ParseFaults(c.Fault); err != nil {
		return wrong("fault", "Why", err.Error())
	}
	o := SimulateRegisterOptions{DB: r.flags.DB, Dir: c.Dir, Listen: c.Listen, Faults: c.Fault}
	return r.serve(func(ready func(error)) error {
		return r.parts.SimulateRegister(r.ctx, o, func(s SimulatedRegister) { ready(r.sayRegister(s)) })
	})
}

func (r *run) sayRegister(s SimulatedRegister) error {
	if r.json {
		return r.print(simulatedRegisterJSON{simulated(), s})
	}
	r.line(r.t("simulated"))
	r.line(r.t("simulate.register", "Listen", s.Listen, "Dir", s.Dir))
	r.line("  klokkast --register " + s.Register + " --register-token " + s.Token + " ciao send")
	r.line(r.t("simulate.stop"))
	return nil
}

// serve runs a simulator. That it ends because it was interrupted is no failure.
func (r *run) serve(work func(ready func(error)) error) error {
	var printed error
	err := work(func(e error) { printed = e })
	if r.ctx.Err() != nil {
		return printed
	}
	if err != nil {
		return err
	}
	return printed
}

func simulated() environmentJSON { return environmentJSON{"local-simulator", true} }

// loopback refuses every address that other computers could reach: simulators
// hold made-up people, but nobody should have to trust that.
func loopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return wrong("listen", "Got", listen)
	}
	if strings.EqualFold(host, "localhost") {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return wrong("loopback", "Got", listen)
	}
	return nil
}
