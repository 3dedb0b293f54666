package cli

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"klokkast/ui/officetest"
)

const attlogOfGate = "A1\r\n       12\t2026-11-02 06:58:00\t1\t0\t1\t0\r\n       12\t2026-11-20 17:00:00\t1\t1\t1\t0\r\n" +
	"       12\t2026-11-20 07:00:00\t1\t0\t1\t0\r\n       99\t2026-11-03 07:10:00\t1\t0\t1\t0\r\n       99\t2026-11-31 07:00:00\tsecret\r\n"

func TestAnImportIsPreviewed(t *testing.T) {
	c := officetest.New(t)
	lines := strings.SplitAfter(attlogOfGate, "\r\n")
	asked(t, c, "box import "+officetest.OnStick(t, "a.dat", strings.Join(lines[:2], ""))+" --status yes --label Gate")
	asked(t, c, "badge give 12 --pin --group zkteco:A1 --worker anna --from 2026-11-01")
	file := officetest.OnStick(t, "a.dat", attlogOfGate)
	before := len(c.Acts(""))
	shown := said(t, c, "box import "+file+" --dry-run --status yes")
	wantText(
		t,
		shown,
		"nothing is stored",
		"3 of them new and 1 there already",
		"From 02/11/2026 06:58",
		"Peeters Anna",
		"nobody",
		"would be kept aside",
		"6  ",
	)
	if strings.Contains(shown, "secret") {
		t.Error("the line itself is shown: it may hold personal data")
	}
	want(t, asked(t, c, "box import "+file+" --dry-run"), map[string]any{
		"new": 3, "before": 1, "keys.in": 3, "keys.out": 1, "people.0.worker": "Peeters Anna", "people.0.identifier.value": "12", "people.1.taps": 1, "bad.0.line": 6, "box.label": "Gate",
	})
	want(t, asked(t, c, "box import "+file+" --dry-run --box A1 --status no"), map[string]any{"keys.none": 3, "keys.in": 1, "otherwise": 1})
	if len(c.Acts("")) != before || len(at(t, asked(t, c, "punch list --box Gate"), "punches").([]any)) != 1 {
		t.Error("a preview stored something")
	}
}

const gateTable = "Naam;Nummer;Datum;Uur;Richting\r\nAn;12;23/11/2026;06:58;IN\r\nAn;12;23/11/2026;15:02;UIT\r\nBart;0;23/11/2026;25:02;UIT\r\n"

