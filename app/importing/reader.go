package importing

import (
	"slices"
	"strings"
	"unicode/utf8"

	"klokkast/app"
)

const exampleDate = "31/12/1990"

// cells reads the cells of one row by column and collects what is wrong.
type cells struct {
	line     int
	values   map[column]string
	headings map[column]string
	fields   map[column]string
	dates    *dateReader
	problems []*Problem
}

func (t *table) cells(r row, known []columnNames) *cells {
	c := &cells{line: r.line, values: map[column]string{}, headings: map[column]string{}, fields: map[column]string{}, dates: &t.dates}
	for _, k := range known {
		c.fields[k.column] = k.field
	}
	for i, name := range t.columns {
		if name == "" {
			continue
		}
		c.headings[name] = t.headings[i]
		if i < len(r.cells) {
			c.values[name] = c.undamaged(name, r.cells[i])
		}
	}
	return c
}

// undamaged returns a cell's text without what spreadsheets did to it, where that
// is certain, and says so; where it is not, the row is refused.
func (c *cells) undamaged(name column, text string) string {
	if sheetError(text) {
		c.add(Refused, name, because("cellError"))
		return ""
	}
	if right, ok := rightLetters(text); ok {
		c.add(Note, name, because("note.letters"))
		text = right
	}
	if whole, ok := withoutDecimals(text); ok && slices.Contains(numberColumns(), name) {
		c.add(Note, name, because("note.decimals"))
		text = whole
	}
	if example, ok := textNumbers()[name]; ok && shortened(text) {
		c.add(Refused, name, wrong("", "number.scientific", example))
		return ""
	}
	return text
}

// numberColumns hold numbers that nobody reckons with: their decimals are a program's.
func numberColumns() []column {
	return []column{
		colStaffNumber, colSSIN, colEmployer, colID, colBadgeDecimal, colPIN, colHouseNumber, colBoxNumber, colPostCode, colPhone,
	}
}

// textNumbers are the columns whose texts are mostly numbers, each with a right one.
// Those that package identity reads refuse by themselves what a spreadsheet shortened.
func textNumbers() map[column]string {
	return map[column]string{
		colStaffNumber: "1042", colCode: "W-017", colHouseNumber: "9", colBoxNumber: "2", colPhone: "016 27 20 00", colPostCode: "3000",
		colLimosa: "L123456789", colDeclaration: "1Y1003SQ5VSSZ", colID: "9007199254741000",
	}
}

// add notes something about a cell. An error of a parser names its own field;
// here the field is the column's.
func (c *cells) add(kind Kind, name column, why error) {
	if field, ok := why.(*app.FieldError); ok {
		why = wrong(c.fields[name], field.Code, field.Example)
	}
	c.problems = append(c.problems, problem(kind, c.line, c.headings[name], why))
}

// has says that the cell is there and not empty.
func (c *cells) has(name column) bool { return c.values[name] != "" }

// refused says that the row cannot be imported.
func (c *cells) refused() bool {
	for _, p := range c.problems {
		if p.Kind == Refused {
			return true
		}
	}
	return false
}

// text returns a cell of free text.
func (c *cells) text(name column, example string) string {
	v := c.values[name]
	if utf8.RuneCountInString(v) > maxCell {
		c.add(Refused, name, wrong("", "text.long", example))
		return ""
	}
	return v
}

// parsed returns what a parser makes of a cell; "" for an empty one.
func (c *cells) parsed(name column, parse func(string) (string, error)) string {
	if !c.has(name) {
		return ""
	}
	v, err := parse(c.values[name])
	if err != nil {
		c.add(Refused, name, err)
	}
	return v
}

// repaired does so with a parser that may put lost zeros back, and notes it.
func (c *cells) repaired(name column, note string, parse func(string) (string, bool, error)) string {
	return c.parsed(name, func(s string) (string, error) {
		v, repaired, err := parse(s)
		if repaired {
			c.add(Note, name, because(note))
		}
		return v, err
	})
}

// date returns a cell's day; zero for an empty one.
func (c *cells) date(name column) app.Date {
	if !c.has(name) {
		return 0
	}
	d, serial, ok := c.dates.read(c.values[name])
	switch {
	case !ok:
		c.add(Refused, name, wrong("", "date.format", exampleDate))
	case serial:
		c.add(Note, name, because("note.dateSerial", "Day", d))
	}
	return d
}

// days returns a range of days and refuses one that ends before it begins.
func (c *cells) days(from, to column) app.Days {
	d := app.Days{From: c.date(from), To: c.date(to)}
	if d.From != 0 && d.To != 0 && d.To < d.From {
		c.add(Refused, to, wrong("", "to.beforeFrom", exampleDate))
	}
	return d
}

// word returns the meaning of a cell that holds one of a few words.
func (c *cells) word(name column, meanings map[string]string, code, example string) string {
	if !c.has(name) {
		return ""
	}
	meaning, ok := meanings[plain(c.values[name])]
	if !ok {
		c.add(Refused, name, wrong("", code, example))
	}
	return meaning
}

// meanings puts lists of words, divided by blanks and already plain, under what they mean.
func meanings(lists map[string]string) map[string]string {
	m := map[string]string{}
	for meaning, words := range lists {
		for word := range strings.FieldsSeq(words) {
			m[word] = meaning
		}
	}
	return m
}

// words are what the cells that hold one of a few words may say, in four languages.
type words struct{ language, capacity, decision map[string]string }

func allWords() words {
	return words{
		language: meanings(map[string]string{
			string(app.Dutch):   "nl n nederlands neerlandais niederlandisch dutch nlbe nld",
			string(app.French):  "fr f frans francais franzosisch french frbe fra",
			string(app.German):  "de d duits allemand deutsch german debe du deu",
			string(app.English): "en e engels anglais englisch english engb eng",
		}),
		capacity: meanings(map[string]string{
			string(app.Employee):        "employee worker werknemer arbeider bediende salarie travailleursalarie ouvrier employe arbeitnehmer arbeiter angestellter",
			string(app.SelfEmployed):    "selfemployed zelfstandige zelfstandig independant selbstandiger selbststandiger selbstandig selbststandig",
			string(app.TemporaryWorker): "temporary temporaryworker temp uitzendkracht interim interimaire interimkracht travailleurinterimaire leiharbeitnehmer leiharbeiter zeitarbeiter",
			string(app.Trainee):         "trainee intern stagiair stagiaire leerling apprenti praktikant auszubildender",
		}),
		decision: meanings(map[string]string{
			string(app.UnderCIAO): "yes y ja j oui o true 1 x",
			string(app.NotUnder):  "no n nee neen non nein false 0",
			string(app.Undecided): "undecided onbeslist indecis unentschieden",
		}),
	}
}
