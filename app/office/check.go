package office

import (
	"errors"
	"strings"

	"klokkast/app"
	"klokkast/app/identity"
)

// The checks bring what people enter into the official form, or say which
// field is wrong, why, and what a right value looks like. All faults of one
// form come back together (errors.Join of *app.FieldError).

func required(field, value, example string) error {
	if strings.TrimSpace(value) == "" {
		return &app.FieldError{Field: field, Code: "required", Example: example}
	}
	return nil
}

// official replaces *value by its official form; an empty one is left alone.
func official(value *string, parse func(string) (string, error)) error {
	if strings.TrimSpace(*value) == "" {
		*value = ""
		return nil
	}
	v, err := parse(*value)
	if err == nil {
		*value = v
	}
	return err
}

func officialSecret(value *app.Secret, parse func(string) (string, error)) error {
	s := value.Reveal()
	err := official(&s, parse)
	*value = app.Secret(s)
	return err
}

func checkDays(d app.Days) error {
	if d.From != 0 && d.To != 0 && d.To < d.From {
		return &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: d.From.String()}
	}
	return nil
}

func checkSpan(s app.Span) error {
	if s.From == 0 {
		return &app.FieldError{Field: "from", Code: "required", Example: "2026-11-23 06:00"}
	}
	if s.To != 0 && s.To < s.From {
		return &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: s.From.String()}
	}
	return nil
}

func checkEmployer(e *app.Employer) error {
	e.Name = strings.TrimSpace(e.Name)
	if e.Kind == "" {
		e.Kind = app.OwnCompany
	}
	return errors.Join(
		required("employer", e.Name, "Blinkend Schoon BV"),
		official(&e.Enterprise, identity.ParseEnterprise),
		official(&e.ForeignVAT, identity.ParseForeignVAT),
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
		required("familyName", w.FamilyName+w.GivenName, "Peeters"),
		officialSecret(&w.SSIN, identity.ParseSSIN),
		officialSecret(&w.Limosa, identity.ParseLimosa),
		checkDays(w.LimosaDays),
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
		required("worker", string(e.WorkerID), "Peeters An"),
		required("employer", string(e.EmployerID), "Blinkend Schoon BV"),
		e.WeeklyHours.Check(),
		checkDays(e.Days),
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
		required("siteName", s.Name, "Stadhuis Leuven"),
		official(&s.Contact.Phone, identity.ParsePhone),
		official(&s.Address.PostCode, identity.ParsePostCode),
		zone,
		place,
	)
}

// maxDeclaration is the longest a declaration for recurring work lasts (NSSO: 5 years).
const maxDeclaration = 5

func checkDeclaration(d *app.Declaration) error {
	err := errors.Join(
		required("declaration", d.Number, "1Y1003SQ5VSSZ"),
		official(&d.Number, identity.ParseDeclaration),
		checkDays(d.Days),
	)
	if d.Days.From != 0 && d.Days.To != 0 {
		y, m, day := d.Days.From.YMD()
		if d.Days.To >= app.NewDate(y+maxDeclaration, m, day) {
			err = errors.Join(err, &app.FieldError{Field: "to", Code: "declaration.tooLong",
				Example: app.NewDate(y+maxDeclaration, m, day).AddDays(-1).String()})
		}
	}
	return err
}

// checkIdentifier brings the key into its canonical form.
func checkIdentifier(k *app.IdentifierKey) error {
	if k.Kind == app.PIN {
		return official(&k.Value, identity.CanonicalPIN)
	}
	k.Kind = app.Card
	return errors.Join(required("badge", k.Value, "04A1B2C3D4"), official(&k.Value, identity.CanonicalCard))
}