func TestMappingCommands(t *testing.T) {
	c := officetest.New(t)
	file := officetest.OnStick(t, "a.csv", gateTable)
	wantText(t, said(t, c, "box mapping propose "+file), "nothing is saved", `"separator":";"`, "2026-11-23 06:58:00", "1 of these 3 lines is not understood")
	proposal := asked(t, c, "box mapping propose "+file)
	want(t, proposal, map[string]any{"saved": false, "mapping.badge.from": 2, "rows.0.local": "2026-11-23 06:58:00", "rows.0.key": "in"})
	if at(t, proposal, "rows.2.problem") == nil {
		t.Errorf("the third line: %v", proposal)
	}

	// Flags change the proposal; the name of a new box is its label.
	set := "box mapping set gate --sample " + file + " --zone Europe/London --key IN=out --key UIT=in --why new"
	dry := asked(t, c, set+" --dry-run")
	want(t, dry, map[string]any{"saved": false, "rows.0.key": "out"})
	if len(c.Acts("")) > 0 {
		t.Error("a dry run saved something")
	}
	asked(t, c, set)
	wantReasons(t, c, []string{"--why", "new"})
	shown := asked(t, c, "box mapping show gate")
	want(t, shown, map[string]any{"saved": true, "box": "table:gate", "mapping.keys.IN": "out", "mapping.badge.from": 2, "mapping.separator": ";"})
	for path, v := range differences(proposal, shown) {
		if strings.HasPrefix(path, "mapping.") && !strings.HasPrefix(path, "mapping.keys.") {
			t.Errorf("a flag that was not given changed %s to %v", path, v)
		}
	}
	asked(t, c, "box import "+file+" --box gate")
	want(
		t,
		asked(t, c, "punch list --box gate"),
		map[string]any{"punches.1.at": "2026-11-23T06:58:00.000Z", "punches.1.pressed": "out"},
	) // London, the keys turned around

	// What is kept for the box is where flags begin.
	asked(t, c, "box mapping set gate --skip 1 --encoding windows-1252")
	want(t, asked(t, c, "box mapping show gate"), map[string]any{"mapping.keys.IN": "out", "mapping.skip": 1, "mapping.encoding": "windows-1252"})
	asked(t, c, "box mapping set wide --sample "+file+" --separator none --badge 9:14 --status 30")
	want(
		t,
		asked(t, c, "box mapping show wide"),
		map[string]any{"mapping.separator": nil, "mapping.badge.from": 9, "mapping.badge.width": 14, "mapping.status.from": 30},
	)
	asked(t, c, "box mapping forget gate --why gone")
	wantReasons(t, c, []string{"--why", "gone"})
	if got := klokkast(t, c, nil, "--json", "box", "mapping", "show", "gate"); at(t, object(t, got.out), "saved") == true {
		t.Errorf("it is still there: %s", got.out)
	}

	path := filepath.Join(t.TempDir(), "m.json")
	if err := os.WriteFile(path, []byte(`{"separator":";","badge":{"from":1},"badgeForm":"pin","date":{"from":2},"layout":"soon"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, q := range []struct{ args, says, code string }{
		{"box mapping set gate --badge first --sample " + file, "--badge is a column such as 3", "usage"},
		{"box mapping set gate --key I=inn --sample " + file, "such as IN=in", "usage"},
		{"box mapping set gate --file " + path, "needs DD, MM, YYYY, hh and mm", "input"},
		{"box mapping set gate --separator :: --sample " + file, "one character", "input"},
		{"box import --mapping " + path + " --box gate " + file, "needs DD, MM, YYYY, hh and mm", "input"},
		{"box mapping set gate --file cli.go", "This is no mapping", "table.not-mapping"},
	} {
		got := klokkast(t, c, nil, append([]string{"--lang", "en"}, strings.Fields(q.args)...)...)
		wantText(t, got.err, q.says)
		want(t, object(t, klokkast(t, c, nil, append(strings.Fields(q.args), "--json")...).out), map[string]any{"error.code": q.code})
	}
}

// What a sample does not tell is asked, in the language of the person, and a flag answers it.
func TestMappingsAsk(t *testing.T) {
	c := officetest.New(t)
	for _, q := range []struct{ file, code, flag, answer string }{
		{"EnNo,DateTime\n12,02/11/2026 06:58\n13,02/11/2026 07:01\n", "ask.date-order", "--layout", "--layout=MM/DD/YYYY hh:mm"},
		{"EnNo,DateTime,State\n12,2026-11-02 06:58,0\n13,2026-11-02 07:01,1\n", "ask.status", "--key", "--key=0=in|--key=1=out"},
		{"EnNo,DateTime,State\n12,2026-11-02 06:58,IN\n13,2026-11-02 07:01,Special\n", "ask.status-words", "--key", "--key=Special=none"},
		{"12;13/11/2026;06:58;11:02\n13;13/11/2026;07:01;11:05\n", "ask.times", "--also", "--also=4=out"},
		{"Naam;Tijdstip\nJ\x94rg;02/11/2026 06:58\nAn;02/11/2026 06:58\nBo;02/11/2026 07:01\n", "ask.encoding", "--encoding", "--encoding=macintosh|--badge=1"},
	} {
		file := officetest.OnStick(t, "a.csv", q.file)
		proposal := asked(t, c, "box mapping propose "+file)
		want(t, proposal, map[string]any{"questions.0.code": q.code, "questions.0.flags.0": q.flag})
		wantText(t, at(t, proposal, "questions.0.message").(string), q.flag)
		wantText(t, said(t, c, "box mapping propose "+file), "? ", q.flag)
		set := []string{"--json", "box", "mapping", "set", "gate", "--sample", file}
		refused := object(t, klokkast(t, c, nil, set...).out)
		want(t, refused, map[string]any{"error.code": q.code})
		wantText(t, at(t, refused, "error.message").(string), q.flag)
		if got := klokkast(t, c, nil, "--json", "box", "mapping", "show", "gate"); got.code == 0 {
			t.Fatalf("%s: kept without an answer", q.code)
		}
		got := klokkast(t, c, nil, append(set, strings.Split(q.answer, "|")...)...)
		if got.code != 0 {
			t.Errorf("%s: answered by %s: %s", q.code, q.answer, got.out)
		}
		asked(t, c, "box mapping forget gate --why next")
	}
	for lang, says := range map[string]string{"nl": "Staat de dag of de maand voorop?", "fr": "Le jour ou le mois est-il en premier ?", "de": "Steht der Tag oder der Monat vorn?", "en": "Does the day or the month"} {
		file := officetest.OnStick(t, "a.csv", "EnNo,DateTime\n12,02/11/2026 06:58\n13,02/11/2026 07:01\n")
		got := klokkast(t, c, nil, "--lang", lang, "box", "mapping", "set", "gate", "--sample", file)
		wantText(t, got.err, says, "--layout")
	}
}

// A row with IN and OUT is two punches, and a status that the mapping lacks is asked about.
func TestTablesOfManyKindsAreImported(t *testing.T) {
	c := officetest.New(t)
	day := officetest.OnStick(t, "dagen.csv", "Nr;Datum;In;Uit\n12;13/11/2026;22:00;06:00\n13;14/11/2026;07:01;\n")
	asked(t, c, "box mapping set days --sample "+day)
	want(t, asked(t, c, "box import "+day+" --box days"), map[string]any{"reading.new": 3, "reading.records": 3})
	want(t, asked(t, c, "punch list --box days"), map[string]any{
		"punches.2.at": "2026-11-13T21:00:00.000Z", "punches.2.pressed": "in", "punches.1.at": "2026-11-14T05:00:00.000Z", "punches.1.pressed": "out", "punches.0.pressed": "in",
	})
	first := officetest.OnStick(t, "a.csv", "USERID;CHECKTIME;CHECKTYPE\n1;02/11/2026 06:00;I\n1;02/11/2026 10:00;O\n")
	asked(t, c, "box mapping set table --sample "+first)
	asked(t, c, "box import "+first+" --box table")
	later := officetest.OnStick(t, "b.csv", "USERID;CHECKTIME;CHECKTYPE\n1;03/11/2026 06:00;i\n1;03/11/2026 10:00;Special\n")
	unnamed := object(t, klokkast(t, c, nil, "--lang", "en", "--json", "box", "import", later, "--box", "table").out)
	want(t, unnamed, map[string]any{"error.code": "ask.status"})
	wantText(t, at(t, unnamed, "error.message").(string), "Special (1)", "--key")
	want(t, asked(t, c, "box import "+later+" --box table --key Special=out"), map[string]any{"reading.new": 2})
	want(t, asked(t, c, "punch list --box table"), map[string]any{"punches.1.pressed": "in", "punches.0.pressed": "out"})
	zone := officetest.OnStick(t, "z.csv", "user;time\n1;2026-11-02T06:58:00+01:00\n1;2026-11-02T10:58:00Z\n")
	want(t, asked(t, c, "box mapping set zone --zone Europe/London --sample "+zone), map[string]any{"rows.0.local": "2026-11-02 05:58:00"})
	asked(t, c, "box import "+zone+" --box zone")
	want(t, asked(t, c, "punch list --box zone"), map[string]any{"punches.1.at": "2026-11-02T05:58:00.000Z", "punches.0.at": "2026-11-02T10:58:00.000Z"})
}

// A workbook is read directly; which of its sheets is asked where punches stand in several.
func TestAWorkbookIsImported(t *testing.T) {
	c := officetest.New(t)
	f := excelize.NewFile()
	defer f.Close()
	date := "dd/mm/yyyy hh:mm"
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &date})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet("December"); err != nil {
		t.Fatal(err)
	}
	for sheet, day := range map[string]float64{"Sheet1": 46328.25, "December": 46357.25} { // 2 November and 1 December 2026, 06:00
		for cell, v := range map[string]any{"A1": "Badge", "B1": "Datum", "A2": 12, "B2": day, "A3": 12, "B3": day + 0.125} {
			if err := errors.Join(f.SetCellValue(sheet, cell, v), f.SetCellStyle(sheet, "B2", "B3", style)); err != nil {
				t.Fatal(err)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "prik.xlsx")
	if err := f.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	set := []string{"--json", "box", "mapping", "set", "gate", "--sample", file}
	want(t, object(t, klokkast(t, c, nil, set...).out), map[string]any{"error.code": "ask.sheet"})
	want(t, object(t, klokkast(t, c, nil, append(set, "--sheet", "December")...).out), map[string]any{"mapping.sheet": "December", "rows.0.local": "2026-12-01 06:00:00"})
	want(t, asked(t, c, "box import "+file+" --box gate"), map[string]any{"reading.new": 2})
	want(t, asked(t, c, "punch list --box gate --from 2026-12-01 --to 2026-12-02"), map[string]any{"punches.1.at": "2026-12-01T05:00:00.000Z"})
}

// userFile is a user.dat of a terminal: people with a name, a PIN and maybe the number of a card.
func userFile(t *testing.T, people ...userRecord) string {
	t.Helper()
	var b []byte
	for i, p := range people {
		r := make([]byte, 72)
		binary.LittleEndian.PutUint16(r, uint16(i+1))
		copy(r[11:35], p.name)
		binary.LittleEndian.PutUint32(r[35:], p.card)
		copy(r[48:57], p.pin)
		b = append(b, r...)
	}
	return officetest.OnStick(t, "user.dat", string(b))
}

type userRecord struct {
	pin, name string
	card      uint32
}

func TestThePeopleOfATerminal(t *testing.T) {
	c := officetest.New(t)
	asked(t, c, "box import --status yes --label Gate "+officetest.OnStick(t, "a.dat", attlogOfGate))
	asked(t, c, "badge give 14 --pin --group zkteco:A1 --worker bart --from 2026-11-01")
	file := userFile(t, userRecord{"12", "ANNA PEETERS", 0x00471CF2}, userRecord{"13", "X", 0}, userRecord{"14", "Bart", 0}, userRecord{"no PIN", "Y", 0})
	args := "box users " + file + " --box Gate --from 2026-11-01"
	before := len(c.Acts(""))
	wantText(
		t,
		said(t, c, args),
		"ANNA PEETERS",
		"Peeters Anna",
		"the name fits",
		"gets the PIN",
		"holds the PIN already",
		"1 record makes no sense",
		"1 person is not recognised",
		"Nothing was changed. With --give 1 badge or PIN is given from 01/11/2026 00:00",
	)
	if len(c.Acts("")) != before {
		t.Error("a look changed something")
	}
	wantText(t, said(t, c, args+" --match 12=-"), "There is nothing to give.", "2 people are not recognised")
	wantText(t, klokkast(t, c, nil, words("--lang en "+args+" --match Bart")...).err, "--match is a PIN and a worker")

	// What reaches an approved day is given with --yes only.
	c.Do(c.Office().Boxes.PlaceBox(t.Context(), "zkteco:A1", c.Site.ID, c.At("2026-01-01 00:00"), officetest.Why))
	asked(t, c, "approve --from 2026-11-01 --to 2026-11-20 --worker anna")
	before = len(c.Acts(""))
	wantText(t, klokkast(t, c, nil, words("--lang en "+args+" --give")...).err, "--yes")
	dry := asked(t, c, args+" --give --dry-run")
	want(t, dry, map[string]any{"given": false, "effect.days.0.closed": true})
	if len(c.Acts("")) != before {
		t.Error("given though it reaches an approved day, or though nothing was to be done")
	}
	c.Give("00471CF2", c.OfBart, "2026-01-01 00:00") // which is then taken from him
	m := asked(t, c, args+" --cards --match 12=anna --match 013=Bart --give --yes --why start")
	want(
		t,
		m,
		map[string]any{
			"given":             true,
			"users.0.givesCard": true,
			"users.0.cardFrom":  "Peeters Bart",
			"users.1.by":        "match",
			"users.2.givesPin":  false,
			"bad.0":             4,
		},
	)
	wantReasons(t, c, []string{"--why", "start"})
	staff := asked(t, c, "staff list")
	held := map[string]bool{}
	for i, who := range []string{"anna", "bart"} {
		for _, b := range at(t, staff, "workers."+strconv.Itoa(i)+".badges").([]any) {
			held[who+" "+at(t, b, "kind").(string)+" "+at(t, b, "value").(string)+" "+fmt.Sprint(at(t, b, "span.from"))] = true
		}
	}
	for _, badge := range []string{"anna pin 12 2026-10-31T23:00:00.000Z", "anna card 00471CF2 2026-10-31T23:00:00.000Z", "bart pin 13 2026-10-31T23:00:00.000Z"} {
		if !held[badge] {
			t.Errorf("%s is not among %v", badge, held)
		}
	}
}

func TestADeskReader(t *testing.T) {
	typed := func(s string) func(*Parts) { return func(p *Parts) { p.In = strings.NewReader(s) } }
	c := officetest.New(t)
	c.Give("00471CF2", c.OfAnna, "2026-01-01 00:00")
	got := klokkast(t, c, typed("0004660466\n0004660466\n"), "--lang", "en", "badge", "read")
	wantText(t, got.out, "decimal number (decimal)", "00471CF2", "071,07410", "Peeters Anna", "F21C4700")
	wantText(t, got.err, "Hold the badge before the reader", "once more")
	want(t, object(t, klokkast(t, c, typed("ààà'§§à'§§\nààà'§§à'§§\n"), "badge", "read", "--notation", "decimal-reversed", "--json").out), map[string]any{
		"typed": "0004660466", "azerty": true, "readings.0.notation": "decimal-reversed", "readings.0.hex": "F21C4700", "readings.1.worker": "Peeters Anna",
	})
	for _, q := range []struct{ in, says, code string }{
		{"0004660466\n0004660467\n", "The two readings differ", "reader.differs"},
		{"0004660466\n", "Nothing came from the reader", "reader.nothing"},
		{"hello\nhello\n", "This is no badge number", "reader.noBadge"},
	} {
		wantText(t, klokkast(t, c, typed(q.in), "--lang", "en", "badge", "read").err, q.says)
		want(t, object(t, klokkast(t, c, typed(q.in), "badge", "read", "--json").out), map[string]any{"error.code": q.code})
	}

	c = officetest.New(t)
	twice := "0004660466\n0004660466\n"
	give := []string{"--lang", "en", "badge", "give", "--read", "--worker", "007", "--from", "2026-11-01"}
	wantText(t, klokkast(t, c, typed(twice), give...).err, "say with --notation", "decimal (00471CF2), decimal-reversed (F21C4700)")
	if acts := c.Acts(""); len(acts) > 0 {
		t.Fatalf("something was given though the notation is not known: %v", acts)
	}
	given := map[string]any{"workers.0.badges.1.value": "F21C4700", "workers.0.badges.1.span.from": "2026-10-31T23:00:00.000Z"}
	klokkast(t, c, typed(twice), append(give, "--notation", "decimal-reversed")...)
	want(t, asked(t, c, "staff list --worker anna"), given)
	other := "0004660467\n0004660467\n" // the last notation is the proposal
	if got := klokkast(t, c, typed(other), give...); got.code != ExitFine {
		t.Errorf("exit code %d: %s", got.code, got.err)
	}
	want(t, asked(t, c, "staff list --worker anna"), map[string]any{"workers.0.badges.2.value": "F31C4700"})
	wantText(t, klokkast(t, c, nil, "--lang", "en", "badge", "give", "--worker", "007").err, "say which badge")
	wantText(t, klokkast(t, c, nil, "--lang", "en", "badge", "give", "04A1B2C3", "--read", "--worker", "007").err, "do not go together")
}

// A line of a file is told and named by its file and its number, never by the number that it is stored under.
func TestLinesAreNamedByTheirFile(t *testing.T) {
	c := officetest.New(t)
	file := officetest.OnStick(t, "1_attlog.dat", "12\t2026-11-20 07:00:00\t1\t0\r\n12\t2026-11-20 11:00:00\t1\t1\r\n")
	asked(t, c, "box import "+file+" --box A1 --status yes")
	list := said(t, c, "punch list --box A1")
	wantText(t, list, "line 1 of 1_attlog.dat", "line 2 of 1_attlog.dat")
	if strings.Contains(list, "/file/") {
		t.Errorf("a number that tells nobody anything is shown:\n%s", list)
	}
	asked(t, c, "punch ignore 1_attlog.dat:2 --reason wrong-key")
	want(t, asked(t, c, "punch list --box A1"), map[string]any{"punches.0.role": "no-site"})
	if got := klokkast(t, c, nil, "--json", "punch", "ignore", "1_attlog.dat:9", "--reason", "wrong-key"); got.code == 0 {
		t.Error("a line that is not there was ignored")
	}
}
