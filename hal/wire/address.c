/* address.c - IP literals by the C library's own two functions, which touch nothing but text. */
#include "hal/wire/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

bool address_parse(const char *literal, uint16_t port, struct address *out)
{
	*out = (struct address){ .port = port };
	if (inet_pton(AF_INET, literal, out->bytes) == 1) out->family = ADDRESS_IP4;
	else if (inet_pton(AF_INET6, literal, out->bytes) == 1) out->family = ADDRESS_IP6;
	return out->family != ADDRESS_NONE;
}

const char *address_text(const struct address *address, char text[ADDRESS_TEXT_BYTES])
{
	char   host[INET6_ADDRSTRLEN] = "?";
	bool   six = address->family == ADDRESS_IP6;
	(void)inet_ntop(six ? AF_INET6 : AF_INET, address->bytes, host, sizeof host);
	snprintf(text, ADDRESS_TEXT_BYTES, six ? "[%s]:%u" : "%s:%u", host, address->port);
	return text;
}
