package plot

import (
	"math"
	"strconv"
)

// Values makes the axis of a quantity: it holds 0 and all values between from
// and to, and its ticks are 1, 2 or 5 times a power of ten apart, at most most of them.
func Values(title string, from, to float64, most int, label func(v float64, decimals int) string) Axis {
	from, to = min(from, 0), max(to, 0)
	if from == to {
		to = 1
	}
	step := Step(to-from, most)
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	a := Axis{Title: title}
	for n := math.Floor(from/step + 1e-9); n <= math.Ceil(to/step-1e-9); n++ {
		at, _ := strconv.ParseFloat(strconv.FormatFloat(n*step, 'f', decimals, 64), 64) // 0.3, and not 3 × 0.1
		at += 0                                                                         // 0, and not -0
		a.Ticks = append(a.Ticks, Tick{at, label(at, decimals)})
	}
	a.From, a.To = a.Ticks[0].At, a.Ticks[len(a.Ticks)-1].At
	return a
}

// Step returns the smallest of 1, 2, 5 times a power of ten that cuts a length
// into fewer than most parts.
func Step(length float64, most int) float64 {
	if length <= 0 || most < 2 {
		return 1
	}
	least := length / float64(most-1)
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, n := range []float64{1, 2, 5} {
		if n*power >= least*(1-1e-9) {
			return n * power
		}
	}
	return 10 * power
}

// Places makes the axis of n places side by side, 0 to n-1, each with its label.
func Places(title string, n int, label func(i int) string) Axis {
	a := Axis{Title: title, From: -0.5, To: float64(n) - 0.5}
	for i := range n {
		a.Ticks = append(a.Ticks, Tick{float64(i), label(i)})
	}
	return a
}

// daySteps are the distances of ticks on an axis of days: weeks where days are too many.
var daySteps = [...]int{1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1820}

// Days makes an axis of whole days, both included, with at most most ticks.
func Days(title string, from, to, most int, label func(day int) string) Axis {
	a := Axis{Title: title, From: float64(from), To: float64(max(to, from+1))}
	step := daySteps[len(daySteps)-1]
	for i := len(daySteps) - 1; i >= 0; i-- {
		if (to-from)/daySteps[i]+1 <= most {
			step = daySteps[i]
		}
	}
	for day := from; day <= to; day += step {
		a.Ticks = append(a.Ticks, Tick{float64(day), label(day)})
	}
	return a
}
