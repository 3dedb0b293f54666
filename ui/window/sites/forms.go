package sites

import (
	"context"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// newClient is the choice that makes a client of the name typed below it.
const newClient = "+"

// askSite adds a site, or changes the one at the cursor.
func (p *Screen) askSite(change bool) {
	t := p.h.Texts
	s := app.Site{Zone: app.DefaultZone}
	title := t.T("window.sites.add")
	if change {
		r, ok := p.grid.Current()
		if !ok {
			return
		}
		s, title = r.row.Site, t.T("window.sites.change", "Site", r.row.Site.Name)
	}
	f := p.h.NewForm()
	name := f.Text(t.T("window.col.name"), s.Name, "siteName", "site", "name")
	code := f.Text(t.T("window.col.code"), s.Code, "siteCode", "code")
	client := f.Choice(t.T("window.col.client"), p.clientOptions(), string(s.ClientID), "clientId")
	clientName := f.Text(t.T("window.sites.newClient"), "", "client")
	clientName.OnChanged = func(text string) {
		if strings.TrimSpace(text) != "" {
			client.Set(newClient)
		}
	}
	street := f.Text(t.T("window.sites.street"), s.Address.Street, "street", "address")
	number := f.Text(t.T("window.sites.houseNumber"), s.Address.HouseNumber, "houseNumber")
	box := f.Text(t.T("window.sites.boxNumber"), s.Address.BoxNumber, "boxNumber")
	post := f.Text(t.T("window.sites.postCode"), s.Address.PostCode, "postCode")
	town := f.Text(t.T("window.col.town"), s.Address.Municipality, "municipality")
	coordinates := f.Text(t.T("window.sites.coordinates"), coordinatesText(s.Coordinates), "coordinates", "latitude", "longitude")
	coordinates.PlaceHolder = t.T("window.field.hint", "Example", "50.87959, 4.70093")
	f.Row("coordinates").Check = func() error {
		_, err := parseCoordinates(coordinates.Text)
		return err
	}
	contact := f.Text(t.T("window.sites.contact"), s.Contact.Name, "contactName")
	phone := f.Text(t.T("window.sites.phone"), s.Contact.Phone, "contactPhone")
	phone.PlaceHolder = t.T("window.field.hint", "Example", "016 27 20 00")
	zone := f.Text(t.T("window.field.zone"), string(s.Zone), "zone")
	phones := f.Tick(t.T("window.sites.phones"), t.T("window.sites.phones.tick"), s.Phones, "phones")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(title, t.T("window.save"), func() func(context.Context) error {
		n := s
		n.Name, n.Code, n.Zone = name.Text, code.Text, app.Zone(zone.Text)
		n.Address = app.Address{Street: street.Text, HouseNumber: number.Text, BoxNumber: box.Text, PostCode: post.Text, Municipality: town.Text}
		n.Contact = app.Contact{Name: strings.TrimSpace(contact.Text), Phone: phone.Text}
		n.Phones = phones.Checked
		n.Coordinates = kit.Must(parseCoordinates(coordinates.Text))
		n.ClientID = app.ID(client.Value())
		newName, reason := clientName.Text, why.Text
		return func(ctx context.Context) error {
			if n.ClientID == newClient {
				_, err := p.desk.Sites.SaveSiteOfClient(ctx, n, newName, reason)
				return err
			}
			_, err := p.desk.Sites.SaveSite(ctx, n, reason)
			return err
		}
	}, nil)
}

func (p *Screen) clientOptions() []kit.Option {
	var os []kit.Option
	for _, c := range p.clients {
		if c.Ended == 0 {
			os = append(os, kit.Option{Value: string(c.ID), Text: c.Name})
		}
	}
	kit.SortOptions(os)
	return append([]kit.Option{{Value: "", Text: p.h.Texts.T("window.sites.noClient")}, {Value: newClient, Text: p.h.Texts.T("window.sites.newClient")}}, os...)
}

func coordinatesText(c *app.Coordinates) string {
	if c == nil {
		return ""
	}
	return strconv.FormatFloat(c.Latitude, 'f', -1, 64) + ", " + strconv.FormatFloat(c.Longitude, 'f', -1, 64)
}

// parseCoordinates reads "50.87959, 4.70093", also with decimal commas and a
// semicolon or blank between; "" is none. Whether they lie in Belgium is the office's to check.
func parseCoordinates(text string) (*app.Coordinates, error) {
	s := strings.TrimSpace(text)
	if s == "" {
		return nil, nil
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ' ' })
	if len(parts) == 1 && strings.Count(s, ",") == 1 {
		parts = strings.Split(s, ",")
	}
	if len(parts) == 2 {
		lat, err1 := degree(parts[0])
		lon, err2 := degree(parts[1])
		if err1 == nil && err2 == nil {
			return &app.Coordinates{Latitude: lat, Longitude: lon}, nil
		}
	}
	return nil, &app.FieldError{Field: "coordinates", Code: "coordinates.format", Example: "50.87959, 4.70093"}
}

