package attendance

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
)

// acts writes what each tap of a story turned out to be: "08:00 in", "08:07 same-act" and, of
// a tap at a box that is one act with a registration, whether it is.
func (r *told) acts() string {
	var list []string
	for i := range r.Taps {
		t := &r.Taps[i]
		text := r.clock(t.At) + " " + string(t.Role)
		if t.Entry != (app.RecordKey{}) {
			text += " by phone"
		}
		list = append(list, text)
	}
	return strings.Join(list, " · ")
}

// Sequences of taps at a box and by phone. A capital word is a registration by phone.
func TestOneActTwoTaps(t *testing.T) {
	for _, c := range []struct{ name, story, days, acts string }{
		{"by badge in the morning, by phone in the evening", "tap 08:00 · OUT 12:00",
			"2026-11-23 4:00 A 08:00–12:00", "08:00 in · 12:00 out"},
		{"by phone alone", "IN 08:00 · OUT 12:00",
			"2026-11-23 4:00 A 08:00–12:00", "08:00 in · 12:00 out"},
		{"phone, then badge without a key: one IN", "IN 08:00 · tap 08:07 · tap 12:00",
			"2026-11-23 4:00 A 08:00–12:00", "08:00 in · 08:07 same-act by phone · 12:00 out"},
		{"badge, then phone: the earlier IN", "in 07:58 · IN 08:05 · out 12:00",
			"2026-11-23 4:02 A 07:58–12:00", "07:58 in by phone · 08:05 same-act · 12:00 out"},
		{"phone, then badge: the later OUT", "in 08:00 · OUT 12:00 · out 12:04",
			"2026-11-23 4:04 A 08:00–12:04", "08:00 in · 12:00 same-act · 12:04 out by phone"},
		{"badge, then phone: the later OUT is the phone's", "in 08:00 · tap 12:00 · OUT 12:04",
			"2026-11-23 4:04 A 08:00–12:04", "08:00 in · 12:00 same-act by phone · 12:04 out"},
		{"a quarter of an hour is one act", "IN 08:00 · tap 08:15 · out 12:00",
			"2026-11-23 4:00 A 08:00–12:00", "08:00 in · 08:15 same-act by phone · 12:00 out"},
		{"a second more is two", "IN 08:00 · tap 08:15:01 · IN 09:00 · OUT 12:00",
			"2026-11-23 3:15:01 A 08:00–08:15:01 A 09:00–12:00", "08:00 in · 08:15:01 out · 09:00 in · 12:00 out"},
		{"keys that differ are two acts", "IN 08:00 · out 08:10",
			"2026-11-23 0:10 A 08:00–08:10", "08:00 in · 08:10 out"},
		{"three taps are one act", "IN 08:00 · tap 08:03 · tap 08:09 · out 12:00",
			"2026-11-23 4:00 A 08:00–12:00", "08:00 in · 08:03 same-act by phone · 08:09 same-act by phone · 12:00 out"},
		{"double taps at the box beside it", "tap 07:58 · tap 07:59 · IN 08:05 · out 12:00",
			"2026-11-23 4:02 A 07:58–12:00", "07:58 in by phone · 07:59 duplicate · 08:05 same-act · 12:00 out"},
		{"double taps at the box before a later OUT by phone", "in 08:00 · tap 11:58 · tap 11:59 · OUT 12:05",
			"2026-11-23 4:05 A 08:00–12:05", "08:00 in · 11:58 same-act by phone · 11:59 duplicate · 12:05 out"},
		{"twice by phone is a double tap", "IN 08:00 · IN 08:01 · OUT 12:00",
			"2026-11-23 4:00 A 08:00–12:00", "08:00 in · 08:01 duplicate · 12:00 out"},
		{"twice by phone, and a badge between", "IN 08:00 · tap 08:04 · IN 08:10 · OUT 12:00",
			"2026-11-23 4:00 A 08:00–12:00", "08:00 in · 08:04 same-act by phone · 08:10 no-effect · 12:00 out"},
		{"a badge between two taps by phone belongs to the nearer", "IN 08:00 · tap 08:14 · OUT 08:20",
			"2026-11-23 0:20 A 08:00–08:20", "08:00 in · 08:14 same-act by phone · 08:20 out"},
		{"and then its time counts", "IN 08:00 · OUT 10:00 · tap 10:12 · IN 10:20 · OUT 12:00",
			"2026-11-23 3:48 A 08:00–10:00 A 10:12–12:00", "08:00 in · 10:00 out · 10:12 in by phone · 10:20 same-act · 12:00 out"},
		{"of two as near to the earlier", "IN 08:00 · tap 08:10 · OUT 08:20",
			"2026-11-23 0:20 A 08:00–08:20", "08:00 in · 08:10 same-act by phone · 08:20 out"},
		{"out for a break by phone, back by badge", "IN 08:00 · OUT 10:00 · tap 10:20 · tap 12:00",
			"2026-11-23 3:40 A 08:00–10:00 A 10:20–12:00", "08:00 in · 10:00 out · 10:20 in · 12:00 out"},
		{"a break key and an OUT by phone: the register's direction", "in 08:00 · break 10:00 · OUT 10:01 · back 10:20 · out 12:00",
			"2026-11-23 3:41 A 08:00–10:01 A 10:20–12:00", "08:00 in · 10:00 same-act by phone · 10:01 out · 10:20 in · 12:00 out"},
		{"a wrong key between them makes two acts", "IN 07:55 · out 07:58 · in 07:58:30 · out 12:00",
			"2026-11-23 4:04:30 A 07:55–07:58 A 07:58:30–12:00", "07:55 in · 07:58 out · 07:58:30 in · 12:00 out"},
		{"over midnight", "tap 20:00 · OUT 23:55 · tap 00:03+1",
			"2026-11-23 4:03 A 20:00–00:03", "20:00 in · 23:55 same-act · 00:03 out by phone"},
		{"at another site they are two acts", "@A IN 08:00 · @B tap 08:10 · tap 10:00 · @A OUT 12:00",
			"2026-11-23 4:00 A 08:00–12:00 B 08:10–10:00", "08:00 in · 08:10 in · 10:00 out · 12:00 out"},
		{"an OUT by phone of which the IN was forgotten", "tap 11:55 · OUT 12:00",
			"2026-11-23 0:00 A !–12:00 *", "11:55 same-act by phone · 12:00 out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := tell(t, "2026-11-23").allowPhones("A", "00:00+7").punch("An", c.story).derive().expectDays("An", c.days)
			if got := r.acts(); got != c.acts {
				t.Errorf("taps %q, want %q", got, c.acts)
			}
			punches := 0
			for _, p := range r.Presences {
				punches += len(p.Punches)
			}
			if punches != len(r.Taps) {
				t.Errorf("%d of %d taps are in a presence", punches, len(r.Taps))
			}
		})
	}
}

