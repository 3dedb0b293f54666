package docs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is what every import of ours begins with.
const module = "klokkast"

// room is a package, or a folder of packages, and which of ours it may import.
// An entry that ends with /... means that folder and all below it.
type room struct {
	folder string
	may    []string
	tests  []string // what its tests may import besides
}

// rooms are the walls of the house: ui → app ← data, devices. A package belongs
// to the room with the longest folder that holds it. docs/architecture.md says
// what each is for.
var rooms = []room{
	{folder: "", may: []string{"ui/program"}},
	{folder: "docs"},
	{folder: "docs/bench"},
	{folder: "assets"},

	{folder: "app", tests: []string{"app/apptest"}}, // the words: none of the other rooms
	{folder: "app/apptest", may: []string{"app"}},
	{folder: "app/identity", may: []string{"app"}},
	{folder: "app/plan", may: []string{"app"}},
	{folder: "app/period", may: []string{"app"}, tests: []string{"app/attendance", "app/text/texttest"}},
	{folder: "app/reading", may: []string{"app"}},
	{folder: "app/filelog", may: []string{"app", "app/reading"}},
	{folder: "app/text", may: []string{"app", "app/identity"}},
	{folder: "app/text/texttest", may: []string{"app/text", "assets"}},
	{folder: "app/attendance", may: []string{"app", "app/identity", "app/plan"}, tests: []string{"app/apptest"}},
	{folder: "app/ciao", may: []string{"app", "app/identity"}, tests: []string{"app/apptest", "app/ciao/register", "app/sending", "assets"}},
	{folder: "app/ciao/register", may: []string{"app", "app/ciao", "app/identity"}},
	{folder: "app/dossier", may: []string{"app", "app/ciao", "app/identity"}, tests: []string{"app/text/texttest"}},
	{folder: "app/importing", may: []string{"app", "app/identity", "app/reading"}, tests: []string{"app/apptest", "app/text"}},
	{folder: "app/store", may: []string{"app", "app/ciao", "app/dossier", "app/filelog", "app/importing", "app/reading"}},
	{folder: "app/output"},
	{folder: "app/printing"},
	{folder: "app/plot"},
	{
		folder: "app/timesheet",
		may:    []string{"app", "app/identity", "app/period", "app/timesheet/paper"},
		tests:  []string{"app/attendance", "app/text/...", "assets"},
	},
	{folder: "app/timesheet/paper", may: []string{"app/plot"}, tests: []string{"app", "app/text/texttest", "app/timesheet", "assets"}},
	{
		folder: "app/papers",
		may:    []string{"app", "app/ciao", "app/dossier", "app/identity", "app/plot", "app/reading", "app/timesheet/paper"},
		tests:  []string{"app/text/...", "assets"},
	},
	{folder: "app/export", may: []string{"app", "app/timesheet"}, tests: []string{"app/period", "app/text/texttest"}},
	{folder: "app/workspace", may: []string{"app", "app/attendance", "app/ciao", "app/identity", "app/store"}},
	{folder: "app/derived", may: []string{"app", "app/attendance", "app/ciao", "app/period", "app/plan", "app/store", "app/workspace"}},
	{
		folder: "app/acts",
		may:    []string{"app", "app/attendance", "app/ciao", "app/derived", "app/filelog", "app/identity", "app/period", "app/plan", "app/store", "app/workspace"},
	},
	{folder: "app/sending", may: []string{"app", "app/acts", "app/attendance", "app/ciao", "app/derived", "app/dossier", "app/store", "app/workspace"}},
	{
		folder: "app/boxes",
		may:    []string{"app", "app/acts", "app/ciao", "app/derived", "app/filelog", "app/identity", "app/importing", "app/reading", "app/sending", "app/store", "app/workspace"},
	},
	{
		folder: "app/documents",
		may: []string{
			"app",
			"app/acts",
			"app/attendance",
			"app/boxes",
			"app/ciao",
			"app/derived",
			"app/dossier",
			"app/export",
			"app/output",
			"app/papers",
			"app/period",
			"app/printing",
			"app/sending",
			"app/store",
			"app/timesheet",
			"app/timesheet/paper",
			"app/workspace",
		},
	},
	{
		folder: "app/office",
		may: []string{
			"app",
			"app/acts",
			"app/boxes",
			"app/derived",
			"app/documents",
			"app/output",
			"app/printing",
			"app/sending",
			"app/store",
			"app/workspace",
		},
		tests: []string{
			"app/ciao/register",
			"app/text/...",
			"assets",
			"data",
			"data/datatest",
			"devices/...",
			"ui/wording",
			"app/attendance",
			"app/ciao",
			"app/dossier",
			"app/export",
			"app/filelog",
			"app/identity",
			"app/papers",
			"app/period",
			"app/reading",
			"app/timesheet",
			"app/timesheet/paper",
		},
	},

	{
		folder: "data",
		may:    []string{"app", "app/ciao", "app/dossier", "app/filelog", "app/importing", "app/reading", "app/store"},
		tests:  []string{"app/ciao/register", "data/datatest"},
	},
	{folder: "data/datatest", tests: []string{"app", "data"}},
	{folder: "data/bench", tests: []string{"app", "app/attendance", "app/office", "app/store", "data"}},
	{folder: "data/bench/commands", may: []string{"app"}},
	{folder: "data/bench/company", may: []string{"app", "data", "devices/ocb", "devices/simbox"}, tests: []string{"app/ciao", "app/identity", "app/store"}},

	{folder: "devices", may: []string{"app", "app/filelog", "app/reading", "devices/..."}},
	{folder: "devices/lines"},
	{folder: "devices/machine"},
	{folder: "devices/printer", may: []string{"app/printing"}},

	{folder: "ui/program", may: []string{"app/...", "assets", "data", "devices/...", "ui/..."}}, // puts the parts together, and knows them all
	{folder: "ui/wording", may: []string{"app/..."}, tests: []string{"app/text/texttest"}},
	{folder: "ui/cli", may: []string{"app/...", "ui/wording", "ui/demo", "ui/display"}, tests: []string{"assets", "devices/simbox", "ui/officetest"}},
	{
		folder: "ui/officetest",
		may:    []string{"app/...", "assets", "data", "data/datatest", "devices/..."},
	},
	{
		folder: "ui/demo",
		may:    []string{"app", "app/acts", "app/boxes", "app/derived", "app/documents", "app/importing", "app/office", "app/store", "app/workspace"},
		tests:  []string{"app/identity"},
	},
	{folder: "ui/display"},
	{folder: "ui/trimgl"},
	{folder: "ui/window", may: []string{"app/...", "ui/wording", "ui/window/..."}, tests: []string{"assets", "ui/officetest"}},
	// A screen is a room of its own, above the kit and beside all others: what one
	// opens in another goes by the host of the kit.
	{folder: "ui/window/kit", may: []string{"app/...", "ui/wording", "ui/window/field", "ui/window/grid"}},
	{folder: "ui/window/kit/kittest", may: []string{"app/...", "assets", "ui/officetest", "ui/window/field", "ui/window/grid", "ui/window/kit"}},
	{
		folder: "ui/window/anomalies",
		may:    []string{"app/...", "ui/wording", "ui/window/dayline", "ui/window/field", "ui/window/grid", "ui/window/kit"},
		tests:  []string{"devices/simbox", "ui/officetest", "ui/window/kit/kittest"},
	},
	{
		folder: "ui/window/boxes",
		may:    []string{"app/...", "ui/wording", "ui/window/field", "ui/window/grid", "ui/window/kit"},
		tests:  []string{"devices/simbox", "ui/officetest", "ui/window/kit/kittest"},
	},
	{
		folder: "ui/window/plan",
		may:    []string{"app/...", "ui/wording", "ui/window/field", "ui/window/grid", "ui/window/kit"},
		tests:  []string{"ui/window/kit/kittest"},
	},
	{
		folder: "ui/window/punches",
		may:    []string{"app/...", "ui/window/field", "ui/window/grid", "ui/window/kit"},
		tests:  []string{"ui/officetest", "ui/window/kit/kittest"},
	},
	{
		folder: "ui/window/register",
		may:    []string{"app/...", "ui/wording", "ui/window/field", "ui/window/grid", "ui/window/kit"},
		tests:  []string{"ui/officetest", "ui/window/kit/kittest"},
	},
	{
		folder: "ui/window/settings",
		may:    []string{"app/...", "ui/window/field", "ui/window/kit"},
		tests:  []string{"assets", "ui/officetest", "ui/window/kit/kittest"},
	},
	{
		folder: "ui/window/sheets",
		may:    []string{"app/...", "ui/wording", "ui/window/field", "ui/window/grid", "ui/window/kit"},
		tests:  []string{"assets", "ui/officetest", "ui/window/kit/kittest"},
	},
	{
		folder: "ui/window/sites",
		may:    []string{"app/...", "ui/wording", "ui/window/field", "ui/window/grid", "ui/window/kit"},
		tests:  []string{"ui/officetest", "ui/window/kit/kittest"},
	},
	{
		folder: "ui/window/staff",
		may:    []string{"app/...", "ui/wording", "ui/window/field", "ui/window/grid", "ui/window/kit"},
		tests:  []string{"ui/officetest", "ui/window/kit/kittest"},
	},
	{
		folder: "ui/window/today",
		may:    []string{"app/...", "ui/wording", "ui/window/field", "ui/window/grid", "ui/window/kit"},
		tests:  []string{"ui/officetest", "ui/window/kit/kittest"},
	},
	{folder: "ui/window/dayline", may: []string{"app"}},
	{folder: "ui/window/field", may: []string{"app"}},
	{folder: "ui/window/grid"},
}

