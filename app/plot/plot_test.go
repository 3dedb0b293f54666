package plot_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app/plot"
)

func labels(a plot.Axis) string {
	var out []string
	for _, t := range a.Ticks {
		out = append(out, t.Label)
	}
	return fmt.Sprintf("%g–%g: %s", a.From, a.To, strings.Join(out, " "))
}

func number(v float64, decimals int) string { return strconv.FormatFloat(v, 'f', decimals, 64) }

// The ticks that people read: 1, 2 or 5 times a power of ten apart, 0 among them.
func TestTicksOfValues(t *testing.T) {
	for _, tt := range []struct {
		from, to float64
		most     int
		want     string
	}{
		{0, 0, 6, "0–1: 0.0 0.2 0.4 0.6 0.8 1.0"},
		{0, 1, 6, "0–1: 0.0 0.2 0.4 0.6 0.8 1.0"},
		{0, 0.3, 4, "0–0.3: 0.0 0.1 0.2 0.3"},
		{3, 7, 6, "0–8: 0 2 4 6 8"},
		{0, 38, 6, "0–40: 0 10 20 30 40"},
		{0, 41, 6, "0–50: 0 10 20 30 40 50"},
		{0, 1234, 6, "0–1500: 0 500 1000 1500"},
		{-0.012, 0.03, 6, "-0.02–0.03: -0.02 -0.01 0.00 0.01 0.02 0.03"},
		{-7, -3, 5, "-8–0: -8 -6 -4 -2 0"},
		{0, 1e6, 6, "0–1e+06: 0 200000 400000 600000 800000 1000000"},
	} {
		if got := labels(plot.Values("", tt.from, tt.to, tt.most, number)); got != tt.want {
			t.Errorf("%g to %g: %s, want %s", tt.from, tt.to, got, tt.want)
		}
	}
}

func TestTicksOfDays(t *testing.T) {
	for _, tt := range []struct {
		from, to int
		want     string
	}{
		{10, 10, "10–11: 10"},
		{10, 14, "10–14: 10 11 12 13 14"},
		{10, 24, "10–24: 10 17 24"},
		{0, 30, "0–30: 0 7 14 21 28"},
		{0, 365, "0–365: 0 91 182 273 364"},
	} {
		if got := labels(plot.Days("", tt.from, tt.to, 6, strconv.Itoa)); got != tt.want {
			t.Errorf("%d to %d: %s, want %s", tt.from, tt.to, got, tt.want)
		}
	}
}

// Whatever the values: every one lies on the axis, the ticks are even and not too many.
func TestTicksHoldWhateverTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-1e7, 1e7).Draw(t, "a"), rapid.Float64Range(-1e7, 1e7).Draw(t, "b")
		from, to := min(a, b), max(a, b)
		if to-from < 1e-6 {
			t.Skip("as good as one value")
		}
		axis := plot.Values("", from, to, 6, number)
		slack := (axis.To - axis.From) * 1e-6
		if axis.From > from+slack || axis.To < to-slack || axis.From > 0 || axis.To < 0 || len(axis.Ticks) < 2 || len(axis.Ticks) > 8 {
			t.Fatalf("%g to %g: %s", from, to, labels(axis))
		}
		step := axis.Ticks[1].At - axis.Ticks[0].At
		for i := 1; i < len(axis.Ticks); i++ {
			if d := axis.Ticks[i].At - axis.Ticks[i-1].At; math.Abs(d-step) > slack {
				t.Fatalf("uneven: %s", labels(axis))
			}
		}
	})
}

// sheet notes what is drawn; a character is half as wide as it is high.
type sheet struct {
	texts          []string
	fills, strokes int
	left, right    float64
	top, bottom    float64
}

func (s *sheet) reach(x, y float64) {
	s.left, s.right, s.top, s.bottom = min(s.left, x), max(s.right, x), min(s.top, y), max(s.bottom, y)
}
func (s *sheet) Line(x1, y1, x2, y2, _ float64, _ plot.Ink) {
	s.strokes++
	s.reach(x1, y1)
	s.reach(x2, y2)
}
func (s *sheet) Fill(x, y, w, h float64, _ plot.Ink) {
	s.fills++
	s.reach(x, y)
	s.reach(x+w, y+h)
}
func (s *sheet) Text(x, y float64, t string, _ plot.Ink) {
	s.texts = append(s.texts, t)
	s.reach(x, y)
	s.reach(x+s.Width(t), y)
}
func (s *sheet) Width(t string) float64 { return 5 * float64(len([]rune(t))) }

func sample() *plot.Plot {
	return &plot.Plot{
		X:     plot.Places("week", 40, func(i int) string { return "w" + strconv.Itoa(i) }),
		Y:     plot.Values("hours", 0, 41, 6, number),
		Empty: "Nothing was read of this box. Read it first.",
		Series: []plot.Series{
			{Name: "worked", Look: plot.Bars, Points: []plot.Point{{X: 0, Y: 41, Label: "41"}, {X: 39, Y: 12}}},
			{Name: "late", Look: plot.Hollow, Points: []plot.Point{{X: 3, Y: 7}}},
			{Name: "contract", Look: plot.Level, Points: []plot.Point{{X: 0, Y: 38}}},
			{Name: "measured", Look: plot.Dots, Points: []plot.Point{{X: 5, Y: 20, Doubt: 3}}},
			{Look: plot.Line, Points: []plot.Point{{X: 0, Y: 0}, {X: 39, Y: 41}}},
		},
	}
}

func TestAPlotStaysOnItsSheet(t *testing.T) {
	s := &sheet{}
	plot.Draw(s, sample(), 600, 200, 10)
	if s.left < 0 || s.top < 0 || s.right > 600 || s.bottom > 200 {
		t.Errorf("it reaches from %g, %g to %g, %g", s.left, s.top, s.right, s.bottom)
	}
	all := strings.Join(s.texts, "|")
	for _, want := range []string{"hours", "week", "worked", "late", "contract", "measured", "w0", "50"} {
		if !strings.Contains("|"+all+"|", "|"+want+"|") {
			t.Errorf("%q is not written: %s", want, all)
		}
	}
	if strings.Contains(all, "w1|w2|") {
		t.Error("labels stand upon one another:", all)
	}
}

func TestAPlotOfNothingSaysWhatToDo(t *testing.T) {
	p, s := sample(), &sheet{}
	for i := range p.Series {
		p.Series[i].Points = nil
	}
	plot.Draw(s, p, 120, 200, 10)
	if s.strokes+s.fills > 0 || strings.Join(s.texts, " ") != p.Empty || len(s.texts) < 2 || s.right > 120 {
		t.Errorf("%d strokes, %q, up to %g", s.strokes+s.fills, s.texts, s.right)
	}
}
