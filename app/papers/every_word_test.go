package papers_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/dossier"
	"klokkast/app/papers"
	"klokkast/app/text"
	"klokkast/assets"
)

// sources are the files of a package as they are compiled, tests apart.
func sources(t *testing.T, dir string) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// codesOf returns the values of the constants of a type, or of those whose name
// begins so where there is no such type, as the code has them.
func codesOf(t *testing.T, dir, name string) (codes []string) {
	t.Helper()
	for _, f := range sources(t, dir) {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				kind, typed := v.Type.(*ast.Ident)
				for i := range v.Values {
					if typed && kind.Name == name || !typed && strings.HasPrefix(v.Names[i].Name, name) {
						codes = append(codes, literal(v.Values[i]))
					}
				}
			}
		}
	}
	codes = slices.DeleteFunc(codes, func(s string) bool { return s == "" })
	if len(codes) == 0 {
		t.Fatalf("%s has no constants of %s", dir, name)
	}
	return codes
}

// argsOf returns the texts that a package calls a method with.
func argsOf(t *testing.T, dir, method string) (args []string) {
	for _, f := range sources(t, dir) {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == method && literal(call.Args[0]) != "" {
					args = append(args, literal(call.Args[0]))
				}
			}
			return true
		})
	}
	return args
}

// literal returns the text of a string literal; "" for anything else.
func literal(e ast.Expr) string {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		s, _ := strconv.Unquote(l.Value)
		return s
	}
	return ""
}

// built returns the beginnings of keys that the code of a package puts together
// with a code, and the keys that it writes out; where says what stands before
// the keys of a short form.
func built(t *testing.T, dir string, short string) (prefixes, whole []string) {
	for _, f := range sources(t, dir) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"T", "N", "t", "n", "word"}, sel.Sel.Name) {
				return true
			}
			before := ""
			if sel.Sel.Name == "t" || sel.Sel.Name == "n" {
				before = short
			}
			key, plus := call.Args[0], false
			for {
				b, ok := key.(*ast.BinaryExpr)
				if !ok {
					break
				}
				key, plus = b.X, true
			}
			switch s := literal(key); {
			case s == "" || s == short:
			case plus || strings.HasSuffix(s, "."):
				prefixes = append(prefixes, before+s)
			default:
				whole = append(whole, before+s)
			}
			return true
		})
	}
	return prefixes, whole
}

// printedCodes are, for each beginning of a key on any paper, the codes that may
// follow: from the constants in the code, so that a new one without its text fails.
func printedCodes(t *testing.T) map[string][]string {
	of := func(dir, name string) []string { return codesOf(t, dir, name) }
	list := func(s ...string) []string { return s }
	keys := list()
	for k := app.KeyIn; !strings.HasPrefix(k.String(), "key-"); k++ {
		keys = append(keys, k.String())
	}
	var titles []string
	for _, r := range of("..", "Rule") {
		titles = append(titles, r+".title")
	}
	var absences []string
	for _, k := range app.AbsenceKinds {
		absences = append(absences, string(k))
	}
	kinds := list("night", "saturday", "onSunday", "holiday")
	return map[string][]string{
		"chart.": of(".", "ChartKind"), "sending.delays.by.": of("../ciao", "DelayBy"),
		"papers.dossier.annex.":   list("register", "records", "clock", "custody", "statement", "requests"),
		"papers.dossier.custody.": of("..", "IdentifierKind"), "papers.dossier.stated.": of("..", "AdjustmentKind"),
		"papers.presence.section.": of("..", "Whereabouts"), "papers.where.": of("..", "Whereabouts"),
		"papers.receipt.state.": of("..", "ReadingState"),
		"dossier.outcome.":      of("..", "DossierOutcome"), "dossier.state.": of("..", "DossierState"),
		"dossier.kind.": of("..", "CorrectionKind"), "dossier.letter.ask.": of("..", "CorrectionKind"), "dossier.type.": of("..", "RegistrationType"),
		"dossier.line.":     list("worker", "employer", "declaration", "number", "noTime", "coordinates", "address"),
		"dossier.enclosed.": list("records", "clock", "custody", "statement", "requests"),
		"dossier.differs.":  list("type", "worker", "site", "place", "time", "ssin", "declaration", "employer", "effect", "by-phone"),
		"word.key.":         keys, "word.role.": of("..", "TapRole"), "reason.": app.ReasonCodes[:],
		"word.operation.": append(of("../../data", "operation"), argsOf(t, "../ciao", "attempt")...), "word.outcome.": of("..", "AttemptOutcome"),
		"word.decision.": of("..", "Decision"), "word.employer.": of("..", "EmployerKind"), "word.type.": of("..", "RegistrationType"),
		"expected.": of("../derived", "ExpectedState"), "regstate.": of("..", "RegistrationState"), "held.": of("..", "HeldReason"),
		"timesheet.col.": kinds, "timesheet.totals.": kinds,
		"timesheet.holiday.": list(
			"newYear",
			"easterMonday",
			"labour",
			"ascension",
			"whitMonday",
			"national",
			"assumption",
			"allSaints",
			"armistice",
			"christmas",
			"company",
		),
		"timesheet.note.adjusted.": of("..", "AdjustmentKind"), "timesheet.capacity.": of("..", "Capacity"), "timesheet.rounding.": of("..", "RoundingMode"),
		"absence.": absences, "approval.cause.": of("../period", "CauseCode"), "anomaly.": titles,
	}
}

