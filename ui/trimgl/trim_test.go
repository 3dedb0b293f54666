package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const folder = "../gl"

// What stands in ui/gl is what trimgl makes of the versions in go.mod: nobody
// changed it by hand, and neither Fyne nor upstream moved on without it.
func TestTheModuleIsWhatTrimglMakes(t *testing.T) {
	made, err := trimmed()
	if unreachable := (*unreachableError)(nil); errors.As(err, &unreachable) {
		t.Skip("without network: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		there[name] = true
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !bytes.Equal(content, made[name]) {
			t.Errorf("ui/gl/%s is not what trimgl makes: go generate ./ui/trimgl", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range made {
		if !there[name] {
			t.Errorf("ui/gl lacks %s: go generate ./ui/trimgl", name)
		}
	}
}

// A build shows what is missing on its own system; this shows it for all of them.
func TestWhatFyneCallsOnAnySystemIsThere(t *testing.T) {
	toolkit, err := list("{{.Dir}}", fyne)
	if err != nil {
		t.Fatal(err)
	}
	bindings, err := called(toolkit)
	if err != nil {
		t.Fatal(err)
	}
	for _, binding := range []string{"v2.1/gl", "v3.1/gles2"} { // computers with Intel's and ARM's processors
		if len(bindings[binding]) < 50 {
			t.Errorf("of %s Fyne seems to use no more than %v", binding, bindings[binding])
		}
	}
	for binding, names := range bindings {
		source := ""
		for _, file := range []string{"package.go", "conversions.go"} {
			content, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(binding), file))
			if err != nil {
				t.Fatal(err)
			}
			source += string(content)
		}
		for name := range names {
			if !strings.Contains(source, "\nfunc "+name+"(") && !strings.Contains(source, "\n\t"+name+" ") {
				t.Errorf("%s has no %s", binding, name)
			}
		}
	}
}

const small = `// Package gl binds.
package gl

// #include <KHR/khrplatform.h>
// typedef unsigned int GLenum;
// extern void glowDebugCallback_gl21(GLenum source);
// static void APIENTRY glowCDebugCallback(GLenum source) {
//   glowDebugCallback_gl21(source);
// }
// typedef void  (APIENTRYP GPCLEAR)(GLenum  mask);
// typedef void  (APIENTRYP GPCLEARX)(GLenum  mask);
// static void  glowClear(GPCLEAR fnptr, GLenum  mask) {
//   (*fnptr)(mask);
// }
// static void  glowClearX(GPCLEARX fnptr, GLenum  mask) {
//   (*fnptr)(mask);
// }
import "C"
import "unsafe"

const (
	ONE   = 1
	ONE_X = 2
)

var (
	gpClear  C.GPCLEAR
	gpClearX C.GPCLEARX
)

// clears
func Clear(mask uint32) { C.glowClear(gpClear, (C.GLenum)(mask)) }

// clears more
func ClearX(mask uint32) { C.glowClearX(gpClearX, (C.GLenum)(mask)) }

func Init() error { return InitWithProcAddrFunc(getProcAddress) }

func InitWithProcAddrFunc(getProcAddr func(name string) unsafe.Pointer) error {
	gpClear = (C.GPCLEAR)(getProcAddr("glClear"))
	if gpClear == nil {
		return errors.New("glClear")
	}
	gpClearX = (C.GPCLEARX)(getProcAddr("glClearX"))
	if gpClearX == nil {
		return errors.New("glClearX")
	}
	return nil
}
`

func TestACutKeepsWhatIsNamedAndWhatThatNeeds(t *testing.T) {
	got, err := cut([]byte(small), set{"Clear": true, "ONE": true})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		mark, "// Package gl binds.", "typedef unsigned int GLenum", "GPCLEAR)(GLenum", "static void  glowClear(", "ONE = 1", "gpClear C.GPCLEAR",
		"// clears\nfunc Clear(", "func Init() error", `getProcAddr("glClear")`, `errors.New("glClear")`,
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("lost: %s\n%s", want, got)
		}
	}
	for _, not := range []string{"ClearX", "CLEARX", "ONE_X", "clears more", "DebugCallback"} {
		if strings.Contains(string(got), not) {
			t.Errorf("kept: %s\n%s", not, got)
		}
	}
}

func TestACutOfWhatUpstreamLacksFails(t *testing.T) {
	if _, err := cut([]byte(small), set{"Gone": true}); err == nil || !strings.Contains(err.Error(), "Gone") {
		t.Errorf("no error that names what is missing: %v", err)
	}
}

func TestNamesAreFoundWhateverTheImportIsCalled(t *testing.T) {
	dir := t.TempDir()
	source := `//go:build plan9
package x
import es "github.com/go-gl/gl/v3.1/gles2"
func f() { es.Clear(es.ONE) }
func g() { es := struct{ Local int }{}; _ = es.Local }
`
	if err := os.WriteFile(filepath.Join(dir, "x_windows.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	bindings, err := called(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := bindings["v3.1/gles2"]
	if len(bindings) != 1 || len(names) != 2 || !names["Clear"] || !names["ONE"] {
		t.Errorf("found %v", bindings)
	}
	if _, err := called(t.TempDir()); err == nil {
		t.Error("a toolkit that binds nothing passes for one")
	}
}
