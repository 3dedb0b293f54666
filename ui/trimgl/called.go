package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// set holds names.
type set map[string]bool

// called gives, by the folder of a binding in the upstream module (v2.1/gl), the
// names that the Go files under dir use of it. It reads every file whatever its
// build constraints: the module serves all systems.
func called(dir string) (map[string]set, error) {
	bindings := map[string]set{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") {
			return err
		}
		return calledBy(file, bindings)
	})
	if err == nil && len(bindings) == 0 {
		err = fmt.Errorf("nothing under %s imports %s", dir, upstream)
	}
	return bindings, err
}

func calledBy(file string, bindings map[string]set) error {
	fset := token.NewFileSet()
	imports, err := parser.ParseFile(fset, file, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	folders := map[string]string{} // by the name under which a file imports it
	for _, i := range imports.Imports {
		imported, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return err
		}
		folder, ok := strings.CutPrefix(imported, upstream+"/")
		if !ok {
			continue
		}
		name := path.Base(folder)
		if i.Name != nil {
			name = i.Name.Name
		}
		if name == "." || name == "_" {
			return fmt.Errorf("%s imports %s as %s: trimgl cannot tell what it uses", file, imported, name)
		}
		folders[name] = folder
	}
	if len(folders) == 0 {
		return nil
	}
	whole, err := parser.ParseFile(fset, file, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(whole, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			note(s, folders, bindings)
		}
		return true
	})
	return nil
}

// note remembers the name that a selector such as gl.Clear takes of a binding.
// Local variables of the import's name have an object in the parser's scopes.
func note(s *ast.SelectorExpr, folders map[string]string, bindings map[string]set) {
	x, ok := s.X.(*ast.Ident)
	if !ok || x.Obj != nil || folders[x.Name] == "" {
		return
	}
	folder := folders[x.Name]
	if bindings[folder] == nil {
		bindings[folder] = set{}
	}
	bindings[folder][s.Sel.Name] = true
}
