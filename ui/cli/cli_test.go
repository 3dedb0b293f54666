package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/filelog"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/store"
	"klokkast/app/text"
	"klokkast/app/workspace"
	"klokkast/assets"
	"klokkast/devices/simbox"
	"klokkast/ui/display"
	"klokkast/ui/officetest"
)

func TestTextsAreComplete(t *testing.T) {
	for _, w := range text.CheckComplete(assets.Translations()) {
		if strings.Contains(w, "cli.") {
			t.Error(w)
		}
	}
}

// TestEveryTextIsUsed keeps the catalogue free of texts that no command shows.
func TestEveryTextIsUsed(t *testing.T) {
	source := ""
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
			b, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			source += string(b)
		}
	}
	composed := regexp.MustCompile(`^(verify\.what\.|decide\.|import\.(kind|order)\.|meaning\.(kind|statusKeys)\.|ask\.order\.)`)
	for _, key := range texts(t).For(app.English).Keys() {
		name, ours := strings.CutPrefix(key, "cli.")
		if !ours || composed.MatchString(name) {
			continue
		}
		help, isHelp := strings.CutPrefix(name, "help.")
		usage, isUsage := strings.CutPrefix(name, "usage.")
		switch {
		case strings.Contains(source, `"`+name+`"`):
		case isHelp && (strings.Contains(source, `help:"`+help+`"`) || strings.Contains(source, `Help = "`+help+`"`)):
		case isUsage && strings.Contains(source, `"`+usage+`"`):
		default:
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func TestWrongUsage(t *testing.T) {
	for _, q := range []struct {
		args string
		says string
	}{
		{"box raed", "“raed” does not belong here"},
		{"box", "something is missing: list, read, import, place"},
		{"demo --seed x", "--seed is a whole number, not x"},
		{"demo --seed", "--seed needs a value"},
		{"anomalies --monht 2026-11", "there is no flag --monht; did you mean"},
		{"anomalies --severity loud", "--severity must be one of information, warning, serious, not loud"},
		{"anomalies --month 2026-13", "--month is a month such as 2026-11, not “2026-13”"},
		{"anomalies --from 23/11/2026", "--from is a day such as 2026-11-23, not “23/11/2026”"},
		{"anomalies --from 2026-11-02 --to 2026-11-01", "--to lies before --from"},
		{"anomalies --month 2026-11 --from 2026-11-02", "--month and --from/--to do not go together"},
		{"anomalies --rule sleeping", "there is no rule “sleeping”"},
		{"anomalies --worker Peeters", "“Peeters” fits 2 different ones"},
		{"box import", "something is missing: FILE"},
		{"box import x.dat --zone Belgium/Gent", "there is no time zone “Belgium/Gent”"},
		{"box read --all --box x", "--box and --all do not go together"},
		{"box place 0a3f00 L1 --from noon", "--from is a day and time such as"},
		{"ciao release --held clock", "a flag is missing: --why"},
		{"ciao status --held hunger", "there is no reason “hunger”"},
		{"ciao send --resume", "a flag is missing: --why"},
		{"timesheet --out /tmp/x", "say whose: --worker NAME, --site NAME, --team NAME or --all"},
		{"timesheet --all", "--out FOLDER, --bundle FILE or --print"},
		{"simulate box --listen 0.0.0.0:80", "listens on this computer only"},
		{"simulate ciao --listen 192.168.1.5:80", "listens on this computer only"},
		{"simulate ciao --fault earthquake", "this fault cannot be played"},
		{"simulate box --listen here", "--listen is host:port"},
		{"--lang es verify", "--lang must be one of nl, fr, de, en, not es"},
	} {
		t.Run(q.args, func(t *testing.T) {
			t.Parallel()
			c := officetest.New(t)
			simulators := func(p *Parts) {
				p.SimulateBox = func(context.Context, SimulateBoxOptions, func(SimulatedBox)) error { return nil }
				p.SimulateRegister = func(context.Context, SimulateRegisterOptions, func(SimulatedRegister)) error { return nil }
			}
			args := strings.Fields(q.args)
			got := klokkast(t, c, simulators, append([]string{"--lang", "en"}, args...)...)
			if got.code != ExitUsage {
				t.Errorf("exit code %d, want %d\n%s", got.code, ExitUsage, got.err)
			}
			if !regexp.MustCompile(orQuoted(q.says)).MatchString(got.err) {
				t.Errorf("says %q, want %q", got.err, q.says)
			}
			asJSON := klokkast(t, c, simulators, append(args, "--json")...)
			m := object(t, asJSON.out)
			want(t, m, map[string]any{"error.code": "usage"})
			if asJSON.code != ExitUsage || asJSON.err != "" {
				t.Errorf("with --json: exit code %d, standard error %q", asJSON.code, asJSON.err)
			}
		})
	}
}

// orQuoted makes a pattern of alternatives divided by |, each meant as it is written.
func orQuoted(s string) string {
	parts := strings.Split(s, "|")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return strings.Join(parts, "|")
}

func TestErrorsInFourLanguages(t *testing.T) {
	c := officetest.New(t)
	file := officetest.OnStick(t, "attlog.dat", "12\t2026-11-02 06:58:00\t1\t0\t1\t0\r\n")
	for lang, says := range map[string]string{
		"nl": "Van welke prikklok komt attlog.dat?", "fr": "De quelle pointeuse vient attlog.dat ?",
		"de": "Von welcher Stempeluhr ist attlog.dat?", "en": "Which clock box is attlog.dat from?",
	} {
		got := klokkast(t, c, nil, "--lang", lang, "box", "import", file)
		if got.code != ExitFailed || !strings.Contains(got.err, says) || !strings.Contains(got.err, "--box") {
			t.Errorf("%s: exit code %d, says %q", lang, got.code, got.err)
		}
		got = klokkast(t, c, nil, "--lang="+lang, "box", "import")
		if got.code != ExitUsage || !strings.Contains(got.err, texts(t).For(app.Language(lang)).T("cli.usage.help")) {
			t.Errorf("%s: exit code %d, says %q", lang, got.code, got.err)
		}
	}
}

func TestAsksNameTheFlag(t *testing.T) {
	c := officetest.New(t)
	taps := "12\t2026-11-02 06:58:00\t1\t0\t1\t0\r\n13\t2026-11-02 07:10:00\t1\t0\t1\t0\r\n"
	asked(t, c, "box import "+officetest.OnStick(t, "b.dat", taps)+" --box Y --status yes")
	named := officetest.OnStick(t, "named.dat", "OIN7\r\n"+taps)
	table := officetest.OnStick(t, "a.csv", "Naam;Nummer;Datum;Uur;Richting\r\nAn;12;02/11/2026;06:58;IN\r\nAn;12;02/11/2026;15:02;UIT\r\n")
	plain := officetest.OnStick(t, "a.dat", taps)
	for _, q := range []struct{ line, flag, code string }{
		{plain, "--box", "ask.box"},
		{table, "--mapping", "ask.mapping"},
		{named + " --box X", "--other-serial", "ask.serial"},
		{named, "--status", "ask.status"},
		{plain + " --box X --status yes", "--elsewhere", "ask.elsewhere"},
	} {
		got := klokkast(t, c, nil, append([]string{"--lang", "en", "box", "import"}, words(q.line)...)...)
		wantText(t, got.err, q.flag)
		m := object(t, klokkast(t, c, nil, append([]string{"--lang", "en", "--json", "box", "import"}, words(q.line)...)...).out)
		want(t, m, map[string]any{"error.code": q.code})
		wantText(t, at(t, m, "error.message").(string), q.flag)
	}
}

// unreadable finds boxes as before, and reads no file.
type unreadable struct {
	*officetest.Cables
	err error
}

func (f unreadable) OpenFile(string, *reading.Mapping) (filelog.Source, error) {
	return filelog.Source{}, f.err
}

func TestBoxErrorsAreWorded(t *testing.T) {
	for _, q := range []struct {
		err  error
		says string
		code string
	}{
		{fmt.Errorf("open the box: %w", reading.InUse), "The clock box cannot be read: another program uses the box.", "box.fault.in-use"},
		{&reading.WrongChainError{After: 7}, "does not continue what was read before", "box.fault.wrong-chain"},
		{&reading.QuarantinedError{Box: officetest.BoxUID, Reason: reading.ReasonBehind}, "not read any more: its log ends before what was read already", "box.quarantine.box-behind"},
		{app.NotFound("box", "Gent"), "Not found: clock box “Gent”.", "notFound.box"},
		{&boxes.AmbiguousError{Kind: "box", Name: "Gent", Count: 2}, "“Gent” fits 2 different ones", "ambiguous.box"},
	} {
		c := officetest.New(t)
		c.Parts.Finder = unreadable{c.Cables, q.err}
		wantText(t, klokkast(t, c, nil, "--lang", "en", "box", "import", "a.dat").err, q.says)
		want(t, object(t, klokkast(t, c, nil, "--json", "box", "import", "a.dat").out), map[string]any{"error.code": q.code})
	}
}

// A database that cannot be closed either is told besides.
func TestTwoErrorsAreBothWorded(t *testing.T) {
	c := officetest.New(t)
	c.Parts.Finder = unreadable{c.Cables, reading.InUse}
	change := func(p *Parts) {
		open := p.Open
		p.Open = func(ctx context.Context, o OpenOptions) (*office.Office, io.Closer, error) {
			off, _, err := open(ctx, o)
			return off, brokenCloser{app.NotFound("box", "Gent")}, err
		}
	}
	wantText(t, klokkast(t, c, change, "--lang", "en", "box", "import", "a.dat").err, "another program uses the box.", "Not found: clock box “Gent”.")
	want(t, object(t, klokkast(t, c, change, "--json", "box", "import", "a.dat").out), map[string]any{"error.code": "box.fault.in-use"})
}

type brokenCloser struct{ err error }

func (c brokenCloser) Close() error { return c.err }

func TestFieldErrorsInJSON(t *testing.T) {
	got := klokkast(t, officetest.New(t), nil, "--json", "--lang", "en", "worker", "add", "--family-name", "", "--ssin", "85011512356")
	m := object(t, got.out)
	want(t, m, map[string]any{
		"error.code": "input", "error.fields.0.field": "familyName", "error.fields.0.code": "required",
		"error.fields.1.field": "ssin", "error.fields.1.code": "ssin.check", "error.fields.1.example": "85.01.15-123.55",
	})
	if got.code != ExitFailed || got.err != "" {
		t.Errorf("exit code %d, standard error %q", got.code, got.err)
	}
}

func TestGlobalFlagsReachTheOffice(t *testing.T) {
	c := officetest.New(t)
	db := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(db, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := klokkast(
		t,
		c,
		nil,
		"--db",
		db,
		"--actor",
		"Jan",
		"--register",
		"http://127.0.0.1:1/r",
		"--register-token",
		"http://127.0.0.1:1/t",
		"--lang",
		"fr",
		"verify",
	)
	w := OpenOptions{DB: db, Existing: true, Actor: "Jan", Language: app.French, RegisterBase: "http://127.0.0.1:1/r", RegisterToken: "http://127.0.0.1:1/t"}
	if got.opened != w {
		t.Errorf("opened with %+v, want %+v", got.opened, w)
	}
	wantText(t, got.out, "SIMULÉ : rien ne parvient à l'ONSS", "Tout est en ordre")
	if got.closed != 1 {
		t.Errorf("closed %d times", got.closed)
	}
	klokkast(t, c, nil, "--actor", "Jan", "worker", "change", "anna", "--given-name", "Ann")
	if acts := c.Acts(""); len(acts) != 1 || acts[0].Actor != "Jan" {
		t.Errorf("the trail says %+v", acts)
	}
}

// TestMistypedDatabase: what only reads opens no new file; what takes data in may.
func TestMistypedDatabase(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "klokast.db")
	file := officetest.OnStick(t, "a.dat", "OIN7\r\n12\t2026-11-02 06:58:00\t1\t0\t1\t0\r\n")
	for args, code := range map[string]int{
		"anomalies": ExitFailed, "presences": ExitFailed, "ciao send": ExitFailed, "timesheet": ExitFailed, "verify": ExitFailed, "staff list": ExitFailed,
		"box list": ExitFine, "box import --status yes " + file: ExitFine,
	} {
		got := klokkast(t, officetest.New(t), nil, append([]string{"--lang", "en", "--db", nowhere}, strings.Fields(args)...)...)
		if got.code != code || (got.closed > 0) != (code == ExitFine) {
			t.Errorf("%s: exit code %d, want %d; opened %d times", args, got.code, code, got.closed)
		}
		if code == ExitFailed {
			wantText(t, got.err, "is not there", nowhere)
		}
	}
}

func TestSimulatedIsSaidOutsideProductionOnly(t *testing.T) {
	c := officetest.New(t)
	if got := klokkast(t, c, nil, "verify"); !strings.HasPrefix(got.out, "GESIMULEERD: niets bereikt de RSZ\n") {
		t.Errorf("says %q", got.out)
	}
	c.Do(c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Environment = app.Production }))
	if got := klokkast(t, c, nil, "verify"); strings.Contains(got.out, "GESIMULEERD") {
		t.Errorf("says %q", got.out)
	}
	want(t, asked(t, c, "verify"), map[string]any{"environment": "production", "simulated": false, "ok": true})
}

