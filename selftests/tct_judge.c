// SPDX-License-Identifier: GPL-2.0
/*
 * Do ss at both ends and tcptrack in all three namespaces agree, or is the
 * difference one that cannot be otherwise? Each of those has a name here, and
 * evidence that is not tcptrack's: what ss, the taps, nftables and the kernel's
 * own counters say.
 */
#include <errno.h>
#include <string.h>

#include "tct_oracle.h"

#define MAX_NAMES	32
#define MAX_LOGS	20	/* of segments */
#define FORGOTTEN_US	10000000	/* net.tcptrack.timeout_closed */

static struct {
	char name[NAME_LEN];
	unsigned long times;
} differences[MAX_NAMES];

static unsigned long seen[STATES], judgements, disagreements, restless, printed;

static void difference(const char *name)
{
	unsigned int i;

	for (i = 0; i < MAX_NAMES - 1; i++) {
		if (!differences[i].name[0])
			snprintf(differences[i].name, NAME_LEN, "%s", name);
		if (!strcmp(differences[i].name, name))
			break;
	}
	differences[i].times++;
}

static enum level level_of(enum view v, enum side from)
{
	if (v == VIEW_R)
		return ROUTER;
	return (v == VIEW_C) == (from == CLIENT) ? LEFT : FAR;
}

/* Were an end's segments acknowledged to it beyond that number? */
static bool acked(const struct know *by, __u32 end)
{
	return by->acked && (__s32)(by->ack - end) >= 0;
}

static bool synced(const struct conn *c, enum side x)
{
	return c->know[x][LEFT].n[SYN] || c->know[x][LEFT].n[SYNACK];
}

/* The state without the FIN of its own, without the other's acknowledged. */
static const unsigned char without_fin[STATES] = {
	[S_FIN_WAIT_1] = S_ESTABLISHED,
	[S_CLOSING] = S_CLOSE_WAIT,
	[S_LAST_ACK] = S_CLOSE_WAIT,
};

