package timesheet

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"klokkast/app"
)

func pdf(t *testing.T, models ...*Model) []byte {
	t.Helper()
	var b bytes.Buffer
	papers := make([]Printable, len(models))
	for i, m := range models {
		papers[i] = m
	}
	if err := Write(&b, fonts(t), papers...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// run returns what a tool of poppler or qpdf says about a PDF; without the tool the test is skipped.
func run(t *testing.T, file []byte, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skip(tool + " is not installed")
	}
	path := filepath.Join(t.TempDir(), "sheet.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = path
		}
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, out)
	}
	return string(out)
}

func textOf(t *testing.T, file []byte) string {
	t.Helper()
	return run(t, file, "pdftotext", "-layout", "FILE", "-")
}

// The texts of reasons stand in another area's catalogue.
var reason = regexp.MustCompile(`\[\[reason\.[a-z-]+\]\]`)

func TestSameDataSameBytes(t *testing.T) {
	one, two := pdf(t, fullMonth(t).model()), pdf(t, fullMonth(t).model())
	if !bytes.Equal(one, two) {
		t.Error("two prints of one sheet differ")
	}
	changed := fullMonth(t)
	changed.sheet.Worker.GivenName = "Ann"
	if bytes.Equal(one, pdf(t, changed.model())) {
		t.Error("another name gives the same bytes")
	}
}

func TestTextIsFoundInFourLanguages(t *testing.T) {
	for l, want := range map[app.Language][]string{
		app.Dutch:   {"Prestatiestaat", "november 2026", "Niet goedgekeurd", "Allerheiligen", "ma 02/11", "onvolledig !2", "Totaal", "Handtekening", "pagina 1 van 1"},
		app.French:  {"Relevé de prestations", "novembre 2026", "Non approuvé", "Toussaint", "lu 02/11", "incomplet !2", "Heures par chantier", "page 1 sur 1"},
		app.German:  {"Leistungsnachweis", "November 2026", "Nicht genehmigt", "Waffenstillstand", "Mo 02.11.", "unvollständig !2", "Summe", "Seite 1 von 1"},
		app.English: {"Timesheet", "November 2026", "Not approved", "Armistice Day", "Mon 02/11", "incomplete !2", "Hours by site", "page 1 of 1"},
	} {
		got := reason.ReplaceAllString(textOf(t, pdf(t, fullMonth(t).modelIn(l))), "")
		for _, w := range append(want, "Peeters An", "Poetsbedrijf De Zwaluw bv", "0123.456.749", "850*****28", "145:16", "1042", "Łukasz Żak") {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is not found in\n%s", l, w, got)
			}
		}
		for _, never := range []string{"[[", "<no value>", "85.07.30", "85073003328", "SIMUL", "GESIMUL", "van een andere maand"} {
			if strings.Contains(got, never) {
				t.Errorf("%s: %q is printed", l, never)
			}
		}
	}
}

func TestRevealedNumber(t *testing.T) {
	s := fullMonth(t)
	s.sheet.RevealSSIN = true
	if got := textOf(t, pdf(t, s.model())); !strings.Contains(got, "85.07.30-033.28") {
		t.Errorf("the number is not found in\n%s", got)
	}
}

func TestNamesOfManyAlphabets(t *testing.T) {
	s := fullMonth(t)
	s.sheet.Worker.FamilyName, s.sheet.Worker.GivenName = "Żółć-Împărățiș", "Σωτηρία Ωμέγα"
	s.sheet.Employer.Name = "Straße & Génie «Жанна» nv"
	// Decomposed letters, as some systems store them, come out composed.
	s.sheet.Sites[office] = app.Site{ID: office, Name: "Cafe\u0301\u00a0\u200bLuxembourg\tÞór"}
	got := textOf(t, pdf(t, s.model()))
	for _, w := range []string{"Żółć-Împărățiș Σωτηρία Ωμέγα", "Straße & Génie «Жанна» nv", "Café Luxembourg Þór"} {
		if !strings.Contains(got, w) {
			t.Errorf("%q is not found in\n%s", w, got)
		}
	}
}

