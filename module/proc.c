// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/tcptrack, /proc/net/tcptrack_summary, /proc/net/stat/tcptrack;
 * /proc/net/tcptrack_listen is in proc_listen.c.
 *
 * The files lie in the namespace's own directory and hold no reference to it:
 * their removal waits for who is inside, and later reads fail.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/user_namespace.h>

#include "fill.h"
#include "look.h"
#include "names.h"
#include "netns.h"
#include "proc.h"
#include "proc_listen.h"
#include "summary.h"
#include "walk.h"

#define TCT_READER_BUFFER	65536	/* octets of lines to a read(), at most */

/**
 * struct tct_reader - an open /proc/net/tcptrack
 * @tn: the namespace
 * @walk: where the reader is; kept between reads, so that reading all of a
 *	large table costs by its size only
 * @pos: number of the line that is next: 0 is the header
 * @at: of @walk's snapshots, the one that this line is
 * @home: of the flows of this read()
 */
struct tct_reader {
	struct tct_net *tn;
	struct tct_walk walk;
	loff_t pos;
	unsigned int at;
	struct tct_home home[2];
};

static void *tct_reader_line(struct tct_reader *reader)
{
	int err;

	if (!reader->pos)
		return SEQ_START_TOKEN;
	if (reader->at >= reader->walk.n) {
		reader->at = 0;
		err = tct_walk_step(&reader->walk, &reader->tn->table);
		if (err < 0)
			return ERR_PTR(err);
		if (!err)
			return NULL;
	}
	return &reader->walk.snap[reader->at];
}

static void *tct_flows_start(struct seq_file *m, loff_t *pos)
{
	struct tct_reader *reader = m->private;

	memset(reader->home, 0, sizeof(reader->home));
	/* anything but going on, or starting again, seq_file makes of these */
	if (!*pos) {
		tct_walk_start(&reader->walk, &reader->tn->table);
		reader->pos = 0;
		reader->at = 0;
	}
	return tct_reader_line(reader);
}

static void *tct_flows_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct tct_reader *reader = m->private;

	if (reader->pos)
		reader->at++;
	reader->pos = ++*pos;
	return tct_reader_line(reader);
}

static void tct_flows_stop(struct seq_file *m, void *v)
{
}

static void tct_flows_show_line(struct seq_file *m, struct tct_snapshot *snap)
{
	struct tct_reader *reader = m->private;
	struct tct_net *tn = reader->tn;
	struct tct_sockets socks;
	u64 now;

	now = tct_look(tn->net, &tn->table, reader->walk.number, reader->home,
		       snap, &socks);
	tct_fill_line(m, snap, &socks, now);
}

static int tct_flows_show(struct seq_file *m, void *v)
{
	if (v == SEQ_START_TOKEN)
		seq_puts(m, "tcptrack version=1\n");
	else
		tct_flows_show_line(m, v);
	return 0;
}

static const struct seq_operations tct_flows_seq_ops = {
	.start	= tct_flows_start,
	.next	= tct_flows_next,
	.stop	= tct_flows_stop,
	.show	= tct_flows_show,
};

static int tct_flows_open(struct inode *inode, struct file *file)
{
	struct tct_net *tn = pde_data(inode);
	struct tct_reader *reader;
	struct seq_file *m;
	int err;

	/* third parties' data: who may see it may see the wire, too */
	if (!ns_capable(tn->net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	reader = __seq_open_private(file, &tct_flows_seq_ops, sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	reader->tn = tn;
	err = tct_walk_init(&reader->walk);
	if (err) {
		seq_release_private(inode, file);
		return err;
	}
	/* of a page seq_file would give no more than two lines to each read() */
	m = file->private_data;
	m->buf = kvmalloc(TCT_READER_BUFFER, GFP_KERNEL_ACCOUNT);
	if (m->buf)
		m->size = TCT_READER_BUFFER;
	return 0;
}

static int tct_flows_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct tct_reader *reader = m->private;

	tct_walk_exit(&reader->walk);
	return seq_release_private(inode, file);
}

static const struct proc_ops tct_flows_proc_ops = {
	.proc_open	= tct_flows_open,
	.proc_read_iter	= seq_read_iter,
	.proc_lseek	= seq_lseek,
	.proc_release	= tct_flows_release,
};

static void tct_summary_pairs(struct seq_file *m,
			      const struct tct_stats __percpu *stats)
{
	unsigned int i, j;
	unsigned long n;

	for (i = 0; i < TCT_STATE_MAX; i++) {
		for (j = 0; j < TCT_STATE_MAX; j++) {
			n = tct_stats_pair(stats, i, j);
			if (!n)
				continue;
			seq_printf(m, "src_state=%s dst_state=%s flows=%lu\n",
				   tct_state_name(i), tct_state_name(j), n);
		}
	}
}

/* By state pair and in all; costs by the CPUs, not by the flows */
static int tct_summary_show(struct seq_file *m, void *v)
{
	struct tct_net *tn = m->private;
	struct tct_summary summary;

	mutex_lock(&tn->lock);
	tct_summary_take(tn, &summary);
	seq_puts(m, "tcptrack_summary version=1\n");
	seq_printf(m, "enabled=%d\n", summary.enabled);
	seq_printf(m, "flows=%u\n", summary.flows);
	seq_printf(m, "max=%u\n", summary.flows_max);
	seq_printf(m, "half_open=%u\n", summary.half_open);
	seq_printf(m, "half_open_max=%u\n", summary.half_open_max);
	seq_printf(m, "time_wait=%lu\n", summary.time_wait);
	seq_printf(m, "buckets=%u\n", summary.buckets);
	tct_summary_pairs(m, summary.stats);
	mutex_unlock(&tn->lock);
	return 0;
}

static int tct_stat_show(struct seq_file *m, void *v)
{
	struct tct_net *tn = m->private;
	struct tct_summary summary;
	unsigned int i;

	mutex_lock(&tn->lock);
	tct_summary_take(tn, &summary);
	seq_puts(m, "tcptrack_stat version=1\n");
	for (i = 0; i < TCT_STAT_MAX; i++)
		seq_printf(m, "%s=%llu\n", tct_stat_name(i),
			   tct_stats_sum(summary.stats, i));
	mutex_unlock(&tn->lock);
	return 0;
}

int tct_proc_init(struct tct_net *tn)
{
	struct net *net = tn->net;

	if (!proc_create_data("tcptrack", 0440, net->proc_net,
			      &tct_flows_proc_ops, tn))
		return -ENOMEM;
	if (!proc_create_single_data("tcptrack_summary", 0444, net->proc_net,
				     tct_summary_show, tn))
		goto err_flows;
	if (!proc_create_single_data("tcptrack", 0444, net->proc_net_stat,
				     tct_stat_show, tn))
		goto err_summary;
	if (tct_proc_listen_init(tn))
		goto err_stat;
	return 0;

err_stat:
	remove_proc_entry("tcptrack", net->proc_net_stat);
err_summary:
	remove_proc_entry("tcptrack_summary", net->proc_net);
err_flows:
	remove_proc_entry("tcptrack", net->proc_net);
	return -ENOMEM;
}

void tct_proc_exit(struct tct_net *tn)
{
	tct_proc_listen_exit(tn);
	remove_proc_entry("tcptrack", tn->net->proc_net_stat);
	remove_proc_entry("tcptrack_summary", tn->net->proc_net);
	remove_proc_entry("tcptrack", tn->net->proc_net);
}
