/* rights_test.c - the table: what each process of each layout may ask, what nobody may, and that the kernel holds it (X1, O7, O10; invariants 1 to 3). */
#include "firmware/rights.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/linux/process.h"
#include "tests/kit/sanitized.h"
#include "tests/kit/test.h"

static bool may(uint32_t rights, uint32_t call)
{
	for (size_t i = 0; i < RIGHTS_ROWS_N; i++)
		if (rights_rows[i].call == call) return rights_allow(&rights_rows[i], rights);
	return false;
}

TEST(t_O10_no_worker_has_more_than_its_calls)
{
	const struct layout *appliance = layout_find("appliance");
	for (size_t p = 0; p < appliance->places; p++) CHECK(rights_count(rights_of(appliance, appliance->place[p].process, true)) <= 25);
	for (size_t i = 0; i < WORKERS_N; i++) CHECK(rights_count(workers[i].rights) <= RIGHTS_CALLS_MAX);
	CHECK_EQ(RIGHTS_CALLS_MAX, 25);
}

TEST(t_O10_a_call_has_one_row_and_a_reason)
{
	for (size_t i = 0; i < RIGHTS_ROWS_N; i++) {
		for (size_t j = 0; j < i; j++) CHECK(rights_rows[i].call != rights_rows[j].call);
		CHECK(rights_rows[i].why[0] && rights_rows[i].rule < RULES_N && rights_rows[i].who != 0);
		if (rights_rows[i].who & RIGHTS_BOOT) CHECK_EQ(rights_rows[i].who, RIGHTS_BOOT);        /* the rules of BOOT rows are those of BOOT */
	}
}

TEST(t_O10_sealed_nobody_maps_makes_or_traces)
{
	static const uint32_t never[] = { SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_pkey_mprotect, SYS_ptrace, SYS_process_vm_readv,
		SYS_process_vm_writev, SYS_execve, SYS_execveat, SYS_clone, SYS_clone3, SYS_fork, SYS_vfork, SYS_prctl, SYS_seccomp, SYS_open, SYS_memfd_create,
		SYS_pidfd_open, SYS_pidfd_getfd, SYS_pidfd_send_signal, SYS_tgkill, SYS_bind, SYS_listen, SYS_sendmsg, SYS_recvmsg, SYS_dup2, SYS_ioctl, SYS_io_uring_setup };
	static const uint32_t never_in_boot[] = { SYS_brk, SYS_mremap, SYS_pkey_mprotect, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_execve,
		SYS_execveat, SYS_clone, SYS_clone3, SYS_vfork, SYS_pidfd_getfd, SYS_io_uring_setup, SYS_memfd_create, SYS_setuid, SYS_mount, SYS_bpf };
	uint32_t all = RIGHT_NET | RIGHT_TRADE | RIGHT_DISK | RIGHT_LISTEN | RIGHT_JOURNAL;
	for (size_t i = 0; i < sizeof never / sizeof *never; i++) CHECK(!may(all, never[i]));
	for (size_t i = 0; i < sizeof never_in_boot / sizeof *never_in_boot; i++) CHECK(!may(RIGHTS_BOOT, never_in_boot[i]));
}

TEST(t_X1_rights_are_what_the_workers_need)
{
	const struct layout *appliance = layout_find("appliance");
	uint32_t             feed = rights_of(appliance, "orchestrator", true), desk = rights_of(appliance, "market_decision_engine", true);
	CHECK_EQ(feed, RIGHT_NET | RIGHT_LISTEN);
	CHECK_EQ(desk, RIGHT_NET | RIGHT_TRADE | RIGHT_JOURNAL);
	CHECK_EQ(rights_of(appliance, "strategy_analyzer", true), 0);
	CHECK_EQ(rights_of(appliance, "combined_analyzer", true), 0);
	CHECK_EQ(rights_of(appliance, "position_health_monitor", true), RIGHT_DISK);
	CHECK_EQ(rights_of(appliance, "market_decision_engine", false), RIGHT_JOURNAL);        /* the venue is inside */
	CHECK(may(feed, SYS_connect) && !may(feed, SYS_openat) && !may(feed, SYS_pwrite64));
	CHECK(may(desk, SYS_pwrite64) && !may(desk, SYS_openat) && !may(desk, SYS_accept4) && !may(desk, SYS_kill));
	CHECK(!may(RIGHT_DISK, SYS_socket) && !may(RIGHT_DISK, SYS_pwrite64) && may(RIGHT_DISK, SYS_openat));
	CHECK(!may(0, SYS_socket) && !may(0, SYS_openat) && !may(0, SYS_kill) && may(0, SYS_write) && may(0, SYS_exit_group));
}

