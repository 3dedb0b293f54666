package boxes

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/importing"
	"klokkast/app/workspace"
)

// Files are taken in: of boxes without a cable, and lists from other programs.
type Files struct {
	work    *workspace.Workspace
	derived *derived.Cache
	boxes   *Boxes
}

// NewFiles puts it together.
func NewFiles(work *workspace.Workspace, derived *derived.Cache, boxes *Boxes) *Files {
	return &Files{work: work, derived: derived, boxes: boxes}
}

// ImportStaff reads a staff list (CSV) and keeps what is new or changed;
// without apply it only says what it would do.
func (o *Files) ImportStaff(ctx context.Context, path string, apply bool) (*importing.Report, error) {
	return o.importFile(ctx, path, apply, "staff list", importing.ImportStaff)
}

// ImportSites reads a list of sites (CSV), as ImportStaff does.
func (o *Files) ImportSites(ctx context.Context, path string, apply bool) (*importing.Report, error) {
	return o.importFile(ctx, path, apply, "site list", importing.ImportSites)
}

// ImportAbsences reads a list of absences (CSV), as ImportStaff does. What is
// noted already is not noted twice.
func (o *Files) ImportAbsences(ctx context.Context, path string, apply bool) (*importing.Report, error) {
	return o.importFile(ctx, path, apply, "absence list", importing.ImportAbsences)
}

// ImportDeclarations reads a list of declarations of works and of the sites that
// they cover, as ImportStaff does.
func (o *Files) ImportDeclarations(ctx context.Context, path string, apply bool) (*importing.Report, error) {
	return o.importFile(ctx, path, apply, "declaration list", importing.ImportDeclarations)
}

type importer func(context.Context, importing.Store, io.Reader, importing.Options, bool) (*importing.Report, error)

func (o *Files) importFile(ctx context.Context, path string, apply bool, what string, do importer) (*importing.Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the list: %w", err)
	}
	defer f.Close()
	report, err := do(ctx, o.work.Store, f, importing.Options{Now: o.work.Now(), Zone: app.Belgium(), Actor: o.work.Actor(), Why: what, File: filepath.Base(path)}, apply)
	if err == nil && apply && report.New+report.Changed > 0 {
		o.work.Changed()
	}
	return report, err
}
