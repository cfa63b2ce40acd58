// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "host.h"
#include "units.h"

#define HOST_READ	65536	/* octets that are read at a time */

#define HOST_SYSCTL(name)	"/proc/sys/net/ipv4/" name

/* The line of a file that begins with @begin.  Return: to be freed; or NULL. */
static char *host_find(FILE *file, const char *begin)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, file) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, begin, strlen(begin)))
			return line;
	}
	free(line);
	return NULL;
}

/* One at a time */
static FILE *host_open(const char *name)
{
	/* of a list of ports the kernel gives what one read() has room for */
	static char buf[HOST_READ];
	FILE *file = fopen(name, "re");

	if (file)
		setvbuf(file, buf, _IOFBF, sizeof(buf));
	else
		ctl_complain("%s: %s", name, strerror(errno));
	return file;
}

char *host_line(const char *name)
{
	FILE *file = host_open(name);
	char *line;

	if (!file)
		return NULL;
	line = host_find(file, "");
	fclose(file);
	if (!line)
		ctl_complain("%s: it is empty", name);
	return line;
}

static bool host_sysctl(const char *name, uint64_t *number)
{
	char *line = host_line(name);
	bool good = line && units_parse_number(line, number);

	if (line && !good)
		ctl_complain("%s: '%s' is no number", name, line);
	free(line);
	return good;
}

/* Words and their values take turns in one line, or they stand in two, one above
 * the other.  Return: false: the word is not there.
 */
static bool host_value(char *words, char *values, const char *word,
		       uint64_t *number)
{
	char *word_at, *value_at, *name, *value;

	name = strtok_r(words, " ", &word_at);
	value = values ? strtok_r(values, " ", &value_at) :
			 strtok_r(NULL, " ", &word_at);
	while (name && value) {
		if (!strcmp(name, word))
			return units_parse_number(value, number);
		name = strtok_r(NULL, " ", &word_at);
		value = values ? strtok_r(NULL, " ", &value_at) :
				 strtok_r(NULL, " ", &word_at);
	}
	return false;
}

/* TCP: inuse 5 orphan 0 tw 3 alloc 7 mem 1 */
static bool host_sockstat(struct host *host)
{
	static const char name[] = "/proc/net/sockstat";
	FILE *file = host_open(name);
	bool good = false;
	char *line;

	if (!file)
		return false;
	line = host_find(file, "TCP: ");
	fclose(file);
	if (line)
		good = host_value(line + strlen("TCP: "), NULL, "tw",
				  &host->tw);
	free(line);
	if (!good)
		ctl_complain("%s: there is no 'tw' in it", name);
	return good;
}

/* One counter of the stack's, of a file with a line of words above their values */
static bool host_counter(const char *word, uint64_t *number)
{
	static const char name[] = "/proc/net/netstat", begin[] = "TcpExt: ";
	FILE *file = host_open(name);
	char *words, *values;
	bool good = false;

	if (!file)
		return false;
	words = host_find(file, begin);
	values = host_find(file, begin);
	fclose(file);
	if (words && values)
		good = host_value(words, values, word, number);
	free(words);
	free(values);
	if (!good)
		ctl_complain("%s: there is no '%s' in it", name, word);
	return good;
}

bool host_read(struct host *host)
{
	return host_sockstat(host) &&
	       host_counter("TCPTimeWaitOverflow", &host->overflows) &&
	       host_counter("TWRecycled", &host->recycled) &&
	       host_sysctl(HOST_SYSCTL("tcp_tw_reuse"), &host->reuse) &&
	       host_sysctl(HOST_SYSCTL("tcp_timestamps"), &host->timestamps) &&
	       host_sysctl(HOST_SYSCTL("tcp_fin_timeout"),
			   &host->fin_timeout) &&
	       host_sysctl(HOST_SYSCTL("tcp_max_tw_buckets"), &host->buckets);
}
