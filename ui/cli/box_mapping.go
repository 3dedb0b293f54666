package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/ui/wording"
)

// previewRows is how many lines of a table are shown as they are understood.
const previewRows = 15

// mappingJSON is the answer of the box mapping commands.
type mappingJSON struct {
	environmentJSON
	Box     string          `json:"box,omitempty"` // UID
	Saved   bool            `json:"saved"`
	Mapping reading.Mapping `json:"mapping"`
	Rows    []tableRowJSON  `json:"rows"` // of the sample; empty without one
	None    []tableRowJSON  `json:"none"` // its lines that are no taps, without the empty ones
	// Why and Questions are those of a proposal.
	Why       []reasonJSON   `json:"why"`
	Questions []questionJSON `json:"questions"`
}

// reasonJSON is why a point of a proposal is as it is.
type reasonJSON struct {
	reading.Reason
	Message string `json:"message"`
}

// questionJSON is what a table does not tell of how it is read.
type questionJSON struct {
	reading.Question
	Message string `json:"message"`
}

// tableRowJSON is a line of a table as it is understood.
type tableRowJSON struct {
	Line    int                `json:"line"`
	Text    string             `json:"text"`
	Kind    app.IdentifierKind `json:"kind,omitempty"`
	Badge   string             `json:"badge,omitempty"`
	Local   string             `json:"local,omitempty"` // YYYY-MM-DD hh:mm:ss, as the box's clock showed it
	Status  string             `json:"status,omitempty"`
	Key     app.PunchKey       `json:"key"`
	Unnamed bool               `json:"unnamed,omitempty"` // the mapping does not say what the status means
	None    reading.NoTap      `json:"none,omitempty"`    // of a line that need not be a tap: empty, title, total, note
	Problem string             `json:"problem,omitempty"` // a code as in box import
	Column  int                `json:"column,omitempty"`  // of the problem
	Value   string             `json:"value,omitempty"`
	Wanted  string             `json:"wanted,omitempty"` // what a right one looks like
	Message string             `json:"message,omitempty"`
}

type boxMappingProposeCmd struct {
	File string `arg:"" help:"mapping_sample"`
}

// Run proposes how a table is read.
func (c *boxMappingProposeCmd) Run(r *run) error {
	return r.toLook(func(o *office.Office) error {
		p, err := o.Files.PreviewTable(r.ctx, c.File, "", nil, previewRows)
		if err != nil {
			return err
		}
		return r.sayMapping(o, "", app.DefaultZone, false, p)
	})
}

type boxMappingShowCmd struct {
	Box    string `arg:"" help:"mapping_box"`
	Sample string `placeholder:"FILE" help:"mapping_sample"`
}

// Run shows how the tables of a box are read.
func (c *boxMappingShowCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		b, err := r.box(o, c.Box)
		if err != nil {
			return err
		}
		uid := b.Box.UID
		m, found, err := o.Files.BoxMapping(r.ctx, uid)
		if err != nil {
			return err
		}
		if !found {
			return failure("mapping.none", "Box", c.Box)
		}
		p, err := r.sample(o, c.Sample, m)
		if err != nil {
			return err
		}
		return r.sayMapping(o, uid, b.Box.Zone, true, p)
	})
}

// sample returns a mapping with what it makes of a file, where one is given.
func (r *run) sample(o *office.Office, file string, m reading.Mapping) (reading.TablePreview, error) {
	if file == "" {
		return reading.TablePreview{Mapping: m}, nil
	}
	return o.Files.PreviewTable(r.ctx, file, "", &m, previewRows)
}

type boxMappingForgetCmd struct {
	Box string `arg:"" help:"mapping_box"`
	reason
}

// Run forgets how the tables of a box are read.
func (c *boxMappingForgetCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		uid, err := r.knownBox(o, c.Box)
		if err != nil {
			return err
		}
		if err := o.Files.ForgetMapping(r.ctx, uid, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("mapping.forgotten", "Box", c.Box), "box", uid)
	})
}

