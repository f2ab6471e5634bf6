/* main.c - build/venue: the loopback venue of hal/sim/server as a program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/replay/generate.h"
#include "hal/sim/server/service.h"
#include "hal/sim/server/stamp.h"

enum { SEED_DEFAULT = 1, BAD = 2, COUNTS_BYTES = 4096, LATENCY_MAX_MS = 60000, SPEED_MAX = 100000000, CASH_MAX_USD = 10000000 };

struct options {
	struct service_plan  plan;
	struct server_config config;
	const char          *data, *from, *to, *faults;
	uint64_t             seed;
	int64_t              cash_usd;
};

static const char help[] =
    "venue - a venue on loopback that speaks Alpaca's protocol over TLS, for paper trading and tests\n"
    "\n"
    "usage: venue --data DIR | --seed N [option ...]\n"
    "\n"
    "  --data DIR          recorded daily bars, DIR/SYMBOL.csv         --seed N        generated bars instead (1)\n"
    "  --from DAY          first day, YYYY-MM-DD (2014-01-02)          --to DAY        last day (2022-12-31)\n"
    "  --speed step|X      step: market time moves by POST /sim/v1/advance only (the default); X: X times real time\n"
    "  --port N            0 takes any free port (0)                   --port-file F   where the port is written\n"
    "  --trust F           where its root certificate is written       --log F         what it did, JSON lines\n"
    "  --cash USD          of the account (100000)                     --rate N        calls a minute and key (1000000)\n"
    "  --account NUMBER    as /v2/account says it (" SERVER_ACCOUNT_NUMBER "); those of paper accounts begin with PA\n"
    "  --latency MS        before each reply (0)                       --faults SPEC   kind:where[:count[:after[:ms]]],...\n"
    "                      kind: drop cut double 429 mute delay 500 garbage half_frame; where: rest orders stream data\n"
    "  --key, --secret     of trading (PKSIM, sim-secret)              --data-key, --data-secret   of market data\n"
    "\n"
    "example: venue --seed 1 --from 2015-01-02 --to 2015-12-31 --port-file port --trust root.pem --log venue.jsonl\n"
    "\n"
    "SIGTERM or SIGINT ends it; it then prints one line of counts and exits with 0. Bad options exit with 2.\n";

__attribute__((format(printf, 1, 2))) static _Noreturn void give_up(const char *format, ...);
#include <stdarg.h>
static _Noreturn void give_up(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	fprintf(stderr, "venue: ");
	vfprintf(stderr, format, list);
	fprintf(stderr, "\n");
	va_end(list);
	exit(BAD);
}

static int64_t number(const char *name, const char *text, int64_t low, int64_t high)
{
	char     *end;
	long long value = strtoll(text, &end, 10);
	if (!*text || *end || value < low || value > high)
		give_up("%s %s: give a whole number from %lld to %lld", name, text, (long long)low, (long long)high);
	return value;
}

static int32_t day(const char *name, const char *text)
{
	int32_t out;
	if (!stamp_parse_date(text, strlen(text), &out) || !calendar_covers(out)) give_up("%s %s: give a day as YYYY-MM-DD, from 1990 to 2046", name, text);
	return out;
}

static void set_key(struct options *options, const char *name, const char *value)
{
	bool   data = strncmp(name, "--data-", 7) == 0;
	size_t length = strlen(name);
	bool   secret = length >= 6 && strcmp(name + length - 6, "secret") == 0;
	struct server_credential *key = &options->config.key[data ? SERVER_KEY_DATA : SERVER_KEY_TRADING];
	if (!*value || strlen(value) >= SERVER_KEY_BYTES) give_up("%s: give 1 to %d characters", name, SERVER_KEY_BYTES - 1);
	snprintf(secret ? key->secret : key->id, SERVER_KEY_BYTES, "%s", value);
}

static bool set_text(struct options *options, const char *name, const char *value)
{
	const struct { const char *name; const char **to; } rows[] = {
		{ "--data", &options->data }, { "--from", &options->from }, { "--to", &options->to }, { "--faults", &options->faults },
		{ "--account", &options->config.account_number }, { "--trust", &options->plan.trust },
		{ "--port-file", &options->plan.port_file }, { "--log", &options->plan.log },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].name, name) != 0) continue;
		*rows[i].to = value;
		return true;
	}
	return false;
}

static bool set_number(struct options *options, const char *name, const char *value)
{
	struct server_config *config = &options->config;
	if (strcmp(name, "--seed") == 0) options->seed = (uint64_t)number(name, value, 0, INT64_MAX);
	else if (strcmp(name, "--port") == 0) options->plan.port = (uint16_t)number(name, value, 0, UINT16_MAX);
	else if (strcmp(name, "--rate") == 0) config->rate = (int32_t)number(name, value, 1, SERVER_RATE_MAX);
	else if (strcmp(name, "--latency") == 0) config->latency_ns = number(name, value, 0, LATENCY_MAX_MS) * NS_PER_MS;
	else if (strcmp(name, "--cash") == 0) options->cash_usd = number(name, value, 1, CASH_MAX_USD);
	else if (strcmp(name, "--speed") == 0) config->speed = strcmp(value, "step") == 0 ? 0 : (int32_t)number(name, value, 1, SPEED_MAX);
	else return false;
	return true;
}

static bool is_key(const char *name)
{
	static const char *const keys[] = { "--key", "--secret", "--data-key", "--data-secret" };
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(keys[i], name) == 0) return true;
	return false;
}

static void read_options(struct options *options, int count, char **word)
{
	for (int i = 1; i < count; i += 2) {
		const char *name = word[i];
		if (strcmp(name, "--help") == 0) {
			fputs(help, stdout);
			exit(0);
		}
		if (strncmp(name, "--", 2) != 0) give_up("%s: options begin with --; venue --help lists them", name);
		if (i + 1 == count) give_up("%s needs a value; venue --help lists the options", name);
		if (is_key(name)) set_key(options, name, word[i + 1]);
		else if (!set_text(options, name, word[i + 1]) && !set_number(options, name, word[i + 1])) give_up("%s is no option; venue --help lists them", name);
	}
}

static void load(struct options *options, struct bars *bars)
{
	struct server_config *config = &options->config;
	int32_t               warm_day = config->from_day - SERVER_WARM_DAYS;
	if (!options->data) {
		generate_bars(bars, options->seed, warm_day, config->to_day);
		return;
	}
	struct bars_load *loading = memory_take(sizeof *loading);
	if (!loading) give_up("the kernel has no memory for it");
	if (bars_load(bars, loading, options->data, warm_day > 0 ? warm_day : 0, config->to_day) != BARS_OK) give_up("%s", loading->sentence);
	memory_give(loading, sizeof *loading);
}

static void begin(struct options *options, struct service *service)
{
	struct bars *bars = memory_take(sizeof *bars);
	const char  *bad;
	if (!service || !bars) give_up("the kernel has no memory for it");
	options->config.from_day = day("--from", options->from);
	options->config.to_day = day("--to", options->to);
	if (options->config.to_day < options->config.from_day) give_up("--to %s is before --from %s", options->to, options->from);
	load(options, bars);
	options->config.bars = bars;
	options->config.cash_usd_e8 = options->cash_usd * E8;
	if (!loop_open()) give_up("the kernel gives no epoll");
	if (!service_open(service, &options->plan, &options->config)) give_up("%s", service->sentence);
	if (options->faults && !faults_parse(&service->server.faults, options->faults, &bad))
		give_up("--faults %s: give kind:where[:count[:after[:ms]]]; venue --help names them", bad);
}

int main(int count, char **word)
{
	static char    counts[COUNTS_BYTES];
	struct options options = {
		.from = "2014-01-02", .to = "2022-12-31", .seed = SEED_DEFAULT, .cash_usd = CFG_initial_usd,
		.config = {
			.rate = SERVER_RATE_MAX,
			.key = { [SERVER_KEY_DATA] = { "PKSIMDATA", "sim-data-secret" }, [SERVER_KEY_TRADING] = { "PKSIM", "sim-secret" } },
		},
	};
	read_options(&options, count, word);
	struct service *service = memory_take(sizeof *service);
	begin(&options, service);
	fprintf(stderr, "venue: listening on https://localhost:%u\n", service->port);
	while (!loop_stop_signal()) service_turn(service);
	service_close(service);
	size_t length = service_counts(service, counts, sizeof counts);
	if (fwrite(counts, 1, length, stdout) != length || fflush(stdout) != 0) return 1;
	if (service->log_failed) give_up("--log %s could not be written to its end", options.plan.log);
	return 0;
}
