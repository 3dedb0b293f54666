package table

import (
	"slices"
	"strings"
	"time"

	"klokkast/app/reading"
)

// proposal is how a table may be read, while its lines are still being looked at.
type proposal struct {
	m     Mapping
	why   []reading.Reason
	asks  []reading.Question
	found bool // a time was found
	// what every line of the file is asked
	reader   *Reader
	order    *order
	leaning  *reading.Reason
	grid     *grid
	pressed  pressed
	statuses statuses
}

// Propose makes a mapping from the first lines of a table, for a person to
// correct: the separator under which most lines have a time, the columns by their
// titles (Dutch, French, German or English, and those of terminals) and by what
// stands in them. It says why, and asks where two readings fit. now tells what a
// date of today's files may be; zero: nothing.
func Propose(lines []string, now time.Time) reading.TablePreview {
	p := propose(lines, now)
	for _, l := range lines {
		p.look(l)
	}
	p.settle()
	return reading.TablePreview{Mapping: p.m, Why: p.why, Questions: p.asks}
}

// propose makes a proposal from the first lines of a file; look and settle complete it.
func propose(lines []string, now time.Time) *proposal {
	p := &proposal{pressed: pressed{at: -1}, statuses: statuses{}}
	p.m = Mapping{Layout: "YYYY-MM-DD hh:mm:ss", BadgeForm: reading.BadgePIN, Badge: Column{From: 1}, Date: Column{From: 2}}
	lines = lines[:min(len(lines), sampleLines)]
	if best, times, separator := bestGrid(lines); best != nil {
		p.fill(best, times, separator, now)
		return p
	}
	if g, segments, times := fixedGrid(lines); g != nil {
		p.fill(g, times, "", now)
		p.place(segments)
		return p
	}
	if m, ok := compactFixed(lines); ok {
		p.m, p.found = m, true
		p.reader, _ = NewReader(m, nil)
		p.order = newOrder(ordersLike(m.Layout), now)
		p.why = []reading.Reason{{Point: "separator", Code: "separator.fixed"}}
		return p
	}
	if g := newGrid(lines, " "); len(g.rows) > 0 {
		if times, ok := g.findTimes(); ok {
			p.fill(g, times, " ", now)
			return p
		}
	}
	for _, s := range []string{";", "\t", ",", "|"} { // none is a time: at least the cells
		if g := newGrid(lines, s); len(g.rows) > 0 && 2*len(g.rows) >= len(lines) {
			p.m.Separator = s
			break
		}
	}
	p.asks = []reading.Question{{Code: "no-time", Flags: []string{"--date", "--layout"}}}
	return p
}

// bestGrid parts the lines by the separator under which most of them have a time.
func bestGrid(lines []string) (best *grid, found times, separator string) {
	for _, s := range []string{";", "\t", ",", "|"} {
		g := newGrid(lines, s)
		if len(g.rows) == 0 {
			continue
		}
		if t, ok := g.findTimes(); ok && t.reads > found.reads {
			best, found, separator = g, t, s
		}
	}
	return best, found, separator
}

// fill makes the mapping of a grid.
func (p *proposal) fill(g *grid, t times, separator string, now time.Time) {
	p.grid, p.found = g, true
	p.m.Separator, p.m.Skip = separator, g.skip
	p.why = append(p.why, separatorWhy(separator, t.reads), titlesWhy(g))
	taken := slices.Clone(t.columns)
	for _, a := range t.also {
		taken = append(taken, a.clock)
		if a.date >= 0 {
			taken = append(taken, a.date)
		}
	}
	who := g.person(taken)
	p.m.Badge, p.m.BadgeForm = Column{From: who.at + 1}, who.form
	p.why, p.asks = append(p.why, who.why...), append(p.asks, who.asks...)
	p.m.Date = Column{From: t.columns[0] + 1}
	code := "date.one"
	if len(t.columns) > 1 {
		p.m.Clock, code = Column{From: t.columns[1] + 1}, "date.two"
	}
	for _, c := range t.columns[min(2, len(t.columns)):] {
		p.m.More, code = append(p.m.More, Column{From: c + 1}), "date.more"
	}
	for _, a := range t.also {
		p.m.Also = append(p.m.Also, reading.AlsoTap{Date: Column{From: a.date + 1}, Clock: Column{From: a.clock + 1}, Key: a.key})
	}
	p.why = append(p.why, reading.Reason{Point: "date", Code: code, Facts: map[string]any{"Columns": g.list(t.columns)}})
	p.why, p.asks = append(p.why, t.why...), append(p.asks, t.asks...)
	p.m.Layout = t.orders[0]
	p.order = newOrder(t.orders, now)
	p.order.title = g.name(t.columns[0])
	p.leaning = leaning(g, separator)
	p.pressed = pressed{at: -1}
	if len(t.also) == 0 {
		p.pressed = g.keyColumn(append(taken, who.at))
	}
	p.statuses = statuses{}
	p.reader, _ = NewReader(p.m, nil)
}

