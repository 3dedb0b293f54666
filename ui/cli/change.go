package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/office"
)

// changedJSON is the answer of every command that enters or changes something.
type changedJSON struct {
	environmentJSON
	Kind    string   `json:"kind"` // worker, site, anomaly, …
	IDs     []string `json:"ids"`  // of what was made or changed
	Message string   `json:"message"`
}

// changed says what was done; message is a whole text.
func (r *run) changed(o *office.Office, message, kind string, ids ...string) error {
	if r.json {
		return r.print(changedJSON{environmentOf(o), kind, list(ids), clean(message)})
	}
	r.line(message)
	return nil
}

// kept says that a thing was entered or changed; kind is a field that has a name.
func (r *run) kept(o *office.Office, kind, name string, id app.ID) error {
	return r.changed(o, r.t("done.kept", "Kind", r.say.Field(kind), "Name", name), kind, string(id))
}

// ended says that a thing ended.
func (r *run) ended(o *office.Office, kind, name, at string, id app.ID) error {
	return r.changed(o, r.t("done.ended", "Kind", r.say.Field(kind), "Name", name, "At", at), kind, string(id))
}

// reason is why something is noted, as the trail keeps it.
type reason struct {
	Why string `placeholder:"TEXT" help:"why"`
}

// moment returns what a flag says, in local time of zone; without it, now.
func (r *run) moment(flag, s string, zone *time.Location) (app.Instant, error) {
	if s == "" {
		return r.parts.Now(), nil
	}
	return parseInstant(flag, s, zone)
}

// span returns what --from and --to say, in local time of zone; without --from,
// from the beginning of today on.
func (r *run) span(from, to string, zone *time.Location) (s app.Span, err error) {
	s.From = r.parts.Now().DateIn(zone).Start(zone)
	if from != "" {
		s.From, err = parseInstant("--from", from, zone)
	}
	if to != "" && err == nil {
		s.To, err = parseInstant("--to", to, zone)
	}
	return s, err
}

// set changes what a flag was given for; "" empties it.
func set[T ~string](to *T, given *string) {
	if given != nil {
		*to = T(*given)
	}
}

// setDays changes the days of which a flag was given; "" opens that side.
func setDays(to *app.Days, from, until *string) error {
	return setDaysAs(to, "--from", from, "--to", until)
}

func setDaysAs(to *app.Days, fromFlag string, from *string, untilFlag string, until *string) error {
	return errors.Join(setDay(fromFlag, &to.From, from), setDay(untilFlag, &to.To, until))
}

func setDay(flag string, to *app.Date, given *string) (err error) {
	if given != nil {
		*to, err = parseDate(flag, *given)
	}
	return err
}

// setSecret changes a personal number. "-" reads it from standard input, so
// that it stands in no list of processes and no history of commands.
func (r *run) setSecret(to *app.Secret, given *string) error {
	if given == nil || *given != "-" {
		set(to, given)
		return nil
	}
	line, err := bufio.NewReader(r.parts.In).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the number: %w", err)
	}
	*to = app.Secret(strings.TrimSpace(line))
	return nil
}
