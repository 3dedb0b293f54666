package main

import (
	"path/filepath"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/identity"
	"klokkast/app/store"
	"klokkast/data"
	"klokkast/devices/ocb"
)

func small(t *testing.T, seed uint64) (options, *data.Store) {
	t.Helper()
	o := options{Dir: filepath.Join(t.TempDir(), "company"), Punches: 2000, Months: 4, Seed: seed, Faults: usualFaults()}
	o.Faults.all = 20
	if err := o.complete("2026-12-01"); err != nil {
		t.Fatal(err)
	}
	if _, err := write(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.Dir, databaseName)
	s, err := data.Open(t.Context(), path, data.Options{Demo: true, KeyStore: data.FileKeys(data.KeyFileOf(path)), Decode: decode})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return o, s
}

func decode(log app.LogKey, raw []byte) (app.Record, error) {
	r, err := ocb.ParseRecord(raw)
	if err != nil {
		return app.Record{}, err
	}
	return r.App(log, log.Box), nil
}

// kept gathers what a store holds: its punches, in no order but that of their logs.
type kept struct{ punches []app.Punch }

func (k *kept) Punch(p *app.Punch)    { k.punches = append(k.punches, *p) }
func (k *kept) Event(e *app.BoxEvent) {}
func (k *kept) Whole()                {}

func punchesOf(t *testing.T, s *data.Store) map[app.LogKey][]app.Punch {
	t.Helper()
	sinks := map[app.LogKey]*kept{}
	boxes, err := s.Fetched(t.Context(), store.Since{}, func(k app.LogKey) store.RecordSink {
		sinks[k] = &kept{}
		return sinks[k]
	})
	if err != nil || len(boxes.Readings) == 0 {
		t.Fatal(len(boxes.Readings), err)
	}
	out := map[app.LogKey][]app.Punch{}
	for k, sink := range sinks {
		out[k] = sink.punches
	}
	return out
}

func TestACompanyHoldsTogether(t *testing.T) {
	t.Parallel()
	o, s := small(t, 1)
	found, err := s.Verify(t.Context(), nil)
	if err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	n := 0
	for _, list := range punchesOf(t, s) {
		n += len(list)
	}
	if n != o.Punches {
		t.Errorf("%d punches, want %d", n, o.Punches)
	}
	if gaps, err := s.Gaps(t.Context()); err != nil || len(gaps) == 0 {
		t.Error("no box lost records", err)
	}
	sum, err := s.RegistrationSummary(t.Context(), environment)
	if err != nil || sum.States[app.RegAccepted] < o.Punches/2 || sum.States[app.RegRefused] == 0 {
		t.Error(sum.States, err)
	}
}

func TestTheSameSeedMakesTheSameCompany(t *testing.T) {
	t.Parallel()
	_, one := small(t, 7)
	_, same := small(t, 7)
	_, other := small(t, 8)
	a, b, c := content(t, one), content(t, same), content(t, other)
	if a != b {
		t.Error("the same seed makes another company")
	}
	if a == c {
		t.Error("another seed makes the same company")
	}
}

// content words what is in a store, but for what is random by its nature: installation, nonces, salts.
func content(t *testing.T, s *data.Store) string {
	t.Helper()
	var b strings.Builder
	regs, err := s.Registrations(t.Context(), ciao.RegistrationFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range regs {
		b.WriteString(string(r.ID) + " " + r.Punch.String() + " " + string(r.Type) + " " + r.SSIN.Reveal() + "\n")
	}
	workers, err := s.Workers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range workers {
		b.WriteString(string(w.ID) + " " + w.StaffNumber + " " + w.SSIN.Reveal() + "\n")
	}
	return b.String()
}

func TestMadeUpNumbersAreValid(t *testing.T) {
	t.Parallel()
	seen := map[app.Secret]bool{}
	for i := range 30_000 {
		n := madeUpSSIN(i)
		if _, err := identity.ParseSSIN(n.Reveal()); err != nil || seen[n] {
			t.Fatalf("number %d is not valid, or twice there: %v", i, err)
		}
		seen[n] = true
	}
	for i := range 100_000 {
		if got, err := identity.ParseDeclaration(declarationNumber(i)); err != nil || got != declarationNumber(i) {
			t.Fatalf("declaration %d: %v", i, err)
		}
	}
}
