/* order_model.h - the desk as the exhaustive model of orders sees it: a word of bits, and what the real desk makes of it with one input.
 *
 * A word is everything of the desk's state that orders, sessions and comparisons leave behind, in one symbol at one price: the orders in two places,
 * the position, the machines of recovery and reconciliation, what is owed. It is put into a real desk, desk_step takes one real event, and what
 * comes out is a word again. A step depends on its state and its event and nothing else, so each pair is stepped once and remembered. */
#ifndef TESTS_FSM_ORDER_MODEL_H
#define TESTS_FSM_ORDER_MODEL_H
#include "fsm/desk/desk.h"

enum { PLACES = 2, UNITS_MOST = 2, WORDS_MAX = 1 << 18 };

/* An order in a place: booked is a bit for each of its executions, of one unit each. */
struct model_order { uint8_t state, qty, booked, side, reduces; };

#define MODEL_FIELDS(X)                                                                                       \
	X(state0, 3) X(qty0, 2) X(booked0, 2) X(side0, 1) X(reduces0, 1)                                      \
	X(state1, 3) X(qty1, 2) X(booked1, 2) X(side1, 1) X(reduces1, 1)                                      \
	X(position, 2) X(recovery, 3) X(venue, 2) X(tries, 2) X(armed, 1) X(reconcile, 3) X(compared, 1)      \
	X(owed_all, 1) X(owed_qty, 2) X(held, 1) X(halted, 1)
#define MODEL_FIELD(name, bits) uint8_t name;
struct model_desk { MODEL_FIELDS(MODEL_FIELD) };

struct model_order model_order_of(const struct model_desk *desk, int place);
static inline int  model_units(uint8_t booked) { return (booked & 1) + (booked >> 1); }

/* Inputs of the desk: of the book, then for each place. A fill has four: which execution, and of which side. */
enum model_input {
	INPUT_BUY, INPUT_SELL, INPUT_DOWN, INPUT_SYNCING, INPUT_UP, INPUT_REFUSED, INPUT_CARE, INPUT_SNAPSHOT, INPUT_DAY_END, INPUT_HALT, INPUT_RESUME,
	INPUT_FLATTEN, INPUT_OF_PLACES
};
enum model_word_of_venue { OF_ACK, OF_REJECTED, OF_CANCELLED, OF_EXPIRED, OF_CANCEL_REJECTED, OF_NOT_FOUND, OF_MAYBE, OF_TIMEOUT, OF_FILL, OF_N = OF_FILL + 4 };
enum { INPUTS_N = INPUT_OF_PLACES + PLACES * OF_N };
static inline int model_input_of(int place, int of) { return INPUT_OF_PLACES + place * OF_N + of; }

/* What must not be seen in a step of the desk. */
#define MODEL_WRONGS(X)                                                                                       \
	X(NOTHING, "nothing") X(RESENT, "an order was sent a second time")                                    \
	X(LARGER, "an order is larger than the wish")                                                         \
	X(FORGOT_FILL, "an order does not have its fills")                                                    \
	X(POSITION, "the position is not what can be held")                                                   \
	X(BLIND, "risk was added while an order or the books were in doubt")                                  \
	X(PAGES, "a duty was left for another step")
#define MODEL_WRONG_ID(name, text) WRONG_##name,
enum model_wrong { MODEL_WRONGS(MODEL_WRONG_ID) WRONGS_N };
extern const char *const model_wrong_text[WRONGS_N];

/* to: the word after it. Of an order that was made: qty (0: none), its side, and whether its record must be durable before it leaves. */
struct model_reaction { uint32_t to; uint8_t wrong, cancels, qty; bool is_known : 1, is_sale : 1, syncs : 1; };

/* Forgets everything and returns the number of the first word: a desk without orders that was told its venue is away, and
 * whose strategies wish for so many units. */
uint32_t model_begin(int units);
/* What the desk does; an order that it makes stands in this place. */
struct model_reaction model_react(uint32_t word, int input, int place);
struct model_desk     model_desk_of(uint32_t word);
/* The same word without an order that is over, and without its executions. */
uint32_t model_forget(uint32_t word, int place);
uint32_t model_words(void);

#endif
