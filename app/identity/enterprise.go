package identity

import (
	"regexp"
	"strings"
)

const (
	fieldEnterprise   = "enterpriseNumber"
	exampleEnterprise = "0123.456.749"

	fieldForeignVAT   = "foreignVat"
	exampleForeignVAT = "NL123456789B01"

	fieldDeclaration   = "declaration"
	exampleDeclaration = "1Y1003SQ5VSSZ"

	fieldLimosa   = "limosa"
	exampleLimosa = "L123456789"
)

// ParseEnterprise reads a number of the Crossroads Bank for Enterprises
// (KBO, BCE), written with or without BE, dots and blanks, and gives its 10
// bare digits: the first is 0 or 1, the last two are 97 − (first eight mod 97).
//
// It refuses with the codes enterprise.missing, enterprise.scientific,
// enterprise.characters, enterprise.length, enterprise.first and enterprise.check.
func ParseEnterprise(s string) (string, error) {
	digits, err := enterpriseDigits(s)
	if err != nil {
		return "", err
	}
	return checkEnterprise(digits)
}

// RepairEnterprise reads what ParseEnterprise reads, and also a number of nine
// digits (the notation of before 2005, or a zero that a spreadsheet dropped):
// the zero is put back if the check then fits, and repaired says so.
func RepairEnterprise(s string) (enterprise string, repaired bool, err error) {
	digits, err := enterpriseDigits(s)
	if err != nil {
		return "", false, err
	}
	if len(digits) == 9 {
		if enterprise, err := checkEnterprise("0" + digits); err == nil {
			return enterprise, true, nil
		}
	}
	enterprise, err = checkEnterprise(digits)
	return enterprise, false, err
}

// FormatEnterprise writes 10 digits as 0123.456.749; anything else is given back as it is.
func FormatEnterprise(enterprise string) string {
	if len(enterprise) != 10 {
		return enterprise
	}
	return enterprise[:4] + "." + enterprise[4:7] + "." + enterprise[7:]
}

func enterpriseDigits(s string) (string, error) {
	digits := strings.TrimPrefix(strings.ToUpper(compact(s)), "BE")
	switch {
	case digits == "":
		return "", refuse(fieldEnterprise, "enterprise.missing", exampleEnterprise)
	case isScientific(s):
		return "", refuse(fieldEnterprise, "enterprise.scientific", exampleEnterprise)
	case !allDigits(digits):
		return "", refuse(fieldEnterprise, "enterprise.characters", exampleEnterprise)
	}
	return digits, nil
}

func checkEnterprise(digits string) (string, error) {
	switch {
	case len(digits) != 10:
		return "", refuse(fieldEnterprise, "enterprise.length", exampleEnterprise)
	case digits[0] > '1':
		return "", refuse(fieldEnterprise, "enterprise.first", exampleEnterprise)
	case 97-number(digits[:8])%97 != number(digits[8:]):
		return "", refuse(fieldEnterprise, "enterprise.check", exampleEnterprise)
	}
	return digits, nil
}

// foreignVAT is two letters of a country and what its tax office puts behind
// them. Only the shape is checked: every country has a check of its own.
var foreignVAT = regexp.MustCompile(`^[A-Z]{2}[A-Z0-9+*]{2,13}$`)

// ParseForeignVAT reads the VAT number of a firm without a Belgian enterprise
// number: country code and 2 to 13 characters, at least one of them a digit. It
// gives them in upper case without blanks, dots and dashes.
//
// It refuses with the codes vat.missing, vat.belgian (a Belgian number belongs
// in the enterprise number) and vat.format.
func ParseForeignVAT(s string) (string, error) {
	v := strings.ToUpper(compact(s))
	switch {
	case v == "":
		return "", refuse(fieldForeignVAT, "vat.missing", exampleForeignVAT)
	case strings.HasPrefix(v, "BE"):
		return "", refuse(fieldForeignVAT, "vat.belgian", exampleForeignVAT)
	case !foreignVAT.MatchString(v) || !strings.ContainsAny(v, "0123456789"):
		return "", refuse(fieldForeignVAT, "vat.format", exampleForeignVAT)
	}
	return v, nil
}

// ParseDeclaration reads the number of a declaration of works: 13 characters
// of [A-HJ-NP-Z0-9] (no I and no O, which look like 1 and 0). It gives them in
// upper case without blanks and dashes.
//
// It refuses with the codes declaration.missing, declaration.scientific,
// declaration.length, declaration.letters (an I or an O) and declaration.characters.
func ParseDeclaration(s string) (string, error) {
	v := strings.ToUpper(compact(s))
	switch {
	case v == "":
		return "", refuse(fieldDeclaration, "declaration.missing", exampleDeclaration)
	case isScientific(s) && strings.ContainsAny(s, ",.+"):
		return "", refuse(fieldDeclaration, "declaration.scientific", exampleDeclaration)
	case !alphanumeric(v):
		return "", refuse(fieldDeclaration, "declaration.characters", exampleDeclaration)
	case len(v) != 13:
		return "", refuse(fieldDeclaration, "declaration.length", exampleDeclaration)
	case strings.ContainsAny(v, "IO"):
		return "", refuse(fieldDeclaration, "declaration.letters", exampleDeclaration)
	}
	return v, nil
}

// ParseLimosa reads a Limosa number (posted workers): an L and 5 to 29 letters
// or digits, dashes between them allowed and kept. How the register takes it
// is not known, so nothing but its shape is checked. It gives it in upper case
// without blanks.
//
// It refuses with the codes limosa.missing and limosa.format.
func ParseLimosa(s string) (string, error) {
	v := strings.ToUpper(strings.Join(strings.Fields(s), ""))
	switch {
	case v == "":
		return "", refuse(fieldLimosa, "limosa.missing", exampleLimosa)
	case v[0] != 'L' || len(v) < 6 || len(v) > 30 || !alphanumeric(strings.ReplaceAll(v, "-", "")) || strings.HasSuffix(v, "-"):
		return "", refuse(fieldLimosa, "limosa.format", exampleLimosa)
	}
	return v, nil
}

// alphanumeric says that s holds nothing but A–Z and 0–9.
func alphanumeric(s string) bool {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'A' || s[i] > 'Z') {
			return false
		}
	}
	return true
}
