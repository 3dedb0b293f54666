package wording

import (
	"klokkast/app/office"
	"klokkast/app/text"
)

// RegisterSetting words the value of a setting of the register: its own words
// where it is one of a few, with its unit where it is a number.
func RegisterSetting(t *text.Translator, name office.RegisterSetting, value string) string {
	key := "sending.value." + string(name)
	switch {
	case t.Has(key + "." + value):
		return t.T(key + "." + value)
	case t.Has(key):
		return t.T(key, "Value", value)
	}
	return value
}
