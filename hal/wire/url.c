/* url.c - cuts an address into host and port, from the left. */
#include "hal/wire/url.h"

#include <stdio.h>
#include <string.h>

#define SCHEME "https://"
enum { PORT_DIGITS_MAX = 5, PORT_MAX = 65535 };

#define VERDICT_TEXT(name, text) [URL_##name] = text,
const char *const url_verdict_text[URL_VERDICTS_N] = { URL_VERDICTS(VERDICT_TEXT) };

static char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter; }

/* Schemes are without case (RFC 3986, 3.1). */
static bool has_scheme(const char *text)
{
	for (size_t i = 0; SCHEME[i]; i++)
		if (lower(text[i]) != SCHEME[i]) return false;
	return true;
}

/* The digits of text into *port; false for what is no port. */
static bool port_read(const char *text, size_t digits, uint16_t *port)
{
	uint32_t value = 0;
	if (digits == 0 || digits > PORT_DIGITS_MAX) return false;
	for (size_t i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9') return false;
		value = value * 10 + (uint32_t)(text[i] - '0');
	}
	*port = (uint16_t)value;
	return value >= 1 && value <= PORT_MAX;
}

/* A last label of digits alone is an address and no name (RFC 3696, 2), in whichever spelling: 127.1, 2130706433. */
static bool is_number(const char *host)
{
	const char *dot = strrchr(host, '.');
	const char *last = dot ? dot + 1 : host;
	return last[strspn(last, "0123456789")] == '\0';
}

static enum url_verdict host_read(const char *text, size_t length, char host[DNS_NAME_BYTES])
{
	char name[URL_BYTES_MAX];
	if (length > 0 && text[0] == '[') return URL_NUMBER;
	memcpy(name, text, length);
	name[length] = '\0';
	if (!dns_name_clean(name, host)) return URL_BAD_HOST;
	return is_number(host) ? URL_NUMBER : URL_OK;
}

/* What follows the scheme: host, port, end. */
static enum url_verdict rest_read(const char *text, struct url *url)
{
	size_t authority = strcspn(text, "/?#\\");
	if (memchr(text, '@', authority)) return URL_HOLDS_USER;
	size_t           length = text[0] == '[' ? authority : strcspn(text, ":/?#\\");
	enum url_verdict verdict = host_read(text, length, url->host);
	if (verdict != URL_OK) return verdict;
	url->port = URL_HTTPS_PORT;
	if (length < authority && !port_read(text + length + 1, authority - length - 1, &url->port)) return URL_BAD_PORT;
	return text[authority] == '\0' || strcmp(text + authority, "/") == 0 ? URL_OK : URL_HOLDS_PATH;
}

enum url_verdict url_parse(const char *text, struct url *url)
{
	enum url_verdict verdict = URL_TOO_LONG;
	memset(url, 0, sizeof *url);
	if (strnlen(text, URL_BYTES_MAX) < URL_BYTES_MAX) verdict = has_scheme(text) ? rest_read(text + strlen(SCHEME), url) : URL_NOT_HTTPS;
	if (verdict != URL_OK) memset(url, 0, sizeof *url);
	return verdict;
}

const char *url_text(const struct url *url, char text[URL_TEXT_BYTES])
{
	if (url->port == URL_HTTPS_PORT) snprintf(text, URL_TEXT_BYTES, SCHEME "%s", url->host);
	else snprintf(text, URL_TEXT_BYTES, SCHEME "%s:%u", url->host, url->port);
	return text;
}

bool url_is_below(const struct url *url, const char *domain)
{
	size_t host = strlen(url->host), length = strlen(domain);
	if (host < length || strcmp(url->host + host - length, domain) != 0) return false;
	return host == length || url->host[host - length - 1] == '.';
}
