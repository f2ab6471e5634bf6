/* matrix.c - one run of the house for each cell. */
#include "firmware/sim/matrix.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/memory.h"

#define VERDICT_TEXT(name, text) text,
const char *const matrix_verdict_text[MATRIX_VERDICTS_N] = { MATRIX_VERDICTS(VERDICT_TEXT) };

static bool refuse(struct matrix *matrix, const char *sentence)
{
	(void)snprintf(matrix->sentence, sizeof matrix->sentence, "%s", sentence);
	return false;
}

static struct matrix_end end_of(const struct house *house)
{
	const struct broker *broker = &house->server->broker;
	struct matrix_end    end = { .cash_usd_e8 = broker->cash_usd_e8, .orders = broker->orders_n, .fills = house->counts.fills };
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) end.qty_e8[sym] = broker->position[sym].qty_e8;
	return end;
}

/* Of a journal on a disk that does what it says this is a violation. */
static bool complain(struct house *house, const char *text)
{
	bool has_lied = house->plan.crash.lie != HOUSE_LIE_none;
	if (!has_lied) house_violates(house, "the journal %s", text);
	return has_lied;
}

/* The journal that all lives of the desk have written comes to the state that the last of them is in. True: or it says itself that it cannot. */
static bool step_again(struct matrix *matrix, struct house *house)
{
	struct restep     *restep = &matrix->restep;
	const struct desk *desk = house_desk(house);
	bool               is_found = false;
	memset(restep, 0, sizeof *restep);
	restep->to = RESTEP_ALL;
	enum journal_verdict verdict = journal_read_open(&restep->reader, &house->disk.disk, "journal", matrix->window, sizeof matrix->window);
	if (verdict == JOURNAL_OK) verdict = restep_begin(restep);
	if (verdict == JOURNAL_OK) restep_all(restep);
	if (verdict != JOURNAL_OK) is_found = complain(house, journal_verdict_text[verdict]);
	else if (restep->differs) house_violates(house, "%s at byte %llu of the journal", restep->differs, (unsigned long long)restep->differ_at);
	else if (restep->reader.end != JOURNAL_ENDED_OPEN) is_found = complain(house, journal_ending_text[restep->reader.end]);
	else if (desk && desk_hash(&restep->desk) != desk_hash(desk)) house_violates(house, "the journal comes to another state than the desk");
	journal_read_close(&restep->reader);
	return is_found;
}

/* Runs; the house is dropped, its counts and violations stay to be read. is_found: the disk has lied, and the journal says so. */
static bool run(struct matrix *matrix, struct house *house, struct house_crash crash, struct matrix_end *end, bool *is_found)
{
	struct house_plan plan = { .ends_with_days = true, .keeps_entries = matrix->keeps_entries, .crash = crash, .seed = matrix->seed, .days = matrix->days };
	if (!house_build(house, &plan)) {
		house_drop(house);
		return refuse(matrix, house->sentence);
	}
	house_run(house);
	*is_found = house->is_refused || (house->violations == 0 && step_again(matrix, house));
	*end = end_of(house);
	house_drop(house);
	return house->violations == 0 || refuse(matrix, house->violation[0]);
}

bool matrix_begin(struct matrix *matrix, uint64_t seed, int32_t days, bool keeps_entries)
{
	struct house *house = memory_take(sizeof *house);
	if (!house) return refuse(matrix, "the kernel has no memory for the house");
	matrix->seed = seed;
	matrix->days = days;
	matrix->keeps_entries = keeps_entries;
	bool is_found, holds = run(matrix, house, (struct house_crash){ 0 }, &matrix->calm, &is_found);
	matrix->calls = house->calls;
	memcpy(matrix->called, house->called, sizeof matrix->called);
	memory_give(house, sizeof *house);
	if (holds && matrix->calls > HOUSE_CALLED_MAX) return refuse(matrix, "the scenario makes more calls than are remembered: choose fewer days");
	return holds;
}

static enum matrix_verdict verdict_of(struct matrix *matrix, struct house_crash crash)
{
	struct matrix_end   end = { 0 };
	enum matrix_verdict verdict = MATRIX_VIOLATED;
	struct house       *house = memory_take(sizeof *house);
	bool                is_found = false;
	if (!house) (void)refuse(matrix, "the kernel has no memory for the house");
	else if (run(matrix, house, crash, &end, &is_found)) {
		bool is_same = end.cash_usd_e8 == matrix->calm.cash_usd_e8 && end.orders == matrix->calm.orders && end.fills == matrix->calm.fills;
		verdict = is_same && memcmp(end.qty_e8, matrix->calm.qty_e8, sizeof end.qty_e8) == 0 ? MATRIX_SAME : MATRIX_OTHER;
		if (is_found) verdict = MATRIX_FOUND;
	}
	if (house) memory_give(house, sizeof *house);
	return verdict;
}

enum matrix_verdict matrix_cell(struct matrix *matrix, uint64_t call, enum house_ruin ruin)
{
	enum matrix_verdict verdict = verdict_of(matrix, (struct house_crash){ .at = call, .ruin = ruin });
	matrix->cells[ruin][verdict]++;
	matrix->by_call[matrix->called[call - 1].call][verdict]++;
	return verdict;
}

bool matrix_may_lie(const struct matrix *matrix, uint64_t call, enum house_lie lie, uint32_t after)
{
	enum house_call what = (enum house_call)matrix->called[call - 1].call;
	if (after == 0 || call + after > matrix->calls) return false; /* it would not end any more, and nobody would read what is there */
	return lie == HOUSE_LIE_unsynced ? what == HOUSE_CALL_sync : lie != HOUSE_LIE_none && what == HOUSE_CALL_write;
}

enum matrix_verdict matrix_lie(struct matrix *matrix, uint64_t call, enum house_lie lie, uint32_t after)
{
	BUG_UNLESS(3995, matrix_may_lie(matrix, call, lie, after));
	enum house_ruin     ruin = lie == HOUSE_LIE_unsynced ? HOUSE_RUIN_lost : call % 2 ? HOUSE_RUIN_killed : HOUSE_RUIN_kept;
	enum matrix_verdict verdict = verdict_of(matrix, (struct house_crash){ .at = call, .ruin = ruin, .lie = lie, .after = after });
	matrix->lies[lie][verdict]++;
	return verdict;
}
