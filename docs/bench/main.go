// Command bench makes one table of what benchmarks print: each work with its figure,
// what it was compared with in the same run, the ratio of the two, and the figures
// that were last committed beside them. Only the ratio means something on another
// machine, or on the same one when it is busy.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	last := flags.String("last", "", "file of the figures that were last committed, as benchmarks print them")
	update := flags.Bool("update", false, "keep these figures in that file; works that did not run now keep theirs")
	if err := flags.Parse(args); err != nil {
		return err
	}
	now, err := read(in)
	if err != nil {
		return fmt.Errorf("read what benchmarks print: %w", err)
	}
	if len(now) == 0 {
		return errors.New("no benchmark printed anything")
	}
	before, err := readFile(*last)
	if err != nil {
		return err
	}
	if err := table(out, now, before); err != nil || !*update {
		return err
	}
	return keep(*last, merged(before, now))
}

func readFile(path string) ([]work, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the last figures: %w", err)
	}
	defer f.Close()
	return read(f)
}

// read takes the results out of what benchmarks print.
func read(in io.Reader) (list []work, err error) {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if w, ok := parse(lines.Text()); ok {
			list = append(list, w)
		}
	}
	return list, lines.Err()
}

// table prints the works in the order in which they ran.
func table(out io.Writer, now, before []work) error {
	was := make(map[string]work, len(before))
	for _, w := range before {
		was[w.name] = w
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(cells ...string) { fmt.Fprintln(t, strings.Join(cells, "\t")) }
	row("work", "figure", "processor", "memory", "compared with", "ratio", "last figure", "last processor", "last memory", "last ratio")
	for _, w := range now {
		l := was[w.name]
		with, ratio := w.ratio()
		_, lastRatio := l.ratio()
		row(w.name, w.figure(), w.processor(), w.memory(), with, ratio, l.figure(), l.processor(), l.memory(), lastRatio)
	}
	return t.Flush()
}

// merged has the works of before with what they take now, and the new ones behind them.
func merged(before, now []work) []work {
	at := map[string]int{}
	var list []work
	for _, w := range append(before, now...) {
		if i, ok := at[w.name]; ok {
			list[i] = w
			continue
		}
		at[w.name] = len(list)
		list = append(list, w)
	}
	return list
}

func keep(path string, list []work) error {
	var b strings.Builder
	for _, w := range list {
		b.WriteString(w.line + "\n")
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("keep the figures: %w", err)
	}
	return nil
}
