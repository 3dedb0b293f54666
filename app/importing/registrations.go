package importing

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
)

// Columns of a list of registrations, as the online service of the NSSO exports
// them, beside those it shares with the others.
const (
	colID       column = "id"
	colAt       column = "at"
	colTime     column = "time"
	colType     column = "type"
	colValidity column = "status"
)

func registrationColumns() []columnNames {
	all := []columnNames{
		heading(
			colID, "registerId", "registratienummer|nummer registratie|registratie-id|aanwezigheidsregistratie|id", "numéro d'enregistrement|identifiant|numéro|id",
			"Registrierungsnummer|Nummer der Registrierung|id", "registration number|registration id|id",
		),
		heading(
			colAt, "registeredAt", "tijdstip|datum en tijd|datum en uur|datum registratie|registratiedatum|datum", "date et heure|moment|date d'enregistrement|date",
			"Zeitpunkt|Datum und Uhrzeit|Datum der Registrierung|Datum", "date and time|instant|registration date|date",
		),
		heading(colTime, "time", "uur|tijd", "heure", "Uhrzeit|Zeit", "time|hour"),
		heading(colType, "registrationType", "soort|type|in/uit|in/out|richting", "type|entrée/sortie|in/out|sens", "Art|Typ|Kommen/Gehen|in/out|Richtung", "type|in/out|direction"),
		heading(
			colSSIN, "ssin", "INSZ|INSZ-nummer|rijksregisternummer", "NISS|numéro NISS|numéro national", "ENSS|INSZ-Nummer|Nationalregisternummer", "SSIN|national number",
		),
		heading(
			colDeclaration, "declaration", "aangifte van werken|nummer aangifte|werkmelding|nummer werkmelding|contractreferentie",
			"déclaration de travaux|numéro de déclaration|DDT|déclaration", "Arbeitsmeldung|Nummer der Arbeitsmeldung", "declaration of works|declaration|declaration number",
		),
		heading(
			colEmployer, "employer", "werkgever|ondernemingsnummer|ondernemingsnummer werkgever|KBO-nummer", "employeur|numéro d'entreprise|numéro BCE", "Arbeitgeber|Unternehmensnummer",
			"employer|enterprise number",
		),
		heading(colValidity, "validity", "status|toestand|geldigheid", "statut|état|validité", "Status|Gültigkeit", "status|validity"),
	}
	for i := range all {
		all[i].required = slices.Contains([]column{colID, colAt, colType, colSSIN}, all[i].column)
	}
	return all
}

// RegistrationRow is one good row of a list of registrations.
type RegistrationRow struct {
	Line        int
	ID          int64 // the register's number
	SSIN        app.Secret
	Type        app.RegistrationType
	At          app.Instant
	ToMinute    bool // the list has no seconds
	Declaration string
	Enterprise  string
	ForeignVAT  string
	Validity    string
	Cancelled   bool
	// Raw is the row as JSON, title by title.
	Raw string

	headings map[column]string
}

// Format keeps the number masked where a verb does not fit.
func (r RegistrationRow) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "registration %d of line %d", r.ID, r.Line)
}

// RegistrationFile is what a list of registrations holds.
type RegistrationFile struct {
	Rows     []RegistrationRow
	Problems []*Problem
	Lines    int

	source
}

func parseRegistrations(r io.Reader, o Options) (*RegistrationFile, error) {
	known := registrationColumns()
	t, err := readTable(r, o.how(RegistrationList))
	if err != nil {
		return nil, err
	}
	f := &RegistrationFile{Problems: t.problems, Lines: t.lines(), source: t.source}
	p := registrationParser{o: o, types: registrationTypes(), states: registrationStates()}
	for _, r := range t.rows {
		c := t.cells(r, known)
		row := p.row(c)
		row.Raw = rawRow(t.headings, r.cells)
		f.Problems = append(f.Problems, c.problems...)
		if !c.refused() {
			f.Rows = append(f.Rows, row)
		}
	}
	sortProblems(f.Problems)
	return f, nil
}

