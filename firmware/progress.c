/* progress.c - one pair of functions a row: what moves, and whether it must. */
#include "firmware/progress.h"

#include "firmware/pump.h"
#include "firmware/workers/ledger.h"
#include "fsm/care/process.h"

/* Eleven lives of one process, each ended by its deadline, lie within an hour: it is held down, not restarted for ever. */
#define WITHIN_THE_HOUR(worker, row, deadline, rescue, what) \
	_Static_assert(CFG_##deadline * (CFG_restarts_hour_max + 1) < 3600, "config.h: lower " #deadline ", or a stalled process is never held down");
PROGRESS(WITHIN_THE_HOUR)
_Static_assert((int)CFG_progress_news_s > (int)CFG_stream_idle_s, "config.h: the driver opens an idle stream anew before its process is called stalled");

/* Behind by more than one commit brings, and what is on its way. */
enum { BOOKS_OWED = 2 * LEDGER_BATCH_MAX };

static const struct worker_progress *word_of(const struct progress_view *view, enum worker_id worker) { return pump_progress(view->map, worker); }
static uint64_t get(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static uint64_t ticks_of(const struct progress_view *view, enum worker_id worker) { return get(&word_of(view, worker)->ticks); }

/* A TICK is there for it, and everyone it follows has done that one. */
static bool owes_tick(const struct progress_view *view, enum worker_id worker)
{
	uint64_t done = ticks_of(view, worker);
	for (int w = 0; w < WORKERS_N; w++)
		if ((workers[worker].follows >> w & 1) && (view->all >> w & 1) && ticks_of(view, (enum worker_id)w) <= done) return false;
	return ticks_of(view, WORKER_feed) > done;
}

static bool all_have_done(const struct progress_view *view)
{
	static const enum worker_id timed[] = { WORKER_context, WORKER_analyst, WORKER_health, WORKER_desk };
	uint64_t                    ticks = ticks_of(view, WORKER_feed);
	for (size_t i = 0; i < sizeof timed / sizeof *timed; i++)
		if ((view->all >> timed[i] & 1) && ticks_of(view, timed[i]) < ticks) return false;
	return true;
}

bool progress_waits_for_books(const struct memory_map *map, uint32_t ledger_process)
{
	if (ledger_process == LAYOUT_PROCESSES_MAX || map->life[0].of[ledger_process].state == PROCESS_HELD) return false;
	return get(&map->progress_desk[0].input_seq) > get(&map->progress_ledger[0].input_seq) + PROGRESS_BOOKS_BEHIND_MAX;
}

/* --- the rows ------------------------------------------------------------------------------------------------------------- */

static uint64_t moments_moves(const struct progress_view *view) { return ticks_of(view, WORKER_feed); }
static bool     moments_owes(const struct progress_view *view, int64_t now_ns)
{
	const struct worker_progress *word = word_of(view, WORKER_feed);
	bool                          waits = word->ended || word->due_ns > now_ns || progress_waits_for_books(view->map, view->ledger_process);
	return !view->by_protocol && !waits && all_have_done(view);
}

static uint64_t news_moves(const struct progress_view *view) { return get(&word_of(view, WORKER_feed)->news); }
static bool     news_owes(const struct progress_view *view, int64_t now_ns)
{
	(void)now_ns;
	return view->by_protocol && word_of(view, WORKER_feed)->expects_news;
}

static uint64_t data_moves(const struct progress_view *view) { return get(&word_of(view, WORKER_feed)->venue_words); }
static bool     data_owes(const struct progress_view *view, int64_t now_ns)
{
	(void)now_ns;
	return view->by_protocol && !word_of(view, WORKER_feed)->ended;
}

#define TICK_ROW(row, worker)                                                                                                \
	static uint64_t row##_moves(const struct progress_view *view) { return ticks_of(view, WORKER_##worker); }            \
	static bool     row##_owes(const struct progress_view *view, int64_t now_ns) { return (void)now_ns, owes_tick(view, WORKER_##worker); }
TICK_ROW(regimes, context)
TICK_ROW(signals, analyst)
TICK_ROW(alarms, health)

/* What it has taken and not acknowledged waits for the venue. */
static uint64_t decisions_moves(const struct progress_view *view) { return ticks_of(view, WORKER_desk); }
static bool     decisions_owes(const struct progress_view *view, int64_t now_ns)
{
	(void)now_ns;
	return !word_of(view, WORKER_desk)->owes_venue && owes_tick(view, WORKER_desk);
}

static uint64_t commands_moves(const struct progress_view *view) { return get(&view->map->answers[0].count); }
static bool     commands_owes(const struct progress_view *view, int64_t now_ns)
{
	const struct operator_answers *answers = view->map->answers;
	uint64_t                       asked = get(&view->map->requests[0].count);
	(void)now_ns;
	return asked > get(&answers->count);
}

static uint64_t orders_moves(const struct progress_view *view) { return get(&word_of(view, WORKER_desk)->venue_words); }
static bool     orders_owes(const struct progress_view *view, int64_t now_ns) { return (void)now_ns, view->by_protocol; }

static uint64_t reading_moves(const struct progress_view *view)
{
	return get(&word_of(view, WORKER_ledger)->steps) + get(&word_of(view, WORKER_ledger)->tries);
}
static bool reading_owes(const struct progress_view *view, int64_t now_ns)
{
	(void)now_ns;
	return get(&word_of(view, WORKER_desk)->input_seq) > get(&word_of(view, WORKER_ledger)->read_seq);
}

static uint64_t books_moves(const struct progress_view *view)
{
	return get(&word_of(view, WORKER_ledger)->input_seq) + get(&word_of(view, WORKER_ledger)->tries);
}
static bool books_owes(const struct progress_view *view, int64_t now_ns)
{
	(void)now_ns;
	return get(&word_of(view, WORKER_desk)->input_seq) > get(&word_of(view, WORKER_ledger)->input_seq) + BOOKS_OWED;
}

/* --- the table ------------------------------------------------------------------------------------------------------------ */

#define PROGRESS_ROW(worker, row, deadline, rescue, what) [PROGRESS_##row] = { #row, what, SETTING_##deadline, WORKER_##worker, rescue },
const struct progress_row progress_rows[PROGRESS_N] = { PROGRESS(PROGRESS_ROW) };

#define PROGRESS_PAIR(worker, row, deadline, rescue, what) [PROGRESS_##row] = { row##_moves, row##_owes },
static const struct {
	uint64_t (*moves)(const struct progress_view *view);
	bool (*owes)(const struct progress_view *view, int64_t now_ns);
} pair[PROGRESS_N] = { PROGRESS(PROGRESS_PAIR) };

static bool is_judged(const struct progress *progress, const struct progress_row *row)
{
	return (progress->placed >> row->worker & 1) && (!progress->is_rescue || row->is_rescues);
}

const struct progress_row *progress_look(struct progress *progress, const struct progress_view *view, const struct settings *settings, bool is_ready,
    int64_t now_ns)
{
	const struct progress_row *late = 0;
	for (size_t i = 0; i < PROGRESS_N; i++) {
		const struct progress_row *row = &progress_rows[i];
		if (!is_judged(progress, row)) continue;
		uint64_t count = pair[i].moves(view);
		if (!is_ready || count != progress->seen[i] || !pair[i].owes(view, now_ns)) progress->since_ns[i] = now_ns;
		progress->seen[i] = count;
		bool is_late = now_ns - progress->since_ns[i] >= setting(settings, row->setting) * NS_PER_S;
		if (is_late && !late) late = row;
	}
	return late;
}
