/* replay.c - `tickwork replay FILE`: steps a journal's INPUTs again and compares every RESULT and every hash with what it says.
 *
 * A journal of another build is not stepped: this build might decide otherwise. Its RESULTs are applied (desk_adopt) and the account they
 * come to is shown. */
#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/modes/recorder.h"
#include "hal/linux/memory.h"
#include "hal/store/journal_read.h"
#include "hal/wire/json_write.h"

enum { REPLAY_WINDOW_BYTES = 1 << 20, REPLAY_JSON_BYTES = 2048 };

struct replay {
	struct disk_linux     disk;
	struct journal_reader reader;
	struct journal_record record;
	struct desk           desk;
	struct machine_log    log;
	struct outbox         out;
	uint64_t              inputs, results, hashes, snapshots, differ_at;
	const char           *differs;
	bool                  stepped, adopted;
	uint8_t               window[REPLAY_WINDOW_BYTES];
	char                  json[REPLAY_JSON_BYTES];
};

static void differ(struct replay *replay, const char *what)
{
	if (replay->differs) return;
	replay->differs = what;
	replay->differ_at = replay->record.at;
}

static void check_hash(struct replay *replay, uint64_t hash)
{
	replay->hashes++;
	if (desk_hash(&replay->desk) != hash) differ(replay, "the state hash differs");
}

static void on_input(struct replay *replay)
{
	struct desk_worker worker = { &replay->desk, &replay->log };
	struct event       in;
	if (!journal_event_next(&replay->record, &in)) {
		differ(replay, "an INPUT holds no event");
		return;
	}
	in.cause = replay->record.input_seq;
	if (in.cause != replay->desk.inputs + 1) {
		differ(replay, "an INPUT is missing before this one");
		return;
	}
	replay->inputs++;
	outbox_begin(&replay->out, WORKER_desk, in.cause, in.t_ns);
	desk_step(&worker, &in, &replay->out);
	replay->stepped = true;
}

static void on_result(struct replay *replay)
{
	replay->results++;
	if (!replay->stepped || !journal_result_same(&replay->record, &replay->out)) differ(replay, "a RESULT differs");
	if (replay->record.hashed) check_hash(replay, replay->record.state_hash);
	replay->stepped = false;
}

/* The first snapshot is where we start; at each later one our own state must have come to the same. */
static void on_snapshot(struct replay *replay)
{
	if (replay->record.offset) return;
	replay->snapshots++;
	if (replay->desk.inputs != replay->record.input_seq) differ(replay, "a SNAPSHOT belongs to another input");
	check_hash(replay, replay->record.state_hash);
}

static void step_all(struct replay *replay)
{
	while (!replay->differs) {
		switch (journal_read_next(&replay->reader, &replay->record)) {
		case JOURNAL_INPUT: on_input(replay); break;
		case JOURNAL_RESULT: on_result(replay); break;
		case JOURNAL_SNAPSHOT: on_snapshot(replay); break;
		case JOURNAL_CLOSE: check_hash(replay, replay->record.state_hash); break;
		case JOURNAL_CHECKPOINT: break;
		case JOURNAL_END:
		case JOURNAL_TYPES_N: return;
		}
	}
}

/* Damage is the journal's, a difference is ours; each is said with its place. */
static int verdict_of(struct cli *cli, const struct replay *replay)
{
	bool damaged = replay->reader.end == JOURNAL_ENDED_DAMAGED || replay->reader.end == JOURNAL_ENDED_FAILED;
	if (!replay->differs && !damaged) return CLI_DONE;
	return cli_refuse(cli, CLI_FAILED, "%s at byte %llu of %s", replay->differs ? replay->differs : journal_ending_text[replay->reader.end],
	    (unsigned long long)(replay->differs ? replay->differ_at : replay->reader.at), cli->argument);
}

static int print(struct cli *cli, struct replay *replay)
{
	unsigned long long hash = desk_hash(&replay->desk);
	const char        *end = journal_ending_text[replay->reader.end];
	char               text[32];
	snprintf(text, sizeof text, "%016llx", hash);
	if (cli->json) {
		struct json json;
		json_begin(&json, replay->json, sizeof replay->json);
		json_object_begin(&json);
		json_key(&json, "inputs"), json_u64(&json, replay->inputs);
		json_key(&json, "results"), json_u64(&json, replay->results);
		json_key(&json, "hashes"), json_u64(&json, replay->hashes);
		json_key(&json, "last_input"), json_u64(&json, replay->desk.inputs);
		json_key(&json, "state_hash"), json_string(&json, text);
		json_key(&json, "ending"), json_string(&json, end);
		json_key(&json, "ended_at_byte"), json_u64(&json, replay->reader.at);
		json_key(&json, "same"), json_bool(&json, !replay->differs);
		if (replay->differs) json_key(&json, "difference"), json_string(&json, replay->differs);
		json_object_end(&json);
		json_line(&json);
		out_text(&cli->out, replay->json);
	} else {
		out_format(&cli->out, "replayed %llu inputs: %llu results and %llu state hashes are the same\n", (unsigned long long)replay->inputs,
		    (unsigned long long)replay->results, (unsigned long long)replay->hashes);
		out_format(&cli->out, "the journal is %s; its last whole record ends at byte %llu\n", end, (unsigned long long)replay->reader.at);
		if (replay->stepped) out_text(&cli->out, "its last INPUT has no RESULT: it was stepped here, nothing was sent\n");
		out_format(&cli->out, "state hash %s\n", text);
	}
	return verdict_of(cli, replay);
}

