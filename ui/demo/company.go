package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"klokkast/app"
)

// The employers: most people work for the own company, the last six for a subcontractor.
const (
	ownName, ownNumber = "Blinkend Schoon BV", "0123456749"
	subName, subNumber = "Netto Partners SRL", "0206731645"
	otherNumber        = "0403170701" // a firm that the company does not know

	workers       = 60
	subcontracted = 6 // the last ones
	withoutSSIN   = 7 // index of the person whose number is missing
	fullTimeHours = 38
	partTimeHours = 20
	nightWorkers  = 4 // the first ones, at the night site
	splitWorkers  = 4 // the next ones, at two sites a day
)

// person is a worker of the demo as the generator knows him.
type person struct {
	staffNumber   string
	family, given string
	ssin          string
	language      app.Language
	employer      string // enterprise number
	badge         string // canonical card value
	weekly        int    // hours
	sites         []int  // of places, in the order of a day
	night         bool
}

// newPeople makes the staff; the same seed makes the same people.
func newPeople(r *rand.Rand, first app.Date) []person {
	seen := map[string]bool{}
	out := make([]person, workers)
	for i := range out {
		p := &out[i]
		p.staffNumber = fmt.Sprintf("%04d", 1001+i)
		for p.family == "" || seen[p.family+p.given] {
			p.family, p.given = familyNames[r.IntN(len(familyNames))], givenNames[r.IntN(len(givenNames))]
		}
		seen[p.family+p.given] = true
		p.language = []app.Language{app.Dutch, app.Dutch, app.French, app.German, app.English}[r.IntN(5)]
		p.badge = fmt.Sprintf("04%012X", r.Uint64()&0xFFFFFFFFFFFF)
		p.employer = ownNumber
		if i >= workers-subcontracted {
			p.employer = subNumber
		}
		if i != withoutSSIN {
			p.ssin = madeUpSSIN(r, 200+i)
		}
		p.weekly = fullTimeHours
		switch {
		case i < nightWorkers:
			p.night, p.sites = true, []int{len(places) - 1}
		case i < nightWorkers+splitWorkers:
			p.sites = []int{len(places) - 3, len(places) - 2}
		default:
			p.sites = []int{(i - nightWorkers) % (len(places) - 1)}
			if i%5 == 4 {
				p.weekly = partTimeHours
			}
		}
	}
	return out
}

// madeUpSSIN makes a number that is valid by its check digits: YYMMDD, order,
// and 97 minus the first nine digits modulo 97 (with a 2 before them for people
// born from 2000 on).
func madeUpSSIN(r *rand.Rand, order int) string {
	born := time.Date(1962+r.IntN(42), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	nine := fmt.Sprintf("%s%03d", born.Format("060102"), order)
	var n int64
	fmt.Sscanf(nine, "%d", &n)
	if born.Year() >= 2000 {
		n += 2_000_000_000
	}
	return fmt.Sprintf("%s%02d", nine, 97-n%97)
}

// declarationNumber makes a number of the official form: 13 characters without I and O.
func declarationNumber(i int) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	var b strings.Builder
	b.WriteString("1Y1")
	for n, k := 0, uint32(i+1)*2654435761; n < 10; n++ {
		b.WriteByte(letters[k%uint32(len(letters))])
		k = k/7 + uint32(n*7919+i)
	}
	return b.String()
}

// staffCSV and sitesCSV are what the demo imports, as a company would.
func staffCSV(people []person, first app.Date) string {
	var b strings.Builder
	b.WriteString("staff_number;family_name;given_name;ssin;language;employer;employer_name;capacity;from;weekly_hours;badge;badge_from\r\n")
	for _, p := range people {
		name := ownName
		if p.employer == subNumber {
			name = subName
		}
		// Engagement and badge begin well before the month, as in a running company.
		since := first.AddDays(-200)
		fmt.Fprintf(&b, "%s;%s;%s;%s;%s;%s;%s;employee;%s;%d;%s;%s\r\n", p.staffNumber, p.family, p.given, p.ssin, p.language,
			p.employer, name, since, p.weekly, p.badge, since)
	}
	return b.String()
}

func sitesCSV(first app.Date) string {
	var b strings.Builder
	b.WriteString(
		"code;name;client;street;house_number;post_code;municipality;latitude;longitude;ciao;ciao_from;ciao_reason;declaration;declaration_from;declaration_to\r\n",
	)
	for i, p := range places {
		ciao, number := "yes", declarationNumber(i)
		if !p.declared {
			ciao, number = "no", ""
		}
		from := first.AddDays(-100)
		if i == lateDeclared {
			from = lateDeclaration(first)
		}
		to := from.AddDays(3 * 365)
		if number == "" {
			from, to = 0, 0
		}
		fmt.Fprintf(&b, "%s;%s;%s;%s;%s;%s;%s;%.5f;%.5f;%s;%s;%s;%s;%s;%s\r\n", p.code, p.name, p.client, p.street, p.number, p.postCode, p.town,
			p.latitude, p.longitude, ciao, first.AddDays(-100), "demo", number, from, to)
	}
	return b.String()
}
