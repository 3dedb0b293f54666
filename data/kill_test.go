package data

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klokkast/app"
)

// killEnv names the database that a child of the test writes until it is killed.
const killEnv = "KLOKKAST_TEST_KILL"

func TestMain(m *testing.M) {
	if path := os.Getenv(killEnv); path != "" {
		storeUntilKilled(path)
		return
	}
	os.Exit(m.Run())
}

// storeUntilKilled appends batches and says each one that was stored.
func storeUntilKilled(path string) {
	s, err := Open(context.Background(), path, testOptions(path))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	log := &testLog{s: s, key: app.LogKey{Box: fmt.Sprintf("%032x", 0x0CB10001), Log: fmt.Sprintf("%032x", 0x77)}, chain: map[uint64][32]byte{}}
	state, _ := s.LogState(context.Background(), log.key)
	log.last = state.Last.Seq
	log.chain[log.last] = state.Last.Hash
	if log.last == 0 {
		log.chain[0] = startOf(log.key.Box, log.key.Log)
	}
	if log.reading, err = app.NewID(); err != nil {
		os.Exit(1)
	}
	r := app.Reading{ID: log.reading, Log: log.key, Source: app.FromCable, State: app.ReadingRunning, Started: 1}
	if err := s.BeginReading(context.Background(), r, app.Box{UID: log.key.Box, Make: app.MakeOCB}); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for {
		batch := log.batch(log.next(700))
		if _, err := s.StoreBatch(context.Background(), batch); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("stored", batch.End.Seq)
	}
}

// A batch is whole or not there, and what was stored before the kill is there.
func TestKilledInTheMiddleOfABatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klokkast.db")
	s := openAt(t, path)
	newLog(t, s)
	must(t, s.Close())
	rounds := 20
	if testing.Short() {
		rounds = 3
	}
	for round := range rounds {
		told := killedRound(t, path, time.Duration(60+round*17)*time.Millisecond)
		s := openAt(t, path)
		state, err := s.LogState(t.Context(), app.LogKey{Box: fmt.Sprintf("%032x", 0x0CB10001), Log: fmt.Sprintf("%032x", 0x77)})
		must(t, err)
		var records, decoded int
		must(t, s.r.Get(&records, `SELECT count(*) FROM record`))
		must(t, s.r.Get(&decoded, `SELECT (SELECT count(*) FROM punch) + (SELECT count(*) FROM box_event)`))
		if uint64(records) != state.Last.Seq || records != decoded || records%700 != 0 || state.Last.Seq < told {
			t.Fatalf("round %d: %d records, %d decoded, mark %d, told of %d", round, records, decoded, state.Last.Seq, told)
		}
		must(t, s.Close())
	}
	if found := verified(t, openAt(t, path)); len(found) != 0 {
		t.Errorf("verify: %v", found)
	}
}

// killedRound returns the last sequence that the child said it had stored.
func killedRound(t *testing.T, path string, after time.Duration) (told uint64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killEnv+"="+path)
	var out strings.Builder
	cmd.Stdout = &out
	must(t, cmd.Start())
	time.Sleep(after + 150*time.Millisecond)
	must(t, cmd.Process.Kill())
	cmd.Wait()
	lines := strings.Split(out.String(), "\n")
	for _, line := range lines[:len(lines)-1] { // the last one may be torn
		if _, err := fmt.Sscanf(line, "stored %d", &told); err != nil {
			t.Fatalf("child: %s", out.String())
		}
	}
	return told
}
