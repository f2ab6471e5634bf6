/* witness.c - passes everything on to the engine that decides, and reads along. */
#include "hal/linux/witness.h"

enum { DAY_S = 86400, DAYS_TO_1970 = 719528 };        /* BearSSL counts days from year 0 */

static struct witness *witness_of(const br_x509_class **at) { return (struct witness *)(void *)at; }

static void start_chain(const br_x509_class **at, const char *name)
{
	struct witness *witness = witness_of(at);
	witness->certificates = 0;
	witness->dates = WITNESS_IN_TIME;
	witness->leaf_to_s = witness->limit_s = 0;
	witness->minimal.vtable->start_chain(&witness->minimal.vtable, name);
}

static void start_cert(const br_x509_class **at, uint32_t bytes)
{
	struct witness *witness = witness_of(at);
	witness->certificates++;
	br_x509_decoder_init(&witness->decoder, 0, 0);
	witness->minimal.vtable->start_cert(&witness->minimal.vtable, bytes);
}

static void append(const br_x509_class **at, const unsigned char *part, size_t bytes)
{
	struct witness *witness = witness_of(at);
	br_x509_decoder_push(&witness->decoder, part, bytes);
	witness->minimal.vtable->append(&witness->minimal.vtable, part, bytes);
}

static int64_t second_of(uint32_t day, uint32_t second) { return ((int64_t)day - DAYS_TO_1970) * DAY_S + second; }

static void end_cert(const br_x509_class **at)
{
	struct witness *witness = witness_of(at);
	int64_t         from_s = second_of(witness->decoder.notbefore_days, witness->decoder.notbefore_seconds);
	int64_t         to_s = second_of(witness->decoder.notafter_days, witness->decoder.notafter_seconds);
	witness->minimal.vtable->end_cert(&witness->minimal.vtable);
	if (br_x509_decoder_last_error(&witness->decoder) != 0) return;
	if (witness->certificates == 1) witness->leaf_to_s = to_s;
	if (witness->dates != WITNESS_IN_TIME || (from_s <= witness->now_s && witness->now_s <= to_s)) return;
	witness->dates = witness->now_s < from_s ? WITNESS_EARLY : WITNESS_LATE;
	witness->limit_s = witness->now_s < from_s ? from_s : to_s;
}

static unsigned end_chain(const br_x509_class **at)
{
	struct witness *witness = witness_of(at);
	return witness->minimal.vtable->end_chain(&witness->minimal.vtable);
}

static const br_x509_pkey *get_pkey(const br_x509_class *const *at, unsigned *usages)
{
	const struct witness *witness = (const struct witness *)(const void *)at;
	return witness->minimal.vtable->get_pkey(&witness->minimal.vtable, usages);
}

static const br_x509_class methods = { sizeof(struct witness), start_chain, start_cert, append, end_cert, end_chain, get_pkey };

void witness_init(struct witness *witness, const br_x509_trust_anchor *roots, size_t roots_n, int64_t now_s)
{
	int64_t day = (int64_t)div_floor(now_s, DAY_S);
	*witness = (struct witness){ .vtable = &methods, .now_s = now_s };
	br_x509_minimal_init(&witness->minimal, &br_sha256_vtable, roots, roots_n);
	br_x509_minimal_set_time(&witness->minimal, (uint32_t)(day + DAYS_TO_1970), (uint32_t)(now_s - day * DAY_S));
	br_x509_minimal_set_hash(&witness->minimal, br_sha256_ID, &br_sha256_vtable);
	br_x509_minimal_set_hash(&witness->minimal, br_sha384_ID, &br_sha384_vtable);
	br_x509_minimal_set_hash(&witness->minimal, br_sha512_ID, &br_sha512_vtable);
	br_x509_minimal_set_rsa(&witness->minimal, br_rsa_pkcs1_vrfy_get_default());
	br_x509_minimal_set_ecdsa(&witness->minimal, br_ec_get_default(), br_ecdsa_vrfy_asn1_get_default());
}