// libraries have a room of their own: nobody else imports them or what is below them.
var libraries = map[string][]string{
	"fyne.io/fyne/v2/app":       {""},
	"fyne.io/fyne/v2/container": {"ui/window"},
	"fyne.io/fyne/v2/dialog":    {"ui/window"},
	"fyne.io/fyne/v2/widget":    {"ui/window"},
	"github.com/karalabe/usb":   {"devices/usbport"},
	"github.com/go-pdf/fpdf":    {"app/timesheet/paper"},
	"github.com/jmoiron/sqlx":   {"data"},
	"github.com/pressly/goose":  {"data"},
	"modernc.org/sqlite":        {"data"},
	"database/sql":              {"data"},
}

func TestWalls(t *testing.T) {
	for _, p := range packages(t) {
		name := within(p.ImportPath)
		r := roomOf(name)
		if r == nil {
			t.Errorf("%s has no row in docs/walls_test.go: say what it may import", p.ImportPath)
			continue
		}
		for _, path := range p.Imports {
			if why := r.refuses(name, path, r.may); why != "" {
				t.Error(why)
			}
		}
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			if strings.HasPrefix(path, module) {
				if why := r.refuses(name, path, slices.Concat(r.may, r.tests)); why != "" {
					t.Errorf("a test of %s", why)
				}
			}
		}
	}
}

