package importing

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"klokkast/app"
)

// column is the name of a column in the words of the schema.
type column string

// columnNames are the headings by which a column is known: nl, fr, de, en, of
// each language the one that templates use first. The schema's own name counts too.
type columnNames struct {
	column   column
	field    string // of its errors: the catalogues' field.NAME
	required bool
	headings [4][]string
}

func heading(c column, field string, nl, fr, de, en string) columnNames {
	split := func(s string) []string { return strings.Split(s, "|") }
	return columnNames{column: c, field: field, headings: [4][]string{split(nl), split(fr), split(de), split(en)}}
}

// Columns of a staff list.
const (
	colStaffNumber  column = "staff_number"
	colFamilyName   column = "family_name"
	colGivenName    column = "given_name"
	colFullName     column = "full_name"
	colSSIN         column = "ssin"
	colLimosa       column = "limosa"
	colLimosaFrom   column = "limosa_from"
	colLimosaTo     column = "limosa_to"
	colLanguage     column = "language"
	colEmployer     column = "employer"
	colEmployerName column = "employer_name"
	colCapacity     column = "capacity"
	colFrom         column = "from"
	colTo           column = "to"
	colWeeklyHours  column = "weekly_hours"
	colBadge        column = "badge"
	colBadgeDecimal column = "badge_decimal"
	colBadgeFrom    column = "badge_from"
	colPIN          column = "pin"
	colPINGroup     column = "pin_group"
)

func staffColumns() []columnNames {
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
			colFamilyName,
			"familyName",
			"familienaam|achternaam|naam",
			"nom de famille|nom",
			"Familienname|Nachname|Name",
			"family name|last name|surname|name",
		),
		heading(colGivenName, "givenName", "voornaam|voornamen", "prénom|prénoms", "Vorname|Vornamen", "given name|first name"),
		heading(
			colFullName,
			"worker",
			"naam en voornaam|familienaam en voornaam|naam voornaam|volledige naam|naam werknemer",
			"nom et prénom|nom prénom|nom complet|nom du travailleur",
			"Name und Vorname|Name, Vorname|Nachname Vorname|vollständiger Name",
			"full name|name and first name|last name first name|employee name",
		),
		heading(
			colSSIN,
			"ssin",
			"INSZ|rijksregisternummer|INSZ-nummer|rijksregister|rrn|bisnummer",
			"NISS|numéro NISS|numéro national|registre national|numéro de registre national|NRN",
			"ENSS|INSZ-Nummer|Nationalregisternummer|Nationalnummer",
			"SSIN|national number|national register number",
		),
		heading(colLimosa, "limosa", "Limosa|Limosa-nummer", "Limosa|numéro Limosa", "Limosa|Limosa-Nummer", "Limosa|Limosa number"),
		heading(colLimosaFrom, "limosaFrom", "Limosa vanaf|Limosa van", "Limosa du|Limosa début|Limosa à partir du", "Limosa von|Limosa ab", "Limosa from"),
		heading(colLimosaTo, "limosaTo", "Limosa tot|Limosa tot en met", "Limosa au|Limosa fin|Limosa jusqu'au", "Limosa bis", "Limosa to|Limosa until"),
		heading(colLanguage, "language", "taal", "langue", "Sprache", "language"),
		heading(
			colEmployer,
			"employer",
			"werkgever|ondernemingsnummer|KBO-nummer|ondernemingsnummer werkgever",
			"employeur|numéro d'entreprise|numéro BCE",
			"Arbeitgeber|Unternehmensnummer",
			"employer|enterprise number",
		),
		heading(
			colEmployerName,
			"employerName",
			"naam werkgever|werkgeversnaam|firma",
			"nom de l'employeur|nom employeur|firme",
			"Name des Arbeitgebers|Firma",
			"employer name|name of employer|company",
		),
		heading(colCapacity, "capacity", "hoedanigheid|statuut", "qualité|statut", "Eigenschaft|Statut", "capacity|status"),
		heading(
			colFrom,
			"from",
			"in dienst|van|vanaf|datum in dienst|begin",
			"entrée en service|du|date d'entrée|début",
			"Eintritt|von|ab|Eintrittsdatum|Beginn",
			"from|start|start date|in service from",
		),
		heading(
			colTo,
			"to",
			"uit dienst|tot|tot en met|datum uit dienst|einde",
			"sortie de service|au|date de sortie|fin",
			"Austritt|bis|Austrittsdatum|Ende",
			"to|until|end|end date",
		),
		heading(
			colWeeklyHours,
			"weeklyHours",
			"uren per week|weekuren|wekelijkse uren",
			"heures par semaine|heures hebdomadaires",
			"Wochenstunden|Stunden pro Woche",
			"weekly hours|hours per week",
		),
		heading(
			colBadge,
			"badge",
			"badge|badgenummer|kaartnummer|badge hex",
			"badge|numéro de badge|carte|badge hex",
			"Badge|Badge-Nummer|Kartennummer|Badge hex",
			"badge|badge number|card|card number|badge hex",
		),
		heading(
			colBadgeDecimal,
			"badgeDecimal",
			"badge decimaal|badgenummer decimaal",
			"badge décimal|numéro de badge décimal",
			"Badge dezimal|Badge-Nummer dezimal",
			"badge decimal|decimal badge number",
		),
		heading(colBadgeFrom, "badgeFrom", "badge vanaf|badge van", "badge du|badge à partir du", "Badge ab|Badge von", "badge from"),
		heading(colPIN, "pin", "pincode|pin", "code PIN|pin", "PIN|PIN-Code", "PIN|PIN code"),
		heading(colPINGroup, "pinGroup", "pingroep|groep|toestelgroep", "groupe PIN|groupe", "PIN-Gruppe|Gruppe", "PIN group|group"),
	}
	all[1].required = true
	return all
}

