/* machine_time.h - the CPU time of the whole machine since its boot, and what kind of machine it is.
 *
 * busy    of all CPUs, everything but idle and waiting for a disk, in steps of 10 ms; what a hypervisor gave to others (steal) is not spent
 * steal   of all CPUs: wanted, and given to others
 * The probe is a descriptor opened in BOOT: looking is one pread of the first line of /proc/stat, so it works after SEALED. Row O4. */
#ifndef HAL_LINUX_MACHINE_TIME_H
#define HAL_LINUX_MACHINE_TIME_H
#include "fsm/units.h"

struct machine_time { int64_t busy_ns, steal_ns; };
enum { MACHINE_KIND_BYTES = 32 };

/* -1 where there is no /proc. */
int  machine_time_open(void);
bool machine_time_look(int fd, struct machine_time *time);
/* The same of a text, for whoever has one. */
bool machine_time_parse(const char *text, struct machine_time *time);
void machine_time_close(int fd);
/* "t3.micro" on EC2; what the maker of other machines calls theirs; "" when it says nothing. In BOOT. */
void machine_kind(char text[static MACHINE_KIND_BYTES]);
/* Of a family whose CPU time is paid with credits (t2, t3, t3a, t4g). */
bool machine_kind_is_burstable(const char *kind);

#endif
