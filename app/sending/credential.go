package sending

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// NoCredentialError says that nobody entered the credential of an environment.
type NoCredentialError struct{ Environment app.Environment }

// Error names the environment.
func (e *NoCredentialError) Error() string { return "no credential for " + string(e.Environment) }

// TextKey words it for people.
func (e *NoCredentialError) TextKey() (string, map[string]any) {
	key := "error.ciao.noCredential"
	if e.Environment == app.LocalSimulator {
		key = "error.ciao.noSimulator"
	}
	return key, map[string]any{"Environment": string(e.Environment)}
}

// CredentialEntry is what a person enters of the company's access to the register.
type CredentialEntry struct {
	Environment app.Environment
	ClientID    string
	Base, Token string // addresses, see ciao.AddressesAt
	// File is the content of the key's file, see ciao.ReadKeyFile, and
	// FilePassword the password of one that is PKCS #12.
	File         []byte
	FilePassword app.Secret
	// Passphrase locks the key. It is needed where this computer has no key
	// store; elsewhere it is an additional lock.
	Passphrase app.Secret
}

// Format keeps the number masked where a verb does not fit: fmt then prints a
// pointer's content raw, past all methods of what is in it.
func (e CredentialEntry) Format(f fmt.State, _ rune) {
	type plain CredentialEntry
	fmt.Fprintf(f, "%+v", plain(e))
}

// Connection is the way to the register: the credential, and the client that uses it.
type Connection struct {
	work *workspace.Workspace
	Exchange
	mu      sync.Mutex
	session *Session                    // once it was used
	open    map[app.Environment]openKey // the private keys that were unlocked in this run
	// consults says what there is to ask about people who register by phone, see Phones.
	consults func(ctx context.Context, person bool) (ciao.Consultation, error)
}

// NewConnection puts it together.
func NewConnection(work *workspace.Workspace, exchange Exchange) *Connection {
	return &Connection{work: work, Exchange: exchange, open: map[app.Environment]openKey{}}
}

// EnterCredential keeps the client id and key of an environment, sealed. Who
// enters the NSSO's credential here makes this the company's one installation
// that sends; the local simulator takes any.
func (o *Connection) EnterCredential(ctx context.Context, e CredentialEntry) error {
	if err := o.checkEntry(&e); err != nil {
		return err
	}
	file, err := ciao.ReadKeyFile(e.File, e.FilePassword)
	if err != nil {
		return fmt.Errorf("keep the credential: %w", err)
	}
	c := ciao.Credential{Environment: e.Environment, ClientID: e.ClientID, Key: file.Key, Base: e.Base, Token: e.Token, Expires: file.Expires, At: o.work.Now()}
	if e.Passphrase != "" {
		if c.Key, err = file.Key.Lock(e.Passphrase, cmp.Or(o.Exchange.LockWork, ciao.LockWork)); err != nil {
			return fmt.Errorf("keep the credential: %w", err)
		}
	}
	begins := c.Environment != app.LocalSimulator && !o.work.Installation().Sends
	err = o.work.Store.Together(ctx, "keep the credential", func(all store.Changes) error {
		if err := all.SaveCredential(ctx, c, o.work.Act("ciao.credential", "environment:"+string(c.Environment), "")); err != nil || !begins {
			return err
		}
		return all.SetSending(ctx, true, o.work.Act("installation.sends", "installation:"+string(o.work.Installation().ID), ""))
	})
	if err == nil {
		o.keepOpen(c, file.Key)
		o.work.NoteSending(begins)
	}
	return o.work.Done("keep the credential", err)
}

func (o *Connection) checkEntry(e *CredentialEntry) error {
	addresses := o.checkAddresses(e)
	if addresses != nil && o.work.Demo() { // nothing else of it matters
		return addresses
	}
	return errors.Join(
		workspace.Required("clientId", e.ClientID, "self_service_expert:1234"),
		workspace.Required("key", string(e.File), "klokkast.p12"),
		addresses,
		o.checkPassphrase(e),
	)
}

// checkPassphrase asks for one where nothing else protects a key of the NSSO:
// where there is no key store, the sealing key lies in a file beside the database.
func (o *Connection) checkPassphrase(e *CredentialEntry) error {
	const example = "zeven bezems dansen"
	n := utf8.RuneCountInString(e.Passphrase.Reveal())
	switch {
	case n > 0 && n < ciao.ShortestPassphrase:
		return &app.FieldError{Field: "passphrase", Code: "passphrase.short", Example: example}
	case n == 0 && e.Environment != app.LocalSimulator && o.work.KeyWhere() == keyInFile:
		return &app.FieldError{Field: "passphrase", Code: "passphrase.needed", Example: example}
	}
	return nil
}

// keyInFile is what KeyWhere gives where there is no key store.
const keyInFile = "file"

// openKey is a key that was unlocked in this run, and the credential that it belongs to.
type openKey struct {
	at  app.Instant
	key ciao.PrivateKey
}

// keepOpen keeps an unlocked key in memory until the program ends.
func (o *Connection) keepOpen(c ciao.Credential, key ciao.PrivateKey) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.open == nil {
		o.open = map[app.Environment]openKey{}
	}
	o.open[c.Environment] = openKey{c.At, key}
}

// opened returns the credential with its key unlocked, where that was done in this run.
func (o *Connection) opened(c ciao.Credential) ciao.Credential {
	o.mu.Lock()
	defer o.mu.Unlock()
	if k, ok := o.open[c.Environment]; ok && k.at == c.At {
		c.Key = k.key
	}
	return c
}

