package data_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

// BenchmarkSend sends 20,000 punches of 200 or 60 people of two employers to a register
// that takes 80 ms for each answer and is a process of its own, over real HTTP, from
// a real file in which so many other registrations are held beside them.
//
//	×loop       the time against a bare loop of the same requests to another register of that kind
//	×alone      the time against that with nothing held beside them
//	MB-more     growth of the process above what it is with the store open
//	MB-heap     of the heap alone
func BenchmarkSend(b *testing.B) {
	const punches = 20_000
	var alone time.Duration
	for _, of := range []struct{ people, beside int }{{200, 0}, {200, 20_000}, {200, 500_000}, {60, 0}} {
		people, beside := of.people, of.beside
		b.Run(fmt.Sprint("people=", people, "/beside=", beside), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				w := newWorld(b, people)
				w.time.now, w.time.runs = app.At(time.Now()), true
				w.batch, w.timing = ciao.DefaultBatch, ciao.DefaultTiming()
				if n := w.month(people, punches); n != punches {
					b.Fatalf("queued %d of %d", n, punches)
				}
				w.facts = ciao.PlanInput{}
				loop := w.bareLoop()
				w.server = w.slowRegister()
				w.hold(beside)
				before, stop := memoryOf(), make(chan struct{})
				peak := watchMemory(stop)
				b.StartTimer()
				begin := time.Now()
				report := w.send(0)
				took := time.Since(begin)
				b.StopTimer()
				close(stop)
				most := <-peak
				if report.Accepted != punches || w.storedElsewhere() != punches {
					b.Fatalf("the register holds %d, report %+v", w.storedElsewhere(), report)
				}
				if beside == 0 && people == 200 {
					alone = took
				}
				b.ReportMetric(punches/took.Seconds(), "registrations/s")
				b.ReportMetric(took.Seconds()/loop.Seconds(), "×loop")
				b.ReportMetric(took.Seconds()/alone.Seconds(), "×alone")
				b.ReportMetric(float64(max(most.process-before.process, 0))/1e6, "MB-more")
				b.ReportMetric(float64(max(most.heap-before.heap, 0))/1e6, "MB-heap")
				b.StartTimer()
			}
		})
	}
}

// TestRegisterProcess is no test of its own: it is the register of BenchmarkSend. It
// says where it is, and ends with its standard input.
func TestRegisterProcess(t *testing.T) {
	folder := os.Getenv("KLOKKAST_REGISTER_CREDENTIALS")
	if folder == "" {
		t.Skip("started by BenchmarkSend")
	}
	c, err := register.ReadCredentials(folder)
	if err != nil {
		t.Fatal(err)
	}
	r, err := register.New(register.Options{Clients: []register.Credentials{c}})
	if err != nil {
		t.Fatal(err)
	}
	for _, operation := range []string{"token", "register", "query"} {
		r.Add(register.Fault{Kind: register.Delay, Operation: operation, Seconds: 0.08})
	}
	s, err := r.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(s.URL)
	io.Copy(io.Discard, os.Stdin) //nolint:errcheck // it ended
	s.Close()                     //nolint:errcheck // as does this
}

// slowRegister starts a register that takes 80 ms, as a process of its own.
func (w *world) slowRegister() *register.Server {
	c, err := credentials()
	w.must(err)
	folder := w.t.TempDir()
	w.must(os.WriteFile(filepath.Join(folder, register.IDFile), []byte(c.ClientID), 0o600))
	w.must(os.WriteFile(filepath.Join(folder, register.KeyFile), c.PrivateKey, 0o600))
	p := exec.Command(os.Args[0], "-test.run=^TestRegisterProcess$")
	p.Env = append(os.Environ(), "KLOKKAST_REGISTER_CREDENTIALS="+folder)
	end, err := p.StdinPipe()
	w.must(err)
	out, err := p.StdoutPipe()
	w.must(err)
	w.must(p.Start())
	w.t.Cleanup(func() { end.Close(); p.Wait() }) //nolint:errcheck // it has nothing to say
	url, err := bufio.NewReader(out).ReadString('\n')
	w.must(err)
	url = strings.TrimSpace(url)
	return &register.Server{URL: url, Base: url + register.BasePath, Token: url + register.TokenPath}
}

// storedElsewhere is how many different registrations the register in another process holds.
func (w *world) storedElsewhere() int {
	res, err := http.Get(w.server.URL + register.AdminPath + "stats")
	w.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	w.must(err)
	of := func(what string) int {
		n, _ := strconv.Atoi(string(regexp.MustCompile(`"` + what + `":\s*(\d+)`).FindSubmatch(text)[1]))
		return n
	}
	if of("doubles") > 0 || of("together") > 1 {
		w.t.Fatalf("doubles, or more than one request at once: %s", text)
	}
	return of("stored")
}

