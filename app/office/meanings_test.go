package office_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/ciao"
	"klokkast/app/filelog"
	"klokkast/app/reading"
)

const stick = "12\t2026-11-02 06:58:00\t1\t0\t1\t0\r\n12\t2026-11-02 15:02:00\t1\t1\t1\t0\r\n"

// atStick gives An the PIN 12 of a terminal that stands at the bench's site.
func (b *bench) atStick(zone app.Zone) reading.Imported {
	b.t.Helper()
	ctx := b.t.Context()
	got := must[reading.Imported](b.t)(b.Files.ImportFile(ctx, onStick(b.t, "1_attlog.dat", stick), boxes.ImportOptions{Box: "zkteco:A1", Zone: zone, StatusKeys: app.StatusIsKey}, nil))
	pin := app.IdentifierKey{Kind: app.PIN, Group: "zkteco:A1", Value: "12"}
	ok(b.t, b.Staff.GiveBadge(ctx, acts.GiveBadge{Key: pin, EngagementID: b.ofAn.ID, Span: app.Span{From: b.at("2026-10-01 00:00")}}, why))
	ok(b.t, b.Boxes.PlaceBox(ctx, "zkteco:A1", b.site.ID, b.at("2026-10-01 00:00"), why))
	return got
}

func (b *bench) times() (list []string) {
	b.t.Helper()
	for _, p := range must[[]app.Punch](b.t)(b.Store.Punches(b.t.Context(), app.Span{})) {
		if p.Key.Log == app.FileLog {
			list = append(list, p.At.In(b.zone).Format("02 15:04 ")+p.Pressed.String())
		}
	}
	slices.Sort(list)
	return list
}

// What was sent of lines stays as it was sent: a meaning that moves them, and an import that is taken back, are told to the
// register's correction, nothing is sent twice, and what is set right again is due no more.
func TestWhatWasSentOfALineStays(t *testing.T) {
	b := newFilesBench(t)
	ctx := t.Context()
	reg := b.atRegister()
	imported := b.atStick("")
	var keys []app.RecordKey
	for _, p := range must[[]app.Punch](t)(b.Store.Punches(ctx, app.Span{})) {
		if p.Key.Log == app.FileLog {
			keys = append(keys, p.Key)
		}
	}
	if n := must[int](t)(b.Register.Release(ctx, keys, false, "the clock is right")); n != 2 {
		t.Fatalf("%d released", n)
	}
	must[ciao.Report](t)(b.Register.Send(ctx, nil))
	if n := len(reg.Stored()); n != 2 {
		t.Fatalf("%d at the register", n)
	}
	change := boxes.MeaningChange{Box: "zkteco:A1", Kind: filelog.Attlog, Zone: "Europe/London", Why: "it stood in London"}
	effect := must[*boxes.LogEffect](t)(b.Files.PreviewMeaning(ctx, change))
	if len(effect.Moved) != 2 || len(effect.Sent) != 2 || !effect.Weighs() {
		t.Errorf("the preview says %d moved, %d sent", len(effect.Moved), len(effect.Sent))
	}
	if got := b.times(); got[0] != "02 06:58 in" {
		t.Error("the preview changed something:", got)
	}
	ok(t, b.Files.ChangeMeaning(ctx, change))
	due := b.anomalies(app.CorrectionDue)
	if len(due) != 2 || app.FactDiffers.Get(&due[0].Anomaly) != "time" {
		t.Fatalf("%+v", due)
	}
	if what := must[string](t)(b.Undo(ctx)); what != "box.meaning" {
		t.Error(what)
	}
	if due := b.anomalies(app.CorrectionDue); len(due) != 0 {
		t.Errorf("%+v", due)
	}
	undo, err := b.Files.UndoImport(ctx, imported.Reading.ID, "wrong file", true)
	ok(t, err)
	if len(undo.Taken) != 2 || len(undo.Left) != 2 || undo.Left[0].Kind != "registration" {
		t.Errorf("%+v", undo)
	}
	if due := b.anomalies(app.CorrectionDue); len(due) != 2 || app.FactDiffers.Get(&due[0].Anomaly) != "effect" {
		t.Fatalf("%+v", due)
	}
	again := must[reading.Imported](t)(b.Files.ImportFile(ctx, onStick(t, "other.dat", strings.ReplaceAll(stick, "\t1\t0\r\n", "\r\n")), boxes.ImportOptions{Box: "zkteco:A1"}, nil))
	if again.Reading.New != 2 {
		t.Errorf("%+v", again)
	}
	if due := b.anomalies(app.CorrectionDue); len(due) != 0 {
		t.Errorf("%+v", due)
	}
	must[ciao.Report](t)(b.Register.Send(ctx, nil))
	if n := len(reg.Stored()); n != 2 || reg.Stats().Doubles != 0 {
		t.Errorf("%d at the register", n)
	}
}

