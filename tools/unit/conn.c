// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>

#include "conn.h"
#include "names.h"
#include "predict.h"
#include "rules.h"

const u32 conn_isns[6] = {
	0, 1, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
};

/* The first is a quiet clock, in the others 32 or 64 bits wrap on the way */
static const u64 conn_starts[] = {
	1000000, (1ULL << 32) - 2, (1ULL << 32) - 6, UINT64_MAX - 4,
};

void conn_init(struct conn *c, u32 isn_a, u32 isn_b, u64 now)
{
	memset(c, 0, sizeof(*c));
	c->now = now;
	c->host[A] = (struct host){ .isn = isn_a, .nxt = isn_a,
				    .window = 4000 };
	c->host[B] = (struct host){ .isn = isn_b, .nxt = isn_b,
				    .window = 5000 };
}

void conn_run(void **state)
{
	const struct scenario *scenario = *state;
	unsigned int a, b, t;
	struct conn c;

	for (a = 0; a < ARRAY_SIZE(conn_isns); a++)
		for (b = 0; b < ARRAY_SIZE(conn_isns); b++)
			for (t = 0; t < ARRAY_SIZE(conn_starts); t++) {
				conn_init(&c, conn_isns[a], conn_isns[b],
					  conn_starts[t]);
				scenario->play(&c);
			}
}

struct tct_segment make(struct conn *c, unsigned int from, u8 flags, u32 len)
{
	struct host *h = &c->host[from];
	struct tct_segment seg = {
		.seq = h->nxt,
		.len = len,
		.segs = 1,
		.window = h->window,
		.flags = flags | (c->self ? TCT_OPT_SELF : 0),
	};

	if (flags & TCT_ACK)
		seg.ack = h->rcv;
	if (flags & TCT_SYN) {
		/* also when it goes out again, as a SYN-ACK */
		seg.seq = h->isn;
		seg.flags |= h->synopts;
		seg.wscale = h->wscale;
		h->nxt = h->isn;
	}
	h->nxt += len + !!(flags & TCT_SYN) + !!(flags & TCT_FIN);
	return seg;
}

/* What is true of every step */
static void conn_check(struct conn *c, const struct tct_fsm *old)
{
	const char *broken = rules_broken(old, &c->f, c->ev, c->now);

	if (broken)
		conn_fail(c, __FILE__, __LINE__, "%s", broken);
}

static void conn_log(struct conn *c, unsigned int from,
		     const struct tct_segment *seg)
{
	struct conn_log *log = &c->log[c->n++ % CONN_LOG];

	log->seg = *seg;
	log->from = from;
	log->ev = c->ev;
	log->state[A] = end(c, A)->state;
	log->state[B] = end(c, B)->state;
}

/* The first look at a segment in sequence is a shortcut: the long way leads to
 * the same
 */
static void conn_check_prediction(const struct conn *c, struct tct_fsm f,
				  struct tct_detail d, unsigned int end,
				  const struct tct_segment *seg)
{
	u32 ev = tct_fsm_step_slow(&f, &d, end, seg, c->now);

	if (ev != c->ev || memcmp(&f, &c->f, sizeof(f)) ||
	    memcmp(&d, &c->d, sizeof(d)))
		conn_fail(c, __FILE__, __LINE__,
			  "predicted wrongly: should be %s %s, events %#x",
			  tct_state_name(f.end[0].state),
			  tct_state_name(f.end[1].state), ev);
}

/* Nobody repeats a SYN-ACK before about a second is over */
static bool is_synack_again(const struct conn *c, unsigned int from,
			    const struct tct_segment *seg)
{
	const struct tct_end *e = &c->f.end[from ^ c->initiator];

	return !c->hasty && c->opened && e->flags & TCT_END_SYN &&
	       (seg->flags & SYNACK) == SYNACK && seg->seq == e->isn;
}

