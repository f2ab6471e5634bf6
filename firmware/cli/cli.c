/* cli.c - from the words of a command line to a verb, and from its answer to an exit code. */
#include "firmware/cli/cli.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "firmware/cli/bug_exit.h"
#include "firmware/cli/help.h"
#include "firmware/cli/near.h"
#include "firmware/cli/parse.h"
#include "firmware/cli/text.h"

enum { CLAUSE_BYTES = 320 };

static const struct option_value *value_of(const struct cli *cli, const char *option)
{
	return &cli->value[parse_index(cli->verb, option)];
}

bool cli_given(const struct cli *cli, const char *option) { return value_of(cli, option)->given; }

const char *cli_text(const struct cli *cli, const char *option, const char *fallback)
{
	return cli_given(cli, option) ? value_of(cli, option)->text : fallback;
}

int64_t cli_int(const struct cli *cli, const char *option, int64_t fallback)
{
	return cli_given(cli, option) ? value_of(cli, option)->integer : fallback;
}

double cli_double(const struct cli *cli, const char *option, double fallback)
{
	return cli_given(cli, option) ? value_of(cli, option)->number : fallback;
}

int32_t cli_day(const struct cli *cli, const char *option, int32_t fallback)
{
	return cli_given(cli, option) ? value_of(cli, option)->day : fallback;
}

uint32_t cli_choice(const struct cli *cli, const char *option, uint32_t fallback)
{
	return cli_given(cli, option) ? value_of(cli, option)->choice : fallback;
}

int cli_refuse(struct cli *cli, enum cli_exit code, const char *format, ...)
{
	char    sentence[OUT_LINE_MAX];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(sentence, sizeof sentence, format, arguments);
	va_end(arguments);
	out_flush(&cli->out);
	out_format(&cli->err, "tickwork: %s\n", sentence);
	out_flush(&cli->err);
	return (int)code;
}

static int refuse_unknown_verb(struct cli *cli, const char *word)
{
	struct near near;
	char        quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	near_begin(&near, word);
	for (size_t i = 0; i < cli->table.count; i++) near_offer(&near, cli->table.verb[i].name);
	return cli_refuse(cli, CLI_BAD_INPUT, "unknown %s %s%s (`tickwork help` lists them)", *word == '-' ? "option" : "verb",
	    text_quote(quote, word), near_clause(&near, clause, sizeof clause));
}

/* --help, -h and --version are what people try first. */
static const char *verb_of_word(const char *word)
{
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) return "help";
	if (strcmp(word, "--version") == 0) return "version";
	return word;
}

static int start(struct cli *cli, int argc, char **argv)
{
	if (argc < 2) return cli_refuse(cli, CLI_BAD_INPUT, "which verb? `tickwork help` lists them");
	if (argc > CLI_WORDS_MAX)
		return cli_refuse(cli, CLI_BAD_INPUT, "%d words on the command line are more than %d", argc, CLI_WORDS_MAX);
	cli->verb = verb_find(cli->table, verb_of_word(argv[1]));
	if (!cli->verb) return refuse_unknown_verb(cli, argv[1]);
	int code = parse_words(cli, argc - 2, argv + 2);
	if (code != CLI_DONE) return code;
	if (!cli_given(cli, "--help")) return cli->verb->run(cli);
	help_verb(cli, cli->verb);
	return CLI_DONE;
}

/* A result that could not be written (a full disk behind `>`) is a failure; a reader that left is not. */
static int finish(struct cli *cli, int code)
{
	out_flush(&cli->out);
	out_flush(&cli->err);
	if (!cli->out.error || code != CLI_DONE) return code;
	return cli_refuse(cli, CLI_FAILED, "could not write standard output: %s", strerror(cli->out.error));
}

int cli_run(struct verb_table table, int argc, char **argv, int out_fd, int err_fd)
{
	struct cli cli;
	memset(&cli, 0, sizeof cli);
	cli.table = table;
	out_open(&cli.out, out_fd);
	out_open(&cli.err, err_fd);
	return finish(&cli, start(&cli, argc, argv));
}

int cli_main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);        /* a file that may not grow is an answer, not the end */
	bug_exit_install();
	return cli_run(verb_table, argc, argv, STDOUT_FILENO, STDERR_FILENO);
}