// damaged is a database in which somebody changed a line of the trail.
type damaged struct{ store.Store }

func (damaged) Verify(context.Context, func(store.Checked)) ([]store.Finding, error) {
	return []store.Finding{{What: "trail", Target: "installation:1/4", Code: "trail-broken"}}, nil
}

func TestVerify(t *testing.T) {
	c := officetest.New(t)
	c.Parts.Store = damaged{c.Store}
	got := klokkast(t, c, nil, "verify")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	wantText(t, got.out, "logboek", "installation:1/4", "1 bevinding.")
	got = klokkast(t, c, nil, "verify", "--json")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(t, object(t, got.out), map[string]any{"ok": false, "findings.0.code": "trail-broken", "findings.0.target": "installation:1/4"})
}

// workedInOctober has Anna work two days of October 2026, 12 hours in all.
func workedInOctober(t *testing.T) *officetest.Company {
	t.Helper()
	c := officetest.New(t)
	c.Read(officetest.In("2026-10-05 08:00"), officetest.Out("2026-10-05 16:00"), officetest.In("2026-10-06 08:00"), officetest.Out("2026-10-06 12:00"))
	return c
}

func TestVerifyPaper(t *testing.T) {
	c := workedInOctober(t)
	out := filepath.Join(t.TempDir(), "papers")
	made := asked(t, c, "--lang en timesheet --month 2026-10 --worker anna --out "+out)
	path := at(t, made, "files.0").(string)
	if got := klokkast(t, c, nil, "verify", path); got.code != ExitFine {
		t.Errorf("a true paper: exit code %d: %s", got.code, got.out)
	}
	c.Read(officetest.In("2026-10-06 13:00"), officetest.Out("2026-10-06 13:30"))
	got := klokkast(t, c, nil, "--lang", "en", "verify", path)
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	wantText(
		t,
		got.out,
		"Peeters Anna",
		"October 2026",
		"draft 1",
		"The data are otherwise now",
		"06/10/2026",
		"4:00 Stadhuis Leuven 08:00-12:00",
		"4:30",
		"+0:30",
	)
	checked := object(t, klokkast(t, c, nil, "verify", path, "--json").out)
	want(t, checked, map[string]any{"ok": false, "papers.0.verdict": "changed", "papers.0.version": 1, "papers.0.differences.0.was.hours": 240})
	typed := klokkast(t, c, nil, "verify", "--code", at(t, checked, "papers.0.code").(string), "--json")
	want(t, object(t, typed.out), map[string]any{"ok": false, "papers.0.verdict": "changed", "papers.0.differences.0.was.hours": 240})
	pdf, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	forged := klokkast(t, c, nil, "--lang", "en", "verify", officetest.OnStick(t, "forged.pdf", string(pdf)+"% 99 hours\n"))
	if wantText(t, forged.out, "not the file that was written here"); forged.code != ExitFailed {
		t.Errorf("a forged one: exit code %d", forged.code)
	}
	if got := klokkast(t, c, nil, "verify", path, "--code", "x"); got.code != ExitUsage {
		t.Errorf("both: exit code %d", got.code)
	}
}

