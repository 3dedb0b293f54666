package filelog

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
)

// View is what follows from a log: its taps, in what order they were made, and what is to be said of its files.
type View struct {
	log    *Log
	taps   []*tap   // by line and part
	ofLine [][]*tap // by the place of the line
	said   []Said   // by the place of the line
	files  []FileView
}

// FileView is what follows of one file. Of one whose import was undone nothing does.
type FileView struct {
	Order  Order
	Clash  Clash       // with what was read before it; "" none
	ReadTo app.Instant // up to when it counts as read
	taps   []*tap      // in the order of the file, each once
	// repeated is how many of its lines are taps that stand in it before.
	repeated int
}

// tap is one tap of one line under the line's meaning.
type tap struct {
	Tap
	line, part int
	number     int    // of those that count for themselves
	id         uint64 // its identity
	same       *tap   // the oldest line's tap that it is; itself where it is the oldest
	counts     bool   // of the oldest: some file that holds it was not undone
	wall       wall
	at         app.Instant
	doubt      string
	position   app.Position
}

// Derive reads all lines by their meanings and puts them in order.
func Derive(l *Log, r LineReader) (*View, error) {
	v := &View{log: l, ofLine: make([][]*tap, len(l.Lines)), said: make([]Said, len(l.Lines)), files: make([]FileView, len(l.Files))}
	if err := v.read(r); err != nil {
		return nil, err
	}
	firsts := v.unite()
	v.collect()
	laid := layOut(v.marks(firsts), v.sequences(), v.saidOrders(), away(firsts))
	v.position(firsts, laid)
	for i := range v.files {
		v.judge(i, laid)
	}
	return v, nil
}

// read interprets every line by the meaning that holds for the file that brought it.
func (v *View) read(r LineReader) error {
	byFile := make([][]int, len(v.log.Files))
	for place := range v.log.Lines {
		f := v.log.Lines[place].File
		byFile[f] = append(byFile[f], place)
	}
	for f, places := range byFile {
		if len(places) == 0 {
			continue
		}
		meaning := v.log.meaningOf(f)
		zone, err := meaning.Zone.Load()
		if err != nil {
			return fmt.Errorf("read lines: %w", err)
		}
		if v.log.Files[f].Kind == Terminal {
			v.take(places, zone)
			continue
		}
		raws := make([]Raw, len(places))
		for i, place := range places {
			line := &v.log.Lines[place]
			raws[i] = Raw{Number: line.Number, Text: line.Raw, Length: len(line.Raw)}
		}
		said, err := r.ReadLines(meaning, raws)
		if err != nil {
			return fmt.Errorf("read lines: %w", err)
		}
		for i, place := range places {
			v.said[place] = said[i]
			for _, t := range said[i].Taps {
				v.note(place, t, t.identity(), zone)
			}
		}
	}
	for _, taps := range v.ofLine {
		v.taps = append(v.taps, taps...)
	}
	return nil
}

// note notes a tap of a line.
func (v *View) note(place int, said Tap, id uint64, zone *time.Location) {
	t := &tap{Tap: said, line: place, part: len(v.ofLine[place]), id: id}
	t.wall = wall{local: t.Local, zone: zone, who: string(t.Kind) + t.Value}
	v.ofLine[place] = append(v.ofLine[place], t)
}

// take notes the taps of a terminal's memory as its driver read them.
func (v *View) take(places []int, zone *time.Location) {
	for _, place := range places {
		for _, r := range v.log.Lines[place].Records {
			if p := r.Punch; p != nil {
				_, east := p.At.In(zone).Zone()
				said := Tap{Kind: p.Identifier.Kind, Value: p.Identifier.Value, At: p.At, Key: p.Pressed, Local: p.At.Time().Add(time.Duration(east) * time.Second)}
				v.note(place, said, r.Tap, zone)
			}
		}
	}
}

// unite makes one of taps with one identity: that of the oldest line. It returns those.
func (v *View) unite() (firsts []*tap) {
	held := make([]bool, len(v.log.Lines))
	for i := range v.log.Files {
		if f := &v.log.Files[i]; f.Undone == 0 {
			f.Held.Each(func(place int) { held[place] = true })
		}
	}
	first := make(map[uint64]*tap, len(v.taps))
	for _, t := range v.taps {
		f := first[t.id]
		if f == nil {
			f = t
			first[t.id] = t
			t.number = len(firsts)
			firsts = append(firsts, t)
		}
		t.same = f
		f.counts = f.counts || held[t.line]
	}
	return firsts
}

// collect lists the taps of every file in its order.
func (v *View) collect() {
	seen := make([]int, len(v.taps)) // by number: the last file in which it was met, from 1
	for i := range v.log.Files {
		f := &v.files[i]
		if v.log.Files[i].Undone != 0 {
			continue
		}
		v.log.Files[i].Held.Each(func(place int) {
			for _, t := range v.ofLine[place] {
				t = t.same
				if seen[t.number] == i+1 {
					f.repeated++
					continue
				}
				seen[t.number] = i + 1
				f.taps = append(f.taps, t)
			}
		})
	}
}

