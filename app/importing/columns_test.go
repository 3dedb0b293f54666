package importing

import "testing"

// A heading means one column, whichever language it is in.
func TestHeadingsAreUnambiguous(t *testing.T) {
	for list, known := range map[string][]columnNames{
		"staff": staffColumns(), "sites": siteColumns(), "absences": absenceColumns(), "declarations": declarationColumns(),
	} {
		means := map[string]column{}
		for _, k := range known {
			names := []string{string(k.column)}
			for _, language := range k.headings {
				names = append(names, language...)
			}
			for _, name := range names {
				key := plain(name)
				if key == "" || means[key] != "" && means[key] != k.column {
					t.Errorf("%s: %q means %s and %s", list, name, means[key], k.column)
				}
				means[key] = k.column
			}
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"31/12/1990": "1990-12-31", "31-12-1990": "1990-12-31", "31.12.1990": "1990-12-31", "1990-12-31": "1990-12-31",
		"1/2/2026": "2026-02-01", "2026-2-1": "2026-02-01", "29/02/2024": "2024-02-29", "1990-12-31 00:00:00": "1990-12-31",
		"12/31/1990": "", "29/02/2023": "", "31/12/90": "", "45292": "2024-01-01", "45292,0": "2024-01-01", "1042": "", "99999": "", "31/12": "", "1/1/1899": "", "0/1/2026": "",
		"1990-12-31 08:00": "", "": "", "//": "", "a/b/2026": "", "001/1/2026": "",
		"1 september 2024": "2024-09-01", "01-sep-2024": "2024-09-01", "3 août 2024": "2024-08-03", "12. März 2024": "2024-03-12", "30 feb 2024": "",
		"2024-09-01T00:00:00": "2024-09-01", "2024-09-01T00:00:00.000Z": "2024-09-01", "2024-09-01 00:00": "2024-09-01",
	} {
		d, _, ok := (&dateReader{}).read(in)
		if ok != (want != "") || ok && d.String() != want {
			t.Errorf("%q: got %s, %v; want %q", in, d, ok, want)
		}
	}
}
