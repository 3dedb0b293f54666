package ciao

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"klokkast/app"
)

// Matter is what a reason of the register is about. Its texts are ciao.reason.MATTER, what it means, and
// ciao.reason.MATTER.step, what to do.
type Matter string

// Matters. The last four are mended at the NSSO, not here.
const (
	MatterEmployer    Matter = "employer"             // the employer's number
	MatterDeclaration Matter = "declaration"          // the declaration of works
	MatterPerson      Matter = "person"               // the person's number
	MatterTime        Matter = "time"                 // the time of the registration
	MatterPlace       Matter = "place"                // coordinates or address
	MatterType        Matter = "type"                 // IN or OUT
	MatterOther       Matter = "other"                // nothing that we know: its own words are shown
	MatterDimona      Matter = "dimona"               // the person is not declared at this employer
	MatterNotActive   Matter = "employer-inactive"    // the employer is not active
	MatterNotRunning  Matter = "declaration-inactive" // the declaration of works does not run on that day
	MatterAlready     Matter = "already"              // it is registered already
)

// What is read of an answer at most.
const (
	mostReasons   = 10  // as many as the older service gives
	mostSaid      = 300 // characters of one reason's own words
	deepestAnswer = 40  // nesting
)

// AtTheNSSO says that it is put right at the NSSO, and nothing here changes by it.
func (m Matter) AtTheNSSO() bool {
	return slices.Contains([]Matter{MatterDimona, MatterNotActive, MatterNotRunning, MatterAlready}, m)
}

// Matters lists them all, as their texts are sought.
func Matters() []Matter {
	return []Matter{MatterEmployer, MatterDeclaration, MatterPerson, MatterTime, MatterPlace, MatterType, MatterOther,
		MatterDimona, MatterNotActive, MatterNotRunning, MatterAlready}
}

// Reason is one thing that the register gave as a reason, or remarked.
type Reason struct {
	Matter Matter `json:"matter"`
	// Code is the register's own code or type, for engineers; "" where it gave none.
	Code string `json:"code,omitempty"`
	// Said is what it said in words, on one line; "" where it gave none.
	Said string `json:"said,omitempty"`
}

// TextKey names the text that says in few words what it means, such as "national number not accepted".
func (r Reason) TextKey() (string, map[string]any) {
	if r.Matter == MatterOther && r.Said == "" {
		return "ciao.reason.bare", nil
	}
	return "ciao.reason." + string(r.Matter), map[string]any{"Said": r.Said}
}

// Reasons reads what was kept of an answer to a registration: the entry that was not created, the issues of a problem,
// remarks. The shapes that are known are those of the older service ({code, description}) [O], of Belgif's issues [O] and
// of what was seen [3]; of any other the words that stand there are given. Where they stand in several languages, those of
// l are taken. It is pure, and gives something for every text but an empty one and what a person decided.
func Reasons(answer string, l app.Language) []Reason {
	answer = strings.TrimSpace(answer)
	if answer == "" || strings.HasPrefix(answer, AnswerDecided) {
		return nil
	}
	read := reasonReader{language: string(l)}
	if strings.ContainsRune(`{["`, rune(answer[0])) {
		d := json.NewDecoder(strings.NewReader(answer))
		d.UseNumber()
		v, _ := readLoosely(d, 0)
		read.value(v)
		if len(read.found) == 0 {
			read.anyWords(v)
		}
	} else {
		read.kept(answer)
	}
	if len(read.found) == 0 {
		return []Reason{{Matter: MatterOther}}
	}
	return read.found[:min(len(read.found), mostReasons)]
}

// readLoosely reads as much of a JSON value as stands there, and says whether it is whole: a long answer is kept cut off.
func readLoosely(d *json.Decoder, depth int) (any, bool) {
	token, err := d.Token()
	if err != nil || depth > deepestAnswer {
		return nil, false
	}
	switch token {
	case json.Delim('{'):
		m := map[string]any{}
		for d.More() {
			name, err := d.Token()
			key, ok := name.(string)
			if err != nil || !ok {
				return m, false
			}
			v, whole := readLoosely(d, depth+1)
			if m[key] = v; !whole {
				return m, false
			}
		}
		_, err = d.Token()
		return m, err == nil
	case json.Delim('['):
		var list []any
		for d.More() {
			v, whole := readLoosely(d, depth+1)
			if list = append(list, v); !whole {
				return list, false
			}
		}
		_, err = d.Token()
		return list, err == nil
	}
	return token, true
}

// reasonReader gathers reasons, each once.
type reasonReader struct {
	language string
	found    []Reason
}

