package register

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/workspace"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// registerEntries are the entries of a form for the settings of the register, and what each holds.
func (p *Screen) registerEntries(f *kit.Form, before workspace.RegisterSettings) map[workspace.RegisterSetting]func() string {
	t := p.h.Texts
	label := func(name workspace.RegisterSetting) string { return t.T("sending.setting." + string(name)) }
	values := map[workspace.RegisterSetting]func() string{}
	entry := func(name workspace.RegisterSetting) {
		e := f.Text(label(name), before.Value(name), string(name))
		e.PlaceHolder = t.T("sending.default." + string(name))
		values[name] = func() string { return strings.TrimSpace(e.Text) }
		if name == workspace.SetRootFile {
			f.Add("", container.NewHBox(p.h.Button(t.T("sending.choose"), theme.FolderOpenIcon(), func() {
				p.h.FileDialog(e.SetText, ".pem", ".crt", ".cer")
			})))
			if before.Root != nil {
				f.Add(t.T("sending.root"), kit.Wrapped(before.Root.Subject+"\nSHA-256 "+before.Root.Fingerprint))
			}
		}
	}
	var modes []kit.Option
	for _, m := range ciao.Modes {
		modes = append(modes, kit.Option{Value: string(m), Text: kit.Upper(wording.RegisterSetting(t, workspace.SetMode, string(m)))})
	}
	mode := f.Choice(label(workspace.SetMode), modes, before.Value(workspace.SetMode), string(workspace.SetMode))
	values[workspace.SetMode] = mode.Value
	for _, name := range workspace.RegisterSettingNames {
		if name != workspace.SetMode && name != workspace.SetCancel {
			entry(name)
		}
	}
	cancel := f.Tick(label(workspace.SetCancel), t.T("sending.cancel.tick"), before.Cancel, string(workspace.SetCancel))
	values[workspace.SetCancel] = func() string {
		if cancel.Checked {
			return "on"
		}
		return "off"
	}
	return values
}

// askConnection changes when and how the register is reached.
func (p *Screen) askConnection() {
	t := p.h.Texts
	before := p.desk.Settings().Register
	f := p.h.NewForm()
	values := p.registerEntries(f, before)
	env := p.desk.Environment()
	hostsBefore := addedTo(env, before.Hosts)
	hosts := func() []string { return hostsBefore }
	if env != app.LocalSimulator { // which is this computer, and nothing else
		e := f.Text(t.T("sending.hosts"), strings.Join(hostsBefore, " "), "host")
		e.PlaceHolder = ciao.HostOf(env)
		hosts = func() []string { return strings.Fields(e.Text) }
	}
	why := f.Text(t.T("window.field.why"), "", "why")
	var changed map[workspace.RegisterSetting]string
	var reason string
	var ask *kit.Ahead // what is to be agreed to before punches go by themselves
	f.Show(t.T("sending.connection.title"), t.T("window.save"), func() func(context.Context) error {
		changed = map[workspace.RegisterSetting]string{}
		for name, value := range values {
			if v := value(); v != before.Value(name) && !(name == workspace.SetCancel && v == "off" && !before.Cancel) {
				changed[name] = v
			}
		}
		reason = why.Text
		add, remove := without(hosts(), hostsBefore), without(hostsBefore, hosts())
		return func(ctx context.Context) (err error) {
			if len(add)+len(remove) > 0 {
				if err := p.desk.Connection.ChangeHosts(ctx, env, add, remove, reason); err != nil {
					return err
				}
			}
			ask, err = p.setRegister(ctx, before, changed, reason)
			return err
		}
	}, func() {
		if ask != nil {
			p.switchOn(ask, changed[workspace.SetMode], reason)
			return
		}
		p.h.Say(t.T("sending.saved"), widget.SuccessImportance)
	})
}

// addedTo returns the hosts that a person added to an environment.
func addedTo(e app.Environment, all []ciao.AddedHost) (hosts []string) {
	for _, h := range all {
		if h.Environment == e {
			hosts = append(hosts, h.Host)
		}
	}
	return hosts
}

// without returns what is in a list and not in another.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}
