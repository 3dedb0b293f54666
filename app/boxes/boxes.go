// Package boxes is all that is done with clock boxes: finding and reading them,
// watching taps, files of boxes without a cable, and the comparison of what was
// punched with what the register holds.
package boxes

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/filelog"
	"klokkast/app/reading"
	"klokkast/app/sending"
	"klokkast/app/workspace"
)

// Finder finds boxes and opens files of other makes.
type Finder interface {
	reading.Finder
	// OpenFile opens an export of another make: as a table where a mapping says how, or without one
	// (nil) a file that says itself what it is. *reading.UserFileError and
	// *reading.NeedsMappingError say what else it is.
	OpenFile(path string, m *reading.Mapping) (filelog.Source, error)
	filelog.LineReader
	// PreviewTable returns the first lines of a table as a mapping understands
	// them; without one it proposes one.
	PreviewTable(path string, m *reading.Mapping, rows int) (reading.TablePreview, error)
	// ParseUsers reads the people of a terminal (user.dat).
	ParseUsers(path string) (reading.UserFile, error)
}

// Boxes are the clock boxes: where they stand, what they hold, and reading them.
type Boxes struct {
	work       *workspace.Workspace
	derived    *derived.Cache
	connection *sending.Connection
	register   *sending.Register
	Finder     Finder
	// BoxPatience is how long a box is waited for whose cable dropped while it was read; 0: 10 s.
	BoxPatience time.Duration
	cables      cables
	watched     watched
}

// NewBoxes makes the part for boxes; finder is nil where the program runs without any, patience 0 is 10 s.
func NewBoxes(work *workspace.Workspace, derived *derived.Cache, register *sending.Register, finder Finder, patience time.Duration) *Boxes {
	return &Boxes{work: work, derived: derived, connection: register.Connection, register: register, Finder: finder, BoxPatience: patience}
}

