// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>

#include "letters.h"

enum tct_letter {
	TCT_LETTER_NONE,
	TCT_LETTER_SYN,
	TCT_LETTER_SYNACK,
	TCT_LETTER_ACK,
	TCT_LETTER_DATA,
	TCT_LETTER_FIN,
	TCT_LETTER_RST,
	TCT_LETTER_GAP,
	TCT_LETTER_RETRANS,
	TCT_LETTER_ZEROWIN,
};

#define TCT_LETTER_BITS	5
#define TCT_LETTER_MASK	((1 << TCT_LETTER_BITS) - 1)
#define TCT_LETTER_PEER	0x10	/* the responder's */

/* By the code: the initiator's in capitals */
static const char tct_letter_text[] = "?SHADFRGTW???????shadfrgtw??????";

/* Once an end; what finds no room is not noted */
static void tct_letter_add(u64 *letters, unsigned int from,
			   enum tct_letter letter)
{
	u64 code = letter | (from ? TCT_LETTER_PEER : 0);
	unsigned int i;

	for (i = 0; i < TCT_LETTERS * TCT_LETTER_BITS; i += TCT_LETTER_BITS) {
		u64 there = *letters >> i & TCT_LETTER_MASK;

		if (there == code)
			return;
		if (!there) {
			*letters |= code << i;
			return;
		}
	}
}

static void tct_letters_add_syn(u64 *letters, const struct tct_fsm *f,
				unsigned int who)
{
	const struct tct_end *e = &f->end[who];

	if ((e->flags & (TCT_END_SYN | TCT_END_SEEN)) ==
	    (TCT_END_SYN | TCT_END_SEEN))
		tct_letter_add(letters, who, who && !(f->flags & TCT_F_SIMOPEN)
					     ? TCT_LETTER_SYNACK :
					       TCT_LETTER_SYN);
}

static void tct_letters_add_state(u64 *letters, const struct tct_fsm *f,
				  unsigned int who)
{
	/* both: of neither is tct_predict() asked to tell once it has been seen */
	if (f->flags & TCT_F_PURE(who))
		tct_letter_add(letters, who, TCT_LETTER_ACK);
	if (f->end[who].flags & TCT_END_DATA)
		tct_letter_add(letters, who, TCT_LETTER_DATA);
}

static void tct_letters_add_fin(u64 *letters, const struct tct_fsm *f,
				unsigned int who)
{
	if (f->end[who].flags & TCT_END_FIN)
		tct_letter_add(letters, who, TCT_LETTER_FIN);
}

static u64 tct_letters_of(const struct tct_fsm *f)
{
	unsigned int who, closer = !!(f->flags & TCT_F_CLOSER_1);
	u64 letters = 0;

	for (who = 0; who < 2; who++)
		tct_letters_add_syn(&letters, f, who);
	for (who = 0; who < 2; who++)
		tct_letters_add_state(&letters, f, who);
	tct_letters_add_fin(&letters, f, closer);
	tct_letters_add_fin(&letters, f, !closer);
	if ((f->end[0].flags | f->end[1].flags) & TCT_END_RESET)
		tct_letter_add(&letters, !!(f->flags & TCT_F_RST_1),
			       TCT_LETTER_RST);
	return letters;
}

void tct_letters_begin(struct tct_detail *d, const struct tct_fsm *f)
{
	d->letters = tct_letters_of(f);
}

void tct_letters_note(struct tct_detail *d, unsigned int from,
		      const struct tct_segment *seg, u32 ev)
{
	u64 *letters = &d->letters;

	if (seg->flags & TCT_RST) {
		tct_letter_add(letters, from, TCT_LETTER_RST);
		return;
	}
	if (seg->flags & TCT_SYN) {
		tct_letter_add(letters, from, seg->flags & TCT_ACK ?
			       TCT_LETTER_SYNACK : TCT_LETTER_SYN);
		return;
	}
	if (ev & TCT_EV_GAP)
		tct_letter_add(letters, from, TCT_LETTER_GAP);
	if (seg->len && ev & TCT_EV_RETRANS)
		tct_letter_add(letters, from, TCT_LETTER_RETRANS);
	if (seg->len)
		tct_letter_add(letters, from, TCT_LETTER_DATA);
	else if (!(seg->flags & TCT_FIN))
		tct_letter_add(letters, from, TCT_LETTER_ACK);
	if (ev & TCT_EV_ZEROWIN)
		tct_letter_add(letters, from, TCT_LETTER_ZEROWIN);
	if (seg->flags & TCT_FIN)
		tct_letter_add(letters, from, TCT_LETTER_FIN);
}

unsigned int tct_letters_print(const struct tct_fsm *f,
			       const struct tct_detail *d,
			       char buf[TCT_LETTERS + 1])
{
	u64 letters = d ? d->letters : tct_letters_of(f);
	char *at = buf;

	/* ends, since there are no more than TCT_LETTERS of so many bits */
	for (; letters; letters >>= TCT_LETTER_BITS)
		*at++ = tct_letter_text[letters & TCT_LETTER_MASK];
	*at = '\0';
	return at - buf;
}
