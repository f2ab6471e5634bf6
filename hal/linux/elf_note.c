/* elf_note.c - header, segments, names of the sections, the one. */
#include "hal/linux/elf_note.h"

#include <elf.h>
#include <string.h>
#include <unistd.h>

#include "hal/linux/peek.h"

enum { PAGE_BYTES = 4096 };

struct room {
	void *into;
	size_t bytes;
};

static bool read_at(const struct peek *file, void *into, uint64_t bytes, uint64_t offset)
{
	if (offset > file->bytes || bytes > file->bytes - offset) return false;
	return pread(file->fd, into, bytes, (off_t)offset) == (ssize_t)bytes;
}

static bool is_program(const Elf64_Ehdr *head)
{
	bool kind = memcmp(head->e_ident, ELFMAG, SELFMAG) == 0 && head->e_ident[EI_CLASS] == ELFCLASS64 && head->e_ident[EI_DATA] == ELFDATA2LSB;
	bool size = head->e_phentsize == sizeof(Elf64_Phdr) && head->e_shentsize == sizeof(Elf64_Shdr);
	bool count = head->e_phnum <= ELF_SEGMENTS_MAX && head->e_shnum > 0 && head->e_shnum <= ELF_SECTIONS_MAX && head->e_shstrndx < head->e_shnum;
	return kind && head->e_machine == EM_X86_64 && size && count;
}

/* Pages that lie in the lower half of the address space, where programs are; else 0. */
static uint64_t pages(const Elf64_Phdr *segment)
{
	uint64_t from = segment->p_vaddr, half = UINT64_C(1) << 47;
	if (segment->p_type != PT_LOAD || from > half || segment->p_memsz > half) return 0;
	return (from + segment->p_memsz + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES - from / PAGE_BYTES * PAGE_BYTES;
}

static bool read_segments(const struct peek *file, const Elf64_Ehdr *head, uint64_t *bytes)
{
	Elf64_Phdr segment;
	for (uint64_t i = 0; i < head->e_phnum; i++) {
		if (!read_at(file, &segment, sizeof segment, head->e_phoff + i * sizeof segment)) return false;
		*bytes += pages(&segment);
	}
	return true;
}

static bool is_named(const struct peek *file, const Elf64_Shdr *names, const Elf64_Shdr *section, const char *name)
{
	char there[ELF_NAME_BYTES];
	size_t length = strlen(name) + 1;
	if (length > sizeof there || section->sh_name > names->sh_size || length > names->sh_size - section->sh_name) return false;
	return read_at(file, there, length, names->sh_offset + section->sh_name) && memcmp(there, name, length) == 0;
}

static enum elf_verdict read_section(const struct peek *file, const Elf64_Ehdr *head, const char *name, struct room room,
	uint64_t *bytes)
{
	Elf64_Shdr names, section;
	if (!read_at(file, &names, sizeof names, head->e_shoff + head->e_shstrndx * sizeof names)) return ELF_STRANGE;
	for (uint64_t i = 0; i < head->e_shnum; i++) {
		if (!read_at(file, &section, sizeof section, head->e_shoff + i * sizeof section)) return ELF_STRANGE;
		if (section.sh_type == SHT_NOBITS || !is_named(file, &names, &section, name)) continue;
		*bytes = section.sh_size;
		return read_at(file, room.into, section.sh_size < room.bytes ? section.sh_size : room.bytes, section.sh_offset) ? ELF_OK : ELF_STRANGE;
	}
	return ELF_ABSENT;
}

enum elf_verdict elf_note_read(const char *path, const char *name, void *into, size_t bytes, struct elf_note *found)
{
	struct peek file;
	Elf64_Ehdr head;
	enum elf_verdict verdict = ELF_STRANGE;
	*found = (struct elf_note){ 0, 0 };
	if (peek_open(&file, path) != PEEK_OK) return ELF_UNREADABLE;
	if (read_at(&file, &head, sizeof head, 0) && is_program(&head) && read_segments(&file, &head, &found->program_bytes))
		verdict = read_section(&file, &head, name, (struct room){ into, bytes }, &found->section_bytes);
	peek_close(&file);
	return verdict;
}
