package office_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/app/workspace"
	"klokkast/data"
)

const passphrase app.Secret = "zeven bezems dansen"

// realOffice is one on a database that is no demo, in production.
func realOffice(t *testing.T) (*office.Office, *data.Store) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "real.db")
	store := must[*data.Store](t)(data.Open(t.Context(), path, data.Options{KeyStore: data.FileKeys(data.KeyFileOf(path))}))
	t.Cleanup(func() { store.Close() })
	now := app.At(time.Now())
	off := must[*office.Office](t)(office.New(t.Context(), office.Parts{Background: inline, Store: store, Now: func() app.Instant { return now }}))
	if err := off.ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Environment = app.Production }); err != nil {
		t.Fatal(err)
	}
	return off, store
}

// A credential whose addresses are not those of its environment is refused when
// it is entered: both ways round, and for the tokens too.
func TestACredentialIsRefusedAtAForeignAddress(t *testing.T) {
	off, store := realOffice(t)
	made := must[register.Credentials](t)(register.NewCredentials())
	for _, e := range []struct {
		env         app.Environment
		base, token string
		field       string
	}{
		{app.Production, ciao.SimulationBase, ciao.TokenURL, "base"},
		{app.Production, "https://127.0.0.1:8443/v1", ciao.TokenURL, "base"},
		{app.Production, ciao.ProductionBase, strings.Replace(ciao.TokenURL, "services", "services-sim", 1), "token"},
		{app.NSSOSimulation, ciao.ProductionBase, ciao.TokenURL, "base"},
		{app.LocalSimulator, ciao.SimulationBase, "http://127.0.0.1:1/token", "base"},
		{app.LocalSimulator, "http://127.0.0.1:1/v1", ciao.TokenURL, "token"},
	} {
		err := off.Connection.EnterCredential(
			t.Context(),
			sending.CredentialEntry{Environment: e.env, ClientID: made.ClientID, File: made.PrivateKey, Passphrase: passphrase, Base: e.base, Token: e.token},
		)
		var field *app.FieldError
		if !errors.As(err, &field) || field.Field != e.field {
			t.Errorf("%s at %s, %s: %v", e.env, e.base, e.token, err)
		}
		if _, there, _ := store.Credential(t.Context(), e.env); there {
			t.Errorf("%s at %s was kept", e.env, e.base)
		}
	}
}

