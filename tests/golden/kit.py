"""kit.py - what the references of the strategies share: counting, comparing, golden files, and compiling a test-only driver."""
import glob
import io
import os
import subprocess
import sys

import numpy as np
import pandas as pd

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHARED = os.environ.get("TICKWORK_SHARED", os.path.join(ROOT, "..", "shared"))
counts = {"passed": 0, "failed": 0}


def check(ok, what):
    counts["passed" if ok else "failed"] += 1
    if not ok:
        print("FAIL", what)


def close(got, want, what, rtol=1e-12, atol=0.0):
    """Equal within rtol of want (or atol), NaN at the same places."""
    got, want = np.asarray(got, float), np.asarray(want, float)
    same = got.shape == want.shape and np.array_equal(np.isnan(got), np.isnan(want))
    ok = same and np.allclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    if same and not ok:
        at = np.unravel_index(np.nanargmax(np.abs(got - want)), got.shape) if got.shape else ()
        what = f"{what} at {at}: {got[at]!r} for {want[at]!r}"
    check(ok, what)


def finish():
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(counts["failed"] > 0)


def windows(values, n, of):
    out = np.full(len(values), np.nan)
    for t in range(n - 1, len(values)):
        out[t] = of(values[t - n + 1:t + 1])
    return out


def cell(x):
    return "" if np.isnan(x) else repr(float(x))


def golden(name, inputs, outputs, tolerance):
    """Writes tests/golden/NAME.csv with --write; checks that the committed inputs are the generated ones and the outputs the fresh ones.
    tolerance: column -> (rtol, atol)."""
    path, both = os.path.join(HERE, name + ".csv"), pd.concat([inputs, outputs], axis=1)
    if "--write" in sys.argv:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write("\n".join([",".join(both.columns)] + [",".join(map(cell, row)) for row in both.to_numpy()]) + "\n")
    kept = pd.read_csv(path)
    check(np.array_equal(kept[inputs.columns].to_numpy(float), inputs.to_numpy(float)), name + " inputs")
    compare(name + " kept", kept[outputs.columns], outputs, tolerance)


def compare(what, got, want, tolerance):
    for column in want.columns:
        rtol, atol = tolerance.get(column, (1e-12, 0))
        close(got[column], want[column], f"{what} {column}", rtol, atol)


def driver(name, *sources):
    """Compiles tests/golden/driver_NAME.c with the given sources (globs allowed) and returns the program."""
    path = os.path.join(ROOT, "build", "golden", "driver_" + name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    files = [file for pattern in sources for file in sorted(glob.glob(pattern, root_dir=ROOT))]
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O2", "-march=x86-64-v3", "-ffp-contract=off", "-I.", f"tests/golden/driver_{name}.c",
                    "fsm/bug.c", *files, "-lm", "-o", path], cwd=ROOT, check=True)
    return path


def ask(program, table, *arguments):
    """Feeds a table without header, reads one with."""
    text = table.to_csv(index=False, header=False, float_format="%.17g")
    done = subprocess.run([program, *map(str, arguments)], input=text, capture_output=True, text=True, check=True)
    head, *lines = done.stdout.splitlines()
    return pd.DataFrame([[float(x) if x else np.nan for x in line.split(",")] for line in lines], columns=head.split(","))


MILLION, MEMORY = 10 ** 6, 700


def million(columns, rng):
    """A million bars that wander about 100, one of them a million times as high: no factor may remember it for ever."""
    level = np.zeros(MILLION)
    steps = rng.normal(0, 0.01, MILLION)
    for t in range(1, MILLION):
        level[t] = 0.9995 * level[t - 1] + steps[t]
    price = 100 * np.exp(level)
    price[300000] *= 1e6
    shape = {"open": 1.001, "high": 1.01, "low": 0.99, "close": 1, "adj_close": 0.9, "other": 0.5}
    bars = pd.DataFrame({name: price * shape.get(name, 1) for name in columns})
    if "other" in columns:
        bars["other"] *= np.exp(rng.normal(0, 0.01, MILLION))
    bars["volume"] = rng.integers(0, 10 ** 6, MILLION).astype(float)
    return bars


def compare_million(what, program, bars, reference, tolerance, *arguments):
    """Rows all along, about the spike and at the end, against a reference that knows the last MEMORY bars only: what is older has left every window,
    and is worth less than 1e-16 in every mean that never forgets."""
    text = bars.to_csv(index=False, header=False, float_format="%.17g")
    done = subprocess.run([program, *map(str, arguments)], input=text, capture_output=True, text=True, check=True)
    got = pd.read_csv(io.StringIO(done.stdout), float_precision="round_trip")
    check(len(got) == MILLION, what + " rows")
    for t in [MEMORY, 299999, 300000, 300010, 300300, 301500, *range(100000, MILLION, 99991), MILLION - 1]:
        want = reference(bars.iloc[t - MEMORY + 1:t + 1].reset_index(drop=True)).iloc[[-1]]
        compare(f"{what} row {t}", got.iloc[[t]].reset_index(drop=True), want.reset_index(drop=True), tolerance)


def daily():
    """symbol -> bars of the daily data beside the project; empty when there is none."""
    files = sorted(glob.glob(os.path.join(SHARED, "data", "daily", "*.csv")))
    if not files:
        print("no daily bars beside the project: real data not compared")
    return {os.path.basename(file)[:-4]: pd.read_csv(file) for file in files}
