/* parts.h - what the files of this folder ask of each other beside house.h. */
#ifndef FIRMWARE_SIM_PARTS_H
#define FIRMWARE_SIM_PARTS_H
#include "firmware/sim/house.h"

/* The market of a seed; its first session is on or after first_day, what is before it is history. */
void house_market(struct bars *bars, uint64_t seed, int32_t from_day, int32_t first_day, int32_t to_day);

/* The operator looks, and acts when it is time. */
void house_person_turn(struct house *house);

/* The desk's process has opened its venue: what it sends is looked at on its way (checks.c). */
void house_checks_attach(struct house *house, struct runner *runner);
/* The same sum as order_table_open_qty_e8, made by somebody else. */
int64_t house_open_e8(const struct desk *desk, uint16_t sym, uint8_t side);
/* True when this id was not in the set, and now is. */
bool house_is_first(uint64_t *set, uint64_t cells, uint64_t id);
/* A driver begins its life; it has told an event (word.c). */
void house_word_begin(struct house *house);
void house_check_word(struct house *house, const struct event *event);
void house_check_names(struct house *house, const struct alpaca_trading *trading);
/* After a turn of the desk. */
void house_check_desk(struct house *house);
/* Between turns. */
void house_audit(struct house *house);
/* The days are over and all is quiet. */
void house_check_end(struct house *house);
/* The desk does not start on what a disk that lied has left it. */
void house_check_refused(struct house *house);

#endif
