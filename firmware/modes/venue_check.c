/* venue_check.c - a child, one connection, two questions, one finding. */
#include "firmware/modes/venue_check.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/await.h"
#include "hal/linux/clock.h"
#include "hal/linux/files.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/venues/alpaca/codec_text.h"
#include "hal/venues/alpaca/market_codec.h"
#include "hal/venues/rest.h"

/* Where the finding lies, in the parent and in its child. */
#define FINDING_ADDRESS ((uintptr_t)UINT64_C(0x220000000000))

enum { CONNECT_MS = 2000, QUEUE_MS = 4500, ANSWER_MS = 3000, BODY_BYTES_MAX = 16384, CONNECTIONS_MAX = 2, CONNECTS_PER_MIN = 60 };
enum { STATUS_OK = 200, STATUS_KEY = 401, STATUS_FORBIDDEN = 403, STATUS_TOO_MANY = 429, STATUS_SERVER = 500 };

/* What each host is asked with which pair of keys, and the key an answer must have, of which kind, to be Alpaca's. The account comes before the clock:
 * what it says of the key matters more. */
enum { QUESTIONS_MAX = 2, PATHS_MAX = 2 };
struct question {
	const char    *target, *path;
	enum json_kind kind;
	const char    *more;        /* another string that is kept, or 0 */
};
struct party {
	enum secret_pair pair;
	enum secret_id   key_id, secret_key;
	const char      *what;
	uint32_t         questions;
	struct question  question[QUESTIONS_MAX];
};
static const struct party parties[PREFLIGHT_HOSTS_N] = {
	[PREFLIGHT_TRADING] = { SECRET_PAIR_trading, SECRET_trading_key_id, SECRET_trading_secret_key, "a trading host of Alpaca", 2,
		{ { "/v2/account", "id", JSON_STRING, "account_number" }, { "/v2/clock", "timestamp", JSON_STRING, 0 } } },
	[PREFLIGHT_DATA] = { SECRET_PAIR_data, SECRET_data_key_id, SECRET_data_secret_key, "a data host of Alpaca", 1,
		{ { "/v2/stocks/bars/latest?feed=iex&symbols=", "bars", JSON_OBJECT, 0 } } },
};

/* is_told: the child has said all; until then nothing of it counts. */
struct finding { struct preflight_venue found; bool is_told; };

/* What the child knows: its own copy of what the parent made, which never holds a key. */
struct asking {
	const struct venue_plan *plan;
	const struct party      *party;
	const struct url        *url;
	const struct secrets    *secrets;
	const char              *home;
	struct finding          *finding;
	struct dns               dns;
	struct anchors           anchors;
	struct reach             reach;
	struct secret            key_id, secret_key;
	struct rest              rest;
	struct json_paths paths[QUESTIONS_MAX];
	char              target[REST_TARGET_BYTES_MAX];
	int64_t                  begun_ns, until_ns;
	char                     body[BODY_BYTES_MAX];
};

/* --- in the child: what is heard --------------------------------------------------------------------------------------------- */

#define conclude(asking, ...) (preflight_say(&(asking)->finding->found.result, __VA_ARGS__), (asking)->finding->is_told = true)

/* The question about bars names every symbol there is. */
static bool ask(struct asking *asking, uint32_t question)
{
	const char *target = asking->party->question[question].target;
	size_t      length = strlen(target);
	(void)snprintf(asking->target, sizeof asking->target, "%s", target);
	if (target[length - 1] == '=') (void)alpaca_symbols(false, asking->target + length, sizeof asking->target - length);
	return rest_ask(&asking->rest, &(struct rest_request){ .method = "GET", .target = asking->target, .tag = question });
}

/* What was asked, without its query. */
static int path_chars(const char *target) { return (int)strcspn(target, "?"); }

static void refuse_status(struct asking *asking, uint32_t question, uint32_t status)
{
	const char *host = asking->url->host, *target = asking->party->question[question].target;
	if (status == STATUS_KEY || status == STATUS_FORBIDDEN)
		conclude(asking, PREFLIGHT_FAILURE, "%s refuses the key in %s (%u):\ncheck it and its secret, and that they are of this account%s", host,
		    secret_name(asking->party->key_id), status, asking->plan->mode == TRADE_LIVE ? ", the one with real money" : "");
	else if (status == STATUS_TOO_MANY || status >= STATUS_SERVER)
		conclude(asking, PREFLIGHT_WARNING, "%s answers %.*s with status %u:\nits own trouble, so the key is not yet proved; ask again later", host,
		    path_chars(target), target, status);
	else
		conclude(asking, PREFLIGHT_FAILURE, "%s answers %.*s with status %u:\nis it %s?", host, path_chars(target), target, status,
		    asking->party->what);
}