func TestWhatCannotBeDrawnIsSaidAndRefusesNoSheet(t *testing.T) {
	for name, c := range map[string]struct {
		want   string
		change func(*Sheet)
	}{
		"a face":     {"no. 1042 · Zwaluw", func(s *Sheet) { s.Worker.GivenName = "An 😀" }},
		"Arabic":     {"no. 1042 · Zwaluw", func(s *Sheet) { s.Worker.FamilyName = "سميرة" }},
		"no name":    {"no. 1042 · Zwaluw", func(s *Sheet) { s.Worker.FamilyName, s.Worker.GivenName = "\u200f", "" }},
		"Chinese":    {"[�1]", func(s *Sheet) { s.Sites[school] = app.Site{ID: school, Name: "學校"} }},
		"a note":     {"“ok [�1]”", func(s *Sheet) { s.Adjustments[0].Note = "ok 👍" }},
		"a firm":     {"Zwaluw [�1]", func(s *Sheet) { s.Employer.Name = "Zwaluw 🐦" }},
		"a number":   {"[�1]", func(s *Sheet) { s.Worker.StaffNumber = "٤٢" }},
		"letterhead": {"[�1]", func(s *Sheet) { s.Letterhead.Name, s.Letterhead.Lines = "中", []string{"٤٢"} }},
	} {
		s := fullMonth(t)
		s.sheet.Employer.Name = "Zwaluw"
		c.change(&s.sheet)
		m := s.model()
		m.texts = textsOf(t, app.English)
		got := strings.Join(strings.Fields(textOf(t, pdf(t, m))), " ")
		for _, want := range []string{c.want, "Names and signs that this paper cannot show"} {
			if !strings.Contains(got, want) && !strings.Contains(strings.ReplaceAll(got, "‘", "“"), want) {
				t.Errorf("%s: %q is not on\n%s", name, want, got)
			}
		}
	}
}

func TestOutsideProductionThePaperSaysSo(t *testing.T) {
	for l, want := range map[app.Language]string{
		app.Dutch: "GESIMULEERD: niets bereikt de RSZ", app.French: "SIMULÉ : rien ne parvient à l’ONSS",
		app.German: "SIMULIERT: Nichts erreicht das LSS", app.English: "SIMULATED: nothing reaches the NSSO",
	} {
		s := fullMonth(t)
		s.sheet.Environment = app.NSSOSimulation
		if got := textOf(t, pdf(t, s.modelIn(l))); !strings.Contains(got, want) {
			t.Errorf("%s: %q is not found", l, want)
		}
	}
}

func TestFontsAreEmbeddedAndTheFileIsSound(t *testing.T) {
	file := pdf(t, fullMonth(t).model())
	lines := strings.Split(strings.TrimSpace(run(t, file, "pdffonts", "FILE")), "\n")[2:]
	if len(lines) != 3 { // one more for a Ż
		t.Errorf("%d fonts: %v", len(lines), lines)
	}
	for _, l := range lines {
		if f := strings.Fields(l); f[len(f)-5] != "yes" {
			t.Errorf("not embedded: %s", l)
		}
	}
	if got := run(t, file, "qpdf", "--check", "FILE"); !strings.Contains(got, "No syntax or stream encoding errors") {
		t.Error(got)
	}
}

// What a sheet was printed before, after or beside changes none of its bytes, nor
// do fonts of which another sheet has used other signs already.
func TestASheetsBytesDependOnNothingBesideIt(t *testing.T) {
	names := []string{"Peeters", "Żółć", "Ωμέγα", "Жуков", "Șerban", "Nguyễn", "Ærø", "محمد", "Peeters–Łę", "中"}
	model := func(name string) *Model {
		s := fullMonth(t)
		s.sheet.Worker.FamilyName = name
		return s.model()
	}
	alone := map[string][]byte{}
	for _, name := range names {
		alone[name] = pdf(t, model(name)) // each with fonts of its own
	}
	used := fonts(t)
	var all sync.WaitGroup
	for i := range 2 * len(names) {
		name := names[(i*7)%len(names)] // in another order, twice, all at once
		m := model(name)
		all.Go(func() {
			var file bytes.Buffer
			if err := Write(&file, used, m); err != nil || !bytes.Equal(file.Bytes(), alone[name]) {
				t.Errorf("the sheet of %s differs from the one that was printed alone (%v)", name, err)
			}
		})
	}
	all.Wait()
}

// What is approved says by whom, and which version; its figures are rounded beside the exact ones.
func TestApprovedAndRounded(t *testing.T) {
	s := fullMonth(t)
	s.sheet.Approval = &app.Approval{By: "Greet Maes", At: app.At(time.Date(2026, 12, 1, 23, 30, 0, 0, time.UTC)), Version: 2}
	s.sheet.Engagement.Rounding = app.Rounding{Minutes: 15}
	got := textOf(t, pdf(t, s.model()))
	for _, w := range []string{"Goedgekeurd door Greet Maes op", "02/12/2026 (versie 2)", "Afgerond", "145:15", "145:16"} {
		if !strings.Contains(got, w) {
			t.Errorf("%q is not found in\n%s", w, got)
		}
	}
}