// Columns of a site list, beside those it shares with the staff list.
const (
	colCode            column = "code"
	colName            column = "name"
	colClient          column = "client"
	colStreet          column = "street"
	colHouseNumber     column = "house_number"
	colBoxNumber       column = "box_number"
	colPostCode        column = "post_code"
	colMunicipality    column = "municipality"
	colLatitude        column = "latitude"
	colLongitude       column = "longitude"
	colZone            column = "zone"
	colContact         column = "contact"
	colPhone           column = "phone"
	colCIAO            column = "ciao"
	colCIAOFrom        column = "ciao_from"
	colCIAOReason      column = "ciao_reason"
	colDeclaration     column = "declaration"
	colDeclarationFrom column = "declaration_from"
	colDeclarationTo   column = "declaration_to"
	colBox             column = "box"
	colBoxFrom         column = "box_from"
)

func siteColumns() []columnNames {
	all := []columnNames{
		heading(
			colCode,
			"siteCode",
			"code|werfcode|werfnummer|nummer",
			"code|code chantier|numéro de chantier|numéro",
			"Objektnummer|Code|Nummer",
			"code|site code|site number|number",
		),
		heading(colName, "siteName", "naam|werf|naam werf|werfnaam", "nom|chantier|nom du chantier", "Name|Objekt|Objektname", "name|site|site name"),
		heading(colClient, "client", "klant|opdrachtgever", "client|donneur d'ordre", "Kunde|Auftraggeber", "client|customer"),
		heading(colStreet, "street", "straat|straatnaam", "rue", "Straße|Strasse", "street"),
		heading(colHouseNumber, "houseNumber", "huisnummer|huisnr", "numéro de maison|numéro de rue", "Hausnummer", "house number"),
		heading(colBoxNumber, "boxNumber", "busnummer|bus", "boîte|numéro de boîte|bte", "Briefkastennummer|Postfach", "box number"),
		heading(colPostCode, "postCode", "postcode|postnummer", "code postal|CP", "Postleitzahl|PLZ", "post code|postal code|zip"),
		heading(colMunicipality, "municipality", "gemeente|stad|plaats", "commune|ville|localité", "Gemeinde|Ort|Stadt", "municipality|city|town"),
		heading(colLatitude, "latitude", "breedtegraad|breedte|lat", "latitude|lat", "Breitengrad|Breite|lat", "latitude|lat"),
		heading(colLongitude, "longitude", "lengtegraad|lengte|lon", "longitude|lon", "Längengrad|Länge|lon", "longitude|lon|lng|long"),
		heading(colZone, "zone", "tijdzone", "fuseau horaire", "Zeitzone", "time zone|zone"),
		heading(colContact, "contactName", "contactpersoon|contact", "personne de contact|contact", "Ansprechpartner|Kontakt", "contact|contact person"),
		heading(
			colPhone,
			"contactPhone",
			"telefoon|telefoonnummer|gsm",
			"téléphone|numéro de téléphone|GSM",
			"Telefon|Telefonnummer",
			"phone|telephone|phone number",
		),
		heading(colCIAO, "ciao", "CIAO|valt onder CIAO", "CIAO|soumis à CIAO", "CIAO|fällt unter CIAO", "CIAO|falls under CIAO"),
		heading(colCIAOFrom, "ciaoFrom", "CIAO vanaf|CIAO van", "CIAO du|CIAO à partir du", "CIAO ab|CIAO von", "CIAO from"),
		heading(colCIAOReason, "ciaoReason", "CIAO reden|reden CIAO", "CIAO motif|motif CIAO", "CIAO Grund|Grund CIAO", "CIAO reason"),
		heading(
			colDeclaration,
			"declaration",
			"aangifte van werken|werkmelding|nummer werkmelding|nummer aangifte|contractreferentie",
			"déclaration de travaux|numéro de déclaration|DDT|déclaration",
			"Arbeitsmeldung|Nummer der Arbeitsmeldung",
			"declaration of works|declaration|declaration number",
		),
		heading(
			colDeclarationFrom,
			"declarationFrom",
			"aangifte vanaf|aangifte van|werkmelding vanaf|werkmelding van",
			"déclaration du|déclaration à partir du",
			"Arbeitsmeldung ab|Arbeitsmeldung von",
			"declaration from",
		),
		heading(
			colDeclarationTo,
			"declarationTo",
			"aangifte tot|aangifte tot en met|werkmelding tot|werkmelding tot en met",
			"déclaration au|déclaration jusqu'au",
			"Arbeitsmeldung bis",
			"declaration to|declaration until",
		),
		heading(colBox, "box", "prikklok|klok|toestel", "pointeuse|appareil", "Stempeluhr|Gerät", "clock box|box|device"),
		heading(colBoxFrom, "boxFrom", "prikklok vanaf|klok vanaf", "pointeuse du|pointeuse à partir du", "Stempeluhr ab|Gerät ab", "clock box from|box from"),
	}
	all[1].required = true
	return all
}

