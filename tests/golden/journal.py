#!/usr/bin/env python3
"""Writes the small journal of hal/store/JOURNAL.md from its words alone, with a checksum of its own, and prints every row of
sixteen bytes that is not zero. tests/unit/hal/store/journal_bytes_test.c holds this listing against the C writer."""
import struct


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def page(data):
    data = data.ljust(4092, b"\0")
    return data + struct.pack("<I", crc32c(data))


def record(seq, kind, durable, payload):
    head = struct.pack("<IHHQI", len(payload), kind, seq - durable, seq, crc32c(payload))
    return head + struct.pack("<I", crc32c(head)) + payload


def event(seq, t_ns, cause, kind, sym, index, origin, flags, payload):
    return struct.pack("<QqQHHHBB", seq, t_ns, cause, kind, sym, index, origin, flags) + payload


JOURNAL_ID, SEGMENT_BYTES, SEGMENTS = 0x0000A1B2C3D4E5F6, 262144, 2
head = page(b"tickjrnl" + struct.pack("<IIQQII", 1, 0, JOURNAL_ID, SEGMENT_BYTES, SEGMENTS, 0))

kinds = bytearray(64)
kinds[1], kinds[24] = 8, 16                    # TICK and OPERATOR
setup = b"example".ljust(32, b"\0") + struct.pack("<II", 2, 1) + bytes(kinds)
setup += struct.pack("<ii", 500, -1).ljust(800, b"\0") + b"SPY".ljust(12, b"\0").ljust(3072, b"\0")
segment = page(b"ticksegm" + struct.pack("<QQQ", JOURNAL_ID, 0, 1) + setup)

tick = event(5, 1_000_000_000, 0, 1, 0xFFFF, 0, 2, 0, struct.pack("<iBBBB", 19000, 1, 0, 0, 1))
order = event(0, 1_000_000_000, 1, 24, 3, 0, 4, 0, struct.pack("<QBB6x", 77, 2, 1))
records = record(1, 3, 0, struct.pack("<QQQQ", 0, 0x1111, 8, 0) + struct.pack("<Q", 0x5354415445303031))
records += record(2, 4, 0, struct.pack("<QIIQ", 0, 0, 2, 0))
records += record(3, 1, 2, struct.pack("<Q", 1) + tick)
records += record(4, 2, 2, struct.pack("<QIIQ", 1, 1, 1, 0x2222) + order)
records += record(5, 5, 4, struct.pack("<QQ", 1, 0x2222))

whole = head + segment + records
whole += b"\0" * (-len(whole) % 16)
for at in range(0, len(whole), 16):
    row = whole[at:at + 16]
    if any(row):
        print(f"{at:06x}  " + " ".join(f"{byte:02x}" for byte in row))
