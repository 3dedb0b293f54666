package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/app/workspace"
	"klokkast/ui/wording"
)

// aheadJSON is the answer of ciao send --dry-run.
type aheadJSON struct {
	environmentJSON
	DryRun      bool                `json:"dryRun"`
	Mode        ciao.Mode           `json:"mode"`
	Count       int                 `json:"count"`
	People      int                 `json:"people"`
	Days        app.Days            `json:"days"`
	On          int                 `json:"on"` // days that have one
	Sites       []aheadSiteJSON     `json:"sites"`
	Oldest      app.Instant         `json:"oldest,omitzero"`
	Held        []heldJSON          `json:"held"`
	Unknown     int                 `json:"unknown"`
	NeedsPerson int                 `json:"needsPerson"`
	First       bool                `json:"first"`
	Asks        []sending.AskReason `json:"asks"`
	Lines       []string            `json:"lines"` // in words
}

type aheadSiteJSON struct {
	SiteID app.ID `json:"siteId"`
	Site   string `json:"site"`
	Count  int    `json:"count"`
}

// sayAhead shows what would be sent, and sends nothing.
func (r *run) sayAhead(o *office.Office) error {
	a, lines, err := r.ahead(o)
	if err != nil {
		return err
	}
	if !r.json {
		r.lines(lines)
		r.line(r.t("dryRun"))
		return nil
	}
	names, err := o.Derived.Names(r.ctx)
	if err != nil {
		return err
	}
	out := aheadJSON{
		environmentJSON: environmentOf(o), DryRun: true, Mode: a.Mode, Count: a.Count, People: a.People, Days: a.Days, On: a.On, Oldest: a.Oldest,
		Sites: []aheadSiteJSON{}, Held: []heldJSON{}, Unknown: a.Unknown, NeedsPerson: a.NeedsPerson, First: a.First, Asks: append([]sending.AskReason{}, a.Asks...),
	}
	for _, s := range a.Sites {
		out.Sites = append(out.Sites, aheadSiteJSON{s.SiteID, names.Site(s.SiteID), s.Count})
	}
	for _, h := range a.Held {
		out.Held = append(out.Held, heldJSON{h.Reason, h.Never, h.Count, h.Oldest, wording.Held(r.say, h.Reason)})
	}
	for _, l := range lines {
		out.Lines = append(out.Lines, clean(l))
	}
	return r.print(out)
}

func (r *run) ahead(o *office.Office) (*sending.SendingAhead, []string, error) {
	a, err := o.Register.SendingAhead(r.ctx)
	if err != nil {
		return nil, nil, err
	}
	names, err := o.Derived.Names(r.ctx)
	if err != nil {
		return nil, nil, err
	}
	return a, wording.Ahead(r.say, names, a), nil
}

// maySend shows whoever sits at the terminal what would be sent, and asks where
// it is the first, many, or late. A script is not asked: what it shall send was
// agreed to when it was written, and nobody could answer.
func (r *run) maySend(o *office.Office, yes bool) (bool, error) {
	if yes || !r.atTerminal() {
		return true, nil
	}
	a, lines, err := r.ahead(o)
	if err != nil || len(a.Asks) == 0 {
		return err == nil, err
	}
	r.lines(lines)
	agreed, err := r.agrees("send.ask")
	if err == nil && !agreed {
		r.line(r.say.T("sending.ahead.no"))
	}
	return agreed, err
}

// maySwitchOn does so before punches go by themselves that went by hand until now.
func (r *run) maySwitchOn(o *office.Office, mode ciao.Mode, yes bool) (bool, error) {
	if o.Settings().Register.SendingMode() != ciao.Manual || mode == ciao.Manual || !slices.Contains(ciao.Modes[:], mode) || yes || !r.atTerminal() {
		return true, nil
	}
	a, lines, err := r.ahead(o)
	if err != nil || !a.First && len(a.Asks) == 0 {
		return err == nil, err
	}
	r.lines(append([]string{r.say.T("sending.ahead.byMode", "Mode", wording.RegisterSetting(r.say, workspace.SetMode, string(mode)))}, lines...))
	agreed, err := r.agrees("send.askOn")
	if err == nil && !agreed {
		r.line(r.t("send.unchanged"))
	}
	return agreed, err
}

// agrees asks a question that is answered with y, in the language's own letter too.
func (r *run) agrees(question string) (bool, error) {
	r.aside(r.t(question))
	answer, err := bufio.NewReader(io.LimitReader(r.parts.In, 100)).ReadString('\n')
	if err != nil && err != io.EOF {
		return false, fmt.Errorf("read the answer: %w", err)
	}
	return slices.Contains([]string{"y", "yes", "j", "ja", "o", "oui"}, strings.ToLower(strings.TrimSpace(answer))), nil
}

// atTerminal says that a person sits there who can read and answer.
func (r *run) atTerminal() bool {
	if r.json {
		return false
	}
	if r.parts.Terminal != nil {
		return r.parts.Terminal()
	}
	in, ok := r.parts.In.(*os.File)
	return ok && term.IsTerminal(int(in.Fd())) && isTerminal(r.parts.Err)
}