// Until the register was asked, at a site with phones nothing is missing, and what was
// tapped without a key may still turn round; what was tapped before it was asked is sure.
func TestPhonesAreOneMoreBox(t *testing.T) {
	s := tell(t, "2026-11-23").allowPhones("A", "09:00").punch("An", "in 07:00 · tap 08:00 · tap 10:00")
	r := s.derive().expectDays("An", "2026-11-23 1:00 A 07:00–08:00 A 10:00–? *").expectRules("")
	if p := r.Presences[1]; p.BoxReadTo != s.at("09:00") || !p.PhonesUnchecked {
		t.Errorf("read to %s, which is of the phones: %v", p.BoxReadTo, p.PhonesUnchecked)
	}
	for readTo, phones := range map[string]bool{"08:30": false, "09:00": false, "10:00": true} {
		box := tell(t, "2026-11-23").allowPhones("A", "09:00").punch("An", "in 07:00")
		box.readTo("boxA", readTo)
		if p := box.derive().Presences[0]; p.PhonesUnchecked != phones || p.BoxReadTo != min(box.at("09:00"), box.at(readTo)) {
			t.Errorf("a box that was read to %s: %+v", readTo, p)
		}
	}
	for i, want := range []bool{false, false, true} {
		if got := r.Taps[i]; got.PhonesUnchecked != want || got.Unsure {
			t.Errorf("%s: %+v", r.clock(got.At), got)
		}
	}
	s.asked("A", "00:00+7")
	r = (&told{s, Derive(&s.in)}).expectDays("An", "2026-11-23 1:00 A 07:00–08:00 A 10:00–! *").expectRules("S missing-out")
	if r.Taps[2].PhonesUnchecked || !r.Taps[2].Unsure {
		t.Errorf("its day has an open finding, and phones were looked at: %+v", r.Taps[2])
	}
	s = tell(t, "2026-11-23").punch("An", "in 07:00 · IN 10:00 · OUT 12:00")
	s.derive().expectDays("An", "2026-11-23 2:00 A 07:00–! A 10:00–12:00 *") // not allowed, and done: it counts, and nobody has to ask
}

