package window

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/export"
	"klokkast/app/office"
	"klokkast/app/output"
	"klokkast/app/papers"
)

// inTheirWay is what an office says that finds files of others.
func inTheirWay(files ...string) error {
	return &output.Error{Problem: output.Foreign, Path: files[0], Paths: files}
}

// asked checks that the window asks about a file and nothing else, and answers it.
func asked(t *testing.T, w *Window, d *fakeDesk, file, answer string) {
	t.Helper()
	if got := onTop(w); !strings.Contains(got, file) || !strings.Contains(got, "not written by Klokkast") {
		t.Fatalf("shown: %s", got)
	}
	d.fail = nil
	tapOnTop(t, w, answer)
	if got := onTop(w); strings.Contains(got, file) {
		t.Errorf("afterwards: %s", got)
	}
}

func TestSheetsAreReplacedOnlyWhenThePersonSaysSo(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*sheetsPage](t, w, "timesheets")
	p.grid.Select(string(engaged))
	row := p.grid.Selected()
	d.fail = map[string]error{"WriteSheets": inTheirWay("/x/peeters.pdf", "/x/claes.pdf")}
	p.write(row, nil)
	asked(t, w, d, "2 files there", "Cancel")
	if d.ordered.Replace {
		t.Error("replaced without an answer")
	}
	d.fail = map[string]error{"WriteSheets": inTheirWay("/x/peeters.pdf")}
	opened := false
	p.write(row, func() { opened = true })
	asked(t, w, d, "/x/peeters.pdf", "Replace")
	if !d.ordered.Replace || !opened {
		t.Errorf("replacing %v, went on %v", d.ordered.Replace, opened)
	}
}

func TestPapersAreReplacedOnlyWhenThePersonSaysSo(t *testing.T) {
	w, d := open(t, app.English)
	var opened string
	w.host.open = func(path string) error { opened = path; return nil }
	p := to[*sitesPage](t, w, "sites")
	p.grid.Select(string(townHall))
	p.askPresenceList()
	d.fail = map[string]error{"WritePresenceList": inTheirWay("/x/list.pdf")}
	w.host.form.submit()
	asked(t, w, d, "/x/list.pdf", "Replace")
	if opt := d.paper[3].(office.PaperOptions); !opt.Replace || !strings.HasSuffix(opened, "presence.pdf") {
		t.Errorf("%+v, opened %q", opt, opened)
	}
	d.fail = map[string]error{"WriteChart": inTheirWay("/x/chart.pdf")}
	w.host.printChart(d, office.ChartQuestion{Kind: papers.SiteHours})
	asked(t, w, d, "/x/chart.pdf", "Replace")
	if !strings.HasSuffix(opened, "chart.pdf") {
		t.Errorf("opened %q", opened)
	}
}

// blocked is a desk of lists that finds a file of somebody else's once.
type blocked struct {
	exports
	choices []office.ExportChoice
}

func (d *blocked) ExportWorkbook(_ context.Context, c office.ExportChoice, _ export.Layout, _ string, _ office.Progress) (office.Exported, error) {
	d.choices = append(d.choices, c)
	if !c.Replace {
		return office.Exported{}, inTheirWay("/x/hours.xlsx")
	}
	return office.Exported{File: "/x/hours.xlsx"}, nil
}

func TestListsAreReplacedOnlyWhenThePersonSaysSo(t *testing.T) {
	w, fake := open(t, app.English)
	d := &blocked{}
	e := &exportForm{h: w.host, desk: d, what: office.ExportChoice{Days: app.Month{Year: 2026, Month: 10}.Days()}, dir: "/x"}
	e.show()
	test.Tap(e.f.save)
	asked(t, w, fake, "/x/hours.xlsx", "Replace")
	if len(d.choices) != 2 || !d.choices[1].Replace || !strings.Contains(w.status.Text, "/x/hours.xlsx") {
		t.Errorf("%+v, said %q", d.choices, w.status.Text)
	}
}
