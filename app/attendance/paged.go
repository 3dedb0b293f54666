package attendance

import (
	"slices"
	"sync"
	"sync/atomic"

	"klokkast/app"
)

// What an engine does not need from one question to the next can be on paper: in a
// cache file (see Keep), from where the records of a log, or the blocks of a person,
// come page by page when somebody asks for them.

// pagedLog is a log's body on paper.
type pagedLog struct {
	file   *pages
	per    int  // records are one page
	byTime bool // its pages are in the order of corrected time, so that one is found by it
	list   []recordPage
	ran    extent // where its clock,
	events extent // and its events are
	clock  lazy[logClock]
	whole  lazy[logBody]
}

// recordPage is a page of a log's records, turned or not.
type recordPage struct {
	recordPlace
	records atomic.Pointer[[]record]
}

// recordPlace is where some records of a log are.
type recordPlace struct {
	at       extent
	from, to app.Instant // the corrected times of the first and the last
	raw      app.Span    // of their own: the first, and past the last
}

// lazy is what is read when it is first asked for.
type lazy[T any] struct {
	once sync.Once
	v    *T
}

func (o *lazy[T]) get(read func() *T) *T {
	o.once.Do(func() { o.v = read() })
	return o.v
}

// body returns what a log holds.
func (l *boxLog) body() *logBody {
	if l.logBody != nil {
		return l.logBody
	}
	return l.paged.whole.get(func() *logBody { return l.paged.readBody(l) })
}

// clock returns how the log's clock ran.
func (l *boxLog) clock() *logClock {
	if l.logBody != nil {
		return &l.logBody.logClock
	}
	return l.paged.clock.get(l.paged.readClock)
}

// record returns the record at a place of the log.
func (l *boxLog) record(i int) *record {
	if l.logBody != nil {
		return &l.records[i]
	}
	return &l.paged.page(i / l.paged.per)[i%l.paged.per]
}

// page returns the records of a page.
func (p *pagedLog) page(n int) []record {
	if list := p.list[n].records.Load(); list != nil {
		return *list
	}
	list := p.readRecords(p.list[n].at)
	p.list[n].records.Store(&list) // twice at the same time is the same twice
	return list
}

// refsBetween adds a person's punches from one instant to another, both included, of a log in order of time.
func (p *pagedLog) refsBetween(list []ref, l *boxLog, worker int32, from, to app.Instant) []ref {
	for n := range p.list {
		if p.list[n].to < from {
			continue
		}
		if p.list[n].from > to {
			break
		}
		records := p.page(n)
		for i := range records {
			if r := &records[i]; r.holder == worker && from <= r.at && r.at <= to {
				list = append(list, ref{r.at, l, int32(n*p.per + i)})
			}
		}
	}
	return list
}

// eachPunch goes through the punches of a log that were made in a span by the box's own time.
func (l *boxLog) eachPunch(raw app.Span, do func(i int, r *record)) {
	take := func(first int, records []record) {
		for i := range records {
			if r := &records[i]; r.isPunch() && raw.Holds(r.raw) {
				do(first+i, r)
			}
		}
	}
	if l.logBody != nil {
		take(0, l.records)
		return
	}
	for n := range l.paged.list {
		if l.paged.list[n].raw.Overlaps(raw) {
			take(n*l.paged.per, l.paged.page(n))
		}
	}
}

// blockPage are some blocks of a person that follow each other, with what one needs to
// know of them without looking into each.
type blockPage struct {
	first  app.Instant // of the first block
	from   app.Instant // the time that the first block stands for begins, and that of the last
	to     app.Instant // ends
	last   app.Instant // the latest of all
	days   app.Days    // of their workdays; zero: none
	open   bool
	waits  []app.ID
	shifts []app.ID
	wakes  app.Instant
	used   []app.ID
	// employed has, for each employer, until when the person tapped for it.
	employed   []employment
	undeclared []app.ID       // sites
	noted      []*app.Anomaly // findings that somebody has to look at: warnings and worse
	informs    int            // the others
	blocks     []*block       // nil: on paper
	paged      *pagedBlocks
}

// pagedBlocks is where the blocks of a page are.
type pagedBlocks struct {
	file   *pages
	at     extent
	blocks lazy[[]*block]
}

// list returns the blocks of a page.
func (p *blockPage) list() []*block {
	if p.blocks != nil {
		return p.blocks
	}
	return *p.paged.blocks.get(func() *[]*block { return p.paged.read() })
}

// pageOf makes a page of blocks.
func pageOf(blocks []*block) *blockPage {
	p := &blockPage{first: blocks[0].first, from: blocks[0].from, to: blocks[len(blocks)-1].to, last: beginning, blocks: blocks}
	for _, b := range blocks {
		p.last = max(p.last, b.last)
		if b.days.From != 0 {
			if p.days.From == 0 || b.days.From < p.days.From {
				p.days.From = b.days.From
			}
			p.days.To = max(p.days.To, b.days.To)
		}
		p.open = p.open || b.open
		p.waits, p.shifts, p.used = join(p.waits, b.waits), join(p.shifts, b.shifts), append(p.used, b.used...)
		p.wakes = sooner(p.wakes, b.wakes)
		p.employed = untilWhen(p.employed, b.employed)
		for i := range b.undeclared {
			p.undeclared = join(p.undeclared, []app.ID{b.undeclared[i].site})
		}
		for i := range b.found {
			if b.found[i].Severity >= app.Warning {
				p.noted = append(p.noted, &b.found[i])
			} else {
				p.informs++
			}
		}
	}
	return p
}

// sooner returns the earlier of two instants of which zero is never.
func sooner(a, b app.Instant) app.Instant {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// untilWhen returns for each employer of two lists the later instant.
func untilWhen(list, more []employment) []employment {
	for _, e := range more {
		i := slices.IndexFunc(list, func(x employment) bool { return x.by == e.by })
		if i < 0 {
			list = append(list, e)
		} else {
			list[i].last = max(list[i].last, e.last)
		}
	}
	return list
}

// each goes through the blocks of the pages that are wanted.
func (p *person) each(want func(*blockPage) bool, do func(*block)) {
	for _, page := range p.pages {
		if want(page) {
			for _, b := range page.list() {
				do(b)
			}
		}
	}
}

func everyPage(*blockPage) bool { return true }

// setPages lets a person have some pages, and sums up what they say.
func (p *person) setPages(list []*blockPage) {
	p.pages = list
	for _, page := range list {
		p.waits, p.shifts, p.wakes = join(p.waits, page.waits), join(p.shifts, page.shifts), sooner(p.wakes, page.wakes)
	}
}

// pagesOf cuts blocks into pages.
func pagesOf(h how, blocks []*block) (list []*blockPage) {
	for part := range slices.Chunk(blocks, max(1, h.blocks)) {
		list = append(list, pageOf(slices.Clip(part)))
	}
	return list
}

// blockAt returns the block that stands for an instant.
func (p *person) blockAt(at app.Instant) *block {
	n, _ := slices.BinarySearchFunc(p.pages, at, func(page *blockPage, at app.Instant) int {
		if page.to <= at {
			return -1
		}
		return 1
	})
	list := p.pages[n].list()
	i, _ := slices.BinarySearchFunc(list, at, func(b *block, at app.Instant) int {
		if b.to <= at {
			return -1
		}
		return 1
	})
	return list[i]
}
