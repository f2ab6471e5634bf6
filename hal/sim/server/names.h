/* names.h - what the venue calls things: symbols of the universe, and the uuids of assets, orders and executions.
 *
 * BTC-USD of the universe is BTC/USD there; BTCUSD is understood too. A uuid holds a kind and a number: its last twelve digits are the number,
 * the others follow from both, so a uuid that we did not give out is told from one that we did without a table. */
#ifndef HAL_SIM_SERVER_NAMES_H
#define HAL_SIM_SERVER_NAMES_H
#include "fsm/settings.h"

enum { NAME_SYMBOL_BYTES = 16, NAME_UUID_BYTES = 37 };
enum uuid_kind { UUID_ACCOUNT, UUID_ASSET, UUID_ORDER, UUID_EXECUTION, UUID_CASH, UUID_REQUEST };

const char *name_symbol(uint16_t sym, char text[NAME_SYMBOL_BYTES]);
/* SYM_NONE for a symbol that is not in the universe. */
uint16_t name_find(const char *text, size_t length);
bool     name_is_crypto(uint16_t sym);

const char *name_uuid(enum uuid_kind kind, uint64_t number, char text[NAME_UUID_BYTES]);
/* False, and 0, when this is no uuid of that kind. */
bool name_uuid_parse(enum uuid_kind kind, const char *text, size_t length, uint64_t *number);

#endif
