package cli

import (
	"bytes"
	"image"
	"image/png"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/importing"
	"klokkast/app/reading"
	"klokkast/ui/officetest"
)

// words divides a command line as a shell does: by blanks, but not within "…".
func words(line string) (out []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

// aWeek is a company of which the box was read: Anna forgot to check out on 2 November, and worked on the 3rd.
func aWeek(t *testing.T) *officetest.Company {
	c := officetest.New(t)
	c.Read(officetest.In("2026-11-02 06:58"), officetest.In("2026-11-03 07:00"), officetest.Out("2026-11-03 11:00"))
	return c
}

// ids names the ids of a company in what is typed and answered.
func ids(c *officetest.Company, more ...string) []string {
	return append([]string{
		"{anna}", string(c.Anna.ID), "{bart}", string(c.Bart.ID), "{of anna}", string(c.OfAnna.ID), "{of bart}", string(c.OfBart.ID),
		"{firm}", string(c.Firm.ID), "{subcontractor}", string(c.Subcontractor.ID), "{site}", string(c.Site.ID), "{far}", string(c.Far.ID),
		"{client}", string(c.Client), "{declaration}", string(c.Declared.ID), "{log}", officetest.BoxUID + "/" + officetest.BoxLog, "{box}", officetest.BoxUID,
	}, more...)
}

// answer is the JSON answer to a line with names for the ids; {new} is one that the company was not made with.
func answer(t *testing.T, c *officetest.Company, names []string, line string) map[string]any {
	t.Helper()
	typed, told := strings.NewReplacer(names...), append([]string{}, names...)
	slices.Reverse(told)
	got := klokkast(t, c, nil, append([]string{"--json"}, words(typed.Replace(line))...)...)
	return object(t, anyID.ReplaceAllString(strings.NewReplacer(told...).Replace(got.out), "{new}"))
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// differences returns what is otherwise in one answer than in another, by its path; nil is what is gone.
func differences(before, after map[string]any) map[string]any {
	was, is, out := map[string]any{}, map[string]any{}, map[string]any{}
	flatten("", before, was)
	flatten("", after, is)
	for path, v := range is {
		if old, there := was[path]; !there || old != v {
			out[path] = v
		}
	}
	for path := range was {
		if _, there := is[path]; !there {
			out[path] = nil
		}
	}
	return out
}

// flatten names each value by its path; what has an id is named by it, and by its place in the list otherwise.
func flatten(path string, v any, out map[string]any) {
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x {
			flatten(path+"."+k, e, out)
		}
	case []any:
		for i, e := range x {
			name := strconv.Itoa(i)
			if o, ok := e.(map[string]any); ok && o["id"] != nil {
				name = o["id"].(string)
			}
			flatten(path+"."+name, e, out)
		}
	default:
		if n, ok := v.(float64); ok && n == float64(int(n)) {
			v = int(n)
		}
		out[strings.TrimPrefix(path, ".")] = v
	}
}

// wantDifferences compares what is otherwise. A path that ends in * is everything below it that is not named: "gone", "new", or "any".
func wantDifferences(t *testing.T, got, want map[string]any) {
	t.Helper()
	for path, w := range want {
		prefix, all := strings.CutSuffix(path, "*")
		if !all {
			continue
		}
		found := 0
		for p, v := range got {
			if _, named := want[p]; !named && strings.HasPrefix(p, prefix) {
				found++
				delete(got, p)
				if w != "any" && (v == nil) != (w == "gone") {
					t.Errorf("%s is %v, want %s", p, v, w)
				}
			}
		}
		if found == 0 {
			t.Errorf("nothing is otherwise below %s", path)
		}
		want = maps.Clone(want)
		delete(want, path)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("otherwise is (-want +got):\n%s", diff)
	}
}

// change is a command line, and what is otherwise afterwards in the answer to another one.
type change struct {
	before func(t *testing.T, c *officetest.Company) (id string) // prepares something, whose id is {id}
	line   string
	ask    string
	want   map[string]any
}

// TestChanges: what a command line changes, and that it changes nothing else. Times without a zone are
// those of the site: Ponta Delgada lies on the Azores.
func TestChanges(t *testing.T) {
	answers := []string{"--json", "--lang=nl", "--lang=fr", "--lang=de", "--lang=en"}
	if testing.Short() { // the words need no race detector
		answers = answers[:1]
	}
	for _, c := range changes {
		t.Run(c.line, func(t *testing.T) {
			t.Parallel()
			for _, lang := range answers {
				c.in(t, lang)
			}
		})
	}
}

func (c change) in(t *testing.T, lang string) {
	t.Helper()
	company, id := aWeek(t), ""
	if c.before != nil {
		id = c.before(t, company)
	}
	names := ids(company)
	if strings.Contains(c.line, "{missing-out}") {
		open := company.Anomaly(app.MissingOut)
		names = append(names, "{missing-out}", open.Key().String())
	}
	if id != "" {
		names = append(names, "{id}", id)
	}
	line := words(strings.NewReplacer(names...).Replace(c.line))
	before := map[string]any{}
	if lang == "--json" {
		before = answer(t, company, names, c.ask)
	}
	got := klokkast(t, company, nil, append([]string{lang}, line...)...)
	if got.code != ExitFine {
		t.Fatalf("exit code %d: %s%s", got.code, got.out, got.err)
	}
	if lang != "--json" {
		if got.out == "" || strings.Contains(got.out, "<no value>") {
			t.Errorf("says %q", got.out)
		}
		return
	}
	if at(t, object(t, got.out), "message") == "" {
		t.Error("no message")
	}
	wantDifferences(t, differences(before, answer(t, company, names, c.ask)), c.want)
	wantReasons(t, company, line)
}

// wantReasons looks in the trail for what was said of a change.
func wantReasons(t *testing.T, c *officetest.Company, line []string) {
	t.Helper()
	acts := c.Acts("")
	for i, word := range line {
		if (word == "--why" || word == "--note" || word == "--reason" || word == "--group") &&
			!slices.ContainsFunc(acts, func(a app.TrailEntry) bool { return strings.Contains(a.Payload, line[i+1]) }) {
			t.Errorf("the trail lacks %s %q", word, line[i+1])
		}
	}
}

var changes = []change{
	{line: "anomaly explain {missing-out} --reason wrong-key --note pressed", ask: "anomalies --status all", want: map[string]any{
		"anomalies.0.status": "explained", "anomalies.0.state.status": "explained", "anomalies.0.state.reason": "wrong-key", "anomalies.0.state.note": "pressed",
		"anomalies.0.state.noteLanguage": "nl", "anomalies.0.state.by": "Els", "anomalies.0.state.at": "2026-11-23T11:00:00.000Z",
		"anomalies.0.state.*": "new", "anomalies.0.steps.*": "new",
	}},
	{line: "anomaly reopen {missing-out} --note again", ask: "anomalies --status all", want: map[string]any{
		"anomalies.0.state.status": "open", "anomalies.0.state.note": "again", "anomalies.0.state.*": "new",
	}},
	{line: `anomaly adjust {missing-out} --at "2026-11-02 14:00" --reason forgot`, ask: "presences", want: forgotten("2026-11-02T13:00:00.000Z", 25_320_000)},
	{before: moved, line: `anomaly adjust {missing-out} --at "2026-11-02 14:00" --reason forgot`, ask: "presences", want: func() map[string]any {
		late := forgotten("2026-11-02T15:00:00.000Z", 32_520_000) // the Azores
		late["workdays.0.nightMs"] = 62 * 60_000
		return late
	}()},
	{
		line: `adjust presence --worker bart --site leuven --from "2026-11-02 06:00" --to 2026-11-02T14:00 --reason box-broken`,
		ask:  "presences --worker bart",
		want: map[string]any{
			"presences.0.engagementId": "{of bart}", "presences.0.siteId": "{site}", "presences.0.in.at": "2026-11-02T05:00:00.000Z", "presences.0.out.at": "2026-11-02T13:00:00.000Z",
			"presences.0.in.adjustment": "{new}", "workdays.0.adjustedMs": 8 * 3_600_000, "presences.0.*": "new", "workdays.0.*": "new",
		},
	},
	{
		before: statedHours,
		line:   "adjustment withdraw {id} --why mistaken",
		ask:    "presences --worker bart",
		want:   map[string]any{"presences.0.*": "gone", "workdays.0.*": "gone"},
	},
	{line: "punch ignore {log}/1 --reason wrong-key", ask: "punch list", want: map[string]any{"punches.2.role": "ignored", "punches.2.day": nil}},
	{
		line: "punch ignore {log}/2 {log}/3 --reason other --note tested",
		ask:  "presences",
		want: map[string]any{"presences.1.*": "gone", "workdays.1.*": "gone"},
	},
	{before: ignored, line: "punch count-again {log}/2 {log}/3 --why real", ask: "presences", want: map[string]any{
		"presences.1.in.punch.seq": 2, "presences.1.out.punch.seq": 3, "workdays.1.workedMs": 4 * 3_600_000, "presences.1.*": "new", "workdays.1.*": "new",
	}},

	{line: "worker add --family-name Maes --given-name Jan --paper fr --limosa-to 2026-12-31 --ssin 93.05.18-223.61", ask: "staff list", want: map[string]any{
		"workers.{new}.id": "{new}", "workers.{new}.familyName": "Maes", "workers.{new}.givenName": "Jan", "workers.{new}.name": "Maes Jan", "workers.{new}.language": "fr",
		"workers.{new}.limosaDays.to": "2026-12-31", "workers.{new}.ssin": "930*****61", "workers.{new}.open": 0,
	}},
	{
		line: `worker change 007 --family-name Maes --why "she married"`,
		ask:  "--reveal staff list",
		want: map[string]any{"workers.{anna}.familyName": "Maes", "workers.{anna}.name": "Maes Anna"},
	},
	{line: "worker end bart --last 2026-11-30", ask: "staff list", want: map[string]any{
		"workers.{bart}.ended": "2026-11-30T23:00:00.000Z", "workers.{bart}.engagements.{of bart}.days.to": "2026-11-30"}}, // his number is missing until his last day is over
	{line: "worker end bart", ask: "staff list", want: map[string]any{
		"workers.{bart}.ended": "2026-11-23T23:00:00.000Z", "workers.{bart}.engagements.{of bart}.days.to": "2026-11-23"}},
	{line: "engagement add --worker bart --employer hulp --capacity temporary --weekly-hours 19.5 --rounding 15", ask: "staff list", want: map[string]any{
		"workers.{bart}.engagements.{new}.id": "{new}", "workers.{bart}.engagements.{new}.workerId": "{bart}", "workers.{bart}.engagements.{new}.employerId": "{subcontractor}",
		"workers.{bart}.engagements.{new}.capacity": "temporary", "workers.{bart}.engagements.{new}.days.from": "2026-11-23", "workers.{bart}.engagements.{new}.weeklyMinutes": 1170,
		"workers.{bart}.engagements.{new}.rounding.minutes": 15, "workers.{bart}.engagements.{new}.rounding.mode": "nearest", "workers.{bart}.engagements.{new}.default": false,
	}},
	{line: "engagement change {of bart} --to 2026-12-31 --default", ask: "staff list", want: map[string]any{
		"workers.{bart}.engagements.{of bart}.days.to": "2026-12-31", "workers.{bart}.engagements.{of bart}.default": true}},
	{line: `badge give 00471CF2 --worker anna --from "2026-11-20 06:00" --label A-18`, ask: "staff list", want: map[string]any{
		"workers.{anna}.badges.1.kind": "card", "workers.{anna}.badges.1.value": "00471CF2", "workers.{anna}.badges.1.label": "A-18",
		"workers.{anna}.badges.1.engagementId": "{of anna}", "workers.{anna}.badges.1.span.from": "2026-11-20T05:00:00.000Z",
	}},
	{line: "badge give 17 --pin --group leuven --worker bart", ask: "staff list", want: map[string]any{
		"workers.{bart}.badges.0.kind": "pin", "workers.{bart}.badges.0.value": "17", "workers.{bart}.badges.0.group": "leuven",
		"workers.{bart}.badges.0.engagementId": "{of bart}", "workers.{bart}.badges.0.span.from": "2026-11-22T23:00:00.000Z",
	}},
	{line: "badge end 04:a1:b2:c3 --why lost", ask: "staff list", want: map[string]any{"workers.{anna}.badges.0.*": "gone"}},
	{line: "employer add --name Glans --kind subcontractor --enterprise 0206.731.645", ask: "employer list", want: map[string]any{
		"employers.{new}.id": "{new}", "employers.{new}.name": "Glans", "employers.{new}.kind": "subcontractor", "employers.{new}.enterpriseNumber": "0206731645",
	}},
	{
		line: "employer change hulp --foreign-vat PL1234567890",
		ask:  "employer list",
		want: map[string]any{"employers.{subcontractor}.foreignVat": "PL1234567890"},
	},

	{line: "site add --name Zwembad --client leuven --coordinates 50.88,4.7", ask: "site list", want: map[string]any{
		"sites.{new}.name": "Zwembad", "sites.{new}.clientId": "{client}", "sites.{new}.coordinates.latitude": 50.88, "sites.{new}.coordinates.longitude": 4.7,
		"sites.{new}.decision": "undecided", "sites.{new}.*": "new",
	}},
	{line: `site change L1 --house-number 10 --new-client "KU Leuven"`, ask: "site list", want: map[string]any{
		"sites.{site}.address.houseNumber": "10", "sites.{site}.client": "KU Leuven", "sites.{site}.clientId": "{new}"}},
	{line: `site change L1 --client ""`, ask: "site list", want: map[string]any{"sites.{site}.client": nil, "sites.{site}.clientId": nil}},
	{line: `site end ponta --at "2026-11-30 18:00"`, ask: "site list", want: map[string]any{"sites.{far}.ended": "2026-11-30T19:00:00.000Z"}},
	{line: "site decide L1 no --from 2026-12-01 --reason annex", ask: "site inspection L1 --at 2026-12-01", want: map[string]any{
		"decision.decision": "no", "decision.from": "2026-11-30T23:00:00.000Z", "decision.reason": "annex", "decision.at": "2026-11-23T11:00:00.000Z"}},
	{line: "declaration add 1Y1003SQ5VSSA --from 2026-01-01 --to 2026-12-31", ask: "declaration list", want: map[string]any{
		"declarations.{new}.id": "{new}", "declarations.{new}.number": "1Y1003SQ5VSSA", "declarations.{new}.days.from": "2026-01-01", "declarations.{new}.days.to": "2026-12-31"}},
	{line: "declaration add 1y10-03sq-5vssz --label Schools", ask: "declaration list", want: map[string]any{"declarations.{declaration}.label": "Schools"}},
	{line: "declaration link 1Y1003SQ5VSSZ ponta", ask: "site list", want: map[string]any{
		"sites.{far}.declarations.0.number": "1Y1003SQ5VSSZ", "sites.{far}.declarations.0.default": true, "sites.{far}.declarations.0.days.from": "2026-01-01"}},
	{line: "declaration link 1Y1003SQ5VSSZ L1 --no-default --to 2026-06-30", ask: "site list", want: map[string]any{
		"sites.{site}.declarations.0.default": false, "sites.{site}.declarations.0.days.to": "2026-06-30", "sites.{site}.open": 3}}, // no declaration of works now

	{before: paired, line: `box label 0a3f00 "Leuven inkom" --group leuven`, ask: "box list", want: map[string]any{"boxes.0.label": "Leuven inkom"}},
	{
		before: paired,
		line:   `box label 0a3f00 "Leuven inkom"`,
		ask:    "box info",
		want:   map[string]any{"info.label": "Leuven inkom", "info.last": 2},
	}, // in the box, which records it
	{before: quarantined, line: `box reopen 0a3f00 --why "The copy was destroyed"`, ask: "box list", want: map[string]any{"boxes.0.quarantined": nil}},
	{line: `box end-placement "leuven balie"`, ask: "site list", want: map[string]any{"sites.{site}.placements.{new}.span.to": "2026-11-23T11:00:00.000Z"}},

	{line: "settings set language fr", ask: "settings", want: map[string]any{"language": "fr"}},
	{line: `settings set actor "An Peeters"`, ask: "settings", want: map[string]any{"actor": "An Peeters"}},
	{line: `badge confirm-notation "leuven balie" reversed --why "holds the card"`, ask: "badge notations", want: map[string]any{
		"notations.{new}.id": "{new}", "notations.{new}.box": "{box}", "notations.{new}.kind": "reversed", "notations.{new}.by": "Els", "notations.{new}.at": "2026-11-23T11:00:00.000Z"}},
	{
		before: turned,
		line:   "badge withdraw-notation {id}",
		ask:    "badge notations",
		want:   map[string]any{"notations.{id}.withdrawn": "2026-11-23T11:00:00.000Z"},
	},
	{line: `settings set letterhead.name "De Zwaluw bv"`, ask: "settings", want: map[string]any{"letterhead.name": "De Zwaluw bv"}},
	{
		line: `settings set letterhead.lines "Vesaliusstraat 1;3000 Leuven"`,
		ask:  "settings",
		want: map[string]any{"letterhead.lines.0": "Vesaliusstraat 1", "letterhead.lines.1": "3000 Leuven"},
	},
	{line: "settings set letterhead.enterprise 0123.456.749", ask: "settings", want: map[string]any{"letterhead.enterpriseNumber": "0123456749"}},
	{before: logo, line: "settings set letterhead.logo {id}", ask: "settings", want: map[string]any{"letterhead.*": "new"}},
	{before: withLogo, line: "settings set letterhead.logo none", ask: "settings", want: map[string]any{"letterhead.logo": nil}},
	{line: "settings set extra-holiday 07-11", ask: "settings", want: map[string]any{"extraHoliday": "07-11"}},
	{before: setting("extra-holiday 07-11"), line: "settings set extra-holiday none", ask: "settings", want: map[string]any{"extraHoliday": nil}},
	{
		line: "settings set replacement-days 2026-11-02,2027-05-03",
		ask:  "settings",
		want: map[string]any{"replacementDays.0": "2026-11-02", "replacementDays.1": "2027-05-03"},
	},
	{line: `settings set threshold.day-limit "8 h"`, ask: "settings", want: map[string]any{"ownThresholds.day-limit": 8 * 3_600_000}},
	{line: "settings set threshold.impossible-travel=80km/h", ask: "settings", want: map[string]any{"ownThresholds.impossible-travel": 80}},
	{
		before: setting("threshold.day-limit=8h"),
		line:   "settings set threshold.day-limit default",
		ask:    "settings",
		want:   map[string]any{"ownThresholds.day-limit": nil},
	},
	{line: "settings set environment production", ask: "settings", want: map[string]any{"environment": "production", "simulated": false}},
}

// forgotten is how a day changes when its missing check-out is stated.
func forgotten(at string, worked int) map[string]any {
	return map[string]any{
		"presences.0.adjusted": true, "presences.0.state": "complete", "presences.0.out.at": at, "presences.0.out.raw": at, "presences.0.out.adjustment": "{new}",
		"presences.0.workedMs": worked, "workdays.0.workedMs": worked, "workdays.0.adjustedMs": worked, "workdays.0.incomplete": false,
	}
}

// moved has the box stand on the Azores since the first of November.
func moved(t *testing.T, c *officetest.Company) string {
	c.Do(c.Office().Boxes.PlaceBox(t.Context(), officetest.BoxUID, c.Far.ID, c.At("2026-11-01 00:00"), officetest.Why))
	return ""
}

// statedHours has somebody state that Bart was at the town hall on 2 November.
func statedHours(t *testing.T, c *officetest.Company) string {
	a := app.Adjustment{EngagementID: c.OfBart.ID, SiteID: c.Site.ID, Reason: "box-broken", From: c.At("2026-11-02 06:00"), To: c.At("2026-11-02 14:00")}
	c.Do(c.Office().Judgements.AdjustPresence(t.Context(), a))
	made := asked(t, c, "presences --worker bart")
	return at(t, made, "presences.0.in.adjustment").(string)
}

func ignored(t *testing.T, c *officetest.Company) string {
	c.Do(c.Office().Judgements.IgnorePunches(t.Context(), []app.RecordKey{officetest.Key(2), officetest.Key(3)}, "wrong-key", ""))
	return ""
}

// paired plugs the box in and pairs it.
func paired(t *testing.T, c *officetest.Company) string {
	c.Pair(c.Cables.Plug(t, "usb:1", officetest.Known()), "usb:1")
	return ""
}

func quarantined(t *testing.T, c *officetest.Company) string {
	c.Do(
		c.Store.Quarantine(
			t.Context(),
			officetest.BoxUID,
			reading.ReasonChain,
			app.Act{Actor: "Els", At: c.Now, What: "box.quarantine", Target: "box:" + officetest.BoxUID},
		),
	)
	return ""
}

func turned(t *testing.T, c *officetest.Company) string {
	return string(officetest.Must(c.Office().Staff.ConfirmNotation(t.Context(), officetest.BoxUID, identity.Reversed, false, officetest.Why))(t).ID)
}

// logo is a file with a picture of one dot.
func logo(t *testing.T, _ *officetest.Company) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	return officetest.OnStick(t, "logo.png", b.String())
}

