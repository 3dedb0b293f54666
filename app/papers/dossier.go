package papers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/dossier"
	"klokkast/app/identity"
	"klokkast/app/timesheet/paper"
)

// CorrectionDossier is what is handed in at the NSSO: the letter that asks for
// the correction, and an annex for each kind of evidence.
type CorrectionDossier struct {
	Made
	Bundle *dossier.Bundle
}

func (d *CorrectionDossier) made() *Made { return &d.Made }

func (d *CorrectionDossier) title(p *page) (title, right string) {
	return p.texts.T("dossier.title"), p.texts.LongDate(d.Bundle.Dossier.Correction.Day)
}

// annex is one kind of evidence, on pages of its own.
type annex struct {
	code  string // its title is papers.dossier.annex.CODE
	print func()
}

func (d *CorrectionDossier) print(p *page) {
	b := p.drawable(d.Bundle)
	annexes := p.annexes(b)
	p.letter(b, annexes)
	for i, a := range annexes {
		name := p.annexName(i, a)
		p.doc.NextPage()
		p.doc.Bookmark(name)
		if d.Environment.Simulated() { // annexes are taken apart
			p.doc.Banner(p.texts.T("timesheet.simulated"))
		}
		p.doc.Section(name)
		a.print()
	}
}

// drawable returns a copy whose people have the names that are printed, also within sentences.
func (p *page) drawable(b *dossier.Bundle) *dossier.Bundle {
	out := *b
	name := func(x dossier.Person, employer string) dossier.Person {
		x.Name = p.person(paper.Person{Name: x.Name, StaffNumber: x.StaffNumber, Employer: employer, ID: x.ID.Short()})
		return x
	}
	out.Worker = name(b.Worker, b.Employer.Name)
	out.Others = slices.Clone(b.Others)
	for i, x := range out.Others {
		out.Others[i] = name(x, "")
	}
	out.Evidence = slices.Clone(b.Evidence)
	for i, e := range out.Evidence {
		if e.Held == nil {
			continue
		}
		held := *e.Held
		held.Holder = p.person(paper.Person{Name: held.Holder, StaffNumber: held.StaffNumber, Employer: held.Employer, ID: string(held.Value)})
		out.Evidence[i].Held = &held
	}
	return &out
}

func (p *page) annexName(i int, a annex) string {
	return p.t("dossier.annex", "Number", i+1, "Title", p.t("dossier.annex."+a.code))
}

// annexes returns the evidence that there is, in the order in which the letter names it.
func (p *page) annexes(b *dossier.Bundle) []annex {
	all := []annex{{"register", func() { p.atRegister(b) }}}
	add := func(holds bool, code string, print func()) {
		if holds {
			all = append(all, annex{code, print})
		}
	}
	add(len(b.Evidence) > 0, "records", func() { p.records(b) })
	add(len(b.Evidence) > 0, "clock", func() { p.clocks(b) })
	add(len(b.Evidence) > 0, "custody", func() { p.custody(b) })
	add(b.Stated != nil, "statement", func() { p.statement(b) })
	add(len(b.Requests) > 0, "requests", func() { p.requests(b) })
	return all
}

// letter prints the request, on the first page or two, down to the signatures.
func (p *page) letter(b *dossier.Bundle, annexes []annex) {
	l := dossier.LetterOf(p.texts, b)
	p.doc.Bookmark(p.t("dossier.letter"))
	p.doc.Facts(p.dossierFacts(b), p.countdown(b))
	p.doc.Space(2)
	p.doc.Lead(p.fit(l.Subject))
	for _, text := range l.Ask {
		p.doc.Text(p.fit(text))
	}
	p.section(l.HasTitle, l.Has)
	p.section(l.WantsTitle, l.Wants)
	names := make([]string, len(annexes))
	for i, a := range annexes {
		names[i] = p.annexName(i, a)
	}
	p.section(p.t("dossier.enclosed"), names)
	p.doc.Space(2)
	p.doc.Text(p.fit(l.Closing))
	p.doc.Space(2)
	p.dossierSignatures(b, l.Signatures)
	p.doc.Unfit(p.fitter) // the letter is read without the annexes, too
}

