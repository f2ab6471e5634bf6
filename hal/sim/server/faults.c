/* faults.c - see faults.h. */
#include "hal/sim/server/faults.h"

#include <string.h>

#define FAULT_TEXT(name, text) text,
static const char *const kind_text[] = { FAULT_KINDS(FAULT_TEXT) };
static const char *const where_text[] = { FAULT_WHERES(FAULT_TEXT) };

static uint32_t find(const char *const *name, uint32_t names_n, const char *text, size_t length)
{
	for (uint32_t i = 0; i < names_n; i++)
		if (strlen(name[i]) == length && memcmp(name[i], text, length) == 0) return i;
	return names_n;
}

enum fault_kind  fault_kind_of(const char *text, size_t length) { return (enum fault_kind)find(kind_text, FAULT_KINDS_N, text, length); }
enum fault_where fault_where_of(const char *text, size_t length) { return (enum fault_where)find(where_text, FAULT_WHERES_N, text, length); }

bool faults_arm(struct faults *faults, const struct fault *fault)
{
	if (fault->kind >= FAULT_KINDS_N || fault->where >= FAULT_WHERES_N) return false;
	if (fault->count == 0 || fault->count > FAULT_COUNT_MAX || fault->after > FAULT_COUNT_MAX || fault->ms > FAULT_MS_MAX) return false;
	for (uint32_t i = 0; i < faults->count; i++) {
		if (faults->fault[i].count > 0) continue;
		faults->fault[i] = *fault;
		return true;
	}
	if (faults->count == FAULTS_MAX) return false;
	faults->fault[faults->count++] = *fault;
	return true;
}

enum fault_kind faults_take(struct faults *faults, uint32_t wheres, uint32_t kinds, uint32_t *ms)
{
	enum fault_kind taken = FAULT_NONE;
	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault *fault = &faults->fault[i];
		if (fault->count == 0 || !(wheres >> fault->where & 1) || !(kinds >> fault->kind & 1)) continue;
		if (fault->after > 0) {
			fault->after--;
		} else if (taken == FAULT_NONE) {
			fault->count--;
			taken = (enum fault_kind)fault->kind;
			*ms = fault->ms;
			faults->happened[taken]++;
		}
	}
	return taken;
}

/* --- the option --------------------------------------------------------------------------------------------------- */

static bool number(const char *text, size_t length, uint32_t *out)
{
	*out = 0;
	if (length == 0 || length > 7) return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9') return false;
		*out = *out * 10 + (uint32_t)(text[i] - '0');
	}
	return true;
}

static bool parse_one(struct faults *faults, const char *spec, size_t length)
{
	struct fault fault = { .kind = FAULT_KINDS_N, .count = 1 };
	uint32_t     part = 0, value = 0;
	for (size_t begin = 0; begin <= length; part++) {
		const char *at = spec + begin, *colon = memchr(at, ':', length - begin);
		size_t      bytes = colon ? (size_t)(colon - at) : length - begin;
		if (part > 1 && !number(at, bytes, &value)) return false;
		switch (part) {
		case 0: fault.kind = (uint8_t)fault_kind_of(at, bytes); break;
		case 1: fault.where = (uint8_t)fault_where_of(at, bytes); break;
		case 2: fault.count = value; break;
		case 3: fault.after = value; break;
		case 4: fault.ms = value; break;
		default: return false;
		}
		begin += bytes + 1;
	}
	return part >= 2 && faults_arm(faults, &fault);
}

bool faults_parse(struct faults *faults, const char *spec, const char **bad)
{
	for (*bad = spec;; *bad += strcspn(*bad, ",") + 1) {
		size_t length = strcspn(*bad, ",");
		if (!parse_one(faults, *bad, length)) return false;
		if ((*bad)[length] == '\0') return true;
	}
}
