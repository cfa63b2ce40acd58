/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tct_oracle: a random walk over many connections between a client and a server
 * namespace, judged against ss at both ends.
 *
 * tct_oracle.c	batches, rounds, the report
 * tct_walk.c	what is done to the connections
 * tct_hold.c	which segments are dropped, where (nftables)
 * tct_tap.c	which segments came how far (packet sockets)
 * tct_look.c	what ss and tcptrack say
 * tct_diag.c	what ss and tc would say
 * tct_judge.c	whether they agree, or why not
 */
#ifndef TCT_ORACLE_H
#define TCT_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>
#include <linux/types.h>

#define MAX_BATCH	512
#define LOG_SEGMENTS	64
#define LOG_TEXT	512
#define NAME_LEN	32
#define FIRST_PORT	10000
#define PORTS		50000

/* ports of the server's shared listeners */
#define PORT_OPEN	2000
#define PORT_NOACCEPT	2001
#define PORT_DEFER	2002
#define PORT_REFUSED	2003
#define PORT_FULL	4000

enum side { CLIENT, SERVER, SIDES };

enum view { VIEW_C, VIEW_R, VIEW_S, VIEWS };

/*
 * How far a segment came: it left its sender, passed the router's hook, passed
 * its receiver's hook, reached the receiver's socket.
 */
enum level { LEFT, ROUTER, FAR, TAKEN, LEVELS };

/*
 * Where a segment may be dropped: before the router's hook, behind it, or
 * behind the receiver's, which all three have seen then.
 */
enum point { BEFORE_ROUTER, BEHIND_ROUTER, BEHIND_ALL, POINTS };

/* ACK and DATA are told apart by size: see SMALL. */
enum kind { SYN, SYNACK, FIN, RST, ACK, DATA, KINDS };

#define SMALL		84	/* no packet without payload is longer */
#define ALL_KINDS	((1 << KINDS) - 1)

/* As tcptrack numbers them. */
enum state {
	S_CLOSED, S_SYN_SENT, S_SYN_RECEIVED, S_ESTABLISHED, S_FIN_WAIT_1,
	S_FIN_WAIT_2, S_CLOSE_WAIT, S_CLOSING, S_LAST_ACK, S_TIME_WAIT, STATES,
	S_UNKNOWN = STATES
};

enum scene {
	OPEN, REFUSED, NOBODY, FULL, NOACCEPT, DEFER, SIMOPEN
};

/* What is known of an end's segments that came so far. */
struct know {
	unsigned int n[KINDS];
	bool acked;
	__u32 ack;		/* the highest */
	__u32 isn;
	__u32 fin_end;		/* behind the FIN */
	__u32 fin_ack;		/* what the first FIN acknowledged */
	__u64 fin_at;		/* us; the last FIN */
	__u64 acked_at;		/* us; when the other's SYN was, first */
	__u64 synack_at[2];	/* us; the last SYN-ACK, and the one before */
	__u64 heard_at;		/* us; the last segment but RSTs */
	__u64 rst_at;		/* us; the last RST */
	__u64 rst_first;	/* us; the first */
	__u64 fin_acked_at;	/* us; when the other's FIN was, first */
	__u64 cookie_at;	/* us; the last that brings a cookie back */
};

struct segment {
	__u64 at;		/* us */
	unsigned char from;
	unsigned char tap;	/* the side where it was seen */
	unsigned char flags;
	bool held;
	__u32 seq, ack;
	unsigned short win;
	unsigned int len;
};

struct sockview {
	enum state state;
	int recvq, sendq;
	char timer;		/* o(n), p(ersist), t(imewait), k(eepalive), - */
	int retries;
	unsigned int expires;	/* ms */
	char line[160];
};

struct flowview {
	bool there;
	bool twice;
	enum state state[SIDES];
	bool swapped;		/* the server is the initiator */
	char line[1400];
};

struct end {
	int fd;			/* -1: none, or not any more */
	bool reading;
	bool closed;		/* by us, in whichever way */
	bool aborted;
	bool shut;		/* shutdown(), either way */
	int error;		/* that the socket reported */
	__u64 closed_at;	/* us */
};

struct conn {
	unsigned int id;
	unsigned short port;	/* the client's, its name everywhere */
	unsigned short dport;
	bool v6;
	bool judged;		/* in this round */
	enum scene scene;
	__u64 rng;
	unsigned int judgements;
	unsigned char held[SIDES][POINTS];	/* kinds, by sender */
	bool unsure;		/* one passed while its rule was changed */
	bool doubted;		/* the last look disagreed */
	unsigned int held_rounds;
	struct end end[SIDES];
	struct know know[SIDES][LEVELS];
	struct sockview ss[2][SIDES];	/* before, and now */
	struct flowview flow[VIEWS];
	unsigned int segments;
	struct segment log[LOG_SEGMENTS];
	char did[LOG_TEXT];
};

/* How the namespaces are set, a batch at a time. */
struct mode {
	const char *name;
	unsigned int rounds;
	unsigned int fin_timeout;
	unsigned int orphan_retries;
	unsigned int syn_retries;
	unsigned int synack_retries;
	unsigned int syncookies;
	unsigned int max_tw_buckets;
	unsigned int settle_ms;		/* before a round is judged */
};

struct oracle {
	char ns_name[VIEWS][64];
	int ns[VIEWS];
	struct conn *conn;
	unsigned int conns;
	unsigned int batch;
	unsigned long long seed;
	const struct mode *mode;
	bool verbose;
	bool run_ss;
	bool strict;
	unsigned int patience_ms;	/* for a round to come to rest */
};

extern struct oracle oracle;
extern const char *const state_name[STATES + 1];
extern const char *const kind_name[KINDS];
extern const char *const point_name[POINTS];

/* tct_oracle.c */
void die(const char *what);
__u64 now_us(void);
void enter(enum view view);
unsigned int pick(struct conn *c, unsigned int n);
struct conn *conn_of(unsigned int port);
void note(struct conn *c, const char *fmt, ...);

/* tct_walk.c */
void walk_begin(void);
void walk_end(void);
void walk_step(unsigned int round);
void walk_serve(void);

/* tct_hold.c */
void hold_add(struct conn *c, enum side from, enum point point,
	      unsigned int kinds);
void hold_release(struct conn *c);
void hold_commit(void);
bool hold_any(const struct conn *c);
bool hold_changes(const struct conn *c, enum side from, enum point point,
		  enum kind kind);
void hold_print(void);

/* tct_tap.c */
void tap_open(void);
void tap_drain(void);
unsigned long tap_lost(void);
void tap_print(const struct conn *c);

/* tct_look.c */
void look_sockets(void);
void look_flows(void);
unsigned long look_netstat(enum view view, const char *name);
void look_set(enum view view, const char *name, unsigned int value);

/* tct_diag.c */
void diag_open(void);
void diag_sockets(void);
bool diag_queues_empty(void);
void diag_destroy(void);

/* tct_why.c */
extern const unsigned char without_ack[STATES];
enum level level_of(enum view v, enum side from);
bool acked(const struct know *by, __u32 end);
bool is_revived(const struct conn *c, enum side x);
bool is_fin_crossed(const struct conn *c, enum view v, enum side x,
		    enum state shown);
const char *why_gone(const struct conn *c, enum view v, enum side x,
		     enum state as);
const char *why_shown(const struct conn *c, enum view v, enum side x,
		      enum state shown);

/* tct_judge.c */
bool judge(struct conn *c);
void judge_report(void);
bool judge_failed(unsigned int want);
void judge_never(const struct conn *c);
void judge_restless(const struct conn *c);

#endif /* TCT_ORACLE_H */
