package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/period"
	"klokkast/app/store"
	"klokkast/app/timesheet"
	"klokkast/app/workspace"
)

// PaperVerdict says how a paper stands to the data.
type PaperVerdict string

// Verdicts about a paper; their texts are verify.paper.CODE.
const (
	PaperSame    PaperVerdict = "same"    // the file is the one that was printed, and the data still say what stands on it
	PaperCompare PaperVerdict = "compare" // the data still say what was printed with its code; the paper itself nobody saw
	PaperChanged PaperVerdict = "changed" // the data are otherwise now
	PaperUnknown PaperVerdict = "unknown" // nobody printed it from this database, and its hash fits nothing in it
)

// FileVerdict says whether a file is one that was written here.
type FileVerdict string

// Verdicts about a file; their texts are verify.file.CODE.
const (
	FileOriginal FileVerdict = "original" // byte by byte as it was written
	FileOther    FileVerdict = "other"    // it bears the code of a paper of here, but is not the file that was written: changed, saved or scanned anew, or forged
	FileUnknown  FileVerdict = "unknown"  // this installation has no record of any paper in it
)

// PaperCheck is a paper compared with the data of now. A code can be copied onto
// any paper: what is compared is what was printed with it. Only of a file that is
// the original this says something of the paper itself.
type PaperCheck struct {
	Code    timesheet.PaperCode
	Verdict PaperVerdict
	// Original says that the paper itself was seen: it stands in a file as it was written.
	Original bool
	// Printed is what was printed with the code, to compare a paper with; nil where that is not known.
	Printed *PrintedPaper
	// WorkerID and EngagementID are whose paper it is; "" where it is of a site or a team, or unknown.
	WorkerID, EngagementID app.ID
	Subject                app.ID // the site or the team
	Name                   string // of the site or the team, as it is called now
	// Paper is what was noted when it was printed; nil where this database knows nothing of that.
	Paper *store.Paper
	// Approval is what it was printed from; Withdrawn says that it was taken back.
	Approval  *app.Approval
	Withdrawn bool
	// Differences are the days that stand otherwise now. Where it is not known what
	// stood on the paper there are none, though the verdict is that it changed.
	Differences []timesheet.Difference
	// Facts are what stands otherwise beside the days, such as a name.
	Facts []timesheet.FactDifference
	// Since are the additions of its days that came to light after they were
	// closed: the paper is right, and a later one holds them.
	Since []period.Addition

	people int // engagements on the paper of a site or a team
}

// PrintedPaper is what stands on a paper, in no language.
type PrintedPaper struct {
	Facts []timesheet.Fact    `json:"facts"` // none on papers from before they were kept
	Days  []timesheet.Printed `json:"days"`
}

// Hours returns the hours of the days of the paper, and those that came late.
func (p *PrintedPaper) Hours() (worked, late timesheet.Minutes) {
	for i := range p.Days {
		if d := &p.Days[i]; d.Late {
			late += d.Hours
		} else {
			worked += d.Hours
		}
	}
	return worked, late
}

// Provisional says that no approval closed the days of the paper when it was printed, as far as that is known.
func (c *PaperCheck) Provisional() bool {
	if c.Code.Kind == timesheet.OfEngagement || c.Printed == nil || c.people == 0 {
		return c.Code.Draft
	}
	return !slices.Contains(c.Printed.Facts, timesheet.Fact{Field: "approved", Text: fmt.Sprint(c.people)})
}

// FileCheck is a file of papers compared with the data of now.
type FileCheck struct {
	File   FileVerdict
	Papers []PaperCheck
}

// NoCodeError says that a file carries no code of a paper.
type NoCodeError struct{}

// Error says so.
func (*NoCodeError) Error() string { return "the file carries no code of a timesheet" }

// TextKey words it for people.
func (*NoCodeError) TextKey() (string, map[string]any) { return "error.paper.noCode", nil }

// maxPaperFile is the longest file that is looked into: a bundle of thousands of sheets is shorter.
const maxPaperFile = 1 << 30

// Checks compare a printed paper with what the database says.
type Checks struct {
	work      *workspace.Workspace
	approvals *Approvals
}

// NewChecks puts it together.
func NewChecks(work *workspace.Workspace, approvals *Approvals) *Checks {
	return &Checks{work: work, approvals: approvals}
}

