package attendance

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"klokkast/app"
)

// allRules reads the rules from package app itself, so that none is forgotten.
func allRules(t *testing.T) (rules []app.Rule) {
	t.Helper()
	source, err := os.ReadFile("../attendance.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)\bRule\s+= "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		rules = append(rules, app.Rule(m[1]))
	}
	if len(rules) < 38 {
		t.Fatalf("found only %d rules", len(rules))
	}
	return rules
}

// Every rule, threshold, severity and reason has its texts in all four languages.
func TestTextsAreThere(t *testing.T) {
	rules := allRules(t)
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
