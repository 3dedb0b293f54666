package cli

import (
	"context"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/store"
	"klokkast/ui/officetest"
)

var october = app.Month{Year: 2026, Month: 10}.Days()

// withPeriods is a company where Anna's October can be approved, with two hours and a half that came late to her approved
// September, and Bart's cannot: he forgot to check out.
func withPeriods(t *testing.T) *officetest.Company {
	t.Helper()
	c := workedInOctober(t)
	c.Give("04B2C3D4", c.OfBart, "2026-01-01 00:00")
	c.Read(officetest.Tap{Card: "04B2C3D4", At: "2026-10-06 12:30", Key: app.KeyIn})
	asked(t, c, "approve --month 2026-09 --worker anna")
	c.Do(
		c.Office().Judgements.AdjustPresence(
			t.Context(),
			app.Adjustment{EngagementID: c.OfAnna.ID, SiteID: c.Site.ID, Reason: "box-broken", From: c.At("2026-09-07 17:00"), To: c.At("2026-09-07 19:30")},
		),
	)
	return c
}

func TestApprove(t *testing.T) {
	c := withPeriods(t)
	forgot := c.Anomaly(app.MissingOut)
	key := forgot.Key().String()
	dry := klokkast(t, c, nil, words("--lang en approve --from 2026-10-01 --to 2026-10-31 --site leuven --dry-run")...)
	if wantText(t, dry.out, "nothing is approved", "Peeters Anna"); len(at(t, asked(t, c, "approvals list"), "approvals").([]any)) != 1 {
		t.Error("a dry run approved")
	}
	got := klokkast(t, c, nil, "--lang", "en", "approve", "--month", "2026-10", "--all")
	wantText(
		t,
		got.out,
		"Peeters Anna",
		"12:00",
		"+2:30",
		"approved, by Els on 23/11/2026, version 1",
		"Peeters Bart cannot be approved",
		key,
		"1 approved, 1 refused, 0 were already",
	)
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	c = withPeriods(t)
	done := object(t, klokkast(t, c, nil, "approve", "--month", "2026-10", "--worker", "anna", "--worker", "008", "--json").out)
	want(t, done, map[string]any{
		"days.from": "2026-10-01", "preview": false, "approved": 1, "refused": 1, "already": 0, "periods.0.worker": "Peeters Anna", "periods.0.status": "approved",
		"periods.0.figures.workedMinutes": 720, "periods.0.carries.0.add.workedMinutes": 150, "periods.1.worker": "Peeters Bart", "periods.1.status": "blocked", "periods.1.blockers.0.code": "anomaly",
	})
	if hash := at(t, done, "periods.0.approval.hash").(string); len(hash) < 32 {
		t.Errorf("the hash is %q", hash)
	}
	if missing := at(t, done, "periods.1.blockers.0.key").(string); !strings.HasPrefix(missing, "missing-out|engagement:"+string(c.OfBart.ID)) {
		t.Errorf("blocked by %s", missing)
	}
	if list := at(t, object(t, klokkast(t, c, nil, "approve", "--month", "2026-10", "--worker", "anna", "--json").out), "periods").([]any); len(list) != 1 {
		t.Errorf("of Anna alone: %v", list)
	}
}

func TestApproveWrongly(t *testing.T) {
	for args, says := range map[string]string{
		"approve --all":                               "which period",
		"approve --month 2026-10":                     "whose",
		"approve --month 2026-13 --all":               "2026-13",
		"approve --month 2026-10 --all --worker anna": "--all",
		"approve --from 2026-10-01 --all":             "which period",
	} {
		c := officetest.New(t)
		got := klokkast(t, c, nil, append([]string{"--lang", "en"}, strings.Fields(args)...)...)
		if got.code != ExitUsage || !strings.Contains(got.err, says) || len(c.Acts("")) != 0 {
			t.Errorf("%s: exit code %d, %s", args, got.code, got.err)
		}
	}
}

// interrupted is a database whose user presses Ctrl-C once a period was closed.
type interrupted struct {
	store.Store
	interrupt func()
}

