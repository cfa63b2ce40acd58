// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "extack.h"

static int extack_attr_cb(const struct nlattr *attr, void *data)
{
	struct extack *extack = data;

	switch (mnl_attr_get_type(attr)) {
	case NLMSGERR_ATTR_MSG:
		if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			snprintf(extack->message, sizeof(extack->message),
				 "%s", mnl_attr_get_str(attr));
		break;
	case NLMSGERR_ATTR_OFFS:
		if (mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			extack->offset = mnl_attr_get_u32(attr);
		break;
	}
	return MNL_CB_OK;
}

/* Octets of the payload that stand before the attributes; what the kernel echoes
 * of the request is among them, unless it is asked not to
 */
static size_t extack_fixed(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t len = sizeof(*err);

	if (nlh->nlmsg_type == NLMSG_DONE)
		return sizeof(int);
	if (mnl_nlmsg_get_payload_len(nlh) >= len &&
	    !(nlh->nlmsg_flags & NLM_F_CAPPED) &&
	    err->msg.nlmsg_len > sizeof(err->msg))
		len += err->msg.nlmsg_len - sizeof(err->msg);
	return MNL_ALIGN(len);
}

void extack_parse(struct extack *extack, const struct nlmsghdr *nlh)
{
	size_t fixed;
	int error;

	memset(extack, 0, sizeof(*extack));
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(error)) {
		extack->error = EBADMSG;
		return;
	}
	memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));
	extack->error = error < 0 ? -error : 0;
	fixed = extack_fixed(nlh);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS &&
	    mnl_nlmsg_get_payload_len(nlh) >= fixed)
		mnl_attr_parse(nlh, fixed, extack_attr_cb, extack);
}

const struct nlattr *extack_attr(const struct extack *extack,
				 const struct nlmsghdr *request)
{
	const struct nlattr *attr;

	if (!extack->offset)
		return NULL;
	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr)) {
		size_t at = (const char *)attr - (const char *)request;

		if (extack->offset >= at &&
		    extack->offset < at + attr->nla_len)
			return attr;
	}
	return NULL;
}

bool extack_is_unknown_attr(const struct extack *extack)
{
	return extack->error == EINVAL &&
	       !strncmp(extack->message, "Unknown attribute", 17);
}
