/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text into a buffer that is known to have room: what a line is made of, without
 * a look at the room that is left for each of its hundred pieces.
 *
 * Each function takes the place where its text begins and returns the one where
 * it ends. Behind that there must be room for a struct tct_word.
 */
#ifndef _TCT_TEXT_H
#define _TCT_TEXT_H

#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

/**
 * struct tct_word - a short text and its length
 * @text: copied whole, as that is a few moves; only @len of it count
 * @len: octets
 */
struct tct_word {
	char text[24];
	u64 len;
};

/* Move as many octets as a @type has */
#define tct_text_move(at, from, type)					\
	put_unaligned(get_unaligned((const type *)(from)), (type *)(at))

#define TCT_WORD(string)	{ string, sizeof(string) - 1 }

/**
 * tct_text_word() - write a word
 * @at: where
 * @word: -
 *
 * Return: its end.
 */
static __always_inline char *tct_text_word(char *at,
					   const struct tct_word *word)
{
	/* memcpy() of so many is a loop in some places */
	tct_text_move(at, word->text, u64);
	tct_text_move(at + 8, word->text + 8, u64);
	tct_text_move(at + 16, word->text + 16, u64);
	return at + word->len;
}

/**
 * tct_text_octets() - write some
 * @at: where
 * @octets: -
 * @len: how many; a constant
 *
 * For so many memcpy() would be a loop, which takes its time to begin.
 *
 * Return: their end.
 */
static __always_inline char *tct_text_octets(char *at, const char *octets,
					     size_t len)
{
	size_t i;

#pragma GCC unroll 32
	for (i = 0; i + 8 <= len; i += 8)
		tct_text_move(at + i, octets + i, u64);
	if (len & 4)
		tct_text_move(at + i, octets + i, u32);
	i += len & 4;
	if (len & 2)
		tct_text_move(at + i, octets + i, u16);
	i += len & 2;
	if (len & 1)
		at[i] = octets[i];
	return at + len;
}

/* Write a literal */
#define tct_text_literal(at, literal) \
	tct_text_octets(at, literal, sizeof(literal) - 1)

/**
 * tct_text_char() - write a character
 * @at: where
 * @c: -
 *
 * Return: its end.
 */
static __always_inline char *tct_text_char(char *at, char c)
{
	*at = c;
	return at + 1;
}

/**
 * tct_text_string() - write a string
 * @at: where
 * @string: a short one
 *
 * Return: its end.
 */
static inline char *tct_text_string(char *at, const char *string)
{
	while (*string)
		*at++ = *string++;
	return at;
}

/**
 * tct_text_long() - write a number of two digits or more
 * @at: where
 * @number: -
 *
 * Return: its end.
 */
char *tct_text_long(char *at, u64 number);

/**
 * tct_text_number() - write a number; most are small
 * @at: where
 * @number: -
 *
 * Return: its end.
 */
static inline char *tct_text_number(char *at, u64 number)
{
	if (number < 10)
		return tct_text_char(at, '0' + number);
	return tct_text_long(at, number);
}

/**
 * tct_text_ticks() - write ticks as seconds, to the millisecond
 * @at: where
 * @ticks: 48 bits of them
 *
 * Return: its end.
 */
char *tct_text_ticks(char *at, u64 ticks);

/**
 * tct_text_us() - write microseconds as seconds
 * @at: where
 * @us: -
 *
 * Return: its end.
 */
char *tct_text_us(char *at, u32 us);

/**
 * tct_text_ipv4() - write an address, dotted
 * @at: where
 * @addr: four octets, in the order of the wire
 *
 * Return: its end.
 */
char *tct_text_ipv4(char *at, const u8 *addr);

#endif /* _TCT_TEXT_H */
