package derived

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/store"
)

// What was derived is kept beside the database when a run of the program ends, where
// deriving it took a while, and the next run goes on from there: it derives what changed
// since. The file is keyed by all that deriving depends on beside the facts, which are compared one by
// one. Where anything of that is otherwise, or the file is gone or damaged, everything is derived from nothing.

// keptHead says what a file was made by and of.
type keptHead struct {
	Program      string          `json:"program"` // a sum over the program itself
	Zones        string          `json:"zones"`   // and over the time zones as it knows them
	Installation app.ID          `json:"installation"`
	Environment  app.Environment `json:"environment"`
	Last         int64           `json:"last"` // the number of the last reading,
	LastID       app.ID          `json:"lastId"`
	Running      []int64         `json:"running,omitempty"`
	Unfinished   []app.ID        `json:"unfinished,omitempty"`
	Readings     uint64          `json:"readings"` // a sum over those that were finished: what they brought is in the file
	Rewritten    []keptLog       `json:"rewritten,omitempty"`
}

type keptLog struct {
	Box   string `json:"box"`
	Log   string `json:"log"`
	Times int64  `json:"times"`
}

func (h *keptHead) since() store.Since {
	s := store.Since{Last: h.Last, LastID: h.LastID, Running: h.Running, Rewritten: map[app.LogKey]int64{}}
	for _, l := range h.Rewritten {
		s.Rewritten[app.LogKey{Box: l.Box, Log: l.Log}] = l.Times
	}
	return s
}

// keeping is what a Cache needs to keep what it derived.
type keeping struct {
	program func() (string, error)
	least   int // blocks of people's time that were derived anew, before it is worth it

	mu   sync.Mutex
	file store.KeptFile // that the engine turns the pages of
}

// keepLeast is about a tenth of a second's work.
const keepLeast = 5000

// KeepFrom sets how many blocks of people's time must have been derived anew for the
// end of the program to keep what was derived; 0 is always. For tests: the usual number leaves small companies without a file.
func (o *Cache) KeepFrom(blocks int) { o.keeping.least = blocks }

// resume goes on from what an earlier run kept: it returns what stands for the last snapshot; nil where
// everything has to be derived. Facts that people entered are in p.
func (o *Cache) resume(ctx context.Context, p *Snapshot) (*Snapshot, error) {
	file := o.work.Store.Kept()
	if file == nil {
		return nil, nil
	}
	if err := Load(ctx, &p.Facts.Boxes, o.work.Store.Boxes); err != nil { // for their zones
		return nil, errors.Join(err, file.Close())
	}
	last, err := o.resumeFrom(ctx, p, file)
	if last == nil || err != nil {
		return nil, errors.Join(err, file.Close())
	}
	o.keeping.mu.Lock()
	defer o.keeping.mu.Unlock()
	if o.keeping.file != nil { // an older engine's, which may still be asked
		return last, nil
	}
	o.keeping.file = file
	return last, nil
}

func (o *Cache) resumeFrom(ctx context.Context, p *Snapshot, file store.KeptFile) (*Snapshot, error) {
	head, engine, err := keptIn(file)
	if err != nil {
		return nil, nil // what is kept is no reason to fail
	}
	want, err := o.keptHead(p)
	if err != nil || head.Program != want.Program || head.Zones != want.Zones || head.Installation != want.Installation || head.Environment != want.Environment {
		return nil, nil
	}
	readings, ok, err := o.work.Store.ReadingsUntil(ctx, head.since())
	if err != nil || !ok {
		return nil, err
	}
	shown, err := o.work.Store.Shown(ctx)
	if err != nil {
		return nil, err
	}
	never := store.Mark{Writes: -1, Acts: -1}
	last := &Snapshot{env: p.env, mark: never, since: head.since(), Facts: p.Facts, clients: p.clients}
	last.Facts.Readings = slices.DeleteFunc(readings, func(r app.Reading) bool { return p.elsewhere(r.Log) })
	if sumOfReadings(last.Facts.Readings, head.Unfinished) != head.Readings {
		return nil, nil // the database was set back
	}
	if last.Engine, err = attendance.Resume(engine, engine.Size(), &last.Facts, shown, o.work.Store.Veil); err != nil {
		return nil, nil
	}
	return last, nil
}

