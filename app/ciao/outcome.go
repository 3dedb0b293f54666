package ciao

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
)

// Codes of our own for what a problem type does not say; texts stand in the
// catalogues as ciao.problem.CODE.
const (
	CodeNoConnection  = "no-connection"     // nothing was sent
	CodeNoAnswer      = "no-answer"         // sent, and then nothing whole came back
	CodeMalformed     = "malformed"         // 200, but not what was expected
	CodeRedirect      = "redirect"          // never followed
	CodeUnexpected    = "unexpected"        // a status without a rule
	CodeNotConfigured = "not-configured"    // the operation has no address
	CodeAddress       = "address"           // the address cannot be used
	CodeAssertion     = "assertion"         // the JWT could not be signed
	CodeCancelled     = "cancelled"         // before anything was sent
	CodeFenced        = "fenced"            // this sender no longer held its lease: nothing was sent
	CodeTokenRefused  = "token-refused"     // no token, and no reason that we know
	CodeTokenDown     = "token-unavailable" // the token endpoint does not work
	CodeTokenAgain    = "token-refused-new" // a second 401, for a new token
	CodeMediaType     = "media-type"        // 415
	CodeUnproven      = "look-up-unproven"  // no question of this form ever found what was known to be there
	CodeOtherID       = "id-of-another"     // an id that another registration has already
	CodeTooManyFailed = "too-many-refusals" // the failure budget is spent
	CodeRestored      = "restored"          // the database may be older than what was sent
	CodeForbidden     = "forbidden"         // 403 for another reason than one employer
	CodeNotFound      = "address-not-found" // 404 where we register
	CodeNotCancelled  = "not-cancelled"     // a cancellation that was surely not carried out
	CodeDied          = "died"              // the program ended while it was under way
	CodeEarlier       = "earlier-run"       // an earlier run queued it, and nothing can tell whether it was sent
	CodeByPhone       = "by-phone"          // queued, and then it came out that the person registered it by phone: a person looks
	CodeKeepsFailing  = "keeps-failing"     // the register takes others and never this one: a person looks
	CodeHost          = "host"              // the address is not one of the environment: nothing left this computer
	CodeDemo          = "demo"              // the same, of a demo, which never leaves this computer
)

// Outcome is what is known of one request. It is an error where it is not a
// plain success.
type Outcome struct {
	Fate    app.AttemptOutcome
	Status  int      // HTTP; 0 where no answer came
	Code    string   // "" for a plain 200; a code above, the short problem type or an OAuth error
	Problem *Problem // nil where the answer was none
	TraceID string
	Detail  string        // masked; for engineers
	Wait    time.Duration // what the register asked to wait from now on; 0 nothing
	// Down says that the register or the way to it does not work now: wait and try again.
	Down bool
}

// tooManyFailed says that the register counted too many of our requests as failed.
func (o *Outcome) tooManyFailed() bool {
	return o.Problem != nil && o.Problem.Type == ProblemTooManyFailed
}

// tooLarge says that the request may have been refused for its size: 413, or a 400
// that names the list of items and none of them.
func (o *Outcome) tooLarge() bool {
	return o.Status == http.StatusRequestEntityTooLarge || o.Status == http.StatusBadRequest && o.Problem.namesList()
}

// aboutSize are words of a refusal that is about the number of items, as schema
// validators and people write them. [?]
var aboutSize = regexp.MustCompile(`(?i)too (many|large|long)|max|at most|exceed|size|limit|te veel|te groot|hoogstens|trop|au plus|zu viele|zu gro|h\x{f6}chstens`)

// saysSize says that such a refusal speaks of the size, in words or by its status.
func (o *Outcome) saysSize() bool {
	return o.tooLarge() && (o.Status == http.StatusRequestEntityTooLarge || aboutSize.MatchString(o.Detail))
}

// Error names status and code, never personal data.
func (o *Outcome) Error() string {
	return strings.Join(nonEmpty("register: "+string(o.Fate), statusText(o.Status), o.Code, o.Detail), ": ")
}

