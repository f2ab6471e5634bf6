/* golden.h - reads a committed golden file: a CSV of numbers with a header; an empty cell is NaN. For tests only. */
#ifndef TESTS_UNIT_STRATEGIES_GOLDEN_H
#define TESTS_UNIT_STRATEGIES_GOLDEN_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GOLDEN_ROWS_MAX = 2000, GOLDEN_COLUMNS_MAX = 72, GOLDEN_LINE_MAX = 4096 };

struct golden {
	int    rows, columns;
	char   name[GOLDEN_COLUMNS_MAX][32];
	double cell[GOLDEN_ROWS_MAX][GOLDEN_COLUMNS_MAX];
};

static int golden_split(char *line, char **cell)
{
	int count = 0;
	line[strcspn(line, "\r\n")] = 0;
	for (char *at = line; at && count < GOLDEN_COLUMNS_MAX; count++) {
		char *comma = strchr(at, ',');
		if (comma) *comma++ = 0;
		cell[count] = at;
		at = comma;
	}
	return count;
}

/* Rows read; 0 when the file is not there. Tests run from the root of the tree. */
static inline int golden_read(struct golden *golden, const char *path)
{
	static char line[GOLDEN_LINE_MAX];
	char       *cell[GOLDEN_COLUMNS_MAX];
	FILE       *file = fopen(path, "r");
	golden->rows = golden->columns = 0;
	if (!file) return 0;
	if (fgets(line, sizeof line, file)) golden->columns = golden_split(line, cell);
	for (int i = 0; i < golden->columns; i++) snprintf(golden->name[i], sizeof golden->name[i], "%s", cell[i]);
	while (golden->rows < GOLDEN_ROWS_MAX && fgets(line, sizeof line, file)) {
		int count = golden_split(line, cell);
		for (int i = 0; i < golden->columns; i++) golden->cell[golden->rows][i] = i < count && *cell[i] ? strtod(cell[i], 0) : NAN;
		golden->rows++;
	}
	fclose(file);
	return golden->rows;
}

/* The column of that name, or -1. */
static inline int golden_column(const struct golden *golden, const char *name)
{
	for (int i = 0; i < golden->columns; i++) if (strcmp(golden->name[i], name) == 0) return i;
	return -1;
}

#endif
