/* near.h - the nearest known word to a mistyped one.
 *
 * Distance: optimal string alignment (Damerau-Levenshtein without a second edit of a swapped pair; Boytsov 2011, section 2.2),
 * case of ASCII letters ignored. A word that begins a known one is one edit away from it: it was not finished. The first of
 * equals wins.
 *
 *   struct near near;
 *   near_begin(&near, "bactest");
 *   near_offer(&near, "backtest"); ...
 *   near_clause(&near, text, sizeof text)        "; did you mean backtest?" */
#ifndef FIRMWARE_CLI_NEAR_H
#define FIRMWARE_CLI_NEAR_H
#include "fsm/units.h"

enum { NEAR_WORD_MAX = 255, NEAR_NONE = 0xffff };        /* a file name; what is longer is cut, and never offered */

struct near { char word[NEAR_WORD_MAX + 1], best[NEAR_WORD_MAX + 1]; uint32_t distance; };

uint32_t near_distance(const char *a, const char *b);
void     near_begin(struct near *near, const char *word);
void     near_offer(struct near *near, const char *candidate);
/* Every word of a list with spaces between. */
void near_offer_words(struct near *near, const char *words);
/* "; did you mean X?", or "; the nearest is X" when it is a far guess, or "" when nothing was offered. Returns text. */
const char *near_clause(const struct near *near, char *text, size_t size);

#endif
