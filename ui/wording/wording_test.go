package wording_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/reading"
	"klokkast/app/text"
	"klokkast/app/text/texttest"
	"klokkast/ui/wording"
)

func catalogue(t *testing.T) *text.Catalogue {
	t.Helper()
	return texttest.Catalogue(t)
}

type names struct{}

func (names) Worker(app.ID) string { return "Peeters An" }
func (names) Site(app.ID) string   { return "Stadhuis Leuven" }
func (names) Box(string) string    { return "Inkom" }
func (names) Zone(app.ID) *time.Location {
	z, err := app.DefaultZone.Load()
	if err != nil {
		return time.UTC
	}
	return z
}

// constants returns the values of the constants of one type, read from package
// app itself: a constant added there without a text fails here.
func constants(t *testing.T, file, typ string) []string {
	t.Helper()
	source, err := os.ReadFile("../../app/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, line := range strings.Split(string(source), "\n") {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || name == "" || !strings.Contains(rest, typ+" ") {
			continue
		}
		if m := regexp.MustCompile(`^` + typ + `\s+= "([^"]+)"`).FindStringSubmatch(strings.TrimSpace(rest)); m != nil {
			values = append(values, m[1])
		}
	}
	if len(values) < 2 {
		t.Fatalf("found only %v of %s", values, typ)
	}
	return values
}

func TestEveryCodeHasAWordInEveryLanguage(t *testing.T) {
	c := catalogue(t)
	for _, l := range app.Languages {
		tr := c.For(l)
		check := func(kind string, codes []string) {
			for _, code := range codes {
				if key := strings.ReplaceAll(kind, "*", code); !tr.Has(key) {
					t.Errorf("%s: no %s", l, key)
				}
			}
		}
		check("word.status.*", constants(t, "attendance.go", "AnomalyStatus"))
		check("held.*", constants(t, "registration.go", "HeldReason"))
		check("regstate.*", constants(t, "registration.go", "RegistrationState"))
		check("word.outcome.*", constants(t, "registration.go", "AttemptOutcome"))
		check("word.role.*", constants(t, "tap.go", "TapRole"))
		check("word.decision.*", constants(t, "site.go", "Decision"))
		check("word.capacity.*", constants(t, "people.go", "Capacity"))
		check("word.employer.*", constants(t, "people.go", "EmployerKind"))
		check("word.reading.*", constants(t, "box.go", "ReadingState"))
		check("word.environment.*", constants(t, "environment.go", "Environment"))
		check("reason.*", app.ReasonCodes[:])
		check("severity.*", []string{"information", "warning", "serious"})
		check("word.key.*", []string{"in", "out", "break-start", "break-end"})
		for _, p := range constants(t, "reading/fault.go", "Fault") {
			if !tr.Has("word.fault." + p) {
				t.Errorf("%s: no word for the fault %s", l, p)
			}
			if key := reading.HelpKey(p); key != "" && !tr.Has(key) {
				t.Errorf("%s: no %s", l, key)
			}
		}
	}
}

func TestAnomaly(t *testing.T) {
	tr := catalogue(t).For(app.English)
	at := app.At(time.Date(2026, 11, 20, 5, 58, 12, 0, time.UTC))
	h := int64(time.Hour / time.Millisecond)
	for _, c := range []struct {
		a    app.Anomaly
		want string
	}{
		{app.Anomaly{Rule: app.MissingOut, At: at}, "Peeters An checked in at Stadhuis Leuven on 20/11/2026 at 06:58 and never out"},
		{app.Anomaly{Rule: app.DayLimit, Day: app.NewDate(2026, 11, 20), Value: 9*h + h/2, Limit: 9 * h}, "Peeters An worked 9:30 on 20/11/2026; the daily limit is 9:00."},
		{app.Anomaly{Rule: app.SequenceGap, Box: "b", Facts: map[string]string{"first": "3981", "last": "3990"}}, "Records 3,981 to 3,990 of Inkom are missing."},
		{app.Anomaly{Rule: app.BoxUnread, Box: "b", Value: 9 * 24 * h, Limit: 7 * 24 * h}, "Inkom at Stadhuis Leuven has not been read for 9 days; the limit is 7 days."},
		{app.Anomaly{Rule: app.ClockDrift, Box: "b", Value: -45_000, Limit: 30_000}, "The clock of Inkom is off by 45 seconds (limit 30 seconds)."},
		{app.Anomaly{Rule: app.IdentityRule, Facts: map[string]string{"problem": "ssin-wrong"}}, "The punches of Peeters An cannot be registered: SSIN wrong."},
		{app.Anomaly{Rule: app.UnknownBadge, Subject: app.Subject{Kind: app.AboutIdentifier, ID: "card:0BAD"}, At: at}, "Someone tapped at Stadhuis Leuven with badge 0BAD, which nobody held then"},
		{app.Anomaly{Rule: "brand-new"}, "brand-new"},
	} {
		got := wording.Anomaly(tr, names{}, &c.a)
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.a.Rule, got, c.want)
		}
	}
}

func TestNoAnomalyLeavesAHoleInItsText(t *testing.T) {
	c := catalogue(t)
	for _, l := range app.Languages {
		for _, r := range attendance.Rules() {
			a := app.Anomaly{Rule: r.Name}
			if s := wording.Anomaly(c.For(l), names{}, &a); s == "" || strings.Contains(s, "<no value>") || strings.Contains(s, "[[") ||
				strings.Contains(s, "{{") {
				t.Errorf("%s %s: %q", l, r.Name, s)
			}
		}
	}
	if m := c.Missing(); len(m) > 0 {
		t.Errorf("missing: %v", m)
	}
}

func TestRegistration(t *testing.T) {
	tr := catalogue(t).For(app.Dutch)
	for _, c := range []struct {
		r    app.Registration
		want string
	}{
		{app.Registration{State: app.RegAccepted, Validity: "valid"}, "aanvaard (geldig)"},
		{app.Registration{State: app.RegAccepted, Validity: "somethingNew"}, "aanvaard (niet definitief: “somethingNew”)"},
		{app.Registration{State: app.RegHeld, Held: app.HeldNoSSIN}, "vastgehouden: Geen geldig INSZ: via dit kanaal kan niet geregistreerd worden."},
		{app.Registration{State: app.RegUnknown, NeedsPerson: true}, "afloop onbekend: wacht op uw beslissing"},
	} {
		if got := wording.Registration(tr, &c.r); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if got := wording.Registration(tr, nil); got != "" {
		t.Errorf("nothing is worded as %q", got)
	}
}

func TestAddressAndBadge(t *testing.T) {
	tr := catalogue(t).For(app.English)
	a := app.Address{Street: "Grote Markt", HouseNumber: "1", BoxNumber: "2", PostCode: "3000", Municipality: "Leuven"}
	if got := wording.Address(a); got != "Grote Markt 1 / 2, 3000 Leuven" {
		t.Errorf("got %s", got)
	}
	if got := wording.Address(app.Address{}); got != "" {
		t.Errorf("no address gives %q", got)
	}
	i := app.Identifier{Key: app.IdentifierKey{Kind: app.Card, Value: "04A1B2"}, Label: "117"}
	if got := wording.Badge(tr, i); got != "117 (badge 04A1B2)" {
		t.Errorf("got %s", got)
	}
}
