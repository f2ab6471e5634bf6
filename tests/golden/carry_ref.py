#!/usr/bin/env python3
"""carry_ref.py - crypto carry (document 04 §4.5.2) written again with pandas, on generated funding and on recorded funding when there is any.

    python3 tests/golden/carry_ref.py

Deviations by pandas rolling and expanding std; the position is the last of (entered, left) by forward fill, not turn by turn. The recorded
rates of one asset stand for one venue and those of another for the second, which no rule minds. Last line: N passed, N failed."""
import glob
import os

import numpy as np
import pandas as pd

from kit import SHARED, ask, check, close, driver, finish

SELL, HOLD, BUY = 1, 2, 3


def leg(rate):
    warm = np.arange(1, len(rate) + 1) >= 90
    paused = (rate.rolling(21).std() > 3 * rate.expanding().std()) & warm
    events = pd.Series(np.select([~warm, rate < -0.0001, (rate > 0.0001) & ~paused], [0, 0, 1], np.nan), rate.index)
    return events.ffill().fillna(0) == 1, paused


def reference(table):
    legs = [leg(table[name]) for name in table]
    inside, paused = pd.concat([a for a, _ in legs], axis=1).to_numpy(), pd.concat([b for _, b in legs], axis=1).to_numpy()
    count, held = inside.sum(axis=1), inside.any(axis=1)
    before = np.concatenate([[False], held[:-1]])
    best = np.where(inside, table.to_numpy(), 0).max(axis=1)
    rules = [held, before]
    return pd.DataFrame({"grade": np.select(rules, [BUY, SELL], HOLD),
                         "confidence": np.select(rules, [0.5 + 0.5 * np.clip((best - 0.0001) / 0.000401, 0, 1), 0.9], 0),
                         "target_weight": np.select(rules, [np.minimum(0.10, 0.08 * count), 0], 0),
                         "paused": (~held & ~before & paused.any(axis=1)).astype(float)})


def compare(program, table, what):
    got, want = ask(program, table), reference(table)
    for column in want:
        close(got[column], want[column], f"{what} {column}", 1e-9, 1e-12)
    check(set(want["grade"]) == {SELL, HOLD, BUY}, what + " enters and leaves")


def generated():
    rng = np.random.default_rng(41)
    calm = pd.DataFrame(rng.normal(0.00004, 0.00006, (3000, 2)), columns=["one", "two"])
    calm.loc[1500:1510] *= -40
    return calm.round(8)


def main():
    program = driver("carry", "strategies/factors/*.c", "strategies/signals/*.c", "strategies/portfolios/*.c")
    compare(program, generated(), "generated")
    check(reference(generated())["paused"].sum() > 0, "the generated funding swings")
    files = sorted(glob.glob(os.path.join(SHARED, "data", "funding", "*.csv")))
    if len(files) < 2:
        print("no recorded funding beside the project: not compared")
    else:
        both = pd.concat([pd.read_csv(f).drop_duplicates("timestamp_utc").set_index("timestamp_utc")["funding_rate"] for f in files[:2]], axis=1)
        both.columns = ["one", "two"]
        compare(program, both.dropna(), "recorded")
    finish()


main()
