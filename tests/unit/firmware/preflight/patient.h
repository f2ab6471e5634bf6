/* patient.h - a machine on which everything is as it should be, for the tests of this room to spoil. One test file includes it once. */
#ifndef TESTS_UNIT_FIRMWARE_PREFLIGHT_PATIENT_H
#define TESTS_UNIT_FIRMWARE_PREFLIGHT_PATIENT_H
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/preflight/preflight.h"
#include "hal/linux/certificate.h"
#include "tests/kit/test.h"

#define ALL_BITS UINT32_MAX

static struct preflight preflight;
static struct venue_plan plan;
static struct secrets secrets;
static char refusal[SECRET_SENTENCE_BYTES], path[512];

static inline const char *in_folder(const char *name)
{
	snprintf(path, sizeof path, "%s/%s", test_folder(), name);
	return path;
}

static inline void write_file(const char *name, const char *text, mode_t mode)
{
	int fd = open(in_folder(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fchmod(fd, mode) == 0);
	close(fd);
}

static inline void write_roots(void)
{
	static struct certificate certificate;
	struct certificate_plan   how = { .names = { "venue.example" }, .from_s = 0, .to_s = 1 };        /* dates of roots are not looked at */
	char                      pem[CERTIFICATE_PEM_BYTES_MAX];
	CHECK(certificate_make(&certificate, &how) && certificate_pem(&certificate, pem) > 0);
	write_file(VENUE_PLAN_ROOTS, pem, 0600);
}

/* A machine on which everything is as it should be. */
static inline void good(enum venue_id venue)
{
	plan = (struct venue_plan){ .venue = venue };
	if (venue == VENUE_alpaca) write_roots();
	if (venue == VENUE_alpaca) CHECK(url_parse("https://venue.example", &plan.trading) == URL_OK && url_parse("https://data.example:8443", &plan.data) == URL_OK);
	secrets = (struct secrets){ { -1, -1 }, 0 };
	refusal[0] = '\0';
	preflight = (struct preflight){ .home = test_folder(),
		.plan = &plan,
		.secrets = &secrets,
		.secrets_refusal = refusal,
		.cpu = { ALL_BITS, ALL_BITS, ALL_BITS, ALL_BITS } };
	preflight.facts = (struct facts){ .wall_s = (int64_t)day_from_civil(2030, 6, 3) * 86400 + 3661,
		.monotonic_ns = 5,
		.monotonic_later_ns = 6,
		.is_synchronised = true,
		.clock_error_us = 2500,
		.clock_source = "tsc",
		.release = "6.1.0-test",
		.kernel_major = 6,
		.kernel_minor = 1,
		.has_epoll = true,
		.has_eventfd = true,
		.has_signalfd = true,
		.has_memfd = true,
		.has_pidfd = true,
		.has_close_range = true,
		.has_seccomp = true,
		.has_sealing = true,
		.has_random = true,
		.landlock_version = 4,
		.has_watchdog_device = true,
		.core_pattern = "core",
		.files_max = 1024,
		.file_bytes_max = FACTS_NO_LIMIT,
		.address_bytes_max = FACTS_NO_LIMIT,
		.locked_bytes_max = FACTS_NO_LIMIT,
		.processes_max = FACTS_NO_LIMIT,
		.user = 1000,
		.available_bytes = UINT64_C(1) << 30,
		.total_bytes = UINT64_C(1) << 30,
		.promised_bytes_left = FACTS_NO_LIMIT,
		.group_bytes_max = FACTS_NO_LIMIT,
		.huge_pages = "madvise",
		.processors = 2,
		.processors_allowed = 2,
		.group_cpu_pct = FACTS_UNKNOWN };
	preflight.folder = (struct facts_folder){ .verdict = FILES_OK,
		.is_there = true,
		.free_bytes = UINT64_C(1) << 30,
		.sync_ns = 900000,
		.type = 0xef53,
		.type_name = "ext4",
		.encryption = 1,
		.mode = 0700,
		.owner = 1000 };
}

static inline void check_result(enum preflight_id id, enum preflight_verdict verdict, const char *sentence)
{
	(void)preflight_run(&preflight);
	CHECK_STR(preflight_verdict_text[preflight.result[id].verdict], preflight_verdict_text[verdict]);
	CHECK_STR(preflight.result[id].sentence, sentence);
	CHECK((verdict == PREFLIGHT_OK) == (preflight.result[id].advice_at == 0));
	if (verdict == PREFLIGHT_FAILURE) CHECK_EQ(preflight_failed(&preflight), id);
}

static inline bool result_has(enum preflight_id id, enum preflight_verdict verdict, const char *part)
{
	(void)preflight_run(&preflight);
	return preflight.result[id].verdict == verdict && strstr(preflight.result[id].sentence, part);
}

#endif
