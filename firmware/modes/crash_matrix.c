/* crash_matrix.c - the crash matrix as a table, or as one JSON object a call. */
#include "firmware/modes/crash_matrix.h"

#include <stdio.h>

#include "firmware/cli/print_json.h"
#include "firmware/sim/matrix.h"
#include "hal/linux/memory.h"

#define NAME_OF(name, what) #name,
#define WHAT_OF(name, what) what,
static const char *const call_name[] = { HOUSE_CALLS(NAME_OF) };
static const char *const call_what[] = { HOUSE_CALLS(WHAT_OF) };
static const char *const ruin_name[] = { HOUSE_RUINS(NAME_OF) };
static const char *const ruin_what[] = { HOUSE_RUINS(WHAT_OF) };
static const char *const lie_name[] = { HOUSE_LIES(NAME_OF) };
static const char *const lie_what[] = { HOUSE_LIES(WHAT_OF) };

/* Calls from a lie of the disk to the end: before anything came of it, and when an order has left. */
static const uint32_t lie_after[] = { 1, 25 };
enum { LIE_AFTERS = sizeof lie_after / sizeof lie_after[0] };

static uint64_t sum_of(const struct matrix *matrix, enum matrix_verdict verdict)
{
	uint64_t sum = 0;
	for (int ruin = 0; ruin < HOUSE_RUINS_N; ruin++) sum += matrix->cells[ruin][verdict];
	for (int lie = 0; lie < HOUSE_LIES_N; lie++) sum += matrix->lies[lie][verdict];
	return sum;
}

static void print_head(struct cli *cli, const struct matrix *matrix, uint64_t stride)
{
	out_format(&cli->out, "seed %llu, %d sessions: %llu orders, %llu fills, %llu calls of the desk's process; ended before every %s%.0llu in each of %d ways\n\n",
		(unsigned long long)matrix->seed, matrix->days, (unsigned long long)matrix->calm.orders, (unsigned long long)matrix->calm.fills,
		(unsigned long long)matrix->calls, stride == 1 ? "one" : "", (unsigned long long)(stride == 1 ? 0 : stride), HOUSE_RUINS_N);
	for (int ruin = 0; ruin < HOUSE_RUINS_N; ruin++) out_format(&cli->out, "%-9s %s\n", ruin_name[ruin], ruin_what[ruin]);
	out_format(&cli->out, "\n%5s %-9s", "call", "name");
	for (int ruin = 0; ruin < HOUSE_RUINS_N; ruin++) out_format(&cli->out, " %-8s", ruin_name[ruin]);
	out_text(&cli->out, " what\n");
}

static void print_row(struct cli *cli, const struct matrix *matrix, uint64_t call, const enum matrix_verdict *verdict)
{
	const struct house_called *called = &matrix->called[call - 1];
	out_format(&cli->out, "%5llu %-9s", (unsigned long long)call, call_name[called->call]);
	for (int ruin = 0; ruin < HOUSE_RUINS_N; ruin++) out_format(&cli->out, " %-8s", matrix_verdict_text[verdict[ruin]]);
	out_format(&cli->out, " %s%s%s\n", call_what[called->call], *called->words ? ": " : "", called->words);
}

static void print_sums(struct cli *cli, const struct matrix *matrix)
{
	out_format(&cli->out, "\n%-15s %8s %8s %8s\n", "sum by", "same", "other", "VIOLATED");
	for (int ruin = 0; ruin < HOUSE_RUINS_N; ruin++)
		out_format(&cli->out, "%-15s %8llu %8llu %8llu\n", ruin_name[ruin], (unsigned long long)matrix->cells[ruin][MATRIX_SAME],
			(unsigned long long)matrix->cells[ruin][MATRIX_OTHER], (unsigned long long)matrix->cells[ruin][MATRIX_VIOLATED]);
	for (int call = 0; call < HOUSE_CALLS_N; call++) {
		const uint64_t *cells = matrix->by_call[call];
		if (cells[MATRIX_SAME] + cells[MATRIX_OTHER] + cells[MATRIX_VIOLATED] > 0)
			out_format(&cli->out, "%-15s %8llu %8llu %8llu\n", call_name[call], (unsigned long long)cells[MATRIX_SAME],
				(unsigned long long)cells[MATRIX_OTHER], (unsigned long long)cells[MATRIX_VIOLATED]);
	}
}

static void print_total(struct cli *cli, const struct matrix *matrix)
{
	unsigned long long same = sum_of(matrix, MATRIX_SAME), other = sum_of(matrix, MATRIX_OTHER), found = sum_of(matrix, MATRIX_FOUND);
	unsigned long long violated = sum_of(matrix, MATRIX_VIOLATED);
	out_format(&cli->out, "%llu cells: %llu same, %llu other, %llu found, %llu violated\n", same + other + found + violated, same, other, found, violated);
}

/* --- the disk that lies ---------------------------------------------------------------------------------------------------- */

