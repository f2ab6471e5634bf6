/* venue_check.c - a child, one connection, two questions, one finding. */
#include "firmware/modes/venue_check.h"

#include <stdarg.h>
#include <stdio.h>

#include "hal/linux/await.h"
#include "hal/linux/clock.h"
#include "hal/linux/files.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/venues/alpaca/codec_text.h"
#include "hal/venues/rest.h"

/* Where the finding lies, in the parent and in its child. */
#define FINDING_ADDRESS ((uintptr_t)UINT64_C(0x220000000000))

enum { CONNECT_MS = 2000, QUEUE_MS = 4500, ANSWER_MS = 3000, BODY_BYTES_MAX = 16384, CONNECTIONS_MAX = 2, CONNECTS_PER_MIN = 60 };
enum { STATUS_OK = 200, STATUS_KEY = 401, STATUS_FORBIDDEN = 403, STATUS_TOO_MANY = 429, STATUS_SERVER = 500 };

/* The account first: what it says of the key matters more than a clock. */
enum question { ASK_ACCOUNT, ASK_CLOCK, QUESTIONS_N };
static const char *const target[QUESTIONS_N] = { "/v2/account", "/v2/clock" };
/* What an answer must have, to be Alpaca's. */
static const char *const path[QUESTIONS_N] = { "id", "timestamp" };

/* is_told: the child has said all; until then nothing of it counts. */
struct finding { struct preflight_venue found; bool is_told; };

/* What the child knows: its own copy of what the parent made, which never holds a key. */
struct asking {
	const struct venue_plan *plan;
	const struct secrets    *secrets;
	const char              *home;
	struct finding          *finding;
	struct dns               dns;
	struct anchors           anchors;
	struct reach             reach;
	struct secret            key_id, secret_key;
	struct rest              rest;
	struct json_paths        paths[QUESTIONS_N];
	int64_t                  begun_ns, until_ns;
	char                     body[BODY_BYTES_MAX];
};

__attribute__((format(printf, 3, 4))) static void say(struct preflight_venue *found, enum preflight_verdict verdict, const char *format, ...)
{
	va_list words;
	va_start(words, format);
	found->result.verdict = verdict;
	(void)vsnprintf(found->result.sentence, sizeof found->result.sentence, format, words);
	va_end(words);
}

/* --- in the child: what is heard --------------------------------------------------------------------------------------------- */

#define conclude(asking, ...) (say(&(asking)->finding->found, __VA_ARGS__), (asking)->finding->is_told = true)

static bool ask(struct asking *asking, enum question question)
{
	return rest_ask(&asking->rest, &(struct rest_request){ .method = "GET", .target = target[question], .tag = question });
}

static void refuse_status(struct asking *asking, enum question question, uint32_t status)
{
	const char *host = asking->plan->trading.host;
	if (status == STATUS_KEY || status == STATUS_FORBIDDEN)
		conclude(asking, PREFLIGHT_FAILURE, "%s refuses the key in %s (%u): check it and its secret, and that they are of this account", host,
		    secret_name(SECRET_trading_key_id), status);
	else if (status == STATUS_TOO_MANY || status >= STATUS_SERVER)
		conclude(asking, PREFLIGHT_WARNING, "%s answers %s with status %u: its own trouble, so the key is not yet proved", host, target[question], status);
	else conclude(asking, PREFLIGHT_FAILURE, "%s answers %s with status %u: is it a trading host of Alpaca?", host, target[question], status);
}

/* A first start is refused; one that goes on from a journal may have positions, so it starts and keeps trying. */
static enum preflight_verdict unreached(const struct asking *asking)
{
	char     path[FILES_PATH_MAX];
	uint64_t bytes = 0;
	bool     goes_on = files_path(path, asking->home, "journal") == FILES_OK && files_size(path, &bytes) == FILES_OK && bytes > 0;
	return goes_on ? PREFLIGHT_WARNING : PREFLIGHT_FAILURE;
}

/* The venue told its time about halfway between our question and its answer. */
static void take_clock(struct asking *asking, int64_t t_ns)
{
	int64_t half_ns = (clock_monotonic_ns() - asking->rest.sent_ns) / 2;
	asking->finding->found.has_clock = !asking->plan->stepped;
	asking->finding->found.ahead_s = asking->plan->stepped ? 0 : (t_ns + half_ns) / NS_PER_S - reach_wall_s();
	conclude(asking, PREFLIGHT_OK, "%s takes the key in %s, answered in %lld ms", asking->plan->trading.host, secret_name(SECRET_trading_key_id),
	    (long long)((clock_monotonic_ns() - asking->begun_ns) / NS_PER_MS));
}

static void take_body(struct asking *asking, enum question question, const struct rest_answer *answer)
{
	struct json_reader json;
	struct json_value  head, value;
	int64_t            t_ns = 0;
	json_open(&json, answer->body, answer->body_bytes);
	bool is_good = json_next(&json, &head) == JSON_OBJECT && json_pick(&json, &asking->paths[question], &value) && json_finish(&json) &&
	               value.kind == JSON_STRING && (question == ASK_ACCOUNT || alpaca_time_of(&value, &t_ns));
	if (!is_good)
		conclude(asking, PREFLIGHT_FAILURE, "%s answers %s without %s: is it a trading host of Alpaca?", asking->plan->trading.host, target[question],
		    path[question]);
	else if (question == ASK_CLOCK) take_clock(asking, t_ns);
}

