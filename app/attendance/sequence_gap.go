package attendance

import (
	"klokkast/app"
)

// sequenceGap says which records are missing (C4). Those at or below what the
// box had acknowledged to another installation were read elsewhere: information.
func sequenceGap(f *facts, l *boxLog) (list []app.Anomaly) {
	for _, g := range l.gaps {
		span := l.spanOf(g)
		if len(l.box.places) > 0 && span.To != 0 && span.To <= l.box.places[0].span.From {
			continue // older than the box's placements (principle 9)
		}
		sev := app.Serious
		if g.ReadElsewhere {
			sev = app.Information
		}
		a := onBox(app.SequenceGap, sev, l.box, l.box.at(span.To-1))
		a.Anchor = gapKey(g).Anchor
		a.At, a.Day = span.To, span.To.DateIn(f.belgium)
		a.Value = int64(g.Last - g.First + 1)
		a.Facts = app.FactsOf(app.FactLog.Is(g.Log.Log), app.FactFirst.Is(g.First), app.FactLast.Is(g.Last), app.FactReadElsewhere.Is(g.ReadElsewhere))
		list = append(list, a)
	}
	return list
}

// gapKey is the identity of a gap's finding.
func gapKey(g *app.Gap) app.AnomalyKey {
	return app.AnomalyKey{Rule: app.SequenceGap, Subject: app.Subject{Kind: app.AboutBox, ID: g.Log.Box},
		Anchor: app.RecordKey{LogKey: g.Log, Seq: g.First}.String()}
}
