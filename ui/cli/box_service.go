package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/ui/wording"
)

// aBox are the flags that choose one connected box.
type aBox struct {
	Box string `placeholder:"BOX" help:"one_box"`
}

// path returns what is to be opened.
func (c *aBox) path(r *run, o *office.Office) (string, error) {
	paths, err := (&boxReadCmd{Box: c.Box}).paths(r, o)
	if err != nil {
		return "", err
	}
	return paths[0], nil
}

// serviceError is a fault of a box that was asked for more than a reading.
type serviceError struct{ err error }

func (e *serviceError) Error() string { return e.err.Error() }
func (e *serviceError) Unwrap() error { return e.err }

// at has something done with the box that was chosen.
func (c *aBox) at(r *run, do func(o *office.Office, path string) error) error {
	return r.onExisting(func(o *office.Office) error {
		path, err := c.path(r, o)
		if err != nil {
			return err
		}
		if err := do(o, path); err != nil {
			return &serviceError{err}
		}
		return nil
	})
}

// did says that a box did what it was asked for; message is the key of a text.
func (c *aBox) did(r *run, message string, do func(o *office.Office, path string) error) error {
	return c.at(r, func(o *office.Office, path string) error {
		if err := do(o, path); err != nil {
			return err
		}
		return r.changed(o, r.t(message, "Box", path), "box", path)
	})
}

type boxInfoCmd struct{ aBox }

// boxInfoJSON is the answer of box info.
type boxInfoJSON struct {
	environmentJSON
	Path         string      `json:"path"`
	Quarantined  string      `json:"quarantined,omitempty"`
	Info         app.BoxInfo `json:"info"`
	Clock        clockJSON   `json:"clock"`
	ClockChecked bool        `json:"clockChecked"`
	DriftPPM     float64     `json:"driftPpm"`
	Counted      int         `json:"counted"`
	Ledger       []pointJSON `json:"ledger"`
}

type clockJSON struct {
	At            app.Instant `json:"at"`
	OffsetMs      int64       `json:"offsetMs"` // box minus computer
	UncertaintyMs int64       `json:"uncertaintyMs"`
}

type pointJSON struct {
	clockJSON
	Checked  bool `json:"checked"`
	SinceSet bool `json:"sinceSet"`
}

func clockOf(c app.ClockOffset) clockJSON {
	return clockJSON{c.At, c.Offset.Milliseconds(), c.Uncertainty.Milliseconds()}
}

// Run asks a box about itself and measures its clock.
func (c *boxInfoCmd) Run(r *run) error {
	return c.at(r, func(o *office.Office, path string) error {
		d, err := o.Boxes.BoxDetail(r.ctx, path)
		if err != nil {
			return err
		}
		if !r.json {
			r.sayDetail(path, d)
			return nil
		}
		out := boxInfoJSON{
			environmentJSON: environmentOf(o),
			Path:            path,
			Quarantined:     d.Quarantined,
			Info:            d.Info,
			Clock:           clockOf(d.Clock),
			ClockChecked:    d.ClockChecked,
			DriftPPM:        d.Ledger.DriftPPM,
			Counted:         d.Ledger.Counted,
			Ledger:          []pointJSON{},
		}
		for _, p := range d.Ledger.Points {
			out.Ledger = append(out.Ledger, pointJSON{clockOf(p.ClockOffset), p.Checked, p.SinceSet})
		}
		return r.print(out)
	})
}

func (r *run) sayDetail(path string, d *boxes.BoxDetail) {
	i := d.Info
	yes := func(v bool) string {
		if v {
			return r.t("yes")
		}
		return r.t("no")
	}
	battery := "?"
	if i.Battery >= 0 {
		battery = fmt.Sprintf("%d %%", i.Battery)
	}
	t := newTable(i.Label, path)
	t.add(r.t("col.uid"), i.Log.Box)
	t.add(r.t("box.info.model"), i.Maker+" "+i.Model+" "+i.Firmware)
	t.add(r.t("box.info.battery"), battery)
	t.add(r.t("box.info.records"), r.t("box.info.range", "First", i.First, "Last", i.Last, "Acked", i.Acked, "Capacity", r.say.Number(int(i.Capacity))))
	t.add(r.t("box.info.paired"), yes(i.Paired))
	t.add(r.t("box.info.clockSet"), yes(i.ClockSet))
	r.table(t)
	if d.Quarantined != "" {
		r.line(r.t("quarantined", "Why", wording.Fault(r.say, d.Quarantined)))
	}
	r.sayOffset("read.clock", d.Clock)
	if !d.ClockChecked {
		r.line(r.t("box.info.unchecked"))
	}
	if d.Ledger.Counted > 1 {
		r.line(r.n("box.info.drift", d.Ledger.Counted, "Drift", r.say.Decimal(d.Ledger.DriftPPM, 1)))
	}
}

func (r *run) sayOffset(key string, c app.ClockOffset) {
	r.line(r.t(key, "Seconds", r.seconds(c.Offset.Milliseconds()), "Around", r.seconds(c.Uncertainty.Milliseconds())))
}

