/* audit_rights.h - `tickwork audit --rights`: the table of firmware/rights.h for people, at 80 columns, and for programs. Starts nothing. Rows O10, X1. */
#ifndef FIRMWARE_MODES_AUDIT_RIGHTS_H
#define FIRMWARE_MODES_AUDIT_RIGHTS_H
#include "firmware/cli/cli.h"

int audit_rights(struct cli *cli);

#endif
