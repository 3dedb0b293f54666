package filelog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"klokkast/app"
)

// Edit changes a log in memory: another meaning, an undone import, another order.
type Edit func(*Log) error

// Reconsidered is what an edit of a log changes.
type Reconsidered struct {
	Log     *Log // with the edit
	Change  *Change
	Moved   []Moved
	view    *View
	numbers map[uint64]int // of lines, by their records
}

// Punches are all that count with the edit.
func (r *Reconsidered) Punches() (list []app.Punch) {
	keys := r.view.keys()
	for _, t := range r.view.taps {
		if t.same == t && t.counts {
			list = append(list, *r.view.punchOf(t, keys[t.line][t.part]))
		}
	}
	return list
}

// Moved is a punch that is otherwise than before.
type Moved struct {
	Before, After *app.Punch // nil: it did not count, or counts no more
}

// Reconsider finds out what an edit changes, and changes nothing.
func Reconsider(ctx context.Context, store Store, r LineReader, box string, edit Edit) (*Reconsidered, error) {
	log, err := store.FileLog(ctx, box)
	if err != nil {
		return nil, fmt.Errorf("look up the log of %s: %w", box, err)
	}
	edited := *log
	edited.Files, edited.Meanings = slices.Clone(log.Files), slices.Clone(log.Meanings)
	if err := edit(&edited); err != nil {
		return nil, err
	}
	v, err := Derive(&edited, r)
	if err != nil {
		return nil, err
	}
	out := &Reconsidered{Log: &edited, view: v, Change: v.Difference(len(log.Lines), len(log.Files))}
	out.Change.noteEdit(log, &edited)
	out.Moved = moved(log, out.Change)
	return out, nil
}

// noteEdit adds what the edit itself did to the log's files, meanings and box.
func (c *Change) noteEdit(before, after *Log) {
	for i := range after.Files {
		f := after.Files[i]
		if old := before.Files[i]; f.Undone == old.Undone && f.Said == old.Said {
			continue
		}
		if k := slices.IndexFunc(c.Files, func(g File) bool { return g.Reading.ID == f.Reading.ID }); k >= 0 {
			c.Files[k].Undone, c.Files[k].Said = f.Undone, f.Said
		} else {
			c.Files = append(c.Files, f)
		}
	}
	for i := range after.Meanings {
		m := after.Meanings[i]
		switch {
		case i >= len(before.Meanings):
			c.Meanings = append(c.Meanings, m)
		case m.Withdrawn != before.Meanings[i].Withdrawn:
			c.Withdraw, c.At = append(c.Withdraw, m.ID), m.Withdrawn
		case m.Forgotten != before.Meanings[i].Forgotten:
			c.Forget, c.At = append(c.Forget, m.ID), m.Forgotten
		}
	}
	c.Rewrites = c.Rewrites || len(c.Files) > 0
	if after.Box != before.Box {
		c.Box = &after.Box
	}
}

// moved lists the punches that a change makes otherwise, by their keys.
func moved(log *Log, c *Change) (list []Moved) {
	stored := map[uint64]*app.Punch{}
	for i := range log.Lines {
		for _, r := range log.Lines[i].Records {
			if r.Counts {
				stored[r.Seq] = r.Punch
			}
		}
	}
	for i := range c.Punches {
		s := &c.Punches[i]
		m := Moved{Before: stored[s.Seq]}
		if s.Counts {
			m.After = &s.Punch
		}
		if m.Before != nil && m.After != nil {
			was, is := *m.Before, *m.After
			was.Position, is.Position = app.Position{}, app.Position{}
			if was == is {
				continue
			}
		}
		if m.Before != nil || m.After != nil {
			list = append(list, m)
		}
	}
	return list
}

// Commit carries out an edit, and makes it anew when the log changes meanwhile. The act is noted in the trail with it.
func Commit(ctx context.Context, store Store, r LineReader, box string, edit Edit, act app.Act) (*Reconsidered, error) {
	for n := 1; ; n++ {
		out, err := Reconsider(ctx, store, r, box, edit)
		if err != nil {
			return nil, err
		}
		err = store.ChangeFileLog(ctx, out.Change, act)
		if errors.Is(err, ErrMeanwhile) && n < attempts {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("change the log of %s: %w", box, err)
		}
		return out, nil
	}
}

// Mean lets a meaning hold from one of its imports on: the one of the same imports holds no more, nor any other where it is of
// all. The box's settings follow it.
func Mean(m Meaning) Edit {
	return func(l *Log) error {
		m.Box = l.Box.UID
		for i := range l.Meanings {
			if old := &l.Meanings[i]; old.Kind == m.Kind && (old.Since == m.Since || m.Since == "") && old.Withdrawn == 0 {
				old.Withdrawn = m.At
			}
		}
		l.Meanings = append(l.Meanings, m)
		l.follow(m.Kind)
		return nil
	}
}