// What came to light after a paper was approved is told apart.
func TestVerifyAnApprovedPaper(t *testing.T) {
	c := workedInOctober(t)
	asked(t, c, "approve --month 2026-10 --worker anna")
	out := filepath.Join(t.TempDir(), "papers")
	path := at(t, asked(t, c, "--lang en timesheet --month 2026-10 --worker anna --out "+out), "files.0").(string)
	c.Read(officetest.In("2026-10-06 13:00"), officetest.Out("2026-10-06 13:30"))
	wantText(t, klokkast(t, c, nil, "--lang", "en", "verify", path).out, "Came to light later", "+0:30")
	want(t, object(t, klokkast(t, c, nil, "verify", path, "--json").out), map[string]any{"papers.0.since.0.add.workedMinutes": 30})
}

func TestBoxList(t *testing.T) {
	c := officetest.New(t)
	var taps []officetest.Tap
	for i := range 1234 { // the last one on 20 November
		at := c.At("2026-11-20 17:00").Add(time.Duration(i-1233) * time.Minute)
		taps = append(taps, officetest.Tap{Card: officetest.AnnaCard, At: at.Time().In(app.Belgium()).Format("2006-01-02 15:04"), Key: app.KeyIn})
	}
	c.Read(taps...)
	c.Cables.PlugFaulty("usb:1-2", reading.NoPermission)
	c.Do(c.Office().Boxes.SaveBox(t.Context(), app.Box{UID: "zkteco:OIN7", Make: app.MakeZK, Label: "\x1b[31mRood\x07"}, officetest.Why))
	got := klokkast(t, c, nil, "--lang", "en", "box", "list")
	wantText(
		t,
		got.out,
		"Leuven balie",
		"Stadhuis Leuven",
		"23/11/2026 12:00",
		"1,234",
		"1,234 records not acknowledged",
		"usb:1-2",
		"Rood",
		"stands at no site",
	)
	if strings.ContainsAny(got.out, "\x1b\x07") {
		t.Errorf("a label reached the terminal unharmed: %q", got.out)
	}
	want(t, asked(t, c, "box list"), map[string]any{
		"boxes.0.problem": "no-permission", "boxes.1.label": "\x1b[31mRood\x07", "boxes.1.known": true, "boxes.2.uid": officetest.BoxUID,
		"boxes.2.site": "Stadhuis Leuven", "boxes.2.lastRead": "2026-11-23T11:00:00.000Z", "boxes.2.punches": 1234, "boxes.2.unacknowledged": 1234,
	})
}

