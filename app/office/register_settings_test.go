package office_test

import (
	"encoding/pem"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
)

func TestSettingsOfTheRegister(t *testing.T) {
	b := newBench(t)
	root := httptest.NewTLSServer(nil)
	defer root.Close()
	file := filepath.Join(t.TempDir(), "root.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate().Raw})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	good := map[office.RegisterSetting]string{
		office.SetProxy: "http://proxy.example.be:3128", office.SetRootFile: file, office.SetBatch: "50", office.SetWindowDays: "14",
		office.SetClockLimit: "30", office.SetLateLimit: "45", office.SetMode: "scheduled", office.SetTimes: "22:15 6:30,06:30", office.SetEvery: "120", office.SetCancel: "on",
	}
	if err := b.SetRegister(t.Context(), good, "agreed with IT"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil { // it was read once, and is kept
		t.Fatal(err)
	}
	s := b.Settings().Register
	if s.Batch != 50 || s.WindowDays != 14 || s.ClockLimitSeconds != 30 || s.LateMinutes != 45 || s.Mode != ciao.Scheduled || !s.Cancel ||
		s.Value(office.SetTimes) != "06:30, 22:15" || s.Root == nil || !strings.Contains(s.Root.PEM, "BEGIN CERTIFICATE") {
		t.Errorf("settings %+v", s)
	}
	trail, err := b.store.Trail(t.Context(), "", 1)
	if err != nil || len(trail) != 1 || !strings.Contains(trail[0].Payload, s.Root.Fingerprint) || !strings.Contains(trail[0].Payload, "agreed with IT") {
		t.Errorf("the trail does not tell: %+v, %v", trail, err)
	}
	bad := map[office.RegisterSetting]string{
		office.SetProxy: "http://ann:geheim@proxy.example.be", office.SetRootFile: filepath.Join("..", "..", "go.mod"), office.SetBatch: "0", office.SetWindowDays: "-1",
		office.SetClockLimit: "1 min", office.SetLateLimit: "999999", office.SetMode: "sometimes", office.SetTimes: "25:00", office.SetEvery: "1441", office.SetCancel: "perhaps",
	}
	for name, value := range bad {
		var field *app.FieldError
		if err := b.SetRegister(t.Context(), map[office.RegisterSetting]string{name: value, office.SetBatch: "77"}, ""); name != office.SetBatch &&
			(!errors.As(err, &field) || field.Field != string(name)) {
			t.Errorf("%s %q: %v", name, value, err)
		}
		if name != office.SetBatch && b.Settings().Register.Batch != 50 {
			t.Fatalf("%s: another setting was changed along with a wrong one", name)
		}
	}
	if err := b.SetRegister(t.Context(), map[office.RegisterSetting]string{office.SetTimes: "", office.SetEvery: ""}, ""); err == nil {
		t.Error("a schedule without any time was taken")
	}
}