// section prints a title with lines below it, or that there is nothing.
func (p *page) section(title string, lines []string) {
	p.doc.Section(p.fit(title))
	if len(lines) == 0 {
		p.doc.Text(p.t("dossier.nothing"))
	}
	for _, line := range lines {
		p.doc.Text(p.fit(line))
	}
}

func (p *page) dossierFacts(b *dossier.Bundle) []paper.Fact {
	facts := []paper.Fact{
		{Label: p.t("dossier.to"), Value: p.t("dossier.nsso"), Bold: true},
		{Label: p.t("dossier.employer"), Value: p.fit(b.Employer.Name)},
		{Label: p.t("dossier.enterprise"), Value: p.fit(enterpriseOf(b.Employer.Enterprise, b.Employer.ForeignVAT))},
		{Label: p.t("dossier.worker"), Value: p.fit(b.Worker.Name)},
		{Label: p.t("col.ssin"), Value: ssinOf(b.Worker.SSIN)},
	}
	if b.Worker.StaffNumber != "" {
		facts = append(facts, paper.Fact{Label: p.t("dossier.staffNumber"), Value: p.fit(b.Worker.StaffNumber)})
	}
	return facts
}

// countdown says up to when the NSSO corrects, and where the dossier stands.
func (p *page) countdown(b *dossier.Bundle) []paper.Fact {
	left := p.texts.N("dossier.left", b.Deadline.Left)
	switch {
	case b.Deadline.Urgency == dossier.Over:
		left = p.texts.T("dossier.over")
	case b.Deadline.Left == 0:
		left = p.texts.T("dossier.lastDay")
	}
	facts := []paper.Fact{
		{Label: p.t("dossier.last"), Value: p.texts.LongDate(b.Deadline.Last), Bold: true},
		{Label: p.t("dossier.term"), Value: left, Bold: true},
		{Label: p.t("dossier.date"), Value: p.texts.LongDate(b.Made)},
		{Label: p.t("dossier.number"), Value: string(b.Dossier.ID)},
		{Label: p.t("dossier.by"), Value: p.fit(b.Dossier.By)},
	}
	for _, s := range b.Dossier.Steps {
		args := []any{"Day", p.texts.Date(s.Day), "Outcome", ""}
		if s.Outcome != "" {
			args[3] = p.word("dossier.outcome.", string(s.Outcome))
		}
		said := p.texts.T("dossier.state."+string(s.State), args...)
		for _, more := range []string{s.Reference, s.Note} {
			if more != "" {
				said += " · " + p.fit(more)
			}
		}
		facts = append(facts, paper.Fact{Label: p.t("dossier.state"), Value: said})
	}
	return facts
}

func (p *page) dossierSignatures(b *dossier.Bundle, captions []string) {
	lines := []string{p.texts.T("timesheet.sign.name"), p.texts.T("timesheet.sign.date"), p.texts.T("timesheet.sign.signature")}
	names := []string{b.Worker.Name, ""}
	signs := make([]paper.Signature, 0, len(captions))
	for i, caption := range captions {
		signs = append(signs, paper.Signature{Role: p.fit(caption), Lines: lines, Filled: p.fit(names[i])})
	}
	p.doc.Signatures(signs...)
}

// atRegister sets what the register has beside what it should have.
func (p *page) atRegister(b *dossier.Bundle) {
	c := &b.Dossier.Correction
	p.doc.Text(p.t("dossier.kind", "Kind", p.word("dossier.kind.", string(c.Kind))))
	for i := range max(len(c.Has), len(c.Wants), 1) {
		p.doc.Space(1)
		p.doc.Facts(p.lineFacts(b, "dossier.letter.has", c.Has, i), p.lineFacts(b, "dossier.letter.wants", c.Wants, i))
	}
}

