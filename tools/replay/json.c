// SPDX-License-Identifier: GPL-2.0
#include "json.h"

/* A part of the line; not terminated */
struct json_word {
	const char *at;
	size_t len;
};

static bool json_is(const struct json_word *word, const char *text)
{
	return word->len == strlen(text) && !memcmp(word->at, text, word->len);
}

static bool json_ends(const struct json_word *word, const char *text)
{
	size_t len = strlen(text);

	return word->len >= len &&
	       !memcmp(word->at + word->len - len, text, len);
}

/* Take off what is before @end, and @end.  Return: it; all, if that is last. */
static struct json_word json_cut(struct json_word *rest, char end)
{
	const char *at = memchr(rest->at, end, rest->len);
	struct json_word word = *rest;

	if (at)
		word.len = at - rest->at;
	rest->at += word.len + !!at;
	rest->len -= word.len + !!at;
	return word;
}

static void json_string(struct seq_file *m, const struct json_word *word)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	seq_putc(m, '"');
	for (i = 0; i < word->len; i++) {
		unsigned char c = word->at[i];

		if (c < 0x20 || c > 0x7e) {
			seq_puts(m, "\\u00");
			seq_putc(m, hex[c >> 4]);
			seq_putc(m, hex[c & 15]);
			continue;
		}
		if (c == '"' || c == '\\')
			seq_putc(m, '\\');
		seq_putc(m, c);
	}
	seq_putc(m, '"');
}

static size_t json_digits(const struct json_word *word, size_t from)
{
	size_t i = from;

	while (i < word->len && word->at[i] >= '0' && word->at[i] <= '9')
		i++;
	return i - from;
}

/* RFC 8259 section 6, without sign and exponent */
static bool json_is_number(const struct json_word *word)
{
	size_t whole = json_digits(word, 0), part;

	if (!whole || (whole > 1 && word->at[0] == '0'))
		return false;
	if (whole == word->len)
		return true;
	part = json_digits(word, whole + 1);
	return word->at[whole] == '.' && part &&
	       whole + 1 + part == word->len;
}

static void json_value(struct seq_file *m, const struct json_word *word)
{
	if (json_is(word, "-"))
		seq_puts(m, "null");
	else if (json_is_number(word))
		seq_write(m, word->at, word->len);
	else
		json_string(m, word);
}

static void json_key(struct seq_file *m, const struct json_word *key)
{
	json_string(m, key);
	seq_putc(m, ':');
}

/* reason:initiator/responder@seconds */
static void json_change(struct seq_file *m, struct json_word change)
{
	static const struct {
		char end;
		const char *key;
	} part[] = {
		{ ':', "{\"reason\":" },
		{ '/', ",\"src_state\":" },
		{ '@', ",\"dst_state\":" },
		{ '\0', ",\"ago\":" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(part) / sizeof(*part); i++) {
		struct json_word word = json_cut(&change, part[i].end);

		seq_puts(m, part[i].key);
		json_value(m, &word);
	}
	seq_putc(m, '}');
}

static bool json_is_list(const struct json_word *key)
{
	return json_is(key, "flags") || json_is(key, "history") ||
	       json_is(key, "differs") || json_ends(key, "_seen");
}

static void json_list(struct seq_file *m, const struct json_word *key,
		      struct json_word rest)
{
	const char *before = "";

	seq_putc(m, '[');
	while (rest.len && !json_is(&rest, "-")) {
		struct json_word word = json_cut(&rest, ',');

		seq_puts(m, before);
		if (json_is(key, "history"))
			json_change(m, word);
		else
			json_string(m, &word);
		before = ",";
	}
	seq_putc(m, ']');
}

void json_from_line(struct seq_file *m, const char *line, size_t len)
{
	struct json_word rest = { line, len };
	char before = '{';

	while (rest.len) {
		struct json_word value = json_cut(&rest, ' ');
		struct json_word key = json_cut(&value, '=');

		seq_putc(m, before);
		json_key(m, &key);
		if (json_is_list(&key))
			json_list(m, &key, value);
		else
			json_value(m, &value);
		before = ',';
	}
	seq_puts(m, before == '{' ? "{}\n" : "}\n");
}
