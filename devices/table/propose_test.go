package table_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"klokkast/app/reading"
	"klokkast/devices/table"
)

// proposed returns what a proposal reads of a file, a tap a line ("12 2026-11-02 06:58:00 in"), and the codes of what it asks.
func proposed(t *testing.T, file string) (taps, asks string, p reading.TablePreview) {
	t.Helper()
	p, err := table.Preview(strings.NewReader(file), nil, 400, today)
	if err != nil {
		t.Fatal(err)
	}
	var out, codes []string
	for _, row := range p.Rows {
		text := row.Problem
		if row.Tap() {
			text = fmt.Sprintf("%s %s %s", row.Badge, row.Local.Format("2006-01-02 15:04:05"), row.Key)
		}
		out = append(out, strings.TrimSuffix(text, " none"))
	}
	for _, q := range p.Questions {
		codes = append(codes, q.Code)
	}
	return strings.Join(out, "\n"), strings.Join(codes, " "), p
}

// Files as terminals, databases and spreadsheets write them: what is read of each without a word, and what is asked.
func TestProposals(t *testing.T) {
	const (
		four  = "12 2026-11-02 06:58:00\n13 2026-11-02 07:01:00\n12 2026-11-13 11:02:00\n13 2026-11-13 11:05:00"
		keyed = "12 2026-11-02 06:58:00 in\n13 2026-11-02 07:01:00 in\n12 2026-11-13 11:02:00 out\n13 2026-11-13 11:05:00 out"
	)
	for _, c := range []struct{ name, file, want, asks string }{
		// Where the time stands, and how it is written.
		{"one column", "Badge;Tijdstip\n12;02/11/2026 06:58\n13;02/11/2026 07:01\n12;13/11/2026 11:02\n13;13/11/2026 11:05\n", four, ""},
		{"two columns", "Badge;Datum;Uur\n12;02/11/2026;06:58\n13;02/11/2026;07:01\n12;13/11/2026;11:02\n13;13/11/2026;11:05\n", four, ""},
		{"the clock first, another column between", "Uur;Badge;Datum\n06:58;12;02/11/2026\n07:01;13;02/11/2026\n11:02;12;13/11/2026\n11:05;13;13/11/2026\n", four, ""},
		{"six columns with titles", "ID,Year,Month,Day,Hour,Minute,Second\n12,2026,11,2,6,58,0\n13,2026,11,2,7,1,0\n12,2026,11,13,11,2,0\n13,2026,11,13,11,5,0\n", four, ""},
		{"six columns without", "12 2026 11 2 6 58 0\n13 2026 11 2 7 1 0\n12 2026 11 13 11 2 0\n13 2026 11 13 11 5 0\n", four, ""},
		{"five, the day first", "12\t2\t11\t2026\t6\t58\n13\t2\t11\t2026\t7\t1\n12\t13\t11\t2026\t11\t2\n13\t13\t11\t2026\t11\t5\n", four, ""},
		{"no leading zeros", "Badge;Datum;Tijd\n12;2/11/2026;6:58\n13;2/11/2026;7:01\n12;13/11/2026;11:02\n13;13/11/2026;11:05\n", four, ""},
		{"two digits of the year", "12,2-11-26 06:58\n13,2-11-26 07:01\n12,13-11-26 11:02\n13,13-11-26 11:05\n", four, ""},
		{"the year first, two digits", "12,26/11/02 06:58\n13,26/11/02 07:01\n12,26/11/13 11:02\n13,26/11/13 11:05\n", four, ""},
		{"month first, proved", "12,11/02/2026 06:58\n13,11/02/2026 07:01\n12,11/13/2026 11:02\n13,11/13/2026 11:05\n", four, ""},
		{"12 hours", "12,11/2/26 6:58 AM\n13,11/2/26 7:01 AM\n12,11/13/26 11:02 AM\n13,11/13/26 11:05 AM\n", four, ""},
		{"12 hours, a and p", "12,11/02/2026 06:58a\n13,11/02/2026 07:01a\n12,11/13/2026 11:02a\n13,11/13/2026 11:05a\n", four, ""},
		{"AM before the clock", "12,11/13/2026 AM 06:58\n13,11/13/2026 PM 12:05\n", "12 2026-11-13 06:58:00\n13 2026-11-13 12:05:00", ""},
		{"a and p before the clock", "12,11/13/2026 a 06:58\n13,11/13/2026 p 12:05\n12,11/13/2026 p 5:30\n", "12 2026-11-13 06:58:00\n13 2026-11-13 12:05:00\n12 2026-11-13 17:30:00", ""},
		{"AM before everything", "12,AM 11/13/2026 06:58\n13,PM 11/13/2026 12:05\n12,PM 11/13/2026 5:30\n", "12 2026-11-13 06:58:00\n13 2026-11-13 12:05:00\n12 2026-11-13 17:30:00", ""},
		{"AM in its own column", "No,Date,Time,AM/PM\n12,11/13/2026,6:58,AM\n13,11/13/2026,12:05,PM\n12,11/13/2026,5:30,PM\n", "12 2026-11-13 06:58:00\n13 2026-11-13 12:05:00\n12 2026-11-13 17:30:00", ""},
		{"months in Dutch", "12;2 november 2026 06:58\n13;14 mrt. 2026 07:01\n12;3 mei 2026 11:02\n", "12 2026-11-02 06:58:00\n13 2026-03-14 07:01:00\n12 2026-05-03 11:02:00", ""},
		{"months in French", "12;2 févr. 2026 06h58\n13;14 août 2026 07h01\n12;3 déc. 2026 11h02\n", "12 2026-02-02 06:58:00\n13 2026-08-14 07:01:00\n12 2026-12-03 11:02:00", ""},
		{"months in German", "12;2. März 2026;06:58\n13;14. Dez. 2026;07:01\n12;3. Mai 2026;11:02\n", "12 2026-03-02 06:58:00\n13 2026-12-14 07:01:00\n12 2026-05-03 11:02:00", ""},
		{"months in English", "12\tMon Nov 2, 2026 6:58 AM\n13\tTue Nov 3, 2026 1:01 PM\n12\tWed Nov 4, 2026 11:02 AM\n", "12 2026-11-02 06:58:00\n13 2026-11-03 13:01:00\n12 2026-11-04 11:02:00", ""},
		{"a database", "12,02-NOV-26 06:58:00\n13,02-NOV-26 07:01:00\n12,13-NOV-26 11:02:00\n13,13-NOV-26 11:05:00\n", four, ""},
		{"ISO 8601", "12,2026-11-02T06:58:00.000\n13,2026-11-02T07:01:00.000\n12,2026-11-13T11:02:00.000\n13,2026-11-13T11:05:00.000\n", four, ""},
		{"digits alone", "12;20261102;0658\n13;20261102;0701\n12;20261113;1102\n13;20261113;1105\n", four, ""},
		{"digits alone, one column", "12;20261102065800\n13;20261102070100\n12;20261113110200\n13;20261113110500\n", four, ""},
		{"days of a spreadsheet", "Badge;Datum\n12;46328,2902777778\n13;46328,2923611111\n12;46339,4597222222\n13;46339,4618055556\n", four, ""},
		{"years before 2000 of a terminal that was reset", "12,2026-11-02 06:58:00\n13,2000-01-01 00:03:00\n12,2026-11-02 11:02:00\n", "12 2026-11-02 06:58:00\n13 2000-01-01 00:03:00\n12 2026-11-02 11:02:00", ""},
		{"ISO 8601 without signs", "id,ts\n12,20261102T065812\n13,20261102T070112\n12,20261102T110212\n", "12 2026-11-02 06:58:12\n13 2026-11-02 07:01:12\n12 2026-11-02 11:02:12", ""},
		{"a title that says how", "Badge,Date (mm/dd/yyyy),Time\n12,11/02/2026,06:58\n13,11/02/2026,07:01\n", "12 2026-11-02 06:58:00\n13 2026-11-02 07:01:00", ""},
		{"texts of spreadsheets", "Badge;Datum;Tijd\n=\"0012\";'13/11/2026;'06:58\n=\"0013\";'13/11/2026;'07:01\n=\"0012\";'13/11/2026;'11:02\n", "12 2026-11-13 06:58:00\n13 2026-11-13 07:01:00\n12 2026-11-13 11:02:00", ""},
		// Which column is the person.
		{"a running number", "No\tTMNo\tEnNo\tName\tIOMd\tDateTime\n1\t1\t12\t\t0\t2026/11/02 06:58:00\n2\t1\t13\t\t0\t2026/11/02 07:01:00\n3\t1\t12\t\t1\t2026/11/13 11:02:00\n4\t1\t13\t\t1\t2026/11/13 11:05:00\n", four, "status"},
		{"a running number without titles", "101,12,2026-11-02 06:58:00\n102,13,2026-11-02 07:01:00\n103,12,2026-11-13 11:02:00\n104,13,2026-11-13 11:05:00\n", four, ""},
		{"a running number with gaps", "1001;12;2026-11-02 06:01\n1003;13;2026-11-02 06:02\n1004;12;2026-11-02 06:03\n1007;13;2026-11-02 06:04\n1008;12;2026-11-02 06:05\n1009;13;2026-11-02 06:06\n1011;12;2026-11-02 06:07\n1012;13;2026-11-02 06:08\n",
			"12 2026-11-02 06:01:00\n13 2026-11-02 06:02:00\n12 2026-11-02 06:03:00\n13 2026-11-02 06:04:00\n12 2026-11-02 06:05:00\n13 2026-11-02 06:06:00\n12 2026-11-02 06:07:00\n13 2026-11-02 06:08:00", ""},
		{"a running number, newest first", "104,12,2026-11-13 11:02\n103,13,2026-11-02 07:01\n102,12,2026-11-02 06:58\n101,13,2026-11-01 11:05\n", "12 2026-11-13 11:02:00\n13 2026-11-02 07:01:00\n12 2026-11-02 06:58:00\n13 2026-11-01 11:05:00", ""},
		{"a list of a day, sorted by person", "Nr;Datum;In;Uit\n11;13/11/2026;06:01;07:00\n13;13/11/2026;06:01;07:00\n17;13/11/2026;06:01;07:00\n18;13/11/2026;06:01;07:00\n21;13/11/2026;06:01;07:00\n24;13/11/2026;06:01;07:00\n25;13/11/2026;06:01;07:00\n28;13/11/2026;06:01;\n",
			"11 2026-11-13 06:01:00 in\n11 2026-11-13 07:00:00 out\n13 2026-11-13 06:01:00 in\n13 2026-11-13 07:00:00 out\n17 2026-11-13 06:01:00 in\n17 2026-11-13 07:00:00 out\n18 2026-11-13 06:01:00 in\n18 2026-11-13 07:00:00 out\n" +
				"21 2026-11-13 06:01:00 in\n21 2026-11-13 07:00:00 out\n24 2026-11-13 06:01:00 in\n24 2026-11-13 07:00:00 out\n25 2026-11-13 06:01:00 in\n25 2026-11-13 07:00:00 out\n28 2026-11-13 06:01:00 in", ""},
		{"AC-No", "AC-No.,Name,Time,State\n12,An,2026-11-02 06:58:00,C/In\n13,Bo,2026-11-02 07:01:00,C/In\n12,An,2026-11-13 11:02:00,C/Out\n13,Bo,2026-11-13 11:05:00,C/Out\n", keyed, ""},
		{"an event before, an apostrophe", "1\t02-11-2026\t06:58:00\t'12\t0\t1\n1\t02-11-2026\t07:01:00\t'13\t0\t1\n2\t13-11-2026\t11:02:00\t'12\t0\t1\n2\t13-11-2026\t11:05:00\t'13\t0\t1\n", four, "status-column"},
		{"identifiers with signs", "Badge,Time\nEMP-20001,2026-11-02 06:58\nA:1,2026-11-02 07:01\nO'Neil 2,2026-11-02 07:02\nEMP-20001,2026-11-02 11:02\n",
			"EMP-20001 2026-11-02 06:58:00\nA:1 2026-11-02 07:01:00\nO'Neil2 2026-11-02 07:02:00\nEMP-20001 2026-11-02 11:02:00", ""},
		{"nothing but names", "Naam;Datum;Tijd\nAn;02/11/2026;06:58\nBo;02/11/2026;07:01\n", "An 2026-11-02 06:58:00\nBo 2026-11-02 07:01:00", "badge-name"},
		{"nothing but a running number", "1,2026-11-02 06:58\n2,2026-11-02 07:01\n3,2026-11-02 11:02\n4,2026-11-02 11:05\n", "1 2026-11-02 06:58:00\n2 2026-11-02 07:01:00\n3 2026-11-02 11:02:00\n4 2026-11-02 11:05:00", "badge-count"},
		{"two columns that may be the person", "21,312,2026-11-02 06:58\n22,345,2026-11-02 07:01\n21,345,2026-11-02 11:02\n22,312,2026-11-02 11:05\n",
			"21 2026-11-02 06:58:00\n22 2026-11-02 07:01:00\n21 2026-11-02 11:02:00\n22 2026-11-02 11:05:00", "badge"},
		// What is a key.
		{"Dutch", "Nr;Tijdstip;Actie\n12;02/11/2026 06:58;Inklokken\n13;02/11/2026 07:01;Komen\n12;13/11/2026 11:02;Uitklokken\n13;13/11/2026 11:05;Gaan\n", keyed, ""},
		{"French letters", "Matricule;Date;Heure;E/S\n12;02/11/2026;06:58;E\n13;02/11/2026;07:01;E\n12;13/11/2026;11:02;S\n13;13/11/2026;11:05;S\n", keyed, ""},
		{"breaks", "Nr;Zeit;Buchung\n12;02.11.2026 06:58;Kommen\n12;02.11.2026 09:00;Pause Beginn\n12;02.11.2026 09:15;Pause Ende\n12;02.11.2026 11:05;Gehen\n",
			"12 2026-11-02 06:58:00 in\n12 2026-11-02 09:00:00 break-start\n12 2026-11-02 09:15:00 break-end\n12 2026-11-02 11:05:00 out", ""},
		{"a terminal's words", "ID,Name,sTime,State\n12,An,2026-11-02 06:58:00,DutyOn\n13,Bo,2026-11-02 07:01:00,OverTimeIn\n12,An,2026-11-13 11:02:00,DutyOff\n13,Bo,2026-11-13 11:05:00,OverTimeOut\n", keyed, ""},
		{"a word that nobody knows", "Nr;Tijdstip;Actie\n12;02/11/2026 06:58;IN\n13;02/11/2026 07:01;Dienst\n12;13/11/2026 11:02;UIT\n13;13/11/2026 11:05;UIT\n",
			"12 2026-11-02 06:58:00 in\n13 2026-11-02 07:01:00\n12 2026-11-13 11:02:00 out\n13 2026-11-13 11:05:00 out", "status-words"},
		{"always the same", "Nr;Tijdstip;Actie\n12;02/11/2026 06:58;IN\n13;02/11/2026 07:01;IN\n12;13/11/2026 11:02;IN\n13;13/11/2026 11:05;IN\n", strings.ReplaceAll(keyed, "out", "in"), "status-one"},
		{"verified by", "USERID,CHECKTIME,VERIFYCODE\n12,2026-11-02 06:58:00,1\n13,2026-11-02 07:01:00,15\n12,2026-11-13 11:02:00,1\n13,2026-11-13 11:05:00,2\n", four, ""},
		{"a status that may be verified by", "PIN,Time,Status\n12,2026-11-02 06:58:00,1\n13,2026-11-02 07:01:00,15\n12,2026-11-13 11:02:00,1\n13,2026-11-13 11:05:00,15\n", four, "status-verified"},
		{"no titles, and two columns that may be it", "12\t2026-11-02 06:58:00\t0\t1\n13\t2026-11-02 07:01:00\t0\t15\n12\t2026-11-13 11:02:00\t1\t1\n13\t2026-11-13 11:05:00\t1\t15\n", four, "status-column"},
		{"lines that are pushed to a server", "1\t2026-11-02 06:58:00\t0\t1\t0\t0\n2\t2026-11-02 07:00:00\t0\t15\t0\t0\n1\t2026-11-02 11:02:00\t1\t1\t0\t0\n2\t2026-11-02 11:05:00\t1\t15\t0\t0\n",
			"1 2026-11-02 06:58:00\n2 2026-11-02 07:00:00\n1 2026-11-02 11:02:00\n2 2026-11-02 11:05:00", "badge status-column"},
		// IN and OUT in one row.
		{"in and out", "Nr;Datum;In;Uit\n12;02/11/2026;06:58;11:02\n13;13/11/2026;22:00;06:00\n", "12 2026-11-02 06:58:00 in\n12 2026-11-02 11:02:00 out\n13 2026-11-13 22:00:00 in\n13 2026-11-14 06:00:00 out", ""},
		{"twice a day, and a total", "Matricule;Date;Arrivée 1;Départ 1;Arrivée 2;Départ 2;Total\n12;13/11/2026;06:00;10:00;12:00;14:00;06:00\n13;14/11/2026;06:00;10:00;;;04:00\n",
			"12 2026-11-13 06:00:00 in\n12 2026-11-13 10:00:00 out\n12 2026-11-13 12:00:00 in\n12 2026-11-13 14:00:00 out\n13 2026-11-14 06:00:00 in\n13 2026-11-14 10:00:00 out", ""},
		{"two whole times", "Employee ID,Clock in,Clock out\n12,2026-11-02 22:00,2026-11-03 06:00\n13,2026-11-03 06:00,2026-11-03 11:02\n",
			"12 2026-11-02 22:00:00 in\n12 2026-11-03 06:00:00 out\n13 2026-11-03 06:00:00 in\n13 2026-11-03 11:02:00 out", ""},
		{"dates of their own", "Nr;Datum in;Tijd in;Datum uit;Tijd uit\n12;13/11/2026;22:00;14/11/2026;06:00\n13;14/11/2026;06:00;14/11/2026;11:02\n",
			"12 2026-11-13 22:00:00 in\n12 2026-11-14 06:00:00 out\n13 2026-11-14 06:00:00 in\n13 2026-11-14 11:02:00 out", ""},
		{"how long the break was", "Nr;Datum;Begin;Pauze;Einde;Uren\n12;13/11/2026;06:58;00:30;11:02;3:34\n13;13/11/2026;07:01;00:00;11:05;4:04\n",
			"12 2026-11-13 06:58:00 in\n12 2026-11-13 11:02:00 out\n13 2026-11-13 07:01:00 in\n13 2026-11-13 11:05:00 out", ""},
		{"when the break was", "Nr;Datum;In;Begin pauze;Einde pauze;Uit\n12;13/11/2026;06:00;09:00;09:15;14:00\n13;13/11/2026;06:00;;;11:05\n",
			"12 2026-11-13 06:00:00 in\n12 2026-11-13 09:00:00 break-start\n12 2026-11-13 09:15:00 break-end\n12 2026-11-13 14:00:00 out\n13 2026-11-13 06:00:00 in\n13 2026-11-13 11:05:00 out", ""},
		{"two times that nothing names", "12;13/11/2026;06:58;11:02\n13;13/11/2026;07:01;11:05\n", "12 2026-11-13 06:58:00\n13 2026-11-13 07:01:00", "times"},
		// The order of day and month.
		{"both fit", "EnNo,DateTime\n12,02/11/2026 06:58\n13,02/11/2026 07:01\n", "12 2026-11-02 06:58:00\n13 2026-11-02 07:01:00", "date-order"},
		{"both fit, but the days scatter", "Nr;Time\n12;11/02/2026 06:58\n12;11/03/2026 07:01\n", "12 2026-11-02 06:58:00\n12 2026-11-03 07:01:00", "date-order"},
		{"a spreadsheet turned some around", "12,13/11/2026 06:58\n13,14/11/2026 07:01\n12,11/16/2026 11:02\n", "12 2026-11-13 06:58:00\n13 2026-11-14 07:01:00\nlayout", "date-mixed"},
		{"dots", "12,02.11.2026 06:58\n13,02.11.2026 07:01\n", "12 2026-11-02 06:58:00\n13 2026-11-02 07:01:00", ""},
		// Rows that are uneven, and lines that are no taps.
		{"uneven rows", "12;2026-11-02 06:58:00;IN\n13;2026-11-02 07:01:00;IN;nota\n12;2026-11-13 11:02:00;OUT\n13;2026-11-13 11:05:00;OUT;\n", keyed, ""},
		{"blank columns", "12, ,02/11/2026 06:58,,\n13, ,02/11/2026 07:01,,\n12, ,13/11/2026 11:02,,\n13, ,13/11/2026 11:05,,\n", four, ""},
		{"a report", "Overzicht boekingen\nPeriode;november 2026\n\nNr;Datum;Tijd\n12;02/11/2026;06:58\n13;02/11/2026;07:01\n;;\nNr;Datum;Tijd\n12;13/11/2026;11:02\n\n13;13/11/2026;11:05\nTotaal;4;\nPagina 1 van 1\n", four, ""},
		{"the first line is a tap that cannot be read", "Nr;Datum;Tijd\n11;31/11/2026;06:00\n12;02/11/2026;06:58\n13;02/11/2026;07:01\n12;13/11/2026;11:02\n13;13/11/2026;11:05\n", "layout\n" + four, ""},
		{"more tabs in the titles", "No\tTMNo\tEnNo\tName\t\t\tGMNo\tMode\tDateTime\n1\t1\t12\t   \t\t1\t2\t11/02/2026 06:58:00\n2\t1\t13\t   \t\t1\t2\t11/02/2026 07:01:00\n3\t1\t12\t   \t\t1\t2\t11/13/2026 11:02:00\n4\t1\t13\t   \t\t1\t24\t11/13/2026 11:05:00\n", four, ""},
		{"fixed width with titles", "Nummer  Datum       Tijd\n    12  02/11/2026  06:58\n    13  02/11/2026  07:01\n    12  13/11/2026  11:02\n    13  13/11/2026  11:05\n", four, ""},
		{"fixed width with keys", "00012 2026-11-02 06:58 IN  a\n00013 2026-11-02 07:01 IN  b\n00012 2026-11-13 11:02 OUT c\n00013 2026-11-13 11:05 OUT d\n", keyed, ""},
		{"blanks that line up nowhere", "12 2/11/2026 6:58\n1013 13/11/2026 07:01\n12 13/11/2026 11:02\n", "12 2026-11-02 06:58:00\n1013 2026-11-13 07:01:00\n12 2026-11-13 11:02:00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			taps, asks, p := proposed(t, c.file)
			if d := cmp.Diff(c.want, taps); d != "" || asks != c.asks {
				m, _ := json.Marshal(p.Mapping)
				t.Errorf("asks %q: %s\n%s", asks, d, m)
			}
			for _, q := range p.Questions {
				if len(q.Answers) > 4 {
					t.Errorf("%s has %d answers", q.Code, len(q.Answers))
				}
			}
			if len(p.Why) < 5 {
				t.Errorf("why: %+v", p.Why)
			}
		})
	}
}

