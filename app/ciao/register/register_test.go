package register_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

func start(t *testing.T, folder string) (*register.Register, *register.Server) {
	t.Helper()
	c, err := register.ReadCredentials(folder)
	if err != nil {
		t.Fatal(err)
	}
	r, err := register.New(register.Options{Clients: []register.Credentials{c}, Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return r, s
}

func item(at time.Time) ciao.RegisterItem {
	return ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: app.At(at)}, SSIN: "85011512355", Type: app.RegisterIn,
		Employer: ciao.WireEmployer{EnterpriseNumber: "0123456749"}, Declaration: "1Y1003SQ5VSSZ"}
}

// TestItSurvivesARestart: credentials, registrations, judgements; also when it
// was killed in the middle of a line.
func TestItSurvivesARestart(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "register")
	first, s := start(t, folder)
	now := time.Now().Truncate(time.Second)
	id, err := first.Put(item(now))
	if err != nil {
		t.Fatal(err)
	}
	first.Judge(id, ciao.ValidityInvalid, true)
	before, err := register.ReadCredentials(folder)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	file := filepath.Join(folder, "registrations.jsonl")
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"id":9007199254`)
	f.Close()

	second, _ := start(t, folder)
	next, err := second.Put(item(now))
	if err != nil || next != id+1 {
		t.Errorf("id %d after %d, %v", next, id, err)
	}
	third, _ := start(t, folder)
	stored := third.Stored()
	if len(stored) != 2 || stored[0].Validity != ciao.ValidityInvalid || !stored[0].Cancelled || third.Stats().Doubles != 1 {
		t.Errorf("stored %+v", stored)
	}
	after, err := register.ReadCredentials(folder)
	if err != nil || after.ClientID != before.ClientID || !bytes.Equal(after.PrivateKey, before.PrivateKey) {
		t.Errorf("other credentials: %v", err)
	}
	for _, name := range []string{"private-key.pem", "client-id.txt", "registrations.jsonl"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, mode %v", name, err, info.Mode())
		}
	}
}

func call(t *testing.T, method, url, body string, header ...string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequest(method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	if req.Header.Get("Host") != "" {
		req.Host = req.Header.Get("Host")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	b.ReadFrom(res.Body)
	return res.StatusCode, b.Bytes()
}

// TestAnotherProcessSteersIt by the addresses below /_sim/.
func TestAnotherProcessSteersIt(t *testing.T) {
	r, s := start(t, t.TempDir())
	sim := s.URL + register.AdminPath
	if status, _ := call(t, "POST", sim+"faults", `[{"kind":"hang-after","times":2},{"kind":"too-many","seconds":30}]`); status != 204 {
		t.Errorf("faults: %d", status)
	}
	if status, text := call(t, "POST", sim+"faults", `[{"kind":"earthquake"}]`); status != 400 {
		t.Errorf("an unknown fault: %d %s", status, text)
	}
	var faults []register.Fault
	_, text := call(t, "GET", sim+"faults", "")
	if err := json.Unmarshal(text, &faults); err != nil || len(faults) != 2 || faults[0].Times != 2 {
		t.Errorf("faults %s", text)
	}
	if status, _ := call(t, "DELETE", sim+"faults", ""); status != 204 {
		t.Errorf("clear: %d", status)
	}
	if status, _ := call(t, "PUT", sim+"settings", `{"maxItems":7}`); status != 204 {
		t.Errorf("settings: %d", status)
	}
	id, err := r.Put(item(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	var stats register.Stats
	_, text = call(t, "GET", sim+"stats", "")
	if err := json.Unmarshal(text, &stats); err != nil || stats.Stored != 1 {
		t.Errorf("stats %s", text)
	}
	var stored []register.Stored
	_, text = call(t, "GET", sim+"registrations", "")
	if err := json.Unmarshal(text, &stored); err != nil || len(stored) != 1 || stored[0].ID != id || stored[0].SSIN != "85011512355" {
		t.Errorf("registrations %s", text)
	}
	phone := `[{"ssin":"93051822361","type":"OUT","time":"2026-11-23T17:02:11+01:00","declaration":"1Y1003SQ5VSSZ","employer":"0206731645"}]`
	var ids []int64
	status, text := call(t, "POST", sim+"phone", phone)
	if err := json.Unmarshal(text, &ids); status != 200 || err != nil || len(ids) != 1 || ids[0] != id+1 {
		t.Errorf("phone: %d %s", status, text)
	}
	if last := r.Stored()[1]; last.Type != "OUT" || last.Employer.EnterpriseNumber != "0206731645" || last.RegistrationDate.String() != "2026-11-23T16:02:11.000Z" {
		t.Errorf("%+v", last)
	}
	if status, _ := call(t, "POST", sim+"phone", `[{"ssin":"1","type":"IN","declaration":"1Y1003SQ5VSSZ","employer":"0206731645"}]`); status != 400 {
		t.Errorf("somebody without a number: %d", status)
	}
}

func TestThisComputerOnly(t *testing.T) {
	r, s := start(t, t.TempDir())
	for _, address := range []string{":0", "0.0.0.0:0", "192.0.2.1:80"} {
		if _, err := r.Listen(address); err == nil {
			t.Errorf("listens on %s", address)
		}
	}
	if status, _ := call(t, "GET", s.URL+"/_sim/stats", "", "Host", "klokkast.example"); status != 403 {
		t.Errorf("by a strange name: %d", status)
	}
	if status, _ := call(t, "GET", s.URL+"/_sim/stats", "", "Origin", "https://klokkast.example"); status != 403 {
		t.Errorf("by a web page: %d", status)
	}
	if status, _ := call(t, "POST", s.Base+ciao.PathRegister, `{}`); status != 401 {
		t.Errorf("without a token: %d", status)
	}
}
