package register

import (
	"context"
	"maps"

	"fyne.io/fyne/v2/widget"

	"klokkast/app/ciao"
	"klokkast/app/workspace"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// setRegister keeps what was changed of the register. Where people have to agree
// before punches go by themselves, the mode waits, and what is to be agreed to is given.
func (p *Screen) setRegister(
	ctx context.Context,
	before workspace.RegisterSettings,
	changed map[workspace.RegisterSetting]string,
	why string,
) (*kit.Ahead, error) {
	ask, err := p.mustAgree(ctx, before, changed)
	if err != nil {
		return nil, err
	}
	now := maps.Clone(changed)
	if ask != nil {
		delete(now, workspace.SetMode)
	}
	return ask, p.desk.Connection.SetRegister(ctx, now, why)
}

// mustAgree returns what people have to agree to before punches go by themselves
// that went by hand until now; nil where they need not. The first sending of all
// is asked about even where nothing waits yet.
func (p *Screen) mustAgree(ctx context.Context, before workspace.RegisterSettings, changed map[workspace.RegisterSetting]string) (*kit.Ahead, error) {
	mode := ciao.Mode(changed[workspace.SetMode])
	if before.SendingMode() != ciao.Manual || mode == "" || mode == ciao.Manual {
		return nil, nil
	}
	a, err := kit.LookAhead(ctx, p.desk)
	if err != nil || !a.First && len(a.Asks) == 0 {
		return nil, err
	}
	return a, nil
}

// switchOn shows what would go at once when punches go by themselves, and sets
// the mode when that is agreed to.
func (p *Screen) switchOn(a *kit.Ahead, mode, reason string) {
	t := p.h.Texts
	said := append([]string{t.T("sending.ahead.byMode", "Mode", wording.RegisterSetting(t, workspace.SetMode, mode))}, a.Lines(t)...)
	p.h.ConfirmLines(t.T("sending.connection.title"), said, t.T("sending.ahead.switchOn"), func() {
		p.h.Act(func(ctx context.Context) error {
			return p.desk.Connection.SetRegister(ctx, map[workspace.RegisterSetting]string{workspace.SetMode: mode}, reason)
		}, func() { p.h.Say(t.T("sending.saved"), widget.SuccessImportance) })
	})
}
