package cli

import (
	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type ciaoHostListCmd struct{}

// hostsJSON is the answer of ciao host list.
type hostsJSON struct {
	Environments []hostJSON `json:"environments"`
}

// hostJSON is where one environment of the register is.
type hostJSON struct {
	Environment app.Environment  `json:"environment"`
	Host        string           `json:"host"`
	TokenHost   string           `json:"tokenHost"`
	Hosts       []ciao.AddedHost `json:"hosts"` // added by a person
}

// Run lists where each environment is, and the hosts that a person added.
func (c *ciaoHostListCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		out := hostsJSON{}
		for _, e := range [...]app.Environment{app.Production, app.NSSOSimulation, app.LocalSimulator} {
			h := hostJSON{e, ciao.HostOf(e), ciao.ProductionHost, []ciao.AddedHost{}}
			if e == app.LocalSimulator {
				h.Host, h.TokenHost = "127.0.0.1", "127.0.0.1"
			}
			for _, a := range o.Settings().Register.Hosts {
				if a.Environment == e {
					h.Hosts = append(h.Hosts, a)
				}
			}
			out.Environments = append(out.Environments, h)
		}
		if r.json {
			return r.print(out)
		}
		t := newTable(r.t("col.environment"), r.t("col.host"), r.t("col.remark"))
		for _, h := range out.Environments {
			t.add(wording.Environment(r.say, h.Environment), h.Host, r.say.T("ciao.access.tokens", "Host", h.TokenHost))
			for _, a := range h.Hosts {
				t.add("", a.Host, wording.AddedHost(r.say, a))
			}
		}
		r.table(t)
		return nil
	})
}

type ciaoHostAddCmd struct {
	Host        string `arg:"" help:"host_host"`
	Environment string `placeholder:"production|nsso-simulation" enum:"production,nsso-simulation" required:"" help:"host_environment"`
	Why         string `placeholder:"TEXT" required:"" help:"why"`
}

// Run adds a host to an environment, for the day when the NSSO moves.
func (c *ciaoHostAddCmd) Run(r *run) error {
	return r.withOffice(func(o *office.Office) error {
		if err := o.Connection.ChangeHosts(r.ctx, app.Environment(c.Environment), []string{c.Host}, nil, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("host.added", "Host", c.Host), "host", c.Host)
	})
}

type ciaoHostRemoveCmd struct {
	Host        string `arg:"" help:"host_host"`
	Environment string `placeholder:"production|nsso-simulation" enum:"production,nsso-simulation" required:"" help:"host_environment"`
	Why         string `placeholder:"TEXT" required:"" help:"why"`
}

// Run takes an added host away.
func (c *ciaoHostRemoveCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if err := o.Connection.ChangeHosts(r.ctx, app.Environment(c.Environment), nil, []string{c.Host}, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("host.removed", "Host", c.Host), "host", c.Host)
	})
}
