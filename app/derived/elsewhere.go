package derived

import (
	"encoding/binary"
	"encoding/hex"

	"klokkast/app"
)

// Elsewhere is a gap that is no loss: another installation has the records.
type Elsewhere struct {
	app.Gap
	// By is the end of the id of the installation that acknowledged them, 10 hex
	// digits, as the box's own record of it says; "" where that was not read.
	By string
	// At is when it did, by the box's clock; zero where By is "".
	At app.Instant
}

// ReadElsewhere finds, in the box's own records of acknowledgements (type 42:
// bytes 0–5 the sequence, 6–10 the end of the installation's id), who
// acknowledged the whole of a gap first.
func ReadElsewhere(g app.Gap, events []app.BoxEvent) Elsewhere {
	out, first := Elsewhere{Gap: g}, uint64(0)
	for _, e := range events {
		if e.Type != app.RecordAcked || e.Key.LogKey != g.Log || first != 0 && e.Key.Seq > first {
			continue
		}
		mark := binary.LittleEndian.Uint64([]byte{e.Data[0], e.Data[1], e.Data[2], e.Data[3], e.Data[4], e.Data[5], 0, 0})
		if mark >= g.Last {
			first, out.By, out.At = e.Key.Seq, hex.EncodeToString(e.Data[6:]), e.At
		}
	}
	return out
}

// nameReaders says, in the findings about gaps that another installation has,
// who that is: facts "by" and "acknowledgedAt".
func (p *Snapshot) nameReaders() {
	anchors := map[string]Elsewhere{}
	for _, g := range p.Facts.Gaps {
		if g.ReadElsewhere {
			anchors[app.RecordKey{LogKey: g.Log, Seq: g.First}.String()] = ReadElsewhere(g, p.Engine.Events(g.Log))
		}
	}
	for i := range p.Noted {
		a := &p.Noted[i]
		e, ok := anchors[a.Anchor]
		if a.Rule != app.SequenceGap || !ok || e.By == "" {
			continue
		}
		a.Facts = a.Facts.With(app.FactBy.Is(e.By), app.FactAcknowledgedAt.Is(e.At)) // the derivation's own stays as it is
	}
}
