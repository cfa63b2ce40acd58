// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>

#include <arpa/inet.h>

#include <linux/seq_file.h>

void seq_printf(struct seq_file *m, const char *format, ...)
{
	char text[INET6_ADDRSTRLEN];
	va_list args;

	va_start(args, format);
	inet_ntop(strcmp(format, "%pI4") ? AF_INET6 : AF_INET,
		  va_arg(args, void *), text, sizeof(text));
	va_end(args);
	seq_puts(m, text);
}
