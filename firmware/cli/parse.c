#include "firmware/cli/parse.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "firmware/cli/near.h"
#include "firmware/cli/path.h"
#include "firmware/cli/text.h"

enum { BOUNDS_BYTES = 96, NAME_BYTES = 64, CLAUSE_BYTES = 320 };

size_t parse_index(const struct verb *verb, const char *option)
{
	size_t index = 0;
	for (const struct option_row *row = verb_option_next(verb, 0); row; row = verb_option_next(verb, row), index++)
		if (strcmp(row->name, option) == 0) break;
	BUG_UNLESS(4200, verb_option(verb, option) && index < VERB_OPTIONS_MAX);
	return index;
}

static int refuse_unknown_option(struct cli *cli, const char *name)
{
	struct near near;
	char        quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	near_begin(&near, name);
	for (const struct option_row *row = verb_option_next(cli->verb, 0); row; row = verb_option_next(cli->verb, row))
		near_offer(&near, row->name);
	return cli_refuse(cli, CLI_BAD_INPUT, "unknown option %s of %s%s", text_quote(quote, name), cli->verb->name,
	    near_clause(&near, clause, sizeof clause));
}

static const char *bounds(const struct option_row *row, char text[BOUNDS_BYTES])
{
	const char *before = row->kind == OPTION_DOUBLE ? "more than " : "";
	const char *between = row->kind == OPTION_DOUBLE ? ", up to " : "..";
	if (row->min == INT64_MIN) {
		snprintf(text, BOUNDS_BYTES, "one like 2.5, of at most 18 digits before the point");
		return text;
	}
	snprintf(text, BOUNDS_BYTES, "%s%lld%s%lld%s%s", before, (long long)row->min, between, (long long)row->max,
	    row->words ? ", or " : "", row->words ? row->words[0] : "");
	return text;
}

static int take_number(struct cli *cli, const struct option_row *row, struct option_value *value)
{
	char quote[TEXT_QUOTE_BYTES], range[BOUNDS_BYTES];
	bool whole = row->kind == OPTION_INT;
	if (!whole && row->words && strcmp(value->text, row->words[0]) == 0) {
		value->number = (double)INFINITY;
		return CLI_DONE;
	}
	if (whole ? !text_to_int(value->text, &value->integer) : !text_to_double(value->text, &value->number))
		return cli_refuse(cli, CLI_BAD_INPUT, "%s %s is not a %s; give %s", row->name, text_quote(quote, value->text),
		    whole ? "whole number" : "number", bounds(row, range));
	bool inside = whole ? row->min <= value->integer && value->integer <= row->max
	                    : (double)row->min < value->number && value->number <= (double)row->max;
	if (inside) return CLI_DONE;
	return cli_refuse(cli, CLI_BAD_INPUT, "%s %s is out of bounds; give %s", row->name, text_quote(quote, value->text),
	    bounds(row, range));
}

static int take_choice(struct cli *cli, const struct option_row *row, struct option_value *value)
{
	struct near near;
	char        quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES], words[TEXT_WORDS_BYTES];
	for (value->choice = 0; row->words[value->choice]; value->choice++)
		if (strcmp(row->words[value->choice], value->text) == 0) return CLI_DONE;
	near_begin(&near, value->text);
	near_offer_words(&near, row->words);
	return cli_refuse(cli, CLI_BAD_INPUT, "unknown value %s of %s%s (%s)", text_quote(quote, value->text), row->name,
	    near_clause(&near, clause, sizeof clause), text_words(words, row->words));
}

static int take_path(struct cli *cli, const char *name, uint8_t kind, const char *path)
{
	char sentence[PATH_SENTENCE_BYTES];
	if (kind == OPTION_PATH && path_is_there(path, true, sentence)) return CLI_DONE;
	if (path_is_there(path, kind == OPTION_FOLDER, sentence)) return CLI_DONE;
	return cli_refuse(cli, CLI_BAD_INPUT, "%s %s", name, sentence);
}

static int take_day(struct cli *cli, const struct option_row *row, struct option_value *value)
{
	char quote[TEXT_QUOTE_BYTES];
	if (text_to_day(value->text, &value->day)) return CLI_DONE;
	return cli_refuse(cli, CLI_BAD_INPUT, "%s %s is not a day; write YYYY-MM-DD", row->name, text_quote(quote, value->text));
}

static int take_value(struct cli *cli, const struct option_row *row, struct option_value *value)
{
	if (row->kind != OPTION_FLAG && *value->text == '\0')
		return cli_refuse(cli, CLI_BAD_INPUT, "%s of %s is empty; give %s", row->name, cli->verb->name, row->placeholder);
	switch ((enum option_kind)row->kind) {
	case OPTION_FLAG:
	case OPTION_TEXT: return CLI_DONE;
	case OPTION_FOLDER:
	case OPTION_PATH:
	case OPTION_FILE: return take_path(cli, row->name, row->kind, value->text);
	case OPTION_DATE: return take_day(cli, row, value);
	case OPTION_INT:
	case OPTION_DOUBLE: return take_number(cli, row, value);
	case OPTION_CHOICE: return take_choice(cli, row, value);
	}
	return CLI_BUG;
}