// keptIn reads the head of a file: its length, and it as JSON.
func keptIn(file store.KeptFile) (head keptHead, engine *io.SectionReader, err error) {
	var n [4]byte
	if _, err = file.ReadAt(n[:], 0); err != nil {
		return head, nil, err
	}
	text := make([]byte, min(int64(binary.LittleEndian.Uint32(n[:])), file.Size()))
	if _, err = file.ReadAt(text, int64(len(n))); err != nil {
		return head, nil, err
	}
	err = json.Unmarshal(text, &head)
	return head, io.NewSectionReader(file, int64(len(n)+len(text)), file.Size()-int64(len(n)+len(text))), err
}

// keep writes what was derived where that is worth it, at the end of a run. It is a courtesy to the next run: where it fails
// there is none.
func (o *Cache) keep(ctx context.Context) error {
	if err := o.gathering.take(ctx); err != nil {
		return err
	}
	p := o.last
	o.gathering.leave()
	if p == nil || p.Engine == nil {
		return nil
	}
	if made, all := p.Engine.Made(); made < o.keeping.least || made < all/keepShare {
		return nil
	}
	head, err := o.keptHead(p)
	if err != nil {
		return err
	}
	text, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("keep what was derived: %w", err)
	}
	return o.work.Store.Keep(func(w io.Writer) error {
		begin := append(binary.LittleEndian.AppendUint32(nil, uint32(len(text))), text...)
		if _, err := w.Write(begin); err != nil {
			return err
		}
		if err := p.Engine.Keep(w, o.work.Store.Veil); err != nil {
			return err
		}
		if runtime.GOOS == "windows" { // which replaces no file that is open
			o.keeping.close()
		}
		return nil
	})
}

// keepShare is how much of everything must be new for it to be written anew: one in so many blocks.
const keepShare = 25

func (o *Cache) keptHead(p *Snapshot) (keptHead, error) {
	program, err := o.keeping.program()
	if err != nil {
		return keptHead{}, err
	}
	h := keptHead{Program: program, Zones: zonesSum(p), Installation: o.work.Installation().ID, Environment: p.env, Last: p.since.Last, LastID: p.since.LastID,
		Running: p.since.Running}
	for i := range p.Facts.Readings {
		if r := &p.Facts.Readings[i]; r.State == app.ReadingRunning {
			h.Unfinished = append(h.Unfinished, r.ID)
		}
	}
	h.Readings = sumOfReadings(p.Facts.Readings, h.Unfinished)
	for k, n := range p.since.Rewritten {
		h.Rewritten = append(h.Rewritten, keptLog{k.Box, k.Log, n})
	}
	return h, nil
}

// sumOfReadings is over how much readings brought, in whatever order, but for some.
func sumOfReadings(list []app.Reading, but []app.ID) (sum uint64) {
	var b []byte
	for i := range list {
		if r := &list[i]; !slices.Contains(but, r.ID) {
			h := fnv.New64a()
			b = append(append(b[:0], r.ID...), r.State...)
			for _, n := range [...]int{r.New, r.Records, int(r.Last)} {
				b = binary.AppendVarint(b, int64(n))
			}
			h.Write(b) //nolint:errcheck // a hash never fails
			sum += h.Sum64()
		}
	}
	return sum
}

// sums are over what is read in one go.
func sums() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// programSum is a sum over the program that runs: another build may derive otherwise.
func programSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the program: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	defer f.Close()
	sum := crc32.New(sums())
	n, err := io.Copy(sum, f)
	if err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	return fmt.Sprintf("%08x-%d", sum.Sum32(), n), nil
}

// zonesSum is a sum over when the clocks change at the sites, as this computer knows it.
func zonesSum(p *Snapshot) string {
	zones := app.Zones{}
	known := map[string]bool{}
	var text bytes.Buffer
	add := func(zone *time.Location) {
		if known[zone.String()] {
			return
		}
		known[zone.String()] = true
		const step = 6 * 60 * 60 // seconds: clocks change twice a year
		last := -1
		for at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Unix(); at < time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC).Unix(); at += step {
			if _, offset := time.Unix(at, 0).In(zone).Zone(); offset != last {
				last = offset
				fmt.Fprintln(&text, zone, at, offset)
			}
		}
	}
	add(app.Belgium())
	for i := range p.Facts.Sites {
		add(zones.Location(p.Facts.Sites[i].Zone))
	}
	for i := range p.Facts.Boxes {
		add(zones.Location(p.Facts.Boxes[i].Zone))
	}
	return fmt.Sprintf("%08x", crc32.Checksum(text.Bytes(), sums()))
}

// newKeeping reads the program once, when that is first asked.
func newKeeping() keeping { return keeping{program: sync.OnceValues(programSum), least: keepLeast} }

// close closes the file from which the engine turned its pages.
func (k *keeping) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file != nil {
		_ = k.file.Close() // it was only read
		k.file = nil
	}
}