// longMonth has three presences a day, long names and a note a day.
func longMonth(t testing.TB) *story {
	s := newStory(t, app.Month{Year: 2026, Month: time.October})
	s.sheet.Worker.FamilyName = "Van den Wijngaert-Vandenbroucke de Sint-Pietersleeuw"
	s.sheet.Worker.GivenName = "Maria-Magdalena Josephina Wilhelmina Antoinette"
	s.sheet.Employer.Name = "Algemene Onderhouds- en Reinigingsmaatschappij Noord-Oost-Vlaanderen en Omstreken bvba"
	s.sheet.Sites[office] = app.Site{ID: office, Name: "Gemeentelijk Administratief Centrum Sint-Katelijne-Waver, blok B"}
	s.sheet.Sites[school] = app.Site{ID: school, Name: "Aansprakelijkheidswaardevaststellingsveranderingengebouw"}
	for day := s.sheet.Days.From; day <= s.sheet.Days.To; day++ {
		dd := fmt.Sprintf("%02d ", day-s.sheet.Days.From+1)
		s.day(
			s.presence(office, dd+"06:00", dd+"09:00"),
			s.presence(school, dd+"10:30", dd+"12:00"),
			s.presence(office, dd+"14:00", dd+"16:00", dd+"14:30", dd+"14:40", dd+"15:00", dd+"15:10"),
		)
		s.sheet.Anomalies = append(
			s.sheet.Anomalies,
			OpenAnomaly{
				Anomaly: app.Anomaly{Day: day},
				Caption: "Een korte tekst over iets dat nog open is en waarover iemand moet beslissen voor er getekend wordt, met alle bijzonderheden.",
			},
		)
	}
	return s
}

func TestLongMonthsGoOverPagesWithTheirHead(t *testing.T) {
	file := pdf(t, longMonth(t).model())
	pages := strings.Split(strings.TrimSuffix(textOf(t, file), "\f"), "\f")
	if len(pages) < 2 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		if want := fmt.Sprintf("pagina %d van %d", i+1, len(pages)); !strings.Contains(page, want) {
			t.Errorf("page %d lacks %q", i+1, want)
		}
		if i > 0 && !strings.Contains(page, "Prestatiestaat · oktober 2026 · Van den Wijngaert") {
			t.Errorf("page %d has no running head", i+1)
		}
		if strings.Contains(page, "06:00") && !strings.Contains(page, "Opmerkingen") {
			t.Errorf("page %d has rows without the table's head", i+1)
		}
	}
	for day := 1; day <= 31; day++ {
		if want := fmt.Sprintf("%02d/10", day); !strings.Contains(strings.Join(pages, ""), want) {
			t.Errorf("%s is missing", want)
		}
	}
	if last := pages[len(pages)-1]; strings.Count(last, "Handtekening") != 2 {
		t.Error("the last page has no place to sign")
	}
}

