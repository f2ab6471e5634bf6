/* elf_note.h - a section of a program's file, found by name and read without running or mapping it.
 *
 * The file is a stranger's: every offset, size and count in it is checked against the file's length before it is used, and at most
 * ELF_SECTIONS_MAX sections and ELF_SEGMENTS_MAX segments are looked at. Only programs of this machine's kind: 64 bits, x86-64, little-endian.
 * program_bytes: pages of the segments that a kernel would load. Opens a file: for a verb that only looks. Row O10. */
#ifndef HAL_LINUX_ELF_NOTE_H
#define HAL_LINUX_ELF_NOTE_H
#include "fsm/units.h"

enum { ELF_SECTIONS_MAX = 256, ELF_SEGMENTS_MAX = 64, ELF_NAME_BYTES = 32 };
enum elf_verdict { ELF_OK, ELF_UNREADABLE, ELF_STRANGE, ELF_ABSENT };

struct elf_note { uint64_t section_bytes, program_bytes; };

/* At most `bytes` of the section into `into`. UNREADABLE: may not be opened, or is no regular file. STRANGE: no such program, or a damaged one. ABSENT: it
 * has no section of that name. */
enum elf_verdict elf_note_read(const char *path, const char *name, void *into, size_t bytes, struct elf_note *found);

#endif
