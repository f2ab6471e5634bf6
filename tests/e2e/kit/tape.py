"""tape.py FILE bit AT | FILE entry KIND TEXT OFFSET - spoils a tape (hal/tape.h).

bit: turns one bit at that byte of the file. entry: in the first entry of that kind which has the text, the byte so far behind the text gets
another value (a digit another digit), and the blocks get their checksums again: a tape that is whole and says something else."""
import struct
import sys

KINDS = "NONE RECV NOW RANDOM WALL TIMER STREAM READ WROTE HEAD STATE CALL TOLD SENT INPUT END".split()
TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def blocks(data):
    at = 0
    while at + 16 <= len(data):
        magic, number, size, _ = struct.unpack_from("<4I", data, at)
        if magic == 0:
            return
        yield at, number, size
        at += 16 + size


def place(entries, kind, text, offset):
    """The place of the byte in the entries; None when there is none."""
    at = 0
    while at + 16 <= len(entries):
        which, _, _, size, _ = struct.unpack_from("<BBHIQ", entries, at)
        found = entries[at + 16 : at + 16 + size].find(text)
        if KINDS[which] == kind and found >= 0:
            return at + 16 + found + len(text) + offset
        at += 16 + size + (-size) % 8
    return None


path, how = sys.argv[1:3]
data = bytearray(open(path, "rb").read())
if how == "bit":
    data[int(sys.argv[3])] ^= 4
else:
    where, entries = [], bytearray()
    for at, number, size in blocks(data):
        where.append((at, number, size, len(entries)))
        entries += data[at + 16 : at + 16 + size]
    spot = place(bytes(entries), sys.argv[3], sys.argv[4].encode(), int(sys.argv[5]))
    if spot is None:
        sys.exit("no such entry")
    byte = entries[spot]
    entries[spot] = ord("1") + (byte - ord("0") + 1) % 9 if 48 <= byte <= 57 else byte ^ 1
    for at, number, size, begin in where:
        if not begin <= spot < begin + size:
            continue
        payload = entries[begin : begin + size]
        data[at + 12 : at + 16] = struct.pack("<I", crc32c(struct.pack("<2I", number, size) + payload))
        data[at + 16 : at + 16 + size] = payload
open(path, "wb").write(data)
