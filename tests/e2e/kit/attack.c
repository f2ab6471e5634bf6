/* attack.c - the product with an intruder in one of its processes, for tests/e2e/rights.sh and progress.sh: linked from the product's own objects, with
 * pump_settle wrapped, which every process calls in each turn after it is sealed, and pump_commit_all for boot. The product has no such door.
 *
 *   ATTACK='WORKER ATTACK...'        in the process of that worker: its n-th life does the n-th attack; after the last one it lives on in peace
 *   ATTACK='WORKER idle'             its first life works until it has done IDLE_TICKS, then goes on with its turns and settles nothing any more
 *   ATTACK='boot ATTACK'             the child that comes before all others does it, in each of its lives
 *
 * Before the first attack it tries what the kernel refuses without a death, and says on standard error what came of it:
 *   attack: descriptors N                    how many of its descriptors hold a key of the venue
 *   attack: PATH errno N                     of a process that may open files
 *   attack: port N errno N, order STATUS     of the feed by protocol: a foreign port; an order with its own credential */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "firmware/runner.h"
#include "hal/linux/loop.h"
#include "hal/venues/alpaca/market.h"

enum { DESCRIPTORS = 256, PAGE = 4096, LINE = 256, X32 = 0x40000000, PTRACE_SEIZE_ = 0x4206, FOREIGN_PORT = 9, ORDER_TURNS_MAX = 1000 };
enum { IDLE_TICKS = 940 }; /* the history before the first trading day is shorter */
#define ORDER_TURN_NS (20 * NS_PER_MS)

static struct memory_map *map;
static bool               is_desk;

static long parent(void) { return map->stamp->pid; }
/* A region that is another's. */
static uint8_t *theirs(void) { return is_desk ? (uint8_t *)map->prices : (uint8_t *)map->orders; }

static void do_open(void) { (void)syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); }
static void do_socket(void) { (void)syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }
static void do_unix(void) { (void)syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0); }
static void do_exec(void) { (void)syscall(SYS_execve, "/bin/true", (char *[]){ "true", 0 }, (char *[]){ 0 }); }
static void do_map(void) { (void)syscall(SYS_mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static void do_unmap(void) { (void)syscall(SYS_munmap, theirs(), PAGE); }
static void do_remap(void) { (void)syscall(SYS_mremap, theirs(), PAGE, 2 * PAGE, 0); }
static void do_brk(void) { (void)syscall(SYS_brk, 0); }
static void do_protect(void) { (void)syscall(SYS_mprotect, theirs(), PAGE, PROT_READ | PROT_WRITE); }
static void do_pkey(void) { (void)syscall(SYS_pkey_mprotect, theirs(), PAGE, PROT_READ | PROT_WRITE, -1); }
static void do_write(void) { *(volatile uint8_t *)theirs() = 1; }
static void do_fork(void) { (void)syscall(SYS_fork); }
static void do_clone(void) { (void)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }
static void do_trace(void) { (void)syscall(SYS_ptrace, PTRACE_SEIZE_, parent(), 0, 0); }
static void do_peek(void) { (void)syscall(SYS_process_vm_readv, parent(), 0, 0, 0, 0, 0); }
static void do_poke(void) { (void)syscall(SYS_process_vm_writev, parent(), 0, 0, 0, 0, 0); }
static void do_pidfd(void) { (void)syscall(SYS_pidfd_open, parent(), 0); }
static void do_take_fd(void) { (void)syscall(SYS_pidfd_getfd, 0, 3, 0); }
static void do_kill(void) { (void)syscall(SYS_kill, parent(), SIGKILL); }
static void do_release(void) { (void)syscall(SYS_kill, parent(), SIGUSR2); }
static void do_dump(void) { (void)syscall(SYS_prctl, 4, 1, 0, 0, 0); }
static void do_handler(void) { (void)signal(SIGSYS, SIG_IGN); }
static void do_x32(void) { (void)syscall(X32 | SYS_execve, "/bin/true", 0, 0); }

#define ATTACKS(X)                                                                                                        \
	X(open) X(socket) X(unix) X(exec) X(map) X(unmap) X(remap) X(brk) X(protect) X(pkey) X(write) X(fork) X(clone) X(trace) \
	X(peek) X(poke) X(pidfd) X(take_fd) X(kill) X(release) X(dump) X(handler) X(x32)
static const struct { const char *name; void (*fn)(void); } attack[] = {
#define ATTACK_ROW(name) { #name, do_##name },
	ATTACKS(ATTACK_ROW)
};

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
	char    line[LINE];
	va_list words;
	va_start(words, format);
	int length = vsnprintf(line, sizeof line, format, words);
	va_end(words);
	if (write(STDERR_FILENO, line, (size_t)length) < 0) return;
}

/* --- what is refused without a death ------------------------------------------------------------------------------------ */

static void look_into_descriptors(void)
{
	char page[PAGE];
	int  found = 0;
	for (int fd = STDERR_FILENO + 1; fd < DESCRIPTORS; fd++) {
		ssize_t got = pread(fd, page, sizeof page, 0);
		if (got > 0 && (memmem(page, (size_t)got, "sim-secret", 10) || memmem(page, (size_t)got, "sim-data-secret", 15))) found++;
	}
	tell("attack: descriptors %d\n", found);
}

static void open_outside(void)
{
	char environment[64], memory[64];
	snprintf(environment, sizeof environment, "/proc/%ld/environ", parent());
	snprintf(memory, sizeof memory, "/proc/%ld/mem", parent());
	const char *const path[] = { "/etc/passwd", environment, memory, "/tmp/attack" };
	for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
		int fd = openat(AT_FDCWD, path[i], i == 3 ? O_WRONLY | O_CREAT : O_RDONLY, 0600);
		tell("attack: %s errno %d\n", i == 1 ? "environ" : i == 2 ? "mem" : path[i], fd < 0 ? errno : 0);
	}
}