// mappingFlags change single points of a mapping; a flag that is not given changes nothing.
type mappingFlags struct {
	Separator *string  `placeholder:"\";\"|tab|none" help:"map_separator"`
	Skip      *int     `placeholder:"1" help:"map_skip"`
	Encoding  string   `placeholder:"utf-8|windows-1252|cp850|macintosh" enum:",utf-8,windows-1252,cp850,macintosh" default:"" help:"map_encoding"`
	Badge     *string  `placeholder:"2" help:"map_badge"`
	BadgeForm *string  `placeholder:"pin|card-hex|card-decimal" help:"map_badge_form"`
	Date      *string  `placeholder:"3" help:"map_date"`
	Clock     *string  `placeholder:"4" help:"map_clock"`
	Layout    *string  `placeholder:"\"DD/MM/YYYY hh:mm\"" help:"map_layout"`
	Sheet     *string  `placeholder:"NAME" help:"map_sheet"`
	More      *string  `placeholder:"5,6" sep:"none" help:"map_more"`
	Also      []string `placeholder:"4=out" sep:"none" help:"map_also"`
	Status    *string  `placeholder:"5" help:"map_status"`
	Key       []string `placeholder:"IN=in" sep:"none" help:"map_key"`
}

func (f *mappingFlags) apply(m *reading.Mapping) error {
	before := m.Status
	if f.Separator != nil {
		m.Separator = separatorOf(*f.Separator)
	}
	if f.Skip != nil {
		m.Skip = *f.Skip
	}
	if f.Encoding != "" {
		m.Encoding = encodingOf(f.Encoding)
	}
	set(&m.BadgeForm, f.BadgeForm)
	set(&m.Layout, f.Layout)
	for _, c := range []struct {
		flag  string
		to    *reading.Column
		given *string
	}{{"--badge", &m.Badge, f.Badge}, {"--date", &m.Date, f.Date}, {"--clock", &m.Clock, f.Clock}, {"--status", &m.Status, f.Status}} {
		if err := setColumn(c.flag, c.to, c.given); err != nil {
			return err
		}
	}
	set(&m.Sheet, f.Sheet)
	if err := setMore(&m.More, f.More); err != nil {
		return err
	}
	if err := setAlso(&m.Also, f.Also); err != nil {
		return err
	}
	return f.applyKeys(m, before)
}

// applyKeys adds meanings to those of the same status column.
func (f *mappingFlags) applyKeys(m *reading.Mapping, before reading.Column) error {
	if m.Status != before {
		m.Keys = nil
	}
	if len(f.Key) > 0 {
		keys, err := keysOf(f.Key)
		if err != nil {
			return err
		}
		if m.Keys = maps.Clone(m.Keys); m.Keys == nil {
			m.Keys = reading.Keys{}
		}
		maps.Copy(m.Keys, keys)
	}
	return nil
}

// given names the flags that answer questions of a proposal.
func (f *mappingFlags) given() (flags []string) {
	for _, x := range []struct {
		flag  string
		given bool
	}{
		{"--separator", f.Separator != nil}, {"--skip", f.Skip != nil}, {"--encoding", f.Encoding != ""}, {"--sheet", f.Sheet != nil}, {"--badge", f.Badge != nil},
		{"--badge-form", f.BadgeForm != nil}, {"--date", f.Date != nil}, {"--clock", f.Clock != nil}, {"--more", f.More != nil}, {"--also", len(f.Also) > 0},
		{"--layout", f.Layout != nil}, {"--status", f.Status != nil}, {"--key", len(f.Key) > 0},
	} {
		if x.given {
			flags = append(flags, x.flag)
		}
	}
	return flags
}

// setMore reads columns: 5,6 or 0 for none.
func setMore(to *[]reading.Column, given *string) error {
	if given == nil {
		return nil
	}
	*to = nil
	for part := range strings.SplitSeq(*given, ",") {
		var c reading.Column
		if err := setColumn("--more", &c, &part); err != nil {
			return err
		}
		if c.There() {
			*to = append(*to, c)
		}
	}
	return nil
}

// setAlso reads further punches of a row: 4=out, or 3+4=out where the date stands in a column of its own; 0 for none.
func setAlso(to *[]reading.AlsoTap, given []string) error {
	if len(given) > 0 {
		*to = nil
	}
	for _, text := range given {
		if text == "0" {
			continue
		}
		columns, name, _ := strings.Cut(text, "=")
		date, clock, two := strings.Cut(columns, "+")
		if !two {
			date, clock = "", date
		}
		key, ok := reading.ParseKey(name)
		if !ok || key == app.KeyNone {
			return wrong("mapAlso", "Got", text)
		}
		a := reading.AlsoTap{Key: key}
		if err := errors.Join(setColumn("--also", &a.Date, &date), setColumn("--also", &a.Clock, &clock)); err != nil {
			return err
		}
		*to = append(*to, a)
	}
	return nil
}

