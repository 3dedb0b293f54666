package simbox

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/devices/ocb"
)

func card(n int) ocb.Badge {
	return ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte{4, byte(n >> 16), byte(n >> 8), byte(n)}}
}

func fresh(t *testing.T, f Factory) string {
	t.Helper()
	dir := t.TempDir()
	if err := Create(dir, f); err != nil {
		t.Fatal(err)
	}
	return dir
}

func on(t *testing.T, dir string, o Options) *Box {
	t.Helper()
	o.Lazy = true
	b, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func taps(t *testing.T, b *Box, n int) {
	t.Helper()
	for i := range n {
		if _, err := b.Tap(card(i), app.KeyNone); err != nil {
			t.Fatalf("tap %d: %v", i, err)
		}
	}
}

// log returns all records that are there, and checks chain and sequence as it goes.
func log(t *testing.T, b *Box) (out []ocb.Record) {
	t.Helper()
	h := ocb.ChainStart(b.m.UID, b.m.Log)
	next := uint64(1)
	for seq := uint64(1); ; {
		s, err := b.s.read(seq, ocb.RecordsPerPart)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.records) == 0 {
			if h != b.s.end {
				t.Error("the chain does not come out")
			}
			return out
		}
		if s.first != next {
			if h, _, err = b.s.before(s.first); err != nil {
				t.Fatal(err)
			}
		}
		for i := 0; i < len(s.records); i += ocb.RecordSize {
			raw := (*[ocb.RecordSize]byte)(s.records[i:])
			r, err := ocb.ParseRecord(raw[:])
			if err != nil || r.Seq != s.first+uint64(i/ocb.RecordSize) {
				t.Fatalf("record %+v, %v", r, err)
			}
			h = h.Next(raw)
			out = append(out, r)
		}
		seq = out[len(out)-1].Seq + 1
		next = seq
	}
}

func kinds(records []ocb.Record, t app.RecordType) (n int) {
	for _, r := range records {
		if r.Type == t {
			n++
		}
	}
	return n
}

func TestSwitchedOffAndOn(t *testing.T) {
	dir := fresh(t, Factory{Label: "Door"})
	b := on(t, dir, Options{})
	taps(t, b, 300)
	b.Close()
	b = on(t, dir, Options{})
	taps(t, b, 1)
	got := log(t, b)
	if len(got) != 303 || got[301].Type != app.RecordBoot || got[301].Boot != 2 || got[302].Seq != 303 {
		t.Errorf("%d records, %+v", len(got), got[301])
	}
}

