package register

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// Kind is what goes wrong.
type Kind string

// Kinds of fault. "Before" means that nothing was stored, "after" that it was.
const (
	Delay           Kind = "delay"            // answers after Seconds
	ErrorBefore     Kind = "error-before"     // Status (500), a problem
	ErrorAfter      Kind = "error-after"      // Status (500), a problem
	DropBefore      Kind = "drop-before"      // the connection is closed
	DropAfter       Kind = "drop-after"       //
	HangBefore      Kind = "hang-before"      // no answer until the client gives up
	HangAfter       Kind = "hang-after"       //
	SlowBytes       Kind = "slow"             // the answer comes byte by byte over Seconds
	CutShort        Kind = "cut-short"        // half of the answer, then the connection is closed
	Malformed       Kind = "malformed"        // stored, and 200 with half a JSON text
	WrongCount      Kind = "wrong-count"      // stored, and 200 with one entry less
	HTMLPage        Kind = "html"             // stored, and 200 with a web page
	Created         Kind = "created"          // stored, and 201
	TooMany         Kind = "too-many"         // 429; Retry-After in seconds, in header and body
	TooManyDate     Kind = "too-many-date"    // 429; Retry-After as a date, the body says nothing
	TooManyBare     Kind = "too-many-bare"    // 429 without a word
	TooManyFailed   Kind = "too-many-failed"  // 429, tooManyFailedRequests; Retry-After as TooMany
	Unavailable     Kind = "unavailable"      // 503 with a problem: nothing was stored
	UnavailableBare Kind = "unavailable-bare" // 503 without: nothing is known (it was stored)
	ExpiredToken    Kind = "expired-token"    // 401
	Redirect        Kind = "redirect"         // 302 to this register again
	Partial         Kind = "partial"          // every second item is refused in the answer
	RefuseUnnamed   Kind = "refuse-unnamed"   // 400 that names no item
	Exists          Kind = "exists"           // what is there already is refused as such

	// Of the search, which is their operation unless another is named.
	LaggingSearch Kind = "lagging-search" // finds a registration only Seconds after it was received
	BlindSearch   Kind = "blind-search"   // finds nothing
	NoSearch      Kind = "no-search"      // Status (404), a problem: there is no such address
	RoundedSearch Kind = "rounded-search" // shows coordinates with two decimals
)

// Fault is one thing that goes wrong on demand.
type Fault struct {
	Kind Kind `json:"kind"`
	// Operation is token, register, query, one, history or cancel; "" means
	// register, and query for what is of the search.
	Operation string `json:"operation,omitempty"`
	// Times is how often; 0: until cleared.
	Times int `json:"times,omitempty"`
	// Skip is how many requests go well before.
	Skip int `json:"skip,omitempty"`
	// Chance is how likely, from 0 to 1; 0 means always.
	Chance  float64 `json:"chance,omitempty"`
	Seconds float64 `json:"seconds,omitempty"` // of delay, of Retry-After
	Status  int     `json:"status,omitempty"`
}

// kinds lists all, to check what comes from outside.
func kinds() []Kind {
	return []Kind{
		Delay, ErrorBefore, ErrorAfter, DropBefore, DropAfter, HangBefore, HangAfter, SlowBytes, CutShort, Malformed,
		WrongCount, HTMLPage, Created, TooMany, TooManyDate, TooManyBare, TooManyFailed, Unavailable, UnavailableBare, ExpiredToken,
		Redirect, Partial, RefuseUnnamed, Exists, LaggingSearch, BlindSearch, NoSearch, RoundedSearch,
	}
}

// of returns the operation that it strikes.
func (f *Fault) of() string {
	switch {
	case f.Operation != "":
		return f.Operation
	case strings.HasSuffix(string(f.Kind), "-search"):
		return "query"
	}
	return "register"
}

// take returns the fault that strikes an operation now, if any.
func (r *Register) take(operation string) Fault {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.faults {
		f := &r.faults[i]
		switch {
		case f.of() != operation:
			continue
		case f.Skip > 0:
			f.Skip--
			continue
		case f.Chance > 0 && rand.Float64() >= f.Chance:
			continue
		}
		struck := *f
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				r.faults = append(r.faults[:i], r.faults[i+1:]...)
			}
		}
		r.stats.Faults[struck.Kind]++
		return struck
	}
	return Fault{}
}

