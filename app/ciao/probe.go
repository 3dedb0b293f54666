package ciao

import (
	"context"
	"errors"
	"net/http"
	"time"

	"klokkast/app"
)

// Step names one thing that must work before anything can be registered, in
// the order in which they are tried.
type Step string

// Steps of a connection test.
const (
	StepKey     Step = "key"     // the private key is there, unlocked, long enough, and its certificate not over
	StepNetwork Step = "network" // the sign-in address is reached, by TLS where it is not this computer
	StepClock   Step = "clock"   // this computer's clock agrees with the register's
	StepToken   Step = "token"   // the register knows client id and key and gives a token
	StepScope   Step = "scope"   // the token opens the presence register
)

// StepState is what came of a step.
type StepState string

// States of a step.
const (
	StepFine    StepState = "fine"
	StepFailed  StepState = "failed"
	StepUnknown StepState = "unknown" // the answer does not tell
	StepSkipped StepState = "skipped" // one before it failed
)

// StepResult is what came of one step of a connection test.
type StepResult struct {
	Step  Step      `json:"step"`
	State StepState `json:"state"`
	// Code says why it failed or does not tell: see ProblemKey; "" where all is well.
	Code string `json:"code,omitempty"`
	// Offset is this computer's clock minus the register's, of the step clock.
	Offset  time.Duration `json:"-"`
	TraceID string        `json:"traceId,omitempty"`
	Detail  string        `json:"detail,omitempty"` // masked; for engineers
}

// Codes of connection tests, besides those of outcomes.
const (
	CodeClockOff   = "clock-off"   // by more than two minutes
	CodeNoDate     = "no-date"     // the answer did not tell the register's time
	CodeKeyLocked  = "key-locked"  // the passphrase was not given
	CodeKeyExpired = "key-expired" // its certificate is over
	CodeKeyBad     = "key-bad"     // no private key that can be used
)

// Steps returns the results of a test that ended with its first step.
func Steps(first StepResult) []StepResult {
	results := []StepResult{first}
	for _, s := range [...]Step{StepNetwork, StepClock, StepToken, StepScope} {
		results = append(results, StepResult{Step: s, State: StepSkipped})
	}
	return results
}

// Probe tries the way to the register and registers nothing: it signs in anew
// and asks for a registration that cannot exist. The step key is fine: without
// one there is no Client.
func (c *Client) Probe(ctx context.Context) []StepResult {
	results := Steps(StepResult{Step: StepKey, State: StepFine})
	network, clock, token, scope := &results[1], &results[2], &results[3], &results[4]
	before := c.ClockCheck()
	c.tokens.set("", 0) // a kept one would prove nothing
	_, o := c.signIn(ctx)
	if o != nil && (o.Code == CodeNoConnection || o.Code == CodeAddress || o.Code == CodeHost || o.Code == CodeCancelled) {
		network.fail(o)
		return results
	}
	network.State = StepFine
	clock.judgeClock(before, c.ClockCheck())
	if o != nil {
		token.fail(o)
		return results
	}
	token.State = StepFine
	scope.judgeScope(c.probeScope(ctx))
	return results
}

// signIn is accessToken with its error as what it is.
func (c *Client) signIn(ctx context.Context) (string, *Outcome) {
	token, err := c.accessToken(ctx)
	var o *Outcome
	errors.As(err, &o)
	return token, o
}

func (r *StepResult) fail(o *Outcome) {
	r.State, r.Code, r.TraceID, r.Detail = StepFailed, o.Code, o.TraceID, o.Detail
}

func (r *StepResult) judgeClock(before, now app.ClockCheck) {
	switch {
	case now == before:
		r.State, r.Code = StepUnknown, CodeNoDate
	case abs(now.Offset) > tellOffset:
		r.State, r.Code, r.Offset = StepFailed, CodeClockOff, now.Offset
	default:
		r.State, r.Offset = StepFine, now.Offset
	}
}

// noRegistration is an id that the register never gave.
const noRegistration = 0

func (c *Client) probeScope(ctx context.Context) *Outcome {
	_, o := c.One(ctx, noRegistration)
	return o
}

// judgeScope reads the answer to a question about nothing: whoever may not ask
// is told so before whether it exists.
func (r *StepResult) judgeScope(o *Outcome) {
	switch o.Status {
	case http.StatusOK, http.StatusNotFound, http.StatusBadRequest:
		r.State = StepFine
		if o.Status == http.StatusNotFound && o.Problem == nil { // the address itself may be wrong
			r.State, r.Code = StepUnknown, CodeNotFound
		}
	case http.StatusUnauthorized, http.StatusForbidden:
		r.fail(o)
	default:
		r.fail(o)
		r.State = StepUnknown
	}
	r.TraceID = o.TraceID
}