func TestBoxRead(t *testing.T) {
	c, box := atBox(t)
	for range 9 {
		tap(t, box, officetest.AnnaCard, app.KeyIn)
	}
	if err := box.Drift(-1500 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	wantText(t, said(t, c, "box read"), "Leuven balie: 10 new records stored of 10 read.", "up to and including record 10", "-1.50 s (± 0.00 s)")
	tap(t, box, officetest.AnnaCard, app.KeyOut)
	want(t, asked(t, c, "box read"), map[string]any{
		"readings.0.new": 2, "readings.0.records": 2, "readings.0.clockOffsetMs": -1500, "readings.0.clockUncertaintyMs": 1,
		"readings.0.path": "usb:1", "readings.0.boxLabel": "Leuven balie", "readings.0.clock": nil, "readings.0.state": "done",
	})
}

// odd is a box of which some answers are other than they should be.
type odd struct {
	reading.Service
	info        func(*app.BoxInfo)
	chunk       func(ctx context.Context, after reading.Chain) error
	acknowledge error
}

func (b *odd) Info(ctx context.Context) (app.BoxInfo, error) {
	info, err := b.Service.Info(ctx)
	if b.info != nil {
		b.info(&info)
	}
	return info, err
}

func (b *odd) Chunk(ctx context.Context, after reading.Chain, limit int) (reading.Chunk, error) {
	if b.chunk != nil {
		if err := b.chunk(ctx, after); err != nil {
			return reading.Chunk{}, err
		}
	}
	return b.Service.Chunk(ctx, after, limit)
}

func (b *odd) Acknowledge(ctx context.Context, upTo reading.Chain) error {
	if b.acknowledge != nil {
		return b.acknowledge
	}
	return b.Service.Acknowledge(ctx, upTo)
}

func TestBoxReadCancelledSaysWhatWasStored(t *testing.T) {
	interrupted := func(t *testing.T) (*officetest.Company, context.Context) {
		c := officetest.New(t)
		box := c.Cables.Plug(t, "usb:1", officetest.Known())
		for range reading.DefaultChunk + 100 {
			tap(t, box, officetest.AnnaCard, app.KeyIn)
		}
		ctx, interrupt := context.WithCancel(t.Context())
		c.Cables.Wrap = func(_ string, box reading.Service) reading.Box {
			return &odd{Service: box, chunk: func(ctx context.Context, after reading.Chain) error {
				if after.Seq > 0 {
					interrupt()
				}
				return ctx.Err()
			}}
		}
		return c, ctx
	}
	c, ctx := interrupted(t)
	got := klokkastUntil(ctx, t, c, nil, "--lang", "en", "box", "read", "--box", "usb:1")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	wantText(t, got.out, "stopped at your request. 4,096 new records are stored; the rest stays in the box")
	c, ctx = interrupted(t)
	got = klokkastUntil(ctx, t, c, nil, "--json", "box", "read", "--box", "usb:1")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(t, object(t, got.out), map[string]any{"readings.0.new": reading.DefaultChunk, "readings.0.state": "stopped", "readings.0.error.code": "cancelled"})
}

// What became of a reading that has a problem is said in words, with what to do about it, not in JSON alone.
func TestBoxReadSaysWhatBecameOfIt(t *testing.T) {
	refusing := func(err error) func(*odd) { return func(b *odd) { b.acknowledge = err } }
	ending := func(by int64) func(*odd) {
		return func(b *odd) { b.info = func(i *app.BoxInfo) { i.Last = uint64(int64(i.Last) + by) } }
	}
	for problem, q := range map[string]struct {
		box    func(*odd)
		failed bool
		says   string
	}{
		reading.ProblemAckFailed:    {refusing(reading.Refused), false, "refused the acknowledgement"},
		reading.ProblemAckOther:     {refusing(&reading.OtherMarkError{Told: 3}), false, "notes another acknowledgement"},
		reading.ProblemAckUnplugged: {refusing(reading.Unplugged), true, "read it again: that makes the acknowledgement good"},
		reading.ProblemAckSilent:    {refusing(reading.Silent), true, "did not answer the acknowledgement"},
		"not-paired":                {refusing(reading.NotPaired), false, "press its button and pair it"},
		"ends-early":                {ending(1), true, "up to 10 of 11, not to its end"},
		"ends-behind":               {ending(-6), true, "ends at record 4, but records up to 10"},
		"cable-drops":               {func(b *odd) { b.chunk = func(context.Context, reading.Chain) error { return reading.Unplugged } }, true, "another USB port"},
	} {
		t.Run(problem, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				for _, lang := range []string{"--lang=en", "--json"} {
					c, box := atBox(t)
					for range 4 {
						tap(t, box, officetest.AnnaCard, app.KeyIn)
					}
					asked(t, c, "box read")
					for range 4 {
						tap(t, box, officetest.AnnaCard, app.KeyIn)
					}
					c.Cables.Wrap = func(_ string, box reading.Service) reading.Box {
						b := &odd{Service: box}
						q.box(b)
						return b
					}
					got := klokkast(t, c, nil, lang, "--lang", "en", "box", "read")
					if (got.code != ExitFine) != q.failed {
						t.Errorf("exit code %d: %s", got.code, got.out)
					}
					if lang != "--json" {
						if strings.Count(got.err, q.says) != 1 {
							t.Errorf("%q is not said once in %q", q.says, got.err)
						}
						continue
					}
					help, _ := at(t, object(t, got.out), "readings.0.help").(string)
					if !strings.Contains(help, q.says) || at(t, object(t, got.out), "readings.0.problem") != problem {
						t.Errorf("JSON says %s", got.out)
					}
				}
			})
		})
	}
}

func TestBoxReadChoosesNobodysBox(t *testing.T) {
	c, _ := atBox(t)
	c.Cables.Plug(t, "usb:2", simbox.Factory{})
	reads := func() int { return len(officetest.Must(c.Store.Readings(t.Context()))(t)) }
	before := reads()
	if got := klokkast(t, c, nil, "--lang", "en", "box", "read"); got.code != ExitUsage || !strings.Contains(got.err, "2 clock boxes are connected") ||
		reads() != before {
		t.Errorf("exit code %d, read %d, says %q", got.code, reads()-before, got.err)
	}
	if got := klokkast(t, c, nil, "box", "read", "--all"); got.code != ExitFine || reads() != before+2 {
		t.Errorf("exit code %d, read %d", got.code, reads()-before)
	}
	c.Cables.Unplug("usb:1")
	c.Cables.Unplug("usb:2")
	if got := klokkast(t, c, nil, "--lang", "en", "box", "read"); got.code != ExitFailed || !strings.Contains(got.err, "No clock box is connected") {
		t.Errorf("exit code %d, says %q", got.code, got.err)
	}
}

func TestBoxReadAllGoesOnAfterAFailure(t *testing.T) {
	c, box := atBox(t)
	tap(t, box, officetest.AnnaCard, app.KeyIn)
	c.Cables.PlugFaulty("usb:2", reading.InUse)
	got := klokkast(t, c, nil, "--json", "box", "read", "--all")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(t, object(t, got.out), map[string]any{"readings.0.error.code": "box.fault.in-use", "readings.1.new": 2})
}

func TestBoxImport(t *testing.T) {
	c := officetest.New(t)
	lines := []string{"       12\t2026-11-02 06:58:00\t1\t0\t1\t0", "       12\t2026-11-02 15:02:00\t1\t1\t1\t0", "       99\t2026-11-02 07:10:00\t1\t0\t1\t0",
		"       99\t2026-11-02 15:10:00\t1\t1\t1\t0", "       12\t2026-11-03 06:58:00\t1\t0\t1\t0", "       12\t2026-02-30 15:02:00\tsecret"}
	file := func(n int) string { return officetest.OnStick(t, "attlog.dat", strings.Join(lines[:n], "\r\n")+"\r\n") }
	asked(t, c, "box import "+file(2)+" --box OIN7 --label Magazijn --status no --zone Europe/London")
	wantText(t, said(t, c, "box import "+file(6)+" --box magazijn --status no --zone Europe/London"),
		"attlog.dat: 3 new lines stored of 5; 2 were there already.", "Not understood and kept aside:", "6")
	if again := said(t, c, "box import "+file(6)+" --box magazijn --status no --zone Europe/London"); strings.Contains(again, "secret") {
		t.Error("the line itself is shown: it may hold personal data")
	}
	want(
		t,
		asked(t, c, "punch list --box Magazijn"),
		map[string]any{"punches.4.at": "2026-11-02T06:58:00.000Z", "punches.4.pressed": "none", "punches.4.identifier.group": "zkteco:OIN7"},
	)
	want(t, asked(t, c, "box import "+file(6)+" --box NEW9 --status yes --elsewhere"), map[string]any{
		"reading.new": 5, "bad.0.line": 6, "bad.0.code": "time", "before": 0, "box.uid": "zkteco:NEW9",
	})
}

func TestBoxPlaceReadsLocalTimeOfTheSite(t *testing.T) {
	c := officetest.New(t)
	wantText(
		t,
		said(t, c, `box place "leuven balie" Ponta --from "2026-07-01 06:00" --why moved`),
		"Leuven balie stands at Ponta Delgada from 01/07/2026 06:00 on.",
	)
	names := ids(c)
	want(t, answer(t, c, names, "site list"), map[string]any{
		"sites.0.id": "{far}", "sites.0.placements.0.boxUid": "{box}", "sites.0.placements.0.span.from": "2026-07-01T06:00:00.000Z",
		"sites.1.placements.0.span.to": "2026-07-01T06:00:00.000Z",
	})
	wantReasons(t, c, []string{"--why", "moved"})
	want(t, answer(t, officetest.New(t), names, `box place `+officetest.BoxUID[:8]+` L1 --from "2026-07-01 06:00"`), map[string]any{
		"box": "{box}", "from": "2026-07-01T04:00:00.000Z",
	})
}

