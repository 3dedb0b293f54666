package sending

import (
	"context"
	"errors"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/workspace"
)

// ChangeHosts adds hosts to an environment and takes added ones away: the door for
// the day when the NSSO moves. From then on a credential may be entered that lies
// there. The reason is needed, goes to the trail, and is shown as long as a host
// stands. What may not be added is an *app.FieldError (see ciao.CheckAddedHost),
// what does not stand a *NotFoundError; then nothing is changed.
func (o *Connection) ChangeHosts(ctx context.Context, e app.Environment, add, remove []string, why string) error {
	why = strings.TrimSpace(why)
	if err := workspace.Required("why", why, "NSSO letter of 3 May: the service moves"); err != nil {
		return err
	}
	after := slices.Clone(o.work.Settings().Register.Hosts)
	index := func(host string) int {
		return slices.IndexFunc(after, func(a ciao.AddedHost) bool { return a.Environment == e && a.Host == host })
	}
	for _, host := range remove {
		i := index(host)
		if i < 0 {
			return app.NotFound("host", host)
		}
		after = slices.Delete(after, i, i+1)
	}
	for _, host := range add {
		if err := ciao.CheckAddedHost(e, host); err != nil {
			return err
		}
		if index(host) >= 0 {
			return &app.FieldError{Field: "host", Code: "host.there", Example: host}
		}
		after = append(after, ciao.AddedHost{Environment: e, Host: host, Why: why, By: o.work.Actor(), At: o.work.Now()})
	}
	return o.work.KeepSettings(ctx, why, func(s *workspace.Settings) { s.Register.Hosts = after })
}

// addedHosts returns those that a person added to an environment.
func (o *Connection) addedHosts(e app.Environment) []ciao.AddedHost {
	return slices.DeleteFunc(slices.Clone(o.work.Settings().Register.Hosts), func(a ciao.AddedHost) bool { return a.Environment != e })
}

// checkAddresses refuses an address that is not one of the environment.
func (o *Connection) checkAddresses(e *CredentialEntry) error {
	base, token := ciao.DefaultBase(e.Environment), ciao.TokenURL
	if e.Environment == app.LocalSimulator || o.work.Demo() {
		base, token = "http://127.0.0.1:8080/REST/presenceRegistration/v1", "http://127.0.0.1:8080/REST/oauth/v5/token"
	}
	errBase, errToken := ciao.CheckAddresses(e.Environment, e.Base, e.Token, o.work.Settings().Register.Hosts)
	one := func(field, given, example string, err error) error {
		switch {
		case given == "":
			return workspace.Required(field, given, example)
		case o.work.Demo() && (err != nil || e.Environment != app.LocalSimulator):
			return &app.FieldError{Field: field, Code: "address.demo", Example: example}
		case err != nil && e.Environment == app.LocalSimulator:
			return &app.FieldError{Field: field, Code: "address.local", Example: example}
		case err != nil:
			return &app.FieldError{Field: field, Code: "address.host", Example: example}
		}
		return nil
	}
	err := one("base", e.Base, base, errBase)
	if o.work.Demo() && err != nil { // one sentence says it all
		return err
	}
	return errors.Join(err, one("token", e.Token, token, errToken))
}

// fillAddresses says where the register in use is, and whether it may be there.
func (o *Connection) fillAddresses(a *Access, c *ciao.Credential) {
	a.Base, a.Token, a.Added = c.Base, c.Token, o.addedHosts(c.Environment)
	errBase, errToken := ciao.CheckAddresses(c.Environment, c.Base, c.Token, a.Added)
	if a.Elsewhere = errBase; errBase == nil {
		a.Elsewhere = errToken
	}
	if o.work.Demo() {
		a.Elsewhere = ciao.OfDemo(a.Elsewhere)
	}
}
