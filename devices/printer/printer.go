// Package printer hands papers to the operating system's printers: by the
// commands lpstat and lp where there is CUPS (Linux, macOS), by the program
// that opens PDFs on Windows. Nothing of a paper's name or content goes into
// the name of the print job, which anyone at the printer reads.
package printer

// System prints through the operating system; it is a printing.System.
type System struct{}
