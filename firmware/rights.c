/* rights.c - the table as rows, and from a mask of rights to the filter of a process. */
#include "firmware/rights.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "hal/linux/files.h"
#include "hal/linux/memory.h"
#include "hal/linux/process.h"

enum { EVERY = RIGHTS_EVERY, BOOT = RIGHTS_BOOT, NET = RIGHT_NET, DISK = RIGHT_DISK, JOURNAL = RIGHT_JOURNAL, LISTEN = RIGHT_LISTEN };

#define CALL_ROW(call, who, rule, why) { #call, why, SYS_##call, (who), RULE_##rule },
const struct rights_row rights_rows[RIGHTS_ROWS_N] = { CALLS(CALL_ROW) };

#define RULE_TEXT(rule, what) [RULE_##rule] = what,
const char *const rights_rule_text[RULES_N] = { RULES(RULE_TEXT) };

bool rights_allow(const struct rights_row *row, uint32_t rights) { return rights & BOOT || row->who & (rights | EVERY); }

uint32_t rights_count(uint32_t rights)
{
	uint32_t count = 0;
	for (size_t i = 0; i < RIGHTS_ROWS_N; i++) count += rights_allow(&rights_rows[i], rights);
	return count;
}

uint32_t rights_of(const struct layout *layout, const char *process, bool has_venue)
{
	uint32_t rights = 0;
	for (size_t i = 0; i < layout->places; i++)
		if (strcmp(layout->place[i].process, process) == 0) rights |= workers[layout->place[i].worker].rights;
	return has_venue ? rights : rights & ~(uint32_t)(RIGHT_NET | RIGHT_TRADE);
}

/* --- the filter ------------------------------------------------------------------------------------------------------- */

/* The checks of a rule; where the table names it, the descriptor, the family and the signal are where the kernel has them. */
static void rule(struct seccomp_row *row, enum rights_rule which, uint32_t watchdog_pid)
{
	switch (which) {
	case RULE_no_exec: row->check[row->checks++] = (struct seccomp_check){ 2, SECCOMP_NO_BITS, 1, { PROT_EXEC } }; return;
	case RULE_stop: row->check[row->checks++] = (struct seccomp_check){ 0, SECCOMP_ONE_OF, 2, { SIGINT, SIGTERM } }; return;
	case RULE_internet: row->check[row->checks++] = (struct seccomp_check){ 0, SECCOMP_ONE_OF, 2, { AF_INET, AF_INET6 } }; return;
	case RULE_connected: row->check[row->checks++] = (struct seccomp_check){ 4, SECCOMP_NULL, 0, { 0 } }; return;
	case RULE_lock: row->check[row->checks++] = (struct seccomp_check){ 1, SECCOMP_ONE_OF, 4, { F_GETFD, F_SETFD, F_GETLK, F_SETLK } }; return;
	case RULE_watchdog:
		row->check[row->checks++] = (struct seccomp_check){ 0, SECCOMP_ONE_OF, 1, { watchdog_pid } };
		row->check[row->checks++] = (struct seccomp_check){ 1, SECCOMP_ONE_OF, 2, { SIGUSR1, 0 } };
		return;
	case RULE_any:
	case RULES_N: return;
	}
}

/* In BOOT only the rules of its own rows hold. */
static bool install(uint32_t rights, int32_t watchdog_pid)
{
	static struct seccomp_row     rows[RIGHTS_ROWS_N];
	static struct seccomp_program program;
	size_t                        n = 0;
	for (size_t i = 0; i < RIGHTS_ROWS_N; i++) {
		const struct rights_row *from = &rights_rows[i];
		if (!rights_allow(from, rights)) continue;
		rows[n] = (struct seccomp_row){ .call = from->call };
		if (!(rights & BOOT) || from->who & BOOT) rule(&rows[n], (enum rights_rule)from->rule, (uint32_t)watchdog_pid);
		n++;
	}
	seccomp_build(&program, rows, n);
	return seccomp_install(&program);
}

bool rights_begin(void) { return process_shut_in() && install(RIGHTS_BOOT, 0); }

static bool refuse(char sentence[RIGHTS_SENTENCE_BYTES], const char *why)
{
	(void)snprintf(sentence, RIGHTS_SENTENCE_BYTES, "%s", why);
	return false;
}

bool rights_seal(const struct rights *rights, char sentence[RIGHTS_SENTENCE_BYTES])
{
	uint32_t              mask = rights->mask;
	char                  reports[FILES_PATH_MAX] = "", journal[FILES_PATH_MAX] = "";
	struct landlock_place place[] = { { rights->folder, false }, { reports, false }, { journal, true } };
	BUG_UNLESS(4500, !(mask & BOOT) && rights->ports <= RIGHTS_PORTS_MAX);
	memory_seal();
	/* These two a person may have put on another disk, and left a link. */
	if (mask & RIGHT_DISK && (files_path(reports, rights->folder, "reports") != FILES_OK || files_path(journal, rights->folder, "journal") != FILES_OK))
		return refuse(sentence, "the path of the data folder is too long: choose a shorter --home");
	if (landlock_confine(place, mask & RIGHT_DISK ? sizeof place / sizeof *place : 0, rights->port, mask & RIGHT_NET ? rights->ports : 0) == LANDLOCK_FAILED)
		return refuse(sentence, "the kernel does not confine this process to its folder: Landlock fails; see the kernel log");
	if (!install(mask, rights->watchdog_pid))
		return refuse(sentence, RIGHTS_NO_FILTER);
	return true;
}
