/* exit_code.h - what the program's exit code means, for scripts. The numbers never change. */
#ifndef FIRMWARE_CLI_EXIT_CODE_H
#define FIRMWARE_CLI_EXIT_CODE_H

#define EXIT_CODES(X)                                                                  \
	X(DONE, 0, "done")                                                             \
	X(FAILED, 1, "the check or gate failed")                                       \
	X(BAD_INPUT, 2, "usage or bad input; the sentence names it")                   \
	X(OUT_OF_REACH, 3, "out of reach: venue, control socket, network")             \
	X(REFUSED, 4, "refused by a risk or operator rule")                            \
	X(BUG, 5, "a bug of ours; its id is printed")

#define EXIT_CODE_ID(name, code, what) CLI_##name = (code),
enum cli_exit { EXIT_CODES(EXIT_CODE_ID) };

#endif
