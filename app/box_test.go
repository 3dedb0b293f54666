package app

import (
	"slices"
	"testing"
	"time"
)

func TestRecordKeysSortByBoxLogAndNumber(t *testing.T) {
	key := func(box, log string, seq uint64) RecordKey { return RecordKey{LogKey{box, log}, seq} }
	want := []RecordKey{key("a", "1", 9), key("a", "1", 10), key("a", "2", 1), key("b", "1", 1)}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, RecordKey.Compare)
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if s := want[1].String(); s != "a/1/10" {
		t.Errorf("written as %s", s)
	}
}

func TestAClockCheckCountsForSevenDays(t *testing.T) {
	now := At(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	for at, good := range map[Instant]bool{0: false, now: true, now.Add(-ClockCheckLife + time.Millisecond): true, now.Add(-ClockCheckLife): false, now.Add(time.Hour): false} {
		if (ClockCheck{At: at}).Good(now) != good {
			t.Errorf("a check of %s counts: %v, want %v", at, !good, good)
		}
	}
}

func TestTapsRegisterAsTheTwoKindsThatTheRegisterKnows(t *testing.T) {
	for role, want := range map[TapRole]RegistrationType{
		TapIn: RegisterIn, TapBreakEnd: RegisterIn, TapOut: RegisterOut, TapBreakStart: RegisterOut,
		TapDuplicate: "", TapIgnored: "", TapNoEffect: "", TapUnknown: "", TapNoSite: "", TapUnsettled: "", TapRefused: "",
	} {
		if got := (&Tap{Role: role}).RegistersAs(); got != want {
			t.Errorf("%s registers as %q, want %q", role, got, want)
		}
	}
}

func TestIDsSortByTheTimeOfTheirMaking(t *testing.T) {
	var last ID
	for range 100 {
		id, err := NewID()
		if err != nil || len(id) != 36 || id <= last {
			t.Fatalf("%s after %s (%v)", id, last, err)
		}
		last = id
	}
}

func TestWhatBoxesCanDoFitsTogether(t *testing.T) {
	for m, can := range makes {
		if can.Service == can.Files || can.Mapped && !can.Files {
			t.Errorf("%s comes by cable or in files, and only files are tables: %+v", m, can)
		}
	}
	if (Make("of tomorrow").Can() != Abilities{}) {
		t.Error("nobody said what a make of tomorrow can do")
	}
	if uid := MakeZK.UID("ABC123"); uid != "zkteco:ABC123" {
		t.Error(uid)
	}
}
