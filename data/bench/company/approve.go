package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"klokkast/app"
)

// monthsOpen are the last months, which a company has not approved yet.
const monthsOpen = 2

// approve has the program approve the months of a company by its own command, all but the last ones.
func approve(ctx context.Context, o options) error {
	program, err := filepath.Abs(o.Approve)
	if err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	first := app.MonthOf(o.Until).Add(-o.Months)
	for i := range o.Months - monthsOpen {
		started := time.Now()
		month := first.Add(i)
		var said, wrong bytes.Buffer
		cmd := exec.CommandContext(ctx, program, "--db", filepath.Join(o.Dir, databaseName), "--json", "approve", "--all", "--month", month.String())
		cmd.Stdout, cmd.Stderr = &said, &wrong
		err := cmd.Run()
		var answer struct {
			Approved, Refused *int
		}
		if json.Unmarshal(said.Bytes(), &answer) != nil || answer.Approved == nil || answer.Refused == nil { // with 1 somebody was refused
			return fmt.Errorf("approve %s: %w: %s", month, err, wrong.Bytes())
		}
		fmt.Printf("%s: %d approved, %d refused, in %.1f s\n", month, *answer.Approved, *answer.Refused, time.Since(started).Seconds())
	}
	return nil
}
