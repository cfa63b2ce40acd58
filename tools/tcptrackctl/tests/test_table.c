// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ctl.h"
#include "table.h"
#include "text.h"

static const struct table_column columns[] = {
	{ "NAME",	6 },
	{ "N",		4, true, 1 },
	{ "MORE",	4, false, 2 },
	{ "LAST",	4 },
};

static void begin(struct table *table, struct text *text, unsigned int limit)
{
	text_begin(text);
	table_init(table, text->file, columns, CTL_COUNT(columns));
	table->limit = limit;
}

static void row(struct table *table, const char *name, const char *number,
		const char *more, const char *last)
{
	table_cell(table, TABLE_PLAIN, name);
	table_cell(table, TABLE_PLAIN, number);
	table_cell(table, TABLE_GOOD, more);
	table_cell(table, TABLE_PLAIN, last);
}

static void whole_row(struct table *table, const char *name,
		      const char *number, const char *more, const char *last)
{
	row(table, name, number, more, last);
	table_end_row(table);
}

static void two_rows(struct table *table)
{
	whole_row(table, "longer name", "1", "x", "");
	whole_row(table, "b", "12345", "", "the last one is long");
	table_finish(table);
}

static void in_a_pipe(void **state)
{
	struct table table;
	struct text text;

	(void)state;
	begin(&table, &text, 0);
	two_rows(&table);
	text_end(&text, "NAME            N MORE LAST\n"
			"longer name     1 x\n"
			"b           12345      the last one is long\n");
}

static void on_a_terminal(void **state)
{
	struct table table;
	struct text text;

	(void)state;
	begin(&table, &text, 40);
	two_rows(&table);
	text_end(&text, "NAME            N MORE LAST\n"
			"longer name     1 x\n"
			"b           12345      the last one is +\n");
	/* what matters least goes first */
	begin(&table, &text, 30);
	two_rows(&table);
	text_end(&text, "NAME            N LAST\n"
			"longer name     1\n"
			"b           12345 the last on+\n");
	begin(&table, &text, 22);
	two_rows(&table);
	text_end(&text, "NAME        LAST\n"
			"longer name\n"
			"b           the last +\n");
	/* nothing fits: let it be wrapped, all of it */
	begin(&table, &text, 15);
	two_rows(&table);
	text_end(&text, "NAME        LAST\n"
			"longer name\n"
			"b           the last one is long\n");
}

static void below_a_row(void **state)
{
	struct table table;
	struct text text;

	(void)state;
	begin(&table, &text, 0);
	row(&table, "a", "1", "x", "y");
	table_below(&table, "more of it");
	table_end_row(&table);
	table_finish(&table);
	text_end(&text, "NAME      N MORE LAST\na         1 x    y\n"
			"\tmore of it\n");
	begin(&table, &text, 0);
	table.oneline = true;
	row(&table, "a", "1", "x", "y");
	table_below(&table, "more of it");
	table_below(&table, "and more");
	table_end_row(&table);
	table_finish(&table);
	text_end(&text, "NAME      N MORE LAST\n"
			"a         1 x    y\\\tmore of it\\\tand more\n");
}

static void colours(void **state)
{
	struct table table;
	struct text text;

	(void)state;
	begin(&table, &text, 0);
	table.color = true;
	whole_row(&table, "a", "1", "x", "y");
	table_finish(&table);
	text_end(&text, "NAME      N MORE LAST\n"
			"a         1 \033[32mx\033[0m    y\n");
}

static void empty(void **state)
{
	struct table table;
	struct text text;

	(void)state;
	begin(&table, &text, 0);
	table_finish(&table);
	text_end(&text, "");
}

/* A row that comes late is printed as wide as it is, and none is lost */
static void many_rows(void **state)
{
	struct table table;
	struct text text;
	const char *at;
	int i, rows;

	(void)state;
	begin(&table, &text, 0);
	table.headed = false;
	for (i = 0; i < 1000; i++)
		whole_row(&table, "a", "1", "x", "y");
	whole_row(&table, "a longer name", "123456", "x", "y");
	table_finish(&table);
	fclose(text.file);
	for (at = text.at, rows = 0; rows < 1000; rows++) {
		assert_memory_equal(at, "a         1 x    y\n", 19);
		at += 19;
	}
	assert_string_equal(at, "a longer name 123456 x    y\n");
	free(text.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_a_pipe),
		cmocka_unit_test(on_a_terminal),
		cmocka_unit_test(below_a_row),
		cmocka_unit_test(colours),
		cmocka_unit_test(empty),
		cmocka_unit_test(many_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
