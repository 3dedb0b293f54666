package attendance

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"klokkast/app"
)

// Every rule, threshold, severity and reason has its texts in all four languages.
func TestTextsAreThere(t *testing.T) {
	rules := []app.Rule{app.MissingOut, app.MissingIn, app.DuplicateTap, app.KeyContradiction, app.UnknownBadge, app.InactiveWorker,
		app.AmbiguousEmployer, app.AmbiguousDeclared, app.Overlap, app.ImpossibleTravel, app.TogetherAlways, app.LongPresence, app.DayLimit,
		app.ShortPresence, app.NoBreak, app.ShortRest, app.WeekLimit, app.NightWork, app.SundayHoliday, app.ClockDrift, app.ClockReset,
		app.FuturePunch, app.BoxEventRule, app.SequenceGap, app.BoxUnread, app.NoDeclaration, app.DeclarationExpired, app.DeclarationExpiring,
		app.UndecidedSite, app.IdentityRule, app.SentLate, app.RefusedRule, app.CorrectionDue, app.NightOrForgotten, app.NotShown, app.Late,
		app.EarlyLeave, app.NotPlanned}
	var keys []string
	for _, r := range rules {
		keys = append(keys, "anomaly."+string(r)+".title", "anomaly."+string(r)+".text", "anomaly."+string(r)+".steps")
	}
	for _, d := range Defaults() {
		keys = append(keys, "threshold."+string(d.Name))
	}
	for _, r := range app.ReasonCodes {
		keys = append(keys, "reason."+r)
	}
	for _, s := range []app.Severity{app.Information, app.Warning, app.Serious} {
		keys = append(keys, "severity."+s.String())
	}
	for _, fact := range []string{oddRepeated, oddCorrected, oddOutBreak, oddEndAtWork, oddTwoStarts, "case-opened", "store-full", "power-lost", "memory",
		"ssin-missing", "ssin-wrong", "limosa-expired", "enterprise-missing", "enterprise-wrong",
		reasonCancelled, reasonReplaced, reasonAbsent} {
		keys = append(keys, "anomaly.fact."+fact)
	}
	for _, l := range app.Languages {
		raw, err := os.ReadFile("../../assets/translations/anomaly." + string(l) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		for _, k := range keys {
			if strings.TrimSpace(texts[k]) == "" {
				t.Errorf("%s has no %s", l, k)
			}
			delete(texts, k)
		}
		for k := range texts {
			t.Errorf("%s has %s, which nothing asks for", l, k)
		}
	}
}
