/* anchors.c - certificates to trust anchors, through BearSSL's streaming decoders. */
#include "hal/linux/anchors.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { READ_BYTES = 1024 };

const char *const anchors_verdict_text[ANCHORS_VERDICTS_N] = {
	[ANCHORS_OK] = "is read",
	[ANCHORS_MISSING] = "cannot be read: name a PEM file of root certificates",
	[ANCHORS_EMPTY] = "holds no certificate: give a PEM file with BEGIN CERTIFICATE in it",
	[ANCHORS_MALFORMED] = "holds a damaged certificate, or one that is neither RSA nor elliptic",
	[ANCHORS_FULL] = "holds more than the 16 roots this build has room for: keep those of the venues only",
	[ANCHORS_TOO_LONG] = "holds a root with a name or key longer than this build takes (384 bytes, RSA of 4096 bits)",
};

/* One certificate on its way into the next row. */
struct taking {
	struct anchors         *anchors;
	br_x509_decoder_context decoder;
	size_t                  name_bytes;
	bool                    name_too_long;
};

void anchors_init(struct anchors *anchors) { anchors->count = 0; }

static void on_name(void *self, const void *part, size_t bytes)
{
	struct taking       *taking = self;
	struct anchor_bytes *row = &taking->anchors->bytes[taking->anchors->count];
	taking->name_too_long |= bytes > sizeof row->name - taking->name_bytes;
	if (taking->name_too_long) return;
	memcpy(row->name + taking->name_bytes, part, bytes);
	taking->name_bytes += bytes;
}

static enum anchors_verdict begin(struct taking *taking)
{
	if (taking->anchors->count == ANCHORS_MAX) return ANCHORS_FULL;
	taking->name_bytes = 0;
	taking->name_too_long = false;
	br_x509_decoder_init(&taking->decoder, on_name, taking);
	return ANCHORS_OK;
}

/* The decoder's key lives in the decoder: copied into the row. False when it is too long. */
static bool keep_key(const br_x509_pkey *from, br_x509_pkey *to, struct anchor_bytes *row)
{
	*to = *from;
	if (from->key_type == BR_KEYTYPE_EC) {
		if (from->key.ec.qlen > sizeof row->key) return false;
		memcpy(row->key, from->key.ec.q, from->key.ec.qlen);
		to->key.ec.q = row->key;
		return true;
	}
	if (from->key.rsa.nlen + from->key.rsa.elen > sizeof row->key) return false;
	memcpy(row->key, from->key.rsa.n, from->key.rsa.nlen);
	memcpy(row->key + from->key.rsa.nlen, from->key.rsa.e, from->key.rsa.elen);
	to->key.rsa.n = row->key;
	to->key.rsa.e = row->key + from->key.rsa.nlen;
	return true;
}

static enum anchors_verdict finish(struct taking *taking)
{
	struct anchors       *anchors = taking->anchors;
	struct anchor_bytes  *bytes = &anchors->bytes[anchors->count];
	br_x509_trust_anchor *row = &anchors->row[anchors->count];
	const br_x509_pkey   *key = br_x509_decoder_get_pkey(&taking->decoder);
	if (taking->name_too_long) return ANCHORS_TOO_LONG;
	if (!key) return ANCHORS_MALFORMED;
	if (!keep_key(key, &row->pkey, bytes)) return ANCHORS_TOO_LONG;
	row->dn = (br_x500_name){ bytes->name, taking->name_bytes };
	row->flags = br_x509_decoder_isCA(&taking->decoder) ? BR_X509_TA_CA : 0;
	anchors->count++;
	return ANCHORS_OK;
}

enum anchors_verdict anchors_add(struct anchors *anchors, const uint8_t *der, size_t bytes)
{
	struct taking        taking = { .anchors = anchors };
	enum anchors_verdict verdict = begin(&taking);
	if (verdict != ANCHORS_OK) return verdict;
	br_x509_decoder_push(&taking.decoder, der, bytes);
	return finish(&taking);
}

/* --- PEM ---------------------------------------------------------------------------------------------------------- */

struct pem {
	br_pem_decoder_context decoder;
	struct taking          taking;
	bool                   in_certificate;
	size_t                 taken;
};

static void on_der(void *self, const void *part, size_t bytes) { br_x509_decoder_push(self, part, bytes); }

static void pem_begin(struct pem *pem, struct anchors *anchors)
{
	*pem = (struct pem){ .taking.anchors = anchors };
	br_pem_decoder_init(&pem->decoder);
}

static enum anchors_verdict on_object(struct pem *pem)
{
	const char *name = br_pem_decoder_name(&pem->decoder);
	pem->in_certificate = strcmp(name, "CERTIFICATE") == 0 || strcmp(name, "X509 CERTIFICATE") == 0;
	br_pem_decoder_setdest(&pem->decoder, pem->in_certificate ? on_der : 0, &pem->taking.decoder);
	return pem->in_certificate ? begin(&pem->taking) : ANCHORS_OK;
}

static enum anchors_verdict on_event(struct pem *pem)
{
	bool was_certificate = pem->in_certificate;
	switch (br_pem_decoder_event(&pem->decoder)) {
	case BR_PEM_BEGIN_OBJ: return on_object(pem);
	case BR_PEM_ERROR: return ANCHORS_MALFORMED;
	case BR_PEM_END_OBJ:
		pem->in_certificate = false;
		pem->taken += was_certificate;
		return was_certificate ? finish(&pem->taking) : ANCHORS_OK;
	default: return ANCHORS_OK;
	}
}

static enum anchors_verdict pem_push(struct pem *pem, const char *text, size_t bytes)
{
	enum anchors_verdict verdict = ANCHORS_OK;
	while (bytes && verdict == ANCHORS_OK) {
		size_t used = br_pem_decoder_push(&pem->decoder, text, bytes);
		text += used;
		bytes -= used;
		verdict = on_event(pem);
	}
	return verdict;
}

/* The decoder sees the last line only at its end, which some files lack. */
static enum anchors_verdict pem_end(struct pem *pem)
{
	enum anchors_verdict verdict = pem_push(pem, "\n", 1);
	if (verdict != ANCHORS_OK) return verdict;
	if (pem->in_certificate) return ANCHORS_MALFORMED;
	return pem->taken ? ANCHORS_OK : ANCHORS_EMPTY;
}

enum anchors_verdict anchors_add_pem(struct anchors *anchors, const char *text, size_t bytes)
{
	struct pem pem;
	pem_begin(&pem, anchors);
	enum anchors_verdict verdict = pem_push(&pem, text, bytes);
	return verdict == ANCHORS_OK ? pem_end(&pem) : verdict;
}

enum anchors_verdict anchors_load(struct anchors *anchors, const char *path)
{
	char                 text[READ_BYTES];
	struct pem           pem;
	ssize_t              got = 0;
	enum anchors_verdict verdict = ANCHORS_OK;
	int                  fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) return ANCHORS_MISSING;
	pem_begin(&pem, anchors);
	while (verdict == ANCHORS_OK && (got = read(fd, text, sizeof text)) > 0) verdict = pem_push(&pem, text, (size_t)got);
	close(fd);
	if (got < 0) return ANCHORS_MISSING;
	return verdict == ANCHORS_OK ? pem_end(&pem) : verdict;
}
