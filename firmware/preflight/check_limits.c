/* check_limits.c - what this process may have of the kernel, and what memory there is. */
#include <string.h>

#include "firmware/preflight/check.h"

enum { OOM_FIRST = 500 };

void check_open_files(struct preflight *preflight, struct preflight_result *result)
{
	unsigned long long files_max = preflight->facts.files_max;
	if (files_max < PREFLIGHT_FILES_MIN)
		preflight_say(result, PREFLIGHT_FAILURE, "%llu open files are allowed and %d are needed:\nraise ulimit -n (LimitNOFILE of the "
		    "service)", files_max,
		    PREFLIGHT_FILES_MIN);
	else if (files_max == FACTS_NO_LIMIT) preflight_say(result, PREFLIGHT_OK, "no limit, %d needed at most", PREFLIGHT_FILES_MIN);
	else preflight_say(result, PREFLIGHT_OK, "%llu allowed, %d needed at most", files_max, PREFLIGHT_FILES_MIN);
}

void check_file_size(struct preflight *preflight, struct preflight_result *result)
{
	uint64_t bytes_max = preflight->facts.file_bytes_max;
	if (bytes_max < JOURNAL_FILE_BYTES)
		preflight_say(result, PREFLIGHT_FAILURE, "a file may grow to %llu MiB and the journal takes %llu:\nraise ulimit -f (LimitFSIZE of the "
		    "service)",
		    check_mib(bytes_max), check_mib(JOURNAL_FILE_BYTES) + 1);
	else if (bytes_max == FACTS_NO_LIMIT) preflight_say(result, PREFLIGHT_OK, "no limit; the journal takes %llu MiB", check_mib(JOURNAL_FILE_BYTES) + 1);
	else preflight_say(result, PREFLIGHT_OK, "%llu MiB allowed; the journal takes %llu", check_mib(bytes_max), check_mib(JOURNAL_FILE_BYTES) + 1);
}

void check_address_space(struct preflight *preflight, struct preflight_result *result)
{
	uint64_t bytes_max = preflight->facts.address_bytes_max;
	if (bytes_max < BUDGET_BYTES)
		preflight_say(result, PREFLIGHT_FAILURE, "%llu MiB of address space are allowed and %llu are needed:\nraise ulimit -v (LimitAS of the "
		    "service)",
		    check_mib(bytes_max), check_mib(BUDGET_BYTES));
	else if (bytes_max == FACTS_NO_LIMIT) preflight_say(result, PREFLIGHT_OK, "no limit");
	else preflight_say(result, PREFLIGHT_OK, "%llu MiB allowed, %llu needed at most", check_mib(bytes_max), check_mib(BUDGET_BYTES));
}

void check_processes(struct preflight *preflight, struct preflight_result *result)
{
	unsigned long long most = preflight->facts.processes_max;
	if (most < PREFLIGHT_PROCESSES_MIN && preflight->facts.user != 0)
		preflight_say(result, PREFLIGHT_FAILURE, "%llu processes are allowed to this user and %d are needed:\nraise ulimit -u (LimitNPROC of "
		    "the service)", most,
		    PREFLIGHT_PROCESSES_MIN);
	else if (most == FACTS_NO_LIMIT) preflight_say(result, PREFLIGHT_OK, "no limit");
	else preflight_say(result, PREFLIGHT_OK, "%llu allowed to this user, %d needed at most", most, PREFLIGHT_PROCESSES_MIN);
}

/* A visitor beside a running instance needs nothing more: that one has its memory. */
void check_memory(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	if (preflight->is_visit && preflight->holder_pid)
		preflight_say(result, PREFLIGHT_OK, "%llu MiB free beside the running instance", check_mib(facts->available_bytes));
	else if (facts->available_bytes < BUDGET_BYTES)
		preflight_say(result, PREFLIGHT_FAILURE, "%llu MiB of memory are free and %llu are needed (budget_all_kib):\nstop something else on "
		    "this machine",
		    check_mib(facts->available_bytes), check_mib(BUDGET_BYTES));
	else if (facts->promised_bytes_left < BUDGET_BYTES)
		preflight_say(result, PREFLIGHT_FAILURE, "the kernel promises %llu MiB more and %llu are needed:\nvm.overcommit_memory is 2, raise "
		    "vm.overcommit_ratio "
		    "or stop something else",
		    check_mib(facts->promised_bytes_left), check_mib(BUDGET_BYTES));
	else preflight_say(result, PREFLIGHT_OK, "%llu MiB of memory free, %llu needed at most", check_mib(facts->available_bytes), check_mib(BUDGET_BYTES));
}

