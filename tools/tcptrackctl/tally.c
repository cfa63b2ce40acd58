// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "tally.h"

/**
 * struct tally_stream - numbers of one namespace, CPU and topic
 * @next_in_slot: another one
 * @key: -
 * @last: up to this number all are accounted for
 * @heard: an event has been received
 */
struct tally_stream {
	struct tally_stream *next_in_slot;
	struct tally_key key;
	uint64_t last;
	bool heard;
};

static bool tally_is(const struct tally_key *a, const struct tally_key *b)
{
	return a->netns == b->netns && a->cpu == b->cpu && a->topic == b->topic;
}

/* Return: NULL: no memory. */
static struct tally_stream *tally_find(struct tally *tally,
				       const struct tally_key *key)
{
	uint64_t hash = key->netns * 31 + key->cpu * 4 + key->topic;
	struct tally_stream **slot = &tally->slot[hash & (TALLY_SLOTS - 1)];
	struct tally_stream *stream;

	for (stream = *slot; stream; stream = stream->next_in_slot)
		if (tally_is(&stream->key, key))
			return stream;
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return NULL;
	stream->key = *key;
	stream->next_in_slot = *slot;
	*slot = stream;
	return stream;
}

int tally_base(struct tally *tally, const struct tally_key *key, uint64_t last)
{
	struct tally_stream *stream = tally_find(tally, key);

	if (!stream)
		return -ENOMEM;
	stream->last = last;
	return 0;
}

int tally_event(struct tally *tally, const struct tally_key *key, uint64_t seq)
{
	struct tally_stream *stream = tally_find(tally, key);

	if (!stream)
		return -ENOMEM;
	/* between joining and asking for the base some are ours already */
	if (seq <= stream->last)
		stream->last = stream->heard ? 0 : seq - 1;
	stream->heard = true;
	tally->received++;
	tally->generated += seq - stream->last;
	tally->lost += seq - stream->last - 1;
	stream->last = seq;
	return 0;
}

int tally_last(struct tally *tally, const struct tally_key *key, uint64_t last)
{
	struct tally_stream *stream = tally_find(tally, key);

	if (!stream)
		return -ENOMEM;
	/* meanwhile there may be more than that */
	if (last <= stream->last)
		return 0;
	tally->generated += last - stream->last;
	tally->lost += last - stream->last;
	stream->last = last;
	return 0;
}

void tally_free(struct tally *tally)
{
	struct tally_stream *stream, *next;
	unsigned int i;

	for (i = 0; i < TALLY_SLOTS; i++) {
		for (stream = tally->slot[i]; stream; stream = next) {
			next = stream->next_in_slot;
			free(stream);
		}
		tally->slot[i] = NULL;
	}
}
