package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// work is one line that a benchmark printed.
type work struct {
	name    string
	line    string // as it was printed
	figures []figure
}

// figure is a number with its unit, such as 3900000000 ns/op.
type figure struct {
	value float64
	unit  string
}

// processors is what benchmarks put behind their names.
var processors = regexp.MustCompile(`-\d+$`)

// parse reads a line such as "BenchmarkX/y-2  10  123 ns/op  4 MB-peak"; false for any other line.
func parse(line string) (work, bool) {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return work{}, false
	}
	if _, err := strconv.Atoi(fields[1]); err != nil {
		return work{}, false
	}
	w := work{name: processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), ""), line: strings.Join(fields, " ")}
	for pairs := fields[2:]; len(pairs) >= 2; pairs = pairs[2:] {
		v, err := strconv.ParseFloat(pairs[0], 64)
		if err != nil {
			return work{}, false
		}
		w.figures = append(w.figures, figure{v, pairs[1]})
	}
	return w, true
}

// figure is the time that a work takes; where none is told, the first that is.
func (w *work) figure() string {
	for _, f := range w.figures {
		if f.unit == "ns/op" && f.value > 0 {
			return short(time.Duration(f.value))
		}
	}
	for _, f := range w.figures {
		if f.value > 0 && !isRatio(f.unit) {
			return number(f.value) + " " + f.unit
		}
	}
	return ""
}

// processor is what all processors together worked on it, where that is told.
func (w *work) processor() string {
	for _, f := range w.figures {
		if f.unit == "s-processor" {
			return short(time.Duration(f.value * float64(time.Second)))
		}
	}
	return ""
}

// memory is the most that a work had in memory.
func (w *work) memory() string {
	most := ""
	for _, f := range w.figures {
		switch f.unit {
		case "MB-resident-peak": // all of the process
			return number(f.value) + " MB"
		case "MB-peak", "peak-MB", "MB":
			most = number(f.value) + " MB"
		}
	}
	return most
}

// Units of ratios that have names of their own, and what they compare with.
var ratios = map[string]string{
	"times-the-first": "the first",
	"sqlite-share":    "share of a bare scan",
	"%payload":        "% of raw reports",
}

func isRatio(unit string) bool {
	return ratios[unit] != "" || strings.HasPrefix(unit, "x-") || strings.HasPrefix(unit, "×")
}

// ratio returns what a work was compared with in the same run, by its unit x-WHAT or ×WHAT.
func (w *work) ratio() (with, ratio string) {
	for _, f := range w.figures {
		if !isRatio(f.unit) {
			continue
		}
		with = ratios[f.unit]
		if with == "" {
			with = strings.TrimPrefix(strings.TrimPrefix(f.unit, "x-"), "×")
		}
		return with, number(f.value)
	}
	return "", ""
}

// short words a time with three digits that count.
func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		return number(d.Seconds()) + " s"
	case d >= time.Millisecond:
		return number(float64(d)/float64(time.Millisecond)) + " ms"
	case d >= time.Microsecond:
		return number(float64(d)/float64(time.Microsecond)) + " µs"
	}
	return number(float64(d)) + " ns"
}

func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
