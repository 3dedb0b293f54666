package cli

import (
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/office"
)

func unknownBadge() *office.AnomalyCard {
	punch := app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: ocbUID, Log: "l"}, Seq: 5}, At: instant("2026-11-02T05:58:12Z"), Identifier: app.IdentifierKey{Kind: app.Card, Value: "04DEADBEEF"}}
	return &office.AnomalyCard{AnomalyDetail: office.AnomalyDetail{
		FoundAnomaly: office.FoundAnomaly{Status: app.AnomalyOpen, Anomaly: app.Anomaly{Rule: app.UnknownBadge, Severity: app.Serious, SiteID: "s1", At: punch.At,
			Subject: app.Subject{Kind: app.AboutIdentifier, ID: "card:04DEADBEEF"}, Punches: []app.RecordKey{punch.Key}}},
		Evidence: []office.EvidencePunch{{Tap: app.Tap{Punch: punch, At: punch.At + 2000, Uncertainty: 250 * time.Millisecond, SiteID: "s1", Role: app.TapUnknown},
			Reading: app.Reading{ID: "r1", Actor: "Tom", Installation: "i1", Started: instant("2026-11-02T18:00:00Z")}}},
		Threshold: &office.LimitUsed{Name: attendance.DayLimitAfter, Value: 9 * 3_600_000, Unit: attendance.Milliseconds, From: attendance.LevelSite},
		Steps:     []office.Step{{Code: attendance.StepAssign, Applies: true}, {Code: attendance.StepReopen}},
	}, History: []office.HistoryStep{{At: instant("2026-11-03T08:00:00Z"), By: "Els", What: "anomaly.open", Target: "anomaly:x", Note: "who was it?"}}}
}

// What a step changes is said before it is done; where it reaches what was sent
// nothing is done unless --yes says so.
func TestAPreviewComesFirst(t *testing.T) {
	sent := office.SentEffect{Registration: app.Registration{ID: "g", State: app.RegAccepted, Type: app.RegisterIn, WorkerID: "w1"}, WorkerID: "w2", Type: app.RegisterIn}
	day := office.DayEffect{WorkerID: "w2", Day: app.NewDate(2026, 11, 2), After: 8 * time.Hour, Presences: [2]int{0, 1}}
	card := unknownBadge()
	line := []string{"--lang=en", "anomaly", "assign", card.Key().String(), "--worker", "bart"}
	for _, c := range []struct {
		name   string
		effect office.Effect
		flags  []string
		code   int
		did    bool
		says   string
	}{
		{"light", office.Effect{Days: []office.DayEffect{day}}, nil, ExitFine, true, "Peeters Bart, 02/11/2026: now nothing, then 8:00"},
		{"only looked at", office.Effect{Days: []office.DayEffect{day}}, []string{"--dry-run"}, ExitFine, false, "Nothing was changed"},
		{"sent already", office.Effect{Sent: []office.SentEffect{sent}}, nil, ExitFailed, false, "Already at CIAO"},
		{"sent already, but meant", office.Effect{Sent: []office.SentEffect{sent}}, []string{"--yes"}, ExitFine, true, "Already at CIAO"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := company()
			f.card, f.effect = card, c.effect
			got := faked(t, f, nil, append(append([]string{}, line...), c.flags...)...)
			if got.code != c.code || (len(f.did) > 0) != c.did || !strings.Contains(got.out, c.says) {
				t.Errorf("code %d, did %v, says %q %q", got.code, f.did, got.out, got.err)
			}
			give := f.proposal.Give
			if len(give) != 1 || give[0].EngagementID != "g2" || give[0].Key.Value != "04DEADBEEF" || give[0].Span.From != instant("2026-11-01T23:00:00Z") {
				t.Errorf("asks for %+v", give)
			}
		})
	}
	f := company()
	f.card, f.effect = card, office.Effect{Days: []office.DayEffect{day}, Sent: []office.SentEffect{sent}}
	got := object(t, faked(t, f, nil, append([]string{"--json"}, append(line, "--dry-run")...)...).out)
	if at(t, got, "dryRun") != true || at(t, got, "effect.days.0.afterMinutes") != float64(480) || at(t, got, "effect.alreadySent.0.nowWorkerId") != "w2" {
		t.Errorf("%v", got)
	}
}

