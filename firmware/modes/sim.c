/* sim.c - `tickwork sim`: the whole appliance on virtual time from one seed, with everything that may befall it. */
#include <stdio.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/print_json.h"
#include "firmware/modes/crash_matrix.h"
#include "firmware/sim/faults.h"
#include "firmware/trade_mode.h"
#include "hal/linux/clock.h"
#include "hal/linux/memory.h"

enum { DEFAULT_SEED = 1,
	DEFAULT_DAYS = 20,
	MATRIX_DAYS = 2 };

static void show_befell(struct cli *cli, const struct house *house)
{
	for (int kind = 0; kind < HOUSE_FAULTS_N; kind++)
		if (house->befell[kind])
			out_format(&cli->out, "  %6llu  %-21s %s\n", (unsigned long long)house->befell[kind], house_fault_rows[kind].name, house_fault_rows[kind].what);
}

static void print_text(struct cli *cli, const struct house *house, int64_t elapsed_ns)
{
	const struct house_counts *counts = &house->counts;
	trade_mode_show(&cli->out, TRADE_SIM);
	out_format(&cli->out, "seed %llu: %d sessions, %llu steps of the desk, %llu turns, %.1f s of machine time in %.3f s\n", (unsigned long long)house->plan.seed,
		house->plan.days, (unsigned long long)counts->steps, (unsigned long long)counts->turns, (double)house->now_ns / 1e9, (double)elapsed_ns / 1e9);
	out_format(&cli->out, "%llu orders, %llu fills, %llu processes begun, %llu killed, %llu held down, %llu power cuts, %llu commands\n",
		(unsigned long long)counts->orders, (unsigned long long)counts->fills, (unsigned long long)counts->spawns, (unsigned long long)counts->kills,
		(unsigned long long)counts->holds, (unsigned long long)counts->power_cuts, (unsigned long long)counts->commands);
	out_format(&cli->out, "%llu faults befell\n", (unsigned long long)counts->faults);
	show_befell(cli, house);
	for (uint32_t i = 0; i < house->violations && i < HOUSE_VIOLATIONS_MAX; i++) out_format(&cli->out, "VIOLATION: %s\n", house->violation[i]);
	out_format(&cli->out, "trace hash %016llx, %u violations\n", (unsigned long long)house->trace, house->violations);
}

static void json_befell(struct json *json, const struct house *house)
{
	json_key(json, "befell"), json_object_begin(json);
	for (int kind = 0; kind < HOUSE_FAULTS_N; kind++)
		if (house->befell[kind]) json_key(json, house_fault_rows[kind].name), json_u64(json, house->befell[kind]);
	json_object_end(json);
	json_key(json, "violated"), json_array_begin(json);
	for (uint32_t i = 0; i < house->violations && i < HOUSE_VIOLATIONS_MAX; i++) json_string(json, house->violation[i]);
	json_array_end(json);
}

static void print_json(struct cli *cli, const struct house *house, int64_t elapsed_ns)
{
	static struct print_json print;
	struct json             *json = print_json_begin(&print);
	char                     hash[17];
	(void)snprintf(hash, sizeof hash, "%016llx", (unsigned long long)house->trace);
	json_object_begin(json);
	json_key(json, "seed"), json_u64(json, house->plan.seed);
	json_key(json, "days"), json_i64(json, house->plan.days);
	json_key(json, "steps"), json_u64(json, house->counts.steps);
	json_key(json, "faults"), json_u64(json, house->counts.faults);
	json_key(json, "violations"), json_u64(json, house->violations);
	json_key(json, "trace_hash"), json_string(json, hash);
	json_key(json, "virtual_s"), json_double(json, (double)house->now_ns / 1e9);
	json_key(json, "elapsed_s"), json_double(json, (double)elapsed_ns / 1e9);
	json_key(json, "mode"), json_string(json, trade_mode_key(TRADE_SIM));
	json_key(json, "orders"), json_u64(json, house->counts.orders);
	json_key(json, "fills"), json_u64(json, house->counts.fills);
	json_key(json, "kills"), json_u64(json, house->counts.kills);
	json_key(json, "held_down"), json_u64(json, house->counts.holds);
	json_key(json, "power_cuts"), json_u64(json, house->counts.power_cuts);
	json_befell(json, house);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void kind_json(struct cli *cli, const struct house_fault_row *row)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "group"), json_string(json, row->group);
	json_key(json, "kind"), json_string(json, row->name);
	json_key(json, "what"), json_string(json, row->what);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static int print_kinds(struct cli *cli)
{
	for (int kind = 0; kind < HOUSE_FAULTS_N; kind++) {
		const struct house_fault_row *row = &house_fault_rows[kind];
		if (cli->json) kind_json(cli, row);
		else out_format(&cli->out, "%-8s %-21s %s\n", row->group, row->name, row->what);
	}
	return CLI_DONE;
}

static int show_matrix(struct cli *cli)
{
	return crash_matrix(cli, (uint64_t)cli_int(cli, "--seed", DEFAULT_SEED), (int32_t)cli_int(cli, "--days", MATRIX_DAYS),
	    (uint64_t)cli_int(cli, "--stride", 1), !cli_given(cli, "--cancel-entries"));
}

static int take_plan(struct cli *cli, struct house_plan *plan)
{
	const char *bad;
	size_t      length;
	*plan = (struct house_plan){ .seed = (uint64_t)cli_int(cli, "--seed", DEFAULT_SEED), .days = (int32_t)cli_int(cli, "--days", DEFAULT_DAYS),
		.faults_most = (uint32_t)cli_int(cli, "--most", 0), .data = cli_text(cli, "--data", 0), .from_day = cli_day(cli, "--from", 0) };
	if (!house_faults_parse(cli_text(cli, "--faults", "all"), &plan->kinds, &bad, &length))
		return cli_refuse(cli, CLI_BAD_INPUT, "--faults: \"%.*s\" is no kind and no group of faults; tickwork sim --list names them", (int)length, bad);
	if (cli_given(cli, "--skip") && !house_skips_parse(cli_text(cli, "--skip", ""), plan->skip))
		return cli_refuse(cli, CLI_BAD_INPUT, "--skip %s: give numbers of faults below %d, as in 0-4,7", cli_text(cli, "--skip", ""), HOUSE_SKIPS_MAX);
	return CLI_DONE;
}

int verb_sim(struct cli *cli)
{
	struct house     *house = memory_take(sizeof *house);
	struct house_plan plan;
	int64_t           begun_ns = clock_monotonic_ns();
	if (cli_given(cli, "--list")) return print_kinds(cli);
	if (cli_given(cli, "--crash-matrix")) return show_matrix(cli);
	int code = take_plan(cli, &plan);
	if (code != CLI_DONE) return code;
	if (!house) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for the house");
	if (!house_build(house, &plan)) return cli_refuse(cli, *house->loading.sentence ? CLI_BAD_INPUT : CLI_FAILED, "%s", house->sentence);
	house_run(house);
	house_drop(house);
	house_compare(house, memory_take(sizeof *house));
	uint32_t violations = house->violations;
	int64_t  elapsed_ns = clock_monotonic_ns() - begun_ns;
	if (cli->json) print_json(cli, house, elapsed_ns);
	else print_text(cli, house, elapsed_ns);
	return violations ? CLI_FAILED : CLI_DONE;
}
