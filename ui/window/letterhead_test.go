package window

import (
	"reflect"
	"testing"

	"klokkast/app"
)

func TestTheLetterheadIsKept(t *testing.T) {
	w, d := open(t, app.English)
	d.head = app.Letterhead{Name: "Blinkend Schoon BV", Lines: []string{"Stationsstraat 12", "2800 Mechelen"}, Enterprise: "0123456749"}
	askLetterhead(w.host, d)
	typeInto(t, w.host.form, "letterhead.name", "De Zwaluw bv")
	typeInto(t, w.host.form, "letterhead.logo", "logo.png")
	w.host.form.submit()
	if want := (app.Letterhead{Name: "De Zwaluw bv", Lines: []string{"Stationsstraat 12", "2800 Mechelen"}, Enterprise: "0123.456.749"}); !reflect.DeepEqual(d.head, want) || d.logo != "logo.png" {
		t.Errorf("kept %+v and the logo %q", d.head, d.logo)
	}
}
