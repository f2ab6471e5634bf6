/* home_mode.h - whose money a home is about, by its journal: for what looks at a home in which perhaps nothing runs. Row R9. */
#ifndef FIRMWARE_MODES_HOME_MODE_H
#define FIRMWARE_MODES_HOME_MODE_H
#include "firmware/trade_mode.h"

/* False: there is no journal that can be read, so nothing is known. */
bool home_mode_read(const char *folder, uint32_t *mode);
/* Of one that can not be read: no value of trade_mode.h, so its words are those of the unknown. */
uint32_t home_mode(const char *folder);

#endif
