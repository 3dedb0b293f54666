// Package settings has the forms of the company's settings: its holidays, and the head of its papers.
package settings
