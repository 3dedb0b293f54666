package data

import (
	"testing"
)

func TestSettings(t *testing.T) {
	s := newStore(t)
	type value struct{ A, B int }
	var v value
	if found, err := s.Setting(t.Context(), "window", &v); found || err != nil {
		t.Errorf("a setting that was never set: %v, %v", found, err)
	}
	must(t, s.SetSetting(t.Context(), "window", value{1, 2}, did("settings.change", "setting:window")))
	must(t, s.SetSetting(t.Context(), "window", value{3, 4}, did("settings.change", "setting:window")))
	if found, err := s.Setting(t.Context(), "window", &v); !found || err != nil || v != (value{3, 4}) {
		t.Errorf("read %v, %v, %v", v, found, err)
	}
}