// TextKey names the text for people: what it means and what to do.
func (o *Outcome) TextKey() (string, map[string]any) { return ProblemKey(o.Code) }

// OtherProblem is the catalogue key of a problem whose code has no text of its own.
const OtherProblem = "ciao.problem.other"

// ProblemKey returns the catalogue key of a problem's code, as kept in attempts,
// reports and the sender's state, and the values for it.
func ProblemKey(code string) (string, map[string]any) {
	if !slices.Contains(codes(), code) {
		return OtherProblem, map[string]any{"Code": code}
	}
	return "ciao.problem." + code, nil
}

// codes lists every code that has a text of its own.
func codes() []string {
	return []string{
		"noAccessToken", "invalidAccessToken", "expiredAccessToken", "missingScope", "missingPermission", "resourceNotFound",
		"badRequest", "payloadTooLarge", "tooManyRequests", "tooManyFailedRequests", "internalServerError", "badGateway",
		"serviceUnavailable", oauthInvalidClient,
		CodeNoConnection, CodeNoAnswer, CodeMalformed, CodeRedirect, CodeUnexpected, CodeNotConfigured, CodeAddress, CodeAssertion,
		CodeCancelled, CodeFenced, CodeTokenRefused, CodeTokenDown, CodeTokenAgain, CodeMediaType, CodeUnproven, CodeOtherID,
		CodeTooManyFailed, CodeRestored, CodeForbidden, CodeNotFound, CodeNotCancelled, CodeDied, CodeHost, CodeDemo, CodeEarlier, CodeKeepsFailing, CodeByPhone,
		CodeClockOff, CodeNoDate, CodeKeyLocked, CodeKeyExpired, CodeKeyBad,
	}
}

func statusText(status int) string {
	if status == 0 {
		return ""
	}
	return "status " + strconv.Itoa(status)
}

// failed returns the outcome of a request that did not reach the register's
// operation: nothing was processed.
func (c *Client) failed(r *reply, code string) *Outcome {
	o := &Outcome{Fate: app.AttemptNotProcessed, Code: code, Status: r.status}
	o.Down = code == CodeNoConnection || code == CodeTokenDown || r.status == http.StatusTooManyRequests || r.status >= 500
	if r.err != nil {
		o.Detail = mask(r.err.Error())
	}
	if r.header != nil {
		o.TraceID = mask(r.header.Get(headerTrace))
		o.Problem = readProblem(r)
		o.Wait = retryAfter(r, o.Problem)
	}
	return o
}

// classify says what is known of a request, by docs/ciao.md.
func (c *Client) classify(r *reply) *Outcome {
	if r.err != nil && r.status == 0 {
		return c.unanswered(r)
	}
	o := &Outcome{Fate: app.AttemptFateUnknown, Status: r.status, TraceID: mask(r.header.Get(headerTrace))}
	if r.err != nil { // a status, but the rest was cut off
		o.Code, o.Detail = CodeNoAnswer, mask(r.err.Error())
	} else {
		o.Problem = readProblem(r)
	}
	o.Wait = retryAfter(r, o.Problem)
	if o.Problem != nil {
		o.Detail = mask(problemDetail(o.Problem))
	}
	c.judge(o, r)
	if o.Code == "" && o.Status != http.StatusOK {
		o.Code = codeOf(o)
	}
	return o
}

func (c *Client) unanswered(r *reply) *Outcome {
	o := &Outcome{Fate: app.AttemptFateUnknown, Code: CodeNoAnswer, Detail: mask(r.err.Error()), Down: true}
	if !r.reached {
		o.Fate, o.Code = app.AttemptNotProcessed, r.unreached()
		o.Down = o.Code != CodeHost // which does not pass by itself
	}
	return o
}

