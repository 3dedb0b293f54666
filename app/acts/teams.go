package acts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"klokkast/app"
)

// Team is a named list of people whose hours someone signs together, such as a
// crew with its foreman. The facts know no teams: crews change by the week, and
// neither a contract nor a site says who belongs to one. So the company keeps
// the list itself, and a paper of the team tells which engagements were on it.
type Team struct {
	ID      app.ID   `json:"id"`
	Name    string   `json:"name"`
	Workers []app.ID `json:"workers"` // each once
}

// teamsKey is the setting that holds the teams.
const teamsKey = "teams"

// Teams returns all by name.
func (o *Staff) Teams(ctx context.Context) (teams []Team, err error) {
	if _, err := o.work.Store.Setting(ctx, teamsKey, &teams); err != nil {
		return nil, fmt.Errorf("read the teams: %w", err)
	}
	slices.SortFunc(teams, func(a, b Team) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return teams, nil
}

// SaveTeam keeps a team: a new one where it has no id, else instead of the one with its id.
func (o *Staff) SaveTeam(ctx context.Context, t Team, why string) (Team, error) {
	teams, err := o.Teams(ctx)
	if err != nil {
		return t, err
	}
	t.Name = strings.TrimSpace(t.Name)
	slices.Sort(t.Workers)
	t.Workers = slices.Compact(t.Workers)
	if err := o.checkTeam(ctx, &t, teams); err != nil {
		return t, err
	}
	i := slices.IndexFunc(teams, func(x Team) bool { return x.ID == t.ID })
	switch {
	case t.ID == "":
		if err := EnsureID(&t.ID); err != nil {
			return t, err
		}
		teams = append(teams, t)
	case i < 0:
		return t, app.NotFound("team", string(t.ID))
	default:
		teams[i] = t
	}
	return t, o.keepTeams(ctx, teams, "team.save", t.ID, why)
}

func (o *Staff) checkTeam(ctx context.Context, t *Team, teams []Team) error {
	if t.Name == "" {
		return &app.FieldError{Field: "name", Code: "required", Example: "Nacht Antwerpen"}
	}
	if slices.ContainsFunc(teams, func(x Team) bool { return x.ID != t.ID && strings.EqualFold(x.Name, t.Name) }) {
		return &app.FieldError{Field: "name", Code: "team.taken", Example: t.Name + " 2"}
	}
	if len(t.Workers) == 0 {
		return &app.FieldError{Field: "workers", Code: "team.empty"}
	}
	names, err := o.derived.Names(ctx)
	if err != nil {
		return err
	}
	for _, id := range t.Workers {
		if _, ok := names.Workers[id]; !ok {
			return app.NotFound("worker", string(id))
		}
	}
	return nil
}

// RemoveTeam forgets a team; papers of it can still be compared with the data.
func (o *Staff) RemoveTeam(ctx context.Context, id app.ID, why string) error {
	teams, err := o.Teams(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(teams, func(x Team) bool { return x.ID == id })
	if i < 0 {
		return app.NotFound("team", string(id))
	}
	return o.keepTeams(ctx, slices.Delete(teams, i, i+1), "team.remove", id, why)
}

func (o *Staff) keepTeams(ctx context.Context, teams []Team, what string, id app.ID, why string) error {
	return o.work.Done("keep the teams", o.work.Store.SetSetting(ctx, teamsKey, teams, o.work.Act(what, "team:"+string(id), why)))
}
