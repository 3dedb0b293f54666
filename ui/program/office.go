package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/adrg/xdg"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/documents"
	"klokkast/app/office"
	outputs "klokkast/app/output" // the tests have a function of the short name
	"klokkast/app/sending"
	"klokkast/app/timesheet/paper"
	"klokkast/app/workspace"
	"klokkast/assets"
	"klokkast/data"
	"klokkast/devices"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/printer"
	"klokkast/ui/cli"
	"klokkast/ui/demo"
)

// patience is how long one send of a command or a click may sleep for the
// register's waits and for look-ups; towards the simulator it is enough for all of them.
const (
	patience          = 5 * time.Second
	simulatorPatience = time.Minute
)

// simulatorExchange is how the simulated register is talked to: with waits of
// a second where those towards the NSSO last minutes.
func simulatorExchange(c *ciao.Credential) sending.Exchange {
	t := ciao.DefaultTiming()
	t.Request, t.LookUpAfter, t.LookUpApart = 5*time.Second, time.Second, time.Second
	t.BackoffMin, t.BackoffMax = 200*time.Millisecond, 5*time.Second
	return sending.Exchange{Credential: c, Timing: t, Patience: simulatorPatience}
}

// place says where an office works.
type place struct {
	database string
	demo     bool
	check    bool        // look for damage first, as the window does
	clock    *demo.Clock // nil: the computer's
	boxes    string      // folder of simulated boxes within reach; "": none
	exchange sending.Exchange
}

// ownDatabase is the file in the user's data folder.
func ownDatabase() (string, error) {
	if home, err := os.UserHomeDir(); os.Getenv("XDG_DATA_HOME") == "" {
		if err == nil {
			_, err = os.Stat(home)
		}
		if err != nil { // it would be made where nobody looks for it
			return "", &noHomeError{err}
		}
	}
	return filepath.Join(xdg.DataHome, "klokkast", "klokkast.db"), nil
}

// noHomeError says that there is no place for the user's own database.
type noHomeError struct{ err error }

func (e *noHomeError) Error() string { return "find the home folder: " + e.err.Error() }
func (e *noHomeError) Unwrap() error { return e.err }

// TextKey words it for people.
func (e *noHomeError) TextKey() (string, map[string]any) { return "error.noHome", nil }

// pairingFolder is where the keys of paired boxes are, beside the database.
func pairingFolder(database string) string { return filepath.Join(filepath.Dir(database), "pairing") }

// witnessFolder remembers what was last sent from each database.
func witnessFolder() string { return filepath.Join(xdg.StateHome, "klokkast") }

// owned is what the program lives on while it works on a database, so that no output takes its place.
func owned(at place) outputs.Own {
	own := outputs.Own{Folders: []string{witnessFolder()}}
	mine, _ := ownDatabase() // where there is no place for one, there is none
	for _, database := range []string{mine, at.database} {
		if database != "" {
			own.Databases = append(own.Databases, database)
			own.Folders = append(own.Folders, pairingFolder(database))
		}
	}
	if at.boxes != "" {
		own.Folders = append(own.Folders, at.boxes)
	}
	return own
}

// open opens the office on a database, as the commands and the window ask for it.
func (p *program) open(ctx context.Context, o cli.OpenOptions) (*office.Office, io.Closer, error) {
	if p.wrong != nil {
		return nil, nil, p.wrong
	}
	at := place{database: o.DB, check: o.Check}
	var err error
	if at.database == "" {
		if at.database, err = ownDatabase(); err != nil {
			return nil, nil, err
		}
	}
	if _, missing := os.Stat(at.database); os.IsNotExist(missing) {
		switch {
		case o.Existing:
			return nil, nil, fmt.Errorf("open the database: %w", missing)
		case o.Look:
			return p.lookOnly(ctx, at, o)
		}
	}
	// A demo's folder keeps its own time and its simulated boxes.
	if dir := filepath.Dir(at.database); demo.IsDatabase(at.database) {
		if at.clock, err = demo.ClockOf(dir); err != nil {
			return nil, nil, err
		}
		at.demo, at.boxes = true, filepath.Join(dir, "boxes")
	}
	at.exchange.Patience = patience
	if o.RegisterBase != "" {
		credential, err := simulatedCredential(ctx, o.RegisterBase, o.RegisterToken, at.clock)
		if err != nil {
			return nil, nil, err
		}
		at.exchange = simulatorExchange(credential)
	}
	off, closer, err := p.put(ctx, at)
	if err != nil {
		return nil, nil, err
	}
	off.Override(workspace.Override{Actor: o.Actor, Language: o.Language, Simulator: at.exchange.Credential != nil})
	return off, closer, nil
}

// lookOnly opens an office on a database that is gone when it is closed, with its key.
func (p *program) lookOnly(ctx context.Context, at place, o cli.OpenOptions) (*office.Office, io.Closer, error) {
	dir, err := os.MkdirTemp("", "klokkast-look-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a folder to look in: %w", err)
	}
	at.database = filepath.Join(dir, "klokkast.db")
	store, err := data.Open(ctx, at.database, data.Options{Decode: decode, KeyStore: data.FileKeys(data.KeyFileOf(at.database)), Witness: dir, Machine: p.machine})
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	off, err := p.putOn(ctx, store, at)
	if err != nil {
		return nil, nil, errors.Join(err, store.Close(), os.RemoveAll(dir))
	}
	off.Override(workspace.Override{Actor: o.Actor, Language: o.Language})
	return off, &looked{opened{off, store}, dir}, nil
}

