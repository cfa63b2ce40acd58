/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network namespaces, as ip-netns(8) names them.
 */
#ifndef _CTL_NETNS_H
#define _CTL_NETNS_H

#include <stdbool.h>
#include <stdint.h>

struct json;

#define NETNS_ROOM	256	/* octets of what netns_label() makes */

/**
 * netns_enter() - go to a namespace
 * @name: in /run/netns; or a path, if there is a slash in it
 *
 * Return: false: it could not be; it has been said why.
 */
bool netns_enter(const char *name);

/**
 * netns_name() - name of a namespace
 * @inode: of it
 *
 * Return: its name in /run/netns, valid until the next call; NULL: it has none.
 */
const char *netns_name(uint64_t inode);

/**
 * netns_label() - a namespace's name, or else its inode
 * @text: NETNS_ROOM octets
 * @inode: -
 *
 * Return: @text.
 */
const char *netns_label(char *text, uint64_t inode);

/**
 * netns_json() - a namespace's inode and name as JSON
 * @json: where, in an object
 * @inode: -; 0: nothing is printed
 */
void netns_json(struct json *json, uint64_t inode);

#endif /* _CTL_NETNS_H */
