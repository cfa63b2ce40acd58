// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>

#include <linux/seq_file.h>

/* Octets 0 to 255 without leading zeros, as a printer of many addresses has it */
static void seq_put_octet(struct seq_file *m, unsigned int octet)
{
	if (octet >= 100)
		seq_putc(m, '0' + octet / 100);
	if (octet >= 10)
		seq_putc(m, '0' + octet / 10 % 10);
	seq_putc(m, '0' + octet % 10);
}

static void seq_put_ipv4(struct seq_file *m, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (i)
			seq_putc(m, '.');
		seq_put_octet(m, addr[i]);
	}
}

static void seq_put_group(struct seq_file *m, unsigned int group)
{
	static const char hex[] = "0123456789abcdef";
	int shift;

	for (shift = group > 0xfff ? 12 : group > 0xff ? 8 :
	     group > 0xf ? 4 : 0; shift >= 0; shift -= 4)
		seq_putc(m, hex[group >> shift & 0xf]);
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

static void seq_put_ipv6(struct seq_file *m, const u8 *addr)
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
			seq_puts(m, "::");
			i += run - 1;
			colon = false;
			continue;
		}
		if (colon)
			seq_putc(m, ':');
		seq_put_group(m, group[i]);
		colon = true;
	}
	if (groups == 8)
		return;
	if (colon)
		seq_putc(m, ':');
	seq_put_ipv4(m, addr + 12);
}

/* The kernel's formats for addresses, alone: no other is used */
void seq_printf(struct seq_file *m, const char *format, ...)
{
	const u8 *addr;
	va_list args;

	va_start(args, format);
	addr = va_arg(args, const u8 *);
	va_end(args);
	if (!strcmp(format, "%pI4"))
		seq_put_ipv4(m, addr);
	else
		seq_put_ipv6(m, addr);
}
