#include "firmware/console/words.h"

#include "fsm/care/process.h"
#include "fsm/desk/order.h"
#include "fsm/risk/ladder.h"
#include "fsm/risk/stop.h"
#include "fsm/settings.h"
#include "strategies/signals/signal.h"

#define REASON_TEXT(name, text) [ORDER_REASON_##name] = text,
static const char *const reason_word[] = { ORDER_REASONS(REASON_TEXT) };
static const char *const side_word[] = { [SIDE_BUY] = "BUY", [SIDE_SELL] = "SELL" };
static const char *const order_type_word[] = { [ORDER_TYPE_MARKET] = "MARKET", [ORDER_TYPE_LIMIT] = "LIMIT" };
static const char *const time_in_force_word[] = { [TIF_OPEN] = "OPEN", [TIF_DAY] = "DAY", [TIF_GTC] = "GTC", [TIF_IOC] = "IOC" };

#define WORD(table, index) ((size_t)(index) < sizeof(table) / sizeof((table)[0]) ? (table)[index] : "unknown")
static const char *state_word(const struct machine *machine, uint32_t state) { return state < machine->states ? machine->state_name[state] : "unknown"; }

const char *word_symbol(uint16_t sym) { return sym < UNIVERSE_N ? universe[sym].symbol : ""; }
const char *word_side(uint8_t side) { return WORD(side_word, side); }
const char *word_order_type(uint8_t order_type) { return WORD(order_type_word, order_type); }
const char *word_time_in_force(uint8_t time_in_force) { return WORD(time_in_force_word, time_in_force); }
const char *word_order_reason(uint8_t reason) { return WORD(reason_word, reason); }
const char *word_order_state(uint8_t state) { return state_word(&order_machine, state); }
const char *word_ladder_state(uint8_t state) { return state_word(&ladder_machine, state); }
const char *word_stop_state(uint32_t state) { return state_word(&stop_machine, state); }
const char *word_process_state(uint32_t state) { return state_word(&process_machine, state); }
const char *word_regime(uint8_t regime) { return regime < REGIME_COUNT ? regime_text(regime) : "unknown"; }
