package table

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"klokkast/app/reading"
	"klokkast/devices/lines"
)

// Letters turns a text that is not Unicode into UTF-8: by an encoding, or ("") by
// the one in which its words are words. Lists of people and places are read so, too.
func Letters(raw []byte, e reading.Encoding) (string, reading.Lettering) {
	if text, is := lines.UTF8(raw); is {
		return string(text), reading.Lettering{}
	}
	var l lettering
	for line := range bytes.Lines(raw) {
		l.add(line)
	}
	found := reading.Lettering{Encoding: e}
	if e == reading.UTF8 {
		var asks []reading.Question
		found.Encoding, _, asks = l.settle()
		for _, q := range asks {
			for _, a := range q.Answers {
				if other := reading.Encoding(a.Value); other != found.Encoding {
					found.Others = append(found.Others, reading.Lettering{Encoding: other, Words: a.Sample})
				}
			}
		}
	}
	c := charmapOf(found.Encoding)
	var shown []string
	for _, w := range l.words[:min(len(l.words), 4)] {
		shown = append(shown, decode([]byte(w), c))
	}
	found.Words = strings.Join(shown, ", ")
	return decode(raw, c), found
}

// Sheet returns the cells of a sheet of a workbook (xlsx), row by row, as texts with
// dates as 2026-11-02: of the named one, or ("") of the first that is shown and holds
// anything. It gives the sheet's name, and all sheets.
func Sheet(raw []byte, sheet string) (rows [][]string, used string, sheets []string, err error) {
	w, err := openWorkbook(bytes.NewReader(raw))
	if err != nil {
		return nil, "", nil, err
	}
	defer func() {
		if e := w.file.Close(); err == nil && e != nil {
			err = fmt.Errorf("close a workbook: %w", e)
		}
	}()
	if used, err = w.pick(sheet); err != nil {
		if errors.Is(err, ErrNoTap) { // it has no sheet that holds anything
			return nil, "", nil, nil
		}
		return nil, "", w.sheets, err
	}
	rows, err = w.cells(used)
	return rows, used, w.sheets, err
}

// cells returns the texts of a sheet's cells, row by row.
func (w *workbook) cells(sheet string) (all [][]string, err error) {
	rows, err := w.file.Rows(sheet)
	if err != nil {
		return nil, errors.Join(ErrNotWorkbook, err)
	}
	defer rows.Close()
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return nil, errors.Join(ErrNotWorkbook, err)
		}
		for i := range cells {
			cells[i] = w.text(sheet, i+1, len(all)+1, cells[i])
		}
		all = append(all, cells)
	}
	return all, nil
}
