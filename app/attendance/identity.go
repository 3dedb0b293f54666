package attendance

import (
	"slices"

	"klokkast/app"
	"klokkast/app/identity"
)

// identityOf finds who cannot be registered: no SSIN or a wrong one, an expired
// Limosa, an employer without a right number. It looks at people and employers
// with an engagement now or to come, or with punches in the last 30 days.
func identityOf(f *facts, people []*person) (list []app.Anomaly) {
	today := f.now.DateIn(f.belgium)
	since := f.now.Add(-f.limits.duration(InUseWithin, nil, nil))
	active := map[app.ID]bool{}
	employs := map[app.ID]bool{}
	for _, e := range sorted(f.engagements) {
		if e.Days.To == 0 || e.Days.To >= today {
			active[e.WorkerID], employs[e.EmployerID] = true, true
		}
	}
	for _, p := range people {
		for _, page := range p.pages {
			for _, e := range page.employed {
				if e.last >= since {
					active[p.worker], employs[e.by] = true, true
				}
			}
		}
	}
	for _, id := range sortedKeys(f.workers) {
		if w := f.workers[id]; active[id] {
			list = append(list, onIdentity(app.AboutWorker, id, workerProblems(w, today))...)
		}
	}
	for _, id := range sortedKeys(f.employers) {
		if e := f.employers[id]; employs[id] {
			list = append(list, onIdentity(app.AboutEmployer, id, employerProblems(e))...)
		}
	}
	return list
}

// employment is until when a person tapped for an employer.
type employment struct {
	by   app.ID
	last app.Instant
}

// employed returns for whom the person tapped, and until when.
func (d *derivation) employed() (list []employment) {
	for _, t := range d.taps {
		by := t.holder.engagement.EmployerID
		i := slices.IndexFunc(list, func(e employment) bool { return e.by == by })
		if i < 0 {
			i, list = len(list), append(list, employment{by, t.at})
		}
		list[i].last = max(list[i].last, t.at)
	}
	return list
}

// onIdentity makes the one standing finding about a worker or an employer.
func onIdentity(kind app.SubjectKind, id app.ID, problems []string) []app.Anomaly {
	if len(problems) == 0 {
		return nil
	}
	a := app.Anomaly{Rule: app.IdentityRule, Severity: app.Serious, Subject: app.Subject{Kind: kind, ID: string(id)},
		Facts: app.FactsOf(app.FactProblem.Is(problems[0]), app.FactProblems.Is(problems))}
	if kind == app.AboutWorker {
		a.WorkerID = id
	}
	return []app.Anomaly{a}
}

// workerProblems names what is wrong with a person's numbers, by codes.
func workerProblems(w *app.Worker, today app.Date) (codes []string) {
	if w.SSIN == "" {
		codes = append(codes, "ssin-missing")
	} else if _, err := identity.ParseSSIN(w.SSIN.Reveal()); err != nil {
		codes = append(codes, "ssin-wrong")
	}
	if w.Limosa != "" && w.LimosaDays.To != 0 && w.LimosaDays.To < today {
		codes = append(codes, "limosa-expired")
	}
	return codes
}

// employerProblems names what is wrong with an employer's number, by codes.
func employerProblems(e *app.Employer) []string {
	switch {
	case e.Enterprise == "" && e.ForeignVAT == "":
		return []string{"enterprise-missing"}
	case e.Enterprise != "":
		if _, err := identity.ParseEnterprise(e.Enterprise); err != nil {
			return []string{"enterprise-wrong"}
		}
	}
	return nil
}
