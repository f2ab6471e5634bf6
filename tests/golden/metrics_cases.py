"""metrics_cases.py - the text form of the golden files of metrics, risk, quotes and sizing, and the two ways to run a reference.

    case NAME
    in KEY VALUE ...
    want KEY VALUE ...

A reference script generates its inputs from a fixed congruential sequence, computes what is wanted with published libraries, and
`main` either writes the file (--write) or checks that the committed file says the same: the inputs exactly, the wanted values within
the tolerance of libraries that change their order of summation. The C tests read the same files.
"""
import math
import os
import sys

TOLERANCE = 1e-11


class Sequence:
    """Knuth's MMIX congruential generator: the same numbers everywhere, no library involved."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2.0**53

    def normal(self):
        return sum(self.uniform() for _ in range(12)) - 6.0

    def returns(self, count, mean, deviation):
        out = []
        for _ in range(count):
            fat = 3.0 if self.uniform() < 0.03 else 1.0
            out.append(round(mean + deviation * fat * self.normal(), 9))
        return out


def text_of(value):
    value = float(value)
    if not math.isfinite(value):
        raise ValueError("a golden value must be finite")
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def render(cases):
    lines = []
    for name, given, wanted in cases:
        lines.append("case " + name)
        for word, table in (("in", given), ("want", wanted)):
            for key, value in table.items():
                values = value if isinstance(value, (list, tuple)) else [value]
                lines.append(" ".join([word, key] + [text_of(v) for v in values]))
    return "\n".join(lines) + "\n"


def agree(got, want):
    got, want = got.split(), want.split()
    if len(got) != len(want) or got[:2] != want[:2]:
        return False
    if got[0] in ("case", "in"):
        return got == want
    pairs = [(float(g), float(w)) for g, w in zip(got[2:], want[2:])]
    return all(abs(g - w) <= TOLERANCE * max(abs(g), abs(w), 1e-6) for g, w in pairs)


def main(script, cases):
    path = os.path.splitext(os.path.abspath(script))[0] + ".txt"
    text = render(cases)
    if "--write" in sys.argv:
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        print("wrote", os.path.basename(path), len(text), "bytes")
        return 0
    with open(path, encoding="ascii") as file:
        committed = file.read().splitlines()
    made = text.splitlines()
    failed = abs(len(made) - len(committed))
    for number, (want, got) in enumerate(zip(made, committed), 1):
        if not agree(got, want):
            failed += 1
            print("%s:%d: committed %s... reference %s..." % (os.path.basename(path), number, got[:100], want[:100]))
    print("%d passed, %d failed" % (max(len(made) - failed, 0), failed))
    return 1 if failed else 0
