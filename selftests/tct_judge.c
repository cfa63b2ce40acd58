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

/* Of a socket that is gone, what is the view to show? */
static enum state expect_closed(const struct conn *c, enum view v,
				enum side x, enum state shown,
				const char **name)
{
	const struct know *own = &c->know[x][LEFT];
	const struct know *here = &c->know[x][level_of(v, x)];
	const struct know *other = &c->know[!x][LEFT];
	enum state as = shown;
	const char *why;

	if (shown == S_CLOSED)
		return S_CLOSED;
	if (own->n[RST] && !here->n[RST]) {
		*name = "rst_lost_before";
		return shown;
	}
	if (own->n[RST] && own->n[FIN] && !here->n[FIN]) {
		*name = "rst_refused";
		return shown;
	}
	/* a view that its FIN did not come to is a state behind */
	if (own->n[FIN] && !here->n[FIN] && shown == S_ESTABLISHED)
		as = S_FIN_WAIT_1;
	if (own->n[FIN] && !here->n[FIN] && shown == S_CLOSE_WAIT)
		as = S_LAST_ACK;
	/* ... or its ACK of the other's */
	if (shown == S_FIN_WAIT_2 && other->n[FIN] &&
	    acked(own, other->fin_end) && !acked(here, other->fin_end))
		as = S_TIME_WAIT;
	why = why_gone(c, v, x, as);
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
	why = why_shown(c, v, x, shown);
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