func TestAnomalies(t *testing.T) {
	c := officetest.New(t)
	c.Read(officetest.In("2026-11-20 06:58"))
	asked(t, c, "worker change bart --ssin 93.05.18-223.61") // else that is missing
	asked(t, c, "site change L1 --coordinates 50.88,4.7")
	got := klokkast(t, c, nil, "anomalies", "--month", "2026-11", "--worker", "007", "--severity", "warning")
	wantText(t, got.out, "Peeters Anna", "20/11/2026", "06:58", "Stadhuis Leuven", "Ernstig: 1 ·")
	for _, none := range []string{"--month 2026-10", "--worker 008", "--rule sequence-gap", "--site ponta"} {
		if list := at(t, asked(t, c, "anomalies "+none), "anomalies").([]any); len(list) != 0 {
			t.Errorf("%s: %v", none, list)
		}
	}
	key := officetest.Key(1).String()
	found := map[string]any{
		"anomalies.0.rule": "missing-out", "anomalies.0.severity": "serious", "anomalies.0.status": "open", "anomalies.0.worker": "Peeters Anna",
		"anomalies.0.day": "2026-11-20", "anomalies.0.key": "missing-out|engagement:" + string(c.OfAnna.ID) + "|" + key, "anomalies.0.boxLabel": "Leuven balie",
		"anomalies.0.punches.0.seq": 1,
	}
	want(t, asked(t, c, "anomalies --rule missing-out"), found)
	asked(t, c, "anomaly explain "+found["anomalies.0.key"].(string)+" --reason forgot")
	if list := at(t, asked(t, c, "anomalies --rule missing-out"), "anomalies").([]any); len(list) != 0 {
		t.Errorf("explained, and listed as open: %v", list)
	}
	found["anomalies.0.status"] = "explained"
	want(t, asked(t, c, "anomalies --rule missing-out --status all"), found)
}

func TestPresences(t *testing.T) {
	c := officetest.New(t)
	c.Give("04B2C3D4", c.OfBart, "2026-01-01 00:00")
	c.Now = c.At("2026-11-20 23:30")
	c.Lost(3978)
	c.Read(officetest.In("2026-11-12 22:58"), officetest.Tap{Card: "04B2C3D4", At: "2026-11-20 22:58", Key: app.KeyIn})
	forgotten := c.Anomaly(app.MissingOut)
	asked(t, c, "anomaly adjust "+forgotten.Key().String()+` --at "2026-11-13 06:02" --reason forgot`)
	c.Lost(10)
	c.Read(officetest.Tap{Card: "04DEADBEEF", At: "2026-11-20 23:20", Key: app.KeyIn})
	wantText(
		t,
		said(t, c, "presences"),
		"01/11/2026 – 30/11/2026",
		"22:58",
		"06:02 (Fri 13/11)*",
		"7:04",
		"open; box read up to 20/11/2026 23:30; records 3,981 to 3,990 are missing",
		"2 workdays, 7:04 worked in all.",
	)
	want(t, asked(t, c, "presences --from 2026-11-12"), map[string]any{
		"days.from": "2026-11-12", "presences.0.workedMs": 25440000, "presences.0.in.at": "2026-11-12T21:58:00.000Z", "presences.0.out.at": "2026-11-13T05:02:00.000Z",
		"presences.1.state": "open", "workdays.0.workedMs": 25440000, "workdays.0.nightMs": 25320000, "workdays.0.incomplete": false,
	})
	if list := at(t, asked(t, c, "presences --from 2026-12-01"), "presences").([]any); len(list) != 0 {
		t.Errorf("of other days: %v", list)
	}
}

func TestCiaoSend(t *testing.T) {
	c := officetest.New(t)
	reg := c.AtRegister()
	c.Read(officetest.In("2026-11-23 07:00"), officetest.Out("2026-11-23 11:00"))
	reg.Set(register.Settings{Declarations: []string{"1Y1003SQ5VSSA"}}) // not the company's
	got := klokkast(t, c, nil, "--lang", "en", "ciao", "send")
	if got.code != ExitFine {
		t.Errorf("exit code %d: %s", got.code, got.err)
	}
	wantText(t, got.out, "SIMULATED: nothing reaches the NSSO", "Refused", "2")
	reg.Set(register.Settings{})
	c.Read(officetest.In("2026-11-23 11:30"))
	wantText(t, said(t, c, "ciao send"), "Accepted", "1")
	if n := len(reg.Stored()); n != 1 {
		t.Errorf("the register holds %d", n)
	}
}

func TestCiaoSendWaitsUntilNothingIsLeft(t *testing.T) {
	c := officetest.New(t)
	reg := c.AtRegister()
	c.Runs()
	c.Read(officetest.In("2026-11-23 07:00"), officetest.Out("2026-11-23 11:00"))
	reg.Add(register.Fault{Kind: register.DropAfter, Times: 1})
	got := klokkast(t, c, nil, "ciao", "send", "--wait", "--json")
	if n := len(reg.Stored()); n != 2 || got.code != ExitFine {
		t.Errorf("the register holds %d, exit code %d: %s", n, got.code, got.out)
	}
	want(t, object(t, got.out), map[string]any{"rounds": 2, "unknown": 2, "adopted": 2, "left.unknown": 0, "left.queued": 0, "simulated": true})
}

func TestCiaoSendStopped(t *testing.T) {
	c := officetest.New(t)
	reg := c.AtRegister()
	c.Read(officetest.In("2026-11-23 07:00"))
	reg.Add(register.Fault{Kind: register.ErrorBefore, Operation: "token", Status: 401})
	got := klokkast(t, c, nil, "--lang", "en", "ciao", "send", "--wait")
	if got.code != ExitFailed || got.err == "" {
		t.Errorf("exit code %d, says %q %q", got.code, got.out, got.err)
	}
	reg.Clear()
	got = klokkast(t, c, nil, "--lang", "en", "ciao", "send", "--wait", "--resume", "--why", "key renewed")
	if got.code != ExitFine || len(reg.Stored()) != 1 {
		t.Errorf("exit code %d, %d are stored, says %q", got.code, len(reg.Stored()), got.err)
	}
	wantReasons(t, c, []string{"--why", "key renewed"})
}

// unchecked is a company at the register whose box was read without a checked clock: what was tapped is held.
func unchecked(t *testing.T) *officetest.Company {
	t.Helper()
	c := officetest.New(t)
	c.AtRegister()
	c.Unmeasured()
	c.Read(officetest.In("2026-11-23 07:00"), officetest.Out("2026-11-23 11:00"))
	return c
}

