/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Commands from a file.
 */
#ifndef _CTL_BATCH_H
#define _CTL_BATCH_H

#include "ctl.h"

/**
 * typedef batch_run_t - carry out one command
 * @options: -
 * @argc: number of @argv, not 0
 * @argv: the object and what follows
 *
 * Return: exit status.
 */
typedef int (*batch_run_t)(const struct ctl_options *options, int argc,
			   char **argv);

/**
 * batch_split() - a line's words
 * @line: cut into words
 * @words: where they go
 * @room: how many fit there
 *
 * Blanks separate words, quotes keep them together, '#' begins a comment where
 * a word might begin.
 *
 * Return: number of words; -1: a quote is open at the end, -2: too many.
 */
int batch_split(char *line, char **words, int room);

/**
 * batch_file() - carry out the commands of a file
 * @options: with its name; "-" is standard input
 * @run: carries out one
 *
 * The first that fails is the last, unless there is -force.  A backslash at the
 * end of a line continues it on the next.
 *
 * Return: exit status; that of the last command that failed.
 */
int batch_file(const struct ctl_options *options, batch_run_t run);

#endif /* _CTL_BATCH_H */