// VerifyPaperFile compares the papers in a PDF with the data of now.
func (o *Checks) VerifyPaperFile(ctx context.Context, path string) (*FileCheck, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the timesheet: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxPaperFile {
		return nil, &NoCodeError{}
	}
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the timesheet: %w", err)
	}
	codes := timesheet.CodesIn(file)
	if len(codes) == 0 {
		return nil, &NoCodeError{}
	}
	sum := sha256.Sum256(file)
	known, err := o.work.Store.PapersInFile(ctx, hex.EncodeToString(sum[:]))
	if err != nil {
		return nil, err
	}
	check := &FileCheck{File: FileOther}
	a, err := o.approvals.view(ctx)
	if err != nil {
		return nil, err
	}
	if check.Papers, err = a.verifyPapers(ctx, codes); err != nil {
		return nil, err
	}
	original := len(known) > 0
	if !original && len(check.Papers) == 1 {
		if original, err = a.reprints(ctx, &check.Papers[0], sum); err != nil {
			return nil, err
		}
	}
	if original {
		check.File = FileOriginal
	}
	for i := range check.Papers {
		check.Papers[i].seen(original)
	}
	if check.File == FileOther && !slices.ContainsFunc(check.Papers, func(p PaperCheck) bool { return p.Paper != nil }) {
		check.File = FileUnknown
	}
	return check, nil
}

// VerifyPaperCode compares the paper with a code, as it is typed from it, with the data of now.
func (o *Checks) VerifyPaperCode(ctx context.Context, code string) (*PaperCheck, error) {
	c, err := timesheet.ParseCode(code)
	if err != nil {
		return nil, err
	}
	a, err := o.approvals.view(ctx)
	if err != nil {
		return nil, err
	}
	checks, err := a.verifyPapers(ctx, []timesheet.PaperCode{c})
	if err != nil {
		return nil, err
	}
	checks[0].seen(false)
	return &checks[0], nil
}

// seen says whether the paper itself was seen. Without that nothing equals the data but what was printed.
func (c *PaperCheck) seen(original bool) {
	c.Original = original
	if !original && c.Verdict == PaperSame {
		c.Verdict = PaperCompare
	}
}

// reprints says that a file is what an approval prints, in whichever language,
// wherever that was done: the same approval gives the same bytes.
func (a *approvalView) reprints(ctx context.Context, check *PaperCheck, file [sha256.Size]byte) (bool, error) {
	e, ok := a.p.Names.Engagements[check.EngagementID]
	if check.Approval == nil || !ok {
		return false, nil
	}
	snapshot, err := a.o.snapshot(ctx, check.Approval.ID)
	if err != nil {
		return false, err
	}
	closing := period.Closing{Step: *check.Approval, Snapshot: snapshot}
	for _, lang := range app.Languages {
		for _, reveal := range []bool{false, true} {
			m, err := a.modelOf(ctx, approvedSheet(&closing, e, check.Code.Days), lang, reveal)
			if err != nil {
				return false, err
			}
			m.StampApproved()
			sum := sha256.New()
			if err := timesheet.Write(sum, a.o.printer.Typesetting.Fonts, m); err != nil {
				return false, err
			}
			if [sha256.Size]byte(sum.Sum(nil)) == file {
				return true, nil
			}
		}
	}
	return false, nil
}

func (a *approvalView) verifyPapers(ctx context.Context, codes []timesheet.PaperCode) ([]PaperCheck, error) {
	papers, err := a.o.work.Store.Papers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the papers: %w", err)
	}
	checks := make([]PaperCheck, 0, len(codes))
	for _, c := range codes {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("compare papers: %w", err)
		}
		check, err := a.verifyPaper(ctx, c, papers)
		if err != nil {
			return nil, err
		}
		checks = append(checks, *check)
	}
	return checks, nil
}

// verifyPaper compares one paper with the data of now.
func (a *approvalView) verifyPaper(ctx context.Context, code timesheet.PaperCode, papers []store.Paper) (*PaperCheck, error) {
	check := &PaperCheck{Code: code, Verdict: PaperUnknown, Paper: paperOf(code, papers)}
	if code.Kind != timesheet.OfEngagement {
		return check, a.verifyGroup(ctx, check)
	}
	e, ok := a.engagementOf(code)
	if !ok {
		return check, nil
	}
	check.EngagementID, check.WorkerID = e.ID, e.WorkerID
	check.Approval, check.Withdrawn = a.approvalOf(code, e.WorkerID)
	if check.Paper == nil && check.Approval == nil && !code.Draft {
		return check, nil
	}
	now, err := a.printedNow(ctx, e, code.Days)
	if err != nil {
		return nil, err
	}
	was, known, err := a.printedThen(ctx, check, e)
	if err != nil {
		return nil, err
	}
	switch {
	case known:
		check.Printed = was.printed()
		check.compare(was, now.content)
		check.Verdict = verdictOf(len(check.Differences) == 0 && len(check.Facts) == 0 && !check.Withdrawn || strings.HasPrefix(now.hash, code.Hash))
	case code.Draft: // printed from another copy of the data
		check.Verdict = verdictOf(strings.HasPrefix(now.hash, code.Hash))
		if check.Verdict == PaperSame {
			check.Printed = now.content.printed()
		}
	}
	check.Since, err = a.sinceClosed(ctx, e, code.Days)
	return check, err
}

