/* text.h - words and numbers as a person reads them; each writes into the caller's array and returns it. */
#ifndef FIRMWARE_CLI_TEXT_H
#define FIRMWARE_CLI_TEXT_H
#include "fsm/units.h"

enum { TEXT_QUOTE_BYTES = 72, TEXT_USD_BYTES = 32, TEXT_DAY_BYTES = 32, TEXT_SPAN_BYTES = 32, TEXT_WORDS_BYTES = 256 };

/* What a person typed, in double quotes: control characters as \xNN, a long word cut with "...". */
const char *text_quote(char text[TEXT_QUOTE_BYTES], const char *word);
/* 1,234,567.89: to the cent, nearest. */
const char *text_usd(char text[TEXT_USD_BYTES], int64_t usd_e8);
/* 2015-03-17 */
const char *text_day(char text[TEXT_DAY_BYTES], int32_t day);
/* Words of a list that ends with 0, with a space between. */
const char *text_words(char text[TEXT_WORDS_BYTES], const char *const *words);
/* 7s, 2m05s, 1h12m */
const char *text_span(char text[TEXT_SPAN_BYTES], int64_t span_ns);

/* A whole number in decimal; false when it is anything else or leaves int64. */
bool text_to_int(const char *text, int64_t *out);
/* A finite decimal number. */
bool text_to_double(const char *text, double *out);
/* YYYY-MM-DD, a day of the calendar between 1900 and 2199. */
bool text_to_day(const char *text, int32_t *out);

#endif