// isDay says that a column holds days.
func isDay(c column) bool {
	switch c {
	case colFrom, colTo, colLimosaFrom, colLimosaTo, colBadgeFrom, colCIAOFrom, colDeclarationFrom, colDeclarationTo, colBoxFrom:
		return true
	}
	return false
}

// spellings returns the column of every heading, plain, in all languages.
func spellings(known []columnNames) map[string]column {
	all := map[string]column{}
	add := func(name string, c column) {
		if key := plain(name); all[key] == "" {
			all[key] = c
		}
	}
	for _, k := range known { // the schema's own names go before people's
		add(string(k.column), k.column)
	}
	for _, k := range known {
		for _, language := range k.headings {
			for _, name := range language {
				add(name, k.column)
			}
		}
	}
	return all
}

// plain returns letters and digits in lower case, without accents: what is left
// of a heading or a word when spelling no longer matters.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), !unicode.IsLetter(r) && !unicode.IsDigit(r):
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(strings.ReplaceAll(s, "ß", "ss")))
}

// StaffTemplate returns an empty staff list with the headings of a language, to
// be filled in, and one made-up line that imports pass over: UTF-8 with BOM and
// ";", which spreadsheets in Belgium open well.
func StaffTemplate(l app.Language) []byte { return Template(StaffList, l) }

