// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"

#define BATCH_WORDS	512	/* in a command, at the most */

/* Close the gap that a quote leaves.  Return: the word's next octet, or NULL. */
static char *batch_unquote(char *at)
{
	char quote = *at, *end;

	memmove(at, at + 1, strlen(at));
	end = strchr(at, quote);
	if (end)
		memmove(end, end + 1, strlen(end));
	return end;
}

/* Return: what is behind the word, or NULL: a quote is open. */
static char *batch_word_end(char *at)
{
	while (*at && !strchr(" \t\n", *at)) {
		if (*at != '"' && *at != '\'') {
			at++;
			continue;
		}
		at = batch_unquote(at);
		if (!at)
			return NULL;
	}
	return at;
}

int batch_split(char *line, char **words, int room)
{
	int n = 0;

	for (;;) {
		line += strspn(line, " \t\n");
		if (!*line || *line == '#')
			return n;
		if (n == room)
			return -2;
		words[n++] = line;
		line = batch_word_end(line);
		if (!line)
			return -1;
		if (*line)
			*line++ = '\0';
	}
}

/**
 * struct batch - a file that is read
 * @name: for messages
 * @file: -
 * @line: the command, its continuations joined
 * @size: octets that are allocated for @line
 * @number: of its last line
 */
struct batch {
	const char *name;
	FILE *file;
	char *line;
	size_t size;
	unsigned int number;
};

/* Is there a continuation?  If so, take the backslash off. */
static bool batch_continues(char *line, size_t *len)
{
	if (*len && line[*len - 1] == '\n')
		line[--*len] = '\0';
	if (!*len || line[*len - 1] != '\\')
		return false;
	line[--*len] = '\0';
	return true;
}

/* Return: 1: there is one; 0: that was all; -1: error. */
static int batch_read(struct batch *batch)
{
	char *more = NULL, *joined;
	size_t len = 0, room = 0;
	ssize_t n;

	n = getline(&batch->line, &batch->size, batch->file);
	if (n < 0)
		return ferror(batch->file) ? -1 : 0;
	batch->number++;
	len = n;
	while (batch_continues(batch->line, &len)) {
		n = getline(&more, &room, batch->file);
		if (n < 0)
			break;
		batch->number++;
		joined = realloc(batch->line, len + n + 1);
		if (!joined) {
			free(more);
			return -1;
		}
		memcpy(joined + len, more, n + 1);
		batch->line = joined;
		batch->size = len + n + 1;
		len += n;
	}
	free(more);
	return 1;
}

static int batch_command(struct batch *batch, const struct ctl_options *options,
			 batch_run_t run)
{
	char *words[BATCH_WORDS];
	int status, n;

	n = batch_split(batch->line, words, BATCH_WORDS);
	if (!n)
		return CTL_OK;
	if (n > 0)
		status = run(options, n, words);
	else
		status = ctl_misused("%s", n == -1 ? "a quote is not closed" :
				     "too many words");
	if (status == CTL_OK)
		status = ctl_flush();
	if (status != CTL_OK)
		ctl_complain("command failed: %s:%u", batch->name,
			     batch->number);
	return status;
}

static int batch_commands(struct batch *batch,
			  const struct ctl_options *options, batch_run_t run)
{
	int status = CTL_OK, failed, more;

	while ((more = batch_read(batch)) > 0) {
		failed = batch_command(batch, options, run);
		if (failed == CTL_OK)
			continue;
		status = failed;
		if (!options->force)
			return status;
	}
	if (more < 0) {
		ctl_complain("%s: %s", batch->name, strerror(errno));
		status = CTL_DATA;
	}
	return status;
}

int batch_file(const struct ctl_options *options, batch_run_t run)
{
	struct batch batch = { .name = options->batch, .file = stdin };
	int status;

	if (strcmp(options->batch, "-"))
		batch.file = fopen(options->batch, "re");
	if (!batch.file) {
		ctl_complain("%s: %s", options->batch, strerror(errno));
		return CTL_DATA;
	}
	status = batch_commands(&batch, options, run);
	if (batch.file != stdin)
		fclose(batch.file);
	free(batch.line);
	return status;
}
