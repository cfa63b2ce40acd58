// SPDX-License-Identifier: GPL-2.0
/* What ss says at both ends, tc of the queues, and tcptrack in all three. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "tct_oracle.h"

#define BLANKS	"\n "

const char *const state_name[STATES + 1] = {
	"CLOSED", "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED", "FIN_WAIT_1",
	"FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT", "?"
};

/* As ss names them, in the order of enum state. */
static const char *const ss_name[STATES] = {
	"UNCONN", "SYN-SENT", "SYN-RECV", "ESTAB", "FIN-WAIT-1", "FIN-WAIT-2",
	"CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"
};

static enum state state_of(const char *const *names, const char *text)
{
	unsigned int i;

	for (i = 0; i < STATES; i++)
		if (!strcmp(names[i], text))
			return i;
	return S_UNKNOWN;
}

/* ss with a filter in that namespace; its output is to be read from *from */
static pid_t spawn_ss(enum view at, const char *low, const char *high,
		      FILE **from)
{
	int pipes[2];
	pid_t pid;

	if (pipe(pipes))
		die("pipe");
	enter(at);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		dup2(pipes[1], 1);
		close(pipes[0]);
		close(pipes[1]);
		execlp("ss", "ss", "-Htano", low, high, NULL);
		_exit(127);
	}
	close(pipes[1]);
	*from = fdopen(pipes[0], "r");
	if (!*from)
		die("fdopen");
	return pid;
}

static void reap(pid_t pid, FILE *from, const char *what)
{
	int status;

	fclose(from);
	if (waitpid(pid, &status, 0) != pid || status)
		die(what);
}

static unsigned int port_of(const char *address)
{
	const char *colon = strrchr(address, ':');

	return colon ? atoi(colon + 1) : 0;
}

/* "timer:(on,1.2sec,3)" */
static void read_timer(struct sockview *sv, const char *line)
{
	const char *at = strstr(line, "timer:("), *comma;

	sv->timer = '-';
	sv->retries = 0;
	if (!at)
		return;
	sv->timer = at[7];
	comma = strchr(at, ',');
	comma = comma ? strchr(comma + 1, ',') : NULL;
	if (comma)
		sv->retries = atoi(comma + 1);
}

static void read_socket(char *line, enum side side)
{
	char state[16], local[64], remote[64];
	struct sockview *sv;
	int recvq, sendq;
	struct conn *c;

	if (sscanf(line, "%15s %d %d %63s %63s", state, &recvq, &sendq, local,
		   remote) != 5)
		return;
	c = conn_of(port_of(side == CLIENT ? local : remote));
	if (!c || c->dport != port_of(side == CLIENT ? remote : local))
		return;
	sv = &c->ss[1][side];
	if (sv->line[0])
		printf("# two sockets of %u: %s and %s\n", c->id, sv->line,
		       line);
	sv->state = state_of(ss_name, state);
	sv->recvq = recvq;
	sv->sendq = sendq;
	read_timer(sv, line);
	line[strcspn(line, "\n")] = '\0';
	snprintf(sv->line, sizeof(sv->line), "%s", line);
}

static void run_ss(enum side side)
{
	char low[64], high[64];
	const char *port = side == CLIENT ? "sport" : "dport";
	char *line = NULL;
	size_t size = 0;
	FILE *from;
	pid_t pid;

	snprintf(low, sizeof(low), "%s >= :%u and", port,
		 oracle.conn[0].port);
	snprintf(high, sizeof(high), "%s <= :%u", port,
		 oracle.conn[oracle.conns - 1].port);
	pid = spawn_ss(side == CLIENT ? VIEW_C : VIEW_S, low, high, &from);
	while (getline(&line, &size, from) > 0)
		read_socket(line, side);
	reap(pid, from, "ss");
	free(line);
}

/* look_sockets - what ss says at both ends; what it said last is in ss[0] */
void look_sockets(void)
{
	struct conn *c;

	for (c = oracle.conn; c < oracle.conn + oracle.conns; c++) {
		memcpy(c->ss[0], c->ss[1], sizeof(c->ss[0]));
		memset(c->ss[1], 0, sizeof(c->ss[1]));
	}
	if (!oracle.run_ss) {
		diag_sockets();
		return;
	}
	run_ss(CLIENT);
	run_ss(SERVER);
}

static const char *field(const char *line, const char *key, char *to,
			 size_t size)
{
	const char *at = strstr(line, key);
	size_t len;

	to[0] = '\0';
	if (!at)
		return to;
	at += strlen(key);
	len = strcspn(at, BLANKS);
	if (len >= size)
		len = size - 1;
	memcpy(to, at, len);
	to[len] = '\0';
	return to;
}

static void read_flow(const char *line, enum view view)
{
	unsigned int sport, dport;
	struct flowview *flow;
	char word[64];
	struct conn *c;
	bool swapped;

	sport = atoi(field(line, " sport=", word, sizeof(word)));
	dport = atoi(field(line, " dport=", word, sizeof(word)));
	/* The client's addresses end in .1.1 or :1::1, the server's do not. */
	field(line, " src=", word, sizeof(word));
	swapped = strcmp(word, "10.0.1.1") && strcmp(word, "fd00:1::1");
	c = conn_of(swapped ? dport : sport);
	if (!c || c->dport != (swapped ? sport : dport))
		return;
	flow = &c->flow[view];
	flow->twice = flow->there;
	flow->there = true;
	flow->swapped = swapped;
	field(line, " src_state=", word, sizeof(word));
	flow->state[swapped] = state_of(state_name, word);
	field(line, " dst_state=", word, sizeof(word));
	flow->state[!swapped] = state_of(state_name, word);
	snprintf(flow->line, sizeof(flow->line), "%.*s",
		 (int)strcspn(line, "\n"), line);
}

void look_flows(void)
{
	char *line = NULL;
	size_t size = 0;
	enum view view;
	unsigned int i;
	FILE *from;

	for (i = 0; i < oracle.conns; i++)
		memset(oracle.conn[i].flow, 0, sizeof(oracle.conn[i].flow));
	for (view = 0; view < VIEWS; view++) {
		enter(view);
		from = fopen("/proc/thread-self/net/tcptrack", "r");
		if (!from)
			die("/proc/net/tcptrack");
		while (getline(&line, &size, from) > 0)
			read_flow(line, view);
		fclose(from);
	}
	free(line);
}

/* look_netstat - one of TcpExt's counters; 0 if there is no such */
unsigned long look_netstat(enum view view, const char *name)
{
	char names[8192], values[8192], *n, *v, *ns = NULL, *vs = NULL;
	unsigned long value = 0;
	FILE *from;

	enter(view);
	from = fopen("/proc/thread-self/net/netstat", "r");
	if (!from || !fgets(names, sizeof(names), from) ||
	    !fgets(values, sizeof(values), from))
		die("/proc/net/netstat");
	fclose(from);
	n = strtok_r(names, BLANKS, &ns);
	v = strtok_r(values, BLANKS, &vs);
	while (n && v) {
		if (!strcmp(n, name))
			value = strtoul(v, NULL, 10);
		n = strtok_r(NULL, BLANKS, &ns);
		v = strtok_r(NULL, BLANKS, &vs);
	}
	return value;
}

/* look_set - a sysctl under net.ipv4 there */
void look_set(enum view view, const char *name, unsigned int value)
{
	char path[128];
	FILE *to;

	enter(view);
	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", name);
	to = fopen(path, "w");
	if (!to || fprintf(to, "%u\n", value) < 0 || fclose(to))
		die(path);
}
