package cli

import (
	"context"
	"encoding"
	"os"
	"reflect"
	"strings"
	"testing"

	"klokkast/app"
)

// TestDocsAreComplete holds docs/commands.md against the program: every
// command, every flag and every field of every answer is written down.
func TestDocsAreComplete(t *testing.T) {
	b, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	docs := string(b)
	r := &run{ctx: context.Background(), parts: Parts{Texts: texts(t)}}
	r.speak(app.English)
	parser, _, err := r.parser()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range parser.Model.Leaves(true) {
		name := strings.TrimPrefix(n.FullPath(), "klokkast ")
		section, ok := sectionOf(docs, name)
		if !ok {
			t.Errorf("no section for %s", name)
		}
		for _, f := range n.Flags {
			if !strings.Contains(section, "--"+f.Name) {
				t.Errorf("%s: --%s is not in its section", name, f.Name)
			}
		}
	}
	for _, f := range parser.Model.Flags {
		if !strings.Contains(docs, "`--"+f.Name) {
			t.Errorf("--%s is not documented", f.Name)
		}
	}
	for _, answer := range answers() {
		for _, name := range fieldsOf(reflect.TypeOf(answer), map[reflect.Type]bool{}) {
			if !strings.Contains(docs, "`"+name+"`") {
				t.Errorf("%T: field %s is not documented", answer, name)
			}
		}
	}
}

// answers are the forms of what commands say with --json.
func answers() []any {
	return []any{
		preflightJSON{}, radarJSON{}, reconciledJSON{}, dossiersJSON{}, bundleJSON{},
		udevRuleJSON{}, hostsJSON{},
		failedJSON{}, demoJSON{}, todayJSON{}, changedJSON{}, punchesJSON{}, employersJSON{}, declarationsJSON{}, settingsJSON{}, thresholdsJSON{}, segmentsJSON{}, repairLookedJSON{}, notationsJSON{}, templateJSON{}, boxesJSON{}, readingsJSON{}, importedJSON{}, placedJSON{}, anomaliesJSON{}, presencesJSON{}, sentJSON{}, aheadJSON{},
		statusJSON{}, releasedJSON{}, decidedJSON{}, sheetsJSON{}, groupSheetsJSON{}, teamsJSON{}, printersJSON{}, staffJSON{}, listJSON{}, sitesJSON{}, verifyJSON{}, verifyPaperJSON{}, simulatedBoxJSON{}, simulatedRegisterJSON{},
		anomalyCardJSON{}, historyJSON{}, lookedJSON{}, boxInfoJSON{}, boxTimeJSON{}, pairingsJSON{}, pushedJSON{}, plannedJSON{}, mappingJSON{}, usersJSON{}, readJSON{},
		approvedJSON{}, approvalsJSON{}, approvalJSON{}, additionsJSON{},
		resentJSON{}, registerFindingsJSON{}, sendingJSON{}, delaysJSON{},
		exportedJSON{}, exportPreviewJSON{}, profilesJSON{}, columnsJSON{},
		presenceListJSON{}, receiptJSON{}, inspectionJSON{},
		dossierPapersJSON{}, chartJSON{},
		consultedJSON{}, entriesJSON{}, phonesListJSON{}, othersJSON{},
		importsJSON{}, importShownJSON{}, undoneJSON{}, refusedJSON{}, listProposalJSON{}, listMappingsJSON{},
		planJSON{}, copiedJSON{}, expectedJSON{}, absencesJSON{},
	}
}

// sectionOf returns the text under "## NAME".
func sectionOf(docs, name string) (string, bool) {
	_, rest, ok := strings.Cut(docs, "\n## "+name+"\n")
	section, _, _ := strings.Cut(rest, "\n## ")
	return section, ok
}

// fieldsOf returns the JSON names of a form and of all forms in it. A field hides
// one of the same name in an embedded form; a *struct{} does nothing else.
func fieldsOf(t reflect.Type, seen map[reflect.Type]bool) (names []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return nil
	}
	seen[t] = true
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || f.Anonymous || hidden(t, f, name) || f.Type == reflect.TypeFor[*struct{}]() {
			continue
		}
		if name == "" {
			name = "Go:" + f.Name
		}
		names = append(append(names, name), fieldsOf(f.Type, seen)...)
	}
	return names
}

// hidden says that a field that came with an embedded form has a namesake outside it.
func hidden(t reflect.Type, f reflect.StructField, name string) bool {
	for _, o := range reflect.VisibleFields(t) {
		other, _, _ := strings.Cut(o.Tag.Get("json"), ",")
		if other == name && len(o.Index) < len(f.Index) {
			return true
		}
	}
	return false
}
