/* bug_exit.h - a bug in a verb ends with a sentence that gives its id and exit code 5, not with a bare "Illegal instruction". */
#ifndef FIRMWARE_CLI_BUG_EXIT_H
#define FIRMWARE_CLI_BUG_EXIT_H

void bug_exit_install(void);

#endif
