/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tcptrackctl flow watch
 */
#ifndef _CTL_FLOW_WATCH_H
#define _CTL_FLOW_WATCH_H

#include "ctl.h"

/**
 * flow_watch() - print flows, and what happens to them
 * @options: -
 * @argc: number of @argv
 * @argv: the filter
 *
 * Return: exit status.
 */
int flow_watch(const struct ctl_options *options, int argc, char **argv);

#endif /* _CTL_FLOW_WATCH_H */
