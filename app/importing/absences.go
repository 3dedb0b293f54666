package importing

import (
	"io"

	"klokkast/app"
)

// Columns of a list of absences, beside those it shares with the staff list.
const (
	colKind  column = "kind"
	colHours column = "hours"
	colNote  column = "note"
)

func absenceColumns() []columnNames {
	all := []columnNames{
		heading(
			colStaffNumber,
			"staffNumber",
			"personeelsnummer|personeelsnr|stamnummer|werknemersnummer",
			"matricule|numéro du personnel|numéro de travailleur|n° personnel",
			"Personalnummer|Mitarbeiternummer",
			"staff number|employee number|personnel number",
		),
		heading(
			colName,
			"worker",
			"naam|werknemer|medewerker|familienaam en voornaam",
			"nom|travailleur|nom et prénom",
			"Name|Mitarbeiter|Arbeitnehmer",
			"name|worker|employee",
		),
		heading(
			colFrom,
			"from",
			"van|vanaf|begin|datum|eerste dag",
			"du|début|date|premier jour",
			"von|ab|Beginn|Datum|erster Tag",
			"from|start|date|first day",
		),
		heading(colTo, "to", "tot|tot en met|einde|laatste dag", "au|fin|dernier jour", "bis|Ende|letzter Tag", "to|until|end|last day"),
		heading(
			colKind,
			"kind",
			"soort|code|reden|afwezigheid|afwezigheidscode",
			"genre|type|code|motif|absence|code absence",
			"Art|Code|Grund|Abwesenheit",
			"kind|code|type|reason|absence",
		),
		heading(colHours, "hours", "uren|van-tot", "heures|de-à", "Stunden|von-bis", "hours"),
		heading(colNote, "note", "opmerking|nota", "remarque|note", "Bemerkung|Notiz", "note|remark"),
	}
	all[2].required, all[4].required = true, true
	return all
}

// AbsenceTemplate returns an empty list of absences, as StaffTemplate does.
func AbsenceTemplate(l app.Language) []byte { return Template(AbsenceList, l) }

// AbsenceRow is one good row of a list of absences.
type AbsenceRow struct {
	Line        int
	StaffNumber string
	Name        string
	Days        app.Days // both ends set
	Kind        app.AbsenceKind
	Hours       app.Hours
	Note        string

	headings map[column]string
}

// AbsenceFile is what a list of absences holds.
type AbsenceFile struct {
	Rows     []AbsenceRow
	Problems []*Problem // in the order of the file; of refused rows and of good ones
	Lines    int        // rows that hold anything, good or bad

	source
}

// ParseAbsences reads a list of absences. Its error is a *Reason if the file as
// a whole is none.
func ParseAbsences(r io.Reader) (*AbsenceFile, error) {
	return parseAbsences(r, how{kind: AbsenceList})
}

func parseAbsences(r io.Reader, h how) (*AbsenceFile, error) {
	known := absenceColumns()
	t, err := readTable(r, h)
	if err != nil {
		return nil, err
	}
	f := &AbsenceFile{Problems: t.problems, Lines: t.lines(), source: t.source}
	kinds := absenceWords()
	for _, r := range t.rows {
		c := t.cells(r, known)
		row := parseAbsenceRow(c, kinds)
		f.Problems = append(f.Problems, c.problems...)
		if !c.refused() {
			f.Rows = append(f.Rows, row)
		}
	}
	sortProblems(f.Problems)
	return f, nil
}

// maxAbsence is how many days an absence of a list may last: what is longer is
// a slip of the year.
const maxAbsence = 2 * 366

func parseAbsenceRow(c *cells, kinds map[string]string) AbsenceRow {
	a := AbsenceRow{
		Line:        c.line,
		StaffNumber: c.text(colStaffNumber, "1042"),
		Name:        c.text(colName, "Peeters An"),
		Days:        c.days(colFrom, colTo),
		Kind:        app.AbsenceKind(c.word(colKind, kinds, "absence.kind", string(app.AbsenceKinds[0]))),
		Note:        c.text(colNote, ""),
		headings:    c.headings,
	}
	if !c.has(colKind) {
		c.add(Refused, colKind, wrong("", "required", string(app.AbsenceKinds[0])))
	}
	if !c.has(colFrom) {
		c.add(Refused, colFrom, wrong("", "required", "01/12/2026"))
	}
	if a.Days.To == 0 {
		a.Days.To = a.Days.From
	}
	if a.Days.From != 0 && a.Days.To-a.Days.From >= maxAbsence {
		c.add(Refused, colTo, wrong("", "absence.long", a.Days.From.AddDays(4).String()))
	}
	if a.StaffNumber == "" && a.Name == "" {
		c.add(Refused, "", because("absenceNobody"))
	}
	var err error
	if a.Hours, err = app.ParseHours(c.values[colHours]); err != nil {
		c.add(Refused, colHours, wrong("", "absence.hours", "08:00-12:00"))
	}
	return a
}

// absenceWords are what the kind of an absence may be called, in four languages.
func absenceWords() map[string]string {
	return meanings(map[string]string{
		"holiday":     "holiday leave annualleave vacation vakantie verlof jaarlijksevakantie wettelijkverlof conge conges vacances congelegal vacancesannuelles urlaub jahresurlaub",
		"sick":        "sick sickness illness sickleave ziek ziekte maladie malade krank krankheit",
		"accident":    "accident accidentatwork workaccident arbeidsongeval accidentdutravail arbeitsunfall",
		"family":      "family familyreasons klein kleinverlet familialeredenen omstandigheidsverlof petitchomage raisonsfamiliales congedecirconstance familie familiaregrunde familiengrunde",
		"recovery":    "recovery compensatoryrest inhaalrust recuperatie adv recuperation reposcompensatoire freizeitausgleich ausgleichsruhe",
		"training":    "training course opleiding vorming formation ausbildung weiterbildung schulung",
		"unemployed":  "unemployed temporaryunemployment tijdelijkewerkloosheid economischewerkloosheid werkloosheid chomagetemporaire chomage chomageeconomique kurzarbeit zeitweiligearbeitslosigkeit",
		"unpaid":      "unpaid unpaidleave onbetaald onbetaaldverlof congesanssolde sanssolde unbezahlt unbezahlterurlaub",
		"unjustified": "unjustified unauthorised unauthorized ongewettigd onwettig ongewettigdafwezig injustifie injustifiee absenceinjustifiee unentschuldigt",
		"other":       "other ander andere anders autre sonstiges andere anderes",
	})
}
