// SPDX-License-Identifier: GPL-2.0
/*
 * Usage: tct_nlfuzz [--seed N] [--first N] [--count N]
 *
 * Sends so many requests to the netlink family, most of them garbage, and exits
 * 1 if one of these does not hold:
 *
 * - each gets one answer, or as many as its flags ask for; what the policies
 *   forbid is refused, and so is what needs CAP_NET_ADMIN without it;
 * - a refusal has a message in words, where it is the family's, an errno that
 *   Documentation/netlink.rst names, and an offset within the request;
 * - what was refused, or only reads, has changed nothing: settings of three
 *   namespaces, and the flows of connections that are silent;
 * - what was accepted has changed what it names and nothing else.
 *
 * What was changed is put back. A request is made from the seed and its number:
 * --first N --count 1 sends that one alone.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libmnl/libmnl.h>
#include <linux/tcptrack.h>
#include <sys/socket.h>

#include "tct_nlfuzz.h"

#define BATCH		32	/* requests in one call */
#define BLOCK		1000	/* requests after which we look */
#define DATAGRAMS	64
#define DATAGRAM	8192
#define MAX_COMPLAINTS	10

static __u64 seed = 1, first, count = 10000;
static int sockets[SOCKETS];
static struct request batch[BATCH];
static unsigned int nr_batch;
static unsigned int complaints;
static unsigned long garbage, refused, accepted;

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("# tct_nlfuzz: ", stdout);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
	exit(2);
}

/* complain - of a request, whole */
static void complain(const struct request *r, const char *what)
{
	size_t i;

	printf("# request %llu, seed %llu: %s\n# error %d (%s), %u verdicts, %u answers\n#",
	       (unsigned long long)r->number, (unsigned long long)seed, what,
	       r->error, r->text, r->verdicts, r->answers);
	for (i = 0; i < r->size; i++)
		printf("%s%02x", i % 4 ? "" : " ", r->buf[i]);
	putchar('\n');
	if (++complaints == MAX_COMPLAINTS)
		die("and so on");
}

/* --- asking --------------------------------------------------------------- */

static void take_words(struct request *r, const void *at, int len)
{
	const struct nlattr *attr;

	mnl_attr_for_each_payload(at, len) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(r->text, sizeof(r->text), "%s",
				 mnl_attr_get_str(attr));
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS)
			r->offset = mnl_attr_get_u32(attr);
	}
}

static void take_verdict(struct request *r, const struct nlmsghdr *nlh)
{
	bool is_error = nlh->nlmsg_type == NLMSG_ERROR;
	size_t head = is_error ? sizeof(struct nlmsgerr) : sizeof(int);
	const char *at = mnl_nlmsg_get_payload(nlh);

	r->verdicts++;
	r->error = *(const int *)at;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		take_words(r, at + head, mnl_nlmsg_get_payload_len(nlh) - head);
}

static void take_answer(struct request *r, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	r->answers++;
	if (!r->op || r->op->cmd != TCPTRACK_CMD_FLOW_FLUSH)
		return;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == TCPTRACK_A_FLOW_FLOWS)
			r->flows = mnl_attr_get_u64(attr);
}

static void take_message(const struct nlmsghdr *nlh)
{
	unsigned int i;

	for (i = 0; i < nr_batch; i++) {
		struct request *r = &batch[i];

		if ((__u32)r->number != nlh->nlmsg_seq)
			continue;
		if (nlh->nlmsg_type != NLMSG_ERROR &&
		    nlh->nlmsg_type != NLMSG_DONE)
			take_answer(r, nlh);
		else
			take_verdict(r, nlh);
		return;
	}
	die("an answer to no request: type %u, seq %u", nlh->nlmsg_type,
	    nlh->nlmsg_seq);
}

static void take_datagram(const void *buf, int len)
{
	const struct nlmsghdr *nlh = buf;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
		take_message(nlh);
}

/* All that there is: requests are served in the call that sends them, and the
 * last piece of a dump, which is always a batch's last request, in that which
 * reads the one before.
 */
static void receive(int fd)
{
	static char buf[DATAGRAMS][DATAGRAM];
	static struct iovec iov[DATAGRAMS];
	static struct mmsghdr msgs[DATAGRAMS];
	int i, n;

	for (i = 0; i < DATAGRAMS; i++) {
		iov[i] = (struct iovec){ buf[i], DATAGRAM };
		msgs[i].msg_hdr = (struct msghdr){
			.msg_iov = &iov[i], .msg_iovlen = 1
		};
	}
	do {
		n = recvmmsg(fd, msgs, DATAGRAMS, MSG_DONTWAIT, NULL);
		if (n < 0 && errno != EAGAIN)
			die("recvmmsg: %m");
		for (i = 0; i < n; i++)
			take_datagram(buf[i], msgs[i].msg_len);
	} while (n > 0);
}

static void ask(void)
{
	static const unsigned char zeros[MNL_ALIGNTO];
	struct iovec iov[BATCH * 2];
	struct msghdr msg = { .msg_iov = iov };
	unsigned int i;

	for (i = 0; i < nr_batch; i++) {
		struct request *r = &batch[i];

		iov[msg.msg_iovlen++] = (struct iovec){ r->buf, r->size };
		/* what is behind the last would be part of it */
		if (i + 1 < nr_batch)
			iov[msg.msg_iovlen++] = (struct iovec){
				(void *)zeros, MNL_ALIGN(r->size) - r->size
			};
	}
	if (sendmsg(sockets[batch[0].who], &msg, 0) < 0)
		die("sendmsg: %m");
	receive(sockets[batch[0].who]);
}

/* --- judging -------------------------------------------------------------- */

