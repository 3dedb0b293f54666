package window

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
	"klokkast/app/office"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// askCredential enters how this company is known at the register: client id and private key.
func (p *ciaoPage) askCredential() {
	t := p.h.t
	env := p.desk.Environment()
	c := office.CredentialEntry{Environment: env, Base: ciao.DefaultBase(env)}
	if c.Base != "" {
		c.Token = ciao.TokenURL
	}
	f := p.h.newForm()
	f.note(t.T("window.ciao.credential.help", "Environment", wording.Environment(t, env)))
	id := f.text(t.T("window.ciao.credential.id"), "", "clientId")
	key := f.text(t.T("window.ciao.credential.key"), "", "key")
	choose := p.h.button(t.T("window.ciao.credential.choose"), theme.FolderOpenIcon(), func() {
		p.h.fileDialog(key.SetText, ".pem", ".key", ".p12", ".pfx")
	})
	f.add("", container.NewHBox(choose))
	password := f.secret(t.T("window.ciao.credential.keyPassword"), "keyPassword")
	passphrase := f.secret(t.T("window.ciao.credential.passphrase"), "passphrase")
	base := f.text(t.T("window.ciao.credential.base"), c.Base, "base")
	token := f.text(t.T("window.ciao.credential.token"), c.Token, "token")
	f.show(t.T("window.ciao.credential"), t.T("window.save"), func() func(context.Context) error {
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
			return p.desk.EnterCredential(ctx, n)
		}
	}, func() { p.h.say(t.T("window.ciao.credential.saved"), widget.SuccessImportance) })
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
func (p *ciaoPage) askPassphrase() {
	t := p.h.t
	f := p.h.newForm()
	f.note(t.T("window.ciao.unlock.help"))
	passphrase := f.secret(t.T("window.ciao.unlock.passphrase"), "passphrase")
	f.show(t.T("window.ciao.unlock"), t.T("window.ciao.unlock.yes"), func() func(context.Context) error {
		given := app.Secret(passphrase.Text)
		return func(ctx context.Context) error { return p.desk.UnlockKey(ctx, given) }
	}, func() { p.h.say(t.T("window.ciao.unlock.done"), widget.SuccessImportance) })
}

type stepRow struct {
	key, step, state, why string
	look                  widget.Importance
}

// testConnection tries the way to the register and shows each step.
func (p *ciaoPage) testConnection() {
	t := p.h.t
	g := newGrid(p.h, t.T("window.nothing"), func(r stepRow) string { return r.key }, []grid.Column[stepRow]{
		{Key: "step", Title: t.T("window.ciao.test.step"), Width: 170, Text: func(r stepRow) string { return r.step }},
		{Key: "state", Title: t.T("window.ciao.test.state"), Width: 120, Text: func(r stepRow) string { return r.state }, Look: func(r stepRow) widget.Importance { return r.look }},
		{Key: "why", Title: t.T("window.ciao.test.why"), Width: 400, Text: func(r stepRow) string { return r.why }},
	})
	g.SetWords(grid.Words{Loading: t.T("window.ciao.test.running"), Failed: t.T("window.load.notKnown")})
	l := p.h.asks(g)
	detail := wrapped(t.T("window.ciao.test.help"))
	g.OnSelect = func() {
		if r, ok := g.Current(); ok && r.why != "" {
			detail.SetText(r.why) // in full: a row cuts it
		}
	}
	d := dialog.NewCustom(t.T("window.ciao.test"), t.T("window.close"), container.NewBorder(container.New(minWidth(700), detail), nil, nil, nil, l.above(sized(720, 230, g))), p.h.win)
	at := p.h.asks()
	d.SetOnClosed(func() {
		l.stop()
		at.stop()
	})
	p.h.show(d)
	load(at, nil, p.desk.Access, func(a office.Access) { // where it is, above all steps
		detail.SetText(lines(append(wording.Addresses(t, a), detail.Text)...))
	})
	load(l, nil, func(ctx context.Context) ([]stepRow, error) {
		results, err := p.desk.TestConnection(ctx)
		return stepRows(p.h, results), err
	}, g.SetRows)
}

func stepRows(h *host, results []ciao.StepResult) []stepRow {
	rows := make([]stepRow, 0, len(results))
	for _, r := range results {
		rows = append(rows, stepRow{string(r.Step), wording.Step(h.t, r.Step), upper(wording.StepState(h.t, r.State)), wording.StepProblem(h.t, r), stepLook(r.State)})
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
