// SPDX-License-Identifier: GPL-2.0
/*
 * What a flow is to the table, in each pair of states that it can come to.
 */
#include "stage.h"

/* The class that enum tct_class says, whichever end is in which state */
static void class_of_every_stage(struct conn *c)
{
	const struct stage *stage = NULL;
	struct conn start = *c;
	struct tct_end end;

	while (stage_next(c, &start, &stage)) {
		conn_expect_class(c, stage->class, __FILE__, __LINE__);
		end = c->f.end[0];
		c->f.end[0] = c->f.end[1];
		c->f.end[1] = end;
		conn_expect_class(c, stage->class, __FILE__, __LINE__);
	}
}

/* A flow that only one end was ever heard of counts as half-open, whatever that
 * end says of itself: who floods cannot spend more than half-open flows may
 */
static void one_voice_stays_half_open(struct conn *c)
{
	unsigned int i;

	midstream(c);
	for (i = 0; i < 3; i++) {
		data(c, A, 10);
		expect_class(c, HALF_OPEN);
		expect_flags(c, TCT_F_PICKUP | TCT_F_UNANSWERED |
			     TCT_F_HS_DONE);
	}
	fin(c, A);
	expect_class(c, HALF_OPEN);
}

/* The class of a TIME_WAIT is that of what it was opened for anew */
static void reused_is_half_open(struct conn *c)
{
	finish(c);
	expect_class(c, TIME_WAIT);
	renew(c);
	syn(c, A);
	expect_class(c, HALF_OPEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(class_of_every_stage),
		scenario(one_voice_stays_half_open),
		scenario(reused_is_half_open),
	};

	return cmocka_run_group_tests_name("class", tests, NULL, NULL);
}
