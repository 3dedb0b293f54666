package attendance

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"slices"

	"klokkast/app"
)

// pages is a cache file from which pages are read when they are asked for.
type pages struct {
	from  io.ReaderAt
	texts *texts
	words spoken
}

// DamagedPage is what an engine panics with that cannot read a page of the cache from which it was resumed:
// whoever opens one makes sure before that it is as it was written.
type DamagedPage struct{ Err error }

func (d DamagedPage) Error() string { return "read a page of the cache: " + d.Err.Error() }

// Unwrap returns what went wrong.
func (d DamagedPage) Unwrap() error { return d.Err }

// read returns a part of the file, ready to be decoded.
func (p *pages) read(x extent) *coder {
	b := make([]byte, x.size)
	if _, err := p.from.ReadAt(b, x.at); err != nil {
		panic(DamagedPage{err})
	}
	return &coder{b: b, reading: true, texts: p.texts, spoken: p.words}
}

// done panics where a part was not written so.
func (c *coder) done() {
	if c.bad {
		panic(DamagedPage{errDamaged})
	}
}

func (p *pagedLog) readRecords(x extent) (list []record) {
	c := p.file.read(x)
	codeRecords(c, &list)
	c.done()
	return list
}

func (p *pagedLog) readClock() *logClock {
	c, l := p.file.read(p.ran), &logClock{}
	codeClock(c, l)
	c.done()
	return l
}

// readBody reads all of a log.
func (p *pagedLog) readBody(l *boxLog) *logBody {
	c, in := p.file.read(p.events), &logBody{}
	listOf(c, &in.events, codeEvent)
	c.done()
	in.records = make([]record, 0, l.count)
	for n := range p.list {
		in.records = append(in.records, p.page(n)...)
	}
	in.logClock = *l.clock()
	in.byWorker = map[int32][]int32{}
	for i := range in.records {
		if r := &in.records[i]; r.isPunch() && r.holder >= 0 {
			in.byWorker[r.holder] = append(in.byWorker[r.holder], int32(i))
		}
	}
	in.indexFile(l.key)
	return in
}

func (p *pagedBlocks) read() *[]*block {
	c := p.file.read(p.at)
	var list []*block
	listOf(c, &list, func(c *coder, b **block) {
		*b = new(block)
		codeBlock(c, *b)
	})
	c.done()
	return &list
}

// Resume returns what Keep wrote to from, which must be as it was written and stay so: for Next
// with the facts of now. in are these facts, of which it takes readings and identifiers; shown
// are all identifiers that were ever shown to a box. An error says that there is nothing to
// go on from: then Start derives everything.
func Resume(from io.ReaderAt, size int64, in *Input, shown []app.IdentifierKey, veil Veil) (e *Engine, err error) {
	defer damaged(&err)
	r := &resumer{file: &pages{from: from, texts: &texts{}}, known: map[string]app.IdentifierKey{}}
	for _, list := range [...][]app.IdentifierKey{shown, identifiersOf(in)} {
		for _, k := range list {
			r.known[veil(identText(k))] = k
		}
	}
	return r.engine(size, in, veil)
}

// damaged turns a page that cannot be read into an error.
func damaged(err *error) {
	if v := recover(); v != nil {
		d, ok := v.(DamagedPage)
		if !ok {
			panic(v)
		}
		*err = d
	}
}

func identifiersOf(in *Input) []app.IdentifierKey {
	list := make([]app.IdentifierKey, len(in.Identifiers))
	for i := range in.Identifiers {
		list[i] = in.Identifiers[i].Key
	}
	return list
}

// resumer reads one cache.
type resumer struct {
	file  *pages
	known map[string]app.IdentifierKey // by what stands for them
	e     *Engine
}

func (r *resumer) engine(size int64, in *Input, veil Veil) (*Engine, error) {
	parts, err := r.parts(size)
	if err != nil {
		return nil, err
	}
	var saved savedFacts
	if err := gob.NewDecoder(bytes.NewReader(r.file.read(parts[3]).b)).Decode(&saved); err != nil {
		return nil, fmt.Errorf("read the facts of the cache: %w", err)
	}
	c := r.file.read(parts[4])
	listOf(c, &r.file.texts.list, literal[string])
	c.done()
	r.e = &Engine{how: inPages(), file: r.file, words: &words{}, people: map[int32]*person{}, unheld: map[int32]*unheldBadge{}}
	rest := r.file.read(parts[2])
	if err := r.words(rest); err != nil {
		return nil, err
	}
	states := r.logs(r.file.read(parts[0]))
	before := saved.input(r.known)
	before.Readings = in.Readings
	f := index(before, keysOf(states))
	f.veil = veil
	f.number(r.e.words)
	r.e.f, r.file.words = f, f.words
	r.place(states)
	r.people(r.file.read(parts[1]))
	r.others(rest)
	r.sort()
	return r.e, nil
}

