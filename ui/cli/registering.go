package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

type ciaoSinceCmd struct {
	Employer string `arg:"" help:"since_employer"`
	From     string `placeholder:"\"2026-11-01 06:00\"" required:"" help:"since_from"`
	Why      string `placeholder:"TEXT" help:"why"`
}

// Run says from when on an employer registers with this program.
func (c *ciaoSinceCmd) Run(r *run) error {
	from, err := parseInstant("--from", c.From, app.Belgium())
	if err != nil {
		return err
	}
	return r.onExisting(func(o *office.Office) error {
		e, err := r.employer(o, c.Employer)
		if err != nil {
			return err
		}
		if err := o.Staff.SetRegistersSince(r.ctx, e.ID, from, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("since.done", "Employer", e.Name, "From", r.say.DateTime(from, app.Belgium())), "employer", string(e.ID))
	})
}

type ciaoCredentialCmd struct {
	Environment    string `placeholder:"production|nsso-simulation|local-simulator" enum:"production,nsso-simulation,local-simulator" required:"" help:"credential_environment"`
	ClientID       string `name:"client-id" placeholder:"ID" required:"" help:"credential_client"`
	Key            string `placeholder:"FILE.pem|FILE.p12" required:"" help:"credential_key"`
	KeyPassword    string `name:"key-password-file" placeholder:"FILE|-" help:"credential_key_password"`
	PassphraseFile string `name:"passphrase-file" placeholder:"FILE|-" help:"credential_passphrase"`
	Base           string `placeholder:"URL" help:"credential_base"`
	TokenURL       string `name:"token-url" placeholder:"URL" help:"credential_token"`
}

// largestKey is the most that is read of a key file, in bytes; real ones have a few thousand.
const largestKey = 1 << 16

// Run keeps the credential of an environment. The key is shown nowhere.
func (c *ciaoCredentialCmd) Run(r *run) error {
	env := app.Environment(c.Environment)
	base, token := usualAddresses(env)
	entry := sending.CredentialEntry{Environment: env, ClientID: c.ClientID, Base: cmp.Or(c.Base, base), Token: cmp.Or(c.TokenURL, token)}
	if entry.Base == "" || entry.Token == "" { // a simulator's port is chosen when it starts
		return wrong("missingFlags", "Flag", "--base, --token-url")
	}
	var err error
	if entry.File, err = readKey(c.Key); err != nil {
		return err
	}
	if entry.FilePassword, err = r.secret(c.KeyPassword, "credential.keyPassword"); err != nil {
		return err
	}
	if entry.Passphrase, err = r.secret(c.PassphraseFile, "credential.passphrase"); err != nil {
		return err
	}
	return r.withOffice(func(o *office.Office) error {
		if err := o.Connection.EnterCredential(r.ctx, entry); err != nil {
			return err
		}
		if err := r.changed(o, r.t("credential.done", "Environment", wording.Environment(r.say, env)), "environment", c.Environment); err != nil ||
			o.Environment() != env {
			return err
		}
		access, err := o.Connection.Access(r.ctx)
		for _, line := range wording.Access(r.say, access) { // such as a certificate that is over
			r.aside(line)
		}
		return err
	})
}

// usualAddresses returns where an environment of the NSSO lives; "" for a simulator.
func usualAddresses(e app.Environment) (base, token string) {
	if base = ciao.DefaultBase(e); base == "" {
		return "", ""
	}
	return base, ciao.TokenURL
}

