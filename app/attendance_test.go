package app_test

import (
	"testing"

	"klokkast/app"
)

func TestAnomalyKeyIsReadBack(t *testing.T) {
	for _, k := range []app.AnomalyKey{
		{Rule: app.MissingOut, Subject: app.Subject{Kind: app.AboutEngagement, ID: "e1"}, Anchor: "box/log/3"},
		{Rule: app.UnknownBadge, Subject: app.Subject{Kind: app.AboutIdentifier, ID: "pin:hall:17"}},
		{Rule: app.Overlap, Subject: app.Subject{Kind: app.AboutEngagement, ID: "e1"}, Anchor: "b/l/3+c/l/4"},
	} {
		if got, err := app.ParseAnomalyKey(k.String()); err != nil || got != k {
			t.Errorf("%s is read as %+v, %v", k, got, err)
		}
	}
	for _, s := range []string{"", "missing-out", "missing-out|engagement", "missing-out|engagement:e1", "missing-out|e1|x"} {
		if k, err := app.ParseAnomalyKey(s); err == nil {
			t.Errorf("%q is read as %+v", s, k)
		}
	}
}

func TestSeverityIsReadBack(t *testing.T) {
	for _, s := range []app.Severity{app.Information, app.Warning, app.Serious} {
		var got app.Severity
		if b, _ := s.MarshalText(); got.UnmarshalText(b) != nil || got != s {
			t.Errorf("%s is read as %s", s, got)
		}
	}
	if new(app.Severity).UnmarshalText([]byte("grave")) == nil {
		t.Error("an unknown severity is read")
	}
}