// words reads what the numbers mean. A cache with an identifier that is not known is of another company.
func (r *resumer) words(c *coder) error {
	var idents []string
	listOf(c, &idents, literal[string])
	w := r.e.words
	for _, v := range idents {
		k, ok := r.known[v]
		if !ok {
			return errDamaged
		}
		w.idents.number(k)
	}
	for _, t := range [...]*table[app.ID]{&w.readings, &w.workers} {
		var list []app.ID
		listOf(c, &list, literal[app.ID])
		for _, id := range list {
			t.number(id)
		}
	}
	c.done()
	if len(w.idents.list) != len(idents) {
		return errDamaged
	}
	return nil
}

// pagedState is a log as the directory has it.
type pagedState struct {
	state    *logState
	measured int32
}

func (r *resumer) logs(c *coder) (list []pagedState) {
	for len(c.b) > 0 {
		s := pagedState{state: &logState{}}
		codeState(c, s.state)
		number(c, &s.measured)
		p := &pagedLog{file: r.file, byTime: s.state.inTime && s.state.key.Log != app.FileLog}
		codeExtent(c, &p.ran)
		codeExtent(c, &p.events)
		n := 0
		numbers(c, &n, &p.per)
		if n < 0 || n > len(c.b) || n > 0 && p.per < 1 {
			c.fail()
			break
		}
		p.list = make([]recordPage, n)
		for i := range p.list {
			codeRecordPlace(c, &p.list[i].recordPlace)
		}
		s.state.paged = p
		list = append(list, s)
	}
	c.done()
	return list
}

func keysOf(list []pagedState) []app.LogKey {
	keys := make([]app.LogKey, len(list))
	for i := range list {
		keys[i] = list[i].state.key
	}
	return keys
}

// place puts the logs into the facts.
func (r *resumer) place(list []pagedState) {
	f := r.e.f
	for _, s := range list {
		if s.measured >= int32(len(f.readings)) {
			panic(DamagedPage{errDamaged})
		}
		if s.measured >= 0 {
			s.state.about.measured = f.readings[s.measured]
		}
		f.logs = append(f.logs, &boxLog{s.state, nil, f.boxOf(s.state.key.Box)})
	}
	slices.SortFunc(f.logs, func(a, b *boxLog) int { return compareLogs(a.key, b.key) })
	f.indexPunches()
	f.gatherBoxes()
}

func (r *resumer) people(c *coder) {
	for len(c.b) > 0 {
		p := &person{}
		text(c, &p.worker)
		n := 0
		number(c, &n)
		if n < 0 || n > len(c.b) {
			c.fail()
			break
		}
		list := make([]*blockPage, n)
		for i := range list {
			list[i] = &blockPage{paged: &pagedBlocks{file: r.file}}
			codePage(c, list[i])
			codeExtent(c, &list[i].paged.at)
		}
		p.setPages(list)
		no, ok := r.e.f.workerNo[p.worker]
		if !ok {
			c.fail()
			break
		}
		r.e.people[no], r.e.ordered = p, append(r.e.ordered, p)
	}
	c.done()
}

// others reads badges that nobody held, and days of sites.
func (r *resumer) others(c *coder) {
	n := 0
	number(c, &n)
	for ; n > 0 && !c.bad; n-- {
		no, s := int32(0), &unheldBadge{}
		number(c, &no)
		if no < 0 || no >= int32(len(r.e.f.words.idents)) {
			c.fail()
			break
		}
		codeStranger(c, identText(r.e.f.words.idents[no]), s)
		r.e.unheld[no] = s
	}
	mapOf(c, &r.e.days, text[app.ID], func(c *coder, list *[]app.Anomaly) { listOf(c, list, codeAnomaly) })
	c.done()
}

// sort puts the findings in order. Those that are made anew each time are not among them.
func (r *resumer) sort() {
	e := r.e
	add := func(list []app.Anomaly) {
		for i := range list {
			e.sorted = append(e.sorted, &list[i])
		}
	}
	for _, l := range e.f.logs {
		add(l.about.found)
	}
	for _, p := range e.ordered {
		for _, page := range p.pages {
			e.sorted = append(e.sorted, page.noted...)
		}
	}
	for _, s := range e.unheld {
		add(s.found)
	}
	for _, list := range e.days {
		add(list)
	}
	slices.SortFunc(e.sorted, compareAnomalies)
}

// parts reads where the parts of the directory are.
func (r *resumer) parts(size int64) (list [tailSize / 16]extent, err error) {
	if size < tailSize {
		return list, errDamaged
	}
	tail := r.file.read(extent{size - tailSize, tailSize}).b
	for i := range list {
		list[i] = extent{int64(binary.LittleEndian.Uint64(tail[16*i:])), int64(binary.LittleEndian.Uint64(tail[16*i+8:]))}
		if x := list[i]; x.at < 0 || x.size < 0 || x.at > size || x.size > size-x.at {
			return list, errDamaged
		}
	}
	return list, nil
}
