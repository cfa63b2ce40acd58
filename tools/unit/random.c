// SPDX-License-Identifier: GPL-2.0
#include "random.h"

static u32 random_offset(struct random *r)
{
	static const u32 off[] = {
		-1, 1, -2, 2, 10, -10, 1000, -1000, 5000, 65535, -65535,
		65536, -65536, -65537, 1000000, -1000000, INT32_MAX,
		INT32_MIN,
	};

	if (random_percent(r, 90))
		return off[random_below(r, ARRAY_SIZE(off))];
	return random_u32(r);
}

static u8 random_flags(struct random *r)
{
	static const u8 flags[] = {
		ACK, ACK, ACK, DATA, DATA, FIN, FIN, FIN, SYN, SYNACK, SYNACK,
		RST, RSTACK,
	};

	return flags[random_below(r, sizeof(flags))];
}

/* Any number that the flow knows */
static u32 random_number(struct random *r, struct conn *c)
{
	const struct tct_end *e = &c->f.end[random_below(r, 2)];

	switch (random_below(r, 6)) {
	case 0:
		return e->isn;
	case 1:
		return e->ack;
	case 2:
		return e->edge;
	case 3:
		return random_u32(r);
	default:
		return e->nxt;
	}
}

static struct tct_segment random_new(struct random *r, struct conn *c,
				     unsigned int from)
{
	struct host *h = &c->host[from];
	u8 flags = random_flags(r);

	/* RSTs end it all, and data goes on for ever */
	if (flags & TCT_RST && random_percent(r, 60))
		flags = ACK;
	if (flags == SYN && random_percent(r, 30))
		h->isn = h->nxt + random_offset(r);
	if (random_percent(r, 80))
		h->rcv = c->host[!from].nxt;
	if (random_percent(r, 20))
		h->window = random_u32(r) >> random_below(r, 32);
	return make(c, from, flags, flags == DATA || random_percent(r, 20) ?
		    random_below(r, 3000) : 0);
}

struct tct_segment random_segment(struct random *r, struct conn *c,
				  unsigned int from)
{
	struct tct_segment seg;

	if (c->n && random_percent(r, 15)) {
		/* an old one once more */
		u32 back = 1 + random_below(r, c->n < 8 ? c->n : 8);
		struct conn_log *log = &c->log[(c->n - back) % CONN_LOG];

		if (log->from == from)
			return log->seg;
	}
	seg = random_new(r, c, from);
	if (random_percent(r, 10))
		seg.seq += random_offset(r);
	if (random_percent(r, 10) && seg.flags & TCT_ACK)
		seg.ack += random_offset(r);
	if (random_percent(r, 3))
		seg.seq = random_number(r, c);
	if (random_percent(r, 3) && seg.flags & TCT_ACK)
		seg.ack = random_number(r, c);
	if (random_percent(r, 2))
		seg.flags = random_flags(r);
	if (seg.flags & TCT_RST && random_percent(r, 20))
		seg.flags |= TCT_OPT_FORGED;
	return seg;
}

void random_conn(struct random *r, struct conn *c)
{
	unsigned int h;

	conn_init(c, conn_isns[random_below(r, 6)] + random_below(r, 8),
		  conn_isns[random_below(r, 6)] - random_below(r, 8),
		  random_u32(r));
	c->guess = random_percent(r, 50);
	c->self = random_percent(r, 3);
	for (h = A; h <= B; h++) {
		if (random_percent(r, 50)) {
			c->host[h].synopts = TCT_OPT_WSCALE;
			c->host[h].wscale = random_below(r, 17);
		}
		c->host[h].window = random_u32(r) >> random_below(r, 32);
	}
	if (random_percent(r, 20))
		midstream(c);
}
