// Package papers is every paper but the timesheet: the presence list and the
// inspection sheet of a site, the receipt of a reading, the correction dossier.
// Each has a model, built purely of what the office knows, and is printed with
// the layout pieces of package paper in one of the four languages. The same
// model gives the same bytes: no clock, file or database is read.
package papers