func withLogo(t *testing.T, c *officetest.Company) string {
	c.Do(c.Office().SetLogo(t.Context(), logo(t, c), officetest.Why))
	return ""
}

func setting(set string) func(*testing.T, *officetest.Company) string {
	return func(t *testing.T, c *officetest.Company) string {
		asked(t, c, "settings set "+set)
		return ""
	}
}

func TestChangesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ line, code string }{
		{"anomaly explain x|y:z| --reason forgot", "noAnomaly"},
		{"anomaly explain x --reason bored", "usage"},
		{`adjust presence --worker anna --site leuven --from "2023-11-02 06:00" --to "2023-11-02 14:00" --reason forgot`, "noEngagement"},
		{`adjust presence --worker peeters --site leuven --from "2026-11-02 06:00" --to "2026-11-02 14:00" --reason forgot`, "usage"},
		{`adjust presence --worker "" --site leuven --from "2026-11-02 06:00" --to "2026-11-02 14:00" --reason forgot`, "noWorker"},
		{`adjust presence --worker anna --site leuven --from "2026-03-29 02:30" --to "2026-03-29 14:00" --reason forgot`, "usage"}, // the clock jumps over it
		{"punch ignore 17 --reason forgot", "usage"},
		{"punch ignore a/b/17 --reason forgot", "noPunch"},
		{"worker change nobody --paper nl", "noWorker"},
		{"worker add --limosa-from soon", "usage"},
		{"engagement add --worker anna --employer blinkend --weekly-hours 200", "input"},
		{"engagement add --worker anna --employer blinkend --weekly-hours NaN", "input"},
		{"engagement add --worker anna --employer blinkend --rounding 7", "usage"},
		{"engagement change g7", "notFound.engagement"},
		{"badge end 04DEADBEEF", "noBadge"},
		{"site add --name X --coordinates north", "usage"},
		{"site add --name X --client Gent", "noClient"},
		{"site add --name X --client Gent --new-client Gent", "usage"},
		{"site decide L1 maybe", "usage"},
		{"declaration link 1Y1003SQ5VSSA L1", "noDeclaration"},
		{"box label 0a3f00 x --zone Belgium/Gent", "usage"},
		{"box reopen 0a3f00", "usage"},
		{`box end-placement "leuven balie" --at 1960-01-01`, "box.nowhere"},
		{"settings set language es", "usage"},
		{"settings set colour red", "usage"},
		{"settings set actor", "usage"},
		{"clock repair BOX/log/5 --reason x", "usage"},
		{"clock repair BOX/log/5 --proposed --shift 1h --reason x", "usage"},
		{"clock repair BOX-5 --proposed --reason x", "usage"},
		{"clock repair BOX/log/5 --shift soon --reason x", "input"},
		{"clock segments --box nowhere", "noBox"},
		{"badge confirm-notation nowhere reversed", "noBox"},
		{"settings set replacement-days soon", "input"},
		{"settings set threshold.day_limit 8h", "input"},
		{"settings set threshold.day-limit 8", "input"},
		{"site change L1 --threshold day-limit", "usage"},
		{"site change L1 --threshold day-limit=many", "input"},
		{"settings set environment production", "settings.demo"},
	} {
		t.Run(c.line, func(t *testing.T) {
			t.Parallel()
			company := officetest.NewDemo(t)
			company.Read(officetest.In("2026-11-02 06:58"))
			got := klokkast(t, company, nil, append([]string{"--json"}, words(c.line)...)...)
			want(t, object(t, got.out), map[string]any{"error.code": c.code})
			if acts := company.Acts(""); got.code == ExitFine || len(acts) > 0 {
				t.Errorf("exit code %d, did %v", got.code, acts)
			}
		})
	}
}

