// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers, three digits at a time from a table: a division, though by a constant
 * and so a multiplication, is most of what a digit costs.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>

#include "text.h"

/* All numbers of three digits, one after the other */
#define TCT_TEXT_1S(tens)						\
	tens "0" tens "1" tens "2" tens "3" tens "4"			\
	tens "5" tens "6" tens "7" tens "8" tens "9"
#define TCT_TEXT_10S(hundreds)						\
	TCT_TEXT_1S(hundreds "0") TCT_TEXT_1S(hundreds "1")		\
	TCT_TEXT_1S(hundreds "2") TCT_TEXT_1S(hundreds "3")		\
	TCT_TEXT_1S(hundreds "4") TCT_TEXT_1S(hundreds "5")		\
	TCT_TEXT_1S(hundreds "6") TCT_TEXT_1S(hundreds "7")		\
	TCT_TEXT_1S(hundreds "8") TCT_TEXT_1S(hundreds "9")

static const char tct_text_digits[] =
	TCT_TEXT_10S("0") TCT_TEXT_10S("1") TCT_TEXT_10S("2")
	TCT_TEXT_10S("3") TCT_TEXT_10S("4") TCT_TEXT_10S("5")
	TCT_TEXT_10S("6") TCT_TEXT_10S("7") TCT_TEXT_10S("8")
	TCT_TEXT_10S("9");

/* A number below 1000, with its leading zeros; a fourth octet is written, too */
static __always_inline char *tct_text_three(char *at, u32 number)
{
	tct_text_move(at, &tct_text_digits[3 * number], u32);
	return at + 3;
}

/* ... and without */
static __always_inline char *tct_text_first(char *at, u32 number)
{
	if (number >= 100)
		return tct_text_three(at, number);
	if (number < 10)
		return tct_text_char(at, '0' + number);
	tct_text_move(at, &tct_text_digits[3 * number + 1], u16);
	return at + 2;
}

/* A number of any size. Not where the others are: they call nobody, and so have
 * nothing to save.
 */
static noinline char *tct_text_huge(char *at, u64 number)
{
	at = tct_text_long(at, number / USEC_PER_SEC);
	number %= USEC_PER_SEC;
	at = tct_text_three(at, number / 1000);
	return tct_text_three(at, number % 1000);
}

char *tct_text_long(char *at, u64 number)
{
	u32 low = number;

	if (number >= USEC_PER_SEC)
		return tct_text_huge(at, number);
	if (low < 1000)
		return tct_text_first(at, low);
	at = tct_text_first(at, low / 1000);
	return tct_text_three(at, low % 1000);
}

char *tct_text_ticks(char *at, u64 ticks)
{
	u64 ms = MSEC_PER_SEC % HZ ? ticks * MSEC_PER_SEC / HZ :
				     ticks * (MSEC_PER_SEC / HZ);

	at = tct_text_number(at, ms / MSEC_PER_SEC);
	at = tct_text_char(at, '.');
	return tct_text_three(at, ms % MSEC_PER_SEC);
}

static __always_inline char *tct_text_rest(char *at, u32 us)
{
	at = tct_text_char(at, '.');
	at = tct_text_three(at, us / USEC_PER_MSEC % MSEC_PER_SEC);
	return tct_text_three(at, us % USEC_PER_MSEC);
}

static noinline char *tct_text_us_long(char *at, u32 us)
{
	at = tct_text_long(at, us / USEC_PER_SEC);
	return tct_text_rest(at, us);
}

char *tct_text_us(char *at, u32 us)
{
	if (us >= 10 * USEC_PER_SEC)
		return tct_text_us_long(at, us);
	at = tct_text_char(at, '0' + us / USEC_PER_SEC);
	return tct_text_rest(at, us);
}

char *tct_text_ipv4(char *at, const u8 *addr)
{
	at = tct_text_first(at, addr[0]);
	at = tct_text_char(at, '.');
	at = tct_text_first(at, addr[1]);
	at = tct_text_char(at, '.');
	at = tct_text_first(at, addr[2]);
	at = tct_text_char(at, '.');
	return tct_text_first(at, addr[3]);
}
