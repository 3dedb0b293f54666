package documents

import (
	"context"
	"fmt"
	"io"

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

// WriteList writes a list for a spreadsheet, such as the refused lines of an import:
// into a folder under its name, or as a file whose name ends as that does. The
// trail notes under target that it was given out: it may hold numbers in full. It gives the file's path.
func (o *Exports) WriteList(ctx context.Context, out, name string, content []byte, replace bool, target string) (string, error) {
	guard := o.printer.outputs()
	path, err := guard.Place(out, name)
	if err != nil {
		return "", err
	}
	if err := o.work.Store.NoteAct(ctx, o.work.Act("list.write", target, "")); err != nil {
		return "", fmt.Errorf("note that a list was written: %w", err)
	}
	_, err = guard.Write(ctx, path, replace, output.CSV, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	return path, err
}
