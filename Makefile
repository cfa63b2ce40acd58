# SPDX-License-Identifier: GPL-2.0
#
# make              tcptrack.ko for the running kernel
# make KVER=...     ... for another installed one
# make KDIR=...     ... for a kernel's build directory
# make tools        tcptrackctl, into build/tcptrackctl; needs libmnl-dev and
#                   libpcap-dev
# make check        every test; installs what they need
# make install      the module, into the kernel's modules (root)
# make install-tools    tcptrackctl, its manual, completion and JSON Schema;
#                   DESTDIR=, prefix=/usr/local
# make clean

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build

# One tree holds the objects of one kernel. Another kernel's are not mixed in.
STAMP := .built-for

all: modules

modules: $(if $(filter $(KDIR),$(shell cat $(STAMP) 2>/dev/null)),,clean)
	@test -e $(KDIR)/Makefile || { \
		echo "no headers of the kernel at $(KDIR): install its" \
		     "linux-headers package, or say KVER= or KDIR=" >&2; \
		exit 1; }
	@echo $(KDIR) >$(STAMP)
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

install: modules
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_DIR=extra modules_install
	depmod $(KVER)

tools:
	$(MAKE) -C tools/tcptrackctl

install-tools:
	$(MAKE) -C tools/tcptrackctl install

check:
	scripts/check

clean:
	$(if $(wildcard $(KDIR)/Makefile),$(MAKE) -C $(KDIR) M=$(CURDIR) clean)
	$(RM) $(STAMP)

.PHONY: all modules install tools install-tools check clean
