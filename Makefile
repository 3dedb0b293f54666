# make run    sets up what the machine lacks, builds, opens the window on a demo company
# make test   sets up what the tests need, checks the code, runs all tests
# make help   lists the rest

# One set of flags everywhere: other flags would mean another cold build. Paths
# are left out, so that the same code in another folder is not compiled again.
SHELL   := bash
TAGS    := migrated_fynedo
GOFLAGS := -buildvcs=false -trimpath
export GOFLAGS
DEMO    ?= build/demo

.PHONY: help run build test lint vet race cross bench usb-bench usb-test fuzz install uninstall clean

help:
	@grep -E '^# make' Makefile | sed 's/^# //'
	@echo "make build  builds ./klokkast"
	@echo "make lint   gofmt, go vet, staticcheck"
	@echo "make race   runs all tests under the race detector, also those of which make test keeps a sample: an hour or more"
	@echo "make cross  builds for the other systems: without a window everywhere, with it for Windows"
	@echo "make bench  measures speed and memory, on a real USB stack too (PUNCHES=5000000, UPDATE=1 keeps the figures in docs/bench.txt)"
	@echo "make usb-bench  measures readings against raw reports on a real USB stack, in a virtual machine"
	@echo "make usb-test  runs the end-to-end tests on a real USB stack, in a virtual machine (LONG=1: 100 unplugs)"
	@echo "make fuzz   runs each fuzz target for 15 s (LONG=1: 60 s)"
	@echo "make install  installs program, icon and the udev rule that lets people at the machine use a box (PREFIX, DESTDIR, UDEVDIR)"
	@echo "make clean  removes what was built, and the demo company"

build:
	@.ci/setup build
	@.ci/build $(TAGS) klokkast

run: build
	./klokkast demo --dir $(DEMO) --window

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt would change:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet -tags $(TAGS) ./...
	go vet -tags nowindow ./...
	GOGC=200 go tool staticcheck -tags $(TAGS) ./...

test:
	@.ci/setup test
	@.ci/build $(TAGS) build/klokkast
	@.ci/test $(TAGS)

# All tests under the race detector, the longest and the libraries too: an hour or more.
race:
	@.ci/setup test
	@.ci/test $(TAGS) race

SERVERS := linux/amd64/ linux/arm/6 linux/arm64/ windows/amd64/ darwin/amd64/ darwin/arm64/

cross:
	@.ci/setup cross
	@set -e; for t in $(SERVERS); do \
	  IFS=/ read -r os arch arm <<<"$$t"; echo "build $$os/$$arch $$arm without a window"; \
	  CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch GOARM=$$arm go build -tags nowindow -o build/klokkast-$$os-$$arch . ; done
	@echo "build windows/amd64 with the window"
	CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc go build -tags $(TAGS) -ldflags '-H windowsgui' -o build/klokkast.exe .

# Whole commands are measured on a company that is made up anew; it takes the longer the more it punched.
PUNCHES   ?= 500000
MEASURED  := build/bench
COMPANY   := go run -tags "$(TAGS) nowindow" ./data/bench/company

bench:
	@.ci/setup build
	@.ci/build "$(TAGS) nowindow" $(MEASURED)/klokkast
	@rm -rf $(MEASURED)/company $(MEASURED)/empty
	$(COMPANY) --dir $(MEASURED)/empty --punches 1 --people 2 --sites 2
	$(COMPANY) --dir $(MEASURED)/company --punches $(PUNCHES)
	set -o pipefail; { \
	  go run ./data/bench/commands --program $(MEASURED)/klokkast --dir $(MEASURED)/company --empty $(MEASURED)/empty && \
	  go test -tags $(TAGS) -run '^$$' -bench . -benchmem ./app/... ./data/... ./devices/... && \
	  go test -tags $(TAGS) -run '^$$' -bench ATapReaches -benchtime 20x ./ui/program; } | tee $(MEASURED)/output.txt
	go test -tags $(TAGS) -count=1 -v -run '^TestThroughput$$' ./devices
	go run ./docs/bench -last docs/bench.txt $(if $(UPDATE),-update) <$(MEASURED)/output.txt
	$(MAKE) usb-bench

# The same in the virtual machine, through the USB library and a kernel.
usb-bench:
	-@.ci/setup usb
	PARTS=plain RUN=TestThroughput SPEED_RECORDS=4000 BAR=90 devices/usbtest/run

# Where QEMU cannot be had the script says what was skipped.
usb-test:
	-@.ci/setup usb
	devices/usbtest/run

# What breaks a target is kept in its package's testdata/fuzz. FUZZWORKERS limits its processors, FUZZJOBS says how many run side by side.
fuzz:
	.ci/fuzz

# Packages say PREFIX=/usr UDEVDIR=/usr/lib/udev/rules.d. The rule counts from the next time that a box is plugged in.
PREFIX  ?= /usr/local
UDEVDIR ?= /etc/udev/rules.d
install:
	@test -x klokkast || { echo "make build comes first"; exit 1; }
	install -D -m 755 klokkast $(DESTDIR)$(PREFIX)/bin/klokkast
	install -D -m 644 devices/70-klokkast.rules $(DESTDIR)$(UDEVDIR)/70-klokkast.rules
	install -D -m 644 assets/icon/klokkast.png $(DESTDIR)$(PREFIX)/share/icons/hicolor/512x512/apps/klokkast.png
	install -D -m 644 assets/icon/klokkast.svg $(DESTDIR)$(PREFIX)/share/icons/hicolor/scalable/apps/klokkast.svg
	install -D -m 644 assets/klokkast.desktop $(DESTDIR)$(PREFIX)/share/applications/klokkast.desktop
	@test -n "$(DESTDIR)" || ! command -v udevadm >/dev/null || udevadm control --reload || true

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/klokkast $(DESTDIR)$(UDEVDIR)/70-klokkast.rules $(DESTDIR)$(PREFIX)/share/applications/klokkast.desktop \
	  $(DESTDIR)$(PREFIX)/share/icons/hicolor/512x512/apps/klokkast.png $(DESTDIR)$(PREFIX)/share/icons/hicolor/scalable/apps/klokkast.svg

clean:
	rm -rf build klokkast klokkast.exe
