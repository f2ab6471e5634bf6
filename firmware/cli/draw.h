/* draw.h - a machine as text for people (a matrix of its cells) and for Graphviz. Both come from the running table. */
#ifndef FIRMWARE_CLI_DRAW_H
#define FIRMWARE_CLI_DRAW_H
#include "firmware/cli/out.h"
#include "fsm/machine.h"

/* How many cells of each kind, and how many states can be reached from the first. */
struct draw_counts { uint32_t cell[CELL_BUG + 1], reached; };

struct draw_counts draw_count(const struct machine *machine);
/* "go", "stay", "drop", "bug" */
const char *draw_kind(uint8_t kind);
/* States down, events across, in as many panels of 80 columns as it takes; then the actions. */
void draw_matrix(struct out *out, const struct machine *machine);
/* The moves as arrows; what is dropped and what would be a bug as comments, so that a changed cell always changes the text. */
void draw_dot(struct out *out, const struct machine *machine, const char *purpose);

#endif
