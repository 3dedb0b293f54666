package data_test

import (
	"slices"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
)

// The box that stands for a site's phones is none of the clock boxes.
func TestPhonesAreNoClockBox(t *testing.T) {
	w := newPhones(t, 1)
	before, err := w.store.Counts(t.Context())
	w.must(err)
	w.boxRead()
	w.show(w.phoned(900, madeUpSSIN(0), time.Hour, app.RegisterIn))
	w.is(900, app.EntryRegistered, "")
	boxes, err := w.store.Boxes(t.Context())
	w.must(err)
	if slices.ContainsFunc(boxes, func(b app.Box) bool { return b.Make == app.MakeRegister }) {
		t.Errorf("%+v", boxes)
	}
	if after, err := w.store.Counts(t.Context()); err != nil || after.Boxes != before.Boxes {
		t.Errorf("%d boxes, were %d: %v", after.Boxes, before.Boxes, err)
	}
}

func TestUpToWhenAListShowsWhoRegisteredByPhone(t *testing.T) {
	w := newPhones(t, 1)
	site := w.facts.Sites[0]
	listed := func() ciao.Phones {
		t.Helper()
		phones, err := w.store.PhonesListed(t.Context(), app.LocalSimulator)
		w.must(err)
		return phones
	}
	shown := func(by app.ReadingSource, to app.Instant) {
		t.Helper()
		_, err := w.store.KeepEntries(t.Context(), ciao.Showing{Environment: app.LocalSimulator, Source: by, At: w.time.Now(), ReadTo: map[app.ID]app.Instant{site.ID: to}})
		w.must(err)
	}
	if p := listed(); len(p) != 0 {
		t.Errorf("nobody may register by phone: %v", p)
	}
	site.Phones = true
	w.must(w.store.SaveSite(t.Context(), site, act("site.save")))
	shown(app.FromRegister, w.time.Now())
	if p := listed(); len(p) != 1 || p[site.ID] != 0 {
		t.Errorf("a look-up is no list: %v", p)
	}
	shown(app.FromList, w.time.Now().Add(-time.Hour))
	if p := listed(); p[site.ID] != w.time.Now().Add(-time.Hour) {
		t.Errorf("%v", p)
	}
	shown(app.FromList, w.time.Now().Add(time.Hour))
	if p := listed(); p[site.ID] != w.time.Now() {
		t.Errorf("no list knows what comes after it: %v", p)
	}
	if p, err := w.store.PhonesListed(t.Context(), app.Production); err != nil || p[site.ID] != 0 {
		t.Errorf("another register's list: %v %v", p, err)
	}
}