// separatorOf takes words for what a command line hardly holds.
func separatorOf(s string) string {
	switch strings.ToLower(s) {
	case "tab", `\t`:
		return "\t"
	case "none", "fixed":
		return ""
	}
	return s
}

// setColumn reads a column: 3, or 9:14 for 14 characters from the ninth on; 0 or "" for none.
func setColumn(flag string, to *reading.Column, given *string) error {
	if given == nil {
		return nil
	}
	from, width, two := strings.Cut(cmp.Or(*given, "0"), ":")
	var c reading.Column
	var err error
	if c.From, err = strconv.Atoi(from); err == nil && two {
		c.Width, err = strconv.Atoi(width)
	}
	if err != nil || c.From < 0 || c.Width < 0 {
		return wrong("mapColumn", "Flag", flag, "Got", *given)
	}
	*to = c
	return nil
}

type boxMappingSetCmd struct {
	Box    string   `arg:"" help:"mapping_set_box"`
	File   string   `placeholder:"MAPPING.json" help:"mapping_file"`
	Sample string   `placeholder:"FILE" help:"mapping_sample"`
	Zone   app.Zone `placeholder:"Europe/Brussels" help:"import_zone"`
	Label  string   `placeholder:"NAME" help:"import_label"`
	DryRun bool     `help:"dry_run"`
	mappingFlags
	reason
}

// Run says how the tables of a box are read: by a file, by what is kept, or by
// a proposal for the sample, each changed by flags.
func (c *boxMappingSetCmd) Run(r *run) error {
	if err := knownZone(c.Zone); err != nil {
		return err
	}
	return r.withOffice(func(o *office.Office) error {
		uid, err := r.boxOfFile(o, c.Box, app.MakeTable)
		if err != nil {
			return err
		}
		proposal, err := c.begin(r, o, uid)
		if err != nil {
			return err
		}
		m := proposal.Mapping
		if err := c.apply(&m); err != nil {
			return err
		}
		if open := proposal.Unanswered(c.given()); len(open) > 0 {
			return &reading.AskMappingError{File: c.Sample, Questions: open}
		}
		if err := m.Validate(); err != nil {
			return err
		}
		p, err := r.sample(o, c.Sample, m)
		if err != nil {
			return err
		}
		if !c.DryRun {
			if err := o.Files.SaveMapping(r.ctx, app.Box{UID: uid, Label: cmp.Or(c.Label, c.Box), Zone: c.Zone}, m, c.Why); err != nil {
				return err
			}
		}
		zone := c.Zone
		if known, err := r.box(o, uid); err == nil {
			zone = cmp.Or(zone, known.Box.Zone)
		}
		return r.sayMapping(o, uid, zone, !c.DryRun, p)
	})
}

// begin returns the mapping that flags change; a proposal has its questions.
func (c *boxMappingSetCmd) begin(r *run, o *office.Office, uid string) (reading.TablePreview, error) {
	if c.File != "" {
		m, err := r.mappingFile(c.File)
		if err != nil {
			return reading.TablePreview{}, err
		}
		return reading.TablePreview{Mapping: *m}, nil
	}
	m, found, err := o.Files.BoxMapping(r.ctx, uid)
	if err != nil || found || c.Sample == "" {
		return reading.TablePreview{Mapping: m}, err
	}
	var hint reading.Mapping // what of the answers decides on what there is to propose
	set(&hint.Sheet, c.Sheet)
	hint.Encoding = encodingOf(c.Encoding)
	return o.Files.PreviewTable(r.ctx, c.Sample, "", &hint, 1)
}

func encodingOf(flag string) reading.Encoding {
	return reading.Encoding(strings.TrimPrefix(flag, "utf-8"))
}

// mappingFile reads a mapping from a file of JSON; "-" is standard input.
func (r *run) mappingFile(path string) (*reading.Mapping, error) {
	var in io.Reader = r.parts.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("open the mapping: %w", err)
		}
		defer f.Close()
		in = f
	}
	m, err := reading.ParseMapping(in)
	return &m, err
}

