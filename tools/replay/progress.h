/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bar on the terminal, for files that take long.
 */
#ifndef _REPLAY_PROGRESS_H
#define _REPLAY_PROGRESS_H

#include <linux/types.h>

/**
 * struct progress - the bar
 * @wanted: there is a terminal to draw it on, and the end is known
 * @drawn: it is on the screen
 * @size: where the end is, octets
 * @begun: us
 * @next: when it is drawn again, us
 */
struct progress {
	bool wanted;
	bool drawn;
	u64 size;
	u64 begun;
	u64 next;
};

/**
 * progress_init() - begin; nothing is drawn until it has taken some time
 * @progress: filled
 * @size: of the file, octets; 0: not known
 */
void progress_init(struct progress *progress, u64 size);

/**
 * progress_show() - draw it, unless it was drawn just now
 * @progress: the bar
 * @offset: how far the file has been read, octets
 * @packets: that were read
 */
void progress_show(struct progress *progress, u64 offset, u64 packets);

/**
 * progress_clear() - take it off the screen
 * @progress: the bar
 */
void progress_clear(struct progress *progress);

#endif /* _REPLAY_PROGRESS_H */
