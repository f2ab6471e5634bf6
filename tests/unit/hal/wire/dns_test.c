/* dns_test.c - messages by hand, and millions of broken ones. */
#include "hal/wire/dns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit/test.h"

enum { ID = 0x1234, FUZZ_ROUNDS = 200000, FUZZ_ROUNDS_LONG = 5000000 };

static uint8_t           message[DNS_UDP_BYTES_MAX + 512];
static size_t            length;
static struct dns_answer answer;

static void add(const void *bytes, size_t n)
{
	memcpy(message + length, bytes, n);
	length += n;
}

#define ADD(text) add(text, sizeof text - 1)

/* The question for venue.example echoed, with that many records to come. */
static void echo(enum dns_type type, unsigned records)
{
	length = dns_query_write(message, ID, "venue.example", type);
	message[2] = 0x81, message[3] = 0x80;
	message[7] = (uint8_t)records;
}

static enum dns_verdict read_as(enum dns_type type) { return dns_answer_read(message, length, ID, "venue.example", type, &answer); }

TEST(t_P1_dns_query)
{
	static const uint8_t want[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x05venue\x07"
				      "example\x00\x00\x1c\x00\x01";
	CHECK_EQ(dns_query_write(message, ID, "venue.example", DNS_AAAA), sizeof want - 1);
	CHECK(memcmp(message, want, sizeof want - 1) == 0);
}

TEST(t_P1_dns_answer)
{
	char text[ADDRESS_TEXT_BYTES];
	echo(DNS_A, 2);
	ADD("\xc0\x0c\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00\x02\x07");
	ADD("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x08");
	CHECK_EQ(read_as(DNS_A), DNS_OK);
	CHECK_EQ(answer.addresses_n, 2);
	CHECK_STR(address_text(&answer.addresses[1], text), "192.0.2.8:0");
	CHECK_EQ(answer.ttl_s, 60);
	echo(DNS_AAAA, 1);
	ADD("\xc0\x0c\x00\x1c\x00\x01\x00\x00\x01\x2c\x00\x10\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01");
	CHECK_EQ(read_as(DNS_AAAA), DNS_OK);
	CHECK_STR(address_text(&answer.addresses[0], text), "[2001:db8::1]:0");
}

/* venue.example -> a.example -> b.example, out of order, case mixed, and a record of a stranger. */
TEST(t_P1_dns_aliases)
{
	echo(DNS_A, 4);
	ADD("\x01"
	    "B\xc0\x12\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x09");
	ADD("\x01"
	    "a\xc0\x12\x00\x05\x00\x01\x00\x00\x00\x1e\x00\x04\x01"
	    "b\xc0\x12");
	ADD("\x04"
	    "evil\x00\x00\x01\x00\x01\x00\x00\x00\x01\x00\x04\x06\x06\x06\x06");
	ADD("\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x28\x00\x04\x01"
	    "A\xc0\x12");
	CHECK_EQ(read_as(DNS_A), DNS_OK);
	CHECK_EQ(answer.addresses_n, 1);
	CHECK_EQ(answer.addresses[0].bytes[3], 9);
	CHECK_EQ(answer.ttl_s, 30);
}

TEST(t_P1_dns_alias_loop_ends)
{
	echo(DNS_A, 2);
	ADD("\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x28\x00\x04\x01"
	    "a\xc0\x12");
	ADD("\x01"
	    "a\xc0\x12\x00\x05\x00\x01\x00\x00\x00\x1e\x00\x02\xc0\x0c");
	CHECK_EQ(read_as(DNS_A), DNS_NO_ADDRESS);
}

TEST(t_P1_dns_pointer_loops)
{
	echo(DNS_A, 1);
	ADD("\xc0\x1f\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00\x02\x07");        /* the name points at itself */
	message[length - 15] = (uint8_t)(length - 16);
	CHECK_EQ(read_as(DNS_A), DNS_MALFORMED);
	message[length - 15] = (uint8_t)(length - 4);        /* and forward */
	CHECK_EQ(read_as(DNS_A), DNS_MALFORMED);
	echo(DNS_A, 1);
	ADD("\xc0");        /* and one whose other half is missing */
	CHECK_EQ(read_as(DNS_A), DNS_MALFORMED);
	echo(DNS_A, 1);
	ADD("\x03"
	    "ab");        /* a label that is longer than the message */
	CHECK_EQ(read_as(DNS_A), DNS_MALFORMED);
}

TEST(t_P1_dns_only_our_answer_counts)
{
	echo(DNS_A, 1);
	ADD("\xc0\x0c\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00\x02\x07");
	CHECK_EQ(read_as(DNS_A), DNS_OK);
	CHECK_EQ(read_as(DNS_AAAA), DNS_NOT_OURS);
	CHECK_EQ(dns_answer_read(message, length, ID + 1, "venue.example", DNS_A, &answer), DNS_NOT_OURS);
	CHECK_EQ(dns_answer_read(message, length, ID, "venue.exampl", DNS_A, &answer), DNS_NOT_OURS);
	message[2] = 0x01;
	CHECK_EQ(read_as(DNS_A), DNS_NOT_OURS);        /* a question is no answer */
	message[2] = 0x81, message[5] = 2;
	CHECK_EQ(read_as(DNS_A), DNS_NOT_OURS);
	message[5] = 1, message[13] = 'V';
	CHECK_EQ(read_as(DNS_A), DNS_OK);        /* case is no difference */
	for (size_t n = 0; n < length; n++) CHECK(dns_answer_read(message, n, ID, "venue.example", DNS_A, &answer) != DNS_OK);
}

TEST(t_P1_dns_codes)
{
	static const struct { uint8_t flags, code; enum dns_verdict verdict; } rows[] = {
		{ 0x81, 3, DNS_NO_NAME }, { 0x81, 2, DNS_SERVER_FAILED }, { 0x81, 5, DNS_SERVER_REFUSES }, { 0x81, 0, DNS_NO_ADDRESS }, { 0x83, 0, DNS_TRUNCATED },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		echo(DNS_A, 0);
		message[2] = rows[i].flags;
		message[3] = rows[i].code;
		CHECK_EQ(read_as(DNS_A), rows[i].verdict);
	}
	for (int i = 0; i < DNS_VERDICTS_N; i++) CHECK(dns_verdict_text[i] && strlen(dns_verdict_text[i]) > 8);
}

TEST(t_P1_dns_addresses_have_a_maximum)
{
	echo(DNS_A, DNS_ADDRESSES_MAX + 5);
	for (int i = 0; i < DNS_ADDRESSES_MAX + 5; i++) ADD("\xc0\x0c\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00\x02\x07");
	CHECK_EQ(read_as(DNS_A), DNS_OK);
	CHECK_EQ(answer.addresses_n, DNS_ADDRESSES_MAX);
}

TEST(t_P1_dns_names)
{
	static const char *const wrong[] = { "", ".", "..", "a..b", ".a", "a b", "a/b", "caf\xc3\xa9.example", "a.b..",
		"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234.example" };
	char clean[DNS_NAME_BYTES], longest[DNS_NAME_BYTES + 8];
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) CHECK(!dns_name_clean(wrong[i], clean));
	CHECK(dns_name_clean("Venue.EXAMPLE.", clean));
	CHECK_STR(clean, "venue.example");
	for (size_t i = 0; i < sizeof longest; i++) longest[i] = i % 2 ? '.' : 'a';
	longest[253] = '\0';
	CHECK(dns_name_clean(longest, clean));
	CHECK_EQ(strlen(clean), 253);
	CHECK_EQ(dns_query_write(message, 1, clean, DNS_A), 12 + 255 + 4);
	longest[253] = '.', longest[254] = 'a', longest[255] = '\0';
	CHECK(!dns_name_clean(longest, clean));
}

