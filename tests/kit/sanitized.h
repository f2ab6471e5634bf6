/* sanitized.h - is this the build whose memory is the address sanitizer's? It maps terabytes, and its mlock does nothing. */
#ifndef TESTS_KIT_SANITIZED_H
#define TESTS_KIT_SANITIZED_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

#endif