// What an older version let in stops: nothing is sent, and the sentence names the door.
func TestAForeignAddressFromBeforeStopsSending(t *testing.T) {
	off, store := realOffice(t)
	ctx := t.Context()
	made := must[register.Credentials](t)(register.NewCredentials())
	c := ciao.Credential{
		Environment: app.Production,
		ClientID:    made.ClientID,
		Key:         made.PrivateKey,
		Base:        "https://new.example.be/v1",
		Token:       "https://new.example.be/token",
		At:          off.Now(),
	}
	if err := store.SaveCredential(ctx, c, app.Act{Actor: "An", At: off.Now(), What: "ciao.credential", Target: "environment:production"}); err != nil {
		t.Fatal(err)
	}
	if err := store.SetSending(ctx, true, app.Act{Actor: "An", At: off.Now(), What: "installation.sends", Target: "installation:x"}); err != nil {
		t.Fatal(err)
	}
	off = must[*office.Office](t)(office.New(ctx, office.Parts{Background: inline, Store: store, Now: off.Now}))
	var elsewhere *ciao.HostError
	if _, err := off.Register.Send(ctx, nil); !errors.As(err, &elsewhere) || elsewhere.Host != "new.example.be" {
		t.Errorf("sending: %v", err)
	}
	access := must[sending.Access](t)(off.Connection.Access(ctx))
	if access.Elsewhere == nil || access.Base != c.Base {
		t.Errorf("access %+v", access)
	}
	if steps := must[[]ciao.StepResult](t)(off.Connection.TestConnection(ctx)); steps[1].State != ciao.StepFailed || steps[1].Code != ciao.CodeHost ||
		steps[2].State != ciao.StepSkipped {
		t.Errorf("steps %+v", steps)
	}

	var field *app.FieldError
	if err := off.Connection.ChangeHosts(ctx, app.Production, []string{"new.example.be"}, nil, " "); !errors.As(err, &field) || field.Field != "why" {
		t.Errorf("without a reason: %v", err)
	}
	if err := off.Connection.ChangeHosts(ctx, app.Production, []string{"new.example.be"}, nil, "the NSSO's letter of 3 May"); err != nil {
		t.Fatal(err)
	}
	access = must[sending.Access](t)(off.Connection.Access(ctx))
	if access.Elsewhere != nil || len(access.Added) != 1 || access.Added[0].Why != "the NSSO's letter of 3 May" {
		t.Errorf("with its host added: %+v", access)
	}
	if _, err := off.Register.Send(ctx, nil); errors.As(err, &elsewhere) {
		t.Errorf("still: %v", err)
	}
	trail := must[[]app.TrailEntry](t)(store.Trail(ctx, "", 0))
	if !slices.ContainsFunc(trail, func(e app.TrailEntry) bool { return strings.Contains(e.Payload, "the NSSO's letter of 3 May") }) {
		t.Error("the trail tells nothing of it")
	}
	if err := off.Connection.ChangeHosts(ctx, app.Production, nil, []string{"new.example.be"}, "it moved back"); err != nil {
		t.Fatal(err)
	}
	if _, err := off.Register.Send(ctx, nil); !errors.As(err, &elsewhere) {
		t.Errorf("with its host taken away: %v", err)
	}
}

// A demo at a foreign address says in one sentence that a demo never leaves the computer: when a credential is entered,
// also one of another environment, and where one from before lies there.
func TestADemoNeverLeavesTheComputer(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	made := must[register.Credentials](t)(register.NewCredentials())
	for _, e := range []struct {
		env         app.Environment
		base, token string
	}{
		{app.LocalSimulator, ciao.SimulationBase, "http://127.0.0.1:1/token"},
		{app.Production, ciao.ProductionBase, ciao.TokenURL},
		{app.NSSOSimulation, ciao.SimulationBase, ciao.TokenURL},
	} {
		err := b.Connection.EnterCredential(ctx, sending.CredentialEntry{Environment: e.env, ClientID: made.ClientID, File: made.PrivateKey, Passphrase: passphrase, Base: e.base, Token: e.token})
		var field *app.FieldError
		if !errors.As(err, &field) || field.Field != "base" || field.Code != "address.demo" {
			t.Errorf("%s at %s: %v", e.env, e.base, err)
		}
	}
	c := ciao.Credential{Environment: app.LocalSimulator, ClientID: made.ClientID, Key: made.PrivateKey, Base: ciao.SimulationBase, Token: ciao.TokenURL, At: b.now}
	if err := b.store.SaveCredential(ctx, c, app.Act{Actor: "An", At: b.now, What: "ciao.credential", Target: "environment:local-simulator"}); err != nil {
		t.Fatal(err)
	}
	var elsewhere *ciao.HostError
	if _, err := b.Register.Send(ctx, nil); !errors.As(err, &elsewhere) || !elsewhere.Demo || elsewhere.Host != ciao.SimulationHost {
		t.Errorf("sending: %v", err)
	}
	if access := must[sending.Access](t)(b.Connection.Access(ctx)); !errors.As(access.Elsewhere, &elsewhere) || !elsewhere.Demo {
		t.Errorf("access %+v", access)
	}
	if steps := must[[]ciao.StepResult](t)(b.Connection.TestConnection(ctx)); steps[1].State != ciao.StepFailed || steps[1].Code != ciao.CodeDemo {
		t.Errorf("steps %+v", steps)
	}
}
