package cli

import (
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/devices/simbox"
	"klokkast/ui/officetest"
)

const strayCard = "04DEADBEEF"

// stray is a company where somebody tapped with a card that nobody holds, on 2 November; it gives the key of that anomaly.
func stray(t *testing.T) (*officetest.Company, string) {
	t.Helper()
	c := officetest.New(t)
	c.AtRegister()
	c.Read(officetest.Tap{Card: strayCard, At: "2026-11-02 06:58", Key: app.KeyIn}, officetest.Tap{Card: strayCard, At: "2026-11-02 14:58", Key: app.KeyOut})
	found := c.Anomaly(app.UnknownBadge)
	return c, found.Key().String()
}

// What a step changes is said before it is done; where it reaches what was sent
// nothing is done unless --yes says so.
func TestAPreviewComesFirst(t *testing.T) {
	const light = "Peeters Bart, 02/11/2026: now nothing, then 8:00"
	for _, q := range []struct {
		name, line string
		code       int
		did        bool
		says       string
	}{
		{"light", "anomaly assign {key} --worker bart", ExitFine, true, light},
		{"only looked at", "anomaly assign {key} --worker bart --dry-run", ExitFine, false, "Nothing was changed"},
		{"sent already", "badge give 04A1B2C3 --worker bart --from 2026-11-01", ExitFailed, false, "Already at CIAO"},
		{"sent already, but meant", "badge give 04A1B2C3 --worker bart --from 2026-11-01 --yes", ExitFine, true, "Already at CIAO"},
	} {
		t.Run(q.name, func(t *testing.T) {
			c, key := stray(t)
			c.Read(officetest.In("2026-11-03 07:00"), officetest.Out("2026-11-03 11:00"))
			asked(t, c, "ciao send")
			before := len(c.Acts(""))
			got := klokkast(t, c, nil, append([]string{"--lang=en"}, words(strings.ReplaceAll(q.line, "{key}", key))...)...)
			if did := len(c.Acts("")) > before; got.code != q.code || did != q.did || !strings.Contains(got.out, q.says) {
				t.Errorf("code %d, did %v, says %q %q", got.code, did, got.out, got.err)
			}
		})
	}
	c, key := stray(t)
	looked := asked(t, c, "anomaly assign "+key+" --worker bart --dry-run")
	want(t, looked, map[string]any{"dryRun": true, "effect.days.0.afterMinutes": 480})
	asked(t, c, "anomaly assign "+key+" --worker bart")
	want(t, asked(t, c, "staff list --worker bart"), map[string]any{
		"workers.0.badges.0.value": strayCard, "workers.0.badges.0.engagementId": string(c.OfBart.ID), "workers.0.badges.0.span.from": "2026-11-01T23:00:00.000Z"})
	c.Read(officetest.In("2026-11-03 07:00"))
	asked(t, c, "ciao send")
	sent := asked(t, c, "badge give 04A1B2C3 --worker bart --from 2026-11-01 --dry-run")
	want(
		t,
		sent,
		map[string]any{
			"effect.alreadySent.0.workerId":    string(c.Anna.ID),
			"effect.alreadySent.0.nowWorkerId": string(c.Bart.ID),
			"effect.alreadySent.0.state":       "accepted",
		},
	)
}

func TestAnomalyShowSaysWhatExplainsIt(t *testing.T) {
	c := officetest.New(t)
	c.Now = c.At("2026-11-02 06:00")
	box := c.Cables.Plug(t, "usb:1", officetest.Known())
	checked(t, c)
	asked(t, c, "site change L1 --threshold day-limit=7h")
	tapAt(t, c, box, "2026-11-02 06:58", app.KeyIn)
	c.Do(box.Drift(-2 * time.Second))
	tapAt(t, c, box, "2026-11-02 14:58", app.KeyOut)
	c.Now = c.At("2026-11-02 18:00")
	checked(t, c)
	asked(t, c, "box read")
	found := c.Anomaly(app.DayLimit)
	key := found.Key().String()
	asked(t, c, "anomaly reopen "+key+` --note "who was it?"`)
	shown := said(t, c, "anomaly show "+key)
	wantText(t, shown, "06:58:02", "06:58:00", "± 1ms", "18:00, Els", "ignore a tap", "(site)", "who was it?")
	if strings.Contains(shown, "  reopen\n") {
		t.Error("a step that does not apply is offered")
	}
	inst := officetest.Must(c.Store.Installation(t.Context()))(t)
	want(t, asked(t, c, "anomaly show "+key), map[string]any{
		"anomaly.evidence.0.uncertaintyMs": 1, "anomaly.evidence.0.installation": string(inst.ID), "anomaly.evidence.0.raw": "2026-11-02T05:58:00.000Z",
		"anomaly.evidence.0.at": "2026-11-02T05:58:02.000Z", "anomaly.thresholdUsed.from": "site", "anomaly.steps.2.applies": false, "history.0.by": "Els",
	})
	wantText(t, said(t, c, "anomaly history "+key), "reopened")
	if got := klokkast(t, c, nil, "anomaly", "show", "nonsense"); got.code == ExitFine {
		t.Error("no key, and no complaint")
	}
}

