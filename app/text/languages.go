package text

import (
	"fmt"

	"golang.org/x/text/language"

	"klokkast/app"
)

// tongue is how one language writes days, numbers and lists. A language is a row of
// app.Languages, a tongue here, and a catalogue.
type tongue struct {
	name      string    // of the language, in itself
	weekdays  [7]string // from Sunday, as time.Weekday counts
	short     [7]string
	months    [12]string
	and       string
	date      string // layouts, see package time
	dayMonth  string
	decimal   string
	thousands string
	longDate  func(weekday string, day int, month string, year int) string
}

// tongueOf returns that of a language; the English one for a language without.
func tongueOf(l app.Language) *tongue {
	if t, ok := tongues[l]; ok {
		return t
	}
	return tongues[app.English]
}

// NameOf names a language in itself: whoever seeks it can read it.
func NameOf(l app.Language) string { return tongueOf(l).name }

// The tables are constants in all but name: nothing writes to them.
var tongues = map[app.Language]*tongue{
	app.Dutch: {
		name:     "Nederlands",
		weekdays: [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
		short:    [7]string{"zo", "ma", "di", "wo", "do", "vr", "za"},
		months: [12]string{"januari", "februari", "maart", "april", "mei", "juni",
			"juli", "augustus", "september", "oktober", "november", "december"},
		and:  "en",
		date: "02/01/2006", dayMonth: "02/01", decimal: ",", thousands: ".", longDate: dayFirst,
	},
	app.French: {
		name:     "Français",
		weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		short:    [7]string{"di", "lu", "ma", "me", "je", "ve", "sa"},
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin",
			"juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		and:  "et",
		date: "02/01/2006", dayMonth: "02/01", decimal: ",", thousands: "\u00a0", // a number must not break over two lines
		longDate: frenchDate,
	},
	app.German: {
		name:     "Deutsch",
		weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		short:    [7]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"},
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni",
			"Juli", "August", "September", "Oktober", "November", "Dezember"},
		and:  "und",
		date: "02.01.2006", dayMonth: "02.01.", decimal: ",", thousands: ".", longDate: germanDate,
	},
	app.English: {
		name:     "English",
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		short:    [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months: [12]string{"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December"},
		and:  "and",
		date: "02/01/2006", dayMonth: "02/01", decimal: ".", thousands: ",", longDate: dayFirst,
	},
}

func dayFirst(weekday string, day int, month string, year int) string {
	return fmt.Sprintf("%s %d %s %d", weekday, day, month, year)
}

func germanDate(weekday string, day int, month string, year int) string {
	return fmt.Sprintf("%s, %d. %s %d", weekday, day, month, year)
}

func frenchDate(weekday string, day int, month string, year int) string {
	if day == 1 {
		return fmt.Sprintf("%s 1er %s %d", weekday, month, year)
	}
	return dayFirst(weekday, day, month, year)
}

// offered are the languages as the system's locales are matched with them: English first, which
// is for whom none suits.
func offered() (languages []app.Language, tags []language.Tag) {
	languages = []app.Language{app.English}
	for _, l := range app.Languages {
		if l != app.English {
			languages = append(languages, l)
		}
	}
	for _, l := range languages {
		tags = append(tags, language.Make(string(l)))
	}
	return languages, tags
}
