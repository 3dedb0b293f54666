package data

import (
	"testing"

	"klokkast/app"
)

func TestStateOfAnAnomalyIsReplaced(t *testing.T) {
	s := newStore(t)
	key := app.AnomalyKey{Rule: app.MissingOut, Subject: app.Subject{Kind: app.AboutEngagement, ID: "e"}, Anchor: "box/log/3"}
	explained := app.AnomalyState{Key: key, Status: app.AnomalyExplained, Reason: "forgot", Note: "x", By: "An", At: 1, Evidence: "aa"}
	must(t, s.SetAnomalyState(t.Context(), explained, did("anomaly.explain", "anomaly:"+key.String())))
	open := explained
	open.Status, open.Reason, open.Note, open.At = app.AnomalyOpen, "", "", 2
	must(t, s.SetAnomalyState(t.Context(), open, did("anomaly.reopen", "anomaly:"+key.String())))
	same(t, get(t, s.AnomalyStates), []app.AnomalyState{open})
	trail, err := s.Trail(t.Context(), "anomaly:"+key.String(), 0)
	must(t, err)
	if len(trail) != 2 {
		t.Errorf("trail %v", trail)
	}
}
