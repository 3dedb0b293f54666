package main

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"

	"klokkast/app"
	"klokkast/data"
	"klokkast/devices/ocb"
)

// place is a site with its box.
type place struct {
	site        app.Site
	decision    app.Decision
	declaration string
	box         box
}

type town struct {
	name, postCode      string
	latitude, longitude float64
}

var towns = [...]town{
	{"Leuven", "3000", 50.8798, 4.7005}, {"Gent", "9000", 51.0543, 3.7174}, {"Antwerpen", "2000", 51.2194, 4.4025}, {"Brussel", "1000", 50.8503, 4.3517},
	{"Mechelen", "2800", 51.0259, 4.4776}, {"Namur", "5000", 50.4674, 4.8720}, {"Liège", "4000", 50.6326, 5.5797}, {"Hasselt", "3500", 50.9307, 5.3325},
	{"Brugge", "8000", 51.2093, 3.2247}, {"Kortrijk", "8500", 50.8280, 3.2649}, {"Charleroi", "6000", 50.4108, 4.4446}, {"Eupen", "4700", 50.6279, 6.0365},
}

// Of twenty sites four are not under CIAO; of forty one is not decided. Boxes of one site in three have no keys.
func (c *company) makeSites() {
	r := rand.New(rand.NewPCG(c.o.Seed, 0x517E5))
	c.places = make([]place, c.o.Sites)
	for i := range c.places {
		p, t := &c.places[i], towns[i/2%len(towns)]
		p.site = app.Site{
			ID: c.ids.at(c.entered), Code: fmt.Sprintf("S%04d", i+1), Name: fmt.Sprintf("%s %d", t.name, i+1), Zone: app.DefaultZone,
			Address:     app.Address{Street: "Stationsstraat", HouseNumber: fmt.Sprint(1 + i), PostCode: t.postCode, Municipality: t.name},
			Coordinates: &app.Coordinates{Latitude: t.latitude + float64(i%7)/1000, Longitude: t.longitude + float64(i%5)/1000},
		}
		p.decision = app.UnderCIAO
		switch {
		case i%5 == 4:
			p.decision = app.NotUnder
		case i%40 == 21:
			p.decision = app.Undecided
		default:
			p.declaration = declarationNumber(i)
		}
		p.box = box{number: i, keys: i%3 != 1, offset: r.IntN(1600) - 800, place: p}
		for k := range p.box.uid {
			p.box.uid[k], p.box.log[k] = byte(r.Uint32()), byte(r.Uint32())
		}
		p.box.key = ocb.LogKeyOf(p.box.uid, p.box.log)
		p.box.hash = ocb.ChainStart(p.box.uid, p.box.log)
		p.box.bootAt = c.first.AddDays(-20).Start(c.zone)
		c.plan(&p.box, r)
	}
}

// declarationNumber makes a number of the official form: 13 characters without I and O.
func declarationNumber(i int) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	b := []byte("1Y1AAAAAAAAAA")
	for k, n := len(b)-1, i+1; n > 0; k, n = k-1, n/len(letters) {
		b[k] = letters[n%len(letters)]
	}
	return string(b)
}

// enterSites has the store keep sites, decisions, declarations, boxes and where they hang.
func (c *company) enterSites(f *data.Fill) error {
	s := f.Store()
	client := app.Client{ID: c.ids.at(c.entered), Name: "Verzameld vastgoed"}
	if err := s.SaveClient(c.ctx, client, c.act("client.save", "client", client.ID, c.entered)); err != nil {
		return err
	}
	for i := range c.places {
		p := &c.places[i]
		p.site.ClientID = client.ID
		if err := s.SaveSite(c.ctx, p.site, c.act("site.save", "site", p.site.ID, c.entered)); err != nil {
			return err
		}
		d := app.SiteDecision{ID: c.ids.at(c.entered), SiteID: p.site.ID, Decision: p.decision, From: c.first.AddDays(-25).Start(c.zone), Reason: "demo", By: actor, At: c.entered}
		if err := s.DecideSite(c.ctx, d, c.act("site.decide", "site", p.site.ID, c.entered)); err != nil {
			return err
		}
		if err := c.declare(s, p); err != nil {
			return err
		}
		if err := c.hang(f, p); err != nil {
			return err
		}
	}
	return nil
}

// declare enters the declaration of works of a site under CIAO.
func (c *company) declare(s *data.Store, p *place) error {
	if p.declaration == "" {
		return nil
	}
	days := app.Days{From: c.first.AddDays(-25), To: c.o.Until.AddDays(400)}
	d := app.Declaration{ID: c.ids.at(c.entered), Number: p.declaration, Days: days}
	if err := s.SaveDeclaration(c.ctx, d, c.act("declaration.save", "declaration", d.ID, c.entered)); err != nil {
		return err
	}
	l := app.DeclarationSite{ID: c.ids.at(c.entered), DeclarationID: d.ID, SiteID: p.site.ID, Days: days, Default: true}
	return s.SaveDeclarationSite(c.ctx, l, c.act("declaration.link", "site", p.site.ID, c.entered))
}

// hang enters a site's box and its placement.
func (c *company) hang(f *data.Fill, p *place) error {
	uid := p.box.key.Box
	b := app.Box{UID: uid, Make: app.MakeOCB, Label: p.site.Name, PublicKey: hex.EncodeToString(append(p.box.uid[:], p.box.log[:]...)), Group: uid, FirstSeen: p.box.bootAt}
	if err := f.Box(c.ctx, b, p.box.key); err != nil {
		return err
	}
	at := app.Placement{ID: c.ids.at(c.entered), BoxUID: uid, SiteID: p.site.ID, Span: app.Span{From: p.box.bootAt}}
	return f.Store().PlaceBox(c.ctx, at, c.act("box.place", "box", app.ID(uid), c.entered))
}
