#include "fsm/bug.h"

static volatile uint32_t  own_word;
static volatile uint32_t *bug_word = &own_word;

void bug_catch(volatile uint32_t *word) { bug_word = word; }

uint32_t bug_caught(void) { return *bug_word; }

void bug_trap(uint32_t id)
{
	*bug_word = id;
	__builtin_trap();
}
