package acts

import (
	"context"
	"maps"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/workspace"
)

// ChangeThresholds sets thresholds of an owner and takes others back, which then
// are what the wider level says. The owner's other thresholds stay.
func (o *Sites) ChangeThresholds(ctx context.Context, of derived.ThresholdOwner, set app.Thresholds, reset []app.Threshold, why string) error {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return err
	}
	changed := func(t app.Thresholds) app.Thresholds { return changeThresholds(t, set, reset) }
	switch {
	case of.Engagement != "":
		e, ok := p.Names.Engagements[of.Engagement]
		if !ok {
			return app.NotFound("engagement", string(of.Engagement))
		}
		e.Thresholds = changed(e.Thresholds)
		_, err = o.staff.SaveEngagement(ctx, e, why)
	case of.Site != "":
		s, ok := p.Names.Sites[of.Site]
		if !ok {
			return app.NotFound("site", string(of.Site))
		}
		s.Thresholds = changed(s.Thresholds)
		_, err = o.SaveSite(ctx, s, why)
	default:
		after := changed(o.work.Settings().Company)
		if err := workspace.ThresholdFault(attendance.CheckThresholds(attendance.Levels{Company: after})); err != nil {
			return err
		}
		err = o.work.KeepSettings(ctx, why, func(s *workspace.Settings) { s.Company = after })
	}
	return err
}

func changeThresholds(before, set app.Thresholds, reset []app.Threshold) app.Thresholds {
	after := maps.Clone(before)
	if after == nil {
		after = app.Thresholds{}
	}
	maps.Copy(after, set)
	for _, name := range reset {
		delete(after, name)
	}
	if len(after) == 0 {
		return nil
	}
	return after
}

// checkSiteThresholds and checkEngagementThresholds look at what is set there on
// top of what the company set.
func (o *Sites) checkSiteThresholds(t app.Thresholds) error {
	return o.work.CheckThresholds(attendance.Levels{Site: t}, t)
}

func (o *Staff) checkEngagementThresholds(t app.Thresholds) error {
	return o.work.CheckThresholds(attendance.Levels{Engagement: t}, t)
}
