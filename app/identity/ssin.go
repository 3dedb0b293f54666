package identity

import (
	"strings"
	"time"

	"klokkast/app"
)

const (
	fieldSSIN   = "ssin"
	exampleSSIN = "85.01.15-123.55"

	ssinLength = 11
	// from2000 is added to the first nine digits for people born from 2000 on
	// before the check is taken: that is how two centuries share one notation.
	from2000 = 2_000_000_000

	// The months of a BIS number are raised by 20 (sex unknown) or 40 (sex known).
	bisSexUnknown = 20
	bisSexKnown   = 40
)

// Ages between which a person can stand on a staff list. They are wide on
// purpose: they catch slips, they do not judge who may work.
const (
	youngest = 14
	oldest   = 100
)

// ParseSSIN reads a Belgian social-security number (SSIN; INSZ, NISS) or BIS
// number, written with or without dots, dashes and blanks, and gives its 11
// bare digits. Both check forms are accepted (born before 2000, born from 2000
// on); the date must exist, save that month and day of a BIS number may be 00.
//
// The check catches every wrong digit but one: the second digit off by six
// together with another century (1985 read as 2079). CheckAge catches that one.
//
// It refuses with the codes ssin.missing, ssin.scientific, ssin.characters,
// ssin.length, ssin.check and ssin.date.
func ParseSSIN(s string) (string, error) {
	digits, err := ssinDigits(s)
	if err != nil {
		return "", err
	}
	if len(digits) != ssinLength {
		return "", refuse(fieldSSIN, "ssin.length", exampleSSIN)
	}
	return checkSSIN(digits)
}

// RepairSSIN reads what ParseSSIN reads, and also a number whose leading zeros
// a spreadsheet dropped (people born from 2000 to 2009): they are put back if
// check and date then fit, and repaired says so.
func RepairSSIN(s string) (ssin string, repaired bool, err error) {
	digits, err := ssinDigits(s)
	if err != nil {
		return "", false, err
	}
	// Born in January 2000 the number begins with three zeros: 00.01.31.
	if n := len(digits); n < ssinLength && n >= ssinLength-3 {
		if ssin, err := checkSSIN(strings.Repeat("0", ssinLength-n) + digits); err == nil {
			return ssin, true, nil
		}
	}
	ssin, err = ParseSSIN(s)
	return ssin, false, err
}

// FormatSSIN writes 11 digits as 85.01.15-123.55; anything else is given back as it is.
func FormatSSIN(ssin string) string {
	if len(ssin) != ssinLength {
		return ssin
	}
	return ssin[0:2] + "." + ssin[2:4] + "." + ssin[4:6] + "-" + ssin[6:9] + "." + ssin[9:11]
}

// IsBIS says that an 11-digit number is a BIS number: one for people who are
// not in the national register, with 20 or 40 added to the month.
func IsBIS(ssin string) bool {
	return len(ssin) == ssinLength && allDigits(ssin) && number(ssin[2:4]) >= bisSexUnknown
}

// BirthDate returns the date of birth that a valid number holds; false if the
// number is not valid or a BIS number leaves month or day open.
func BirthDate(ssin string) (app.Date, bool) {
	if len(ssin) != ssinLength || !allDigits(ssin) {
		return 0, false
	}
	century, ok := ssinCentury(ssin)
	if !ok {
		return 0, false
	}
	year, month, day := ssinYMD(ssin, century)
	if !realDate(year, month, day) {
		return 0, false
	}
	return app.NewDate(year, time.Month(month), day), true
}

// CheckAge says whether the person of a valid number can be on a staff list on
// the day today: born, and between 14 and 100 years old. It refuses with
// ssin.age, and accepts numbers that leave the date of birth open.
func CheckAge(ssin string, today app.Date) error {
	born, ok := BirthDate(ssin)
	if !ok {
		return nil
	}
	year, month, day := today.YMD()
	if born > app.NewDate(year-youngest, month, day) || born < app.NewDate(year-oldest, month, day) {
		return refuse(fieldSSIN, "ssin.age", exampleSSIN)
	}
	return nil
}

// ssinDigits returns the digits of what was typed, however many they are.
func ssinDigits(s string) (string, error) {
	digits := compact(s)
	switch {
	case digits == "":
		return "", refuse(fieldSSIN, "ssin.missing", exampleSSIN)
	case isScientific(s):
		return "", refuse(fieldSSIN, "ssin.scientific", exampleSSIN)
	case !allDigits(digits):
		return "", refuse(fieldSSIN, "ssin.characters", exampleSSIN)
	}
	return digits, nil
}

// checkSSIN checks 11 digits and gives them back.
func checkSSIN(digits string) (string, error) {
	century, ok := ssinCentury(digits)
	if !ok {
		return "", refuse(fieldSSIN, "ssin.check", exampleSSIN)
	}
	year, month, day := ssinYMD(digits, century)
	if IsBIS(digits) && month >= 0 && month <= 12 && day <= 31 && (month == 0 || day == 0) {
		return digits, nil
	}
	if !realDate(year, month, day) {
		return "", refuse(fieldSSIN, "ssin.date", exampleSSIN)
	}
	return digits, nil
}

// ssinCentury returns 1900 or 2000 by the check form that fits 11 digits. Never
// both fit, as 2,000,000,000 is no multiple of 97.
func ssinCentury(digits string) (int, bool) {
	base, check := number(digits[:9]), number(digits[9:])
	switch check {
	case 97 - base%97:
		return 1900, true
	case 97 - (from2000+base)%97:
		return 2000, true
	}
	return 0, false
}

// ssinYMD returns year, month and day without what a BIS number adds.
func ssinYMD(digits string, century int) (year, month, day int) {
	year, month, day = century+int(number(digits[0:2])), int(number(digits[2:4])), int(number(digits[4:6]))
	switch {
	case month >= bisSexKnown:
		month -= bisSexKnown
	case month >= bisSexUnknown:
		month -= bisSexUnknown
	}
	return year, month, day
}

func realDate(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
