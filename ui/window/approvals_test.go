package window

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/office"
	closing "klokkast/app/period"
)

// fakePeriods is what the fake desk knows of periods.
type fakePeriods struct {
	periods   []office.ApprovalRow
	approved  []app.Approval
	chosen    []office.ApprovalChoice // to approve
	takenBack []any
}

func (d *fakeDesk) ApprovalRows(ctx context.Context, _ office.ApprovalChoice) ([]office.ApprovalRow, error) {
	return d.periods, d.slow(ctx, "ApprovalRows")
}
func (d *fakeDesk) Approve(ctx context.Context, c office.ApprovalChoice, p office.Progress) ([]office.ApprovalRow, error) {
	d.chosen = append(d.chosen, c)
	p(1, 1)
	return d.periods, d.slow(ctx, "Approve")
}
func (d *fakeDesk) Approvals(ctx context.Context, _ app.Days, _ app.ID) ([]app.Approval, error) {
	return d.approved, d.slow(ctx, "Approvals")
}
func (d *fakeDesk) WithdrawApprovals(ctx context.Context, ids []app.ID, why string) error {
	for _, id := range ids {
		d.takenBack = append(d.takenBack, id, why)
	}
	return d.slow(ctx, "WithdrawApprovals")
}

// sheetsOf opens the timesheets of a company where one person's month stands as given.
func sheetsOf(t *testing.T, r office.ApprovalRow) (*Window, *fakeDesk, *sheetsPage) {
	w, d := open(t, app.English)
	r.WorkerID = an
	d.sheets = []office.SheetRow{{Engagement: app.Engagement{ID: engaged, WorkerID: r.WorkerID}, Additions: len(r.Carries), Added: 150 * 60e9}}
	d.periods = []office.ApprovalRow{r}
	return w, d, to[*sheetsPage](t, w, "timesheets")
}

func blockedRow() office.ApprovalRow {
	missing := &office.FoundAnomaly{Anomaly: app.Anomaly{Rule: app.MissingOut, Severity: app.Serious, Subject: app.Subject{Kind: app.AboutEngagement, ID: string(engaged)}, Anchor: "b/l/7", Day: app.NewDate(2026, 10, 6)}}
	return office.ApprovalRow{Status: office.PeriodBlocked, Blockers: []office.Blocker{{Code: office.BlockedByAnomaly, Anomaly: missing}}}
}

func TestAMonthIsApprovedInTheWindow(t *testing.T) {
	w, d, p := sheetsOf(t, office.ApprovalRow{Status: office.PeriodReady, Carries: []closing.Addition{{Day: app.NewDate(2026, 9, 1), Is: closing.Figures{Worked: 150}}}})
	row := p.grid.Shown()[0]
	if row.approval != "can be approved" || row.added != "+2:30" {
		t.Errorf("the row says %q, %q", row.approval, row.added)
	}
	p.grid.Select(row.key)
	if !p.withdraw.Disabled() {
		t.Error("what is not approved can be withdrawn")
	}
	test.Tap(p.approve)
	test.Tap(w.host.form.save)
	if len(d.chosen) != 1 || fmt.Sprint(d.chosen[0].Workers) != fmt.Sprint([]app.ID{row.period.WorkerID}) || d.chosen[0].Days != p.days.days {
		t.Errorf("approved %+v", d.chosen)
	}
	if !strings.Contains(w.status.Text, "1 person approved") {
		t.Errorf("the status line says %q", w.status.Text)
	}
}

// What is refused is a link to what settles it.
func TestARefusalLeadsToItsAnomaly(t *testing.T) {
	w, d, p := sheetsOf(t, blockedRow())
	if got := p.grid.Shown()[0].approval; got != "1 thing to settle" {
		t.Errorf("the row says %q", got)
	}
	var gone []string
	p.h.goTo = func(screen, what string) { gone = append(gone, screen, what) }
	test.Tap(p.approve)
	test.Tap(w.host.form.save)
	if len(d.chosen) != 1 || d.chosen[0].Workers != nil {
		t.Fatalf("without a selection everyone is meant: %+v", d.chosen)
	}
	lines := blockerLines(p.h, p.names, &d.periods[0])
	if len(lines) != 1 || lines[0].anomaly != "missing-out|engagement:"+string(engaged)+"|b/l/7" || lines[0].text == "" {
		t.Fatalf("the refusal: %+v", lines)
	}
	settle := shownButton(t, w, "To the anomaly")
	if settle.Disabled() {
		t.Fatal("the refusal leads nowhere")
	}
	test.Tap(settle)
	if fmt.Sprint(gone) != fmt.Sprint([]string{"anomalies", lines[0].anomaly}) {
		t.Errorf("went to %v", gone)
	}
}

func TestAnApprovalIsWithdrawnWithAReason(t *testing.T) {
	a := app.Approval{ID: "a1", By: "Els", Version: 1, Days: app.MonthOf(app.NewDate(2026, 10, 1)).Days()}
	w, d, p := sheetsOf(t, office.ApprovalRow{Status: office.PeriodChanged, Approval: &a, Since: []closing.Addition{{Is: closing.Figures{Worked: 30}}}})
	d.approved = []app.Approval{a}
	row := p.grid.Shown()[0]
	p.grid.Select(row.key)
	test.Tap(p.period)
	shownButton(t, w, "To the anomaly")
	test.Tap(shownButton(t, w, "Close"))
	test.Tap(p.withdraw)
	w.host.form.rows[0].control.(interface{ SetText(string) }).SetText("wrong site")
	test.Tap(w.host.form.save)
	if fmt.Sprint(d.takenBack) != "[a1 wrong site]" {
		t.Errorf("withdrew %v", d.takenBack)
	}
}

// shownButton gives the button of the uppermost dialog that says so.
func shownButton(t *testing.T, w *Window, says string) *button {
	t.Helper()
	if top := w.win.Canvas().Overlays().Top(); top != nil {
		for _, o := range test.LaidOutObjects(top) {
			if b, ok := o.(*button); ok && b.Text == says {
				return b
			}
		}
	}
	t.Fatalf("no button %q is shown", says)
	return nil
}

// What may still come to a period is said before it is closed.
func TestAPeriodInDoubtAsksBeforeItIsApproved(t *testing.T) {
	w, d, p := sheetsOf(t, office.ApprovalRow{Status: office.PeriodReady, Doubts: []office.Doubt{{Code: office.DoubtNotOver}}})
	p.grid.Select(p.grid.Shown()[0].key)
	test.Tap(p.approve)
	test.Tap(w.host.form.save)
	if len(d.chosen) != 0 {
		t.Fatal("it was approved without asking")
	}
	test.Tap(shownButton(t, w, "Approve all the same"))
	if len(d.chosen) != 1 {
		t.Errorf("approved %+v", d.chosen)
	}
}
