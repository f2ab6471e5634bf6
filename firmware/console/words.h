/* words.h - numbers of the map as the words people read. The map may be a build's that died in the middle of a write, or a damaged file: a
 * number without a word is "unknown". */
#ifndef FIRMWARE_CONSOLE_WORDS_H
#define FIRMWARE_CONSOLE_WORDS_H
#include "fsm/event.h"

const char *word_symbol(uint16_t sym);        /* "" for SYM_NONE */
const char *word_side(uint8_t side);
const char *word_order_type(uint8_t order_type);
const char *word_time_in_force(uint8_t time_in_force);
const char *word_order_state(uint8_t state);
const char *word_order_reason(uint8_t reason);
const char *word_ladder_state(uint8_t state);
const char *word_stop_state(uint32_t state);
const char *word_regime(uint8_t regime);
const char *word_process_state(uint32_t state);
const char *word_reconcile_state(uint8_t state);
const char *word_recovery_state(uint8_t state);
const char *word_venue_state(uint32_t state);
const char *word_risk_cause(uint8_t cause);
const char *word_cash_kind(uint32_t kind);
const char *word_alarm(uint8_t kind);
const char *word_operator(uint8_t command);
const char *word_phase(uint8_t phase);
const char *word_price_kind(uint32_t kind);
const char *word_calendar(uint8_t calendar);
const char *word_strategy(uint8_t strategy);
const char *word_grade(uint8_t grade);

#endif