func degree(s string) (float64, error) {
	s = strings.Trim(s, ", \t")
	return strconv.ParseFloat(strings.ReplaceAll(s, ",", "."), 64)
}

// askEnd ends a site: boxes stand there no more, nothing is erased.
func (p *Screen) askEnd() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	open := 0
	for _, x := range p.placementRows(r.row.Placements) {
		if x.open {
			open++
		}
	}
	f.Note(t.N("window.sites.end.help", open, "Site", r.row.Site.Name))
	at := f.Moment(t.T("window.field.end"), p.h.Now(), p.h.Zone, true, "to", "at", "from")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.sites.end.title", "Site", r.row.Site.Name), t.T("window.end"), func() func(context.Context) error {
		end, reason := kit.Must(at.Instant()), why.Text
		return func(ctx context.Context) error { return p.desk.Sites.EndSite(ctx, r.row.Site.ID, end, reason) }
	}, nil)
}

// askDecision asks whether the site falls under CIAO, from when and why. The
// program never computes it.
func (p *Screen) askDecision() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.sites.decide.help"))
	var options []kit.Option
	for _, d := range []app.Decision{app.UnderCIAO, app.NotUnder, app.Undecided} {
		options = append(options, kit.Option{Value: string(d), Text: wording.Decision(t, d)})
	}
	decision := f.Choice("CIAO", options, string(r.row.Decision.Decision), "decision")
	zone := p.names.Zone(r.row.Site.ID)
	from := f.Moment(t.T("window.field.from"), p.h.Today().Start(zone), zone, true, "from")
	why := f.Lines(t.T("window.field.reason"), "", "reason", "ciaoReason")
	f.Show(t.T("window.sites.decide.title", "Site", r.row.Site.Name), t.T("window.save"), func() func(context.Context) error {
		d := app.SiteDecision{
			SiteID:   r.row.Site.ID,
			Decision: app.Decision(decision.Value()),
			From:     kit.Must(from.Instant()),
			Reason:   strings.TrimSpace(why.Text),
		}
		return func(ctx context.Context) error { return p.desk.Sites.DecideSite(ctx, d) }
	}, nil)
}

