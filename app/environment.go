package app

import "fmt"

// Environment says to which register a registration, an attempt or a
// credential belongs. What is accepted in one never counts in another.
type Environment string

// The three environments.
const (
	Production     Environment = "production"
	NSSOSimulation Environment = "nsso-simulation"
	LocalSimulator Environment = "local-simulator"
)

// Simulated says that nothing sent there reaches the register of the NSSO.
func (e Environment) Simulated() bool { return e != Production }

// ParseEnvironment reads one of the three names.
func ParseEnvironment(s string) (Environment, error) {
	switch e := Environment(s); e {
	case Production, NSSOSimulation, LocalSimulator:
		return e, nil
	}
	return "", fmt.Errorf("environment %q: want production, nsso-simulation or local-simulator", s)
}

// Language is a language of screen, paper and messages.
type Language string

// The languages, by their ISO 639-1 codes.
const (
	Dutch   Language = "nl"
	French  Language = "fr"
	German  Language = "de"
	English Language = "en"
)

// Languages lists all, in the order in which they are offered.
var Languages = [...]Language{Dutch, French, German, English}

// ParseLanguage reads a language code.
func ParseLanguage(s string) (Language, error) {
	for _, l := range Languages {
		if s == string(l) {
			return l, nil
		}
	}
	return "", fmt.Errorf("language %q: want nl, fr, de or en", s)
}
