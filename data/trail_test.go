package data

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"klokkast/app"
)

func TestEveryChangeIsInTheTrail(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	target := "worker:" + string(v.worker.ID)
	married := v.worker
	married.FamilyName, married.SSIN = "Peeters", "90020199704"
	act := did("worker.save", target)
	act.Why = "huwelijk"
	must(t, s.SaveWorker(t.Context(), married, act))
	trail, err := s.Trail(t.Context(), target, 0)
	must(t, err)
	if len(trail) != 2 {
		t.Fatalf("trail %+v", trail)
	}
	newest := trail[0]
	inst := get(t, s.Installation)
	if newest.Actor != "An Peeters" || newest.What != "worker.save" || newest.Installation != inst.ID || newest.At != app.At(testNow) {
		t.Errorf("newest is %+v", newest)
	}
	for _, want := range []string{`"before":`, `Öztürk`, `"after":`, `Peeters`, `"why":"huwelijk"`, `850*****28`, `900*****04`} {
		if !strings.Contains(newest.Payload, want) {
			t.Errorf("no %s in %s", want, newest.Payload)
		}
	}
	for _, e := range trail {
		for _, secret := range []string{"85073003328", "90020199704", "L-0123456789", "1985-07-30"} {
			if strings.Contains(e.Payload, secret) {
				t.Errorf("%s is in the trail", secret)
			}
		}
	}
	if one, _ := s.Trail(t.Context(), "", 1); len(one) != 1 || one[0].Seq != newest.Seq {
		t.Errorf("the newest one of all is %+v", one)
	}
	if found := verified(t, s); len(found) != 0 {
		t.Errorf("verify: %v", found)
	}
}

func TestRefusedChangeLeavesNoTrail(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	before := get(t, s.Counts).TrailEntries
	if err := s.SaveWorker(t.Context(), app.Worker{ID: newID(t), FamilyName: "B", SSIN: v.worker.SSIN, Language: app.Dutch}, did("worker.save", "")); err == nil {
		t.Fatal("saved")
	}
	if after := get(t, s.Counts).TrailEntries; after != before {
		t.Errorf("%d links, then %d", before, after)
	}
}

func TestErasedPayloadIsGoneAndTheChainHolds(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	target := "worker:" + string(v.worker.ID)
	must(t, s.EraseTrailPayload(t.Context(), target, did("", "trail:"+target)))
	trail, _ := s.Trail(t.Context(), target, 0)
	if len(trail) != 1 || trail[0].Payload != "" || trail[0].Actor != "An Peeters" {
		t.Errorf("erased: %+v", trail)
	}
	if found := verified(t, s); len(found) != 0 {
		t.Errorf("verify: %v", found)
	}
	for _, suffix := range []string{"", "-wal"} {
		b, _ := os.ReadFile(s.Path() + suffix)
		if bytes.Contains(b, []byte(`"givenName":"Élise"`)) {
			t.Errorf("the payload is still in klokkast.db%s", suffix)
		}
	}
}

func TestHandsInTheTrailAreFound(t *testing.T) {
	for _, c := range []struct{ name, do, want string }{
		{"a payload that says something else", `DROP TRIGGER trail_payload_only_erased;
			UPDATE trail_payload SET payload = replace(payload, 'Öztürk', 'Other') WHERE seq = 2`, "trail-changed"},
		{"another actor beside the payload", `DROP TRIGGER trail_payload_only_erased; UPDATE trail_payload SET actor = 'Nobody' WHERE seq = 2`, "trail-changed"},
		{"a digest made to fit", `DROP TRIGGER trail_no_update; UPDATE trail SET digest = x'00' WHERE seq = 2`, "trail-broken"},
		{"an act taken out", `DROP TRIGGER trail_no_delete; DROP TRIGGER trail_payload_no_delete;
			DELETE FROM trail_payload WHERE seq = 2; DELETE FROM trail WHERE seq = 2`, "trail-gap"},
		{"a payload taken out", `DROP TRIGGER trail_payload_no_delete; DELETE FROM trail_payload WHERE seq = 2`, "trail-missing"},
		{"a payload erased by hand", `UPDATE trail_payload SET payload = NULL, salt = NULL WHERE seq = 2`, "trail-erased"},
		{"the last act taken out of the chain", `DROP TRIGGER trail_no_delete; DELETE FROM trail WHERE seq = 4`, "reference-missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			newStaff(t, s)
			raw(t, s, c.do)
			var codes []string
			for _, f := range verified(t, s) {
				codes = append(codes, f.Code)
			}
			if !strings.Contains(strings.Join(codes, " "), c.want) {
				t.Errorf("found %v, want %s", codes, c.want)
			}
		})
	}
}

func TestTheTrailIsOnlyAppendedTo(t *testing.T) {
	s := newStore(t)
	newStaff(t, s)
	for _, q := range []string{
		`UPDATE trail SET hash = x'00'`, `DELETE FROM trail`, `INSERT OR REPLACE INTO trail SELECT * FROM trail LIMIT 1`,
		`UPDATE trail_payload SET payload = '{}'`, `UPDATE trail_payload SET actor = 'x', payload = NULL, salt = NULL`,
		`DELETE FROM trail_payload`, `INSERT OR REPLACE INTO trail_payload SELECT * FROM trail_payload LIMIT 1`,
	} {
		if _, err := s.w.Exec(q); err == nil {
			t.Errorf("went through: %s", q)
		}
	}
}
