package sending

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/workspace"
)

// Resend queues a punch again that the register refused, or judged invalid, once
// its data was mended, or something at the NSSO, which mended then names. It gives the new registration; ciao.ErrUnchanged, ciao.ErrNotRefused
// or a *ciao.StillHeldError say why it may not go.
func (o *Register) Resend(ctx context.Context, registration app.ID, mended, why string) (app.Registration, error) {
	if err := workspace.Required("why", why, "declaration number corrected"); err != nil {
		return app.Registration{}, err
	}
	p, err := o.derived.Fresh(ctx)
	if err != nil {
		return app.Registration{}, err
	}
	c, err := candidateOf(ctx, p, registration)
	if err != nil {
		return app.Registration{}, err
	}
	made, err := ciao.Resend(ctx, o.work.Store, c, strings.TrimSpace(mended), o.work.Act("ciao.resend", "", why))
	return made, o.work.Done("send the punch again", err)
}

func candidateOf(ctx context.Context, p *derived.Snapshot, registration app.ID) (*ciao.Candidate, error) {
	c, ok, err := p.Register.WithRow(ctx, registration)
	if err == nil && !ok {
		err = app.NotFound("registration", string(registration))
	}
	return &c, err
}

// CancelRegistration asks the register to cancel what it accepted, with the next
// sending. The company must have switched that on.
func (o *Register) CancelRegistration(ctx context.Context, registration app.ID, why string) error {
	if !o.work.Settings().Register.Cancel {
		return ciao.ErrCancelOff
	}
	if err := workspace.Required("why", why, "badge was used by somebody else"); err != nil {
		return err
	}
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return err
	}
	if _, err := candidateOf(ctx, p, registration); err != nil {
		return err
	}
	return o.work.Done(
		"cancel the registration",
		o.work.Store.AskCancellation(ctx, registration, o.work.Act("ciao.cancel", "registration:"+string(registration), why)),
	)
}

// RegisterFinding is something that a person should know of a registration.
type RegisterFinding struct {
	ciao.Finding
	Of app.Registration // ours
}

// Findings returns what the register was found to hold besides, newest
// first: those that nobody saw to yet, or all.
func (o *Register) Findings(ctx context.Context, settled bool) ([]RegisterFinding, error) {
	list, err := o.work.Store.Findings(ctx, o.work.Environment(), settled)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]app.ID, 0, len(list))
	for _, f := range list {
		ids = append(ids, f.Registration)
	}
	slices.Sort(ids)
	regs, err := o.work.Store.Registrations(ctx, ciao.RegistrationFilter{IDs: slices.Compact(ids)})
	if err != nil {
		return nil, fmt.Errorf("gather the registrations: %w", err)
	}
	byID := make(map[app.ID]app.Registration, len(regs))
	for _, r := range regs {
		byID[r.ID] = r
	}
	out := make([]RegisterFinding, 0, len(list))
	for _, f := range list {
		of := byID[f.Registration]
		if settled || !f.Passed(&of) {
			out = append(out, RegisterFinding{f, of})
		}
	}
	return out, nil
}

// SettleFinding notes that somebody saw to a finding.
func (o *Register) SettleFinding(ctx context.Context, id app.ID, why string) error {
	if err := workspace.Required("why", why, "NSSO asked to correct it"); err != nil {
		return err
	}
	done, err := o.work.Store.SettleFinding(ctx, id, o.work.Act("ciao.settle", "finding:"+string(id), why))
	if err == nil && !done {
		err = app.NotFound("finding", string(id))
	}
	return o.work.Done("settle the finding", err)
}

// Delays tells how long punches of some days took to be accepted by the register in use.
func (o *Register) Delays(ctx context.Context, days app.Days, by ciao.DelayBy) (ciao.DelayReport, error) {
	zone := app.Belgium()
	span := app.Span{}
	if days.From != 0 {
		span.From = days.From.Start(zone)
	}
	if days.To != 0 {
		span.To = (days.To + 1).Start(zone)
	}
	regs, err := o.work.Store.Registrations(ctx, ciao.RegistrationFilter{Environment: o.work.Environment(), Sent: span})
	if err != nil {
		return ciao.DelayReport{}, fmt.Errorf("gather the registrations: %w", err)
	}
	report := ciao.Delays(regs, by, zone)
	report.Environment, report.Days = o.work.Environment(), days
	return report, nil
}
