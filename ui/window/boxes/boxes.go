package boxes

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/papers"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// Screen lists clock boxes, known and connected, reads them and takes files in.
type Screen struct {
	h        *kit.Host
	desk     *office.Office
	load     *kit.Inquiry
	readings *kit.Inquiry

	grid     *grid.Grid[boxRow]
	search   *field.Entry
	read     *kit.Button
	readAll  *kit.Button
	place    *kit.Button
	end      *kit.Button
	change   *kit.Button
	clocks   *kit.Button
	drift    *kit.Button
	reopen   *kit.Button
	mapping  *kit.Button
	file     *kit.Button
	title    *widget.Label
	detail   *widget.Label
	sessions *grid.Grid[sessionRow]
	sites    []kit.Option
	names    *derived.Names
	service  *servicePanel
	at       map[string]string // the UID of the box under a path, as last told
	wanted   string            // the box that another screen led to
	receipt  *kit.Button       // of the reading at the cursor
}

type boxRow struct {
	key, label, site, connected, read, punches, state string
	look                                              widget.Importance
	row                                               boxes.BoxRow
	placement                                         app.Placement // where it stands now; no id where it stands nowhere
}

type sessionRow struct{ key, started, by, source, records, fresh, state string }

// New makes the screen of the boxes on an office.
func New(h *kit.Host, desk *office.Office) *Screen {
	p := &Screen{h: h, desk: desk, at: map[string]string{}}
	p.service = newServicePanel(h, desk)
	h.Works.Changed = p.showDetail
	t := h.Texts
	p.grid = kit.NewGrid(h, t.T("window.boxes.empty"), func(r boxRow) string { return r.key }, []grid.Column[boxRow]{
		{Key: "label", Title: t.T("window.col.box"), Width: 150, Text: func(r boxRow) string { return r.label }},
		{Key: "site", Title: t.T("window.col.site"), Width: 160, Text: func(r boxRow) string { return r.site }},
		{Key: "connected", Title: t.T("window.col.connected"), Width: 112, Firm: true,
			Text: func(r boxRow) string { return r.connected }, Look: func(r boxRow) widget.Importance { return r.look }},
		{Key: "read", Title: t.T("window.col.lastRead"), Width: 128, Firm: true, Text: func(r boxRow) string { return r.read },
			Compare: func(a, b boxRow) int { return int(a.row.LastRead/1000 - b.row.LastRead/1000) }},
		{Key: "punches", Title: t.T("window.col.punches"), Width: 84, Firm: true, Right: true,
			Text: func(r boxRow) string { return r.punches }, Compare: func(a, b boxRow) int { return a.row.Punches - b.row.Punches }},
		{Key: "state", Title: t.T("window.col.state"), Width: 160, Text: func(r boxRow) string { return r.state }},
	})
	p.grid.OnSelect = p.showDetail
	p.grid.OnOpen = func(boxRow) { p.readSelected() }
	p.search = kit.FilterFor(h, p.grid)
	p.read = h.Button(t.T("window.boxes.readOne"), theme.DownloadIcon(), p.readSelected)
	p.readAll = h.MainButton(t.T("window.boxes.readAll"), theme.DownloadIcon(), func() { kit.ReadAll(h, desk) })
	p.file = h.Button(t.T("window.boxes.import"), theme.FileIcon(), p.chooseFile)
	p.place = h.Button(t.T("window.boxes.place"), theme.NavigateNextIcon(), p.askPlace)
	p.end = h.Button(t.T("window.boxes.end"), theme.ContentClearIcon(), p.askEnd)
	p.change = h.Button(t.T("window.boxes.change"), theme.DocumentCreateIcon(), p.askChange)
	p.reopen = h.Button(t.T("window.boxes.reopen"), theme.ViewRefreshIcon(), p.askReopen)
	p.clocks = h.Button(t.T("window.clock.button"), theme.HistoryIcon(), func() {
		if r, ok := p.grid.Current(); ok && p.names != nil {
			kit.ShowRepairs(h, desk, p.names, r.row.Box.UID)
		}
	})
	p.drift = h.Button(t.T("window.chart.drift"), theme.HistoryIcon(), func() {
		if r, ok := p.grid.Current(); ok && p.names != nil {
			h.ShowChart(desk, papers.BoxDrift, r.row.Box.UID, p.names.Box(r.row.Box.UID))
		}
	})
	p.mapping = h.Button(t.T("window.boxes.mapping"), theme.ListIcon(), p.chooseSample)
	p.title = kit.CardHeading()
	p.detail = kit.Wrapped("")
	p.sessions = kit.NewGrid(h, t.T("window.boxes.noReadings"), func(r sessionRow) string { return r.key }, []grid.Column[sessionRow]{
		{Key: "started", Title: t.T("window.col.when"), Width: 135, Firm: true, Text: func(r sessionRow) string { return r.started }},
		{Key: "source", Title: t.T("window.col.source"), Width: 90, Text: func(r sessionRow) string { return r.source }},
		{Key: "records", Title: t.T("window.col.records"), Width: 72, Firm: true, Right: true, Text: func(r sessionRow) string { return r.records }},
		{Key: "new", Title: t.T("window.col.new"), Width: 62, Firm: true, Right: true, Text: func(r sessionRow) string { return r.fresh }},
		{Key: "state", Title: t.T("window.col.state"), Width: 110, Text: func(r sessionRow) string { return r.state }},
		{Key: "by", Title: t.T("window.col.by"), Width: 90, Text: func(r sessionRow) string { return r.by }},
	})
	p.receipt = h.Button(t.T("window.papers.receipt.button"), theme.DocumentIcon(), p.printReceipt)
	p.sessions.OnSelect = p.enableReceipt
	p.sessions.OnOpen = func(sessionRow) { p.printReceipt() }
	p.load, p.readings = h.Asks(p.grid), h.Asks(p.sessions)
	p.showDetail()
	p.enableReceipt()
	return p
}

