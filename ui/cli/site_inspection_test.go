package cli

import (
	"path/filepath"
	"strconv"
	"testing"

	"klokkast/ui/officetest"
)

func TestSiteInspection(t *testing.T) {
	c := unchecked(t)
	asked(t, c, `site change Stadhuis --contact "Els Maes" --phone "016 27 20 00"`)
	asked(t, c, "ciao release --held clock --why checked --yes")
	asked(t, c, "ciao send")
	asked(t, c, "declaration link 1Y1003SQ5VSSZ Stadhuis --to 2026-11-01")
	c.Read(officetest.In("2026-11-23 11:30"))
	out := filepath.Join(t.TempDir(), "x.pdf")
	line := `site inspection Stadhuis --at "2026-11-23 11:45"`
	id := at(t, asked(t, c, line), "last.1.registerId")
	wantText(
		t,
		said(t, c, line+" --out "+out+" --reveal"),
		"Under CIAO",
		"Els Maes 016 27 20 00",
		"No declaration of works covers this site",
		strconv.Itoa(int(id.(float64))),
		"accepted",
		"Written: "+out,
	)
	isPDF(t, out)
	if !revealed(c) {
		t.Error("the trail does not say that her number is on paper")
	}
	want(t, asked(t, c, line), map[string]any{
		"at": "2026-11-23T10:45:00.000Z", "decision.decision": "yes", "contact.phone": "016 27 20 00",
		"last.0.held": "no-declaration", "last.1.registerId": id, "last.1.state": "accepted",
	})
}