// judge sets the fate by the status. Whatever has no rule stays unknown.
func (c *Client) judge(o *Outcome, r *reply) {
	switch s := o.Status; {
	case s >= 300 && s < 400:
		o.Fate, o.Code = app.AttemptNotProcessed, CodeRedirect
	case s == http.StatusBadRequest, s == http.StatusUnauthorized, s == http.StatusForbidden,
		s == http.StatusNotFound, s == http.StatusRequestEntityTooLarge:
		o.Fate = app.AttemptNotProcessed
	case s == http.StatusUnsupportedMediaType:
		o.Fate, o.Code = app.AttemptNotProcessed, CodeMediaType
	case s == http.StatusTooManyRequests:
		o.Fate, o.Down = app.AttemptNotProcessed, true
	case s == http.StatusServiceUnavailable && o.Problem != nil:
		o.Fate, o.Down = app.AttemptNotProcessed, true
	case s == http.StatusNotImplemented: // waiting helps nothing
	case s >= 500:
		o.Down = true
	case s != http.StatusOK || o.Code != "":
	case !r.is(typeJSON):
		o.Code = CodeMalformed
	default:
		o.Fate = app.AttemptAnswered
	}
}

// codeOf names an outcome that no rule named yet.
func codeOf(o *Outcome) string {
	if code := o.Problem.Code(); code != "" {
		return code
	}
	switch o.Status {
	case http.StatusBadRequest:
		return "badRequest"
	case http.StatusUnauthorized:
		return "invalidAccessToken"
	case http.StatusForbidden:
		return CodeForbidden
	case http.StatusNotFound:
		return CodeNotFound
	case http.StatusRequestEntityTooLarge:
		return "payloadTooLarge"
	case http.StatusTooManyRequests:
		return "tooManyRequests"
	case http.StatusInternalServerError:
		return "internalServerError"
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return "badGateway"
	case http.StatusServiceUnavailable:
		return "serviceUnavailable"
	}
	return CodeUnexpected
}

// readProblem reads a problem body; nil where the answer has none.
func readProblem(r *reply) *Problem {
	if !r.is(typeProblem) && !(r.is(typeJSON) && r.status >= 400) {
		return nil
	}
	var p Problem
	var other *json.UnmarshalTypeError
	if err := decodeJSON(r.body, &p); err != nil && !errors.As(err, &other) { // RFC 9457: a member of another type is ignored
		return nil
	}
	switch {
	case p.Type != "":
	case r.is(typeProblem):
		p.Type = problemUntyped
	default:
		return nil
	}
	return &p
}

func problemDetail(p *Problem) string {
	texts := nonEmpty(p.Type, p.Title, p.Detail)
	for _, s := range p.Issues {
		texts = append(texts, strings.Join(nonEmpty(s.Name, s.Type, s.Detail, valueText(s.Value)), " "))
		for _, input := range s.Inputs {
			texts = append(texts, strings.Join(nonEmpty(input.Name, valueText(input.Value)), " "))
		}
	}
	for _, s := range p.InvalidParams {
		texts = append(texts, strings.Join(nonEmpty(s.Name, s.Reason, valueText(s.Value)), " "))
	}
	return strings.Join(texts, "; ")
}

func valueText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// mostWait is the longest wait that is believed: a slip of a header must not
// stop a company for a year.
const mostWait = 24 * time.Hour

// retryAfter returns how long the register asks to wait: the longer of header
// and body. A date counts from the answer's own Date.
func retryAfter(r *reply, p *Problem) time.Duration {
	base, ok := r.date()
	if !ok {
		base = r.ended
	}
	wait := waitText(r.header.Get("Retry-After"), base)
	if p != nil {
		wait = max(wait, waitText(valueText(p.RetryAfter), base), waitText(valueText(p.RetryAfterSec), base))
	}
	return min(max(wait, 0), mostWait)
}

// waitText reads seconds, an HTTP date or an RFC 3339 instant.
func waitText(s string, base app.Instant) time.Duration {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return seconds(n)
	}
	if t, err := http.ParseTime(s); err == nil {
		return app.At(t).Sub(base)
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return app.At(t).Sub(base)
	}
	return 0
}

func seconds(n int64) time.Duration {
	return time.Duration(min(max(n, 0), int64(mostWait/time.Second))) * time.Second
}
