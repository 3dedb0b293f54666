package papers_test

import (
	"bytes"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/papers"
)

const posterAddress = "https://nsso.example.be/register/1Y1003SQ5VSSZ?code=8f3a"

func posterOf(t *testing.T, languages ...app.Language) *papers.Poster {
	p := &papers.Poster{
		Made: made, Site: app.Site{ID: "s", Name: "Stadhuis Leuven", Address: app.Address{Street: "Grote Markt", HouseNumber: "9", PostCode: "3000", Municipality: "Leuven"}},
		Declaration: "1Y1003SQ5VSSZ", Days: app.Days{From: app.NewDate(2026, 1, 1), To: app.NewDate(2027, 12, 31)}, Address: posterAddress,
	}
	for _, l := range languages {
		p.Words = append(p.Words, texts(t, l))
	}
	return p
}

// A poster is one page, in as many languages as the people of a site have, with the address to type below its code.
func TestAPosterIsOnePage(t *testing.T) {
	for _, languages := range [][]app.Language{{app.Dutch}, {app.French, app.German}, app.Languages[:]} {
		p := posterOf(t, languages...)
		var pdf bytes.Buffer
		if err := papers.Write(&pdf, fonts(t), texts(t, languages[0]), p); err != nil {
			t.Fatal(err)
		}
		said := strings.Join(strings.Fields(textOf(t, pdf.Bytes())), " ")
		for _, want := range []string{"Stadhuis Leuven", posterAddress, "1Y1003SQ5VSSZ"} {
			if !strings.Contains(said, want) {
				t.Errorf("%v: nothing says %q: %s", languages, want, said)
			}
		}
		p.Site.Address = app.Address{} // a site known by its coordinates alone
		var bare bytes.Buffer
		if err := papers.Write(&bare, fonts(t), texts(t, languages[0]), p); err != nil {
			t.Fatal(err)
		}
		if said := textOf(t, bare.Bytes()); strings.Contains(said, " ,") || strings.Contains(said, "· \n") {
			t.Errorf("%v: an address of nothing: %s", languages, said)
		}
		pages, err := papers.Lay(fonts(t), texts(t, languages[0]), p)
		if err != nil || len(pages) != 1 {
			t.Errorf("%v: %d pages, %v", languages, len(pages), err)
		}
	}
}
