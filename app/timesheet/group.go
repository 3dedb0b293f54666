package timesheet

import (
	"cmp"
	"slices"
	"strings"

	"klokkast/app"
)

// Group is what the timesheet of a site or of a team is made of: the sheets of
// many engagements over the same days, on one paper.
//
// A site's sheet holds what lies at that site alone. It may go to the client:
// absences, additions of earlier periods and rounding, which is of a whole day,
// stand on each person's own sheet.
type Group struct {
	Kind    PaperKind // OfSite or OfTeam
	Subject app.ID    // the site or the team
	Name    string    // of it
	Site    app.Site  // of a site's sheet
	Client  string    // whose site it is; "" for none
	Days    app.Days
	// Letterhead is whose paper it is, and Logo the picture that it names (PNG).
	Letterhead  app.Letterhead
	Logo        []byte
	Environment app.Environment
	Program     string // the maker, such as "Klokkast 0.1.0"
	// Sheets are those of the engagements. Of a site's, those without a presence there are left out.
	Sheets []Sheet
}

// AsApproved takes names and letterhead from what was approved last, where an
// approval closes the days of every sheet: whatever is renamed later, the same
// approvals give the same bytes.
func (g *Group) AsApproved() {
	var last *Sheet
	for i := range g.Sheets {
		s := &g.Sheets[i]
		if s.Approval == nil {
			return
		}
		if last == nil || s.Approval.At > last.Approval.At || s.Approval.At == last.Approval.At && s.Approval.ID > last.Approval.ID {
			last = s
		}
	}
	if last == nil {
		return
	}
	g.Letterhead, g.Program = last.Letterhead, last.Program
	if site, ok := last.Sites[g.Subject]; ok && g.Kind == OfSite {
		g.Name, g.Site, g.Client = site.Name, site, last.Clients[site.ClientID].Name
	}
}

// GroupModel is the timesheet of a site or a team as it will be printed.
type GroupModel struct {
	Group   Group
	Members []*Model // by name: of a site, what lies at the site
	Total   Total    // of all members; Days are theirs added up
	Sites   []SiteTotal
	Clients []ClientTotal
	// Notes are numbered over the whole paper, Who in the order of Notes.
	Notes []Note
	Who   []string
	Stamp *Stamp
	whose []app.ID // the engagements of Who

	texts app.Texts
}

// BuildGroup makes the model of a group. It fails like Build.
func BuildGroup(g Group, t app.Texts) (*GroupModel, error) {
	m := &GroupModel{Group: g, texts: t}
	for _, s := range g.Sheets {
		s.Days = g.Days
		member, err := Build(s, t)
		if err != nil {
			return nil, err
		}
		if g.Kind == OfSite {
			if member = member.at(g.Subject); member == nil {
				continue
			}
		}
		m.Members = append(m.Members, member)
	}
	slices.SortFunc(m.Members, func(x, y *Model) int {
		return cmp.Or(strings.Compare(x.Sheet.Worker.Name(), y.Sheet.Worker.Name()), cmp.Compare(x.Sheet.Engagement.ID, y.Sheet.Engagement.ID))
	})
	for _, member := range m.Members {
		for i := range member.Days {
			m.Total.add(&member.Days[i])
		}
	}
	m.places()
	m.number()
	return m, nil
}

// at returns what of a sheet lies at a site: nil where nothing does.
func (m *Model) at(site app.ID) *Model {
	out := &Model{Sheet: m.Sheet, texts: m.texts}
	out.Sheet.Engagement.Rounding = app.Rounding{}
	kept := map[string]bool{} // marks of the notes that stay
	for _, n := range m.Notes {
		if n.Site == site || n.Site == "" {
			kept[n.Mark()] = true
		}
	}
	for i := range m.Days {
		d := m.Days[i].at(site, kept)
		out.Days = append(out.Days, d)
		out.Total.add(&d)
	}
	if out.Total.Days == 0 {
		return nil
	}
	used := map[string]bool{}
	for _, d := range out.Days {
		for _, mark := range d.Marks {
			used[mark] = true
		}
	}
	out.Notes = slices.DeleteFunc(slices.Clone(m.Notes), func(n Note) bool { return !used[n.Mark()] })
	out.Sites = []SiteTotal{{ID: site, Name: m.Sheet.Sites[site].Name, Days: out.Total.Days, Hours: out.Total.Hours}}
	out.Clients = clientTotals(out.Sites, m.Sheet)
	return out
}

