// SPDX-License-Identifier: GPL-2.0
/*
 * The settings.
 */
#include <linux/bits.h>

#include "config.h"
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

static int tct_netlink_put_settings(struct sk_buff *skb, struct tct_net *tn)
{
	unsigned int i, val, n = TCT_SETTINGS;
	int err = 0;

	if (tn->net != &init_net)
		n = TCT_SETTING_CHILDREN_MAX;
	mutex_lock(&tn->lock);
	for (i = 0; i < n && !err; i++) {
		val = tct_config_get(tn, i);
		if (tct_setting_attrs[i].is_u8)
			err = nla_put_u8(skb, tct_setting_attrs[i].attr, val);
		else
			err = nla_put_u32(skb, tct_setting_attrs[i].attr, val);
	}
	mutex_unlock(&tn->lock);
	return err;
}

int tcptrack_nl_config_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	struct net *net;
	void *hdr;
	int err;

	net = tct_target_one(skb, info->attrs[TCPTRACK_A_CONFIG_NETNS_FD],
			     false, info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	err = -ENOMEM;
	reply = genlmsg_new(TCT_SETTINGS * nla_total_size(sizeof(u32)),
			    GFP_KERNEL);
	if (!reply)
		goto out;
	hdr = genlmsg_put_reply(reply, info, &tct_netlink_family, 0,
				TCPTRACK_CMD_CONFIG_GET);
	err = hdr ? tct_netlink_put_settings(reply, tct_net(net)) : -EMSGSIZE;
	if (err) {
		nlmsg_free(reply);
		goto out;
	}
	genlmsg_end(reply, hdr);
	err = genlmsg_reply(reply, info);
out:
	put_net(net);
	return err;
}

/* Return: 0, or -EINVAL: one of the values is refused. */
static int tct_netlink_parse_settings(const struct genl_info *info,
				      const struct tct_net *tn,
				      struct tct_settings *settings)
{
	const struct nlattr *attr;
	const char *refused;
	unsigned int i;

	settings->given = 0;
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
	if (settings->given)
		return 0;
	NL_SET_ERR_MSG(info->extack, "there is no setting to change");
	return -EINVAL;
}

int tcptrack_nl_config_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct tct_settings settings;
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
