/* runner_tape.h - the tape of a run by protocol: `run --tape MIB` keeps what the drivers hear (hal/venues/port.h) and what their owners ask of them, in
 * HOME/tape.feed and HOME/tape.desk; `tickwork replay HOME` (firmware/modes/replay_day.c) runs the same drivers and the same workers over it.
 *
 *   HEAD    a struct tape_head                        STATE   the desk as it was before its first input
 *   CALL    number: enum tape_call; value: its argument
 *   TOLD    what the market's driver has handed over  SENT    what the desk hands to its driver
 *   INPUT   of the desk, that no worker here makes: from its driver, its timers, the operator, the watchdog. number: its flags
 *   END     value: inputs of the desk (events of the feed); its bytes: the state hash
 * The files are given their room in BOOT. Full, or not writable: recording ends, that is said once and counted (struct tape, full); nothing else changes. The
 * life of a process that died is on no tape: it ends where that one did, without an END. No key is on a tape. Row P15. */
#ifndef FIRMWARE_RUNNER_TAPE_H
#define FIRMWARE_RUNNER_TAPE_H
#include "fsm/desk/desk.h"
#include "hal/tape.h"
#include "hal/wire/dns.h"

enum { TAPE_BUFFER_BYTES = 1 << 14, TAPE_BUILD_BYTES = 64 };
#define TAPE_FEED_NAME "tape.feed"
#define TAPE_DESK_NAME "tape.desk"

enum tape_call { TAPE_CALL_START, TAPE_CALL_SYNC, TAPE_CALL_MOMENT, TAPE_CALL_GO, TAPE_CALL_IDLE, TAPE_CALLS_N };

/* All that the processes of the run were told beside what is on the tape. Without padding: it goes out as it is. */
struct tape_head {
	char            build[TAPE_BUILD_BYTES];
	uint64_t        journal_id, desk_bytes;
	int64_t         since_t_ns;                            /* of the desk's driver */
	struct settings settings;
	int32_t         warm_days;
	uint16_t        trade_port, data_port;
	uint32_t        key_bytes, secret_bytes, has_vix;      /* the lengths of what is hidden */
	char            trade_host[DNS_NAME_BYTES], data_host[DNS_NAME_BYTES], stream_host[DNS_NAME_BYTES];
};

#endif
