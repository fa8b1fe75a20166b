# sluice: 'make run' shows it at work, 'make test' proves it. 'make help' lists the rest.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help run test fuzz lint bench build install uninstall clean

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
STATEDIR ?= /var/lib
UNITDIR ?= /lib/systemd/system

FUZZ_SECONDS ?= 600

# One binary without a Swift runtime beside it, and nothing in it that nobody calls.
RELEASE := -c release --static-swift-stdlib -Xlinker --gc-sections -Xlinker -s
BINARY := .build/release/sluice

help:
	@echo "make run       installs what is missing, builds, ships the sample logs and /var/log, prints a summary"
	@echo "               (LOKI_URL=http://host:3100 ships to that Loki)"
	@echo "make test      the same build, then all tests"
	@echo "make fuzz      all fuzz targets, one after another, FUZZ_SECONDS=600 each"
	@echo "make bench     speed and memory against a floor written in C"
	@echo "make lint      formatting rules"
	@echo "make install   binary, manual, example configuration, systemd unit (PREFIX, DESTDIR)"
	@echo "make clean     removes what was built"

build:
	@deploy/packages build
	swift build $(RELEASE) --product sluice

run: build
	@deploy/run $(BINARY)

test: build
	@deploy/packages test
	set -o pipefail; swift test 2>&1 | grep -v --line-buffered -e '^◇' -e '^✔ Test case'
	@set -o pipefail; deploy/conformance $(BINARY) | tee .build/conformance
	$(BINARY) test
	Tests/faults/labels.py --command $(BINARY)
	Tests/faults/differential.py --command $(BINARY)
	Tests/faults/containers.py --command $(BINARY)
	Tests/faults/kubernetes.py --command $(BINARY)
	Tests/faults/kill.py --command $(BINARY)
	@tail -n 1 .build/conformance

fuzz:
	@deploy/packages build
	Fuzz/run $(FUZZ_SECONDS)

lint:
	swift format lint --strict -r -p Package.swift Sources Tests Fuzz

bench: build
	@deploy/packages bench
	Benchmarks/bench $(BINARY)

install: build
	install -D -m 0755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/sluice
	install -D -m 0644 docs/sluice.1 $(DESTDIR)$(PREFIX)/share/man/man1/sluice.1
	install -D -m 0644 deploy/sluice.yaml $(DESTDIR)$(SYSCONFDIR)/sluice/sluice.yaml.example
	sed 's|@PREFIX@|$(PREFIX)|; s|@SYSCONFDIR@|$(SYSCONFDIR)|' deploy/sluice.service.in > .build/sluice.service
	install -D -m 0644 .build/sluice.service $(DESTDIR)$(UNITDIR)/sluice.service
	install -d -m 0750 $(DESTDIR)$(STATEDIR)/sluice
	@echo "Next: cp $(SYSCONFDIR)/sluice/sluice.yaml.example $(SYSCONFDIR)/sluice/sluice.yaml, edit it,"
	@echo "      systemctl daemon-reload && systemctl enable --now sluice"

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/sluice $(DESTDIR)$(PREFIX)/share/man/man1/sluice.1
	rm -f $(DESTDIR)$(SYSCONFDIR)/sluice/sluice.yaml.example $(DESTDIR)$(UNITDIR)/sluice.service

clean:
	rm -rf .build .build-* bench-data
