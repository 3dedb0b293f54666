package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type siteRow struct {
	ID           app.ID      `db:"id"`
	Code         string      `db:"code"`
	Name         string      `db:"name"`
	Client       optionalID  `db:"client"`
	Street       string      `db:"street"`
	HouseNumber  string      `db:"house_number"`
	BoxNumber    string      `db:"box_number"`
	PostCode     string      `db:"post_code"`
	Municipality string      `db:"municipality"`
	Latitude     *float64    `db:"latitude"`
	Longitude    *float64    `db:"longitude"`
	Zone         app.Zone    `db:"zone"`
	Thresholds   limits      `db:"thresholds"`
	Ended        app.Instant `db:"ended"`
	ContactName  string      `db:"contact_name"`
	ContactPhone string      `db:"contact_phone"`
	Phones       bool        `db:"phones"`
}

func rowOfSite(s app.Site) siteRow {
	row := siteRow{
		ID: s.ID, Code: s.Code, Name: s.Name, Client: optionalID(s.ClientID),
		Street: s.Address.Street, HouseNumber: s.Address.HouseNumber, BoxNumber: s.Address.BoxNumber,
		PostCode: s.Address.PostCode, Municipality: s.Address.Municipality,
		Zone: s.Zone, Thresholds: limitsOf(s.Thresholds), Ended: s.Ended,
		ContactName: s.Contact.Name, ContactPhone: s.Contact.Phone, Phones: s.Phones,
	}
	if row.Zone == "" {
		row.Zone = app.DefaultZone
	}
	if c := s.Coordinates; c != nil {
		row.Latitude, row.Longitude = &c.Latitude, &c.Longitude
	}
	return row
}

func (r siteRow) value() (app.Site, error) {
	site := app.Site{
		ID: r.ID, Code: r.Code, Name: r.Name, ClientID: app.ID(r.Client),
		Address: app.Address{Street: r.Street, HouseNumber: r.HouseNumber, BoxNumber: r.BoxNumber, PostCode: r.PostCode, Municipality: r.Municipality},
		Zone:    r.Zone, Thresholds: r.Thresholds.value(), Ended: r.Ended,
		Contact: app.Contact{Name: r.ContactName, Phone: r.ContactPhone}, Phones: r.Phones,
	}
	if r.Latitude != nil && r.Longitude != nil {
		site.Coordinates = &app.Coordinates{Latitude: *r.Latitude, Longitude: *r.Longitude}
	}
	return site, nil
}

// Sites returns all sites by id.
func (s *Store) Sites(ctx context.Context) ([]app.Site, error) {
	return list(ctx, s, "read sites", siteRow.value, selectAll[siteRow]("site")+` ORDER BY id`)
}

// SaveSite inserts or changes a site by its id.
func (s *Store) SaveSite(ctx context.Context, v app.Site, act app.Act) error {
	return s.write(ctx, "save site", func(tx *sqlx.Tx) error {
		if err := keepIn(ctx, s, tx, act, "site", v.ID, rowOfSite(v), siteRow.value); err != nil {
			return err
		}
		return s.rejudge(ctx, tx, openEntries) // what the register showed may be at this place now
	})
}
