package table

import (
	"slices"
	"strings"
	"unicode"

	"klokkast/app"
	"klokkast/app/reading"
)

// isTitle says that a text is one of the titles, or begins with one that a word ends with there: "Badge nr.".
func isTitle(text string, titles []string) bool { return titleRank(text, titles) >= 0 }

// titleRank returns which of the titles a text is, from 0; the whole text before those that it only begins with. -1 for none.
func titleRank(text string, titles []string) int {
	plain := plainTitle(text)
	if plain == "" {
		return -1
	}
	if i := slices.Index(titles, plain); i >= 0 {
		return i
	}
	return slices.IndexFunc(titles, func(t string) bool {
		rest, begins := strings.CutPrefix(plain, t)
		return begins && len(t) > 1 && !unicode.IsLetter([]rune(rest)[0])
	})
}

// plainTitle returns a title as titles are compared: without capitals, marks, and signs at its ends.
func plainTitle(text string) string {
	return strings.Trim(strings.Join(strings.Fields(strings.ReplaceAll(reading.PlainLetters(text), "_", " ")), " "), " .:#*()'\"")
}

// Titles in four languages and of terminals, in plain letters.

func dateTimeTitles() []string {
	return []string{
		"datetime", "date time", "date/time", "date-time", "checktime", "check time", "timestamp", "time stamp", "tijdstip", "datum/tijd", "datum en tijd",
		"datum tijd", "datum/uur", "datum uur", "datum-tijd", "date et heure", "date/heure", "date heure", "horodatage", "zeitpunkt",
		"zeitstempel", "datum/zeit",
		"datum zeit", "datum uhrzeit", "datum/uhrzeit", "punch time", "log time", "clock time", "event time", "att time", "logtime", "punchtime", "created",
	}
}

func dateTitles() []string {
	return []string{"datum", "date", "dag", "day", "jour", "tag", "dat", "check date", "punch date", "werkdag", "workday"}
}

func clockTitles() []string {
	return []string{"tijd", "uur", "time", "heure", "uhrzeit", "zeit", "clock", "hour", "kloktijd", "uren"}
}

// timeTitles are what stands above dates and clocks.
func timeTitles() []string { return slices.Concat(dateTimeTitles(), dateTitles(), clockTitles()) }

// timeTitle says that a text stands above dates or clocks: it is one of those titles, or a word for date or time ends it.
func timeTitle(text string) bool {
	plain := plainTitle(text)
	ends := func(word string) bool { return strings.HasSuffix(plain, word) }
	return isTitle(text, timeTitles()) || slices.ContainsFunc([]string{"date", "datum", "time", "tijd", "uur", "heure", "zeit"}, ends)
}

// badgeTitles are what stands above the person's number, those that mean nothing else first.
func badgeTitles() []string {
	return []string{
		"enno", "en no", "ac-no", "ac no", "acno", "userid", "user id", "badgenumber", "badge number", "pin", "pincode", "badge",
		"kaartnummer", "kaart", "card",
		"cardno", "carte", "karte", "kartennummer", "ausweis", "ausweisnr", "matricule", "personeelsnummer", "personeelsnr",
		"personalnummer", "personalnr", "employee id",
		"employeeid", "employee number", "employee no", "emp id", "empid", "empno", "emp no", "emp code", "employee code", "staff number",
		"staff no", "stamnummer", "stamnr",
		"werknemersnummer", "werknemernr", "werknemer nr", "mitarbeiternummer", "mitarbeiternr", "mitarbeiter-nr", "enrollnumber",
		"enroll number", "enrollid", "enroll id",
		"person id", "personid", "person no", "tag id", "tagid", "uid", "user no", "userno", "user", "gebruiker", "gebruikers-id",
		"gebruikersnummer", "utilisateur", "benutzer",
		"benutzer-id", "benutzernummer", "badgenummer", "badgenr", "numero de badge", "n° badge", "no badge", "id nummer", "idnummer",
		"id number", "idno", "id no",
		"ausweisnummer", "code", "personeelsn", "personalnum", "matricul",
	}
}

// weakBadgeTitles may be the person's number, or count the lines.
func weakBadgeTitles() []string {
	return []string{
		"id", "nummer", "numero", "number", "nr", "no", "n°", "num", "volgnr", "volgnummer", "werknemer", "employee", "mitarbeiter",
		"employe", "travailleur", "person", "persoon", "personne",
	}
}

// nameTitles are what stands above names of people.
func nameTitles() []string {
	return []string{
		"naam", "name", "nom", "prenom", "voornaam", "familienaam", "achternaam", "vorname", "nachname", "first name", "last name",
		"surname", "full name",
	}
}

