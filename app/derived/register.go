package derived

import (
	"context"
	"fmt"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/workspace"
)

// planRegister says of every punch what becomes of it at the register.
func (o *Cache) planRegister(ctx context.Context, p *Snapshot) error {
	in, err := o.PlanInput(ctx, p, nil)
	if err != nil {
		return err
	}
	desk, current, err := o.nextDesk(ctx, p.Engine, in)
	if err != nil {
		return err
	}
	p.Register = &RegisterPlan{engine: p.Engine, Input: in, Current: current, desk: desk, from: o}
	p.atRegister = ciao.AnomaliesWith(in, current, desk.late(), func(k app.RecordKey) app.ID {
		punch, _ := p.Engine.Punch(k)
		return punch.ReadingID
	})
	return nil
}

// ofOneTap lets what was registered of a line be that of the tap that the line means, where that has nothing of its own.
func ofOneTap(regs []app.Registration, same map[app.RecordKey]app.RecordKey) {
	if len(same) == 0 {
		return
	}
	own := make(map[app.RecordKey]bool, len(regs))
	for i := range regs {
		own[regs[i].Punch] = own[regs[i].Punch] || regs[i].State != app.RegHeld
	}
	for i := range regs {
		if tap, ok := same[regs[i].Punch]; ok && !own[tap] {
			regs[i].Punch = tap
		}
	}
}

// PlanInput returns what the plan is made of but for the taps: facts, rules, and rows of the outbox.
func (o *Cache) PlanInput(ctx context.Context, p *Snapshot, rows []app.Registration) (ciao.PlanInput, error) {
	env := o.work.Environment()
	state, err := o.work.Store.SenderState(ctx, env)
	if err != nil {
		return ciao.PlanInput{}, fmt.Errorf("gather the register's state: %w", err)
	}
	f := &p.Facts
	return ciao.PlanInput{
		Environment: env, Now: p.At, Offset: state.Offset(), Zone: app.Belgium(), Settings: sendingRules(o.work.Settings()),
		Adjustments: f.Adjustments, Engagements: f.Engagements, Employers: f.Employers, Workers: f.Workers,
		Sites: f.Sites, Decisions: f.SiteDecisions, Declarations: f.Declarations, DeclarationSites: f.DeclarationSites,
		Registrations: rows, Entries: f.Entries, Ignored: f.Ignored,
	}, nil
}

// LastOf returns by punch the row that counts: the one of the last generation.
func LastOf(rows []app.Registration) map[app.RecordKey]app.Registration {
	m := make(map[app.RecordKey]app.Registration, len(rows))
	for _, r := range rows {
		if r.Generation >= m[r.Punch].Generation {
			m[r.Punch] = r
		}
	}
	return m
}

// sendingRules are the company's rules of what is sent and what is held.
func sendingRules(of workspace.Settings) ciao.Settings {
	s := of.Register.Rules()
	own := attendance.Levels{Company: of.Company}
	if e, ok := own.Of(app.SentLateAfter); ok {
		s.SentLate = time.Duration(e.Holds) * time.Millisecond
	}
	if e, ok := own.Of(app.CorrectionSerious); ok {
		s.CorrectionSerious = int(e.Holds)
	}
	return s
}
