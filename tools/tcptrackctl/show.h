/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is shown a namespace at a time: of this one, or of all.
 */
#ifndef _CTL_SHOW_H
#define _CTL_SHOW_H

#include "json.h"
#include "netlink.h"

/**
 * struct show - where it is printed; goes to the callback for replies
 * @options: -
 * @json: with -json, in the array of all namespaces
 * @netns: inode of the namespace, or 0
 * @between: what stands before the next of its numbers
 */
struct show {
	const struct ctl_options *options;
	struct json json;
	uint64_t netns;
	const char *between;
};

/**
 * struct show_what - what is shown
 * @object: name of it
 * @cmd: TCPTRACK_CMD_*
 * @all: the attribute that asks for all namespaces; 0: there is none
 * @reply: prints one; its data is struct show
 */
struct show_what {
	const char *object;
	uint8_t cmd;
	uint16_t all;
	mnl_cb_t reply;
};

/**
 * show_run() - ask and print
 * @what: -
 * @options: -
 * @argc: number of @argv, which should be 0
 * @argv: what follows the verb
 *
 * Return: exit status.
 */
int show_run(const struct show_what *what, const struct ctl_options *options,
	     int argc, char **argv);

/**
 * show_begin() - begin a namespace
 * @show: -
 * @netns: its inode, or 0
 */
void show_begin(struct show *show, uint64_t netns);

/**
 * show_number() - a number of it
 * @show: -
 * @name: what it is called
 * @number: -
 */
void show_number(struct show *show, const char *name, uint64_t number);

/**
 * show_text() - a text of it
 * @show: -
 * @name: what it is called
 * @text: -
 */
void show_text(struct show *show, const char *name, const char *text);

/**
 * show_end() - end a namespace
 * @show: -
 */
void show_end(struct show *show);

#endif /* _CTL_SHOW_H */
