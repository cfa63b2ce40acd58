// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "text.h"

static void begin(struct json *json, struct text *text)
{
	text_begin(text);
	*json = (struct json){ .file = text->file };
}

static void list(struct json *json)
{
	json_open(json, '[');
	json_open(json, '{');
	json_key(json, "a");
	json_number(json, 1);
	json_end_key(json, "src", "b");
	json_open(json, '[');
	json_string(json, "x");
	json_null(json);
	json_close(json, ']');
	json_key(json, "c");
	json_open(json, '{');
	json_close(json, '}');
	json_close(json, '}');
	json_open(json, '{');
	json_close(json, '}');
	json_close(json, ']');
}

static void element_is_a_line(void **state)
{
	struct json json;
	struct text text;

	(void)state;
	begin(&json, &text);
	list(&json);
	text_end(&text, "[{\"a\":1,\"src_b\":[\"x\",null],\"c\":{}},\n{}]\n");
}

static void pretty(void **state)
{
	struct json json;
	struct text text;

	(void)state;
	begin(&json, &text);
	json.pretty = true;
	list(&json);
	text_end(&text,
		 "[\n    {\n        \"a\": 1,\n        \"src_b\": [\n"
		 "            \"x\",\n            null\n        ],\n"
		 "        \"c\": {}\n    },\n    {}\n]\n");
}

static void document_is_a_line(void **state)
{
	struct json json;
	struct text text;

	(void)state;
	begin(&json, &text);
	json_open(&json, '{');
	json_close(&json, '}');
	json_open(&json, '[');
	json_close(&json, ']');
	json_number(&json, 0);
	text_end(&text, "{}\n[]\n0\n");
}

static void numbers(void **state)
{
	struct json json;
	struct text text;

	(void)state;
	begin(&json, &text);
	json_number(&json, UINT64_MAX);
	json_fixed(&json, 0, 3);
	json_fixed(&json, 7, 3);
	json_fixed(&json, 4208, 3);
	json_fixed(&json, 1000, 3);
	json_fixed(&json, UINT64_MAX, 6);
	json_fixed(&json, 5, 1);
	text_end(&text, "18446744073709551615\n0.000\n0.007\n4.208\n1.000\n"
			"18446744073709.551615\n0.5\n");
}

static void strings(void **state)
{
	struct json json;
	struct text text;

	(void)state;
	begin(&json, &text);
	json_string(&json, "a\"b\\c\n\x7f\x01");
	json_string(&json, "");
	json_string(&json, NULL);
	json_text(&json, "nul\0in", 6);
	/* of two, three and four octets */
	json_string(&json, "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\xa7");
	/* no UTF-8: cut, too long, a surrogate, too large, a tail alone */
	json_string(&json, "\xc3");
	json_string(&json, "\xc0\x80");
	json_string(&json, "\xed\xa0\x80");
	json_string(&json, "\xf4\x90\x80\x80");
	json_string(&json, "\x80z");
	text_end(&text, "\"a\\\"b\\\\c\\u000a\\u007f\\u0001\"\n\"\"\nnull\n"
			"\"nul\\u0000in\"\n"
			"\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\xa7\"\n"
			"\"\\u00c3\"\n\"\\u00c0\\u0080\"\n"
			"\"\\u00ed\\u00a0\\u0080\"\n"
			"\"\\u00f4\\u0090\\u0080\\u0080\"\n"
			"\"\\u0080z\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(element_is_a_line),
		cmocka_unit_test(pretty),
		cmocka_unit_test(document_is_a_line),
		cmocka_unit_test(numbers),
		cmocka_unit_test(strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