func (v *View) marks(firsts []*tap) []mark {
	out := make([]mark, len(firsts))
	for i, t := range firsts {
		read := v.log.Files[v.log.Lines[t.line].File].Reading.Started
		out[i] = mark{local: t.Local.Unix(), who: t.wall.who, device: t.Device, good: good(t.Local, read)}
	}
	return out
}

// sequences are the taps of files in their order. What a terminal's readings brought, each from where the one before
// ended, is one.
func (v *View) sequences() []sequence {
	out := make([]sequence, len(v.files))
	memory := -1
	known := map[int32]bool{}
	for i := range v.files {
		to := i
		if terminal := v.log.Files[i].Kind == Terminal; terminal && memory < 0 {
			memory = i
		} else if terminal {
			to = memory
		}
		for _, t := range v.files[i].taps {
			n := int32(t.number)
			if to == memory && known[n] {
				continue
			}
			out[to] = append(out[to], n)
			if to == memory {
				known[n] = true
			}
		}
	}
	return out
}

// away lists the taps that no file holds any more.
func away(firsts []*tap) (list sequence) {
	for _, t := range firsts {
		if !t.counts {
			list = append(list, int32(t.number))
		}
	}
	return list
}

// saidOrders are what people said of the order of files. One whose lines hold two taps each has days in it, not a log.
func (v *View) saidOrders() []Order {
	out := make([]Order, len(v.files))
	for i := range v.files {
		out[i] = v.log.Files[i].Said
		if out[i] == "" && slices.ContainsFunc(v.files[i].taps, func(t *tap) bool { return t.part > 0 }) {
			out[i] = Mixed
		}
	}
	return out
}

// position gives every tap its place in the log, and its instant.
func (v *View) position(firsts []*tap, l *layout) {
	for _, t := range firsts {
		t.wall.place()
	}
	for n, p := range l.passages {
		walls := make([]*wall, 0, len(p.lines))
		for k, number := range p.lines {
			t := firsts[number]
			t.position = app.Position{Passage: uint32(n + 1), Line: uint32(k + 1), Loose: p.loose}
			if t.At == 0 {
				walls = append(walls, &t.wall)
			}
		}
		settleDoubled(walls, p.loose)
	}
	for _, t := range firsts {
		t.at, t.doubt = t.At, ""
		if t.at == 0 {
			t.at, t.doubt = max(1, app.At(t.wall.at)), t.wall.doubt
		}
	}
}

// judge says what follows of one file as a whole.
func (v *View) judge(i int, l *layout) {
	f, file := &v.files[i], &v.log.Files[i]
	if file.Undone != 0 {
		return
	}
	f.Order, f.Clash = l.orders[i].order, l.clashes[i]
	if file.Kind == Terminal {
		f.ReadTo = file.Reading.ReadTo
		return
	}
	if f.ReadTo = file.Taken; f.ReadTo != 0 {
		return
	}
	for _, t := range f.taps {
		if good(t.Local, file.Reading.Started) && t.at <= file.Reading.Started {
			f.ReadTo = max(f.ReadTo, t.at)
		}
	}
}

// punchOf returns the punch of a tap, under the key of its record.
func (v *View) punchOf(t *tap, seq uint64) *app.Punch {
	f := t.same
	p := &app.Punch{
		Key: app.RecordKey{LogKey: v.log.Key(), Seq: seq}, At: f.at, Pressed: f.Key, Position: f.position,
		Identifier: app.IdentifierKey{Kind: f.Kind, Value: f.Value}, ReadingID: v.log.Files[v.log.Lines[t.line].File].Reading.ID,
	}
	if f.Kind == app.PIN {
		p.Identifier.Group = v.log.Box.Group
	}
	if f.doubt != "" {
		p.Flags |= app.TimeUntrusted
	}
	return p
}

// Change is what has to be written so that the store holds what a log says.
type Change struct {
	Log     app.LogKey
	Version int64 // of the log that it starts from
	// Lines are new, in the order of their places, which follow the known ones.
	Lines []NewLine
	// Records are of lines that are known, and make another tap now than before.
	Records []NewRecord
	// Punches are those that are otherwise than the store has them, or new; of lines and Records here, too.
	Punches []PunchState
	File    *File  // a new file, in which Lines first stood
	Files   []File // known ones that are otherwise: undone, or read up to another instant
	// Rewrites says that punches which counted are otherwise: whoever derived from them begins anew.
	Rewrites bool
	Meanings []Meaning   // new ones
	Withdraw []app.ID    // meanings that hold no more
	Forget   []app.ID    // meanings by which no more files are read
	At       app.Instant // since when they hold no more
	Box      *app.Box    // its settings follow the newest meaning; nil: as they are
}

// NewLine is a line that was not there; Records has one record at least.
type NewLine struct {
	Place, Number int
	Raw           []byte
	Records       []uint64 // by part
}

// NewRecord is a record of a line for one tap more.
type NewRecord struct {
	Place, Part int
	Seq         uint64
}

