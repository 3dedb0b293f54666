package ciao_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/ciao"
)

// Monday 2026-11-23, 10:00 in Brussels.
var planNow = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func at(hour, minute int) app.Instant {
	return app.At(time.Date(2026, 11, 23, hour-1, minute, 12, 345e6, time.UTC)) // Brussels
}

// fine returns a company in which the one tap is sent.
func fine(t testing.TB) ciao.PlanInput {
	t.Helper()
	zone, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	long := app.At(planNow.AddDate(0, -3, 0))
	return ciao.PlanInput{
		Environment: app.LocalSimulator, Now: app.At(planNow), Zone: zone,
		Settings: ciao.Settings{SentLate: 10 * time.Minute, CorrectionSerious: 10},
		Employers: []app.Employer{
			{ID: "own", Kind: app.OwnCompany, Enterprise: "0123456749", RegistersSince: long},
			{ID: "agency", Kind: app.Agency, Enterprise: "0206731645", RegistersSince: long},
		},
		Workers:          []app.Worker{{ID: "w", SSIN: "85011512355"}},
		Engagements:      []app.Engagement{{ID: "e", WorkerID: "w", EmployerID: "own", Capacity: app.Employee}},
		Sites:            []app.Site{{ID: "s", Coordinates: &app.Coordinates{Latitude: 50.85030049, Longitude: 4.3517}}},
		Decisions:        []app.SiteDecision{{SiteID: "s", Decision: app.UnderCIAO, From: long}},
		Declarations:     []app.Declaration{{ID: "d", Number: "1Y1003SQ5VSSZ"}, {ID: "d2", Number: "2Y1003SQ5VSSZ"}},
		DeclarationSites: []app.DeclarationSite{{DeclarationID: "d", SiteID: "s"}},
		Taps:             []app.Tap{tap(1, at(6, 58), app.KeyIn, app.TapIn)},
	}
}

func tap(seq uint64, when app.Instant, key app.PunchKey, role app.TapRole) app.Tap {
	return app.Tap{
		Punch: app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: "b", Log: "l"}, Seq: seq}, At: when, Pressed: key},
		At:    when, OffsetKnown: true, WorkerID: "w", EngagementID: "e", SiteID: "s", Role: role,
	}
}

