package anomalies

import (
	"context"
	"slices"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/window/kit"
)

// askSite states hours for the people of a site whose box was broken: first the
// site, days and hours, then for whom of those who are proposed.
func askSite(h *kit.Host, desk *office.Office, names *derived.Names, from kit.Stated) {
	if names == nil {
		return
	}
	t := h.Texts
	f := h.NewForm()
	f.Note(t.T("window.siteStatement.help"))
	site := f.Pick(t.T("window.col.site"), kit.SiteOptions(names), string(from.Site), "site")
	first := f.Date(t.T("window.siteStatement.first"), from.Day, "from")
	last := f.Date(t.T("window.siteStatement.last"), from.Day, "to")
	hours := f.Text(t.T("window.siteStatement.hours"), "", "hours")
	hours.PlaceHolder = "06:00-14:00"
	f.Row("hours").Check = func() error {
		if _, err := app.ParseHours(hours.Text); err != nil {
			return &app.FieldError{Field: "hours", Code: "hours.form", Example: "06:00-14:00"}
		}
		return nil
	}
	reason := f.Choice(t.T("window.field.reason"), kit.ReasonOptions(h), "box-broken", "reason")
	note := f.Lines(t.T("window.field.note"), "", "note")
	var proposed []acts.ProposedPresence
	f.Show(t.T("window.siteStatement"), t.T("window.siteStatement.propose"), func() func(context.Context) error {
		id, days, hs := app.ID(site.Value()), app.Days{From: kit.Must(first.Date()), To: kit.Must(last.Date())}, kit.Must(app.ParseHours(hours.Text))
		return func(ctx context.Context) (err error) {
			proposed, err = desk.Judgements.ProposePresences(ctx, id, days, hs)
			return err
		}
	}, func() {
		askWhom(h, desk, names, proposed, app.Adjustment{SiteID: app.ID(site.Value()), Reason: reason.Value(), Note: note.Text})
	})
}

// askWhom offers the proposed presences to be ticked off; like has what all have in common.
func askWhom(h *kit.Host, desk *office.Office, names *derived.Names, proposed []acts.ProposedPresence, like app.Adjustment) {
	t := h.Texts
	if len(proposed) == 0 {
		h.Tell(t.T("window.siteStatement"), t.T("window.siteStatement.nobody"))
		return
	}
	zone := names.Zone(like.SiteID)
	var texts, ticked []string
	for _, p := range proposed {
		text := names.Worker(p.WorkerID) + " · " + t.Date(p.Day) + " · " + t.Time(p.Span.From, zone) + "–" + t.Time(p.Span.To, zone)
		if p.Known {
			text += " · " + t.T("window.siteStatement.known")
		} else {
			ticked = append(ticked, text)
		}
		texts = append(texts, text)
	}
	f := h.NewForm()
	f.Note(t.T("window.siteStatement.whom"))
	group := widget.NewCheckGroup(texts, nil)
	group.SetSelected(ticked)
	f.Add(t.T("window.col.person"), group, "engagement")
	chosen := func() (list []app.Adjustment) {
		for i, p := range proposed {
			if slices.Contains(group.Selected, texts[i]) {
				a := like
				a.EngagementID, a.From, a.To = p.EngagementID, p.Span.From, p.Span.To
				list = append(list, a)
			}
		}
		return list
	}
	f.Foresee(desk, names, func() acts.Proposal { return acts.Proposal{Adjust: chosen()} })
	f.Show(t.T("window.siteStatement"), t.T("window.siteStatement"), func() func(context.Context) error {
		list := chosen()
		return func(ctx context.Context) error { return desk.Judgements.AdjustPresences(ctx, list) }
	}, func() { h.Say(t.T("window.statement.kept"), widget.SuccessImportance) })
}
