package data_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/reading"
	"klokkast/data"
)

// storm is every fault that the simulated register can play, by chance, at
// each operation; those that stop sending until a person acts are left out.
func storm(chance float64) []register.Fault {
	var out []register.Fault
	for _, operation := range []string{"register", "query", "token", "one"} {
		for _, kind := range []register.Kind{
			register.Delay, register.ErrorBefore, register.ErrorAfter, register.DropBefore, register.DropAfter, register.HangBefore, register.HangAfter,
			register.SlowBytes, register.CutShort, register.Malformed, register.WrongCount, register.HTMLPage, register.Created,
			register.TooMany, register.TooManyDate, register.TooManyBare, register.Unavailable, register.UnavailableBare,
		} {
			seconds := 0.02
			switch kind {
			case register.SlowBytes:
				seconds = 2 // longer than the limit of a request
			case register.TooMany, register.TooManyDate, register.Unavailable:
				seconds = 1
			}
			out = append(out, register.Fault{Kind: kind, Operation: operation, Chance: chance, Seconds: seconds})
		}
	}
	return append(
		out,
		register.Fault{Kind: register.ErrorBefore, Status: 502, Chance: chance},
		register.Fault{Kind: register.ErrorAfter, Status: 504, Chance: chance},
		register.Fault{Kind: register.Exists, Chance: chance},
		register.Fault{Kind: register.ExpiredToken, Chance: chance / 4},
	)
}

// month queues so many punches of so many people, and gives how many.
func (w *world) month(people, punches int) int {
	w.t.Helper()
	batch := reading.Batch{ReadingID: w.reading, Log: w.log}
	for n := range punches {
		w.seq++
		p := app.Punch{Key: app.RecordKey{LogKey: w.log, Seq: w.seq}, At: w.time.Now().Add(-time.Hour - time.Duration(punches-n)*time.Minute),
			Pressed: app.KeyIn + app.PunchKey(n/people%2), Identifier: app.IdentifierKey{Kind: app.Card, Value: "04"}}
		raw := make([]byte, 32)
		raw[0], raw[1], raw[2] = byte(w.seq), byte(w.seq>>8), byte(app.RecordPunch)
		batch.Records = append(batch.Records, app.Record{Key: p.Key, Type: app.RecordPunch, Raw: raw, Punch: &p})
		e := w.facts.Engagements[n%people]
		role := map[app.PunchKey]app.TapRole{app.KeyIn: app.TapIn, app.KeyOut: app.TapOut}[p.Pressed]
		w.facts.Taps = append(
			w.facts.Taps,
			app.Tap{Punch: p, At: p.At, OffsetKnown: true, Role: role, WorkerID: e.WorkerID, EngagementID: e.ID, SiteID: w.facts.Sites[0].ID},
		)
	}
	batch.End.Seq = w.seq
	_, err := w.store.StoreBatch(w.t.Context(), batch)
	w.must(err)
	return w.enqueue()
}

// TestStormProcess is no test of its own: it is the client that TestTheStorm starts and kills.
func TestStormProcess(t *testing.T) {
	path := os.Getenv("KLOKKAST_STORM_DB")
	if path == "" {
		t.Skip("started by TestTheStorm")
	}
	key, err := os.ReadFile(os.Getenv("KLOKKAST_SENDER_KEY"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := data.Open(t.Context(), path, data.Options{KeyStore: data.FileKeys(data.KeyFileOf(path))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	base, timing := os.Getenv("KLOKKAST_SENDER_URL"), hasty()
	timing.Request = 900 * time.Millisecond // a busy machine answers 200 items within it, most of the time
	timing.ProofFor = time.Minute           // faults last up to 2 s here: three in a row are no search that fails
	client, err := ciao.NewClient(ciao.Credential{Environment: app.LocalSimulator, ClientID: os.Getenv("KLOKKAST_SENDER_ID"), Key: key,
		Base: base + register.BasePath, Token: base + register.TokenPath}, ciao.ClientOptions{Timing: timing})
	if err != nil {
		t.Fatal(err)
	}
	sender, err := ciao.NewSender(s, client, ciao.SenderOptions{Timing: timing, Batch: 50}) // many requests: many faults
	if err != nil {
		t.Fatal(err)
	}
	report, err := sender.Send(t.Context(), ciao.SendOptions{Patience: 10 * time.Minute})
	if err != nil || report.Stopped != "" {
		fmt.Fprintf(os.Stderr, "%v, report %+v\n", err, report)
		t.FailNow()
	}
}

// TestTheStorm: punches through every fault at once, two clients racing, each
// killed at any moment, over and over. At the end the register holds exactly
// the right set, each once, and the outbox knows it. KLOKKAST_LONG makes it
// 20,000 punches and 30 kills.
func TestTheStorm(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds; runs without the race detector")
	}
	people, punches, kills := 60, 1200, 4
	if os.Getenv("KLOKKAST_LONG") != "" {
		people, punches, kills = 200, 20_000, 30
	}
	w := newWorld(t, people)
	w.time.now, w.time.runs = app.At(time.Now()), true
	queued := w.month(people, punches)
	if queued != punches {
		t.Fatalf("queued %d of %d", queued, punches)
	}
	w.register.Add(storm(0.012)...)
	c, err := credentials()
	w.must(err)
	keyFile := filepath.Join(t.TempDir(), "key.pem")
	w.must(os.WriteFile(keyFile, c.PrivateKey, 0o600))
	start := func(ctx context.Context) *exec.Cmd {
		p := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestStormProcess$")
		p.Env = append(
			os.Environ(),
			"KLOKKAST_STORM_DB="+w.path,
			"KLOKKAST_SENDER_KEY="+keyFile,
			"KLOKKAST_SENDER_ID="+c.ClientID,
			"KLOKKAST_SENDER_URL="+w.server.URL,
		)
		p.Stderr = os.Stderr
		w.must(p.Start())
		return p
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range kills {
		first, second := start(t.Context()), start(t.Context())
		time.Sleep(300*time.Millisecond + time.Duration(random.IntN(2000))*time.Millisecond)
		w.must(first.Process.Kill())
		time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond)
		w.must(second.Process.Kill())
		first.Wait()  //nolint:errcheck // it was killed
		second.Wait() //nolint:errcheck // it was killed
	}
	t.Logf("after %d kills the register holds %d of %d", 2*kills, w.register.Stats().Stored, queued)
	first, second := start(t.Context()), start(t.Context()) // in the storm still
	if err := first.Wait(); err != nil {
		t.Errorf("the first: %v", err)
	}
	if err := second.Wait(); err != nil {
		t.Errorf("the second: %v", err)
	}
	t.Logf("faults that struck: %v", w.register.Stats().Faults)
	if left := w.registrations(app.RegQueued, app.RegSending, app.RegUnknown); len(left) > 0 { // what the last one's patience did not reach
		w.register.Clear()
		if err := start(t.Context()).Wait(); err != nil {
			t.Error(err)
		}
	}
	w.exactlyOnce(queued)
	if findings, err := w.store.Findings(t.Context(), app.LocalSimulator, true); err != nil || len(findings) > 0 {
		t.Errorf("findings %s, %v", fmt.Sprint(findings), err)
	}
}