// compare tells what differs; facts only where they were kept.
func (c *PaperCheck) compare(was, is paperContent) {
	c.Differences = timesheet.Compare(was.Days, is.Days)
	if len(was.Facts) > 0 {
		c.Facts = timesheet.CompareFacts(was.Facts, is.Facts)
	}
}

func verdictOf(same bool) PaperVerdict {
	if same {
		return PaperSame
	}
	return PaperChanged
}

// paperOf returns the paper that was noted with a code; nil for none.
func paperOf(code timesheet.PaperCode, papers []store.Paper) *store.Paper {
	for i := range papers {
		p := &papers[i]
		kind, isDraft := strings.CutSuffix(p.Kind, store.DraftSuffix)
		if p.Version == code.Version && timesheet.NewCode(timesheet.PaperKind(kind), isDraft, p.Named(), p.Days, p.Version, p.Hash) == code {
			return p
		}
	}
	return nil
}

// engagementOf returns the one that a code names.
func (a *approvalView) engagementOf(code timesheet.PaperCode) (app.Engagement, bool) {
	i := slices.IndexFunc(a.p.Facts.Engagements, func(e app.Engagement) bool { return timesheet.SubjectOf(e.ID) == code.Subject })
	if i < 0 {
		return app.Engagement{}, false
	}
	return a.p.Facts.Engagements[i], true
}

// approvalOf returns the approval that a code names, and whether it was taken back.
func (a *approvalView) approvalOf(code timesheet.PaperCode, worker app.ID) (found *app.Approval, withdrawn bool) {
	if code.Draft {
		return nil, false
	}
	steps := a.steps[worker]
	for i := range steps {
		s := &steps[i]
		if s.Withdraws == "" && s.Version == code.Version && strings.HasPrefix(s.Hash, code.Hash) {
			return s, slices.ContainsFunc(steps, func(w app.Approval) bool { return w.Withdraws == s.ID })
		}
	}
	return nil, false
}

// printedState is what a paper would say, with its hash.
type printedState struct {
	content paperContent
	hash    string
}

// printedNow returns what a paper of these days would say now.
func (a *approvalView) printedNow(ctx context.Context, e app.Engagement, days app.Days) (printedState, error) {
	sheet, err := a.sheet(ctx, e, days)
	if err != nil {
		return printedState{}, err
	}
	return a.printedOf(sheet)
}

func (a *approvalView) printedOf(sheet timesheet.Sheet) (printedState, error) {
	m, err := timesheet.Build(sheet, a.o.printer.Typesetting.Texts(app.Dutch)) // what is compared has no language
	if err != nil {
		return printedState{}, fmt.Errorf("lay out the timesheet: %w", err)
	}
	state := printedState{content: paperContent{Facts: m.Facts(), Days: m.Printed()}}
	if sheet.Approval != nil {
		state.hash = sheet.Approval.Hash
		return state, nil
	}
	state.hash, err = draftHash(m)
	return state, err
}

// printedThen returns what stands on the paper: as it was noted, or as its approval
// gives it; false where neither is known.
func (a *approvalView) printedThen(ctx context.Context, check *PaperCheck, e app.Engagement) (paperContent, bool, error) {
	if check.Approval != nil {
		snapshot, err := a.o.snapshot(ctx, check.Approval.ID)
		if err != nil {
			return paperContent{}, false, err
		}
		closing := period.Closing{Step: *check.Approval, Snapshot: snapshot}
		state, err := a.printedOf(approvedSheet(&closing, e, check.Code.Days))
		return state.content, true, err
	}
	return a.contentOf(ctx, check.Paper)
}

// contentOf returns what was kept of a paper; false where nothing was.
func (a *approvalView) contentOf(ctx context.Context, p *store.Paper) (c paperContent, known bool, err error) {
	if p == nil {
		return c, false, nil
	}
	b, err := a.o.work.Store.PaperContent(ctx, p.ID)
	if err != nil || len(b) == 0 {
		return c, false, err
	}
	c, err = contentOf(b)
	return c, true, err
}

// sinceClosed returns the additions of some days that no approval carries yet.
func (a *approvalView) sinceClosed(ctx context.Context, e app.Engagement, days app.Days) ([]period.Addition, error) {
	closings, err := a.closings(ctx, e.WorkerID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(a.open(closings, e.WorkerID), func(x period.Addition) bool {
		return x.EngagementID != e.ID || !days.Holds(x.Day)
	}), nil
}
