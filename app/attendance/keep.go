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

// Veil hides what is shown to a box and the numbers of firms behind something that is the same for the same
// text and tells nothing of it: a keyed hash.
type Veil func(text string) string

// Keep writes what was derived so that Resume goes on from it: ids and times, no
// names, numbers or badges. It takes nothing from memory that is on paper already.
func (e *Engine) Keep(w io.Writer, veil Veil) (err error) {
	defer damaged(&err)
	k := &keeper{w: w, e: e, texts: e.file.known(), veil: veil}
	d := directory{}
	for _, l := range e.f.logs {
		k.log(&d.logs, l)
	}
	for _, p := range e.ordered {
		k.person(&d.people, p)
	}
	k.rest(&d)
	return k.end(&d)
}

// Made says how many blocks of people's time were derived since everything was derived or was kept, and
// about how many there are.
func (e *Engine) Made() (made, all int) {
	for _, p := range e.ordered {
		all += len(p.pages) * max(1, e.how.blocks)
	}
	return e.made, all
}

// keeper is the writing of one cache.
type keeper struct {
	w     io.Writer
	at    int64
	err   error
	e     *Engine
	texts *texts
	veil  Veil
}

// extent is a part of a file.
type extent struct {
	at   int64
	size int64
}

func codeExtent(c *coder, x *extent) { numbers(c, &x.at, &x.size) }

// directory is what is read first: what one needs to know without turning pages.
type directory struct {
	logs, people, rest coder
}

// known are the texts of a cache with their numbers, so that its pages can be taken over as they stand.
func (p *pages) known() *texts {
	t := &texts{of: map[string]uint64{}}
	if p != nil {
		for _, s := range p.texts.list {
			t.number(s)
		}
	}
	return t
}

// copy takes a part of the cache over from which the engine was resumed.
func (k *keeper) copy(x extent) extent { return k.write(&coder{b: k.e.file.read(x).b}) }

func (k *keeper) coder() *coder { return &coder{texts: k.texts, words: k.e.words} }

// write writes a part and returns where it stands.
func (k *keeper) write(c *coder) extent {
	x := extent{k.at, int64(len(c.b))}
	if c.bad && k.err == nil {
		k.err = fmt.Errorf("keep what was derived: %w", errDamaged)
	}
	if k.err == nil {
		_, k.err = k.w.Write(c.b)
	}
	k.at += x.size
	return x
}

func (k *keeper) into(d *coder) *coder {
	d.texts, d.words = k.texts, k.e.words
	return d
}

// log writes a log: its pages of records, how its clock ran, its events; and in the directory what is known of it.
func (k *keeper) log(d *coder, l *boxLog) {
	if p := l.paged; l.logBody == nil {
		list := make([]recordPlace, len(p.list))
		for i := range list {
			list[i] = p.list[i].recordPlace
			list[i].at = k.copy(list[i].at)
		}
		k.directLog(d, l, p.per, list, k.copy(p.ran), k.copy(p.events))
		return
	}
	in, c := l.body(), k.coder()
	var list []recordPlace
	for part := range slices.Chunk(in.records, max(1, k.e.how.records)) {
		page := recordPlace{from: part[0].at, to: part[len(part)-1].at, raw: rawOf(part)}
		c.b = c.b[:0]
		codeRecords(c, &part)
		page.at = k.write(c)
		list = append(list, page)
	}
	c.b = c.b[:0]
	codeClock(c, l.clock())
	ran := k.write(c)
	c.b = c.b[:0]
	listOf(c, &in.events, codeEvent)
	k.directLog(d, l, k.e.how.records, list, ran, k.write(c))
}

// directLog notes in the directory what is known of a log, and where it is.
func (k *keeper) directLog(d *coder, l *boxLog, per int, list []recordPlace, ran, events extent) {
	c := k.into(d)
	codeState(c, l.logState)
	measured := int32(-1)
	if r := l.about.measured; r != nil {
		measured = k.e.words.numberOfReading(r.ID)
	}
	number(c, &measured)
	codeExtent(c, &ran)
	codeExtent(c, &events)
	n := len(list)
	numbers(c, &n, &per)
	for i := range list {
		codeRecordPlace(c, &list[i])
	}
}

func codeRecordPlace(c *coder, p *recordPlace) {
	codeExtent(c, &p.at)
	numbers(c, &p.from, &p.to)
	codeSpan(c, &p.raw)
}

// rawOf is the span in which records were made by the box's own time.
func rawOf(list []record) app.Span {
	span := app.Span{From: list[0].raw, To: list[0].raw + 1}
	for i := range list {
		span.From, span.To = min(span.From, list[i].raw), max(span.To, list[i].raw+1)
	}
	return span
}

func (k *keeper) person(d *coder, p *person) {
	c := k.into(d)
	text(c, &p.worker)
	n := len(p.pages)
	number(c, &n)
	for _, page := range p.pages {
		at := k.blocks(page)
		codePage(c, page)
		codeExtent(c, &at)
	}
}

// blocks writes the blocks of a page.
func (k *keeper) blocks(page *blockPage) extent {
	if page.blocks == nil {
		return k.copy(page.paged.at)
	}
	c := k.coder()
	listOf(c, &page.blocks, func(c *coder, b **block) { codeBlock(c, *b) })
	return k.write(c)
}

// rest writes badges that nobody held, days of sites, words and facts into the directory.
func (k *keeper) rest(d *directory) {
	c := k.into(&d.rest)
	w := k.e.f.words
	idents := make([]string, len(w.idents))
	for i, ident := range w.idents {
		idents[i] = k.veil(identText(ident))
	}
	listOf(c, &idents, literal[string])
	listOf(c, &w.readings, literal[app.ID])
	listOf(c, &w.workers, literal[app.ID])
	n := len(k.e.unheld)
	number(c, &n)
	for _, no := range sortedKeys(k.e.unheld) {
		number(c, &no)
		codeStranger(c, "", k.e.unheld[no])
	}
	mapOf(c, &k.e.days, text[app.ID], func(c *coder, list *[]app.Anomaly) { listOf(c, list, codeAnomaly) })
}

// end writes the directory, the texts, the facts, and at last where they are.
func (k *keeper) end(d *directory) error {
	var facts bytes.Buffer
	if err := gob.NewEncoder(&facts).Encode(savedOf(k.e.f.in, k.veil)); err != nil && k.err == nil {
		k.err = fmt.Errorf("keep the facts: %w", err)
	}
	list := &coder{texts: k.texts}
	listOf(list, &k.texts.list, literal[string])
	var tail []byte
	for _, part := range [...]*coder{&d.logs, &d.people, &d.rest, {b: facts.Bytes()}, list} {
		x := k.write(part)
		tail = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(tail, uint64(x.at)), uint64(x.size))
	}
	k.write(&coder{b: tail})
	return k.err
}

// tailSize is where the five parts are that are read first.
const tailSize = 5 * 16
