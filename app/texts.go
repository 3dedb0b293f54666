package app

import "time"

// Texts are the program's words in one language, for papers and lists, whose
// rooms know no catalogue. A *text.Translator has them.
type Texts interface {
	Language() Language
	// T is the text of a key; args are names and values in turn.
	T(key string, args ...any) string
	// N is the text of a key that has a form for count, which it names Count.
	N(key string, count int, args ...any) string
	List(items []string) string
	// Date is short and has the year, such as 23/11/2026.
	Date(d Date) string
	// DayMonth is weekday, day and month for narrow columns, such as "ma 23/11".
	DayMonth(d Date) string
	LongDate(d Date) string
	// Month has its year, such as "november 2026".
	Month(m Month) string
	Time(i Instant, zone *time.Location) string
	DateTime(i Instant, zone *time.Location) string
	DateTimeSeconds(i Instant, zone *time.Location) string
	Number(n int) string
	Decimal(f float64, decimals int) string
}
