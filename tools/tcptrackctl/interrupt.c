// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "ctl.h"
#include "interrupt.h"

static void interrupt_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
}

int interrupt_open(void)
{
	sigset_t signals;
	int fd;

	interrupt_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		ctl_complain("signals: %s", strerror(errno));
	return fd;
}

bool interrupt_came(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == sizeof(info);
}

void interrupt_close(int fd)
{
	sigset_t signals;

	/* the second of two that came means the same */
	while (interrupt_came(fd))
		;
	close(fd);
	interrupt_signals(&signals);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
}
