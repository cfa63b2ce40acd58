/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SIGINT and SIGTERM, read where it suits: for what goes on until then.
 */
#ifndef _CTL_INTERRUPT_H
#define _CTL_INTERRUPT_H

#include <stdbool.h>

/**
 * interrupt_open() - do not end at once any more
 *
 * Return: a descriptor that can be polled; -1: it could not be; it has been said
 * why.
 */
int interrupt_open(void);

/**
 * interrupt_came() - is it time to end?
 * @fd: as of interrupt_open()
 *
 * Return: whether; said once for each signal.
 */
bool interrupt_came(int fd);

/**
 * interrupt_close() - as before
 * @fd: as of interrupt_open()
 */
void interrupt_close(int fd);

#endif /* _CTL_INTERRUPT_H */
