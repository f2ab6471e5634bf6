#!/usr/bin/env python3
"""json_ref.py - the JSON reader against Python's json module, made strict: what is taken, what is refused, and every value.

    python3 tests/golden/json_ref.py

Texts are generated and damaged from a fixed seed (5 times as many with TICKWORK_LONG=1). Strict means: bytes must be UTF-8 without
a byte order mark, no NaN or Infinity, no lone surrogate, nesting of at most 64. Numbers are held against exact integers and
Python's correctly rounded float. With JSON_SUITE=FOLDER the y_ and n_ files of a published parsing test suite are judged too.
Last line: N passed, N failed."""
import glob
import json
import os
import random
import struct
import subprocess

from kit import check, driver, finish

NESTING_MAX, DOUBLE_BYTES_MAX, I64_MAX = 64, 128, 2**63 - 1
ALPHABET = [bytes([b]) for b in b'{}[]",:\\/0123456789.eE+-tfnul \n\t\x00\x1f\x7f\x80\xc3\xed\xf0\xff'] + [
    b"true", b"null", b"\\ud800", b"\\udc00", b"\\u00", "é€😀".encode(), b"\xed\xa0\x80", b"\xef\xbb\xbf", b"NaN", b"1e", b"-0"]


class Number(str):
    pass


def strict(text):
    """The value, objects as lists of pairs; ValueError when the text is not JSON."""
    def refuse(word):
        raise ValueError(word)
    if text.startswith(b"\xef\xbb\xbf"):
        raise ValueError("a byte order mark")
    value = json.loads(text.decode("utf-8"), parse_int=Number, parse_float=Number, parse_constant=refuse,
                       object_pairs_hook=lambda pairs: ("object", pairs))
    line = "yes" + "".join(pieces(value, 0))
    return line


def exact(number, places):
    """(the number times 10**places toward zero, did that drop anything); None beyond 64 bits."""
    mantissa, _, power = number.lower().partition("e")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits, power = int(whole + fraction), int(power or 0) - len(fraction) + places
    if digits == 0:
        return 0, False
    if power > 40:
        return None
    if power < -5000:
        return 0, True
    size, rest = (digits * 10**power, 0) if power >= 0 else divmod(digits, 10**-power)
    return None if size > I64_MAX else ((-size if number[0] == "-" else size), rest != 0)


def number_piece(number):
    e8, whole = exact(number, 8), exact(number, 0)
    out = f" n:{number}" + (",-" if e8 is None else f",{e8[0]},{int(e8[1])}")
    out += "," + ("-" if whole is None else "/" if whole[1] else str(whole[0]))
    nearest = float(number)
    fits = len(number) <= DOUBLE_BYTES_MAX and abs(nearest) != float("inf")
    return out + "," + ("%.17g" % nearest if fits else "-")


def text_piece(letter, text):
    return f" {letter}:" + text.encode("utf-8").hex()    # a lone surrogate is a UnicodeEncodeError, which is a ValueError


def pieces(value, depth):
    if isinstance(value, (tuple, list)) and depth == NESTING_MAX:
        raise ValueError("nested too deeply")
    if isinstance(value, tuple):
        yield " {"
        for key, inner in value[1]:
            yield text_piece("k", key)
            yield from pieces(inner, depth + 1)
        yield " }"
    elif isinstance(value, list):
        yield " ["
        for inner in value:
            yield from pieces(inner, depth + 1)
        yield " ]"
    elif isinstance(value, Number):
        yield number_piece(value)
    elif isinstance(value, str):
        yield text_piece("s", value)
    else:
        yield {True: " t", False: " f", None: " 0"}[value]


def number(rng):
    digits = "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 2, 3, 5, 8, 11, 17, 19, 25])))
    text = rng.choice(["", "-"]) + (digits.lstrip("0") or "0")
    if rng.random() < 0.6:
        text += "." + "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 2, 8, 9, 12, 20])))
    if rng.random() < 0.3:
        text += rng.choice("eE") + rng.choice(["", "+", "-"]) + str(rng.choice([0, 1, 2, 5, 8, 10, 22, 23, 300, 308, 324, 400]))
    return text


