package cli

import (
	"errors"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// siteFlags are what a site is entered by; a flag that is not given changes nothing.
type siteFlags struct {
	Name         *string `placeholder:"NAME" help:"site_name"`
	Code         *string `placeholder:"CODE" help:"site_code"`
	Client       *string `placeholder:"NAME" help:"client"`
	NewClient    string  `placeholder:"NAME" help:"new_client"`
	Street       *string `placeholder:"NAME" help:"street"`
	HouseNumber  *string `placeholder:"NUMBER" help:"house_number"`
	BoxNumber    *string `placeholder:"NUMBER" help:"box_number"`
	PostCode     *string `placeholder:"3000" help:"post_code"`
	Municipality *string `placeholder:"NAME" help:"municipality"`
	Coordinates  *string `placeholder:"50.8798,4.7005" help:"coordinates"`
	Zone         *string `placeholder:"Europe/Brussels" help:"site_zone"`
	Contact      *string `placeholder:"NAME" help:"site_contact"`
	Phone        *string `placeholder:"\"016 27 20 00\"" help:"site_phone"`
	Phones       *string `placeholder:"yes|no" enum:"yes,no" help:"site_phones"`
	thresholdFlags
	reason
}

func (c *siteFlags) apply(s *app.Site) error {
	set(&s.Name, c.Name)
	set(&s.Code, c.Code)
	set(&s.Address.Street, c.Street)
	set(&s.Address.HouseNumber, c.HouseNumber)
	set(&s.Address.BoxNumber, c.BoxNumber)
	set(&s.Address.PostCode, c.PostCode)
	set(&s.Address.Municipality, c.Municipality)
	set(&s.Zone, c.Zone)
	set(&s.Contact.Name, c.Contact)
	set(&s.Contact.Phone, c.Phone)
	if c.Phones != nil {
		s.Phones = *c.Phones == "yes"
	}
	if err := c.thresholdFlags.apply(&s.Thresholds); err != nil {
		return err
	}
	if c.Coordinates == nil {
		return nil
	}
	var err error
	s.Coordinates, err = parseCoordinates(*c.Coordinates)
	return err
}

// parseCoordinates reads LATITUDE,LONGITUDE in degrees; "" is none.
func parseCoordinates(s string) (*app.Coordinates, error) {
	if s == "" {
		return nil, nil
	}
	latitude, longitude, _ := strings.Cut(s, ",")
	var c app.Coordinates
	var e1, e2 error
	c.Latitude, e1 = strconv.ParseFloat(strings.TrimSpace(latitude), 64)
	c.Longitude, e2 = strconv.ParseFloat(strings.TrimSpace(longitude), 64)
	if errors.Join(e1, e2) != nil {
		return nil, wrong("coordinates", "Got", s)
	}
	return &c, nil
}

// client returns the client of a site where it is one that is known.
func (c *siteFlags) client(r *run, o *office.Office, s *app.Site) error {
	switch {
	case c.Client != nil && c.NewClient != "":
		return wrong("together", "A", "--client", "B", "--new-client")
	case c.Client == nil:
		return nil
	case *c.Client == "":
		s.ClientID = ""
		return nil
	}
	all, err := o.Staff.Clients(r.ctx)
	if err != nil {
		return err
	}
	known, err := pick(all, *c.Client, "noClient", func(c app.Client) thing { return thing{string(c.ID), "", c.Name} })
	s.ClientID = known.ID
	return err
}

func (c *siteFlags) save(r *run, o *office.Office, s app.Site) error {
	if err := c.apply(&s); err != nil {
		return err
	}
	if err := c.client(r, o, &s); err != nil {
		return err
	}
	var err error
	if c.NewClient != "" {
		s, err = o.Sites.SaveSiteOfClient(r.ctx, s, c.NewClient, c.Why)
	} else {
		s, err = o.Sites.SaveSite(r.ctx, s, c.Why)
	}
	if err != nil {
		return err
	}
	return r.kept(o, "site", s.Name, s.ID)
}

type siteAddCmd struct{ siteFlags }

// Run enters a site.
func (c *siteAddCmd) Run(r *run) error {
	return r.withOffice(func(o *office.Office) error { return c.save(r, o, app.Site{}) })
}

type siteChangeCmd struct {
	Site string `arg:"" help:"place_site"`
	siteFlags
}

// Run changes what flags are given for.
func (c *siteChangeCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		s, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		return c.save(r, o, s.Site)
	})
}

