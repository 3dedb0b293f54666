package cli

import (
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// looking are the flags of whatever shows first what it changes.
type looking struct {
	DryRun bool `name:"dry-run" help:"look_only"`
	Yes    bool `name:"yes" short:"y" help:"yes"`
}

// effectJSON says what a step changes.
type effectJSON struct {
	Days  []dayEffectJSON  `json:"days"`
	Goes  []foundJSON      `json:"goes"`  // found now, no more then
	Comes []foundJSON      `json:"comes"` // found only then
	Taps  int              `json:"taps"`  // that become somebody else's, or do something else
	Sent  []sentEffectJSON `json:"alreadySent"`
	Lines []string         `json:"lines"` // in words
}

type dayEffectJSON struct {
	WorkerID         app.ID   `json:"workerId"`
	Worker           string   `json:"worker"`
	Day              app.Date `json:"day"`
	Before           int64    `json:"beforeMinutes"`
	After            int64    `json:"afterMinutes"`
	IncompleteBefore bool     `json:"incompleteBefore"`
	IncompleteAfter  bool     `json:"incompleteAfter"`
	Closed           bool     `json:"closed"`
}

type foundJSON struct {
	Rule    app.Rule `json:"rule"`
	Key     string   `json:"key"`
	Message string   `json:"message"`
}

type sentEffectJSON struct {
	Registration app.ID                `json:"registration"`
	Punch        string                `json:"punch"`
	State        app.RegistrationState `json:"state"`
	WorkerID     app.ID                `json:"workerId"`              // of whom it was sent
	NowWorkerID  app.ID                `json:"nowWorkerId,omitempty"` // of whom it would be
	Type         app.RegistrationType  `json:"type"`
	NowType      app.RegistrationType  `json:"nowType,omitempty"`
}

// lookedJSON is the answer of a dry run.
type lookedJSON struct {
	environmentJSON
	DryRun  bool       `json:"dryRun"`
	Effect  effectJSON `json:"effect"`
	Message string     `json:"message"`
}

// lookFirst shows what a proposal changes before it is done. It stops for a dry
// run, and where it reaches what was sent or approved unless --yes says so.
func (r *run) lookFirst(o *office.Office, names *derived.Names, l looking, p acts.Proposal) (goOn bool, err error) {
	e, err := o.Judgements.Preview(r.ctx, p)
	if err != nil {
		return false, err
	}
	lines := wording.Effect(r.say, names, e)
	shown := lines
	if e.Nothing() && !l.DryRun {
		shown = nil
	}
	return r.look(l, shown, e.Weighs(), func() any { return lookedJSON{environmentOf(o), true, r.effectOf(names, e, lines), r.t("dryRun")} })
}

// look shows in words what a step changes, and says whether it is taken: not by a dry run, whose answer in JSON is answer's, nor
// where it weighs, unless --yes says so.
func (r *run) look(l looking, lines []string, weighs bool, answer func() any) (goOn bool, err error) {
	if !r.json {
		for _, line := range lines {
			r.line(clean(line))
		}
	}
	switch {
	case l.DryRun && r.json:
		return false, r.print(answer())
	case l.DryRun:
		r.line(r.t("dryRun"))
		return false, nil
	case weighs && !l.Yes:
		return false, failure("needsYes")
	}
	return true, nil
}

func (r *run) effectOf(names *derived.Names, e *acts.Effect, lines []string) effectJSON {
	out := effectJSON{Days: []dayEffectJSON{}, Goes: r.foundOf(names, e.Goes), Comes: r.foundOf(names, e.Comes), Taps: len(e.Taps), Sent: []sentEffectJSON{}}
	for _, l := range lines {
		out.Lines = append(out.Lines, clean(l))
	}
	for i := range e.Days {
		d := &e.Days[i]
		out.Days = append(
			out.Days,
			dayEffectJSON{
				d.WorkerID,
				names.Worker(d.WorkerID),
				d.Day,
				int64(d.Before / time.Minute),
				int64(d.After / time.Minute),
				d.Incomplete[0],
				d.Incomplete[1],
				d.Closed,
			},
		)
	}
	for i := range e.Sent {
		s := &e.Sent[i]
		out.Sent = append(
			out.Sent,
			sentEffectJSON{
				s.Registration.ID,
				s.Registration.Punch.String(),
				s.Registration.State,
				s.Registration.WorkerID,
				s.WorkerID,
				s.Registration.Type,
				s.Type,
			},
		)
	}
	return out
}

func (r *run) foundOf(names *derived.Names, list []app.Anomaly) []foundJSON {
	out := []foundJSON{}
	for i := range list {
		out = append(out, foundJSON{list[i].Rule, list[i].Key().String(), clean(wording.Anomaly(r.say, names, &list[i]))})
	}
	return out
}
