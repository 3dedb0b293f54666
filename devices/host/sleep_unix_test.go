//go:build unix

package host_test

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// asleep is how long the computer of TestSleep sleeps: longer than any patience of its driver.
const asleep = 1500 * time.Millisecond

// A computer that sleeps in the middle of a reading has waited long when it
// wakes up, but the box did nothing wrong: the reading goes on.
func TestSleep(t *testing.T) {
	if os.Getenv("SLEEPER") == "" {
		sleeper := exec.Command(os.Args[0], "-test.run", "^TestSleep$", "-test.v")
		sleeper.Env = append(os.Environ(), "SLEEPER=1")
		done := make(chan struct{})
		var out []byte
		var err error
		pid := make(chan int, 1)
		go func() {
			defer close(done)
			out, err = outputOf(sleeper, pid)
		}()
		child := <-pid
		for range 2 {
			time.Sleep(700 * time.Millisecond)
			_ = syscall.Kill(child, syscall.SIGSTOP)
			time.Sleep(asleep)
			_ = syscall.Kill(child, syscall.SIGCONT)
		}
		<-done
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	b, _ := newBox(t, simbox.Factory{})
	past(t, b, 4000)
	near, far := port.Pair()
	go b.Serve(far)
	timing := quick
	timing.Answer, timing.Progress, timing.Silence = asleep/3, asleep/3, asleep/3
	h, err := host.Open(t.Context(), port.Paced(near, time.Millisecond), host.Options{Timing: timing}) // 2.3 s awake
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	begun := time.Now()
	c, err := h.Chunk(t.Context(), reading.Chain{}, 4000)
	if err != nil || len(c.Records) != 4000 {
		t.Errorf("%d records, %v", len(c.Records), err)
	}
	if d := time.Since(begun); d < asleep {
		t.Errorf("it never slept: %s", d)
	}
}

// outputOf runs a command, and tells its process id.
func outputOf(c *exec.Cmd, pid chan<- int) ([]byte, error) {
	f, err := os.CreateTemp("", "sleeper")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	c.Stdout, c.Stderr = f, f
	if err := c.Start(); err != nil {
		return nil, err
	}
	pid <- c.Process.Pid
	err = c.Wait()
	out, _ := os.ReadFile(f.Name())
	return out, err
}
