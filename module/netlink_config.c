// SPDX-License-Identifier: GPL-2.0
/*
 * The settings.
 */
#include <linux/bits.h>
#include <linux/slab.h>

#include "config.h"
#include "event.h"
#include "netlink.h"
#include "netns.h"
#include "target.h"

static const struct {
	u16 attr;
	bool is_u8;
} tct_setting_attrs[TCT_SETTINGS] = {
	[TCT_SETTING_ENABLED]	= { TCPTRACK_A_CONFIG_ENABLED, true },
	[TCT_SETTING_MAX]	= { TCPTRACK_A_CONFIG_FLOWS_MAX },
	[TCT_SETTING_HALF_OPEN_MAX] = { TCPTRACK_A_CONFIG_HALF_OPEN_MAX },
	[TCT_SETTING_KEEP_DETAIL] = { TCPTRACK_A_CONFIG_KEEP_DETAIL, true },
#define TIMEOUT(CLASS)						\
	[TCT_SETTING_TIMEOUT + TCT_CLASS_##CLASS] =		\
		{ TCPTRACK_A_CONFIG_TIMEOUT_##CLASS }
	TIMEOUT(HALF_OPEN),
	TIMEOUT(ESTABLISHED),
	TIMEOUT(HALF_CLOSED),
	TIMEOUT(CLOSING),
	TIMEOUT(TIME_WAIT),
	TIMEOUT(CLOSED),
#undef TIMEOUT
	[TCT_SETTING_CHILDREN_MAX] = { TCPTRACK_A_CONFIG_CHILDREN_MAX },
	[TCT_SETTING_GLOBAL_MAX] = { TCPTRACK_A_CONFIG_GLOBAL_MAX },
};

/* The attributes as they were given */
static int tct_netlink_put_filter(struct sk_buff *skb, const struct tct_net *tn)
{
	const struct tct_event_filter *wanted = tn->config->event_filter;
	u16 type = TCPTRACK_A_CONFIG_EVENT_FILTER | NLA_F_NESTED;

	return wanted ? nla_put(skb, type, wanted->len, wanted->attrs) :
			nla_put(skb, type, 0, NULL);
}

static int tct_netlink_put_settings(struct sk_buff *skb, struct tct_net *tn)
{
	unsigned int i, val, n = TCT_SETTINGS;
	int err = 0;

	if (tn->net != &init_net)
		n = TCT_SETTING_CHILDREN_MAX;
	for (i = 0; i < n && !err; i++) {
		val = tct_config_get(tn, i);
		if (tct_setting_attrs[i].is_u8)
			err = nla_put_u8(skb, tct_setting_attrs[i].attr, val);
		else
			err = nla_put_u32(skb, tct_setting_attrs[i].attr, val);
	}
	return err ?: tct_netlink_put_filter(skb, tn);
}

/* Return: the answer, or ERR_PTR. */
static struct sk_buff *tct_netlink_settings(struct tct_net *tn,
					    struct genl_info *info)
{
	size_t room = TCT_SETTINGS * nla_total_size(sizeof(u32)) +
		      nla_total_size(tn->config->event_filter ?
				     tn->config->event_filter->len : 0);
	struct sk_buff *skb = genlmsg_new(room, GFP_KERNEL);
	void *hdr;

	lockdep_assert_held(&tn->lock);

	if (!skb)
		return ERR_PTR(-ENOMEM);
	hdr = genlmsg_put_reply(skb, info, &tct_netlink_family, 0,
				TCPTRACK_CMD_CONFIG_GET);
	if (!hdr || tct_netlink_put_settings(skb, tn)) {
		nlmsg_free(skb);
		return ERR_PTR(-EMSGSIZE);
	}
	genlmsg_end(skb, hdr);
	return skb;
}

int tcptrack_nl_config_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	struct tct_net *tn;
	struct net *net;

	net = tct_target_one(skb, info->attrs[TCPTRACK_A_CONFIG_NETNS_FD],
			     false, info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	tn = tct_net(net);
	mutex_lock(&tn->lock);
	reply = tct_netlink_settings(tn, info);
	mutex_unlock(&tn->lock);
	put_net(net);
	return IS_ERR(reply) ? PTR_ERR(reply) : genlmsg_reply(reply, info);
}

/* Return: 0, or an error: one of the values is refused, or no memory. */
static int tct_netlink_parse_settings(const struct genl_info *info,
				      const struct tct_net *tn,
				      struct tct_settings *settings)
{
	const struct nlattr *attr;
	const char *refused;
	unsigned int i;

	for (i = 0; i < TCT_SETTINGS; i++) {
		attr = info->attrs[tct_setting_attrs[i].attr];
		if (!attr)
			continue;
		settings->given |= BIT(i);
		settings->val[i] = tct_setting_attrs[i].is_u8 ?
				   nla_get_u8(attr) : nla_get_u32(attr);
		refused = tct_config_refuse(tn, i, settings->val[i]);
		if (refused) {
			/* NL_SET_ERR_MSG_ATTR() takes literals only */
			NL_SET_BAD_ATTR(info->extack, attr);
			info->extack->_msg = refused;
			return -EINVAL;
		}
	}
	/* last, that there is nothing to be freed if another is refused */
	attr = info->attrs[TCPTRACK_A_CONFIG_EVENT_FILTER];
	if (attr) {
		settings->filters = true;
		settings->event_filter = tct_event_filter_alloc(attr,
								info->extack);
		return PTR_ERR_OR_ZERO(settings->event_filter);
	}
	if (settings->given)
		return 0;
	NL_SET_ERR_MSG(info->extack, "there is no setting to change");
	return -EINVAL;
}

int tcptrack_nl_config_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct tct_settings settings = {};
	struct tct_net *tn;
	struct net *net;
	int err;

	net = tct_target_one(skb, info->attrs[TCPTRACK_A_CONFIG_NETNS_FD],
			     true, info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	tn = tct_net(net);
	err = tct_netlink_parse_settings(info, tn, &settings);
	if (err)
		goto out;
	mutex_lock(&tn->lock);
	err = tct_config_apply(tn, &settings);
	mutex_unlock(&tn->lock);
	if (err)
		kfree(settings.event_filter);
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(info->extack,
			       "not enough memory: nothing has changed");
	else if (err)
		NL_SET_ERR_MSG(info->extack,
			       "tracking cannot begin: nothing has changed");
out:
	put_net(net);
	return err;
}
