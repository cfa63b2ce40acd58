// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <linux/kernel.h>

#include "json.h"
#include "line.h"

#define LINE_KEY	32	/* octets of a key, at the most */

/* A part of the line; not terminated */
struct line_word {
	const char *at;
	size_t len;
};

static bool line_is(const struct line_word *word, const char *text)
{
	return word->len == strlen(text) && !memcmp(word->at, text, word->len);
}

static bool line_ends(const struct line_word *word, const char *text)
{
	size_t len = strlen(text);

	return word->len >= len &&
	       !memcmp(word->at + word->len - len, text, len);
}

/* Take off what is before @end, and @end.  Return: it; all, if that is last. */
static struct line_word line_cut(struct line_word *rest, char end)
{
	const char *at = memchr(rest->at, end, rest->len);
	struct line_word word = *rest;

	if (at)
		word.len = at - rest->at;
	rest->at += word.len + !!at;
	rest->len -= word.len + !!at;
	return word;
}

static size_t line_digits(const struct line_word *word, size_t from)
{
	size_t i = from;

	while (i < word->len && word->at[i] >= '0' && word->at[i] <= '9')
		i++;
	return i - from;
}

/* RFC 8259 section 6, without sign and exponent */
static bool line_is_number(const struct line_word *word)
{
	size_t whole = line_digits(word, 0), part;

	if (!whole || (whole > 1 && word->at[0] == '0'))
		return false;
	if (whole == word->len)
		return true;
	part = line_digits(word, whole + 1);
	return word->at[whole] == '.' && part &&
	       whole + 1 + part == word->len;
}

static void line_value(struct json *json, const struct line_word *word)
{
	if (line_is(word, "-"))
		json_null(json);
	else if (line_is_number(word))
		json_digits(json, word->at, word->len);
	else
		json_text(json, word->at, word->len);
}

static void line_key(struct json *json, const struct line_word *word)
{
	char key[LINE_KEY + 1] = "";

	memcpy(key, word->at, word->len < LINE_KEY ? word->len : LINE_KEY);
	json_key(json, key);
}

/* reason:initiator/responder@seconds */
static void line_change(struct json *json, struct line_word change)
{
	static const struct {
		char end;
		const char *key;
	} part[] = {
		{ ':', "reason" },
		{ '/', "src_state" },
		{ '@', "dst_state" },
		{ '\0', "ago" },
	};
	unsigned int i;

	json_open(json, '{');
	for (i = 0; i < ARRAY_SIZE(part); i++) {
		struct line_word word = line_cut(&change, part[i].end);

		json_key(json, part[i].key);
		line_value(json, &word);
	}
	json_close(json, '}');
}

static bool line_is_list(const struct line_word *key)
{
	return line_is(key, "flags") || line_is(key, "history") ||
	       line_is(key, "differs") || line_ends(key, "_seen");
}

static void line_list(struct json *json, const struct line_word *key,
		      struct line_word rest)
{
	json_open(json, '[');
	while (rest.len && !line_is(&rest, "-")) {
		struct line_word word = line_cut(&rest, ',');

		if (line_is(key, "history"))
			line_change(json, word);
		else
			json_text(json, word.at, word.len);
	}
	json_close(json, ']');
}

void line_to_json(struct json *json, const char *line, size_t len)
{
	struct line_word rest = { line, len };

	json_open(json, '{');
	while (rest.len) {
		struct line_word value = line_cut(&rest, ' ');
		struct line_word key = line_cut(&value, '=');

		line_key(json, &key);
		if (line_is_list(&key))
			line_list(json, &key, value);
		else
			line_value(json, &value);
	}
	json_close(json, '}');
}
