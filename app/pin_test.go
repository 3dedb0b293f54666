package app_test

import (
	"testing"

	"klokkast/app"
)

func TestPlainPIN(t *testing.T) {
	for given, want := range map[string]string{
		"0012": "12", " 7 ": "7", "000": "0", "EMP-20001": "EMP-20001", "'0042": "42", "’17": "17", "'17'": "17", "12:34": "12:34", "O'Neil": "O'Neil",
		"12 345": "12345", "A_1#2/3": "A_1#2/3", "Renée": "Renée",
		"": "", "'": "", "---": "", "1*2": "", "4,1E+09": "", "8.5E+10": "", "1234567890123456789012345": "", "1;2": "", "12\x00": "",
	} {
		if got, ok := app.PlainPIN(given); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, not %q", given, got, ok, want)
		}
	}
}