// strikeBefore answers with a fault that comes before anything is done; true if it did.
func (r *Register) strikeBefore(w http.ResponseWriter, req *http.Request, f Fault) bool {
	switch f.Kind {
	case Delay:
		r.pause(req, f.wait())
		return false
	case NoSearch:
		s := f.Status
		if s == 0 {
			s = http.StatusNotFound
		}
		r.problem(w, s, problem{Type: "urn:problem-type:belgif:resourceNotFound", Title: "No such resource"})
	case ErrorBefore:
		r.problem(w, status(f), problem{Type: problemOf(status(f)), Title: "on demand"})
	case DropBefore:
		drop(w)
	case HangBefore:
		r.hang(w, req)
	case TooMany, TooManyDate, TooManyBare, TooManyFailed:
		r.tooMany(w, f)
	case Unavailable:
		wait := int64(f.Seconds)
		p := problem{Type: "urn:problem-type:belgif:serviceUnavailable", Title: "Service Unavailable"}
		if wait > 0 {
			w.Header().Set("Retry-After", fmt.Sprint(wait))
		}
		r.problem(w, http.StatusServiceUnavailable, p)
	case ExpiredToken:
		r.problem(w, http.StatusUnauthorized, problem{Type: "urn:problem-type:belgif:expiredAccessToken", Title: "Expired Access Token"})
	case Redirect:
		w.Header().Set("Location", req.URL.Path)
		w.WriteHeader(http.StatusFound)
	case RefuseUnnamed:
		r.problem(w, http.StatusBadRequest, problem{Type: "urn:problem-type:belgif:badRequest", Title: "Bad Request", Detail: "something is wrong"})
	default:
		return false
	}
	return true
}

// answer writes the answer to what was done, or what a fault makes of it.
func (r *Register) answer(w http.ResponseWriter, req *http.Request, f Fault, body []byte) {
	switch f.Kind {
	case ErrorAfter:
		r.problem(w, status(f), problem{Type: problemOf(status(f)), Title: "on demand"})
	case DropAfter:
		drop(w)
	case HangAfter:
		r.hang(w, req)
	case UnavailableBare:
		w.WriteHeader(http.StatusServiceUnavailable)
	case HTMLPage:
		r.write(w, http.StatusOK, "text/html", []byte("<html><body>Service page</body></html>"))
	case Malformed:
		r.write(w, http.StatusOK, "application/json", body[:len(body)/2])
	case Created:
		r.write(w, http.StatusCreated, "application/json", body)
	case CutShort:
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		r.write(w, http.StatusOK, "application/json", body[:len(body)/2])
		flush(w)
		drop(w)
	case SlowBytes:
		r.slowly(w, req, f, body)
	default:
		r.write(w, http.StatusOK, "application/json", body)
	}
}

func (r *Register) tooMany(w http.ResponseWriter, f Fault) {
	p := problem{Type: "urn:problem-type:belgif:tooManyRequests", Title: "Too Many Requests"}
	if f.Kind == TooManyFailed {
		p = problem{Type: "urn:problem-type:belgif:tooManyFailedRequests", Title: "Too Many Failed Requests"}
	}
	seconds := int64(f.Seconds)
	at := r.now().Add(time.Duration(seconds) * time.Second)
	switch f.Kind {
	case TooMany, TooManyFailed:
		w.Header().Set("Retry-After", fmt.Sprint(seconds))
		p.RetryAfter, p.RetryAfterSec = at.UTC().Format(time.RFC3339), &seconds
	case TooManyDate:
		w.Header().Set("Retry-After", at.UTC().Format(http.TimeFormat))
	}
	r.problem(w, http.StatusTooManyRequests, p)
}

func (f Fault) wait() time.Duration { return time.Duration(f.Seconds * float64(time.Second)) }

func status(f Fault) int {
	if f.Status == 0 {
		return http.StatusInternalServerError
	}
	return f.Status
}

// problemOf returns the problem type that an answer of such a status has.
func problemOf(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "urn:problem-type:belgif:invalidAccessToken"
	case http.StatusForbidden:
		return "urn:problem-type:belgif:missingScope"
	case http.StatusRequestEntityTooLarge:
		return "urn:problem-type:belgif:payloadTooLarge"
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return "urn:problem-type:belgif:badGateway"
	case http.StatusServiceUnavailable:
		return "urn:problem-type:belgif:serviceUnavailable"
	}
	return "urn:problem-type:belgif:internalServerError"
}

// pause waits real time: what a client's own limits are measured against.
func (r *Register) pause(req *http.Request, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-req.Context().Done():
	case <-r.closing:
	}
}

// hang returns no answer until the client goes away.
func (r *Register) hang(w http.ResponseWriter, req *http.Request) {
	select {
	case <-req.Context().Done():
	case <-r.closing:
	}
	drop(w)
}

func (r *Register) slowly(w http.ResponseWriter, req *http.Request, f Fault, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	each := f.wait() / time.Duration(max(len(body), 1))
	for i := range body {
		if _, err := w.Write(body[i : i+1]); err != nil {
			return
		}
		flush(w)
		r.pause(req, each)
	}
}

// drop closes the connection without another byte.
func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // the same, by the server's own means
	}
	conn.Close() //nolint:errcheck // that is the point
}

func flush(w http.ResponseWriter) {
	_ = http.NewResponseController(w).Flush()
}
