/* runner_tape.c - the tape of this process, where the run is told to keep one. */
#include "firmware/runner_tape.h"

#include <stdio.h>
#include <string.h>

#include "firmware/runner.h"
#include "firmware/version.h"
#include "hal/venues/port.h"

static bool is_taping(const struct runner *runner) { return runner->venue && runner->venue->tape.fd > 0; }

static void keep(struct runner *runner, enum tape_kind kind, uint32_t number, uint64_t value, const void *payload, size_t bytes)
{
	if (is_taping(runner))
		tape_keep(&runner->venue->tape, (struct tape_entry){ .kind = (uint8_t)kind, .number = (uint16_t)number, .value = value, .bytes = (uint32_t)bytes }, payload);
}

static bool open_file(struct runner *runner, const char *name)
{
	char              path[FILES_PATH_MAX];
	struct disk_linux disk;
	int32_t           file = -1;
	bool              is_path = files_path(path, runner->plan->folder, name) == FILES_OK;
	enum disk_code code = is_path ? disk_linux_init(&disk, ".") : DISK_MISSING;
	if (code == DISK_OK) {
		code = disk_linux_reserve(&disk, path, runner->plan->tape_bytes, &file);
		disk_linux_end(&disk);
	}
	tape_record(&runner->venue->tape, runner->venue->tape_bytes, sizeof runner->venue->tape_bytes);
	tape_to_file(&runner->venue->tape, file, runner->plan->tape_bytes);
	if (code != DISK_OK) (void)snprintf(runner->sentence, sizeof runner->sentence, "%s/%s %s", runner->plan->folder, name, disk_code_text(code));
	return code == DISK_OK;
}

static void keep_head(struct runner *runner, const struct desk *desk)
{
	const struct venue_place *place = &runner->plan->venue;
	struct tape_head          head;
	memset(&head, 0, sizeof head);
	(void)snprintf(head.build, sizeof head.build, "%s", build_id());
	head.desk_bytes = sizeof *desk;
	head.since_t_ns = desk ? desk->t_ns : 0;
	head.journal_id = desk ? desk->journal_id : 0;
	head.settings = runner->plan->trading->plan.settings;
	head.warm_days = WARM_DAYS;
	head.trade_port = place->trade_port;
	head.data_port = place->data_port;
	head.key_bytes = (uint32_t)runner->key_id.length;
	head.secret_bytes = (uint32_t)runner->secret_key.length;
	head.has_vix = runner->plan->trading->has_vix;
	memcpy(head.trade_host, place->trade_host, sizeof head.trade_host);
	memcpy(head.data_host, place->data_host, sizeof head.data_host);
	memcpy(head.stream_host, place->stream_host, sizeof head.stream_host);
	keep(runner, TAPE_HEAD, 0, 0, &head, sizeof head);
	if (desk) keep(runner, TAPE_STATE, 0, 0, desk, sizeof *desk);
}

bool runner_tape_begin(struct runner *runner, const char *name, const struct desk *desk)
{
	if (runner->plan->tape_bytes == 0) return true;
	if (!open_file(runner, name)) return false;
	keep_head(runner, desk);
	port_use(&runner->venue->tape);
	port_hide(runner->key_id.text);
	port_hide(runner->secret_key.text);
	return true;
}

void runner_tape_call(struct runner *runner, enum tape_call call, int64_t argument) { keep(runner, TAPE_CALL, call, (uint64_t)argument, 0, 0); }

void runner_tape_told(struct runner *runner, const struct event *event) { keep(runner, TAPE_TOLD, 0, 0, event, sizeof *event); }

void runner_tape_sent(struct runner *runner, const struct event *event) { keep(runner, TAPE_SENT, 0, 0, event, sizeof *event); }

void runner_tape_look(struct runner *runner)
{
	if (!is_taping(runner) || !runner->venue->tape.full || runner->venue->tape_is_full) return;
	runner->venue->tape_is_full = true;
	runner_say(runner, "the tape is full after %llu bytes: the run goes on, and cannot be replayed from it", (unsigned long long)runner->venue->tape.file_bytes);
}

void runner_tape_end(struct runner *runner, uint64_t count, uint64_t hash)
{
	if (!is_taping(runner)) return;
	keep(runner, TAPE_END, 0, count, &hash, sizeof hash);
	(void)tape_flush(&runner->venue->tape);
	runner_tape_look(runner);
	port_use(0);
}
