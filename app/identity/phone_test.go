package identity

import "testing"

func TestParsePhone(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "  ": "", " 016 27 20 00 ": "016 27 20 00", "+32 (0)16/27.20-00": "+32 (0)16/27.20-00", "0475123456": "0475123456",
	} {
		if got, err := ParsePhone(s); err != nil || got != want {
			t.Errorf("%q gives %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"112", "016 27 20 00 toestel 3", "16+27200000", "1234567890123456", "٠١٦٢٧٢٠٠٠"} {
		if got, err := ParsePhone(s); err == nil {
			t.Errorf("%q gives %q", s, got)
		}
	}
}
