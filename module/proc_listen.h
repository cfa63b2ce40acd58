/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TCT_PROC_LISTEN_H
#define _TCT_PROC_LISTEN_H

struct tct_net;

/**
 * tct_proc_listen_init() - make a namespace's /proc/net/tcptrack_listen
 * @tn: the namespace
 *
 * Return: 0 or -ENOMEM.
 */
int tct_proc_listen_init(struct tct_net *tn);

/**
 * tct_proc_listen_exit() - remove it
 * @tn: the namespace
 *
 * Waits for who reads it.
 */
void tct_proc_listen_exit(struct tct_net *tn);

#endif /* _TCT_PROC_LISTEN_H */
