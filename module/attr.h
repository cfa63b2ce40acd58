/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink attributes, written where there is known to be room.
 *
 * nla_put() looks for room anew for each attribute, in a few calls.  A flow's
 * record has twenty attributes at least, and a dump a million records: so the
 * room for a whole record is looked for once, and a pointer moved through it.
 * What is written is the same, padding cleared.
 */
#ifndef _TCT_ATTR_H
#define _TCT_ATTR_H

#include <net/netlink.h>

/* All sets of attributes have it there */
#define TCT_ATTR_PAD	1

/**
 * tct_attr_put() - write an attribute's header
 * @at: where; moved behind the attribute
 * @type: its type
 * @len: length of its value
 *
 * Return: where the value goes, and after it what pads it to 4 octets.
 */
static __always_inline void *tct_attr_put(u8 **at, u16 type, unsigned int len)
{
	struct nlattr *nla = (struct nlattr *)*at;

	nla->nla_type = type;
	nla->nla_len = nla_attr_size(len);
	*at += nla_total_size(len);
	return nla_data(nla);
}

/**
 * tct_attr_flag() - write an attribute without a value
 * @at: where
 * @type: its type
 */
static __always_inline void tct_attr_flag(u8 **at, u16 type)
{
	tct_attr_put(at, type, 0);
}

/**
 * tct_attr_u8() - write an octet
 * @at: where
 * @type: its type
 * @val: the octet
 */
static __always_inline void tct_attr_u8(u8 **at, u16 type, u8 val)
{
	__le32 *to = tct_attr_put(at, type, sizeof(val));

	/* with its padding */
	*to = cpu_to_le32(val);
}

/**
 * tct_attr_be16() - write 16 bits in network order
 * @at: where
 * @type: its type
 * @val: the value
 */
static __always_inline void tct_attr_be16(u8 **at, u16 type, __be16 val)
{
	__be16 *to = tct_attr_put(at, type, sizeof(val));

	to[0] = val;
	to[1] = 0;
}

/**
 * tct_attr_u16() - write 16 bits
 * @at: where
 * @type: its type
 * @val: the value
 */
static __always_inline void tct_attr_u16(u8 **at, u16 type, u16 val)
{
	tct_attr_be16(at, type, (__force __be16)val);
}

/**
 * tct_attr_u32() - write 32 bits
 * @at: where
 * @type: its type
 * @val: the value
 */
static __always_inline void tct_attr_u32(u8 **at, u16 type, u32 val)
{
	u32 *to = tct_attr_put(at, type, sizeof(val));

	*to = val;
}

/**
 * tct_attr_be32() - write 32 bits in network order
 * @at: where
 * @type: its type
 * @val: the value
 */
static __always_inline void tct_attr_be32(u8 **at, u16 type, __be32 val)
{
	tct_attr_u32(at, type, (__force u32)val);
}

/**
 * tct_attr_u64() - write 64 bits
 * @at: where
 * @type: its type
 * @val: the value
 *
 * Preceded by an attribute that pads it where the machine needs that.
 */
static __always_inline void tct_attr_u64(u8 **at, u16 type, u64 val)
{
	if (!IS_ENABLED(CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS) &&
	    IS_ALIGNED((unsigned long)*at, sizeof(val)))
		tct_attr_flag(at, TCT_ATTR_PAD);
	memcpy(tct_attr_put(at, type, sizeof(val)), &val, sizeof(val));
}

/**
 * tct_attr_string() - write a string
 * @at: where
 * @type: its type
 * @val: the string
 */
static inline void tct_attr_string(u8 **at, u16 type, const char *val)
{
	unsigned int len = strlen(val) + 1;
	u8 *to = tct_attr_put(at, type, len);

	memcpy(to, val, len);
	memset(to + len, 0, nla_padlen(len));
}

/**
 * tct_attr_nest() - begin an attribute made of attributes
 * @at: where
 * @type: its type
 *
 * Return: what tct_attr_nest_end() asks for.
 */
static __always_inline struct nlattr *tct_attr_nest(u8 **at, u16 type)
{
	struct nlattr *nest = (struct nlattr *)*at;

	tct_attr_flag(at, type | NLA_F_NESTED);
	return nest;
}

/**
 * tct_attr_nest_end() - end an attribute made of attributes
 * @at: where its last attribute ends
 * @nest: as begun
 */
static __always_inline void tct_attr_nest_end(const u8 *at,
					      struct nlattr *nest)
{
	nest->nla_len = at - (u8 *)nest;
}

#endif /* _TCT_ATTR_H */
