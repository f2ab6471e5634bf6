/* port.h - what a venue's driver hears of the world beside its owner: time, chance, its timers, its connections. All of it passes the tape here, as
 * plaintext after TLS and before the codec.
 *
 * Without a tape each call is the kernel's or the loop's own. With one that records, each answer and each word is kept in the order in which it came:
 *   NOW, RANDOM, WALL   the answer                        TIMER    number: which timer of the driver's, by the order of port_timer
 *   STREAM              number: which connection, by the order of port_stream; value: the event, + PORT_ORDERLY when its end was orderly
 *   READ                number: the connection; its bytes WROTE    number: the connection; value: taken of offered bytes; its bytes: what was
 *                                                                  offered, of requests only, and keys as stars
 * With one that plays, the driver is called in that order (port_play) and asked for nothing else; the kernel is not asked. What the driver writes
 * must be what it wrote. Chance that only TLS sees is not kept, nor is what it enciphers: frames to the venue are masked, so their length alone counts.
 *
 * A tape is of one driver; tables below are for its connections and timers. Row P15. */
#ifndef HAL_VENUES_PORT_H
#define HAL_VENUES_PORT_H
#include "hal/linux/loop.h"
#include "hal/linux/stream.h"
#include "hal/tape.h"

enum { PORT_TIMERS_MAX = 16, PORT_STREAMS_MAX = 8, PORT_HIDDEN_MAX = 2, PORT_ORDERLY = 1 << 8, PORT_REQUEST_BYTES_MAX = 1 << 12 };

/* From now on, before a driver is made; null: none. What plays needs a virtual loop (loop_open_virtual). */
void port_use(struct tape *tape);
/* A key: on the tape it is stars. The text outlives its use. */
void port_hide(const char *text);
/* Plays on until an entry that is the owner's; false at the end of the tape, or where it diverged. */
bool port_play(struct tape_entry *entry, const uint8_t **payload);

int64_t  port_now_ns(void);
int64_t  port_wall_ns(void);
uint64_t port_chance(void);
/* As loop_timer and stream_init. */
int    port_timer(loop_due_fn *fn, void *self);
void   port_stream(struct stream *stream, stream_fn *fn, void *self);
size_t port_read(struct stream *stream, void *into, size_t room);
size_t port_write(struct stream *stream, const void *from, size_t bytes);

#endif