// rawRow is a row as JSON, title by title.
func rawRow(titles, cells []string) string {
	all := map[string]string{}
	for i, title := range titles {
		if i < len(cells) && cells[i] != "" {
			all[cmp.Or(title, strconv.Itoa(i+1))] = cells[i]
		}
	}
	b, _ := json.Marshal(all) //nolint:errchkjson // texts
	return string(b)
}

type registrationParser struct {
	o             Options
	types, states map[string]string
}

func (p *registrationParser) row(c *cells) RegistrationRow {
	r := RegistrationRow{Line: c.line, headings: c.headings}
	r.SSIN = app.Secret(c.repaired(colSSIN, "note.ssinRepaired", identity.RepairSSIN))
	r.Type = app.RegistrationType(c.word(colType, p.types, "registrationType", "IN"))
	r.Declaration = cmp.Or(c.parsed(colDeclaration, identity.ParseDeclaration), p.o.Declaration)
	r.At, r.ToMinute = c.moment(p.o.Zone)
	if v := strings.Trim(c.text(colID, "9007199254741000"), "# "); v != "" {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil || id <= 0 {
			c.add(Refused, colID, wrong("", "registerId", "9007199254741000"))
		}
		r.ID = id
	}
	r.Validity = c.text(colValidity, "valid")
	if state := p.states[plain(r.Validity)]; state == "cancelled" {
		r.Cancelled, r.Validity = true, ""
	} else if state != "" {
		r.Validity = state
	}
	if v := c.text(colEmployer, "0123.456.749"); looksLikeNumber(v) {
		r.Enterprise = c.repaired(colEmployer, "note.enterpriseRepaired", identity.RepairEnterprise)
	} else if v != "" {
		vat, err := identity.ParseForeignVAT(v)
		if err != nil {
			c.add(LeftOut, colEmployer, err)
		}
		r.ForeignVAT = vat
	}
	for _, need := range []struct {
		column  column
		example string
	}{{colID, "9007199254741000"}, {colAt, "23/11/2026 06:58:12"}, {colType, "IN"}, {colSSIN, "85.01.15-123.55"}} {
		if !c.has(need.column) {
			c.add(Refused, need.column, wrong("", "required", need.example))
		}
	}
	if r.Declaration == "" && !c.has(colDeclaration) {
		c.add(Refused, "", because("noDeclaration"))
	}
	return r
}

// moment reads when something was: in one column or two, by the clock in Belgium unless the cell says otherwise.
func (c *cells) moment(zone *time.Location) (at app.Instant, toMinute bool) {
	text := strings.TrimSpace(c.values[colAt])
	if text == "" {
		return 0, false
	}
	if t, err := time.Parse(time.RFC3339, strings.Replace(strings.ToUpper(text), " ", "T", 1)); err == nil {
		return app.At(t.Truncate(time.Second)), false
	}
	day, clock := text, c.values[colTime]
	if i := strings.LastIndexAny(text, " T"); clock == "" && i > 0 {
		day, clock = strings.TrimRight(text[:i], " ,"), text[i+1:]
	}
	d, _, ok := c.dates.read(day)
	t, toMinute, isClock := clockOf(clock)
	if !ok || !isClock {
		c.add(Refused, colAt, wrong("", "moment", "23/11/2026 06:58:12"))
		return 0, false
	}
	y, m, dd := d.YMD()
	return app.At(time.Date(y, m, dd, t[0], t[1], t[2], 0, zone)), toMinute
}

// clockOf reads a time of the day: 6:58, 06:58:12, 06u58, 06h58.
func clockOf(text string) (hms [3]int, toMinute, ok bool) {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, ".,"); i > 0 && strings.Count(text, ":") == 2 { // fractions of a second
		text = text[:i]
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(":.hHuU", r) })
	if len(parts) < 2 || len(parts) > 3 {
		return hms, false, false
	}
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n > [...]int{23, 59, 59}[i] || len(part) > 2 {
			return hms, false, false
		}
		hms[i] = n
	}
	return hms, len(parts) == 2, true
}

