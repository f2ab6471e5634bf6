/* looking.h - what the verbs share that look at a running appliance: its map, opened read-only, and a few lines of text. */
#ifndef FIRMWARE_MODES_LOOKING_H
#define FIRMWARE_MODES_LOOKING_H
#include "firmware/attach.h"
#include "firmware/cli/cli.h"
#include "firmware/cli/text.h"
#include "firmware/console/look.h"

#define HOME_DEFAULT "tickwork-home"

struct looking { struct attach attach; struct look look; };

/* Opens the map of --home. CLI_DONE, or the code of a refusal that has been said. Close with looking_end. */
int  looking_begin(struct looking *looking, struct cli *cli);
void looking_end(struct looking *looking);
/* One object of look.h as the whole answer. */
void looking_json(struct cli *cli, const struct looking *looking, void (*write)(struct json *json, const struct look *look));
/* A list: one object a line, or a table. Text of a row: one cell a column, the caller's arrays. */
enum { LOOKING_CELL_BYTES = 48, LOOKING_COLUMNS_MAX = 9 };
struct table_column;
struct looking_list {
	enum rows_kind             kind;
	bool                       all;
	const struct table_column *column;
	size_t                     columns;
	const char                *empty;          /* said when there is no row */
	void (*cells)(const struct event *event, char cell[LOOKING_COLUMNS_MAX][LOOKING_CELL_BYTES]);
};
int looking_list(struct cli *cli, const struct looking_list *list);
/* First of all whose money it is; then "not running for 3m05s", where it is so. looking_warn: the second alone. */
void looking_head(struct cli *cli, const struct looking *looking);
void looking_warn(struct cli *cli, const struct looking *looking);
/* Reads the account record; false after saying that there is none, or that it is STALE. */
bool looking_account(struct cli *cli, const struct looking *looking, struct event *event);
/* `label`, padded, and the text behind it. */
void looking_line(struct cli *cli, const char *label, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* 12.34 for 1234. */
const char *looking_pct(char text[E8_TEXT_BYTES], int64_t value_bp);

#endif
