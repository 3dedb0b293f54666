// Package importing brings lists of staff, sites, absences and declarations of works in,
// as spreadsheets and payroll programs write them, keeps an account of each, and takes one back.
//
// An import has two steps. ParseStaff and ParseSites read a file into rows and
// say what is wrong with the rest, by line and column; they know nothing of
// what is stored. PlanStaff and PlanSites compare the rows with what the store
// holds and give the changes, with ids already chosen. ImportStaff and
// ImportSites do both and save the plan in one transaction, or show it only.
//
// Titles that nobody knows are read by a Profile, which Propose proposes with its
// reasons. What an import said and did is an Import with its Account; PlanUndo
// decides what goes when it is taken back, and what stays since something was built on it.
//
// What holds of every import:
//
//   - Good rows go in even when others are bad.
//   - An empty cell, like a column that is not there, changes nothing.
//   - A second import of the same file changes nothing.
//   - Nothing is deleted or taken from anyone without a note that says so.
//   - Values of the file are personal data: no error says one as engineers read it, and faces show them only to whoever corrects the list.
package importing
