package program

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// This file recounts what stands on papers from the bare taps, by other ways than
// the program's: none of its packages is used.

// tapped is a tap as punch list gives it.
type tapped struct {
	At           time.Time `json:"at"`
	Role         string    `json:"role"`
	Day          string    `json:"day"`
	EngagementID string    `json:"engagementId"`
	SiteID       string    `json:"siteId"`
}

// stretch is a time at work.
type stretch struct{ from, to time.Time }

// stay is the time between an IN and an OUT of one engagement at one site.
type stay struct {
	site  string
	start time.Time
	works []stretch
}

// recounted are minutes, each workday cut to the minute once.
type recounted struct {
	worked, rounded, night, saturday, sunday, holiday int
	sites, clients                                    map[string]int
}

const extraHoliday = "2026-10-07" // a Wednesday

// staysOf pairs taps: by engagement and day, in order.
func staysOf(taps []tapped) map[[2]string][]stay {
	slices.SortStableFunc(taps, func(a, b tapped) int { return a.At.Compare(b.At) })
	type place struct{ engagement, site string }
	open := map[place]*stay{}
	since, days := map[place]time.Time{}, map[place]string{}
	out := map[[2]string][]stay{}
	end := func(p place) {
		if s := open[p]; s != nil {
			k := [2]string{p.engagement, days[p]}
			out[k] = append(out[k], *s)
			open[p] = nil
		}
	}
	for _, tap := range taps {
		p := place{tap.EngagementID, tap.SiteID}
		if tap.Role == "in" || open[p] == nil {
			end(p)
			open[p], since[p], days[p] = &stay{site: tap.SiteID, start: tap.At}, time.Time{}, tap.Day
		}
		switch tap.Role {
		case "in", "break-end":
			since[p] = tap.At
		case "out", "break-start":
			if !since[p].IsZero() {
				open[p].works = append(open[p].works, stretch{since[p], tap.At})
			}
			since[p] = time.Time{}
		}
		if tap.Role == "out" {
			end(p)
		}
	}
	for p := range open {
		end(p)
	}
	return out
}

// outside returns what of stretches lies outside others.
func outside(all, others []stretch) []stretch {
	for _, o := range others {
		var rest []stretch
		for _, s := range all {
			if !o.from.Before(s.to) || !s.from.Before(o.to) {
				rest = append(rest, s)
				continue
			}
			if s.from.Before(o.from) {
				rest = append(rest, stretch{s.from, o.from})
			}
			if o.to.Before(s.to) {
				rest = append(rest, stretch{o.to, s.to})
			}
		}
		all = rest
	}
	return all
}

func lasting(all []stretch) (d time.Duration) {
	for _, s := range all {
		d += s.to.Sub(s.from)
	}
	return d
}

// within returns what of stretches lies between two moments.
func within(all []stretch, from, to time.Time) time.Duration {
	return lasting(all) - lasting(outside(all, []stretch{{from, to}}))
}

// recount counts the days of one engagement.
func recount(t *testing.T, engagement string, stays map[[2]string][]stay, step int, names, clients map[string]string) recounted {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	sum := recounted{sites: map[string]int{}, clients: map[string]int{}}
	for k, list := range stays {
		if k[0] != engagement || !strings.HasPrefix(k[1], "2026-10") {
			continue
		}
		slices.SortFunc(list, func(a, b stay) int { return a.start.Compare(b.start) })
		var seen, all []stretch
		var exact time.Duration
		printed := 0
		for _, s := range list {
			own := outside(s.works, seen)
			seen = append(seen, s.works...)
			all = append(all, own...)
			exact += lasting(own)
			share := int(exact/time.Minute) - printed
			printed += share
			sum.sites[names[s.site]] += share
			sum.clients[clients[s.site]] += share
		}
		var night, saturday, sunday, holiday time.Duration
		day, _ := time.ParseInLocation(time.DateOnly, k[1], zone)
		for i := -1; i <= 2; i++ {
			d := day.AddDate(0, 0, i)
			night += within(all, time.Date(d.Year(), d.Month(), d.Day(), 20, 0, 0, 0, zone), time.Date(d.Year(), d.Month(), d.Day()+1, 6, 0, 0, 0, zone))
			on := within(all, d, d.AddDate(0, 0, 1))
			switch {
			case d.Weekday() == time.Sunday:
				sunday += on
			case d.Format(time.DateOnly) == extraHoliday:
				holiday += on
			case d.Weekday() == time.Saturday:
				saturday += on
			}
		}
		minutes := func(d time.Duration) int { return int(d / time.Minute) }
		sum.worked += printed
		sum.rounded += (printed + step/2) / step * step
		sum.night += minutes(night)
		sum.saturday += minutes(saturday)
		sum.holiday += minutes(holiday)
		sum.sunday += minutes(sunday+holiday) - minutes(holiday)
	}
	return sum
}

