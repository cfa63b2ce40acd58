/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows on standard output.
 */
#ifndef _REPLAY_PRINT_H
#define _REPLAY_PRINT_H

#include <linux/seq_file.h>

#include "flow.h"
#include "json.h"

struct progress;

/**
 * struct print - where flows are printed
 * @json: as JSON, if it has a file; or else as lines like those of
 *	/proc/net/tcptrack
 * @eager: keep nothing back: somebody waits for it
 * @progress: to be taken off the screen before something is written, or NULL
 * @lines: flows printed
 * @error: errno of what went wrong; then nothing more is written
 * @line: being put together
 */
struct print {
	struct json json;
	bool eager;
	struct progress *progress;
	u64 lines;
	int error;
	struct seq_file line;
};

/**
 * print_flow() - print a flow; a flows_ended_t
 * @arg: struct print
 * @snap: the flow
 * @now: ticks
 */
void print_flow(void *arg, const struct tct_snapshot *snap, u64 now);

/**
 * print_flush() - write what waits
 * @print: where
 *
 * Return: false: something could not be written, now or before.
 */
bool print_flush(struct print *print);

/**
 * print_exit() - free its memory
 * @print: what was printed to
 */
void print_exit(struct print *print);

#endif /* _REPLAY_PRINT_H */