func TestCiaoStatus(t *testing.T) {
	c := unchecked(t)
	asked(t, c, `ciao release --held clock --why "clock checked" --yes`)
	asked(t, c, "ciao send")
	c.Read(officetest.In("2026-11-04 07:00"))
	asked(t, c, "punch ignore "+officetest.Key(3).String()+" --reason wrong-key")
	c.Read(officetest.In("2026-11-05 07:00"), officetest.Out("2026-11-05 11:00"))
	for line, count := range map[string]string{"accepted": "2", "The box's clock was off": "2", "never sent.": "1"} {
		if row := rowOf(said(t, c, "ciao status"), line); !strings.Contains(row, count) {
			t.Errorf("%s: %q", line, row)
		}
	}
	wantText(t, said(t, c, "ciao status --held clock --limit 5"), "05/11/2026 07:00", "Peeters Anna", officetest.AnnaMasked)
	if n := len(at(t, asked(t, c, "ciao status --held clock --limit 1"), "rows").([]any)); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	want(t, asked(t, c, "ciao status --held clock"), map[string]any{
		"states.accepted": 2, "states.queued": 0, "eligible": 0, "held.0.reason": "clock", "held.0.count": 2, "held.0.oldest": "2026-11-05T06:00:00.000Z",
		"held.1.never": true, "rows.0.ssin": officetest.AnnaMasked, "rows.0.held": "clock", "rows.0.releasable": true, "rows.0.type": "OUT", "rows.1.type": "IN",
	})
	if slices.ContainsFunc(c.Acts(""), func(a app.TrailEntry) bool { return a.What == "ssin.reveal" }) {
		t.Error("revealed without being asked")
	}
}

// rowOf is the line of a table that has a text.
func rowOf(table, text string) string {
	for line := range strings.Lines(table) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}

func TestRevealIsAskedForByNameAndNoted(t *testing.T) {
	c := unchecked(t)
	want(t, asked(t, c, "ciao status --held clock --reveal"), map[string]any{"rows.0.ssin": officetest.AnnaSSIN, "rows.1.ssin": officetest.AnnaSSIN})
	noted := 0
	for _, a := range c.Acts("worker:" + string(c.Anna.ID)) {
		if a.What == "ssin.reveal" {
			noted++
		}
	}
	if noted != 1 {
		t.Errorf("the trail has %d lines, want one for Anna", noted)
	}
}

// leaking is a database whose errors repeat what was asked of it.
type leaking struct{ store.Store }

func (leaking) Findings(context.Context, app.Environment, bool) ([]ciao.Finding, error) {
	return nil, fmt.Errorf("the register said: %s is wrong", officetest.AnnaSSIN)
}

func TestNothingShowsAnSSIN(t *testing.T) {
	c := unchecked(t)
	c.Parts.Store = leaking{c.Store}
	for _, args := range []string{"staff list", "ciao status --held clock", "ciao send", "ciao findings", "presences", "anomalies", "site list", "timesheet", "punch list", "ciao preflight", "dossier list"} {
		for _, extra := range [][]string{nil, {"--json"}} {
			got := klokkast(t, c, nil, append(strings.Fields(args), extra...)...)
			if strings.Contains(got.out+got.err, officetest.AnnaSSIN) {
				t.Errorf("klokkast %s %v shows an SSIN:\n%s%s", args, extra, got.out, got.err)
			}
		}
	}
}

func TestCiaoReleaseShowsBeforeItDoes(t *testing.T) {
	c := unchecked(t)
	wantText(t, said(t, c, `ciao release --held clock --why "clock checked"`), "2 punches would be released, the oldest of 23/11/2026 07:00. Give --yes")
	want(t, asked(t, c, "ciao status"), map[string]any{"held.0.count": 2, "eligible": 0})
	want(
		t,
		asked(t, c, `ciao release --held clock --why "clock checked" --yes`),
		map[string]any{"count": 2, "released": 2, "done": true, "oldest": "2026-11-23T06:00:00.000Z"},
	)
	want(t, asked(t, c, "ciao status"), map[string]any{"states.queued": 2})
	wantReasons(t, c, []string{"--why", "clock checked"})
}

// unproven is a company whose registrations got no answer, and whom the register's search does not help: a person decides.
func unproven(t *testing.T) (*officetest.Company, *register.Register) {
	t.Helper()
	c := officetest.New(t)
	reg := c.AtRegister()
	reg.Set(register.Settings{Query: "off"})
	c.Read(officetest.In("2026-11-23 07:00"), officetest.Out("2026-11-23 11:00"))
	reg.Add(register.Fault{Kind: register.DropBefore})
	for range 3 {
		klokkast(t, c, nil, "ciao", "send")
		c.Now = c.Now.Add(time.Hour)
	}
	reg.Clear()
	return c, reg
}

func TestCiaoDecide(t *testing.T) {
	c, _ := unproven(t)
	id := at(t, asked(t, c, "ciao status --state unknown"), "rows.0.id").(string)
	want(t, asked(t, c, "ciao decide "+id+` --as registered --why "seen at the NSSO"`), map[string]any{"registration": id, "decision": "registered"})
	want(t, asked(t, c, "ciao status"), map[string]any{"states.unknown": 1, "states.accepted": 1, "needsPerson": 1})
	wantReasons(t, c, []string{"--why", "seen at the NSSO"})
}

func TestTimesheet(t *testing.T) {
	c := workedInOctober(t)
	c.Give("04B2C3D4", c.OfBart, "2026-01-01 00:00")
	c.Read(officetest.Tap{Card: "04B2C3D4", At: "2026-10-06 12:30", Key: app.KeyIn}) // Bart did not check out
	asked(t, c, "approve --month 2026-10 --worker anna")
	asked(t, c, "timesheet --month 2026-10 --worker anna --out "+filepath.Join(t.TempDir(), "papers"))
	c.Read(officetest.In("2026-10-06 13:00"), officetest.Out("2026-10-06 14:30"))
	got := said(t, c, "timesheet --month 2026-10")
	wantText(t, got, "Timesheets October 2026", "Peeters Anna", "12:00", "incomplete", "Blinkend Schoon BV", "approved by Els on 23/11/2026, version 1")
	want(t, asked(t, c, "timesheet --month 2026-10"), map[string]any{
		"days.from": "2026-10-01", "sheets.0.workedMinutes": 720, "sheets.0.paperVersion": 1, "sheets.0.approvalVersion": 1, "sheets.1.incomplete": true,
	})
	wantText(t, said(t, c, "timesheet"), "+1:30") // what came late goes with the next period
	want(t, asked(t, c, "timesheet"), map[string]any{"days.from": "2026-11-01", "days.to": "2026-11-30", "sheets.0.addedMinutes": 90})
}

