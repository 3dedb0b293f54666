package documents

import (
	"context"

	"klokkast/app/output"
)

// outputs decides where files go that people ask for.
func (o *Printer) outputs() *output.Guard { return &output.Guard{Own: o.Own, Memory: outputMemory{o}} }

// outputMemory keeps in the store what was written.
type outputMemory struct{ o *Printer }

// Wrote implements output.Memory.
func (m outputMemory) Wrote(ctx context.Context, hash string) (bool, error) {
	return m.o.work.Store.WroteOutput(ctx, hash)
}

// NoteWritten implements output.Memory.
func (m outputMemory) NoteWritten(ctx context.Context, hash string) error {
	return m.o.work.Store.NoteOutput(ctx, hash, m.o.work.Now())
}
