package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"klokkast/app"
	"klokkast/data"
)

// Numbers of firms that are valid and in nobody's way.
const (
	ownNumber = "0123456749"
	subNumber = "0206731645"
)

// person is somebody of the staff as the generator knows him.
type person struct {
	worker, engagement app.ID
	ssin               app.Secret
	employer           *app.Employer
	badge              badge
	home, second       *place
	weekdays           [5]int // in the order in which he is asked to come
	begins             int    // minute of the day
	night              bool
	first, last        app.Date // of his engagement
}

// badge is one card: who has it in turn is said by custodies.
type badge struct {
	id   app.ID
	key  app.IdentifierKey
	raw  [7]byte
	from app.Instant // when he got it
}

// Staff: in twenty, two come later, one leaves; in fifty of those who leave one's badge goes to one who comes.
const (
	everyLater   = 10
	everyLeaver  = 12
	everyNight   = 40
	everySub     = 10
	twoSitesMost = 5 // of ten
)

func (c *company) makeStaff() {
	r := rand.New(rand.NewPCG(c.o.Seed, 0x57AFF))
	c.people = make([]*person, c.o.People)
	var leavers []*person
	for i := range c.people {
		p := &person{first: c.first.AddDays(-25), begins: 6*60 + 10 + 30*r.IntN(8), employer: &c.employers[0]}
		p.worker, p.engagement, p.badge.id = c.ids.at(c.entered), c.ids.at(c.entered), c.ids.at(c.entered)
		if !c.goesWrong(r, c.o.Faults.withoutNumber) {
			p.ssin = madeUpSSIN(i)
		}
		if i%everySub == 7 {
			p.employer = &c.employers[1]
		}
		for k, day := range r.Perm(5) {
			p.weekdays[k] = day
		}
		c.place(p, i, r)
		c.span(p, i, r)
		p.badge.raw = [7]byte{0x04, byte(i >> 16), byte(i >> 8), byte(i), byte(r.Uint32()), byte(r.Uint32()), 0x80}
		p.badge.key = app.IdentifierKey{Kind: app.Card, Value: fmt.Sprintf("%X", p.badge.raw[:])}
		p.badge.from = p.first.Start(c.zone)
		if n := len(leavers); n > 0 && p.first > leavers[n-1].last {
			p.badge, leavers = leavers[n-1].badge, leavers[:n-1]
			p.badge.from = p.first.Start(c.zone)
		}
		if p.last != 0 {
			leavers = append(leavers, p)
		}
		c.people[i] = p
	}
}

// place says where somebody works: at one site, or at a second one near it.
func (c *company) place(p *person, i int, r *rand.Rand) {
	p.night = i%everyNight == 11
	at := i % len(c.places)
	p.home, p.second = &c.places[at], &c.places[at]
	if near := at ^ 1; near < len(c.places) && r.IntN(10) < twoSitesMost {
		p.second = &c.places[near]
	}
	if !p.night && r.IntN(4) == 0 {
		p.begins = 14*60 + 30*r.IntN(3)
	}
}

// span says from when to when somebody is employed.
func (c *company) span(p *person, i int, r *rand.Rand) {
	days := int(c.o.Until - c.first)
	if i%everyLater == 3 {
		p.first = c.first.AddDays(days/4 + r.IntN(max(1, days/2)))
	}
	if i%everyLeaver == 5 {
		p.last = max(p.first, c.first).AddDays(20 + r.IntN(max(1, days/3)))
	}
}

// madeUpSSIN makes a number that is valid by its check digits, another one for each i.
func madeUpSSIN(i int) app.Secret {
	const days, step = 14_000, 7919 // births from 1960 on; no common divisor
	born := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%days*step%days)
	nine := int64(born.Year()%100)*10_000_000 + int64(born.Month())*100_000 + int64(born.Day())*1000 + int64(i/days+1)
	return app.Secret(fmt.Sprintf("%09d%02d", nine, 97-nine%97)) // all of them are born before 2000
}

var (
	familyNames = [...]string{"Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet", "Dubois", "Lambert", "Dupont", "Martin", "Simon", "Diallo", "Yilmaz", "El Amrani", "Nowak", "Popescu"}
	givenNames  = [...]string{"Anna", "Marie", "Fatima", "Emma", "Louise", "Sofia", "Elena", "Aïcha", "Karel", "Jan", "Mohamed", "Ahmed", "Lucas", "Noah", "Piotr", "Ion", "Mehmet", "Luc", "Eva", "Nadia", "Ilse", "Katrien", "Chantal"}
	languages   = [...]app.Language{app.Dutch, app.Dutch, app.French, app.French, app.English}
)

// enterStaff has the store keep the staff, as somebody would enter it before the first month, or before one comes.
func (c *company) enterStaff(s *data.Store) error {
	for i := range c.employers {
		e := c.employers[i]
		if err := s.SaveEmployer(c.ctx, e, c.act("employer.save", "employer", e.ID, c.entered)); err != nil {
			return err
		}
	}
	known := map[app.ID]bool{}
	for i, p := range c.people {
		at := max(c.entered, p.first.AddDays(-3).Start(c.zone))
		w := app.Worker{
			ID: p.worker, StaffNumber: fmt.Sprintf("%05d", 10_001+i), FamilyName: familyNames[i%len(familyNames)], GivenName: givenNames[i*7%len(givenNames)],
			SSIN: p.ssin, Language: languages[i%len(languages)],
		}
		if err := s.SaveWorker(c.ctx, w, c.act("worker.save", "worker", w.ID, at)); err != nil {
			return err
		}
		e := app.Engagement{ID: p.engagement, WorkerID: p.worker, EmployerID: p.employer.ID, Capacity: app.Employee, Days: app.Days{From: p.first, To: p.last}, WeeklyHours: 38 * 60}
		if err := s.SaveEngagement(c.ctx, e, c.act("engagement.save", "engagement", e.ID, at)); err != nil {
			return err
		}
		if !known[p.badge.id] {
			known[p.badge.id] = true
			v := app.Identifier{ID: p.badge.id, Key: p.badge.key}
			if err := s.SaveIdentifier(c.ctx, v, c.act("identifier.save", "identifier", v.ID, at)); err != nil {
				return err
			}
		}
		g := app.Custody{ID: c.ids.at(at), IdentifierID: p.badge.id, EngagementID: p.engagement, Span: app.Span{From: p.badge.from}, Entered: at}
		if err := s.GiveIdentifier(c.ctx, g, c.act("badge.give", "identifier", g.IdentifierID, at)); err != nil {
			return err
		}
	}
	return nil
}