// otherTitles are what stands above columns that are neither the person nor the key: device, kind of check, work code.
func otherTitles() []string {
	return []string{
		"tmno", "mno", "gmno", "mchn", "machine", "device", "deviceid", "device id", "device name", "terminal", "toestel", "appareil",
		"pointeuse", "gerat", "gerat-nr", "sensorid", "sensor id", "sn",
		"serial", "serienummer", "seriennummer", "locatie", "location", "lieu", "ort", "site", "werf", "workcode", "work code", "werkcode",
		"memoinfo", "dept", "department", "afdeling",
		"abteilung", "service", "departement", "userextfmt", "antipass", "logid", "log id", "index", "rijnr", "idx", "opmerking", "remark",
		"remarque", "bemerkung",
	}
}

// verifiedTitles are what stands above how a person was recognised.
func verifiedTitles() []string {
	return []string{
		"verifycode", "verify code", "verify", "verified", "verifymode", "verify mode", "verify type", "verificatie", "verification",
		"verifikation", "prufung", "method", "methode", "mode",
	}
}

func statusTitles() []string {
	return []string{
		"iomd", "inout", "in/out", "in out", "in-out", "inoutmode", "io", "i/o", "checktype", "check type", "status", "state", "staat",
		"etat", "zustand", "richting", "direction", "sens",
		"in/uit", "in uit", "in-uit", "i/u", "e/s", "k/g", "e/a", "a/v", "a/d", "entree/sortie", "entree sortie", "toets", "key", "touche",
		"taste", "kommen/gehen", "richtung", "statut", "beweging", "mouvement", "bewegung", "actie",
		"action", "aktion", "punch state", "punch type", "att state", "attstate", "type", "event type", "event", "gebeurtenis", "evenement",
		"ereignis", "buchungsart", "buchung", "boeking", "soort",
		"function", "functie", "fonction", "funktion", "c/in c/out", "new state", "exception",
	}
}

// inTitles and outTitles stand above clocks of which one row holds several; the longer ones first.
func inTitles() []string {
	return []string{
		"in", "inklok", "inklokken", "aankomst", "arrivee", "ankunft", "kommen", "komen", "entree", "eingang", "begin", "beginuur", "start",
		"van", "de", "debut", "von", "beginn", "check in", "check-in",

		"checkin", "clock in", "clock-in", "clockin", "time in", "in time", "on duty", "punch in", "tijd in", "uur in", "from",
		"heure d'arrivee", "heure arrivee", "heure de debut", "heure entree", "entry", "arrival", "startuur", "starttijd", "begintijd",
	}
}

func outTitles() []string {
	return []string{
		"uit", "out", "uitklok", "uitklokken", "vertrek", "depart", "abgang", "gehen", "gaan", "sortie", "ausgang", "einde", "einduur",
		"eind", "stop", "tot", "a", "fin", "bis", "ende", "check out", "check-out",

		"checkout", "clock out", "clock-out", "clockout", "time out", "out time", "off duty", "punch out", "tijd uit", "uur uit", "to",
		"end", "heure de depart", "heure depart", "heure de fin", "heure sortie", "exit", "departure", "stopuur", "eindtijd",
	}
}

// spanTitles stand above lengths of time, which look like clocks.
func spanTitles() []string {
	return []string{
		"totaal", "total", "gewerkt", "gepresteerd", "worked", "duur", "duree", "dauer", "duration", "uren", "heures", "stunden", "hours",
		"pauze", "pause", "break", "saldo", "solde", "gesamt", "summe",

		"work time", "worktime", "werktijd", "arbeitszeit", "late", "early", "overtime", "overuren", "te laat", "ot time", "normal",
		"aantal uren", "presteerd", "prestaties",
	}
}

// totals begin lines of sums and counts.
func totals() []string {
	return []string{
		"totaal", "total", "totaux", "totals", "subtotaal", "sous-total", "subtotal", "zwischensumme", "summe", "gesamt", "gesamtsumme",
		"insgesamt", "eindtotaal", "algemeen totaal", "total general", "grand total",

		"sum", "som", "somme", "aantal", "nombre", "anzahl", "count", "records", "pagina", "page", "seite", "blad", "einde", "end", "ende",
		"fin", "eof", "end of file", "einde bestand", "fin du fichier",
	}
}

// isTotal says that a text begins a line of a sum, a count or a page.
func isTotal(text string) bool { return isTitle(text, totals()) }

