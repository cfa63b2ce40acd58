/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text into a buffer that is known to have room: what a line is made of, without
 * a look at the room that is left for each of its hundred pieces.
 */
#ifndef _TCT_TEXT_H
#define _TCT_TEXT_H

#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>

/**
 * struct tct_word - a short text and its length
 * @text: copied whole, as that is a few moves; only @len of it count
 * @len: octets
 */
struct tct_word {
	char text[23];
	u8 len;
};

#define TCT_WORD(string)	{ string, sizeof(string) - 1 }

/**
 * struct tct_text - where the next octet goes
 * @at: with room behind it for all that is to come, and for a struct tct_word
 */
struct tct_text {
	char *at;
};

/**
 * tct_text_word() - append a word
 * @line: -
 * @word: -
 */
static inline void tct_text_word(struct tct_text *line,
				 const struct tct_word *word)
{
	memcpy(line->at, word->text, sizeof(word->text));
	line->at += word->len;
}

/**
 * tct_text_octets() - append some
 * @line: -
 * @octets: -
 * @len: how many; a constant, that they are moved and not looped over
 */
static __always_inline void tct_text_octets(struct tct_text *line,
					    const char *octets, size_t len)
{
	memcpy(line->at, octets, len);
	line->at += len;
}

/* Append a literal */
#define tct_text_literal(line, literal) \
	tct_text_octets(line, literal, sizeof(literal) - 1)

/**
 * tct_text_string() - append a string
 * @line: -
 * @string: a short one
 */
static inline void tct_text_string(struct tct_text *line, const char *string)
{
	while (*string)
		*line->at++ = *string++;
}

/**
 * tct_text_long() - append a number of two digits or more
 * @line: -
 * @number: -
 */
void tct_text_long(struct tct_text *line, u64 number);

/**
 * tct_text_number() - append a number; most are small
 * @line: -
 * @number: -
 */
static inline void tct_text_number(struct tct_text *line, u64 number)
{
	if (number < 10)
		*line->at++ = '0' + number;
	else
		tct_text_long(line, number);
}

/**
 * tct_text_ticks() - append ticks as seconds, to the millisecond
 * @line: -
 * @ticks: -
 */
void tct_text_ticks(struct tct_text *line, u64 ticks);

/**
 * tct_text_us() - append microseconds as seconds
 * @line: -
 * @us: -
 */
void tct_text_us(struct tct_text *line, u32 us);

/**
 * tct_text_ipv4() - append an address, dotted
 * @line: -
 * @addr: four octets, in the order of the wire
 */
void tct_text_ipv4(struct tct_text *line, const u8 *addr);

#endif /* _TCT_TEXT_H */