// lineFacts returns the i-th registration of a list, or that there is none.
func (p *page) lineFacts(b *dossier.Bundle, title string, list []app.CorrectionLine, i int) []paper.Fact {
	head := paper.Fact{Label: p.texts.T(title), Bold: true}
	if i >= len(list) {
		if head.Value = "–"; i == 0 {
			head.Value = p.t("dossier.nothing")
		}
		return []paper.Fact{head}
	}
	l, zone := &list[i], b.Zone.Location()
	head.Value = p.word("dossier.type.", string(l.Type))
	facts := []paper.Fact{head}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, paper.Fact{Label: p.t(label), Value: p.fit(value)})
		}
	}
	when := p.texts.T("dossier.line.noTime")
	if l.At != 0 {
		when = p.texts.DateTimeSeconds(l.At, zone)
	}
	who := b.Person(l.WorkerID)
	add("dossier.time", when)
	add("dossier.worker", who.Name)
	add("col.ssin", ssinOf(who.SSIN))
	add("dossier.place", dossier.Place(p.texts, b, l))
	add("dossier.enterprise", enterpriseOf(l.Enterprise, l.ForeignVAT))
	add("dossier.declaration", l.Declaration)
	if l.RegisterID != 0 {
		add("dossier.registerId", strconv.FormatInt(l.RegisterID, 10))
	}
	if l.Validity != "" {
		key, args := ciao.ValidityKey(l.Validity)
		add("dossier.validity", p.texts.T(key, args))
	}
	add("dossier.answer", dossier.Answer(p.texts, l.Answer))
	if l.Answered != 0 {
		add("dossier.answered", p.texts.DateTimeSeconds(l.Answered, zone))
	}
	return facts
}

// records prints each record as the box gave it, with its place in the chain.
func (p *page) records(b *dossier.Bundle) {
	p.doc.Text(p.t("dossier.chain.help"))
	for i := range b.Evidence {
		p.record(&b.Evidence[i], b.Zone.Location())
	}
}

func (p *page) record(e *dossier.Evidence, zone *time.Location) {
	p.doc.Section(p.recordName(e))
	if e.Key.ByRegister() { // nothing of a box, nor of a chain: the NSSO has it
		p.doc.Facts([]paper.Fact{{Label: p.t("dossier.time"), Value: p.texts.DateTimeSeconds(e.At, zone)}, {Label: p.t("dossier.pressed"), Value: p.pressed(e)}})
		return
	}
	facts := []paper.Fact{
		{Label: p.t("dossier.raw"), Value: p.raw(e), Bold: true},
		{Label: p.t("dossier.boxTime"), Value: p.texts.DateTimeSeconds(e.At, zone)},
		{Label: p.t("dossier.pressed"), Value: p.pressed(e)},
		{Label: p.t("receipt.uid"), Value: p.fit(e.Key.Box)},
		{Label: p.t("receipt.log"), Value: p.fit(e.Key.Log)},
	}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, paper.Fact{Label: p.t(label), Value: value})
		}
	}
	if e.Text {
		add("receipt.file", p.fit(fmt.Sprintf("%s, %d", e.Reading.FileName, e.Line)))
	}
	if e.Reading.Started != 0 {
		add("dossier.readBy", p.fit(p.texts.DateTimeSeconds(e.Reading.Started, zone)+" · "+e.Reading.Actor))
	}
	add("receipt.id", string(e.ReadingID))
	if c := e.Chain; c != nil {
		add("dossier.chain.before", c.Before)
		add("dossier.chain.after", c.After)
		add("dossier.chain.point", p.chainPoint(c))
		add("dossier.chain.seal", p.seal(c.Seal))
	} else {
		add("dossier.chain.point", p.t("dossier.chain.file"))
	}
	p.doc.Facts(facts)
}

// recordName names a record by its box and number; the line of a file by its line.
func (p *page) recordName(e *dossier.Evidence) string {
	number := strconv.FormatUint(e.Key.Seq, 10)
	if e.Key.ByRegister() {
		return p.t("dossier.byPhone", "Number", number)
	}
	if e.Text {
		number = p.t("dossier.line", "Line", e.Line)
	}
	return p.t("dossier.record", "Box", p.fit(e.BoxLabel), "Number", number)
}

// raw writes the bytes of a record in groups of four, or the line of a file
// with what does not show (tabs, runs of blanks) spelt out.
func (p *page) raw(e *dossier.Evidence) string {
	if !e.Text {
		return grouped(e.Raw, 8)
	}
	visible := func(quoted string) string {
		return strings.ReplaceAll(quoted[1:len(quoted)-1], "  ", `\x20\x20`)
	}
	if line := visible(strconv.QuoteToGraphic(e.Raw)); p.fitter.Draws(line) {
		return p.fit(line)
	}
	return visible(strconv.QuoteToASCII(e.Raw))
}

