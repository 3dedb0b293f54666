package cli

import (
	"sort"

	"klokkast/app"
	"klokkast/app/office"
)

// named words a code by the catalogue key KIND.CODE; one that no catalogue
// knows, such as a newer box's, is shown as it is.
func (r *run) named(kind, code string) string {
	if key := kind + "." + code; code != "" && r.say.Has(key) {
		return r.say.T(key)
	}
	return code
}

// environmentJSON stands in every answer: what happens outside production
// reaches no NSSO.
type environmentJSON struct {
	Environment app.Environment `json:"environment"`
	Simulated   bool            `json:"simulated"`
}

func environmentOf(o *office.Office) environmentJSON {
	e := o.Environment()
	return environmentJSON{e, e.Simulated()}
}

// list returns an empty list for nil, so that JSON holds [] and never null.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func sorted(s []string) []string {
	sort.Strings(s)
	return s
}

// short returns enough of a box's UID to tell boxes apart.
func short(uid string) string {
	const enough = 12
	if len(uid) == 32 { // OCB/1: hex digits
		return uid[:enough]
	}
	return uid
}