// A row, or a name in it, that nothing needs any more is a wall with a hole.
func TestWallsHaveNoHoles(t *testing.T) {
	list := packages(t)
	for i := range rooms {
		r := &rooms[i]
		used := map[string]bool{}
		lives := false
		for _, p := range list {
			if roomOf(within(p.ImportPath)) != r {
				continue
			}
			lives = true
			for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
				used[within(path)] = strings.HasPrefix(path, module)
			}
		}
		if !lives {
			t.Errorf("the room %q is empty", r.folder)
		}
		for _, may := range slices.Concat(r.may, r.tests) {
			needed := false
			for name, ours := range used {
				needed = needed || ours && matches(may, name)
			}
			if !needed {
				t.Errorf("nothing in %q imports %s any more", r.folder, may)
			}
		}
	}
}

func TestAWallThatIsBrokenIsNamed(t *testing.T) {
	for _, c := range []struct{ in, imports, want string }{
		{"data", "klokkast/app/office", "data imports app/office: only app, app/ciao, app/dossier, app/filelog, app/importing, app/reading, app/store may come in (docs/walls_test.go)"},
		{"app", "klokkast/app/ciao", "app imports app/ciao: only nothing of ours may come in (docs/walls_test.go)"},
		{"devices/host", "klokkast/devices/ocb", ""},
		{"devices/host", "github.com/karalabe/usb", "devices/host imports github.com/karalabe/usb: only devices/usbport may (docs/walls_test.go)"},
		{"devices/usbport", "github.com/karalabe/usb", ""},
		{"ui/cli", "fyne.io/fyne/v2/widget", "ui/cli imports fyne.io/fyne/v2/widget: only ui/window may (docs/walls_test.go)"},
		{"ui/window/grid", "fyne.io/fyne/v2/widget", ""},
		{"ui/window/staff", "klokkast/ui/window/sites",
			"ui/window/staff imports ui/window/sites: only app/..., ui/wording, ui/window/field, ui/window/grid, ui/window/kit may come in (docs/walls_test.go)"},
		{"ui/window/kit", "klokkast/ui/window/staff",
			"ui/window/kit imports ui/window/staff: only app/..., ui/wording, ui/window/field, ui/window/grid may come in (docs/walls_test.go)"},
		{"ui/window", "fyne.io/fyne/v2/app", "ui/window imports fyne.io/fyne/v2/app: only the top may (docs/walls_test.go)"},
		{"app/attendance", "database/sql/driver", "app/attendance imports database/sql/driver: only data may (docs/walls_test.go)"},
	} {
		r := roomOf(c.in)
		if got := r.refuses(c.in, c.imports, r.may); got != c.want {
			t.Errorf("%s, %s:\n%q, want\n%q", c.in, c.imports, got, c.want)
		}
	}
}

