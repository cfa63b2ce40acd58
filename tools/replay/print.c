// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <unistd.h>

#include <linux/seq_file.h>

#include "fill.h"
#include "json.h"
#include "print.h"
#include "progress.h"

#define PRINT_CHUNK	(64 << 10)

bool print_flush(struct print *print)
{
	struct seq_file *out = &print->out;
	size_t done = 0;
	ssize_t n;

	if (out->failed || print->line.failed)
		print->error = ENOMEM;
	if (out->count && print->progress)
		progress_clear(print->progress);
	while (!print->error && done < out->count) {
		n = write(STDOUT_FILENO, out->buf + done, out->count - done);
		if (n >= 0)
			done += n;
		else if (errno != EINTR)
			print->error = errno;
	}
	out->count = 0;
	return !print->error;
}

void print_flow(void *arg, const struct tct_snapshot *snap, u64 now)
{
	struct print *print = arg;

	if (print->error)
		return;
	print->lines++;
	if (print->json) {
		print->line.count = 0;
		tct_fill_line(&print->line, snap, NULL, now);
		/* without its newline */
		if (print->line.count)
			json_from_line(&print->out, print->line.buf,
				       print->line.count - 1);
	} else {
		tct_fill_line(&print->out, snap, NULL, now);
	}
	if (print->eager || print->out.count >= PRINT_CHUNK)
		print_flush(print);
}

void print_exit(struct print *print)
{
	free(print->line.buf);
	free(print->out.buf);
}
