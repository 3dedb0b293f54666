package register

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/sending"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// askCredential enters how this company is known at the register: client id and private key.
func (p *Screen) askCredential() {
	t := p.h.Texts
	env := p.desk.Environment()
	c := sending.CredentialEntry{Environment: env, Base: ciao.DefaultBase(env)}
	if c.Base != "" {
		c.Token = ciao.TokenURL
	}
	f := p.h.NewForm()
	f.Note(t.T("window.ciao.credential.help", "Environment", wording.Environment(t, env)))
	id := f.Text(t.T("window.ciao.credential.id"), "", "clientId")
	key := f.Text(t.T("window.ciao.credential.key"), "", "key")
	choose := p.h.Button(t.T("window.ciao.credential.choose"), theme.FolderOpenIcon(), func() {
		p.h.FileDialog(key.SetText, ".pem", ".key", ".p12", ".pfx")
	})
	f.Add("", container.NewHBox(choose))
	password := f.Secret(t.T("window.ciao.credential.keyPassword"), "keyPassword")
	passphrase := f.Secret(t.T("window.ciao.credential.passphrase"), "passphrase")
	base := f.Text(t.T("window.ciao.credential.base"), c.Base, "base")
	token := f.Text(t.T("window.ciao.credential.token"), c.Token, "token")
	f.Show(t.T("window.ciao.credential"), t.T("window.save"), func() func(context.Context) error {
		n := c
		n.ClientID, n.Base, n.Token = strings.TrimSpace(id.Text), strings.TrimSpace(base.Text), strings.TrimSpace(token.Text)
		n.FilePassword, n.Passphrase = app.Secret(password.Text), app.Secret(passphrase.Text)
		path := strings.TrimSpace(key.Text)
		return func(ctx context.Context) (err error) {
			if path != "" { // without one the office says that it is missing
				if n.File, err = readKey(path); err != nil {
					return err
				}
			}
			return p.desk.Connection.EnterCredential(ctx, n)
		}
	}, func() { p.h.Say(t.T("window.ciao.credential.saved"), widget.SuccessImportance) })
}

// largestKey is the most that is read of a key file, in bytes; real ones have a few thousand.
const largestKey = 1 << 16

// readKey reads a key file; its content appears in no message.
func readKey(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, largestKey))
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	return data, nil
}

// askPassphrase unlocks the private key until the program ends.
func (p *Screen) askPassphrase() {
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.ciao.unlock.help"))
	passphrase := f.Secret(t.T("window.ciao.unlock.passphrase"), "passphrase")
	f.Show(t.T("window.ciao.unlock"), t.T("window.ciao.unlock.yes"), func() func(context.Context) error {
		given := app.Secret(passphrase.Text)
		return func(ctx context.Context) error { return p.desk.Connection.UnlockKey(ctx, given) }
	}, func() { p.h.Say(t.T("window.ciao.unlock.done"), widget.SuccessImportance) })
}

type stepRow struct {
	key, step, state, why string
	look                  widget.Importance
}

// testConnection tries the way to the register and shows each step.
func (p *Screen) testConnection() {
	t := p.h.Texts
	g := kit.NewGrid(p.h, t.T("window.nothing"), func(r stepRow) string { return r.key }, []grid.Column[stepRow]{
		{Key: "step", Title: t.T("window.ciao.test.step"), Width: 170, Text: func(r stepRow) string { return r.step }},
		{Key: "state", Title: t.T("window.ciao.test.state"), Width: 120,
			Text: func(r stepRow) string { return r.state }, Look: func(r stepRow) widget.Importance { return r.look }},
		{Key: "why", Title: t.T("window.ciao.test.why"), Width: 400, Text: func(r stepRow) string { return r.why }},
	})
	g.SetWords(grid.Words{Loading: t.T("window.ciao.test.running"), Failed: t.T("window.load.notKnown")})
	l := p.h.Asks(g)
	detail := kit.Wrapped(t.T("window.ciao.test.help"))
	g.OnSelect = func() {
		if r, ok := g.Current(); ok && r.why != "" {
			detail.SetText(r.why) // in full: a row cuts it
		}
	}
	d := dialog.NewCustom(t.T("window.ciao.test"), t.T("window.close"),
		container.NewBorder(container.New(kit.MinWidth(700), detail), nil, nil, nil, l.Above(kit.Sized(720, 230, g))), p.h.Window)
	at := p.h.Asks()
	d.SetOnClosed(func() {
		l.Stop()
		at.Stop()
	})
	p.h.Show(d)
	kit.Load(at, nil, p.desk.Connection.Access, func(a sending.Access) { // where it is, above all steps
		detail.SetText(kit.Lines(append(wording.Addresses(t, a), detail.Text)...))
	})
	kit.Load(l, nil, func(ctx context.Context) ([]stepRow, error) {
		results, err := p.desk.Connection.TestConnection(ctx)
		return stepRows(p.h, results), err
	}, g.SetRows)
}

func stepRows(h *kit.Host, results []ciao.StepResult) []stepRow {
	rows := make([]stepRow, 0, len(results))
	for _, r := range results {
		rows = append(rows, stepRow{string(r.Step), wording.Step(h.Texts, r.Step),
			kit.Upper(wording.StepState(h.Texts, r.State)), wording.StepProblem(h.Texts, r), stepLook(r.State)})
	}
	return rows
}

func stepLook(s ciao.StepState) widget.Importance {
	switch s {
	case ciao.StepFine:
		return widget.SuccessImportance
	case ciao.StepFailed:
		return widget.DangerImportance
	case ciao.StepUnknown:
		return widget.WarningImportance
	}
	return widget.LowImportance
}