type siteEndCmd struct {
	Site string `arg:"" help:"place_site"`
	At   string `placeholder:"\"2026-11-30 18:00\"" help:"at"`
	reason
}

// Run ends a site; boxes stand there no more.
func (c *siteEndCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		s, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		at, err := r.moment("--at", c.At, s.Site.Zone.Location())
		if err != nil {
			return err
		}
		if err := o.Sites.EndSite(r.ctx, s.Site.ID, at, c.Why); err != nil {
			return err
		}
		return r.ended(o, "site", s.Site.Name, r.say.DateTime(at, s.Site.Zone.Location()), s.Site.ID)
	})
}

type siteDecideCmd struct {
	Site     string `arg:"" help:"place_site"`
	Decision string `arg:"" enum:"yes,no,undecided" help:"decision"`
	From     string `placeholder:"2026-11-01" help:"decide_from"`
	Reason   string `placeholder:"TEXT" help:"decide_reason"`
}

// Run notes whether a site falls under CIAO, from a moment on.
func (c *siteDecideCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		s, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		zone := s.Site.Zone.Location()
		span, err := r.span(c.From, "", zone)
		if err != nil {
			return err
		}
		id, err := app.NewID()
		if err != nil {
			return err
		}
		d := app.SiteDecision{ID: id, SiteID: s.Site.ID, Decision: app.Decision(c.Decision), From: span.From, Reason: c.Reason}
		if err := o.Sites.DecideSite(r.ctx, d); err != nil {
			return err
		}
		return r.changed(
			o,
			r.t("site.decided", "Site", s.Site.Name, "Decision", wording.Decision(r.say, d.Decision), "From", r.say.DateTime(d.From, zone)),
			"decision",
			string(id),
		)
	})
}

// declarationFlags are what a declaration of works is entered by.
type declarationFlags struct {
	From  *string `placeholder:"2026-11-01" help:"declaration_from"`
	To    *string `placeholder:"2026-11-30" help:"declaration_to"`
	Label *string `placeholder:"TEXT" help:"declaration_label"`
	// SelfAddress is copied from the NSSO.
	SelfAddress *string `name:"self-address" placeholder:"ADDRESS" help:"declaration_self_address"`
	reason
}

func (c *declarationFlags) save(r *run, o *office.Office, d app.Declaration) error {
	set(&d.Label, c.Label)
	set(&d.SelfAddress, c.SelfAddress)
	d.SelfAddress = none(d.SelfAddress)
	if err := setDays(&d.Days, c.From, c.To); err != nil {
		return err
	}
	d, err := o.Sites.SaveDeclaration(r.ctx, d, c.Why)
	if err != nil {
		return err
	}
	return r.kept(o, "declaration", d.Number, d.ID)
}

type declarationAddCmd struct {
	Number string `arg:"" help:"declaration_number"`
	declarationFlags
}

// Run enters a declaration of works; entering a known number again changes it.
func (c *declarationAddCmd) Run(r *run) error {
	return r.withOffice(func(o *office.Office) error {
		d, _, err := r.declaration(o, c.Number)
		if err != nil {
			return err
		}
		return c.save(r, o, d)
	})
}

// declaration finds a declaration by number or id; where it is not known it
// gives a new one of that number.
func (r *run) declaration(o *office.Office, number string) (d app.Declaration, known bool, err error) {
	all, err := o.Sites.Declarations(r.ctx)
	if err != nil {
		return d, false, err
	}
	if official, err := identity.ParseDeclaration(number); err == nil {
		number = official
	}
	for _, d := range all {
		if d.Number == number || string(d.ID) == number {
			return d, true, nil
		}
	}
	return app.Declaration{Number: number}, false, nil
}

type declarationLinkCmd struct {
	Number  string  `arg:"" help:"declaration_number"`
	Site    string  `arg:"" help:"place_site"`
	From    *string `placeholder:"2026-11-01" help:"link_from"`
	To      *string `placeholder:"2026-11-30" help:"link_to"`
	Default *bool   `negatable:"" help:"default_declaration"`
	reason
}