// Each code that a paper may print has its own text in each language, and it is no code.
func TestEveryCodeOnPaperHasItsText(t *testing.T) {
	codes := printedCodes(t)
	catalogue, err := text.Load(assets.Translations())
	if err != nil {
		t.Fatal(err)
	}
	for dir, short := range map[string]string{".": "papers.", "../timesheet": "timesheet.", "../dossier": "", "../period": "", "../timesheet/paper": ""} {
		prefixes, whole := built(t, dir, short)
		for _, p := range prefixes {
			if codes[p] == nil {
				t.Errorf("%s prints %s followed by a code: say here which there are", dir, p)
			}
		}
		for _, l := range app.Languages {
			for _, key := range whole {
				if !catalogue.For(l).Has(key) {
					t.Errorf("%s: %s has no text for %s", l, dir, key)
				}
			}
		}
	}
	same := []string{"IN", "OUT", "in", "week", "later", "ascension", "armistice"} // words of the register, and those that two languages share
	for _, l := range app.Languages {
		tr := catalogue.For(l)
		for prefix, list := range codes {
			for _, code := range list {
				said := tr.T(prefix+code, "Minutes", 5, "Site", "S", "Reason", "R", "By", "B", "Date", "D")
				if !tr.Has(prefix+code) || l != app.English && strings.EqualFold(said, code) && !slices.Contains(same, code) {
					t.Errorf("%s: %s%s says %q", l, prefix, code, said)
				}
			}
		}
	}
}

// raw finds what no reader may see: keys, values that were not filled in, verbs.
var raw = regexp.MustCompile(
	`\[\[|\]\]|<novalue>|<nil>|%!|\{\{|(?:papers|timesheet|word|held|regstate|expected|reason|anomaly|approval|dossier|chart|sending|absence|verify|paper|export|error|ciao)\.[a-z][a-zA-Z]*[.a-z]`,
)

// everyPaper gives, for each type of paper in the code, papers with all that may stand on them.
func everyPaper(t *testing.T) map[string]func() []papers.Paper {
	codes := printedCodes(t)
	return map[string]func() []papers.Paper{
		"PresenceList": func() []papers.Paper {
			return []papers.Paper{everyWhereabouts(), papers.BuildPresenceList(made, papers.PresenceQuestion{Site: app.Site{ID: "x", Name: "Leeg"}})}
		},
		"Poster":          func() []papers.Paper { return []papers.Paper{posterOf(t, app.Languages[:]...)} },
		"InspectionSheet": func() []papers.Paper { return []papers.Paper{everyInspection(t, codes)} },
		"ReadingReceipt": func() (out []papers.Paper) {
			for i, state := range codes["papers.receipt.state."] {
				r := receipt()
				r.Reading.State = app.ReadingState(state)
				if i > 0 {
					r.Reading.Clock = &app.ClockOffset{Offset: 0}
					r.Gaps = nil
				}
				if i > 1 {
					r.Reading = app.Reading{State: r.Reading.State, Log: r.Reading.Log}
				}
				out = append(out, r)
			}
			return out
		},
		"CorrectionDossier": func() []papers.Paper { return everyDossier(codes) },
		"Chart": func() (out []papers.Paper) {
			for _, kind := range codes["chart."] {
				out = append(out, everyChart(t, papers.ChartKind(kind))...)
			}
			return out
		},
	}
}

