/* url.h - the address of a venue as a person writes it: https://host, with :port when it is not 443. Nothing else is taken.
 *
 * Only https: keys travel in the requests. Only a host name, because a certificate names hosts and no numbers. No path, query or
 * user: the driver knows the venue's paths, and a key in an address would end up in logs. One slash at the end is fine. Any bytes
 * get a verdict; nothing traps. */
#ifndef HAL_WIRE_URL_H
#define HAL_WIRE_URL_H
#include "hal/wire/dns.h"

/* The default port; bytes of the whole text, the final zero included; "https://", a host, ":65535" and the end. */
enum { URL_HTTPS_PORT = 443, URL_BYTES_MAX = 512, URL_TEXT_BYTES = 8 + DNS_NAME_BYTES + 6 };

/*        verdict     what a person reads after the text */
#define URL_VERDICTS(X)                                                                                             \
	X(OK,         "is an address of a venue")                                                                   \
	X(NOT_HTTPS,  "does not begin with https://: nothing else is spoken, because keys travel in it")            \
	X(HOLDS_USER, "holds an @: keys belong in the environment, never in an address")                            \
	X(NUMBER,     "has a number for its host: give the host name, which its certificate names")                 \
	X(BAD_HOST,   "has no host name: letters, digits, - and dots, at most 253")                                 \
	X(BAD_PORT,   "has a bad port: give 1..65535, or leave it out for 443")                                     \
	X(HOLDS_PATH, "goes on after its host: give https://host or https://host:port alone")                       \
	X(TOO_LONG,   "is too long for an address: give https://host:port")

#define URL_VERDICT_ID(name, text) URL_##name,
enum url_verdict { URL_VERDICTS(URL_VERDICT_ID) URL_VERDICTS_N };
extern const char *const url_verdict_text[URL_VERDICTS_N];

/* The host in lower case, without a dot at its end. */
struct url { char host[DNS_NAME_BYTES]; uint16_t port; };

/* On a verdict but URL_OK *url is empty, port 0. */
enum url_verdict url_parse(const char *text, struct url *url);
/* "https://host", with ":port" when it is not 443, into text; returns text. */
const char *url_text(const struct url *url, char text[URL_TEXT_BYTES]);
/* Is the host this domain, or below it? */
bool url_is_below(const struct url *url, const char *domain);

#endif
