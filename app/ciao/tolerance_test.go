package ciao_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
)

// What a standard allows is taken, whether or not any register does so today.

const madeOne = `{"items":[{"createdPresenceRegistration":{"id":1,"validity":"pending"}}]}`

// TestAPackedAnswerIsRead: who names no coding accepts any; the limit holds for what is unpacked.
func TestAPackedAnswerIsRead(t *testing.T) {
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, text)
		z.Close()
		return b.Bytes()
	}
	for name, c := range map[string]struct {
		body []byte
		want app.AttemptOutcome
	}{
		"an answer":      {pack(madeOne), app.AttemptAnswered},
		"cut off":        {pack(madeOne)[:20], app.AttemptFateUnknown},
		"not packed":     {[]byte(madeOne), app.AttemptFateUnknown},
		"far too much":   {pack(madeOne + strings.Repeat(" ", 5<<20)), app.AttemptFateUnknown},
		"nothing packed": {pack(""), app.AttemptFateUnknown},
	} {
		s := fakeRegister(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(c.body)
		})
		entries, o := newClient(t, s.URL, s.URL+"/token", ciao.ClientOptions{}).Register(t.Context(), one(), nil)
		if o.Fate != c.want || (o.Fate == app.AttemptAnswered) != (len(entries) == 1) {
			t.Errorf("%s: %v, %d entries", name, o, len(entries))
		}
	}
}

// TestProblemsAsTheStandardHasThem (RFC 9457, 3.1): a member of another type is
// ignored, one without a type is about:blank, and an issue may name several inputs.
func TestProblemsAsTheStandardHasThem(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		fate   app.AttemptOutcome
		code   string
		wait   time.Duration
	}{
		"a status in quotes":     {503, `{"type":"urn:problem-type:belgif:serviceUnavailable","status":"503","retryAfterSec":7}`, app.AttemptNotProcessed, "serviceUnavailable", 7 * time.Second},
		"a title that is a list": {429, `{"title":["x"],"type":"urn:problem-type:belgif:tooManyRequests","retryAfterSec":7}`, app.AttemptNotProcessed, "tooManyRequests", 7 * time.Second},
		"no type":                {503, `{"title":"Service Unavailable"}`, app.AttemptNotProcessed, "serviceUnavailable", 0},
		"about:blank":            {403, `{"type":"about:blank","title":"Forbidden"}`, app.AttemptNotProcessed, "forbidden", 0},
		"no JSON at all":         {503, `<html>`, app.AttemptFateUnknown, "serviceUnavailable", 0},
	} {
		s := fakeRegister(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
		})
		_, o := newClient(t, s.URL, s.URL+"/token", ciao.ClientOptions{}).Register(t.Context(), one(), nil)
		if o.Fate != c.fate || o.Code != c.code || o.Wait != c.wait {
			t.Errorf("%s: fate %s, code %q, wait %v; want %s, %q, %v", name, o.Fate, o.Code, o.Wait, c.fate, c.code, c.wait)
		}
	}
}

// TestAClockIsCorrectedHoweverTheRefusalIsWorded: a gateway may refuse an
// assertion from the future by a problem instead of invalid_client.
func TestAClockIsCorrectedHoweverTheRefusalIsWorded(t *testing.T) {
	for _, status := range []int{http.StatusBadRequest, http.StatusUnauthorized} {
		var asked int
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/token" {
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, madeOne)
				return
			}
			if asked++; asked == 1 {
				w.Header().Set("Content-Type", "application/problem+json")
				w.WriteHeader(status)
				io.WriteString(w, `{"type":"urn:problem-type:belgif:badRequest","detail":"the assertion is not valid yet"}`)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":"600"}`)
		}))
		defer s.Close()
		c := newClient(t, s.URL, s.URL+"/token", ciao.ClientOptions{Clock: shifted{by: 5 * time.Minute}})
		if _, o := c.Register(t.Context(), one(), nil); o.Code != "" || asked != 2 {
			t.Errorf("%d: %v, asked %d times for a token, want 2", status, o, asked)
		}
	}
}

// TestInstantsAreComparedWhateverTheirSpelling: RFC 3339 has many, and a register may keep fractions.
func TestInstantsAreComparedWhateverTheirSpelling(t *testing.T) {
	reg := documented()[0]
	for _, spelling := range []string{"2026-11-23T06:58:12Z", "2026-11-23t06:58:12z", "2026-11-23 07:58:12+01:00", "2026-11-23T06:58:12.000Z", "2026-11-23T07:58:12.0000000+01:00"} {
		s := fakeRegister(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"items":[{"id":7,"registrationDate":%q,"ssin":%q,"type":"IN"}],"total":1}`, spelling, reg.SSIN.Reveal())
		})
		found, complete, o := newClient(
			t,
			s.URL,
			s.URL+"/token",
			ciao.ClientOptions{},
		).Query(t.Context(), ciao.Question{SSIN: reg.SSIN, From: reg.At, To: reg.At})
		if o.Code != "" || !complete || found[0].RegistrationDate.Instant != reg.At {
			t.Errorf("%s: %v, complete %t, %+v", spelling, o, complete, found)
		}
	}
}
