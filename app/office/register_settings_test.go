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
	"klokkast/app/workspace"
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
	good := map[workspace.RegisterSetting]string{
		workspace.SetProxy: "http://proxy.example.be:3128", workspace.SetRootFile: file, workspace.SetBatch: "50", workspace.SetWindowDays: "14",
		workspace.SetClockLimit: "30", workspace.SetLateLimit: "45", workspace.SetMode: "scheduled", workspace.SetTimes: "22:15 6:30,06:30", workspace.SetEvery: "120", workspace.SetCancel: "on",
	}
	if err := b.Connection.SetRegister(t.Context(), good, "agreed with IT"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil { // it was read once, and is kept
		t.Fatal(err)
	}
	s := b.Settings().Register
	if s.Batch != 50 || s.WindowDays != 14 || s.ClockLimitSeconds != 30 || s.LateMinutes != 45 || s.Mode != ciao.Scheduled || !s.Cancel ||
		s.Value(workspace.SetTimes) != "06:30, 22:15" || s.Root == nil || !strings.Contains(s.Root.PEM, "BEGIN CERTIFICATE") {
		t.Errorf("settings %+v", s)
	}
	trail, err := b.store.Trail(t.Context(), "", 1)
	if err != nil || len(trail) != 1 || !strings.Contains(trail[0].Payload, s.Root.Fingerprint) || !strings.Contains(trail[0].Payload, "agreed with IT") {
		t.Errorf("the trail does not tell: %+v, %v", trail, err)
	}
	bad := map[workspace.RegisterSetting]string{
		workspace.SetProxy: "http://ann:geheim@proxy.example.be", workspace.SetRootFile: filepath.Join("..", "..", "go.mod"), workspace.SetBatch: "0", workspace.SetWindowDays: "-1",
		workspace.SetClockLimit: "1 min", workspace.SetLateLimit: "999999", workspace.SetMode: "sometimes", workspace.SetTimes: "25:00", workspace.SetEvery: "1441", workspace.SetCancel: "perhaps",
	}
	for name, value := range bad {
		var field *app.FieldError
		if err := b.Connection.SetRegister(t.Context(), map[workspace.RegisterSetting]string{name: value, workspace.SetBatch: "77"}, ""); name != workspace.SetBatch &&
			(!errors.As(err, &field) || field.Field != string(name)) {
			t.Errorf("%s %q: %v", name, value, err)
		}
		if name != workspace.SetBatch && b.Settings().Register.Batch != 50 {
			t.Fatalf("%s: another setting was changed along with a wrong one", name)
		}
	}
	if err := b.Connection.SetRegister(t.Context(), map[workspace.RegisterSetting]string{workspace.SetTimes: "", workspace.SetEvery: ""}, ""); err == nil {
		t.Error("a schedule without any time was taken")
	}
}
