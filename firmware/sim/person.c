/* person.c - the operator: what chance wants, then what a careful person does about it. The watchdog's part of it, appending the request, is here too. */
#include "firmware/operator_desk.h"
#include "firmware/sim/parts.h"

enum { LOOKS_EVERY_MS = 20,
	RELEASES_MOST_S = 600, /* the market stands until then */
	FLATTENS_S = 60,
	THINKS_MOST_MS = 600 }; /* a session takes about 70 ms where nothing befalls */

static void ask(struct house *house, enum operator_command command, uint64_t code)
{
	struct operator_desk *desk = house->map->requests;
	uint64_t              seq = desk->count + 1;
	desk->ring[desk->count % OPERATOR_RING] = (struct operator_request){ .seq = seq, .code = code, .t_ns = house->now_ns,
		.sym = SYM_NONE, .command = (uint8_t)command };
	desk->count = seq;
	house->person.asked = seq;
	house->person.command = (uint8_t)command;
	house->counts.commands++;
	house_trace(house, 4, (uint64_t)command);
}

/* The answer to what was asked; a code is typed in at once. */
static void hear(struct house *house)
{
	struct operator_answer answer;
	if (!operator_answer_find(house->map->answers, house->person.asked, &answer) || answer.outcome == OPERATOR_WAITS) return;
	house->person.asked = 0;
	if (answer.outcome == OPERATOR_NEEDS_CODE) ask(house, (enum operator_command)house->person.command, answer.code);
}

/* What stands still until a person says so. */
static bool is_stopped(const struct desk *desk)
{
	return desk->halted || desk->paused || desk->reconcile.state == RECONCILE_MISMATCH || desk->recovery.state == RECOVERY_STUCK;
}

/* Who is held down comes back after a while; before that, now and then, what is held is sold by the one who stands for the desk. */
static bool release(struct house *house)
{
	struct person *person = &house->person;
	int            row = house_held_row(house);
	if (row == HOUSE_NOBODY || house->row[row].is_wanted_back) return row != HOUSE_NOBODY;
	if (!person->releases_ns) {
		person->releases_ns = house->now_ns + (int64_t)house_chance(house, (uint64_t)RELEASES_MOST_S * NS_PER_S);
		person->flattens = house->row[row].is_rescue && house_chance(house, 4) == 0;
	} else if (house->now_ns >= person->releases_ns && person->flattens) {
		person->releases_ns += FLATTENS_S * NS_PER_S;
		person->flattens = 0;
		ask(house, OPERATOR_FLATTEN, 0);
	} else if (house->now_ns >= person->releases_ns) {
		person->releases_ns = 0;
		person->hurries = 1; /* to say RESUME: the market does not wait */
		house_release(house, row);
	}
	return true;
}

static void act(struct house *house)
{
	const struct desk *desk = house_desk(house);
	struct person     *person = &house->person;
	if (release(house) || !desk) return;
	if (desk->journal_lost && !house->disk_fails_in) {
		house_kill(house, house_row_of(house, WORKER_desk)); /* the disk is mended: the desk comes back with what the journal has */
	} else if (person->owes) {
		ask(house, (enum operator_command)(person->owes - 1), 0);
		person->owes = 0;
	} else if (desk->ladder.review_open) {
		ask(house, OPERATOR_CONFIRM, 0);
		house->counts.reviews++;
	} else if (is_stopped(desk)) {
		ask(house, OPERATOR_RESUME, 0);
	}
}

void house_person_turn(struct house *house)
{
	struct person *person = &house->person;
	if (house->now_ns < person->due_ns) return;
	person->due_ns = house->now_ns + LOOKS_EVERY_MS * NS_PER_MS;
	if (person->asked) hear(house);
	else act(house);
	if (person->asked) return;
	if (!person->hurries) person->due_ns += (int64_t)house_chance(house, (uint64_t)THINKS_MOST_MS * NS_PER_MS);
	person->hurries = person->hurries && house_held_row(house) != HOUSE_NOBODY;
}
