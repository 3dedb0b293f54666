package acts

import (
	"errors"
	"net/url"
	"strings"
	"unicode"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/workspace"
)

func checkEmployer(e *app.Employer) error {
	e.Name = strings.TrimSpace(e.Name)
	if e.Kind == "" {
		e.Kind = app.OwnCompany
	}
	return errors.Join(
		workspace.Required("employer", e.Name, "Blinkend Schoon BV"),
		workspace.Official(&e.Enterprise, identity.ParseEnterprise),
		workspace.Official(&e.ForeignVAT, identity.ParseForeignVAT),
	)
}

func checkWorker(w *app.Worker, today app.Date) error {
	w.FamilyName, w.GivenName = strings.TrimSpace(w.FamilyName), strings.TrimSpace(w.GivenName)
	w.StaffNumber = strings.TrimSpace(w.StaffNumber)
	if w.Language == "" {
		w.Language = app.Dutch
	}
	_, badLanguage := app.ParseLanguage(string(w.Language))
	if badLanguage != nil {
		badLanguage = &app.FieldError{Field: "language", Code: "language.unknown", Example: "nl"}
	}
	err := errors.Join(
		workspace.Required("familyName", w.FamilyName+w.GivenName, "Peeters"),
		workspace.OfficialSecret(&w.SSIN, identity.ParseSSIN),
		workspace.OfficialSecret(&w.Limosa, identity.ParseLimosa),
		workspace.CheckDays(w.LimosaDays),
		badLanguage,
	)
	if err == nil && w.SSIN != "" {
		err = identity.CheckAge(w.SSIN.Reveal(), today) // a slip that the check digits miss
	}
	if err == nil && w.BirthDate == 0 {
		if d, ok := identity.BirthDate(w.SSIN.Reveal()); ok {
			w.BirthDate = d
		}
	}
	return err
}

func checkEngagement(e *app.Engagement) error {
	if e.Capacity == "" {
		e.Capacity = app.Employee
	}
	return errors.Join(
		workspace.Required("worker", string(e.WorkerID), "Peeters An"),
		workspace.Required("employer", string(e.EmployerID), "Blinkend Schoon BV"),
		e.WeeklyHours.Check(),
		workspace.CheckDays(e.Days),
	)
}

func checkSite(s *app.Site) error {
	s.Name, s.Code = strings.TrimSpace(s.Name), strings.TrimSpace(s.Code)
	if s.Zone == "" {
		s.Zone = app.DefaultZone
	}
	_, zone := s.Zone.Load()
	var place error
	if c := s.Coordinates; c != nil {
		place = identity.CheckCoordinates(*c)
	}
	s.Contact.Name = strings.TrimSpace(s.Contact.Name)
	return errors.Join(
		workspace.Required("siteName", s.Name, "Stadhuis Leuven"),
		workspace.Official(&s.Contact.Phone, identity.ParsePhone),
		workspace.Official(&s.Address.PostCode, identity.ParsePostCode),
		zone,
		place,
	)
}

func checkDeclaration(d *app.Declaration) error {
	err := errors.Join(
		workspace.Required("declaration", d.Number, "1Y1003SQ5VSSZ"),
		workspace.Official(&d.Number, identity.ParseDeclaration),
		workspace.CheckDays(d.Days),
		checkSelfAddress(d),
	)
	if d.Days.From != 0 && d.Days.To != 0 {
		y, m, day := d.Days.From.YMD()
		if d.Days.To >= app.NewDate(y+workspace.MaxDeclaration, m, day) {
			err = errors.Join(err, &app.FieldError{Field: "to", Code: "declaration.tooLong",
				Example: app.NewDate(y+workspace.MaxDeclaration, m, day).AddDays(-1).String()})
		}
	}
	return err
}

// longestSelfAddress is what still gives a code that a telephone reads from a step away.
const longestSelfAddress = 300

// checkSelfAddress takes an address as it was copied: a whole one with https, and nothing else.
func checkSelfAddress(d *app.Declaration) error {
	if d.SelfAddress = strings.TrimSpace(d.SelfAddress); d.SelfAddress == "" {
		return nil
	}
	u, err := url.Parse(d.SelfAddress)
	blank := strings.ContainsFunc(d.SelfAddress, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) })
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || blank || len(d.SelfAddress) > longestSelfAddress {
		return &app.FieldError{Field: "selfAddress", Code: "declaration.selfAddress", Example: "https://…"}
	}
	return nil
}

// CheckIdentifier brings the key into its canonical form.
func CheckIdentifier(k *app.IdentifierKey) error {
	if k.Kind == app.PIN {
		return workspace.Official(&k.Value, identity.CanonicalPIN)
	}
	k.Kind = app.Card
	return errors.Join(workspace.Required("badge", k.Value, "04A1B2C3D4"), workspace.Official(&k.Value, identity.CanonicalCard))
}