func TestTimesheetsOnPaper(t *testing.T) {
	c := workedInOctober(t)
	folder := func() string { return filepath.Join(t.TempDir(), "papers") }
	line := func(args ...string) []string { return append([]string{"timesheet", "--month", "2026-10"}, args...) }
	out := folder()
	got := klokkast(t, c, nil, append([]string{"--json", "--reveal", "--lang", "fr"}, line("--worker", "anna", "--out", out)...)...)
	if list := object(t, got.out)["files"].([]any); got.code != ExitFine || len(list) != 1 || filepath.Dir(list[0].(string)) != out {
		t.Errorf("wrote %v; %s", list, got.err)
	}
	if !slices.ContainsFunc(c.Acts("worker:"+string(c.Anna.ID)), func(a app.TrailEntry) bool { return a.What == "ssin.print" }) {
		t.Error("the trail does not say that her number is on paper")
	}
	all := folder()
	list := object(t, klokkast(t, c, nil, append([]string{"--json"}, line("--all", "--out", all)...)...).out)["files"].([]any)
	if files, err := os.ReadDir(all); err != nil || len(files) != 2 || len(list) != 2 {
		t.Errorf("%v lie there, %v are named: %v", files, list, err)
	}
	bundle := filepath.Join(t.TempDir(), "all.pdf")
	list = object(t, klokkast(t, c, nil, append([]string{"--json"}, line("--all", "--bundle", bundle)...)...).out)["files"].([]any)
	if len(list) != 1 || list[0] != bundle {
		t.Errorf("%v", list)
	}
	for _, args := range [][]string{{"--all"}, {"--out", "papers"}, {"--bundle", "x.pdf"}, {"--all", "--out", "papers", "--bundle", "x.pdf"}, {"--all", "--worker", "anna", "--out", "x"}} {
		if got := klokkast(t, c, nil, append([]string{"timesheet"}, args...)...); got.code != ExitUsage {
			t.Errorf("%v gives exit code %d", args, got.code)
		}
	}
}

func TestATimesheetThatCannotBePrintedIsListedAtTheEnd(t *testing.T) {
	c := workedInOctober(t)
	asked(t, c, "worker change anna --family-name \U00013000")
	line := []string{"timesheet", "--month", "2026-10", "--all", "--out"}
	got := klokkast(t, c, nil, append(append([]string{"--lang", "en"}, line...), filepath.Join(t.TempDir(), "papers"))...)
	wantText(t, got.out, "1 timesheet written into", "1 timesheet could not be printed", "\U00013000 Anna: ", "U+13000")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	written := object(t, klokkast(t, c, nil, append(append([]string{"--json"}, line...), filepath.Join(t.TempDir(), "papers"))...).out)
	want(t, written, map[string]any{
		"failed.0.engagementId": string(
			c.OfAnna.ID,
		), "failed.0.worker": "\U00013000 Anna", "failed.0.error.code": "timesheet.error.undrawable.worker.familyName",
	})
	if files := at(t, written, "files").([]any); len(files) != 1 {
		t.Errorf("wrote %v", files)
	}
}

// What was written before a cancel is told.
func TestTimesheetsCancelled(t *testing.T) {
	c := workedInOctober(t)
	ctx, interrupt := context.WithCancel(t.Context())
	c.Parts.Store = interrupting{c.Store, interrupt}
	got := klokkastUntil(ctx, t, c, nil, "--lang", "en", "timesheet", "--month", "2026-10", "--all", "--out", filepath.Join(t.TempDir(), "papers"))
	wantText(t, got.out, "1 timesheet written into")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
}

// interrupting is a database whose user presses Ctrl-C once a paper is written.
type interrupting struct {
	store.Store
	interrupt func()
}

func (s interrupting) Together(ctx context.Context, doing string, do func(store.Changes) error) error {
	if doing == "remember the paper" {
		defer s.interrupt()
	}
	return s.Store.Together(ctx, doing, do)
}

func TestStaffAndSites(t *testing.T) {
	c := officetest.New(t)
	wantText(t, said(t, c, "staff list"), "007", "Peeters Anna", officetest.AnnaMasked, "Blinkend Schoon BV", "A-17")
	want(t, asked(t, c, "staff list --worker anna"), map[string]any{
		"workers.0.ssin": officetest.AnnaMasked, "workers.0.staffNumber": "007", "workers.0.badges.0.value": officetest.AnnaCard, "workers.0.engagements.0.employerId": string(c.Firm.ID),
	})
	want(t, asked(t, c, "staff list --worker anna --reveal"), map[string]any{"workers.0.ssin": officetest.AnnaSSIN})
	wantText(t, said(t, c, "site list"), "L1", "Stadhuis Leuven", "Grote Markt 9, 3000 Leuven", "Leuven balie")
	want(t, asked(t, c, "site list"), map[string]any{
		"sites.1.code": "L1", "sites.1.decision": "yes", "sites.1.declarations.0.number": officetest.Declaration, "sites.1.client": "Stad Leuven",
	})
}

func TestListImports(t *testing.T) {
	c := officetest.New(t)
	staff := officetest.OnStick(t, "staff.csv", "staff number;family name;given name;SSIN;language;employer;badge\r\n"+
		"009;Claes \x1b[2J;Els;;nl;0123456749;\r\n007;Peeters;Anna;85011512355;nl;0123456749;\r\n008;Peeters;Bart;5011512353;fr;0123456749;04A1B2C4\r\n010;Maes;Jan;85011512356;nl;0123456749;\r\n")
	got := klokkast(t, c, nil, "--lang", "en", "staff", "import", staff, "--dry-run")
	wantText(
		t,
		got.out,
		"Claes [2J Els",
		"SSIN, badge",
		"85.01.15-123.55",
		"leading zeros were put back",
		"Preview, nothing is saved yet: 1 new, 1 changed, 1 same, 1 refused.",
	)
	if strings.Contains(got.out, "Peeters Anna") {
		t.Error("rows that stay the same are listed")
	}
	if got.code != ExitFailed {
		t.Errorf("a refused row gives exit code %d", got.code)
	}
	if len(c.Acts("")) > 0 {
		t.Error("a dry run saved something")
	}
	want(t, object(t, klokkast(t, c, nil, "staff", "import", staff, "--dry-run", "--json").out), map[string]any{
		"preview": true, "refused": 1, "rows.2.fields.1": "badge", "problems.0.line": 5, "problems.0.column": "SSIN", "problems.0.code": "ssin.check",
		"problems.0.field": "ssin", "problems.0.example": "85.01.15-123.55", "notes.0.code": "import.note.ssinRepaired", "notes.0.kind": "note",
	})
	klokkast(t, c, nil, "staff", "import", staff)
	want(t, asked(t, c, "staff list --worker 008 --reveal"), map[string]any{"workers.0.ssin": "05011512353", "workers.0.badges.0.value": "04A1B2C4"})
	sites := officetest.OnStick(t, "sites.csv", "code;name;client;post code;municipality\r\nZ1;Zwembad;Stad Leuven;3000;Leuven\r\n")
	want(t, asked(t, c, "site import "+sites), map[string]any{"preview": false, "new": 1})
	want(t, asked(t, c, "site list"), map[string]any{"sites.2.code": "Z1", "sites.2.client": "Stad Leuven"})
}

