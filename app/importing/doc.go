// Package importing brings lists of staff, sites and absences in from CSV files, as
// spreadsheets and payroll programs write them.
//
// An import has two steps. ParseStaff and ParseSites read a file into rows and
// say what is wrong with the rest, by line and column; they know nothing of
// what is stored. PlanStaff and PlanSites compare the rows with what the store
// holds and give the changes, with ids already chosen. ImportStaff and
// ImportSites do both and save the plan in one transaction, or show it only.
//
// What holds of every import:
//
//   - Good rows go in even when others are bad.
//   - An empty cell, like a column that is not there, changes nothing.
//   - A second import of the same file changes nothing.
//   - Nothing is deleted or taken from anyone without a note that says so.
//   - No message holds a value of the file: values are personal data.
package importing
