package cli

import (
	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type badgeNotationsCmd struct{}

// notationsJSON is the answer of badge notations.
type notationsJSON struct {
	environmentJSON
	Notations []app.BadgeNotation    `json:"notations"` // withdrawn ones too
	Proposals []notationProposalJSON `json:"proposals"`
}

// notationProposalJSON says what an unknown badge can be.
type notationProposalJSON struct {
	Box      string                `json:"box"`
	Seen     string                `json:"seen"`  // as the box shows it
	Known    string                `json:"known"` // as it is known
	WorkerID app.ID                `json:"workerId"`
	Notation identity.NotationKind `json:"notation"`
	Inverse  bool                  `json:"inverse"`
}

// Run lists what was confirmed, and what unknown badges can be.
func (c *badgeNotationsCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		confirmed, err := o.Staff.Notations(r.ctx)
		if err != nil {
			return err
		}
		proposed, err := o.Staff.NotationProposals(r.ctx, "")
		if err != nil {
			return err
		}
		if r.json {
			out := notationsJSON{environmentJSON: environmentOf(o), Notations: list(confirmed), Proposals: []notationProposalJSON{}}
			for _, p := range proposed {
				out.Proposals = append(out.Proposals, notationProposalJSON{p.Box, p.Seen.Value, p.Known.Key.Value, p.WorkerID, p.Kind, p.Inverse})
			}
			return r.print(out)
		}
		if len(confirmed)+len(proposed) == 0 {
			r.line(r.t("notation.none"))
			return nil
		}
		t := newTable(r.t("col.box"), r.t("col.badge"), r.t("col.worker"), r.t("notation.what"), r.t("clock.state"))
		for _, p := range proposed {
			t.add(
				names.Box(p.Box),
				p.Seen.Value+" = "+wording.Badge(r.say, p.Known),
				names.Worker(p.WorkerID),
				wording.Notation(r.say, p.Kind, p.Inverse),
				r.t("notation.proposed", "Notation", string(p.Kind)),
			)
		}
		for _, n := range confirmed {
			state := r.t("clock.accepted", "By", n.By, "ID", string(n.ID))
			if n.Withdrawn != 0 {
				state = r.t("notation.withdrawn")
			}
			t.add(names.Box(n.Box), "", "", wording.Notation(r.say, identity.NotationKind(n.Kind), n.Inverse), state)
		}
		r.table(t)
		return nil
	})
}

type badgeConfirmNotationCmd struct {
	Box      string `arg:"" help:"notation_box"`
	Notation string `arg:"" help:"notation_name"`
	Inverse  bool   `help:"notation_inverse"`
	looking
	reason
}

// Run remembers in which notation a box shows badges, or shows what that would change.
func (c *badgeConfirmNotationCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		box, err := r.knownBox(o, c.Box)
		if err != nil {
			return err
		}
		kind := identity.NotationKind(c.Notation)
		proposal := acts.Proposal{Confirm: []app.BadgeNotation{{Box: box, Kind: c.Notation, Inverse: c.Inverse}}}
		if goOn, err := r.lookFirst(o, names, c.looking, proposal); err != nil || !goOn {
			return err
		}
		n, err := o.Staff.ConfirmNotation(r.ctx, box, kind, c.Inverse, c.Why)
		if err != nil {
			return err
		}
		return r.changed(
			o,
			r.t("notation.confirmed", "Box", names.Box(box), "Notation", wording.Notation(r.say, kind, c.Inverse), "ID", string(n.ID)),
			"badge-notation",
			string(n.ID),
		)
	})
}

type badgeWithdrawNotationCmd struct {
	ID string `arg:"" help:"notation_id"`
	looking
	reason
}

// Run takes a notation back, or shows what that would change.
func (c *badgeWithdrawNotationCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{WithdrawNotations: []app.ID{app.ID(c.ID)}}); err != nil || !goOn {
			return err
		}
		if err := o.Staff.WithdrawNotation(r.ctx, app.ID(c.ID), c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("notation.taken"), "badge-notation", c.ID)
	})
}
