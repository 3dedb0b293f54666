package boxes

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/office"
	"klokkast/app/text"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// servicePanel shows what a connected box tells of itself, and has it do things.
// A box serves one at a time, so all of it, reading too, is one piece of work.
type servicePanel struct {
	h    *kit.Host
	desk *office.Office
	load *kit.Inquiry

	area                             *fyne.Container
	text                             *widget.Label
	again                            *kit.Button // asks once more a box that did not answer
	pair, unpair                     *kit.Button
	identify, setClock, badges, live *kit.Button

	path, name string                      // of the box that is shown; "" for none
	asking     string                      // the path of the box that is being asked now
	problem    string                      // why the shown one did not answer
	told       map[string]*boxes.BoxDetail // by path, until something changes it
}

func newServicePanel(h *kit.Host, desk *office.Office) *servicePanel {
	t := h.Texts
	p := &servicePanel{h: h, desk: desk, load: h.Asks(), text: kit.Wrapped(""), told: map[string]*boxes.BoxDetail{}}
	p.text.Selectable = true
	p.again = h.Button(t.T("window.load.again"), theme.ViewRefreshIcon(), func() { p.show(p.path, p.name) })
	p.live = h.Button(t.T("window.service.watch"), theme.MediaPlayIcon(), p.watch)
	p.identify = h.Button(t.T("window.service.identify"), theme.VolumeUpIcon(), p.doIdentify)
	p.setClock = h.Button(t.T("window.service.time"), theme.HistoryIcon(), p.doSetClock)
	p.badges = h.Button(t.T("window.service.badges"), theme.UploadIcon(), p.askBadges)
	p.pair = h.Button(t.T("window.service.pair"), theme.LoginIcon(), p.doPair)
	p.unpair = h.Button(t.T("window.service.unpair"), theme.LogoutIcon(), p.askUnpair)
	p.area = container.NewVBox(kit.Bold(t.T("window.service.title")), p.text, container.NewHBox(p.again),
		container.NewHBox(p.live, p.identify, p.setClock), container.NewHBox(p.badges, p.pair, p.unpair))
	p.area.Hide()
	p.again.Hide()
	return p
}

// WorkKey is what all work with one connected box is known by.
func WorkKey(path string) string { return "read:" + path }

// show shows the box under a path; "" for none.
func (p *servicePanel) show(path, name string) {
	if path != p.path {
		p.problem = ""
	}
	p.path, p.name = path, name
	kit.SetVisible(p.area, path != "")
	if p.h.Works.Has(WorkKey(path)) {
		delete(p.told, path) // it will tell other things then
	}
	p.showTold()
	if path == "" || path == p.asking || p.told[path] != nil || p.h.Works.Has(WorkKey(path)) {
		return
	}
	p.asking = path
	type answer struct {
		detail *boxes.BoxDetail
		err    error
	}
	kit.Load(p.load, path, func(ctx context.Context) (answer, error) {
		d, err := p.desk.Boxes.BoxDetail(ctx, path)
		return answer{d, err}, nil
	}, func(a answer) {
		p.asking, p.problem = "", ""
		if a.err != nil {
			p.problem = p.h.Reason(a.err)
		} else {
			p.told[path] = a.detail
		}
		p.showTold()
	})
}

// holds says that this window has the box under a path open now.
func (p *servicePanel) holds(path string) bool {
	return path == p.asking || p.h.Works.Has(WorkKey(path))
}

// forget drops what boxes told that are no longer connected: another one may come under that path.
func (p *servicePanel) forget(connected map[string]string) {
	for path := range p.told {
		if _, ok := connected[path]; !ok {
			delete(p.told, path)
		}
	}
}

func (p *servicePanel) showTold() {
	d := p.told[p.path]
	free := p.path != "" && !p.h.Works.Has(WorkKey(p.path))
	kit.Enable(free, p.pair)
	kit.Enable(free && d != nil && d.Info.Paired, p.unpair, p.setClock, p.badges)
	kit.Enable(free && d != nil, p.identify, p.live)
	kit.SetVisible(p.again, free && d == nil && p.problem != "" && p.asking == "")
	kit.SetVisible(p.pair, d == nil || !d.Info.Paired)
	kit.SetVisible(p.unpair, d != nil && d.Info.Paired)
	switch {
	case d != nil:
		p.text.SetText(detailText(p.h.Texts, d))
	case p.problem != "" && free && p.asking == "":
		p.text.SetText(p.problem)
	case free:
		p.text.SetText(p.h.Texts.T("window.service.asking"))
	default:
		p.text.SetText(p.h.Texts.T("window.service.busy"))
	}
}

