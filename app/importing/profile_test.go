package importing_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/importing"
)

func propose(t *testing.T, kind importing.ListKind, csv string) *importing.Proposal {
	t.Helper()
	p, err := importing.Propose(strings.NewReader(csv), kind, options(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// told returns what a proposal says: "column=Title (why)" each, then what it asks.
func told(p *importing.Proposal) string {
	var all []string
	for _, r := range p.Reasons {
		all = append(all, fmt.Sprintf("%s=%s (%s)", r.Column, r.Title, r.Code))
	}
	for _, q := range p.Questions {
		all = append(all, strings.TrimSuffix(fmt.Sprintf("? %s %s: %s", q.Code, q.Column, strings.Join(q.Titles, ", ")), ": "))
	}
	return strings.Join(all, "; ")
}

func TestProposals(t *testing.T) {
	for name, e := range map[string]struct {
		kind      importing.ListKind
		csv, told string
	}{
		"known titles": {importing.StaffList, "personeelsnummer;naam;voornaam\n1;Oost;Ine\n",
			"staff_number=personeelsnummer (title); family_name=naam (title); given_name=voornaam (title)"},
		"by values, with a line before": {importing.StaffList, "Loonlijst november\nStamnr;Werknemer;Roepnaam;Rijksnr.;Begindatum;Afdeling\n0101;Oost;Ine;85.01.15-123.55;13/09/2024;A\n" +
			"0102;West;Jo;93.05.18-223.61;01/10/2024;A\n",
			"staff_number=Stamnr (values); ssin=Rijksnr. (values); from=Begindatum (likeTitle); ? which family_name: Werknemer, Roepnaam, Afdeling"},
		"two that fit": {importing.StaffList, "naam;familienaam;stamnummer;nummer\nOost Ine;Oost;1;17\nWest Jo;West;2;18\n",
			"staff_number=stamnummer (title); family_name=naam (title); ? two family_name: naam, familienaam"},
		"two by values": {importing.StaffList, "naam;a;b\nOost;1;17\nWest;2;18\n",
			"staff_number=a (values); family_name=naam (title); ? two staff_number: a, b"},
		"month first, proven": {importing.StaffList, "name;staff number;from\nOost;1;01/13/2024\nWest;2;02/01/2024\n",
			"staff_number=staff number (title); family_name=name (title); from=from (title)"},
		"day or month first: ask": {importing.StaffList, "name;staff number;from\nOost;1;02/01/2024\n",
			"staff_number=staff number (title); family_name=name (title); from=from (title); ? dates : DD/MM/YYYY, MM/DD/YYYY"},
		"sites": {importing.SiteList, "werf;zip-code;N;E;onder CIAO?;melding\nSchool;3000;50,87;4,70;ja;1Y1003SQ5VSSZ\nHal;9000;51,05;3,72;nee;1Y1003SQ5VSSA\n",
			"name=werf (title); post_code=zip-code (values); latitude=N (values); longitude=E (values); ciao=onder CIAO? (values); declaration=melding (values)"},
		"absences": {importing.AbsenceList, "wie;wanneer;wat\n1042;21/12/2026;ziekte\n1043;22/12/2026;verlof\n",
			"staff_number=wie (values); from=wanneer (values); kind=wat (values)"},
		"declarations": {importing.DeclarationList, "ref;start;stop;werf\n1Y1003SQ5VSSZ;13/01/2026;31/12/2026;School\n",
			"declaration=ref (values); from=start (title); to=stop (values); site=werf (title)"},
	} {
		p := propose(t, e.kind, e.csv)
		expect(t, name, told(p), e.told)
		if strings.Contains(name, "proven") && p.Profile.Dates != "MM/DD/YYYY" {
			t.Errorf("%s: %+v", name, p.Profile)
		}
		for _, r := range p.Reasons {
			if r.Sample == "" || strings.Contains(r.Sample, "123.55") {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
	for want, csv := range map[string]string{"empty": "\n\n", "spreadsheet": "PK\x03\x04", "notText": "naam\x00"} {
		var why *importing.Reason
		if _, err := importing.Propose(strings.NewReader(csv), importing.StaffList, options(t)); !errors.As(err, &why) || why.Code != want {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func payroll() importing.Profile {
	return importing.Profile{
		Name: "Payroll", Kind: importing.StaffList, Dates: "MM/DD/YY", Titles: []string{"Stamnr", "Werknemer", "Roepnaam", "In", "Afdeling"},
		Columns: map[string]string{"staff_number": "Stamnr", "family_name": "Werknemer", "given_name": "Roepnaam", "from": "In"},
	}
}

// A list is read by the kept profile whose titles are all there: in another order, with
// another separator, with more columns, which are said; and twice is once.
func TestAListIsKnownByItsTitles(t *testing.T) {
	for name, e := range map[string]struct{ csv, said string }{
		"as it was":       {"Stamnr;Werknemer;Roepnaam;In;Afdeling\n0101;Oost;Ine;02/13/24;A\n", ""},
		"another order":   {"Afdeling,In,Roepnaam,Werknemer,Stamnr\nA,02/13/24,Ine,Oost,0101\n", ""},
		"other capitals":  {"STAMNR|WERKNEMER|roepnaam|in\n0101|Oost|Ine|2/13/24\n", ""},
		"a further one":   {"Stamnr\tWerknemer\tRoepnaam\tIn\tAfdeling\tLoon\n0101\tOost\tIne\t02/13/24\tA\t17\n", "1 import.columnUnknown"},
		"lines before it": {"Loonlijst;;\n\nStamnr;Werknemer;Roepnaam;In\n0101;Oost;Ine;02/13/24\n", "3 import.note.linesBefore"},
	} {
		m := company()
		o := options(t)
		o.Profiles = []importing.Profile{payroll()}
		for round, want := range []string{"1 new, 0 changed, 0 same, 0 refused", "0 new, 0 changed, 1 same, 0 refused"} {
			r, err := importing.ImportStaff(t.Context(), m, strings.NewReader(e.csv), o, true)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			expect(t, name, counts(r)+"; "+r.Profile, want+"; Payroll")
			if round == 0 {
				expect(t, name, said(append(r.Problems, r.Notes...)), e.said)
			}
		}
		if len(m.engagements) != 1 || m.engagements[0].Days.From != app.NewDate(2024, 2, 13) || m.workers[0].StaffNumber != "0101" {
			t.Errorf("%s: %+v, %+v", name, m.workers, m.engagements)
		}
	}
	// A list with the usual titles needs none, and one that is named must fit.
	m, o := company(), options(t)
	o.Profiles = []importing.Profile{payroll()}
	if r, err := importing.ImportStaff(t.Context(), m, strings.NewReader("personeelsnummer;naam\n1;Oost\n"), o, true); err != nil || r.Profile != "" || r.New != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	p := payroll()
	o.Profile = &p
	var why *importing.Reason
	_, err := importing.ImportStaff(t.Context(), m, strings.NewReader("Stamnr;naam;In\n1;Oost;\n"), o, true)
	if !errors.As(err, &why) || why.Code != "profileMissing" || why.Args["Titles"] != "Roepnaam, Werknemer" {
		t.Errorf("%v, %+v", err, why)
	}
	// What a layout that was said does not read is refused, never guessed at.
	r, err := importing.ImportStaff(t.Context(), m, strings.NewReader("Stamnr;Werknemer;Roepnaam;In\n1;Oost;Ine;13/02/24\n2;West;Jo;2024-02-13\n"), o, true)
	if err != nil || said(r.Problems) != "2 date.format" || r.New+r.Changed+r.Same != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestProfilesAreChecked(t *testing.T) {
	for code, change := range map[string]func(*importing.Profile){
		"":                     func(*importing.Profile) {},
		"required":             func(p *importing.Profile) { p.Name = " " },
		"listMapping.column":   func(p *importing.Profile) { p.Columns["hobby"] = "Hobby" },
		"listMapping.title":    func(p *importing.Profile) { p.Columns["ssin"] = " - " },
		"listMapping.twice":    func(p *importing.Profile) { p.Columns["ssin"] = "stamnr" },
		"listMapping.required": func(p *importing.Profile) { delete(p.Columns, "family_name") },
		"mapping.separator":    func(p *importing.Profile) { p.Separator = ";;" },
		"mapping.encoding":     func(p *importing.Profile) { p.Encoding = "ebcdic" },
		"mapping.dateLayout":   func(p *importing.Profile) { p.Dates = "DD/MM" },
	} {
		p := payroll()
		change(&p)
		err := p.Validate()
		var field *app.FieldError
		if code == "" && err != nil || code != "" && (!errors.As(err, &field) || field.Code != code) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func FuzzPropose(f *testing.F) {
	f.Add([]byte("Stamnr;Werknemer;In\n1;Oost;01/02/2024\n"))
	f.Add([]byte("\xff\xfea\x00;\x00\n\x00"))
	f.Fuzz(func(t *testing.T, csv []byte) {
		for _, kind := range []importing.ListKind{importing.StaffList, importing.SiteList, importing.AbsenceList, importing.DeclarationList} {
			p, err := importing.Propose(strings.NewReader(string(csv)), kind, options(t))
			if err != nil {
				continue
			}
			for _, r := range p.Reasons {
				if p.Profile.Columns[r.Column] != r.Title {
					t.Errorf("%+v of %+v", r, p.Profile)
				}
			}
			p.Profile.Name = "x"
			if p.Profile.Validate() == nil { // what is proposed whole reads the file itself
				o := options(t)
				o.Profile = &p.Profile
				if _, err := importing.ImportStaff(t.Context(), company(), strings.NewReader(string(csv)), o, false); kind == importing.StaffList && err != nil {
					t.Errorf("%v: %+v", err, p.Profile)
				}
			}
		}
	})
}
