package window

import (
	"context"
	"maps"

	"fyne.io/fyne/v2/widget"

	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// setRegister keeps what was changed of the register. Where people have to agree
// before punches go by themselves, the mode waits, and what is to be agreed to is given.
func (p *ciaoPage) setRegister(ctx context.Context, before office.RegisterSettings, changed map[office.RegisterSetting]string, why string) (*ahead, error) {
	ask, err := p.mustAgree(ctx, before, changed)
	if err != nil {
		return nil, err
	}
	now := maps.Clone(changed)
	if ask != nil {
		delete(now, office.SetMode)
	}
	return ask, p.desk.SetRegister(ctx, now, why)
}

// mustAgree gives what people have to agree to before punches go by themselves
// that went by hand until now; nil where they need not. The first sending of all
// is asked about even where nothing waits yet.
func (p *ciaoPage) mustAgree(ctx context.Context, before office.RegisterSettings, changed map[office.RegisterSetting]string) (*ahead, error) {
	mode := ciao.Mode(changed[office.SetMode])
	if before.SendingMode() != ciao.Manual || mode == "" || mode == ciao.Manual {
		return nil, nil
	}
	a, err := lookAhead(ctx, p.desk)
	if err != nil || !a.First && len(a.Asks) == 0 {
		return nil, err
	}
	return a, nil
}

// switchOn shows what would go at once when punches go by themselves, and sets
// the mode when that is agreed to.
func (p *ciaoPage) switchOn(a *ahead, mode, reason string) {
	t := p.h.t
	said := append([]string{t.T("sending.ahead.byMode", "Mode", wording.RegisterSetting(t, office.SetMode, mode))}, a.lines(t)...)
	p.h.confirmLines(t.T("sending.connection.title"), said, t.T("sending.ahead.switchOn"), func() {
		p.h.act(func(ctx context.Context) error {
			return p.desk.SetRegister(ctx, map[office.RegisterSetting]string{office.SetMode: mode}, reason)
		}, func() { p.h.say(t.T("sending.saved"), widget.SuccessImportance) })
	})
}
