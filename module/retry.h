/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far the stack is with an unanswered SYN or SYN-ACK: how often it was sent,
 * when it is repeated, and when the stack gives up.
 */
#ifndef _TCT_RETRY_H
#define _TCT_RETRY_H

#include "differ.h"

struct request_sock;
struct sock;

/**
 * tct_retry_request() - how far a request socket is
 * @req: referenced
 * @listener: its listener
 * @sock: its retry is filled
 *
 * The stack decides anew each time that its timer runs, by the length that the
 * queue has then: this is what it would decide now.
 *
 * Context: any; takes no lock.
 */
void tct_retry_request(struct request_sock *req, const struct sock *listener,
		       struct tct_sock *sock);

/**
 * tct_retry_connect() - how far a socket in SYN_SENT is
 * @sk: referenced
 * @sock: its retry is filled
 *
 * Context: any; takes no lock.
 */
void tct_retry_connect(const struct sock *sk, struct tct_sock *sock);

#endif /* _TCT_RETRY_H */
