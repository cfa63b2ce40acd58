/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line, taken apart.
 */
#ifndef _CTL_OPTIONS_H
#define _CTL_OPTIONS_H

#include "ctl.h"

/**
 * struct ctl_line - a command line
 * @options: -
 * @help: asked for
 * @version: asked for
 * @argc: number of @argv
 * @argv: what is no option
 */
struct ctl_line {
	struct ctl_options options;
	bool help;
	bool version;
	int argc;
	char **argv;
};

/**
 * options_parse() - take a command line apart
 * @line: the result
 * @argc: as of main()
 * @argv: as of main(); what is no option moves to its beginning
 *
 * Options go anywhere before "--", may begin with one dash or two, and may be
 * abbreviated.
 *
 * Return: exit status; unless that is CTL_OK, it has been said why.
 */
int options_parse(struct ctl_line *line, int argc, char **argv);

#endif /* _CTL_OPTIONS_H */
