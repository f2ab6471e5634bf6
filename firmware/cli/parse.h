/* parse.h - words of the command line against the row of a verb: values within bounds, or one sentence. */
#ifndef FIRMWARE_CLI_PARSE_H
#define FIRMWARE_CLI_PARSE_H
#include "firmware/cli/cli.h"

/* Reads the words after the verb into cli: CLI_DONE, or CLI_BAD_INPUT after the sentence. */
int parse_words(struct cli *cli, int count, char **words);
/* The place of an option's value in cli->value. */
size_t parse_index(const struct verb *verb, const char *option);

#endif
