// Command trimgl makes the module ui/gl, which stands in for
// github.com/go-gl/gl (see the replace line in go.mod). Upstream binds every
// function of OpenGL and all its extensions: the C of that package alone took
// three minutes of a first build. Fyne calls some forty of its functions. trimgl
// takes the source of the version that go.mod requires and keeps what Fyne's
// sources name and what that needs in turn; in one place it changes a line (lookUpLate):
//
//	go generate ./ui/trimgl
//
// Where Fyne begins to call more, the build says what is undefined; where
// upstream or Fyne moves on, the test of this package says that ui/gl is not
// what trimgl would make.
package main

//go:generate go run . -out ../gl

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	upstream = "github.com/go-gl/gl" // MIT licence; its text is copied along
	fyne     = "fyne.io/fyne/v2"
)

func main() {
	out := flag.String("out", filepath.Join("ui", "gl"), "folder of the module; what is there is replaced")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "trimgl:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	files, err := trimmed()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// trimmed returns the files of the module, by their path in it.
func trimmed() (map[string][]byte, error) {
	toolkit, err := list("{{.Dir}}", fyne)
	if err != nil {
		return nil, err
	}
	from, err := fetch()
	if err != nil {
		return nil, err
	}
	bindings, err := called(toolkit)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"go.mod": goMod(from)}
	if files["LICENSE"], err = os.ReadFile(filepath.Join(from.Dir, "LICENSE")); err != nil {
		return nil, err
	}
	for binding, names := range bindings {
		if err := addPackage(files, from.Dir, binding, names); err != nil {
			return nil, fmt.Errorf("%s: %w", binding, err)
		}
	}
	return files, nil
}

// list asks the go command about a module that go.mod requires.
func list(format, path string) (string, error) {
	answer, err := exec.Command("go", "list", "-m", "-f", format, path).Output()
	if err != nil {
		return "", fmt.Errorf("ask about %s: %w", path, err)
	}
	return strings.TrimSpace(string(answer)), nil
}

// module is a module's source as the module cache has it; Sum is of its files.
type module struct{ Path, Version, Sum, Dir string }

// fetch returns upstream in the version that go.mod requires, past its
// replacement. The go command checks it against the public checksum database.
func fetch() (module, error) {
	m := module{Path: upstream}
	var err error
	if m.Version, err = list("{{.Version}}", upstream); err != nil {
		return m, err
	}
	elsewhere, err := os.MkdirTemp("", "trimgl")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(elsewhere)
	download := exec.Command("go", "mod", "download", "-json", m.Path+"@"+m.Version)
	download.Dir = elsewhere // outside the main module: no replacement holds there
	answer, err := download.Output()
	if err != nil {
		return m, &unreachableError{m.Path + " " + m.Version, err}
	}
	return m, json.Unmarshal(answer, &m)
}

// unreachableError says that upstream's source is neither in the module cache
// nor to be had from the network.
type unreachableError struct {
	what string
	err  error
}

func (e *unreachableError) Error() string { return "fetch " + e.what + ": " + e.err.Error() }
func (e *unreachableError) Unwrap() error { return e.err }

func goMod(from module) []byte {
	return fmt.Appendf(nil, `// Made by trimgl (ui/trimgl) of %s %s
// %s
//
// It holds what Fyne calls of that module; procaddr.go alone is changed. Its authors and licence: LICENSE.
module %s

go 1.12
`, from.Path, from.Version, from.Sum, from.Path)
}
