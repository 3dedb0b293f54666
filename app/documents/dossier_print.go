package documents

import (
	"context"

	"klokkast/app"
	"klokkast/app/dossier"
	"klokkast/app/output"
	"klokkast/app/papers"
	"klokkast/app/timesheet"
)

// WriteDossiers prints dossiers with all their evidence, for the NSSO, a file
// each, and gives the paths. Several go into a folder; nothing is printed where
// one of them may not be. The same dossier gives the same bytes on the same day;
// once it is handed in, on any day.
func (o *Papers) WriteDossiers(ctx context.Context, ids []app.ID, opt PaperOptions) (files []string, err error) {
	paths := make([]string, 0, len(ids))
	for _, id := range ids {
		b, err := o.dossiers.DossierBundle(ctx, id, false)
		if err != nil {
			return nil, err
		}
		path, err := o.printer.outputs().Place(opt.Out, dossierName(b)+string(output.PDF))
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	if err := o.printer.outputs().Check(ctx, opt.Replace, output.PDF, paths...); err != nil {
		return nil, err
	}
	for i, id := range ids {
		b, err := o.dossiers.DossierBundle(ctx, id, opt.Reveal)
		if err != nil {
			return files, err
		}
		opt.Out = paths[i]
		file, err := o.printer.writePaper(ctx, &papers.CorrectionDossier{Made: o.printer.made(b.Made.Start(b.Zone.Location())), Bundle: b}, dossierName(b), opt)
		if err != nil {
			return files, err
		}
		files = append(files, file)
	}
	return files, nil
}

// dossierName returns the name of a dossier's file, without ending.
func dossierName(b *dossier.Bundle) string {
	return timesheet.PlainName(b.Dossier.Correction.Day.String(), "dossier", b.Worker.Name, b.Dossier.ID.Short())
}