// Content lays the screen out.
func (p *Screen) Content() fyne.CanvasObject {
	top := container.NewVBox(
		container.NewBorder(nil, nil, kit.Heading(p.h.Texts.T("window.screen.boxes")), kit.Toolbar(p.readAll, p.read, p.file)),
		p.search,
	)
	// It scrolls: with a box connected it needs more height than a small laptop has. Few
	// buttons a row: in German three leave the list too little room.
	about := container.NewVScroll(container.NewVBox(p.title, p.detail, container.NewHBox(p.place, p.end),
		container.NewHBox(p.change, p.clocks), container.NewHBox(p.drift, p.reopen, p.mapping), p.service.area))
	side := container.NewVSplit(about, container.NewBorder(container.NewBorder(nil, nil, kit.Bold(p.h.Texts.T("window.boxes.readings")), p.receipt),
		nil, nil, nil, p.readings.Above(p.sessions)))
	side.Offset = 0.62
	return container.NewBorder(top, nil, nil, nil, kit.Split(0.58, p.load.Above(p.grid), side))
}

// Filter is the entry that Ctrl+F goes to; nil where there is none.
func (p *Screen) Filter() *field.Entry { return p.search }

// Narrow selects a box by its UID; "import" begins the import of a file.
func (p *Screen) Narrow(what string) {
	if what == "import" {
		p.chooseFile()
		return
	}
	p.wanted = what
}

type boxesShown struct {
	rows  []boxRow
	sites []kit.Option
	names *derived.Names
	at    map[string]string
}

