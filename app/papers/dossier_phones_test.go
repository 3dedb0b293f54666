package papers_test

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/dossier"
)

// Beside the records of the box stands what the person registered by phone, by the register's number: nothing of a box, a
// clock, a badge, nor what the register sent as it came.
func TestEvidenceByPhone(t *testing.T) {
	d := correction()
	d.Bundle.Evidence = append(d.Bundle.Evidence[:1:1], dossier.Evidence{
		Proof: dossier.Proof{Key: app.RecordKey{LogKey: app.LogKey{Box: app.MakeRegister.UID("s"), Log: "production"}, Seq: 4242}, Raw: `{"id":4242}`, Text: true},
		At:    at(14, 25), Pressed: app.KeyOut, Role: app.TapSameAct, Corrected: at(14, 25),
	})
	_, words := printed(t, app.English, d)
	words = strings.Join(strings.Fields(words), " ")
	if n := strings.Count(words, "Registered by phone or otherwise, register no. 4242"); n != 1 {
		t.Errorf("it stands there %d times:\n%s", n, words)
	}
	for _, no := range []string{`{"id"`, "register:s"} {
		if strings.Contains(words, no) {
			t.Errorf("%q is on paper", no)
		}
	}
	if !strings.Contains(words, "23/11/2026 14:25:00") || !strings.Contains(words, "Same act") {
		t.Errorf("without its time:\n%s", words)
	}
}
