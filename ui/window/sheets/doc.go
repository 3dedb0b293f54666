// Package sheets is the screen of timesheets: it approves periods, shows, prints, exports and compares papers.
package sheets
