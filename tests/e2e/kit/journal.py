# journal.py - cuts and damages a journal byte by byte and asks `tickwork replay` what it makes of it. Knows the format from
# hal/store/JOURNAL.md alone. Prints ok and FAIL lines.
#
#   journal.py BINARY JOURNAL PREFIX CUTS NAV [all]
#
# CUTS random cuts and flips; NAV is what the account came to, in USD; all: cuts also at every record's end and one byte beside it.
import json
import os
import random
import shutil
import struct
import subprocess
import sys

binary, path, prefix, cuts_n, nav = sys.argv[1:4] + [int(sys.argv[4]), float(sys.argv[5])]
every_end = len(sys.argv) > 6
PAGE, HEAD, INPUT, CHECKPOINT, CLOSE = 4096, 24, 1, 4, 5
LAST_OF_SEGMENT = 2                     # a flag of a CHECKPOINT
seed = random.randrange(1 << 30)
chance = random.Random(seed)
copy = path + ".copy"


def say(name, why=""):
    print(f"FAIL {prefix}{name}: {why} (seed {seed})" if why else f"ok   {prefix}{name}", flush=True)


def replay():
    done = subprocess.run([binary, "replay", copy, "--json"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    try:
        return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr
    except ValueError:
        return done.returncode, {}, f"no JSON: {done.stdout[:200]}"


def records(data):
    """(at, end, type, whole) of every record, in order. whole: where its segment is; the records of one that is not do not count."""
    segment_bytes, places = struct.unpack_from("<QI", data, 24)
    begun = []
    for place in range(places):
        at = PAGE + place * segment_bytes
        if data[at:at + 8] == b"ticksegm":
            begun.append((struct.unpack_from("<Q", data, at + 16)[0], at))
    for _, at in sorted(begun):
        end = min(at + segment_bytes, len(data))
        at += PAGE
        found, whole = [], None
        while at + HEAD <= end:
            length, kind = struct.unpack_from("<IH", data, at)
            if not length:
                break
            found.append((at, at + HEAD + length, kind))
            if kind == CHECKPOINT and struct.unpack_from("<I", data, at + HEAD + 12)[0] & LAST_OF_SEGMENT:
                whole = at + HEAD + length
            at += HEAD + length
        yield from ((*row, whole) for row in found)


with open(path, "rb") as file:
    size = os.fstat(file.fileno()).st_size
    data = file.read()
table = list(records(data))
ends = [end for _, end, _, _ in table]
first_input = next(i for i, row in enumerate(table) if row[2] == INPUT)
say("ends_with_close", "" if table[-1][2] == CLOSE else f"type {table[-1][2]}")
in_one_segment = ends == sorted(ends)


def cut_is_told(at):
    """What is wrong with the answer to a journal that ends at this byte."""
    code, answer, said = replay()
    last = max([i for i, row in enumerate(table) if row[1] <= at and row[3] <= at], default=-1)
    if last < first_input - 1:                                     # no whole snapshot and checkpoint to start from
        return "" if code == 2 and said.startswith("tickwork: ") and said.count("\n") == 1 else f"cut at {at}: exit code {code}, {said!r}"
    if code != 0:
        return f"cut at {at}: exit code {code}, {said!r}"
    if answer["ended_at_byte"] != ends[last]:
        return f"cut at {at}: says its last whole record ends at {answer['ended_at_byte']}, not {ends[last]}"
    inputs = sum(1 for row in table[:last + 1] if row[2] == INPUT)
    if answer["inputs"] != inputs or not answer["same"]:
        return f"cut at {at}: {answer['inputs']} of {inputs} inputs, same: {answer['same']}"
    inside = any(data[ends[last]:at]) and last + 1 < len(table) and table[last + 1][0] == ends[last]
    known = answer["ending"] in (("cut in the middle of a record",) if inside else
                                 ("cut in the middle of a record", "not closed by its writer", "closed by its writer"))
    if answer["ending"] == "closed by its writer" and table[last][2] != CLOSE:
        known = False
    return "" if known else f"cut at {at}: says {answer['ending']}"


def cut(name, places):
    why, asked = "", 0
    shutil.copyfile(path, copy)
    for at in sorted(set(places), reverse=True):                   # each a shorter one, so that one copy does
        os.truncate(copy, at)
        asked += 1
        why = why or cut_is_told(at)
    say(name, why)
    print(f"     {asked} cuts", flush=True)


if in_one_segment:
    if every_end:
        cut("cut_at_every_record", [at for end in ends for at in (end - 1, end, end + 1) if at <= size])
    cut("cut_anywhere", [chance.randrange(ends[-1]) for _ in range(cuts_n)])
else:
    say("cut_anywhere", "the journal of this test must lie in one segment after the other")

# --- flipped bytes ---
shutil.copyfile(path, copy)
why, early = "", ""
with open(copy, "r+b", buffering=0) as file:
    for _ in range(cuts_n):
        at = chance.randrange(PAGE, table[-1][0])
        bit = 1 << chance.randrange(8)
        row = next((row for row in table if row[0] <= at < row[1]), None)
        place = row and (row[0] if row[0] >= row[3] else max([one[1] for one in table if one[3] < row[0]], default=0))
        file.seek(at)
        file.write(bytes([data[at] ^ bit]))
        code, answer, said = replay()
        file.seek(at)
        file.write(data[at:at + 1])
        if row is None or table.index(row) < first_input or row[0] >= table[-1][0]:
            if row and code not in (1, 2):
                early = early or f"byte {at}: exit code {code}, {said!r}"
        elif code != 1 or answer.get("ended_at_byte") != place or str(place) not in said:
            why = why or f"byte {at} of the record at {row[0]}: exit code {code}, {said!r}"
say("flipped_byte_is_placed", why)
say("flipped_byte_of_the_state", early)


# --- another build ---
def crc32c(block):
    crc = 0xffffffff
    for byte in block:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def other_build(mended):
    with open(copy, "r+b") as file:
        for place in [i for i in range(PAGE, min(size, ends[-1]), PAGE) if data[i:i + 8] == b"ticksegm"]:
            page = bytearray(data[place:place + PAGE])
            page[32:36] = b"0123"
            if mended:
                page[PAGE - 4:] = struct.pack("<I", crc32c(page[:PAGE - 4]))
            file.seek(place)
            file.write(page)


# Its results are applied, not decided again: the account comes to the same.
shutil.copyfile(path, copy)
other_build(True)
code, answer, said = replay()
good = code == 0 and answer.get("stepped") is False and answer["build"].startswith("0123") and abs(answer["nav_usd"] - nav) < 0.01
say("other_build_is_applied", "" if good else f"exit code {code}, {answer}, {said!r}; NAV should be {nav}")
with open(copy, "r+b") as file:
    at = table[len(table) * 3 // 4][0]
    file.seek(at + HEAD + 8)
    file.write(bytes([data[at + HEAD + 8] ^ 1]))
code, answer, said = replay()
say("other_build_damaged", "" if code == 1 and str(at) in said else f"exit code {code}, {answer}, {said!r}; damaged at {at}")
shutil.copyfile(path, copy)
other_build(False)
code, _, said = replay()
say("build_id_overwritten", "" if code == 2 and said.count("\n") == 1 and copy in said else f"exit code {code}, {said!r}")
os.remove(copy)