func TestWhatIsSent(t *testing.T) {
	c := ciao.Plan(fine(t))[0]
	if !c.Ready() {
		t.Fatalf("held: %v", c.Reasons)
	}
	r := c.Registration
	want := app.Registration{
		Environment: app.LocalSimulator, Punch: app.RecordKey{LogKey: app.LogKey{Box: "b", Log: "l"}, Seq: 1},
		Type: app.RegisterIn, At: at(6, 58) / 1000 * 1000, Raw: at(6, 58), WorkerID: "w", EngagementID: "e", SiteID: "s",
		SSIN: "85011512355", Enterprise: "0123456749", Capacity: app.Employee, Declaration: "1Y1003SQ5VSSZ",
		Place: app.Place{Coordinates: &app.Coordinates{Latitude: 50.8503, Longitude: 4.3517}},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
}

// A tap that an accepted repair brought back from 2000 is held for nothing but
// its clock, and would go with the corrected time.
func TestARepairedPunchIsJudgedByItsCorrectedTime(t *testing.T) {
	in := fine(t)
	in.Taps[0].Punch.At, in.Taps[0].Repaired = app.At(time.Date(2000, 1, 1, 5, 0, 0, 0, time.UTC)), true
	c := ciao.Plan(in)[0]
	if diff := cmp.Diff([]app.HeldReason{app.HeldClock}, c.Reasons); diff != "" || !c.Releasable() {
		t.Error(diff)
	}
	if r := c.Registration; r.At != at(6, 58)/1000*1000 || r.Raw != in.Taps[0].Punch.At || r.Declaration == "" {
		t.Errorf("it would be sent as %v of %v, %q", r.At, r.Raw, r.Declaration)
	}
}

// TestWhyAPunchIsHeld: one change to the fine company each, and the reason that shows.
func TestWhyAPunchIsHeld(t *testing.T) {
	day := app.NewDate(2026, 11, 23)
	tests := []struct {
		name   string
		change func(*ciao.PlanInput)
		want   app.HeldReason // "" sent
	}{
		{"all is well", func(*ciao.PlanInput) {}, ""},
		{"not placed", func(in *ciao.PlanInput) { in.Taps[0].Role = app.TapNoSite }, app.HeldNotPlaced},
		{"nobody held the badge", func(in *ciao.PlanInput) { in.Taps[0].Role = app.TapUnknown }, app.HeldNoHolder},
		{"clock not settled", func(in *ciao.PlanInput) { in.Taps[0].Role = app.TapUnsettled }, app.HeldClock},
		{"refused badge", func(in *ciao.PlanInput) { in.Taps[0].Role = app.TapRefused }, app.NeverRefusedBadge},
		{"double tap", func(in *ciao.PlanInput) { in.Taps[0].Role = app.TapDuplicate }, app.NeverIgnored},
		{"ignored", func(in *ciao.PlanInput) { in.Taps[0].Role = app.TapIgnored }, app.NeverIgnored},
		{"no effect", func(in *ciao.PlanInput) { in.Taps[0].Role = app.TapNoEffect }, app.NeverNoEffect},

		{"site decided no", func(in *ciao.PlanInput) { in.Decisions[0].Decision = app.NotUnder }, app.HeldNotUnderCIAO},
		{"site without decision", func(in *ciao.PlanInput) { in.Decisions = nil }, app.HeldUndecided},
		{"yes only from later on", func(in *ciao.PlanInput) { in.Decisions[0].From = at(7, 0) }, app.HeldUndecided},
		{"no, then yes", func(in *ciao.PlanInput) {
			in.Decisions = append([]app.SiteDecision{{SiteID: "s", Decision: app.UnderCIAO, From: at(6, 0)}}, in.Decisions[0])
			in.Decisions[1].Decision = app.NotUnder
		}, ""},

		{"employer does not register", func(in *ciao.PlanInput) { in.Employers[0].RegistersSince = 0 }, app.HeldBeforeStart},
		{"before the employer's start", func(in *ciao.PlanInput) { in.Employers[0].RegistersSince = at(6, 58) + 1 }, app.HeldBeforeStart},
		{"at the employer's start", func(in *ciao.PlanInput) { in.Employers[0].RegistersSince = at(6, 58) }, ""},
		{"30 Belgian days ago", func(in *ciao.PlanInput) { in.Now = at(23, 59).Add(30 * 24 * time.Hour) }, ""},
		{"31 Belgian days ago", func(in *ciao.PlanInput) { in.Now = at(24, 1).Add(30 * 24 * time.Hour) }, app.HeldBeyondWindow},

		{"no SSIN", func(in *ciao.PlanInput) { in.Workers[0].SSIN = "" }, app.HeldNoSSIN},
		{"wrong SSIN", func(in *ciao.PlanInput) { in.Workers[0].SSIN = "85011512356" }, app.HeldNoSSIN},
		{"a BIS number", func(in *ciao.PlanInput) { in.Workers[0].SSIN = "53480200724" }, ""},
		{"no employer number", func(in *ciao.PlanInput) { in.Employers[0].Enterprise = "" }, app.HeldNoEmployerNumber},
		{"wrong employer number", func(in *ciao.PlanInput) { in.Employers[0].Enterprise = "0123456748" }, app.HeldNoEmployerNumber},
		{"temporary worker of the own company", func(in *ciao.PlanInput) { in.Engagements[0].Capacity = app.TemporaryWorker }, app.HeldNoEmployerNumber},
		{"temporary worker of an agency", func(in *ciao.PlanInput) {
			in.Engagements[0].Capacity, in.Engagements[0].EmployerID = app.TemporaryWorker, "agency"
		}, ""},

		{"engagement over", func(in *ciao.PlanInput) { in.Engagements[0].Days.To = day - 1 }, app.HeldNoEngagement},
		{"engagement's last day", func(in *ciao.PlanInput) { in.Engagements[0].Days.To = day }, ""},
		{"two employers at once", func(in *ciao.PlanInput) {
			in.Engagements = append(in.Engagements, app.Engagement{ID: "e2", WorkerID: "w", EmployerID: "agency"})
		}, app.HeldManyEmployers},
		{"two employers, one the default", func(in *ciao.PlanInput) {
			in.Engagements = append(in.Engagements, app.Engagement{ID: "e2", WorkerID: "w", EmployerID: "agency"})
			in.Engagements[0].Default = true
		}, ""},

		{"no coordinates, no address", func(in *ciao.PlanInput) { in.Sites[0].Coordinates = nil }, app.HeldNoPlace},
		{"swapped coordinates", func(in *ciao.PlanInput) {
			in.Sites[0].Coordinates = &app.Coordinates{Latitude: 4.3517, Longitude: 50.8503}
		}, app.HeldNoPlace},
		{"an address", func(in *ciao.PlanInput) {
			in.Sites[0].Coordinates, in.Sites[0].Address = nil, app.Address{Street: "Wetstraat", PostCode: "1000", Municipality: "Brussel"}
		}, ""},

		{"no declaration", func(in *ciao.PlanInput) { in.DeclarationSites = nil }, app.HeldNoDeclaration},
		{"declaration's last day was yesterday", func(in *ciao.PlanInput) { in.Declarations[0].Days.To = day - 1 }, app.HeldNoDeclaration},
		{"declaration's last day", func(in *ciao.PlanInput) { in.Declarations[0].Days.To = day }, ""},
		{"two declarations", func(in *ciao.PlanInput) {
			in.DeclarationSites = append(in.DeclarationSites, app.DeclarationSite{DeclarationID: "d2", SiteID: "s"})
		}, app.HeldManyDeclarations},
		{"two declarations, one the default", func(in *ciao.PlanInput) {
			in.DeclarationSites = append(in.DeclarationSites, app.DeclarationSite{DeclarationID: "d2", SiteID: "s", Default: true})
		}, ""},

		{"clock off by a minute", func(in *ciao.PlanInput) { in.Taps[0].Offset = -60 * time.Second }, ""},
		{"clock off by more", func(in *ciao.PlanInput) { in.Taps[0].Offset = 60*time.Second + time.Millisecond }, app.HeldClock},
		{"clock never measured", func(in *ciao.PlanInput) { in.Taps[0].OffsetKnown = false }, app.HeldClock},
		{"time not trusted", func(in *ciao.PlanInput) { in.Taps[0].Punch.Flags = app.TimeUntrusted }, app.HeldClock},
		{"clock repaired", func(in *ciao.PlanInput) { in.Taps[0].Repaired = true }, app.HeldClock},
		{"in the future", func(in *ciao.PlanInput) { in.Now = at(6, 47) }, app.HeldFuture},
		{"badge entered afterwards", func(in *ciao.PlanInput) { in.Taps[0].HolderEntered = at(6, 59) }, app.HeldAttributed},
		{"unsure without a key", func(in *ciao.PlanInput) { in.Taps[0].Unsure, in.Taps[0].Punch.Pressed = true, app.KeyNone }, app.HeldPairing},
		{"unsure with a key: sent as pressed", func(in *ciao.PlanInput) { in.Taps[0].Unsure = true }, ""},
		{"night shift?", func(in *ciao.PlanInput) {
			in.Taps[0].Unsure, in.Taps[0].AskedAbout, in.Taps[0].Punch.Pressed = true, true, app.KeyNone
		}, app.HeldNightShift},
	}
	for _, c := range tests {
		in := fine(t)
		c.change(&in)
		got := ciao.Plan(in)
		if len(got) != 1 || got[0].Held() != c.want || got[0].Ready() != (c.want == "") {
			t.Errorf("%s: %v, want %q", c.name, got[0].Reasons, c.want)
		}
		if got[0].Never() && got[0].Releasable() {
			t.Errorf("%s: never sent and yet releasable", c.name)
		}
	}
}

// TestOnlyJudgementIsReleased: what lacks something is not releasable, whatever else holds it.
func TestOnlyJudgementIsReleased(t *testing.T) {
	in := fine(t)
	in.Employers[0].RegistersSince = 0
	if c := ciao.Plan(in)[0]; c.Releasable() { // not even the number of days is known to be right, but all is there
		in.Workers[0].SSIN = ""
	} else {
		t.Error("before the start: a person may release it")
	}
	if c := ciao.Plan(in)[0]; c.Releasable() || !slices.Contains(c.Reasons, app.HeldNoSSIN) {
		t.Errorf("without an SSIN: releasable, reasons %v", c.Reasons)
	}
	in = fine(t)
	in.Taps[0].Role = app.TapUnsettled
	if c := ciao.Plan(in)[0]; c.Releasable() {
		t.Error("an unsettled clock has no time that could be approved")
	}
	if _, err := ciao.PreviewRelease(ciao.Plan(in)); err == nil {
		t.Error("released all the same")
	}
}

// TestAWrongClockSendsTheCorrectedTimeOnceApproved (rule 9).
func TestAWrongClockSendsTheCorrectedTimeOnceApproved(t *testing.T) {
	in := fine(t)
	in.Taps[0].Offset, in.Taps[0].At, in.Taps[0].Uncertainty = 2*time.Minute, at(6, 56), time.Second
	c := ciao.Plan(in)[0]
	if !c.Releasable() || c.Registration.At != at(6, 56)/1000*1000 || c.Registration.Raw != at(6, 58) || c.Registration.Uncertainty != time.Second {
		t.Errorf("%+v", c)
	}
}

// TestAPunchAheadOfTheRegistersClockWaits until it is 5 s in the past.
func TestAPunchAheadOfTheRegistersClockWaits(t *testing.T) {
	in := fine(t)
	in.Now, in.Offset = at(6, 50), 3*time.Minute // the register's clock shows 6:53
	c := ciao.Plan(in)[0]
	second := at(6, 58) / 1000 * 1000
	if !c.Ready() || c.Registration.NotBefore != second.Add(5*time.Second-3*time.Minute) {
		t.Errorf("not before %v", c.Registration.NotBefore)
	}
	in.Now, in.Offset = at(6, 59), 0
	if c := ciao.Plan(in)[0]; c.Registration.NotBefore != 0 {
		t.Errorf("long past, and yet not before %v", c.Registration.NotBefore)
	}
}

func TestBreaksAndDirections(t *testing.T) {
	in := fine(t)
	in.Taps = []app.Tap{
		tap(1, at(7, 0), app.KeyIn, app.TapIn), tap(2, at(8, 0), app.KeyBreakStart, app.TapBreakStart),
		tap(3, at(8, 15), app.KeyBreakEnd, app.TapBreakEnd), tap(4, at(9, 0), app.KeyNone, app.TapOut),
	}
	in.Now = at(10, 0)
	var got []string
	for _, c := range ciao.Plan(in) {
		got = append(got, string(c.Registration.Type))
	}
	if s := strings.Join(got, " "); s != "IN OUT IN OUT" {
		t.Error(s)
	}
}

// TestAnOutUsesTheDeclarationOfItsIn, also over midnight of its last day.
func TestAnOutUsesTheDeclarationOfItsIn(t *testing.T) {
	in := fine(t)
	in.Declarations[0].Days.To = app.NewDate(2026, 11, 23)
	in.DeclarationSites = append(in.DeclarationSites, app.DeclarationSite{DeclarationID: "d2", SiteID: "s", Days: app.Days{From: app.NewDate(2026, 11, 24)}})
	in.Taps = []app.Tap{
		tap(1, at(22, 0), app.KeyIn, app.TapIn), tap(2, at(24+6, 0), app.KeyOut, app.TapOut),
		tap(3, at(24+22, 0), app.KeyIn, app.TapIn), tap(4, at(48+6, 0), app.KeyOut, app.TapOut),
	}
	in.Now = at(72, 0)
	var got []string
	for _, c := range ciao.Plan(in) {
		got = append(got, c.Registration.Declaration[:1])
	}
	if s := strings.Join(got, " "); s != "1 1 2 2" {
		t.Error(s)
	}
}

func TestAdjustmentsAreListedAndNeverSent(t *testing.T) {
	in := fine(t)
	in.Adjustments = []app.Adjustment{
		{ID: "a", Kind: app.AdjustOut, EngagementID: "e", SiteID: "s", To: at(9, 0)},
		{ID: "b", Kind: app.AdjustPresence, EngagementID: "e", SiteID: "s", From: at(7, 0), To: at(8, 0), Withdrawn: at(9, 0)},
	}
	got := ciao.Plan(in)
	if len(got) != 2 || got[1].Adjustment != "a" || got[1].Held() != app.NeverAdjustment || !got[1].Never() || got[1].Releasable() {
		t.Errorf("%+v", got)
	}
	due := ciao.Anomalies(in, got, nil)
	if len(due) != 1 || due[0].Rule != app.CorrectionDue || due[0].Anchor != "a" || due[0].Facts["daysLeft"] != "30" {
		t.Errorf("%+v", due)
	}
}

func TestTally(t *testing.T) {
	in := fine(t)
	in.Taps = nil
	for n := range uint64(7) {
		c := tap(n+1, at(7, int(n)), app.KeyIn, app.TapNoSite)
		if n >= 4 {
			c.Role = app.TapDuplicate
		}
		in.Taps = append(in.Taps, c)
	}
	want := []ciao.HeldCount{
		{Reason: app.HeldNotPlaced, Count: 4, Oldest: at(7, 0) / 1000 * 1000, Newest: at(7, 3) / 1000 * 1000},
		{Reason: app.NeverIgnored, Never: true, Count: 3, Oldest: at(7, 4) / 1000 * 1000, Newest: at(7, 6) / 1000 * 1000},
	}
	if diff := cmp.Diff(want, ciao.Tally(ciao.Plan(in))); diff != "" {
		t.Error(diff)
	}
}

// TestThreeYearsOfLogSendNothing: the first reading of an old box.
func TestThreeYearsOfLogSendNothing(t *testing.T) {
	in := fine(t)
	in.Taps = nil
	in.Employers[0].RegistersSince = app.At(planNow)
	for n := range uint64(100_000) {
		in.Taps = append(in.Taps, tap(n+1, in.Now.Add(-time.Duration(n+1)*15*time.Minute), app.KeyIn, app.TapIn))
	}
	for _, c := range ciao.Plan(in) {
		if c.Ready() {
			t.Fatalf("would send %v", c.Registration.At)
		}
	}
}

func TestAnomaliesOfRegistrations(t *testing.T) {
	in := fine(t)
	in.Taps = nil
	var n uint64
	add := func(r app.Registration) {
		n++
		s := tap(n, at(7, int(n)), app.KeyIn, app.TapIn)
		in.Taps = append(in.Taps, s)
		r.Environment, r.Punch, r.Type, r.At, r.Raw = app.LocalSimulator, s.Punch.Key, app.RegisterIn, at(7, int(n)), at(7, int(n))
		r.WorkerID, r.EngagementID, r.SiteID, r.SSIN, r.Enterprise = "w", "e", "s", "85011512355", "0123456749"
		if r.Declaration == "" {
			r.Declaration = "1Y1003SQ5VSSZ"
		}
		in.Registrations = append(in.Registrations, r)
	}
	add(app.Registration{State: app.RegAccepted, Validity: "valid", Answered: at(7, 2)})    // in time
	add(app.Registration{State: app.RegAccepted, Validity: "pending", Answered: at(7, 20)}) // late
	add(app.Registration{State: app.RegAccepted, Validity: "valid", Answered: at(9, 0)})    // late
	add(app.Registration{State: app.RegRefused})                                            // refused
	add(app.Registration{State: app.RegAccepted, Validity: "invalid", Answered: at(7, 6)})  // invalidated
	add(app.Registration{State: app.RegQueued, Declaration: "2Y1003SQ5VSSZ"})               // otherwise now
	add(app.Registration{State: app.RegUnknown})                                            // nothing to say yet
	in.Now = at(10, 0).Add(21 * 24 * time.Hour)
	var got []string
	for _, a := range ciao.Anomalies(in, ciao.Plan(in), func(app.RecordKey) app.ID { return "reading" }) {
		got = append(
			got,
			fmt.Sprintf("%s %s %s %s %s", a.Rule, a.Severity, a.Anchor, a.Facts["daysLeft"], a.Facts["count"]+a.Facts["differs"]),
		)
	}
	want := []string{
		"sent-late information b/l/2  2",
		"refused serious b/l/4 9 ",
		"refused serious b/l/5 9 ",
		"correction-due serious b/l/6 9 declaration",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The limits of both rules are the company's to set, sent-late a site's too.
func TestLimitsOfTheRulesAboutRegistrations(t *testing.T) {
	in := fine(t)
	in.Registrations = []app.Registration{
		{Environment: app.LocalSimulator, Punch: in.Taps[0].Punch.Key, Type: app.RegisterIn, At: at(6, 58), Raw: at(6, 58), SSIN: "85011512355",
			WorkerID: "w", EngagementID: "e", SiteID: "s", Enterprise: "0123456749", Declaration: "2Y1003SQ5VSSZ", State: app.RegAccepted, Validity: "valid", Answered: at(7, 28)},
	}
	in.Now = at(10, 0).Add(15 * 24 * time.Hour)
	for _, c := range []struct {
		what    string
		late    time.Duration
		site    app.Thresholds
		serious int
		want    string
	}{
		{"those of the rule book", 10 * time.Minute, nil, 10, "sent-late information 600000, correction-due warning 10"},
		{"the company's", time.Hour, nil, 20, "correction-due serious 20"},
		{"the site's", time.Hour, app.Thresholds{app.SentLateAfter: 1_200_000}, 15, "sent-late information 1200000, correction-due serious 15"},
	} {
		in.Settings.SentLate, in.Settings.CorrectionSerious, in.Sites[0].Thresholds = c.late, c.serious, c.site
		var got []string
		for _, a := range ciao.Anomalies(in, ciao.Plan(in), nil) {
			got = append(got, fmt.Sprintf("%s %s %d", a.Rule, a.Severity, a.Limit))
		}
		slices.Sort(got)
		slices.Reverse(got)
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %s, want %s", c.what, strings.Join(got, ", "), c.want)
		}
	}
}
