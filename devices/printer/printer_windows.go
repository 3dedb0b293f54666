package printer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"klokkast/app/printing"
)

// Where Windows keeps a user's printers and which of them is the default.
const (
	printersKey = `Software\Microsoft\Windows NT\CurrentVersion\Devices`
	defaultKey  = `Software\Microsoft\Windows NT\CurrentVersion\Windows`
)

// Keeps is false: the PDF program reads the files when it has started.
func (System) Keeps() bool { return false }

// Printers reads the user's printers, in the order of their names.
func (System) Printers(context.Context) ([]printing.Printer, error) {
	k, err := registry.OpenKey(registry.CURRENT_USER, printersKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the printers: %w", err)
	}
	defer k.Close()
	names, err := k.ReadValueNames(0)
	if err != nil {
		return nil, fmt.Errorf("list the printers: %w", err)
	}
	standard := defaultPrinter()
	var printers []printing.Printer
	for _, name := range names {
		printers = append(printers, printing.Printer{Name: name, Default: name == standard})
	}
	slices.SortFunc(printers, func(a, b printing.Printer) int { return strings.Compare(a.Name, b.Name) })
	return printers, nil
}

// defaultPrinter reads "NAME,winspool,Ne00:"; "" where none was ever chosen.
func defaultPrinter() string {
	k, err := registry.OpenKey(registry.CURRENT_USER, defaultKey, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer k.Close()
	device, _, err := k.GetStringValue("Device")
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(device, ",")
	return name
}

// Print asks the program that opens PDFs to print them. What it prints on, but
// for the printer, is its own to say.
func (System) Print(ctx context.Context, files []string, job printing.Job) error {
	if job.BothSides || job.Copies > 1 {
		return &printing.Error{Problem: printing.NoSides}
	}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("print: %w", err)
		}
		if err := printTo(f, job.Printer); err != nil {
			return &printing.Error{Problem: printing.NoProgram, Name: "PDF", Detail: err.Error()}
		}
	}
	return nil
}

func printTo(file, printer string) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return fmt.Errorf("find the file to print: %w", err)
	}
	verb, err := windows.UTF16PtrFromString("printto")
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	args, err := windows.UTF16PtrFromString(`"` + printer + `"`)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, verb, name, args, nil, windows.SW_HIDE)
}
