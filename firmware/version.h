/* version.h - which program this is. The build id changes with any source file, config.h or pinned dependency, and with nothing
 * else: two builds of one state have the same id on any machine. It is stamped into journals and shared memory. */
#ifndef FIRMWARE_VERSION_H
#define FIRMWARE_VERSION_H
#include "fsm/units.h"

#define TICKWORK_VERSION "0.1.0"

struct version_part { const char *name, *version, *licence; };

/* 16 hexadecimal digits, and the same as a number. */
const char *build_id(void);
uint64_t    build_id_u64(void);
const char *build_compiler(void);
/* The i-th dependency; 0 after the last. */
const struct version_part *version_part(size_t i);

#endif
