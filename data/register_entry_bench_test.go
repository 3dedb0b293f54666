package data_test

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
)

// BenchmarkKeepEntries is a first consultation of a month: 2,000 registrations of 50 people, nothing known of them yet.
func BenchmarkKeepEntries(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b, 50)
		w.must(w.store.SaveDeclaration(b.Context(), w.facts.Declarations[0], act("declaration.save")))
		w.must(w.store.SaveDeclarationSite(b.Context(), w.facts.DeclarationSites[0], act("declaration.site")))
		var found []ciao.FoundRegistration
		for n := range 2000 {
			f := w.phoned(int64(n+1), madeUpSSIN(n%50), time.Duration(n)*20*time.Minute, []app.RegistrationType{app.RegisterIn, app.RegisterOut}[n%2])
			if n%50%3 == 2 {
				f.Employer.EnterpriseNumber = otherNumber
			}
			found = append(found, f)
		}
		b.StartTimer()
		if kept := w.show(found...); kept.New != 2000 {
			b.Fatalf("%+v", kept)
		}
	}
}
