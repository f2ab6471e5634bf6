/* check_limits_test.c - what a process may have, and what memory there is: enough, tight, too little (P12). */
#include "tests/unit/firmware/preflight/patient.h"

TEST(t_P12_limits_that_are_none)
{
	good(VENUE_sim);
	preflight.facts.files_max = FACTS_NO_LIMIT;
	check_result(PREFLIGHT_open_files, PREFLIGHT_OK, "no limit, 128 needed at most");
	check_result(PREFLIGHT_file_size, PREFLIGHT_OK, "no limit; the journal takes 65 MiB");
	preflight.facts.file_bytes_max = UINT64_C(100) << 20;
	check_result(PREFLIGHT_file_size, PREFLIGHT_OK, "100 MiB allowed; the journal takes 65");
	check_result(PREFLIGHT_address_space, PREFLIGHT_OK, "no limit");
	preflight.facts.address_bytes_max = UINT64_C(300) << 20;
	check_result(PREFLIGHT_address_space, PREFLIGHT_OK, "300 MiB allowed, 256 needed at most");
}

TEST(t_P12_too_few_processes)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_processes, PREFLIGHT_OK, "no limit");
	preflight.facts.processes_max = 16;
	check_result(PREFLIGHT_processes, PREFLIGHT_OK, "16 allowed to this user, 16 needed at most");
	preflight.facts.processes_max = 15;
	check_result(PREFLIGHT_processes, PREFLIGHT_FAILURE, "15 processes are allowed to this user and 16 are needed: raise ulimit -u (LimitNPROC of "
	    "the service)");
	preflight.facts.user = 0;        /* the kernel does not count root's */
	CHECK(result_has(PREFLIGHT_processes, PREFLIGHT_OK, "15 allowed"));
}

TEST(t_P12_memory_of_a_control_group)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_memory_group, PREFLIGHT_OK, "no limit of a control group");
	preflight.facts.group_bytes_max = UINT64_C(300) << 20;
	check_result(PREFLIGHT_memory_group, PREFLIGHT_OK, "300 MiB allowed, 256 needed at most");
	preflight.facts.group_bytes_used = UINT64_C(100) << 20;
	CHECK(result_has(PREFLIGHT_memory_group, PREFLIGHT_WARNING, "200 MiB are left of the 300 the control group allows, and 256 may be needed: give "
	    "this"));
	preflight.facts.group_bytes_max = UINT64_C(128) << 20;
	CHECK(result_has(PREFLIGHT_memory_group, PREFLIGHT_FAILURE, "the control group allows 128 MiB and 256 are needed (budget_all_kib): raise MemoryMax"));
}

TEST(t_P12_swap_is_noted)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_swap, PREFLIGHT_OK, "none");
	preflight.facts.swap_bytes = UINT64_C(512) << 20;
	preflight.facts.swap_used_bytes = UINT64_C(3) << 20;
	CHECK(result_has(PREFLIGHT_swap, PREFLIGHT_NOTE, "512 MiB of swap, 3 used: a step that waits for the disk is late"));
	plan.venue = VENUE_alpaca;
	CHECK(result_has(PREFLIGHT_swap, PREFLIGHT_NOTE, "512 MiB of swap, 3 used; sealed keys may be written there: keep no swap"));
}

TEST(t_P12_huge_pages_that_are_always_there)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_huge_pages, PREFLIGHT_OK, "madvise");
	strcpy(preflight.facts.huge_pages, "always");
	CHECK(result_has(PREFLIGHT_huge_pages, PREFLIGHT_NOTE, "may become 2 MiB of memory: boot with transparent_hugepage=madvise"));
	preflight.facts.huge_pages[0] = '\0';
	check_result(PREFLIGHT_huge_pages, PREFLIGHT_OK, "the kernel has none");
}

TEST(t_P12_killed_first_when_memory_is_out)
{
	good(VENUE_sim);
	preflight.facts.oom_adjust = -500;
	check_result(PREFLIGHT_oom, PREFLIGHT_OK, "oom_score_adj is -500");
	preflight.facts.oom_adjust = 1;
	CHECK(result_has(PREFLIGHT_oom, PREFLIGHT_NOTE, "oom_score_adj is 1, above that of others: set OOMScoreAdjust"));
	preflight.facts.oom_adjust = 500;
	CHECK(result_has(PREFLIGHT_oom, PREFLIGHT_WARNING, "kills this program before most others when memory is out: set OOMScoreAdjust"));
}