// Reload asks the office again, in the background.
func (p *Screen) Reload() {
	ours := map[string]string{} // boxes that this window has open now: they answer nobody else
	for path, uid := range p.at {
		if p.service.holds(path) {
			ours[path] = uid
		}
	}
	kit.Load(p.load, nil, func(ctx context.Context) (boxesShown, error) {
		boxes, err := p.desk.Boxes.Rows(ctx)
		if err != nil {
			return boxesShown{}, err
		}
		names, err := p.desk.Derived.Names(ctx)
		if err != nil {
			return boxesShown{}, err
		}
		sites, err := p.desk.Sites.Rows(ctx)
		if err != nil {
			return boxesShown{}, err
		}
		boxes, at := identified(boxes, ours)
		return boxesShown{p.rows(boxes, names, sites), kit.SiteOptions(names), names, at}, nil
	}, func(s boxesShown) {
		p.sites, p.names, p.at = s.sites, s.names, s.at
		p.service.forget(p.at)
		p.grid.SetRows(s.rows)
		if p.wanted != "" {
			p.grid.Select(p.wanted)
			p.wanted = ""
		}
		p.showDetail()
	})
}

// identified returns the boxes with those that we have open under their own
// name, and which box is under which path. While we work with a box, it cannot
// be asked who it is and would be listed as an unknown one in use.
func identified(rows []boxes.BoxRow, ours map[string]string) ([]boxes.BoxRow, map[string]string) {
	at := map[string]string{}
	place := map[string]int{}
	for i, b := range rows {
		if b.Connected != "" && b.Box.UID != "" {
			at[b.Connected] = b.Box.UID
		}
		if b.Known {
			place[b.Box.UID] = i
		}
	}
	var kept []boxes.BoxRow
	hide := map[int]bool{}
	rows = slices.Clone(rows)
	for i, b := range rows {
		uid := ours[b.Connected]
		if b.Connected == "" || uid == "" || b.Box.UID != "" && b.Box.UID != uid {
			continue
		}
		at[b.Connected] = uid
		rows[i].Problem = ""
		if k, ok := place[uid]; ok && k != i {
			rows[k].Connected, rows[k].Problem = b.Connected, ""
			hide[i] = true
			continue
		}
		rows[i].Box.UID = uid
	}
	for i, b := range rows {
		if !hide[i] {
			kept = append(kept, b)
		}
	}
	slices.SortStableFunc(kept, func(a, b boxes.BoxRow) int { // as the office lists them
		return cmp.Or(-compareBool(a.Connected != "", b.Connected != ""), cmp.Compare(a.Box.Label, b.Box.Label))
	})
	return kept, at
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (p *Screen) rows(boxes []boxes.BoxRow, names *derived.Names, sites []acts.SiteRow) []boxRow {
	t := p.h.Texts
	now := p.h.Now()
	standing := map[string]app.Placement{}
	for _, s := range sites {
		for _, pl := range s.Placements {
			if pl.Span.Holds(now) {
				standing[pl.BoxUID] = pl
			}
		}
	}
	rows := make([]boxRow, 0, len(boxes))
	for _, b := range boxes {
		r := boxRow{
			key: b.Box.UID + b.Connected, label: kit.BoxName(p.h, &b), site: names.Site(b.SiteID), row: b,
			punches: t.Number(b.Punches), read: t.T("window.boxes.never"), placement: standing[b.Box.UID], look: widget.LowImportance,
		}
		if b.Known && b.Box.UID != "" {
			r.key = b.Box.UID
		}
		if b.SiteID == "" {
			r.site = t.T("window.boxes.nowhere")
		}
		if b.LastRead != 0 {
			r.read = t.DateTime(b.LastRead, p.h.Zone)
		}
		switch {
		case b.Problem != "":
			r.connected, r.look = wording.Fault(t, b.Problem), widget.DangerImportance
		case b.Connected != "":
			r.connected, r.look = t.T("window.boxes.connected"), widget.SuccessImportance
		default:
			r.connected = t.T("window.boxes.away")
		}
		r.state = boxState(p.h, &b)
		rows = append(rows, r)
	}
	return rows
}

// boxState says in a few words what is the matter with a box, "" for nothing.
func boxState(h *kit.Host, b *boxes.BoxRow) string {
	t := h.Texts
	lost := uint64(0)
	for _, g := range b.Gaps {
		if !g.ReadElsewhere {
			lost += g.Last - g.First + 1
		}
	}
	switch {
	case b.Box.Quarantined != "":
		return t.T("window.boxes.quarantined", "Why", wording.Fault(t, b.Box.Quarantined))
	case !b.Known:
		return t.T("window.boxes.new")
	case lost > 0:
		return t.N("window.boxes.lost", int(lost))
	case b.LastState == app.ReadingStopped || b.LastState == app.ReadingRefused:
		return wording.Reading(t, b.LastState, b.Last.Problem)
	case strings.HasPrefix(b.Last.Problem, "ack-"):
		return wording.Fault(t, b.Last.Problem)
	case b.Unacked > 0:
		return t.N("window.boxes.unacked", int(b.Unacked))
	}
	return ""
}

func (p *Screen) showDetail() {
	r, ok := p.grid.Current()
	kit.Enable(ok && kit.Readable(&r.row) && !p.h.Works.Has("read:"+r.row.Connected), p.read)
	kit.Enable(ok && r.row.Known, p.place, p.change, p.clocks, p.drift)
	kit.Enable(ok && r.placement.ID != "", p.end)
	kit.SetVisible(p.reopen, ok && r.row.Box.Quarantined != "")
	kit.SetVisible(p.mapping, ok && r.row.Known && r.row.Box.Make.Can().Files)
	if !ok {
		p.title.SetText("")
		p.detail.SetText(p.h.Texts.T("window.boxes.pick"))
		p.service.show("", "")
		p.readings.Rest()
		return
	}
	t := p.h.Texts
	p.title.SetText(r.label)
	if kit.Readable(&r.row) && r.row.Box.Make.Can().Service {
		p.service.show(r.row.Connected, r.label)
	} else {
		p.service.show("", "")
	}
	if r.row.Problem != "" && r.row.Box.UID == "" {
		p.detail.SetText(kit.FaultHelp(t, r.row.Problem))
		p.readings.Rest()
		return
	}
	at := t.T("window.boxes.detail.nowhere")
	if r.placement.ID != "" {
		at = t.T("window.boxes.detail.at", "Site", r.site, "From", t.DateTime(r.placement.Span.From, p.h.Zone))
	}
	fault := ""
	if r.row.Problem != "" {
		fault = kit.FaultHelp(t, r.row.Problem)
	}
	closed := ""
	if r.row.Box.Quarantined != "" {
		closed = t.T("window.boxes.closed")
	}
	p.detail.SetText(kit.Lines(fault, at, r.state, wording.ReadingHelp(t, &r.row.Last, r.row.ReadUpTo),
		closed, t.T("window.boxes.detail.uid", "UID", r.row.Box.UID, "Make", string(r.row.Box.Make))))
	if !r.row.Known {
		p.readings.Rest()
		return
	}
	kit.Load(p.readings, r.row.Box.UID, func(ctx context.Context) ([]sessionRow, error) {
		all, err := p.desk.Boxes.Readings(ctx, r.row.Box.UID)
		return p.sessionRows(all), err
	}, p.sessions.SetRows)
}

// lastReadings is how many sessions are listed.
const lastReadings = 50

func (p *Screen) sessionRows(all []app.Reading) []sessionRow {
	t := p.h.Texts
	var rows []sessionRow
	for _, r := range all[:min(len(all), lastReadings)] {
		source := t.T("window.boxes.cable")
		if r.Source == app.FromFile {
			source = r.FileName
		}
		rows = append(rows, sessionRow{string(r.ID), t.DateTime(r.Started, p.h.Zone), r.Actor,
			source, t.Number(r.Records), t.Number(r.New), wording.Reading(t, r.State, r.Problem)})
	}
	return rows
}

func (p *Screen) readSelected() {
	var boxes []boxes.BoxRow
	for _, r := range p.grid.Selected() {
		switch {
		case p.h.Works.Has("read:" + r.row.Connected):
		case kit.Readable(&r.row):
			boxes = append(boxes, r.row)
		case r.row.Problem != "":
			p.h.Tell(r.label, kit.FaultHelp(p.h.Texts, r.row.Problem))
		}
	}
	kit.ReadBoxes(p.h, p.desk, boxes)
	p.showDetail()
}

func (p *Screen) askPlace() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.boxes.place.help"))
	site := f.Pick(t.T("window.col.site"), p.sites, string(r.row.SiteID), "site")
	from := f.Moment(t.T("window.field.from"), p.h.Now(), p.h.Zone, true, "from")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.boxes.place.title", "Box", r.label), t.T("window.boxes.place"), func() func(context.Context) error {
		id, at, reason := app.ID(site.Value()), kit.Must(from.Instant()), why.Text
		return func(ctx context.Context) error { return p.desk.Boxes.PlaceBox(ctx, r.row.Box.UID, id, at, reason) }
	}, nil)
}

