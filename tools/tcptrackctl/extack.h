/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why the kernel refuses a request: errors with extended acknowledgments, which
 * libmnl leaves to its users.
 */
#ifndef _CTL_EXTACK_H
#define _CTL_EXTACK_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/netlink.h>

#define EXTACK_MESSAGE	256	/* octets that are kept */

/**
 * struct extack - a refusal
 * @error: errno; 0: it is none
 * @message: the kernel's words; empty: there are none
 * @offset: of the attribute that is complained about, in the request; 0: none
 */
struct extack {
	int error;
	char message[EXTACK_MESSAGE];
	uint32_t offset;
};

/**
 * extack_parse() - take the end of an answer apart
 * @extack: the result
 * @nlh: NLMSG_ERROR or NLMSG_DONE
 */
void extack_parse(struct extack *extack, const struct nlmsghdr *nlh);

/**
 * extack_attr() - the attribute that is complained about
 * @extack: -
 * @request: what was refused
 *
 * Return: the attribute, or that which it is nested in; NULL: none is.
 */
const struct nlattr *extack_attr(const struct extack *extack,
				 const struct nlmsghdr *request);

/**
 * extack_is_unknown_attr() - is it about an attribute that the kernel does not
 * know?
 * @extack: -
 *
 * Return: whether.
 */
bool extack_is_unknown_attr(const struct extack *extack);

#endif /* _CTL_EXTACK_H */
