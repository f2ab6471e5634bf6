/* restage.h - a run by protocol once more, from its tapes (firmware/runner_tape.h) and without a venue: what came in is said again to the same drivers, what
 * these tell goes to the same workers, and what comes out must be what came out then.
 *
 *   restage_open    reads both tapes; false: they are no tapes of this build, or damaged
 *   restage_feed    the market's driver over its tape: each request, and each event that it tells, is the one of the run
 *   restage_desk    the driver of the orders: the same, and each order of the run becomes the same bytes
 *   restage_run     all workers in one process, from the market's events and from those inputs of the desk that no worker makes: each order is the one
 *                   of the run, and so is the last state of the desk
 * Each is false after the first difference; `sentence` says what and where. The three together: bytes in, the same orders, the same bytes out.
 * Nothing is sent. One at a time in a process. Row P15. */
#ifndef FIRMWARE_MODES_RESTAGE_H
#define FIRMWARE_MODES_RESTAGE_H
#include "firmware/runner.h"

enum { RESTAGE_SENTENCE_BYTES = 768, RESTAGE_KEY_BYTES = 256 };

struct restage {
	const char         *folder;
	struct tape         feed, desk;
	struct tape_head    head, feed_head;         /* of the desk's tape, of the feed's */
	const uint8_t      *state;                   /* of the desk, as it was before */
	struct runner      *runner;                  /* of the driver that plays */
	struct runner_plan  plan;
	struct runner_world world;
	struct memory_map  *map;
	struct pump         pump;
	struct worker_rooms rooms;
	struct hal          hal;
	struct event       *input;                   /* of the desk, those of the tape */
	struct tape         orders;                  /* the desk's tape again, where the next order of the run is */
	char                key[RESTAGE_KEY_BYTES], secret[RESTAGE_KEY_BYTES];
	uint32_t            inputs_n;
	uint64_t            bytes_in, requests, told, sent;
	uint64_t            last_input, last_hash;   /* of the run */
	bool                is_bad_input;            /* the sentence is of the files, not of a difference */
	char                sentence[RESTAGE_SENTENCE_BYTES];
};

/* The struct is the caller's, zeroed. */
bool restage_open(struct restage *restage, const char *folder);
bool restage_feed(struct restage *restage);
bool restage_desk(struct restage *restage);
bool restage_run(struct restage *restage);

#endif