// keyWord returns the key that a word of an export means.
func keyWord(word string) (app.PunchKey, bool) {
	plain := unparted(plainTitle(word))
	if plain == "" {
		return app.KeyNone, false
	}
	for key, words := range keyWords() {
		if slices.ContainsFunc(words, func(w string) bool { return unparted(w) == plain }) {
			return app.PunchKey(key), true
		}
	}
	return app.KeyNone, false
}

// unparted returns a word without what parts its pieces: check-in, Check In and CheckIn are one.
func unparted(word string) string { return parting().Replace(word) }

func parting() *strings.Replacer { return strings.NewReplacer(" ", "", "-", "", "/", "", ".", "") }

// keyWords are what exports write for keys, by the key, in plain letters.
func keyWords() [][]string {
	in := []string{
		"in", "i", "c/in", "check in", "check-in", "checkin", "clock in", "clock-in", "clockin", "punch in", "duty on", "on duty", "entree",
		"entry", "entrance", "enter", "kommen", "kommt", "komen", "gekomen", "komt",

		"inklokken", "ingeklokt", "inkloktijd", "aankomst", "aanwezig", "begin", "beginn", "start", "arrivee", "arrive", "arrival",
		"eingang", "eintritt", "ankunft", "debut", "ingang", "inkomend", "binnen", "login", "log in",
		"overtime in", "ot in", "ot-in", "overtime-in", "overuren in", "heures sup entree", "uberstunden ein", "ein", "einstempeln",
		"anmelden", "k", "dienst begin", "dienstbeginn", "begin werk", "debut travail", "arbeitsbeginn",
	}
	out := []string{
		"out", "o", "c/out", "check out", "check-out", "checkout", "clock out", "clock-out", "clockout", "punch out", "duty off",
		"off duty", "uit", "u", "sortie", "exit", "leave", "gehen", "geht", "gaan", "gegaan", "gaat",

		"uitklokken", "uitgeklokt", "vertrek", "vertrokken", "einde", "eind", "ende", "end", "stop", "depart", "departure", "ausgang",
		"austritt", "abgang", "fin", "uitgang", "uitgaand", "buiten", "logout", "log out",
		"overtime out", "ot out", "ot-out", "overtime-out", "overuren uit", "heures sup sortie", "uberstunden aus", "aus", "ausstempeln",
		"abmelden", "g", "dienst einde", "dienstende", "einde werk", "fin travail", "arbeitsende",
	}
	breakStart := []string{
		"break out", "break-out", "breakout", "break start", "start break", "break begin", "begin break", "break", "pauze", "pauze begin",
		"begin pauze", "pauze start", "start pauze", "start van pauze", "naar pauze",

		"pause", "pause debut", "debut pause", "debut de pause", "depart pause", "pause beginn", "pause-beginn", "pausenbeginn",
		"pausenanfang", "pause anfang", "pause start", "lunch out", "meal out", "meal start", "out for break", "pauzebegin",
	}
	breakEnd := []string{
		"break in", "break-in", "breakin", "break end", "end break", "end of break", "pauze einde", "einde pauze", "pauze eind",
		"pauze stop", "stop pauze", "terug van pauze", "pause fin", "fin pause", "fin de pause",

		"retour pause", "retour de pause", "pause ende", "pause-ende", "pausenende", "pause stop", "lunch in", "meal in", "meal end",
		"return", "back from break", "retour", "terug", "zuruck", "ruckkehr", "hervat", "hervatten", "reprise", "resume", "weiter",
		"pauzeeinde", "back",
	}
	return [][]string{app.KeyNone: nil, app.KeyIn: in, app.KeyOut: out, app.KeyBreakStart: breakStart, app.KeyBreakEnd: breakEnd}
}

// meanings proposes what statuses mean: words in four languages. Numbers are left to the person: their meaning differs from make to make.
func meanings(statuses []string) reading.Keys {
	out := reading.Keys{}
	for _, s := range statuses {
		if key, ok := keyWord(s); ok && s != "" && len(s) <= reading.MaxStatus {
			out[s] = key
		}
	}
	for _, pair := range keyPairs() {
		if in, out2 := find(statuses, pair[0]), find(statuses, pair[1]); in != "" && out2 != "" {
			out[in], out[out2] = app.KeyIn, app.KeyOut
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// keyPairs are letters that mean IN and OUT where they stand together: entrée and sortie, ein and aus, aankomst and vertrek,
// arrivée and départ.
func keyPairs() [][2]string {
	return [][2]string{{"e", "s"}, {"e", "a"}, {"a", "v"}, {"a", "d"}, {"+", "-"}}
}

func find(statuses []string, plain string) string {
	for _, s := range statuses {
		if strings.EqualFold(s, plain) {
			return s
		}
	}
	return ""
}
