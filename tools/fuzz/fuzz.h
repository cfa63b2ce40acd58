/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzzers share.
 */
#ifndef _FUZZ_FUZZ_H
#define _FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/types.h>

/* What libFuzzer calls, and what it lets be called */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed);

/* Something that must hold does not: libFuzzer keeps the input */
#define fuzz_fail(...) do { \
	fprintf(stderr, "broken: " __VA_ARGS__); \
	fprintf(stderr, " (%s:%d)\n", __FILE__, __LINE__); \
	abort(); \
} while (0)

#define fuzz_assert(cond) do { \
	if (__builtin_expect(!(cond), 0)) \
		fuzz_fail("%s", #cond); \
} while (0)

#endif /* _FUZZ_FUZZ_H */
