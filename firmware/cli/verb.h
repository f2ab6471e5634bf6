/* verb.h - a verb is one row of one table: its name, what it does, the options and the argument it takes, and its function.
 *
 * Help, usage, parsing and the sentences about bad input all come from the row; a verb's function sees only values within
 * their bounds. To add a verb: write `int verb_x(struct cli *cli)`, declare it here, add its row in verbs.c. */
#ifndef FIRMWARE_CLI_VERB_H
#define FIRMWARE_CLI_VERB_H
#include "fsm/units.h"

struct cli;

/* FLAG   takes no value
 * TEXT   anything, not empty
 * FOLDER an existing folder; FILE an existing file. A path to be made is a TEXT
 * DATE   YYYY-MM-DD
 * INT    a whole number in min..max
 * DOUBLE a decimal number in min..max, or the first of `words`, which then gives INFINITY
 * CHOICE one of `words`; its value is the index */
enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_FOLDER, OPTION_FILE, OPTION_PATH, OPTION_DATE, OPTION_INT, OPTION_DOUBLE, OPTION_CHOICE };

enum { VERB_OPTIONS_MAX = 24 };        /* of one verb, --json and --help included */

struct option_row {
	const char        *name;          /* with its dashes: "--data" */
	const char        *placeholder;   /* "DIR"; 0 for a flag */
	const char        *what;
	uint8_t            kind;
	bool               required;
	int64_t            min, max;      /* of INT and DOUBLE; DOUBLE bounds are whole numbers too, and min is excluded */
	const char *const *words;         /* ends with 0 */
};

/* Of one verb: an option that needs another beside it, or has no effect beside it. */
struct option_rule { const char *verb, *option, *other; bool needs; };

extern const struct option_rule option_rules[];         /* ends with a row without a verb */

/* The one word without dashes that some verbs take: TEXT, FOLDER or FILE. What a TEXT means, the verb checks. */
struct argument_row { const char *placeholder, *what; uint8_t kind; bool required; };

struct verb {
	const char              *name, *what;
	int                    (*run)(struct cli *cli);    /* returns an enum cli_exit */
	const struct option_row *options;                  /* ends with a row without a name; --json and --help are added */
	struct argument_row      argument;                 /* no placeholder: takes none */
	const char              *example, *details;
};

struct verb_table { const struct verb *verb; size_t count; };

extern const struct verb_table verb_table;
extern const struct option_row common_options[];        /* --json, --help; ends with a row without a name */

/* The row of a name; 0 when there is none. */
const struct verb       *verb_find(struct verb_table table, const char *name);
const struct option_row *verb_option(const struct verb *verb, const char *name);
/* The row after this one, the verb's own first, then the common ones; 0 after the last. Start with 0. */
const struct option_row *verb_option_next(const struct verb *verb, const struct option_row *row);

int verb_run(struct cli *cli);
int verb_backtest(struct cli *cli);
int verb_replay(struct cli *cli);
int verb_sim(struct cli *cli);
int verb_factors(struct cli *cli);
int verb_signals(struct cli *cli);
int verb_quotes(struct cli *cli);
int verb_metrics(struct cli *cli);
int verb_status(struct cli *cli);
int verb_top(struct cli *cli);
int verb_orders(struct cli *cli);
int verb_positions(struct cli *cli);
int verb_fills(struct cli *cli);
int verb_log(struct cli *cli);
int verb_blackbox(struct cli *cli);
int verb_doctor(struct cli *cli);
int verb_explain(struct cli *cli);
int verb_tax(struct cli *cli);
int verb_account(struct cli *cli);
int verb_risk(struct cli *cli);
int verb_halt(struct cli *cli);
int verb_pause(struct cli *cli);
int verb_flatten(struct cli *cli);
int verb_release(struct cli *cli);
int verb_resume(struct cli *cli);
int verb_confirm(struct cli *cli);
int verb_ack(struct cli *cli);
int verb_audit(struct cli *cli);
int verb_fsm(struct cli *cli);
int verb_config(struct cli *cli);
int verb_version(struct cli *cli);
int verb_help(struct cli *cli);

#endif