func readKey(file string) ([]byte, error) {
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

// secret reads a password or passphrase: the first line of a file, or of
// standard input for "-", asked for without an echo where that is a terminal.
// Secrets are never flags: a list of processes shows those to everyone.
func (r *run) secret(file, ask string) (app.Secret, error) {
	var line []byte
	var err error
	switch in, isFile := r.parts.In.(*os.File); {
	case file == "":
		return "", nil
	case file == "-" && isFile && term.IsTerminal(int(in.Fd())):
		fmt.Fprint(r.parts.Err, r.t(ask)+" ")
		line, err = term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(r.parts.Err)
	case file == "-":
		line, err = firstLine(r.parts.In)
	default:
		line, err = firstLineOf(file)
	}
	if err != nil {
		return "", fmt.Errorf("read the passphrase: %w", err)
	}
	return app.Secret(line), nil
}

// longestSecret is the most that is read of a passphrase, in bytes.
const longestSecret = 4096

func firstLineOf(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return firstLine(f)
}

// firstLine reads no further than the line's end, so that a second secret may follow.
func firstLine(from io.Reader) ([]byte, error) {
	var line []byte
	var one [1]byte
	for len(line) < longestSecret {
		n, err := from.Read(one[:])
		if n == 1 && one[0] != '\n' {
			line = append(line, one[0])
			continue
		}
		if n == 1 || errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return bytes.TrimSuffix(line, []byte("\r")), nil
}

// accessJSON is how this installation stands with the register.
type accessJSON struct {
	Known     bool                  `json:"known"`
	ClientID  string                `json:"clientId,omitempty"`
	Entered   app.Instant           `json:"entered,omitzero"`
	Protected sending.KeyProtection `json:"protected,omitempty"`
	Locked    bool                  `json:"locked"`
	Expires   app.Instant           `json:"expires,omitzero"`
	DaysLeft  int                   `json:"daysLeft,omitempty"`
	// Base and TokenURL are the addresses in use, Hosts those that a person added.
	Base     string           `json:"base,omitempty"`
	TokenURL string           `json:"tokenUrl,omitempty"`
	Hosts    []ciao.AddedHost `json:"hosts,omitempty"`
	Warnings []string         `json:"warnings,omitempty"` // in words
}

func (r *run) accessOf(a sending.Access) accessJSON {
	return accessJSON{a.Known, a.ClientID, a.Entered, a.Protected, a.Locked, a.Expires, a.DaysLeft, a.Base, a.Token, a.Added, wording.Access(r.say, a)}
}

type ciaoTestCmd struct {
	PassphraseFile string `name:"passphrase-file" placeholder:"FILE|-" help:"passphrase"`
}

// testJSON is the answer of ciao test.
type testJSON struct {
	environmentJSON
	Access accessJSON `json:"access"`
	Steps  []stepJSON `json:"steps"`
}

type stepJSON struct {
	ciao.StepResult
	OffsetMs int64  `json:"offsetMs,omitempty"` // this computer ahead of the register
	Message  string `json:"message,omitempty"`  // why it failed, worded
}

// Run tries the way to the register and registers nothing.
func (c *ciaoTestCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if err := r.unlock(o, c.PassphraseFile); err != nil {
			return err
		}
		results, err := o.Connection.TestConnection(r.ctx)
		if err != nil {
			return err
		}
		access, err := o.Connection.Access(r.ctx)
		if err != nil {
			return err
		}
		out := testJSON{environmentOf(o), r.accessOf(access), []stepJSON{}}
		t := newTable(r.t("col.step"), r.t("col.result"), r.t("col.remark"))
		for _, s := range results {
			r.failed = r.failed || s.State == ciao.StepFailed
			message := clean(wording.StepProblem(r.say, s))
			out.Steps = append(out.Steps, stepJSON{s, s.Offset.Milliseconds(), message})
			t.add(wording.Step(r.say, s.Step), wording.StepState(r.say, s.State), message)
		}
		if r.json {
			return r.print(out)
		}
		r.lines(wording.Addresses(r.say, access))
		r.table(t)
		r.lines(out.Access.Warnings)
		return nil
	})
}

// unlock returns the passphrase of the private key, where one was handed in.
func (r *run) unlock(o *office.Office, file string) error {
	passphrase, err := r.secret(file, "passphrase.ask")
	if err != nil || passphrase == "" {
		return err
	}
	return o.Connection.UnlockKey(r.ctx, passphrase)
}

func (r *run) lines(all []string) {
	for _, l := range all {
		r.line(l)
	}
}
