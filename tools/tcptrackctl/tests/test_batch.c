// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "batch.h"

#define WORDS	4

static void words_are(const char *line, ...)
{
	char copy[64], *words[WORDS];
	const char *want;
	va_list list;
	int n, i;

	snprintf(copy, sizeof(copy), "%s", line);
	n = batch_split(copy, words, WORDS);
	va_start(list, line);
	for (i = 0; (want = va_arg(list, const char *)); i++) {
		assert_in_range(n, i + 1, WORDS);
		assert_string_equal(words[i], want);
	}
	va_end(list);
	assert_int_equal(n, i);
}

static void splits(const char *line, int want)
{
	char copy[64], *words[WORDS];

	snprintf(copy, sizeof(copy), "%s", line);
	assert_int_equal(batch_split(copy, words, WORDS), want);
}

static void words(void **state)
{
	(void)state;
	words_are("", NULL);
	words_are(" \t\n", NULL);
	words_are("flow", "flow", NULL);
	words_are("\tflow  list\t\n", "flow", "list", NULL);
	words_are("# flow", NULL);
	words_are("flow # list", "flow", NULL);
	words_are("flow a#b", "flow", "a#b", NULL);
	words_are("a b c d # e", "a", "b", "c", "d", NULL);
}

static void quotes(void **state)
{
	(void)state;
	words_are("a 'b c' d", "a", "b c", "d", NULL);
	words_are("a \"b 'c\" d", "a", "b 'c", "d", NULL);
	words_are("a b'c d'e", "a", "bc de", NULL);
	words_are("''", "", NULL);
	words_are("a '' b", "a", "", "b", NULL);
	words_are("'#' b", "#", "b", NULL);
	words_are("'a''b'", "ab", NULL);
	splits("a 'b", -1);
	splits("a \"b'", -1);
	splits("'", -1);
}

static void too_many(void **state)
{
	(void)state;
	splits("a b c d", 4);
	splits("a b c d e", -2);
}

/* What was carried out */
static char said[256];

static int carry_out(const struct ctl_options *options, int argc, char **argv)
{
	int i;

	(void)options;
	for (i = 0; i < argc; i++)
		strcat(strcat(said, argv[i]), i + 1 < argc ? " " : ";");
	return strcmp(argv[0], "fail") ? CTL_OK : CTL_DATA;
}

static int run(const char *text, bool force)
{
	char name[] = "/tmp/batch.XXXXXX";
	struct ctl_options options = { .batch = name, .force = force };
	int fd = mkstemp(name), status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	said[0] = '\0';
	status = batch_file(&options, carry_out);
	unlink(name);
	return status;
}

static void files(void **state)
{
	(void)state;
	assert_int_equal(run("", false), CTL_OK);
	assert_string_equal(said, "");
	assert_int_equal(run("# a\n\nflow list\nsummary", false), CTL_OK);
	assert_string_equal(said, "flow list;summary;");
	assert_int_equal(run("flow \\\n  list\\\n\nsummary\n", false), CTL_OK);
	assert_string_equal(said, "flow list;summary;");
	assert_int_equal(run("flow \\", false), CTL_OK);
	assert_string_equal(said, "flow;");
}

static void failures(void **state)
{
	(void)state;
	assert_int_equal(run("a\nfail\nb\n", false), CTL_DATA);
	assert_string_equal(said, "a;fail;");
	assert_int_equal(run("a\nfail\nb\n", true), CTL_DATA);
	assert_string_equal(said, "a;fail;b;");
	assert_int_equal(run("a 'b\nc", false), CTL_USAGE);
	assert_string_equal(said, "");
	assert_int_equal(run("a 'b\nc", true), CTL_USAGE);
	assert_string_equal(said, "c;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(quotes),
		cmocka_unit_test(too_many),
		cmocka_unit_test(files),
		cmocka_unit_test(failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
