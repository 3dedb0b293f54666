package filelog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/filelog"
)

// trueLog draws what a device wrote: lines in the order of time, sometimes several in one second, each tap once.
func trueLog(t *rapid.T) (lines []string) {
	at := time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	for range rapid.IntRange(2, 40).Draw(t, "taps") {
		at = at.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 60, 3600, 40000}).Draw(t, "gap")) * time.Second)
		line := fmt.Sprintf("%d %s %d", rapid.IntRange(1, 4).Draw(t, "pin"), at.Format("2006-01-02 15:04:05"), rapid.IntRange(0, 1).Draw(t, "key"))
		if !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	return lines
}

// variant writes lines as another program would.
func variant(lines []string, n int) (out []string) {
	for _, l := range lines {
		switch f := strings.Fields(l); n {
		case 1:
			l = strings.Join(f, "\t")
		case 2:
			l += " 9 1 0"
		case 3:
			l = fmt.Sprintf("0%s %s %s 0%s", f[0], f[1], f[2], f[3])
		}
		out = append(out, l)
	}
	return out
}

// zeros reads PINs as identity does: without leading zeros.
type zeros struct{ plainReader }

func (z zeros) ReadLines(m filelog.Meaning, lines []filelog.Raw) ([]filelog.Said, error) {
	out, err := z.plainReader.ReadLines(m, lines)
	for i := range out {
		for k := range out[i].Taps {
			t := &out[i].Taps[k]
			t.Value = strings.TrimLeft(t.Value, "0")
			t.Key, t.Unnamed = filelog.UsualKey(strings.TrimLeft(t.Status, "0"))
			if strings.Trim(t.Status, "0") == "" {
				t.Key = app.KeyIn
			}
			t.Unnamed = false
		}
	}
	return out, err
}

// Whatever is imported in whatever variant and order, whatever lines are said to mean in between and whatever is undone: each
// tap that an import holds is there once, in the order of its device, under the key that it had from the first.
func TestNothingLostTwiceOrOutOfOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		truth, s := trueLog(t), newMemory()
		held := map[app.ID][]string{}
		keys := map[string]uint64{}
		zone := app.Zone("UTC")
		for step := range rapid.IntRange(1, 8).Draw(t, "steps") {
			now := app.At(time.Date(2026, 12, 1, 12, step, 0, 0, time.UTC))
			o := options()
			o.Now, o.Zone = func() app.Instant { return now }, zone
			switch rapid.SampledFrom([]string{"import", "import", "import", "mean", "undo"}).Draw(t, "what") {
			case "import":
				from := rapid.IntRange(0, len(truth)-1).Draw(t, "from")
				to := rapid.IntRange(from+1, len(truth)).Draw(t, "to")
				part := truth[from:to]
				lines := variant(part, rapid.IntRange(0, 3).Draw(t, "variant"))
				if rapid.Bool().Draw(t, "backwards") {
					o.Order = string(filelog.NewestFirst)
					slices.Reverse(lines)
				} else {
					o.Order = string(filelog.InLogOrder)
				}
				out, err := filelog.Import(t.Context(), s, zeros{}, source(lines...), o)
				if err != nil {
					t.Fatal(err)
				}
				held[out.Reading.ID] = part
			case "mean":
				if len(s.log.Meanings) == 0 {
					continue
				}
				zone = rapid.SampledFrom([]app.Zone{"UTC", app.DefaultZone, "Asia/Tokyo"}).Draw(t, "zone")
				id, _ := app.NewID()
				m := filelog.Meaning{ID: id, Kind: filelog.Attlog, Zone: zone, StatusKeys: app.StatusIsKey, At: now}
				if _, err := filelog.Commit(t.Context(), s, zeros{}, box, filelog.Mean(m), app.Act{}); err != nil {
					t.Fatal(err)
				}
			case "undo":
				for _, f := range s.log.Files {
					if f.Undone == 0 {
						if _, err := filelog.Commit(t.Context(), s, zeros{}, box, filelog.UndoImport(f.Reading.ID, now), app.Act{}); err != nil {
							t.Fatal(err)
						}
						delete(held, f.Reading.ID)
						break
					}
				}
			}
			checkLog(t, s, truth, held, keys, zone)
		}
	})
}

// checkLog compares the punches that count with the lines that imports hold.
func checkLog(t *rapid.T, s *memory, truth []string, held map[app.ID][]string, keys map[string]uint64, zone app.Zone) {
	want := map[string]bool{}
	for _, lines := range held {
		for _, l := range lines {
			want[l] = true
		}
	}
	got := map[string]app.Punch{}
	for seq, p := range s.punches() {
		status := map[app.PunchKey]int{app.KeyIn: 0, app.KeyOut: 1}[p.Pressed]
		line := fmt.Sprintf("%s %s %d", p.Identifier.Value, p.At.In(zone.Location()).Format("2006-01-02 15:04:05"), status)
		if _, twice := got[line]; twice || !want[line] {
			t.Fatalf("%s is there twice or though nothing holds it", line)
		}
		if known, ok := keys[line]; ok && known != seq {
			t.Fatalf("%s has another key than before", line)
		}
		keys[line], got[line] = seq, p
	}
	if len(got) != len(want) {
		t.Fatalf("%d punches of %d lines", len(got), len(want))
	}
	// Taps of one second are only told apart where one file holds everything.
	whole := false
	for _, lines := range held {
		whole = whole || len(lines) == len(want)
	}
	last := ""
	for _, line := range truth {
		p, ok := got[line]
		if !ok {
			continue
		}
		sameSecond := last != "" && strings.Fields(last)[1] == strings.Fields(line)[1] && strings.Fields(last)[2] == strings.Fields(line)[2]
		if last != "" && (whole || !sameSecond) && p.Position.Compare(got[last].Position) <= 0 {
			t.Fatalf("%s stands at %v, behind %s at %v", line, p.Position, last, got[last].Position)
		}
		last = line
	}
}

func FuzzRuns(f *testing.F) {
	f.Add([]byte{0, 3, 2, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var r filelog.Runs
		if r.UnmarshalBinary(b) != nil {
			return
		}
		again, err := r.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var same filelog.Runs
		if err := same.UnmarshalBinary(again); err != nil || !slices.Equal(r, same) {
			t.Fatal(err, r, same)
		}
	})
}