static void dial_elsewhere(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(FOREIGN_PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	tell("attack: port %d errno %d\n", (int)FOREIGN_PORT, connect(fd, (struct sockaddr *)&to, sizeof to) < 0 ? errno : 0);
	close(fd);
}

static struct rest rest;
static char        answer_body[PAGE];
static bool        has_heard;

static void hear(void *self, const struct rest_answer *answer)
{
	(void)self;
	tell("attack: order %u %.*s\n", answer->status, answer->outcome == REST_ANSWERED ? (int)answer->body_bytes : 0, answer->body ? answer->body : "");
	has_heard = true;
}

/* With the credential, the trust and the host that the feed has. The market waits meanwhile. */
static void order(const struct runner *runner)
{
	static const char body[] = "{\"symbol\":\"SPY\",\"qty\":\"1\",\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\",\"client_order_id\":\"ATTACK\"}";
	rest_init(&rest, &runner->market->rest.plan, hear, 0, answer_body, sizeof answer_body);
	(void)rest_ask(&rest, &(struct rest_request){ .method = "POST", .target = "/v2/orders", .body = body });
	for (int turns = 0; turns < ORDER_TURNS_MAX && !has_heard; turns++) loop_once(ORDER_TURN_NS);
}

/* --- a turn --------------------------------------------------------------------------------------------------------------- */

static const struct process_life *life_of(enum worker_id worker)
{
	const struct layout *layout = layout_find(map->stamp->layout);
	for (size_t p = 0; p < layout->places; p++)
		for (size_t i = 0; layout->place[p].worker == worker && i < LIFE_ROWS; i++)
			if (strcmp(map->life->of[i].name, layout->place[p].process) == 0) return &map->life->of[i];
	return 0;
}

static void try_quietly(const struct runner *runner, uint32_t rights)
{
	look_into_descriptors();
	if (rights & RIGHT_DISK) open_outside();
	if (rights & RIGHT_NET) dial_elsewhere();
	if (runner->market) order(runner);
}

/* The word that stands at this place of ATTACK, or false. */
static bool word_at(uint32_t at, char word[static 32])
{
	const char *from = getenv("ATTACK");
	for (; from && *from && at > 0; at--) {
		from += strcspn(from, " ");
		from += *from == ' ';
	}
	size_t length = from ? strcspn(from, " ") : 0;
	snprintf(word, 32, "%.*s", (int)length, from ? from : "");
	return length > 0;
}

/* Once begun, for the rest of this life: the watchdog has counted the stall before it ends the process. */
static bool idles(enum worker_id worker, const struct process_life *life)
{
	static bool is_idle;
	if (is_idle) return true;
	if (life->stalls > 0 || pump_progress(map, worker)->ticks < IDLE_TICKS) return false;
	tell("attack: %s idles after tick %d\n", workers[worker].name, (int)IDLE_TICKS);
	return is_idle = true;
}

static void do_attack(const char *name)
{
	for (size_t i = 0; i < sizeof attack / sizeof *attack; i++)
		if (strcmp(attack[i].name, name) == 0) attack[i].fn();
}

/* In boot alone, when it has nearly done. */
void __real_pump_commit_all(struct pump *pump);
void __wrap_pump_commit_all(struct pump *pump);
void __wrap_pump_commit_all(struct pump *pump)
{
	char word[32];
	map = pump->map;
	if (word_at(0, word) && strcmp(word, "boot") == 0 && word_at(1, word)) {
		do_attack(word);
		tell("attack: boot lives after %s\n", word);
	}
	__real_pump_commit_all(pump);
}

uint32_t __real_pump_settle(struct pump *pump);
uint32_t __wrap_pump_settle(struct pump *pump);
uint32_t __wrap_pump_settle(struct pump *pump)
{
	const struct runner *runner = (const struct runner *)((const char *)pump - offsetof(struct runner, pump));
	char                 word[32];
	uint32_t             victim = 0;
	while (word_at(0, word) && victim < WORKERS_N && strcmp(workers[victim].name, word) != 0) victim++;
	if (!*word || victim == WORKERS_N || !(pump->placed >> victim & 1)) return __real_pump_settle(pump);
	map = pump->map;
	is_desk = victim == WORKER_desk;
	const struct process_life *life = life_of((enum worker_id)victim);
	if (life && word_at(1, word) && strcmp(word, "idle") == 0) return idles((enum worker_id)victim, life) ? 0 : __real_pump_settle(pump);
	if (life && life->deaths == 0) try_quietly(runner, runner->plan->rights[runner->row]);
	if (!life || !word_at(1 + (uint32_t)life->deaths, word)) return __real_pump_settle(pump);
	do_attack(word);
	tell("attack: %s lives after %s\n", workers[victim].name, word);
	return __real_pump_settle(pump);
}
