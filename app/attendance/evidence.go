package attendance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"klokkast/app"
)

// Evidence is the hash of what an anomaly rests on: its identity and its
// punches. No text, threshold or computed time is in it. An explanation keeps
// it; where it changes the anomaly opens again. Standing findings (no anchor)
// rest on nothing that may change: new punches in one do not reopen it.
func Evidence(a *app.Anomaly) string {
	h := sha256.New()
	fmt.Fprintln(h, a.Key())
	if a.Anchor != "" {
		for _, k := range a.Punches {
			fmt.Fprintln(h, k)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// settled says that someone dealt with an anomaly: adjusted it, or explained it as it is now.
func (f *facts) settled(a *app.Anomaly) bool {
	if _, adjusted := app.FactAdjusted.Of(a); adjusted {
		return true
	}
	s := f.explained[a.Key()]
	return s != nil && (s.Evidence == "" || s.Evidence == Evidence(a))
}
