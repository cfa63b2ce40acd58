/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Zeek's history of a connection: a letter for what each end did first, capital
 * for the initiator, in the order in which it was seen.  Pure C.
 *
 *	s SYN   h SYN-ACK   a ACK without data   d data   f FIN   r RST
 *	g octets that nobody saw   t data repeated   w zero window
 */
#ifndef _TCT_LETTERS_H
#define _TCT_LETTERS_H

#include "fsm.h"

/**
 * tct_letters_begin() - what was seen before the flow had its detail part
 * @d: the detail part, its letters empty
 * @f: the flow
 */
void tct_letters_begin(struct tct_detail *d, const struct tct_fsm *f);

/**
 * tct_letters_note() - note what a segment was
 * @d: the detail part
 * @from: the end that sent it
 * @seg: the segment
 * @ev: what came of it
 */
void tct_letters_note(struct tct_detail *d, unsigned int from,
		      const struct tct_segment *seg, u32 ev);

/**
 * tct_letters_print() - as a string
 * @f: the flow
 * @d: its detail part; NULL: of the states alone
 * @buf: what to fill
 *
 * Return: letters in @buf.
 */
unsigned int tct_letters_print(const struct tct_fsm *f,
			       const struct tct_detail *d,
			       char buf[TCT_LETTERS + 1]);

#endif /* _TCT_LETTERS_H */