// detailText words what a box told of itself.
func detailText(t *text.Translator, d *boxes.BoxDetail) string {
	i := &d.Info
	battery := ""
	if i.Battery >= 0 {
		battery = t.T("window.service.battery", "Percent", t.Number(i.Battery))
	}
	held := uint64(0)
	if i.First > 0 && i.Last >= i.First {
		held = i.Last - i.First + 1
	}
	memory := ""
	if i.Capacity > 0 {
		memory = t.T("window.service.memory", "Used", t.Number(int(held)), "Capacity",
			t.Number(int(i.Capacity)), "Percent", t.Decimal(100*float64(held)/float64(i.Capacity), 1))
	}
	paired := t.T("window.service.notPaired")
	if i.Paired {
		paired = t.T("window.service.paired")
	}
	clock := t.T("window.service.clock", "Offset", offsetText(t, d.Clock.Offset), "Uncertainty", t.Decimal(d.Clock.Uncertainty.Seconds(), 3))
	if !i.ClockSet {
		clock = t.T("window.service.clockLost")
	}
	checked := t.T("window.service.checked")
	if !d.ClockChecked {
		checked = t.T("window.service.unchecked")
	}
	return kit.Lines(
		joined("  ·  ", strings.TrimSpace(i.Maker+" "+i.Model), t.T("window.service.firmware", "Version", i.Firmware), battery),
		memory,
		t.T("window.service.log", "First", t.Number(int(i.First)), "Last", t.Number(int(i.Last)), "Acked", t.Number(int(i.Acked))),
		clock, checked, paired,
	)
}

// joined joins the texts that are not empty.
func joined(between string, parts ...string) string {
	return strings.ReplaceAll(kit.Lines(parts...), "\n", between)
}

// offsetText writes how far a clock is off: seconds below two minutes, else h:mm:ss.
func offsetText(t *text.Translator, d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "−", -d
	}
	if d < 2*time.Minute {
		return sign + t.Decimal(d.Seconds(), 2) + " s"
	}
	s := int(d / time.Second)
	return fmt.Sprintf("%s%d:%02d:%02d", sign, s/3600, s/60%60, s%60)
}

// work has the shown box do something, with a line at the foot of the window.
// done is called where it went well.
func (p *servicePanel) work(title string, do func(ctx context.Context, path string, progress kit.Progress) error, done func(), ended ...func()) {
	path := p.path
	if path == "" || p.h.Works.Has(WorkKey(path)) {
		return
	}
	p.h.Work(WorkKey(path), title, func(ctx context.Context, progress kit.Progress) error { return do(ctx, path, progress) }, func(err error) {
		for _, end := range ended {
			end()
		}
		if err == nil && done != nil {
			done()
		}
	})
}

func (p *servicePanel) doIdentify() {
	name := p.name
	p.work(p.h.Texts.T("window.service.identifying", "Box", name), func(ctx context.Context, path string, _ kit.Progress) error {
		return p.desk.Boxes.IdentifyBox(ctx, path)
	}, func() { p.h.Say(p.h.Texts.T("window.service.identified", "Box", name), widget.SuccessImportance) })
}

func (p *servicePanel) doSetClock() {
	t, name := p.h.Texts, p.name
	var before, after app.ClockOffset
	p.work(t.T("window.service.setting", "Box", name), func(ctx context.Context, path string, _ kit.Progress) error {
		var err error
		before, after, err = p.desk.Boxes.SetBoxTime(ctx, path)
		return err
	}, func() {
		p.h.Say(t.T("window.service.set", "Box", name, "Before", offsetText(t, before.Offset), "After", offsetText(t, after.Offset)), widget.SuccessImportance)
	})
}

// doPair agrees on a key; when the box waits for its button, a dialog says so.
func (p *servicePanel) doPair() {
	t, name, key := p.h.Texts, p.name, WorkKey(p.path)
	var wait *dialog.CustomDialog
	ended := false
	ask := func() {
		if ended || wait != nil {
			return
		}
		busy := widget.NewProgressBarInfinite()
		wait = dialog.NewCustomWithoutButtons(t.T("window.service.pair.title", "Box", name),
			container.New(kit.MinWidth(440), container.NewVBox(kit.Wrapped(t.T("window.service.press")), busy)), p.h.Window)
		cancel := p.h.Button(t.T("window.cancel"), theme.CancelIcon(), func() {
			if x := p.h.Works.Running[key]; x != nil {
				x.Cancel()
			}
		})
		wait.SetButtons([]fyne.CanvasObject{cancel})
		wait.Show()
		p.h.Window.Canvas().Focus(cancel)
	}
	p.work(t.T("window.service.pairing", "Box", name), func(ctx context.Context, path string, _ kit.Progress) error {
		return p.desk.Boxes.PairBox(ctx, path, func() { p.h.Do(ask) })
	}, func() { p.h.Say(t.T("window.service.pairedNow", "Box", name), widget.SuccessImportance) }, func() {
		ended = true
		if wait != nil {
			wait.Hide()
		}
	})
}

