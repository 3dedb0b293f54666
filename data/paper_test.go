package data

import (
	"errors"
	"testing"

	"klokkast/app"
	"klokkast/app/store"
)

func aPaper(t *testing.T, engagement app.ID, hash string) store.Paper {
	return store.Paper{ID: newID(t), Kind: "timesheet-draft", EngagementID: engagement, Language: app.Dutch, Hash: hash,
		Days: app.MonthOf(app.NewDate(2026, 10, 1)).Days(), At: 1, Version: 99, Content: []byte(`{"of":"` + hash + `"}`)}
}

func TestPaperKeepsItsVersionWhileItsDataDo(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	print := func(p store.Paper) (store.Paper, *store.Paper) {
		version, replaced, err := s.NextPaper(t.Context(), p)
		must(t, err)
		p.Version = version
		kept, err := s.NotePaper(t.Context(), p)
		must(t, err)
		return kept, replaced
	}
	for _, engagement := range []app.ID{v.engagement.ID, ""} { // of one person, of the company
		one, none := print(aPaper(t, engagement, "aa"))
		again, _ := print(aPaper(t, engagement, "aa"))
		same(t, again, one)
		two, first := print(aPaper(t, engagement, "bb"))
		three, second := print(aPaper(t, engagement, "aa")) // as before once more is a new state of the data
		if one.Version != 1 || two.Version != 2 || three.Version != 3 {
			t.Errorf("versions %d, %d, %d", one.Version, two.Version, three.Version)
		}
		if none != nil || first == nil || first.ID != one.ID || second == nil || second.ID != two.ID || string(second.Content) != `{"of":"bb"}` {
			t.Errorf("they replace %+v, %+v, %+v", none, first, second)
		}
	}
	if papers := get(t, s.Papers); len(papers) != 6 {
		t.Errorf("%d papers", len(papers))
	}
}

// Two that print at the same time do not both get a number for other data.
func TestPaperIsNumberedOnce(t *testing.T) {
	s := newStore(t)
	mine, theirs := aPaper(t, "", "aa"), aPaper(t, "", "bb")
	mine.Version, theirs.Version = 1, 1
	_, err := s.NotePaper(t.Context(), theirs)
	must(t, err)
	var taken *app.FieldError
	if _, err := s.NotePaper(t.Context(), mine); !errors.As(err, &taken) || taken.Code != "paper.taken" {
		t.Errorf("%v", err)
	}
}

// The same data has one version in every language; another site is another paper.
func TestPaperHasOneVersionInAllLanguages(t *testing.T) {
	s := newStore(t)
	french := aPaper(t, "", "aa")
	french.Language = app.French
	other := aPaper(t, "", "cc")
	other.Subject = "site"
	for _, p := range []store.Paper{aPaper(t, "", "aa"), french, other} {
		version, replaced, err := s.NextPaper(t.Context(), p)
		must(t, err)
		p.Version = version
		kept, err := s.NotePaper(t.Context(), p)
		must(t, err)
		if kept.ID != p.ID || kept.Version != 1 || replaced != nil {
			t.Errorf("%s %s: %+v replaces %+v", p.Language, p.Subject, kept, replaced)
		}
		content, err := s.PaperContent(t.Context(), p.ID)
		must(t, err)
		if string(content) != string(p.Content) {
			t.Errorf("it held %s", content)
		}
	}
}

// A paper of an approval has the approval's version, on any computer.
func TestPaperOfAnApprovalHasItsVersion(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	step := app.Approval{ID: newID(t), WorkerID: v.worker.ID, Days: app.MonthOf(app.NewDate(2026, 10, 1)).Days(), Hash: "aa", By: "Els", At: 1, Version: 3}
	must(t, s.Approve(t.Context(), step, 0, did("period.approve", "worker:"+string(v.worker.ID))))
	p := aPaper(t, v.engagement.ID, "aa")
	p.Kind, p.ApprovalID, p.Version = "timesheet", step.ID, step.Version
	kept, err := s.NotePaper(t.Context(), p)
	must(t, err)
	if kept.Version != 3 {
		t.Errorf("%+v", kept)
	}
	p.ID = newID(t)
	again, err := s.NotePaper(t.Context(), p)
	must(t, err)
	same(t, again, kept)
}

func TestTheFileOfAPaperIsKnown(t *testing.T) {
	s := newStore(t)
	p := aPaper(t, "", "aa")
	p.Version = 1
	_, err := s.NotePaper(t.Context(), p)
	must(t, err)
	hash := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for range 2 {
		must(t, s.NotePaperFile(t.Context(), hash, []app.ID{p.ID}, 1))
	}
	for asked, want := range map[string]int{hash: 1, "another": 0} {
		papers, err := s.PapersInFile(t.Context(), asked)
		must(t, err)
		if len(papers) != want {
			t.Errorf("%s: %v", asked, papers)
		}
	}
}

func TestALogoIsKeptForGood(t *testing.T) {
	s := newStore(t)
	hash, err := s.KeepLogo(t.Context(), []byte("picture"), 1)
	must(t, err)
	again, err := s.KeepLogo(t.Context(), []byte("picture"), 2)
	must(t, err)
	png, err := s.Logo(t.Context(), hash)
	must(t, err)
	if again != hash || string(png) != "picture" {
		t.Errorf("%s, then %s: %q", hash, again, png)
	}
	for _, change := range []string{`DELETE FROM logo`, `UPDATE logo SET png = x'00'`, `INSERT OR REPLACE INTO logo SELECT * FROM logo`} {
		if _, err := s.w.Exec(change); err == nil {
			t.Errorf("%s was done", change)
		}
	}
	if _, err := s.Logo(t.Context(), "none"); err == nil {
		t.Error("a picture that nobody kept was given")
	}
}
