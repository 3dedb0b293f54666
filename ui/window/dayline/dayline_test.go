package dayline

import (
	"image"
	"image/color"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"klokkast/app"
)

func at(h, m int) app.Instant {
	return app.At(time.Date(2026, 11, 2, h, m, 0, 0, time.UTC))
}

// day is 05:00 to 17:00: in at 6, a break 9–10, no way out; the tap at 6 matters.
func day() Day {
	return Day{Span: app.Span{From: at(5, 0), To: at(17, 0)}, Zone: time.UTC, Rows: []Row{{
		Label: "Stadhuis", Bars: []Bar{{Span: app.Span{From: at(6, 0), To: at(12, 0)}, NoEnd: true, Breaks: []app.Span{{From: at(9, 0), To: at(10, 0)}}}},
		Ticks: []Tick{{At: at(6, 0), Mark: "I", Mine: true}, {At: at(9, 0), Mark: "B"}},
	}}}
}

const width, height = labelWidth + 12*50 + margin, axisHeight + rowHeight // 50 a full hour

func drawn(t *testing.T, variant fyne.ThemeVariant) image.Image {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(variantTheme{theme.DefaultTheme(), variant})
	l := New()
	l.SetDay(day())
	w := test.NewTempWindow(t, l)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	return w.Canvas().Capture()
}

type variantTheme struct {
	fyne.Theme
	variant fyne.ThemeVariant
}

func (v variantTheme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return v.Theme.Color(n, v.variant)
}

// grey is how bright a point is: what is left of colours in black and white.
func grey(m image.Image, x, y int) int {
	return int(color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y)
}

func far(a, b int) bool { return a-b > 25 || b-a > 25 }

func TestWhatMattersIsSeenInEveryThemeAndWithoutColours(t *testing.T) {
	for name, variant := range map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark} {
		t.Run(name, func(t *testing.T) {
			m := drawn(t, variant)
			x := func(h float64) int { return labelWidth + int((h-5)*50) }
			middle := axisHeight + barTop + barHeight/2
			free := grey(m, x(15.5), middle)
			for what, p := range map[string]image.Point{
				"the presence":               {x(7.5), middle},
				"the foot of the tap":        {x(6) + 4, axisHeight + barTop + barHeight + 5},
				"the tick of the tap":        {x(6), axisHeight + barTop - 3},
				"the broken end":             {x(12) + 4, middle},
				"the tick of the other tap":  {x(9), axisHeight + barTop - 3},
				"work again after the break": {x(11), middle},
			} {
				if got := grey(m, p.X, p.Y); !far(got, free) {
					t.Errorf("%s at %v is as bright as the ground: %d, %d", what, p, got, free)
				}
			}
			if work, pause := grey(m, x(7.5), middle), grey(m, x(9.5), middle); !far(work, pause) {
				t.Errorf("work and break look alike: %d, %d", work, pause)
			}
			if grey(m, x(5.5), middle) != free {
				t.Error("something is drawn before the person came")
			}
		})
	}
}

func TestHoursAreWrittenWithRoom(t *testing.T) {
	for _, c := range []struct {
		width float32
		hours app.Instant
		want  int
	}{{600, 6, 1}, {300, 12, 2}, {300, 24, 4}, {100, 48, 24}} {
		if got := (scale{from: 0, to: c.hours * hour, width: c.width}).step(); got != c.want {
			t.Errorf("%v wide for %d hours: every %d hours, want %d", c.width, c.hours, got, c.want)
		}
	}
}

func TestNothingToShowTakesNoRoom(t *testing.T) {
	test.NewTempApp(t)
	l := New()
	if s := l.MinSize(); s.Width > 0 || s.Height > 0 {
		t.Errorf("an empty line takes %v", s)
	}
}