/* One option at words[0], "--name value" or "--name=value"; *used counts the words it took. */
static int take_option(struct cli *cli, int count, char **words, int *used)
{
	char                     name[NAME_BYTES];
	size_t                   length = strcspn(words[0], "=");
	const char              *tied = words[0][length] == '=' ? words[0] + length + 1 : 0;
	const struct option_row *row;
	snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), words[0]);
	row = verb_option(cli->verb, name);
	if (!row) return refuse_unknown_option(cli, name);
	struct option_value *value = &cli->value[parse_index(cli->verb, name)];
	if (value->given) return cli_refuse(cli, CLI_BAD_INPUT, "%s is given twice; give it once", name);
	value->given = true;
	if (row->kind == OPTION_FLAG && tied) return cli_refuse(cli, CLI_BAD_INPUT, "%s of %s takes no value", name, cli->verb->name);
	bool follows = row->kind != OPTION_FLAG && !tied;
	if (follows && (count < 2 || strncmp(words[1], "--", 2) == 0))
		return cli_refuse(cli, CLI_BAD_INPUT, "%s of %s needs a value: %s %s", name, cli->verb->name, name, row->placeholder);
	value->text = follows ? words[1] : tied;
	*used = follows ? 2 : 1;
	return take_value(cli, row, value);
}

static int take_argument(struct cli *cli, const char *word)
{
	const struct argument_row *row = &cli->verb->argument;
	char                       quote[TEXT_QUOTE_BYTES];
	if (!row->placeholder)
		return cli_refuse(cli, CLI_BAD_INPUT, "%s takes no argument; %s is one too many", cli->verb->name, text_quote(quote, word));
	if (cli->argument)
		return cli_refuse(cli, CLI_BAD_INPUT, "%s takes one %s; %s is one too many", cli->verb->name, row->placeholder,
		    text_quote(quote, word));
	if (*word == '\0')
		return cli_refuse(cli, CLI_BAD_INPUT, "the %s of %s is empty; give one%s", row->placeholder, cli->verb->name, row->required ? "" : ", or leave it out");
	cli->argument = word;
	return row->kind == OPTION_TEXT ? CLI_DONE : take_path(cli, cli->verb->name, row->kind, word);
}

static bool asks_for_help(int count, char **words)
{
	for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++)
		if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0) return true;
	return false;
}

static bool asks_for_json(int count, char **words)
{
	for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++)
		if (strcmp(words[i], "--json") == 0) return true;
	return false;
}

static int check_required(struct cli *cli)
{
	for (const struct option_row *row = verb_option_next(cli->verb, 0); row; row = verb_option_next(cli->verb, row))
		if (row->required && !cli_given(cli, row->name))
			return cli_refuse(cli, CLI_BAD_INPUT, "%s needs %s %s", cli->verb->name, row->name, row->placeholder);
	if (cli->verb->argument.required && !cli->argument)
		return cli_refuse(cli, CLI_BAD_INPUT, "%s needs %s %s", cli->verb->name, strchr("AEIO", *cli->verb->argument.placeholder) ? "an" : "a",
		    cli->verb->argument.placeholder);
	return CLI_DONE;
}

static int check_period(struct cli *cli)
{
	if (!verb_option(cli->verb, "--from") || !verb_option(cli->verb, "--to") || !cli_given(cli, "--from") || !cli_given(cli, "--to")) return CLI_DONE;
	if (cli_day(cli, "--from", 0) <= cli_day(cli, "--to", 0)) return CLI_DONE;
	return cli_refuse(cli, CLI_BAD_INPUT, "--from %s is after --to %s; give an earlier --from, or a later --to",
	    cli_text(cli, "--from", ""), cli_text(cli, "--to", ""));
}

/* What would be passed over in silence is refused. */
static int check_rules(struct cli *cli)
{
	for (const struct option_rule *rule = option_rules; rule->verb; rule++) {
		if (strcmp(rule->verb, cli->verb->name) != 0 || !cli_given(cli, rule->option) || cli_given(cli, rule->other) == rule->needs) continue;
		if (rule->needs) return cli_refuse(cli, CLI_BAD_INPUT, "%s of %s says something of %s; give that too", rule->option, rule->verb, rule->other);
		return cli_refuse(cli, CLI_BAD_INPUT, "%s and %s of %s do not go together; give one", rule->option, rule->other, rule->verb);
	}
	return CLI_DONE;
}

int parse_words(struct cli *cli, int count, char **words)
{
	bool plain = false;
	if (asks_for_help(count, words)) {
		cli->value[parse_index(cli->verb, "--help")].given = true;
		cli->json = asks_for_json(count, words);
		return CLI_DONE;
	}
	for (int i = 0, used; i < count; i += used) {
		int code;
		used = 1;
		if (!plain && strcmp(words[i], "--") == 0) {
			plain = true;
			continue;
		}
		bool option = !plain && words[i][0] == '-' && words[i][1] != '\0';
		code = option ? take_option(cli, count - i, words + i, &used) : take_argument(cli, words[i]);
		if (code != CLI_DONE) return code;
	}
	cli->json = cli_given(cli, "--json");
	int code = check_required(cli);
	if (code == CLI_DONE) code = check_rules(cli);
	return code == CLI_DONE ? check_period(cli) : code;
}
