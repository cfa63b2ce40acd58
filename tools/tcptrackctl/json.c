// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "json.h"

#define JSON_INDENT	4

/* stdio is asked once for many words: they are short, and it takes its time */
static void json_flush(struct json *json)
{
	fwrite_unlocked(json->buf, 1, json->len, json->file);
	json->len = 0;
}

static inline void json_write(struct json *json, const char *text, size_t len)
{
	if (len > sizeof(json->buf) - json->len) {
		json_flush(json);
		if (len > sizeof(json->buf)) {
			fwrite_unlocked(text, 1, len, json->file);
			return;
		}
	}
	memcpy(json->buf + json->len, text, len);
	json->len += len;
}

static inline void json_put(struct json *json, char c)
{
	json_write(json, &c, 1);
}

static void json_indent(struct json *json)
{
	unsigned int blanks = json->depth * JSON_INDENT;

	json_put(json, '\n');
	while (blanks--)
		json_put(json, ' ');
}

/* What goes before a key, or a value without one */
static void json_separate(struct json *json)
{
	if (json->keyed) {
		json->keyed = false;
		return;
	}
	if (json->comma)
		json_put(json, ',');
	if (json->pretty && json->depth)
		json_indent(json);
	else if (json->comma && json->lines && json->depth == 1)
		json_put(json, '\n');
	json->comma = true;
}

/* A value is complete; outermost, a document is */
static void json_done(struct json *json)
{
	json->comma = json->depth;
	if (json->depth)
		return;
	json_put(json, '\n');
	json_flush(json);
}

void json_open(struct json *json, char bracket)
{
	json_separate(json);
	json_put(json, bracket);
	if (!json->depth)
		json->lines = bracket == '[';
	json->depth++;
	json->comma = false;
}

void json_close(struct json *json, char bracket)
{
	json->depth--;
	if (json->pretty && json->comma)
		json_indent(json);
	json_put(json, bracket);
	json_done(json);
}

/* Octets of the character that begins at @at if that is UTF-8 (RFC 3629 section
 * 4) and not ASCII, else 0
 */
static size_t json_utf8(const unsigned char *at, size_t left)
{
	unsigned int low = 0x80, high = 0xbf;
	size_t i, len;

	if (*at < 0xc2 || *at > 0xf4)
		return 0;
	len = *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
	if (left < len)
		return 0;
	if (*at == 0xe0)
		low = 0xa0;
	else if (*at == 0xed)
		high = 0x9f;
	else if (*at == 0xf0)
		low = 0x90;
	else if (*at == 0xf4)
		high = 0x8f;
	if (at[1] < low || at[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

static bool json_is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Octets at @at that need no escape */
static size_t json_plain(const unsigned char *at, size_t left)
{
	size_t len = 0, more = 1;

	while (len < left && more) {
		more = json_is_plain(at[len]) ? 1 :
		       json_utf8(at + len, left - len);
		len += more;
	}
	return len;
}

static void json_escape(struct json *json, unsigned char c)
{
	char text[8];
	int len;

	if (c == '"' || c == '\\')
		len = snprintf(text, sizeof(text), "\\%c", c);
	else
		len = snprintf(text, sizeof(text), "\\u%04x", c);
	json_write(json, text, len);
}

static void json_quote(struct json *json, const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;

	json_put(json, '"');
	while (len) {
		size_t plain = json_plain(at, len);

		json_write(json, (const char *)at, plain);
		at += plain;
		len -= plain;
		if (!len)
			break;
		json_escape(json, *at);
		at++;
		len--;
	}
	json_put(json, '"');
}

/* The rest of a key, which is a word and needs no escapes */
static void json_key_rest(struct json *json, const char *key)
{
	json_write(json, key, strlen(key));
	if (json->pretty)
		json_write(json, "\": ", 3);
	else
		json_write(json, "\":", 2);
	json->keyed = true;
}

void json_key(struct json *json, const char *key)
{
	json_separate(json);
	json_put(json, '"');
	json_key_rest(json, key);
}

void json_end_key(struct json *json, const char *end, const char *key)
{
	json_separate(json);
	json_put(json, '"');
	json_write(json, end, strlen(end));
	json_put(json, '_');
	json_key_rest(json, key);
}

void json_text(struct json *json, const char *text, size_t len)
{
	json_separate(json);
	json_quote(json, text, len);
	json_done(json);
}

void json_string(struct json *json, const char *text)
{
	if (text)
		json_text(json, text, strlen(text));
	else
		json_null(json);
}

void json_digits(struct json *json, const char *digits, size_t len)
{
	json_separate(json);
	json_write(json, digits, len);
	json_done(json);
}

void json_fixed(struct json *json, uint64_t number, unsigned int decimals)
{
	char digits[32];
	size_t at = sizeof(digits);

	/* at least a digit before the point */
	for (;;) {
		digits[--at] = '0' + number % 10;
		number /= 10;
		if (decimals && !--decimals)
			digits[--at] = '.';
		else if (!decimals && !number)
			break;
	}
	json_digits(json, digits + at, sizeof(digits) - at);
}

void json_number(struct json *json, uint64_t number)
{
	json_fixed(json, number, 0);
}

void json_null(struct json *json)
{
	json_digits(json, "null", 4);
}
