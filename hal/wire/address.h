/* address.h - where a peer is: an IPv4 or IPv6 address and a port, and its text.
 *
 * Text in and out is what people write: 192.0.2.1, 2001:db8::1; with a port 192.0.2.1:443, [2001:db8::1]:443. No names, no zones. */
#ifndef HAL_WIRE_ADDRESS_H
#define HAL_WIRE_ADDRESS_H
#include "fsm/units.h"

enum address_family { ADDRESS_NONE, ADDRESS_IP4 = 4, ADDRESS_IP6 = 6 };
enum { ADDRESS_IP4_BYTES = 4, ADDRESS_IP6_BYTES = 16, ADDRESS_TEXT_BYTES = 56 };        /* [45 characters]:65535 and the end */

struct address { uint8_t family, bytes[ADDRESS_IP6_BYTES]; uint16_t port; };

/* False when the text is not an IP literal. */
bool address_parse(const char *literal, uint16_t port, struct address *out);
/* The address with its port, into text; returns text. */
const char *address_text(const struct address *address, char text[ADDRESS_TEXT_BYTES]);

#endif
