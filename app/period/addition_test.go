package period

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
)

// tapped makes a presence of taps 1, 2, … at a box that begins and ends at times of 5 November 2026.
func tapped(site app.ID, from, to string, first uint64) Presence {
	side := func(clock string, seq uint64) *app.Side {
		at := moment(clock)
		return &app.Side{Punch: &app.RecordKey{LogKey: app.LogKey{Box: "b", Log: "l"}, Seq: seq}, At: at, Raw: at}
	}
	p := Presence{Presence: app.Presence{WorkerID: worker, EngagementID: engagement, SiteID: site, State: app.PresenceComplete, Day: day,
		In: side(from, first), Out: side(to, first+1)}}
	p.Punches = []app.RecordKey{*p.In.Punch, *p.Out.Punch}
	p.WorkedMs = int64(p.Out.At - p.In.At)
	return p
}

var day = app.NewDate(2026, 11, 5)

func moment(clock string) app.Instant {
	var i app.Instant
	if err := i.UnmarshalText([]byte("2026-11-05T" + clock + "Z")); err != nil {
		panic(err)
	}
	return i
}

func workdayOf(presences ...Presence) Workday {
	w := Workday{EngagementID: engagement, Day: day, Presences: presences}
	for _, p := range presences {
		w.WorkedMs += p.WorkedMs
	}
	return w
}

// closed is an approval of November of some workdays, made at instant 1000.
func closed(workdays ...Workday) []Closing {
	return []Closing{{app.Approval{ID: "nov", WorkerID: worker, Days: months()[1], At: 1000},
		&Snapshot{Workdays: workdays, Engagements: []app.Engagement{{ID: engagement, Rounding: app.Rounding{Minutes: 15}}}}}}
}

func TestWhatAnAdditionSays(t *testing.T) {
	morning, evening := tapped("A", "06:00:00", "14:00:00", 1), tapped("B", "17:00:00", "19:30:00", 3)
	stated := Presence{Presence: app.Presence{EngagementID: engagement, SiteID: "A", State: app.PresenceComplete, Day: day,
		In: &app.Side{At: moment("17:00:00"), Adjustment: "x"}, Out: &app.Side{At: moment("18:00:00"), Adjustment: "x"}}, WorkedMs: 3_600_000}
	second := morning
	second.Out = &app.Side{Punch: morning.Out.Punch, At: morning.Out.At + 1000}
	second.WorkedMs += 1000
	later := morning
	later.Out = &app.Side{Punch: morning.Out.Punch, At: morning.Out.At + 60_000}
	later.WorkedMs += 60_000
	readAt := map[uint64]app.Instant{3: 2000, 4: 2000}
	for _, c := range []struct {
		name    string
		was, is []Presence
		want    int // minutes to add
		changes int
		causes  string
	}{
		{"nothing", []Presence{morning}, []Presence{morning}, 0, 0, ""},
		{"a box read late", []Presence{morning}, []Presence{morning, evening}, 150, 1, "read-later"},
		{"a tap left out", []Presence{morning, evening}, []Presence{morning}, -150, 1, "left-out"},
		{"a day that nobody knew of", nil, []Presence{evening}, 150, 1, "read-later"},
		{"a day that is gone", []Presence{evening}, nil, -150, 1, "left-out"},
		{"a badge assigned", nil, []Presence{morning}, 480, 1, "attributed"},
		{"a statement", []Presence{morning}, []Presence{morning, stated}, 60, 1, "stated"},
		{"a statement taken back", []Presence{morning, stated}, []Presence{morning}, -60, 1, "statement-gone"},
		{"a clock measured anew by a second", []Presence{morning}, []Presence{second}, 0, 0, ""},
		{"a clock measured anew by a minute", []Presence{morning}, []Presence{later}, 1, 1, "recounted"},
		{"moved to another site", []Presence{morning}, []Presence{tapped("B", "06:00:00", "14:00:00", 1)}, 0, 1, "recounted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var was, now []Workday
			if c.was != nil {
				was = []Workday{workdayOf(c.was...)}
			}
			if c.is != nil {
				now = []Workday{workdayOf(c.is...)}
			}
			open := OpenAdditions(closed(was...), now, Known{ReadAt: func(k app.RecordKey) app.Instant { return readAt[k.Seq] }})
			if c.causes == "" {
				if len(open) != 0 {
					t.Fatalf("an addition of nothing: %+v", open)
				}
				return
			}
			if len(open) != 1 {
				t.Fatalf("%d additions, want one", len(open))
			}
			a := open[0]
			var causes []string
			for _, x := range a.Causes {
				causes = append(causes, string(x.Code))
			}
			if a.Day != day || a.Approval != "nov" || a.Difference().Worked != c.want || len(a.Changes) != c.changes || strings.Join(causes, " ") != c.causes ||
				a.Rounding.Minutes != 15 {
				t.Errorf("%+v", a)
			}
		})
	}
}

// An addition in December's approval is not due again in January.
func TestAnAdditionIsSettledOnce(t *testing.T) {
	morning, evening := workdayOf(tapped("A", "06:00:00", "14:00:00", 1)), tapped("B", "17:00:00", "19:30:00", 3)
	both := workdayOf(morning.Presences[0], evening)
	november := closed(morning)
	due := Due(OpenAdditions(november, []Workday{both}, Known{}), months()[2])
	if len(due) != 1 || due[0].Difference() != (Figures{Worked: 150}) {
		t.Fatalf("due in December: %+v", due)
	}
	december := Closing{app.Approval{ID: "dec", WorkerID: worker, Days: months()[2], At: 3000}, &Snapshot{Additions: due}}
	if again := OpenAdditions(append(november, december), []Workday{both}, Known{}); len(again) != 0 {
		t.Errorf("due in January, too: %+v", again)
	}
	back := OpenAdditions(append(november, december), []Workday{morning}, Known{})
	if len(back) != 1 || back[0].Difference().Worked != -150 || back[0].Was.Worked != 630 {
		t.Errorf("taken back later: %+v", back)
	}
	if len(Due(back, months()[1])) != 0 {
		t.Error("due in the month that it is about")
	}
	if by := CarriedBy(append(november, december), "nov"); len(by) != 1 || by[0].ID != "dec" {
		t.Errorf("November carried by %v", by)
	}
	if by := CarriedBy(append(november, december), "dec"); by != nil {
		t.Errorf("December carried by %v", by)
	}
}

func TestASnapshotOfANewerProgramIsRefused(t *testing.T) {
	_, err := Read([]byte(`{"format":2,"days":{"from":"2026-11-01","to":"2026-11-30"}}`))
	if diff := cmp.Diff(err, error(&NewerError{2})); diff != "" {
		t.Error(diff)
	}
}

// No personal number stands in a snapshot.
func TestASnapshotMasksTheNumber(t *testing.T) {
	s := Snapshot{Worker: WorkerOf(app.Worker{ID: worker, FamilyName: "Peeters", SSIN: "85011512355", Limosa: "L1234567890123"})}
	b, err := s.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "85011512355") || strings.Contains(string(b), "L1234567890123") || !strings.Contains(string(b), "850*****55") {
		t.Errorf("%s", b)
	}
}