// looked closes an office and takes its database away.
type looked struct {
	opened
	dir string
}

// Close implements io.Closer.
func (l *looked) Close() error { return errors.Join(l.opened.Close(), os.RemoveAll(l.dir)) }

// put puts an office together.
func (p *program) put(ctx context.Context, at place) (*office.Office, io.Closer, error) {
	store, err := data.Open(ctx, at.database, data.Options{Demo: at.demo, Decode: decode, Witness: witnessFolder(), Machine: p.machine, Check: at.check})
	if err != nil {
		return nil, nil, err
	}
	off, err := p.putOn(ctx, store, at)
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return off, &opened{off, store}, nil
}

// opened closes an office and its store.
type opened struct {
	office *office.Office
	store  *data.Store
}

// noteTime is how long the end of the program waits for what was found to be noted.
const noteTime = time.Minute

// Close implements io.Closer.
func (o *opened) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), noteTime)
	defer cancel()
	o.office.Derived.Close(ctx)
	return o.store.Close()
}

func (p *program) putOn(ctx context.Context, store *data.Store, at place) (*office.Office, error) {
	installation, err := store.Installation(ctx)
	if err != nil {
		return nil, err
	}
	fonts, err := paper.LoadFonts(assets.PaperFonts())
	if err != nil {
		return nil, err
	}
	now := func() app.Instant { return app.At(time.Now()) }
	boxes := &devices.Finder{Installation: installation.ID, Keys: host.Folder(pairingFolder(at.database)), USB: p.usb, Shelf: at.boxes}
	if at.clock != nil {
		now, boxes.Now = at.clock.Now, at.clock.Wall
		at.exchange.Clock = at.clock
	}
	return office.New(ctx, office.Parts{
		Store: store, Now: now, Finder: boxes, Exchange: at.exchange,
		Typesetting: documents.Typesetting{
			Texts: func(l app.Language) app.Texts { return p.texts.For(l) }, Fonts: fonts, Program: "Klokkast " + version,
		},
		Printing: printer.System{}, Own: owned(at),
	})
}

// decode reads a raw record again, so that verify can compare.
func decode(log app.LogKey, raw []byte) (app.Record, error) {
	r, err := ocb.ParseRecord(raw)
	if err != nil {
		return app.Record{}, err
	}
	return r.App(log, log.Box), nil
}

// NotSimulatorError says that at an address given for one run no simulated
// register of this computer answers.
type NotSimulatorError struct {
	Address string
	Cause   error // nil where the address itself is refused
}

// Error names the address and the cause.
func (e *NotSimulatorError) Error() string {
	if e.Cause == nil {
		return "no simulated register: " + e.Address
	}
	return "no simulated register: " + e.Address + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *NotSimulatorError) Unwrap() error { return e.Cause }

// TextKey words it for people.
func (e *NotSimulatorError) TextKey() (string, map[string]any) {
	return "error.notSimulator", map[string]any{"Address": e.Address}
}

// simulatedCredential asks a simulated register on this computer for the
// credential of its client, and tells it the time of a demo. Addresses
// elsewhere are refused: those of the NSSO belong to a credential that was
// entered once.
func simulatedCredential(ctx context.Context, base, token string, clock *demo.Clock) (*ciao.Credential, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" {
		return nil, &NotSimulatorError{Address: base}
	}
	root := u.Scheme + "://" + u.Host
	if token == "" {
		token = root + register.TokenPath
	}
	errBase, errToken := ciao.CheckAddresses(app.LocalSimulator, base, token, nil)
	switch {
	case errBase != nil:
		return nil, &NotSimulatorError{Address: base}
	case errToken != nil:
		return nil, &NotSimulatorError{Address: token}
	}
	var c struct{ ClientID, PrivateKey string }
	if err := askSimulator(ctx, http.MethodGet, root+register.AdminPath+"client", &c); err != nil {
		return nil, &NotSimulatorError{base, err}
	}
	if clock != nil {
		now := url.Values{"now": {clock.Wall().Format(time.RFC3339)}}
		if err := askSimulator(ctx, http.MethodPost, root+register.AdminPath+"clock?"+now.Encode(), nil); err != nil {
			return nil, &NotSimulatorError{base, err}
		}
	}
	return &ciao.Credential{Environment: app.LocalSimulator, ClientID: c.ClientID, Key: ciao.PrivateKey(c.PrivateKey), Base: base, Token: token}, nil
}

// askSimulator makes one request to a simulated register's own addresses.
func askSimulator(ctx context.Context, method, address string, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return err
	}
	res, err := ciao.LoopbackClient(10 * time.Second).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		return fmt.Errorf("the simulated register answers %d", res.StatusCode)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(answer)
}
