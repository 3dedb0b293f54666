// Package plan is the screen of who is expected where in a week, and who is away.
package plan