/* What a sentence of a connection leaves out. */
#define AND_THEN ":\ncheck the address, the network, and the roots it is trusted by"

/* A first start is refused; one that goes on from a journal may have positions, so it starts and keeps trying. */
static enum preflight_verdict unreached(const struct asking *asking)
{
	char     path[FILES_PATH_MAX];
	uint64_t bytes = 0;
	bool     goes_on = files_path(path, asking->home, "journal") == FILES_OK && files_size(path, &bytes) == FILES_OK && bytes > 0;
	return goes_on ? PREFLIGHT_WARNING : PREFLIGHT_FAILURE;
}

static void take_key(struct asking *asking)
{
	conclude(asking, PREFLIGHT_OK, "%s takes the key in %s, answered in %lld ms", asking->url->host, secret_name(asking->party->key_id),
	    (long long)((clock_monotonic_ns() - asking->begun_ns) / NS_PER_MS));
}

/* The venue told its time about halfway between our question and its answer. */
static void take_clock(struct asking *asking, int64_t t_ns)
{
	int64_t half_ns = (clock_monotonic_ns() - asking->rest.sent_ns) / 2;
	asking->finding->found.has_clock = !asking->plan->stepped;
	asking->finding->found.ahead_s = asking->plan->stepped ? 0 : (t_ns + half_ns) / NS_PER_S - reach_wall_s();
}

/* Names that are none stay empty, which is no account. */
static void take_account(struct asking *asking, const struct json_value found[PATHS_MAX])
{
	struct preflight_venue *told = &asking->finding->found;
	if (!alpaca_id(&found[0], told->account_id, sizeof told->account_id)) told->account_id[0] = '\0';
	if (!alpaca_id(&found[1], told->account_number, sizeof told->account_number)) told->account_number[0] = '\0';
}

static void take_body(struct asking *asking, uint32_t number, const struct rest_answer *answer)
{
	const struct question *question = &asking->party->question[number];
	bool                   is_clock = asking->party == &parties[PREFLIGHT_TRADING] && number + 1 == asking->party->questions;
	struct json_reader     json;
	struct json_value      head, found[PATHS_MAX], value;
	int64_t                t_ns = 0;
	json_open(&json, answer->body, answer->body_bytes);
	bool is_good = json_next(&json, &head) == JSON_OBJECT && json_pick(&json, &asking->paths[number], found) && json_finish(&json);
	value = is_good ? found[0] : (struct json_value){ .kind = JSON_NONE };
	is_good = is_good && value.kind == question->kind && (!is_clock || alpaca_time_of(&value, &t_ns));
	if (!is_good) {
		conclude(asking, PREFLIGHT_FAILURE, "%s answers %.*s without %s:\nis it %s?", asking->url->host, path_chars(question->target),
		    question->target,
		    question->path, asking->party->what);
		return;
	}
	if (question->more) take_account(asking, found);
	if (is_clock) take_clock(asking, t_ns);
	if (number + 1 == asking->party->questions) take_key(asking);
}

/* A question that was lost is asked again: it changes nothing at the venue. */
static void hear(void *self, const struct rest_answer *answer)
{
	struct asking *asking = self;
	uint32_t       question = (uint32_t)answer->tag;
	if (asking->finding->is_told) return;
	if (answer->outcome == REST_ANSWERED && answer->status == STATUS_OK) take_body(asking, question, answer);
	else if (answer->outcome == REST_ANSWERED) refuse_status(asking, question, answer->status);
	else if (answer->outcome == REST_UNSENT || answer->is_late || !ask(asking, question)) conclude(asking, unreached(asking), "%s" AND_THEN,
	    answer->sentence);
}

/* --- in the child: the way there --------------------------------------------------------------------------------------------- */

static bool trust(struct asking *asking)
{
	char roots[FILES_PATH_MAX];
	(void)snprintf(roots, sizeof roots, "%s/" VENUE_PLAN_ROOTS, asking->home);
	anchors_init(&asking->anchors);
	const char          *file = asking->plan->trust ? asking->plan->trust : roots;
	enum anchors_verdict verdict = anchors_load(&asking->anchors, file);
	if (verdict != ANCHORS_OK) conclude(asking, PREFLIGHT_FAILURE, "not asked, because %s %s;\nsee the check `roots`", file,
	    anchors_verdict_text[verdict]);
	return verdict == ANCHORS_OK;
}

static bool read_keys(struct asking *asking)
{
	const struct party *party = asking->party;
	int                 fd = asking->secrets->fd[party->pair];
	bool                ok = secrets_read(fd, party->key_id, &asking->key_id) && secrets_read(fd, party->secret_key, &asking->secret_key);
	if (!ok)
		conclude(asking, PREFLIGHT_FAILURE, "not asked, because %s or its secret is missing, or cannot be read into locked memory:\nsee the "
		    "check `secrets`",
		    secret_name(party->key_id));
	return ok;
}

