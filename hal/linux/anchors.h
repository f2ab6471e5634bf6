/* anchors.h - the roots a TLS client trusts: only those given, in a fixed table, filled in BOOT.
 *
 * A row is the name and the public key of one certificate, RSA to 4096 bits or elliptic. A certificate that may sign others (a CA) vouches
 * for those; one that may not is trusted for itself alone. Its dates are not looked at: a pinned root stays until it is taken out.
 * The struct points into itself and stays where it is. BearSSL decodes PEM and DER. */
#ifndef HAL_LINUX_ANCHORS_H
#define HAL_LINUX_ANCHORS_H
#include <bearssl.h>

#include "fsm/units.h"

/* n; bytes of an encoded name; bytes of a key: 4096 bits and the exponent, rounded up. */
enum { ANCHORS_MAX = 16, ANCHOR_NAME_BYTES_MAX = 384, ANCHOR_KEY_BYTES_MAX = 528 };

enum anchors_verdict { ANCHORS_OK, ANCHORS_MISSING, ANCHORS_EMPTY, ANCHORS_MALFORMED, ANCHORS_FULL, ANCHORS_TOO_LONG, ANCHORS_VERDICTS_N };
/* What a person reads after the name of the file. */
extern const char *const anchors_verdict_text[ANCHORS_VERDICTS_N];

struct anchors {
	size_t               count;
	br_x509_trust_anchor row[ANCHORS_MAX];
	struct anchor_bytes { uint8_t name[ANCHOR_NAME_BYTES_MAX], key[ANCHOR_KEY_BYTES_MAX]; } bytes[ANCHORS_MAX];
};

void anchors_init(struct anchors *anchors);
/* One certificate; on a verdict but OK the table is as before. */
enum anchors_verdict anchors_add(struct anchors *anchors, const uint8_t *der, size_t bytes);
/* Every certificate of a PEM text, or of a PEM file; other objects in it are passed over. Stops at the first that cannot be taken. */
enum anchors_verdict anchors_add_pem(struct anchors *anchors, const char *text, size_t bytes);
enum anchors_verdict anchors_load(struct anchors *anchors, const char *path);

#endif