// grouped puts a blank after every n digits.
func grouped(digits string, n int) string {
	var s strings.Builder
	for i, r := range digits {
		if i > 0 && i%n == 0 {
			s.WriteByte(' ')
		}
		s.WriteRune(r)
	}
	return s.String()
}

// pressed says which key was pressed, and what the tap turned out to be.
func (p *page) pressed(e *dossier.Evidence) string {
	key := p.t("dossier.noKey")
	if e.Pressed != app.KeyNone {
		key = p.word("word.key.", e.Pressed.String())
	}
	words := key + " · " + p.t("dossier.role", "Role", p.word("word.role.", string(e.Role)))
	if e.Flags&app.TimeUntrusted != 0 {
		words += " · " + p.t("dossier.untrusted")
	}
	return words
}

func (p *page) chainPoint(c *dossier.Chain) string {
	switch {
	case c.Proven:
		return p.t("dossier.chain.proven", "Seq", strconv.FormatUint(c.PointSeq, 10), "Hash", c.Point)
	case c.PointSeq != 0:
		return p.t("dossier.chain.gap", "Seq", strconv.FormatUint(c.PointSeq, 10))
	}
	return p.t("dossier.chain.unproven")
}

func (p *page) seal(s *dossier.Seal) string {
	if s == nil {
		return p.t("dossier.chain.noSeal")
	}
	return p.t("dossier.chain.sealed", "Seq", strconv.FormatUint(s.Seq, 10), "Raw", grouped(s.Raw, 8))
}

// clocks prints by how much the clock was off at each record, and the
// measurements on either side that tell it.
func (p *page) clocks(b *dossier.Bundle) {
	zone := b.Zone.Location()
	p.doc.Text(p.t("dossier.clock.help"))
	t := paper.Table{Columns: []paper.Column{
		{Title: p.t("dossier.col.record"), Width: 30}, {Title: p.t("dossier.boxTime"), Width: 26}, {Title: p.t("dossier.clock.offset"), Width: 34},
		{Title: p.t("dossier.clock.corrected"), Width: 26}, {Title: p.t("dossier.clock.before"), Width: 34}, {Title: p.t("dossier.clock.after"), Width: 34},
	}}
	for i := range b.Evidence {
		e := &b.Evidence[i]
		if e.Key.ByRegister() { // by the register's own clock
			continue
		}
		offset := []string{p.t("receipt.none")}
		if e.Clock.Known {
			offset = []string{p.offset(&app.ClockOffset{Offset: e.Clock.Offset(), Uncertainty: e.Clock.Uncertainty()})}
		}
		if e.Clock.Repaired {
			offset = append(offset, p.t("dossier.clock.repaired"))
		}
		t.Rows = append(t.Rows, paper.Row{Cells: []paper.Cell{
			paper.Line(p.recordName(e)), paper.Line(p.texts.DateTimeSeconds(e.At, zone)), {Lines: offset, Bold: true},
			paper.Line(p.texts.DateTimeSeconds(e.Corrected, zone)), p.measured(e.Clock.Before, zone), p.measured(e.Clock.After, zone),
		}})
	}
	p.doc.Table(t)
}

func (p *page) measured(m *app.ClockOffset, zone *time.Location) paper.Cell {
	if m == nil {
		return paper.Line("–")
	}
	return paper.Cell{Lines: []string{p.texts.DateTimeSeconds(m.At, zone), p.offset(m)}}
}

// custody prints who held the badge or PIN of each record.
func (p *page) custody(b *dossier.Bundle) {
	zone := b.Zone.Location()
	p.doc.Text(p.t("dossier.custody.help"))
	t := paper.Table{Columns: []paper.Column{
		{Title: p.t("dossier.col.record"), Width: 30}, {Title: p.t("dossier.custody.identifier"), Width: 44}, {Title: p.t("dossier.custody.holder"), Width: 42},
		{Title: p.t("dossier.custody.span"), Width: 40}, {Title: p.t("dossier.custody.entered"), Width: 28},
	}}
	for i := range b.Evidence {
		e := &b.Evidence[i]
		if e.Key.ByRegister() { // the register named the person
			continue
		}
		row := []paper.Cell{paper.Line(p.recordName(e)), paper.Line("–"), paper.Line(p.t("dossier.custody.nobody")), {}, {}}
		if h := e.Held; h != nil {
			what := []string{p.t("dossier.custody."+string(h.Kind), "Value", p.fit(h.Value))}
			if h.Label != "" {
				what = append(what, p.fit(h.Label))
			}
			row = []paper.Cell{
				row[0], {Lines: what}, {Lines: []string{p.fit(h.Holder)}, Bold: true},
				{Lines: p.held(h.Span, zone)}, paper.Line(p.entered(h.Entered, zone)),
			}
		}
		t.Rows = append(t.Rows, paper.Row{Cells: row})
	}
	p.doc.Table(t)
}

