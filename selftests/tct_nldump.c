// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps of flows over netlink, read by the selftests' agent a piece at a time,
 * so that there is time for something to happen in between.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/tcptrack.h>

#include "tct_peer.h"

#define MAX_DUMPS	8
#define MAX_FLOWS	65536
#define MIN_PIECE	4096	/* else they do not fit */
#define MAX_PIECE	65536
#define REQUEST		512

/* What tells a flow from all others */
struct flow {
	__u64 netns;
	unsigned char addr[2][16];
	__u16 port[2];
};

struct nldump {
	char id[TCT_ID_LEN];
	int fd;
	size_t piece;		/* octets of the buffer that it is read into */
	long dport;		/* count flows to this port; 0: to any */
	long pieces;
	long told;
	long matches;
	bool interrupted;
	bool over;
	int error;
	struct flow *flow;	/* the matches */
};

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	unsigned char attrs[REQUEST];
};

static struct nldump dumps[MAX_DUMPS];

static struct nldump *nldump_find(const char *id)
{
	int i;

	for (i = 0; i < MAX_DUMPS; i++)
		if (!strcmp(dumps[i].id, id))
			return &dumps[i];
	return NULL;
}

static struct nlattr *put(struct request *req, __u16 type, const void *data,
			  size_t len)
{
	struct nlattr *attr = (void *)((char *)req + req->nlh.nlmsg_len);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy(attr + 1, data, len);
	req->nlh.nlmsg_len += NLA_ALIGN(attr->nla_len);
	return attr;
}

static struct nlattr *put_nest(struct request *req, __u16 type)
{
	return put(req, type | NLA_F_NESTED, "", 0);
}

static void end_nest(struct request *req, struct nlattr *nest)
{
	nest->nla_len = (char *)req + req->nlh.nlmsg_len - (char *)nest;
}

static void begin(struct request *req, __u16 type, __u8 cmd, __u16 flags)
{
	memset(req, 0, sizeof(*req));
	req->nlh.nlmsg_type = type;
	req->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	req->nlh.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	req->genl.cmd = cmd;
	req->genl.version = 1;
}

static const struct nlattr *find(const void *at, int len, __u16 type)
{
	const struct nlattr *attr = at;

	while (len >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN &&
	       attr->nla_len <= len) {
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		len -= NLA_ALIGN(attr->nla_len);
		attr = (void *)((char *)attr + NLA_ALIGN(attr->nla_len));
	}
	return NULL;
}

static void copy(void *to, const struct nlattr *attr, size_t room)
{
	size_t len = attr ? attr->nla_len - NLA_HDRLEN : 0;

	if (len)
		memcpy(to, attr + 1, len < room ? len : room);
}

