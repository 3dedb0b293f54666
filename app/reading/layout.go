package reading

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Layout is how a table writes a time, ready to read one.
type Layout struct {
	parts  []layoutPart
	months map[string]time.Month // of a layout with a month by name
}

type layoutPart struct {
	kind  layoutKind
	width int    // digits of a number; 1: one or two
	text  string // of a literal
	run   int    // of the first of numbers with nothing between them: digits of all of them
	tight bool   // a number stands right before or right behind this one
}

type layoutKind byte

const (
	literal layoutKind = iota
	year
	month
	monthName
	day
	weekday
	hour
	minute
	second
	halfDay // AM or PM
	zone
	epoch   // seconds since 1970-01-01 00:00 UTC
	epochMs // milliseconds since then
	serial  // days since 1899-12-30, with the clock as their fraction: dates of spreadsheets
)

// letters are the parts of a layout, the longer ones first.
func letters() []struct {
	text  string
	kind  layoutKind
	width int
} {
	type l = struct {
		text  string
		kind  layoutKind
		width int
	}
	return []l{
		{"YYYY", year, 4}, {"YY", year, 2}, {"MMM", monthName, 0}, {"MM", month, 2}, {"M", month, 1}, {"DDD", weekday, 0}, {"DD", day, 2}, {"D", day, 1},
		{"hh", hour, 2}, {"h", hour, 1}, {"mm", minute, 2}, {"m", minute, 1}, {"ss", second, 2}, {"s", second, 1},
		{string(signHalfDay), halfDay, 0}, {string(signZone), zone, 0}, {string(signEpochMs), epochMs, 0}, {string(signEpoch), epoch, 0},
		{string(signSerial), serial, 0},
	}
}

// Signs that stand for words of a layout while its other letters are told apart. Quoted texts are signQuoted and what follows it.
const (
	signHalfDay rune = '\uE000' + iota
	signZone
	signEpoch
	signEpochMs
	signSerial
	signQuoted
)

const maxLayout = 64

// ParseLayout reads a layout in the letters that people know: YYYY or YY, MM (or MMM, a month by name), DD, hh, mm, ss, such as
// "DD/MM/YYYY hh:mm:ss"; M, D, h, m, s are the same; DDD is a weekday by name, AM the halves of a day, Z a zone such as
// +01:00. "epoch" and "epochms" are seconds and milliseconds since 1970, "serial" is the day's number of a spreadsheet.
// What stands in single quotes is itself: hh'h'mm. Year, month, day, hour and minute must all be there, once. Dutch, French and German
// letters are taken too: dd/mm/jjjj uu:mm, jj/mm/aaaa hh:mm, TT.MM.JJJJ HH:MM.
func ParseLayout(text string) (Layout, error) {
	if len(text) > maxLayout || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r >= signHalfDay && r < signQuoted+maxLayout }) {
		return Layout{}, errors.New("layout: too long, or no text")
	}
	text, quoted, err := cutQuoted(text)
	if err != nil {
		return Layout{}, err
	}
	text = strings.NewReplacer(
		"AM/PM", string(signHalfDay), "am/pm", string(signHalfDay), "AM", string(signHalfDay), "epochms", string(signEpochMs), "epoch", string(signEpoch),
		"serial", string(signSerial), "Z", string(signZone),
	).Replace(text)
	text = commonLayout(strings.Join(strings.Fields(text), " "))
	var l Layout
	for text != "" {
		p, size := nextPart(text, quoted)
		if size == 0 {
			return Layout{}, fmt.Errorf("layout: %q stands alone", text[:1])
		}
		l.parts = append(l.parts, p)
		text = text[size:]
	}
	if err := l.complete(); err != nil {
		return Layout{}, err
	}
	l.runs()
	return l, nil
}

// cutQuoted puts a sign for each text in single quotes.
func cutQuoted(text string) (string, []string, error) {
	if !strings.Contains(text, "'") {
		return text, nil, nil
	}
	var out strings.Builder
	var quoted []string
	pieces := strings.Split(text, "'")
	if len(pieces)%2 == 0 {
		return "", nil, errors.New("layout: a quote is not closed")
	}
	for i, piece := range pieces {
		if i%2 == 0 {
			out.WriteString(piece)
			continue
		}
		if piece == "" || strings.ContainsFunc(piece, unicode.IsDigit) {
			return "", nil, errors.New("layout: nothing, or a digit, in quotes")
		}
		out.WriteRune(signQuoted + rune(len(quoted)))
		quoted = append(quoted, piece)
	}
	return out.String(), quoted, nil
}