// registrationTypes are what IN and OUT may be called, in four languages.
func registrationTypes() map[string]string {
	return meanings(map[string]string{
		string(app.RegisterIn):  "in checkin checkedin start begin begonnen aanvang aankomst ingang entree arrivee debut ankunft kommen eingang anfang arrival entry",
		string(app.RegisterOut): "out uit checkout checkedout end einde stop vertrek uitgang sortie depart fin abgang gehen ausgang ende departure exit",
	})
}

// registrationStates are what the state of a registration may be called; another one is kept as it stands there.
func registrationStates() map[string]string {
	return meanings(map[string]string{
		"pending":   "pending inbehandeling wachtend encours encoursdetraitement enattente inbearbeitung ausstehend",
		"valid":     "valid geldig gevalideerd validated valide validee gultig validiert",
		"invalid":   "invalid ongeldig invalide nonvalide ungultig",
		"cancelled": "cancelled canceled geannuleerd annulering annule annulee storniert annulliert successfullycancelled",
	})
}

// RegistrationFacts is what the store holds of registrations and where they can be.
type RegistrationFacts struct {
	Workers          []app.Worker
	Sites            []app.Site
	Declarations     []app.Declaration
	DeclarationSites []app.DeclarationSite
	// Known are registrations of the list that are known already, by the register's number.
	Known map[int64]KnownRegistration
}

// KnownRegistration is what is known of a registration that a list shows.
type KnownRegistration struct {
	Ours      bool // it was sent from here
	Type      app.RegistrationType
	At        app.Instant
	Validity  string
	Cancelled bool
	Withdrawn bool // the only list that showed it was taken back
}

// RegistrationChanges is what a list of registrations brings.
type RegistrationChanges struct {
	Environment app.Environment
	// Rows are all good ones: the store tells what is new of them.
	Rows []RegistrationRow
	// ReadTo are the sites at which nothing else was registered by phone, up to an instant.
	ReadTo map[app.ID]app.Instant
}

// ImportRegistrations reads a list of what the register holds. Rows of registrations that were sent from here, or are known
// as they are, change nothing.
func ImportRegistrations(ctx context.Context, s Store, r io.Reader, o Options, apply bool) (*Report, error) {
	file, err := parseRegistrations(r, o)
	if err != nil {
		return nil, err
	}
	return plannedAnew(ctx, s, "import registrations", func(basis int64) (*Report, error) {
		facts, err := registrationFacts(ctx, s, o, file.Rows)
		if err != nil {
			return nil, err
		}
		rows, problems := planRegistrations(file.Rows, facts)
		report := newReport(rows, file.Lines, slices.Concat(file.Problems, problems), &file.source, !apply)
		changes := RegistrationChanges{Environment: o.Environment, Rows: file.Rows, ReadTo: readTo(file.Rows, facts, o)}
		for site := range changes.ReadTo {
			report.Sites = append(report.Sites, site)
		}
		slices.Sort(report.Sites)
		report.ReadTo = upTo(file.Rows, o)
		if !apply {
			return report, nil
		}
		kept, err := report.keep(RegistrationList, &file.source, o, revival{}, map[app.ID]app.ID{}, basis)
		if err != nil {
			return nil, err
		}
		return report, s.SaveRegistrations(ctx, changes, kept, report.act("import.registrations", o))
	})
}

func registrationFacts(ctx context.Context, s Store, o Options, rows []RegistrationRow) (f RegistrationFacts, err error) {
	l := loader{ctx: ctx}
	f.Workers, f.Sites = load(&l, s.Workers), load(&l, s.Sites)
	f.Declarations, f.DeclarationSites = load(&l, s.Declarations), load(&l, s.DeclarationSites)
	if l.err != nil {
		return f, l.err
	}
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	f.Known, err = s.KnownRegistrations(ctx, o.Environment, ids)
	return f, err
}