// A tap without a key waits for a question to the register that is newer, also where the
// register may show more of that time; that anything is missing waits for more.
func TestAskedSince(t *testing.T) {
	s := tell(t, "2026-11-23").allowPhones("A", "10:05").punch("An", "in 07:00 · tap 10:00")
	r := &s.in.Readings[len(s.in.Readings)-1]
	r.ReadTo = s.at("09:55")
	if got := s.derive().Taps[1]; got.PhonesUnchecked || got.Unsure {
		t.Errorf("%+v", got)
	}
	r.Source = app.FromPerson
	if got := (&told{s, Derive(&s.in)}).Taps[1]; !got.PhonesUnchecked {
		t.Errorf("a person who knows up to 09:55 says nothing of 10:00: %+v", got)
	}
	r.Source, r.ReadTo = app.FromRegister, 0
	if got := (&told{s, Derive(&s.in)}).Taps[1]; !got.PhonesUnchecked {
		t.Errorf("a look-up of somebody is no question for all: %+v", got)
	}
}

// What a person or a list says of later than it was said is not believed.
func TestNobodyKnowsOfPhonesToCome(t *testing.T) {
	const open = "2026-11-23 0:00 A 07:00–? *"
	for source, want := range map[app.ReadingSource]string{app.FromRegister: "2026-11-23 0:00 A 07:00–! *", app.FromPerson: open, app.FromList: open} {
		s := tell(t, "2026-11-23").allowPhones("A", "00:00+7").punch("An", "in 07:00")
		r := &s.in.Readings[len(s.in.Readings)-1]
		r.Source, r.Started, r.Ended = source, s.at("08:00"), s.at("08:00")
		s.derive().expectDays("An", want)
	}
}

// A registration counts for the engagement with the employer that it names.
func TestByWhomTheRegisterNames(t *testing.T) {
	s := tell(t, "2026-11-23").allowPhones("A", "00:00+7").punch("An", "IN 07:00 · OUT 10:00 · IN 14:00 · OUT 16:00 · IN 18:00 · OUT 20:00")
	s.in.Employers = append(s.in.Employers, app.Employer{ID: "sub", Name: "Sub", Enterprise: "0123456749"})
	s.in.Engagements = append(s.in.Engagements, app.Engagement{ID: "e-sub", WorkerID: "an", EmployerID: "sub"})
	s.inRecordOrder()
	for i, number := range []string{"0206731645", "", "0123456749", "0123456749", "0203430576", ""} {
		p := &s.in.Punches[i]
		s.in.Entries = append(s.in.Entries, app.RegisterEntry{Environment: "simulator", ID: int64(p.Key.Seq), SiteID: "A", Enterprise: number})
	}
	var got []app.ID
	for _, p := range Derive(&s.in).Presences {
		got = append(got, p.EngagementID)
	}
	if want := []app.ID{"e-an", "e-sub", "e-an"}; !slices.Equal(got, want) {
		t.Errorf("by %v, want %v", got, want)
	}
}

// The register took it with a declaration: no other is looked for. An OUT goes with its IN.
func TestARegistrationByPhoneIsDeclared(t *testing.T) {
	s := tell(t, "2026-11-23").allowPhones("A", "00:00+7").punch("An", "IN 07:00 · out 10:00 · tap 13:58 · IN 14:00 · out 16:00 · in 18:00 · OUT 19:00")
	s.in.SiteDecisions[0].Decision = app.UnderCIAO
	s.inRecordOrder()
	for _, p := range s.in.Punches {
		if p.Key.ByRegister() {
			s.in.Entries = append(s.in.Entries, app.RegisterEntry{Environment: "simulator", ID: int64(p.Key.Seq), SiteID: "A", Declaration: "1Y1003SQ5VSSZ"})
		}
	}
	r := &told{s, Derive(&s.in)}
	if a := r.find(app.NoDeclaration); len(a.Punches) != 2 || a.At != s.at("18:00") {
		t.Errorf("%+v", a)
	}
}