// A person with two engagements: the default one is meant, unless one is named.
func TestWhichEngagement(t *testing.T) {
	for _, c := range []struct {
		standard int // which is the default; -1 none
		employer string
		want     int // -1: it is asked
	}{{-1, "", -1}, {1, "", 1}, {1, "blinkend", 0}, {-1, "hulp", 1}} {
		company := officetest.New(t)
		o := company.Office()
		second := officetest.Must(
			o.Staff.SaveEngagement(
				t.Context(),
				app.Engagement{
					WorkerID:   company.Anna.ID,
					EmployerID: company.Subcontractor.ID,
					Days:       app.Days{From: app.NewDate(2026, 1, 1)},
					Default:    c.standard == 1,
				},
				officetest.Why,
			),
		)(
			t,
		)
		line := "badge give 00471CF2 --worker anna"
		if c.employer != "" {
			line += " --employer " + c.employer
		}
		got := klokkast(t, company, nil, append([]string{"--json"}, words(line)...)...)
		if c.want < 0 {
			want(t, object(t, got.out), map[string]any{"error.code": "usage"})
			continue
		}
		badges := asked(t, company, "staff list --worker anna")
		if got := at(t, badges, "workers.0.badges.1.engagementId"); got != string([]app.ID{company.OfAnna.ID, second.ID}[c.want]) {
			t.Errorf("%+v: the badge went to %s", c, got)
		}
	}
}

