// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>

#include <linux/seq_file.h>

#include "text.h"

static char *seq_put_group(char *at, unsigned int group)
{
	static const char hex[] = "0123456789abcdef";
	int shift;

	for (shift = group > 0xfff ? 12 : group > 0xff ? 8 :
	     group > 0xf ? 4 : 0; shift >= 0; shift -= 4)
		*at++ = hex[group >> shift & 0xf];
	return at;
}

/* The first of the longest runs of zero groups, of two or more: RFC 5952
 * section 4.2.  Return: its length; 0: there is none.
 */
static unsigned int seq_longest_run(const u16 *group, unsigned int groups,
				    unsigned int *from)
{
	unsigned int i, run = 0, longest = 1;

	for (i = 0; i < groups; i++) {
		run = group[i] ? 0 : run + 1;
		if (run > longest) {
			longest = run;
			*from = i + 1 - run;
		}
	}
	return longest > 1 ? longest : 0;
}

/* Mapped (RFC 4291 section 2.5.5.2) and ISATAP (RFC 5214 section 6.1) addresses
 * end in dotted ones, as in the kernel
 */
static bool seq_ends_dotted(const u16 *group)
{
	static const u16 mapped[6] = { 0, 0, 0, 0, 0, 0xffff };

	return !memcmp(group, mapped, sizeof(mapped)) ||
	       ((group[4] | 0x0200) == 0x0200 && group[5] == 0x5efe);
}

static char *seq_put_ipv6(char *at, const u8 *addr)
{
	unsigned int i, groups = 8, from = 0, run;
	bool colon = false;
	u16 group[8];

	for (i = 0; i < 8; i++)
		group[i] = addr[2 * i] << 8 | addr[2 * i + 1];
	if (seq_ends_dotted(group))
		groups = 6;
	run = seq_longest_run(group, groups, &from);
	for (i = 0; i < groups; i++) {
		if (run && i == from) {
			*at++ = ':';
			*at++ = ':';
			i += run - 1;
			colon = false;
			continue;
		}
		if (colon)
			*at++ = ':';
		at = seq_put_group(at, group[i]);
		colon = true;
	}
	if (groups == 8)
		return at;
	if (colon)
		*at++ = ':';
	return tct_text_ipv4(at, addr + 12);
}

/* The kernel's format for an address, alone: no other is used */
int scnprintf(char *buf, size_t size, const char *format, ...)
{
	const u8 *addr;
	va_list args;

	(void)size;
	va_start(args, format);
	addr = va_arg(args, const u8 *);
	va_end(args);
	return seq_put_ipv6(buf, addr) - buf;
}
