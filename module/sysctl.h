/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TCT_SYSCTL_H
#define _TCT_SYSCTL_H

struct tct_net;

/**
 * tct_sysctl_init() - make a namespace's net.tcptrack.*
 * @tn: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tct_sysctl_init(struct tct_net *tn);

/**
 * tct_sysctl_exit() - remove the files; waits for who is reading or writing
 * @tn: the namespace
 *
 * Context: process; @tn->lock not held.
 */
void tct_sysctl_exit(struct tct_net *tn);

#endif /* _TCT_SYSCTL_H */
