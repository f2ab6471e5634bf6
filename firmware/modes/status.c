/* status.c - `tickwork status`: is it alive, what does it hold, may it trade. Needs no process of the appliance to be alive. */
#include <stdio.h>

#include "firmware/cli/table.h"
#include "firmware/console/words.h"
#include "firmware/modes/looking.h"
#include "firmware/report/day.h"
#include "firmware/trade_mode.h"
#include "fsm/care/degraded.h"
#include "hal/linux/holder.h"

enum { NUMBER_BYTES = 24, STATE_BYTES = 64 };

static const char *number(char text[NUMBER_BYTES], uint64_t value)
{
	(void)snprintf(text, NUMBER_BYTES, "%llu", (unsigned long long)value);
	return text;
}

static const char *time_of(char text[DAY_TIME_BYTES], int64_t t_ns)
{
	if (t_ns) day_time(text, t_ns);
	else (void)snprintf(text, DAY_TIME_BYTES, "-");
	return text;
}

static void show_appliance(struct cli *cli, const struct looking *looking)
{
	char                    time[DAY_TIME_BYTES];
	const struct map_stamp *stamp = looking->look.map->stamp;
	out_paint(&cli->out, trade_mode_colour(stamp->mode));
	looking_line(cli, "mode", "%s, venue %.*s, layout %.*s, build %.*s", trade_mode_word(stamp->mode), MAP_STAMP_TEXT_BYTES - 1, stamp->venue,
	    MAP_STAMP_TEXT_BYTES - 1, stamp->layout, MAP_STAMP_BUILD_BYTES - 1, stamp->build);
	out_paint(&cli->out, OUT_PLAIN);
	const struct life *life = looking->look.map->life;
	if (looking->look.holder_pid) looking_line(cli, "watchdog", "process %d, running", looking->look.holder_pid);
	else if (life->ended_ns)
		looking_line(cli, "watchdog", "ended %s, %s: it %.*s", time_of(time, life->ended_ns), life->failed ? "not well" : "in order", LIFE_END_BYTES - 1, life->end);
	else looking_line(cli, "watchdog", "dead; it was process %d", stamp->pid);
	looking_line(cli, "market time", "%s", time_of(time, looking->look.map->progress_feed->t_ns));
}

static void show_account(struct cli *cli, const struct account_note *account)
{
	char nav[TEXT_USD_BYTES], pct[E8_TEXT_BYTES];
	looking_line(cli, "NAV", "%s USD, drawdown %s %%", text_usd(nav, account->nav_usd_e8), looking_pct(pct, account->drawdown_bp));
	looking_line(cli, "risk", "level %u (%s)%s%s%s", account->level, word_ladder_state(account->ladder_state), account->halted ? ", HALTED" : "",
	    account->paused ? ", PAUSED" : "", account->review_open ? ", a review is open" : "");
	looking_line(cli, "holds", "%u positions, %u working orders", account->positions, account->orders_working);
}

/* What is missing at present, and what is done meanwhile: a line each. */
static void show_degraded(struct cli *cli, const struct looking *looking)
{
	for (uint32_t i = 0; i < CARE_CONDITIONS_N; i++)
		if (looking->look.map->conditions->in_force >> i & 1) looking_line(cli, "lacks", "%s: %s", degraded[i].missing, degraded[i].meanwhile);
}

/* "12m05s", and that the process is gone where the watchdog's word is older than that. */
static const char *state_for(char text[STATE_BYTES], const struct process_life *life, int64_t now_ns)
{
	char span[TEXT_SPAN_BYTES] = "-";
	bool known = life->since_ns > 0 && life->since_ns <= now_ns;
	if (known) (void)text_span(span, now_ns - life->since_ns);
	(void)snprintf(text, STATE_BYTES, "%s%s", span, life->pid && !process_exists(life->pid) ? ", gone" : "");
	return text;
}

static void show_processes(struct cli *cli, const struct looking *looking)
{
	static const struct table_column column[] = { { "PROCESS", 23, false }, { "STATE", 11, false }, { "PID", 7, true }, { "RESTARTS", 8, true },
		{ "HANGS", 5, true }, { "SINCE", 13, false } };
	struct table                     table = { column, 6 };
	struct process_life              life;
	table_head(&cli->out, table);
	for (uint32_t i = 0; i < LIFE_ROWS; i++) {
		char pid[NUMBER_BYTES], restarts[NUMBER_BYTES], hangs[NUMBER_BYTES], since[STATE_BYTES];
		if (!look_process(&looking->look, i, &life)) continue;
		const char *const text[] = { life.name, word_process_state(life.state), life.pid ? number(pid, (uint64_t)life.pid) : "-",
			number(restarts, life.restarts), number(hangs, life.hangs), state_for(since, &life, looking->look.now_ns) };
		table_row(&cli->out, table, text);
	}
}

static void show_workers(struct cli *cli, const struct looking *looking)
{
	static const struct table_column column[] = { { "WORKER", 8, false }, { "TICKS", 8, true }, { "STEPS", 10, true }, { "BEATS", 10, true },
		{ "FULL", 4, true }, { "TRAP", 4, true }, { "MARKET TIME", 20, false } };
	struct table                     table = { column, 7 };
	table_head(&cli->out, table);
	for (uint32_t i = 0; i < LOOK_WORKERS_N; i++) {
		char                          ticks[NUMBER_BYTES], steps[NUMBER_BYTES], beats[NUMBER_BYTES], full[NUMBER_BYTES], trap[NUMBER_BYTES], time[DAY_TIME_BYTES];
		const char                   *name;
		const struct worker_progress *progress = look_worker(&looking->look, i, &name);
		const char *const             text[] = { name, number(ticks, progress->ticks), number(steps, progress->steps), number(beats, progress->beats),
			number(full, progress->full_channels), progress->trap ? number(trap, progress->trap) : "-", time_of(time, progress->t_ns) };
		table_row(&cli->out, table, text);
	}
}

static void show(struct cli *cli, const struct looking *looking)
{
	struct event event;
	looking_warn(cli, looking);
	show_appliance(cli, looking);
	if (looking_account(cli, looking, &event)) show_account(cli, &event.account);
	show_degraded(cli, looking);
	out_text(&cli->out, "\n");
	show_processes(cli, looking);
	out_text(&cli->out, "\n");
	show_workers(cli, looking);
}

int verb_status(struct cli *cli)
{
	struct looking looking;
	int            code = looking_begin(&looking, cli);
	if (code != CLI_DONE) return code;
	if (cli->json) looking_json(cli, &looking, look_status); else show(cli, &looking);
	looking_end(&looking);
	return CLI_DONE;
}
