package office

import (
	"context"

	"klokkast/app"
	"klokkast/app/papers"
	"klokkast/app/timesheet"
)

// WriteDossier prints a dossier with all its evidence, for the NSSO, and gives
// the path of its file. The same dossier gives the same bytes on the same day;
// once it is handed in, on any day.
func (o *Office) WriteDossier(ctx context.Context, id app.ID, opt PaperOptions) (string, error) {
	b, err := o.DossierBundle(ctx, id, opt.Reveal)
	if err != nil {
		return "", err
	}
	d := &papers.CorrectionDossier{Made: o.made(b.Made.Start(zoneOf(b.Zone))), Bundle: b}
	return o.writePaper(ctx, d, timesheet.PlainName(b.Dossier.Correction.Day.String(), "dossier", b.Worker.Name, id.Short()), opt)
}