// Whatever is left of the record that was being written, the store opens, has
// every record that was confirmed, and goes on with its numbers.
func TestTornTail(t *testing.T) {
	for _, records := range []int{1, 100, 125, 126, 127} {
		for _, torn := range []int{1, 8, 31} {
			dir := fresh(t, Factory{})
			b := on(t, dir, Options{})
			taps(t, b, records)
			p, last, end := *b.s.newest(), b.s.last(), b.s.end
			b.Close()
			f, err := os.OpenFile(filepath.Join(dir, storeFile), os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			raw := ocb.Record{Seq: last + 1, Type: app.RecordPunch}.Encode()
			at := int64(p.slot)*pageSize + headerSize + int64(p.n)*ocb.RecordSize
			if p.n == recordsPerPage { // it was the header of the next page that was torn
				at = int64(p.slot+1) * pageSize
				copy(raw[:], header(last+1, end, b.m.Log))
			}
			if _, err := f.WriteAt(raw[:torn], at); err != nil {
				t.Fatal(err)
			}
			f.Close()
			b = on(t, dir, Options{})
			got := log(t, b)
			if len(got) != records+2 || got[len(got)-1].Type != app.RecordBoot || kinds(got, app.RecordPagesLost) != 0 {
				t.Errorf("%d records, %d torn bytes: %d records, last %+v", records, torn, len(got), got[len(got)-1])
			}
			b.Close()
		}
	}
}

// A damaged record is lost alone; the box says which, once.
func TestDamagedRecord(t *testing.T) {
	dir := fresh(t, Factory{})
	b := on(t, dir, Options{})
	taps(t, b, 400)
	b.Close()
	f, err := os.OpenFile(filepath.Join(dir, storeFile), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	flip(t, f, pageSize+headerSize+10*ocb.RecordSize+12)   // sequence 137
	flip(t, f, 2*pageSize+headerSize+125*ocb.RecordSize+3) // sequence 378, the last of its page
	f.Close()
	for range 2 {
		b = on(t, dir, Options{})
		got := log(t, b)
		lost := kinds(got, app.RecordPagesLost)
		if lost != 2 {
			t.Errorf("%d records say that something is lost, want 2", lost)
		}
		for _, r := range got {
			if r.Seq == 137 || r.Seq == 378 {
				t.Errorf("the damaged record %d was given", r.Seq)
			}
		}
		b.Close()
	}
}

// flip changes a byte, whatever it was.
func flip(t *testing.T, f *os.File, at int64) {
	t.Helper()
	var b [1]byte
	if _, err := f.ReadAt(b[:], at); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{^b[0]}, at); err != nil {
		t.Fatal(err)
	}
}

// A header that is gone takes its page along, but never gives its numbers to others.
func TestLostNewestPage(t *testing.T) {
	dir := fresh(t, Factory{})
	b := on(t, dir, Options{Lazy: true})
	b.s.lazy = false
	taps(t, b, 130) // the second page holds five records
	last := b.s.last()
	b.Close()
	f, _ := os.OpenFile(filepath.Join(dir, storeFile), os.O_RDWR, 0)
	f.WriteAt(make([]byte, pageSize), pageSize)
	f.Close()
	b = on(t, dir, Options{})
	got := log(t, b)
	if r := got[recordsPerPage]; r.Seq <= last || r.Type != app.RecordBoot {
		t.Errorf("after the lost page: %+v, last was %d", r, last)
	}
}

func TestFullStore(t *testing.T) {
	var beeps []Beep
	dir := fresh(t, Factory{Pages: 4})
	b := on(t, dir, Options{Beep: func(x Beep) { beeps = append(beeps, x) }})
	n := 0
	for ; ; n++ {
		if _, err := b.Tap(card(n), app.KeyIn); errors.Is(err, ErrFull) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for range 4 {
		if _, err := b.Tap(card(n), app.KeyIn); !errors.Is(err, ErrFull) {
			t.Fatal(err)
		}
	}
	if n != 3*recordsPerPage-1 || beeps[len(beeps)-1] != BeepFull || b.Counts().Refused != 5 {
		t.Errorf("%d taps taken, %+v", n, b.Counts())
	}
	if err := b.OpenCase(); err != nil { // its own records have a page kept back
		t.Fatal(err)
	}
	if got := log(t, b); len(got) != n+2 || got[0].Seq != 1 {
		t.Errorf("%d records, the first %d: something unacknowledged was overwritten", len(got), got[0].Seq)
	}
	// Acknowledged pages are reused, oldest first, and the box says how many it refused.
	b.mu.Lock()
	b.s.acked, b.m.Acked = 2*recordsPerPage, 2*recordsPerPage
	if err := b.reportFull(); err != nil {
		t.Fatal(err)
	}
	b.mu.Unlock()
	taps(t, b, recordsPerPage)
	got := log(t, b)
	if got[0].Seq <= 1 || got[0].Seq > 2*recordsPerPage+1 || kinds(got, app.RecordStoreFull) != 1 || b.Counts().Refused != 0 {
		t.Errorf("first %d, %+v", got[0].Seq, b.Counts())
	}
	b.Close()
	b = on(t, dir, Options{})
	if again := log(t, b); len(again) != len(got)+1 || again[0].Seq != got[0].Seq {
		t.Errorf("after a restart %d records from %d, before %d from %d", len(again), again[0].Seq, len(got), got[0].Seq)
	}
}

func TestPast(t *testing.T) {
	dir := fresh(t, Factory{})
	b := on(t, dir, Options{Off: true})
	at := func(h, m int) time.Time { return time.Date(2026, 11, 20, h, m, 0, 0, time.UTC) }
	n, err := b.Past([]PastEvent{
		{At: at(6, 0), Type: app.RecordBoot},
		{At: at(6, 58), Type: app.RecordPunch, Badge: card(1), Key: app.KeyIn},
		{At: at(9, 0), Type: app.RecordClockSet, Offset: time.Hour},
		{At: at(9, 1), Type: app.RecordPunch, Badge: card(1), Key: app.KeyBreakStart},
		{At: at(10, 0), Type: app.RecordPowerLost, Percent: 80},
		{At: at(10, 0), Type: app.RecordClockLost},
		{At: at(11, 0), Type: app.RecordBoot},
		{At: at(11, 5), Type: app.RecordPunch, Badge: card(1)},
	})
	if err != nil || n != 8 {
		t.Fatal(n, err)
	}
	if err := b.PowerOn(); err != nil {
		t.Fatal(err)
	}
	got := log(t, b)
	if len(got) != 9 || got[8].Type != app.RecordBoot || got[8].Boot != 3 {
		t.Fatalf("%+v", got)
	}
	if r := got[1]; r.Time.Instant() != app.At(at(6, 58)) || r.Boot != 1 || r.SinceBoot != 58*60*100 || r.Flags != uint8(app.KeyIn) {
		t.Errorf("%+v", r)
	}
	if _, old, new := ocb.ParseClockSet(got[2].Data); old.Instant() != app.At(at(9, 0)) || new.Instant() != app.At(at(10, 0)) {
		t.Errorf("clock set from %s to %s", old.Instant(), new.Instant())
	}
	if r := got[3]; r.Time.Instant() != app.At(at(10, 1)) {
		t.Errorf("with the clock an hour ahead: %s", r.Time.Instant())
	}
	if r := got[7]; r.Time.Seconds != 300 || r.Flags&ocb.FlagUntrusted == 0 || r.Boot != 2 {
		t.Errorf("with the clock lost: %+v", r)
	}
}

// A past of 20,000 punches lives in the file, and the disk is waited for once: it takes no more memory than their number
// makes necessary, and no walk over all before for each.
func TestPastInBulk(t *testing.T) {
	b := on(t, fresh(t, Factory{}), Options{Off: true})
	live := func(n int) float64 {
		events := make([]PastEvent, n)
		for i := range events {
			events[i] = PastEvent{At: time.Unix(1790000000+int64(i)*30, 0), Type: app.RecordPunch, Badge: card(i % 40)}
		}
		return testing.AllocsPerRun(1, func() {
			if _, err := b.Past(events); err != nil {
				t.Fatal(err)
			}
		}) / float64(n)
	}
	first, later := live(100), live(10_000)
	if later > 2*first+2 {
		t.Errorf("%.1f allocations for each of 100 punches, %.1f for each of 10,000", first, later)
	}
	if b.Counts().Last != 2*(100+10_000) { // AllocsPerRun runs it once before
		t.Error(b.Counts())
	}
}

func TestClocks(t *testing.T) {
	wall := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	b := on(t, fresh(t, Factory{NoClock: true}), Options{Wall: func() time.Time { return wall }})
	wall = wall.Add(time.Minute)
	r, err := b.Tap(card(1), app.KeyIn)
	if err != nil || r.Time.Seconds != 60 || r.Flags&ocb.FlagUntrusted == 0 {
		t.Errorf("a clock that was never set: %+v, %v", r, err)
	}
	if err := b.SetClock(wall); err != nil {
		t.Fatal(err)
	}
	if r, _ = b.Tap(card(1), app.KeyOut); r.Time.Instant() != app.At(wall) || r.Flags&ocb.FlagUntrusted != 0 || r.SinceBoot != 6000 {
		t.Errorf("%+v", r)
	}
}