// look takes what a line of the file says of the order of its dates and of its keys.
func (p *proposal) look(line string) {
	if !p.found || p.reader == nil || len(line) > MaxLine {
		return
	}
	c := p.reader.cells(line)
	read := p.order.add(p.reader.first(c))
	for _, a := range p.m.Also {
		if !vacant(c.at(a.Clock)) {
			p.order.add(p.reader.also(c, a))
		}
	}
	if p.pressed.at < 0 {
		return
	}
	at := Column{From: p.pressed.at + 1}
	if p.m.Separator == "" && p.m.Status.There() {
		at = p.m.Status
	}
	if read {
		p.statuses.add(c.at(at))
	}
}

// settle completes the proposal when every line was looked at.
func (p *proposal) settle() {
	if !p.found {
		return
	}
	s := p.order.settle(p.leaning)
	p.m.Layout = s.layout
	p.why, p.asks = append(p.why, s.why), append(p.asks, s.asks...)
	if p.grid == nil {
		p.why = append(p.why, reading.Reason{Point: "status", Code: "status.none"})
		return
	}
	status, keys, why, asks := p.grid.meaning(p.pressed, p.statuses)
	if status.There() && p.m.Separator == "" {
		status = p.m.Status
	}
	if !status.There() {
		p.m.Status = Column{}
	}
	if len(p.m.Also) == 0 {
		p.m.Status, p.m.Keys = status, keys
		p.why, p.asks = append(p.why, why...), append(p.asks, asks...)
	}
}

func separatorWhy(separator string, lines int) reading.Reason {
	code := "separator"
	if separator == "" {
		code = "separator.fixed"
	}
	shown := map[string]string{"\t": "tab", " ": "blank"}[separator]
	if shown == "" {
		shown = separator
	}
	return reading.Reason{Point: "separator", Code: code, Facts: map[string]any{"Separator": shown, "Lines": lines}}
}

func titlesWhy(g *grid) reading.Reason {
	if len(g.titles) == 0 {
		return reading.Reason{Point: "skip", Code: "titles.none", Facts: map[string]any{"Count": g.skip}}
	}
	var shown []string
	for _, t := range g.titles {
		if t != "" {
			shown = append(shown, cut(t))
		}
	}
	return reading.Reason{Point: "skip", Code: "titles", Facts: map[string]any{"Count": g.skip, "Titles": cut(strings.Join(shown, ", "))}}
}

// leaning is why a table whose dates fit both ways has the day first: its titles are Dutch, French or German, or a spreadsheet
// wrote it that is set to one of these languages, which all put the day first and part cells by semicolons.
func leaning(g *grid, separator string) *reading.Reason {
	for _, title := range g.titles {
		if plain := plainTitle(title); slices.Contains(belgianTitles(), plain) {
			return &reading.Reason{Point: "layout", Code: "layout.titles", Facts: map[string]any{"Title": cut(title)}}
		}
	}
	if separator == ";" {
		return &reading.Reason{Point: "layout", Code: "layout.semicolons", Facts: map[string]any{}}
	}
	return nil
}

// belgianTitles are titles that are words of Dutch, French or German and not of English.
func belgianTitles() []string {
	return []string{
		"datum", "dag", "tijd", "uur", "tijdstip", "datum/tijd", "datum tijd", "datum en tijd", "datum/uur", "naam", "voornaam",
		"familienaam", "nummer", "personeelsnummer", "kaart", "kaartnummer",
		"richting", "in/uit", "uit", "komen", "gaan", "aankomst", "vertrek", "gebruiker", "toestel", "werknemer", "stamnummer", "heure",
		"date et heure", "date/heure", "nom", "prenom", "matricule",
		"carte", "sens", "jour", "entree", "sortie", "arrivee", "depart", "utilisateur", "appareil", "pointeuse", "travailleur",
		"entree/sortie", "uhrzeit", "zeit", "datum/zeit", "zeitpunkt", "ausweis",
		"karte", "personalnummer", "richtung", "kommen", "gehen", "kommen/gehen", "vorname", "nachname", "benutzer", "gerat", "mitarbeiter",
		"zeitstempel", "personeelsnr", "kaartnr", "actie", "toets",
	}
}