// Run says that a declaration covers a site, or changes how it does.
func (c *declarationLinkCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		d, known, err := r.declaration(o, c.Number)
		if err != nil {
			return err
		}
		if !known {
			return failure("noDeclaration", "Name", c.Number)
		}
		s, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		link := c.link(d, s)
		if err := setDays(&link.Days, c.From, c.To); err != nil {
			return err
		}
		if err := o.Sites.LinkDeclaration(r.ctx, link, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("declaration.linked", "Number", d.Number, "Site", s.Site.Name), "declaration", string(d.ID))
	})
}

// link returns the link of a declaration to a site as it is, or a new one: that
// of the only declaration is the site's default.
func (c *declarationLinkCmd) link(d app.Declaration, s acts.SiteRow) app.DeclarationSite {
	link := app.DeclarationSite{DeclarationID: d.ID, SiteID: s.Site.ID, Days: d.Days, Default: len(s.Declarations) == 0}
	for _, known := range s.Declarations {
		if known.Declaration.ID == d.ID {
			link = known.Link
		}
	}
	if c.Default != nil {
		link.Default = *c.Default
	}
	return link
}

type declarationListCmd struct{}

// declarationsJSON is the answer of declaration list.
type declarationsJSON struct {
	environmentJSON
	Declarations []app.Declaration `json:"declarations"`
}

// Run lists the declarations of works.
func (c *declarationListCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		all, err := o.Sites.Declarations(r.ctx)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(declarationsJSON{environmentOf(o), list(all)})
		}
		t := newTable(r.t("col.number"), r.t("col.days"), r.t("col.remark"))
		for _, d := range all {
			t.add(d.Number, r.say.Days(d.Days), d.Label)
		}
		r.table(t)
		return nil
	})
}

// boxFlags are what people decide about a box.
type boxFlags struct {
	Zone       *string `placeholder:"Europe/Brussels" help:"import_zone"`
	Group      *string `placeholder:"NAME" help:"box_group"`
	StatusKeys *string `name:"status" placeholder:"yes|no|ask" enum:"yes,no,ask" help:"import_status"`
}

type boxLabelCmd struct {
	Box   string  `arg:"" help:"place_box"`
	Label *string `arg:"" optional:"" help:"box_label_text"`
	boxFlags
	reason
}

// Run names a box, or changes what else people decide about it. A connected box
// learns its name too; one that does not take it, say because it is not paired,
// keeps its own, and is called by the new one here.
func (c *boxLabelCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		row, err := r.box(o, c.Box)
		if err != nil {
			return err
		}
		b := row.Box
		set(&b.Label, c.Label)
		set(&b.Zone, c.Zone)
		set(&b.Group, c.Group)
		set(&b.StatusKeys, c.StatusKeys)
		if err := knownZone(b.Zone); err != nil {
			return err
		}
		if err := o.Boxes.SaveBox(r.ctx, b, c.Why); err != nil {
			return err
		}
		if c.Label != nil && row.Connected != "" && row.Problem == "" {
			if err := o.Boxes.LabelBox(r.ctx, row.Connected, b.Label); err != nil {
				r.aside(r.t("box.labelHere", "Why", r.word(&serviceError{err})))
			}
		}
		return r.changed(o, r.t("done.kept", "Kind", r.say.Field("box"), "Name", b.Name()), "box", b.UID)
	})
}

type boxEndPlacementCmd struct {
	Box string `arg:"" help:"place_box"`
	At  string `placeholder:"\"2026-11-23 18:00\"" help:"at"`
	reason
}

// Run says that a box stands no more where it stands.
func (c *boxEndPlacementCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		box, err := r.box(o, c.Box)
		if err != nil {
			return err
		}
		rows, err := o.Sites.Rows(r.ctx)
		if err != nil {
			return err
		}
		for _, s := range rows {
			for _, p := range s.Placements {
				at, err := r.moment("--at", c.At, s.Site.Zone.Location())
				if err != nil {
					return err
				}
				if p.BoxUID == box.Box.UID && p.Span.Holds(at) {
					return c.end(r, o, box.Box, s.Site, p.ID, at)
				}
			}
		}
		return failure("box.nowhere", "Box", box.Box.Label)
	})
}

func (c *boxEndPlacementCmd) end(r *run, o *office.Office, b app.Box, s app.Site, placement app.ID, at app.Instant) error {
	if err := o.Boxes.EndPlacement(r.ctx, placement, at, c.Why); err != nil {
		return err
	}
	return r.changed(o, r.t("box.taken", "Box", b.Label, "Site", s.Name, "At", r.say.DateTime(at, s.Zone.Location())), "placement", string(placement))
}
