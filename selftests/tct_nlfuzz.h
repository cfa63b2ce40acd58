/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Garbage for the netlink family: requests that were right before something was
 * done to them, and what must come of each.
 *
 * tct_nlfuzz.c		asks, judges the answers, reports
 * tct_nlfuzz_policy.c	what the kernel says it takes; what it must refuse
 * tct_nlfuzz_make.c	requests, each from the seed and its number alone
 * tct_nlfuzz_mutate.c	what is done to them
 * tct_nlfuzz_world.c	namespaces and connections; what no refusal may change
 */
#ifndef TCT_NLFUZZ_H
#define TCT_NLFUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#define MAX_LEN		4096	/* of a request */
#define MAX_ATTRS	64
#define MAX_POLICIES	16
#define MAX_OPS		32
#define MAX_RECORDS	64
#define FLOWS		8	/* connections, one after the other IPv4 and IPv6 */
#define SERVER_PORT	7000
#define CLIENT_PORT	7001	/* of the first */
#define HDRS		(NLMSG_HDRLEN + GENL_HDRLEN)

/* struct kind - of an attribute, by the kernel's own word */
struct kind {
	bool known;
	__u32 type;		/* NL_ATTR_TYPE_ */
	__u64 min, max;	/* of numbers */
	__u64 mask;		/* bits that may be set; 0: min and max say */
	__u32 len_min, len_max;	/* of binary ones */
	__u32 nest;		/* index of the policy of what is in it */
};

struct policy {
	unsigned int max;	/* highest type */
	struct kind attr[MAX_ATTRS];
};

/* struct op - an operation, by do [0] or dump [1] */
struct op {
	__u8 cmd;
	bool can[2];
	unsigned int policy;
	unsigned long sent[2], accepted[2], refused[2];
};

extern struct op ops[MAX_OPS];
extern unsigned int nr_ops;
extern struct policy policies[MAX_POLICIES];
extern __u16 family_id;

/* Descriptors that requests name: in one place, the same in every run */
enum {
	FD_OWN = 100,
	FD_OTHER,
	FD_NULL,
	FD_SOCKET,
	FD_USER_NS,
	FD_PID_NS,
	FD_CLOSED,	/* is none */
	FD_INIT = 900,	/* for us only */
};

/* Namespaces: that of the flows, another, and where we came from */
enum netns { OWN, OTHER, INIT, SPACES };

/* Sockets: two of root's, in OWN and in INIT, one of a user without rights */
enum who { ROOT, NOBODY, HOST, SOCKETS };

struct request {
	__u64 number;
	enum who who;
	size_t size;		/* octets that are sent */
	/* what it is by now */
	bool framed;		/* its length is that of its octets */
	bool handled;		/* it comes as far as the family */
	bool dump;
	bool garbage;		/* must be refused, by the policies */
	struct op *op;		/* NULL: no such operation */
	/* what came of it */
	unsigned int verdicts;
	unsigned int answers;
	int error;
	unsigned int offset;	/* of the attribute that is to blame; 0: none */
	__u64 flows;		/* that a flush says it has deleted */
	char text[128];
	union {
		struct nlmsghdr nlh;
		unsigned char buf[MAX_LEN];
	};
};

/* struct record - of a flow, what does not change while it is silent */
struct record {
	unsigned char addr[2][16];
	__u16 port[2];
	__u8 state[2];
	__u8 class;
	__u32 flags;
};

struct setting {
	bool there;
	__u64 val;
};

/* struct world - what no refusal changes */
struct world {
	struct setting config[SPACES][MAX_ATTRS];
	unsigned int flows;
	struct record record[MAX_RECORDS];
};

_Noreturn void die(const char *fmt, ...);

/* policy_learn - ask the kernel for the family, its operations and policies */
void policy_learn(void);
/* policy_judge - does a policy, or the lack of it, forbid the request? */
void policy_judge(struct request *r);
/* changes - is that an operation which changes something? */
bool changes(const struct op *op);
/* policy_of - of the requests of that operation */
const struct policy *policy_of(__u8 cmd);
/* for_anybody - may it be done without CAP_NET_ADMIN? */
bool for_anybody(const struct op *op);

void chance_begin(__u64 seed, __u64 number);
__u64 chance(void);
/* pick - a number less than @n */
unsigned int pick(unsigned int n);

/* make - the request of that number, mutated or not */
void make(struct request *r, __u64 seed, __u64 number);
void mutate(struct request *r);

/* world_make - namespaces, sockets, connections */
void world_make(int sockets[SOCKETS]);
/* world_look - how things are now */
void world_look(struct world *w);
/* world_differs - NULL: as expected; else what is not. Of @some_gone, flows that
 * are there must be among those expected, and their number must be right.
 */
const char *world_differs(const struct world *is, const struct world *expected,
			  bool some_gone);
/* world_expect - what an accepted request has changed; true: flows are gone */
bool world_expect(struct world *w, const struct request *r);
/* world_restore - all flows, and if need be settings, are there again; @w is how
 * things are before and after that
 */
void world_restore(struct world *w, bool settings);

#endif /* TCT_NLFUZZ_H */
