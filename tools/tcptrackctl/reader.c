// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/tcptrack.h>

#include "interrupt.h"
#include "reader.h"

#define READER_RCVBUF	(8 << 20)	/* octets, unless an option says */
#define READER_ROUND	64		/* datagrams between looks at signals */

static int reader_fail(struct reader *reader, const char *what, int error)
{
	ctl_complain("%s: %s", what, strerror(error));
	reader->status = CTL_DATA;
	reader->stop = true;
	return MNL_CB_ERROR;
}

static void reader_say_lost(struct reader *reader)
{
	uint64_t lost = reader->tally.lost - reader->said;

	if (!lost)
		return;
	reader->said = reader->tally.lost;
	reader->ops->lost(reader, lost);
}

static int reader_on_family_attr(const struct nlattr *attr, void *data)
{
	uint16_t *family = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
	    mnl_attr_validate(attr, MNL_TYPE_U16) >= 0)
		*family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

/* With the family its groups go, and nothing comes any more */
static int reader_on_control(const struct nlmsghdr *nlh, struct reader *reader)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	uint16_t family = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl) ||
	    genl->cmd != CTRL_CMD_DELFAMILY)
		return MNL_CB_OK;
	mnl_attr_parse(nlh, sizeof(*genl), reader_on_family_attr, &family);
	if (family != reader->nl->family)
		return MNL_CB_OK;
	ctl_complain("the module was unloaded");
	reader->status = CTL_DATA;
	reader->stop = true;
	return MNL_CB_STOP;
}

static int reader_on_message(const struct nlmsghdr *nlh, void *data)
{
	struct reader *reader = data;
	struct tally_key key;
	struct event event;

	if (nlh->nlmsg_type == GENL_ID_CTRL)
		return reader_on_control(nlh, reader);
	/* what only a later module sends is none of ours */
	if (!event_parse(&event, nlh))
		return MNL_CB_OK;
	key = (struct tally_key){ event.netns, event.cpu, event.topic };
	if (tally_event(&reader->tally, &key, event.seq) < 0)
		return reader_fail(reader, "events", ENOMEM);
	if (reader->tally.lost != reader->said && !reader->recovering)
		reader->overrun = true;
	reader_say_lost(reader);
	reader->ops->event(reader, &event);
	return MNL_CB_OK;
}

/* Return: octets that there were to be read; -1: none. */
static ssize_t reader_read(struct reader *reader)
{
	char *buf = reader->nl->reply;
	ssize_t len;

	len = mnl_socket_recvfrom(reader->sock, buf, NETLINK_REPLY);
	if (len < 0 && errno == ENOBUFS) {
		reader->overrun = true;
		return 0;
	}
	if (len < 0) {
		if (errno != EAGAIN && errno != EINTR)
			reader_fail(reader, "events", errno);
		return -1;
	}
	/* a datagram is several events, of no request */
	if (mnl_cb_run(buf, len, 0, 0, reader_on_message, reader) < 0 &&
	    !reader->stop)
		reader_fail(reader, "events", errno);
	if (ctl_flush() != CTL_OK) {
		reader->status = CTL_DATA;
		reader->stop = true;
	}
	return len;
}

static bool reader_told_to_stop(struct reader *reader)
{
	if (interrupt_came(reader->signals))
		reader->stop = true;
	return reader->stop;
}

/* Read what there is, up to a loss */
static void reader_drain(struct reader *reader)
{
	unsigned int n = 0;

	while (!reader->stop && !reader->overrun && reader_read(reader) >= 0)
		if (!(++n % READER_ROUND) && reader_told_to_stop(reader))
			break;
}

/* The last numbers that the kernel has given away */
struct reader_last {
	struct tally_key key;
	uint64_t last;
};

struct reader_answer {
	struct reader_last *last;
	size_t n;
	unsigned int topics;
};

static int reader_keep(struct reader_answer *answer,
		       const struct tally_key *key, uint64_t number)
{
	struct reader_last *last;

	last = realloc(answer->last, (answer->n + 1) * sizeof(*last));
	if (!last)
		return MNL_CB_ERROR;
	answer->last = last;
	last[answer->n++] = (struct reader_last){ *key, number };
	return MNL_CB_OK;
}

