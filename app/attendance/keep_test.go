package attendance

import (
	"bytes"
	"hash/fnv"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app"
)

// testVeil hides texts as the office does, without a key.
func testVeil(s string) string {
	h := fnv.New128a()
	h.Write([]byte(s))
	return strconv.Quote(string(h.Sum(nil)))
}

// keptAndResumed is an engine that went through a cache.
func (h *history) keptAndResumed(e *Engine) *Engine {
	var file bytes.Buffer
	if err := e.Keep(&file, testVeil); err != nil {
		h.rt.Fatal(err)
	}
	for _, told := range []string{"04A1", "B204", "0206731645", "1Y1003SQ5VSSZ"} {
		if bytes.Contains(file.Bytes(), []byte(told)) {
			h.rt.Fatalf("%s stands in the cache", told)
		}
	}
	r := bytes.NewReader(file.Bytes())
	n, err := Resume(r, r.Size(), h.all(), e.f.words.idents, testVeil)
	if err != nil {
		h.rt.Fatal(err)
	}
	n.how = e.how
	return n
}

// What an engine derives that went through a cache, again and again, is byte-identical to all derived from nothing.
func TestResumingIsDerivingAll(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(rt, t)
		e := start2(h.next(), how{blocks: h.pick("blocks", 3) + 1, records: h.pick("records", 9) + 1})
		want := Derive(h.all())
		for range rapid.IntRange(5, 30).Draw(rt, "steps") {
			h.step(want)
			want = Derive(h.all())
			e = h.after(e)
			if h.chance("kept", 2) {
				e = h.keptAndResumed(e).Next(h.nothingNew(), nil)
			}
			h.sameAnswers(e, want)
			h.sameFindings(e, want)
			if h.chance("all", 2) { // which turns all pages
				sameResult(rt, "the next state", e.result(), want)
			}
		}
		sameResult(rt, "the last state", e.result(), want)
	})
}

func start2(in *Input, h how) *Engine {
	records := NewRecords()
	records.takeIn(in)
	return start(in, records, h)
}

// nothingNew are the facts of now without any record.
func (h *history) nothingNew() *Input {
	in := h.in
	in.Punches, in.Events = nil, nil
	return &in
}

// sameFindings compares what is noted, and informations of some days, with the whole.
func (h *history) sameFindings(e *Engine, r *Result) {
	on := h.at.DateIn(brussels) - app.Date(h.pick("findings days ago", 20))
	days := app.Days{From: on, To: on + app.Date(h.pick("findings of days", 8))}
	worker := rapid.SampledFrom([]app.ID{"", "an", "bo"}).Draw(h.rt, "whose findings")
	got := slices.DeleteFunc(slices.Concat(e.Noted(), e.Informations(worker, days)), func(a app.Anomaly) bool {
		return e.f.answered(&a) || a.Severity < app.Warning && a.Subject.Kind == app.AboutEngagement && (worker != "" && a.WorkerID != worker || a.Day != 0 && !days.Holds(a.Day))
	})
	slices.SortFunc(got, func(a, b app.Anomaly) int { return compareAnomalies(&a, &b) })
	want := slices.DeleteFunc(slices.Clone(r.Anomalies), func(a app.Anomaly) bool {
		return a.Severity < app.Warning && a.Subject.Kind == app.AboutEngagement && (worker != "" && a.WorkerID != worker || a.Day != 0 && !days.Holds(a.Day))
	})
	sameResult(h.rt, "findings", &Result{Anomalies: got}, &Result{Anomalies: want})
	all := 0
	for i := range r.Anomalies {
		if a := &r.Anomalies[i]; a.Severity < app.Warning && a.Subject.Kind == app.AboutEngagement {
			all++
		}
	}
	if n := e.CountInformations(); n != all {
		h.rt.Fatalf("%d informations about people are counted, there are %d", n, all)
	}
}
