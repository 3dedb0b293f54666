package cli

import (
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type clockSegmentsCmd struct {
	Box string `placeholder:"NAME" help:"clock_box"`
}

// segmentsJSON is the answer of clock segments.
type segmentsJSON struct {
	environmentJSON
	Segments []segmentJSON  `json:"segments"`
	Cuts     []app.ClockCut `json:"cuts"` // by people, in force
}

// segmentJSON is a part of a log whose clock was wrong.
type segmentJSON struct {
	Segment       string                 `json:"segment"` // its name: box/log/first record
	Box           string                 `json:"box"`
	First         uint64                 `json:"first"`
	Last          uint64                 `json:"last"`
	Kind          attendance.SegmentKind `json:"kind"`
	Punches       int                    `json:"punches"`
	RawFrom       app.Instant            `json:"rawFrom"` // the box's own times
	RawTo         app.Instant            `json:"rawTo"`
	Between       app.Span               `json:"between"` // of what is certain around it
	Source        attendance.ShiftSource `json:"source"`
	ShiftMS       int64                  `json:"shiftMs"` // proposed, or accepted
	UncertaintyMS int64                  `json:"uncertaintyMs"`
	Fits          bool                   `json:"fits"`
	Repair        *app.ClockRepair       `json:"repair,omitempty"`
}

func segmentOf(w *acts.WrongClock) segmentJSON {
	j := segmentJSON{
		Segment:       w.Key().String(),
		Box:           w.Log.Box,
		First:         w.First,
		Last:          w.Last,
		Kind:          w.Kind,
		Punches:       w.Punches,
		RawFrom:       w.RawFrom,
		RawTo:         w.RawTo,
		Between:       w.Between,
		Source:        w.Source,
		ShiftMS:       w.Proposed.Milliseconds(),
		UncertaintyMS: w.Uncertainty.Milliseconds(),
		Fits:          w.Fits,
		Repair:        w.Accepted,
	}
	if w.Accepted != nil {
		j.Source, j.ShiftMS, j.UncertaintyMS = attendance.ShiftSource(w.Accepted.Source), w.Accepted.Shift.Milliseconds(), 0
	}
	return j
}

// Run lists the parts of logs whose clock was wrong.
func (c *clockSegmentsCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		all, cuts, err := r.wrongClocks(o, c.Box)
		if err != nil {
			return err
		}
		if r.json {
			out := segmentsJSON{environmentJSON: environmentOf(o), Segments: []segmentJSON{}, Cuts: append([]app.ClockCut{}, cuts...)}
			for i := range all {
				out.Segments = append(out.Segments, segmentOf(&all[i]))
			}
			return r.print(out)
		}
		for _, cut := range cuts {
			before := r.say.DateTime(cut.At, app.Belgium())
			r.line(clean(r.t("clock.cutLine", "Box", names.Box(cut.Log.Box), "By", cut.By, "Time", before, "Reason", cut.Reason, "ID", string(cut.ID))))
		}
		if len(all) == 0 {
			r.line(r.t("clock.none"))
			return nil
		}
		t := newTable(r.t("col.box"), r.t("clock.what"), r.t("clock.raw"), r.t("clock.shift"), r.t("clock.source"), r.t("clock.state"), r.t("clock.segment"))
		for i := range all {
			t.add(r.clockRow(names, &all[i])...)
		}
		r.table(t)
		return nil
	})
}

func (r *run) clockRow(names *derived.Names, w *acts.WrongClock) []string {
	zone := app.Belgium()
	j := segmentOf(w)
	shift := ""
	if j.Source != attendance.FromNothing {
		shift = wording.ClockShift(r.say, time.Duration(j.ShiftMS)*time.Millisecond) + " " + wording.Doubt(r.say, w.Uncertainty)
	}
	state := r.t("clock.waits")
	if w.Accepted != nil {
		shift, state = wording.ClockShift(r.say, w.Accepted.Shift), r.t("clock.accepted", "By", w.Accepted.By, "ID", string(w.Accepted.ID))
	}
	if !w.Fits && j.Source != attendance.FromNothing {
		state += ", " + r.t("clock.misfit")
	}
	raw := r.say.DateTime(w.RawFrom, zone) + " – " + r.say.DateTime(w.RawTo, zone)
	return []string{
		names.Box(w.Log.Box),
		wording.ClockKind(r.say, w.Kind) + ", " + r.n("clock.punches", w.Punches),
		raw,
		shift,
		wording.ShiftSource(r.say, j.Source),
		state,
		j.Segment,
	}
}

// wrongClocks returns the segments of a box, named as people do, or of all, and where people cut its logs.
func (r *run) wrongClocks(o *office.Office, box string) ([]acts.WrongClock, []app.ClockCut, error) {
	uid := ""
	if box != "" {
		known, err := r.knownBox(o, box)
		if err != nil {
			return nil, nil, err
		}
		uid = known
	}
	all, err := o.Judgements.WrongClocks(r.ctx, uid)
	if err != nil {
		return nil, nil, err
	}
	cuts, err := o.Judgements.Cuts(r.ctx, uid)
	return all, cuts, err
}

type clockRepairCmd struct {
	Segment  string `arg:"" help:"clock_segment"`
	Proposed bool   `help:"clock_proposed"`
	Shift    string `placeholder:"\"2 h 5 min\"" help:"clock_shift"`
	Punch    uint64 `placeholder:"NUMBER" help:"clock_punch"`
	At       string `placeholder:"\"2026-11-23 06:58\"" help:"clock_at"`
	Anyway   bool   `help:"clock_anyway"`
	Reason   string `placeholder:"TEXT" help:"clock_reason"`
	looking
}

