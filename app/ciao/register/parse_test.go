package register

import "testing"

func TestFaultsOfACommandLine(t *testing.T) {
	got, err := ParseFaults([]string{"drop-after,times=2", "error-before,status=502,operation=query", "too-many,seconds=1.5,skip=3,chance=0.25"})
	want := []Fault{
		{Kind: DropAfter, Times: 2},
		{Kind: ErrorBefore, Status: 502, Operation: "query"},
		{Kind: TooMany, Seconds: 1.5, Skip: 3, Chance: 0.25},
	}
	if err != nil || len(got) != len(want) {
		t.Fatal(got, err)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("fault %d: got %+v, want %+v", i, got[i], want[i])
		}
	}
	for _, wrong := range []string{"", "explode", "delay,seconds=soon", "delay,often=2"} {
		if _, err := ParseFaults([]string{wrong}); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}
