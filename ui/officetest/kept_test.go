package officetest_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/data"
	"klokkast/ui/officetest"
)

// kept is a company of which each run of the program keeps what it derived.
type kept struct {
	*officetest.Company
	t    *testing.T
	path string // of what is kept
}

func newKept(t *testing.T) *kept {
	t.Helper()
	c := officetest.New(t)
	k := &kept{Company: c, t: t, path: data.KeptFileOf(c.Store.Path())}
	k.Now = k.At("2026-11-02 06:00")
	for _, day := range []string{"2026-11-02", "2026-11-03", "2026-11-04", "2026-11-09", "2026-11-16"} {
		k.Now = k.At(day + " 18:00")
		k.Read(officetest.In(day+" 06:00"), officetest.Out(day+" 11:00"), officetest.Tap{Card: "04BADBAD", At: day + " 12:00"},
			officetest.In(day+" 13:00"), officetest.Out(day+" 17:30"))
	}
	return k
}

// answers is all that a run says, as JSON: one that keeps what it derived, or one that does not.
func (k *kept) answers(keeps bool) string {
	k.t.Helper()
	ctx := context.Background()
	o := k.Open()
	if keeps {
		o.Derived.KeepFrom(0)
	} else {
		o.Derived.KeepFrom(1 << 30)
	}
	defer o.Derived.Close(ctx)
	return asked(k.t, o)
}

func asked(t *testing.T, o *office.Office) string {
	t.Helper()
	ctx := context.Background()
	p := officetest.Must(o.Derived.Snapshot(ctx))(t)
	said := []any{
		officetest.Must(o.Today(ctx))(t),
		officetest.Must(o.Derived.AnomalyDetails(ctx, derived.AnomalyFilter{}))(t),
		officetest.Must(o.Derived.PunchRows(ctx, derived.PunchFilter{}))(t),
		p.Presences(app.Days{}, ""), p.Workdays(app.Days{}, ""), p.Shares(app.Days{}, ""), p.Open(), p.Older(), p.Segments(), p.Clock(), p.Facts.Readings, p.Facts.Fills,
		p.Register.Held(), p.CountOpen(), p.OpenPerWorker(), p.OpenPerSite(),
	}
	b, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// same holds what a run says that goes on from what was kept to one that derives everything.
func (k *kept) same(when string) {
	k.t.Helper()
	k.answers(true) // which goes on, and keeps
	if _, err := os.Stat(k.path); err != nil {
		k.t.Fatalf("%s: nothing is kept: %v", when, err)
	}
	got := k.answers(true)
	k.do(os.Remove(k.path))
	want := k.answers(false)
	if got != want {
		at := 0
		for at < len(got) && at < len(want) && got[at] == want[at] {
			at++
		}
		k.t.Fatalf("%s, going on from what was kept, from byte %d:\n…%s\nwant:\n…%s", when, at, got[max(0, at-200):min(len(got), at+300)], want[max(0, at-200):min(len(want), at+300)])
	}
	k.answers(true)
}

func (k *kept) do(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

// Whatever happens from one run to the next, a run that goes on from what was kept says what one says that derives everything.
func TestWhatWasKeptSaysWhatDerivingSays(t *testing.T) {
	k := newKept(t)
	ctx := t.Context()
	k.same("at first")
	k.Now = k.Now.Add(20 * time.Hour)
	k.same("a day later")
	k.Read(officetest.In("2026-11-05 06:00"), officetest.Tap{Card: "04BADBAD", At: "2026-11-05 07:00"})
	k.same("after a late reading")
	k.Read(officetest.In("2026-11-17 06:00"))
	k.same("with somebody at work")
	k.Now = k.Now.Add(9 * 24 * time.Hour)
	k.same("nine days later")
	k.Read()
	k.same("after a reading of nothing new")
	o := k.Office()
	k.do(o.Judgements.Explain(ctx, []app.AnomalyKey{k.list("")[0].Key()}, "agreed", "called"))
	k.same("after an explanation")
	k.do(o.Staff.GiveBadge(ctx, acts.GiveBadge{Key: app.IdentifierKey{Kind: app.Card, Value: "04BADBAD"}, EngagementID: k.OfBart.ID,
		Span: app.Span{From: k.At("2026-11-03 00:00")}}, officetest.Why))
	k.same("after a badge that was given with a past date")
	k.Lost(3)
	k.Read(officetest.In("2026-11-18 06:00"), officetest.Out("2026-11-18 12:00"))
	k.same("over a gap")
	k.Read(officetest.In("2000-01-01 00:10"), officetest.Out("2000-01-01 08:10"))
	k.same("after a clock that was lost")
	k.AllowPhones()
	k.Phoned(77, "2026-11-19 06:00", app.RegisterIn)
	k.same("with somebody who registered by phone")
	k.do(o.Sites.ChangeThresholds(ctx, derived.ThresholdOwner{}, app.Thresholds{attendance.DayLimitAfter: (6 * time.Hour).Milliseconds()}, nil, officetest.Why))
	k.same("with another rule")
}

// What is kept is of no use where it is not what this program wrote of this company: nobody notices.
func TestWhatIsNotAsItWasKeptCountsForNothing(t *testing.T) {
	k := newKept(t)
	k.answers(true)
	whole := officetest.Must(os.ReadFile(k.path))(t)
	want := k.answers(false)
	for _, mode := range []struct {
		what string
		file func() []byte
	}{
		{"empty", func() []byte { return nil }},
		{"cut off", func() []byte { return whole[:len(whole)/2] }},
		{"cut off by a byte", func() []byte { return whole[:len(whole)-1] }},
		{"longer", func() []byte { return append(append([]byte{}, whole...), 0) }},
		{"of another company", func() []byte {
			other := newKept(t)
			other.answers(true)
			return officetest.Must(os.ReadFile(other.path))(t)
		}},
	} {
		k.do(os.WriteFile(k.path, mode.file(), 0o600))
		if got := k.answers(true); got != want {
			t.Errorf("%s: the answers are others", mode.what)
		}
	}
	for at := 0; at < len(whole); at += 1 + len(whole)/300 {
		flipped := append([]byte{}, whole...)
		flipped[at] ^= 1 << (at % 8)
		k.do(os.WriteFile(k.path, flipped, 0o600))
		if s := k.Store.Kept(); s != nil {
			t.Errorf("a bit of byte %d is another, and it is opened", at)
			k.do(s.Close())
		}
	}
	k.do(os.WriteFile(k.path, whole, 0o600))
	info := officetest.Must(os.Stat(k.path))(t)
	if s := k.Store.Kept(); s == nil || info.Mode().Perm() != 0o600 {
		t.Errorf("as it was kept: %v, %v", s, info.Mode())
	}
}

func (k *kept) list(rule app.Rule) []derived.FoundAnomaly {
	k.t.Helper()
	return officetest.Must(k.Office().Derived.Anomalies(context.Background(), derived.AnomalyFilter{Rule: rule}))(k.t)
}