// figure reads hours and minutes behind a label of a paper.
func figure(text, label string) int {
	found := regexp.MustCompile(regexp.QuoteMeta(label)+` +(?:\d+ +)?(\d+):(\d\d)\b`).FindAllStringSubmatch(text, -1)
	if len(found) == 0 {
		return 0
	}
	last := found[len(found)-1]
	h, _ := strconv.Atoi(last[1])
	m, _ := strconv.Atoi(last[2])
	return 60*h + m
}

// The sums on everyone's paper are those of the bare taps: worked, rounded, at night, on
// Saturdays, Sundays and a holiday, by site and client; and the papers of the sites agree.
func TestSumsOnPaperAreThoseOfTheTaps(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	db := database(demoFolder(t))
	run(t, nil, "--db", db, "settings", "set", "extra-holiday", extraHoliday[5:])
	var staff struct {
		Workers []struct {
			StaffNumber string
			Engagements []struct{ ID string }
		}
	}
	run(t, &staff, "--db", db, "staff", "list")
	for _, w := range staff.Workers {
		if w.StaffNumber == "1020" {
			run(t, nil, "--db", db, "engagement", "change", w.Engagements[0].ID, "--rounding", "15")
		}
	}
	run(t, nil, "--db", db, "absence", "add", "--worker", "1020", "--kind", "training", "--from", "2026-10-17", "--to", "2026-10-18")
	var list struct{ Punches []tapped }
	run(t, &list, "--db", db, "punch", "list", "--from", "2026-09-29", "--to", "2026-11-03")
	taps := slices.DeleteFunc(list.Punches, func(p tapped) bool {
		return p.EngagementID == "" || p.SiteID == "" || !slices.Contains([]string{"in", "out", "break-start", "break-end"}, p.Role)
	})
	var there struct {
		Presences []struct {
			EngagementID string
			Adjusted     bool
		}
	}
	run(t, &there, "--db", db, "presences", "--month", "2026-10")
	stated := map[string]bool{}
	for _, p := range there.Presences {
		stated[p.EngagementID] = stated[p.EngagementID] || p.Adjusted
	}
	var sites struct {
		Sites []struct{ ID, Name, Client string }
	}
	run(t, &sites, "--db", db, "site", "list")
	names, clients := map[string]string{}, map[string]string{}
	for _, s := range sites.Sites {
		names[s.ID], clients[s.ID] = s.Name, s.Client
	}
	var sheets struct {
		Sheets []struct{ EngagementID, Worker string }
		Files  []string
	}
	run(t, &sheets, "--db", db, "--lang", "en", "timesheet", "--month", "2026-10", "--all", "--out", t.TempDir())
	stays, atSite, all := staysOf(taps), map[string]int{}, recounted{}
	for i, s := range sheets.Sheets {
		text := output(t, "pdftotext", "-layout", sheets.Files[i], "-")
		rounds := strings.Contains(text, "Worked, rounded")
		step := 1
		if rounds {
			step = 15
			if away := strings.Count(text, "away: training"); away != 2 {
				t.Errorf("%s: two days of training stand on paper as %d", s.Worker, away)
			}
		}
		want := recount(t, s.EngagementID, stays, step, names, clients)
		for name := range want.sites {
			atSite[name] += figure(text, name)
		}
		if stated[s.EngagementID] {
			continue // not of taps alone
		}
		same := func(label string, minutes int) {
			if got := figure(text, label); got != minutes {
				t.Errorf("%s: %s %d:%02d, the taps give %d:%02d", s.Worker, label, got/60, got%60, minutes/60, minutes%60)
			}
		}
		same("Worked", want.worked)
		same("of which at night", want.night)
		same("of which on Saturdays", want.saturday)
		same("of which on Sundays", want.sunday)
		same("of which on holidays", want.holiday)
		if rounds {
			same("Worked, rounded", want.rounded)
			all.rounded += want.rounded - want.worked
		}
		_, perClient, _ := strings.Cut(text, "Hours by client")
		for name, minutes := range want.sites {
			same(name, minutes)
		}
		for name, minutes := range want.clients {
			if got := figure(perClient, cmp.Or(name, "no client")); got != minutes {
				t.Errorf("%s: client %s %d minutes, the taps give %d", s.Worker, name, got, minutes)
			}
		}
		all.night, all.saturday, all.sunday, all.holiday = all.night+want.night, all.saturday+want.saturday, all.sunday+want.sunday, all.holiday+want.holiday
	}
	if len(sheets.Sheets) != 60 || all.night == 0 || all.holiday == 0 || all.rounded == 0 {
		t.Errorf("%d sheets hold too little to compare: %+v", len(sheets.Sheets), all)
	}
	var groups struct {
		Groups []struct {
			Name          string
			WorkedMinutes int
		}
		Files []string
	}
	run(t, &groups, "--db", db, "--lang", "en", "timesheet", "--month", "2026-10", "--per", "site", "--all", "--out", t.TempDir())
	for i, g := range groups.Groups {
		text := output(t, "pdftotext", "-layout", groups.Files[i], "-")
		if got := figure(text, "Worked"); got != atSite[g.Name] || got != g.WorkedMinutes || got == 0 {
			t.Errorf("%s: %d minutes on its paper, %d in the answer, %d on the people's papers", g.Name, got, g.WorkedMinutes, atSite[g.Name])
		}
	}
}

