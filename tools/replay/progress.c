// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define PROGRESS_WIDTH	32
#define PROGRESS_AFTER	500000	/* us: shorter work is not worth a bar */
#define PROGRESS_EVERY	100000

static u64 progress_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ULL + ts.tv_nsec / 1000;
}

void progress_init(struct progress *progress, u64 size)
{
	const char *term = getenv("TERM");

	memset(progress, 0, sizeof(*progress));
	progress->wanted = size && isatty(STDERR_FILENO) && term &&
			   strcmp(term, "dumb");
	progress->size = size;
	progress->begun = progress_clock();
	progress->next = progress->begun + PROGRESS_AFTER;
}

static bool progress_is_coloured(void)
{
	const char *no = getenv("NO_COLOR");

	return !no || !*no;
}

void progress_show(struct progress *progress, u64 offset, u64 packets)
{
	char bar[PROGRESS_WIDTH + 1];
	unsigned int i, filled;
	const char *on = "", *off = "";
	u64 now, took;

	if (!progress->wanted)
		return;
	now = progress_clock();
	if (now < progress->next)
		return;
	progress->next = now + PROGRESS_EVERY;
	took = now - progress->begun;
	if (offset > progress->size)	/* it grows as we read */
		offset = progress->size;
	filled = offset * PROGRESS_WIDTH / progress->size;
	for (i = 0; i < PROGRESS_WIDTH; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[i] = '\0';
	if (progress_is_coloured()) {
		on = "\033[32m";
		off = "\033[0m";
	}
	fprintf(stderr, "\r\033[K%3u %% %s%s%s %.1f M packets, %llu s left",
		(unsigned int)(offset * 100 / progress->size), on, bar, off,
		packets / 1e6,
		offset ? took * (progress->size - offset) / offset / 1000000 :
			 0ULL);
	progress->drawn = true;
}

void progress_clear(struct progress *progress)
{
	if (!progress->drawn)
		return;
	fputs("\r\033[K", stderr);
	progress->drawn = false;
}