// The box that stands for phones is no clock box: no rule about boxes speaks of it.
func TestPhonesAreNoClockBox(t *testing.T) {
	s := tell(t, "2026-11-23").allowPhones("A", "08:00").punch("An", "IN 07:00 · IN 07:00+3 · OUT 06:00+1")
	s.in.Punches[2].At = s.at("06:00").Add(-5 * 365 * 24 * time.Hour) // not in the order of the register's numbers
	r := s.derive()
	for _, rule := range []app.Rule{app.ClockReset, app.FuturePunch, app.SequenceGap, app.BoxUnread, app.ClockDrift, app.UnknownBadge} {
		r.none(rule)
	}
	if len(r.Older) > 0 || len(r.Segments) > 0 {
		t.Errorf("%+v %+v", r.Older, r.Segments)
	}
}

// A month in which each act is done at a box, by phone, or both, in any order of reading:
// the hours are those that were worked, to a quarter of an hour at each end where both
// were used, no act counts twice, and nothing is missing.
func TestAMonthWithPhonesAndBoxes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := tell(t, "2026-11-02").allowPhones("A", "00:00+30")
		s.in.Now = s.at("00:00+30")
		for i := range s.in.Readings {
			s.in.Readings[i].Started, s.in.Readings[i].Ended, s.in.Readings[i].ReadTo = s.in.Now, s.in.Now, s.in.Now
		}
		var want []string
		worked := time.Duration(0)
		act := func(at app.Instant, in bool) app.Instant {
			word := map[bool]app.PunchKey{true: app.KeyIn, false: app.KeyOut}[in]
			box := word
			if rapid.Bool().Draw(rt, "without a key") {
				box = app.KeyNone
			}
			how := rapid.SampledFrom([]string{"box", "phone", "both"}).Draw(rt, "how")
			if how != "phone" {
				s.add("boxA", "04A1", box, at)
			}
			if how == "box" {
				return at
			}
			other := at
			if how == "both" {
				other = at.Add(time.Duration(rapid.IntRange(-15, 15).Draw(rt, "minutes later")) * time.Minute)
			}
			s.phone("An", word, other)
			if in {
				return min(at, other)
			}
			return max(at, other)
		}
		for d := range 25 {
			from := s.day.AddDays(d).Start(brussels).Add(time.Duration(6+rapid.IntRange(0, 4).Draw(rt, "from")) * time.Hour)
			in := act(from, true)
			out := act(from.Add(time.Duration(rapid.IntRange(2, 8).Draw(rt, "hours"))*time.Hour), false)
			worked += out.Sub(in)
			want = append(want, s.day.AddDays(d).String())
		}
		s.inRecordOrder()
		for i := range s.in.Punches { // the register's numbers say nothing of the order
			if k := &s.in.Punches[i].Key; k.ByRegister() {
				k.Seq = uint64(rapid.IntRange(1, 1000).Draw(rt, "number"))*1000 + uint64(i)
			}
		}
		r := &told{s, Derive(&s.in)}
		sum := time.Duration(0)
		var days []string
		for i := range r.Workdays {
			sum += r.Workdays[i].Worked
			days = append(days, r.Workdays[i].Day.String())
			if r.Workdays[i].Incomplete {
				rt.Errorf("incomplete: %s", r.dayLine(&r.Workdays[i]))
			}
		}
		if sum != worked || !slices.Equal(days, want) {
			rt.Errorf("worked %s on %v, want %s on %v:\n%s\n%s", sum, days, worked, want, r.days("An"), r.acts())
		}
		shuffled := s.in
		shuffled.Punches = rapid.Permutation(s.in.Punches).Draw(rt, "order")
		sameResult(rt, "another order", Derive(&shuffled), r.Result)
	})
}
