/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TCT_SYSCTL_H
#define _TCT_SYSCTL_H

struct tct_net;

/** tct_sysctl_init() - make a namespace's net.tcptrack.*. Return: 0 or -ENOMEM */
int tct_sysctl_init(struct tct_net *tn);

/** tct_sysctl_exit() - remove them; waits for who is reading or writing */
void tct_sysctl_exit(struct tct_net *tn);

#endif /* _TCT_SYSCTL_H */
