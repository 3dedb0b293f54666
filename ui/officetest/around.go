package officetest

import (
	"context"
	"os"
	"strings"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/printing"
	"klokkast/app/sending"
)

// Tray is a printing system that keeps what it was given.
type Tray struct {
	Has    []printing.Printer
	Jobs   []printing.Job
	Papers int // how many PDFs came
	Err    error
}

// Printers lists them.
func (s *Tray) Printers(context.Context) ([]printing.Printer, error) { return s.Has, nil }

// Keeps says that nothing is needed after Print.
func (s *Tray) Keeps() bool { return true }

// Print counts the PDFs.
func (s *Tray) Print(_ context.Context, files []string, job printing.Job) error {
	s.Jobs = append(s.Jobs, job)
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && strings.HasPrefix(string(b), "%PDF-") {
			s.Papers++
		}
	}
	return s.Err
}

// AtRegister connects every office that is opened from now on to a simulated
// register of the company's own time; the firm registers since 2026 began, and
// what is read measures the box's clock, else its punches would be held.
func (c *Company) AtRegister() *register.Register {
	t := c.t
	t.Helper()
	c.checks = true
	made := Must(credentials())(t)
	reg := Must(register.New(register.Options{Clients: []register.Credentials{made}, Now: func() time.Time { return c.now().Time() }}))(t)
	server := Must(reg.Listen("127.0.0.1:0"))(t)
	t.Cleanup(func() { _ = server.Close() })
	timing := ciao.DefaultTiming()
	timing.Gather, timing.LookUpAfter, timing.LookUpApart = time.Millisecond, time.Second, time.Second
	c.Parts.Exchange = sending.Exchange{
		Credential: &ciao.Credential{Environment: app.LocalSimulator, ClientID: made.ClientID, Key: made.PrivateKey, Base: server.Base, Token: server.Token},
		Clock:      clock{c}, Timing: timing, LockWork: lockWork,
	}
	c.office = nil
	c.Do(c.Office().Staff.SetRegistersSince(context.Background(), c.Firm.ID, c.At("2026-01-01 00:00"), Why))
	return reg
}

// credentials are those of every company: to make a key takes longer than most tests.
var credentials = sync.OnceValues(register.NewCredentials)

// Runs has the company's time go on from now on, as fast as everybody's.
func (c *Company) Runs() { c.began = time.Now() }

// clock shows the company's time, and sleeps in real time.
type clock struct{ c *Company }

func (k clock) Now() app.Instant { return k.c.now() }
func (k clock) Sleep(ctx context.Context, d time.Duration) error {
	return ciao.SystemClock{}.Sleep(ctx, d)
}