// The same data give the same bytes, whatever the process runs in.
func TestPapersAreTheSameEverywhere(t *testing.T) {
	t.Parallel()
	db := database(demoFolder(t))
	run(t, nil, "--db", db, "team", "set", "Ploeg", "--worker", "1020", "--worker", "1058")
	papers := [][]string{{"--worker", "1020"}, {"--site", "Sporthal Lange Munte"}, {"--team", "Ploeg"}, {"--all", "--bundle"}}
	print := func(environment ...string) map[string][]byte {
		dir, files := t.TempDir(), map[string][]byte{}
		for i, which := range papers {
			args := append([]string{"--db", db, "--lang", "fr", "timesheet", "--month", "2026-10"}, which...)
			out := filepath.Join(dir, fmt.Sprint(i))
			if which[len(which)-1] == "--bundle" {
				args = append(args, filepath.Join(out, "all.pdf"))
			} else {
				args = append(args, "--out", out)
			}
			c := command(t, args...)
			c.Dir, c.Env = dir, append(c.Env, environment...)
			if said, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%v: %v\n%s", args, err, said)
			}
			written, err := filepath.Glob(filepath.Join(out, "*.pdf"))
			if err != nil || len(written) != 1 {
				t.Fatalf("%v: %d files, %v", args, len(written), err)
			}
			if files[filepath.Base(written[0])], err = os.ReadFile(written[0]); err != nil {
				t.Fatal(err)
			}
		}
		return files
	}
	first := print("TZ=Pacific/Auckland", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=1")
	for name, again := range print("TZ=America/Los_Angeles", "LANG=C", "LC_ALL=C", "GOMAXPROCS=2", "GODEBUG=randautoseed=1", "SOURCE_DATE_EPOCH=1") {
		if !bytes.Equal(first[name], again) {
			t.Errorf("%s: other bytes in another process", name)
		}
	}
	if len(first) != len(papers) {
		t.Errorf("%d papers, want %d", len(first), len(papers))
	}
}
