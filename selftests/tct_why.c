// SPDX-License-Identifier: GPL-2.0
/*
 * Why a view may show something else than the socket, with evidence that is not
 * tcptrack's.
 */
#include <errno.h>
#include <string.h>

#include "tct_oracle.h"

#define FORGOTTEN_US	10000000	/* net.tcptrack.timeout_closed */

enum level level_of(enum view v, enum side from)
{
	if (v == VIEW_R)
		return ROUTER;
	return (v == VIEW_C) == (from == CLIENT) ? LEFT : FAR;
}

/* Were an end's segments acknowledged to it beyond that number? */
bool acked(const struct know *by, __u32 end)
{
	return by->acked && (__s32)(by->ack - end) >= 0;
}

/* The state without the other's FIN acknowledged. */
const unsigned char without_ack[STATES] = {
	[S_CLOSE_WAIT] = S_ESTABLISHED,
	[S_CLOSING] = S_FIN_WAIT_1,
	[S_LAST_ACK] = S_FIN_WAIT_1,
	[S_TIME_WAIT] = S_FIN_WAIT_2,
};

/*
 * The socket is gone, and neither RST nor the ACK of its FIN was the reason: is
 * there another? NULL if there is none.
 */
static const char *why_silent(const struct conn *c, enum side x,
			      enum state shown)
{
	const struct know *own = &c->know[x][LEFT];
	const struct know *got = &c->know[!x][TAKEN];
	const struct end *e = &c->end[x];
	enum view at = x == CLIENT ? VIEW_C : VIEW_S;
	__u64 since = e->closed_at ? now_us() - e->closed_at : 0;
	bool fin_acked = own->n[FIN] && acked(got, own->fin_end);

	/* no segment tells of it: RFC 9293 section 3.10.4 */
	if (shown == S_SYN_SENT && (e->closed || e->shut) && !own->n[RST])
		return "closed_in_syn_sent";
	if (e->error == ETIMEDOUT && !got->n[RST])
		return "retries_exhausted";
	if (shown == S_FIN_WAIT_2 && e->closed && fin_acked &&
	    !got->n[FIN] && since >= oracle.mode->fin_timeout * 1000000ULL)
		return "fin_wait_2_expired";
	if ((shown == S_LAST_ACK || shown == S_CLOSING) && e->aborted)
		return "aborted_when_closing";
	if (e->closed && own->n[FIN] > oracle.mode->orphan_retries &&
	    !fin_acked && look_netstat(at, "TCPAbortOnTimeout"))
		return "orphan_limit";
	if (shown == S_TIME_WAIT && fin_acked && got->n[FIN] &&
	    look_netstat(at, "TCPTimeWaitOverflow"))
		return "time_wait_overflow";
	/* ... and none is made of it when the ACK is lost, or the accept queue
	 * full, and of that nobody is told
	 */
	if ((shown == S_SYN_RECEIVED || shown == S_ESTABLISHED) &&
	    oracle.mode->syncookies == 2 && x == SERVER && own->n[SYNACK] &&
	    e->fd < 0 && !e->closed && !own->n[ACK] && !own->n[DATA] &&
	    look_netstat(at, "SyncookiesSent"))
		return "syncookie";
	/* Nobody was told, and the view may have taken the silence for consent. */
	if ((shown == S_SYN_RECEIVED || shown == S_ESTABLISHED) &&
	    x == SERVER && c->scene != SIMOPEN && e->fd < 0 && !e->closed &&
	    own->n[SYNACK] > oracle.mode->synack_retries)
		return "retries_exhausted";
	return NULL;
}

/* A RST ended it, and what it had sent before that came behind the RST. */
static bool is_rst_crossed(const struct conn *c, enum side x)
{
	const struct know *got = &c->know[!x][TAKEN];
	__u64 sent = c->know[!x][LEFT].rst_at;

	return got->n[RST] && !c->know[x][LEFT].n[RST] &&
	       c->know[x][FAR].heard_at > sent &&
	       c->know[x][LEFT].heard_at < got->rst_at;
}

/*
 * It had sent a RST, was made anew of what was taken for a cookie (see
 * is_revived()), and that second socket is gone, too, by a RST: what it had sent
 * came behind that.
 */
static bool is_revived_and_reset(const struct conn *c, enum side x)
{
	const struct know *own = &c->know[x][LEFT];
	const struct know *got = &c->know[!x][TAKEN];

	return x == SERVER && oracle.mode->syncookies == 2 &&
	       own->n[RST] && got->cookie_at > own->rst_at &&
	       got->n[RST] && got->rst_at > got->cookie_at &&
	       c->know[x][FAR].heard_at > c->know[!x][LEFT].rst_first &&
	       look_netstat(VIEW_S, "SyncookiesRecv");
}

/*
 * A RST passed the view, and did not end this end; when it was heard again, the
 * view had forgotten the connection, and the other's FIN with it.
 */
static bool is_pickup(const struct conn *c, enum view v, enum side x)
{
	const struct know *here = &c->know[x][level_of(v, x)];
	__u64 rst_at = c->know[!x][level_of(v, !x)].rst_at;

	return rst_at && here->heard_at > rst_at + FORGOTTEN_US &&
	       strstr(c->flow[v].line, "flags=pickup");
}

/* The state without the FIN of its own acknowledged. */
static const unsigned char without_own_ack[STATES] = {
	[S_FIN_WAIT_2] = S_FIN_WAIT_1,
	[S_TIME_WAIT] = S_CLOSING,
	[S_CLOSED] = S_LAST_ACK,
};

