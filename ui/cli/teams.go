package cli

import (
	"errors"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
)

type teamCmds struct {
	List   teamListCmd   `cmd:"" help:"team_list"`
	Set    teamSetCmd    `cmd:"" help:"team_set"`
	Remove teamRemoveCmd `cmd:"" help:"team_remove"`
}

type teamListCmd struct{}

// teamsJSON is the answer of team list.
type teamsJSON struct {
	environmentJSON
	Teams []teamJSON `json:"teams"`
}

type teamJSON struct {
	ID      app.ID           `json:"id"`
	Name    string           `json:"name"`
	Workers []teamMemberJSON `json:"workers"`
}

type teamMemberJSON struct {
	WorkerID app.ID `json:"workerId"`
	Worker   string `json:"worker"`
}

// Run lists the teams with their people.
func (*teamListCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		teams, err := o.Staff.Teams(r.ctx)
		if err != nil {
			return err
		}
		out := teamsJSON{environmentOf(o), []teamJSON{}}
		for _, t := range teams {
			j := teamJSON{t.ID, t.Name, []teamMemberJSON{}}
			for _, w := range t.Workers {
				j.Workers = append(j.Workers, teamMemberJSON{w, names.Worker(w)})
			}
			out.Teams = append(out.Teams, j)
		}
		if r.json {
			return r.print(out)
		}
		if len(teams) == 0 {
			r.line(r.t("team.none"))
			return nil
		}
		t := newTable(r.t("col.team"), r.t("col.people"))
		for _, j := range out.Teams {
			var people []string
			for _, w := range j.Workers {
				people = append(people, w.Worker)
			}
			t.add(j.Name, strings.Join(people, ", "))
		}
		r.table(t)
		return nil
	})
}

type teamSetCmd struct {
	Name   string   `arg:"" help:"team_name"`
	Worker []string `placeholder:"NAME" help:"team_worker"`
	Rename string   `placeholder:"NAME" help:"team_rename"`
	reason
}

// Run keeps a team: the people given are the whole of it.
func (c *teamSetCmd) Run(r *run) error {
	if len(c.Worker) == 0 && c.Rename == "" {
		return wrong("teamWho")
	}
	return r.onExisting(func(o *office.Office) error {
		t, err := r.team(o, c.Name)
		var none *app.NotFoundError
		switch {
		case errors.As(err, &none) && c.Rename == "":
			t = acts.Team{Name: c.Name}
		case err != nil:
			return err
		}
		if c.Rename != "" {
			t.Name = c.Rename
		}
		if len(c.Worker) > 0 {
			t.Workers = nil
		}
		for _, name := range c.Worker {
			w, err := r.worker(o, name)
			if err != nil {
				return err
			}
			t.Workers = append(t.Workers, w.Worker.ID)
		}
		if t, err = o.Staff.SaveTeam(r.ctx, t, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.n("team.kept", len(t.Workers), "Name", t.Name), "team", string(t.ID))
	})
}

type teamRemoveCmd struct {
	Name string `arg:"" help:"team_name"`
	reason
}

// Run forgets a team.
func (c *teamRemoveCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		t, err := r.team(o, c.Name)
		if err != nil {
			return err
		}
		if err := o.Staff.RemoveTeam(r.ctx, t.ID, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("team.removed", "Name", t.Name), "team", string(t.ID))
	})
}

// team returns the team that a person means by its whole name, in capitals or not, or its id.
func (r *run) team(o *office.Office, name string) (acts.Team, error) {
	teams, err := o.Staff.Teams(r.ctx)
	if err != nil {
		return acts.Team{}, err
	}
	for _, t := range teams {
		if strings.EqualFold(t.Name, name) || strings.EqualFold(string(t.ID), name) {
			return t, nil
		}
	}
	return acts.Team{}, app.NotFound("team", name)
}
