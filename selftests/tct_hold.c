// SPDX-License-Identifier: GPL-2.0
/*
 * Which segments are dropped: nftables' sets of client ports, one for each
 * sender, place and kind, filled here by one transaction a namespace.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "tct_oracle.h"

const char *const kind_name[KINDS] = {
	"syn", "synack", "fin", "rst", "ack", "data"
};

const char *const point_name[POINTS] = {
	"before_router", "behind_router", "behind_all"
};

static struct {
	char *text;
	size_t len;
	FILE *to;
} script[VIEWS];

/* What is to be held once the rules are in place; till then the taps judge by
 * what was held before.
 */
static unsigned char next[MAX_BATCH][SIDES][POINTS];
static bool changing;

static FILE *script_of(enum view view)
{
	if (!script[view].to) {
		script[view].to = open_memstream(&script[view].text,
						 &script[view].len);
		if (!script[view].to)
			die("open_memstream");
	}
	return script[view].to;
}

static enum view where(enum side from, enum point point)
{
	if (point != BEHIND_ALL)
		return VIEW_R;
	return from == CLIENT ? VIEW_S : VIEW_C;
}

static void change(struct conn *c, const char *verb, enum side from,
		   enum point point, unsigned int kinds)
{
	unsigned int kind;

	for (kind = 0; kind < KINDS; kind++) {
		if (!(kinds & 1 << kind))
			continue;
		fprintf(script_of(where(from, point)),
			"%s element inet oracle %s_%c_%s { %u }\n", verb,
			point_name[point], "cs"[from],
			kind_name[kind], c->port);
	}
}

void hold_add(struct conn *c, enum side from, enum point point,
	      unsigned int kinds)
{
	unsigned char *held = &next[c - oracle.conn][from][point];
	unsigned int kind;

	change(c, "add", from, point, kinds & ~*held);
	*held |= kinds;
	if (kinds == ALL_KINDS)
		note(c, " %c.all/%s", "cs"[from], point_name[point]);
	for (kind = 0; kind < KINDS && kinds != ALL_KINDS; kind++)
		if (kinds & 1 << kind)
			note(c, " %c.%s/%s", "cs"[from], kind_name[kind],
			     point_name[point]);
}

void hold_release(struct conn *c)
{
	unsigned char *held;
	enum side from;
	enum point point;

	for (from = CLIENT; from < SIDES; from++) {
		for (point = 0; point < POINTS; point++) {
			held = &next[c - oracle.conn][from][point];
			change(c, "delete", from, point, *held);
			*held = 0;
		}
	}
}

static pid_t run_nft(enum view view)
{
	int pipes[2];
	pid_t pid;

	if (pipe(pipes))
		die("pipe");
	enter(view);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		dup2(pipes[0], 0);
		close(pipes[0]);
		close(pipes[1]);
		execlp("nft", "nft", "-f", "-", NULL);
		_exit(127);
	}
	close(pipes[0]);
	if (write(pipes[1], script[view].text, script[view].len) !=
	    (ssize_t)script[view].len)
		die("nft's input");
	close(pipes[1]);
	return pid;
}

/* hold_commit - what was added and released since takes effect now */
void hold_commit(void)
{
	pid_t pid[VIEWS] = { 0 };
	enum view view;
	unsigned int i;
	int status;

	tap_drain();
	for (view = 0; view < VIEWS; view++) {
		if (!script[view].to)
			continue;
		fclose(script[view].to);
		script[view].to = NULL;
		pid[view] = run_nft(view);
		free(script[view].text);
	}
	for (view = 0; view < VIEWS; view++) {
		if (pid[view] && (waitpid(pid[view], &status, 0) < 0 || status))
			die("nft");
	}
	changing = true;
	tap_drain();
	changing = false;
	for (i = 0; i < oracle.conns; i++)
		memcpy(oracle.conn[i].held, next[i], sizeof(next[i]));
}

/* hold_changes - is that rule being changed just now? */
bool hold_changes(const struct conn *c, enum side from, enum point point,
		  enum kind kind)
{
	return changing && (next[c - oracle.conn][from][point] ^
			    c->held[from][point]) & 1 << kind;
}

bool hold_any(const struct conn *c)
{
	unsigned int from, point;

	for (from = 0; from < SIDES; from++)
		for (point = 0; point < POINTS; point++)
			if (next[c - oracle.conn][from][point])
				return true;
	return false;
}
