package demo

// Made-up people, places and clients. Any likeness is chance; the numbers made
// for them are valid by their check digits only.

var givenNames = [...]string{
	"An", "Bart", "Céline", "Dirk", "Élodie", "Fatima", "Günther", "Hanne", "Ioana", "Jürgen",
	"Katarzyna", "Łukasz", "Mehmet", "Noémie", "Oksana", "Paweł", "Quinten", "Räza", "Ștefan", "Tülin",
	"Uschi", "Véronique", "Wout", "Xenia", "Yasmina", "Zoë", "Ángel", "Björn", "Çiğdem", "Dorota",
}

var familyNames = [...]string{
	"Aerts", "Boğa", "Claes", "De Smet", "El Amrani", "François", "Großmann", "Hendrickx", "Ionescu", "Janssens",
	"Kowalski", "Lefèvre", "Maes", "Nowak", "Özdemir", "Peeters", "Quintens", "Rousseau", "Șerban", "Thijs",
	"Urbain", "Van den Broeck", "Wójcik", "Xhonneux", "Yıldız", "Zieliński", "Müller", "Strauß", "Ferreira", "Gonçalves",
}

// place is one site of the demo company.
type place struct {
	code, name, client             string
	street, number, postCode, town string
	latitude, longitude            float64
	boxLabel                       string
	declared                       bool // falls under CIAO
}

// The night site is the last one; the two before it make a pair for split shifts.
var places = [...]place{
	{"L01", "Stadhuis Leuven", "Stad Leuven", "Professor Van Overstraetenplein", "1", "3000", "Leuven", 50.88145, 4.71560, "Leuven balie", true},
	{"L02", "Bibliotheek Tweebronnen", "Stad Leuven", "Rijschoolstraat", "4", "3000", "Leuven", 50.87930, 4.70390, "Leuven bib", true},
	{"B01", "Kantoren Noordplein", "Noordplein Vastgoed", "Koning Albert II-laan", "12", "1000", "Brussel", 50.86050, 4.35860, "Noordplein -1", true},
	{"B02", "École des Tilleuls", "Commune d'Ixelles", "Avenue des Tilleuls", "8", "1050", "Ixelles", 50.82730, 4.37210, "Tilleuls", true},
	{"M01", "Ziekenhuis Sint-Rombout", "AZ Sint-Rombout", "Liersesteenweg", "201", "2800", "Mechelen", 51.03210, 4.49550, "Sint-Rombout inkom", true},
	{"A01", "Havenhuis kantoor", "Haven Logistiek", "Zaha Hadidplein", "1", "2030", "Antwerpen", 51.24290, 4.40600, "Haven", true},
	{"G01", "Rathaus Eupen", "Stadt Eupen", "Rathausplatz", "14", "4700", "Eupen", 50.63030, 6.03640, "Eupen Rathaus", true},
	{"N01", "Centre commercial La Meuse", "La Meuse Retail", "Rue de Fer", "30", "5000", "Namur", 50.46690, 4.86750, "La Meuse", true},
	{"H01", "Showroom Carré", "Carré Interieur", "Maastrichterstraat", "63", "3500", "Hasselt", 50.93030, 5.33780, "Carré", false},
	{"K01", "Sporthal Lange Munte", "Stad Kortrijk", "Marktplein", "2", "8500", "Kortrijk", 50.80100, 3.27420, "Lange Munte", true},
	{"K02", "Zwembad Lagae", "Stad Kortrijk", "Burgemeester Lambrechtlaan", "35", "8500", "Kortrijk", 50.81840, 3.28030, "Lagae", true},
	{"D01", "Datacenter Zaventem", "Datahal", "Leuvensesteenweg", "555", "1930", "Zaventem", 50.87830, 4.46850, "Datahal nacht", true},
}
