package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/ui/wording"
)

type ciaoSinceCmd struct {
	Employer string `arg:"" help:"since_employer"`
	From     string `placeholder:"\"2026-11-01 06:00\"" required:"" help:"since_from"`
	Why      string `placeholder:"TEXT" help:"why"`
}

// Run says from when on an employer registers with this program.
func (c *ciaoSinceCmd) Run(r *run) error {
	from, err := parseInstant("--from", c.From, defaultZone())
	if err != nil {
		return err
	}
	return r.onExisting(func(o Office) error {
		e, err := r.employer(o, c.Employer)
		if err != nil {
			return err
		}
		if err := o.SetRegistersSince(r.ctx, e.ID, from, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("since.done", "Employer", e.Name, "From", r.say.DateTime(from, defaultZone())), "employer", string(e.ID))
	})
}

type ciaoCredentialCmd struct {
	Environment string `placeholder:"production|nsso-simulation|local-simulator" enum:"production,nsso-simulation,local-simulator" required:"" help:"credential_environment"`
	ClientID    string `name:"client-id" placeholder:"ID" required:"" help:"credential_client"`
	Key         string `placeholder:"FILE.pem" required:"" help:"credential_key"`
	Base        string `placeholder:"URL" help:"credential_base"`
	TokenURL    string `name:"token-url" placeholder:"URL" help:"credential_token"`
}

// largestKey is the most that is read of a key file, in bytes; real ones have a few thousand.
const largestKey = 1 << 16

// Run keeps the credential of an environment. The key is shown nowhere.
func (c *ciaoCredentialCmd) Run(r *run) error {
	key, err := readKey(c.Key)
	if err != nil {
		return err
	}
	env := app.Environment(c.Environment)
	base, token := usualAddresses(env)
	credential := ciao.Credential{Environment: env, ClientID: c.ClientID, Key: key, Base: cmp.Or(c.Base, base), Token: cmp.Or(c.TokenURL, token)}
	if credential.Base == "" || credential.Token == "" { // a simulator's port is chosen when it starts
		return wrong("missingFlags", "Flag", "--base, --token-url")
	}
	return r.withOffice(func(o Office) error {
		if err := o.SaveCredential(r.ctx, credential); err != nil {
			return err
		}
		return r.changed(o, r.t("credential.done", "Environment", wording.Environment(r.say, env)), "environment", c.Environment)
	})
}

// usualAddresses gives where an environment of the NSSO lives; "" for a simulator.
func usualAddresses(e app.Environment) (base, token string) {
	switch e {
	case app.Production:
		return ciao.ProductionBase, ciao.TokenURL
	case app.NSSOSimulation:
		return ciao.SimulationBase, ciao.TokenURL
	}
	return "", ""
}

func readKey(file string) (ciao.PrivateKey, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	defer f.Close()
	key, err := io.ReadAll(io.LimitReader(f, largestKey))
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	return key, nil
}
