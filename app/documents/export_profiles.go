package documents

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/export"
)

// exportProfilesKey is the setting that holds the profiles that people saved.
const exportProfilesKey = "export.profiles"

// ExportProfiles returns the profiles of CSV files by name: the presets, and what
// people saved, which stands instead of a preset of the same name.
func (o *Exports) ExportProfiles(ctx context.Context) ([]export.Profile, error) {
	saved, err := o.savedProfiles(ctx)
	if err != nil {
		return nil, err
	}
	all := saved
	for _, p := range export.Presets() {
		if indexOfProfile(saved, p.Name) < 0 {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b export.Profile) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return all, nil
}

// ExportProfile returns one of them.
func (o *Exports) ExportProfile(ctx context.Context, name string) (export.Profile, error) {
	all, err := o.ExportProfiles(ctx)
	if err != nil {
		return export.Profile{}, err
	}
	if i := indexOfProfile(all, name); i >= 0 {
		return all[i], nil
	}
	return export.Profile{}, app.NotFound("profile", name)
}

// SaveExportProfile keeps a profile under its name, instead of one that was there.
func (o *Exports) SaveExportProfile(ctx context.Context, p export.Profile, why string) error {
	if err := p.Check(); err != nil {
		return err
	}
	saved, err := o.savedProfiles(ctx)
	if err != nil {
		return err
	}
	if i := indexOfProfile(saved, p.Name); i >= 0 {
		saved[i] = p
	} else {
		saved = append(saved, p)
	}
	return o.keepProfiles(ctx, saved, "export.profile.save", p.Name, why)
}

// RemoveExportProfile forgets a profile that was saved; of a changed preset that
// brings the first one back.
func (o *Exports) RemoveExportProfile(ctx context.Context, name, why string) error {
	saved, err := o.savedProfiles(ctx)
	if err != nil {
		return err
	}
	i := indexOfProfile(saved, name)
	if i < 0 {
		return app.NotFound("profile", name)
	}
	return o.keepProfiles(ctx, slices.Delete(saved, i, i+1), "export.profile.remove", name, why)
}

func (o *Exports) savedProfiles(ctx context.Context) (saved []export.Profile, err error) {
	if _, err := o.work.Store.Setting(ctx, exportProfilesKey, &saved); err != nil {
		return nil, fmt.Errorf("read the profiles: %w", err)
	}
	return saved, nil
}

func (o *Exports) keepProfiles(ctx context.Context, saved []export.Profile, what, name, why string) error {
	return o.work.Done("keep the profiles", o.work.Store.SetSetting(ctx, exportProfilesKey, saved, o.work.Act(what, "export-profile:"+name, why)))
}

// indexOfProfile finds a profile by its name, in capitals or not.
func indexOfProfile(all []export.Profile, name string) int {
	return slices.IndexFunc(all, func(p export.Profile) bool { return strings.EqualFold(p.Name, name) })
}