/* As the packet path does it */
void feed(struct conn *c, unsigned int from, struct tct_segment seg)
{
	struct tct_detail detail = c->d;
	struct tct_fsm old = c->f;
	const char *broken;

	c->now += is_synack_again(c, from, &seg) ? HZ * 3 / 4 : 1;
	c->last = seg;
	if (!c->opened) {
		c->ev = tct_fsm_open(&c->f, &seg, c->guess, c->now);
		c->opened = !(c->ev & TCT_EV_REFUSED);
		c->initiator = from ^ !!(c->ev & TCT_EV_RESPONDER);
		conn_log(c, from, &seg);
		return;
	}
	c->ev = tct_fsm_step(&c->f, &c->d, from ^ c->initiator, &seg, c->now);
	if (c->ev & TCT_EV_REUSE) {
		if (memcmp(&c->f, &old, sizeof(old)))
			conn_fail(c, __FILE__, __LINE__,
				  "reuse, yet something changed");
		c->ev |= tct_fsm_reopen(&c->f, from ^ c->initiator, &seg,
					c->now);
		c->initiator = from;
		conn_log(c, from, &seg);
		return;
	}
	conn_log(c, from, &seg);
	conn_check(c, &old);
	broken = rules_broken_by(&old, &c->f, from ^ c->initiator, &seg);
	if (broken)
		conn_fail(c, __FILE__, __LINE__, "%s", broken);
	conn_check_prediction(c, old, detail, from ^ c->initiator, &seg);
}

void receive(struct conn *c, unsigned int to)
{
	c->host[to].rcv = c->host[c->self ? to : !to].nxt;
}

struct tct_segment say(struct conn *c, unsigned int from, u8 flags, u32 len)
{
	struct tct_segment seg = lose(c, from, flags, len);

	if (!(flags & TCT_RST))
		receive(c, c->self ? from : !from);
	return seg;
}

struct tct_segment lose(struct conn *c, unsigned int from, u8 flags, u32 len)
{
	struct tct_segment seg = make(c, from, flags, len);

	feed(c, from, seg);
	return seg;
}

void cross(struct conn *c, u8 flags_a, u8 flags_b)
{
	lose(c, A, flags_a, 0);
	lose(c, B, flags_b, 0);
	receive(c, A);
	receive(c, B);
}

void establish(struct conn *c)
{
	syn(c, A);
	synack(c, B);
	ack(c, A);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
}

