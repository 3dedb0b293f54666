package derived

import (
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/attendance"
)

// ThresholdOwner says whose thresholds: those of a site, of an engagement, or,
// with neither, of the company.
type ThresholdOwner struct {
	Site, Engagement app.ID
}

// Thresholds returns every threshold as it holds for an owner, and where its value
// comes from, in the order of the rule book. With a site and an engagement it
// gives what holds for that person there. Levels too narrow for a threshold are left out.
func (o *Cache) Thresholds(ctx context.Context, of ThresholdOwner) ([]attendance.Effective, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	l := attendance.Levels{Company: o.work.Settings().Company}
	if of.Site != "" {
		s, ok := p.Names.Sites[of.Site]
		if !ok {
			return nil, app.NotFound("site", string(of.Site))
		}
		l.Site = s.Thresholds
	}
	if of.Engagement != "" {
		e, ok := p.Names.Engagements[of.Engagement]
		if !ok {
			return nil, app.NotFound("engagement", string(of.Engagement))
		}
		l.Engagement = e.Thresholds
	}
	all := l.All()
	return slices.DeleteFunc(all, func(e attendance.Effective) bool { return e.Reach < of.reach() }), nil
}

func (of ThresholdOwner) reach() attendance.Reach {
	switch {
	case of.Engagement != "":
		return attendance.ForContract
	case of.Site != "":
		return attendance.ForSite
	}
	return attendance.ForCompany
}
