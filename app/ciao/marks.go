package ciao

import (
	"crypto/sha256"
	"encoding/binary"

	"klokkast/app"
)

// Marks are hashes of the facts by which parts are planned: of what counts for all, for one person, and at one site. Where
// the marks of a part's person and sites are the same, the same is concluded of the same taps and rows. They are
// keyed, for they are made of numbers of persons, too, of which there are few enough to try all.
type Marks struct {
	All    uint64
	Person map[app.ID]uint64
	Site   map[app.ID]uint64
}

// MarksOf makes them.
func MarksOf(in *PlanInput, key [32]byte) Marks {
	m := Marks{Person: make(map[app.ID]uint64, len(in.Workers)), Site: make(map[app.ID]uint64, len(in.Sites))}
	set := in.Settings.filled()
	all := newMark(key)
	all.text(string(in.Environment), in.Zone.String())
	all.number(int64(set.WindowDays), int64(set.ClockLimit), int64(set.LateLimit), int64(set.SentLate))
	m.All = all.sum()
	persons(in, key, m.Person)
	sites(in, key, m.Site)
	return m
}

func persons(in *PlanInput, key [32]byte, into map[app.ID]uint64) {
	employers := by(in.Employers, func(e *app.Employer) app.ID { return e.ID })
	engagements := group(in.Engagements, func(e *app.Engagement) app.ID { return e.WorkerID })
	entries := group(in.Entries, func(e *app.RegisterEntry) app.ID { return e.WorkerID })
	for i := range in.Workers {
		w := &in.Workers[i]
		h := newMark(key)
		h.text(string(w.ID), w.SSIN.Reveal())
		for _, e := range engagements[w.ID] {
			h.text(string(e.ID), string(e.EmployerID), string(e.Capacity))
			h.number(int64(e.Days.From), int64(e.Days.To))
			h.yes(e.Default)
			of := employers[e.EmployerID]
			h.text(string(of.Kind), of.Enterprise, of.ForeignVAT)
			h.number(int64(of.RegistersSince))
		}
		for _, e := range entries[w.ID] {
			h.number(e.ID)
			h.text(string(e.Type), e.Declaration, string(e.SiteID))
		}
		into[w.ID] = h.sum()
	}
}

func sites(in *PlanInput, key [32]byte, into map[app.ID]uint64) {
	decisions := group(in.Decisions, func(d *app.SiteDecision) app.ID { return d.SiteID })
	declarations := by(in.Declarations, func(d *app.Declaration) app.ID { return d.ID })
	declared := group(in.DeclarationSites, func(d *app.DeclarationSite) app.ID { return d.SiteID })
	for i := range in.Sites {
		s := &in.Sites[i]
		h := newMark(key)
		a := s.Address
		h.text(string(s.ID), a.PostCode, a.Municipality, a.Street)
		h.yes(s.Coordinates != nil && placeIsGood(s))
		own, ok := s.Thresholds[app.SentLateAfter]
		h.yes(ok)
		h.number(own)
		for _, d := range decisions[s.ID] {
			h.text(string(d.Decision))
			h.number(int64(d.From), int64(d.At))
		}
		for _, link := range declared[s.ID] {
			d := declarations[link.DeclarationID]
			h.text(d.Number)
			h.number(int64(link.Days.From), int64(link.Days.To), int64(d.Days.From), int64(d.Days.To))
			h.yes(link.Default)
		}
		into[s.ID] = h.sum()
	}
}

// placeIsGood says that the coordinates can be sent.
func placeIsGood(s *app.Site) bool {
	place, held := placeOf(*s)
	return held == "" && place.Coordinates != nil
}

// mark gathers what is hashed; what has no fixed length stands behind its length.
type mark struct{ b []byte }

func newMark(key [32]byte) *mark { return &mark{append(make([]byte, 0, 512), key[:]...)} }

func (m *mark) text(list ...string) {
	for _, t := range list {
		m.b = append(binary.AppendUvarint(m.b, uint64(len(t))), t...)
	}
}

func (m *mark) number(list ...int64) {
	for _, n := range list {
		m.b = binary.AppendVarint(m.b, n)
	}
}

func (m *mark) yes(is bool) {
	if is {
		m.b = append(m.b, 1)
	} else {
		m.b = append(m.b, 0)
	}
}

func (m *mark) sum() uint64 {
	sum := sha256.Sum256(m.b)
	return binary.LittleEndian.Uint64(sum[:])
}