// UnlockKey unlocks the private key of the environment in use until the program
// ends; ciao.ErrPassphrase where the passphrase is another. A key that is not
// locked is left as it is.
func (o *Connection) UnlockKey(ctx context.Context, passphrase app.Secret) error {
	c, err := o.stored(ctx)
	if err != nil || !c.Key.Locked() {
		return err
	}
	key, err := c.Key.Unlock(passphrase)
	if err != nil {
		return err
	}
	o.keepOpen(c, key)
	o.work.Changed()
	return nil
}

// stored returns the credential of the environment in use as it is kept.
func (o *Connection) stored(ctx context.Context) (ciao.Credential, error) {
	if c := o.Exchange.Credential; c != nil {
		return *c, nil
	}
	env := o.work.Environment()
	c, ok, err := o.work.Store.Credential(ctx, env)
	if err != nil {
		return c, fmt.Errorf("get the credential: %w", err)
	}
	if !ok {
		return c, &NoCredentialError{env}
	}
	return c, nil
}

// credential returns the credential of the environment in use, ready to sign;
// ciao.ErrLocked where its passphrase was not given in this run.
func (o *Connection) credential(ctx context.Context) (ciao.Credential, error) {
	c, err := o.stored(ctx)
	if err != nil {
		return c, err
	}
	if c = o.opened(c); c.Key.Locked() {
		return c, ciao.ErrLocked
	}
	return c, nil
}

// KeyProtection says what keeps a private key from whoever copies the database.
type KeyProtection string

// Protections of a private key.
const (
	ByKeyStore   KeyProtection = "keystore"
	ByPassphrase KeyProtection = "passphrase"
	ByFile       KeyProtection = "file" // the local simulator's only
)

// Access is how this installation stands with the register.
type Access struct {
	// Known says that a credential of the environment in use was entered.
	Known     bool
	ClientID  string
	Entered   app.Instant
	Protected KeyProtection
	// Locked says that nothing can be sent before the passphrase is given.
	Locked bool
	// Expires is when the key's certificate ends; zero: not known.
	Expires app.Instant
	// DaysLeft until then, in Belgian calendar days; negative once it is over.
	DaysLeft int
	// Base and Token are the addresses in use; "" where nothing is known.
	Base, Token string
	// Added are the hosts that a person added to the environment in use.
	Added []ciao.AddedHost
	// Elsewhere says that an address is not one of its environment, so that
	// nothing is sent (*ciao.HostError); nil where they are.
	Elsewhere error
}

// expiryWarnings are the days before a key's end from which it is warned of.
var expiryWarnings = [...]int{60, 30, 7}

// Warns returns the tightest warning that applies: 60, 30, 7 days ahead, or 0
// once the key is over; false while there is nothing to warn of.
func (a Access) Warns() (days int, ok bool) {
	if !a.Known || a.Expires == 0 {
		return 0, false
	}
	if a.DaysLeft < 0 {
		return 0, true
	}
	for _, d := range expiryWarnings {
		if a.DaysLeft <= d {
			days, ok = d, true
		}
	}
	return days, ok
}

// Access tells how this installation stands with the register of the environment in use.
func (o *Connection) Access(ctx context.Context) (Access, error) {
	c, err := o.stored(ctx)
	var none *NoCredentialError
	if errors.As(err, &none) {
		return Access{Added: o.addedHosts(o.work.Environment())}, nil
	}
	if err != nil {
		return Access{}, err
	}
	a := Access{Known: true, ClientID: c.ClientID, Entered: c.At, Expires: c.Expires, Protected: ByKeyStore}
	o.fillAddresses(&a, &c)
	switch {
	case c.Key.Locked():
		a.Protected, a.Locked = ByPassphrase, o.opened(c).Key.Locked()
	case o.work.KeyWhere() == keyInFile:
		a.Protected = ByFile
	}
	if c.Expires != 0 {
		zone := app.Belgium()
		a.DaysLeft = int(c.Expires.DateIn(zone) - o.work.Now().DateIn(zone))
	}
	return a, nil
}

// testTime is how long a connection test may take.
const testTime = 30 * time.Second

// TestConnection tries the way to the register, step by step, and registers
// nothing. What fails is in the results; an error says that no test was made.
func (o *Connection) TestConnection(ctx context.Context) ([]ciao.StepResult, error) {
	c, err := o.credential(ctx)
	failed := func(code string) []ciao.StepResult {
		return ciao.Steps(ciao.StepResult{Step: ciao.StepKey, State: ciao.StepFailed, Code: code})
	}
	switch {
	case errors.Is(err, ciao.ErrLocked):
		return failed(ciao.CodeKeyLocked), nil
	case err != nil:
		return nil, err
	case c.Expires != 0 && c.Expires < o.work.Now():
		return failed(ciao.CodeKeyExpired), nil
	}
	if o.askedToWait(ctx) > o.work.Now() { // a test is a request like any other
		results := ciao.Steps(ciao.StepResult{Step: ciao.StepKey, State: ciao.StepFine})
		results[1].State, results[1].Code = ciao.StepUnknown, "tooManyRequests"
		return results, nil
	}
	line, err := o.Session(ctx)
	if errors.Is(err, ciao.ErrKey) {
		return failed(ciao.CodeKeyBad), nil
	}
	if errors.Is(err, ciao.ErrAddress) {
		results := ciao.Steps(ciao.StepResult{Step: ciao.StepKey, State: ciao.StepFine})
		results[1].State, results[1].Code, results[1].Detail = ciao.StepFailed, ciao.CodeHost, err.Error()
		if o.work.Demo() {
			results[1].Code = ciao.CodeDemo
		}
		return results, nil
	}
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	results := line.client.Probe(ctx)
	o.noteClock(ctx, line.client.ClockCheck())
	return results, nil
}
