/* witness.h - checks a peer's certificates and remembers what BearSSL's verdict leaves out: how many came, and which date failed.
 *
 * A BearSSL certificate engine (br_x509_class) around its "minimal" one, which decides; a second decoder reads the dates along.
 * BearSSL has one error for expired and for not yet valid; a person needs to know which, and when. The struct points into itself. */
#ifndef HAL_LINUX_WITNESS_H
#define HAL_LINUX_WITNESS_H
#include <bearssl.h>

#include "fsm/units.h"

enum witness_dates { WITNESS_IN_TIME, WITNESS_EARLY, WITNESS_LATE };

struct witness {
	const br_x509_class    *vtable;        /* first, as BearSSL asks */
	br_x509_minimal_context minimal;
	br_x509_decoder_context decoder;
	int64_t                 now_s;
	uint32_t                certificates;
	enum witness_dates      dates;        /* of the first certificate that is out of time, the peer's own first */
	int64_t                 limit_s;      /* the second it is valid from, or was valid to */
	int64_t                 leaf_to_s;    /* the peer's own is valid to; 0 before it came */
};

/* The time is of the wall, explicit; the roots stay the caller's. */
void witness_init(struct witness *witness, const br_x509_trust_anchor *roots, size_t roots_n, int64_t now_s);

#endif