// bareLoop is how long the register takes by itself: full requests of all that is
// queued, one after the other, and nothing is kept of them.
func (w *world) bareLoop() time.Duration {
	own := w.server
	defer func() { w.server = own }()
	w.server = w.slowRegister()
	client, err := ciao.NewClient(w.credential(), ciao.ClientOptions{LoopbackOnly: true})
	w.must(err)
	byEmployer := map[string][]app.Registration{}
	for _, r := range w.registrations(app.RegQueued) {
		byEmployer[r.Enterprise] = append(byEmployer[r.Enterprise], r)
	}
	_, err = client.CheckClock(w.t.Context()) // the token is not part of it
	begin := time.Now()
	for _, regs := range byEmployer {
		for len(regs) > 0 {
			n := min(len(regs), w.batch)
			if _, o := client.Register(w.t.Context(), regs[:n], nil); o.Code != "" {
				w.t.Fatal(o)
			}
			regs = regs[n:]
		}
	}
	w.must(err)
	return time.Since(begin)
}

// hold puts so many registrations beside those that are to be sent, of the same
// people and older: accepted ones, refused ones, and queued ones that may not go, each
// for another reason.
func (w *world) hold(n int) {
	if n == 0 {
		return
	}
	const parked = "0403170701"
	_, err := w.store.ChangeSender(w.t.Context(), app.LocalSimulator, nil, func(s *ciao.SenderState) {
		s.Parked = map[string]ciao.Parked{parked: {Since: 1, Problem: "missingPermission"}}
	})
	w.must(err)
	db, err := sqlx.Open("sqlite", w.path)
	w.must(err)
	defer db.Close()
	tx, err := db.Beginx()
	w.must(err)
	const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) `
	for _, text := range []string{
		`INSERT INTO record (log, seq, type, raw, reading) ` + numbers + `SELECT (SELECT max(id) FROM box_log), ?2 + i, 1, x'00', 1 FROM n`,
		numbers + `INSERT INTO registration (id, environment, log, seq, type, at, raw, worker, ssin_sealed, ssin_lookup, enterprise, declaration, created,
			state, not_before, needs_person, approved_by, look_ups, register_id, validity, answered, answer)
			SELECT printf('beside-%d', i), 'local-simulator', (SELECT max(id) FROM box_log), ?2 + i, 'IN', (?3 - i * 60000) / 1000 * 1000, ?3, g.worker, g.ssin_sealed, g.ssin_lookup,
			CASE i % 5 WHEN 0 THEN '` + parked + `' ELSE g.enterprise END, '1Y1003SQ5VSSZ', ?3,
			CASE i % 5 WHEN 3 THEN 'accepted' WHEN 4 THEN 'refused' ELSE 'queued' END, CASE i % 5 WHEN 1 THEN ?4 ELSE 0 END, i % 5 = 2,
			'', 0, CASE i % 5 WHEN 3 THEN 1000000000 + i END, CASE i % 5 WHEN 3 THEN 'valid' ELSE '' END,
			?3 - 1000000000 + i, CASE i % 5 WHEN 4 THEN 'no such declaration' WHEN 2 THEN '` + ciao.CodeByPhone + `' ELSE '' END
			FROM n JOIN (SELECT *, row_number() OVER () AS turn FROM registration WHERE seq BETWEEN 1 AND 200) g ON g.turn = 1 + i % 200`,
		numbers + `INSERT INTO attempt (id, environment, operation, outcome, status, started, ended)
			SELECT printf('beside-%d', i), 'local-simulator', 'one', 'answered', 200, ?3 - i, ?3 FROM n WHERE i % 10 = 0`,
	} {
		_, err := tx.Exec(text, n, 1_000_000, w.time.Now().Add(-30*24*time.Hour), w.time.Now().Add(50*time.Minute))
		w.must(err)
	}
	w.must(tx.Commit())
	sum, err := w.store.RegistrationSummary(w.t.Context(), app.LocalSimulator)
	w.must(err)
	if s := sum.States; s[app.RegAccepted] != n/5 || s[app.RegRefused] != n/5 || sum.NeedsPerson != n/5 {
		w.t.Fatalf("held beside are %v", s)
	}
	_, err = db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	w.must(err)
}

// memory is what a process uses, in bytes.
type memory struct{ process, heap int64 }

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// memoryNow reads it; where the system does not tell of the process, of the heap only.
func memoryNow() memory {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	m := memory{heap: int64(s.HeapAlloc)}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		kilobytes, _ := strconv.ParseInt(string(resident.FindSubmatch(status)[1]), 10, 64)
		m.process = kilobytes << 10
	}
	return m
}

// memoryOf reads it after what is not used any more was given back.
func memoryOf() memory {
	debug.FreeOSMemory()
	return memoryNow()
}

// watchMemory returns the most that was in use until stop is closed.
func watchMemory(stop <-chan struct{}) <-chan memory {
	peak := make(chan memory, 1)
	go func() {
		var most memory
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			m := memoryNow()
			most.process, most.heap = max(most.process, m.process), max(most.heap, m.heap)
			select {
			case <-stop:
				peak <- most
				return
			case <-tick.C:
			}
		}
	}()
	return peak
}
