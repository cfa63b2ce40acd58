/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events on standard output, for programs and for people: one a line, as they
 * come.
 */
#ifndef _CTL_EVENT_PRINT_H
#define _CTL_EVENT_PRINT_H

#include "event.h"
#include "flow_print.h"
#include "tally.h"

/**
 * struct event_list - events that are being printed
 * @options: -
 * @flows: what prints what is in them
 */
struct event_list {
	struct ctl_options options;
	struct flow_list flows;
};

/**
 * event_list_begin() - begin to print events
 * @list: -
 * @options: -
 *
 * Return: false: it could not be done; it has been said why.
 */
bool event_list_begin(struct event_list *list,
		      const struct ctl_options *options);

/**
 * event_list_event() - print an event
 * @list: -
 * @event: -
 */
void event_list_event(struct event_list *list, const struct event *event);

/**
 * event_list_flow() - print a flow of which there is no event
 * @list: -
 * @word: what is with it
 * @record: the flow
 */
void event_list_flow(struct event_list *list, const char *word,
		     const struct record *record);

/**
 * event_list_lost() - say that events were lost
 * @list: -
 * @lost: how many
 * @total: and how many in all
 */
void event_list_lost(struct event_list *list, uint64_t lost, uint64_t total);

/**
 * event_list_sync() - say that what follows is complete
 * @list: -
 */
void event_list_sync(struct event_list *list);

/**
 * event_list_gone() - say that flows have ended unseen
 * @list: -
 * @flows: how many
 */
void event_list_gone(struct event_list *list, uint64_t flows);

/**
 * event_list_end() - end it, with the account on standard error
 * @list: -
 * @tally: the account
 * @shown: events that have been printed
 */
void event_list_end(struct event_list *list, const struct tally *tally,
		    uint64_t shown);

#endif /* _CTL_EVENT_PRINT_H */
