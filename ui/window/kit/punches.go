package kit

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// PunchRow is a punch in a list, in formatted texts.
type PunchRow struct {
	// Key is the record's; the others are what people read.
	Key, Time, Person, Site, Box, Badge, Pressed, Role, Registration string
	At                                                               app.Instant // the corrected time
	// Look is the weight of the role, RegLook of the registration.
	Look, RegLook widget.Importance
	Record        app.RecordKey
	TapRole       app.TapRole
}

// PunchText formats one punch; Punches and the card of an anomaly share it.
func PunchText(h *Host, names *derived.Names, x *derived.PunchRow) PunchRow {
	t := h.Texts
	zone := names.Zone(x.SiteID)
	r := PunchRow{
		Key: x.Punch.Key.String(), Record: x.Punch.Key, At: x.At, TapRole: x.Role,
		Time:   t.DayMonth(x.At.DateIn(zone)) + "  " + t.TimeSeconds(x.At, zone),
		Person: names.Worker(x.WorkerID), Site: names.Site(x.SiteID), Box: wording.Box(t, names, x.Punch.Key.Box), Badge: x.Punch.Identifier.Value,
		Pressed: wording.Key(t, x.Punch.Pressed), Role: wording.Role(t, x.Role), Registration: Upper(wording.Registration(t, x.Registration)),
		Look: roleLook(x.Role), RegLook: widget.MediumImportance,
	}
	if x.Punch.At != x.At {
		r.Time += " *" // corrected; the box's own time stands in the card
	}
	if x.Punch.Key.ByRegister() {
		r.Badge, r.Person = "", names.Worker(app.ID(x.Punch.Identifier.Value))
	}
	if x.AtRegisterByPhone() {
		r.Registration = Upper(t.T("word.byPhone"))
	}
	if x.Registration != nil {
		r.RegLook = StateLook(x.Registration.State)
	}
	return r
}

func roleLook(r app.TapRole) widget.Importance {
	switch r {
	case app.TapUnknown, app.TapRefused:
		return widget.DangerImportance
	case app.TapNoSite, app.TapUnsettled:
		return widget.WarningImportance
	case app.TapDuplicate, app.TapIgnored, app.TapNoEffect, app.TapSameAct:
		return widget.LowImportance
	}
	return widget.MediumImportance
}

// StateLook is the weight of a registration's state in a list.
func StateLook(s app.RegistrationState) widget.Importance {
	switch s {
	case app.RegRefused:
		return widget.DangerImportance
	case app.RegUnknown, app.RegHeld:
		return widget.WarningImportance
	case app.RegAccepted:
		return widget.SuccessImportance
	}
	return widget.MediumImportance
}

// AskIgnore has taps left out, with a reason. The punches themselves stay.
func AskIgnore(h *Host, desk *office.Office, names *derived.Names, rows []PunchRow) {
	if len(rows) == 0 {
		return
	}
	t := h.Texts
	f := h.NewForm()
	f.Note(t.T("window.punches.ignore.help", "Punch", PunchLines(rows)))
	reason := f.Choice(t.T("window.field.reason"), ReasonOptions(h), "", "reason")
	note := f.Lines(t.T("window.field.note"), "", "note")
	keys := RecordKeys(rows)
	f.Foresee(desk, names, func() acts.Proposal { return acts.Proposal{Ignore: keys} })
	f.Show(t.T("window.punches.ignore"), t.T("window.punches.ignore"), func() func(context.Context) error {
		code, n := reason.Value(), note.Text
		return func(ctx context.Context) error { return desk.Judgements.IgnorePunches(ctx, keys, code, n) }
	}, h.Settled)
}

// RecordKeys are those of the punches of rows.
func RecordKeys(rows []PunchRow) (keys []app.RecordKey) {
	for _, r := range rows {
		keys = append(keys, r.Record)
	}
	return keys
}

// PunchLines names taps, the first few of many.
func PunchLines(rows []PunchRow) string {
	const named = 6
	var texts []string
	for i, r := range rows {
		if i == named {
			return Lines(append(texts, "…")...)
		}
		texts = append(texts, strings.TrimSpace(r.Time+"  "+r.Role+"  "+r.Person+"  "+r.Site))
	}
	return Lines(texts...)
}

// ReasonOptions lists the reasons that a supervisor may give.
func ReasonOptions(h *Host) []Option {
	var os []Option
	for _, r := range app.ReasonCodes {
		os = append(os, Option{r, Upper(wording.Reason(h.Texts, r))})
	}
	return os
}
