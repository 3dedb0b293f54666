package cli

import (
	"cmp"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type boxUsersCmd struct {
	File     string   `arg:"" help:"users_file"`
	Box      string   `required:"" placeholder:"BOX" help:"users_box"`
	From     string   `placeholder:"\"2026-11-23 06:00\"" help:"users_from"`
	Match    []string `placeholder:"PIN=WORKER" sep:"none" help:"users_match"`
	Cards    bool     `help:"users_cards"`
	Notation string   `placeholder:"plain|reversed" enum:"plain,reversed" default:"plain" help:"users_notation"`
	Give     bool     `help:"users_give"`
	reason
	looking
}

// usersJSON is the answer of box users.
type usersJSON struct {
	environmentJSON
	File  string      `json:"file"`
	Box   string      `json:"box"` // UID
	From  app.Instant `json:"from"`
	Given bool        `json:"given"`
	Users []userJSON  `json:"users"`
	Bad   []int       `json:"bad"` // records that make no sense, from 1
	// Effect is what giving changes of what was stored and sent before.
	Effect effectJSON `json:"effect"`
}

// userJSON is a person as a terminal knows them.
type userJSON struct {
	Record int    `json:"record"`
	PIN    string `json:"pin"`
	Name   string `json:"name"`
	Card   string `json:"card,omitempty"`
	Taps   int    `json:"taps"`
	// EngagementID and Worker are who it is, or probably is; By says why: held,
	// staff-number, card, name, or match where --match said it.
	EngagementID app.ID `json:"engagementId,omitempty"`
	Worker       string `json:"worker,omitempty"`
	By           string `json:"by,omitempty"`
	// GivesPIN and GivesCard say what is given, or would be with --give.
	GivesPIN  bool `json:"givesPin"`
	GivesCard bool `json:"givesCard"`
	// PINFrom and CardFrom are who holds them now and would no more.
	PINFrom  string `json:"pinFrom,omitempty"`
	CardFrom string `json:"cardFrom,omitempty"`
}

// Run shows the people of a terminal and who they are, and with --give gives them what they hold there.
func (c *boxUsersCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		uid, err := r.knownBox(o, c.Box)
		if err != nil {
			return err
		}
		span, err := r.span(c.From, "", app.Belgium())
		if err != nil {
			return err
		}
		list, err := o.Files.TerminalUsers(r.ctx, c.File, boxes.UserOptions{Box: uid, From: span.From, Notation: identity.NotationKind(c.Notation)})
		if err != nil {
			return err
		}
		chosen, err := c.chosen(r, o, span.From)
		if err != nil {
			return err
		}
		out := usersJSON{environmentJSON: environmentOf(o), File: list.File, Box: uid, From: span.From, Users: []userJSON{}, Bad: list.Bad}
		if out.Bad == nil {
			out.Bad = []int{}
		}
		var give []acts.GiveBadge
		for _, row := range list.Rows {
			j, gives := c.user(row, chosen, names, span)
			out.Users = append(out.Users, j)
			give = append(give, gives...)
		}
		effect, err := o.Judgements.Preview(r.ctx, acts.Proposal{Give: give})
		if err != nil {
			return err
		}
		out.Effect = r.effectOf(names, effect, wording.Effect(r.say, names, effect))
		if out.Given = c.Give && !c.DryRun && len(give) > 0; out.Given {
			if effect.Weighs() && !c.Yes {
				return failure("needsYes")
			}
			if err := o.Staff.GiveBadges(r.ctx, give, c.Why); err != nil {
				return err
			}
		}
		if r.json {
			return r.print(out)
		}
		r.sayUsers(out, len(give))
		if !effect.Nothing() {
			for _, line := range out.Effect.Lines {
				r.line(line)
			}
		}
		return nil
	})
}

// chosen returns the engagements of --match by PIN; "" for "-", nobody.
func (c *boxUsersCmd) chosen(r *run, o *office.Office, from app.Instant) (map[string]app.ID, error) {
	out := map[string]app.ID{}
	for _, m := range c.Match {
		pin, name, ok := strings.Cut(m, "=")
		value, err := identity.CanonicalPIN(pin)
		if !ok || err != nil {
			return nil, wrong("match", "Got", m)
		}
		if name == "-" {
			out[value] = ""
			continue
		}
		w, err := r.worker(o, name)
		if err != nil {
			return nil, err
		}
		e, err := r.engagement(o, w, "", from.DateIn(app.Belgium()))
		if err != nil {
			return nil, err
		}
		out[value] = e.ID
	}
	return out, nil
}

// user says of one person what is, or would be, given.
func (c *boxUsersCmd) user(row boxes.UserRow, chosen map[string]app.ID, names *derived.Names, span app.Span) (userJSON, []acts.GiveBadge) {
	j := userJSON{Record: row.Record, PIN: row.PIN, Name: row.Name, Card: row.CardKey.Value, Taps: row.Taps, EngagementID: row.Proposal, By: row.By}
	if e, ok := chosen[row.PIN]; ok {
		j.EngagementID, j.By = e, "match"
	}
	if j.EngagementID == "" {
		return j, nil
	}
	worker := func(e app.ID) string { return names.Worker(names.Engagements[e].WorkerID) }
	j.Worker = worker(j.EngagementID)
	var gives []acts.GiveBadge
	if row.PINHolder != j.EngagementID {
		j.GivesPIN, j.PINFrom = true, worker(row.PINHolder)
		gives = append(gives, acts.GiveBadge{Key: row.Key, EngagementID: j.EngagementID, Span: span})
	}
	if c.Cards && row.CardKey.Value != "" && row.CardHolder != j.EngagementID {
		j.GivesCard, j.CardFrom = true, worker(row.CardHolder)
		gives = append(gives, acts.GiveBadge{Key: row.CardKey, EngagementID: j.EngagementID, Span: span})
	}
	return j, gives
}

func (r *run) sayUsers(out usersJSON, gives int) {
	t := newTable(r.t("users.pin"), r.t("users.name"), r.t("users.card"), r.t("col.punches"), r.t("col.who"), r.t("users.reason"), r.t("users.what")).numbers(3)
	for _, u := range out.Users {
		var what []string
		if u.GivesPIN {
			what = append(what, r.giving("users.givesPin", u.PINFrom))
		}
		if u.GivesCard {
			what = append(what, r.giving("users.givesCard", u.CardFrom))
		}
		t.add(u.PIN, u.Name, u.Card, r.say.Number(u.Taps), cmp.Or(u.Worker, r.t("import.nobody")), wording.UserBy(r.say, u.By), strings.Join(what, ", "))
	}
	r.table(t)
	r.line("")
	if len(out.Bad) > 0 {
		r.line(r.n("users.bad", len(out.Bad)))
	}
	unknown := len(slices.DeleteFunc(slices.Clone(out.Users), func(u userJSON) bool { return u.EngagementID != "" }))
	if unknown > 0 {
		r.line(r.n("users.unknown", unknown))
	}
	from := r.say.DateTime(out.From, app.Belgium())
	switch {
	case gives == 0:
		r.line(r.t("users.nothing"))
	case out.Given:
		r.line(r.n("users.given", gives, "From", from))
	default:
		r.line(r.n("users.would", gives, "From", from))
	}
}

// giving says what is given, and who holds it no more.
func (r *run) giving(key, from string) string {
	if from == "" {
		return r.t(key)
	}
	return r.t(key) + " " + r.t("users.takes", "Worker", from)
}
