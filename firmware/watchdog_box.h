/* watchdog_box.h - what the watchdog knows of a death, put into HOME/blackbox. Rows P3, P8. */
#ifndef FIRMWARE_WATCHDOG_BOX_H
#define FIRMWARE_WATCHDOG_BOX_H
#include "firmware/blackbox/describe.h"
#include "firmware/watchdog.h"

/* BOOT. From now on the watchdog's own death by a signal is kept, too. False: the sentence is to be said. */
bool watchdog_box_open(struct watchdog *dog, char sentence[BLACKBOX_SENTENCE_BYTES]);
/* A row's process has been reaped; before it is stepped or forked again. False: it is not kept. */
bool watchdog_box_put(struct watchdog *dog, uint32_t row, int status);
void watchdog_box_close(struct watchdog *dog);

#endif
