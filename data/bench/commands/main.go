// Command commands measures whole commands of the program on the database that the
// command company made: how long each takes, from its start to its end, and the most
// memory that it had, by the system's own accounting. Each is compared with the same
// command on an empty database. It prints what benchmarks print.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "modernc.org/sqlite" // for the bare scan

	"klokkast/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "commands:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	m := measuring{out: out}
	flags := flag.NewFlagSet("commands", flag.ContinueOnError)
	flags.StringVar(&m.program, "program", "./klokkast", "the program that is measured")
	flags.StringVar(&m.dir, "dir", "", "folder of the company")
	flags.StringVar(&m.empty, "empty", "", "folder of a company that has hardly a punch")
	flags.DurationVar(&m.patience, "patience", 20*time.Minute, "when a command is given up")
	only := flags.String("only", "", "only commands whose names begin so")
	if err := flags.Parse(args); err != nil {
		return err
	}
	month, err := monthOf(m.dir)
	if err != nil {
		return err
	}
	if err := m.bareScan(ctx); err != nil {
		return err
	}
	for _, c := range commands(month) {
		if !strings.HasPrefix(c.name, *only) {
			continue
		}
		if err := m.command(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// command is one that is measured.
type command struct {
	name string
	args []string
	once bool // it changes the database, and does something else another time
	may  int  // exit code that is an answer too, such as a period that is refused
}

// commands are those of the screens that people see first, in the order in which they are
// measured: those that change something come last.
func commands(month app.Month) []command {
	return []command{
		{name: "today", args: []string{"today"}},
		{name: "ciao-status", args: []string{"ciao", "status"}},
		{name: "presences-month", args: []string{"presences", "--month", month.String()}},
		{name: "anomalies-open", args: []string{"anomalies"}},
		{name: "person-month", args: []string{"presences", "--month", month.String(), "--worker", "10001"}},
		{name: "site-month", args: []string{"presences", "--month", month.String(), "--site", "S0001"}},
		{name: "punches-day", args: []string{"punch", "list", "--from", month.Last().String(), "--to", month.Last().String()}},
		{name: "verify", args: []string{"verify"}},
		{name: "read-500", args: []string{"box", "read", "--box", "sim:boxes/fresh"}, once: true},
		{name: "today-after-reading", args: []string{"today"}, once: true},
		{name: "approve-month", args: []string{"approve", "--all", "--month", month.Add(-1).String()}, once: true, may: 1},
	}
}

// monthOf reads which is the last month of a company.
func monthOf(dir string) (app.Month, error) {
	var sign struct {
		Month app.Month `json:"month"`
	}
	b, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if err == nil {
		err = json.Unmarshal(b, &sign)
	}
	if err != nil {
		return app.Month{}, fmt.Errorf("read which company it is: %w", err)
	}
	return sign.Month, nil
}

type measuring struct {
	out                 io.Writer
	program, dir, empty string
	patience            time.Duration
	punches             int // in the database
}

// cost is what one run of a command took.
type cost struct {
	took, processor time.Duration // the second by all processors together
	peak            int64         // bytes; 0 where the system does not say
}

// command measures one command: after the system was asked to forget the files, and again.
func (m *measuring) command(ctx context.Context, c command) error {
	empty := cost{}
	if m.empty != "" && !c.once {
		var err error
		if empty, err = m.run(ctx, c, m.empty); err == nil {
			empty, err = m.run(ctx, c, m.empty)
		}
		if err != nil {
			return err
		}
		m.print(c.name+"/empty", empty, cost{})
	}
	cold := forget(m.database())
	first, err := m.run(ctx, c, m.dir)
	if err != nil {
		return err
	}
	switch {
	case c.once:
		m.print(c.name, first, empty)
		return nil
	case cold:
		m.print(c.name+"/cold", first, empty)
	}
	again, err := m.run(ctx, c, m.dir)
	if err != nil {
		return err
	}
	m.print(c.name+"/warm", again, empty)
	return nil
}

func (m *measuring) database() string { return filepath.Join(m.dir, "klokkast.db") }

// run runs a command on the database of a folder, and throws away what it says.
func (m *measuring) run(ctx context.Context, c command, dir string) (cost, error) {
	ctx, cancel := context.WithTimeout(ctx, m.patience)
	defer cancel()
	program, err := filepath.Abs(m.program)
	if err != nil {
		return cost{}, fmt.Errorf("find the program: %w", err)
	}
	cmd := exec.CommandContext(ctx, program, append([]string{"--db", "klokkast.db"}, c.args...)...)
	cmd.Dir = dir
	var said strings.Builder
	cmd.Stderr = &said
	started := time.Now()
	err = cmd.Run()
	took := time.Since(started)
	if err != nil && (c.may == 0 || cmd.ProcessState.ExitCode() != c.may) {
		return cost{}, fmt.Errorf("run it: %w: %s", err, said.String())
	}
	return cost{took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peakOf(cmd.ProcessState)}, nil
}

// print prints a result as benchmarks do. The ratio is that of the processors' time, which
// says nearly the same when the machine is busy.
func (m *measuring) print(name string, c, empty cost) {
	fmt.Fprintf(m.out, "Benchmark%s/%s-%d 1 %d ns/op %.3f s-processor", m.company(), name, runtime.GOMAXPROCS(0), c.took.Nanoseconds(), c.processor.Seconds())
	if c.peak > 0 {
		fmt.Fprintf(m.out, " %.0f MB-peak", float64(c.peak)/1e6)
	}
	if empty.took > 0 {
		fmt.Fprintf(m.out, " %.2f ×empty", c.processor.Seconds()/empty.processor.Seconds())
	}
	fmt.Fprintln(m.out)
}

// company names the company by its size: figures of another size are another work's.
func (m *measuring) company() string {
	if m.punches < 1000 {
		return fmt.Sprintf("Company%d", m.punches)
	}
	return fmt.Sprintf("Company%dk", m.punches/1000)
}

// bareScan goes through the rows of all punches and does nothing with them: what nobody can do quicker.
func (m *measuring) bareScan(ctx context.Context) error {
	path, err := filepath.Abs(m.database())
	if err != nil {
		return fmt.Errorf("find the database: %w", err)
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: "mode=ro"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer db.Close()
	started := time.Now()
	rows, err := db.QueryContext(ctx, `SELECT log, seq, at, shown, pressed FROM punch`)
	if err != nil {
		return fmt.Errorf("scan the punches: %w", err)
	}
	defer rows.Close()
	m.punches = 0
	for rows.Next() {
		var log, seq, at, shown, pressed int64
		if err := rows.Scan(&log, &seq, &at, &shown, &pressed); err != nil {
			return fmt.Errorf("scan the punches: %w", err)
		}
		m.punches++
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("scan the punches: %w", err)
	}
	fmt.Fprintf(m.out, "Benchmark%s/bare-scan-%d 1 %d ns/op\n", m.company(), runtime.GOMAXPROCS(0), time.Since(started).Nanoseconds())
	return nil
}
