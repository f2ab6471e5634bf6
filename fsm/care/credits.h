/* credits.h - a model of the CPU credits of a burstable machine (EC2 t3, as AWS publishes its rules), and what is left undone when they run low.
 *
 *   one credit      one vCPU at 100 % for one minute: 60 s of CPU time. Everything here is counted in nanoseconds of CPU time
 *   earned          credits_hour an hour, evenly: 12 of a t3.micro are 10 % of each of its 2 vCPUs; nothing is accrued above credits_max
 *   spent           each nanosecond of CPU time of the whole machine
 *   standard        the balance ends at 0: the machine is slowed down to what it earns
 *   unlimited       it goes on at full speed: what is spent at 0 is surplus, which later earnings pay back first and AWS may charge
 * A t3 begins with no credits, so the model begins at the machine's boot with none, from its CPU time since then. Where it idled for more than a day
 * first and worked hard later it is too hopeful by what was above the maximum in between.
 *
 * SHEDS rows: what is shed, below how many credits, what it is. The first row is shed first. Whatever protects what is held has no row: market data,
 * signals, health, orders and the journal are never shed. A row ends credits_back above where it began.
 * Integers only; time and CPU time come as arguments. Rows P3, O4. */
#ifndef FSM_CARE_CREDITS_H
#define FSM_CARE_CREDITS_H
#include "fsm/settings.h"

// clang-format off
#define SHEDS(X)                                                                     \
	/* row      below             what                                        */ \
	X(REPORTS, credits_reports,  "the day's report waits; the books have it all") \
	X(COPIES,  credits_copies,   "copies of the books wait")
// clang-format on

#define SHED_ID(name, below, what) SHED_##name,
enum shed_id { SHEDS(SHED_ID) SHEDS_N };
struct shed_row { const char *name, *what; uint16_t setting; };
extern const struct shed_row sheds[SHEDS_N];

#define CREDIT_NS (60 * NS_PER_S)
#define CREDITS_NEVER_NS INT64_MAX

struct credits_limits { int64_t hour, most_ns; bool is_unlimited; };
/* balance, surplus; at, used: when and at what CPU time of the machine it was last stepped; carry: what a division has left over. span, spent: of the
 * hour before and of this one, for the pace. */
struct credits {
	struct credits_limits limits;
	int64_t balance_ns, surplus_ns, at_ns, used_ns, carry;
	int64_t span_ns[2], spent_ns[2];
	uint64_t shed;                        /* rows in force, bit each */
};

void credits_limits_from(struct credits_limits *limits, const struct settings *settings);
/* At the machine's boot: time 0, no CPU time, no credits. */
void credits_begin(struct credits *credits, const struct credits_limits *limits);
/* To this time since boot and this CPU time of the whole machine. What runs backwards counts as standing. */
void credits_step(struct credits *credits, int64_t now_ns, int64_t used_ns);
/* At the pace of the last one to two hours; CREDITS_NEVER_NS when no more is spent than earned. */
int64_t credits_empty_in_ns(const struct credits *credits);
/* Judges the rows anew. True when something begins or ends. */
bool credits_judge(struct credits *credits, const struct settings *settings);

#endif
