/* certificate.c - DER written from its end to its beginning, so that every length is known when its turn comes. Read it bottom up. */
#include "hal/linux/certificate.h"

#include <stdio.h>
#include <string.h>

enum {
	TAG_BOOLEAN = 0x01, TAG_INTEGER = 0x02, TAG_BITS = 0x03, TAG_OCTETS = 0x04, TAG_UTF8 = 0x0c, TAG_UTC_TIME = 0x17, TAG_LONG_TIME = 0x18,
	TAG_SEQUENCE = 0x30, TAG_SET = 0x31, TAG_DNS = 0x82, TAG_IP = 0x87, TAG_VERSION = 0xa0, TAG_EXTENSIONS = 0xa3,
	SERIAL_BYTES = 8, KEY_NAME_BYTES = 20, TIME_BYTES = 16, YEAR_LONG = 2050, SIGNATURE_BYTES_MAX = 80, DAY_S = 86400
};

/* Whole DER values that never change. */
static const uint8_t ecdsa_sha256[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };
static const uint8_t ec_p256[] = {
	0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
};
static const uint8_t version_3[] = { TAG_VERSION, 0x03, TAG_INTEGER, 0x01, 0x02 };
static const uint8_t common_name[] = { 0x06, 0x03, 0x55, 0x04, 0x03 };
static const uint8_t alternative_names[] = { 0x06, 0x03, 0x55, 0x1d, 0x11 };
static const uint8_t key_name[] = { 0x06, 0x03, 0x55, 0x1d, 0x0e };
/* basicConstraints, critical: a CA; keyUsage, critical: digital signature, certificate signing; extKeyUsage: TLS server. */
static const uint8_t may_sign[] = {
	0x30, 0x0f, 0x06, 0x03, 0x55, 0x1d, 0x13, TAG_BOOLEAN, 0x01, 0xff, TAG_OCTETS, 0x05, 0x30, 0x03, TAG_BOOLEAN, 0x01, 0xff,
};
static const uint8_t may_use[] = {
	0x30, 0x0e, 0x06, 0x03, 0x55, 0x1d, 0x0f, TAG_BOOLEAN, 0x01, 0xff, TAG_OCTETS, 0x04, TAG_BITS, 0x02, 0x02, 0x84,
};
static const uint8_t may_serve[] = {
	0x30, 0x13, 0x06, 0x03, 0x55, 0x1d, 0x25, TAG_OCTETS, 0x0c, 0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01,
};
static const uint8_t loopback_4[] = { 127, 0, 0, 1 }, loopback_6[16] = { [15] = 1 };

struct der { uint8_t *bytes; size_t at; };        /* what is written lies from `at` to the end */

static void put(struct der *der, const void *bytes, size_t n)
{
	BUG_UNLESS(3510, n <= der->at);        /* the plan's maxima fit, by arithmetic */
	der->at -= n;
	if (n) memcpy(der->bytes + der->at, bytes, n);
}

static void put_byte(struct der *der, size_t byte) { put(der, &(uint8_t){ (uint8_t)byte }, 1); }

/* Everything written since `end` becomes the content of one value. */
static void wrap(struct der *der, uint8_t tag, size_t end)
{
	size_t n = end - der->at;
	if (n < 0x80) put_byte(der, n);
	else if (n < 0x100) {
		put_byte(der, n);
		put_byte(der, 0x81);
	} else {
		put_byte(der, n & 0xff);
		put_byte(der, n >> 8);
		put_byte(der, 0x82);
	}
	put_byte(der, tag);
}

static void put_value(struct der *der, uint8_t tag, const void *bytes, size_t n)
{
	size_t end = der->at;
	put(der, bytes, n);
	wrap(der, tag, end);
}

static void put_name(struct der *der, const char *name)
{
	size_t end = der->at;
	put_value(der, TAG_UTF8, name, strlen(name));
	put(der, common_name, sizeof common_name);
	wrap(der, TAG_SEQUENCE, end);
	wrap(der, TAG_SET, end);
	wrap(der, TAG_SEQUENCE, end);
}

static void put_time(struct der *der, int64_t t_s)
{
	char         text[2 * TIME_BYTES];
	struct civil date = civil_from_day((int32_t)(t_s / DAY_S));
	int          second = (int)(t_s % DAY_S);
	bool         is_long = date.year >= YEAR_LONG;
	int          length = snprintf(text, sizeof text, "%04d%02u%02u%02d%02d%02dZ", date.year, date.month, date.day, second / 3600,
	    second / 60 % 60, second % 60);
	put_value(der, is_long ? TAG_LONG_TIME : TAG_UTC_TIME, is_long ? text : text + 2, (size_t)(is_long ? length : length - 2));
}

static void put_alternative_names(struct der *der, const struct certificate_plan *plan)
{
	size_t end = der->at;
	put_value(der, TAG_IP, loopback_6, sizeof loopback_6);
	put_value(der, TAG_IP, loopback_4, sizeof loopback_4);
	for (size_t i = CERTIFICATE_NAMES_MAX; i-- > 0;) if (plan->names[i]) put_value(der, TAG_DNS, plan->names[i], strlen(plan->names[i]));
	wrap(der, TAG_SEQUENCE, end);
	wrap(der, TAG_OCTETS, end);
	put(der, alternative_names, sizeof alternative_names);
	wrap(der, TAG_SEQUENCE, end);
}

static void sha256(const void *bytes, size_t n, uint8_t out[br_sha256_SIZE])
{
	br_sha256_context context;
	br_sha256_init(&context);
	br_sha256_update(&context, bytes, n);
	br_sha256_out(&context, out);
}

