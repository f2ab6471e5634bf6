/* reach.h - where a venue is and how its connections are made: one value that every connection of a driver shares.
 *
 * What it points to outlives the connections. Time of the wall is read here, for the dates of certificates and for nothing else. */
#ifndef HAL_VENUES_REACH_H
#define HAL_VENUES_REACH_H
#include "hal/linux/stream.h"

struct reach {
	struct dns           *dns;
	const char           *host;
	uint16_t              port;
	const struct anchors *anchors;
	struct tls_sessions  *sessions;          /* or null */
	struct stream_limits  limits;
	int32_t               connects_per_min;  /* budget of each connection */
};

/* Begins to connect a closed stream; false when the kernel gave no random bytes: as a connection that failed. */
bool    reach_connect(const struct reach *reach, struct stream *stream);
int64_t reach_wall_s(void);

#endif
