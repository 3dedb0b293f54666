package officetest

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/reading"
	"klokkast/data"
	"klokkast/devices/ocb"
	"klokkast/devices/simbox"
)

// A shelf of boxes that come back from their sites at once.
const (
	shelfBoxes   = 20
	shelfRecords = 5000 // of each
)

// BenchmarkShelf reads 20 boxes in memory at once into one database, as `box read --all` does, against one process that
// stores the same records, which it has in memory, batch by batch: "of-storing" is how many records a second of that.
// Boxes that are made of software take their part of the processors: "of-both" is the share of storing and of their
// side by themselves, one after the other.
func BenchmarkShelf(b *testing.B) {
	for b.Loop() {
		c := New(b)
		for i := range shelfBoxes {
			c.Cables.PlugSame(path(i), fullBox(b, i))
		}
		c.Parts.Background = func(func()) {} // what follows from what was stored comes after it
		o := c.Office()
		began := time.Now()
		read(b, func(i int) error {
			r, err := o.Boxes.ReadBox(b.Context(), path(i), boxes.ReadOptions{}, nil)
			if err == nil && r.New < shelfRecords {
				err = fmt.Errorf("%d records", r.New)
			}
			return err
		})
		shelfTook := time.Since(began)
		kept := &memory{}
		began = time.Now()
		read(b, func(i int) error { return kept.read(b.Context(), c, path(i)) })
		boxTook := time.Since(began)
		alone := storeAlone(b, kept)
		n := float64(shelfBoxes * shelfRecords)
		b.ReportMetric(n/shelfTook.Seconds(), "records/s")
		b.ReportMetric(n/alone.Seconds(), "stored/s")
		b.ReportMetric(alone.Seconds()/shelfTook.Seconds(), "of-storing")
		b.ReportMetric((alone+boxTook).Seconds()/shelfTook.Seconds(), "of-both")
	}
}

func path(i int) string { return fmt.Sprintf("mem:%d", i) }

func read(b *testing.B, one func(i int) error) {
	b.Helper()
	var all sync.WaitGroup
	for i := range shelfBoxes {
		all.Go(func() {
			if err := one(i); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	if b.Failed() {
		b.FailNow()
	}
}

// fullBox is a box that a company filled.
func fullBox(b *testing.B, i int) *simbox.Box {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "box")
	if err := simbox.Create(dir, simbox.Factory{Label: fmt.Sprintf("box %d", i)}); err != nil {
		b.Fatal(err)
	}
	box := Must(simbox.Open(dir, simbox.Options{Off: true}))(b)
	at := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	events := []simbox.PastEvent{{At: at, Type: app.RecordBoot}}
	for i := range shelfRecords {
		badge := ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte{4, 0xA1, 0xB2, byte(i % 60)}}
		events = append(events, simbox.PastEvent{At: at.Add(time.Duration(i+1) * 20 * time.Second), Type: app.RecordPunch, Badge: badge})
	}
	if _, err := box.Past(events); err != nil {
		b.Fatal(err)
	}
	if err := box.PowerOn(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = box.Close() })
	return box
}

// memory keeps the pieces that boxes give, as a store gets them.
type memory struct {
	mu  sync.Mutex
	got []piece
}

type piece struct {
	box   app.Box
	log   app.LogKey
	chunk reading.Chunk
}

func (m *memory) read(ctx context.Context, c *Company, at string) error {
	d, err := c.Cables.Open(ctx, at)
	if err != nil {
		return err
	}
	defer d.Close()
	box := d.(reading.Box)
	info, err := box.Info(ctx)
	if err != nil {
		return err
	}
	var end reading.Chain
	for end.Seq < shelfRecords {
		chunk, err := box.Chunk(ctx, end, reading.DefaultChunk)
		if err != nil {
			return err
		}
		m.mu.Lock()
		m.got = append(m.got, piece{box: app.Box{UID: info.Log.Box, Make: app.MakeOCB, PublicKey: info.PublicKey}, log: info.Log, chunk: chunk})
		m.mu.Unlock()
		end = chunk.End
	}
	return nil
}

// storeAlone stores the same in a new database, one piece after the other.
func storeAlone(b *testing.B, m *memory) time.Duration {
	b.Helper()
	name := filepath.Join(b.TempDir(), "alone.db")
	s := Must(data.Open(b.Context(), name, data.Options{KeyStore: data.FileKeys(data.KeyFileOf(name))}))(b)
	defer s.Close()
	readings := map[app.LogKey]app.ID{}
	began := time.Now()
	for _, p := range m.got {
		id, ok := readings[p.log]
		if !ok {
			id = Must(app.NewID())(b)
			readings[p.log] = id
			if err := s.BeginReading(b.Context(), app.Reading{ID: id, Log: p.log, Source: app.FromCable, Actor: "Els", State: app.ReadingRunning}, p.box); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := s.StoreBatch(b.Context(), reading.Batch{ReadingID: id, Log: p.log, Records: p.chunk.Records, End: p.chunk.End}); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}
