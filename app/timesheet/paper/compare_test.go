package paper_test

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/text/texttest"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
	"klokkast/assets"
)

// aMonth is a made-up month with a presence and a break on each working day.
func aMonth(b *testing.B) *timesheet.Model {
	b.Helper()
	const engagement, site app.ID = "01900000-0000-7000-8000-0000005c3f9a", "01900000-0000-7000-8000-000000000001"
	month := app.Month{Year: 2026, Month: time.October}
	s := timesheet.Sheet{
		Employer:   app.Employer{Name: "Poetsbedrijf De Zwaluw bv", Enterprise: "0123456749"},
		Worker:     app.Worker{FamilyName: "Peeters", GivenName: "An", StaffNumber: "1042", SSIN: "85073003328"},
		Engagement: app.Engagement{ID: engagement, Capacity: app.Employee, Days: app.Days{From: app.NewDate(2021, 3, 1)}},
		Days:       month.Days(), DefaultWeekly: 38 * 60, Program: "Klokkast", Environment: app.Production,
		Sites: map[app.ID]app.Site{site: {ID: site, Name: "Kantoor Vesaliusstraat"}},
	}
	for day := s.Days.From; day <= s.Days.To; day++ {
		start := app.At(day.UTC().Add(5*time.Hour + time.Duration(day%7)*time.Minute))
		if weekday := day.UTC().Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			continue
		}
		p := app.Presence{
			EngagementID: engagement, SiteID: site, State: app.PresenceComplete, Worked: 8 * time.Hour,
			In: &app.Side{At: start}, Out: &app.Side{At: start.Add(8*time.Hour + 15*time.Minute)},
			Breaks: []app.Break{{Start: app.Side{At: start.Add(3 * time.Hour)}, End: &app.Side{At: start.Add(3*time.Hour + 15*time.Minute)}}},
		}
		s.Workdays = append(s.Workdays, app.Workday{Day: day, Presences: []app.Presence{p}, Worked: p.Worked, Breaks: 15 * time.Minute})
	}
	m, err := timesheet.Build(s, texttest.Catalogue(b).For(app.Dutch))
	if err != nil {
		b.Fatal(err)
	}
	hash := strings.Repeat("5c3f9a1e", 8)
	m.Stamp = &timesheet.Stamp{Code: timesheet.NewCode(timesheet.OfEngagement, true, engagement, month.Days(), 1, hash), Hash: hash, Provisional: true}
	return m
}

func benchFonts(b *testing.B) *paper.Fonts {
	b.Helper()
	f, err := paper.LoadFonts(assets.PaperFonts())
	if err != nil {
		b.Fatal(err)
	}
	return f
}

