package papers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/papers"
	"klokkast/app/text"
	"klokkast/app/text/texttest"
	"klokkast/app/timesheet/paper"
	"klokkast/assets"
)

// loadFonts reads the faces once for all tests: it takes a third of a second.
var loadFonts = sync.OnceValues(func() (*paper.Fonts, error) { return paper.LoadFonts(assets.PaperFonts()) })

func fonts(t *testing.T) *paper.Fonts {
	t.Helper()
	f, err := loadFonts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func texts(t *testing.T, l app.Language) *text.Translator {
	t.Helper()
	return texttest.Catalogue(t).For(l)
}

// printed returns the bytes of a paper and its text as pdftotext reads it.
func printed(t *testing.T, l app.Language, model papers.Paper) (pdf []byte, words string) {
	t.Helper()
	var b bytes.Buffer
	if err := papers.Write(&b, fonts(t), texts(t, l), model); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), textOf(t, b.Bytes())
}

func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	for _, tool := range []string{"pdftotext", "qpdf"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, out)
	}
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// at is a moment of Monday 23 November 2026 in Belgium.
func at(hour, minute int) app.Instant {
	return app.At(time.Date(2026, 11, 23, hour-1, minute, 0, 0, time.UTC))
}

func side(i app.Instant) *app.Side {
	if i == 0 {
		return nil
	}
	return &app.Side{At: i}
}

func presence(worker string, state app.PresenceState, in, out app.Instant) app.Presence {
	return app.Presence{WorkerID: app.ID(worker), EngagementID: app.ID("e-" + worker), SiteID: "hall", State: state,
		In: side(in), Out: side(out), LastTap: max(in, out), Day: app.NewDate(2026, 11, 23)}
}

// question asks about the town hall from six to noon; everyone in it is made up.
func question() papers.PresenceQuestion {
	q := papers.PresenceQuestion{
		Site: app.Site{
			ID:      "hall",
			Name:    "Stadhuis Leuven",
			Zone:    app.DefaultZone,
			Address: app.Address{Street: "Grote Markt", HouseNumber: "9", PostCode: "3000", Municipality: "Leuven"},
		},
		From: at(6, 0), To: at(12, 0), Boxes: []papers.BoxRead{{UID: "b", Label: "Inkom", ReadTo: at(11, 30)}},
		Workers: map[app.ID]app.Worker{}, Engagements: map[app.ID]app.Engagement{}, Employers: map[app.ID]app.Employer{"own": {ID: "own", Name: "Blinkend Schoon BV"}},
		Longest: func(app.ID) time.Duration { return 16 * time.Hour },
	}
	for id, name := range map[string][2]string{"an": {"Peeters", "An"}, "zoe": {"Élodie", "Zoé"}, "bart": {"Claes", "Bart"}, "dirk": {"Dubois", "Dirk"}, "eva": {"Evens", "Eva"}} {
		q.Workers[app.ID(id)] = app.Worker{ID: app.ID(id), FamilyName: name[0], GivenName: name[1], StaffNumber: "10" + id, SSIN: "85011512355"}
		q.Engagements[app.ID("e-"+id)] = app.Engagement{ID: app.ID("e-" + id), WorkerID: app.ID(id), EmployerID: "own"}
	}
	open := presence("an", app.PresenceOpen, at(6, 30), 0)
	open.BoxReadTo = at(11, 30)
	pause := presence("zoe", app.PresenceComplete, at(7, 0), at(15, 0))
	pause.Breaks = []app.Break{{Start: app.Side{At: at(11, 45)}, End: &app.Side{At: at(12, 15)}}}
	q.Presences = []app.Presence{
		open, pause,
		presence("bart", app.PresenceComplete, at(6, 0), at(10, 0)),
		presence("dirk", app.PresenceMissingOut, at(8, 0), 0),
		presence("eva", app.PresenceComplete, at(4, 0), at(5, 59)),  // left before
		presence("eva", app.PresenceComplete, at(12, 1), at(14, 0)), // came after
	}
	return q
}

var made = papers.Made{Environment: app.Production, Program: "Klokkast 1", At: at(12, 0)}

func TestWhoIsOrWasInside(t *testing.T) {
	l := papers.BuildPresenceList(made, question())
	var got []string
	for _, x := range l.People {
		got = append(got, x.Name+" "+string(x.Where))
	}
	// An's OUT may have been tapped since half past eleven: the box was not read since.
	if want := "Élodie Zoé inside|Dubois Dirk unknown|Peeters An unknown|Claes Bart left"; strings.Join(got, "|") != want {
		t.Errorf("%q", got)
	}
	if l.Count(app.WhereInside) != 1 || l.Count(app.WhereLeft) != 1 || l.Count(app.WhereUnknown) != 2 {
		t.Errorf("counted %+v", l.People)
	}
	if l.People[0].BreakSince != at(11, 45) || l.People[2].UnknownSince != at(11, 30) || l.People[1].UnknownSince != at(8, 0) || len(l.Unread()) != 1 {
		t.Errorf("%+v, unread %+v", l.People, l.Unread())
	}
}

