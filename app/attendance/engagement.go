package attendance

import "klokkast/app"

// engagementFor returns the engagement that counts on a day for a tap whose
// identifier is held by way of held (E1): that one if the day lies in it, else
// the worker's default among those that fit, else the only one that fits, else
// held, which then is outside its days (inactive-worker) or one of several
// (ambiguous-employer).
func (f *facts) engagementFor(held *app.Engagement, on app.Date) *app.Engagement {
	e, _ := f.fitting(held, on)
	return e
}

// fitting is engagementFor and how many engagements fit the day equally well:
// 0 none, 1 the one given, more: nobody said which.
func (f *facts) fitting(held *app.Engagement, on app.Date) (*app.Engagement, int) {
	if held.Days.Holds(on) {
		return held, 1
	}
	var only *app.Engagement
	n := 0
	for _, e := range f.byWorker[held.WorkerID] {
		if !e.Days.Holds(on) {
			continue
		}
		if e.Default {
			return e, 1
		}
		only, n = e, n+1
	}
	if n == 1 {
		return only, 1
	}
	return held, n
}

func aboutEngagement(e *app.Engagement) app.Subject {
	return app.Subject{Kind: app.AboutEngagement, ID: string(e.ID)}
}
