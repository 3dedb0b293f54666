package documents

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/period"
	"klokkast/app/store"
	"klokkast/app/timesheet"
)

// paperContent is what is kept of a paper.
type paperContent struct {
	// Engagements are those on the paper of a site or a team, in its order.
	Engagements []app.ID            `json:"engagements,omitempty"`
	Facts       []timesheet.Fact    `json:"facts,omitempty"` // none on papers from before they were kept
	Days        []timesheet.Printed `json:"days"`
}

// provisional says that no approval closed all days of a draft's paper when it was
// printed: always on one of an engagement, which bears its approval else.
func (c *paperContent) provisional() bool {
	if len(c.Engagements) == 0 {
		return true
	}
	closed := timesheet.Fact{Field: "approved", Text: fmt.Sprint(len(c.Engagements))}
	return !slices.Contains(c.Facts, closed)
}

// printed returns what to compare a paper with.
func (c *paperContent) printed() *PrintedPaper { return &PrintedPaper{c.Facts, c.Days} }

// stamp returns a model its version and its code, and gives what the paper will
// be remembered by once it is written.
func (a *approvalView) stamp(ctx context.Context, m *timesheet.Model, lang app.Language) (store.Paper, error) {
	s := &m.Sheet
	p := store.Paper{Kind: string(timesheet.OfEngagement), EngagementID: s.Engagement.ID, Days: s.Days, Language: lang}
	content := paperContent{Facts: m.Facts(), Days: m.Printed()}
	if s.Approval != nil {
		m.StampApproved()
		p.Hash, p.Version, p.ApprovalID = s.Approval.Hash, s.Approval.Version, s.Approval.ID
		return p, hold(&p, content)
	}
	var err error
	if p.Hash, err = draftHash(m); err != nil {
		return p, err
	}
	p.Kind += store.DraftSuffix
	if m.Stamp, err = a.o.stampDraft(ctx, &p, content, func(app.ID) string { return "" }); err != nil {
		return p, err
	}
	m.Stamp.Provisional = true
	return p, nil
}

// stampDraft returns the stamp of a paper that no approval closes: its version, and
// what changed since the one that it replaces, and with whom.
func (o *Approvals) stampDraft(ctx context.Context, p *store.Paper, content paperContent, who func(engagement app.ID) string) (*timesheet.Stamp, error) {
	version, replaced, err := o.work.Store.NextPaper(ctx, *p)
	if err != nil {
		return nil, fmt.Errorf("number the paper: %w", err)
	}
	p.Version = version
	kind, _ := strings.CutSuffix(p.Kind, store.DraftSuffix)
	stamp := &timesheet.Stamp{Code: timesheet.NewCode(timesheet.PaperKind(kind), true, p.Named(), p.Days, version, p.Hash), Hash: p.Hash}
	if replaced != nil && len(replaced.Content) > 0 {
		was, err := contentOf(replaced.Content)
		if err != nil {
			return nil, err
		}
		stamp.Replaces, stamp.ReplacesDraft = replaced.Version, was.provisional()
		stamp.Changed = timesheet.RevisedSince(timesheet.Compare(was.Days, content.Days), who)
	}
	return stamp, hold(p, content)
}

// hold keeps on a paper what stands on it.
func hold(p *store.Paper, c paperContent) error {
	b, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("keep what stands on the paper: %w", err)
	}
	p.Content = b
	return nil
}

// draftHash names what stands on a paper of days that are not closed.
func draftHash(m *timesheet.Model) (string, error) {
	s := &m.Sheet
	var open []string
	for i := range s.Anomalies {
		open = append(open, s.Anomalies[i].Key().String())
	}
	return derived.HashOf(struct {
		Worker     period.Worker
		Employer   app.Employer
		Engagement app.Engagement
		Days       app.Days
		Printed    []timesheet.Printed
		Open       []string
	}{period.WorkerOf(s.Worker), s.Employer, s.Engagement, s.Days, m.Printed(), open})
}

func contentOf(b []byte) (c paperContent, err error) {
	if len(b) == 0 {
		return c, nil
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return c, fmt.Errorf("read what stood on a paper: %w", err)
	}
	return c, nil
}

// remember keeps that papers were written as one file. The file is there: it is
// remembered also when someone cancels now.
func (o *Approvals) remember(ctx context.Context, file string, papers ...store.Paper) error {
	ctx = context.WithoutCancel(ctx)
	return o.work.Store.Together(ctx, "remember the paper", func(c store.Changes) error {
		ids := make([]app.ID, 0, len(papers))
		for _, p := range papers {
			if err := acts.EnsureID(&p.ID); err != nil {
				return err
			}
			p.At = o.work.Now()
			kept, err := c.NotePaper(ctx, p)
			if err != nil {
				return err
			}
			ids = append(ids, kept.ID)
		}
		return c.NotePaperFile(ctx, file, ids, o.work.Now())
	})
}

// logo returns the picture of a letterhead; nil where it has none.
func (o *Printer) logo(ctx context.Context, l app.Letterhead) ([]byte, error) {
	if l.Logo == "" {
		return nil, nil
	}
	png, err := o.work.Store.Logo(ctx, l.Logo)
	if err != nil {
		return nil, fmt.Errorf("take the logo: %w", err)
	}
	return png, nil
}
