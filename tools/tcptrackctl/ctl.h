/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all of tcptrackctl shares: exit statuses, options, objects, and how it
 * complains.
 */
#ifndef _CTL_H
#define _CTL_H

#include <stdbool.h>
#include <stddef.h>

#include "../include/linux/compiler.h"

/* Exit statuses */
#define CTL_OK		0
#define CTL_USAGE	1	/* it was not understood */
#define CTL_DATA	2	/* refused by the kernel; input or output failed */

#define CTL_OUTPUT	(128 << 10)	/* octets that standard output keeps */

#define CTL_COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct ctl_options - options that go with every object
 * @json: print JSON
 * @pretty: ... indented
 * @oneline: a record is one line
 * @stats: print counters, too
 * @details: print all there is to know
 * @brief: print the least
 * @timestamp: print when that was, in a line of its own
 * @tshort: print when that was, by ISO 8601
 * @color: use colours
 * @resolve: names for addresses and ports
 * @all: of every network namespace
 * @processes: who has the sockets
 * @live: only flows that live when the capture ends (replay)
 * @force: go on with the batch after an error
 * @family: AF_INET or AF_INET6, or 0
 * @rcvbuf: octets that the netlink socket takes, or 0
 * @netns: the network namespace to work in, or NULL
 * @batch: file of commands, or NULL
 */
struct ctl_options {
	bool json;
	bool pretty;
	bool oneline;
	bool stats;
	bool details;
	bool brief;
	bool timestamp;
	bool tshort;
	bool color;
	bool resolve;
	bool all;
	bool processes;
	bool live;
	bool force;
	int family;
	unsigned int rcvbuf;
	const char *netns;
	const char *batch;
};

/**
 * struct ctl_object - what a command is about
 * @word: its name
 * @run: carries out what follows the object, options taken out; returns the
 *	exit status
 * @help: how it is called
 * @goes_on: it prints what happens, when it happens
 */
struct ctl_object {
	const char *word;
	int (*run)(const struct ctl_options *options, int argc, char **argv);
	const char *help;
	bool goes_on;
};

extern const struct ctl_object flow_object;
extern const struct ctl_object listener_object;
extern const struct ctl_object summary_object;
extern const struct ctl_object stats_object;
extern const struct ctl_object config_object;
extern const struct ctl_object monitor_object;
extern const struct ctl_object top_object;
extern const struct ctl_object replay_object;
extern const struct ctl_object timewait_object;
extern const struct ctl_object unclosed_object;

/**
 * struct ctl_verb - what an object can be told to do
 * @word: its name
 * @run: carries out what follows it; returns the exit status
 */
struct ctl_verb {
	const char *word;
	int (*run)(const struct ctl_options *options, int argc, char **argv);
};

/**
 * ctl_run_verb() - carry out one of an object's verbs
 * @object: name of the object
 * @verbs: what it can do; the first of them goes without saying
 * @n: number of @verbs
 * @options: -
 * @argc: number of @argv
 * @argv: the verb, which may be abbreviated, and what follows
 *
 * Return: exit status.
 */
int ctl_run_verb(const char *object, const struct ctl_verb *verbs, size_t n,
		 const struct ctl_options *options, int argc, char **argv);

/**
 * ctl_begins() - is a word an abbreviation?
 * @word: in full
 * @with: what was said
 *
 * Return: whether it is, or the word itself.
 */
bool ctl_begins(const char *word, const char *with);

/**
 * ctl_complain() - say on standard error what is wrong
 * @format: as of printf(); without newline
 */
__printf(1, 2)
void ctl_complain(const char *format, ...);

/**
 * ctl_complain_to() - keep what is wrong instead
 * @text: where; emptied.  NULL: nowhere, it goes to standard error again
 * @size: octets of it
 */
void ctl_complain_to(char *text, size_t size);

/**
 * ctl_misused() - the same, of the command line
 * @format: as of printf(); without newline
 *
 * Return: CTL_USAGE.
 */
__printf(1, 2)
int ctl_misused(const char *format, ...);

/**
 * ctl_flush() - see to it that standard output is written
 *
 * Return: exit status; unless that is CTL_OK, it has been said why.
 */
int ctl_flush(void);

#endif /* _CTL_H */
