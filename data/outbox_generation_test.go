package data

import (
	"strings"
	"testing"
)

// After a refusal, and only then, a punch may have a registration of the next
// generation: the data was mended, what was sent before stays as it was.
func TestASecondGenerationOnlyAfterARefusal(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	log.store(t, log.next(1))
	insert := func(id, state string, generation int) error {
		_, err := s.w.ExecContext(
			t.Context(),
			`INSERT INTO registration (id, environment, log, seq, generation, state, type, at, raw, ssin_sealed, ssin_lookup, declaration, created)
			VALUES (?, 'local-simulator', (SELECT id FROM box_log), 1, ?, ?, 'IN', 1000, 1000, x'01', x'01', 'D', 1)`,
			id,
			generation,
			state,
		)
		return err
	}
	if err := insert("a", "refused", 1); err != nil {
		t.Fatal(err)
	}
	for id, generation := range map[string]int{"b": 1, "c": 0} {
		if insert(id, "queued", generation) == nil {
			t.Errorf("generation %d was taken again", generation)
		}
	}
	if err := insert("d", "queued", 2); err != nil {
		t.Errorf("after a refusal: %v", err)
	}
	if err := insert("e", "queued", 3); err == nil || !strings.Contains(err.Error(), "one registration") {
		t.Errorf("while one is queued: %v", err)
	}
}
