/* check_machine.c - the kernel, the processors, and what the machine is. */
#include <string.h>

#include "firmware/preflight/check.h"

enum { KERNEL_MIN = 4005, CORES_WANTED = 2, PCT_OF_ONE = 100, STEAL_HIGH_BP = 500, BP_PER_PCT = 100 };

void check_processor(struct preflight *preflight, struct preflight_result *result)
{
	const char *missing = cpu_missing(preflight->cpu);
	if (missing)
		preflight_say(result, PREFLIGHT_FAILURE, "this processor lacks %s:\nrun it on one with x86-64-v3 (Intel since 2013, AMD since 2015)",
		    missing);
	else preflight_say(result, PREFLIGHT_OK, "x86-64-v3");
}

void check_cores(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	if (facts->group_cpu_pct != FACTS_UNKNOWN && facts->group_cpu_pct < PCT_OF_ONE)
		preflight_say(result, PREFLIGHT_WARNING, "the control group allows %d %% of one processor, so a step may have to wait for its "
		    "turn:\nraise CPUQuota of the "
		    "service to 100 %% or more",
		    facts->group_cpu_pct);
	else if (facts->processors_allowed < CORES_WANTED)
		preflight_say(result, PREFLIGHT_NOTE, "%u of %u processors may be used; the processes share it:\na second one keeps the desk from "
		    "waiting", facts->processors_allowed,
		    facts->processors);
	else preflight_say(result, PREFLIGHT_OK, "%u of %u processors may be used", facts->processors_allowed, facts->processors);
}

void check_cpu_steal(struct preflight *preflight, struct preflight_result *result)
{
	int32_t steal_bp = preflight->facts.steal_bp;
	if (steal_bp == FACTS_UNKNOWN) preflight_say(result, PREFLIGHT_OK, "the kernel does not say");
	else if (steal_bp > STEAL_HIGH_BP)
		preflight_say(result, PREFLIGHT_WARNING,
		    "the host took %d.%02d %% of the processors' time since boot:\nmove to a machine with processors of its own, or less burdened",
		    steal_bp / BP_PER_PCT,
		    steal_bp % BP_PER_PCT);
	else preflight_say(result, PREFLIGHT_OK, "%d.%02d %% since boot", steal_bp / BP_PER_PCT, steal_bp % BP_PER_PCT);
}

/* Of the burstable families: what each of their processors may use for ever, in percent (docs.aws.amazon.com, burstable credits table). */
struct burst_row {
	const char *product;
	uint32_t    baseline_pct;
};
static const struct burst_row bursts[] = {
	{ "t3.nano", 5 },
	{ "t3.micro", 10 },
	{ "t3.small", 20 },
	{ "t3.medium", 20 },
	{ "t3.large", 30 },
	{ "t3.xlarge", 40 },
	{ "t3.2xlarge", 40 },
	{ "t3a.nano", 5 },
	{ "t3a.micro", 10 },
	{ "t3a.small", 20 },
	{ "t3a.medium", 20 },
	{ "t3a.large", 30 },
	{ "t3a.xlarge", 40 },
	{ "t3a.2xlarge", 40 },
	{ "t2.nano", 5 },
	{ "t2.micro", 10 },
	{ "t2.small", 20 },
	{ "t2.medium", 20 },
	{ "t2.large", 30 },
};

void check_cpu_credits(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	for (size_t i = 0; i < sizeof bursts / sizeof *bursts; i++) {
		if (strcmp(facts->product, bursts[i].product) != 0) continue;
		preflight_say(result, PREFLIGHT_NOTE,
		    "%s: above %u %% of each processor it spends credits, and whether the mode is standard (slowed down when they are out) or unlimited "
		    "(billed) is "
		    "not seen from here:\naws ec2 describe-instance-credit-specifications says; set unlimited if the bill may grow, standard if it may not",
		    bursts[i].product, bursts[i].baseline_pct);
		return;
	}
	if (*facts->product) preflight_say(result, PREFLIGHT_OK, "%s%s%s: no burstable machine", facts->vendor, *facts->vendor ? " " : "", facts->product);
	else preflight_say(result, PREFLIGHT_OK, "the machine does not say what it is");
}

