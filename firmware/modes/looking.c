#include "firmware/modes/looking.h"

#include <stdarg.h>
#include <stdio.h>

#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "firmware/console/words.h"
#include "firmware/trade_mode.h"
#include "hal/linux/clock.h"

enum { LABEL_WIDTH = 15 };
_Static_assert((int)LOOK_JSON_BYTES <= (int)PRINT_JSON_BYTES, "print_json.h: an object of the map must fit");

int looking_begin(struct looking *looking, struct cli *cli)
{
	const char *folder = cli_text(cli, "--home", HOME_DEFAULT);
	int64_t     now_ns = clock_monotonic_ns();
	if (!attach_open(&looking->attach, folder)) return cli_refuse(cli, CLI_OUT_OF_REACH, "%s", looking->attach.sentence);
	int32_t holder = looking->attach.holder_pid;
	looking->look = (struct look){ looking->attach.map, folder, now_ns, attach_silent_ns(looking->attach.map, holder, now_ns), holder };
	return CLI_DONE;
}

void looking_end(struct looking *looking) { attach_close(&looking->attach); }

void looking_json(struct cli *cli, const struct looking *looking, void (*write)(struct json *json, const struct look *look))
{
	struct print_json print;
	write(print_json_begin(&print), &looking->look);
	print_json_end(&print, &cli->out);
}

void looking_head(struct cli *cli, const struct looking *looking)
{
	trade_mode_show(&cli->out, looking->look.map->stamp->mode);
	looking_warn(cli, looking);
}

void looking_warn(struct cli *cli, const struct looking *looking)
{
	char span[TEXT_SPAN_BYTES];
	if (looking->look.holder_pid) return;
	out_paint(&cli->out, OUT_RED);
	if (looking->look.silent_ns >= 0)
		out_format(&cli->out, "not running since %s ago: this is how it was left", text_span(span, looking->look.silent_ns));
	else
		out_text(&cli->out, "not running, and nobody knows since when: this is how it was left");
	out_paint(&cli->out, OUT_PLAIN);
	out_text(&cli->out, "\n");
}

bool looking_account(struct cli *cli, const struct looking *looking, struct event *event)
{
	enum look_known known = look_read_account(&looking->look, event);
	if (known == LOOK_STALE) out_text(&cli->out, "account        STALE: it is being written, or its writer died in it\n");
	if (known == LOOK_NONE) out_text(&cli->out, "account        none yet: the desk has done nothing so far\n");
	return known == LOOK_KNOWN;
}

void looking_line(struct cli *cli, const char *label, const char *format, ...)
{
	char    text[OUT_LINE_MAX];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	out_format(&cli->out, "%-*s", LABEL_WIDTH, label);
	table_wrap(&cli->out, LABEL_WIDTH, LABEL_WIDTH, text);
}

const char *looking_pct(char text[E8_TEXT_BYTES], int64_t value_bp)
{
	(void)e8_text(text, value_bp * (E8 / 100));
	return text;
}

static void list_json(struct cli *cli, const struct rows *rows)
{
	struct print_json print;
	for (uint32_t i = 0; i < rows->count; i++) {
		look_row(print_json_begin(&print), rows, i);
		print_json_end(&print, &cli->out);
	}
}

static void list_row(struct cli *cli, const struct looking_list *list, const struct rows *rows, uint32_t i)
{
	char         cell[LOOKING_COLUMNS_MAX][LOOKING_CELL_BYTES] = { { 0 } };
	const char  *text[LOOKING_COLUMNS_MAX];
	struct event event;
	for (size_t c = 0; c < LOOKING_COLUMNS_MAX; c++) text[c] = cell[c];
	if (rows_read(rows, i, &event)) {
		list->cells(&event, cell);
		table_row(&cli->out, (struct table){ list->column, list->columns }, text);
	} else {
		out_format(&cli->out, "STALE: slot %u is being written, or its writer died in it\n", rows->slot[i]);
	}
}

int looking_list(struct cli *cli, const struct looking_list *list)
{
	struct looking looking;
	struct rows    rows;
	BUG_UNLESS(4256, list->columns <= LOOKING_COLUMNS_MAX);
	int code = looking_begin(&looking, cli);
	if (code != CLI_DONE) return code;
	rows_list(&rows, looking.look.map, list->kind, list->all);
	if (cli->json) {
		list_json(cli, &rows);
	} else {
		looking_head(cli, &looking);
		if (rows.count) table_head(&cli->out, (struct table){ list->column, list->columns });
		else out_format(&cli->out, "%s\n", list->empty);
		for (uint32_t i = 0; i < rows.count; i++) list_row(cli, list, &rows, i);
	}
	looking_end(&looking);
	return CLI_DONE;
}