/* --- the kernel's own --------------------------------------------------------------------------------------------------- */

static volatile uint32_t *word;

static int try_call(uint32_t mask, long call, long a, long b, long c)
{
	struct rights rights = { mask, "/tmp", (int32_t)getppid(), { 443, RIGHTS_DNS_PORT }, 2 };
	char          sentence[RIGHTS_SENTENCE_BYTES];
	seccomp_catch(word);
	if (!process_shut_in() || !rights_seal(&rights, sentence)) return 2;
	(void)syscall(call, a, b, c);
	return 0;
}

/* 0: done and gone on; else the number it was ended for. */
static uint32_t refused(uint32_t mask, long call, long a, long b, long c)
{
	int status = 0;
	*word = 0;        /* before there is a child that writes into it */
	pid_t child = fork();
	if (child == 0) _exit(try_call(mask, call, a, b, c));
	(void)waitpid(child, &status, 0);
	CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGSYS && *word != 0 : WIFEXITED(status) && WEXITSTATUS(status) == 0);
	return *word;
}

TEST(t_O10_the_kernel_holds_the_table)
{
	if (SANITIZED) SKIP("the sanitizer asks the kernel for more than a filter allows");
	word = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	static const uint32_t masks[] = { 0, RIGHT_NET | RIGHT_LISTEN, RIGHT_DISK, RIGHT_NET | RIGHT_TRADE | RIGHT_JOURNAL };
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
		uint32_t mask = masks[i];
		CHECK_EQ(refused(mask, SYS_clock_gettime, 0, 0, 0), 0);
		CHECK_EQ(refused(mask, SYS_mmap, 0, 4096, PROT_READ), SYS_mmap);
		CHECK_EQ(refused(mask, SYS_brk, 0, 0, 0), SYS_brk);
		CHECK_EQ(refused(mask, SYS_mprotect, (long)(uintptr_t)word, 4096, PROT_READ), SYS_mprotect);
		CHECK_EQ(refused(mask, SYS_fork, 0, 0, 0), SYS_fork);
		CHECK_EQ(refused(mask, SYS_execve, 0, 0, 0), SYS_execve);
		CHECK_EQ(refused(mask, SYS_ptrace, 0, 0, 0), SYS_ptrace);
		CHECK_EQ(refused(mask, SYS_rt_sigaction, SIGSYS, 0, 0), SYS_rt_sigaction);
		CHECK_EQ(refused(mask, SYS_rt_sigaction, SIGTERM, 0, 0), 0);
		CHECK_EQ(refused(mask, SYS_socket, 2, 1, 0), mask & RIGHT_NET ? 0 : SYS_socket);
		CHECK_EQ(refused(mask, SYS_socket, 1, 1, 0), SYS_socket);        /* no unix socket for anybody */
		CHECK_EQ(refused(mask, SYS_kill, getpid(), 0, 0), mask & RIGHT_LISTEN ? 0 : SYS_kill);
		CHECK_EQ(refused(mask, SYS_kill, getpid(), SIGTERM, 0), SYS_kill);
		CHECK_EQ(refused(mask, SYS_kill, 1, 0, 0), SYS_kill);
		CHECK_EQ(refused(mask, SYS_openat, -100, 0, 0), mask & RIGHT_DISK ? 0 : SYS_openat);
	}
}

static void seal_with_boot(void)
{
	char sentence[RIGHTS_SENTENCE_BYTES];
	(void)rights_seal(&(struct rights){ .mask = RIGHTS_BOOT }, sentence);
}
TEST(t_O10_nobody_is_sealed_with_boot) { CHECK_BUG(seal_with_boot, 4500); }