// A time that says its zone, or is a count since 1970, is the instant.
func TestProposalsOfInstants(t *testing.T) {
	for name, file := range map[string]string{
		"ISO 8601":            "user;time\n1;2026-11-02T06:58:00+01:00\n2;2026-11-02T07:58:00+01:00\n1;2026-11-02T10:58:00Z\n",
		"seconds since 1970":  "user;time\n1;1793599080\n2;1793602680\n1;1793617080\n",
		"milliseconds":        "user;time\n1;1793599080000\n2;1793602680000\n1;1793617080000\n",
		"a zone with a blank": "user,time\n1,2026-11-02 06:58:00 +0100\n2,2026-11-02 07:58:00 +0100\n1,2026-11-02 11:58:00 +0100\n",
	} {
		_, asks, p := proposed(t, file)
		var got []string
		for _, row := range p.Rows {
			got = append(got, row.At.Time().UTC().Format("15:04"))
		}
		if d := cmp.Diff([]string{"05:58", "06:58", "10:58"}, got); d != "" || asks != "" {
			t.Errorf("%s: asks %q: %s", name, asks, d)
		}
	}
}

// The encoding is the one in which names are names; where they are in two, it is asked, with what each makes of them.
func TestProposalsOfEncodings(t *testing.T) {
	names := func(list string) string {
		var b strings.Builder
		b.WriteString("Nr;Naam;Datum;Tijd\n")
		for i, n := range strings.Split(list, ",") {
			fmt.Fprintf(&b, "%d;%s;13/11/2026;06:%02d\n", 12+i%2, n, i)
		}
		return b.String()
	}
	usual := names("Renée,Jürgen,François,Zoë,Hélène,André")
	encode := func(c *charmap.Charmap, text string) string {
		out, err := c.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	wide := func(order binary.AppendByteOrder, text string) string {
		var raw []byte
		for _, unit := range utf16.Encode([]rune(text)) {
			raw = order.AppendUint16(raw, unit)
		}
		return string(raw)
	}
	for _, c := range []struct {
		name, file string
		want       reading.Encoding
		asks       string
	}{
		{"UTF-8", usual, reading.UTF8, ""},
		{"Windows-1252", encode(charmap.Windows1252, usual), reading.Windows1252, ""},
		{"CP850", encode(charmap.CodePage850, usual), reading.CP850, ""},
		{"Mac Roman", encode(charmap.Macintosh, usual), reading.Macintosh, ""},
		{"UTF-16", wide(binary.LittleEndian, "\uFEFF"+usual), reading.UTF8, ""},
		{"UTF-16, the other way", wide(binary.BigEndian, "\uFEFF"+usual), reading.UTF8, ""},
		{"UTF-16 without a mark", wide(binary.LittleEndian, usual), reading.UTF8, ""},
		{"a letter that two may mean", encode(charmap.CodePage850, names("Jörg,An,Bo")), reading.CP850, "encoding"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, asks, p := proposed(t, c.file)
			if p.Mapping.Encoding != c.want || asks != c.asks {
				t.Errorf("%q, asks %q: %+v", p.Mapping.Encoding, asks, p.Questions)
			}
			if asks == "" && !strings.Contains(p.Lines[1], "Renée") {
				t.Errorf("%q", p.Lines[1])
			}
			if asks != "" && (p.Questions[0].Answers[0].Sample != "Jörg" || p.Questions[0].Answers[1].Sample != "Jîrg") {
				t.Errorf("%+v", p.Questions[0].Answers)
			}
		})
	}
}

// What only the end of a long file tells counts too.
func TestTheWholeFileIsAsked(t *testing.T) {
	var b strings.Builder
	b.WriteString("EnNo,DateTime,State\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "%d,11/%02d/2026 06:%02d,%s\n", 12+i%7, 1+i/500, i%60, []string{"In", "Out"}[i%2])
	}
	if _, asks, _ := proposed(t, b.String()); asks != "date-order" {
		t.Errorf("asks %q", asks)
	}
	b.WriteString("12,11/13/2026 06:00,In\n12,11/13/2026 11:00,Special\n")
	if _, asks, p := proposed(t, b.String()); asks != "status-words" || p.Mapping.Layout != "MM/DD/YYYY hh:mm" {
		t.Errorf("asks %q, %s", asks, p.Mapping.Layout)
	}
}
