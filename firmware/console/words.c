#include "firmware/console/words.h"

#include "fsm/account/reconcile.h"
#include "fsm/care/process.h"
#include "fsm/care/recovery.h"
#include "fsm/desk/order.h"
#include "fsm/feed/calendar.h"
#include "fsm/risk/ladder.h"
#include "fsm/risk/stop.h"
#include "fsm/settings.h"
#include "strategies/signals/signal.h"

#define REASON_TEXT(name, text) [ORDER_REASON_##name] = text,
static const char *const reason_word[] = { ORDER_REASONS(REASON_TEXT) };
static const char *const side_word[] = { [SIDE_BUY] = "BUY", [SIDE_SELL] = "SELL" };
static const char *const order_type_word[] = { [ORDER_TYPE_MARKET] = "MARKET", [ORDER_TYPE_LIMIT] = "LIMIT" };
static const char *const time_in_force_word[] = { [TIF_OPEN] = "OPEN", [TIF_DAY] = "DAY", [TIF_GTC] = "GTC", [TIF_IOC] = "IOC" };
static const char *const venue_state_word[VENUE_STATES_N] = {
	[VENUE_DOWN] = "down", [VENUE_SYNCING] = "syncing", [VENUE_UP] = "up", [VENUE_REFUSED] = "refused"
};
static const char *const risk_cause_word[RISK_CAUSES_N] = {
	[RISK_DRAWDOWN] = "drawdown", [RISK_STOP] = "stop", [RISK_OPERATOR] = "operator", [RISK_STALE] = "stale data", [RISK_REVIEW] = "review",
	[RISK_CORRELATION] = "correlation"
};
static const char *const cash_kind_word[CASH_KINDS_N] = {
	[CASH_DIVIDEND] = "dividend", [CASH_FEE] = "fee", [CASH_INTEREST] = "interest", [CASH_TRANSFER] = "transfer"
};
static const char *const alarm_word[ALARM_KINDS_N] = {
	[ALARM_STOP_HALF] = "stop half", [ALARM_STOP_EXIT] = "stop exit", [ALARM_RECOVERED] = "recovered", [ALARM_STALE] = "stale",
	[ALARM_STOP_NEAR] = "near its stop", [ALARM_OVERSIZED] = "oversized", [ALARM_VOLATILE] = "volatile", [ALARM_VAR_SHARE] = "share of VaR"
};
_Static_assert((int)ALARM_KINDS_N == (int)ALARM_VAR_SHARE + 1, "alarm_word names them all");
#define OPERATOR_WORD(name) [OPERATOR_##name] = #name,
static const char *const operator_word[OPERATOR_COMMANDS_N] = { OPERATOR_COMMANDS(OPERATOR_WORD) };
static const char *const phase_word[TICK_PHASES_N] = { [TICK_OPEN] = "open", [TICK_CLOSE] = "close", [TICK_DAY_END] = "day end" };
static const char *const price_word[] = { [PRICE_OPEN] = "open", [PRICE_CLOSE] = "close", [PRICE_TRADE] = "trade" };
#define STRATEGY_WORD(name) [STRATEGY_##name] = #name,
static const char *const strategy_word[STRATEGY_COUNT] = { STRATEGIES(STRATEGY_WORD) };

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
const char *word_reconcile_state(uint8_t state) { return state_word(&reconcile_machine, state); }
const char *word_recovery_state(uint8_t state) { return state_word(&recovery_machine, state); }
const char *word_venue_state(uint32_t state) { return WORD(venue_state_word, state); }
const char *word_risk_cause(uint8_t cause) { return WORD(risk_cause_word, cause); }
const char *word_cash_kind(uint32_t kind) { return WORD(cash_kind_word, kind); }
const char *word_alarm(uint8_t kind) { return WORD(alarm_word, kind); }
const char *word_operator(uint8_t command) { return WORD(operator_word, command); }
const char *word_phase(uint8_t phase) { return WORD(phase_word, phase); }
const char *word_price_kind(uint32_t kind) { return WORD(price_word, kind); }
const char *word_calendar(uint8_t calendar) { return calendar < CALENDARS_N ? calendar_name((enum calendar_id)calendar) : "unknown"; }
const char *word_strategy(uint8_t strategy) { return WORD(strategy_word, strategy); }
const char *word_grade(uint8_t grade) { return grade < GRADE_COUNT ? grade_text((enum grade)grade) : "unknown"; }