func report(b *testing.B, pages, size int) {
	b.ReportMetric(float64(pages*b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(size)/float64(pages), "B/page")
}

// BenchmarkMonthlySheet makes one and the same page with this package, with
// another PDF library for Go, and with LibreOffice from HTML.
func BenchmarkMonthlySheet(b *testing.B) {
	fonts, m := benchFonts(b), aMonth(b)
	b.Run("klokkast", func(b *testing.B) {
		var file bytes.Buffer
		for b.Loop() {
			file.Reset()
			if err := timesheet.Write(&file, fonts, m); err != nil {
				b.Fatal(err)
			}
		}
		report(b, 1, file.Len())
	})
	b.Run("gopdf", func(b *testing.B) {
		var size int
		for b.Loop() { // with the layout, as above
			pages, err := timesheet.Lay(fonts, m)
			if err != nil {
				b.Fatal(err)
			}
			file, err := paper.GopdfOf(fonts, pages)
			if err != nil {
				b.Fatal(err)
			}
			size = len(file)
		}
		report(b, 1, size)
	})
	// A start of LibreOffice takes seconds: it gets many files at once.
	b.Run("libreoffice", func(b *testing.B) { byLibreOffice(b, m, 20) })
}

func byLibreOffice(b *testing.B, m *timesheet.Model, files int) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		b.Skip("LibreOffice is not installed")
	}
	dir := b.TempDir()
	args := []string{
		"-env:UserInstallation=file://" + filepath.Join(dir, "profile"),
		"--headless",
		"--convert-to",
		"pdf:writer_web_pdf_Export",
		"--outdir",
		dir,
	}
	for i := range files {
		name := filepath.Join(dir, fmt.Sprintf("%d.html", i))
		if err := os.WriteFile(name, []byte(asHTML(m)), 0o600); err != nil {
			b.Fatal(err)
		}
		args = append(args, name)
	}
	for b.Loop() {
		out, err := exec.Command(soffice, args...).CombinedOutput()
		if strings.Contains(string(out), "could not be loaded") {
			b.Skip("this LibreOffice reads no web pages: its part for texts (libreoffice-writer) is not installed")
		}
		if err != nil {
			b.Fatalf("soffice: %v\n%s", err, out)
		}
	}
	file, err := os.ReadFile(filepath.Join(dir, "0.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	report(b, files, files*len(file))
}

// asHTML is the page as a web page: the same rows, without marks and notes.
func asHTML(m *timesheet.Model) string {
	var s strings.Builder
	row := func(cells ...string) {
		s.WriteString("<tr>")
		for _, c := range cells {
			s.WriteString("<td>" + html.EscapeString(c) + "</td>")
		}
		s.WriteString("</tr>\n")
	}
	s.WriteString(
		`<html><head><meta charset="utf-8"><style>@page{size:A4;margin:13mm} body{font:8pt "Noto Sans"} td{border-bottom:1px solid #bbb}</style></head><body>`,
	)
	s.WriteString("<h1>" + html.EscapeString(m.Sheet.Worker.Name()) + "</h1><p>" + html.EscapeString(m.Sheet.Employer.Name) + "</p><table>")
	for _, d := range m.Days {
		for _, l := range append(d.Lines, timesheet.Line{})[:max(1, len(d.Lines))] {
			row(d.Date.String(), l.Site, l.In.Text, l.Out.Text, d.Break.String(), d.Hours.String(), d.Night.String(), d.Holiday)
		}
	}
	row("", "", "", "", m.Total.Break.String(), m.Total.Hours.String(), m.Total.Night.String(), "")
	s.WriteString("</table></body></html>")
	return s.String()
}

// The month of a large company, and its sheets that are measured as files of their own.
const (
	sheetsBound = 2000
	sheetsFiled = 20 // a go: what one file costs does not depend on their number
)

// BenchmarkSheetsAgainstBareFpdf makes the same pages twice in turn, with this
// package from the model on, and with the PDF library alone from pages that were
// laid before. x-bare is how many times as long it takes; peak-MB is the most
// memory that the program held from the operating system meanwhile, and
// bare-peak-MB that of the library alone.
func BenchmarkSheetsAgainstBareFpdf(b *testing.B) {
	fonts, m := benchFonts(b), aMonth(b)
	laid, err := timesheet.Lay(fonts, m)
	if err != nil {
		b.Fatal(err)
	}
	ours := func(w io.Writer, n int) error {
		bundle := timesheet.NewBundle(fonts, m)
		for range n {
			bundle.Add(m)
		}
		return bundle.Write(w)
	}
	bare := func(w io.Writer, n int) error {
		return paper.BareTo(w, fonts, slices.Repeat([][]*paper.Page{laid}, n)...)
	}
	single := func(w io.Writer, _ int) error { return timesheet.Write(w, fonts, m) }
	filed := func(write func(io.Writer, int) error) func(io.Writer, int) error {
		return func(w io.Writer, n int) error {
			for range n {
				if err := write(w, 1); err != nil {
					return err
				}
			}
			return nil
		}
	}
	b.Run("one", func(b *testing.B) { inTurn(b, 1, single, bare) })
	b.Run("files", func(b *testing.B) { inTurn(b, sheetsFiled, filed(single), filed(bare)) })
	b.Run("bundle", func(b *testing.B) { inTurn(b, sheetsBound, ours, bare) })
}

// inTurn measures ours, and says how it compares with what is bare.
func inTurn(b *testing.B, n int, ours, bare func(io.Writer, int) error) {
	var file, other bytes.Buffer
	var took, tookBare time.Duration
	peak, peakBare := 0.0, 0.0
	measured := func(out *bytes.Buffer, write func(io.Writer, int) error, took *time.Duration, peak *float64) {
		out.Reset()
		if n > 1 {
			debug.FreeOSMemory() // takes longer than a sheet
		}
		stop, begin := watchMemory(), time.Now()
		if err := write(out, n); err != nil {
			b.Fatal(err)
		}
		*took += time.Since(begin)
		*peak = max(*peak, stop())
	}
	for b.Loop() {
		measured(&file, ours, &took, &peak)
		measured(&other, bare, &tookBare, &peakBare)
	}
	b.ReportMetric(0, "ns/op") // of both together: of no use
	b.ReportMetric(float64(n*b.N)/took.Seconds(), "pages/s")
	b.ReportMetric(took.Seconds()/tookBare.Seconds(), "x-bare")
	b.ReportMetric(float64(file.Len())/float64(n), "B/page")
	b.ReportMetric(float64(other.Len())/float64(n), "bare-B/page")
	b.ReportMetric(peak, "peak-MB")
	b.ReportMetric(peakBare, "bare-peak-MB")
}

// watchMemory samples what the program holds from the operating system; stop gives the most, in MB.
func watchMemory() (stop func() float64) {
	end, done := make(chan struct{}), make(chan float64)
	go func() {
		most := held()
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-end:
				done <- max(most, held())
				return
			case <-tick.C:
				most = max(most, held())
			}
		}
	}()
	return func() float64 {
		close(end)
		return <-done
	}
}

func held() float64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return float64(s[0].Value.Uint64()-s[1].Value.Uint64()) / (1 << 20)
}