func nextPart(text string, quoted []string) (layoutPart, int) {
	for _, l := range letters() {
		if strings.HasPrefix(text, l.text) {
			return layoutPart{kind: l.kind, width: l.width}, len(l.text)
		}
	}
	r, size := utf8.DecodeRuneInString(text)
	switch i := int(r - signQuoted); {
	case i >= 0 && i < len(quoted):
		return layoutPart{kind: literal, text: quoted[i]}, size
	case strings.ContainsRune("/-.: T,", r):
		return layoutPart{kind: literal, text: string(r)}, size
	}
	return layoutPart{}, 0
}

// complete says what a layout lacks, or has twice.
func (l *Layout) complete() error {
	var count [serial + 1]int
	for _, p := range l.parts {
		count[p.kind]++
	}
	count[month] += count[monthName]
	for k := year; k <= serial; k++ {
		if count[k] > 1 {
			return errors.New("layout: something stands twice")
		}
	}
	counted := count[epoch] + count[epochMs]
	dated := count[year] + count[month] + count[day]
	clock := count[hour] + count[minute]
	switch {
	case counted > 0 && len(l.parts) == 1,
		count[serial] == 1 && dated == 0 && count[zone] == 0 && (clock == 2 || clock+count[second]+count[halfDay] == 0),
		dated == 3 && clock == 2 && counted+count[serial] == 0:
	default:
		return errors.New("layout: year, month, day, hour and minute must stand there once each")
	}
	if count[monthName] > 0 {
		l.months = monthNames()
	}
	return nil
}

// runs finds the numbers with nothing between them.
func (l *Layout) runs() {
	for i := 0; i < len(l.parts); i++ {
		from := i
		for i < len(l.parts) && l.parts[i].width > 0 {
			l.parts[from].run += l.parts[i].width
			i++
		}
		for k := from; i-from > 1 && k < i; k++ {
			l.parts[k].tight = true
		}
	}
}

// commonLayout takes what people write in their own language for the same:
// dd/mm/jjjj uu:mm, jj/mm/aaaa hh:mm, TT.MM.JJJJ HH:mm. Months and minutes are
// told apart by where they stand: what begins at the hours is the clock.
func commonLayout(s string) string {
	clock := strings.IndexAny(s, "hHuU")
	if clock < 0 {
		clock = len(s)
	}
	if !strings.ContainsAny(strings.ToUpper(s[:clock]), "YJA") { // the clock stands first, or there is no year: as it is
		return s
	}
	date := strings.ToUpper(s[:clock])
	if strings.Contains(date, "A") {
		date = strings.NewReplacer("J", "D", "A", "Y").Replace(date)
	} else {
		date = strings.NewReplacer("TT", "DD", "J", "Y").Replace(date)
	}
	return date + strings.ReplaceAll(strings.ToLower(s[clock:]), "u", "h")
}

// found is what was read of a time.
type found struct {
	year, month, day, hour, minute, second int
	nano                                   int
	half                                   byte // a, p or 0
	offset                                 int  // seconds east
	absolute                               bool
	days                                   float64 // of a serial
	since                                  int64   // milliseconds since 1970
}

// Read reads a time. An absolute one (it holds its zone, or is a count since 1970) is the instant; another one is the wall's
// reading, as if it were UTC. Days, months and hours may lack their leading zero, seconds may have a fraction; several blanks
// are one. Only years from 1970 to 2105 are times: a record cannot hold others.
func (l Layout) Read(text string) (t time.Time, absolute, ok bool) {
	text = strings.Join(strings.Fields(text), " ")
	var f found
	for i := range l.parts {
		n, fits := l.read(i, text, &f)
		if !fits {
			return time.Time{}, false, false
		}
		text = text[n:]
	}
	if text != "" {
		return time.Time{}, false, false
	}
	if t, ok = f.time(); !ok || t.Year() < 1970 || t.Year() > 2105 {
		return time.Time{}, false, false
	}
	return t, f.absolute, true
}

// read reads the text that a part stands for at the beginning of a text, and returns its size.
func (l Layout) read(i int, text string, f *found) (size int, ok bool) {
	p := l.parts[i]
	switch p.kind {
	case literal:
		return l.literal(i, text)
	case monthName, weekday:
		return l.name(p.kind, text, f)
	case halfDay:
		return readHalfDay(text, f)
	case zone:
		return readZone(text, f)
	case epoch, epochMs:
		return readCount(p.kind, text, f)
	case serial:
		return readSerial(text, f)
	}
	size = p.digits(text)
	v, err := strconv.Atoi(text[:size])
	if err != nil {
		return 0, false
	}
	if l.parts[i].kind == second && (i+1 == len(l.parts) || l.parts[i+1].text != "." && l.parts[i+1].text != ",") {
		size += fraction(text[size:], f)
	}
	return size, f.set(p, v)
}

