/* check_machine_test.c - kernel, processors, and what the machine is: as it should be, to note, to read, to refuse (P12). */
#include "tests/unit/firmware/preflight/patient.h"

TEST(t_P12_processors_that_may_be_used)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_cores, PREFLIGHT_OK, "2 of 2 processors may be used");
	preflight.facts.processors_allowed = 1;
	CHECK(result_has(PREFLIGHT_cores, PREFLIGHT_NOTE, "1 of 2 processors may be used; the processes share it: a second one"));
	preflight.facts.group_cpu_pct = 100;
	CHECK(result_has(PREFLIGHT_cores, PREFLIGHT_NOTE, "1 of 2"));
	preflight.facts.group_cpu_pct = 20;
	CHECK(result_has(PREFLIGHT_cores, PREFLIGHT_WARNING, "the control group allows 20 % of one processor"));
}

TEST(t_P12_time_that_the_host_took)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_cpu_steal, PREFLIGHT_OK, "0.00 % since boot");
	preflight.facts.steal_bp = 500;
	check_result(PREFLIGHT_cpu_steal, PREFLIGHT_OK, "5.00 % since boot");
	preflight.facts.steal_bp = 1234;
	CHECK(result_has(PREFLIGHT_cpu_steal, PREFLIGHT_WARNING, "the host took 12.34 % of the processors' time since boot: move to"));
	preflight.facts.steal_bp = FACTS_UNKNOWN;
	check_result(PREFLIGHT_cpu_steal, PREFLIGHT_OK, "the kernel does not say");
}

TEST(t_P12_a_machine_that_lives_on_credits)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_cpu_credits, PREFLIGHT_OK, "the machine does not say what it is");
	strcpy(preflight.facts.vendor, "Amazon EC2");
	strcpy(preflight.facts.product, "t3.micro");
	CHECK(result_has(PREFLIGHT_cpu_credits, PREFLIGHT_NOTE, "t3.micro: above 10 % of each processor it spends credits"));
	CHECK(result_has(PREFLIGHT_cpu_credits, PREFLIGHT_NOTE, "is not seen from here: aws ec2 describe-instance-credit-specifications says"));
	strcpy(preflight.facts.product, "m7i.large");
	check_result(PREFLIGHT_cpu_credits, PREFLIGHT_OK, "Amazon EC2 m7i.large: no burstable machine");
}

TEST(t_P12_a_kernel_that_cannot_shut_processes_in)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_sandbox, PREFLIGHT_OK, "seccomp, seals, Landlock version 4");
	preflight.facts.landlock_version = 0;
	CHECK(result_has(PREFLIGHT_sandbox, PREFLIGHT_NOTE, "seccomp and seals, no Landlock: files are kept apart by user and mode alone: Linux 5.13"));
	preflight.facts.has_sealing = false;
	CHECK(result_has(PREFLIGHT_sandbox, PREFLIGHT_WARNING, "memory files cannot be sealed"));
	preflight.facts.has_seccomp = false;
	CHECK(result_has(PREFLIGHT_sandbox, PREFLIGHT_FAILURE, "this kernel has no seccomp filters"));
}

TEST(t_P12_no_random_numbers_yet)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_random, PREFLIGHT_OK, "there at once");
	preflight.facts.has_random = false;
	CHECK(result_has(PREFLIGHT_random, PREFLIGHT_FAILURE, "the kernel has no random numbers yet, and TLS and a journal's id need them: wait"));
}

TEST(t_P12_where_core_dumps_go)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_core_dumps, PREFLIGHT_OK, "none are written");
	preflight.facts.core_bytes_max = 1 << 20;
	CHECK(result_has(PREFLIGHT_core_dumps, PREFLIGHT_NOTE, "written as \"core\", up to the limit; the workers, which hold keys, are never dumped: "
	    "ulimit -c 0"));
	strcpy(preflight.facts.core_pattern, "|/usr/lib/systemd/systemd-coredump %P");
	check_result(PREFLIGHT_core_dumps, PREFLIGHT_OK, "given to /usr/lib/systemd/systemd-coredump %P; the workers, which hold keys, are never dumped");
}

TEST(t_P12_a_machine_without_a_watchdog)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_watchdog, PREFLIGHT_OK, "/dev/watchdog");
	preflight.facts.has_watchdog_device = false;
	CHECK(result_has(PREFLIGHT_watchdog, PREFLIGHT_NOTE, "no /dev/watchdog: a machine that hangs stays so: modprobe softdog"));
}

TEST(t_P12_root_is_noted)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_user, PREFLIGHT_OK, "user 1000");
	preflight.facts.user = 0;
	check_result(PREFLIGHT_user, PREFLIGHT_NOTE, "root: a bug here could do anything to this machine: give it a user of its own");
}
