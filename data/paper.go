package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/store"
)

// paperRow is a paper without what stood on it, which may be long.
type paperRow struct {
	ID         app.ID       `db:"id"`
	Kind       string       `db:"kind"`
	Engagement optionalID   `db:"engagement"`
	Subject    app.ID       `db:"subject"`
	FirstDay   dayText      `db:"first_day"`
	LastDay    dayText      `db:"last_day"`
	Language   app.Language `db:"language"`
	Hash       string       `db:"hash"`
	Version    int          `db:"version"`
	Approval   optionalID   `db:"approval"`
	At         app.Instant  `db:"at"`
}

func rowOfPaper(p store.Paper) paperRow {
	return paperRow{
		p.ID,
		p.Kind,
		optionalID(p.EngagementID),
		p.Subject,
		dayText(p.Days.From),
		dayText(p.Days.To),
		p.Language,
		p.Hash,
		p.Version,
		optionalID(p.ApprovalID),
		p.At,
	}
}

func (r paperRow) value() (store.Paper, error) {
	return store.Paper{
		ID:           r.ID,
		Kind:         r.Kind,
		EngagementID: app.ID(r.Engagement),
		Subject:      r.Subject,
		Days:         app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)},
		Language:     r.Language,
		Hash:         r.Hash,
		Version:      r.Version,
		ApprovalID:   app.ID(r.Approval),
		At:           r.At,
	}, nil
}

// Papers returns all papers by id, without their contents.
func (s *Store) Papers(ctx context.Context) ([]store.Paper, error) {
	return list(ctx, s, "read papers", paperRow.value, selectAll[paperRow]("paper")+` ORDER BY id`)
}

// PaperContent returns what stood on a paper; nothing where it was printed before that was kept.
func (s *Store) PaperContent(ctx context.Context, paper app.ID) ([]byte, error) {
	return s.paperContent(ctx, s.r, paper)
}

func (s *Store) paperContent(ctx context.Context, q sqlx.QueryerContext, paper app.ID) ([]byte, error) {
	var content string
	if err := sqlx.GetContext(ctx, q, &content, `SELECT content FROM paper WHERE id = ?`, paper); err != nil {
		return nil, fmt.Errorf("read what stood on a paper: %w", s.explain(err))
	}
	return []byte(content), nil
}

// sameSubject are papers of the same kind, of the same people and days.
const sameSubject = `kind = ? AND engagement IS ? AND subject = ? AND first_day = ? AND last_day = ?`

func (r *paperRow) subjectArgs() []any {
	return []any{r.Kind, r.Engagement, r.Subject, r.FirstDay, r.LastDay}
}

// NextPaper returns the version that a draft has when it is printed now, and the
// paper that it replaces, with its content; nil where there is none.
func (s *Store) NextPaper(ctx context.Context, p store.Paper) (version int, replaced *store.Paper, err error) {
	err = s.read(ctx, "number a paper", func(tx *sqlx.Tx) error {
		row := rowOfPaper(p)
		if row.Version, err = nextVersion(ctx, tx, row); err != nil {
			return err
		}
		version = row.Version
		replaced, err = s.versionBefore(ctx, tx, row)
		return err
	})
	return version, replaced, err
}

// NotePaper remembers a printed paper and gives it as it is kept: an earlier one
// where it was printed before. A draft whose version is another one by now is an
// *app.FieldError "paper.taken".
func (s *Store) NotePaper(ctx context.Context, p store.Paper) (kept store.Paper, err error) {
	err = s.write(ctx, "note paper", func(tx *sqlx.Tx) error {
		row := rowOfPaper(p)
		if row.Approval == "" {
			version, err := nextVersion(ctx, tx, row)
			if err != nil {
				return err
			}
			if version != row.Version {
				return &app.FieldError{Field: "version", Code: "paper.taken"}
			}
		}
		same, err := find[paperRow](ctx, tx, "paper", sameSubject+` AND language = ? AND version = ?`, append(row.subjectArgs(), row.Language, row.Version)...)
		if err == nil {
			kept, err = same.value()
			return err
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("read papers: %w", err)
		}
		if kept, err = row.value(); err != nil {
			return err
		}
		_, err = tx.NamedExecContext(ctx, insertStatement("paper", append(columnsOf(row), "content")), struct {
			paperRow
			Content string `db:"content"`
		}{row, string(p.Content)})
		return err
	})
	if err != nil {
		return store.Paper{}, err
	}
	return kept, nil
}

func nextVersion(ctx context.Context, tx *sqlx.Tx, row paperRow) (int, error) {
	newest, err := find[paperRow](ctx, tx, "paper", sameSubject+` ORDER BY version DESC LIMIT 1`, row.subjectArgs()...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 1, nil
	case err != nil:
		return 0, fmt.Errorf("read papers: %w", err)
	case newest.Hash == row.Hash:
		return newest.Version, nil
	}
	return newest.Version + 1, nil
}

func (s *Store) versionBefore(ctx context.Context, tx *sqlx.Tx, row paperRow) (*store.Paper, error) {
	before, err := find[paperRow](ctx, tx, "paper", sameSubject+` AND version < ? ORDER BY version DESC, id LIMIT 1`, append(row.subjectArgs(), row.Version)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read papers: %w", err)
	}
	p, err := before.value()
	if err != nil {
		return nil, err
	}
	p.Content, err = s.paperContent(ctx, tx, p.ID)
	return &p, err
}

// NotePaperFile remembers that papers were written as one file.
func (s *Store) NotePaperFile(ctx context.Context, hash string, papers []app.ID, at app.Instant) error {
	return s.write(ctx, "note the file of a paper", func(tx *sqlx.Tx) error {
		for _, p := range papers {
			if _, err := tx.ExecContext(ctx, `INSERT INTO paper_file (hash, paper, at) SELECT ?, ?, ?
				WHERE NOT EXISTS (SELECT 1 FROM paper_file WHERE hash = ? AND paper = ?)`, hash, p, at, hash, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// PapersInFile returns the papers that were written as a file with that hash.
func (s *Store) PapersInFile(ctx context.Context, hash string) (papers []app.ID, err error) {
	if err := s.r.SelectContext(ctx, &papers, `SELECT paper FROM paper_file WHERE hash = ? ORDER BY paper`, hash); err != nil {
		return nil, fmt.Errorf("look for the file of a paper: %w", s.explain(err))
	}
	return papers, nil
}
