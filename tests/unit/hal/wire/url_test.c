/* url_test.c - what is taken as the address of a venue, and what each mistake is called (O7, P12). */
#include "hal/wire/url.h"

#include <string.h>

#include "tests/kit/test.h"

static struct url url;
static char       text[URL_TEXT_BYTES];

static void check_taken(const char *from, const char *host, uint16_t port, const char *again)
{
	CHECK_EQ(url_parse(from, &url), URL_OK);
	CHECK_STR(url.host, host);
	CHECK_EQ(url.port, port);
	CHECK_STR(url_text(&url, text), again);
}

TEST(t_P12_url_host_and_port)
{
	check_taken("https://paper-api.alpaca.markets", "paper-api.alpaca.markets", 443, "https://paper-api.alpaca.markets");
	check_taken("https://paper-api.alpaca.markets/", "paper-api.alpaca.markets", 443, "https://paper-api.alpaca.markets");
	check_taken("HTTPS://LocalHost:8443/", "localhost", 8443, "https://localhost:8443");
	check_taken("https://venue.example.:65535", "venue.example", 65535, "https://venue.example:65535");
	check_taken("https://venue.example:00443", "venue.example", 443, "https://venue.example");
	check_taken("https://1.example", "1.example", 443, "https://1.example");
}

static void check_refused(const char *from, enum url_verdict verdict)
{
	static const struct url nothing;
	CHECK_EQ(url_parse(from, &url), verdict);
	CHECK(memcmp(&url, &nothing, sizeof url) == 0);
}

TEST(t_P12_url_each_mistake_has_its_verdict)
{
	check_refused("", URL_NOT_HTTPS);
	check_refused("http", URL_NOT_HTTPS);
	check_refused("http://venue.example", URL_NOT_HTTPS);
	check_refused("wss://venue.example", URL_NOT_HTTPS);
	check_refused("venue.example:443", URL_NOT_HTTPS);
	check_refused(" https://venue.example", URL_NOT_HTTPS);
	check_refused("https://", URL_BAD_HOST);
	check_refused("https://:443", URL_BAD_HOST);
	check_refused("https:///v2", URL_BAD_HOST);
	check_refused("https://venue example", URL_BAD_HOST);
	check_refused("https://venue..example", URL_BAD_HOST);
	check_refused("https://venue.example\r\nHost: other", URL_BAD_HOST);
	check_refused("https://127.0.0.1:8443", URL_NUMBER);
	check_refused("https://127.1", URL_NUMBER);
	check_refused("https://[::1]:8443", URL_NUMBER);
	check_refused("https://key:secret@venue.example", URL_HOLDS_USER);
	check_refused("https://venue.example:", URL_BAD_PORT);
	check_refused("https://venue.example:0", URL_BAD_PORT);
	check_refused("https://venue.example:65536", URL_BAD_PORT);
	check_refused("https://venue.example:100443", URL_BAD_PORT);
	check_refused("https://venue.example:+443", URL_BAD_PORT);
	check_refused("https://venue.example:443:1", URL_BAD_PORT);
	check_refused("https://venue.example/v2", URL_HOLDS_PATH);
	check_refused("https://venue.example//", URL_HOLDS_PATH);
	check_refused("https://venue.example?x=1", URL_HOLDS_PATH);
	check_refused("https://venue.example#@x", URL_HOLDS_PATH);
}

TEST(t_P12_url_its_longest_and_one_more)
{
	char from[URL_BYTES_MAX + 64] = "https://";
	for (size_t at = 8; at < 8 + 253; at++) from[at] = (at - 8) % 50 == 49 ? '.' : 'a';
	CHECK_EQ(url_parse(from, &url), URL_OK);
	CHECK_EQ(strlen(url.host), 253);
	from[8 + 253] = 'a';
	check_refused(from, URL_BAD_HOST);
	memset(from + 8, 'a', sizeof from - 9);
	check_refused(from, URL_TOO_LONG);
	from[URL_BYTES_MAX - 1] = '\0';
	check_refused(from, URL_BAD_HOST);
}

/* A good address with one byte changed, each byte to each value: whatever is taken is written back as one that means the same. */
TEST(t_P12_url_a_flipped_byte_is_taken_whole_or_refused)
{
	static const char good[] = "https://a-b.example:8443/";
	for (size_t at = 0; at + 1 < sizeof good; at++)
		for (int byte = 0; byte < 256; byte++) {
			char       changed[sizeof good];
			struct url again;
			memcpy(changed, good, sizeof good);
			changed[at] = (char)byte;
			if (url_parse(changed, &url) != URL_OK) continue;
			CHECK_EQ(url_parse(url_text(&url, text), &again), URL_OK);
			CHECK(memcmp(&again, &url, sizeof url) == 0);
		}
}

TEST(t_P12_url_is_below_a_domain)
{
	CHECK_EQ(url_parse("https://paper-api.alpaca.markets", &url), URL_OK);
	CHECK(url_is_below(&url, "alpaca.markets") && url_is_below(&url, "paper-api.alpaca.markets"));
	CHECK(!url_is_below(&url, "paca.markets") && !url_is_below(&url, "x.paper-api.alpaca.markets"));
	CHECK_EQ(url_parse("https://fakealpaca.markets", &url), URL_OK);
	CHECK(!url_is_below(&url, "alpaca.markets"));
}