def string(rng):
    chars = [rng.choice(["AAPL", "a", "é", "€", "😀", "\x7f", " ", "\\u0041", "\\ud83d\\ude00", "\\n", "\\\"", "\\\\", "\\/", "\\u0000", "123456789"])
             for _ in range(rng.randrange(6))]
    return '"' + "".join(chars) + '"'


def text(rng, depth):
    kind = rng.randrange(9 if depth < 5 else 6)
    space = rng.choice(["", "", "", " ", "\n", "\r\n\t"])
    if kind < 2:
        out = number(rng)
    elif kind < 4:
        out = string(rng)
    elif kind < 6:
        out = rng.choice(["true", "false", "null", "[]", "{}", "-0", "[ ]", "{ }"])
    elif kind == 6:
        out = "[" + ("," + space).join(text(rng, depth + 1) for _ in range(rng.randrange(5))) + "]"
    else:
        out = "{" + (space + ",").join(string(rng) + ":" + space + text(rng, depth + 1) for _ in range(rng.randrange(5))) + "}"
    return space + out + space


def damaged(rng, whole):
    out = bytearray(whole)
    for _ in range(rng.randrange(1, 4)):
        at, kind = rng.randrange(len(out) + 1), rng.randrange(4)
        if kind == 0:
            out[at:at] = rng.choice(ALPHABET)
        elif kind == 1:
            del out[at:at + rng.randrange(1, 4)]
        elif kind == 2:
            out[at:at + 1] = rng.choice(ALPHABET)
        else:
            out[at:] = out[at:] if rng.random() < 0.8 else b""
    return bytes(out)


def expected(whole):
    try:
        return strict(whole)
    except (ValueError, RecursionError):
        return "no"


def told(program, texts):
    stream = b"".join(struct.pack("<I", len(whole)) + whole for whole in texts)
    lines = subprocess.run([program], input=stream, capture_output=True, check=True).stdout.decode("latin-1").split("\n")
    return [line if line.startswith("yes") else line[:2] for line in lines[:-1]]


def main():
    rng = random.Random(8259)
    program = driver("json", "hal/wire/json.c", "hal/wire/utf8.c")
    count = 100000 if os.environ.get("TICKWORK_LONG") else 20000
    texts = [text(rng, 0).encode() for _ in range(count)]
    texts += [damaged(rng, rng.choice(texts)) for _ in range(2 * count)]
    texts += [b"[" * n + b"]" * n for n in (63, 64, 65, 500)] + [b'{"a":' * 64 + b"1" + b"}" * 64, b'{"a":' * 65 + b"1" + b"}" * 65]
    texts += [b"1" * n for n in (127, 128, 129)] + [b"0." + b"0" * 120 + b"1", b"9007199254740993", b"2.2250738585072011e-308"]
    answers = told(program, texts)
    check(len(answers) == len(texts), "an answer for each text")
    taken = sum(answer != "no" for answer in answers)
    check(count < taken < 2.5 * count, f"damage both survives and breaks: {taken} of {len(texts)} taken")
    for whole, answer in zip(texts, answers):
        want = expected(whole)
        check(answer == want, f"{whole!r}:\n  got  {answer}\n  want {want}")
    suite = sorted(glob.glob(os.path.join(os.environ.get("JSON_SUITE", "/nowhere"), "[yn]_*.json")))
    files = [open(file, "rb").read() for file in suite]
    for file, answer in zip(suite, told(program, files)):
        check((answer != "no") == os.path.basename(file).startswith("y_"), file)
    print(f"{len(texts)} texts, {taken} of them JSON; {len(suite)} files of a published suite")
    finish()


main()
