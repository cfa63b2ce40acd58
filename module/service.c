// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "service.h"
#include "sock.h"
#include "walk.h"

/**
 * struct tct_services - services by their hash, while they are counted
 * @set: whose services they are
 * @net: namespace
 * @secret: of the hash: who listens chooses address and port
 * @slot: index of the first service of a chain, plus one
 * @mask: number of @slot less one
 * @now: ticks
 */
struct tct_services {
	struct tct_listeners *set;
	struct net *net;
	hsiphash_key_t secret;
	u32 *slot;
	u32 mask;
	u64 now;
};

static u32 *tct_services_slot(const struct tct_services *services,
			      const struct tct_endpoint *ep, bool ipv4)
{
	const u32 *addr = (__force const u32 *)ep->addr.s6_addr32;
	u32 hash;

	/* of IPv4 the rest is zero; both unspecified addresses are told apart */
	hash = hsiphash_3u32(addr[0] ^ ipv4, (__force u16)ep->port,
			     hsiphash_3u32(addr[1], addr[2], addr[3],
					   &services->secret),
			     &services->secret);
	return &services->slot[hash & services->mask];
}

static struct tct_service *tct_services_find(const struct tct_services *services,
					     const struct tct_endpoint *ep,
					     bool ipv4)
{
	u32 next = *tct_services_slot(services, ep, ipv4);
	struct tct_service *service;

	while (next) {
		service = &services->set->service[next - 1];
		if (service->ipv4 == ipv4 && service->local.port == ep->port &&
		    ipv6_addr_equal(&service->local.addr, &ep->addr))
			return service;
		next = service->next;
	}
	return NULL;
}

static void tct_services_add(struct tct_services *services,
			     struct tct_listener *listener)
{
	struct tct_listeners *set = services->set;
	struct tct_service *service;
	u32 *slot;

	service = tct_services_find(services, &listener->local,
				    listener->ipv4);
	if (!service) {
		service = &set->service[set->services++];
		service->local = listener->local;
		service->ipv4 = listener->ipv4;
		slot = tct_services_slot(services, &service->local,
					 service->ipv4);
		service->next = *slot;
		*slot = set->services;
	}
	service->dual |= !listener->ipv4 && !listener->v6only &&
			 ipv6_addr_any(&listener->local.addr);
	listener->service = service - set->service;
}

/* inet_hashtables.c, compute_score(): the address counts first, then that it is
 * a socket of IPv4
 */
static struct tct_service *tct_services_of(const struct tct_services *services,
					   const struct tct_snapshot *snap)
{
	bool ipv4 = tct_key_is_ipv4(&snap->key);
	struct tct_service *service;
	struct tct_endpoint ep;

	tct_key_endpoint(&snap->key, !snap->initiator_high, &ep);
	service = tct_services_find(services, &ep, ipv4);
	if (service)
		return service;
	memset(&ep.addr, 0, sizeof(ep.addr));
	service = tct_services_find(services, &ep, ipv4);
	if (!service && ipv4) {
		service = tct_services_find(services, &ep, false);
		if (service && !service->dual)
			return NULL;
	}
	/* not what is forwarded to that port elsewhere */
	if (service && !tct_sock_is_local(services->net, snap, 1))
		return NULL;
	return service;
}

static int tct_service_add(struct tct_spread **spread, u32 number)
{
	if (!*spread)
		*spread = kzalloc(sizeof(**spread), GFP_KERNEL_ACCOUNT);
	if (!*spread)
		return -ENOMEM;
	tct_spread_add(*spread, number);
	return 0;
}

static bool tct_service_unanswered(const struct tct_snapshot *snap)
{
	return snap->fsm.end[0].state == TCT_SYN_SENT &&
	       snap->fsm.end[1].state == TCT_CLOSED;
}

static int tct_service_half_open(struct tct_service *service,
				 const struct tct_snapshot *snap, u64 now)
{
	u64 age = (now - snap->created) & TCT_WHEN_MASK;

	service->half_open++;
	if (tct_service_unanswered(snap))
		service->unanswered++;
	else if (snap->packets[1])
		/* it sends nothing else before it is established */
		service->synack_repeats += snap->packets[1] - 1;
	if (snap->fsm.end[0].state == TCT_ESTABLISHED)
		service->accept_wait++;
	return tct_service_add(&service->ages,
			       min_t(u64, jiffies64_to_msecs(age), U32_MAX));
}

static int tct_services_flow(const struct tct_services *services,
			     const struct tct_snapshot *snap)
{
	struct tct_service *service = tct_services_of(services, snap);

	if (!service)
		return 0;
	if (snap->class == TCT_CLASS_ESTABLISHED ||
	    snap->class == TCT_CLASS_HALF_CLOSED)
		service->open++;
	if (snap->fsm.end[1].state == TCT_SYN_RECEIVED ||
	    tct_service_unanswered(snap))
		return tct_service_half_open(service, snap, services->now);
	if (snap->rtt_known & TCT_RTT_CLIENT)
		return tct_service_add(&service->rtts, snap->rtt[1]);
	return 0;
}

static int tct_services_flows(struct tct_services *services,
			      const struct tct_walk *walk)
{
	unsigned int i;
	int err = 0;

	services->now = get_jiffies_64();
	for (i = 0; i < walk->n && !err; i++)
		err = tct_services_flow(services, &walk->snap[i]);
	return err;
}

static int tct_services_walk(struct tct_services *services,
			     struct tct_table __rcu **slot)
{
	struct tct_walk walk;
	int err;

	err = tct_walk_init(&walk);
	if (err)
		return err;
	tct_walk_start(&walk, slot);
	while (!err && (err = tct_walk_step(&walk, slot)) > 0) {
		err = tct_services_flows(services, &walk);
		cond_resched();
	}
	tct_walk_exit(&walk);
	return err;
}

static int tct_services_count(struct tct_listeners *set, struct net *net,
			      struct tct_table __rcu **slot)
{
	struct tct_services services = { .set = set, .net = net };
	unsigned int i;
	int err;

	services.mask = roundup_pow_of_two(set->n) - 1;
	services.slot = kvcalloc(services.mask + 1, sizeof(*services.slot),
				 GFP_KERNEL_ACCOUNT);
	set->service = kvcalloc(set->n, sizeof(*set->service),
				GFP_KERNEL_ACCOUNT);
	err = services.slot && set->service ? 0 : -ENOMEM;
	if (!err) {
		get_random_bytes(&services.secret, sizeof(services.secret));
		for (i = 0; i < set->n; i++)
			tct_services_add(&services, &set->listener[i]);
		err = tct_services_walk(&services, slot);
	}
	kvfree(services.slot);
	return err;
}

static void tct_services_clear(struct tct_listeners *set)
{
	unsigned int i;

	for (i = 0; i < set->services; i++) {
		kfree(set->service[i].ages);
		kfree(set->service[i].rtts);
	}
	kvfree(set->service);
	set->service = NULL;
	set->services = 0;
}

int tct_services_collect(struct tct_listeners *set, struct net *net,
			 const struct tct_listener_match *match,
			 struct tct_table __rcu **slot)
{
	int err;

	tct_services_clear(set);
	err = tct_listeners_collect(set, net, match);
	if (!err && set->n && slot && rcu_access_pointer(*slot))
		err = tct_services_count(set, net, slot);
	return err;
}

void tct_services_free(struct tct_listeners *set)
{
	tct_services_clear(set);
	tct_listeners_free(set);
}