// Rows returns the boxes that are known or connected: connected ones first,
// then by label. A connected box is asked who it is; one that does not answer
// says why.
func (o *Boxes) Rows(ctx context.Context) ([]BoxRow, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	rows, at := RowsOf(p, o.work.Now())
	connected, err := o.connected(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range connected {
		if i, ok := at[c.Box.UID]; ok && c.Box.UID != "" {
			rows[i].Connected, rows[i].Problem = c.Connected, c.Problem
			continue
		}
		rows = append(rows, c)
	}
	sort.SliceStable(rows, func(a, b int) bool {
		if x, y := rows[a].Connected != "", rows[b].Connected != ""; x != y {
			return x
		}
		return rows[a].Box.Label < rows[b].Box.Label
	})
	return rows, nil
}

// RowsOf returns one row per known box, and where each stands in the list.
func RowsOf(p *derived.Snapshot, now app.Instant) ([]BoxRow, map[string]int) {
	rows := make([]BoxRow, 0, len(p.Facts.Boxes))
	at := map[string]int{}
	for _, b := range p.Facts.Boxes {
		at[b.UID] = len(rows)
		rows = append(rows, BoxRow{Box: b, Known: true})
	}
	for _, pl := range p.Facts.Placements {
		if i, ok := at[pl.BoxUID]; ok && pl.Span.Holds(now) {
			rows[i].SiteID = pl.SiteID
		}
	}
	marks := map[app.LogKey]uint64{} // the highest acknowledged record of each log
	read := map[app.LogKey]uint64{}  // and the highest that was read
	for _, r := range p.Facts.Readings {
		marks[r.Log] = max(marks[r.Log], r.Acked, r.BoxAcked)
		read[r.Log] = max(read[r.Log], r.Last)
		if i, ok := at[r.Log.Box]; ok && r.Started >= rows[i].LastRead {
			rows[i].LastRead, rows[i].Last = r.Started, r
		}
		if i, ok := at[r.Log.Box]; ok {
			rows[i].ReadTo = max(rows[i].ReadTo, r.ReadTo)
		}
	}
	for i := range rows {
		rows[i].LastState, rows[i].ReadUpTo = rows[i].Last.State, read[rows[i].Last.Log]
	}
	for log, mark := range marks {
		if n, ok := at[log.Box]; ok {
			all, above := p.Engine.Punches(log, mark)
			rows[n].Punches += all
			rows[n].Unacked += uint64(above)
		}
	}
	for _, g := range p.Facts.Gaps {
		if i, ok := at[g.Log.Box]; ok {
			rows[i].Gaps = append(rows[i].Gaps, g)
			if g.ReadElsewhere {
				rows[i].Elsewhere = append(rows[i].Elsewhere, derived.ReadElsewhere(g, p.Engine.Events(g.Log)))
			}
		}
	}
	return rows, at
}

// connected asks every box within reach who it is.
func (o *Boxes) connected(ctx context.Context) ([]BoxRow, error) {
	if o.Finder == nil {
		return nil, nil
	}
	list, err := o.Finder.List(ctx)
	if err != nil && !errors.Is(err, reading.NoUSB) {
		return nil, fmt.Errorf("look for boxes: %w", err)
	}
	o.cables.forget(list)
	rows := make([]BoxRow, 0, len(list))
	for _, f := range list {
		row := BoxRow{Connected: f.Path, Problem: string(f.Fault)}
		if f.Fault == "" {
			info, err := o.whoIs(ctx, f.Path)
			row.Box = app.Box{UID: info.Log.Box, Make: info.Make, Label: info.Label}
			row.Problem = faultOf(err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// faultOf returns the code of why a box could not be used; "" for none.
func faultOf(err error) string {
	if err == nil {
		return ""
	}
	var f reading.Fault
	if errors.As(err, &f) {
		return string(f)
	}
	return string(reading.Protocol)
}

// ReadOptions say how a box is read.
type ReadOptions struct {
	// DoNotAcknowledge leaves the box's mark alone (a technician's laptop).
	DoNotAcknowledge bool
	// Dropped is called when the cable dropped and the box is waited for; piece is how many records are asked for at once
	// from now on. nil: nobody listens.
	Dropped func(piece int)
}

// ReadBox reads one box from its last stored record on. Every chunk is on disk
// before the next is asked for; cancelling ctx keeps what was stored. A box whose
// cable drops is waited for and read on, in smaller pieces.
func (o *Boxes) ReadBox(ctx context.Context, path string, opt ReadOptions, p workspace.Progress) (app.Reading, error) {
	o.connection.CheckClock(ctx)
	box, done, err := o.openBox(ctx, path, true)
	if err != nil {
		return app.Reading{}, fmt.Errorf("open the box: %w", err)
	}
	defer done()
	back := comingBack{o: o, path: path}
	defer back.leave()
	r, err := o.readOpen(ctx, o.work.Store, box, opt, back.find, p)
	err = errors.Join(err, o.layOut(ctx, r))
	o.work.ChangedBy(r.ID) // also after an error: chunks before it are stored
	return r, err
}

// layOut puts what a terminal's memory brought into the order of its log, beside what files of it brought.
func (o *Boxes) layOut(ctx context.Context, r app.Reading) error {
	if r.Log.Log != app.FileLog || r.New == 0 {
		return nil
	}
	files := Files{work: o.work, derived: o.derived, boxes: o}
	as := func(*filelog.Log) error { return nil }
	if _, err := filelog.Commit(context.WithoutCancel(ctx), o.work.Store, files.lines(), r.Log.Box, as, app.Act{}); err != nil {
		return fmt.Errorf("put the punches in order: %w", err)
	}
	return nil
}

// readOpen reads a box that is open, into a store that is the office's own. What changed by it is the caller's to tell.
// again finds it after its cable dropped; nil: the reading ends with the cable.
func (o *Boxes) readOpen(
	ctx context.Context,
	store reading.FileStore,
	box reading.Device,
	opt ReadOptions,
	again func(context.Context, app.LogKey) (reading.Device, error),
	p workspace.Progress,
) (app.Reading, error) {
	r, err := reading.ReadDevice(ctx, store, box, reading.Options{
		Installation: o.work.Installation().ID, Actor: o.work.Actor(), Now: o.work.Now, Check: o.work.Settings().Check,
		DoNotAcknowledge: opt.DoNotAcknowledge, Progress: ofReading(p), Again: again, Dropped: opt.Dropped,
	})
	if err != nil {
		return r, fmt.Errorf("read the box: %w", err)
	}
	return r, nil
}

// FindBox returns the path of a connected box named by path, UID or label.
func (o *Boxes) FindBox(ctx context.Context, name string) (string, error) {
	if strings.Contains(name, ":") {
		return name, nil
	}
	rows, err := o.connected(ctx)
	if err != nil {
		return "", err
	}
	var found []string
	for _, r := range rows {
		if strings.EqualFold(r.Box.Label, name) || (len(name) >= 6 && strings.HasPrefix(r.Box.UID, strings.ToLower(name))) {
			found = append(found, r.Connected)
		}
	}
	switch len(found) {
	case 0:
		return "", app.NotFound("box", name)
	case 1:
		return found[0], nil
	}
	return "", &AmbiguousError{Kind: "box", Name: name, Count: len(found)}
}

// Readings returns the sessions with one box, or with all ("" as UID), newest first.
func (o *Boxes) Readings(ctx context.Context, uid string) ([]app.Reading, error) {
	all, err := o.work.Store.Readings(ctx)
	if err != nil {
		return nil, err
	}
	out := []app.Reading{}
	for _, r := range all {
		if !r.Log.ByRegister() && (uid == "" || r.Log.Box == uid) {
			out = append(out, r)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].Started > out[b].Started })
	return out, nil
}

// PlaceBox says that a box stands at a site from an instant on; where it stood before, it stands no more.
func (o *Boxes) PlaceBox(ctx context.Context, uid string, site app.ID, from app.Instant, why string) error {
	p := app.Placement{BoxUID: uid, SiteID: site, Span: app.Span{From: from}}
	if err := errors.Join(workspace.Required("box", uid, "Leuven balie"), workspace.Required("site", string(site), "Stadhuis Leuven"), workspace.CheckSpan(p.Span)); err != nil {
		return err
	}
	if err := acts.EnsureID(&p.ID); err != nil {
		return err
	}
	return o.work.Done("place the box", o.work.Store.PlaceBox(ctx, p, o.work.Act("box.place", "box:"+uid, why)))
}

// EndPlacement says that a box stands there no more from an instant on.
func (o *Boxes) EndPlacement(ctx context.Context, id app.ID, at app.Instant, why string) error {
	return o.work.Done("take the box away", o.work.Store.EndPlacement(ctx, id, at, o.work.Act("placement.end", "placement:"+string(id), why)))
}

// ReopenBox lifts the quarantine of a box, for a reason that is kept in the
// trail; a box that is not closed is left alone. What closed it is looked at
// again: one that still has another log is closed again by its next reading.
// After another key, that reading pins the new one.
func (o *Boxes) ReopenBox(ctx context.Context, uid, why string) error {
	if err := workspace.Required("why", why, "The copy was destroyed"); err != nil {
		return err
	}
	box, met, err := o.work.Store.KnownBox(ctx, uid)
	if err == nil && !met {
		err = app.NotFound("box", uid)
	}
	if err != nil || box.Quarantined == "" {
		return err
	}
	return o.work.Done("reopen the box", o.work.Store.ReopenBox(ctx, uid, o.work.Act("box.reopen", "box:"+uid, strings.TrimSpace(why))))
}

// SaveBox keeps what people decide about a box: label, zone, group, status keys. Another zone, or another answer about the
// status column, of a box whose taps come in files is what all its lines mean from now on.
func (o *Boxes) SaveBox(ctx context.Context, b app.Box, why string) error {
	b.Label = strings.TrimSpace(b.Label)
	known, met, err := o.work.Store.KnownBox(ctx, b.UID)
	if err != nil {
		return fmt.Errorf("find the box: %w", err)
	}
	err = o.work.Done("keep the box", o.work.Store.SaveBox(ctx, b, o.work.Act("box.save", "box:"+b.UID, why)))
	if err != nil || !met || !known.Make.Can().Files || b.Zone == known.Zone && b.StatusKeys == known.StatusKeys {
		return err
	}
	return o.meanAll(ctx, known, b, why)
}
