/* certificate.h - a key and a certificate of one's own, made at start, for a server on loopback: nothing is read or written.
 *
 * An EC P-256 key and a self-signed X.509 v3 certificate (RFC 5280) with ECDSA-SHA256: a CA of itself (so that strict clients take it as
 * a root), for the names given, 127.0.0.1 and ::1, from one second to another. The same seed makes the same bytes.
 * Whoever is to trust it gets the PEM, or the DER by anchors_add. */
#ifndef HAL_LINUX_CERTIFICATE_H
#define HAL_LINUX_CERTIFICATE_H
#include <bearssl.h>

#include "fsm/units.h"

enum { CERTIFICATE_SEED_BYTES = 32, CERTIFICATE_NAMES_MAX = 8, CERTIFICATE_NAME_BYTES_MAX = 63 };
/* Eight names of 63 bytes, twice the first again, and 500 of everything else; base64 of it with line ends and banners. */
enum { CERTIFICATE_DER_BYTES_MAX = 1152, CERTIFICATE_PEM_BYTES_MAX = 1664 };

struct certificate_plan {
	const char *names[CERTIFICATE_NAMES_MAX];        /* the first is the subject too; up to the first null */
	int64_t     from_s, to_s;                        /* seconds since 1970, years 1970 to 9999 */
	uint8_t     seed[CERTIFICATE_SEED_BYTES];        /* secret and random: it is the key */
};

struct certificate {
	br_ec_private_key   key;
	br_x509_certificate chain;
	uint8_t             key_bytes[BR_EC_KBUF_PRIV_MAX_SIZE], der[CERTIFICATE_DER_BYTES_MAX];
};

/* False when there is no name or one is empty or too long. The struct points into itself and stays where it is. */
bool certificate_make(struct certificate *certificate, const struct certificate_plan *plan);
/* The certificate as PEM text, terminated; its length. */
size_t certificate_pem(const struct certificate *certificate, char text[CERTIFICATE_PEM_BYTES_MAX]);

#endif