static int reader_on_generated(const struct nlattr *nest,
			       struct reader_answer *answer, uint64_t netns)
{
	static const uint16_t topics[EVENT_TOPICS] = {
		[EVENT_NEW]	= TCPTRACK_A_GENERATED_NEW,
		[EVENT_CHANGE]	= TCPTRACK_A_GENERATED_CHANGE,
		[EVENT_END]	= TCPTRACK_A_GENERATED_END,
	};
	const struct nlattr *attr[TCPTRACK_A_GENERATED_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_GENERATED_MAX };
	struct tally_key key = { .netns = netns };
	unsigned int i;

	if (mnl_attr_parse_nested(nest, record_attr, &attrs) < 0)
		return MNL_CB_ERROR;
	key.cpu = record_number(attr[TCPTRACK_A_GENERATED_CPU]);
	for (i = 0; i < EVENT_TOPICS; i++) {
		key.topic = i;
		if (answer->topics & EVENT_BIT(i) &&
		    reader_keep(answer, &key,
				record_number(attr[topics[i]])) < 0)
			return MNL_CB_ERROR;
	}
	return MNL_CB_OK;
}

static int reader_on_answer(const struct nlmsghdr *nlh, void *data)
{
	struct reader_answer *answer = data;
	const struct nlattr *attr;
	uint64_t netns = 0;

	mnl_attr_for_each(attr, nlh, NETLINK_FIXED)
		if (mnl_attr_get_type(attr) == TCPTRACK_A_EVENTS_NETNS)
			netns = record_number(attr);
	mnl_attr_for_each(attr, nlh, NETLINK_FIXED)
		if (mnl_attr_get_type(attr) == TCPTRACK_A_EVENTS_GENERATED &&
		    reader_on_generated(attr, answer, netns) < 0)
			return MNL_CB_ERROR;
	return MNL_CB_OK;
}

static bool reader_ask(struct reader *reader, struct reader_answer *answer)
{
	struct netlink *nl = reader->nl;
	struct nlmsghdr *nlh;
	int status;

	if (reader->options->all) {
		nlh = netlink_begin(nl, TCPTRACK_CMD_EVENTS_GET, NLM_F_DUMP);
		mnl_attr_put(nlh, TCPTRACK_A_EVENTS_ALL_NETNS, 0, NULL);
	} else {
		nlh = netlink_begin(nl, TCPTRACK_CMD_EVENTS_GET, 0);
	}
	answer->topics = reader->topics;
	status = netlink_insist(nl, nlh, reader_on_answer, answer);
	if (status == CTL_OK)
		return true;
	reader->status = status;
	reader->stop = true;
	return false;
}

static void reader_file(struct reader *reader,
			const struct reader_answer *answer)
{
	int (*file)(struct tally *tally, const struct tally_key *key,
		    uint64_t last) = reader->begun ? tally_last : tally_base;
	size_t i;

	for (i = 0; i < answer->n; i++)
		if (file(&reader->tally, &answer->last[i].key,
			 answer->last[i].last) < 0)
			reader_fail(reader, "events", ENOMEM);
}

/* Join the groups of events, or leave them */
static bool reader_groups(struct reader *reader, int option)
{
	const uint32_t *group = reader->nl->group;
	unsigned int i;

	if (reader->options->all)
		group += NETLINK_TOPICS;
	for (i = 0; i < EVENT_TOPICS; i++)
		if (reader->topics & EVENT_BIT(i) &&
		    mnl_socket_setsockopt(reader->sock, option,
					  (void *)&group[i],
					  sizeof(group[i])) < 0)
			return false;
	return true;
}

/* Read all that is in the socket now: it holds no more than its buffer does */
static void reader_catch_up(struct reader *reader)
{
	socklen_t len = sizeof(int);
	int room = INT_MAX;
	ssize_t n;

	getsockopt(mnl_socket_get_fd(reader->sock), SOL_SOCKET, SO_RCVBUF,
		   &room, &len);
	do {
		n = reader_read(reader);
		room -= n;
	} while (n >= 0 && room > 0);
}

