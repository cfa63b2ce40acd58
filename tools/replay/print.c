// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>

#include <linux/seq_file.h>

#include "ctl.h"
#include "fill.h"
#include "line.h"
#include "print.h"
#include "progress.h"

bool print_flush(struct print *print)
{
	if (print->line.failed)
		print->error = ENOMEM;
	if (__fpending(stdout) && print->progress)
		progress_clear(print->progress);
	if (!print->error && fflush(stdout))
		print->error = errno;
	return !print->error;
}

void print_flow(void *arg, const struct tct_snapshot *snap, u64 now)
{
	struct print *print = arg;
	struct seq_file *line = &print->line;

	if (print->error)
		return;
	print->lines++;
	line->count = 0;
	tct_fill_line(line, snap, NULL, now);
	if (!print->json.file)
		fwrite_unlocked(line->buf, 1, line->count, stdout);
	else if (line->count)
		/* without its newline */
		line_to_json(&print->json, line->buf, line->count - 1);
	/* before stdio does so with the bar on the screen */
	if (print->eager || __fpending(stdout) >= CTL_OUTPUT / 2)
		print_flush(print);
}

void print_exit(struct print *print)
{
	free(print->line.buf);
}