func (s interrupted) Approve(ctx context.Context, a app.Approval, known int, act app.Act) error {
	defer s.interrupt()
	return s.Store.Approve(ctx, a, known, act)
}

// What was approved before a cancel is shown; it stays approved.
func TestApproveCancelled(t *testing.T) {
	c := bothInOctober(t)
	ctx, interrupt := context.WithCancel(t.Context())
	c.Parts.Store = interrupted{c.Store, interrupt}
	got := klokkastUntil(ctx, t, c, nil, "--lang", "en", "approve", "--month", "2026-10", "--all")
	wantText(t, got.out, "Peeters Anna", "1 approved")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	c.Parts.Store = c.Store
	want(t, asked(t, c, "approvals list"), map[string]any{"approvals.0.workerId": string(c.Anna.ID), "approvals.0.standing": true})
}

func TestApprovals(t *testing.T) {
	c := bothInOctober(t)
	asked(t, c, "approve --month 2026-10 --all")
	bart := at(t, asked(t, c, "approvals list --worker bart"), "approvals.0.id").(string)
	anna := at(t, asked(t, c, "approvals list --worker anna"), "approvals.0.id").(string)
	if got := klokkast(t, c, nil, "approvals", "withdraw", bart); got.code != ExitUsage {
		t.Error("withdrawn without a reason")
	}
	wantText(t, said(t, c, "--actor Jan approvals withdraw "+bart+` --why "wrong site"`), "Peeters Bart", "withdrawn")
	list := said(t, c, "approvals")
	wantText(t, list, "approved by Els on 23/11/2026, version 1", "withdrawn later", "withdrawn by Jan on 23/11/2026: wrong site")
	all := at(t, asked(t, c, "approvals list"), "approvals").([]any)
	standing, withdrawal := map[string]any{}, ""
	for _, a := range all {
		standing[at(t, a, "id").(string)] = at(t, a, "standing")
		if at(t, a, "withdraws") == bart && at(t, a, "reason") == "wrong site" {
			withdrawal = at(t, a, "id").(string)
		}
	}
	if len(all) != 3 || standing[anna] != true || standing[bart] != false || withdrawal == "" {
		t.Fatalf("%v", all)
	}
	wantText(t, list, withdrawal)
	hash := at(t, asked(t, c, "approvals show "+anna), "approval.hash").(string)
	wantText(t, said(t, c, "approvals show "+anna), hash, "05/10/2026", "8:00", "06/10/2026", "4:00")
	want(t, asked(t, c, "approvals show "+anna), map[string]any{"snapshot.workdays.0.workedMs": 28800000, "snapshot.worker.familyName": "Peeters"})
	if got := klokkast(t, c, nil, "approvals", "show", withdrawal); got.code != ExitFailed {
		t.Error("a withdrawal closed something")
	}
}

func TestAdditions(t *testing.T) {
	c := withPeriods(t)
	september := at(t, asked(t, c, "approvals list"), "approvals.0.id").(string)
	wantText(t, said(t, c, "approvals additions"), "07/09/2026", "+2:30", "Stadhuis Leuven 17:00–19:30")
	want(t, asked(t, c, "approvals additions"), map[string]any{
		"additions.0.worker": "Peeters Anna", "additions.0.approvalId": september, "additions.0.was.workedMinutes": 0, "additions.0.changes.0.is.siteId": string(c.Site.ID),
	})
	asked(t, c, "approve --month 2026-10 --worker anna") // which carries them
	if left := at(t, asked(t, c, "approvals additions"), "additions").([]any); len(left) != 0 {
		t.Errorf("still to be carried: %v", left)
	}
	asked(t, c, `site change L1 --name "Nieuw Stadhuis"`) // what was approved keeps the old name
	next := asked(t, c, "approvals list")
	want(t, next, map[string]any{"approvals.1.days.from": "2026-10-01"})
	wantText(t, said(t, c, "approvals show "+at(t, next, "approvals.1.id").(string)), "05/10/2026", "added: Stadhuis Leuven 17:00–19:30 (adjustment)")
}