// literal reads what stands for itself; a blank before AM, PM or a zone may be missing.
func (l Layout) literal(i int, text string) (int, bool) {
	want := l.parts[i].text
	if len(text) >= len(want) && strings.EqualFold(text[:len(want)], want) {
		return len(want), true
	}
	return 0, want == " " && (i+1 < len(l.parts) && (l.parts[i+1].kind == halfDay || l.parts[i+1].kind == zone) || i > 0 && l.parts[i-1].kind == halfDay)
}

// digits returns how many digits at the beginning of a text are the part's; 0 where they do not fit.
func (p layoutPart) digits(text string) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	if p.tight {
		if p.run > 0 && n == p.run-1 && p.kind != year { // a spreadsheet took the first zero
			return p.width - 1
		}
		return min(n, p.width) / p.width * p.width
	}
	shortest := p.width
	if p.width == 2 && (p.kind == month || p.kind == day || p.kind == hour) {
		shortest = 1
	}
	if longest := max(2, p.width); n < shortest || n > longest {
		return 0
	}
	return n
}

func (f *found) set(p layoutPart, v int) bool {
	switch p.kind {
	case year:
		f.year = v
		if p.width == 2 {
			f.year = 2000 + v
			if v >= 70 {
				f.year = 1900 + v
			}
		}
	case month:
		f.month = v
	case day:
		f.day = v
	case hour:
		f.hour = v
	case minute:
		f.minute = v
	case second:
		f.second = v
	}
	return true
}

// fraction reads the fraction of a second.
func fraction(text string, f *found) int {
	if len(text) < 2 || text[0] != '.' && text[0] != ',' {
		return 0
	}
	n, unit := 1, 100_000_000
	for ; n < len(text) && text[n] >= '0' && text[n] <= '9'; n++ {
		f.nano += int(text[n]-'0') * unit
		unit /= 10
	}
	if n == 1 {
		return 0
	}
	return n
}

// name reads a month or a weekday by its name in one of four languages, with or without a dot.
func (l Layout) name(kind layoutKind, text string, f *found) (int, bool) {
	n := 0
	for i, r := range text {
		if !unicode.IsLetter(r) {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	if n == 0 || n > 24 {
		return 0, false
	}
	name := PlainLetters(text[:n])
	if n < len(text) && text[n] == '.' {
		n++
	}
	if kind == weekday {
		return n, isWeekday(name)
	}
	m, ok := l.months[name]
	f.month = int(m)
	return n, ok
}

// PlainLetters returns a text in lower case and without the marks on its letters, as titles and names of months are compared.
func PlainLetters(s string) string {
	s = strings.ToLower(s)
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return strings.NewReplacer(
				"é", "e", "è", "e", "ê", "e", "ë", "e", "à", "a", "â", "a", "ä", "a", "û", "u", "ù", "u", "ü", "u", "î", "i", "ï", "i", "ô", "o",
				"ö", "o", "ç", "c", "ß", "ss", "’", "'", "\u00a0", " ", "\u0301", "", "\u0300", "", "\u0302", "", "\u0308", "", "\u0327", "",
			).Replace(s)
		}
	}
	return s
}

func monthNames() map[string]time.Month {
	out := map[string]time.Month{}
	for i, names := range []string{
		"januari janvier januar january jan janv jaenner janner jann", "februari fevrier februar february feb fevr fev feber",
		"maart mars marz maerz march mrt maa mar mrz",
		"april avril apr avr", "mei mai may", "juni juin june jun", "juli juillet july jul juil", "augustus aout august aug aou", "september septembre sep sept",
		"oktober octobre october okt oct", "november novembre nov", "december decembre dezember dec dez",
	} {
		for name := range strings.FieldsSeq(names) {
			out[name] = time.Month(i + 1)
		}
	}
	return out
}

// IsMonth says that a word is a month's name, or short for one, in one of four languages.
func IsMonth(word string) bool {
	_, ok := monthNames()[PlainLetters(word)]
	return ok
}

// IsWeekday says that a word is a weekday's name, or short for one, in one of four languages.
func IsWeekday(word string) bool { return isWeekday(PlainLetters(word)) }

func isWeekday(name string) bool {
	for _, w := range strings.Fields("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag lundi mardi mercredi jeudi vendredi samedi dimanche " +
		"montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag monday tuesday wednesday thursday friday saturday sunday") {
		if len(name) >= 2 && strings.HasPrefix(w, name) {
			return true
		}
	}
	return false
}

// readHalfDay reads AM or PM: a, p, am, a.m., Dutch vm and nm. A time beyond noon may lack it.
func readHalfDay(text string, f *found) (int, bool) {
	rest := strings.TrimPrefix(text, " ")
	blank := len(text) - len(rest)
	for _, mark := range []string{"a.m.", "p.m.", "v.m.", "n.m.", "am", "pm", "vm", "nm", "a", "p"} {
		if len(rest) < len(mark) || !strings.EqualFold(rest[:len(mark)], mark) || len(rest) > len(mark) && isLetter(rest[len(mark)]) {
			continue
		}
		f.half = 'p'
		if mark[0] == 'a' || mark[0] == 'v' {
			f.half = 'a'
		}
		return blank + len(mark), true
	}
	return 0, f.hour > 12
}