void check_memory_group(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	uint64_t            left = facts->group_bytes_max > facts->group_bytes_used ? facts->group_bytes_max - facts->group_bytes_used : 0;
	if (facts->group_bytes_max == FACTS_NO_LIMIT) preflight_say(result, PREFLIGHT_OK, "no limit of a control group");
	else if (preflight->is_visit && preflight->holder_pid)
		preflight_say(result, PREFLIGHT_OK, "%llu of %llu MiB left in this control group", check_mib(left), check_mib(facts->group_bytes_max));
	else if (facts->group_bytes_max < BUDGET_BYTES)
		preflight_say(result, PREFLIGHT_FAILURE, "the control group allows %llu MiB and %llu are needed (budget_all_kib):\nraise MemoryMax of "
		    "the service or the "
		    "container's limit",
		    check_mib(facts->group_bytes_max), check_mib(BUDGET_BYTES));
	else if (left < BUDGET_BYTES)
		preflight_say(result, PREFLIGHT_WARNING, "%llu MiB are left of the %llu the control group allows, and %llu may be needed:\ngive this "
		    "program a group of "
		    "its own, or raise the limit",
		    check_mib(left), check_mib(facts->group_bytes_max), check_mib(BUDGET_BYTES));
	else preflight_say(result, PREFLIGHT_OK, "%llu MiB allowed, %llu needed at most", check_mib(facts->group_bytes_max), check_mib(BUDGET_BYTES));
}

/* Memory files may be swapped; only the pages of keys in use are locked (hal/linux/secret.h). */
void check_swap(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	if (facts->swap_bytes == 0) preflight_say(result, PREFLIGHT_OK, "none");
	else if (check_is_outside(preflight))
		preflight_say(result, PREFLIGHT_NOTE, "%llu MiB of swap, %llu used; sealed keys may be written there:\nkeep no swap, or an encrypted one",
		    check_mib(facts->swap_bytes), check_mib(facts->swap_used_bytes));
	else
		preflight_say(result, PREFLIGHT_NOTE, "%llu MiB of swap, %llu used:\na step that waits for the disk is late; swapoff -a before real orders",
		    check_mib(facts->swap_bytes), check_mib(facts->swap_used_bytes));
}

/* A process of 300 KiB that writes here and there becomes one of 2 MiB pages. */
void check_huge_pages(struct preflight *preflight, struct preflight_result *result)
{
	const char *word = preflight->facts.huge_pages;
	if (strcmp(word, "always") == 0)
		preflight_say(result, PREFLIGHT_NOTE, "always: each private page may become 2 MiB of memory:\nboot with transparent_hugepage=madvise, "
		    "or write madvise "
		    "to /sys/kernel/mm/transparent_hugepage/enabled");
	else preflight_say(result, PREFLIGHT_OK, "%s", *word ? word : "the kernel has none");
}

void check_oom(struct preflight *preflight, struct preflight_result *result)
{
	int32_t adjust = preflight->facts.oom_adjust;
	if (adjust >= OOM_FIRST)
		preflight_say(result, PREFLIGHT_WARNING,
		    "oom_score_adj is %d: the kernel kills this program before most others when memory is out:\nset OOMScoreAdjust of the service to "
		    "-500", adjust);
	else if (adjust > 0)
		preflight_say(result, PREFLIGHT_NOTE, "oom_score_adj is %d, above that of others:\nset OOMScoreAdjust of the service to -500", adjust);
	else preflight_say(result, PREFLIGHT_OK, "oom_score_adj is %d", adjust);
}
