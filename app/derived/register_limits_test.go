package derived

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/workspace"
)

// The rules about the register have no default of their own: the rule book's reaches them.
func TestLimitsOfTheRegisterAreThoseOfTheRuleBook(t *testing.T) {
	var settings workspace.Settings
	if s := sendingRules(settings); s.SentLate != 10*time.Minute || s.CorrectionSerious != 10 || s.WindowDays != 30 || s.ClockLimit != time.Minute {
		t.Errorf("the defaults: %+v", s)
	}
	settings.Company = app.Thresholds{app.SentLateAfter: 3_600_000, app.CorrectionSerious: 20}
	if s := sendingRules(settings); s.SentLate != time.Hour || s.CorrectionSerious != 20 {
		t.Errorf("the company's: %+v", s)
	}
}
