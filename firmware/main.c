/* main.c - the door: look at the processor, then at the command line. */
#include "firmware/cli/cli.h"
#include "firmware/cpu.h"
#include "hal/linux/process.h"

CPU_BASELINE int main(int argc, char **argv)
{
	const char *missing = cpu_missing(cpu_ask());
	if (missing) {
		cpu_refuse(missing);
		return CLI_FAILED;
	}
	process_standard_begin();
	return cli_main(argc, argv);
}
