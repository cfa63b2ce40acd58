// SPDX-License-Identifier: GPL-2.0
/*
 * Readers of tcptrack's events, for the selftests' agent: each has a socket that
 * has joined groups, and is read only when told so. What has come is kept by
 * flow, and counted by namespace, CPU and topic.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/tcptrack.h>

#include "tct_event.h"
#include "tct_peer.h"

#define MAX_READERS	4
#define MAX_KEPT	8192
#define MAX_PLACES	64
#define TOPICS		3

static const char *const topics[] = { "new", "change", "end" };

static const char *const states[] = {
	"CLOSED", "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED", "FIN_WAIT_1",
	"FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT",
};

static const char *const reasons[] = {
	"-", "syn", "synack", "ack", "pickup", "fin", "fin_ack", "rst",
	"synack_again", "fin_again", "silence", "alive", "reuse",
	"refused_reuse",
};

static const char *const ends[] = {
	"-", "fin", "refused", "rst_half_open", "rst_aborted",
	"rst_time_wait", "rst_stray", "silence", "timeout", "evicted",
	"flushed",
};

static const char *const removals[] = {
	"expired", "evicted", "deleted", "reused", "stopped",
};

/* Where events come from, and how many did */
struct place {
	__u64 netns;
	unsigned int cpu;
	__u64 base[TOPICS];
	__u64 generated[TOPICS];
	__u64 last[TOPICS];
	unsigned long received[TOPICS];
};

struct reader {
	char id[TCT_ID_LEN];
	int fd;			/* of events */
	int ask;		/* of requests */
	int family;
	struct event *kept;
	int n;
	bool count;		/* keep none */
	struct place place[MAX_PLACES];
	int places;
	unsigned long datagrams;
	unsigned long overruns;
	unsigned long wrong;	/* twice, or not in their order */
};

static struct reader readers[MAX_READERS];

static struct reader *reader_find(const char *id)
{
	int i;

	for (i = 0; i < MAX_READERS; i++)
		if (!strcmp(readers[i].id, id))
			return &readers[i];
	return NULL;
}

static int join(int fd, const char *name, const struct group *groups, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		if (strcmp(groups[i].name, name))
			continue;
		return setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
				  &groups[i].id, sizeof(groups[i].id)) ?
		       -errno : 0;
	}
	return -ESRCH;
}

