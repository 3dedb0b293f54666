package acts

import (
	"klokkast/app"
)

// WorkerRow is one line of Staff.
type WorkerRow struct {
	Worker      app.Worker
	Engagements []app.Engagement // newest first
	Badges      []Badge          // held now or later
	Anomalies   int              // open, warning or above
}

// Badge is an identifier with one custody of it.
type Badge struct {
	Identifier app.Identifier
	Custody    app.Custody
}

// SiteRow is one line of Sites.
type SiteRow struct {
	Site         app.Site
	Decision     app.SiteDecision // the one that applies now; Undecided where there is none
	Decisions    []app.SiteDecision
	Declarations []DeclaredSite
	Placements   []app.Placement
	Anomalies    int
}

// DeclaredSite is a declaration as it covers one site.
type DeclaredSite struct {
	Declaration app.Declaration
	Link        app.DeclarationSite
}
