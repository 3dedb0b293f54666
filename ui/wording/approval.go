package wording

import (
	"cmp"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/text"
)

// PeriodStatus words where a worker's period stands.
func PeriodStatus(t *text.Translator, s documents.ApprovalStatus) string {
	return known(t, "approval.status.", string(s), "")
}

// ApprovedBy says who made a step, when, and which version it is; of a
// withdrawal also why.
func ApprovedBy(t *text.Translator, n Names, a *app.Approval) string {
	args := []any{"By", a.By, "Date", t.Date(a.At.DateIn(n.Zone(""))), "Version", a.Version, "Reason", a.Reason}
	if a.Withdraws != "" {
		return t.T("approval.withdrawn", args...)
	}
	return t.T("approval.by", args...)
}

// Blocker says what keeps a worker's period from being approved.
func Blocker(t *text.Translator, n Names, worker app.ID, b *documents.Blocker) string {
	args := map[string]any{"Worker": cmp.Or(n.Worker(worker), t.T("word.someone"))}
	switch {
	case b.Code == documents.BlockedByAnomaly:
		return Anomaly(t, n, &b.Anomaly.Anomaly)
	case b.Anomaly != nil:
		args["Found"] = Anomaly(t, n, &b.Anomaly.Anomaly)
	case b.Presence != nil:
		zone := n.Zone(b.Presence.SiteID)
		args["Site"], args["Date"], args["Time"] = n.Site(b.Presence.SiteID), t.Date(b.Presence.Start().DateIn(zone)), t.Time(b.Presence.Start(), zone)
		if b.Presence.PhonesUnchecked {
			return t.T("approval.blocked.openPhones", args)
		}
	case b.Approval != nil:
		args["From"], args["To"], args["By"], args["Version"] = b.Approval.Days.From, b.Approval.Days.To, b.Approval.By, b.Approval.Version
		args["Date"] = t.Date(b.Approval.At.DateIn(n.Zone("")))
	}
	return t.T("approval.blocked."+string(b.Code), args)
}

// PeriodDoubt words what whoever approves a period should know.
func PeriodDoubt(t *text.Translator, n Names, d *documents.Doubt) string {
	switch {
	case d.Code == documents.DoubtBoxUnread && d.ReadTo == 0:
		return t.T("approval.doubt.box-never", "Box", n.Box(d.Box), "Site", n.Site(d.SiteID))
	case d.Code == documents.DoubtPhones && d.ReadTo == 0:
		return t.T("approval.doubt.phones-never", "Site", n.Site(d.SiteID))
	}
	return t.T("approval.doubt."+string(d.Code), "Box", n.Box(d.Box), "Site", n.Site(d.SiteID), "When", t.DateTime(d.ReadTo, n.Zone(d.SiteID)))
}

// BlockerSteps says what settles it; "" where Blocker says so already.
func BlockerSteps(t *text.Translator, b *documents.Blocker) string {
	if b.Anomaly == nil {
		return ""
	}
	return Steps(t, b.Anomaly.Rule)
}