static int reader_open(struct reader *rd, struct tct_args *args)
{
	int i, n = 0, size = tct_num(args, "rcvbuf", 32 << 20), err = 0;
	struct group groups[MAX_GROUPS] = { 0 };

	rd->fd = ev_open();
	rd->ask = ev_open();
	if (rd->fd < 0 || rd->ask < 0)
		return -EMFILE;
	setsockopt(rd->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	rd->family = ev_resolve(rd->ask, groups, &n);
	if (rd->family < 0)
		return rd->family;
	for (i = 2; i < args->argc && !err; i++)
		if (!strchr(args->argv[i], '=') &&
		    strcmp(args->argv[i], "count"))
			err = join(rd->fd, args->argv[i], groups, n);
	return err;
}

static void reader_close(struct reader *rd)
{
	if (rd->fd >= 0)
		close(rd->fd);
	if (rd->ask >= 0)
		close(rd->ask);
	free(rd->kept);
	memset(rd, 0, sizeof(*rd));
}

/* events READER GROUP... [rcvbuf=N] [count]: joins them. */
static int cmd_events(struct tct_args *args)
{
	struct reader *rd = reader_find("");
	int err;

	if (!rd || reader_find(args->argv[1]))
		return -EEXIST;
	rd->kept = calloc(MAX_KEPT, sizeof(*rd->kept));
	if (!rd->kept)
		return -ENOMEM;
	rd->count = tct_flag(args, "count");
	err = reader_open(rd, args);
	if (err)
		reader_close(rd);
	else
		tct_name(rd->id, args->argv[1]);
	return err;
}

static int try_join(struct tct_args *args)
{
	struct group groups[MAX_GROUPS] = { 0 };
	int fd = ev_open(), n = 0, err;

	if (fd < 0)
		return fd;
	err = ev_resolve(fd, groups, &n);
	return err < 0 ? err : join(fd, args->argv[2], groups, n);
}

/* ejoin WHO GROUP: what joining says to whom "try" knows. */
static int cmd_ejoin(struct tct_args *args)
{
	return tct_as(args->argv[1], try_join, args);
}

/* efilter READER [FAMILY]: only of such flows, or of all, are there events. */
static int cmd_efilter(struct tct_args *args)
{
	struct reader *rd = reader_find(args->argv[1]);
	struct {
		struct nlattr nla;
		char family[4];
	} filter = {
		.nla.nla_len = NLA_HDRLEN + 1,
		.nla.nla_type = TCPTRACK_A_FILTER_FAMILY,
	};
	struct nlmsghdr *nlh;
	int err;

	if (!rd)
		return -ENOENT;
	filter.family[0] = args->argc > 2 ? atoi(args->argv[2]) : 0;
	err = ev_send(rd->ask, rd->family, TCPTRACK_CMD_CONFIG_SET, NLM_F_ACK,
		      TCPTRACK_A_CONFIG_EVENT_FILTER | NLA_F_NESTED, &filter,
		      args->argc > 2 ? sizeof(filter) : 0);
	return err ? err : ev_recv(rd->ask, &nlh);
}

static int cmd_eclose(struct tct_args *args)
{
	struct reader *rd = reader_find(args->argv[1]);

	if (!rd)
		return -ENOENT;
	reader_close(rd);
	return 0;
}

static struct place *place(struct reader *rd, __u64 netns, unsigned int cpu)
{
	struct place *p = rd->place;

	for (; p < rd->place + rd->places; p++)
		if (p->netns == netns && p->cpu == cpu)
			return p;
	if (rd->places == MAX_PLACES)
		return NULL;
	rd->places++;
	p->netns = netns;
	p->cpu = cpu;
	return p;
}

static void note(struct reader *rd, const struct event *ev)
{
	struct place *p = place(rd, ev->netns, ev->cpu);

	if (ev->topic < 0 || ev->topic >= TOPICS || !p ||
	    ev->seq <= p->last[ev->topic] ||
	    ev->full != (ev->topic == 2 ? 3 : 0)) {
		rd->wrong++;
		return;
	}
	p->last[ev->topic] = ev->seq;
	if (ev->seq > p->base[ev->topic])
		p->received[ev->topic]++;
	if (!rd->count && rd->n < MAX_KEPT)
		rd->kept[rd->n++] = *ev;
}

/* Read what is there. Return: whether it was anything. */
static bool drain(struct reader *rd)
{
	struct nlmsghdr *nlh;
	struct event ev;
	bool any = false;
	ssize_t n;
	int left;

	for (;;) {
		n = recv(rd->fd, ev_buffer, sizeof(ev_buffer),
			 MSG_DONTWAIT);
		if (n < 0 && errno == ENOBUFS) {
			rd->overruns++;
			continue;
		}
		if (n <= 0)
			return any;
		any = true;
		rd->datagrams++;
		left = n;
		for (nlh = (void *)ev_buffer; NLMSG_OK(nlh, left);
		     nlh = NLMSG_NEXT(nlh, left)) {
			if (nlh->nlmsg_type != rd->family)
				continue;
			ev_parse(&ev, nlh);
			note(rd, &ev);
		}
	}
}

static void generated_parse(struct reader *rd, __u64 netns,
			    const struct nlattr *nest)
{
	__u64 cpu = 0, seq[TOPICS] = { 0 };
	const struct nlattr *nla = NULL;
	struct place *p;
	size_t len;
	void *data;

	data = ev_payload(nest, &len);
	while ((nla = ev_next(nla, data, len))) {
		if (ev_type(nla) == TCPTRACK_A_GENERATED_CPU)
			cpu = ev_number(nla);
		else if (ev_type(nla) >= TCPTRACK_A_GENERATED_NEW &&
			 ev_type(nla) <= TCPTRACK_A_GENERATED_END)
			seq[ev_type(nla) - TCPTRACK_A_GENERATED_NEW] = ev_number(nla);
	}
	p = place(rd, netns, cpu);
	if (p)
		memcpy(p->generated, seq, sizeof(seq));
}

static void generated(struct reader *rd, const struct nlmsghdr *nlh)
{
	const struct nlattr *nla = NULL;
	__u64 netns = 0;
	size_t len;
	void *data;

	data = ev_attrs(nlh, &len);
	while ((nla = ev_next(nla, data, len)))
		if (ev_type(nla) == TCPTRACK_A_EVENTS_NETNS)
			netns = ev_number(nla);
	while ((nla = ev_next(nla, data, len)))
		if (ev_type(nla) == TCPTRACK_A_EVENTS_GENERATED)
			generated_parse(rd, netns, nla);
}

static int query(struct reader *rd, bool all)
{
	struct nlmsghdr *nlh;
	int n, left;

	n = ev_send(rd->ask, rd->family, TCPTRACK_CMD_EVENTS_GET,
		    all ? NLM_F_DUMP : 0,
		    all ? TCPTRACK_A_EVENTS_ALL_NETNS : 0, "", 0);
	if (n)
		return n;
	for (;;) {
		n = ev_recv(rd->ask, &nlh);
		if (n < 0)
			return n;
		left = n;
		for (; NLMSG_OK(nlh, left); nlh = NLMSG_NEXT(nlh, left)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return 0;
			generated(rd, nlh);
		}
		if (!all)
			return 0;
	}
}

/* ebegin READER [all]: events from now on count. */
static int cmd_ebegin(struct tct_args *args)
{
	struct reader *rd = reader_find(args->argv[1]);
	int err, i, t;

	if (!rd)
		return -ENOENT;
	err = query(rd, tct_flag(args, "all"));
	if (err)
		return err;
	drain(rd);
	for (i = 0; i < rd->places; i++)
		for (t = 0; t < TOPICS; t++) {
			rd->place[i].base[t] = rd->place[i].generated[t];
			rd->place[i].last[t] = rd->place[i].generated[t];
			rd->place[i].received[t] = 0;
		}
	rd->n = 0;
	rd->datagrams = 0;
	rd->overruns = 0;
	rd->wrong = 0;
	return 0;
}

/* eread READER: read what is there. */
static int cmd_eread(struct tct_args *args)
{
	struct reader *rd = reader_find(args->argv[1]);

	if (!rd)
		return -ENOENT;
	drain(rd);
	return 0;
}

/* eaccount READER [all] [TOPIC...]: asks how many there were, then reads what is
 * there: not one of those that were sent can come later.
 */
static int cmd_eaccount(struct tct_args *args)
{
	unsigned long long made = 0, got = 0, by_topic[TOPICS] = { 0 };
	struct reader *rd = reader_find(args->argv[1]);
	struct place *p;
	int err, t;

	if (!rd)
		return -ENOENT;
	err = query(rd, tct_flag(args, "all"));
	if (err)
		return err;
	drain(rd);
	for (p = rd->place; p < rd->place + rd->places; p++)
		for (t = 0; t < TOPICS; t++) {
			by_topic[t] += p->generated[t] - p->base[t];
			if (args->argc > 2 && !tct_flag(args, topics[t]))
				continue;
			made += p->generated[t] - p->base[t];
			got += p->received[t];
			if (p->last[t] > p->generated[t])
				rd->wrong++;
		}
	tct_say("generated=%llu received=%llu lost=%lld wrong=%lu datagrams=%lu overruns=%lu",
		made, got, (long long)(made - got), rd->wrong, rd->datagrams,
		rd->overruns);
	for (t = 0; t < TOPICS; t++)
		tct_say(" %s=%llu", topics[t], by_topic[t]);
	return 0;
}

/* A connection to itself that nobody takes: two events, at once. */
static int refused(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(1),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	err = connect(fd, (struct sockaddr *)&addr, sizeof(addr)) ? errno : 0;
	close(fd);
	return err == ECONNREFUSED ? 0 : -EISCONN;
}

/* etail READER N: events, and at once how many there were: all those have come.
 * N times, since a tick in between would bring them in any case.
 */
static int cmd_etail(struct tct_args *args)
{
	struct reader *rd = reader_find(args->argv[1]);
	int i, err, t;

	if (!rd)
		return -ENOENT;
	for (i = 0; i < atoi(args->argv[2]); i++) {
		unsigned long long made = 0, got = 0;
		struct place *p;

		err = refused();
		if (!err)
			err = query(rd, false);
		if (err)
			return err;
		drain(rd);
		for (p = rd->place; p < rd->place + rd->places; p++)
			for (t = 0; t < TOPICS; t++) {
				made += p->generated[t] - p->base[t];
				got += p->received[t];
			}
		if (made == got && made >= 2ULL * (i + 1))
			continue;
		tct_say("generated=%llu received=%llu", made, got);
		return -ENODATA;
	}
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = *(const struct event **)a;
	const struct event *y = *(const struct event **)b;

	return x->time < y->time ? -1 : x->time > y->time;
}

static bool is_of(const struct event *ev, char **tuple)
{
	return !strcmp(ev->end[0].addr, tuple[0]) &&
	       ev->end[0].port == atoi(tuple[1]) &&
	       !strcmp(ev->end[1].addr, tuple[2]) &&
	       ev->end[1].port == atoi(tuple[3]);
}

static int story(struct reader *rd, char **tuple, const struct event **found)
{
	int i, n = 0;

	for (i = 0; i < rd->n; i++)
		if (is_of(&rd->kept[i], tuple))
			found[n++] = &rd->kept[i];
	qsort(found, n, sizeof(*found), by_time);
	return n;
}

static void say_event(const struct event *ev)
{
	const struct end *a = &ev->end[0], *b = &ev->end[1];

	tct_say("%s:", topics[ev->topic]);
	if (a->old >= 0)
		tct_say("%s/%s>", states[a->old], states[b->old]);
	tct_say("%s/%s:%s", states[a->state], states[b->state],
		reasons[ev->reason]);
	if (ev->removal >= 0)
		tct_say(":%s%s", ev->by < 0 ? "" : ev->by ? "dst_" : "src_",
			ends[ev->why]);
	if (ev->removal >= 0)
		tct_say(":%s:%llu+%llu:%llu+%llu", removals[ev->removal],
			a->packets, b->packets, a->bytes, b->bytes);
	tct_say(" ");
}

/* estory READER SRC SPORT DST DPORT N: what happened to a flow, in order of
 * time, once N events have come; as TOPIC:[OLD>]STATES:REASON, and of an end
 * :HOW:REMOVAL:PACKETS:BYTES.
 */
static int cmd_estory(struct tct_args *args)
{
	struct reader *rd = reader_find(args->argv[1]);
	static const struct event *found[MAX_KEPT];
	long long until = tct_now_ms() + tct_wait_ms;
	int n, i;

	if (!rd)
		return -ENOENT;
	do {
		drain(rd);
		n = story(rd, args->argv + 2, found);
		if (n >= atoi(args->argv[6]))
			break;
		tct_poll(rd->fd, POLLIN, 20);
	} while (tct_now_ms() < until);
	for (i = 0; i < n; i++)
		say_event(found[i]);
	return 0;
}

/* ecount READER [netns=N] [removal=N]: how many events were kept of those. */
static int cmd_ecount(struct tct_args *args)
{
	struct reader *rd = reader_find(args->argv[1]);
	__u64 netns = tct_num(args, "netns", 0);
	int removal = tct_num(args, "removal", -2);
	int i, n = 0;

	if (!rd)
		return -ENOENT;
	drain(rd);
	for (i = 0; i < rd->n; i++)
		n += (!netns || rd->kept[i].netns == netns) &&
		     (removal < -1 || rd->kept[i].removal == removal);
	tct_say("%d", n);
	return 0;
}

const struct tct_cmd tct_event_cmds[] = {
	{ "events", 1, cmd_events },
	{ "ejoin", 2, cmd_ejoin },
	{ "efilter", 1, cmd_efilter },
	{ "eclose", 1, cmd_eclose },
	{ "ebegin", 1, cmd_ebegin },
	{ "eread", 1, cmd_eread },
	{ "eaccount", 1, cmd_eaccount },
	{ "etail", 2, cmd_etail },
	{ "estory", 6, cmd_estory },
	{ "ecount", 1, cmd_ecount },
	{ }
};
