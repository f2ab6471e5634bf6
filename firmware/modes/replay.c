/* replay.c - `tickwork replay FILE`: steps a journal's INPUTs again and compares every RESULT and every hash with what it says.
 *
 * A journal of another build is not stepped: this build might decide otherwise. Its RESULTs are applied (desk_adopt) and the account they
 * come to is shown. */
#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/path.h"
#include "firmware/modes/recorder.h"
#include "firmware/modes/replay_day.h"
#include "firmware/modes/restep.h"
#include "hal/linux/memory.h"
#include "hal/wire/json_write.h"

enum { REPLAY_WINDOW_BYTES = 1 << 20, REPLAY_JSON_BYTES = 2048 };

struct replay {
	struct disk_linux disk;
	struct restep     re;
	bool              adopted;
	uint8_t           window[REPLAY_WINDOW_BYTES];
	char              json[REPLAY_JSON_BYTES];
};

/* Damage is the journal's, a difference is ours; each is said with its place. */
static int verdict_of(struct cli *cli, const struct replay *replay)
{
	bool damaged = replay->re.reader.end == JOURNAL_ENDED_DAMAGED || replay->re.reader.end == JOURNAL_ENDED_FAILED;
	bool is_short = !replay->adopted && replay->re.to != RESTEP_ALL && replay->re.desk.inputs < replay->re.to;
	if (is_short && !replay->re.differs)
		return cli_refuse(cli, CLI_BAD_INPUT, "%s ends at INPUT %llu: it has no INPUT %llu", cli->argument, (unsigned long long)replay->re.desk.inputs,
		    (unsigned long long)replay->re.to);
	if (!replay->re.differs && !damaged) return CLI_DONE;
	return cli_refuse(cli, CLI_FAILED, "%s at byte %llu of %s", replay->re.differs ? replay->re.differs : journal_ending_text[replay->re.reader.end],
	    (unsigned long long)(replay->re.differs ? replay->re.differ_at : replay->re.reader.at), cli->argument);
}

static int print(struct cli *cli, struct replay *replay)
{
	unsigned long long hash = desk_hash(&replay->re.desk);
	bool               is_asked = replay->re.to != RESTEP_ALL && restep_is_there(&replay->re);
	const char        *end = is_asked ? "read up to the INPUT that was asked for" : journal_ending_text[replay->re.reader.end];
	char               text[32];
	snprintf(text, sizeof text, "%016llx", hash);
	if (cli->json) {
		struct json json;
		json_begin(&json, replay->json, sizeof replay->json);
		json_object_begin(&json);
		json_key(&json, "inputs"), json_u64(&json, replay->re.inputs);
		json_key(&json, "results"), json_u64(&json, replay->re.results);
		json_key(&json, "hashes"), json_u64(&json, replay->re.hashes);
		json_key(&json, "last_input"), json_u64(&json, replay->re.desk.inputs);
		json_key(&json, "state_hash"), json_string(&json, text);
		json_key(&json, "ending"), json_string(&json, end);
		json_key(&json, "ended_at_byte"), json_u64(&json, replay->re.reader.at);
		json_key(&json, "mode"), json_string(&json, trade_mode_key(replay->re.reader.segment.setup.mode));
		json_key(&json, "same"), json_bool(&json, !replay->re.differs);
		if (replay->re.differs) json_key(&json, "difference"), json_string(&json, replay->re.differs);
		json_object_end(&json);
		json_line(&json);
		out_text(&cli->out, replay->json);
	} else {
		trade_mode_show(&cli->out, replay->re.reader.segment.setup.mode);
		out_format(&cli->out, "replayed %llu inputs: %llu results and %llu state hashes are the same\n", (unsigned long long)replay->re.inputs,
		    (unsigned long long)replay->re.results, (unsigned long long)replay->re.hashes);
		out_format(&cli->out, "the journal is %s; its last whole record ends at byte %llu\n", end, (unsigned long long)replay->re.reader.at);
		if (replay->re.stepped) out_text(&cli->out, "its last INPUT has no RESULT: it was stepped here, nothing was sent\n");
		out_format(&cli->out, "state hash %s\n", text);
	}
	return verdict_of(cli, replay);
}

static void adopt_events(struct replay *replay)
{
	struct event event;
	while (journal_event_next(&replay->re.record, &event))
		if (event.kind < EVENT_KINDS_N) desk_adopt(&replay->re.desk, &event);
}

static void adopt_all(struct replay *replay)
{
	struct settings settings;
	settings_default(&settings);
	desk_init(&replay->re.desk, replay->re.reader.head.journal_id, &settings);
	for (enum journal_type type = JOURNAL_INPUT; type != JOURNAL_END;) {
		type = journal_read_next(&replay->re.reader, &replay->re.record);
		if (type != JOURNAL_CHECKPOINT && replay->re.record.input_seq > replay->re.to) return;
		replay->re.results += type == JOURNAL_RESULT;
		if (type == JOURNAL_RESULT || type == JOURNAL_CHECKPOINT) adopt_events(replay);
	}
}

