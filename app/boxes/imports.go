package boxes

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/importing"
	"klokkast/app/workspace"
)

// Files are taken in: of boxes without a cable, and lists from other programs.
type Files struct {
	work    *workspace.Workspace
	derived *derived.Cache
	boxes   *Boxes
	judge   *acts.Judgements // says what a change means for people
}

// NewFiles puts it together.
func NewFiles(work *workspace.Workspace, derived *derived.Cache, boxes *Boxes, judge *acts.Judgements) *Files {
	return &Files{work: work, derived: derived, boxes: boxes, judge: judge}
}

// ImportStaff reads a staff list (CSV or xlsx) and keeps what is new or changed;
// without apply it only says what it would do.
func (o *Files) ImportStaff(ctx context.Context, path string, apply bool) (*importing.Report, error) {
	return o.ImportList(ctx, importing.StaffList, path, ListOptions{Apply: apply})
}

// ImportSites reads a list of sites, as ImportStaff does.
func (o *Files) ImportSites(ctx context.Context, path string, apply bool) (*importing.Report, error) {
	return o.ImportList(ctx, importing.SiteList, path, ListOptions{Apply: apply})
}

// ImportAbsences reads a list of absences, as ImportStaff does. What is noted
// already is not noted twice.
func (o *Files) ImportAbsences(ctx context.Context, path string, apply bool) (*importing.Report, error) {
	return o.ImportList(ctx, importing.AbsenceList, path, ListOptions{Apply: apply})
}

// ImportDeclarations reads a list of declarations of works and of the sites that
// they cover, as ImportStaff does.
func (o *Files) ImportDeclarations(ctx context.Context, path string, apply bool) (*importing.Report, error) {
	return o.ImportList(ctx, importing.DeclarationList, path, ListOptions{Apply: apply})
}

// ListOptions say how a list is taken in.
type ListOptions struct {
	Apply   bool   // false only says what it would do
	Profile string // by which it is read; "" is one whose titles are all there, or the titles that everybody knows
	// Declaration is that of a list of registrations whose rows name none, ReadTo up to when such a list has all; zero: up to its last row.
	Declaration string
	ReadTo      app.Instant
}

type importer func(context.Context, importing.Store, io.Reader, importing.Options, bool) (*importing.Report, error)

// importers are the imports by kind of list, and what the trail calls each list.
func importers(kind importing.ListKind) (do importer, what string) {
	switch kind {
	case importing.SiteList:
		return importing.ImportSites, "site list"
	case importing.AbsenceList:
		return importing.ImportAbsences, "absence list"
	case importing.DeclarationList:
		return importing.ImportDeclarations, "declaration list"
	case importing.RegistrationList:
		return importing.ImportRegistrations, "list of registrations"
	}
	return importing.ImportStaff, "staff list"
}

// ImportList reads a list of a kind and keeps what is new or changed, or only says so.
func (o *Files) ImportList(ctx context.Context, kind importing.ListKind, path string, opt ListOptions) (*importing.Report, error) {
	do, what := importers(kind)
	options, err := o.listOptions(ctx, kind, opt.Profile)
	if err != nil {
		return nil, err
	}
	options.Why, options.File = what, filepath.Base(path)
	options.Environment, options.Declaration, options.ReadTo = o.work.Environment(), opt.Declaration, opt.ReadTo
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the list: %w", err)
	}
	defer f.Close()
	report, err := do(ctx, o.work.Store, f, options, opt.Apply)
	if err == nil && opt.Apply && report.New+report.Changed+len(report.Sites) > 0 {
		o.work.Changed()
	}
	return report, err
}

// listOptions are those of an import, with the profiles that are kept; profile
// names the one to read by.
func (o *Files) listOptions(ctx context.Context, kind importing.ListKind, profile string) (importing.Options, error) {
	all, err := o.ListProfiles(ctx)
	if err != nil {
		return importing.Options{}, err
	}
	options := importing.Options{Now: o.work.Now(), Zone: app.Belgium(), Actor: o.work.Actor(), Profiles: all}
	if d, ok := o.boxes.Finder.(importing.Decoder); ok {
		options.Decoder = d
	}
	if profile != "" {
		p, err := importing.FindProfile(all, kind, profile)
		if err != nil {
			return options, err
		}
		options.Profile = &p
	}
	return options, nil
}

// ProposeList looks at a list and says how it could be read, and why; with a
// profile, what that makes of it.
func (o *Files) ProposeList(ctx context.Context, kind importing.ListKind, path string, profile *importing.Profile) (*importing.Proposal, error) {
	options, err := o.listOptions(ctx, kind, "")
	if err != nil {
		return nil, err
	}
	options.Profile = profile
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the list: %w", err)
	}
	defer f.Close()
	return importing.Propose(f, kind, options)
}

// listProfilesKey is the setting that holds how lists of other programs are read.
const listProfilesKey = "list.profiles"

// ListProfiles returns the profiles of lists that people kept, by kind and name.
func (o *Files) ListProfiles(ctx context.Context) (all []importing.Profile, err error) {
	if _, err := o.work.Store.Setting(ctx, listProfilesKey, &all); err != nil {
		return nil, fmt.Errorf("read how lists are read: %w", err)
	}
	slices.SortFunc(all, func(a, b importing.Profile) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	})
	return all, nil
}

// SaveListProfile keeps how lists are read under its name, instead of one that was there.
func (o *Files) SaveListProfile(ctx context.Context, p importing.Profile, why string) error {
	if err := p.Validate(); err != nil {
		return err
	}
	all, err := o.ListProfiles(ctx)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(x importing.Profile) bool { return x.Kind == p.Kind && strings.EqualFold(x.Name, p.Name) })
	return o.keepListProfiles(ctx, append(all, p), "list-profile.save", p.Name, why)
}

// ForgetListProfile forgets how lists are read.
func (o *Files) ForgetListProfile(ctx context.Context, kind importing.ListKind, name, why string) error {
	all, err := o.ListProfiles(ctx)
	if err != nil {
		return err
	}
	p, err := importing.FindProfile(all, kind, name)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(x importing.Profile) bool { return x.Kind == kind && x.Name == p.Name })
	return o.keepListProfiles(ctx, all, "list-profile.forget", p.Name, why)
}

func (o *Files) keepListProfiles(ctx context.Context, all []importing.Profile, what, name, why string) error {
	return o.work.Done("keep how lists are read", o.work.Store.SetSetting(ctx, listProfilesKey, all, o.work.Act(what, "list-profile:"+name, why)))
}