static void adopt_events(struct replay *replay)
{
	struct event event;
	while (journal_event_next(&replay->record, &event))
		if (event.kind < EVENT_KINDS_N) desk_adopt(&replay->desk, &event);
}

static void adopt_all(struct replay *replay)
{
	struct settings settings;
	settings_default(&settings);
	desk_init(&replay->desk, replay->reader.head.journal_id, &settings);
	for (enum journal_type type = JOURNAL_INPUT; type != JOURNAL_END;) {
		type = journal_read_next(&replay->reader, &replay->record);
		replay->results += type == JOURNAL_RESULT;
		if (type == JOURNAL_RESULT || type == JOURNAL_CHECKPOINT) adopt_events(replay);
	}
}

static void adopted_json(struct cli *cli, struct replay *replay)
{
	const struct journal_setup *setup = &replay->reader.segment.setup;
	struct json                 json;
	json_begin(&json, replay->json, sizeof replay->json);
	json_object_begin(&json);
	json_key(&json, "results"), json_u64(&json, replay->results);
	json_key(&json, "build"), json_string_of(&json, setup->build, strnlen(setup->build, sizeof setup->build));
	json_key(&json, "stepped"), json_bool(&json, false);
	json_key(&json, "cash_usd"), json_e8(&json, replay->desk.account.cash_usd_e8);
	json_key(&json, "nav_usd"), json_e8(&json, account_nav_usd_e8(&replay->desk.account));
	json_key(&json, "orders_live"), json_u64(&json, order_table_live(&replay->desk.orders));
	json_key(&json, "ending"), json_string(&json, journal_ending_text[replay->reader.end]);
	json_object_end(&json);
	json_line(&json);
	out_text(&cli->out, replay->json);
}

/* The account as the other build's RESULTs left it; prices are those of the last records. */
static int adopt(struct cli *cli, struct replay *replay)
{
	char               cash[E8_TEXT_BYTES], nav[E8_TEXT_BYTES], qty[E8_TEXT_BYTES];
	const struct desk *desk = &replay->desk;
	adopt_all(replay);
	e8_text(cash, desk->account.cash_usd_e8);
	e8_text(nav, account_nav_usd_e8(&desk->account));
	if (cli->json) {
		adopted_json(cli, replay);
		return verdict_of(cli, replay);
	}
	out_format(&cli->out, "written by another build (%.31s): its %llu results were applied, nothing was decided again\n", replay->reader.segment.setup.build,
	    (unsigned long long)replay->results);
	out_format(&cli->out, "cash %s USD, NAV %s USD, %u orders live; the journal is %s\n", cash, nav, order_table_live(&desk->orders),
	    journal_ending_text[replay->reader.end]);
	for (size_t i = 0; i < UNIVERSE_N; i++) {
		if (!desk->account.position[i].qty_e8) continue;
		e8_text(qty, desk->account.position[i].qty_e8);
		out_format(&cli->out, "  %-10s %20s\n", universe[i].symbol, qty);
	}
	return verdict_of(cli, replay);
}

/* CLI_DONE: step it. replay->adopted: it has been dealt with. */
static int start(struct cli *cli, struct replay *replay)
{
	struct journal_setup setup;
	enum journal_verdict verdict = journal_seek_oldest(&replay->reader);
	if (verdict == JOURNAL_GAP) verdict = JOURNAL_OK;
	if (verdict == JOURNAL_OK) verdict = journal_read_state(&replay->reader, &replay->desk, sizeof replay->desk, &replay->record);
	recorder_setup(&setup, &replay->desk.settings);
	if (verdict == JOURNAL_OTHER_BUILD || (verdict == JOURNAL_OK && !journal_same_setup(&replay->reader, &setup))) {
		replay->adopted = true;
		return adopt(cli, replay);
	}
	if (verdict != JOURNAL_OK) return cli_refuse(cli, CLI_BAD_INPUT, "%s %s", cli->argument, journal_verdict_text[verdict]);
	if (desk_hash(&replay->desk) != replay->record.state_hash)
		return cli_refuse(cli, CLI_FAILED, "%s: the state of its first snapshot does not have the hash written beside it", cli->argument);
	replay->hashes++;
	return CLI_DONE;
}

int verb_replay(struct cli *cli)
{
	struct replay *replay = memory_take(sizeof *replay);
	if (!replay) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this");
	if (disk_linux_init(&replay->disk, ".") != DISK_OK) return cli_refuse(cli, CLI_BAD_INPUT, "the current folder may not be read");
	enum journal_verdict verdict = journal_read_open(&replay->reader, &replay->disk.disk, cli->argument, replay->window, sizeof replay->window);
	if (verdict != JOURNAL_OK) return cli_refuse(cli, CLI_BAD_INPUT, "%s %s", cli->argument, journal_verdict_text[verdict]);
	int code = start(cli, replay);
	if (code == CLI_DONE && !replay->adopted) {
		step_all(replay);
		code = print(cli, replay);
	}
	journal_read_close(&replay->reader);
	disk_linux_end(&replay->disk);
	return code;
}
