package kit

import (
	"encoding/json"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"klokkast/app/text"
)

// FyneWords are the texts that Fyne brings itself, by its keys. They stand in
// our catalogues as window.fyne.KEY.
var FyneWords = [...]string{
	"Advanced", "Cancel", "Confirm", "Copy", "Create Folder", "Cut", "Enter filename", "Error", "Favourites", "File", "Folder",
	"New Folder", "No", "OK", "Open", "Paste", "Quit", "Redo", "Save", "Select all", "Show Hidden Files", "Undo", "Yes",
	"file.name", "file.parent",
	"monday", "monday.short", "tuesday", "tuesday.short", "wednesday", "wednesday.short", "thursday", "thursday.short",
	"friday", "friday.short", "saturday", "saturday.short", "sunday", "sunday.short",
}

// fyneLocales are the languages that Fyne picks from by the operating system's
// choice, and Dutch, which it lacks.
var fyneLocales = [...]fyne.Locale{
	"en", "nl", "fr", "de", "cs", "el", "es", "ja", "pl", "pt", "pt-BR", "ru", "sv", "ta", "uk", "zh-Hans",
}

// Speak makes Fyne's own dialogs and menus speak the user's language. Fyne
// has no call to choose one: it follows the operating system. So whatever
// language it picks is given the words of the user's choice.
func Speak(t *text.Translator) {
	words := map[string]string{}
	for _, w := range FyneWords {
		words[w] = t.T("window.fyne." + w)
	}
	data, err := json.Marshal(words)
	if err != nil {
		fyne.LogError("word the toolkit", err)
		return
	}
	for _, l := range fyneLocales {
		if err := lang.AddTranslationsForLocale(data, l); err != nil {
			fyne.LogError("word the toolkit", err)
		}
	}
}