// PunchState is a punch as the store is to have it.
type PunchState struct {
	Seq    uint64
	New    bool // there was none
	Punch  app.Punch
	Tap    uint64
	Same   uint64
	Counts bool
}

// Difference returns what has to be written for a view of a log that was loaded with so many lines and files, and since then
// changed in memory alone.
func (v *View) Difference(lines, files int) *Change {
	c := &Change{Log: v.log.Key(), Version: v.log.Version}
	keys := v.keys()
	for place := range v.log.Lines {
		line := &v.log.Lines[place]
		needed := max(1, len(v.ofLine[place]))
		if place >= lines {
			c.Lines = append(c.Lines, NewLine{Place: place, Number: line.Number, Raw: line.Raw, Records: keys[place][:needed]})
		} else {
			for part := len(line.Records); part < needed; part++ {
				c.Records = append(c.Records, NewRecord{Place: place, Part: part, Seq: keys[place][part]})
			}
		}
		v.differ(c, place, keys)
	}
	for i := range v.files {
		f := v.log.Files[i]
		f.Reading.ReadTo = v.files[i].ReadTo
		if i >= files {
			c.File = &f
		} else if f.Reading.ReadTo != v.log.Files[i].Reading.ReadTo {
			c.Files = append(c.Files, f)
		}
	}
	return c
}

// differ notes the punches of one line that are otherwise than stored.
func (v *View) differ(c *Change, place int, keys [][]uint64) {
	line := &v.log.Lines[place]
	for part := range max(len(line.Records), len(v.ofLine[place])) {
		var stored Record
		if part < len(line.Records) {
			stored = line.Records[part]
		}
		if part >= len(v.ofLine[place]) { // no tap any more
			if stored.Punch != nil && stored.Counts {
				c.Punches = append(c.Punches, PunchState{Seq: stored.Seq, Punch: *stored.Punch, Tap: stored.Tap})
				c.Rewrites = true
			}
			continue
		}
		t := v.ofLine[place][part]
		want := PunchState{Seq: keys[place][part], New: stored.Punch == nil, Tap: t.id, Counts: t.same.counts && t.same == t}
		want.Punch = *v.punchOf(t, want.Seq)
		if t.same != t {
			want.Same = keys[t.same.line][t.same.part]
		}
		if stored.Punch != nil {
			want.Punch.ReadingID = stored.Punch.ReadingID
			if stored.Tap == want.Tap && stored.Same == want.Same && stored.Counts == want.Counts && *stored.Punch == want.Punch {
				continue
			}
			c.Rewrites = c.Rewrites || stored.Counts || want.Counts
		}
		c.Punches = append(c.Punches, want)
	}
}

// keys returns the keys of all records by line and part: those that are there, and new ones. A key is made of what the
// tap says, as the same tap by another way has it; where a record has it already, of more.
func (v *View) keys() [][]uint64 {
	taken := map[uint64]bool{}
	out := make([][]uint64, len(v.log.Lines))
	for place := range v.log.Lines {
		for _, r := range v.log.Lines[place].Records {
			taken[r.Seq] = true
			out[place] = append(out[place], r.Seq)
		}
	}
	for place := range v.log.Lines {
		for part := len(out[place]); part < max(1, len(v.ofLine[place])); part++ {
			text := "line\t" + string(v.log.Lines[place].Raw)
			key := hash(text)
			if part < len(v.ofLine[place]) {
				key = v.ofLine[place][part].id
			}
			for n := 1; taken[key]; n++ {
				key = hash(text + "\t" + strconv.Itoa(part) + "\t" + strconv.Itoa(n))
			}
			taken[key] = true
			out[place] = append(out[place], key)
		}
	}
	return out
}

// problems are what is wrong with lines of a file, in its order.
func (v *View) problems(file int) (out []reading.LineProblem) {
	v.eachLine(file, func(number, place int) {
		if p := v.said[place].Problem; p != nil {
			said := *p
			said.Line = number
			out = append(out, said)
		}
	})
	return out
}

// doubts are what is doubtful about taps of a file.
func (v *View) doubts(file int) (out []reading.LineProblem) {
	v.eachLine(file, func(number, place int) {
		for _, t := range v.ofLine[place] {
			if d := t.same.doubt; d != "" {
				out = append(out, reading.LineProblem{Line: number, Code: d, Text: string(v.log.Lines[place].Raw)})
			}
		}
	})
	return out
}

// eachLine goes through the lines of a file in its order.
func (v *View) eachLine(file int, do func(number, place int)) { v.log.eachLine(file, do) }

// eachLine goes through the lines of a file in its order, with their numbers in it.
func (l *Log) eachLine(file int, do func(number, place int)) {
	n := 0
	f := &l.Files[file]
	f.Held.Each(func(place int) {
		number := n + 1
		if n < len(f.Numbers) {
			number = f.Numbers[n]
		} else if line := &l.Lines[place]; line.File == file {
			number = line.Number
		}
		n++
		do(number, place)
	})
}
