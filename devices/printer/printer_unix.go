//go:build !windows

package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"klokkast/app/printing"
)

const (
	// title stands at the printer instead of the file's name, which may be a person's.
	title = "Klokkast"
	// filesPerJob is below what lp takes at once.
	filesPerJob = 500
)

// Keeps says that lp has taken the files over when it ends.
func (System) Keeps() bool { return true }

// Printers asks lpstat which printers there are, in the order of their names.
func (System) Printers(ctx context.Context) ([]printing.Printer, error) {
	list, err := call(ctx, "lpstat", "-e")
	if err != nil {
		return nil, err
	}
	chosen, err := call(ctx, "lpstat", "-d")
	if err != nil {
		return nil, err
	}
	standard := defaultOf(chosen)
	var printers []printing.Printer
	for line := range strings.Lines(list) {
		if name := strings.TrimSpace(line); name != "" {
			printers = append(printers, printing.Printer{Name: name, Default: name == standard})
		}
	}
	slices.SortFunc(printers, func(a, b printing.Printer) int { return strings.Compare(a.Name, b.Name) })
	return printers, nil
}

// defaultOf reads "system default destination: NAME"; an instance of a printer, NAME/draft, is its printer.
func defaultOf(answer string) string {
	_, name, _ := strings.Cut(strings.TrimSpace(answer), "destination: ")
	name, _, _ = strings.Cut(name, "/")
	return name
}

// Print returns the files to lp, which copies them.
func (System) Print(ctx context.Context, files []string, job printing.Job) error {
	sides := "one-sided"
	if job.BothSides {
		sides = "two-sided-long-edge"
	}
	for some := range slices.Chunk(files, filesPerJob) {
		args := []string{"-d", job.Printer, "-n", strconv.Itoa(job.Copies), "-t", title, "-o", "media=A4", "-o", "sides=" + sides}
		for _, f := range some {
			path, err := filepath.Abs(f) // also keeps a name that begins with "-" from being an option
			if err != nil {
				return fmt.Errorf("find the file to print: %w", err)
			}
			args = append(args, path)
		}
		if _, err := call(ctx, "lp", args...); err != nil {
			return err
		}
	}
	return nil
}

// call runs a command of the printing system and gives what it printed. Its
// words are asked for in English: they are read here.
func call(ctx context.Context, program string, args ...string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", &printing.Error{Problem: printing.NoProgram, Name: program}
	}
	var out, complaint bytes.Buffer
	c := exec.CommandContext(ctx, path, args...)
	c.Env = append(os.Environ(), "LC_ALL=C")
	c.Stdout, c.Stderr = &out, &complaint
	err = c.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("ask %s: %w", program, ctx.Err())
	case errors.As(err, &exit):
		return "", refusal(program, complaint.String(), exit)
	case err != nil:
		return "", fmt.Errorf("run %s: %w", program, err)
	}
	return out.String(), nil
}

// refusal says why a command failed. lpstat fails where no printer was ever set up, and says so.
func refusal(program, complaint string, exit *exec.ExitError) error {
	said := strings.TrimPrefix(strings.Join(strings.Fields(complaint), " "), program+": ")
	if strings.Contains(said, "No destinations added") {
		return &printing.Error{Problem: printing.NoPrinter}
	}
	if said == "" {
		said = exit.String()
	}
	return &printing.Error{Problem: printing.Refused, Name: program, Detail: said}
}