// planRegistrations says of each row what becomes of it.
func planRegistrations(rows []RegistrationRow, facts RegistrationFacts) (results []RowResult, problems []*Problem) {
	people := make(map[app.Secret]app.Worker, len(facts.Workers))
	for _, w := range facts.Workers {
		people[w.SSIN] = w
	}
	covered := map[string]bool{}
	for _, d := range facts.Declarations {
		covered[d.Number] = true
	}
	seen := map[int64]bool{}
	for i := range rows {
		r := &rows[i]
		d := newDraft(r.Line, r.headings, nil)
		worker, inStaff := people[r.SSIN]
		result := RowResult{Line: r.Line, Outcome: Same, Who: r.SSIN.Masked(), ID: app.ID(strconv.FormatInt(r.ID, 10))}
		if inStaff {
			result.Who = worker.Name()
		}
		known, is := facts.Known[r.ID]
		switch {
		case seen[r.ID] || known.Ours:
		case !is || known.Withdrawn:
			result.Outcome = New
			if !inStaff {
				d.add(Note, colSSIN, because("note.notInStaff"))
			}
			if !covered[r.Declaration] {
				d.add(Note, colDeclaration, because("note.declarationUnknown"))
			}
		default:
			result.Fields = r.otherThan(known)
			if len(result.Fields) > 0 {
				result.Outcome = Changed
			}
		}
		seen[r.ID] = true
		results = append(results, result)
		problems = append(problems, d.problems...)
	}
	return results, problems
}

// otherThan names what a list says otherwise of a known registration.
func (r *RegistrationRow) otherThan(k KnownRegistration) (fields []string) {
	if r.Type != k.Type {
		fields = append(fields, "registrationType")
	}
	if r.At != k.At && !(r.ToMinute && k.At-k.At%60_000 == r.At) {
		fields = append(fields, "registeredAt")
	}
	if (r.Validity != "" && r.Validity != k.Validity) || r.Cancelled != k.Cancelled {
		fields = append(fields, "validity")
	}
	return fields
}

// upTo is up to when a list has all that there was: as a person says, else its last instant.
func upTo(rows []RegistrationRow, o Options) app.Instant {
	if o.ReadTo != 0 {
		return min(o.ReadTo, o.Now)
	}
	var last app.Instant
	for i := range rows {
		last = max(last, rows[i].At)
	}
	return min(last, o.Now)
}

// readTo says at which sites all is known by a list: where people may register by phone, and all declarations that covered
// the site in its time stand in the list, or it is of one of them alone and the site has no other.
func readTo(rows []RegistrationRow, facts RegistrationFacts, o Options) map[app.ID]app.Instant {
	to := upTo(rows, o)
	listed := map[string]bool{}
	if o.Declaration != "" {
		listed[o.Declaration] = true
	}
	first := to
	for i := range rows {
		listed[rows[i].Declaration] = true
		first = min(first, rows[i].At)
	}
	if to == 0 || len(listed) == 0 {
		return nil
	}
	days := app.Days{From: first.DateIn(o.Zone), To: to.DateIn(o.Zone)}
	numbers := map[app.ID]app.Declaration{}
	for _, d := range facts.Declarations {
		numbers[d.ID] = d
	}
	whole := map[app.ID]bool{}
	for _, l := range facts.DeclarationSites {
		d := numbers[l.DeclarationID]
		if !l.Days.Overlaps(days) || !d.Days.Overlaps(days) {
			continue
		}
		known, seen := whole[l.SiteID]
		whole[l.SiteID] = (known || !seen) && listed[d.Number]
	}
	out := map[app.ID]app.Instant{}
	for _, s := range facts.Sites {
		if s.Phones && whole[s.ID] {
			out[s.ID] = to
		}
	}
	return out
}
