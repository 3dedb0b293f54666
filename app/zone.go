package app

import "time"

// Zone is a time zone by its name in the IANA data base, such as Europe/Brussels. The empty Zone means DefaultZone.
type Zone string

// DefaultZone is where Belgian days begin: the zone of a site, of a box that stores local time and of times that belong
// to no site, unless another is set.
const DefaultZone Zone = "Europe/Brussels"

// Load reads the zone's clock changes. Only a name that nobody knows is refused; "Local" is one, for it means another
// place on every computer.
func (z Zone) Load() (*time.Location, error) {
	if z == "" {
		z = DefaultZone
	}
	location, err := time.LoadLocation(string(z))
	if err != nil || z == "Local" {
		return nil, &FieldError{Field: "zone", Code: "zone.unknown", Example: string(DefaultZone)}
	}
	return location, nil
}

// Location is the zone's clock for work that must go on: that of DefaultZone where nobody knows the name, and UTC on a
// machine without zone data. Every call reads the zone anew; work on many sites asks Zones.
func (z Zone) Location() *time.Location {
	for _, name := range [...]Zone{z, DefaultZone} {
		if location, err := name.Load(); err == nil {
			return location
		}
	}
	return time.UTC
}

// Belgium is the clock of DefaultZone.
func Belgium() *time.Location { return DefaultZone.Location() }

// Zones are the locations of one piece of work, each read once. They are not for use by several goroutines at once.
type Zones map[Zone]*time.Location

// Location is what z.Location says.
func (known Zones) Location(z Zone) *time.Location {
	location, ok := known[z]
	if !ok {
		location = z.Location()
		known[z] = location
	}
	return location
}
