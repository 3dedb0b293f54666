package ciao

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"klokkast/app"
)

// Hosts of the NSSO. An environment has its host: what is addressed to another
// one is refused when it is entered, and again where a request leaves. Tokens of
// both environments come from ProductionHost [O].
const (
	ProductionHost = "services.socialsecurity.be"
	SimulationHost = "services-sim.socialsecurity.be"
)

// AddedHost is a host that a person added to one environment, for the day when
// the NSSO moves; for tests against another simulator, this computer to the
// NSSO's simulation. It is shown as long as it stands.
type AddedHost struct {
	Environment app.Environment `json:"environment"`
	Host        string          `json:"host"` // exact, in small letters; a loopback one as in an URL, without its port
	Why         string          `json:"why"`
	By          string          `json:"by"`
	At          app.Instant     `json:"at"`
}

// HostError says that an address is not one of its environment.
type HostError struct {
	Environment app.Environment
	Host        string // what was found instead; "" where the address has none
	Want        string // the environment's own
	Demo        bool   // it is a demo's, which never leaves this computer
}

// Error names both hosts.
func (e *HostError) Error() string {
	return "the address is at " + e.Host + ", and " + string(e.Environment) + " is at " + e.Want
}

// Is says that it is an ErrAddress.
func (*HostError) Is(target error) bool { return target == ErrAddress }

// TextKey words it for people, with the door for the day when the NSSO moves.
func (e *HostError) TextKey() (string, map[string]any) {
	key := "error.ciao.host"
	switch {
	case e.Demo:
		key = "error.ciao.host.demo"
	case e.Environment == app.LocalSimulator:
		key = "error.ciao.host.local"
	}
	return key, map[string]any{"Host": e.Host, "Want": e.Want, "Environment": string(e.Environment)}
}

// errElsewhere says that the name of the NSSO led to this computer.
var errElsewhere = errors.New("the register's name leads to this computer")

// HostOf returns where an environment's operations live; "" for the local simulator.
func HostOf(e app.Environment) string {
	switch e {
	case app.Production:
		return ProductionHost
	case app.NSSOSimulation:
		return SimulationHost
	}
	return ""
}

// hostPattern is a name of at least two labels, in small letters (RFC 1123, 2.1).
// A name in another alphabet is in its xn-- form, in which nobody takes it for another.
var hostPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`)

// CheckAddedHost says why a host may not be added to an environment: nothing is
// added to the local simulator, which is this computer; the other environment's
// host never; this computer to the NSSO's simulation only. The error is an
// *app.FieldError of the field host.
func CheckAddedHost(e app.Environment, host string) error {
	wrong := func(code string) error {
		return &app.FieldError{Field: "host", Code: code, Example: "presence.socialsecurity.be"}
	}
	switch {
	case e == app.LocalSimulator:
		return wrong("host.local")
	case host == ProductionHost || host == SimulationHost:
		return wrong("host.own")
	case loopbackName(host) && e == app.Production:
		return wrong("host.loopback")
	case loopbackName(host) || len(host) <= 253 && hostPattern.MatchString(host):
		return nil
	}
	return wrong("host.format")
}

// hosts says to which addresses requests of one environment may go.
type hosts struct {
	env   app.Environment
	added []string
}

func hostsOf(e app.Environment, added []AddedHost) hosts {
	h := hosts{env: e}
	for _, a := range added {
		if a.Environment == e && CheckAddedHost(e, a.Host) == nil { // what an older rule let in does not count
			h.added = append(h.added, a.Host)
		}
	}
	return h
}

// OfDemo says of an error about an address, if it is one, that it is a demo's.
func OfDemo(err error) error {
	var elsewhere *HostError
	if !errors.As(err, &elsewhere) {
		return err
	}
	of := *elsewhere
	of.Demo = true
	return &of
}

// CheckAddresses says whether an environment's operations and tokens may be at
// base and token, which must be whole: a *HostError where they are elsewhere,
// else an ErrAddress. See AddressesAt.
func CheckAddresses(e app.Environment, base, token string, added []AddedHost) (errBase, errToken error) {
	h := hostsOf(e, added)
	return h.check(base, false), h.check(token, true)
}

// check says whether something of this environment may be addressed so.
func (h hosts) check(address string, token bool) error {
	u, err := url.Parse(address)
	if err != nil {
		return h.elsewhere("")
	}
	plain := !strings.ContainsAny(address, `%\ #`) && !strings.Contains(address, "/../") && strings.Contains(address, "://") &&
		(token || !strings.Contains(address, "?")) // an operation's path follows its base
	return h.checkURL(u, token, plain)
}

// checkAll says whether every operation that has an address may have that one.
func (h hosts) checkAll(a Addresses) error {
	if a.Token == "" || a.Register == "" {
		return fmt.Errorf("%w: it is missing", ErrAddress)
	}
	if err := h.check(a.Token, true); err != nil {
		return err
	}
	for _, address := range []string{a.Register, a.Query, a.One, a.Cancel} {
		if address == "" {
			continue
		}
		if err := h.check(address, false); err != nil {
			return err
		}
	}
	return nil
}

// checkURL compares scheme, host, port and user info; plain says that nothing
// else in the address lets it be read in two ways.
func (h hosts) checkURL(u *url.URL, token, plain bool) error {
	name, port := u.Hostname(), u.Port()
	near := loopbackName(name)
	switch {
	case !plain || u.User != nil || u.Opaque != "" || name == "":
	case near && (u.Scheme == "http" || u.Scheme == "https") && h.near(name):
		return nil
	case u.Scheme == "https" && !near && (u.Host == name && port == "" || u.Host == name+":443") && h.far(name, token):
		return nil
	}
	return h.elsewhere(u.Host)
}

// near says that this computer, under that name, is one of the environment's hosts.
func (h hosts) near(name string) bool {
	return h.env == app.LocalSimulator || slices.Contains(h.added, name)
}

// far says that the environment has the host.
func (h hosts) far(name string, token bool) bool {
	switch {
	case h.env == app.LocalSimulator:
		return false
	case slices.Contains(h.added, name):
		return true
	case token:
		return name == ProductionHost
	}
	return name == HostOf(h.env)
}

func (h hosts) elsewhere(host string) error {
	e := &HostError{Environment: h.env, Host: host, Want: HostOf(h.env)}
	if e.Want == "" {
		e.Want = "127.0.0.1"
	}
	return e
}

// loopbackName says that a host is this computer by its own words. A name that
// some server resolves so is not: it may lead elsewhere tomorrow.
func loopbackName(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// doorman is the last to see a request: it lets nothing out to a host that its
// environment does not have, whatever asked for it.
type doorman struct {
	hosts
	next http.RoundTripper
}

// RoundTrip refuses what leads elsewhere, with a *HostError.
func (d doorman) RoundTrip(req *http.Request) (*http.Response, error) {
	// Which of them is the token's was said where the client was made.
	if d.checkURL(req.URL, false, true) != nil && d.checkURL(req.URL, true, true) != nil || req.Host != "" && req.Host != req.URL.Host {
		return nil, d.elsewhere(req.URL.Host)
	}
	return d.next.RoundTrip(req)
}

// unreached names why no connection was made: something that passes, or an
// address that must not be used.
func (r *reply) unreached() string {
	var elsewhere *HostError
	if errors.As(r.err, &elsewhere) || errors.Is(r.err, ErrNotLoopback) || errors.Is(r.err, errElsewhere) {
		return CodeHost
	}
	return CodeNoConnection
}