type boxTimeCmd struct {
	aBox
	Set bool `help:"time_set"`
}

// boxTimeJSON is the answer of box time.
type boxTimeJSON struct {
	environmentJSON
	Path   string     `json:"path"`
	Before clockJSON  `json:"before"`
	After  *clockJSON `json:"after,omitempty"` // with --set
}

// Run measures a box's clock, or sets it.
func (c *boxTimeCmd) Run(r *run) error {
	return c.at(r, func(o *office.Office, path string) error {
		out := boxTimeJSON{environmentJSON: environmentOf(o), Path: path}
		var before app.ClockOffset
		if c.Set {
			was, is, err := o.Boxes.SetBoxTime(r.ctx, path)
			if err != nil {
				return err
			}
			after := clockOf(is)
			before, out.After = was, &after
		} else {
			d, err := o.Boxes.BoxDetail(r.ctx, path)
			if err != nil {
				return err
			}
			before = d.Clock
		}
		out.Before = clockOf(before)
		if r.json {
			return r.print(out)
		}
		r.sayOffset("read.clock", before)
		if a := out.After; a != nil {
			r.line(r.t("box.time.set", "Seconds", r.seconds(a.OffsetMs), "Around", r.seconds(a.UncertaintyMs)))
		}
		return nil
	})
}

// button is how long a person may take to press a box's button.
type button struct {
	Wait time.Duration `default:"60s" placeholder:"60s" help:"wait_button"`
}

type boxPairCmd struct {
	aBox
	button
}

// Run pairs with a box while its button is pressed.
func (c *boxPairCmd) Run(r *run) error {
	return c.did(r, "box.did.paired", func(o *office.Office, path string) error {
		ctx, cancel := context.WithTimeout(r.ctx, c.Wait)
		defer cancel()
		return o.Boxes.PairBox(ctx, path, func() { r.aside(r.t("box.press", "Box", path)) })
	})
}

type boxUnpairCmd struct{ aBox }

// Run makes box and installation forget each other.
func (c *boxUnpairCmd) Run(r *run) error {
	return c.did(r, "box.did.unpaired", func(o *office.Office, path string) error { return o.Boxes.UnpairBox(r.ctx, path) })
}

type boxIdentifyCmd struct{ aBox }

// Run makes a box beep.
func (c *boxIdentifyCmd) Run(r *run) error {
	return c.did(r, "box.did.identified", func(o *office.Office, path string) error { return o.Boxes.IdentifyBox(r.ctx, path) })
}

type boxProveCmd struct{ aBox }

// Run has a box prove that it is the one that was met before.
func (c *boxProveCmd) Run(r *run) error {
	return c.did(r, "box.did.proved", func(o *office.Office, path string) error { return o.Boxes.ProveBox(r.ctx, path) })
}

type boxPairingsCmd struct {
	aBox
	button
}

// pairingsJSON is the answer of box pairings.
type pairingsJSON struct {
	environmentJSON
	Path     string   `json:"path"`
	Pairings []string `json:"pairings"`
}

// Run lists the installations that a box knows, while its button is held.
func (c *boxPairingsCmd) Run(r *run) error {
	return c.at(r, func(o *office.Office, path string) error {
		ids, err := c.list(r, o, path)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(pairingsJSON{environmentOf(o), path, list(ids)})
		}
		r.line(r.n("box.pairings", len(ids)))
		for _, id := range ids {
			r.line("  " + id)
		}
		return nil
	})
}

// askAgain is how often a box is asked whether its button is held.
const askAgain = 300 * time.Millisecond

func (c *boxPairingsCmd) list(r *run, o *office.Office, path string) ([]string, error) {
	ctx, cancel := context.WithTimeout(r.ctx, c.Wait)
	defer cancel()
	for told := false; ; told = true {
		ids, err := o.Boxes.BoxPairings(ctx, path)
		if !errors.Is(err, reading.PressButton) {
			return ids, err
		}
		if !told {
			r.aside(r.t("box.press", "Box", path))
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(askAgain):
		}
	}
}

type boxBadgesCmds struct {
	Push boxBadgesPushCmd `cmd:"" help:"box_badges_push"`
}

type boxBadgesPushCmd struct {
	aBox
	Refuse bool `help:"badges_refuse"`
}

// pushedJSON is the answer of box badges push.
type pushedJSON struct {
	environmentJSON
	Path    string `json:"path"`
	Count   int    `json:"count"`
	Version uint32 `json:"version"`
	Refuse  bool   `json:"refuse"`
}

// Run puts the badges that are held, now or later, on a box.
func (c *boxBadgesPushCmd) Run(r *run) error {
	return c.at(r, func(o *office.Office, path string) error {
		n, version, err := o.Boxes.PushBadges(r.ctx, path, c.Refuse)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(pushedJSON{environmentOf(o), path, n, version, c.Refuse})
		}
		r.line(r.n("box.pushed", n, "Box", path))
		return nil
	})
}

// printLine writes one JSON object on one line.
func (r *run) printLine(v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	_, err := io.WriteString(r.parts.Out, escape(b.String()))
	return err
}
