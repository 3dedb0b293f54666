package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/importing"
	"klokkast/app/office"
	closing "klokkast/app/period"
	"klokkast/app/reading"
	"klokkast/app/store"
	"klokkast/app/text"
	"klokkast/app/timesheet"
	"klokkast/assets"
	"klokkast/ui/display"
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
	composed := regexp.MustCompile(`^(verify\.what\.|decide\.|import\.kind\.)`)
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
	for _, c := range []struct {
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
		{"box place Leuven L1 --from noon", "--from is a day and time such as"},
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
		t.Run(c.args, func(t *testing.T) {
			f := company()
			f.language = app.English
			f.boxes[0].Box.Label = "Leuven"
			simulators := func(p *Parts) {
				p.SimulateBox = func(context.Context, SimulateBoxOptions, func(SimulatedBox)) error { return nil }
				p.SimulateRegister = func(context.Context, SimulateRegisterOptions, func(SimulatedRegister)) error { return nil }
			}
			args := strings.Fields(c.args)
			got := klokkast(t, f, simulators, args...)
			if got.code != ExitUsage {
				t.Errorf("exit code %d, want %d\n%s", got.code, ExitUsage, got.err)
			}
			if !regexp.MustCompile(orQuoted(c.says)).MatchString(got.err) {
				t.Errorf("says %q, want %q", got.err, c.says)
			}
			asJSON := klokkast(t, f, simulators, append(args, "--json")...)
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
	f := company()
	f.importErr = fmt.Errorf("import a file: %w", &reading.NeedsBoxError{File: "attlog.dat"})
	for lang, says := range map[string]string{
		"nl": "Van welke prikklok komt attlog.dat?", "fr": "De quelle pointeuse vient attlog.dat ?",
		"de": "Von welcher Stempeluhr ist attlog.dat?", "en": "Which clock box is attlog.dat from?",
	} {
		got := klokkast(t, f, nil, "--lang", lang, "box", "import", "attlog.dat")
		if got.code != ExitFailed || !strings.Contains(got.err, says) || !strings.Contains(got.err, "--box") {
			t.Errorf("%s: exit code %d, says %q", lang, got.code, got.err)
		}
		got = klokkast(t, f, nil, "--lang="+lang, "box", "import")
		if got.code != ExitUsage || !strings.Contains(got.err, texts(t).For(app.Language(lang)).T("cli.usage.help")) {
			t.Errorf("%s: exit code %d, says %q", lang, got.code, got.err)
		}
	}
}

func TestAsksNameTheFlag(t *testing.T) {
	for _, c := range []struct {
		err  error
		flag string
		code string
	}{
		{&reading.NeedsBoxError{File: "a.dat"}, "--box", "ask.box"},
		{&reading.NeedsMappingError{File: "a.csv"}, "--mapping", "ask.mapping"},
		{&reading.OtherSerialError{File: "a.dat", Serial: "OIN7", Box: "zkteco:X"}, "--other-serial", "ask.serial"},
		{&reading.AskStatusError{Statuses: []string{"0", "1"}}, "--status", "ask.status"},
		{&reading.StoredElsewhereError{Box: "zkteco:X", Boxes: map[string]int{"zkteco:Y": 12}}, "--elsewhere", "ask.elsewhere"},
	} {
		f := company()
		f.importErr = c.err
		got := klokkast(t, f, nil, "--lang", "en", "box", "import", "a.dat")
		wantText(t, got.err, c.flag)
		m := object(t, klokkast(t, f, nil, "--lang", "en", "--json", "box", "import", "a.dat").out)
		want(t, m, map[string]any{"error.code": c.code})
		wantText(t, at(t, m, "error.message").(string), c.flag)
	}
}

func TestBoxErrorsAreWorded(t *testing.T) {
	for _, c := range []struct {
		err  error
		says string
		code string
	}{
		{fmt.Errorf("open the box: %w", reading.InUse), "The clock box cannot be read: another program uses the box.", "box.fault.in-use"},
		{&reading.WrongChainError{After: 7}, "does not continue what was read before", "box.fault.wrong-chain"},
		{&reading.QuarantinedError{Box: ocbUID, Reason: reading.ReasonBehind}, "not read any more: its log ends before what was read already", "box.quarantine.box-behind"},
		{app.NotFound("box", "Gent"), "Not found: clock box “Gent”.", "notFound.box"},
		{&office.AmbiguousError{Kind: "box", Name: "Gent", Count: 2}, "“Gent” fits 2 different ones", "ambiguous.box"},
		{errors.Join(reading.InUse, app.NotFound("box", "Gent")), "Not found: clock box “Gent”.", "box.fault.in-use"},
	} {
		f := company()
		f.importErr = c.err
		wantText(t, klokkast(t, f, nil, "--lang", "en", "box", "import", "a.dat").err, c.says)
		want(t, object(t, klokkast(t, f, nil, "--json", "box", "import", "a.dat").out), map[string]any{"error.code": c.code})
	}
}

func TestFieldErrorsInJSON(t *testing.T) {
	f := company()
	f.sendErr = fmt.Errorf("save: %w", errors.Join(
		&app.FieldError{Field: "ssin", Code: "ssin.check", Example: annaSSIN}, &app.FieldError{Field: "language", Code: "language.unknown", Example: "nl"}))
	got := klokkast(t, f, nil, "ciao", "send", "--json", "--lang", "en")
	m := object(t, got.out)
	want(t, m, map[string]any{
		"error.code": "input", "error.fields.0.field": "ssin", "error.fields.0.code": "ssin.check",
		"error.fields.1.field": "language", "error.fields.1.example": "nl",
	})
	if got.code != ExitFailed || got.err != "" {
		t.Errorf("exit code %d, standard error %q", got.code, got.err)
	}
}

func TestGlobalFlagsReachTheOffice(t *testing.T) {
	f := company()
	db := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(db, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := klokkast(t, f, nil, "--db", db, "--actor", "Jan", "--register", "http://127.0.0.1:1/r", "--register-token", "http://127.0.0.1:1/t", "--lang", "fr", "verify")
	w := OpenOptions{DB: db, Actor: "Jan", Language: app.French, RegisterBase: "http://127.0.0.1:1/r", RegisterToken: "http://127.0.0.1:1/t"}
	if got.opened != w {
		t.Errorf("opened with %+v, want %+v", got.opened, w)
	}
	wantText(t, got.out, "SIMULÉ : rien ne parvient à l'ONSS", "Tout est en ordre")
	if f.closed != 1 {
		t.Errorf("closed %d times", f.closed)
	}
}

// TestMistypedDatabase: what only reads opens no new file; what takes data in may.
func TestMistypedDatabase(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "klokast.db")
	for args, code := range map[string]int{
		"anomalies": ExitFailed, "presences": ExitFailed, "ciao send": ExitFailed, "timesheet": ExitFailed, "verify": ExitFailed, "staff list": ExitFailed,
		"box list": ExitFine, "box import a.dat": ExitFine,
	} {
		f := company()
		got := klokkast(t, f, nil, append([]string{"--lang", "en", "--db", nowhere}, strings.Fields(args)...)...)
		if got.code != code || (f.closed > 0) != (code == ExitFine) {
			t.Errorf("%s: exit code %d, want %d; opened %d times", args, got.code, code, f.closed)
		}
		if code == ExitFailed {
			wantText(t, got.err, "is not there", nowhere)
		}
	}
}

func TestSimulatedIsSaidOutsideProductionOnly(t *testing.T) {
	f := company()
	if got := klokkast(t, f, nil, "verify"); !strings.HasPrefix(got.out, "GESIMULEERD: niets bereikt de RSZ\n") {
		t.Errorf("says %q", got.out)
	}
	f.environment = app.Production
	if got := klokkast(t, f, nil, "verify"); strings.Contains(got.out, "GESIMULEERD") {
		t.Errorf("says %q", got.out)
	}
	m := object(t, klokkast(t, f, nil, "verify", "--json").out)
	want(t, m, map[string]any{"environment": "production", "simulated": false, "ok": true})
}

func TestVerify(t *testing.T) {
	f := company()
	f.findings = []store.Finding{{What: "trail", Target: "installation:1/4", Code: "trail-broken"}}
	got := klokkast(t, f, nil, "verify")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	wantText(t, got.out, "logboek", "installation:1/4", "1 bevinding.")
	got = klokkast(t, f, nil, "verify", "--json")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(t, object(t, got.out), map[string]any{"ok": false, "findings.0.code": "trail-broken", "findings.0.target": "installation:1/4"})
}

func TestVerifyPaper(t *testing.T) {
	f := company()
	day := app.NewDate(2026, 10, 12)
	f.papers = &office.FileCheck{File: office.FileOther, Papers: []office.PaperCheck{{
		Code:    timesheet.PaperCode{Kind: timesheet.OfEngagement, Subject: "0123456789", Days: app.Month{Year: 2026, Month: 10}.Days(), Version: 3, Hash: "00112233445566778899"},
		Verdict: office.PaperChanged, WorkerID: "w1", EngagementID: "g1",
		Differences: []timesheet.Difference{{Day: day, EngagementID: "g1", Was: timesheet.Printed{Hours: 450, What: []string{"Stadhuis 08:00-15:30"}}, Is: timesheet.Printed{Hours: 480}}},
		Since:       []closing.Addition{{EngagementID: "g1", Day: day, Is: closing.Figures{Worked: 30}}},
	}}}
	got := klokkast(t, f, nil, "--lang", "en", "verify", "sheet.pdf")
	if got.code != ExitFailed || fmt.Sprint(f.verified) != "[sheet.pdf]" {
		t.Errorf("exit code %d, %v", got.code, f.verified)
	}
	wantText(t, got.out, "not the file that was written here", "Peeters Anna", "October 2026", "version 3", "The data are otherwise now", "12/10/2026", "7:30 Stadhuis 08:00-15:30", "8:00", "+0:30", "Came to light later")
	got = klokkast(t, f, nil, "verify", "--code", "04g1m", "--json")
	want(t, object(t, got.out), map[string]any{"ok": false, "papers.0.verdict": "changed", "papers.0.version": 3, "papers.0.differences.0.was.hours": 450, "papers.0.since.0.add.workedMinutes": 30})
	f.papers.File, f.papers.Papers[0].Verdict = office.FileOriginal, office.PaperSame
	if got := klokkast(t, f, nil, "verify", "sheet.pdf"); got.code != ExitFine {
		t.Errorf("a true paper: exit code %d", got.code)
	}
	if got := klokkast(t, f, nil, "verify", "sheet.pdf", "--code", "x"); got.code != ExitUsage {
		t.Errorf("both: exit code %d", got.code)
	}
}

func TestBoxList(t *testing.T) {
	f := company()
	f.boxes = append(f.boxes,
		office.BoxRow{Box: app.Box{UID: "zkteco:OIN7", Make: app.MakeZK, Label: "\x1b[31mRood\x07"}, Known: true},
		office.BoxRow{Connected: "usb:1-2", Problem: "no-permission"})
	got := klokkast(t, f, nil, "--lang", "en", "box", "list")
	wantText(t, got.out, "Leuven balie", "Stadhuis Leuven", "20/11/2026 17:00", "1,234", "2 records not acknowledged", "usb:1-2", "Rood", "stands at no site")
	if strings.ContainsAny(got.out, "\x1b\x07") {
		t.Errorf("a label reached the terminal unharmed: %q", got.out)
	}
	want(t, object(t, klokkast(t, f, nil, "box", "list", "--json").out), map[string]any{
		"boxes.0.uid": ocbUID, "boxes.0.site": "Stadhuis Leuven", "boxes.0.lastRead": "2026-11-20T16:00:00.000Z", "boxes.0.punches": 1234,
		"boxes.0.unacknowledged": 2, "boxes.1.label": "\x1b[31mRood\x07", "boxes.1.known": true, "boxes.2.problem": "no-permission",
	})
}

func TestBoxRead(t *testing.T) {
	f := company()
	f.read = func(_ context.Context, path string, p office.Progress) (app.Reading, error) {
		p(1, 1)
		return app.Reading{ID: "r1", Log: app.LogKey{Box: ocbUID, Log: "l"}, State: app.ReadingDone, Records: 12, New: 10, Acked: 99,
			Clock: &app.ClockOffset{Offset: -1500 * time.Millisecond, Uncertainty: 20 * time.Millisecond}}, nil
	}
	got := klokkast(t, f, nil, "--lang", "en", "box", "read")
	if got.code != ExitFine {
		t.Errorf("exit code %d: %s", got.code, got.err)
	}
	wantText(t, got.out, "Leuven balie: 10 new records stored of 12 read.", "up to and including record 99", "-1.50 s (± 0.02 s)")
	want(t, object(t, klokkast(t, f, nil, "box", "read", "--json").out), map[string]any{
		"readings.0.new": 10, "readings.0.records": 12, "readings.0.clockOffsetMs": -1500, "readings.0.clockUncertaintyMs": 20,
		"readings.0.path": "sim:/boxes/1", "readings.0.boxLabel": "Leuven balie", "readings.0.clock": nil, "readings.0.state": "done",
	})
}

func TestBoxReadCancelledSaysWhatWasStored(t *testing.T) {
	f := company()
	f.read = func(context.Context, string, office.Progress) (app.Reading, error) {
		return app.Reading{Log: app.LogKey{Box: ocbUID}, State: app.ReadingStopped, Problem: reading.ProblemCancelled, Records: 4096, New: 4096},
			fmt.Errorf("read the box: %w", context.Canceled)
	}
	got := klokkast(t, f, nil, "--lang", "en", "box", "read", "--box", "sim:/boxes/1")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	wantText(t, got.out, "stopped at your request. 4,096 new records are stored; the rest stays in the box")
	got = klokkast(t, f, nil, "--json", "box", "read", "--box", "sim:/boxes/1")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(t, object(t, got.out), map[string]any{"readings.0.new": 4096, "readings.0.state": "stopped", "readings.0.error.code": "cancelled"})
}

// What became of a reading that has a problem is said in words, with what to do about it, not in JSON alone.
func TestBoxReadSaysWhatBecameOfIt(t *testing.T) {
	stored := app.Reading{ID: "r1", Log: app.LogKey{Box: ocbUID, Log: "l"}, State: app.ReadingDone, Last: 351, BoxLast: 351, Records: 12, New: 12}
	for problem, c := range map[string]struct {
		err  error
		says string
	}{
		reading.ProblemAckFailed:    {nil, "refused the acknowledgement"},
		reading.ProblemAckOther:     {nil, "notes another acknowledgement"},
		reading.ProblemAckUnplugged: {&reading.AckError{Seq: 351, Err: reading.Unplugged}, "read it again: that makes the acknowledgement good"},
		reading.ProblemAckSilent:    {&reading.AckError{Seq: 351, Err: reading.Silent}, "did not answer the acknowledgement"},
		"not-paired":                {nil, "press its button and pair it"},
		"ends-early":                {&reading.EndError{Read: 351, Stated: 352}, "up to 351 of 352, not to its end"},
		"ends-behind":               {&reading.EndError{Read: 351, Stated: 9}, "ends at record 9, but records up to 351"},
		"cable-drops":               {fmt.Errorf("%w: %w", reading.CableDrops, reading.Unplugged), "another USB port"},
	} {
		f := company()
		f.read = func(context.Context, string, office.Progress) (app.Reading, error) {
			r := stored
			r.Problem = problem
			if end := new(reading.EndError); errors.As(c.err, &end) {
				r.BoxLast = end.Stated
			}
			return r, c.err
		}
		got := klokkast(t, f, nil, "--lang", "en", "box", "read")
		if (got.code != ExitFine) != (c.err != nil) {
			t.Errorf("%s: exit code %d", problem, got.code)
		}
		if strings.Count(got.err, c.says) != 1 {
			t.Errorf("%s: %q is not said once in %q", problem, c.says, got.err)
		}
		help, _ := object(t, klokkast(t, f, nil, "--lang", "en", "--json", "box", "read").out)["readings"].([]any)[0].(map[string]any)["help"].(string)
		if !strings.Contains(help, c.says) {
			t.Errorf("%s: JSON says %q", problem, help)
		}
	}
}

func TestBoxReadChoosesNobodysBox(t *testing.T) {
	f := company()
	second := f.boxes[0]
	second.Connected = "sim:/boxes/2"
	f.boxes = append(f.boxes, second)
	var read atomic.Int32
	f.read = func(context.Context, string, office.Progress) (app.Reading, error) {
		read.Add(1)
		return app.Reading{State: app.ReadingDone}, nil
	}
	if got := klokkast(t, f, nil, "--lang", "en", "box", "read"); got.code != ExitUsage || !strings.Contains(got.err, "2 clock boxes are connected") || read.Load() != 0 {
		t.Errorf("exit code %d, read %d, says %q", got.code, read.Load(), got.err)
	}
	if got := klokkast(t, f, nil, "box", "read", "--all"); got.code != ExitFine || read.Load() != 2 {
		t.Errorf("exit code %d, read %d", got.code, read.Load())
	}
	f.boxes = nil
	if got := klokkast(t, f, nil, "--lang", "en", "box", "read"); got.code != ExitFailed || !strings.Contains(got.err, "No clock box is connected") {
		t.Errorf("exit code %d, says %q", got.code, got.err)
	}
}

func TestBoxReadAllGoesOnAfterAFailure(t *testing.T) {
	f := company()
	f.boxes = append(f.boxes, office.BoxRow{Connected: "sim:/boxes/2"})
	f.read = func(_ context.Context, path string, _ office.Progress) (app.Reading, error) {
		if path == "sim:/boxes/1" {
			return app.Reading{}, fmt.Errorf("open the box: %w", reading.InUse)
		}
		return app.Reading{New: 3, Records: 3, State: app.ReadingDone}, nil
	}
	got := klokkast(t, f, nil, "--json", "box", "read", "--all")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(t, object(t, got.out), map[string]any{"readings.0.error.code": "box.fault.in-use", "readings.1.new": 3})
}

func TestBoxImport(t *testing.T) {
	f := company()
	f.boxes = append(f.boxes, office.BoxRow{Box: app.Box{UID: "zkteco:OIN7", Label: "Magazijn"}, Known: true})
	f.imported = reading.Imported{
		Reading: app.Reading{Records: 5, New: 3}, Box: app.Box{UID: "zkteco:OIN7", Make: app.MakeZK},
		Bad: []reading.LineProblem{{Line: 7, Code: "bad-time", Text: "1\t2026-02-30"}}, Before: 2,
	}
	got := klokkast(t, f, nil, "--lang", "en", "box", "import", "/stick/attlog.dat", "--box", "magazijn", "--status", "no", "--zone", "Europe/Paris")
	wantText(t, got.out, "attlog.dat: 3 new lines stored of 5; 2 were there already.", "Not understood and kept aside:", "7")
	if strings.Contains(got.out, "2026-02-30") {
		t.Error("the line itself is shown: it may hold personal data")
	}
	if f.importOpt.Box != "zkteco:OIN7" || f.importOpt.StatusKeys != app.StatusNoKey || f.importOpt.Zone != "Europe/Paris" {
		t.Errorf("imported with %+v", f.importOpt)
	}
	klokkast(t, f, nil, "box", "import", "x.dat", "--box", "NEW9")
	if f.importOpt.Box != "zkteco:NEW9" {
		t.Errorf("a new serial became %q", f.importOpt.Box)
	}
	want(t, object(t, klokkast(t, f, nil, "box", "import", "x.dat", "--json").out), map[string]any{
		"reading.new": 3, "bad.0.line": 7, "bad.0.code": "bad-time", "before": 2, "box.uid": "zkteco:OIN7",
	})
}

func TestBoxPlaceReadsLocalTimeOfTheSite(t *testing.T) {
	f := company()
	got := klokkast(t, f, nil, "--lang", "en", "box", "place", "leuven balie", "Ponta", "--from", "2026-07-01 06:00", "--why", "moved")
	wantText(t, got.out, "Leuven balie stands at Ponta Delgada from 01/07/2026 06:00 on.")
	if w := []any{ocbUID, app.ID("s2"), instant("2026-07-01T06:00:00Z"), "moved"}; fmt.Sprint(f.placed) != fmt.Sprint(w) {
		t.Errorf("placed %v, want %v", f.placed, w)
	}
	want(t, object(t, klokkast(t, f, nil, "--json", "box", "place", ocbUID[:8], "L1", "--from", "2026-07-01 06:00").out), map[string]any{
		"box": ocbUID, "siteId": "s1", "from": "2026-07-01T04:00:00.000Z",
	})
}

func TestAnomalies(t *testing.T) {
	f := company()
	key := app.RecordKey{LogKey: app.LogKey{Box: ocbUID, Log: "l"}, Seq: 7}
	f.anomalies = []office.FoundAnomaly{{
		Anomaly: app.Anomaly{Rule: app.MissingOut, Severity: app.Serious, Subject: app.Subject{Kind: app.AboutEngagement, ID: "g1"}, Anchor: key.String(),
			WorkerID: "w1", SiteID: "s1", Box: ocbUID, Day: app.NewDate(2026, 11, 20), At: instant("2026-11-20T05:58:00Z"), Punches: []app.RecordKey{key}},
		Status: app.AnomalyOpen,
	}}
	got := klokkast(t, f, nil, "anomalies", "--month", "2026-11", "--worker", "007", "--severity", "warning")
	wantText(t, got.out, "Peeters Anna", "20/11/2026", "06:58", "Stadhuis Leuven", "Ernstig: 1 ·")
	w := office.AnomalyFilter{Days: app.Month{Year: 2026, Month: 11}.Days(), Status: app.AnomalyOpen, WorkerID: "w1", MinSeverity: app.Warning}
	if f.anomalyAsk != w {
		t.Errorf("asked for %+v, want %+v", f.anomalyAsk, w)
	}
	want(t, object(t, klokkast(t, f, nil, "anomalies", "--json", "--status", "all").out), map[string]any{
		"anomalies.0.rule": "missing-out", "anomalies.0.severity": "serious", "anomalies.0.status": "open", "anomalies.0.worker": "Peeters Anna",
		"anomalies.0.day": "2026-11-20", "anomalies.0.key": "missing-out|engagement:g1|" + key.String(), "anomalies.0.boxLabel": "Leuven balie",
		"anomalies.0.punches.0.seq": 7,
	})
	if f.anomalyAsk.Status != "" {
		t.Errorf("--status all asked for %q", f.anomalyAsk.Status)
	}
}

func TestPresences(t *testing.T) {
	f := company()
	in, out := app.Side{At: instant("2026-11-20T21:58:12Z")}, app.Side{At: instant("2026-11-21T05:02:00Z"), Adjustment: "a1"}
	day := app.NewDate(2026, 11, 20)
	f.presences = []app.Presence{
		{WorkerID: "w1", EngagementID: "g1", SiteID: "s1", State: app.PresenceComplete, In: &in, Out: &out, Day: day, Adjusted: true, Worked: 7*time.Hour + 3*time.Minute + 48*time.Second},
		{WorkerID: "w2", EngagementID: "g2", SiteID: "s1", State: app.PresenceOpen, In: &in, Day: day, BoxReadTo: instant("2026-11-20T22:30:00Z"),
			OverGap: &app.Gap{First: 3981, Last: 3990}},
	}
	f.workdays = []app.Workday{{WorkerID: "w1", Day: day, Presences: f.presences[:1], Worked: f.presences[0].Worked, Night: 7 * time.Hour}}
	got := klokkast(t, f, nil, "--lang", "en", "presences")
	wantText(t, got.out, "01/11/2026 – 30/11/2026", "22:58", "06:02 (Sat 21/11)*", "7:03", "open; box read up to 20/11/2026 23:30; records 3,981 to 3,990 are missing", "1 workday, 7:03 worked in all.")
	if f.asked != (app.Month{Year: 2026, Month: 11}).Days() {
		t.Errorf("asked for %v, want this month", f.asked)
	}
	want(t, object(t, klokkast(t, f, nil, "presences", "--json", "--from", "2026-11-20").out), map[string]any{
		"days.from": "2026-11-20", "presences.0.workedMs": 25428000, "presences.0.in.at": "2026-11-20T21:58:12.000Z", "presences.0.out.adjustment": "a1",
		"presences.1.state": "open", "workdays.0.workedMs": 25428000, "workdays.0.nightMs": 25200000, "workdays.0.incomplete": false,
	})
}

func TestCiaoSend(t *testing.T) {
	f := company()
	f.reports = []ciao.Report{{Environment: app.LocalSimulator, Accepted: 40, Refused: 2, Requests: 1}}
	got := klokkast(t, f, nil, "--lang", "en", "ciao", "send")
	if got.code != ExitFine {
		t.Errorf("exit code %d: %s", got.code, got.err)
	}
	wantText(t, got.out, "SIMULATED: nothing reaches the NSSO", "Accepted", "40", "Refused")
}

func TestCiaoSendWaitsUntilNothingIsLeft(t *testing.T) {
	f := company()
	now := instant("2026-11-23T11:00:00Z")
	f.reports = []ciao.Report{
		{Accepted: 3, Unknown: 1, NextAt: now + 1, Left: ciao.Pending{Queued: 0, Unknown: 1, Waits: 1}},
		{Adopted: 1, NextAt: now + 3600_000}, // only checks of validity are left, and nobody waits for them
	}
	got := klokkast(t, f, nil, "ciao", "send", "--wait", "--json")
	if f.sends != 2 || got.code != ExitFine {
		t.Errorf("%d rounds, exit code %d", f.sends, got.code)
	}
	want(t, object(t, got.out), map[string]any{"rounds": 2, "accepted": 3, "adopted": 1, "unknown": 1, "left.unknown": 0, "simulated": true})
}

func TestCiaoSendStopped(t *testing.T) {
	f := company()
	f.reports = []ciao.Report{{Stopped: "credential", Left: ciao.Pending{Queued: 5}, NextAt: 1}}
	got := klokkast(t, f, nil, "--lang", "en", "ciao", "send", "--wait", "--resume", "--why", "key renewed")
	if got.code != ExitFailed || f.sends != 1 || f.resumed != "key renewed" || got.err == "" {
		t.Errorf("exit code %d, %d rounds, resumed %q, says %q", got.code, f.sends, f.resumed, got.err)
	}
}

func held(seq uint64, at string, releasable bool) office.RegisterRow {
	return office.RegisterRow{Held: app.HeldClock, Releasable: releasable, Registration: app.Registration{
		Punch: app.RecordKey{LogKey: app.LogKey{Box: ocbUID, Log: "l"}, Seq: seq}, Type: app.RegisterIn, At: instant(at), WorkerID: "w1", SiteID: "s1",
		SSIN: annaSSIN, State: app.RegHeld}}
}

func TestCiaoStatus(t *testing.T) {
	f := company()
	f.counts = office.RegisterCounts{
		States: map[app.RegistrationState]int{app.RegAccepted: 1200}, Eligible: 7,
		Held: []office.HeldCount{{Reason: app.HeldClock, Count: 3, Oldest: instant("2026-11-02T06:00:00Z")}, {Reason: app.NeverIgnored, Never: true, Count: 9, Oldest: instant("2026-11-03T06:00:00Z")}},
	}
	f.rows = []office.RegisterRow{held(7, "2026-11-02T06:00:00Z", true)}
	got := klokkast(t, f, nil, "--lang", "en", "ciao", "status", "--held", "clock", "--limit", "5")
	wantText(t, got.out, "1,200", "02/11/2026 07:00", "Never sent", "Peeters Anna", annaMasked)
	if f.rowsAsk.Held != app.HeldClock || f.rowsLimit != 5 {
		t.Errorf("asked for %+v, limit %d", f.rowsAsk, f.rowsLimit)
	}
	got = klokkast(t, f, nil, "ciao", "status", "--json", "--held", "clock")
	want(t, object(t, got.out), map[string]any{
		"states.accepted": 1200, "states.queued": 0, "eligible": 7, "held.0.reason": "clock", "held.0.count": 3, "held.0.oldest": "2026-11-02T06:00:00.000Z",
		"held.1.never": true, "rows.0.ssin": annaMasked, "rows.0.held": "clock", "rows.0.releasable": true, "rows.0.type": "IN",
	})
	if len(f.reveals) != 0 {
		t.Errorf("revealed without being asked: %v", f.reveals)
	}
}

func TestRevealIsAskedForByNameAndNoted(t *testing.T) {
	f := company()
	f.rows = []office.RegisterRow{held(7, "2026-11-02T06:00:00Z", true), held(8, "2026-11-02T16:00:00Z", true)}
	got := klokkast(t, f, nil, "ciao", "status", "--json", "--held", "clock", "--reveal")
	want(t, object(t, got.out), map[string]any{"rows.0.ssin": annaSSIN, "rows.1.ssin": annaSSIN})
	if len(f.reveals) != 1 || f.reveals[0] != "w1" {
		t.Errorf("the trail notes %v, want one line for w1", f.reveals)
	}
}

func TestNothingShowsAnSSIN(t *testing.T) {
	f := company()
	f.rows = []office.RegisterRow{held(7, "2026-11-02T06:00:00Z", true)}
	f.reports = []ciao.Report{{}}
	f.sendErr = fmt.Errorf("the register said: %s is wrong", annaSSIN)
	for _, args := range []string{"staff list", "ciao status --held clock", "ciao send", "presences", "anomalies", "site list", "timesheet"} {
		for _, extra := range [][]string{nil, {"--json"}} {
			got := klokkast(t, f, nil, append(strings.Fields(args), extra...)...)
			if strings.Contains(got.out+got.err, annaSSIN) {
				t.Errorf("klokkast %s %v shows an SSIN:\n%s%s", args, extra, got.out, got.err)
			}
		}
	}
}

func TestCiaoReleaseShowsBeforeItDoes(t *testing.T) {
	f := company()
	f.rows = []office.RegisterRow{held(8, "2026-11-03T06:00:00Z", true), held(7, "2026-11-02T06:00:00Z", true), held(9, "2026-11-01T06:00:00Z", false)}
	got := klokkast(t, f, nil, "--lang", "en", "ciao", "release", "--held", "clock", "--why", "clock checked")
	wantText(t, got.out, "2 punches would be released, the oldest of 02/11/2026 07:00. Give --yes")
	if f.released != nil {
		t.Error("released without --yes")
	}
	got = klokkast(t, f, nil, "--json", "ciao", "release", "--held", "clock", "--why", "clock checked", "--yes")
	want(t, object(t, got.out), map[string]any{"count": 2, "released": 2, "done": true, "oldest": "2026-11-02T06:00:00.000Z"})
	if len(f.released) != 2 || f.released[0].Seq != 7 {
		t.Errorf("released %v", f.released)
	}
}

func TestCiaoDecide(t *testing.T) {
	f := company()
	got := klokkast(t, f, nil, "ciao", "decide", "r9", "--as", "registered", "--why", "seen at the NSSO", "--json")
	want(t, object(t, got.out), map[string]any{"registration": "r9", "decision": "registered"})
	if w := []any{app.ID("r9"), ciao.DecideRegistered, "seen at the NSSO"}; fmt.Sprint(f.decided) != fmt.Sprint(w) {
		t.Errorf("decided %v", f.decided)
	}
}

func TestTimesheet(t *testing.T) {
	f := company()
	f.sheets = []office.SheetRow{
		{Engagement: app.Engagement{ID: "g1", WorkerID: "w1", EmployerID: "e1"}, Worked: 151*time.Hour + 5*time.Minute, Days: 20, Open: 1, Incomplete: true},
		{Engagement: app.Engagement{ID: "g2", WorkerID: "w2", EmployerID: "e1"}, Paper: &store.Paper{Version: 2},
			Approval: &app.Approval{By: "Els", At: instant("2026-11-02T09:00:00Z"), Version: 3}, Additions: 1, Added: -90 * time.Minute},
	}
	got := klokkast(t, f, nil, "--lang", "en", "timesheet", "--month", "2026-10")
	wantText(t, got.out, "Timesheets October 2026", "Peeters Anna", "151:05", "incomplete", "Blinkend Schoon BV", "approved by Els on 02/11/2026, version 3", "−1:30")
	want(t, object(t, klokkast(t, f, nil, "timesheet", "--json").out), map[string]any{
		"days.from": "2026-11-01", "days.to": "2026-11-30", "sheets.0.workedMinutes": 9065, "sheets.0.incomplete": true, "sheets.1.paperVersion": 2, "sheets.1.approvalVersion": 3, "sheets.1.addedMinutes": -90,
	})
}

func TestTimesheetsOnPaper(t *testing.T) {
	f := company()
	f.sheets = []office.SheetRow{
		{Engagement: app.Engagement{ID: "g1", WorkerID: "w1", EmployerID: "e1"}}, {Engagement: app.Engagement{ID: "g2", WorkerID: "w2", EmployerID: "e1"}},
	}
	month := app.Month{Year: 2026, Month: time.November}.Days()
	got := klokkast(t, f, nil, "--reveal", "--lang", "fr", "timesheet", "--worker", "anna", "--out", "papers")
	if w := (office.SheetOrder{Days: month, Engagements: []app.ID{"g1"}, Language: app.French, Reveal: true, Folder: "papers"}); !reflect.DeepEqual(f.ordered, w) || got.code != ExitFine {
		t.Errorf("ordered %+v, want %+v; %s", f.ordered, w, got.err)
	}
	got = klokkast(t, f, nil, "timesheet", "--all", "--out", "papers", "--json")
	want(t, object(t, got.out), map[string]any{"files.0": "papers/g1.pdf", "files.1": "papers/g2.pdf"})
	got = klokkast(t, f, nil, "timesheet", "--all", "--bundle", "all.pdf", "--json")
	if w := `"files": [
    "all.pdf"
  ]`; !strings.Contains(got.out, w) || f.ordered.Bundle != "all.pdf" {
		t.Errorf("%s; ordered %+v", got.out, f.ordered)
	}
	for _, args := range [][]string{{"--all"}, {"--out", "papers"}, {"--bundle", "x.pdf"}, {"--all", "--out", "papers", "--bundle", "x.pdf"}, {"--all", "--worker", "anna", "--out", "x"}} {
		if got := klokkast(t, f, nil, append([]string{"timesheet"}, args...)...); got.code != ExitUsage {
			t.Errorf("%v gives exit code %d", args, got.code)
		}
	}
}

func TestATimesheetThatCannotBePrintedIsListedAtTheEnd(t *testing.T) {
	f := company()
	f.sheets = []office.SheetRow{
		{Engagement: app.Engagement{ID: "g1", WorkerID: "w1", EmployerID: "e1"}}, {Engagement: app.Engagement{ID: "g2", WorkerID: "w2", EmployerID: "e1"}},
	}
	f.undrawable = "g1"
	got := klokkast(t, f, nil, "--lang", "en", "timesheet", "--all", "--bundle", "all.pdf")
	wantText(t, got.out, "1 timesheet in all.pdf.", "1 timesheet could not be printed", "Peeters Anna: ", "U+4E2D")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(t, object(t, klokkast(t, f, nil, "timesheet", "--all", "--out", "papers", "--json").out), map[string]any{
		"files.0": "papers/g2.pdf", "failed.0.engagementId": "g1", "failed.0.worker": "Peeters Anna", "failed.0.error.code": "timesheet.error.undrawable.worker.familyName",
	})
	f.writeErr = context.Canceled
	got = klokkast(t, f, nil, "--lang", "en", "timesheet", "--all", "--out", "papers")
	wantText(t, got.out, "1 timesheet written into papers.", "papers/g2.pdf", "1 timesheet could not be printed")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
}

func TestStaffAndSites(t *testing.T) {
	f := company()
	got := klokkast(t, f, nil, "--lang", "en", "staff", "list")
	wantText(t, got.out, "007", "Peeters Anna", annaMasked, "Blinkend Schoon BV", "A-17")
	want(t, object(t, klokkast(t, f, nil, "staff", "list", "--json", "--worker", "anna").out), map[string]any{
		"workers.0.ssin": annaMasked, "workers.0.staffNumber": "007", "workers.0.badges.0.value": "04A1B2C3", "workers.0.engagements.0.employerId": "e1",
	})
	want(t, object(t, klokkast(t, f, nil, "staff", "list", "--json", "--worker", "anna", "--reveal").out), map[string]any{"workers.0.ssin": annaSSIN})
	got = klokkast(t, f, nil, "--lang", "en", "site", "list")
	wantText(t, got.out, "L1", "Stadhuis Leuven", "Grote Markt 9, 3000 Leuven", "Leuven balie")
	want(t, object(t, klokkast(t, f, nil, "site", "list", "--json").out), map[string]any{
		"sites.0.code": "L1", "sites.0.decision": "yes", "sites.0.declarations.0.number": "1Y1003SQ5VSSZ", "sites.0.client": "Stad Leuven",
	})
}

func TestListImports(t *testing.T) {
	f := company()
	f.report = &importing.Report{
		Preview: true, New: 1, Changed: 1, Same: 3, Refused: 1,
		Rows: []importing.RowResult{
			{Line: 2, Outcome: importing.New, Who: "Claes \x1b[2JEls"}, {Line: 3, Outcome: importing.Changed, Who: "Peeters Anna", Fields: []string{"ssin", "badge"}},
			{Line: 4, Outcome: importing.Same, Who: "Unchanged Person"},
		},
		Problems: []*importing.Problem{{Kind: importing.Refused, Line: 7, Column: "INSZ", Code: "ssin.check", Why: &app.FieldError{Field: "ssin", Code: "ssin.check", Example: "85.01.15-123.55"}}},
		Notes:    []*importing.Problem{{Kind: importing.Note, Line: 3, Column: "INSZ", Code: "import.note.ssinRepaired", Why: &importing.Reason{Code: "note.ssinRepaired"}}},
	}
	got := klokkast(t, f, nil, "--lang", "en", "staff", "import", "staff.csv", "--dry-run")
	wantText(t, got.out, "Claes [2JEls", "SSIN, badge", "85.01.15-123.55", "leading zeros were put back", "Preview, nothing is saved yet: 1 new, 1 changed, 3 same, 1 refused.")
	if strings.Contains(got.out, "Unchanged") {
		t.Error("rows that stay the same are listed")
	}
	if got.code != ExitFailed {
		t.Errorf("a refused row gives exit code %d", got.code)
	}
	want(t, object(t, klokkast(t, f, nil, "site", "import", "sites.csv", "--json").out), map[string]any{
		"preview": true, "refused": 1, "rows.1.fields.1": "badge", "problems.0.line": 7, "problems.0.column": "INSZ", "problems.0.code": "ssin.check",
		"problems.0.field": "ssin", "problems.0.example": "85.01.15-123.55", "notes.0.code": "import.note.ssinRepaired", "notes.0.kind": "note",
	})
	if w := "[staff staff.csv false sites sites.csv true]"; fmt.Sprint(f.importedBy) != w {
		t.Errorf("imported %v, want %s", f.importedBy, w)
	}
}

func TestDemo(t *testing.T) {
	var asked DemoOptions
	windowOpened := false
	change := func(p *Parts) {
		p.Window = func(context.Context, OpenOptions, func(error)) error { return nil }
		p.Demo = func(_ context.Context, o DemoOptions) (DemoReport, error) {
			asked = o
			o.Progress(1, 3)
			d := DemoReport{Dir: "d", Database: "d/demo.db", Month: app.Month{Year: 2026, Month: 10}, Seed: 7, Punches: 5000, PunchesRead: 4000, Presences: 1200,
				Anomalies: map[app.Rule]int{app.MissingOut: 4}, Registrations: map[app.RegistrationState]int{app.RegAccepted: 4800}, Sheets: 60, Seconds: 12.34}
			o.Ready(d)
			windowOpened = o.Window
			return d, nil
		}
	}
	got := klokkast(t, company(), change, "--lang", "en", "demo", "--dir", "d", "--month", "2026-10", "--seed", "7", "--no-send", "--window")
	wantText(t, got.out, "SIMULATED: nothing reaches the NSSO", "October 2026", "5,000", "4,800", "12.3 s", "d/demo.db")
	if asked.Dir != "d" || !asked.NoSend || asked.Seed != 7 || asked.Month != (app.Month{Year: 2026, Month: 10}) || !windowOpened {
		t.Errorf("asked for %+v", asked)
	}
	want(t, object(t, klokkast(t, company(), change, "demo", "--json").out), map[string]any{
		"punches": 5000, "anomalies.missing-out": 4, "registrations.accepted": 4800, "seconds": 12.34, "simulated": true, "month": "2026-10", "database": "d/demo.db",
	})
	if got := klokkast(t, company(), nil, "demo"); got.code != ExitFailed {
		t.Errorf("without a demo: exit code %d", got.code)
	}
}

func TestSimulatorsServeUntilInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	var out bytes.Buffer
	p := Parts{Out: &out, Err: io.Discard, Texts: texts(t), SimulateBox: func(ctx context.Context, o SimulateBoxOptions, ready func(SimulatedBox)) error {
		ready(SimulatedBox{Listen: "127.0.0.1:4711", Box: "tcp:127.0.0.1:4711", UID: ocbUID, Label: o.Label, Dir: "d", Records: uint64(o.Punches)})
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
	got := klokkast(t, company(), change, "--lang", "en", "simulate", "ciao", "--fault", "too-many,times=2", "--fault", "html")
	wantText(t, got.out, "klokkast --register http://127.0.0.1:1/r --register-token http://127.0.0.1:1/t ciao send", "too-many,times=2+html")
}

func TestWindow(t *testing.T) {
	opened := 0
	window := func(p *Parts) {
		p.Window = func(context.Context, OpenOptions, func(error)) error { opened++; return nil }
	}
	if got := klokkast(t, company(), window); got.code != ExitFine || opened != 1 {
		t.Errorf("without a command: exit code %d, %d windows", got.code, opened)
	}
	blind := func(p *Parts) {
		window(p)
		p.Missing = func() display.Lack { return display.Display }
	}
	got := klokkast(t, company(), blind)
	wantText(t, got.err, "There is no display here")
	wantText(t, got.out, "Usage:", "box read", "Commands")
	if got.code != ExitFailed || opened != 1 {
		t.Errorf("without a display: exit code %d, %d windows", got.code, opened)
	}
	got = klokkast(t, company(), nil)
	wantText(t, got.err, "This build has no window")
}

func TestHelpInTheUsersLanguage(t *testing.T) {
	for lang, says := range map[string]string{"nl": "Gebruik:", "fr": "Utilisation :", "de": "Aufruf:", "en": "Usage:"} {
		got := klokkast(t, company(), nil, "--lang", lang, "--help")
		wantText(t, got.out, says, "ciao send", texts(t).For(app.Language(lang)).T("cli.help.ciao_send"))
		got = klokkast(t, company(), nil, "box", "import", "--help", "--lang="+lang)
		wantText(t, got.out, says, "--status", "FILE")
		if got.code != ExitFine {
			t.Errorf("exit code %d", got.code)
		}
	}
}

func TestVersion(t *testing.T) {
	if got := klokkast(t, company(), nil, "--version"); got.out != "klokkast 0.1.0\n" || got.code != ExitFine {
		t.Errorf("%q, exit code %d", got.out, got.code)
	}
	want(t, object(t, klokkast(t, company(), nil, "--version", "--json").out), map[string]any{"version": "0.1.0"})
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
	f := company()
	label := "Rood\u009b31m\u202e\x1b\U000E0001"
	f.boxes[0].Box.Label = label
	got := klokkast(t, f, nil, "box", "list", "--json")
	if strings.ContainsFunc(got.out, dangerous) {
		t.Errorf("a label reached the terminal unharmed: %q", got.out)
	}
	want(t, object(t, got.out), map[string]any{"boxes.0.label": label})
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