/*
 * It repeated its FIN before it had the ACK, and that repetition passed the view
 * behind the ACK: until the next is due, and does not come, nobody between can
 * know.
 */
bool is_fin_crossed(const struct conn *c, enum view v, enum side x,
		    enum state shown)
{
	__u64 acked_at = c->know[!x][LEFT].fin_acked_at;
	__u64 fin_at = c->know[x][LEFT].fin_at;

	return shown && without_own_ack[c->ss[1][x].state] == shown &&
	       v != (x == CLIENT ? VIEW_C : VIEW_S) &&
	       acked_at && acked_at < fin_at &&
	       fin_at < c->know[!x][TAKEN].fin_acked_at;
}

/*
 * The ACK of its FIN passed here, but the end has not had it: it waits to
 * repeat the FIN, which will tell. Until then, all that the view can say is that this
 * is unconfirmed, and so it must.
 */
static bool is_ack_lost(const struct conn *c, enum view v, enum side x)
{
	const struct know *own = &c->know[x][LEFT];
	const struct flowview *flow = &c->flow[v];
	const char *flag = (x == SERVER) != flow->swapped ?
			   "dst_unconfirmed" : "src_unconfirmed";

	return own->n[FIN] && c->ss[1][x].timer == 'o' &&
	       acked(&c->know[!x][level_of(v, !x)], own->fin_end) &&
	       !acked(&c->know[!x][TAKEN], own->fin_end) &&
	       strstr(flow->line, flag) && !oracle.strict;
}

/*
 * It repeated its SYN-ACK after it had been acknowledged, not by crossing that
 * ACK, and has had the ACK that this drew: the view waits until the next
 * repetition would be due.
 */
static bool is_synack_due(const struct conn *c, enum view v, enum side x)
{
	const struct know *here = &c->know[x][level_of(v, x)];
	const struct know *other = &c->know[!x][level_of(v, !x)];
	__u64 last = here->synack_at[0], gap = last - here->synack_at[1];
	__u64 due = 1000000ULL << (here->n[SYNACK] - 1);

	if (!here->synack_at[1] || other->acked_at > last)
		return false;
	if (due < 2 * gap)
		due = 2 * gap;
	return now_us() - last < due + due / 4 + 1500000;
}

/*
 * The first FIN that passed the view acknowledged the other's: as from an end
 * that had been in CLOSE_WAIT.  But the socket was closed before, and its FIN
 * waited behind data; or the FINs crossed, and this is a repetition.
 */
static const char *why_last_ack(const struct conn *c, enum view v,
				enum side x, enum state shown)
{
	const struct know *here = &c->know[x][level_of(v, x)];
	const struct know *own = &c->know[x][LEFT];
	__u32 end = c->know[!x][LEFT].fin_end;
	enum state state = c->ss[1][x].state;

	if (!(state == S_CLOSING && shown == S_LAST_ACK) &&
	    !(state == S_CLOSING && shown == S_CLOSED &&
	      is_ack_lost(c, v, x)) &&
	    !(state == S_TIME_WAIT && shown == S_CLOSED))
		return NULL;
	if (!here->n[FIN] || (__s32)(here->fin_ack - end) < 0)
		return NULL;
	if ((__s32)(own->fin_ack - end) >= 0)
		return "late_fin";
	return own->n[FIN] > here->n[FIN] ? "crossing_lost_before" : NULL;
}

/*
 * The server's socket was closed, or it had none and sent a RST; then came an
 * ACK that Linux takes for one that brings a cookie back, and so another socket
 * was made of the connection.
 */
bool is_revived(const struct conn *c, enum side x)
{
	const struct know *own = &c->know[x][LEFT];
	const struct know *got = &c->know[!x][TAKEN];

	enum state state = c->ss[1][x].state;

	/* what that socket sends, nobody acknowledges */
	if (x != SERVER || oracle.mode->syncookies != 2 ||
	    (state != S_ESTABLISHED && state != S_FIN_WAIT_1 &&
	     state != S_CLOSE_WAIT && state != S_LAST_ACK) ||
	    !look_netstat(VIEW_S, "SyncookiesRecv"))
		return false;
	return (own->n[RST] && got->cookie_at > own->rst_at) ||
	       (got->n[RST] && got->cookie_at > got->rst_at) ||
	       (got->n[FIN] && got->fin_acked_at &&
		got->cookie_at > got->fin_acked_at);
}

/* why_gone - the socket is gone, by a RST or silently: why is it still shown? */
const char *why_gone(const struct conn *c, enum view v, enum side x,
		     enum state as)
{
	if (v != (x == CLIENT ? VIEW_C : VIEW_S)) {
		if (is_rst_crossed(c, x))
			return "rst_crossed";
		if (is_revived_and_reset(c, x))
			return "syncookie_revived";
	}
	return why_silent(c, x, as);
}

/* why_shown - there is a socket: why may it be shown in that state? */
const char *why_shown(const struct conn *c, enum view v, enum side x,
		      enum state shown)
{
	enum state state = c->ss[1][x].state;

	if (is_revived(c, x))
		return "syncookie_revived";
	if (is_pickup(c, v, x) && shown == without_ack[state])
		return "pickup";
	if (without_own_ack[shown] == state && is_ack_lost(c, v, x))
		return "ack_lost";
	if (shown == S_SYN_RECEIVED && state > S_SYN_RECEIVED &&
	    is_synack_due(c, v, x))
		return "silence";
	return why_last_ack(c, v, x, shown);
}
