package workspace

import (
	"context"
	"errors"

	"klokkast/app"
	"klokkast/app/store"
)

// Undo is a further step, never an erasure: what was explained is reopened, a
// statement withdrawn, a tap counted again, a custody ended. The trail keeps
// both. The office remembers what was settled since it was opened.

// undoStep undoes one thing that was done.
type undoStep struct {
	what string // the code of what was done, such as anomaly.explained
	do   func(ctx context.Context, c store.Changes) error
}

// undoDepth is how many steps can be undone one after the other.
const undoDepth = 50

// NothingToUndoError says that nothing was settled since the program was started.
type NothingToUndoError struct{}

// Error says so, for engineers.
func (*NothingToUndoError) Error() string { return "nothing to undo" }

// TextKey words it for people.
func (*NothingToUndoError) TextKey() (string, map[string]any) { return "error.undo.nothing", nil }

// CanUndo remembers how what was just done is undone; what is its code.
func (o *Workspace) CanUndo(what string, do func(context.Context, store.Changes) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.undo = append(o.undo, undoStep{what, do})
	if len(o.undo) > undoDepth {
		o.undo = o.undo[1:]
	}
}

// Undoable gives the code of what Undo would undo, such as punch.ignore; "" for nothing.
func (o *Workspace) Undoable() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.undo) == 0 {
		return ""
	}
	return o.undo[len(o.undo)-1].what
}

// Undo undoes what was settled last, by a further step, and gives its code.
func (o *Workspace) Undo(ctx context.Context) (string, error) {
	o.mu.Lock()
	n := len(o.undo)
	if n == 0 {
		o.mu.Unlock()
		return "", &NothingToUndoError{}
	}
	last := o.undo[n-1]
	o.undo = o.undo[:n-1]
	o.mu.Unlock()
	err := o.Store.Together(ctx, "undo", func(c store.Changes) error { return last.do(ctx, c) })
	var gone *app.NotFoundError
	if err != nil && !errors.As(err, &gone) { // it can be tried again
		o.CanUndo(last.what, last.do)
	}
	return last.what, o.Done("undo the last step", err)
}

// undoNote is what the trail says of why a step was taken back.
const UndoNote = "undo"

// Settle carries out acts in one transaction and remembers how to undo them.
func (o *Workspace) Settle(ctx context.Context, what, doing string, do, undo func(context.Context, store.Changes) error) error {
	err := o.Store.Together(ctx, doing, func(c store.Changes) error { return do(ctx, c) })
	if err == nil {
		o.CanUndo(what, undo)
	}
	return o.Done(doing, err)
}

// Each does something for every one of a list.
func Each[T any](list []T, do func(context.Context, store.Changes, T) error) func(context.Context, store.Changes) error {
	return func(ctx context.Context, c store.Changes) error {
		for _, v := range list {
			if err := do(ctx, c, v); err != nil {
				return err
			}
		}
		return nil
	}
}

// NoteLanguage is the language of what is typed here: the screen's, unless nothing was typed.
func (o *Workspace) NoteLanguage(note string) app.Language {
	if note == "" {
		return ""
	}
	return o.Language()
}