/* Alpaca's key ids say whose they are: AK of real money, PK of paper. A key goes to no host that it is not for, and one that trades real money is no key
 * for data, which the feed's process reads. */
static bool is_key_of_mode(struct asking *asking)
{
	const char *id = asking->key_id.text, *name = secret_name(asking->party->key_id);
	bool        is_real = strncmp(id, "AK", 2) == 0, is_paper = strncmp(id, "PK", 2) == 0, is_data = asking->party->pair == SECRET_PAIR_data;
	bool        is_live = asking->plan->mode == TRADE_LIVE;
	if (is_real && is_data)
		conclude(asking, PREFLIGHT_FAILURE, "%s is a key that trades real money, and data need none:\ngive the key of a paper account for them", name);
	else if (is_paper && !is_data && is_live)
		conclude(asking, PREFLIGHT_FAILURE, "%s is the key of a paper account, and --live is given:\ngive the key of the account with real money, or leave "
		    "--live out", name);
	else if (is_real && !is_live)
		conclude(asking, PREFLIGHT_FAILURE, "%s is a key that trades real money, and --live is not given:\ngive the key of the paper account, or --live", name);
	return !asking->finding->is_told;
}

static void open_rest(struct asking *asking)
{
	dns_init(&asking->dns);
	dns_boot(&asking->dns, "/etc/resolv.conf", "/etc/hosts");
	asking->reach = (struct reach){ &asking->dns, asking->url->host, asking->url->port, &asking->anchors, 0,
		{ CONNECT_MS * NS_PER_MS, CONNECT_MS * NS_PER_MS, VENUE_CHECK_S * NS_PER_S }, CONNECTS_PER_MIN };
	struct rest_plan plan = { .reach = &asking->reach,
		.auth = { { "APCA-API-KEY-ID", asking->key_id.text }, { "APCA-API-SECRET-KEY", asking->secret_key.text } },
		.queue_ns = QUEUE_MS * NS_PER_MS,
		.answer_ns = ANSWER_MS * NS_PER_MS,
		.requests_per_min = CFG_venue_requests_per_min };
	rest_init(&asking->rest, &plan, hear, asking, asking->body, sizeof asking->body);
	for (uint32_t question = 0; question < asking->party->questions; question++) {
		const struct question *row = &asking->party->question[question];
		const char *const      path[PATHS_MAX] = { row->path, row->more };
		json_paths_init(&asking->paths[question], path, row->more ? 2 : 1);
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
	if (rest->limited) refuse_status(asking, 0, STATUS_TOO_MANY);
	else if (*rest->sentence) conclude(asking, unreached(asking), "%s" AND_THEN, rest->sentence);
	else
		conclude(asking, unreached(asking), "%s:%u does not answer in %d s:\nis it the right host, and is the network up?", asking->url->host,
		    asking->url->port,
		    VENUE_CHECK_S);
}

static int ask_venue(void *context, uint32_t row)
{
	struct asking *asking = context;
	(void)row;
	asking->begun_ns = clock_monotonic_ns();
	asking->until_ns = asking->begun_ns + VENUE_CHECK_S * NS_PER_S;
	if (!trust(asking) || !read_keys(asking) || !is_key_of_mode(asking)) return 0;
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

void venue_check_before(void *context, enum preflight_host host, const struct venue_plan *plan, const struct secrets *secrets, struct preflight_venue *found)
{
	const struct party  *party = &parties[host];
	const struct url    *url = host == PREFLIGHT_DATA ? &plan->data : &plan->trading;
	struct process_child child;
	char                 words[PROCESS_WORDS_BYTES];
	int                  status = 0;
	struct finding      *finding = memory_share_at(FINDING_ADDRESS, sizeof *finding);
	struct asking       *asking = memory_take(sizeof *asking);
	struct process_recipe recipe = { .run = ask_venue, .context = asking, .keeps = 1, .keep = &secrets->fd[party->pair] };
	*found = (struct preflight_venue){ 0 };
	if (asking) *asking = (struct asking){ .plan = plan, .party = party, .url = url, .secrets = secrets, .home = context, .finding = finding };
	if (!finding || !asking || !process_fork(&child, &recipe)) {
		preflight_say(&found->result, PREFLIGHT_FAILURE, "%s is not asked, because the kernel has no memory for one more process:\nfree some "
		    "memory", url->host);
	} else {
		process_wait(&child, &status);
		process_drop(&child);
		if (finding->is_told) *found = finding->found;
		else preflight_say(&found->result, PREFLIGHT_WARNING, "%s is not asked, because the process for it ended with %s:\nask again",
		    url->host, process_words(status, 0, words));
	}
	if (finding) memory_give(finding, sizeof *finding);
	if (asking) memory_give(asking, sizeof *asking);
}
