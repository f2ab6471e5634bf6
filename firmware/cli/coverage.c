/* coverage.c - see coverage.h. The file is read once for each machine, a line at a time. */
#include "firmware/cli/coverage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hal/venues/session.h"

enum { READ_BYTES = 4096, LINE_BYTES = 160, WORDS = 5 };
enum { BY_NOBODY, BY_HAND, BY_OWNER };

struct reader { int fd; size_t at, end; char text[READ_BYTES]; };
struct covered { uint32_t cells, by_hand, never; uint8_t by[MACHINE_CELLS_MAX]; };

/* The next byte, -1 at the end. */
static int next_byte(struct reader *reader)
{
	if (reader->at == reader->end) {
		ssize_t got = read(reader->fd, reader->text, sizeof reader->text);
		if (got <= 0) return -1;
		reader->at = 0;
		reader->end = (size_t)got;
	}
	return (unsigned char)reader->text[reader->at++];
}

/* Cuts what does not fit, which then is no cell. */
static bool next_line(struct reader *reader, char line[static LINE_BYTES])
{
	size_t used = 0;
	int    c = next_byte(reader);
	if (c < 0) return false;
	for (; c >= 0 && c != '\n'; c = next_byte(reader))
		if (used + 1 < LINE_BYTES) line[used++] = (char)c;
	line[used] = '\0';
	return true;
}

static bool split(char *line, char *word[static WORDS])
{
	char *rest = line;
	for (int i = 0; i < WORDS; i++)
		if (!(word[i] = strtok_r(rest, " ", &rest))) return false;
	return true;
}

static uint8_t index_of(const char *const *names, uint8_t count, const char *name)
{
	uint8_t i = 0;
	while (i < count && strcmp(names[i], name) != 0) i++;
	return i;
}

/* False: the line is of no cell. */
static bool take_line(struct covered *covered, const struct machine *machine, char *line)
{
	char *word[WORDS];
	if (!split(line, word)) return false;
	if (strcmp(word[0], machine->name) != 0) return true;
	uint8_t state = index_of(machine->state_name, machine->states, word[1]), event = index_of(machine->event_name, machine->events, word[2]);
	if (state == machine->states || event == machine->events) return false;
	uint8_t *by = &covered->by[state * machine->events + event];
	if (strtoull(word[4], 0, 10) > 0 && *by == BY_NOBODY) *by = BY_HAND;
	if (strtoull(word[3], 0, 10) > 0) *by = BY_OWNER;
	return true;
}

static bool read_covered(struct covered *covered, const struct machine *machine, const char *path)
{
	struct reader reader = { .fd = open(path, O_RDONLY | O_CLOEXEC) };
	char          line[LINE_BYTES];
	bool          ok = reader.fd >= 0;
	memset(covered, 0, sizeof *covered);
	while (ok && next_line(&reader, line)) ok = take_line(covered, machine, line);
	if (reader.fd >= 0) close(reader.fd);
	for (uint8_t s = 0; s < machine->states; s++)
		for (uint8_t e = 0; e < machine->events; e++) {
			if (machine_cell(machine, s, e)->kind == CELL_BUG) continue;
			covered->cells++;
			covered->by_hand += covered->by[s * machine->events + e] == BY_HAND;
			covered->never += covered->by[s * machine->events + e] == BY_NOBODY;
		}
	return ok;
}

static void print_rest(struct out *out, const struct machine *machine, const struct covered *covered, uint8_t by, const char *what)
{
	for (uint8_t s = 0; s < machine->states; s++)
		for (uint8_t e = 0; e < machine->events; e++) {
			bool is_bug = machine_cell(machine, s, e)->kind == CELL_BUG;
			if (is_bug || covered->by[s * machine->events + e] != by) continue;
			out_format(out, "  %s %s %s %s\n", what, machine->name, machine->state_name[s], machine->event_name[e]);
		}
}

static bool show_machine(struct cli *cli, const struct machine *machine, const char *path, uint32_t *never)
{
	struct covered covered;
	if (!read_covered(&covered, machine, path)) return false;
	out_format(&cli->out, "%s: %u of %u cells taken, %u of them by hand alone\n", machine->name, covered.cells - covered.never, covered.cells, covered.by_hand);
	print_rest(&cli->out, machine, &covered, BY_HAND, "by hand");
	print_rest(&cli->out, machine, &covered, BY_NOBODY, "never");
	*never += covered.never;
	return true;
}

int coverage_show(struct cli *cli, const char *path, const char *name)
{
	uint32_t never = 0;
	bool     ok = true;
	for (size_t i = 0; ok && i < MACHINES_N; i++)
		if (!name || strcmp(name, machines[i]->name) == 0) ok = show_machine(cli, machines[i], path, &never);
	if (ok && !name) ok = show_machine(cli, &session_machine, path, &never);
	if (!ok) return cli_refuse(cli, CLI_BAD_INPUT, "--coverage %s: is no list of cells of these machines; the unit tests write build/gcc/test.cells", path);
	return never ? CLI_FAILED : CLI_DONE;
}