// at returns what of a day lies at a site. Breaks and what adjustments give are known of whole days only.
func (d Day) at(site app.ID, kept map[string]bool) Day {
	lines := slices.DeleteFunc(slices.Clone(d.Lines), func(l Line) bool { return l.SiteID != site })
	out := Day{Date: d.Date, Holiday: d.Holiday, Free: d.Free, Engaged: d.Engaged, Worked: len(lines) > 0, Lines: lines}
	if !out.Worked {
		return out
	}
	out.ClockMoved = d.ClockMoved
	out.Marks = slices.DeleteFunc(slices.Clone(d.Marks), func(mark string) bool { return !kept[mark] })
	for _, l := range lines {
		out.Hours += l.Share.Hours
		out.Night += l.Share.Night
		out.Saturday += l.Share.Saturday
		out.Sunday += l.Share.Sunday
		out.OnHolidays += l.Share.OnHolidays
		out.Incomplete = out.Incomplete || l.Incomplete
	}
	out.Rounded = out.Hours
	return out
}

// places sums the members' sites and clients.
func (m *GroupModel) places() {
	sites, days := map[app.ID]*SiteTotal{}, map[app.ID]map[app.Date]bool{}
	clients := map[string]Minutes{}
	named := false
	for _, member := range m.Members {
		for _, s := range member.Sites {
			if sites[s.ID] == nil {
				sites[s.ID] = &SiteTotal{ID: s.ID, Name: s.Name}
				days[s.ID] = map[app.Date]bool{}
			}
			sites[s.ID].Hours += s.Hours
			client := member.Sheet.Clients[member.Sheet.Sites[s.ID].ClientID].Name
			clients[client] += s.Hours
			named = named || client != ""
		}
		for _, d := range member.Days {
			for _, l := range d.Lines {
				days[l.SiteID][d.Date] = true
			}
		}
	}
	for id, s := range sites {
		s.Days = len(days[id])
		m.Sites = append(m.Sites, *s)
	}
	sortSites(m.Sites)
	if !named {
		return
	}
	for name, hours := range clients {
		m.Clients = append(m.Clients, ClientTotal{name, hours})
	}
	sortClients(m.Clients)
}

// number counts the notes over the whole paper, in the order of its rows, and
// has the members' marks point to them.
func (m *GroupModel) number() {
	n := 0
	renumber := func(member *Model, marks []string) (out []string) {
		for _, mark := range marks {
			i := slices.IndexFunc(member.Notes, func(x Note) bool { return x.Mark() == mark })
			if i < 0 {
				continue
			}
			n++
			note := member.Notes[i]
			note.Number = n
			m.Notes, m.Who = append(m.Notes, note), append(m.Who, member.Sheet.Worker.Name())
			m.whose = append(m.whose, member.Sheet.Engagement.ID)
			out = append(out, note.Mark())
		}
		return out
	}
	if len(m.Members) == 0 {
		return
	}
	for day := range m.Members[0].Days { // all have the same ones
		for _, member := range m.Members {
			member.Days[day].Marks = renumber(member, member.Days[day].Marks)
		}
	}
	for _, member := range m.Members {
		for i := range member.Late {
			member.Late[i].Marks = renumber(member, member.Late[i].Marks)
		}
		member.Notes = nil // they stand in m.Notes now
	}
}

// Printed returns what stands on the paper, member by member.
func (m *GroupModel) Printed() []Printed {
	out := []Printed{}
	for _, member := range m.Members {
		out = append(out, member.Printed()...)
	}
	return out
}

// Engagements returns those on the paper, in its order.
func (m *GroupModel) Engagements() []app.ID {
	var out []app.ID
	for _, member := range m.Members {
		out = append(out, member.Sheet.Engagement.ID)
	}
	return out
}

// Approved returns how many members' days an approval closes.
func (m *GroupModel) Approved() (n int) {
	for _, member := range m.Members {
		if member.Sheet.Approval != nil {
			n++
		}
	}
	return n
}

// Late returns the hours of earlier, closed days that are settled with those of a
// team's paper, of everyone; a site's has none.
func (m *GroupModel) Late() (sum Minutes) {
	for _, member := range m.Members {
		for _, l := range member.Late {
			sum += l.Hours
		}
	}
	return sum
}

// Provisional says that some member's days are not closed, or that there is none.
func (m *GroupModel) Provisional() bool { return len(m.Members) == 0 || m.Approved() < len(m.Members) }

// rounds says that the hours of a member are rounded.
func (m *GroupModel) rounds() bool {
	return slices.ContainsFunc(m.Members, func(x *Model) bool { return x.rounds() })
}

// People returns how many people are on the paper; who has two engagements is one.
func (m *GroupModel) People() int {
	seen := map[app.ID]bool{}
	for _, member := range m.Members {
		seen[member.Sheet.Worker.ID] = true
	}
	return len(seen)
}