// SiteTemplate returns an empty site list, as StaffTemplate does.
func SiteTemplate(l app.Language) []byte { return Template(SiteList, l) }

// Template returns an empty list of a kind, as StaffTemplate does.
func Template(kind ListKind, l app.Language) []byte {
	columns := columnsOf(kind)
	at := languageAt(l)
	var names, cells []string
	for _, c := range columns {
		if c.column == colFullName { // stands for two others
			continue
		}
		names = append(names, c.headings[at][0])
		cells = append(cells, exampleOf(kind, c.column, at))
	}
	return []byte("\ufeff" + strings.Join(names, ";") + "\r\n" + strings.Join(cells, ";") + "\r\n")
}

// columnsOf returns the columns of a kind of list.
func columnsOf(kind ListKind) []columnNames {
	switch kind {
	case SiteList:
		return siteColumns()
	case AbsenceList:
		return absenceColumns()
	case DeclarationList:
		return declarationColumns()
	case RegistrationList:
		return registrationColumns()
	}
	return staffColumns()
}

// languageAt is where headings of a language stand; English where there are none.
func languageAt(l app.Language) int {
	written := [...]app.Language{app.Dutch, app.French, app.German, app.English} // as headings are
	if at := slices.Index(written[:], l); at >= 0 {
		return at
	}
	return len(written) - 1
}

// exampleMarks tell the made-up line of a template, in the languages of headings.
// Whoever writes over it has a line of their own.
func exampleMarks() [4]string {
	return [4]string{"(wis deze regel)", "(effacez cette ligne)", "(diese Zeile löschen)", "(delete this line)"}
}

// exampleOf returns what the made-up line of a template has in a column; "" for most.
func exampleOf(kind ListKind, c column, at int) string {
	name := [4]string{"Voorbeeld", "Exemple", "Beispiel", "Example"}[at]
	marked := name + " " + exampleMarks()[at]
	switch {
	case c == colFamilyName:
		return name
	case c == colGivenName:
		return exampleMarks()[at]
	case c == colName || c == colSite:
		return marked
	case c == colKind:
		return [4]string{"vakantie", "congé", "Urlaub", "holiday"}[at]
	case c == colCIAO:
		return [4]string{"ja", "oui", "ja", "yes"}[at]
	case c == colLanguage:
		return [4]string{"nl", "fr", "de", "en"}[at]
	case kind == AbsenceList && c == colFrom:
		return "21/12/2026"
	case kind == AbsenceList && c == colTo:
		return "24/12/2026"
	case kind == DeclarationList && c == colTo:
		return "31/08/2027"
	case c == colID:
		return exampleMarks()[at]
	case c == colAt:
		return "23/11/2026 06:58:12"
	case c == colType:
		return string(app.RegisterIn)
	}
	return map[column]string{
		colStaffNumber: "1042", colSSIN: "85.01.15-123.55", colFrom: "01/09/2024", colWeeklyHours: "38", colBadge: "04A3F21B", colBadgeFrom: "01/09/2024",
		colCode: "W-017", colStreet: "Grote Markt", colHouseNumber: "9", colPostCode: "3000", colMunicipality: "Leuven", colCIAOFrom: "01/09/2024",
		colDeclaration: "1Y1003SQ5VSSZ", colDeclarationFrom: "01/09/2024", colDeclarationTo: "31/08/2027", colPhone: "016 27 20 00",
	}[c]
}

// isExample says that a row is the made-up line of a template.
func isExample(cells []string) bool {
	for _, mark := range exampleMarks() {
		if slices.ContainsFunc(cells, func(c string) bool { return strings.HasSuffix(c, mark) }) {
			return true
		}
	}
	return false
}