func everyWhereabouts() *papers.PresenceList {
	q := question()
	q.Boxes = append(q.Boxes, papers.BoxRead{UID: "new", Label: "Nieuw"}, papers.BoxRead{UID: "now", Label: "Nu", ReadTo: q.To})
	stated := presence("zoe", app.PresenceMissingIn, 0, at(13, 0))
	stated.Adjusted = true
	q.Presences = append(q.Presences, stated)
	q.Employers["other"] = app.Employer{ID: "other", Name: "Ander"}
	e := q.Engagements["e-bart"]
	e.EmployerID = "other"
	q.Engagements["e-bart"] = e
	return papers.BuildPresenceList(made, q)
}

func everyInspection(t *testing.T, codes map[string][]string) *papers.InspectionSheet {
	s := inspected(t)
	s.Environment, s.There = app.LocalSimulator, everyWhereabouts()
	for _, kind := range codes["word.employer."] {
		s.Employers = append(s.Employers, app.Employer{ID: app.ID(kind), Name: "Firma", Kind: app.EmployerKind(kind)})
	}
	for _, state := range codes["expected."] {
		s.Expected = append(s.Expected, papers.ExpectedThere{Name: "An", State: state})
	}
	for _, kind := range append(codes["word.type."], "") {
		s.Last = append(s.Last, papers.LastRegistration{Type: app.RegistrationType(kind), State: app.RegAccepted})
	}
	for _, state := range codes["regstate."] {
		s.Last = append(s.Last, papers.LastRegistration{Type: app.RegisterIn, State: app.RegistrationState(state)})
	}
	for _, held := range codes["held."] {
		s.Last = append(s.Last, papers.LastRegistration{State: app.RegHeld, Held: app.HeldReason(held)})
	}
	return s
}

func everyDossier(codes map[string][]string) (out []papers.Paper) {
	for i, kind := range codes["dossier.kind."] {
		d := correction()
		b := d.Bundle
		b.Dossier.Correction.Kind, b.Dossier.Correction.Differs = app.CorrectionKind(kind), codes["dossier.differs."]
		for j := range b.Dossier.Correction.Wants {
			b.Dossier.Correction.Wants[j].Type = app.RegistrationType(codes["dossier.type."][i%2])
		}
		for _, state := range codes["dossier.state."] {
			for _, outcome := range append(codes["dossier.outcome."], "") {
				b.Dossier.Steps = append(b.Dossier.Steps, app.DossierStep{State: app.DossierState(state), Outcome: app.DossierOutcome(outcome), Day: b.Made})
			}
		}
		out = append(out, d)
		if i > 0 { // all that a record may say stands in one
			continue
		}
		e := b.Evidence[0]
		for _, role := range codes["word.role."] {
			e.Role = app.TapRole(role)
			e.Pressed = (e.Pressed + 1) % 5
			b.Evidence = append(b.Evidence, e)
		}
		for _, kind := range codes["papers.dossier.custody."] {
			held := *e.Held
			held.Kind, e.Held = app.IdentifierKind(kind), &held
			b.Evidence = append(b.Evidence, e)
		}
		e.Role, e.Clock, e.Held, e.Chain = "", dossier.Clock{Repaired: true}, nil, &dossier.Chain{PointSeq: 4}
		b.Evidence = append(b.Evidence, e)
		b.Stated.Kind = app.AdjustmentKind(codes["papers.dossier.stated."][i%len(codes["papers.dossier.stated."])])
		b.Stated.Reason = codes["reason."][i%len(codes["reason."])]
		b.Requests = nil
		for j, operation := range codes["word.operation."] {
			outcomes := codes["word.outcome."]
			b.Requests = append(
				b.Requests,
				app.Attempt{Operation: operation, Outcome: app.AttemptOutcome(outcomes[j%len(outcomes)]), Problem: ciao.CodeNoAnswer},
				app.Attempt{Problem: "new"},
			)
		}
		d.Environment = app.LocalSimulator
	}
	return out
}

