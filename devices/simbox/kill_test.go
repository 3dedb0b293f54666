package simbox

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"klokkast/app"
)

const killedBox = "KLOKKAST_TEST_KILLED_BOX"

// TestTapUntilKilled is the child of TestKilled: it taps and confirms until it is killed.
func TestTapUntilKilled(t *testing.T) {
	dir := os.Getenv(killedBox)
	if dir == "" {
		t.Skip("runs as a child of TestKilled")
	}
	b, err := Open(dir, Options{Lazy: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		r, err := b.Tap(card(i), app.KeyIn)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("confirmed", r.Seq)
	}
}

// A process that is killed at any moment loses no tap that was confirmed, and
// its successor gives no number twice.
func TestKilled(t *testing.T) {
	dir := fresh(t, Factory{})
	confirmed := uint64(0)
	for round := range 6 {
		child := exec.Command(os.Args[0], "-test.run=^TestTapUntilKilled$")
		child.Env = append(os.Environ(), killedBox+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if text, ok := strings.CutPrefix(lines.Text(), "confirmed "); ok {
				seq, err := strconv.ParseUint(text, 10, 64)
				if err != nil {
					continue // the kill cut the line
				}
				if seq <= confirmed {
					t.Fatalf("sequence %d came again", seq)
				}
				confirmed = seq
			}
			if n == 40+round*97 {
				time.AfterFunc(time.Duration(round)*time.Millisecond, func() { _ = child.Process.Kill() })
			}
		}
		_ = child.Wait()
		b := on(t, dir, Options{Off: true})
		if got := log(t, b); uint64(len(got)) < confirmed || uint64(len(got)) != b.Counts().Last {
			t.Fatalf("round %d: %d records, %d confirmed", round, len(got), confirmed)
		}
		b.Close()
	}
	if confirmed < 500 {
		t.Errorf("only %d taps: the test tests little", confirmed)
	}
}
