package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/reading"
)

// A store as a company has it, in small: every punch chained, sent and sealed, a
// month of each person approved, and an act in the trail for each.
const (
	verifiedPunches = 100_000
	verifiedLogs    = 20
	verifiedPeople  = 200
	verifiedSheets  = 28 * verifiedPeople
)

// BenchmarkVerify says how long a million punches take to be verified, and how much of that
// the file itself takes, which SQLite looks through by itself.
func BenchmarkVerify(b *testing.B) {
	s := newStore(b)
	s.decode = plainRecord
	fillVerified(b, s)
	b.ResetTimer()
	for b.Loop() {
		started := time.Now()
		found, err := s.Verify(b.Context(), nil)
		must(b, err)
		if len(found) > 0 {
			b.Fatal(found[0])
		}
		b.ReportMetric(time.Since(started).Seconds()*1e6/verifiedPunches, "s/million")
	}
	started := time.Now()
	must(b, s.read(b.Context(), "look at the file", func(tx *sqlx.Tx) error {
		_, err := checkFile(b.Context(), tx)
		return err
	}))
	b.ReportMetric(time.Since(started).Seconds()*1e6/verifiedPunches, "file-s/million")
}

// fillVerified fills a store past its outbox, which would take as long as the sending.
func fillVerified(b *testing.B, s *Store) {
	b.Helper()
	staff := newStaff(b, s)
	for l := range verifiedLogs {
		log := newLogOf(b, s, fmt.Sprintf("%032x", 0xB0C0000+l), fmt.Sprintf("%032x", 0x77))
		seq, h := uint64(0), startOf(log.key.Box, log.key.Log)
		for seq < verifiedPunches/verifiedLogs {
			records := make([]app.Record, 0, 250)
			for range cap(records) {
				seq++
				raw := plainRaw(seq)
				h = chained(h, raw)
				r, err := plainRecord(log.key, raw)
				must(b, err)
				records = append(records, r)
			}
			_, err := s.StoreBatch(b.Context(), reading.Batch{ReadingID: log.reading, Log: log.key, Records: records, End: reading.Chain{Seq: seq, Hash: h}})
			must(b, err)
		}
	}
	must(b, s.write(b.Context(), "fill", func(tx *sqlx.Tx) error { return fillSent(b, s, tx, staff) }))
}

func fillSent(b *testing.B, s *Store, tx *sqlx.Tx, staff staff) error {
	site := newID(b)
	_, err := tx.Exec(`INSERT INTO site (id, name) VALUES (?, 'Hall')`, site)
	must(b, err)
	for log := range verifiedLogs {
		into := newBulk(b.Context(), tx, `registration (id, environment, log, seq, state, type, at, raw, worker, engagement, site,
			ssin_sealed, ssin_lookup, declaration, created, queued, register_id, answered)`, 18)
		for seq := int64(1); seq <= verifiedPunches/verifiedLogs; seq++ {
			id := newID(b)
			into.add(string(id), "local-simulator", int64(log+1), seq, "accepted", "IN", seq*1000, seq*1000, string(staff.worker.ID), string(staff.engagement.ID),
				string(site), s.seal.seal(registrationPlace(id), "85073003328"), s.seal.lookup(lookUpSSIN, "85073003328"), "1234567890123",
				int64(1), int64(1), int64(log)*1e6+seq, int64(2))
		}
		must(b, into.close())
	}
	snapshot := []byte(`{"days":[` + strings.Repeat(`{"day":"2026-01-02","worked":480,"site":"0190"},`, 40) + `]}`)
	sum := sha256.Sum256(snapshot)
	for i := range verifiedSheets {
		_, err := tx.Exec(`INSERT INTO approval (id, worker, first_day, last_day, hash, "by", at, version, snapshot) VALUES (?, ?, ?, ?, ?, 'An', 1, 1, ?)`,
			newID(b), staff.worker.ID, fmt.Sprintf("%010d", i), fmt.Sprintf("%010d", i), hex.EncodeToString(sum[:]), snapshot)
		must(b, err)
		must(b, s.note(b.Context(), tx, app.Act{Actor: "An", What: "approve", Target: "worker:" + string(staff.worker.ID)}, nil, staff.engagement))
	}
	return nil
}

// plainRaw makes a punch of 32 bytes, and plainRecord reads it.
func plainRaw(seq uint64) []byte {
	raw := make([]byte, 32)
	binary.BigEndian.PutUint64(raw, seq)
	copy(raw[8:], fmt.Sprintf("04A1B2%02X", seq%verifiedPeople))
	return raw
}

func plainRecord(log app.LogKey, raw []byte) (app.Record, error) {
	seq := binary.BigEndian.Uint64(raw)
	key := app.RecordKey{LogKey: log, Seq: seq}
	value := string(raw[8 : 8+bytes.IndexByte(raw[8:], 0)])
	p := app.Punch{Key: key, At: app.At(testNow).Add(time.Duration(seq) * time.Minute), Identifier: app.IdentifierKey{Kind: app.Card, Value: value},
		Pressed: app.PunchKey(seq % 5), Boot: 3, SinceBoot: uint32(seq)}
	return app.Record{Key: key, Type: app.RecordPunch, Raw: raw, Punch: &p}, nil
}