// Names of members, in small letters.
var (
	namesOfCode  = []string{"code", "errorcode", "type", "key"}
	namesOfWords = []string{"description", "detail", "message", "text", "reason", "remark", "label", "errordescription"}
	namesOfField = []string{"name", "field", "path", "property", "parameter", "pointer"}
	// notRead are members that say of whom or what, not why.
	notRead = []string{"value", "id", "in", "href", "instance", "status", "timestamp"}
	// ofItem are members of what was sent, which some services say back: an object with one of them but the employer is that.
	ofItem = []string{"employer", "ssin", "registrationDate", "contractualRelationshipReference", "placeOfWork"}
)

// note keeps a reason.
func (r *reasonReader) note(code, field, said string) {
	code, said = clip(code), clip(said)
	if code == "" && field == "" && said == "" {
		return
	}
	made := Reason{matterOf(code, field, said), code, said}
	if made.Said == "" && made.Matter == MatterOther {
		made.Said = inWords(code)
	}
	if !slices.Contains(r.found, made) {
		r.found = append(r.found, made)
	}
}

// value reads a value of an answer; what is within says more than what is around it.
func (r *reasonReader) value(v any) {
	switch v := v.(type) {
	case string:
		r.words(v)
	case []any:
		for _, one := range v {
			r.value(one)
		}
	case map[string]any:
		r.object(v)
	}
}

func (r *reasonReader) words(s string) {
	if strings.ContainsRune(strings.TrimSpace(s), ' ') {
		r.note("", "", s)
		return
	}
	r.note(s, "", "")
}

func (r *reasonReader) object(m map[string]any) {
	if said := r.inLanguage(m); said != "" {
		r.note("", "", said)
		return
	}
	before := len(r.found)
	echo := slices.ContainsFunc(ofItem[1:], func(k string) bool { _, there := m[k]; return there })
	var code, field, said string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		name := strings.ToLower(k)
		text, isText := textOf(m[k])
		if !isText {
			text = r.inLanguage(m[k])
		}
		switch {
		case slices.Contains(notRead, name) || slices.Contains(ofItem, k):
		case echo && text != "": // what was sent, said back: its type is IN
		case text == "":
			r.value(m[k])
		case slices.Contains(namesOfCode, name):
			code = firstOf(code, text)
		case slices.Contains(namesOfWords, name):
			said = firstOf(said, text)
		case slices.Contains(namesOfField, name):
			field = firstOf(field, text)
		}
	}
	if len(r.found) == before {
		r.note(code, field, said)
	}
}

// anyWords takes whatever texts of more than a word stand in an answer of a shape that nobody knows.
func (r *reasonReader) anyWords(v any) {
	switch v := v.(type) {
	case string:
		if strings.ContainsRune(v, ' ') {
			r.note("", "", v)
		}
	case []any:
		for _, one := range v {
			r.anyWords(one)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if !slices.Contains(ofItem, k) && !slices.Contains(notRead, strings.ToLower(k)) {
				r.anyWords(v[k])
			}
		}
	}
}

// inLanguage returns the words of an object that has them by language; "" for any other value.
func (r *reasonReader) inLanguage(v any) string {
	m, ok := v.(map[string]any)
	if !ok || len(m) == 0 {
		return ""
	}
	for k := range m {
		if _, isText := textOf(m[k]); !isText || !slices.Contains(app.Languages[:], app.Language(strings.ToLower(k))) {
			return ""
		}
	}
	for _, want := range append([]string{r.language}, "nl", "fr", "de", "en") {
		for k := range m {
			if text, _ := textOf(m[k]); strings.EqualFold(k, want) && text != "" {
				return text
			}
		}
	}
	return ""
}

// textOf returns a text or a number as text.
func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

var (
	keptType  = regexp.MustCompile(`^urn:\S+$|^about:blank$`)
	keptCode  = regexp.MustCompile(`^\w*[a-z][A-Z0-9_]\w*$|^\d+$`) // before a colon
	keptField = regexp.MustCompile(`^/?\$?\.?items(\[\d+\]|[./]\d+)\S*$`)
)

// kept reads the form in which what a problem says is kept: "type: path: words; path: words", or with blanks between them.
func (r *reasonReader) kept(answer string) {
	parts := strings.Split(answer, "; ")
	for _, part := range parts {
		code, field, words := opening(strings.Fields(part))
		said := strings.Join(words, " ")
		if field == "" && len(parts) > 1 && (said == "" || isTitle(said)) { // the problem's own type and title
			continue
		}
		if field == "" && said == "" {
			continue
		}
		r.note(code, field, said)
	}
}

