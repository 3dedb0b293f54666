package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// Whatever prints a personal number gets its masked form.
func TestASecretIsMaskedByWhateverPrintsIt(t *testing.T) {
	const number = "85011512355" // made up
	s := Secret(number)
	w := Worker{FamilyName: "Peeters", SSIN: s, Limosa: "L-123456789"}
	j, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("read", "ssin", s, "worker", w)
	slog.New(slog.NewTextHandler(&log, nil)).Info("read", "ssin", s, "worker", w)
	for _, printed := range []string{
		fmt.Sprint(s), fmt.Sprintf("%s %v %q %x %d %#v %+v", s, s, s, s, s, s, s), fmt.Sprintf("%v %+v %#v", w, w, w), string(j), log.String(),
		errors.Join(fmt.Errorf("worker %v", w)).Error(),
	} {
		if strings.Contains(printed, number) || strings.Contains(printed, "3835303131") || strings.Contains(printed, "123456789") {
			t.Errorf("printed in clear: %s", printed)
		}
	}
	if s.Masked() != "850*****55" || s.Reveal() != number || Secret("123").Masked() != "*****" || Secret("").Masked() != "" {
		t.Errorf("masked as %s", s.Masked())
	}
}