// Edges of a presence against the edges of the time: both moments count.
func TestWhereAtTheEdges(t *testing.T) {
	for _, tt := range []struct {
		name     string
		presence app.Presence
		want     app.Whereabouts // "" for not on the list
	}{
		{"left at the first moment", presence("an", app.PresenceComplete, at(5, 0), at(6, 0)), app.WhereLeft},
		{"came at the last moment", presence("an", app.PresenceComplete, at(12, 0), at(13, 0)), app.WhereInside},
		{"left at the last moment", presence("an", app.PresenceComplete, at(11, 0), at(12, 0)), app.WhereLeft},
		{"a night shift around it", presence("an", app.PresenceComplete, at(6, 0)-8*3600e3, at(20, 0)), app.WhereInside},
		{"never left, 15 hours before", presence("an", app.PresenceMissingOut, at(6, 0)-15*3600e3, 0), app.WhereUnknown},
		{"never left, 17 hours before", presence("an", app.PresenceMissingOut, at(6, 0)-17*3600e3, 0), app.WhereUnknown},
		{"open for days, and never read since", presence("an", app.PresenceOpen, at(6, 0)-50*3600e3, 0), app.WhereUnknown},
		{"open, and the box was just read", open(at(8, 0), at(11, 57)), app.WhereInside},
		{"open, and the box was read later", open(at(8, 0), at(15, 0)), app.WhereInside},
		{"open, and the box was read before", open(at(8, 0), at(11, 54)), app.WhereUnknown},
		{"open 16 hours, and the box was read", open(at(12, 0)-16*3600e3, at(12, 0)), app.WhereInside},
		{"open a minute more", open(at(12, 0)-16*3600e3-60e3, at(12, 0)), app.WhereUnknown},
		{"open over a gap", overGap(open(at(8, 0), at(15, 0))), app.WhereUnknown},
		{"without IN, left in it", presence("an", app.PresenceMissingIn, 0, at(9, 0)), app.WhereLeft},
		{"without IN, left after it", presence("an", app.PresenceMissingIn, 0, at(13, 0)), app.WhereUnknown},
		{"without IN, left too late to have been there", presence("an", app.PresenceMissingIn, 0, at(12, 0)+17*3600e3), ""},
		{"elsewhere", app.Presence{WorkerID: "an", SiteID: "other", State: app.PresenceOpen, In: side(at(7, 0))}, ""},
	} {
		q := question()
		q.Presences = []app.Presence{tt.presence}
		l := papers.BuildPresenceList(made, q)
		if got := whereOf(l); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// open is An, inside since in as far as boxes that were read up to readTo know.
func open(in, readTo app.Instant) app.Presence {
	p := presence("an", app.PresenceOpen, in, 0)
	p.BoxReadTo = readTo
	return p
}

func overGap(p app.Presence) app.Presence {
	p.OverGap = &app.Gap{First: 3, Last: 4}
	return p
}

// Who taps anew or elsewhere is not where an OUT was forgotten, and is counted once.
func TestWhoIsSeenSinceIsNotUnknown(t *testing.T) {
	forgot := presence("an", app.PresenceMissingOut, at(6, 30), 0)
	elsewhere := open(at(9, 0), at(12, 0))
	elsewhere.SiteID = "school"
	anew := open(at(9, 0), at(12, 0))
	before := elsewhere
	before.In, before.LastTap = side(at(5, 0)), at(5, 0)
	before.Out, before.State = side(at(5, 30)), app.PresenceComplete
	for name, tt := range map[string]struct {
		presences []app.Presence
		want      string
	}{
		"elsewhere":        {[]app.Presence{forgot, elsewhere}, "left"},
		"elsewhere before": {[]app.Presence{before, forgot}, "unknown"},
		"anew":             {[]app.Presence{forgot, anew}, "inside left"},
	} {
		q := question()
		q.Presences = tt.presences
		l := papers.BuildPresenceList(made, q)
		var got []string
		for _, x := range l.People {
			got = append(got, string(x.Where))
		}
		if strings.Join(got, " ") != tt.want || l.Count(app.WhereInside)+l.Count(app.WhereUnknown)+l.Count(app.WhereLeft) != 1 {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func whereOf(l *papers.PresenceList) app.Whereabouts {
	if len(l.People) == 0 {
		return ""
	}
	return l.People[0].Where
}

func TestThePresenceListOnPaper(t *testing.T) {
	l := papers.BuildPresenceList(made, question())
	first, words := printed(t, app.Dutch, l)
	for _, want := range []string{
		"Aanwezigheidslijst 23/11/2026 06:00 – 12:00", "1 persoon binnen om 12:00 · 2 onbekend · 1 vertrokken", "Grote Markt 9, 3000 Leuven",
		"Prikklok Inkom is uitgelezen tot 23/11/2026 11:30", "Zeker binnen", "Onbekend: misschien nog binnen", "onbekend sinds 11:30", "1 Claes Bart 10bart 850*****55 06:00 10:00 vertrokken",
		"Élodie Zoé 10zoe 850*****55 07:00 15:00", "pauze sinds 11:45", "06:30 ?",
	} {
		if !strings.Contains(strings.Join(strings.Fields(words), " "), want) {
			t.Errorf("the paper does not say %q:\n%s", want, words)
		}
	}
	if strings.Contains(words, "85.01") || strings.Contains(words, "GESIMULEERD") || strings.Contains(words, "Evens") {
		t.Errorf("it says too much:\n%s", words)
	}
	if again, _ := printed(t, app.Dutch, papers.BuildPresenceList(made, question())); !bytes.Equal(first, again) {
		t.Error("the same list gives other bytes")
	}
}

func TestEveryLanguageSaysThatItIsSimulated(t *testing.T) {
	m := made
	m.Environment = app.LocalSimulator
	for lang, want := range map[app.Language]string{app.Dutch: "GESIMULEERD", app.French: "SIMULÉ", app.German: "SIMULIERT", app.English: "SIMULATED"} {
		q := question()
		q.Reveal = true
		_, words := printed(t, lang, papers.BuildPresenceList(m, q))
		if !strings.Contains(words, want) || !strings.Contains(words, "85.01.15-123.55") {
			t.Errorf("%s:\n%s", lang, words)
		}
	}
}

func TestAnEmptyListSaysWhatToDo(t *testing.T) {
	q := question()
	q.Presences, q.Boxes = nil, nil
	_, words := printed(t, app.English, papers.BuildPresenceList(made, q))
	if !strings.Contains(words, "0 people inside") || !strings.Contains(words, "Read the boxes of this site") ||
		!strings.Contains(words, "No box stood at this site") {
		t.Error(words)
	}
}

func TestAnEvacuationListIsNeverRefused(t *testing.T) {
	call := map[app.Language]string{app.Dutch: "nr. 10an", app.French: "n° 10an", app.German: "Nr. 10an", app.English: "no. 10an"}
	for i, name := range []string{"محمد علي", "Ann 🙂", "中", "\u202e", "", "e\u0301\u20e3", "An\x00", "שרה", "\U0001D49C", "An \xff"} {
		t.Run(strconv.QuoteToASCII(name), func(t *testing.T) {
			t.Parallel()
			lang := app.Languages[i%len(app.Languages)]
			q := question()
			w := q.Workers["an"]
			w.FamilyName, w.GivenName = name, ""
			q.Workers["an"] = w
			q.Site.Name, q.Boxes[0].Label = "東京", "入口"
			_, words := printed(t, lang, papers.BuildPresenceList(made, q))
			words = strings.Join(strings.Fields(words), " ")
			if drawn := name == "An\x00"; drawn == strings.Contains(words, call[lang]) || !strings.Contains(words, "U+6771") {
				t.Errorf("%s:\n%s", lang, words)
			}
		})
	}
}

// Who came by phone is marked, and up to when that is known stands beside the boxes.
func TestThoseWhoCameByPhone(t *testing.T) {
	key := app.RecordKey{LogKey: app.LogKey{Box: app.MakeRegister.UID("hall"), Log: "production"}, Seq: 77}
	q := question()
	q.Presences = q.Presences[1:3]
	q.Presences[0].In.Punch = &key
	for readTo, want := range map[app.Instant]string{
		0:         "Nobody ever looked who registered by phone here",
		at(11, 0): "It is known only to 23/11/2026 11:00 who registered by phone",
		at(12, 0): "It is known to 23/11/2026 12:00 who registered by phone",
	} {
		q.Boxes = []papers.BoxRead{{UID: key.Box, Phones: true, ReadTo: readTo}}
		l := papers.BuildPresenceList(made, q)
		if x := l.People[0]; !x.InByPhone || x.OutByPhone || l.People[1].InByPhone {
			t.Errorf("%+v", l.People)
		}
		_, words := printed(t, app.English, l)
		words = strings.Join(strings.Fields(words), " ")
		for _, w := range []string{want, "07:00†", "†: registered by phone or otherwise."} {
			if !strings.Contains(words, w) {
				t.Errorf("no %q on paper:\n%s", w, words)
			}
		}
	}
}