// opening takes type, path and code from the beginning of a part; what is left are its words.
func opening(words []string) (code, field string, rest []string) {
	for len(words) > 0 {
		word := strings.TrimSuffix(words[0], ":")
		switch {
		case keptField.MatchString(word):
			field = word
		case keptType.MatchString(word), slices.Contains(codes(), word), len(words) > 1 && word != words[0] && keptCode.MatchString(word):
			code = firstOf(code, word)
		default:
			return code, field, words
		}
		words = words[1:]
	}
	return code, field, nil
}

// isTitle says that words are the title of a problem, which says nothing of a registration.
func isTitle(said string) bool {
	return slices.Contains([]string{"bad request", "payload too large", "not found"}, strings.ToLower(said))
}

// clip puts a text on one line of bounded length.
func clip(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
	if r := []rune(s); len(r) > mostSaid {
		return string(r[:mostSaid]) + "…"
	}
	return s
}

// inWords makes words of a code: "notOnThatDay" becomes "not on that day". A number, and a URN's beginning, say nothing.
func inWords(code string) string {
	code = code[strings.LastIndexByte(code, ':')+1:]
	if !strings.ContainsFunc(code, unicode.IsLetter) {
		return ""
	}
	return strings.TrimSpace(spaced(code))
}

// spaced returns a text in small letters with a blank for whatever parts its words, also where a capital begins one.
func spaced(s string) string {
	var b strings.Builder
	before := ' '
	for _, c := range s {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			c = ' '
		case unicode.IsUpper(c) && unicode.IsLower(before):
			b.WriteByte(' ')
		}
		if c != ' ' || before != ' ' {
			b.WriteRune(unicode.ToLower(c))
		}
		before = c
	}
	return b.String()
}

// meaning is by which words a matter is known.
type meaning struct {
	matter Matter
	words  []string
}

// remarksMean are remarks of the older service [O], and what says "exists already" [?]; they go before all else.
var remarksMean = []meaning{
	{MatterDimona, []string{"dimona"}},
	{MatterNotActive, []string{"employer not active", "employer is not active", "employer inactive"}},
	{MatterNotRunning, []string{"duc is not active", "duc not active", "declaration not active", "declaration is not active"}},
	{MatterAlready, []string{"already been registered", "already exist", "already registered", "duplicate", "bestaat al", "bestaat reeds",
		"existe déjà", "existiert bereits"}},
}

// codesMean are the codes of the older service. [O]
var codesMean = map[string]Matter{"2": MatterEmployer, "3": MatterEmployer, "4": MatterDeclaration, "5": MatterPerson, "6": MatterTime}

// fieldsMean are the names of the wire, in the order in which a path holds them.
var fieldsMean = []meaning{
	{MatterPerson, []string{"ssin"}},
	{MatterTime, []string{"registration date"}},
	{MatterDeclaration, []string{"contractual relationship reference"}},
	{MatterPlace, []string{"place of work"}},
	{MatterEmployer, []string{"employer"}},
	{MatterType, []string{"type"}},
}

// wordsMean are words by which a reason in words is known.
var wordsMean = []meaning{
	{MatterPerson, []string{"ssin", "inss", "insz", "niss", "enss", "national number", "bis number", "rijksregisternummer"}},
	{MatterDeclaration, []string{"contractual relationship", "declaration", "duc", "ddt", "aangifte", "déclaration", "arbeitsmeldung"}},
	{MatterEmployer, []string{"employer", "enterprise", "company number", "ondernemingsnummer", "kbo", "bce", "cbe", "vat number"}},
	{MatterPlace, []string{"place of work", "coordinates", "address", "location", "latitude", "longitude"}},
	{MatterTime, []string{"registration date", "date", "time", "future", "datum"}},
}

// matterOf says what a reason is about: by the field that it names, by its words and code.
func matterOf(code, field, said string) Matter {
	text := " " + spaced(code[strings.LastIndexByte(code, ':')+1:]) + " " + spaced(said) + " "
	if m := meant(remarksMean, text); m != "" {
		return m
	}
	if m := meant(fieldsMean, " "+spaced(field)+" "); m != "" {
		return m
	}
	if m := codesMean[code]; m != "" {
		return m
	}
	if m := meant(wordsMean, text); m != "" {
		return m
	}
	return MatterOther
}

func meant(list []meaning, text string) Matter {
	for _, m := range list {
		for _, w := range m.words {
			if strings.Contains(text, " "+w) {
				return m.matter
			}
		}
	}
	return ""
}
