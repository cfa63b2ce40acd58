/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TCT_PROC_H
#define _TCT_PROC_H

struct tct_net;

/**
 * tct_proc_init() - make a namespace's files in /proc/net
 * @tn: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tct_proc_init(struct tct_net *tn);

/**
 * tct_proc_exit() - remove the files; waits for who is reading
 * @tn: the namespace
 *
 * Context: process.
 */
void tct_proc_exit(struct tct_net *tn);

#endif /* _TCT_PROC_H */
