package ciao

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"klokkast/app"
)

// Again is a punch that the register refused, or accepted and then judged invalid,
// as it would be sent now.
type Again struct {
	Registration app.Registration // of the next generation, without an id
	Reasons      []app.HeldReason // why it is held all the same
	// Changed names what differs from what was refused: ssin, type, time,
	// employer, place, declaration. None: it may be sent again only where
	// something was mended at the NSSO.
	Changed []string
	// Judged says that it was accepted and then judged invalid: whatever is mended
	// here, what has to be put right lies at the NSSO.
	Judged bool
}

// MayGoAgain says that a registration was refused, or accepted and judged invalid.
func MayGoAgain(g *app.Registration) bool { return g.State == app.RegRefused || judgedInvalid(g) }

func judgedInvalid(g *app.Registration) bool {
	return g.State == app.RegAccepted && StandingOf(g.Validity) == StandsInvalid
}

// againOf returns what would be sent of one that may go again; nil for any other.
func againOf(refused *app.Registration, now *Candidate) *Again {
	if !MayGoAgain(refused) || now.Registration.Type == "" {
		return nil
	}
	a := &Again{Registration: now.Registration, Reasons: now.Reasons, Judged: judgedInvalid(refused)}
	a.Registration.Generation = max(refused.Generation, 1) + 1
	a.Registration.Late = true
	d := &a.Registration
	note := func(differs bool, what string) {
		if differs {
			a.Changed = append(a.Changed, what)
		}
	}
	note(d.SSIN != refused.SSIN, "ssin")
	note(d.Type != refused.Type, "type")
	note(d.At != refused.At, "time")
	note(d.Enterprise != refused.Enterprise || d.ForeignVAT != refused.ForeignVAT, "employer")
	note(!reflect.DeepEqual(d.Place, refused.Place), "place")
	note(d.Declaration != refused.Declaration, "declaration")
	return a
}

// May says why it may not be sent again; nil where a person may do so. What lacks
// something must be mended first, and what was refused is sent unchanged only where
// a person says what was mended at the NSSO: a Dimona, the declaration.
func (a *Again) May(mended string) error {
	if a == nil {
		return ErrNotRefused
	}
	if i := slices.IndexFunc(a.Reasons, func(r app.HeldReason) bool { return !Releasable(r) }); i >= 0 {
		return &StillHeldError{a.Reasons[i]}
	}
	if mended == "" && (a.Judged || len(a.Changed) == 0) {
		return ErrUnchanged
	}
	return nil
}

// Resent is what the trail keeps of a punch that is sent again.
type Resent struct {
	Environment app.Environment  `json:"environment"`
	Refused     app.ID           `json:"refused"`
	Generation  int              `json:"generation"`
	Changed     []string         `json:"changed"`
	Mended      string           `json:"mended,omitempty"`  // at the NSSO
	Reasons     []app.HeldReason `json:"reasons,omitempty"` // that a person set aside
}

// Resend queues a punch again that the register refused, or judged invalid, because
// a person says so after the data was mended, here or (mended, in a person's words)
// at the NSSO. It is marked late, and looked up before it is sent.
func Resend(ctx context.Context, store Store, c *Candidate, mended string, act app.Act) (app.Registration, error) {
	if err := c.Again.May(mended); err != nil {
		return app.Registration{}, err
	}
	if act.Actor == "" {
		return app.Registration{}, errors.New("send again: nobody is named")
	}
	row, err := freeze(&Candidate{Registration: c.Again.Registration}, act.At)
	if err != nil {
		return row, err
	}
	row.ApprovedBy, row.Mended = act.Actor, mended
	act.What, act.Target = "ciao.resend", "registration:"+string(c.Registration.ID)
	act.After = Resent{row.Environment, c.Registration.ID, row.Generation, c.Again.Changed, mended, c.Again.Reasons}
	added, err := store.Enqueue(ctx, []app.Registration{row}, &act)
	if err == nil && added == 0 { // somebody was quicker
		err = ErrNotRefused
	}
	return row, err
}
