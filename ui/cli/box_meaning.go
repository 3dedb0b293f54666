package cli

import (
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/filelog"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/ui/wording"
)

type boxMeaningCmds struct {
	Show boxMeaningShowCmd `cmd:"" help:"meaning_show"`
	Set  boxMeaningSetCmd  `cmd:"" help:"meaning_set"`
	Undo boxMeaningUndoCmd `cmd:"" help:"meaning_undo"`
}

// meaningsJSON is the answer of box meaning show.
type meaningsJSON struct {
	environmentJSON
	Box      string            `json:"box"` // UID
	Meanings []filelog.Meaning `json:"meanings"`
}

type boxMeaningShowCmd struct {
	Box string `arg:"" help:"mapping_box"`
}

// Run shows what the lines of a box's files mean, and meant.
func (c *boxMeaningShowCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		row, err := r.box(o, c.Box)
		if err != nil {
			return err
		}
		list, err := o.Files.BoxMeanings(r.ctx, row.Box.UID)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(meaningsJSON{environmentOf(o), row.Box.UID, append([]filelog.Meaning{}, list...)})
		}
		t := newTable(r.t("meaning.since"), r.t("meaning.kind"), r.t("meaning.zone"), r.t("meaning.statusKeys"), r.t("col.remark"), r.t("col.id"))
		for _, m := range list {
			remark := r.t("meaning.holds")
			if m.Withdrawn != 0 {
				remark = r.t("meaning.withdrawn", "At", r.say.DateTime(m.Withdrawn, time.Local))
			}
			since := r.t("meaning.all")
			if m.Since != "" {
				since = string(m.Since)
			}
			t.add(since, r.t("meaning.kind."+string(m.Kind)), string(m.Zone), r.t("meaning.statusKeys."+string(m.StatusKeys)), remark, string(m.ID))
		}
		r.table(t)
		return nil
	})
}

type boxMeaningSetCmd struct {
	Box          string   `arg:"" help:"mapping_box"`
	Kind         string   `placeholder:"attlog|table" enum:",attlog,table" default:"" help:"meaning_kind"`
	Since        app.ID   `placeholder:"IMPORT" help:"meaning_since"`
	Zone         app.Zone `placeholder:"Europe/Brussels" help:"import_zone"`
	Status       string   `placeholder:"yes|no" enum:",yes,no" default:"" help:"import_status"`
	Key          []string `placeholder:"7=out" sep:"none" help:"map_key"`
	StatusColumn int      `placeholder:"4" help:"import_status_column"`
	Mapping      string   `placeholder:"MAPPING.json" help:"import_mapping"`
	reason
	looking
}

// Run lets the lines of a box's files mean otherwise: the punches that are made of them follow.
func (c *boxMeaningSetCmd) Run(r *run) error {
	if err := knownZone(c.Zone); err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		row, err := r.box(o, c.Box)
		if err != nil {
			return err
		}
		change := boxes.MeaningChange{Box: row.Box.UID, Kind: filelog.Kind(c.Kind), Since: c.Since, Zone: c.Zone, StatusKeys: app.StatusKeys(c.Status),
			StatusColumn: c.StatusColumn, Why: c.Why}
		if change.Keys, err = keysOf(c.Key); err != nil {
			return err
		}
		if c.Mapping != "" {
			if change.Mapping, err = r.mappingFile(c.Mapping); err != nil {
				return err
			}
		}
		if change.Kind == "" {
			change.Kind = filelog.Attlog
			if row.Box.Make.Can().Mapped || change.Mapping != nil {
				change.Kind = filelog.Table
			}
		}
		effect, err := o.Files.PreviewMeaning(r.ctx, change)
		if err != nil {
			return err
		}
		goOn, err := r.lookAtLog(o, names, c.looking, effect)
		if err != nil || !goOn {
			return err
		}
		if err := o.Files.ChangeMeaning(r.ctx, change); err != nil {
			return err
		}
		return r.changed(o, r.n("meaning.changed", len(effect.Moved), "Box", row.Box.Name()), "box", row.Box.UID)
	})
}

type boxMeaningUndoCmd struct {
	Box     string `arg:"" help:"mapping_box"`
	Meaning app.ID `arg:"" help:"meaning_id"`
	reason
}

// Run takes a meaning back: what held before it holds again.
func (c *boxMeaningUndoCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		row, err := r.box(o, c.Box)
		if err != nil {
			return err
		}
		if err := o.Files.MeanAgain(r.ctx, row.Box.UID, c.Meaning, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("meaning.undone", "Box", row.Box.Name()), "box", row.Box.UID)
	})
}

// keysOf reads what statuses mean: 7=out.
func keysOf(given []string) (reading.Keys, error) {
	keys := reading.Keys{}
	for _, k := range given {
		status, name, _ := strings.Cut(k, "=")
		key, ok := reading.ParseKey(name)
		if !ok || status == "" {
			return nil, wrong("mapKey", "Got", k)
		}
		keys[status] = key
	}
	return keys, nil
}

// logLookedJSON is the answer of a dry run about a log: which punches move, and what that means for people.
type logLookedJSON struct {
	lookedJSON
	Moved []movedPunchJSON `json:"moved"`
}

// movedPunchJSON is one punch before and after; null where it does not count.
type movedPunchJSON struct {
	Before *app.Punch `json:"before"`
	After  *app.Punch `json:"after"`
}

// lookAtLog shows what a change of a log does before it is made. It stops for a dry run, and where it reaches what was sent or
// approved unless --yes says so.
func (r *run) lookAtLog(o *office.Office, names *derived.Names, l looking, e *boxes.LogEffect) (goOn bool, err error) {
	lines := append([]string{r.n("meaning.moves", len(e.Moved))}, wording.Effect(r.say, names, e.Effect)...)
	return r.look(l, lines, e.Weighs(), func() any {
		out := logLookedJSON{lookedJSON: lookedJSON{environmentOf(o), true, r.effectOf(names, e.Effect, lines), r.t("dryRun")}, Moved: []movedPunchJSON{}}
		for _, m := range e.Moved {
			out.Moved = append(out.Moved, movedPunchJSON{m.Before, m.After})
		}
		return out
	})
}