static void print_lies_head(struct cli *cli)
{
	out_format(&cli->out, "\nThe disk lies at a write or a sync, and %u or %u calls later the process is killed or the power goes:\n", lie_after[0], lie_after[1]);
	for (int lie = 1; lie < HOUSE_LIES_N; lie++) out_format(&cli->out, "%-9s %s\n", lie_name[lie], lie_what[lie]);
}

static void json_lie(struct cli *cli, uint64_t call, enum house_lie lie, uint32_t after, enum matrix_verdict verdict)
{
	static struct print_json print;
	struct json             *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "call"), json_u64(json, call);
	json_key(json, "lie"), json_string(json, lie_name[lie]);
	json_key(json, "after"), json_u64(json, after);
	json_key(json, "end"), json_string(json, matrix_verdict_text[verdict]);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void do_lie(struct cli *cli, struct matrix *matrix, uint64_t call, enum house_lie lie, uint32_t after)
{
	enum matrix_verdict verdict = matrix_lie(matrix, call, lie, after);
	if (cli->json) json_lie(cli, call, lie, after, verdict);
	else if (verdict == MATRIX_VIOLATED)
		out_format(&cli->out, "VIOLATION: call %llu, %s, %u calls later: %s\n", (unsigned long long)call, lie_name[lie], after, matrix->sentence);
	out_flush(&cli->out);
}

static void print_lies(struct cli *cli, const struct matrix *matrix)
{
	out_format(&cli->out, "\n%-15s %8s %8s %8s %8s\n", "sum by", "same", "other", "found", "VIOLATED");
	for (int lie = 1; lie < HOUSE_LIES_N; lie++) {
		const uint64_t *cells = matrix->lies[lie];
		out_format(&cli->out, "%-15s %8llu %8llu %8llu %8llu\n", lie_name[lie], (unsigned long long)cells[MATRIX_SAME], (unsigned long long)cells[MATRIX_OTHER],
			(unsigned long long)cells[MATRIX_FOUND], (unsigned long long)cells[MATRIX_VIOLATED]);
	}
}

static void do_lies(struct cli *cli, struct matrix *matrix, uint64_t stride)
{
	if (!cli->json) print_lies_head(cli);
	for (uint64_t call = 1; call <= matrix->calls; call += stride)
		for (int i = 0; i < LIE_AFTERS * HOUSE_LIES_N; i++) {
			enum house_lie lie = (enum house_lie)(i / LIE_AFTERS);
			if (matrix_may_lie(matrix, call, lie, lie_after[i % LIE_AFTERS])) do_lie(cli, matrix, call, lie, lie_after[i % LIE_AFTERS]);
		}
	if (!cli->json) print_lies(cli, matrix);
}

static void json_row(struct cli *cli, const struct matrix *matrix, uint64_t call, const enum matrix_verdict *verdict)
{
	static struct print_json   print;
	struct json               *json = print_json_begin(&print);
	const struct house_called *called = &matrix->called[call - 1];
	json_object_begin(json);
	json_key(json, "call"), json_u64(json, call);
	json_key(json, "name"), json_string(json, call_name[called->call]);
	json_key(json, "words"), json_string(json, called->words);
	for (int ruin = 0; ruin < HOUSE_RUINS_N; ruin++) json_key(json, ruin_name[ruin]), json_string(json, matrix_verdict_text[verdict[ruin]]);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void do_row(struct cli *cli, struct matrix *matrix, uint64_t call)
{
	enum matrix_verdict verdict[HOUSE_RUINS_N];
	for (int ruin = 0; ruin < HOUSE_RUINS_N; ruin++) {
		verdict[ruin] = matrix_cell(matrix, call, (enum house_ruin)ruin);
		if (verdict[ruin] == MATRIX_VIOLATED && !cli->json)
			out_format(&cli->out, "VIOLATION: call %llu, %s: %s\n", (unsigned long long)call, ruin_name[ruin], matrix->sentence);
	}
	if (cli->json) json_row(cli, matrix, call, verdict);
	else print_row(cli, matrix, call, verdict);
	out_flush(&cli->out);
}

int crash_matrix(struct cli *cli, uint64_t seed, int32_t days, uint64_t stride, bool keeps_entries)
{
	struct matrix *matrix = memory_take(sizeof *matrix);
	if (!matrix) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for the matrix");
	if (!matrix_begin(matrix, seed, days, keeps_entries)) return cli_refuse(cli, CLI_FAILED, "%s", matrix->sentence);
	if (!cli->json) print_head(cli, matrix, stride);
	for (uint64_t call = 1; call <= matrix->calls; call += stride) do_row(cli, matrix, call);
	if (!cli->json) print_sums(cli, matrix);
	do_lies(cli, matrix, stride);
	if (!cli->json) print_total(cli, matrix);
	return sum_of(matrix, MATRIX_VIOLATED) ? CLI_FAILED : CLI_DONE;
}
