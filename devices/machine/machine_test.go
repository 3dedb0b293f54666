package machine

import "testing"

func TestAnIdentityStaysTheSame(t *testing.T) {
	first, err := This{}.Identity()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := (This{}).Identity(); err != nil || again != first {
		t.Errorf("another one at the second question (%v)", err)
	}
}

func TestTheIdentityIsFoundInWhatIoregPrints(t *testing.T) {
	const printed = `+-o Mac  <class IOPlatformExpertDevice, id 0x100000110>
    {
      "IOPlatformSerialNumber" = "MADEUP0001"
      "IOPlatformUUID" = "00000000-1111-2222-3333-444444444444"
    }`
	if got := platformUUID(printed); got != "00000000-1111-2222-3333-444444444444" {
		t.Errorf("got %q", got)
	}
	if got := platformUUID("nothing"); got != "" {
		t.Errorf("got %q out of nothing", got)
	}
}
