package ciao_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/ciao"
)

// said returns corrections in a line each: kind, anchor, day, what it has and wants.
func said(in ciao.PlanInput) (out []string) {
	lines := func(list []app.CorrectionLine) string {
		var s []string
		for _, l := range list {
			s = append(s, fmt.Sprintf("%s@%s#%d", l.Type, strings.TrimSuffix(l.At.String(), ".000Z"), l.RegisterID))
		}
		return strings.Join(s, ",")
	}
	for _, c := range ciao.Corrections(in, ciao.Plan(in)) {
		out = append(
			out,
			strings.TrimSpace(fmt.Sprintf("%s %s has[%s] wants[%s] %s", c.Kind, c.Anchor, lines(c.Has), lines(c.Wants), strings.Join(c.Differs, ","))),
		)
	}
	return out
}

func wants(t *testing.T, in ciao.PlanInput, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, said(in)); diff != "" {
		t.Error(diff)
	}
}

// sent returns the fine company with its one punch registered.
func sent(t *testing.T, change func(*app.Registration)) ciao.PlanInput {
	t.Helper()
	in := fine(t)
	r := ciao.Plan(in)[0].Registration
	r.ID, r.State, r.RegisterID, r.Validity = "r", app.RegAccepted, 77, "valid"
	change(&r)
	in.Registrations = []app.Registration{r}
	return in
}

func TestNothingIsCorrectedWhereAllIsWell(t *testing.T) {
	wants(t, sent(t, func(*app.Registration) {}))
	wants(t, fine(t))
}

func TestWhatTheNSSOIsAskedOfOneThatWasSent(t *testing.T) {
	wants(t, sent(t, func(r *app.Registration) { r.State, r.RegisterID, r.Validity = app.RegRefused, 0, "" }),
		"refused b/l/1 has[] wants[IN@2026-11-23T05:58:12#0]")
	wants(t, sent(t, func(r *app.Registration) { r.Validity = "invalid" }),
		"invalid b/l/1 has[IN@2026-11-23T05:58:12#77] wants[IN@2026-11-23T05:58:12#0]")
	wants(t, sent(t, func(r *app.Registration) { r.State, r.RegisterID, r.Answer = app.RegRefused, 0, "decided:drop" }),
		"unknown b/l/1 has[] wants[IN@2026-11-23T05:58:12#0]")
	wants(t, sent(t, func(r *app.Registration) { r.WorkerID, r.SSIN = "x", "93051822361" }),
		"different b/l/1 has[IN@2026-11-23T05:58:12#77] wants[IN@2026-11-23T05:58:12#0] worker,ssin")
	// The 30 days run while nobody knows whether it arrived; what only waits is no correction yet.
	wants(t, sent(t, func(r *app.Registration) { r.State, r.RegisterID = app.RegUnknown, 0 }),
		"unknown b/l/1 has[] wants[IN@2026-11-23T05:58:12#0]")
	wants(t, sent(t, func(r *app.Registration) { r.State, r.RegisterID = app.RegQueued, 0 }))
}

// One that ought not to have been sent at all is asked to be struck out.
func TestAnIgnoredPunchThatWasSent(t *testing.T) {
	in := sent(t, func(*app.Registration) {})
	in.Taps[0].Role = app.TapIgnored
	wants(t, in, "different b/l/1 has[IN@2026-11-23T05:58:12#77] wants[] effect")
}

func TestAStatementIsMissingAtTheRegister(t *testing.T) {
	in := fine(t)
	in.Taps = nil
	key := app.RecordKey{LogKey: app.LogKey{Box: "b", Log: "l"}, Seq: 1}
	in.Adjustments = []app.Adjustment{
		{ID: "a1", Kind: app.AdjustOut, EngagementID: "e", SiteID: "s", Punch: &key, To: at(14, 30)},
		{ID: "a2", Kind: app.AdjustPresence, EngagementID: "e", SiteID: "s", From: at(7, 0), To: at(9, 0)},
		{ID: "a3", Kind: app.AdjustOut, EngagementID: "e", SiteID: "s", To: at(14, 30), Withdrawn: at(15, 0)},
		{ID: "a4", Kind: app.AdjustIn, EngagementID: "e", SiteID: "elsewhere", From: at(7, 0)},
	}
	wants(t, in,
		"missing a1 has[] wants[OUT@2026-11-23T13:30:12#0]",
		"missing a2 has[] wants[IN@2026-11-23T06:00:12#0,OUT@2026-11-23T08:00:12#0]")
	line := ciao.Corrections(in, ciao.Plan(in))[0].Wants[0]
	if line.Enterprise != "0123456749" || line.Declaration != "1Y1003SQ5VSSZ" || line.Place.Coordinates == nil {
		t.Errorf("the line does not say all that is known: %+v", line)
	}
	in.Engagements[0].Capacity = app.TemporaryWorker // the agency is not known: never the own number
	if line := ciao.Corrections(in, ciao.Plan(in))[0].Wants[0]; line.Enterprise != "" {
		t.Errorf("a temporary worker is asked for under %q", line.Enterprise)
	}
}

// A punch that is too old is for the NSSO, where nothing else is in its way.
func TestWhatCanBeSentNoMore(t *testing.T) {
	in := fine(t)
	in.Now = in.Now.Add(40 * 24 * time.Hour)
	wants(t, in, "not-sent b/l/1 has[] wants[IN@2026-11-23T05:58:12#0]")
	in.Employers[0].RegistersSince = in.Now // its log is from before the company registered
	wants(t, in)

	in = fine(t)
	in.Now = at(6, 30)
	c := ciao.Corrections(in, ciao.Plan(in))
	if len(c) != 1 || c[0].Kind != app.CorrectNotSent || c[0].Wants[0].At != 0 {
		t.Errorf("of a clock half an hour ahead nobody knows the time: %+v", c)
	}
}