func (p *page) held(s app.Span, zone *time.Location) []string {
	if s.To == 0 {
		return []string{p.t("dossier.custody.since", "From", p.texts.DateTime(s.From, zone))}
	}
	return []string{p.texts.DateTime(s.From, zone) + " –", p.texts.DateTime(s.To, zone)}
}

func (p *page) entered(at app.Instant, zone *time.Location) string {
	if at == 0 {
		return p.t("receipt.none")
	}
	return p.texts.DateTime(at, zone)
}

// statement prints what a supervisor stated, and why.
func (p *page) statement(b *dossier.Bundle) {
	s, zone := b.Stated, b.Zone.Location()
	facts := []paper.Fact{{Label: p.t("dossier.stated.what"), Value: p.t("dossier.stated." + string(s.Kind)), Bold: true}}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, paper.Fact{Label: p.t(label), Value: value})
		}
	}
	if s.From != 0 {
		add("col.in", p.texts.DateTime(s.From, zone))
	}
	if s.To != 0 {
		add("col.out", p.texts.DateTime(s.To, zone))
	}
	add("dossier.stated.reason", p.word("reason.", s.Reason))
	add("dossier.stated.note", p.fit(s.Note))
	add("dossier.by", p.fit(s.By))
	add("dossier.stated.at", p.texts.DateTime(s.At, zone))
	if s.Withdrawn != 0 {
		add("dossier.stated.withdrawn", p.texts.DateTime(s.Withdrawn, zone))
	}
	p.doc.Facts(facts)
}

// requests prints what was asked of the register, and what it answered.
func (p *page) requests(b *dossier.Bundle) {
	zone := b.Zone.Location()
	t := paper.Table{Columns: []paper.Column{
		{
			Title: p.t("dossier.request.started"),
			Width: 30,
		}, {Title: p.t("dossier.request.operation"), Width: 26}, {Title: p.t("dossier.request.outcome"), Width: 28},
		{Title: p.t("dossier.request.status"), Width: 14, Align: paper.AlignRight}, {Title: p.t("dossier.request.detail"), Width: 86},
	}}
	for i := range b.Requests {
		a := &b.Requests[i]
		status := ""
		if a.Status != 0 {
			status = strconv.Itoa(a.Status)
		}
		t.Rows = append(t.Rows, paper.Row{Cells: []paper.Cell{
			paper.Line(
				p.texts.DateTimeSeconds(a.Started, zone),
			), paper.Line(p.word("word.operation.", a.Operation)), paper.Line(p.word("word.outcome.", string(a.Outcome))),
			paper.Line(status), {Lines: p.answered(a)},
		}})
	}
	p.doc.Table(t)
}

func (p *page) answered(a *app.Attempt) (lines []string) {
	if a.Problem != "" {
		key, args := ciao.ProblemKey(a.Problem)
		lines = append(lines, p.fit(p.texts.T(key, args)))
	}
	if a.TraceID != "" {
		lines = append(lines, p.fit("BelGov-Trace-Id: "+a.TraceID))
	}
	switch {
	case strings.ContainsAny(a.Detail, "{}[]"): // what a machine said to a machine
		lines = append(lines, p.fit(dossier.Answer(p.texts, a.Detail)))
	case a.Detail != "":
		lines = append(lines, p.fit(a.Detail))
	}
	return lines
}

// enterpriseOf writes an employer's number as people read it.
func enterpriseOf(enterprise, foreignVAT string) string {
	if enterprise != "" {
		return identity.FormatEnterprise(enterprise)
	}
	return foreignVAT
}

// ssinOf writes a number that was asked for with its dots; a masked one as it is.
func ssinOf(number string) string {
	if len(number) == 11 && !strings.Contains(number, "*") {
		return identity.FormatSSIN(number)
	}
	return number
}
