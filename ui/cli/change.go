package cli

import (
	"time"

	"klokkast/app"
)

// changedJSON is the answer of every command that changes a thing or two.
type changedJSON struct {
	environmentJSON
	Kind    string   `json:"kind"` // worker, site, anomaly, …
	IDs     []string `json:"ids"`  // of what was made or changed
	Message string   `json:"message"`
}

// changed says what was done; message is a whole text.
func (r *run) changed(o Company, message, kind string, ids ...string) error {
	if r.json {
		return r.print(changedJSON{environmentOf(o), kind, list(ids), clean(message)})
	}
	r.line(message)
	return nil
}

// moment gives what a flag says, in local time of zone; without it, now.
func (r *run) moment(flag, s string, zone *time.Location) (app.Instant, error) {
	if s == "" {
		return r.parts.Now(), nil
	}
	return parseInstant(flag, s, zone)
}
