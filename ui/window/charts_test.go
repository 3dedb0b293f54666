package window

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/papers"
)

// A chart opens from its page; what is drawn follows the size.
func TestAChartOpensAndIsDrawn(t *testing.T) {
	w, _ := open(t, app.Dutch)
	w.host.showChart(to[*sitesPage](t, w, "sites").desk, papers.SiteHours, "s1", "Stadhuis")
	if w.win.Canvas().Overlays().Top() == nil {
		t.Error("nothing is shown")
	}
	hours := &papers.Hours{DaysCounted: 1}
	hours.PresentMinutes[8] = 60
	view := newPlotView()
	view.set(hours.Plot(w.host.t))
	r := test.WidgetRenderer(view)
	view.Resize(fyne.NewSize(600, 300))
	full := len(r.Objects())
	view.set((&papers.Hours{}).Plot(w.host.t))
	if empty := len(r.Objects()); full < 30 || empty == 0 || empty > 4 {
		t.Errorf("%d objects of a full plot, %d of an empty one", full, empty)
	}
	for _, o := range r.Objects() {
		if o.Position().X < 0 || o.Position().X+o.Size().Width > 600 {
			t.Errorf("a text reaches from %v over %v", o.Position(), o.Size())
		}
	}
}