func (p *servicePanel) askUnpair() {
	t, name := p.h.Texts, p.name
	p.h.Confirm(t.T("window.service.unpair.title", "Box", name), t.T("window.service.unpair.help"), t.T("window.service.unpair"), func() {
		p.work(t.T("window.service.unpairing", "Box", name), func(ctx context.Context, path string, _ kit.Progress) error {
			return p.desk.Boxes.UnpairBox(ctx, path)
		}, func() { p.h.Say(t.T("window.service.unpairedNow", "Box", name), widget.SuccessImportance) })
	})
}

// askBadges asks what the box does with badges that are not on the list, then pushes it.
func (p *servicePanel) askBadges() {
	t, name := p.h.Texts, p.name
	f := p.h.NewForm()
	f.Note(t.T("window.service.badges.help"))
	refuse := f.Tick("", t.T("window.service.refuse"), false, "refuse")
	var others bool
	f.Show(t.T("window.service.badges.title", "Box", name), t.T("window.service.badges.go"), func() func(context.Context) error {
		others = refuse.Checked
		return func(context.Context) error { return nil }
	}, func() {
		count := 0
		p.work(t.T("window.service.pushing", "Box", name), func(ctx context.Context, path string, _ kit.Progress) error {
			var err error
			count, _, err = p.desk.Boxes.PushBadges(ctx, path, others)
			return err
		}, func() { p.h.Say(t.N("window.service.pushed", count, "Box", name), widget.SuccessImportance) })
	})
}

// tapRow is one punch as it was seen live.
type tapRow struct{ key, time, who, role, badge, pressed, state string }

// liveTaps is how many punches the list of a watch holds at most.
const liveTaps = 500

// watch stays with the box and lists each tap as it is made, the newest first.
// Each is read and stored like any other; closing the list ends the watch.
func (p *servicePanel) watch() {
	t, name, key := p.h.Texts, p.name, WorkKey(p.path)
	if p.path == "" || p.h.Works.Has(key) {
		return
	}
	g := kit.NewGrid(p.h, t.T("window.service.watch.empty"), func(r tapRow) string { return r.key }, []grid.Column[tapRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 160, Firm: true, Text: func(r tapRow) string { return r.time }},
		{Key: "who", Title: t.T("window.col.person"), Width: 180, Text: func(r tapRow) string { return r.who }},
		{Key: "role", Title: t.T("window.col.role"), Width: 110, Text: func(r tapRow) string { return r.role }},
		{Key: "key", Title: t.T("window.col.key"), Width: 90, Text: func(r tapRow) string { return r.pressed }},
		{Key: "badge", Title: t.T("window.col.badge"), Width: 170, Text: func(r tapRow) string { return r.badge }},
		{Key: "state", Title: t.T("window.col.state"), Width: 130, Text: func(r tapRow) string { return r.state }},
	})
	var rows []tapRow
	var stop *kit.Button
	stop = p.h.Button(t.T("window.service.watch.stop"), theme.MediaStopIcon(), func() {
		stop.Disable()
		if x := p.h.Works.Running[key]; x != nil {
			x.Cancel()
		}
	})
	d := dialog.NewCustomWithoutButtons(t.T("window.service.watch.title", "Box", name),
		container.NewBorder(kit.Wrapped(t.T("window.service.watch.help")), nil, nil, nil, kit.Sized(880, 300, g)), p.h.Window)
	d.SetButtons([]fyne.CanvasObject{stop})
	d.Show()
	p.h.Window.Canvas().Focus(stop)
	count := 0
	p.work(t.T("window.service.watching", "Box", name), func(ctx context.Context, path string, _ kit.Progress) error { // a watch has no end to come nearer to
		return p.desk.Boxes.WatchBox(ctx, path, func(tap boxes.SeenTap) {
			row := p.tapRow(&tap)
			p.h.Do(func() {
				count++
				rows = append([]tapRow{row}, rows[:min(len(rows), liveTaps-1)]...)
				g.SetRows(rows)
			})
		}, nil)
	}, nil, func() {
		d.Hide()
		p.h.Say(t.N("window.service.watched", count, "Box", name), widget.MediumImportance)
	})
}

func (p *servicePanel) tapRow(tap *boxes.SeenTap) tapRow {
	t := p.h.Texts
	punch := &tap.Punch
	r := tapRow{
		key: punch.Key.String(), time: t.DateTimeSeconds(tap.At, tap.Names.Zone(tap.SiteID)), who: tap.Names.Worker(tap.WorkerID),
		badge: wording.Badge(t, app.Identifier{Key: punch.Identifier}), pressed: wording.Key(t, punch.Pressed),
		role: wording.Role(t, tap.Role),
	}
	if tap.WorkerID == "" {
		r.who = t.T("window.service.nobody")
	}
	if g := tap.Registration; g != nil {
		r.state = wording.State(t, g.State)
	}
	return r
}
