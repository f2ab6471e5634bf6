#include "firmware/cli/near.h"

#include <stdio.h>
#include <string.h>

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static uint16_t least(uint16_t a, uint16_t b) { return a < b ? a : b; }

/* row[0] is the line being filled, row[1] the one above it, row[2] the one above that. */
static uint16_t cell(uint16_t *const row[3], const char *a, const char *b, size_t i, size_t j)
{
	bool     same = lower(a[i - 1]) == lower(b[j - 1]);
	uint16_t cost = least((uint16_t)(row[1][j] + 1), (uint16_t)(row[0][j - 1] + 1));
	cost = least(cost, (uint16_t)(row[1][j - 1] + !same));
	bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
	return swapped ? least(cost, (uint16_t)(row[2][j - 2] + 1)) : cost;
}

uint32_t near_distance(const char *a, const char *b)
{
	uint16_t  rows[3][NEAR_WORD_MAX + 1];
	uint16_t *row[3] = { rows[0], rows[1], rows[2] };
	size_t    a_length = strnlen(a, NEAR_WORD_MAX), b_length = strnlen(b, NEAR_WORD_MAX);
	for (size_t j = 0; j <= b_length; j++) row[0][j] = (uint16_t)j;
	for (size_t i = 1; i <= a_length; i++) {
		uint16_t *oldest = row[2];
		row[2] = row[1];
		row[1] = row[0];
		row[0] = oldest;
		row[0][0] = (uint16_t)i;
		for (size_t j = 1; j <= b_length; j++) row[0][j] = cell(row, a, b, i, j);
	}
	return row[0][b_length];
}

void near_begin(struct near *near, const char *word)
{
	snprintf(near->word, sizeof near->word, "%s", word);
	near->best[0] = '\0';
	near->distance = NEAR_NONE;
}

static bool begins(const char *whole, const char *start)
{
	if (*start == '\0') return false;
	while (*start && lower(*start) == lower(*whole)) {
		start++;
		whole++;
	}
	return *start == '\0';
}

void near_offer(struct near *near, const char *candidate)
{
	if (strlen(candidate) > NEAR_WORD_MAX) return;
	uint32_t distance = near_distance(near->word, candidate);
	if (distance > 1 && begins(candidate, near->word)) distance = 1;
	if (distance >= near->distance) return;
	near->distance = distance;
	snprintf(near->best, sizeof near->best, "%s", candidate);
}

void near_offer_words(struct near *near, const char *words)
{
	while (*words) {
		char   word[NEAR_WORD_MAX + 1];
		size_t length = strcspn(words, " ");
		snprintf(word, sizeof word, "%.*s", (int)length, words);
		if (length > 0) near_offer(near, word);
		words += length + (words[length] == ' ');
	}
}

const char *near_clause(const struct near *near, char *text, size_t size)
{
	bool is_close = near->distance <= 1 + strlen(near->word) / 3;
	text[0] = '\0';
	if (near->distance == NEAR_NONE) return text;
	snprintf(text, size, is_close ? "; did you mean %s?" : "; the nearest is %s", near->best);
	return text;
}