/* The family's number, or an error */
static int family(int fd)
{
	/* pieces are made as large as what was once read into */
	unsigned char buf[MIN_PIECE];
	const struct nlmsghdr *nlh = (void *)buf;
	struct request req;
	__u16 id = 0;
	ssize_t n;

	begin(&req, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	put(&req, CTRL_ATTR_FAMILY_NAME, TCPTRACK_GENL_NAME,
	    sizeof(TCPTRACK_GENL_NAME));
	if (send(fd, &req, req.nlh.nlmsg_len, 0) < 0)
		return -errno;
	n = recv(fd, buf, sizeof(buf), 0);
	if (n < 0)
		return -errno;
	if (nlh->nlmsg_type == NLMSG_ERROR)
		return *(int *)NLMSG_DATA(nlh);
	copy(&id, find((char *)NLMSG_DATA(nlh) + GENL_HDRLEN,
		       n - NLMSG_HDRLEN - GENL_HDRLEN, CTRL_ATTR_FAMILY_ID),
	     sizeof(id));
	return id;
}

static void put_filter(struct request *req, const struct tct_args *args)
{
	__u32 classes = tct_num(args, "classes", 0);
	long from = tct_num(args, "port", 0);
	long to = from + tct_num(args, "ports", 1) - 1;
	__u16 port[] = { htons(from), htons(to) };
	struct nlattr *filter, *match;

	filter = put_nest(req, TCPTRACK_A_FLOW_FILTER);
	if (classes)
		put(req, TCPTRACK_A_FILTER_CLASSES, &classes, sizeof(classes));
	if (from) {
		match = put_nest(req, TCPTRACK_A_FILTER_DST);
		put(req, TCPTRACK_A_MATCH_PORT_MIN, &port[0], sizeof(__u16));
		put(req, TCPTRACK_A_MATCH_PORT_MAX, &port[1], sizeof(__u16));
		end_nest(req, match);
	}
	end_nest(req, filter);
}

static int nldump_begin(struct nldump *dump, const struct tct_args *args)
{
	struct request req;
	int id = family(dump->fd);

	if (id < 0)
		return id;
	begin(&req, id, TCPTRACK_CMD_FLOW_GET, NLM_F_DUMP);
	put_filter(&req, args);
	if (tct_flag(args, "brief"))
		put(&req, TCPTRACK_A_FLOW_BRIEF, "", 0);
	if (tct_flag(args, "all"))
		put(&req, TCPTRACK_A_FLOW_ALL_NETNS, "", 0);
	if (send(dump->fd, &req, req.nlh.nlmsg_len, 0) < 0)
		return -errno;
	return 0;
}

static void nldump_end(struct nldump *dump)
{
	close(dump->fd);
	free(dump->flow);
	memset(dump, 0, sizeof(*dump));
}

/*
 * nldump ID [piece=BYTES] [brief] [all] [port=N] [ports=N] [classes=MASK]
 *	[dport=N]:
 * begin a dump; of flows to a port, or so many from it on, or of all namespaces.
 * With dport= those to that port are counted, the filter notwithstanding.
 */
static int cmd_nldump(struct tct_args *args)
{
	struct nldump *dump = nldump_find("");
	int err;

	if (!dump || nldump_find(args->argv[1]) ||
	    strlen(args->argv[1]) >= sizeof(dump->id))
		return -EEXIST;
	dump->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	dump->flow = calloc(MAX_FLOWS, sizeof(*dump->flow));
	dump->piece = tct_num(args, "piece", MIN_PIECE);
	dump->dport = tct_num(args, "dport", 0);
	if (dump->fd < 0 || !dump->flow || dump->piece > MAX_PIECE)
		err = -EINVAL;
	else
		err = nldump_begin(dump, args);
	if (err)
		nldump_end(dump);
	else
		tct_name(dump->id, args->argv[1]);
	return err;
}

static void take_end(struct flow *flow, int who, const struct nlattr *nest)
{
	const struct nlattr *addr;
	int len;

	if (!nest)
		return;
	len = nest->nla_len - NLA_HDRLEN;
	addr = find(nest + 1, len, TCPTRACK_A_END_ADDR4);
	if (!addr)
		addr = find(nest + 1, len, TCPTRACK_A_END_ADDR6);
	copy(flow->addr[who], addr, sizeof(flow->addr[who]));
	copy(&flow->port[who], find(nest + 1, len, TCPTRACK_A_END_PORT),
	     sizeof(flow->port[who]));
}

static void take_flow(struct nldump *dump, const struct nlmsghdr *nlh)
{
	const char *attrs = (char *)NLMSG_DATA(nlh) + GENL_HDRLEN;
	int len = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	struct flow flow = { 0 };

	take_end(&flow, 0, find(attrs, len, TCPTRACK_A_FLOW_SRC));
	take_end(&flow, 1, find(attrs, len, TCPTRACK_A_FLOW_DST));
	copy(&flow.netns, find(attrs, len, TCPTRACK_A_FLOW_NETNS),
	     sizeof(flow.netns));
	dump->told++;
	if (dump->dport && ntohs(flow.port[1]) != dump->dport)
		return;
	if (dump->matches < MAX_FLOWS)
		dump->flow[dump->matches++] = flow;
	else
		dump->error = -E2BIG;
}

static void take_piece(struct nldump *dump, const unsigned char *buf, int len)
{
	const struct nlmsghdr *nlh = (const void *)buf;

	for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			dump->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_DONE ||
		    nlh->nlmsg_type == NLMSG_ERROR) {
			dump->over = true;
			dump->error = dump->error ?: *(int *)NLMSG_DATA(nlh);
			return;
		}
		take_flow(dump, nlh);
	}
	dump->pieces++;
}

static int flow_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct flow));
}

static void nldump_say(struct nldump *dump)
{
	long twice = 0, i;

	qsort(dump->flow, dump->matches, sizeof(*dump->flow), flow_order);
	for (i = 1; i < dump->matches; i++)
		twice += !flow_order(&dump->flow[i - 1], &dump->flow[i]);
	tct_say("pieces=%ld told=%ld match=%ld twice=%ld interrupted=%d over=%d",
		dump->pieces, dump->told, dump->matches, twice,
		dump->interrupted, dump->over);
}

/*
 * nlread ID [pieces=N] [pause=US]: so many pieces of it, or all, with a pause
 * after each, and what came so far; when it is over it is closed.
 */
static int cmd_nlread(struct tct_args *args)
{
	struct nldump *dump = nldump_find(args->argv[1]);
	long left = tct_num(args, "pieces", -1);
	static unsigned char buf[MAX_PIECE];
	int err = 0;
	ssize_t n;

	if (!dump)
		return -ENOENT;
	while (left-- && !dump->over && !err) {
		n = recv(dump->fd, buf, dump->piece, MSG_TRUNC);
		if (n < 0)
			err = -errno;
		else if (n > (ssize_t)dump->piece)
			err = -EMSGSIZE;
		else
			take_piece(dump, buf, n);
		if (tct_opt(args, "pause"))
			usleep(tct_num(args, "pause", 0));
	}
	err = err ?: dump->error;
	nldump_say(dump);
	if (dump->over || err)
		nldump_end(dump);
	return err;
}

const struct tct_cmd tct_nldump_cmds[] = {
	{ "nldump", 1, cmd_nldump },
	{ "nlread", 1, cmd_nlread },
	{ }
};