func TestAnomalyShowSaysWhatExplainsIt(t *testing.T) {
	f := company()
	f.card = unknownBadge()
	key := f.card.Key().String()
	got := faked(t, f, nil, "--lang=en", "anomaly", "show", key)
	for _, want := range []string{"06:58:14", "06:58:12", "± 250ms", "Tom", "assign the badge", "(site)", "who was it?"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is not in:\n%s", want, got.out)
		}
	}
	if strings.Contains(got.out, "reopen\n") {
		t.Error("a step that does not apply is offered")
	}
	o := object(t, faked(t, f, nil, "--json", "anomaly", "show", key).out)
	if at(t, o, "anomaly.evidence.0.uncertaintyMs") != float64(250) || at(t, o, "anomaly.evidence.0.installation") != "i1" ||
		at(t, o, "anomaly.thresholdUsed.from") != "site" || at(t, o, "anomaly.steps.1.applies") != false || at(t, o, "history.0.by") != "Els" {
		t.Errorf("%v", o)
	}
	if got := faked(t, f, nil, "--lang=en", "anomaly", "history", key); !strings.Contains(got.out, "reopened") {
		t.Errorf("history says %q", got.out)
	}
	if got := faked(t, f, nil, "anomaly", "show", "nonsense"); got.code == ExitFine {
		t.Error("no key, and no complaint")
	}
}

func TestWhatIsGoneIsListedApart(t *testing.T) {
	f := company()
	f.anomalies = []office.FoundAnomaly{{Anomaly: unknownBadge().Anomaly, Status: app.AnomalyGone, Gone: &app.Gone{At: instant("2026-11-03T08:00:00Z"), ReadingID: "r2"}}}
	o := object(t, faked(t, f, nil, "--json", "anomalies", "--since", "2026-11-03").out)
	if f.anomalyAsk.Status != app.AnomalyGone || f.anomalyAsk.Since != instant("2026-11-02T23:00:00Z") || at(t, o, "anomalies.0.gone.readingId") != "r2" {
		t.Errorf("asks for %+v, says %v", f.anomalyAsk, o)
	}
}

// A site whose box was broken: for whoever has no hours there yet.
func TestHoursOfASiteAreStated(t *testing.T) {
	f := company()
	from, to := instant("2026-11-02T05:00:00Z"), instant("2026-11-02T13:00:00Z")
	span := app.Span{From: from, To: to}
	f.proposed = []office.ProposedPresence{
		{WorkerID: "w1", EngagementID: "g1", Day: app.NewDate(2026, 11, 2), Span: span, Known: true},
		{WorkerID: "w2", EngagementID: "g2", Day: app.NewDate(2026, 11, 2), Span: span},
	}
	line := []string{"adjust", "site", "--site", "leuven", "--from", "2026-11-02", "--to", "2026-11-02", "--hours", "06:00-14:00", "--reason", "box-broken"}
	if got := faked(t, f, nil, line...); got.code != ExitFine {
		t.Fatal(got.err)
	}
	day := app.NewDate(2026, 11, 2)
	wantDid(t, f, "propose", app.ID("s1"), app.Days{From: day, To: day}, "06:00–14:00", "presence", app.ID("g2"), app.ID("s1"), from, to, "box-broken", "")
	f.did = nil
	if got := faked(t, f, nil, append(line, "--worker", "anna")...); got.code == ExitFine {
		t.Error("nobody is left, and no complaint")
	}
	line[9] = "6 to 14"
	if got := faked(t, f, nil, line...); got.code != ExitUsage {
		t.Errorf("hours that are none: code %d", got.code)
	}
}