// unread is a company on 23 November, 10:52, one of whose boxes, usb:2, nobody has read for eleven days.
func unread(t *testing.T) *officetest.Company {
	t.Helper()
	c := officetest.New(t)
	c.Now = c.At("2026-11-12 06:00")
	c.Cables.Plug(t, "usb:1", officetest.Known())
	later := officetest.Known().UID // lists that stand by it put the other one first
	later[0] = 0xF0
	second := c.Cables.Plug(t, "usb:2", simbox.Factory{UID: later, Label: "Inkom"})
	asked(t, c, "box read --all")
	c.Do(c.Office().Boxes.PlaceBox(t.Context(), second.LogKey().Box, c.Site.ID, c.At("2026-01-01 00:00"), officetest.Why))
	c.Now = c.At("2026-11-23 10:52")
	asked(t, c, "box read --box usb:1")
	return c
}

func TestWhatIsGoneIsListedApart(t *testing.T) {
	c := unread(t)
	want(t, asked(t, c, "anomalies --rule box-unread"), map[string]any{"anomalies.0.status": "open"})
	r := at(t, asked(t, c, "--actor Karel box read --box usb:2"), "readings.0.id")
	want(t, asked(t, c, "anomalies --rule box-unread --since 2026-11-23"), map[string]any{
		"anomalies.0.rule": "box-unread", "anomalies.0.status": "gone", "anomalies.0.gone.readingId": r, "anomalies.0.gone.by": "Karel"})
	for _, none := range []string{"--since 2026-11-24", "--status open"} {
		if list := at(t, asked(t, c, "anomalies --rule box-unread "+none), "anomalies").([]any); len(list) != 0 {
			t.Errorf("%s: %v", none, list)
		}
	}
}

// A site whose box was broken: for whoever has no hours there yet.
func TestHoursOfASiteAreStated(t *testing.T) {
	c := officetest.New(t)
	o, ctx := c.Office(), t.Context()
	day := app.NewDate(2026, 11, 2)
	for _, e := range []app.Engagement{c.OfAnna, c.OfBart} {
		officetest.Must(
			o.Plan.AddPlanLine(
				ctx,
				app.PlanLine{SiteID: c.Site.ID, EngagementID: e.ID, Hours: app.Hours{From: 360, To: 840}, Days: app.Days{From: day, To: day}},
				officetest.Why,
			),
		)(
			t,
		)
	}
	c.Read(officetest.In("2026-11-02 06:00"), officetest.Out("2026-11-02 14:00"))
	line := []string{"adjust", "site", "--site", "leuven", "--from", "2026-11-02", "--to", "2026-11-02", "--hours", "06:00-14:00", "--reason", "box-broken"}
	if got := klokkast(t, c, nil, line...); got.code != ExitFine {
		t.Fatal(got.err)
	}
	want(t, asked(t, c, "presences --worker bart"), map[string]any{
		"presences.0.in.at": "2026-11-02T05:00:00.000Z", "presences.0.out.at": "2026-11-02T13:00:00.000Z", "presences.0.siteId": string(c.Site.ID), "presences.0.adjusted": true})
	want(t, asked(t, c, "presences --worker anna"), map[string]any{"presences.0.adjusted": nil, "presences.0.in.punch.seq": 1})
	if got := klokkast(t, c, nil, append(line, "--worker", "anna")...); got.code == ExitFine {
		t.Error("nobody is left, and no complaint")
	}
	line[9] = "6 to 14"
	if got := klokkast(t, c, nil, line...); got.code != ExitUsage {
		t.Errorf("hours that are none: code %d", got.code)
	}
}