func TestDemo(t *testing.T) {
	var asked DemoOptions
	windowOpened := false
	change := func(p *Parts) {
		p.Window = func(context.Context, OpenOptions, func(error)) error { return nil }
		p.Demo = func(_ context.Context, o DemoOptions) (DemoReport, error) {
			asked = o
			o.Progress(1, 3)
			d := DemoReport{
				Dir:           "d",
				Database:      "d/demo.db",
				Month:         app.Month{Year: 2026, Month: 10},
				Seed:          7,
				Punches:       5000,
				PunchesRead:   4000,
				Presences:     1200,
				Anomalies:     map[app.Rule]int{app.MissingOut: 4},
				Registrations: map[app.RegistrationState]int{app.RegAccepted: 4800},
				Sheets:        60,
				Seconds:       12.34,
			}
			o.Ready(d)
			windowOpened = o.Window
			return d, nil
		}
	}
	got := klokkast(t, nil, change, "--lang", "en", "demo", "--dir", "d", "--month", "2026-10", "--seed", "7", "--no-send", "--window")
	wantText(t, got.out, "SIMULATED: nothing reaches the NSSO", "October 2026", "5,000", "4,800", "12.3 s", "d/demo.db")
	if asked.Dir != "d" || !asked.NoSend || asked.Seed != 7 || asked.Month != (app.Month{Year: 2026, Month: 10}) || !windowOpened {
		t.Errorf("asked for %+v", asked)
	}
	want(t, object(t, klokkast(t, nil, change, "demo", "--json").out), map[string]any{
		"punches": 5000, "anomalies.missing-out": 4, "registrations.accepted": 4800, "seconds": 12.34, "simulated": true, "month": "2026-10", "database": "d/demo.db",
	})
	if got := klokkast(t, nil, nil, "demo"); got.code != ExitFailed {
		t.Errorf("without a demo: exit code %d", got.code)
	}
}

func TestSimulatorsServeUntilInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	var out bytes.Buffer
	p := Parts{Out: &out, Err: io.Discard, Texts: texts(t), SimulateBox: func(ctx context.Context, o SimulateBoxOptions, ready func(SimulatedBox)) error {
		ready(SimulatedBox{Listen: "127.0.0.1:4711", Box: "tcp:127.0.0.1:4711", UID: officetest.BoxUID, Label: o.Label, Dir: "d", Records: uint64(o.Punches)})
		interrupt()
		<-ctx.Done()
		return ctx.Err()
	}}
	if code := Run(ctx, []string{"simulate", "box", "--json", "--punches", "50", "--label", "Proef"}, p); code != ExitFine {
		t.Errorf("exit code %d\n%s", code, out.String())
	}
	want(t, object(t, out.String()), map[string]any{"box": "tcp:127.0.0.1:4711", "label": "Proef", "records": 50, "simulated": true})
}

func TestSimulateCiaoPrintsHowToSend(t *testing.T) {
	change := func(p *Parts) {
		p.SimulateRegister = func(_ context.Context, o SimulateRegisterOptions, ready func(SimulatedRegister)) error {
			ready(SimulatedRegister{Listen: "127.0.0.1:1", Register: "http://127.0.0.1:1/r", Token: "http://127.0.0.1:1/t", Dir: strings.Join(o.Faults, "+")})
			return nil
		}
	}
	got := klokkast(t, nil, change, "--lang", "en", "simulate", "ciao", "--fault", "too-many,times=2", "--fault", "html")
	wantText(t, got.out, "klokkast --register http://127.0.0.1:1/r --register-token http://127.0.0.1:1/t ciao send", "too-many,times=2+html")
}

func TestWindow(t *testing.T) {
	opened := 0
	window := func(p *Parts) {
		p.Window = func(context.Context, OpenOptions, func(error)) error { opened++; return nil }
	}
	if got := klokkast(t, nil, window); got.code != ExitFine || opened != 1 {
		t.Errorf("without a command: exit code %d, %d windows", got.code, opened)
	}
	blind := func(p *Parts) {
		window(p)
		p.Missing = func() display.Lack { return display.Display }
	}
	got := klokkast(t, nil, blind)
	wantText(t, got.err, "There is no display here")
	wantText(t, got.out, "Usage:", "box read", "Commands")
	if got.code != ExitFailed || opened != 1 {
		t.Errorf("without a display: exit code %d, %d windows", got.code, opened)
	}
	got = klokkast(t, nil, nil)
	wantText(t, got.err, "This build has no window")
}

func TestHelpInTheUsersLanguage(t *testing.T) {
	for lang, says := range map[string]string{"nl": "Gebruik:", "fr": "Utilisation :", "de": "Aufruf:", "en": "Usage:"} {
		got := klokkast(t, nil, nil, "--lang", lang, "--help")
		wantText(t, got.out, says, "ciao send", texts(t).For(app.Language(lang)).T("cli.help.ciao_send"))
		got = klokkast(t, nil, nil, "box", "import", "--help", "--lang="+lang)
		wantText(t, got.out, says, "--status", "FILE")
		if got.code != ExitFine {
			t.Errorf("exit code %d", got.code)
		}
	}
}

func TestVersion(t *testing.T) {
	if got := klokkast(t, nil, nil, "--version"); got.out != "klokkast 0.1.0\n" || got.code != ExitFine {
		t.Errorf("%q, exit code %d", got.out, got.code)
	}
	want(t, object(t, klokkast(t, nil, nil, "--version", "--json").out), map[string]any{"version": "0.1.0"})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"Leuven":                "Leuven",
		"a\x1b]0;owned\x07b":    "a]0;ownedb",
		"a\r\nb\tc":             "a  b c",
		"naam\u202etxt.exe":     "naamtxt.exe",
		"\u200bCafé\u0301 \xff": "Café\u0301 \ufffd",
		"\u009b31m":             "31m",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestJSONHarmsNoTerminal: what a terminal may obey is escaped, and comes back unchanged.
func TestJSONHarmsNoTerminal(t *testing.T) {
	c := officetest.New(t)
	label := "Rood\u009b31m\u202e\x1b\U000E0001"
	c.Do(c.Office().Boxes.SaveBox(t.Context(), app.Box{UID: "zkteco:OIN7", Make: app.MakeZK, Label: label}, officetest.Why))
	got := klokkast(t, c, nil, "box", "list", "--json")
	if strings.ContainsFunc(got.out, dangerous) {
		t.Errorf("a label reached the terminal unharmed: %q", got.out)
	}
	want(t, object(t, got.out), map[string]any{"boxes.1.label": label})
}

// TestAnyTextHarmsNoTerminal: whatever a box or a file calls itself, a line of
// output holds nothing that a terminal obeys, and JSON gives the text back whole.
func TestAnyTextHarmsNoTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "name") + string(rapid.SampledFrom([]rune("\x00\x07\x1b\u009b\u200f\u202e\u2028\u2066\ufeff\U000E0001\n")).Draw(t, "trick"))
		if got := clean(s); strings.ContainsFunc(got, dangerous) || strings.Contains(got, "\n") {
			t.Fatalf("clean gives %q", got)
		}
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		escaped := escape(string(b))
		var back string
		if err := json.Unmarshal([]byte(escaped), &back); err != nil || back != s || strings.ContainsFunc(escaped, dangerous) {
			t.Fatalf("escape gives %q, read again %q, %v", escaped, back, err)
		}
	})
}

func TestTableAligns(t *testing.T) {
	var b bytes.Buffer
	tab := newTable("Name", "Count", "Remark").numbers(1)
	tab.add("Zoé", "7", "")
	tab.add("東京", "1,234", "x")
	tab.write(&b)
	if want := "Name  Count  Remark\nZoé       7\n東京  1,234  x\n"; b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}