func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= utf8.RuneSelf }

// readZone reads a zone: Z, +01:00, +0100, +01, or the names of those that hold here.
func readZone(text string, f *found) (int, bool) {
	f.absolute = true
	rest := strings.TrimPrefix(text, " ")
	blank := len(text) - len(rest)
	for _, named := range []struct {
		name  string
		hours int
	}{{"UTC", 0}, {"GMT", 0}, {"CEST", 2}, {"CET", 1}, {"MESZ", 2}, {"MEZ", 1}, {"Z", 0}} {
		if len(rest) < len(named.name) || !strings.EqualFold(rest[:len(named.name)], named.name) || len(rest) > len(named.name) && isLetter(rest[len(named.name)]) {
			continue
		}
		f.offset = named.hours * 3600
		return blank + len(named.name), true
	}
	if len(rest) < 3 || rest[0] != '+' && rest[0] != '-' {
		return 0, false
	}
	n := 1
	var digits []byte
	for ; n < len(rest) && (rest[n] >= '0' && rest[n] <= '9' || rest[n] == ':' && n == 3); n++ {
		if rest[n] != ':' {
			digits = append(digits, rest[n])
		}
	}
	if len(digits) == 2 {
		digits = append(digits, '0', '0')
	}
	if len(digits) != 4 || rest[n-1] == ':' {
		return 0, false
	}
	h, m := int(digits[0]-'0')*10+int(digits[1]-'0'), int(digits[2]-'0')*10+int(digits[3]-'0')
	f.offset = h*3600 + m*60
	if rest[0] == '-' {
		f.offset = -f.offset
	}
	return blank + n, h <= 14 && m < 60
}

func readCount(kind layoutKind, text string, f *found) (int, bool) {
	f.absolute = true
	v, err := strconv.ParseInt(text, 10, 64)
	if kind == epoch {
		v *= 1000
	}
	f.since = v
	return len(text), err == nil && len(text) <= 13 && text[0] >= '0' && text[0] <= '9' && v > 0
}

// readSerial reads the number of a day, with the clock as its fraction or as a second number behind a blank.
func readSerial(text string, f *found) (int, bool) {
	size := 0
	for k := range 2 {
		rest := text[size:]
		if k == 1 && (!strings.HasPrefix(rest, " 0") || strings.Contains(rest, ":")) {
			break
		}
		n := len(rest) - len(strings.TrimLeft(strings.TrimPrefix(rest, " "), "0123456789.,"))
		v, err := strconv.ParseFloat(strings.Replace(strings.TrimPrefix(rest[:n], " "), ",", ".", 1), 64)
		if err != nil || n > 24 {
			return 0, false
		}
		f.days += v
		size += n
	}
	return size, f.days >= 1 && f.days < 80_000
}

// time puts the parts together.
func (f *found) time() (time.Time, bool) {
	if f.since > 0 {
		return time.UnixMilli(f.since).UTC(), true
	}
	switch {
	case f.half == 'p' && f.hour < 12:
		f.hour += 12
	case f.half == 'a' && f.hour == 12:
		f.hour = 0
	case f.half == 'a' && f.hour > 12:
		return time.Time{}, false
	}
	if f.hour > 24 || f.hour == 24 && f.minute+f.second > 0 || f.minute > 59 || f.second > 59 {
		return time.Time{}, false
	}
	clock := time.Duration(f.hour)*time.Hour + time.Duration(f.minute)*time.Minute + time.Duration(f.second)*time.Second +
		time.Duration(f.nano).Truncate(time.Millisecond)
	if f.days > 0 {
		return Serial(f.days).Add(clock), true
	}
	midnight := time.Date(f.year, time.Month(f.month), f.day, 0, 0, 0, 0, time.UTC)
	if midnight.Year() != f.year || int(midnight.Month()) != f.month || midnight.Day() != f.day {
		return time.Time{}, false
	}
	return midnight.Add(clock - time.Duration(f.offset)*time.Second), true
}

// Serial returns what a spreadsheet means by the number of a day: days since 1899-12-30, with the clock as fraction. What a
// fraction cannot hold exactly is rounded to the nearest second.
func Serial(days float64) time.Time {
	whole := int(days)
	clock := time.Duration((days-float64(whole))*24*3600*1000+0.5) * time.Millisecond
	if r := clock.Round(time.Second); (clock - r).Abs() <= 5*time.Millisecond {
		clock = r
	}
	return time.Date(1899, 12, 30+whole, 0, 0, 0, 0, time.UTC).Add(clock)
}