static void put_key_name(struct der *der, const br_ec_public_key *public)
{
	uint8_t digest[br_sha256_SIZE];
	size_t  end = der->at;
	sha256(public->q, public->qlen, digest);
	put_value(der, TAG_OCTETS, digest, KEY_NAME_BYTES);
	wrap(der, TAG_OCTETS, end);
	put(der, key_name, sizeof key_name);
	wrap(der, TAG_SEQUENCE, end);
}

static void put_extensions(struct der *der, const struct certificate_plan *plan, const br_ec_public_key *public)
{
	size_t end = der->at;
	put_alternative_names(der, plan);
	put_key_name(der, public);
	put(der, may_serve, sizeof may_serve);
	put(der, may_use, sizeof may_use);
	put(der, may_sign, sizeof may_sign);
	wrap(der, TAG_SEQUENCE, end);
	wrap(der, TAG_EXTENSIONS, end);
}

static void put_bits(struct der *der, const void *bytes, size_t n)
{
	size_t end = der->at;
	put(der, bytes, n);
	put_byte(der, 0);        /* no unused bits */
	wrap(der, TAG_BITS, end);
}

static void put_public_key(struct der *der, const br_ec_public_key *public)
{
	size_t end = der->at;
	put_bits(der, public->q, public->qlen);
	put(der, ec_p256, sizeof ec_p256);
	wrap(der, TAG_SEQUENCE, end);
}

static void put_validity(struct der *der, const struct certificate_plan *plan)
{
	size_t end = der->at;
	put_time(der, plan->to_s);
	put_time(der, plan->from_s);
	wrap(der, TAG_SEQUENCE, end);
}

/* The part that is signed. */
static void put_body(struct der *der, const struct certificate_plan *plan, const br_ec_public_key *public, const uint8_t serial[SERIAL_BYTES])
{
	size_t end = der->at;
	put_extensions(der, plan, public);
	put_public_key(der, public);
	put_name(der, plan->names[0]);
	put_validity(der, plan);
	put_name(der, plan->names[0]);
	put(der, ecdsa_sha256, sizeof ecdsa_sha256);
	put_value(der, TAG_INTEGER, serial, SERIAL_BYTES);
	put(der, version_3, sizeof version_3);
	wrap(der, TAG_SEQUENCE, end);
}

static size_t sign(const br_ec_private_key *key, const uint8_t *bytes, size_t n, uint8_t signature[SIGNATURE_BYTES_MAX])
{
	uint8_t digest[br_sha256_SIZE];
	sha256(bytes, n, digest);
	return br_ecdsa_i31_sign_asn1(br_ec_get_default(), &br_sha256_vtable, digest, key, signature);
}

static bool plan_is_good(const struct certificate_plan *plan)
{
	if (!plan->names[0] || plan->from_s < 0 || plan->to_s < plan->from_s) return false;
	for (size_t i = 0; i < CERTIFICATE_NAMES_MAX; i++) {
		size_t length = plan->names[i] ? strlen(plan->names[i]) : 1;
		if (length == 0 || length > CERTIFICATE_NAME_BYTES_MAX) return false;
	}
	return true;
}

bool certificate_make(struct certificate *certificate, const struct certificate_plan *plan)
{
	uint8_t              room[CERTIFICATE_DER_BYTES_MAX], body[CERTIFICATE_DER_BYTES_MAX], point[BR_EC_KBUF_PUB_MAX_SIZE], serial[SERIAL_BYTES];
	uint8_t              signature[SIGNATURE_BYTES_MAX];
	struct der           der = { room, sizeof room }, signed_part = { body, sizeof body };
	br_ec_public_key     public;
	br_hmac_drbg_context random;
	const br_ec_impl    *ec = br_ec_get_default();
	if (!plan_is_good(plan)) return false;
	br_hmac_drbg_init(&random, &br_sha256_vtable, plan->seed, sizeof plan->seed);
	br_hmac_drbg_generate(&random, serial, sizeof serial);
	serial[0] = (uint8_t)((serial[0] & 0x3f) | 0x40);        /* positive, and never shorter */
	BUG_UNLESS(3511, br_ec_keygen(&random.vtable, ec, &certificate->key, certificate->key_bytes, BR_EC_secp256r1) != 0);
	BUG_UNLESS(3512, br_ec_compute_pub(ec, &public, point, &certificate->key) != 0);
	put_body(&signed_part, plan, &public, serial);
	size_t body_bytes = sizeof body - signed_part.at;
	size_t signature_bytes = sign(&certificate->key, body + signed_part.at, body_bytes, signature);
	put_bits(&der, signature, signature_bytes);
	put(&der, ecdsa_sha256, sizeof ecdsa_sha256);
	put(&der, body + signed_part.at, body_bytes);
	wrap(&der, TAG_SEQUENCE, sizeof room);
	certificate->chain = (br_x509_certificate){ certificate->der, sizeof room - der.at };
	memcpy(certificate->der, room + der.at, certificate->chain.data_len);
	return true;
}

size_t certificate_pem(const struct certificate *certificate, char text[CERTIFICATE_PEM_BYTES_MAX])
{
	_Static_assert(CERTIFICATE_PEM_BYTES_MAX >= (CERTIFICATE_DER_BYTES_MAX + 2) / 3 * 4 * 65 / 64 + 80, "base64, its line ends, and the banners");
	return br_pem_encode(text, certificate->der, certificate->chain.data_len, "CERTIFICATE", BR_PEM_LINE64);
}