// The same file in ten variants, with the meaning changed in between: the same punches, nothing twice, undone to nothing.
func TestTenVariantsOfOneFile(t *testing.T) {
	b := newFilesBench(t)
	ctx := t.Context()
	var lines []string
	for d := range 20 {
		for pin := range 3 {
			lines = append(lines, fmt.Sprintf("%d\t2026-10-%02d 06:%02d:00\t1\t0\t1\t0", pin+1, d+1, pin), fmt.Sprintf("%d\t2026-10-%02d 15:%02d:30\t1\t1\t1\t0", pin+1, d+1, pin))
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[2:], b[2:]) })
	each := func(do func(string) string) string {
		out := make([]string, len(lines))
		for i, l := range lines {
			out[i] = do(l)
		}
		return strings.Join(out, "\r\n") + "\r\n"
	}
	same := func(l string) string { return l }
	backwards, byPerson := slices.Clone(lines), slices.Clone(lines)
	slices.Reverse(backwards)
	slices.SortStableFunc(byPerson, func(a, b string) int { return strings.Compare(a[:1], b[:1]) })
	variants := []string{
		each(same),
		each(func(l string) string { return "        " + l }),
		each(func(l string) string { return strings.ReplaceAll(l, "\t", " ") }),
		each(func(l string) string { return "000" + l }),
		each(func(l string) string { return strings.TrimSuffix(l, "\t1\t0") }),
		"\xEF\xBB\xBF" + strings.ReplaceAll(each(same), "\r\n", "\r"),
		each(func(l string) string { return l + "\t0\t0" }),
		"SN=A1\r\n" + each(same) + "CHECKSUM=1A2B\r\n",
		strings.Join(backwards, "\n"),
		strings.Join(byPerson, "\n"),
	}
	var first map[uint64]string
	var ids []app.ID
	for i, v := range variants {
		got := must[reading.Imported](t)(b.Files.ImportFile(ctx, onStick(t, fmt.Sprintf("%d_attlog.dat", i), v), boxes.ImportOptions{Box: "zkteco:A1", OtherSerial: true}, nil))
		ids = append(ids, got.Reading.ID)
		if i == 0 && got.Reading.New != len(lines) || i > 0 && got.Reading.New != 0 || len(got.Bad) > 0 {
			t.Errorf("variant %d: %d new, bad %v", i, got.Reading.New, got.Bad)
		}
		zone := app.Zone("Europe/Brussels")
		if i%2 == 0 {
			zone = "Asia/Tokyo"
		}
		ok(t, b.Files.ChangeMeaning(ctx, boxes.MeaningChange{Box: "zkteco:A1", Kind: filelog.Attlog, Zone: zone}))
		if i%2 == 0 {
			continue
		}
		now := map[uint64]string{}
		for _, p := range must[[]app.Punch](t)(b.Store.Punches(ctx, app.Span{})) {
			now[p.Key.Seq] = fmt.Sprint(p.Identifier.Value, p.At, p.Pressed, p.Position)
		}
		if first == nil {
			first = now
		}
		if len(now) != len(lines) || !maps.Equal(first, now) {
			t.Errorf("after variant %d there are %d punches, and they are not as they were", i, len(now))
		}
	}
	for _, id := range ids {
		_, err := b.Files.UndoImport(ctx, id, "", true)
		ok(t, err)
	}
	if left := must[[]app.Punch](t)(b.Store.Punches(ctx, app.Span{})); len(left) != 0 {
		t.Errorf("%d punches are left", len(left))
	}
	found, err := b.Store.Verify(ctx, nil)
	if err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

// A terminal's zone that is set right where a box's settings are is what all its lines mean.
func TestAZoneOfABoxIsWhatItsLinesMean(t *testing.T) {
	b := newFilesBench(t)
	b.atStick("Europe/London")
	if got := b.times(); got[0] != "02 07:58 in" {
		t.Fatal(got)
	}
	box, _, err := b.Store.KnownBox(t.Context(), "zkteco:A1")
	ok(t, err)
	box.Zone = app.DefaultZone
	ok(t, b.Boxes.SaveBox(t.Context(), box, why))
	if got := b.times(); !slices.Equal(got, []string{"02 06:58 in", "02 15:02 out"}) {
		t.Error(got)
	}
	if days := must[[]app.Presence](t)(b.Derived.Presences(t.Context(), app.Days{From: app.NewDate(2026, 11, 2), To: app.NewDate(2026, 11, 2)}, b.an.ID, "")); len(days) != 1 || days[0].Start() != b.at("2026-11-02 06:58") {
		t.Errorf("%+v", days)
	}
}