// refuses says which wall an import breaks; "" for none.
func (r *room) refuses(name, path string, may []string) string {
	for library, owners := range libraries {
		if matches(library+"/...", path) && !slices.ContainsFunc(owners, func(o string) bool { return name == o || o != "" && matches(o+"/...", name) }) {
			who := strings.Join(owners, ", ")
			if who == "" {
				who = "the top"
			}
			return fmt.Sprintf("%s imports %s: only %s may (docs/walls_test.go)", name, path, who)
		}
	}
	if path != module && !strings.HasPrefix(path, module+"/") {
		return ""
	}
	imported := within(path)
	if imported == name || slices.ContainsFunc(may, func(m string) bool { return matches(m, imported) }) {
		return ""
	}
	who := strings.Join(may, ", ")
	if who == "" {
		who = "nothing of ours"
	}
	return fmt.Sprintf("%s imports %s: only %s may come in (docs/walls_test.go)", name, imported, who)
}

// matches says that a pattern such as app or app/... holds a path.
func matches(pattern, path string) bool {
	folder, below := strings.CutSuffix(pattern, "/...")
	return path == folder || below && strings.HasPrefix(path, folder+"/")
}

// roomOf finds the room of a package; nil for none.
func roomOf(name string) (found *room) {
	for i := range rooms {
		r := &rooms[i]
		if (r.folder == name || r.folder != "" && strings.HasPrefix(name, r.folder+"/")) && (found == nil || len(r.folder) > len(found.folder)) {
			found = r
		}
	}
	return found
}

// within is a package's path in the module; "" for the top.
func within(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, module), "/") }

// listed is a package as go list names it.
type listed struct {
	ImportPath, Dir, Doc               string
	Imports, TestImports, XTestImports []string
}

// packages lists ours, with a window and without one.
func packages(t *testing.T) (all []listed) {
	t.Helper()
	for _, tags := range []string{"migrated_fynedo", "nowindow"} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-tags", tags, "-json=ImportPath,Dir,Doc,Imports,TestImports,XTestImports", module+"/...").
			Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		for d := json.NewDecoder(bytes.NewReader(out)); ; {
			var p listed
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
		}
	}
	if len(all) < 40 {
		t.Fatalf("go list names %d packages", len(all))
	}
	for _, p := range all { // else go test would keep an old answer: it does not see what go list reads
		files, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if _, err := os.Stat(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}
