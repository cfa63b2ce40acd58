/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tct_peer: the agent that tcptrack's selftests drive.
 *
 * One process holds sockets, raw sockets and threads in several network
 * namespaces and is told what to do by lines on its standard input, so that
 * a test forks next to nothing: under an emulator, starting programs costs
 * more than everything else a test does.
 *
 *	NS COMMAND [ARGUMENT...] [KEY=VALUE...]
 *
 * NS is the short name given by "NS netns /run/netns/NAME", or "-" for the
 * namespace that the agent was started in. The reply is always one line:
 * "ok [TEXT]" or "err ENAME [TEXT]".
 */
#ifndef TCT_PEER_H
#define TCT_PEER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <linux/types.h>

#define TCT_ID_LEN	24

/* The TCP header's flags, from the lowest bit on. */
#define TCT_FLAG_LETTERS	"FSRPAUEC"

/* An argument vector: argv[0] is the command's own name. */
struct tct_args {
	int argc;
	char **argv;
};

struct tct_cmd {
	const char *name;
	int min_args;		/* without the command's name */
	int (*run)(struct tct_args *args);
};

struct tct_addr {
	socklen_t len;
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	};
};

/*
 * Something done in the background by a thread, which inherits the namespace
 * that its command was given for. "progress", "wait" and "stop" read it.
 */
struct tct_job {
	char id[TCT_ID_LEN];
	pthread_t thread;
	bool stop;
	struct tct_args args;	/* a copy that outlives the command */
	void *priv;		/* freed with the job */
	long limit;		/* rounds; 0 is until stopped */
	unsigned long done;
	unsigned long failed;
	unsigned long retrans;
	int first_error;
	void (*cleanup)(struct tct_job *job);
};

/* Each file's commands, ended by an entry without a name. */
extern const struct tct_cmd tct_sock_cmds[];
extern const struct tct_cmd tct_job_cmds[];
extern const struct tct_cmd tct_pkt_cmds[];
extern const struct tct_cmd tct_sniff_cmds[];
extern const struct tct_cmd tct_file_cmds[];
extern const struct tct_cmd tct_event_cmds[];
extern const struct tct_cmd tct_nldump_cmds[];

/* tct_peer.c */
extern int tct_wait_ms;		/* how long anything may take */

void tct_say(const char *fmt, ...);
void tct_name(char to[TCT_ID_LEN], const char *from);
const char *tct_opt(const struct tct_args *args, const char *key);
long long tct_num(const struct tct_args *args, const char *key,
		  long long otherwise);
bool tct_flag(const struct tct_args *args, const char *word);
int tct_ns_enter(const char *name);
const char *tct_ns_current(void);
long long tct_now_ms(void);

/* tct_file.c: in a child that has become somebody else; see its "try" */
int tct_as(const char *who, int (*what)(struct tct_args *args),
	   struct tct_args *args);

/* tct_pkt.c */
__u8 tct_tcp_flags(const char *text);

/* tct_job.c */
struct tct_job *tct_job_new(struct tct_args *args, size_t priv_size);
int tct_job_run(struct tct_job *job, void *(*fn)(void *job));
void tct_job_end(struct tct_job *job);
bool tct_job_goes_on(struct tct_job *job);
void tct_job_count(struct tct_job *job, int err);

/* tct_sock.c */
int tct_addr_parse(struct tct_addr *addr, const char *text, const char *port);
const char *tct_addr_text(const struct tct_addr *addr, char *buf, size_t len);
int tct_poll(int fd, short events, int ms);
int tct_connect(const struct tct_addr *dst, const struct tct_args *args,
		bool wait, int *fdp);
int tct_listen(const struct tct_addr *addr, int backlog,
	       const struct tct_args *args);
void tct_pattern_fill(unsigned char *buf, __u64 at, size_t len);
bool tct_pattern_ok(const unsigned char *buf, __u64 at, size_t len);
void tct_abort(int fd);

#endif /* TCT_PEER_H */