/* After a loss: find out how much, and begin anew unless there was another */
static void reader_recover(struct reader *reader)
{
	struct reader_answer answer = { NULL };

	reader->overrun = false;
	reader->recovering = true;
	if (reader_ask(reader, &answer)) {
		reader_catch_up(reader);
		reader_file(reader, &answer);
		reader_say_lost(reader);
	}
	reader->recovering = false;
	free(answer.last);
	if (!reader->stop && !reader->overrun)
		reader->status = reader->ops->sync(reader);
	if (reader->status != CTL_OK)
		reader->stop = true;
}

/* From here on events count */
static void reader_begin(struct reader *reader)
{
	struct reader_answer answer = { NULL };

	if (reader_ask(reader, &answer)) {
		reader_file(reader, &answer);
		reader->begun = true;
		reader->status = reader->ops->sync(reader);
	}
	if (reader->status != CTL_OK)
		reader->stop = true;
	free(answer.last);
}

/* What is still to come, and the last of the account */
static void reader_finish(struct reader *reader)
{
	struct reader_answer answer = { NULL };

	if (reader_ask(reader, &answer)) {
		reader_groups(reader, NETLINK_DROP_MEMBERSHIP);
		reader_catch_up(reader);
		reader_file(reader, &answer);
		reader_say_lost(reader);
	}
	free(answer.last);
}

static void reader_wait(struct reader *reader)
{
	struct pollfd fds[] = {
		{ reader->signals, POLLIN },
		{ mnl_socket_get_fd(reader->sock), POLLIN },
	};

	if (ctl_flush() != CTL_OK) {
		reader->status = CTL_DATA;
		reader->stop = true;
	} else if (poll(fds, CTL_COUNT(fds), -1) < 0 && errno != EINTR) {
		reader_fail(reader, "poll", errno);
	}
}

/* As large as it is to be, or as it may be without privilege */
static void reader_set_rcvbuf(struct reader *reader)
{
	int fd = mnl_socket_get_fd(reader->sock);
	int size = READER_RCVBUF;

	if (reader->options->rcvbuf)
		size = reader->options->rcvbuf;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static bool reader_join(struct reader *reader)
{
	const uint32_t *group = reader->nl->group;
	int control = GENL_ID_CTRL, error;

	if (!group[0]) {
		ctl_complain("the module has no events: %s", netlink_old);
		return false;
	}
	reader->sock = mnl_socket_open2(NETLINK_GENERIC,
					SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!reader->sock ||
	    mnl_socket_bind(reader->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		ctl_complain("netlink socket: %s", strerror(errno));
		return false;
	}
	reader_set_rcvbuf(reader);
	if (reader_groups(reader, NETLINK_ADD_MEMBERSHIP) &&
	    mnl_socket_setsockopt(reader->sock, NETLINK_ADD_MEMBERSHIP,
				  &control, sizeof(control)) >= 0)
		return true;
	error = errno;
	ctl_complain("events: %s%s", strerror(error),
		     error == EPERM ? ": run as root" : "");
	return false;
}

static bool reader_open(struct reader *reader)
{
	reader->signals = interrupt_open();
	if (reader->signals < 0)
		return false;
	reader->nl = netlink_open(reader->options);
	return reader->nl && reader_join(reader);
}

static void reader_close(struct reader *reader)
{
	if (reader->sock)
		mnl_socket_close(reader->sock);
	netlink_close(reader->nl);
	if (reader->signals >= 0)
		interrupt_close(reader->signals);
}

int reader_run(struct reader *reader, unsigned int topics)
{
	reader->topics = topics;
	reader->status = CTL_DATA;
	if (reader_open(reader)) {
		reader_begin(reader);
		while (!reader->stop) {
			reader_drain(reader);
			if (reader->overrun && !reader->stop)
				reader_recover(reader);
			else if (!reader_told_to_stop(reader))
				reader_wait(reader);
		}
		if (reader->status == CTL_OK)
			reader_finish(reader);
	}
	reader_close(reader);
	return reader->status;
}
