/* signals.c - `tickwork signals`: what every strategy says of every asset at the close of one day.
 *
 * The market's days are run through the same pump and the same workers as in a backtest, with the desk at rest; what is printed are the
 * records the desk would have read, so the same day of a backtest that starts on the same day says the same. */
#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/text.h"
#include "firmware/modes/funding.h"
#include "firmware/modes/trading.h"
#include "hal/linux/memory.h"
#include "hal/wire/json_write.h"

enum { LINE_BYTES = 1024, REASON_BYTES = 128 };
#define CSV_HEAD "date,symbol,strategy,grade,confidence,target_weight,regime,reason,bars_seen,bars_needed\n"

static const char *const strategy_name[STRATEGY_COUNT] = {
#define X(name) [STRATEGY_##name] = #name,
	STRATEGIES(X)
#undef X
};

static int check_gaps(struct cli *cli, struct trading *trading)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N && cli_choice(cli, "--gaps", 0) == 0; sym++)
		if (bars_check_gaps(&trading->bars, &trading->load, trading->plan.data, sym) != BARS_OK)
			return cli_refuse(cli, CLI_BAD_INPUT, "%s, or say --gaps keep", trading->load.sentence);
	return CLI_DONE;
}

static int boot(struct cli *cli, struct trading *trading, struct funding_files *files)
{
	char                day[TEXT_DAY_BYTES];
	int32_t             first = 0, last = 0;
	struct trading_plan plan = { .data = cli_text(cli, "--data", 0), .to_day = cli_day(cli, "--date", CALENDAR_DAY_LAST), .seed = 1 };
	plan.from_day = cli_day(cli, "--from", day_from_civil(2007, 1, 1));
	if (plan.from_day > plan.to_day && cli_given(cli, "--from"))
		return cli_refuse(cli, CLI_BAD_INPUT, "--from %s is after --date %s", cli_text(cli, "--from", ""), cli_text(cli, "--date", ""));
	if (plan.from_day > plan.to_day) plan.from_day = plan.to_day;
	settings_default(&plan.settings);
	int code = funding_load(cli, files, plan.rates);
	if (code != CLI_DONE) return code;
	if (!trading_boot(trading, &plan, 0)) return cli_refuse(cli, CLI_BAD_INPUT, "%s", trading->sentence);
	trading->rooms.analyst.runs_all = true;        /* those that config.h switches off speak too: the desk rests */
	(void)bars_range(&trading->bars, &first, &last);
	if (cli_given(cli, "--date") && last < plan.to_day - 7)
		return cli_refuse(cli, CLI_BAD_INPUT, "--date %s is more than a week after the last bar, %s", cli_text(cli, "--date", ""), text_day(day, last));
	code = funding_check_end(cli, plan.rates, last < plan.to_day ? last : plan.to_day);
	return code == CLI_DONE ? check_gaps(cli, trading) : code;
}

static void run(struct trading *trading)
{
	struct event event;
	while (hal_recv(&trading->hal, &event) == HAL_EVENT) {
		trading->pump.warming = true;
		pump_event(&trading->pump, &event);
	}
}

static const char *reason(const struct signal_note *note, char text[REASON_BYTES])
{
	if (note->bars_seen < note->bars_needed)
		snprintf(text, REASON_BYTES, "warming up, %d of %d", note->bars_seen, note->bars_needed);
	else
		snprintf(text, REASON_BYTES, "%s", reason_text((enum reason)note->reason));
	return text;
}

static double share(int32_t bp) { return (double)bp / BP_ONE; }

static void print_csv(struct cli *cli, const struct event *event)
{
	const struct signal_note *note = &event->signal;
	char                      date[TEXT_DAY_BYTES], text[REASON_BYTES], confidence[DOUBLE_TEXT_BYTES], weight[DOUBLE_TEXT_BYTES];
	(void)double_text(confidence, share(note->confidence_bp));
	(void)double_text(weight, share(note->weight_bp));
	reason(note, text);
	const char *quote = strchr(text, ',') ? "\"" : "";
	out_format(&cli->out, "%s,%s,%s,%s,%s,%s,%s,%s%s%s,%d,%d\n", text_day(date, note->day), universe[event->sym].symbol, strategy_name[note->strategy],
	    grade_text((enum grade)note->grade), confidence, weight, regime_text((enum regime)note->regime), quote, text, quote, note->bars_seen,
	    note->bars_needed);
}

static void json_word(struct json *json, const char *key, const char *word)
{
	json_key(json, key);
	json_string(json, word);
}

static void json_number(struct json *json, const char *key, double number)
{
	json_key(json, key);
	json_double(json, number);
}

static void print_json(struct cli *cli, const struct event *event)
{
	const struct signal_note *note = &event->signal;
	char                      line[LINE_BYTES], text[REASON_BYTES], date[TEXT_DAY_BYTES];
	struct json               json;
	json_begin(&json, line, sizeof line);
	json_object_begin(&json);
	json_word(&json, "date", text_day(date, note->day));
	json_word(&json, "symbol", universe[event->sym].symbol);
	json_word(&json, "strategy", strategy_name[note->strategy]);
	json_word(&json, "grade", grade_text((enum grade)note->grade));
	json_number(&json, "confidence", share(note->confidence_bp));
	json_number(&json, "target_weight", share(note->weight_bp));
	json_word(&json, "regime", regime_text((enum regime)note->regime));
	json_word(&json, "reason", reason(note, text));
	json_number(&json, "bars_seen", note->bars_seen);
	json_number(&json, "bars_needed", note->bars_needed);
	json_key(&json, "warming_up");
	json_bool(&json, note->bars_seen < note->bars_needed);
	json_object_end(&json);
	json_line(&json);
	BUG_UNLESS(4344, json_length(&json) > 0);
	out_bytes(&cli->out, line, json_length(&json));
}

int verb_signals(struct cli *cli)
{
	struct trading       *trading = trading_take();
	struct funding_files *files = memory_take(sizeof *files);
	struct event          event;
	bool                  one = cli_given(cli, "--strategy");
	size_t                first = one ? cli_choice(cli, "--strategy", 0) : 0, end = one ? first + 1 : (size_t)STRATEGY_COUNT;
	if (!trading || !files)
		return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this run: %zu MB are needed", (sizeof *trading + sizeof *files) >> 20);
	int code = boot(cli, trading, files);
	if (code != CLI_DONE) return code;
	run(trading);
	if (!cli->json) out_text(&cli->out, CSV_HEAD);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		for (size_t strategy = first; strategy < end; strategy++) {
			if (!cell_read(&trading->map->signals[strategy * UNIVERSE_N + sym], &event) || event.kind != EVENT_SIGNAL) continue;
			if (cli->json) print_json(cli, &event); else print_csv(cli, &event);
		}
	}
	return CLI_DONE;
}