void finish(struct conn *c)
{
	establish(c);
	fin(c, A);
	ack(c, B);
	fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

void midstream(struct conn *c)
{
	c->host[A].nxt++;
	c->host[B].nxt++;
	receive(c, A);
	receive(c, B);
}

void renew(struct conn *c)
{
	unsigned int h;

	for (h = A; h <= B; h++) {
		c->host[h].isn = c->host[h].nxt + 0x20000000 + h * 0x1000000;
		c->host[h].nxt = c->host[h].isn;
		c->host[h].rcv = 0;
	}
}

void timeout(struct conn *c, u64 now)
{
	struct tct_fsm old = c->f;

	c->now = now;
	c->ev = tct_fsm_timeout(&c->f, now);
	conn_check(c, &old);
}

static void conn_print_flags(char *buf, u8 flags)
{
	static const char names[] = "FSRP.";
	unsigned int i;

	for (i = 0; names[i]; i++)
		if (flags & 1 << i)
			*buf++ = names[i];
	*buf = '\0';
}

/* The segments, numbered from the initial sequence numbers of now */
static void conn_dump(const struct conn *c)
{
	unsigned int i = c->n > CONN_LOG ? c->n - CONN_LOG : 0;

	print_error("isn %#x %#x, now %#llx\n", c->host[A].isn,
		    c->host[B].isn, (unsigned long long)c->now);
	for (; i < c->n; i++) {
		const struct conn_log *log = &c->log[i % CONN_LOG];
		const struct tct_segment *seg = &log->seg;
		char flags[8];
		s32 ack = 0;

		conn_print_flags(flags, seg->flags);
		if (seg->flags & TCT_ACK)
			ack = seg->ack - c->host[!log->from].isn;
		print_error("  %c %-4s seq %d len %u ack %d win %u flags %#x: ",
			    "AB"[log->from], flags,
			    (s32)(seg->seq - c->host[log->from].isn),
			    seg->len, ack, seg->window, seg->flags);
		print_error("%s %s, events %#x\n",
			    tct_state_name(log->state[A]),
			    tct_state_name(log->state[B]), log->ev);
	}
}

void conn_fail(const struct conn *c, const char *file, int line,
	       const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprint_error(fmt, args);
	va_end(args);
	print_error("\n");
	conn_dump(c);
	_fail(file, line);
	__builtin_unreachable();
}

void conn_expect(struct conn *c, u8 a, u8 b, const char *file, int line)
{
	u8 sa = end(c, A)->state, sb = end(c, B)->state;

	if (sa != a || sb != b)
		conn_fail(c, file, line, "states %s %s, expected %s %s",
			  tct_state_name(sa), tct_state_name(sb),
			  tct_state_name(a), tct_state_name(b));
}

#define RTT_EVENTS	(TCT_EV_RTT_SYN | TCT_EV_RTT_SYNACK | TCT_EV_RTT_ACK)

void conn_expect_ev(struct conn *c, u32 ev, const char *file, int line)
{
	if ((c->ev & ~RTT_EVENTS) != ev)
		conn_fail(c, file, line, "events %#x, expected %#x", c->ev,
			  ev);
}

/* What fsm.c keeps for itself */
#define INNER_FLAGS	(TCT_F_STEADY | TCT_F_CLOSER_1 | TCT_F_RST_1 | \
			 TCT_F_DUE_0 | TCT_F_DUE_1 | TCT_F_PURE_0 | \
			 TCT_F_PURE_1)

void conn_expect_flags(struct conn *c, u16 want, const char *file, int line)
{
	if ((c->f.flags & ~INNER_FLAGS) != want)
		conn_fail(c, file, line, "flags %#x, expected %#x",
			  c->f.flags, want);
}

void conn_expect_class(struct conn *c, u8 want, const char *file, int line)
{
	u8 class = tct_fsm_class(&c->f);

	if (class != want)
		conn_fail(c, file, line, "class %s, expected %s",
			  tct_class_name(class), tct_class_name(want));
}

void conn_expect_why(struct conn *c, u8 want, const char *file, int line)
{
	if (c->f.reason != want)
		conn_fail(c, file, line, "reason %s, expected %s",
			  tct_reason_name(c->f.reason), tct_reason_name(want));
}

void conn_expect_unconf(struct conn *c, bool a, bool b, const char *file,
			int line)
{
	bool is_a = end(c, A)->flags & TCT_END_UNCONF;
	bool is_b = end(c, B)->flags & TCT_END_UNCONF;

	if (is_a != a || is_b != b)
		conn_fail(c, file, line, "unconfirmed %d %d, expected %d %d",
			  is_a, is_b, a, b);
}

void conn_expect_initiator(struct conn *c, unsigned int host, const char *file,
			   int line)
{
	if (c->initiator != host)
		conn_fail(c, file, line, "initiator %c, expected %c",
			  "AB"[c->initiator], "AB"[host]);
}

void conn_expect_since(struct conn *c, unsigned int host, u64 when,
		       const char *file, int line)
{
	conn_expect_num(c, "since", since(c, host), when & TCT_WHEN_MASK, file,
			line);
}

void conn_expect_num(struct conn *c, const char *what, u64 is, u64 want,
		     const char *file, int line)
{
	if (is != want)
		conn_fail(c, file, line, "%s is %#llx, expected %#llx", what,
			  (unsigned long long)is, (unsigned long long)want);
}