// askDeclaration covers the site at the cursor by a declaration of works, new
// or known, or changes such a cover.
func (p *Screen) askDeclaration(change bool) {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	var d app.Declaration
	link := app.DeclarationSite{SiteID: r.row.Site.ID, Default: len(r.row.Declarations) == 0}
	title := t.T("window.sites.declaration.add", "Site", r.row.Site.Name)
	if change {
		row, ok := p.declarations.Current()
		if !ok {
			return
		}
		d, link, title = row.d.Declaration, row.d.Link, t.T("window.sites.declaration.change", "Number", row.d.Declaration.Number)
	}
	f := p.h.NewForm()
	var known *kit.Choice
	if !change {
		known = f.Choice(t.T("window.sites.declaration.known"), p.declarationOptions(r.row.Declarations), "", "declarationId")
	}
	number := f.Text(t.T("window.sites.declaration.number"), d.Number, "declaration", "number")
	number.PlaceHolder = t.T("window.field.hint", "Example", "1Y1003SQ5VSSZ")
	label := f.Text(t.T("window.col.label"), d.Label, "label")
	address := f.Text(t.T("window.sites.declaration.self"), d.SelfAddress, "selfAddress")
	from := f.Date(t.T("window.sites.declaration.from"), d.Days.From, "from", "declarationFrom")
	to := f.Date(t.T("window.sites.declaration.to"), d.Days.To, "to", "declarationTo")
	linkFrom := f.Date(t.T("window.sites.link.from"), link.Days.From, "linkFrom")
	linkTo := f.Date(t.T("window.sites.link.to"), link.Days.To, "linkTo")
	standard := f.Tick("", t.T("window.sites.default"), link.Default, "default")
	why := f.Text(t.T("window.field.why"), "", "why")
	if known != nil {
		known.OnChanged = func(string) {
			for _, x := range p.known {
				if string(x.ID) == known.Value() {
					number.SetText(x.Number)
					label.SetText(x.Label)
					address.SetText(x.SelfAddress)
					from.SetDate(x.Days.From)
					to.SetDate(x.Days.To)
				}
			}
		}
	}
	f.Show(title, t.T("window.save"), func() func(context.Context) error {
		n, l := d, link
		if known != nil {
			n.ID = app.ID(known.Value())
		}
		n.Number, n.Label, n.Days = number.Text, label.Text, app.Days{From: kit.Must(from.Date()), To: kit.Must(to.Date())}
		n.SelfAddress = address.Text
		l.Days, l.Default = app.Days{From: kit.Must(linkFrom.Date()), To: kit.Must(linkTo.Date())}, standard.Checked
		reason := why.Text
		return func(ctx context.Context) error {
			return p.desk.Sites.DeclareSite(ctx, n, l, reason)
		}
	}, nil)
}

func (p *Screen) declarationOptions(linked []acts.DeclaredSite) []kit.Option {
	has := map[app.ID]bool{}
	for _, d := range linked {
		has[d.Declaration.ID] = true
	}
	var os []kit.Option
	for _, d := range p.known {
		if !has[d.ID] {
			os = append(os, kit.Option{Value: string(d.ID), Text: strings.TrimSpace(d.Number + "  " + d.Label + "  " + kit.DaysText(p.h.Texts, d.Days))})
		}
	}
	kit.SortOptions(os)
	return append([]kit.Option{{Value: "", Text: p.h.Texts.T("window.sites.declaration.new")}}, os...)
}

// askPlace puts a box at the site at the cursor.
func (p *Screen) askPlace() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	var boxes []kit.Option
	for uid := range p.names.Boxes {
		boxes = append(boxes, kit.Option{Value: uid, Text: p.names.Box(uid)})
	}
	kit.SortOptions(boxes)
	if len(boxes) == 0 {
		p.h.Tell(t.T("window.sites.place"), t.T("window.sites.place.none"))
		return
	}
	f := p.h.NewForm()
	f.Note(t.T("window.boxes.place.help"))
	box := f.Pick(t.T("window.col.box"), boxes, "", "box")
	from := f.Moment(t.T("window.field.from"), p.h.Now(), p.h.Zone, true, "from")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.sites.place.title", "Site", r.row.Site.Name), t.T("window.boxes.place"), func() func(context.Context) error {
		uid, at, reason := box.Value(), kit.Must(from.Instant()), why.Text
		return func(ctx context.Context) error { return p.desk.Boxes.PlaceBox(ctx, uid, r.row.Site.ID, at, reason) }
	}, nil)
}

func (p *Screen) askEndPlacement() {
	r, ok := p.grid.Current()
	pl, placed := p.placements.Current()
	if !ok || !placed {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.boxes.end.help", "Box", pl.box, "Site", r.row.Site.Name))
	at := f.Moment(t.T("window.field.end"), p.h.Now(), p.h.Zone, true, "to", "from", "at")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.boxes.end.title", "Box", pl.box), t.T("window.boxes.end"), func() func(context.Context) error {
		end, reason := kit.Must(at.Instant()), why.Text
		return func(ctx context.Context) error { return p.desk.Boxes.EndPlacement(ctx, pl.p.ID, end, reason) }
	}, nil)
}