// A number given as "-" comes from standard input and stands in no command line.
func TestSSINFromStandardInput(t *testing.T) {
	c := officetest.New(t)
	got := klokkast(t, c, func(p *Parts) { p.In = strings.NewReader("93.05.18-223.61\r\n") }, "worker", "change", "bart", "--ssin", "-")
	if got.code != ExitFine || strings.Contains(got.out, "223") {
		t.Errorf("exit code %d, says %s%s", got.code, got.out, got.err)
	}
	want(t, asked(t, c, "--reveal staff list --worker bart"), map[string]any{"workers.0.ssin": "93051822361"})
}

// An hour that comes twice is the first one, as a clock on the wall shows it first.
func TestLocalTimes(t *testing.T) {
	for in, want := range map[string]string{
		"2026-10-25 02:30":          "2026-10-25T00:30:00Z",
		"2026-10-25T02:30:00+01:00": "2026-10-25T01:30:00Z",
		"2026-10-25 03:00":          "2026-10-25T02:00:00Z",
		"2026-03-29":                "2026-03-28T23:00:00Z",
		"2026-07-01 06:00":          "2026-07-01T04:00:00Z",
	} {
		got, err := parseInstant("--at", in, app.Belgium())
		if err != nil || got != instant(want) {
			t.Errorf("%s is %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestRecordKeysAreReadAsTheyArePrinted(t *testing.T) {
	name := rapid.StringMatching(`[a-zA-Z0-9:._-]{1,20}`)
	rapid.Check(t, func(t *rapid.T) {
		k := app.RecordKey{LogKey: app.LogKey{Box: name.Draw(t, "box"), Log: name.Draw(t, "log")}, Seq: rapid.Uint64().Draw(t, "seq")}
		if got, err := parseRecordKey(k.String()); err != nil || got != k {
			t.Fatalf("%s is read as %v, %v", k, got, err)
		}
	})
}

func TestReasonsAreThoseOfTheTrade(t *testing.T) {
	want := strings.Join(app.ReasonCodes[:], ",")
	for _, form := range []any{stated{}, punchIgnoreCmd{}} {
		f, _ := reflect.TypeOf(form).FieldByName("Reason")
		if got := f.Tag.Get("enum"); got != want {
			t.Errorf("%T takes %s, the trade has %s", form, got, want)
		}
	}
}

func TestPunchList(t *testing.T) {
	c := officetest.New(t)
	c.AtRegister()
	c.Read(officetest.In("2026-10-31 23:30"), officetest.Out("2026-11-01 02:00"), officetest.In("2026-11-02 07:00"))
	asked(t, c, "ciao send")
	first := officetest.Key(3).String()
	list := said(t, c, `punch list --box "leuven balie" --month 2026-11`)
	wantText(t, list, "02/11/2026 07:00:00", "01/11/2026 02:00:00", "Peeters Anna", first)
	if strings.Contains(list, "31/10/2026") {
		t.Errorf("a punch of another month:\n%s", list)
	}
	want(t, asked(t, c, "punch list"), map[string]any{
		"punches.0.key": first, "punches.0.role": "in", "punches.0.state": "accepted", "punches.0.identifier.value": officetest.AnnaCard, "punches.0.pressed": "in",
		"punches.0.siteId": string(c.Site.ID), "punches.0.at": "2026-11-02T06:00:00.000Z",
	})
	if got := klokkast(t, c, nil, "punch", "list", "--box", "nowhere"); got.code == ExitFine {
		t.Errorf("punches of a box that is not there: %s", got.out)
	}
}

func TestKeysOfAnomaliesAreShownOnRequest(t *testing.T) {
	c := aWeek(t)
	found := c.Anomaly(app.MissingOut)
	key := found.Key().String()
	wantText(t, said(t, c, "anomalies --keys"), key)
	if strings.Contains(said(t, c, "anomalies"), key) {
		t.Error("keys are shown to people who did not ask")
	}
}

func TestListsOfTheCompany(t *testing.T) {
	c := officetest.New(t)
	wantText(t, said(t, c, "employer list"), "Blinkend Schoon BV", "0123456749")
	want(t, asked(t, c, "employer list"), map[string]any{"employers.1.kind": "subcontractor"})
	wantText(t, said(t, c, "declaration list"), "1Y1003SQ5VSSZ")
	want(t, asked(t, c, "declaration list"), map[string]any{"declarations.0.number": "1Y1003SQ5VSSZ"})
	wantText(t, klokkast(t, c, nil, "settings").out, "Els", "Nederlands", "Simulator")
	want(t, asked(t, c, "settings show"), map[string]any{"actor": "Els", "language": "nl", "environment": "local-simulator"})
}

// Templates need no database, and come out byte for byte.
func TestTemplates(t *testing.T) {
	closed := func(p *Parts) { p.Open = nil }
	for _, l := range app.Languages {
		for what, file := range map[string][]byte{"staff": importing.StaffTemplate(l), "site": importing.SiteTemplate(l)} {
			if got := klokkast(t, nil, closed, what, "template", "--lang", string(l)); got.out != string(file) {
				t.Errorf("%s template in %s: %q", what, l, got.out)
			}
			want(t, object(t, klokkast(t, nil, closed, what, "template", "--json", "--lang", string(l)).out), map[string]any{"template": string(file)})
		}
	}
}
