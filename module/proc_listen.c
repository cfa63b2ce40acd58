// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/tcptrack_listen: all listeners are taken, and their flows counted,
 * when it is read from the start.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/user_namespace.h>

#include "netns.h"
#include "proc_listen.h"
#include "service.h"

/**
 * struct tct_listen_reader - an open /proc/net/tcptrack_listen
 * @tn: the namespace
 * @set: its listeners, as they were when the reader began
 */
struct tct_listen_reader {
	struct tct_net *tn;
	struct tct_listeners set;
};

static void *tct_listen_at(struct tct_listen_reader *reader, loff_t pos)
{
	if (!pos)
		return SEQ_START_TOKEN;
	return pos <= reader->set.n ? &reader->set.listener[pos - 1] : NULL;
}

static void *tct_listen_start(struct seq_file *m, loff_t *pos)
{
	struct tct_listen_reader *reader = m->private;
	struct tct_net *tn = reader->tn;
	int err;

	if (!*pos) {
		err = tct_services_collect(&reader->set, tn->net, NULL,
					   &tn->table);
		if (err)
			return ERR_PTR(err);
	}
	return tct_listen_at(reader, *pos);
}

static void *tct_listen_next(struct seq_file *m, void *v, loff_t *pos)
{
	return tct_listen_at(m->private, ++*pos);
}

static void tct_listen_stop(struct seq_file *m, void *v)
{
}

static void tct_listen_show_local(struct seq_file *m,
				  const struct tct_listener *l)
{
	if (l->ipv4)
		seq_printf(m, "family=ipv4 addr=%pI4", &l->local.addr);
	else
		seq_printf(m, "family=ipv6 addr=%pI6c", &l->local.addr);
	seq_printf(m, " port=%u", ntohs(l->local.port));
	if (l->ifindex)
		seq_printf(m, " ifindex=%u", l->ifindex);
	else
		seq_puts(m, " ifindex=-");
	seq_printf(m, " v6only=%d", l->v6only);
}

static void tct_listen_show_queues(struct seq_file *m,
				   const struct tct_listener *l)
{
	seq_printf(m, " accept_queue=%u accept_limit=%u accept_source=%s",
		   l->accept_queue, l->accept_limit,
		   tct_limit_source_name(l->accept_source));
	seq_printf(m, " syn_queue=%u syn_young=%u syn_limit=%u syn_source=%s",
		   l->syn_queue, l->syn_young, l->syn_limit,
		   tct_limit_source_name(l->syn_source));
	seq_printf(m, " syncookies=%u cookies_recent=%d drops=%u",
		   l->syncookies, l->cookies_recent, l->drops);
}

static void tct_listen_show_number(struct seq_file *m, const char *key,
				   u32 number, bool known)
{
	if (known)
		seq_printf(m, " %s=%u", key, number);
	else
		seq_printf(m, " %s=-", key);
}

static void tct_listen_show_options(struct seq_file *m,
				    const struct tct_listener *l)
{
	seq_printf(m, " uid=%u inode=%u",
		   from_kuid_munged(seq_user_ns(m), l->uid), l->inode);
	tct_listen_show_number(m, "reuseport", l->reuseport, l->reuseport);
	if (l->defer_accept)
		seq_printf(m, " defer_accept=%u.000", tct_listener_defer(l));
	else
		seq_puts(m, " defer_accept=-");
	seq_printf(m, " synack_retries=%u", l->synack_retries);
	tct_listen_show_number(m, "syncnt", l->syncnt, l->syncnt);
	tct_listen_show_number(m, "fastopen_queue", l->fastopen_queue,
			       l->fastopen_limit);
	tct_listen_show_number(m, "fastopen_limit", l->fastopen_limit,
			       l->fastopen_limit);
}

/* @unit: of the numbers, in a second */
static void tct_listen_show_percentile(struct seq_file *m, const char *key,
				       const struct tct_spread *spread,
				       unsigned int percent, u32 unit)
{
	u32 number;

	if (!spread) {
		seq_printf(m, " %s=-", key);
		return;
	}
	number = tct_spread_at(spread, percent);
	seq_printf(m, " %s=%u.%0*u", key, number / unit,
		   unit == MSEC_PER_SEC ? 3 : 6, number % unit);
}

static void tct_listen_show_service(struct seq_file *m,
				    const struct tct_service *s)
{
	static const struct tct_service none;
	const struct tct_spread *ages, *rtts;
	bool known = s;

	s = s ?: &none;
	ages = s->ages;
	rtts = s->rtts;
	tct_listen_show_number(m, "half_open", s->half_open, known);
	tct_listen_show_number(m, "unanswered", s->unanswered, known);
	tct_listen_show_number(m, "accept_wait", s->accept_wait, known);
	tct_listen_show_number(m, "synack_repeats", s->synack_repeats, known);
	tct_listen_show_percentile(m, "age_max", ages, 100, MSEC_PER_SEC);
	tct_listen_show_percentile(m, "age_p50", ages, 50, MSEC_PER_SEC);
	tct_listen_show_percentile(m, "age_p90", ages, 90, MSEC_PER_SEC);
	tct_listen_show_number(m, "open", s->open, known);
	tct_listen_show_number(m, "rtt_samples", rtts ? rtts->n : 0, known);
	tct_listen_show_percentile(m, "rtt_p50", rtts, 50, USEC_PER_SEC);
	tct_listen_show_percentile(m, "rtt_p90", rtts, 90, USEC_PER_SEC);
	tct_listen_show_percentile(m, "rtt_p99", rtts, 99, USEC_PER_SEC);
}

static int tct_listen_show(struct seq_file *m, void *v)
{
	struct tct_listen_reader *reader = m->private;
	const struct tct_listener *l = v;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "tcptrack_listen version=1\n");
		return 0;
	}
	tct_listen_show_local(m, l);
	tct_listen_show_queues(m, l);
	tct_listen_show_options(m, l);
	tct_listen_show_service(m, reader->set.service ?
				&reader->set.service[l->service] : NULL);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations tct_listen_seq_ops = {
	.start	= tct_listen_start,
	.next	= tct_listen_next,
	.stop	= tct_listen_stop,
	.show	= tct_listen_show,
};

static int tct_listen_open(struct inode *inode, struct file *file)
{
	struct tct_listen_reader *reader;

	reader = __seq_open_private(file, &tct_listen_seq_ops,
				    sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	reader->tn = pde_data(inode);
	return 0;
}

static int tct_listen_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct tct_listen_reader *reader = m->private;

	tct_services_free(&reader->set);
	return seq_release_private(inode, file);
}

static const struct proc_ops tct_listen_proc_ops = {
	.proc_open	= tct_listen_open,
	.proc_read_iter	= seq_read_iter,
	.proc_lseek	= seq_lseek,
	.proc_release	= tct_listen_release,
};

int tct_proc_listen_init(struct tct_net *tn)
{
	if (!proc_create_data("tcptrack_listen", 0444, tn->net->proc_net,
			      &tct_listen_proc_ops, tn))
		return -ENOMEM;
	return 0;
}

void tct_proc_listen_exit(struct tct_net *tn)
{
	remove_proc_entry("tcptrack_listen", tn->net->proc_net);
}