static const unsigned char without_ack[STATES] = {
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

/* Of a socket that is gone, what is the view to show? */
static enum state expect_closed(const struct conn *c, enum view v,
				enum side x, enum state shown,
				const char **name)
{
	const struct know *own = &c->know[x][LEFT];
	const struct know *here = &c->know[x][level_of(v, x)];
	enum state as = shown;
	const char *why;

	if (shown == S_CLOSED)
		return S_CLOSED;
	if (own->n[RST] && !here->n[RST]) {
		*name = "rst_lost_before";
		return shown;
	}
	if (v != (x == CLIENT ? VIEW_C : VIEW_S) && is_rst_crossed(c, x)) {
		*name = "rst_crossed";
		return shown;
	}
	if (v != (x == CLIENT ? VIEW_C : VIEW_S) &&
	    is_revived_and_reset(c, x)) {
		*name = "syncookie_revived";
		return shown;
	}
	/* a view that its FIN did not come to is a state behind */
	if (own->n[FIN] && !here->n[FIN] && shown == S_ESTABLISHED)
		as = S_FIN_WAIT_1;
	if (own->n[FIN] && !here->n[FIN] && shown == S_CLOSE_WAIT)
		as = S_LAST_ACK;
	why = why_silent(c, x, as);
	if (!why)
		return S_CLOSED;
	*name = why;
	return shown;
}

/* Of a socket in the handshake, or that has not been heard beyond it. */
static enum state expect_open(const struct conn *c, enum view v,
			      enum side x, enum state is,
			      enum state shown, const char **name)
{
	const struct know *here = &c->know[x][level_of(v, x)];
	const struct know *other = &c->know[!x][LEFT];

	if (!here->n[SYN] && !here->n[SYNACK]) {
		*name = "syn_lost_before";
		return S_CLOSED;
	}
	/* Not one of the repetitions that tell of the ACK that had no effect. */
	if (is == S_SYN_RECEIVED && shown == S_ESTABLISHED &&
	    c->know[!x][level_of(v, !x)].acked_at > here->synack_at[0]) {
		*name = "synack_lost_before";
		return shown;
	}
	/* ... nor the last of them, and the view waited for it long enough */
	if (is == S_SYN_RECEIVED && shown == S_ESTABLISHED &&
	    c->know[x][LEFT].synack_at[0] > here->synack_at[0]) {
		*name = "synack_lost_before";
		return shown;
	}
	if (is == S_SYN_RECEIVED && !here->n[SYNACK]) {
		*name = "synack_lost_before";
		return S_SYN_SENT;
	}
	if (is > S_SYN_RECEIVED && here->n[SYN] && synced(c, !x) &&
	    !acked(here, other->isn + 1)) {
		*name = "ack_lost_before";
		return S_SYN_SENT;
	}
	return is;
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
static bool is_fin_crossed(const struct conn *c, enum view v, enum side x,
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
static bool is_ack_lost(const struct conn *c, enum view v, enum side x,
			enum state shown)
{
	const struct know *own = &c->know[x][LEFT];
	const struct flowview *flow = &c->flow[v];
	const char *flag = (x == SERVER) != flow->swapped ?
			   "dst_unconfirmed" : "src_unconfirmed";

	return without_own_ack[shown] == c->ss[1][x].state &&
	       c->ss[1][x].state && own->n[FIN] && c->ss[1][x].timer == 'o' &&
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
	    !(state == S_TIME_WAIT && shown == S_CLOSED))
		return NULL;
	if (!here->n[FIN] || (__s32)(here->fin_ack - end) < 0)
		return NULL;
	if ((__s32)(own->fin_ack - end) >= 0)
		return "late_fin";
	return own->n[FIN] > here->n[FIN] ? "crossing_lost_before" : NULL;
}

/*
 * The RST came, and was refused; the challenge ACK that says so left, and did
 * not come as far as the view.
 */
static bool is_challenge_lost(const struct conn *c, enum view v, enum side x)
{
	__u64 refused = c->know[!x][TAKEN].rst_at;

	return c->know[!x][level_of(v, !x)].n[RST] && refused &&
	       c->know[x][LEFT].heard_at > refused &&
	       c->know[x][level_of(v, x)].heard_at < refused;
}

/*
 * The server's socket was closed, or it had none and sent a RST; then came an
 * ACK that Linux takes for one that brings a cookie back, and so another socket
 * was made of the connection.
 */
static bool is_revived(const struct conn *c, enum side x)
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

/*
 * expect - what must the view show of an end whose socket is in that state?
 * What did not come as far as the view is undone; *name is set if anything was.
 */
static enum state expect(const struct conn *c, enum view v, enum side x,
			 enum state shown, const char **name)
{
	const struct know *here = &c->know[x][level_of(v, x)];
	const struct know *there = &c->know[!x][level_of(v, !x)];
	const struct know *other = &c->know[!x][LEFT];
	const struct know *own = &c->know[x][LEFT];
	const struct sockview *sv = &c->ss[1][x];
	enum state state = sv->state;
	const char *why;

	/* What another host's address is sent, this host's hooks do not see. */
	if (c->scene == NOBODY && v == VIEW_S && !c->flow[v].there) {
		*name = "not_this_host";
		return S_CLOSED;
	}
	if (is_fin_crossed(c, v, x, shown)) {
		*name = "fin_crossed";
		return shown;
	}
	if (state == S_CLOSED)
		return expect_closed(c, v, x, shown, name);
	if (shown == S_CLOSED && there->rst_at > c->know[!x][TAKEN].rst_at) {
		*name = "rst_lost";
		return S_CLOSED;
	}
	if (shown == S_CLOSED && is_challenge_lost(c, v, x)) {
		*name = "challenge_lost_before";
		return S_CLOSED;
	}
	if (is_revived(c, x)) {
		*name = "syncookie_revived";
		return shown;
	}
	if (is_pickup(c, v, x) && shown == without_ack[state]) {
		*name = "pickup";
		return shown;
	}
	if (is_ack_lost(c, v, x, shown)) {
		*name = "ack_lost";
		return shown;
	}
	if (shown == S_SYN_RECEIVED && state > S_SYN_RECEIVED &&
	    is_synack_due(c, v, x)) {
		*name = "silence";
		return shown;
	}
	why = why_last_ack(c, v, x, shown);
	if (why) {
		*name = why;
		return shown;
	}
	if (without_fin[state] && !own->n[FIN] && sv->sendq &&
	    (sv->timer == 'p' || sv->timer == 'o')) {
		*name = sv->timer == 'p' ? "zero_window" : "unsent_fin";
		state = without_fin[state];
	} else if (without_fin[state] && own->n[FIN] && !here->n[FIN]) {
		*name = "fin_lost_before";
		state = without_fin[state];
	}
	if (without_ack[state] && other->n[FIN] &&
	    !acked(here, other->fin_end)) {
		*name = "ack_lost_before";
		state = without_ack[state];
	}
	return expect_open(c, v, x, state, shown, name);
}

/*
 * Does tcptrack too, on the end's own host, find that wire and socket differ,
 * and know why?
 */
static bool is_named(const struct conn *c, enum view v, enum side x)
{
	const struct flowview *flow = &c->flow[v];
	const char *at = strstr(flow->line, " differs=");
	char word[16];

	if (!at || !flow->there || v != (x == CLIENT ? VIEW_C : VIEW_S))
		return true;
	snprintf(word, sizeof(word), "%s_other",
		 (x == SERVER) != flow->swapped ? "dst" : "src");
	/* of a second socket tcptrack knows nothing */
	if (strstr(at, word))
		return is_revived(c, x);
	word[4] = '\0';
	return strstr(at, word);
}

static bool judge_view(const struct conn *c, enum view v,
		       const char *names[SIDES])
{
	const struct flowview *flow = &c->flow[v];
	enum side x;
	bool ok = !flow->twice;

	for (x = CLIENT; x < SIDES; x++) {
		names[x] = NULL;
		if (flow->state[x] == c->ss[1][x].state)
			continue;
		if (flow->state[x] !=
		    expect(c, v, x, flow->state[x], &names[x]) || !names[x])
			ok = false;
		if (!is_named(c, v, x))
			ok = false;
	}
	/* A connection that was never opened from there was not. */
	if (flow->there && flow->swapped && c->scene != SIMOPEN)
		ok = false;
	return ok;
}

static void print(const struct conn *c, const char *what)
{
	static const char *const title[VIEWS] = { "client", "router", "server" };
	enum view v;

	printf("# %s: --seed %llu, connection %u (port %u), batch %s:%s\n",
	       what, oracle.seed, c->id, c->port, oracle.mode->name, c->did);
	printf("#  ss at the client: %s\n#  ss at the server: %s\n",
	       c->ss[1][CLIENT].line, c->ss[1][SERVER].line);
	for (v = 0; v < VIEWS; v++)
		printf("#  %s: %s\n", title[v], c->flow[v].line);
	if (printed++ < MAX_LOGS)
		tap_print(c);
	fflush(stdout);
}

/*
 * quiet - is nothing on its way between its ends? ss said the same before and
 * after; and where a timer runs, that is because its segments are dropped, and
 * they have been repeated: before that, nobody can know.
 */
static bool quiet(const struct conn *c)
{
	const struct sockview *a, *b;
	enum side x;

	for (x = CLIENT; x < SIDES; x++) {
		a = &c->ss[0][x];
		b = &c->ss[1][x];
		if (a->state != b->state || a->recvq != b->recvq ||
		    a->sendq != b->sendq || a->timer != b->timer ||
		    a->retries != b->retries || b->state == S_UNKNOWN)
			return false;
		/* closed by a timer, just now */
		if (b->state == S_CLOSED && b->line[0])
			return false;
		if (b->timer != 'o')
			continue;
		if (!hold_any(c) && c->scene != NOBODY && c->scene != FULL &&
		    c->scene != DEFER)
			return false;
		if (!b->retries)
			return false;
		/* The ACK of its SYN came and had no effect: its next SYN-ACK
		 * will tell.
		 */
		if (b->state == S_SYN_RECEIVED && c->know[!x][FAR].acked_at >
		    c->know[x][LEFT].synack_at[0])
			return false;
	}
	return true;
}

/* judge - true if it was quiet, whatever came of it */
bool judge(struct conn *c)
{
	const char *names[VIEWS][SIDES];
	bool ok = true;
	enum view v;
	enum side x;

	if (!quiet(c))
		return false;
	for (v = 0; v < VIEWS; v++)
		ok &= judge_view(c, v, names[v]);
	/* What is wrong is so at the next look, too: of its socket's end, say,
	 * an owner hears a moment after ss shows it.
	 */
	if (!ok && !c->doubted) {
		c->doubted = true;
		return false;
	}
	c->doubted = !ok;
	judgements++;
	c->judgements++;
	if (!ok && c->unsure) {
		difference("rule_changed");
		return true;
	}
	if (!ok) {
		disagreements++;
		print(c, "DISAGREEMENT");
		return true;
	}
	for (x = CLIENT; x < SIDES; x++) {
		/* counted where all three views say the same as ss */
		if (!names[VIEW_C][x] && !names[VIEW_R][x] && !names[VIEW_S][x])
			seen[c->ss[1][x].state]++;
		for (v = 0; v < VIEWS; v++)
			if (names[v][x])
				difference(names[v][x]);
	}
	return true;
}

/* judge_never - there was no quiet point in its life */
void judge_never(const struct conn *c)
{
	print(c, "NEVER AT REST");
}

/* judge_restless - a round has ended without the connection coming to rest */
void judge_restless(const struct conn *c)
{
	restless++;
	if (oracle.verbose)
		print(c, "restless");
}

void judge_report(void)
{
	unsigned int i;

	printf("# state          times seen at an end, the same in all views\n");
	for (i = 0; i < STATES; i++)
		printf("# %-14s %lu\n", state_name[i], seen[i]);
	printf("# difference, with its evidence       views\n");
	for (i = 0; i < MAX_NAMES && differences[i].name[0]; i++)
		printf("# %-28s %10lu\n", differences[i].name,
		       differences[i].times);
	printf("# judgements %lu restless %lu disagreements %lu\n", judgements,
	       restless, disagreements);
}

/* judge_failed - or was a state seen less often than it must be? */
bool judge_failed(unsigned int want)
{
	unsigned int i;
	bool failed = disagreements;

	for (i = 0; i < STATES; i++) {
		if (seen[i] >= want)
			continue;
		printf("# %s was seen %lu times, not %u\n", state_name[i],
		       seen[i], want);
		failed = true;
	}
	return failed || !judgements;
}