void check_kernel(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	bool                is_old = facts->kernel_major * 1000 + facts->kernel_minor < KERNEL_MIN;
	const char *absent = !facts->has_epoll ? "epoll" : !facts->has_eventfd ? "eventfd"
		: !facts->has_signalfd                                         ? "signalfd"
									       : 0;
	const char *late = !facts->has_memfd ? "memfd_create" : !facts->has_pidfd ? "pidfd_open"
		: !facts->has_close_range                                         ? "close_range"
										  : 0;
	if (is_old) preflight_say(result, PREFLIGHT_FAILURE, "this kernel is Linux %s:\nthis program needs 4.5 or newer", facts->release);
	else if (absent) preflight_say(result, PREFLIGHT_FAILURE, "this kernel (Linux %s) refuses %s:\nallow it, if a container's filter refuses it",
	    facts->release, absent);
	else if (late)
		preflight_say(result, PREFLIGHT_WARNING, "this kernel (Linux %s) has no %s:\nthe run does without it; Linux 5.9 or newer has all",
		    facts->release, late);
	else preflight_say(result, PREFLIGHT_OK, "Linux %s", facts->release);
}

void check_sandbox(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	if (!facts->has_seccomp)
		preflight_say(result, PREFLIGHT_FAILURE, "this kernel has no seccomp filters, or a container refuses them:\nuse a kernel with "
		    "CONFIG_SECCOMP_FILTER, and let "
		    "the container use it");
	else if (!facts->has_sealing)
		preflight_say(result, PREFLIGHT_WARNING, "memory files cannot be sealed, so a process that is given keys could change them:\nuse a "
		    "kernel with memfd_create "
		    "and F_ADD_SEALS");
	else if (facts->landlock_version == 0)
		preflight_say(result, PREFLIGHT_NOTE, "seccomp and seals, no Landlock: files are kept apart by user and mode alone:\nLinux 5.13 or "
		    "newer with lsm=landlock has it");
	else preflight_say(result, PREFLIGHT_OK, "seccomp, seals, Landlock version %d", facts->landlock_version);
}

void check_random(struct preflight *preflight, struct preflight_result *result)
{
	if (preflight->facts.has_random) preflight_say(result, PREFLIGHT_OK, "there at once");
	else preflight_say(result, PREFLIGHT_FAILURE, "the kernel has no random numbers yet, and TLS and a journal's id need them:\nwait, or give the "
	    "machine a "
	    "source (virtio-rng, rdrand)");
}

/* The workers are not dumpable; the watchdog holds no value of a key (hal/linux/secret.h). */
void check_core_dumps(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	if (facts->core_bytes_max == 0) preflight_say(result, PREFLIGHT_OK, "none are written");
	else if (facts->core_pattern[0] == '|')
		preflight_say(result, PREFLIGHT_OK, "given to %.48s; the workers, which hold keys, are never dumped", facts->core_pattern + 1);
	else
		preflight_say(result, PREFLIGHT_NOTE, "written as \"%.40s\", up to the limit; the workers, which hold keys, are never dumped:\nulimit "
		    "-c 0 (LimitCORE=0 of the "
		    "service) keeps the disk free",
		    facts->core_pattern);
}

void check_watchdog(struct preflight *preflight, struct preflight_result *result)
{
	if (preflight->facts.has_watchdog_device) preflight_say(result, PREFLIGHT_OK, "/dev/watchdog");
	else preflight_say(result, PREFLIGHT_NOTE, "no /dev/watchdog: a machine that hangs stays so:\nmodprobe softdog (and load it at boot), or let "
	    "the host restart it");
}

void check_user(struct preflight *preflight, struct preflight_result *result)
{
	uint32_t user = preflight->facts.user;
	if (user == 0) preflight_say(result, PREFLIGHT_NOTE, "root: a bug here could do anything to this machine:\ngive it a user of its own");
	else preflight_say(result, PREFLIGHT_OK, "user %u", user);
}
