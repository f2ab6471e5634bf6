/* certificate_test.c - own certificates and the table of roots; whether others read them is asked in tests/golden/tls_ref.py. */
#include "hal/linux/certificate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hal/linux/anchors.h"
#include "tests/unit/hal/linux/tls_kit.h"

static struct certificate one, two;
static struct anchors     anchors;
static char               pem[CERTIFICATE_PEM_BYTES_MAX], file[4 * CERTIFICATE_PEM_BYTES_MAX];

TEST(t_P1_certificate_is_its_seed)
{
	CHECK(tls_kit_certificate(&one, "venue.example", TLS_KIT_NOW_S, TLS_KIT_NOW_S + 1, 1));
	CHECK(tls_kit_certificate(&two, "venue.example", TLS_KIT_NOW_S, TLS_KIT_NOW_S + 1, 1));
	CHECK_EQ(one.chain.data_len, two.chain.data_len);
	CHECK(memcmp(one.der, two.der, one.chain.data_len) == 0);
	CHECK(tls_kit_certificate(&two, "venue.example", TLS_KIT_NOW_S, TLS_KIT_NOW_S + 1, 2));
	CHECK(memcmp(one.key_bytes, two.key_bytes, 32) != 0);
}

TEST(t_P1_certificate_longest)
{
	static char             name[CERTIFICATE_NAME_BYTES_MAX + 2];
	struct certificate_plan plan = { .from_s = 0, .to_s = INT64_C(253402300799) };        /* 9999-12-31 23:59:59 */
	memset(name, 'n', CERTIFICATE_NAME_BYTES_MAX);
	for (size_t i = 0; i < CERTIFICATE_NAMES_MAX; i++) plan.names[i] = name;
	for (uint8_t seed = 0; seed < 40; seed++) {        /* signatures differ in length */
		memset(plan.seed, seed, sizeof plan.seed);
		CHECK(certificate_make(&one, &plan));
		anchors_init(&anchors);
		CHECK_EQ(anchors_add(&anchors, one.der, one.chain.data_len), ANCHORS_OK);
		CHECK(certificate_pem(&one, pem) < sizeof pem);
	}
	name[CERTIFICATE_NAME_BYTES_MAX] = 'n';
	CHECK(!certificate_make(&one, &plan));
	plan.names[0] = "";
	CHECK(!certificate_make(&one, &plan));
	plan.names[0] = 0;
	CHECK(!certificate_make(&one, &plan));
}

TEST(t_P1_anchors_from_pem)
{
	CHECK(tls_kit_certificate(&one, "venue.example", TLS_KIT_NOW_S, TLS_KIT_NOW_S + 1, 1));
	CHECK(tls_kit_certificate(&two, "other.example", TLS_KIT_NOW_S, TLS_KIT_NOW_S + 1, 2));
	size_t n = (size_t)snprintf(file, sizeof file, "a line for people\n");
	n += (size_t)snprintf(file + n, sizeof file - n, "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n");
	n += certificate_pem(&one, file + n);
	n += certificate_pem(&two, file + n);
	anchors_init(&anchors);
	CHECK_EQ(anchors_add_pem(&anchors, file, n), ANCHORS_OK);
	CHECK_EQ(anchors.count, 2);
	anchors_init(&anchors);
	CHECK_EQ(anchors_add_pem(&anchors, file, n - 1), ANCHORS_OK);        /* no last line end */
	CHECK_EQ(anchors.count, 2);
	CHECK_EQ(anchors.row[0].flags, BR_X509_TA_CA);
	CHECK(anchors.row[0].pkey.key.ec.q == anchors.bytes[0].key);
}

TEST(t_P1_anchors_refuse)
{
	CHECK(tls_kit_certificate(&one, "venue.example", TLS_KIT_NOW_S, TLS_KIT_NOW_S + 1, 1));
	size_t n = certificate_pem(&one, file);
	anchors_init(&anchors);
	CHECK_EQ(anchors_add_pem(&anchors, "nothing\n", 8), ANCHORS_EMPTY);
	CHECK_EQ(anchors_add_pem(&anchors, "", 0), ANCHORS_EMPTY);
	for (size_t cut = 40; cut < n - 30; cut += 7) CHECK_EQ(anchors_add_pem(&anchors, file, cut), ANCHORS_MALFORMED);
	for (size_t cut = 0; cut < one.chain.data_len - 80; cut += 3) CHECK_EQ(anchors_add(&anchors, one.der, cut), ANCHORS_MALFORMED);
	CHECK_EQ(anchors.count, 0);
	for (int i = 0; i < ANCHORS_MAX; i++) CHECK_EQ(anchors_add_pem(&anchors, file, n), ANCHORS_OK);
	CHECK_EQ(anchors_add_pem(&anchors, file, n), ANCHORS_FULL);
	CHECK_EQ(anchors.count, ANCHORS_MAX);
	CHECK_EQ(anchors_load(&anchors, "/nonexistent/roots.pem"), ANCHORS_MISSING);
	CHECK_EQ(anchors_load(&anchors, test_folder()), ANCHORS_MISSING);
}

/* Any change of any byte: an answer, never a trap. */
TEST(t_P1_anchors_damaged)
{
	static uint8_t der[CERTIFICATE_DER_BYTES_MAX];
	int            refused = 0;
	CHECK(tls_kit_certificate(&one, "venue.example", TLS_KIT_NOW_S, TLS_KIT_NOW_S + 1, 1));
	for (size_t at = 0; at < one.chain.data_len; at++) {
		for (int bit = 0; bit < 8; bit++) {
			memcpy(der, one.der, one.chain.data_len);
			der[at] ^= (uint8_t)(1 << bit);
			anchors_init(&anchors);
			refused += anchors_add(&anchors, der, one.chain.data_len) != ANCHORS_OK;
		}
	}
	CHECK(refused > 900);        /* the rest are bits of texts, keys and the signature, which only a handshake checks */
	for (int i = 0; i < ANCHORS_VERDICTS_N; i++) CHECK(anchors_verdict_text[i] && strlen(anchors_verdict_text[i]) > 6);
}
