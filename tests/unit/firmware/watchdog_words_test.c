/* watchdog_words_test.c - what the watchdog tells of its children: each sentence of theirs, and the number of a bug (P3, P8). */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/firmware/watchdog_rig.h"

static void child_says(uint32_t row, const char *what)
{
	struct said *said = &stage->progress[row].said;
	char         text[SAID_TEXT_BYTES] = { 0 };
	(void)snprintf(text, sizeof text, "%s", what);
	seqlock_write(&said->lock, said->text, text, sizeof text);
}

enum { SENTENCES = 50 };        /* each has room in the diary, should the watchdog turn as often */
static int child_talks_first(void *context, uint32_t row)
{
	char text[32];
	if (stage->lives[row] > 0) return child_works(context, row);
	for (int i = 1; i <= SENTENCES; i++) {
		(void)snprintf(text, sizeof text, "sentence %d.", i);
		child_says(row, text);
	}
	return child_dies(context, row);
}

/* Dies while the sentence is half written; its successor repairs that, as runner.c does, and has something to say. */
static int child_dies_talking_first(void *context, uint32_t row)
{
	struct said *said = &stage->progress[row].said;
	if (stage->lives[row] == 0) {
		said->lock.version++;
		return child_dies(context, row);
	}
	seqlock_repair(&said->lock);
	child_says(row, "back again");
	return child_works(context, row);
}

/* Lines of the diary that begin a sentence of `a`, and those counted behind them. */
static uint64_t sentences_told(void)
{
	static struct lastword word[LASTWORDS_MAX];
	uint32_t               count = 0;
	uint64_t               told = 0;
	CHECK_EQ(lastwords_read(test_folder(), word, &count), FILES_OK);
	for (uint32_t i = 0; i < count; i++) {
		const char *more = strstr(word[i].text, ". (");
		if (!strstr(word[i].text, " a: sentence ")) continue;
		told += 1 + (more ? strtoull(more + 3, 0, 10) : 0);
	}
	return told;
}

TEST(t_P8_each_sentence_is_told_or_counted)
{
	set_stage(1, child_talks_first, 0, 0);
	CHECK_EQ(run_until(a_lives_again), 0);
	CHECK_EQ(sentences_told(), SENTENCES);
	CHECK(words_say("a: sentence 50."));
}

TEST(t_P8_a_sentence_cut_by_death_is_not_passed_over)
{
	set_stage(1, child_dies_talking_first, 0, 0);
	CHECK_EQ(run_until(a_lives_again), 0);
	CHECK(words_say("a: died in the middle of a sentence"));
	CHECK(words_say("a: back again"));
	CHECK(!words_say("more)"));
}

static int child_traps(void *context, uint32_t row)
{
	if (stage->lives[row] > 0) return child_works(context, row);
	(void)be_born(row);
	bug_catch(&stage->progress[row].trap);
	bug_trap(1224);
}

TEST(t_P3_a_bug_is_told_by_its_number)
{
	set_stage(1, child_traps, 0, 0);
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK(words_say("a: bug 1224"));
}
