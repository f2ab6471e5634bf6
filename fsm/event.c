/* event.c - names and sizes of the event kinds, from the one list. */
#include "fsm/event.h"

#define KIND_NAME(name, member) [EVENT_##name] = #name,
#define KIND_BYTES(name, member) [EVENT_##name] = (uint8_t)sizeof((struct event){ 0 }.member),
#define KIND_PROOF(name, member) \
	_Static_assert(sizeof((struct event){ 0 }.member) <= EVENT_PAYLOAD_MAX, #name " does not fit an event");

EVENT_KINDS(KIND_PROOF)

const char *const event_kind_name[EVENT_KINDS_N] = { EVENT_KINDS(KIND_NAME) };
const uint8_t     event_payload_bytes[EVENT_KINDS_N] = { EVENT_KINDS(KIND_BYTES) };
