package officetest

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/workspace"
)

// Each company is its own, and what one tapped no other has.
func TestCompaniesShareNothing(t *testing.T) {
	one, other := New(t), New(t)
	one.Read(In("2026-11-20 06:58"))
	if got := one.Anomaly(app.MissingOut); got.WorkerID != one.Anna.ID || got.SiteID != one.Site.ID {
		t.Errorf("%+v", got.Anomaly)
	}
	rows := Must(other.Office().Derived.PunchRows(t.Context(), derived.PunchFilter{}))(t)
	if len(rows) != 0 {
		t.Errorf("%d punches of another company", len(rows))
	}
	if number := Must(other.Office().Staff.RevealSSIN(t.Context(), other.Anna.ID))(t); number != AnnaSSIN {
		t.Errorf("the SSIN is %s: the key of the template is not the copy's", number)
	}
	if acts := other.Acts(""); len(acts) != 1 || acts[0].What != "ssin.reveal" {
		t.Errorf("the trail since the test began: %+v", acts)
	}
}

// What is tapped on a box goes all the way to the register.
func TestAPunchGoesToTheRegister(t *testing.T) {
	c := NewDemo(t)
	reg := c.AtRegister()
	box := c.Cables.Plug(t, "usb:1", Known())
	if _, err := box.Tap(Card(t, AnnaCard), app.KeyIn); err != nil {
		t.Fatal(err)
	}
	o := c.Office()
	c.Do(o.ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Check = app.ClockCheck{At: c.Now, Source: "test"} }))
	if r := Must(o.Boxes.ReadBox(t.Context(), "usb:1", boxes.ReadOptions{}, nil))(t); r.State != app.ReadingDone {
		t.Fatalf("%+v", r)
	}
	c.Now = c.Now.Add(time.Minute) // the last seconds are not sent: more may come with them
	if report := Must(o.Register.Send(t.Context(), nil))(t); report.Accepted != 1 || len(reg.Stored()) != 1 {
		t.Errorf("%+v", report)
	}
}
