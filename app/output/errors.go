package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Problem is what stands against writing to a path.
type Problem string

// What may stand against it. Only Foreign is a question: replacing helps.
const (
	Precious     Problem = "precious"     // a database, a key, or what belongs to them
	Foreign      Problem = "foreign"      // files that the program did not write
	OtherEnding  Problem = "ending"       // its name says that it is something else
	FolderWanted Problem = "folderWanted" // a file's name where several files are to go
	FileWanted   Problem = "fileWanted"   // a folder where a file is to go
	NoFolder     Problem = "noFolder"     // a file where a folder should be
	Special      Problem = "special"      // a device, a pipe, a socket
	LeadsNowhere Problem = "leadsNowhere" // a link to what is not there
	Occupied     Problem = "occupied"     // a folder that holds other things
)

// Error says that a file or a folder is not written, and why.
type Error struct {
	Problem Problem
	Path    string   // as it was asked for
	Paths   []string // of Foreign: all of them
	Ending  Ending   // of OtherEnding: the right one
}

// Error names the problem, and no path: it may hold a person's name.
func (e *Error) Error() string { return "output: " + string(e.Problem) }

// TextKey words it for the person who chose the path.
func (e *Error) TextKey() (string, map[string]any) {
	return "error.output." + string(e.Problem), map[string]any{
		"File": e.Path, "Name": filepath.Base(e.Path), "Folder": filepath.Dir(e.Path), "Ending": string(e.Ending), "Count": len(e.Paths),
	}
}

// failed makes an error of the system one without a path.
func failed(doing string, err error) error { return fmt.Errorf("%s: %w", doing, nameless(err)) }

// nameless takes the paths out of an error of the file system.
func nameless(err error) error {
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("%s: %w", path.Op, path.Err)
	case errors.As(err, &link):
		return fmt.Errorf("%s: %w", link.Op, link.Err)
	}
	return err
}