var word = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>`)

// Nothing runs over the margins or into the foot, and no two words touch.
func TestNothingOverflows(t *testing.T) {
	for _, l := range app.Languages {
		for name, paper := range everyKind(t, l) {
			var b bytes.Buffer
			if err := Write(&b, fonts(t), paper); err != nil {
				t.Fatal(err)
			}
			for i, page := range strings.Split(run(t, b.Bytes(), "pdftotext", "-bbox", "FILE", "-"), "<page ")[1:] {
				fits(t, fmt.Sprintf("%s %s page %d", name, l, i+1), page)
			}
		}
	}
}

// everyKind are papers with all that may stand on them, by name.
func everyKind(t *testing.T, l app.Language) map[string]Printable {
	t.Helper()
	rounded := fullMonth(t)
	rounded.sheet.Engagement.Rounding = app.Rounding{Minutes: 15, Mode: app.RoundUp}
	site, team := hardGroup(t, OfSite), hardGroup(t, OfTeam)
	if l == app.French { // with a banner, too
		site.Environment, team.Environment, rounded.sheet.Environment = app.LocalSimulator, app.LocalSimulator, app.LocalSimulator
	}
	return map[string]Printable{
		"full":    fullMonth(t).modelIn(l),
		"long":    longMonth(t).modelIn(l),
		"rounded": rounded.modelIn(l),
		"first":   firstMonth(t).modelIn(l),
		"hard": hardMonth(
			t,
		).modelIn(l),
		"site":      groupOf(t, aGroup(t, OfSite), l),
		"team":      groupOf(t, aGroup(t, OfTeam), l),
		"hard-site": groupOf(t, site, l),
		"hard-team": groupOf(t, team, l),
	}
}

// fits looks at the words of a page: page is what pdftotext -bbox says of it.
func fits(t *testing.T, name, page string) {
	t.Helper()
	const mm = 72 / 25.4
	type box struct {
		x0, y0, x1, y1 float64
		text           string
	}
	var boxes []box
	for _, m := range word.FindAllStringSubmatch(page, -1) {
		var v [4]float64
		for i := range v {
			v[i], _ = strconv.ParseFloat(m[i+1], 64)
		}
		b := box{v[0], v[1], v[2], v[3], m[5]}
		if b.x0 < 12.9*mm || b.x1 > (210-12.5)*mm || b.y0 < 10*mm || b.y1 > (297-5)*mm {
			t.Errorf("%s: %q stands outside the margins: %.0f–%.0f", name, b.text, b.x0/mm, b.x1/mm)
		}
		for _, o := range boxes {
			sameLine := b.y0 < o.y1-3 && o.y0 < b.y1-3
			if sameLine && b.x0 < o.x1-0.3 && o.x0 < b.x1-0.3 {
				t.Errorf("%s: %q runs into %q", name, b.text, o.text)
			}
		}
		boxes = append(boxes, b)
	}
}

func TestManySheetsInOneFile(t *testing.T) {
	other := fullMonth(t)
	other.sheet.Worker.FamilyName = "Janssens"
	got := textOf(t, pdf(t, fullMonth(t).model(), other.model()))
	if strings.Count(got, "pagina 1 van 1") != 2 || !strings.Contains(got, "Janssens An") {
		t.Errorf("two sheets give\n%s", got)
	}
	if err := Write(&bytes.Buffer{}, fonts(t)); err == nil {
		t.Error("a file without a sheet is no file")
	}
}

func TestFirstMonth(t *testing.T) {
	got := textOf(t, pdf(t, firstMonth(t).model()))
	for _, w := range []string{"Uitzendkracht", "niet in dienst", "wintertijd: +1 uur", "9:00", "bezig", "! INSZ ontbreekt", "sinds 12/10/2026"} {
		if !strings.Contains(got, w) {
			t.Errorf("%q is not found in\n%s", w, got)
		}
	}
}

// Sheets are printed by several goroutines with the same fonts and texts.
func TestManyAtOnce(t *testing.T) {
	f, m := fonts(t), fullMonth(t).model()
	want := pdf(t, m)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			var b bytes.Buffer
			if err := Write(&b, f, m); err != nil || !bytes.Equal(b.Bytes(), want) {
				t.Errorf("another paper at the same time: %v", err)
			}
		})
	}
	all.Wait()
}

// TestLook leaves the pages for eyes where KLOKKAST_LOOK names a folder.
func TestLook(t *testing.T) {
	dir := os.Getenv("KLOKKAST_LOOK")
	if dir == "" {
		t.Skip("KLOKKAST_LOOK names no folder")
	}
	for _, l := range app.Languages {
		for name, paper := range everyKind(t, l) {
			var b bytes.Buffer
			if err := Write(&b, fonts(t), paper); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, name+"-"+string(l)+".pdf")
			if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	f, m := fonts(b), fullMonth(b).model()
	for b.Loop() {
		if err := Write(&bytes.Buffer{}, f, m); err != nil {
			b.Fatal(err)
		}
	}
}

// A time that somebody registered by phone carries its mark on paper, and the paper says what that means; another paper does not.
func TestTimesByPhoneAreMarked(t *testing.T) {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	p := s.presence(office, "02 07:00", "02 15:00", "02 11:00", "02 11:30")
	plain := textOf(t, pdf(t, newStory(t, app.Month{Year: 2026, Month: time.November}).model()))
	key := app.RecordKey{LogKey: app.LogKey{Box: app.MakeRegister.UID(string(office)), Log: "production"}, Seq: 77}
	p.Out.Punch, p.Breaks[0].End.Punch = &key, &key
	s.day(p)
	m := s.model()
	if l := m.Days[1].Lines[0]; l.In.ByPhone || !l.Out.ByPhone || !l.ByPhone() || l.plain() != "Kantoor Vesaliusstraat 07:00-15:00† (11:00-11:30†)" {
		t.Errorf("%+v, %q", l, l.plain())
	}
	words := textOf(t, pdf(t, m))
	for _, want := range []string{"15:00 †", "11:30†", "† per telefoon of anders"} {
		if !strings.Contains(words, want) && !strings.Contains(words, strings.ReplaceAll(want, " ", "")) {
			t.Errorf("no %q on paper:\n%s", want, words)
		}
	}
	if strings.Contains(plain, "†") {
		t.Errorf("a paper without phones speaks of them:\n%s", plain)
	}
}