static void adopted_json(struct cli *cli, struct replay *replay)
{
	const struct journal_setup *setup = &replay->re.reader.segment.setup;
	struct json                 json;
	json_begin(&json, replay->json, sizeof replay->json);
	json_object_begin(&json);
	json_key(&json, "results"), json_u64(&json, replay->re.results);
	json_key(&json, "build"), json_string_of(&json, setup->build, strnlen(setup->build, sizeof setup->build));
	json_key(&json, "stepped"), json_bool(&json, false);
	json_key(&json, "mode"), json_string(&json, trade_mode_key(setup->mode));
	json_key(&json, "cash_usd"), json_e8(&json, replay->re.desk.account.cash_usd_e8);
	json_key(&json, "nav_usd"), json_e8(&json, account_nav_usd_e8(&replay->re.desk.account));
	json_key(&json, "orders_live"), json_u64(&json, order_table_live(&replay->re.desk.orders));
	json_key(&json, "ending"), json_string(&json, journal_ending_text[replay->re.reader.end]);
	json_object_end(&json);
	json_line(&json);
	out_text(&cli->out, replay->json);
}

/* The account as the other build's RESULTs left it; prices are those of the last records. */
static int adopt(struct cli *cli, struct replay *replay)
{
	char               cash[E8_TEXT_BYTES], nav[E8_TEXT_BYTES], qty[E8_TEXT_BYTES];
	const struct desk *desk = &replay->re.desk;
	adopt_all(replay);
	e8_text(cash, desk->account.cash_usd_e8);
	e8_text(nav, account_nav_usd_e8(&desk->account));
	if (cli->json) {
		adopted_json(cli, replay);
		return verdict_of(cli, replay);
	}
	trade_mode_show(&cli->out, replay->re.reader.segment.setup.mode);
	out_format(&cli->out, "written by another build (%.31s): its %llu results were applied, nothing was decided again\n", replay->re.reader.segment.setup.build,
	    (unsigned long long)replay->re.results);
	out_format(&cli->out, "cash %s USD, NAV %s USD, %u orders live; the journal is %s\n", cash, nav, order_table_live(&desk->orders),
	    journal_ending_text[replay->re.reader.end]);
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
	enum journal_verdict verdict = restep_begin(&replay->re);
	recorder_setup(&setup, &replay->re.desk.settings, replay->re.reader.segment.setup.mode);
	if (verdict == JOURNAL_OTHER_BUILD || (verdict == JOURNAL_OK && !journal_same_setup(&replay->re.reader, &setup))) {
		replay->adopted = true;
		return adopt(cli, replay);
	}
	if (verdict != JOURNAL_OK) return cli_refuse(cli, CLI_BAD_INPUT, "%s %s", cli->argument, journal_verdict_text[verdict]);
	if (desk_hash(&replay->re.desk) != replay->re.record.state_hash)
		return cli_refuse(cli, CLI_FAILED, "%s: the state of its first snapshot does not have the hash written beside it", cli->argument);
	replay->re.hashes++;
	if (replay->re.desk.inputs > replay->re.to)
		return cli_refuse(cli, CLI_BAD_INPUT, "INPUT %llu is no longer in %s: it begins after INPUT %llu", (unsigned long long)replay->re.to, cli->argument,
		    (unsigned long long)replay->re.desk.inputs);
	return CLI_DONE;
}

int verb_replay(struct cli *cli)
{
	char           sentence[PATH_SENTENCE_BYTES];
	if (path_is_there(cli->argument, true, sentence)) return replay_day(cli, cli->argument);
	struct replay *replay = memory_take(sizeof *replay);
	if (!replay) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this");
	replay->re.to = cli_given(cli, "--to") ? (uint64_t)cli_int(cli, "--to", 0) : RESTEP_ALL;
	if (disk_linux_init(&replay->disk, ".") != DISK_OK) return cli_refuse(cli, CLI_BAD_INPUT, "the current folder may not be read");
	enum journal_verdict verdict = journal_read_open(&replay->re.reader, &replay->disk.disk, cli->argument, replay->window, sizeof replay->window);
	if (verdict != JOURNAL_OK) return cli_refuse(cli, CLI_BAD_INPUT, "%s %s", cli->argument, journal_verdict_text[verdict]);
	int code = start(cli, replay);
	if (code == CLI_DONE && !replay->adopted) {
		restep_all(&replay->re);
		code = print(cli, replay);
	}
	journal_read_close(&replay->re.reader);
	disk_linux_end(&replay->disk);
	return code;
}