// Every type of paper, with every kind of thing on it, in every language: no key, no
// code and nothing unfilled stands there.
func TestNoPaperShowsAKey(t *testing.T) {
	all := everyPaper(t)
	var found []string
	for _, f := range sources(t, ".") {
		ast.Inspect(f, func(n ast.Node) bool {
			if m, ok := n.(*ast.FuncDecl); ok && m.Recv != nil && m.Name.Name == "made" {
				found = append(found, m.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name)
			}
			return true
		})
	}
	if have := slices.Sorted(maps.Keys(all)); !slices.Equal(have, slices.Sorted(slices.Values(found))) {
		t.Fatalf("the code has the papers %q, this test prints %q", found, have)
	}
	catalogue, err := text.Load(assets.Translations())
	if err != nil {
		t.Fatal(err)
	}
	codes := hyphened(printedCodes(t))
	for _, lang := range app.Languages {
		for name, models := range all {
			for _, model := range models() {
				var pdf bytes.Buffer
				if err := papers.Write(&pdf, fonts(t), catalogue.For(lang), model); err != nil {
					t.Fatalf("%s, %s: %v", lang, name, err)
				}
				checkWords(t, string(lang)+", "+name, textOf(t, pdf.Bytes()), codes)
			}
		}
	}
	if missing := catalogue.Missing(); missing != nil {
		t.Errorf("missing texts: %v", missing)
	}
}

// hyphened returns the codes that no language has as a word.
func hyphened(codes map[string][]string) (out []string) {
	for _, list := range codes {
		for _, code := range list {
			if strings.Contains(code, "-") {
				out = append(out, code)
			}
		}
	}
	return out
}

func checkWords(t *testing.T, what, words string, codes []string) {
	t.Helper()
	plain := strings.Join(strings.Fields(words), "")
	if at := raw.FindStringIndex(plain); at != nil {
		t.Errorf("%s: %q", what, plain[max(0, at[0]-30):min(len(plain), at[1]+30)])
	}
	for _, code := range codes {
		if strings.Contains(words, " "+code+" ") {
			t.Errorf("%s: the code %s", what, code)
		}
	}
}

// everyChart returns a kind of chart, full and empty; of delays told apart in every way.
func everyChart(t *testing.T, kind papers.ChartKind) (out []papers.Paper) {
	days := app.Days{From: app.NewDate(2026, 10, 26), To: app.NewDate(2026, 11, 22)}
	chart := func(data papers.Charted) {
		out = append(out, &papers.Chart{Made: made, Kind: kind, About: "Stadhuis Leuven", Days: days, Data: data})
	}
	switch kind {
	case papers.SiteHours:
		chart(
			papers.BuildHours(
				[]app.Presence{presence("an", app.PresenceComplete, at(6, 30), at(14, 0)), presence("zoe", app.PresenceMissingOut, at(9, 0), 0)},
				"hall",
				brussels(t),
			),
		)
		chart(&papers.Hours{})
	case papers.WorkerWeeks:
		chart(papers.BuildWeeks([]app.Workday{{Day: days.From, Worked: 30 * time.Hour, Incomplete: true}}, []app.Engagement{{}}, days, 38*60))
		chart(&papers.Weeks{})
	case papers.BoxDrift:
		chart(drift(t))
		chart(&papers.Drift{Zone: brussels(t)})
	case papers.Delays:
		for _, by := range codesOf(t, "../ciao", "DelayBy") {
			d := delays()
			d.Report.By = ciao.DelayBy(by)
			chart(d)
		}
		chart(&papers.DelayChart{Report: ciao.Delays(nil, ciao.BySite, time.UTC)})
	default:
		t.Errorf("there is a new kind of chart: %s", kind)
	}
	return out
}
