package identity

import (
	"math"
	"strconv"
	"strings"

	"klokkast/app"
)

const (
	fieldPostCode   = "postCode"
	examplePostCode = "1000"

	fieldCoordinates   = "coordinates"
	exampleCoordinates = "50.85030, 4.35170"
)

// The box around Belgium, in degrees. A site outside it is a slip: longitude
// and latitude are easily swapped.
const (
	southernmost, northernmost = 49.4, 51.6
	westernmost, easternmost   = 2.5, 6.5
)

// coordinateScale keeps 5 decimals: about one metre, and what the register takes.
const coordinateScale = 1e5

// ParsePostCode reads a Belgian post code, 1000 to 9999, with or without "B-"
// before it. It refuses with the codes postcode.missing and postcode.format.
func ParsePostCode(s string) (string, error) {
	v := strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(compact(s)), "BE"), "B")
	switch {
	case v == "":
		return "", refuse(fieldPostCode, "postcode.missing", examplePostCode)
	case len(v) != 4 || !allDigits(v) || v[0] == '0':
		return "", refuse(fieldPostCode, "postcode.format", examplePostCode)
	}
	return v, nil
}

// ParseCoordinates reads latitude and longitude in degrees, with a decimal
// point or comma, rounds them to 5 decimals and checks them with CheckCoordinates.
// Beside its codes it refuses with coordinates.missing (one or both are empty)
// and coordinates.format.
func ParseCoordinates(latitude, longitude string) (app.Coordinates, error) {
	if strings.TrimSpace(latitude) == "" || strings.TrimSpace(longitude) == "" {
		return app.Coordinates{}, refuse(fieldCoordinates, "coordinates.missing", exampleCoordinates)
	}
	lat, okLat := degrees(latitude)
	lon, okLon := degrees(longitude)
	if !okLat || !okLon {
		return app.Coordinates{}, refuse(fieldCoordinates, "coordinates.format", exampleCoordinates)
	}
	c := RoundCoordinates(app.Coordinates{Latitude: lat, Longitude: lon})
	return c, CheckCoordinates(c)
}

// ParseCoordinatePair reads both from one text, latitude first, as maps copy
// them: "50.8503, 4.3517", "50,8503; 4,3517" or "50.8503 4.3517".
func ParseCoordinatePair(s string) (app.Coordinates, error) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return app.Coordinates{}, refuse(fieldCoordinates, "coordinates.missing", exampleCoordinates)
	}
	for _, separator := range []string{";", ", ", " ", ","} {
		if lat, lon, ok := strings.Cut(s, separator); ok && !strings.Contains(lon, separator) {
			return ParseCoordinates(lat, lon)
		}
	}
	return app.Coordinates{}, refuse(fieldCoordinates, "coordinates.format", exampleCoordinates)
}

// CheckCoordinates refuses what lies outside 2.5–6.5 E, 49.4–51.6 N: with
// coordinates.swapped if latitude and longitude changed places would lie in
// it, else with coordinates.outside.
func CheckCoordinates(c app.Coordinates) error {
	switch {
	case inBelgium(c):
		return nil
	case inBelgium(app.Coordinates{Latitude: c.Longitude, Longitude: c.Latitude}):
		return refuse(fieldCoordinates, "coordinates.swapped", exampleCoordinates)
	}
	return refuse(fieldCoordinates, "coordinates.outside", exampleCoordinates)
}

// RoundCoordinates returns 5 decimals of both.
func RoundCoordinates(c app.Coordinates) app.Coordinates {
	return app.Coordinates{
		Latitude:  math.Round(c.Latitude*coordinateScale) / coordinateScale,
		Longitude: math.Round(c.Longitude*coordinateScale) / coordinateScale,
	}
}

// FormatCoordinates writes "50.85030, 4.35170", which ParseCoordinatePair reads.
func FormatCoordinates(c app.Coordinates) string {
	return strconv.FormatFloat(c.Latitude, 'f', 5, 64) + ", " + strconv.FormatFloat(c.Longitude, 'f', 5, 64)
}

func inBelgium(c app.Coordinates) bool {
	return c.Latitude >= southernmost && c.Latitude <= northernmost &&
		c.Longitude >= westernmost && c.Longitude <= easternmost
}

// degrees reads plain decimals only: ParseFloat alone would also take NaN, hex and exponents.
func degrees(s string) (float64, bool) {
	s = strings.Replace(strings.TrimSuffix(strings.TrimSpace(s), "°"), ",", ".", 1)
	if strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.-", r) }) >= 0 {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsInf(f, 0)
}
