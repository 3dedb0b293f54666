package ciao

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"klokkast/app"
)

func sample() app.Registration {
	return app.Registration{
		SSIN: "90010100123", Type: app.RegisterIn, Enterprise: "0123456749", Declaration: "1Y1003SQ5VSSZ",
		At:    app.At(time.Date(2026, 11, 23, 6, 58, 12, 0, time.UTC)),
		Place: app.Place{Coordinates: &app.Coordinates{Latitude: 50.8503, Longitude: 4.3517}},
	}
}

// TestRequestAsDocumented: the body is the documented one, byte for byte but for blanks.
func TestRequestAsDocumented(t *testing.T) {
	const want = `{"items":[{"registrationDate":"2026-11-23T06:58:12Z","ssin":"90010100123","type":"IN",` +
		`"employer":{"enterpriseNumber":"0123456749"},"placeOfWork":{"coordinates":{"longitude":4.3517,"latitude":50.8503}},` +
		`"contractualRelationshipReference":"1Y1003SQ5VSSZ"}]}`
	r := sample()
	got, err := json.Marshal(RegisterRequest{Items: []RegisterItem{itemOf(&r)}})
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
}

func TestAbsentValuesAreLeftOut(t *testing.T) {
	r := sample()
	r.Enterprise, r.ForeignVAT = "", "NL123456789B01"
	r.Place = app.Place{Address: &app.Address{Street: "Wetstraat", PostCode: "1000", Municipality: "Brussel", HouseNumber: "16"}}
	got, err := json.Marshal(itemOf(&r))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"employer":{"foreignVatNumber":"NL123456789B01"}`,
		`"placeOfWork":{"address":{"postCode":"1000","municipalityName":"Brussel","streetName":"Wetstraat","houseNumber":"16"}}`} {
		if !strings.Contains(string(got), part) {
			t.Errorf("%s lacks %s", got, part)
		}
	}
	if strings.Contains(string(got), "null") || strings.Contains(string(got), `""`) {
		t.Errorf("holds an empty value: %s", got)
	}
}

// TestTimeOnTheWire: fractions are cut off, never rounded; answers are read in any spelling.
func TestTimeOnTheWire(t *testing.T) {
	b, err := WireTime{sample().At.Add(999 * time.Millisecond)}.MarshalText()
	if err != nil || string(b) != "2026-11-23T06:58:12Z" {
		t.Errorf("%s %v", b, err)
	}
	for _, spelling := range []string{"2026-11-23T06:58:12Z", "2026-11-23T07:58:12+01:00", "2026-11-23T06:58:12.000000Z", "2026-11-23T06:58:12+00:00"} {
		var got WireTime
		if err := got.UnmarshalText([]byte(spelling)); err != nil || got.Instant != sample().At {
			t.Errorf("%s: %v %v", spelling, got, err)
		}
	}
}

func TestRegisterAnswers(t *testing.T) {
	const created = `{"createdPresenceRegistration":{"id":9007199254741001,"validity":"pending","remarks":[],"new":1}}`
	const refused = `{"notCreatedPresenceRegistration":{"reasons":["x"]}}`
	tests := []struct {
		name, body string
		items      int
		ok         bool
	}{
		{"created and refused", `{"items":[` + created + `,` + refused + `]}`, 2, true},
		{"unknown members", `{"items":[` + created + `],"total":1}`, 1, true},
		{"one entry too few", `{"items":[` + created + `]}`, 2, false},
		{"one entry too many", `{"items":[` + created + `,` + refused + `]}`, 1, false},
		{"the same id twice", `{"items":[` + created + `,` + created + `]}`, 2, false},
		{"neither", `{"items":[{}]}`, 1, false},
		{"both", `{"items":[{"createdPresenceRegistration":{"id":1},"notCreatedPresenceRegistration":{}}]}`, 1, false},
		{"null", `{"items":[null]}`, 1, false},
		{"no id", `{"items":[{"createdPresenceRegistration":{"validity":"pending"}}]}`, 1, false},
		{"an id in floating point", `{"items":[{"createdPresenceRegistration":{"id":1.5}}]}`, 1, false},
		{"cut off", `{"items":[` + created, 1, false},
		{"something behind", `{"items":[` + created + `]} <html>`, 1, false},
		{"a list", `[` + created + `]`, 1, false},
		{"nothing", ``, 1, false},
	}
	for _, c := range tests {
		entries, err := decodeRegisterAnswer([]byte(c.body), c.items)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.ok && entries[0].Created.ID != 9007199254741001 {
			t.Errorf("%s: id %d, want it exact", c.name, entries[0].Created.ID)
		}
	}
}

func FuzzRegisterAnswer(f *testing.F) {
	f.Add(`{"items":[{"createdPresenceRegistration":{"id":1,"validity":"pending"}}]}`, 1)
	f.Add(`{"items":[{"notCreatedPresenceRegistration":null}]}`, 1)
	f.Fuzz(func(t *testing.T, body string, n int) {
		entries, err := decodeRegisterAnswer([]byte(body), n)
		if err != nil {
			return
		}
		if len(entries) != n {
			t.Fatalf("%d entries for %d items", len(entries), n)
		}
		for _, e := range entries {
			if (e.Created == nil) == (e.NotCreated == nil) {
				t.Fatal("an entry that is not clear was taken")
			}
		}
	})
}

func TestNamesOfRefusedItems(t *testing.T) {
	p := Problem{
		Issues: []Issue{{Name: "items[0].ssin", Detail: "a"}, {Name: "items[2]", Detail: "b"}, {Name: "items[0].type", Detail: "c"},
			{Name: "items[9].ssin"}, {Name: "items"}, {Name: "employer"}, {Name: "/items/3/ssin", Detail: "d"},
			{Detail: "f", Inputs: []IssueInput{{Name: "items[4].type"}, {Name: "items[5].type"}, {Name: "other"}}}},
		InvalidParams: []InvalidParam{{Name: "items[1].employer.enterpriseNumber", Reason: "e"}},
	}
	got := p.refusedItems(6)
	want := map[int]string{
		0: "items[0].ssin: a; items[0].type: c",
		1: "items[1].employer.enterpriseNumber: e",
		2: "items[2]: b",
		3: "/items/3/ssin: d",
		4: "items[4].type: f",
		5: "items[5].type: f",
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	for i, text := range want {
		if got[i] != text {
			t.Errorf("item %d: %q, want %q", i, got[i], text)
		}
	}
}
