// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/math64.h>

#include "text.h"

#define TCT_TEXT_DIGITS	20	/* of 2^64 - 1 */

void tct_text_long(struct tct_text *line, u64 number)
{
	char digits[TCT_TEXT_DIGITS];
	unsigned int at = TCT_TEXT_DIGITS;

	do {
		digits[--at] = '0' + number % 10;
		number /= 10;
	} while (number);
	while (at < TCT_TEXT_DIGITS)
		*line->at++ = digits[at++];
}

void tct_text_ticks(struct tct_text *line, u64 ticks)
{
	u32 rest;
	u64 s = div_u64_rem(ticks, HZ, &rest);
	u32 ms = rest * 1000 / HZ;

	tct_text_number(line, s);
	line->at[0] = '.';
	line->at[1] = '0' + ms / 100;
	line->at[2] = '0' + ms / 10 % 10;
	line->at[3] = '0' + ms % 10;
	line->at += 4;
}

void tct_text_us(struct tct_text *line, u32 us)
{
	u32 rest = us % USEC_PER_SEC;
	unsigned int i;

	tct_text_number(line, us / USEC_PER_SEC);
	*line->at = '.';
	for (i = 6; i; i--) {
		line->at[i] = '0' + rest % 10;
		rest /= 10;
	}
	line->at += 7;
}

void tct_text_ipv4(struct tct_text *line, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		unsigned int octet = addr[i];

		if (i)
			*line->at++ = '.';
		if (octet >= 100)
			*line->at++ = '0' + octet / 100;
		if (octet >= 10)
			*line->at++ = '0' + octet / 10 % 10;
		*line->at++ = '0' + octet % 10;
	}
}