// MeanAgain takes a meaning back: what held before it for the same imports holds again.
func MeanAgain(id app.ID, at app.Instant) Edit {
	return func(l *Log) error {
		k := slices.IndexFunc(l.Meanings, func(m Meaning) bool { return m.ID == id && m.Withdrawn == 0 })
		if k < 0 {
			return app.NotFound("meaning", string(id))
		}
		m := l.Meanings[k]
		l.Meanings[k].Withdrawn = at
		for _, old := range l.Meanings[:k] {
			if old.Kind == m.Kind && old.Withdrawn == m.At {
				fresh, err := app.NewID()
				if err != nil {
					return err
				}
				old.ID, old.At, old.Withdrawn = fresh, at, 0
				l.Meanings = append(l.Meanings, old)
			}
		}
		l.follow(m.Kind)
		return nil
	}
}

// follow sets the box's own zone and status keys to what its next file of a kind will mean.
func (l *Log) follow(kind Kind) {
	for _, m := range l.Meanings {
		if m.Kind == kind && m.Withdrawn == 0 {
			l.Box.Zone, l.Box.StatusKeys = m.Zone, m.StatusKeys
		}
	}
}

// Forget lets the next file of a kind be asked about; what the lines mean that are there stays.
func Forget(kind Kind, at app.Instant) Edit {
	return func(l *Log) error {
		for i := range l.Meanings {
			if m := &l.Meanings[i]; m.Kind == kind && m.Withdrawn == 0 && m.Forgotten == 0 {
				m.Forgotten = at
			}
		}
		return nil
	}
}

// Current returns the meaning that the next file of a kind will have.
func (l *Log) Current(kind Kind) Meaning {
	next := *l
	next.Files = append(slices.Clip(l.Files), File{Kind: kind})
	return next.meaningOf(len(l.Files))
}

// UndoImport takes a file away: its lines stay, and those that no other file holds count nowhere.
func UndoImport(reading app.ID, at app.Instant) Edit {
	return func(l *Log) error {
		k := slices.IndexFunc(l.Files, func(f File) bool { return f.Reading.ID == reading && f.Undone == 0 })
		if k < 0 {
			return app.NotFound("import", string(reading))
		}
		l.Files[k].Undone = at
		return nil
	}
}

// RedoImport brings back a file that was taken away.
func RedoImport(reading app.ID) Edit {
	return func(l *Log) error {
		k := slices.IndexFunc(l.Files, func(f File) bool { return f.Reading.ID == reading && f.Undone != 0 })
		if k < 0 {
			return app.NotFound("import", string(reading))
		}
		l.Files[k].Undone = 0
		return nil
	}
}

// SayOrder says in what order a file stands; "" lets it be recognised.
func SayOrder(reading app.ID, order Order) Edit {
	return func(l *Log) error {
		k := slices.IndexFunc(l.Files, func(f File) bool { return f.Reading.ID == reading })
		if k < 0 {
			return app.NotFound("import", string(reading))
		}
		l.Files[k].Said = order
		return nil
	}
}

// LineOf returns the number of the line that a record is of, in the file that brought it; 0 for none.
func (r *Reconsidered) LineOf(seq uint64) int {
	if r.numbers == nil {
		r.numbers = map[uint64]int{}
		for i := range r.Log.Lines {
			for _, record := range r.Log.Lines[i].Records {
				r.numbers[record.Seq] = r.Log.Lines[i].Number
			}
		}
	}
	return r.numbers[seq]
}

// Held is a punch of a file that another one holds, too.
type Held struct {
	Punch *app.Punch
	Line  int    // in the file that brought it
	By    app.ID // the reading of the newest other file that holds it
}

// HeldElsewhere lists the punches of a file that another one, which was not undone, holds, too.
func (r *Reconsidered) HeldElsewhere(reading app.ID) (list []Held) {
	by := map[*tap]app.ID{}
	own := -1
	for i := range r.Log.Files {
		if r.Log.Files[i].Reading.ID == reading {
			own = i
			continue
		}
		for _, t := range r.view.files[i].taps {
			by[t.same] = r.Log.Files[i].Reading.ID
		}
	}
	if own < 0 {
		return nil
	}
	keys := r.view.keys()
	seen := map[*tap]bool{}
	r.Log.Files[own].Held.Each(func(place int) {
		for _, t := range r.view.ofLine[place] {
			if other, held := by[t.same]; held && !seen[t.same] {
				seen[t.same] = true
				seq := keys[t.same.line][t.same.part]
				list = append(list, Held{r.view.punchOf(t.same, seq), r.LineOf(seq), other})
			}
		}
	})
	return list
}

// RefusedLines returns the lines of a file that its import refused, as they stood, behind its first line where that was a
// title: to be corrected and imported again.
func (l *Log) RefusedLines(reading app.ID) []byte {
	k := slices.IndexFunc(l.Files, func(f File) bool { return f.Reading.ID == reading })
	if k < 0 {
		return nil
	}
	refused := map[int]bool{}
	for _, p := range l.Files[k].Report.Refused {
		refused[p.Line] = true
	}
	var out bytes.Buffer
	l.eachLine(k, func(number, place int) {
		line := &l.Lines[place]
		title := number == 1 && (len(line.Records) == 0 || line.Records[0].Punch == nil)
		if refused[number] || title {
			out.Write(line.Raw)
			out.WriteByte('\n')
		}
	})
	return out.Bytes()
}