func (p *Screen) askEnd() {
	r, ok := p.grid.Current()
	if !ok || r.placement.ID == "" {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.boxes.end.help", "Box", r.label, "Site", r.site))
	at := f.Moment(t.T("window.field.end"), p.h.Now(), p.h.Zone, true, "to", "from", "at")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.boxes.end.title", "Box", r.label), t.T("window.boxes.end"), func() func(context.Context) error {
		end, reason := kit.Must(at.Instant()), why.Text
		return func(ctx context.Context) error { return p.desk.Boxes.EndPlacement(ctx, r.placement.ID, end, reason) }
	}, nil)
}

// askReopen lifts a quarantine, for a reason.
func (p *Screen) askReopen() {
	r, ok := p.grid.Current()
	if !ok || r.row.Box.Quarantined == "" {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(kit.Upper(r.state) + ". " + t.T("window.boxes.reopen.help"))
	why := f.Text(t.T("window.boxes.reopen.why"), "", "why")
	f.Show(t.T("window.boxes.reopen.title", "Box", r.label), t.T("window.boxes.reopen.go"), func() func(context.Context) error {
		reason := why.Text
		return func(ctx context.Context) error { return p.desk.Boxes.ReopenBox(ctx, r.row.Box.UID, reason) }
	}, nil)
}

func (p *Screen) askChange() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	b := r.row.Box
	f := p.h.NewForm()
	label := f.Text(t.T("window.field.label"), b.Label, "label")
	group := f.Text(t.T("window.field.group"), b.Group, "pinGroup", "group")
	var zone *field.Entry
	var keys *kit.Choice
	if b.Make.Can().Files {
		zone = f.Text(t.T("window.field.zone"), string(b.Zone), "zone")
		keys = f.Choice(t.T("window.boxes.statusKeys"), p.keyOptions(), string(b.StatusKeys), "statusKeys")
	}
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.boxes.change.title", "Box", r.label), t.T("window.save"), func() func(context.Context) error {
		b.Label, b.Group = label.Text, group.Text
		if keys != nil {
			b.Zone, b.StatusKeys = app.Zone(zone.Text), app.StatusKeys(keys.Value())
		}
		changed, reason := b, why.Text
		return func(ctx context.Context) error { return p.desk.Boxes.SaveBox(ctx, changed, reason) }
	}, nil)
}

func (p *Screen) keyOptions() []kit.Option {
	return []kit.Option{
		{Value: string(app.StatusAsk), Text: p.h.Texts.T("window.boxes.statusKeys.ask")},
		{Value: string(app.StatusIsKey), Text: p.h.Texts.T("window.boxes.statusKeys.yes")},
		{Value: string(app.StatusNoKey), Text: p.h.Texts.T("window.boxes.statusKeys.no")},
	}
}
