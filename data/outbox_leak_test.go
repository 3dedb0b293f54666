package data_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
)

// spellings returns a number in every way in which it might slip into a text:
// bare, divided, percent-encoded, and escaped in JSON.
func spellings(ssin string) []string {
	divided := ssin[:2] + "." + ssin[2:4] + "." + ssin[4:6] + "-" + ssin[6:9] + "." + ssin[9:]
	spaced := strings.NewReplacer(".", " ", "-", " ").Replace(divided)
	out := []string{ssin, divided, spaced, ssin[:6] + " " + ssin[6:9] + " " + ssin[9:], url.QueryEscape(spaced), url.PathEscape(spaced)}
	for _, s := range []string{ssin, divided} {
		var encoded, escaped strings.Builder
		for _, c := range []byte(s) {
			encoded.WriteString("%" + strings.ToUpper(string("0123456789abcdef"[c>>4])) + string("0123456789ABCDEF"[c&15]))
			escaped.WriteString(`\u00` + string("0123456789abcdef"[c>>4]) + string("0123456789abcdef"[c&15]))
		}
		out = append(out, encoded.String(), escaped.String())
	}
	return out
}

// echoing is the register behind a front that, at first, gives back in every
// kind of answer what it was sent, and the first number in every way people write it.
func (w *world) echoing() *httptest.Server {
	var requests atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		if !strings.HasSuffix(req.URL.Path, ciao.PathRegister) {
			w.register.ServeHTTP(rw, req)
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		_, rest, _ := strings.Cut(string(body), `"ssin":"`)
		said := strings.Join(spellings(rest[:11])[:5], ", ")
		echo := func(status int, mediaType string, answer any) {
			rw.Header().Set("Content-Type", mediaType)
			rw.WriteHeader(status)
			json.NewEncoder(rw).Encode(answer)
		}
		problem := map[string]any{"type": "urn:problem-type:belgif:badRequest", "title": said, "detail": string(body), "retryAfterSec": 1}
		switch requests.Add(1) {
		case 1:
			echo(500, "application/problem+json", problem)
		case 2:
			problem["issues"] = []any{
				map[string]any{"name": "items[0].ssin", "value": rest[:11], "detail": said, "inputs": []any{map[string]any{"name": "items[1]", "value": said}}},
			}
			echo(400, "application/problem+json", problem)
		case 3:
			echo(200, "text/html", string(body)+said)
		case 4:
			echo(429, "application/problem+json", problem)
		case 5:
			echo(200, "application/json", map[string]any{"items": string(body)})
		case 6:
			entries := make([]any, strings.Count(string(body), `"ssin"`))
			for i := range entries {
				entries[i] = map[string]any{"notCreatedPresenceRegistration": map[string]any{"reasons": []string{said, string(body)}}}
			}
			echo(200, "application/json", map[string]any{"items": entries})
		default:
			req.Body = io.NopCloser(bytes.NewReader(body))
			w.register.ServeHTTP(rw, req)
		}
	}))
	w.t.Cleanup(s.Close)
	return s
}

// interruptOnceGivenBack lets a sender go on until the register gave a number back
// once more, or it ended by itself.
func (w *world) interruptOnceGivenBack(p *exec.Cmd) {
	ended := make(chan struct{})
	go func() {
		p.Wait() //nolint:errcheck // it was interrupted, or done
		close(ended)
	}()
	before, _ := w.givenBack()
	for now := before; now == before; now, _ = w.givenBack() {
		select {
		case <-ended:
			return
		case <-w.t.Context().Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	p.Process.Signal(os.Interrupt) //nolint:errcheck // it may have ended
	<-ended
}

// givenBack counts the texts in which the register gave a number back, and gives all that is kept of requests.
func (w *world) givenBack() (masked int, kept []any) {
	for _, r := range w.registrations() {
		list, err := w.store.RegistrationAttempts(w.t.Context(), r.ID)
		w.must(err)
		for _, a := range list {
			masked += strings.Count(a.Detail, "*****")
		}
		masked += strings.Count(r.Answer, "*****")
		kept = append(kept, r, list)
	}
	return masked, kept
}

// TestNoNumberLeavesTheOutboxInTheStorm: while the register gives numbers back in
// every kind of answer, among every fault, a real process sends with both its outputs kept. In
// neither, nor in what stays of attempts, answers, findings and reports, nor in
// the database's own bytes, does one stand in any spelling.
func TestNoNumberLeavesTheOutboxInTheStorm(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds; runs without the race detector")
	}
	w := newWorld(t, 20)
	w.time.now, w.time.runs = app.At(time.Now()), true
	w.month(20, 200)
	w.register.Add(storm(0.01)...)
	front := w.echoing()
	c, err := credentials()
	w.must(err)
	keyFile := filepath.Join(t.TempDir(), "key.pem")
	w.must(os.WriteFile(keyFile, c.PrivateKey, 0o600))
	var printed bytes.Buffer
	for range 3 {
		p := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestStormProcess$", "-test.v")
		p.Env = append(os.Environ(), "GOTRACEBACK=all", "GODEBUG=http2debug=2", "KLOKKAST_STORM_DB="+w.path, "KLOKKAST_SENDER_KEY="+keyFile,
			"KLOKKAST_SENDER_ID="+c.ClientID, "KLOKKAST_SENDER_URL="+front.URL)
		p.Stdout, p.Stderr = &printed, &printed
		w.must(p.Start())
		w.interruptOnceGivenBack(p)
	}
	report := w.send(0)
	masked, kept := w.givenBack()
	kept = append(kept, report, w.findings())
	told, err := json.Marshal(kept)
	w.must(err)
	texts := map[string][]byte{"what the processes printed": printed.Bytes(), "what is kept of the requests": told}
	for _, file := range []string{w.path, w.path + "-wal"} {
		if b, err := os.ReadFile(file); err == nil {
			texts[filepath.Base(file)] = b
		}
	}
	if masked == 0 || len(texts["klokkast.db"]) == 0 || printed.Len() == 0 {
		t.Fatalf("nothing to look through: %d masked, printed %s", masked, &printed)
	}
	for _, worker := range w.facts.Workers {
		for n, s := range spellings(worker.SSIN.Reveal()) {
			for where, text := range texts {
				if bytes.Contains(text, []byte(s)) {
					t.Errorf("a number stands in %s, in spelling %d", where, n)
				}
			}
		}
	}
}