/* Good messages with bytes changed, cut and doubled, and plain noise. */
TEST(t_P1_dns_fuzz)
{
	uint64_t seed = 8, counts[DNS_VERDICTS_N] = { 0 };
	int      rounds = getenv("TICKWORK_LONG") ? FUZZ_ROUNDS_LONG : FUZZ_ROUNDS;
	for (int round = 0; round < rounds; round++) {
		echo(DNS_A, 3);
		ADD("\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x28\x00\x04\x01"
		    "a\xc0\x12");
		ADD("\x01"
		    "a\xc0\x12\x00\x01\x00\x01\x00\x00\x00\x1e\x00\x04\xc0\x00\x02\x01");
		ADD("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x1e\x00\x04\xc0\x00\x02\x01");
		for (int changes = 1 + round % 6; changes > 0; changes--) {
			seed = seed * UINT64_C(6364136223846793005) + 1;
			size_t at = (size_t)(seed >> 33) % length;
			if (round % 3 == 0) message[31 + at % (length - 31)] = (uint8_t)(seed >> 24);
			else if (round % 3 == 1) message[at] = (uint8_t)((seed >> 24) & 1 ? 0xc0 : seed >> 25);
			else length = at + 1;
		}
		uint8_t *exact = malloc(length);        /* so that a byte read beyond shows */
		memcpy(exact, message, length);
		counts[dns_answer_read(exact, length, ID, "venue.example", DNS_A, &answer)]++;
		CHECK(answer.addresses_n <= DNS_ADDRESSES_MAX);
		free(exact);
	}
	CHECK(counts[DNS_OK] > 0 && counts[DNS_MALFORMED] > 0 && counts[DNS_NOT_OURS] > 0 && counts[DNS_NO_ADDRESS] > 0);
}
