package boxes

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/identity"
)

// UserRow is a person as a terminal knows them, and who that probably is here.
type UserRow struct {
	Record int    // of the file, from 1
	PIN    string // on that terminal
	Name   string // as typed there
	// Key is the PIN in the box's group, CardKey the card; without a card its value is "".
	Key, CardKey app.IdentifierKey
	// PINHolder and CardHolder are the engagements that hold them from the asked instant on; "" nobody.
	PINHolder, CardHolder app.ID
	// Proposal is the engagement that this probably is, By why: held, staff-number, card or name; "" for no idea.
	Proposal app.ID
	By       string
	// Taps are the stored taps with the PIN on that terminal from the asked instant on.
	Taps int
}

// UserList is a user.dat as it would be taken in.
type UserList struct {
	File string
	Box  app.Box
	Rows []UserRow
	Bad  []int // records that make no sense: kept aside
}

// UserOptions say how the people of a terminal are looked at.
type UserOptions struct {
	Box  string      // UID of the terminal
	From app.Instant // from when what they hold would be theirs
	// Notation is how the company's boxes show the cards of that terminal:
	// identity.Plain ("" too) or another one.
	Notation identity.NotationKind
}

// TerminalUsers reads the people of a terminal (user.dat) and proposes who they
// are: whoever holds the PIN, the staff number that equals it, the card's holder,
// or the only name that fits. It keeps nothing.
func (o *Files) TerminalUsers(ctx context.Context, path string, opt UserOptions) (*UserList, error) {
	if o.boxes.Finder == nil {
		return nil, errors.New("read the people of a terminal: no files")
	}
	file, err := o.boxes.Finder.ParseUsers(path)
	if err != nil {
		return nil, fmt.Errorf("read the people of a terminal: %w", err)
	}
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	box := knownBox(p, opt.Box)
	if box.UID == "" {
		return nil, app.NotFound("box", opt.Box)
	}
	held, err := o.holdings(ctx)
	if err != nil {
		return nil, err
	}
	taps := map[app.IdentifierKey]int{}
	for _, t := range p.Taps(derived.PunchFilter{Box: box.UID, Span: app.Span{From: opt.From}}) {
		taps[t.Punch.Identifier]++
	}
	m := newMatcher(p.Facts.Workers, p.Facts.Engagements, opt.From)
	out := &UserList{File: file.Name, Box: box, Bad: file.Bad}
	for _, u := range file.Users {
		r := UserRow{Record: u.Record, PIN: u.PIN, Name: u.Name, Key: app.IdentifierKey{Kind: app.PIN, Group: box.Group, Value: u.PIN}}
		r.CardKey = cardOf(u.Card, opt.Notation)
		r.PINHolder = held.holder(r.Key, opt.From)
		if r.CardKey.Value != "" {
			r.CardHolder = held.holder(r.CardKey, opt.From)
		}
		r.Taps = taps[r.Key]
		r.Proposal, r.By = m.propose(&r)
		out.Rows = append(out.Rows, r)
	}
	return out, nil
}

func knownBox(p *derived.Snapshot, uid string) app.Box {
	i := slices.IndexFunc(p.Facts.Boxes, func(b app.Box) bool { return b.UID == uid })
	if i < 0 {
		return app.Box{}
	}
	return p.Facts.Boxes[i]
}

// cardOf returns the card of a number as the company's boxes show it; the value
// is "" where there is none.
func cardOf(number uint64, notation identity.NotationKind) app.IdentifierKey {
	key := app.IdentifierKey{Kind: app.Card}
	if number == 0 {
		return key
	}
	value, err := identity.CanonicalCardDecimal(fmt.Sprint(number))
	if err != nil {
		return key
	}
	if notation != "" {
		value, _ = identity.Convert(value, notation)
	}
	key.Value = value
	return key
}

// matcher proposes who the people of a terminal are.
type matcher struct {
	workers []matched
}

type matched struct {
	engagement app.ID // the one that counts at the asked day
	number     string // staff number, as a PIN is written
	words      []string
}

func newMatcher(workers []app.Worker, engagements []app.Engagement, from app.Instant) *matcher {
	day := from.DateIn(app.Belgium())
	of := map[app.ID]app.Engagement{}
	for _, e := range engagements {
		if known, ok := of[e.WorkerID]; e.Days.Holds(day) && (!ok || e.Default && !known.Default) {
			of[e.WorkerID] = e
		}
	}
	m := &matcher{}
	for _, w := range workers {
		e, ok := of[w.ID]
		if !ok || w.Ended != 0 && w.Ended <= from {
			continue
		}
		number, _ := identity.CanonicalPIN(w.StaffNumber)
		m.workers = append(m.workers, matched{e.ID, number, nameWords(w.Name())})
	}
	return m
}

// propose returns the likeliest engagement, and why.
func (m *matcher) propose(r *UserRow) (app.ID, string) {
	if r.PINHolder != "" {
		return r.PINHolder, "held"
	}
	if r.CardHolder != "" {
		return r.CardHolder, "card"
	}
	words := nameWords(r.Name)
	var byName []matched
	for _, w := range m.workers {
		like := sameName(words, w.words)
		if w.number == r.PIN && w.number != "" && (like || len(words) == 0) {
			return w.engagement, "staff-number"
		}
		if like {
			byName = append(byName, w)
		}
	}
	if len(byName) == 1 {
		return byName[0].engagement, "name"
	}
	return "", ""
}

// nameWords returns the words of a name in lower case without accents.
func nameWords(name string) []string {
	plain := strings.Map(func(c rune) rune {
		switch {
		case unicode.Is(unicode.Mn, c):
			return -1
		case unicode.IsLetter(c):
			return unicode.ToLower(c)
		}
		return ' '
	}, norm.NFD.String(name))
	return strings.Fields(plain)
}

// sameName says that every word typed at a terminal stands for another word of
// a person's name: whole, as an initial, or cut short where the field ended.
func sameName(typed, name []string) bool {
	left := slices.Clone(name)
	long := false
	for i, t := range typed {
		last := i == len(typed)-1
		at := slices.Index(left, t)
		if at < 0 {
			at = slices.IndexFunc(left, func(w string) bool {
				return strings.HasPrefix(w, t) && (len(t) == 1 || last && len(t) >= 3)
			})
		}
		if at < 0 {
			return false
		}
		long = long || len(t) >= 3 || t == left[at]
		left = slices.Delete(left, at, at+1)
	}
	return long
}
