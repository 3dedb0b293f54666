package output

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	slashpath "path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ownWriters are the files of the program that write without asking a Guard, and
// why they may: the path is the program's own, or what they write is no file.
// Whoever writes where a person says belongs to this package instead.
func ownWriters() map[string]string {
	return map[string]string{
		"app/output/output.go":                "the Guard itself",
		"app/documents/print_sheets.go":       "a new temporary folder, removed when it is printed",
		"ui/program/simulate.go":              "a new temporary folder; marks in a demo's own folder, past Guard.Home",
		"ui/program/office.go":                "a new temporary folder for what only looks, removed when it has looked",
		"ui/demo/demo.go":                     "what a demo keeps in its own folder, past Guard.Home",
		"ui/window/sheets/sheets.go":          "makes the folder of timesheets before it is opened",
		"app/ciao/register/credentials.go":    "the simulated register's own folder, past Guard.Home",
		"app/ciao/register/register.go":       "the simulated register's own folder, past Guard.Home",
		"data/store.go":                       "the database",
		"data/migrate.go":                     "the database, and a copy of it under a name that is not taken",
		"data/key.go":                         "the database's key, where none is",
		"data/kept.go":                        "what was derived of the database, beside it; it may be thrown away",
		"data/witness.go":                     "what was last sent, in the program's own folder",
		"devices/host/keys.go":                "the keys of boxes, in their own folder",
		"devices/simbox/memory.go":            "a simulated box's own folder, past Guard.Home",
		"devices/simbox/box.go":               "a simulated box's own folder",
		"devices/simbox/store.go":             "a simulated box's own folder",
		"devices/gadget/function_linux.go":    "the kernel's settings of a USB function",
		"devices/usbip/attach_linux.go":       "the kernel's settings of USB over IP",
		"devices/usbtest/init/main.go":        "the file system of a virtual machine of tests",
		"data/datatest/datatest.go":           "databases of tests, in temporary folders; the program does not import it",
		"data/bench/company/company.go":       "a new folder for a database to measure; the program does not import it",
		"docs/bench/main.go":                  "the figures that are committed; the program does not import it",
		"data/bench/commands/forget_linux.go": "a database that is measured, in which it writes nothing; the program does not import it",
		"ui/trimgl/main.go":                   "a tool of the build, which writes a binding of OpenGL into the build's folder",
		"ui/officetest/company.go":            "folders of tests; the program does not import it",
		"ui/officetest/cables.go":             "folders of tests; the program does not import it",
		"ui/window/kit/kittest/sheets.go":     "files of tests; the program does not import it",
	}
}

// writing are the functions that make, replace or remove what is on the disk.
func writing() map[string][]string {
	return map[string][]string{
		"os": {
			"Create",
			"CreateTemp",
			"WriteFile",
			"OpenFile",
			"Rename",
			"Remove",
			"RemoveAll",
			"Mkdir",
			"MkdirAll",
			"MkdirTemp",
			"Link",
			"Symlink",
			"Truncate",
			"CopyFS",
			"OpenRoot",
			"OpenInRoot",
		},
		"ioutil": {
			"WriteFile",
			"TempFile",
			"TempDir",
		}, "syscall": {"Open", "Creat", "Rename", "Unlink"}, "unix": {"Open", "Openat", "Creat", "Rename", "Unlink"},
		"dialog": {"NewFileSave", "ShowFileSave"}, "storage": {"Writer", "Appender", "Delete", "CreateListable"}, // of Fyne
	}
}

// methods of libraries that write a file by its path.
func writingMethods() []string {
	return []string{"SaveAs", "OutputFileAndClose", "WriteToFile"}
}

// Every file of the program that writes does so through a Guard, or stands in the list with its reason.
func TestEveryWriterIsKnown(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		name := filepath.ToSlash(must1(filepath.Rel(root, path)))
		calls := writersIn(t, path)
		if len(calls) > 0 {
			found[name] = true
		}
		if ownWriters()[name] == "" {
			for _, c := range calls {
				t.Errorf("%s: %s writes past output.Guard. Let a Guard write what goes where a person says; else say in ownWriters why not.", name, c)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range ownWriters() {
		if !found[name] {
			t.Errorf("%s writes nothing any more: take it off the list", name)
		}
	}
}

// A writer is found however it is called: over a renamed import, too.
func TestWritersAreFound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.go")
	source := "package x\nimport system \"os\"\nfunc f(b interface{ SaveAs(string) error }) { _ = system.WriteFile(\"a\", nil, 0); _ = b.SaveAs(\"b\"); g := system.Create; _ = g; system.Getenv(\"c\") }\n"
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := writersIn(t, path); !slices.Equal(got, []string{"os.WriteFile", "SaveAs", "os.Create"}) {
		t.Errorf("%v", got)
	}
}

// writersIn returns the writing functions that a file uses.
func writersIn(t *testing.T, path string) (found []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	packages := map[string]string{} // by the name that the file gives them
	for _, i := range file.Imports {
		base := slashpath.Base(strings.Trim(i.Path.Value, `"`))
		name := base
		if i.Name != nil {
			name = i.Name.Name
		}
		packages[name] = base
	}
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && slices.Contains(writing()[packages[x.Name]], s.Sel.Name) {
			found = append(found, packages[x.Name]+"."+s.Sel.Name)
		} else if slices.Contains(writingMethods(), s.Sel.Name) {
			found = append(found, s.Sel.Name)
		}
		return true
	})
	return found
}

func must1(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}