// sayMapping shows a mapping and what it makes of a sample; zone is the box's.
func (r *run) sayMapping(o *office.Office, uid string, zone app.Zone, saved bool, p reading.TablePreview) error {
	wall, err := cmp.Or(zone, app.DefaultZone).Load()
	if err != nil {
		return err
	}
	for i := range p.Rows {
		p.Rows[i] = p.Rows[i].In(wall)
	}
	if r.json {
		return r.print(mappingJSON{environmentOf(o), uid, saved, p.Mapping, r.tableRows(p.Rows), r.tableRows(p.None), r.reasons(p.Why), r.questions(p.Questions)})
	}
	if saved {
		r.line(r.t("mapping.of", "Box", uid))
	} else {
		r.line(r.t("mapping.notSaved"))
	}
	text, err := json.Marshal(p.Mapping)
	if err != nil {
		return fmt.Errorf("write the mapping: %w", err)
	}
	r.line(string(text))
	r.sayWhy(p)
	if len(p.Rows) == 0 {
		return nil
	}
	r.line("")
	t := newTable(r.t("col.line"), r.t("col.badge"), r.t("col.time"), r.t("mapping.status"), r.t("mapping.key"), r.t("col.remark")).numbers(0)
	for _, row := range r.tableRows(p.Rows) {
		key := ""
		if row.Key != app.KeyNone {
			key = wording.Key(r.say, row.Key)
		}
		t.add(fmt.Sprint(row.Line), row.Badge, row.Local, row.Status, key, row.Message)
	}
	r.table(t)
	if bad := len(slices.DeleteFunc(slices.Clone(p.Rows), func(row reading.TableRow) bool { return row.Problem == "" })); bad > 0 {
		r.line("")
		r.line(r.n("mapping.bad", bad, "Rows", r.say.Number(len(p.Rows))))
	}
	return nil
}

// sayWhy tells why a proposal is as it is, and what it asks.
func (r *run) sayWhy(p reading.TablePreview) {
	for _, why := range p.Why {
		r.line("- " + r.wordFact(why))
	}
	for _, q := range p.Questions {
		r.line("? " + r.wordQuestion(q))
	}
	for _, row := range r.tableRows(p.None) {
		r.line(r.t("mapping.noPunch", "Line", row.Line, "Why", row.Message))
	}
}

// fact is what has a text of its own.
type fact interface {
	TextKey() (string, map[string]any)
}

func (r *run) wordFact(f fact) string {
	key, facts := f.TextKey()
	return r.say.T(key, facts)
}

// wordQuestion words a question with the flags that answer it.
func (r *run) wordQuestion(q reading.Question) string {
	var answers []string
	for _, a := range q.Answers {
		text := a.Value
		switch {
		case strings.HasPrefix(text, "--"):
		case strings.Contains(text, " "):
			text = q.Flags[0] + ` "` + text + `"`
		default:
			text = q.Flags[0] + " " + text
		}
		if a.Sample != "" {
			text += " (" + a.Sample + ")"
		}
		answers = append(answers, text)
	}
	if len(answers) == 0 {
		answers = q.Flags
	}
	return r.wordFact(q) + " " + r.t("mapping.answer", "Answers", strings.Join(answers, " | "))
}

func (r *run) reasons(why []reading.Reason) []reasonJSON {
	out := []reasonJSON{}
	for _, w := range why {
		out = append(out, reasonJSON{w, r.wordFact(w)})
	}
	return out
}

func (r *run) questions(questions []reading.Question) []questionJSON {
	out := []questionJSON{}
	for _, q := range questions {
		message := r.wordQuestion(q)
		q.Code = "ask." + q.Code
		out = append(out, questionJSON{q, message})
	}
	return out
}

func (r *run) tableRows(rows []reading.TableRow) []tableRowJSON {
	out := []tableRowJSON{}
	for _, row := range rows {
		j := tableRowJSON{Line: row.Line, Text: row.Text, Kind: row.Kind, Badge: row.Badge, Status: row.Status, Key: row.Key, Unnamed: row.Unnamed, None: row.None,
			Problem: row.Problem, Column: row.Column, Value: row.Value, Wanted: row.Wanted, Message: wording.TableRow(r.say, row)}
		if !row.Local.IsZero() {
			j.Local = row.Local.Format(time.DateTime)
		}
		out = append(out, j)
	}
	return out
}
