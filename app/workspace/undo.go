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

// undoDepth is how many steps can be undone one after the other.
const undoDepth = 50

// NothingToUndoError says that nothing was settled since the program was started.
type NothingToUndoError struct{}

// Error says so, for engineers.
func (*NothingToUndoError) Error() string { return "nothing to undo" }

// TextKey words it for people.
func (*NothingToUndoError) TextKey() (string, map[string]any) { return "error.undo.nothing", nil }

// remember remembers how what was just done is undone.
func (o *Workspace) remember(d Deed) {
	if d.Undo == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.undo = append(o.undo, d)
	if len(o.undo) > undoDepth {
		o.undo = o.undo[1:]
	}
}

// Undoable returns the code of what Undo would undo, such as punch.ignore; "" for nothing.
func (o *Workspace) Undoable() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.undo) == 0 {
		return ""
	}
	return o.undo[len(o.undo)-1].What
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
	err := o.Store.Together(ctx, "undo", func(c store.Changes) error { return last.Undo(ctx, c) })
	var gone *app.NotFoundError
	if err != nil && !errors.As(err, &gone) { // it can be tried again
		o.remember(last)
	}
	return last.What, o.Done("undo the last step", err)
}

// UndoNote is what the trail says of why a step was taken back.
const UndoNote = "undo"

// Deed is what a person does, as a value: the same code is tried on facts, to say
// beforehand what would change, and carried out in the store.
type Deed struct {
	What  string // its code, such as punch.ignore
	Doing string // what is being done, for the error where it fails
	Do    Step
	Undo  Step // a further step that takes it back; nil where nothing does
}

// Step changes something, on the store within a transaction or on facts.
type Step func(context.Context, store.Changes) error

// Do carries out a deed in one transaction, and remembers how to undo it.
func (o *Workspace) Do(ctx context.Context, d Deed) error {
	err := o.Store.Together(ctx, d.Doing, func(c store.Changes) error { return d.Do(ctx, c) })
	if err == nil {
		o.remember(d)
	}
	return o.Done(d.Doing, err)
}

// Each does something for every one of a list.
func Each[T any](list []T, do func(context.Context, store.Changes, T) error) Step {
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
