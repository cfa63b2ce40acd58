/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CTL_H
#define _CTL_H

#include <stdbool.h>

/* Exit statuses */
#define CTL_OK		0
#define CTL_USAGE	1	/* it was not understood */
#define CTL_DATA	2	/* input or output failed */

/**
 * struct ctl_options - options that go with every object
 * @json: print JSON
 * @stats: print statistics, too
 * @live: only flows that live when the capture ends (replay)
 */
struct ctl_options {
	bool json;
	bool stats;
	bool live;
};

/**
 * replay_run() - object replay
 * @options: -
 * @argc: number of @argv
 * @argv: what follows the object; the options taken out
 *
 * Return: exit status.
 */
int replay_run(const struct ctl_options *options, int argc, char **argv);

#endif /* _CTL_H */