// Run accepts a shift for a segment, or shows what that would change.
func (c *clockRepairCmd) Run(r *run) error {
	choice, err := c.choice()
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		e, err := o.Judgements.PreviewRepair(r.ctx, choice)
		if err != nil {
			return err
		}
		if goOn, err := r.lookAtRepair(o, names, c.looking, e); err != nil || !goOn {
			return err
		}
		made, err := o.Judgements.RepairClock(r.ctx, choice, c.Anyway, c.Reason)
		if err != nil {
			return err
		}
		return r.changed(o, r.t("clock.repaired", "Shift", wording.ClockShift(r.say, made.Shift), "ID", string(made.ID)), "clock-repair", string(made.ID))
	})
}

// choice reads by which shift: exactly one way of saying so.
func (c *clockRepairCmd) choice() (choice acts.ShiftChoice, err error) {
	ways := 0
	for _, given := range [...]bool{c.Proposed, c.Shift != "", c.Punch != 0 || c.At != ""} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return choice, wrong("clockWay")
	}
	if choice.Segment, err = parseRecordKey(c.Segment); err != nil {
		return choice, err
	}
	if c.Shift != "" {
		ms, err := attendance.Milliseconds.Parse(strings.TrimPrefix(c.Shift, "+"))
		if err != nil {
			return choice, &app.FieldError{Field: "shift", Code: "threshold.format", Example: "2 h 5 min"}
		}
		shift := time.Duration(ms) * time.Millisecond
		choice.Shift = &shift
	}
	choice.Punch = c.Punch
	if c.At != "" {
		choice.At, err = parseInstant("--at", c.At, app.Belgium())
	}
	if c.At != "" && c.Punch == 0 {
		choice.Punch = choice.Segment.Seq
	}
	return choice, err
}

type clockWithdrawCmd struct {
	ID string `arg:"" help:"clock_repair_id"`
	looking
	reason
}

// Run takes an accepted shift back, or shows what that would change.
func (c *clockWithdrawCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{WithdrawRepairs: []app.ID{app.ID(c.ID)}}); err != nil || !goOn {
			return err
		}
		if err := o.Judgements.WithdrawRepair(r.ctx, app.ID(c.ID), c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("clock.withdrawn"), "clock-repair", c.ID)
	})
}

type clockCutCmd struct {
	Punch  string `arg:"" help:"clock_cut_punch"`
	Reason string `placeholder:"TEXT" help:"clock_cut_reason"`
	looking
}

// Run cuts a log before a punch, or shows what that would change.
func (c *clockCutCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		first, err := r.recordKey(o, c.Punch)
		if err != nil {
			return err
		}
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{Cut: []app.RecordKey{first}}); err != nil || !goOn {
			return err
		}
		made, err := o.Judgements.CutClock(r.ctx, first, c.Reason)
		if err != nil {
			return err
		}
		return r.changed(o, r.t("clock.cutDone", "ID", string(made.ID)), "clock-cut", string(made.ID))
	})
}

type clockJoinCmd struct {
	ID string `arg:"" help:"clock_cut_id"`
	looking
	reason
}

// Run takes a cut back, or shows what that would change.
func (c *clockJoinCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{Join: []app.ID{app.ID(c.ID)}}); err != nil || !goOn {
			return err
		}
		if err := o.Judgements.JoinClock(r.ctx, app.ID(c.ID), c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("clock.joined"), "clock-cut", c.ID)
	})
}

// repairLookedJSON is the answer of a dry run of clock repair.
type repairLookedJSON struct {
	lookedJSON
	Segment segmentJSON            `json:"segment"`
	ShiftMS int64                  `json:"shiftMs"`
	Source  attendance.ShiftSource `json:"source"`
	Fits    bool                   `json:"fits"`
	Punches []movedJSON            `json:"punches"`
	Left    int                    `json:"left"` // of them sent before
}

// movedJSON is one punch as the box dated it, and as it would be.
type movedJSON struct {
	Seq      uint64      `json:"seq"`
	Raw      app.Instant `json:"raw"`
	At       app.Instant `json:"at"`
	WorkerID app.ID      `json:"workerId,omitempty"`
	SiteID   app.ID      `json:"siteId,omitempty"`
	Role     app.TapRole `json:"role"`
}

// lookAtRepair shows what a repair changes, punch by punch, before it is made.
func (r *run) lookAtRepair(o *office.Office, names *derived.Names, l looking, e *acts.ClockEffect) (goOn bool, err error) {
	lines := wording.ClockEffect(r.say, names, e)
	return r.look(l, lines, e.Weighs(), func() any {
		out := repairLookedJSON{
			lookedJSON: lookedJSON{environmentOf(o), true, r.effectOf(names, &e.Effect, lines), r.t("dryRun")},
			Segment:    segmentOf(&e.Clock),
			ShiftMS:    e.Shift.Milliseconds(),
			Source:     e.Source,
			Fits:       e.Fits,
			Punches:    []movedJSON{},
			Left:       len(e.Left),
		}
		for _, p := range e.Punches {
			out.Punches = append(out.Punches, movedJSON{p.Key.Seq, p.Raw, p.At, p.WorkerID, p.SiteID, p.Role})
		}
		return out
	})
}
