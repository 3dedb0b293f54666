package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/app/reading"
)

func TestAnImportIsPreviewed(t *testing.T) {
	f := company()
	pin := func(v string) app.IdentifierKey {
		return app.IdentifierKey{Kind: app.PIN, Group: "zkteco:A1", Value: v}
	}
	f.plan = &office.ImportPlan{
		Plan: &reading.Plan{
			File: "a.dat", Box: app.Box{UID: "zkteco:A1", Label: "Gate", Zone: app.DefaultZone}, Records: 5, New: 3, Before: 2,
			First: instant("2026-11-02T05:58:00Z"), Last: instant("2026-11-20T16:00:00Z"), Keys: map[app.PunchKey]int{app.KeyIn: 3, app.KeyNone: 2},
			People: []reading.PlannedPerson{{Key: pin("12"), Taps: 4, New: 3}, {Key: pin("99"), Taps: 1}},
			Bad:    []reading.LineProblem{{Line: 7, Code: "pin", Text: "secret"}},
		},
		Holders: []app.ID{"g1", ""},
	}
	got := faked(t, f, nil, "--lang", "en", "box", "import", "a.dat", "--dry-run", "--box", "A1", "--status", "no")
	wantText(t, got.out, "nothing is stored", "3 of them new and 2 there already", "From 02/11/2026 06:58", "Peeters Anna", "nobody", "would be kept aside", "7  no valid user number")
	if strings.Contains(got.out, "secret") || f.importOpt.Box != "zkteco:A1" || f.importOpt.StatusKeys != app.StatusNoKey {
		t.Errorf("%s with %+v", got.out, f.importOpt)
	}
	want(t, object(t, faked(t, f, nil, "box", "import", "a.dat", "--dry-run", "--json").out), map[string]any{
		"new": 3.0, "before": 2.0, "keys.in": 3.0, "people.0.worker": "Peeters Anna", "people.0.identifier.value": "12", "people.1.taps": 1.0, "bad.0.code": "pin", "box.label": "Gate",
	})
}