/* A question that was lost is asked again: it changes nothing at the venue. */
static void hear(void *self, const struct rest_answer *answer)
{
	struct asking *asking = self;
	enum question  question = (enum question)answer->tag;
	if (asking->finding->is_told) return;
	if (answer->outcome == REST_ANSWERED && answer->status == STATUS_OK) take_body(asking, question, answer);
	else if (answer->outcome == REST_ANSWERED) refuse_status(asking, question, answer->status);
	else if (answer->outcome == REST_UNSENT || answer->is_late || !ask(asking, question)) conclude(asking, unreached(asking), "%s", answer->sentence);
}

/* --- in the child: the way there --------------------------------------------------------------------------------------------- */

static bool trust(struct asking *asking)
{
	char roots[FILES_PATH_MAX];
	(void)snprintf(roots, sizeof roots, "%s/" VENUE_PLAN_ROOTS, asking->home);
	anchors_init(&asking->anchors);
	const char          *file = asking->plan->trust ? asking->plan->trust : roots;
	enum anchors_verdict verdict = anchors_load(&asking->anchors, file);
	if (verdict != ANCHORS_OK) conclude(asking, PREFLIGHT_FAILURE, "not asked: %s %s", file, anchors_verdict_text[verdict]);
	return verdict == ANCHORS_OK;
}

static bool read_keys(struct asking *asking)
{
	int  fd = asking->secrets->fd[SECRET_PAIR_trading];
	bool ok = secrets_read(fd, SECRET_trading_key_id, &asking->key_id) && secrets_read(fd, SECRET_trading_secret_key, &asking->secret_key);
	if (!ok) conclude(asking, PREFLIGHT_FAILURE, "not asked: %s or its secret is missing, or cannot be read into locked memory",
		    secret_name(SECRET_trading_key_id));
	return ok;
}

static void open_rest(struct asking *asking)
{
	dns_init(&asking->dns);
	dns_boot(&asking->dns, "/etc/resolv.conf", "/etc/hosts");
	asking->reach = (struct reach){ &asking->dns, asking->plan->trading.host, asking->plan->trading.port, &asking->anchors, 0,
		{ CONNECT_MS * NS_PER_MS, CONNECT_MS * NS_PER_MS, VENUE_CHECK_S * NS_PER_S }, CONNECTS_PER_MIN };
	struct rest_plan plan = { .reach = &asking->reach,
		.auth = { { "APCA-API-KEY-ID", asking->key_id.text }, { "APCA-API-SECRET-KEY", asking->secret_key.text } },
		.queue_ns = QUEUE_MS * NS_PER_MS,
		.answer_ns = ANSWER_MS * NS_PER_MS,
		.requests_per_min = CFG_venue_requests_per_min };
	rest_init(&asking->rest, &plan, hear, asking, asking->body, sizeof asking->body);
	for (enum question question = 0; question < QUESTIONS_N; question++) {
		json_paths_init(&asking->paths[question], &path[question], 1);
		(void)ask(asking, question);        /* a fresh queue has room */
	}
}

/* A connection has come to nothing CONNECTIONS_MAX times: the next would not do better in the time that is left. */
static bool is_hopeless(const struct rest *rest)
{
	return rest->connections >= CONNECTIONS_MAX && rest->stream.state == STREAM_CLOSED && *rest->sentence;
}

static void give_up(struct asking *asking)
{
	const struct rest *rest = &asking->rest;
	const char        *host = asking->plan->trading.host;
	if (rest->limited) refuse_status(asking, ASK_ACCOUNT, STATUS_TOO_MANY);
	else if (*rest->sentence) conclude(asking, unreached(asking), "%s", rest->sentence);
	else conclude(asking, unreached(asking), "%s:%u does not answer in %d s: is it the right host, and is the network up?", host,
		    asking->plan->trading.port, VENUE_CHECK_S);
}

static int ask_venue(void *context, uint32_t row)
{
	struct asking *asking = context;
	(void)row;
	asking->begun_ns = clock_monotonic_ns();
	asking->until_ns = asking->begun_ns + VENUE_CHECK_S * NS_PER_S;
	if (!trust(asking) || !read_keys(asking)) return 0;
	if (!loop_open()) return 1;
	open_rest(asking);
	while (!asking->finding->is_told && !is_hopeless(&asking->rest) && clock_monotonic_ns() < asking->until_ns && !loop_stop_signal())
		loop_once(asking->until_ns - clock_monotonic_ns());
	if (!asking->finding->is_told) give_up(asking);
	rest_close(&asking->rest);
	secret_wipe(&asking->key_id);
	secret_wipe(&asking->secret_key);
	loop_close();
	return 0;
}

/* --- in the parent ----------------------------------------------------------------------------------------------------------- */

void venue_check_before(void *context, const struct venue_plan *plan, const struct secrets *secrets, struct preflight_venue *found)
{
	struct process_child child;
	char                 words[PROCESS_WORDS_BYTES];
	int                  status = 0;
	struct finding      *finding = memory_share_at(FINDING_ADDRESS, sizeof *finding);
	struct asking       *asking = memory_take(sizeof *asking);
	struct process_recipe recipe = { .run = ask_venue, .context = asking, .keeps = 1, .keep = &secrets->fd[SECRET_PAIR_trading] };
	*found = (struct preflight_venue){ 0 };
	if (asking) *asking = (struct asking){ .plan = plan, .secrets = secrets, .home = context, .finding = finding };
	if (!finding || !asking || !process_fork(&child, &recipe)) {
		say(found, PREFLIGHT_FAILURE, "%s is not asked: the kernel has no memory for one more process", plan->trading.host);
	} else {
		process_wait(&child, &status);
		process_drop(&child);
		if (finding->is_told) *found = finding->found;
		else say(found, PREFLIGHT_WARNING, "%s is not asked: the process for it ended: %s", plan->trading.host, process_words(status, 0, words));
	}
	if (finding) memory_give(finding, sizeof *finding);
	if (asking) memory_give(asking, sizeof *asking);
}