static bool errno_is_known(int err)
{
	static const int known[] = {
		EINVAL, ERANGE, EPERM, ENOENT, EBADF, ENOTUNIQ,
		EOPNOTSUPP
	};
	unsigned int i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (err == -known[i])
			return true;
	return false;
}

static const char *judge_refusal(const struct request *r)
{
	if (!errno_is_known(r->error))
		return "refused with an errno that is not documented";
	/* generic netlink has none: there is no such operation */
	if (r->op && !r->text[0])
		return "refused without a word";
	if (r->offset >= r->size)
		return "what is to blame is not in the request";
	if (r->answers && !r->dump)
		return "refused, and answered";
	return NULL;
}

static const char *judge(const struct request *r)
{
	bool asked = r->nlh.nlmsg_flags & NLM_F_ACK;

	if (!r->framed)
		return r->verdicts || r->answers ? "is no message" : NULL;
	if (!r->handled)
		return r->verdicts != asked || r->error || r->answers ?
		       "is not for the family" : NULL;
	if (r->verdicts != (asked || r->error || r->dump))
		return "answered more than once, or never";
	if (r->error)
		return judge_refusal(r);
	if (r->garbage)
		return "accepted what the policies forbid";
	if (r->who == NOBODY && !for_anybody(r->op))
		return "accepted from anybody";
	return NULL;
}

static bool has_changed(const struct request *r)
{
	if (!r->handled || r->error || !changes(r->op))
		return false;
	return r->op->cmd != TCPTRACK_CMD_FLOW_FLUSH || r->flows;
}

static void count_it(struct request *r)
{
	garbage += r->handled && r->garbage;
	refused += r->handled && r->error;
	accepted += r->handled && !r->error;
	if (!r->handled || !r->op)
		return;
	r->op->sent[r->dump]++;
	if (r->error)
		r->op->refused[r->dump]++;
	else
		r->op->accepted[r->dump]++;
}

/* --- blocks --------------------------------------------------------------- */

/* One that may change something is sent alone: so it is known what else did. */
static bool alone(const struct request *r)
{
	return !r->framed || (r->op && changes(r->op) && !r->garbage &&
			      r->who != NOBODY);
}

/* fill - requests from @from on, before @to, that can be sent in one call */
static void fill(__u64 from, __u64 to)
{
	struct request *r;

	nr_batch = 0;
	while (nr_batch < BATCH && from < to) {
		r = &batch[nr_batch];
		make(r, seed, from++);
		if (nr_batch && (alone(r) || r->who != batch[0].who))
			return;
		nr_batch++;
		if (alone(r) || r->dump)
			return;
	}
}

/* settle - is all as it must be after the batch? If it has changed something,
 * that is put back.
 */
static const char *settle(struct world *was)
{
	struct world expected = *was, is;
	const char *wrong;
	bool some_gone;

	some_gone = has_changed(&batch[0]) && world_expect(&expected, &batch[0]);
	world_look(&is);
	wrong = world_differs(&is, &expected, some_gone);
	*was = is;
	if (wrong || has_changed(&batch[0]))
		world_restore(was, wrong || batch[0].op->cmd ==
					    TCPTRACK_CMD_CONFIG_SET);
	return wrong;
}

/* find - which of these it was: each alone once more */
static void find(__u64 from, __u64 to, struct world *was)
{
	unsigned int before = complaints;
	const char *wrong;

	for (; from < to; from++) {
		fill(from, from + 1);
		ask();
		wrong = settle(was);
		if (wrong)
			complain(&batch[0], wrong);
	}
	if (complaints == before)
		die("of these none does it alone");
}

static void run(void)
{
	__u64 next = first, end = first + count, looked = first;
	struct world was;
	const char *wrong;
	unsigned int i;

	world_look(&was);
	while (next < end) {
		fill(next, end);
		ask();
		for (i = 0; i < nr_batch; i++) {
			wrong = judge(&batch[i]);
			if (wrong)
				complain(&batch[i], wrong);
			count_it(&batch[i]);
		}
		next += nr_batch;
		if (!has_changed(&batch[0]) && next - looked < BLOCK &&
		    next < end)
			continue;
		wrong = settle(&was);
		if (wrong) {
			printf("# requests %llu to %llu, seed %llu: %s\n",
			       (unsigned long long)looked,
			       (unsigned long long)next - 1,
			       (unsigned long long)seed, wrong);
			find(looked, next, &was);
		}
		looked = next;
	}
}

/* --- the report ----------------------------------------------------------- */

/* report - false: an operation was not tried both ways */
static bool report(void)
{
	unsigned int i, dump;
	bool all = true;

	printf("# %llu requests: %lu garbage, %lu refused, %lu accepted\n",
	       (unsigned long long)count, garbage, refused, accepted);
	for (i = 0; i < nr_ops; i++)
		for (dump = 0; dump < 2; dump++) {
			if (!ops[i].can[dump])
				continue;
			printf("# %s %u: %lu, %lu refused\n",
			       dump ? "dump" : "do", ops[i].cmd,
			       ops[i].sent[dump], ops[i].refused[dump]);
			all &= ops[i].accepted[dump] && ops[i].refused[dump];
		}
	return all;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "first", required_argument, NULL, 'f' },
		{ "count", required_argument, NULL, 'c' },
		{ }
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (opt == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (opt == 'f')
			first = strtoull(optarg, NULL, 0);
		else if (opt == 'c')
			count = strtoull(optarg, NULL, 0);
		else
			die("what is %s?", argv[optind - 1]);
	}
	policy_learn();
	world_make(sockets);
	run();
	if (!report() && count > 1000)
		die("an operation was never accepted, or never refused");
	return complaints ? 1 : 0;
}