func TestMappingCommands(t *testing.T) {
	f := company()
	base := reading.Mapping{Separator: ";", Badge: reading.Column{From: 1}, BadgeForm: reading.BadgePIN, Date: reading.Column{From: 2}, Layout: "DD/MM/YYYY hh:mm"}
	f.preview = reading.TablePreview{Mapping: base, Rows: []reading.TableRow{
		{Line: 2, Text: "12;23/11/2026 06:58;I", Kind: app.PIN, Badge: "12", Local: time.Date(2026, 11, 23, 6, 58, 0, 0, time.UTC), Status: "I", Key: app.KeyIn},
		{Line: 3, Text: "x y;;", Problem: "pin"},
	}}
	got := faked(t, f, nil, "--lang", "en", "box", "mapping", "propose", "a.csv")
	wantText(t, got.out, "nothing is saved", `"separator":";"`, "2  12     2026-11-23 06:58:00  I       In", "no valid user number", "1 of these 2 lines is not understood")
	want(t, object(t, faked(t, f, nil, "box", "mapping", "propose", "a.csv", "--json").out), map[string]any{
		"saved": false, "mapping.layout": "DD/MM/YYYY hh:mm", "rows.0.local": "2026-11-23 06:58:00", "rows.0.key": "in", "rows.1.problem": "pin",
	})

	// Flags change the proposal; the name of a new box is its label.
	changed := base
	changed.Separator, changed.Skip, changed.Latin, changed.Badge, changed.Status = "", 1, true, reading.Column{From: 9, Width: 14}, reading.Column{From: 30}
	changed.Keys = reading.Keys{"I": app.KeyIn, "U=": app.KeyOut}
	args := []string{"box", "mapping", "set", "gate", "--sample", "a.csv", "--separator", "none", "--skip", "1", "--encoding", "windows-1252",
		"--badge", "9:14", "--status", "30", "--key", "I=in", "--zone", "Europe/Paris", "--why", "new"}
	if got := faked(t, f, nil, append(args, "--dry-run", "--json")...); strings.Contains(got.out, `"saved": true`) || len(f.did) == 0 || f.did[0] == "mapping" {
		t.Errorf("a dry run: %s, %v", got.out, f.did)
	}
	f.did = nil
	faked(t, f, nil, args...)
	delete(changed.Keys, "U=")
	wantDid(t, f, "preview", "a.csv", "", 1, "preview", "a.csv", "", previewRows, "mapping", app.Box{UID: "table:gate", Label: "gate", Zone: "Europe/Paris"}, changed, "new")

	// What is kept for the box is where flags begin.
	uid := f.boxes[0].Box.UID
	f.mappings, f.did = map[string]reading.Mapping{uid: base}, nil
	want(t, object(t, faked(t, f, nil, "box", "mapping", "show", uid, "--json").out), map[string]any{"saved": true, "mapping.badge.from": 1.0, "box": uid})
	faked(t, f, nil, "box", "mapping", "forget", uid, "--why", "gone")
	wantDid(t, f, "forget mapping", uid, "gone")

	path := filepath.Join(t.TempDir(), "m.json")
	if err := os.WriteFile(path, []byte(`{"separator":";","badge":{"from":1},"badgeForm":"pin","date":{"from":2},"layout":"soon"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, says, code string }{
		{"box mapping set gate --badge first --sample a.csv", "--badge is a column such as 3", "usage"},
		{"box mapping set gate --key I=inn --sample a.csv", "such as IN=in", "usage"},
		{"box mapping set gate --file " + path, "needs DD, MM, YYYY, hh and mm", "input"},
		{"box mapping set gate --sample a.csv --separator ::", "one character", "input"},
		{"box import a.csv --mapping " + path, "needs DD, MM, YYYY, hh and mm", "input"},
		{"box mapping set gate --file cli.go", "This is no mapping", "table.not-mapping"},
	} {
		got := faked(t, f, nil, append([]string{"--lang", "en"}, strings.Fields(c.args)...)...)
		wantText(t, got.err, c.says)
		want(t, object(t, faked(t, f, nil, append(strings.Fields(c.args), "--json")...).out), map[string]any{"error.code": c.code})
	}
}

func TestThePeopleOfATerminal(t *testing.T) {
	f := company()
	uid := f.boxes[0].Box.UID
	pin := func(v string) app.IdentifierKey { return app.IdentifierKey{Kind: app.PIN, Group: uid, Value: v} }
	card := app.IdentifierKey{Kind: app.Card, Value: "00471CF2"}
	f.users = &office.UserList{File: "user.dat", Rows: []office.UserRow{
		{Record: 1, PIN: "12", Name: "ANNA P", Key: pin("12"), CardKey: card, Proposal: "g1", By: "name", Taps: 7, CardHolder: "g2"},
		{Record: 2, PIN: "13", Name: "X", Key: pin("13")},
		{Record: 3, PIN: "14", Name: "Bart", Key: pin("14"), PINHolder: "g2", Proposal: "g2", By: "held"},
	}, Bad: []int{4}}
	args := []string{"--lang", "en", "box", "users", "user.dat", "--box", uid, "--from", "2026-11-01"}
	got := faked(t, f, nil, args...)
	wantText(t, got.out, "ANNA P", "Peeters Anna", "the name fits", "gets the PIN", "holds the PIN already", "1 record makes no sense", "1 person is not recognised", "Nothing was changed. With --give 1 badge or PIN is given from 01/11/2026 00:00")
	span := app.Span{From: instant("2026-10-31T23:00:00Z")}
	wantDid(t, f, "users", "user.dat", office.UserOptions{Box: uid, From: span.From, Notation: identity.Plain})
	f.did = nil
	m := object(t, faked(t, f, nil, append(args, "--cards", "--match", "013=Bart", "--give", "--why", "start", "--json")...).out)
	want(t, m, map[string]any{"given": true, "users.0.givesCard": true, "users.0.cardFrom": "Peeters Bart", "users.1.by": "match", "users.2.givesPin": false, "bad.0": 4.0})
	f.did = f.did[3:]
	wantDid(t, f, "give all", []office.GiveBadge{
		{Key: pin("12"), EngagementID: "g1", Span: span}, {Key: card, EngagementID: "g1", Span: span}, {Key: pin("13"), EngagementID: "g2", Span: span},
	}, "start")
	f.did = nil
	f.effect = office.Effect{Days: []office.DayEffect{{WorkerID: "w1", Day: app.NewDate(2026, 11, 23), After: 4 * time.Hour, Presences: [2]int{0, 1}, Closed: true}}}
	wantText(t, faked(t, f, nil, append(args, "--give")...).err, "--yes")
	want(t, object(t, faked(t, f, nil, append(args, "--give", "--dry-run", "--json")...).out), map[string]any{"given": false, "effect.days.0.afterMinutes": 240.0})
	if slices.Contains(f.did, any("give all")) {
		t.Error("given though it reaches an approved day, or though nothing was to be done")
	}
	if len(f.proposal.Give) != 1 {
		t.Errorf("looked at %+v", f.proposal)
	}
	f.effect = office.Effect{}
	got = faked(t, f, nil, append(args, "--match", "12=-")...)
	wantText(t, got.out, "There is nothing to give.", "2 people are not recognised")
	wantText(t, faked(t, f, nil, append(args, "--match", "Bart")...).err, "--match is a PIN and a worker")
}

func TestADeskReader(t *testing.T) {
	typed := func(s string) func(*Parts) { return func(p *Parts) { p.In = strings.NewReader(s) } }
	f := company()
	got := faked(t, f, typed("0004660466\n0004660466\n"), "--lang", "en", "badge", "read")
	wantText(t, got.out, "decimal number (decimal)", "00471CF2", "071,07410", "Peeters Anna", "F21C4700")
	wantText(t, got.err, "Hold the badge before the reader", "once more")
	want(t, object(t, faked(t, f, typed("ààà'§§à'§§\nààà'§§à'§§\n"), "badge", "read", "--notation", "decimal-reversed", "--json").out), map[string]any{
		"typed": "0004660466", "azerty": true, "readings.0.notation": "decimal-reversed", "readings.0.hex": "F21C4700", "readings.1.worker": "Peeters Anna",
	})
	for _, c := range []struct{ in, says, code string }{
		{"0004660466\n0004660467\n", "The two readings differ", "reader.differs"},
		{"0004660466\n", "Nothing came from the reader", "reader.nothing"},
		{"hello\nhello\n", "This is no badge number", "reader.noBadge"},
	} {
		wantText(t, faked(t, f, typed(c.in), "--lang", "en", "badge", "read").err, c.says)
		want(t, object(t, faked(t, f, typed(c.in), "badge", "read", "--json").out), map[string]any{"error.code": c.code})
	}

	twice := typed("0004660466\n0004660466\n")
	give := []string{"--lang", "en", "badge", "give", "--read", "--worker", "007", "--from", "2026-11-01"}
	wantText(t, faked(t, f, twice, give...).err, "say with --notation", "decimal (00471CF2), decimal-reversed (F21C4700)")
	if len(f.did) > 0 {
		t.Fatalf("something was given though the notation is not known: %v", f.did)
	}
	span := app.Span{From: instant("2026-10-31T23:00:00Z")}
	given := office.GiveBadge{Key: app.IdentifierKey{Kind: app.Card, Value: "F21C4700"}, EngagementID: "g1", Span: span}
	faked(t, f, twice, append(give, "--notation", "decimal-reversed")...)
	wantDid(t, f, "notation", identity.AsDecimalReversed, "give", given, "")
	f.notation, f.did = identity.AsDecimalReversed, nil // the last one is the proposal
	faked(t, f, twice, give...)
	wantDid(t, f, "notation", identity.AsDecimalReversed, "give", given, "")
	wantText(t, faked(t, f, nil, "--lang", "en", "badge", "give", "--worker", "007").err, "say which badge")
	wantText(t, faked(t, f, nil, "--lang", "en", "badge", "give", "04A1B2C3", "--read", "--worker", "007").err, "do not go together")
}
