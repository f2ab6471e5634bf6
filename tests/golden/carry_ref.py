#!/usr/bin/env python3
"""carry_ref.py - crypto carry (document 04 §4.5.2) written again with pandas, on generated funding and on recorded funding when there is any.

    python3 tests/golden/carry_ref.py

Deviations by pandas rolling and expanding std; the position is the last of (entered, left) by forward fill, not turn by turn. The recorded
rates of one asset stand for one venue and those of another for the second, which no rule minds. Then the verb: `tickwork signals` on days of each
grade, with the daily bars beside the project and the rates as files, must say what the table says of the last rate before the close of the
day. Last line: N passed, N failed."""
import glob
import os
import subprocess

import numpy as np
import pandas as pd

from kit import ROOT, SHARED, ask, check, close, daily, driver, finish

SELL, HOLD, BUY = 1, 2, 3
BINARY = os.path.realpath(os.environ.get("TICKWORK", os.path.join(ROOT, "build", "tickwork")))


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


def said(day, files):
    venues = [word for venue, file in zip(("binance", "bybit"), files) for word in (f"--funding-{venue}", file)]
    command = [BINARY, "signals", "--data", os.path.join(SHARED, "data", "daily"), "--date", day, "--strategy", "carry"]
    lines = subprocess.run(command + venues, capture_output=True, text=True, check=True).stdout.splitlines()
    (line,) = [line.split(",") for line in lines if line.startswith(day + ",BTC-USD")]
    return ["STRONG_SELL", "SELL", "HOLD", "BUY"].index(line[3]), float(line[4]), float(line[5]), int(line[-2])


def verb(table, files):
    """Of quiet days (VIX below 30), where the regime changes nothing. A day is judged once, so it was held before if it was the day before."""
    calm = daily()["VIX"].set_index("date")["close"] < 30
    legs = [leg(table[name])[0] for name in table]
    inside = pd.concat(legs, axis=1).set_axis(table.columns, axis=1)
    day = table.index.str[:10]
    last, rate, count = inside.groupby(day).last(), table.groupby(day).last(), pd.Series(1, table.index).groupby(day).sum().cumsum()
    held = last.any(axis=1)
    left = ~held & held.shift(fill_value=False)
    wanted = pd.Series(np.select([held, left], [BUY, SELL], HOLD), held.index)[calm.reindex(held.index, fill_value=False)]
    for grade in (SELL, HOLD, BUY):
        days = wanted.index[wanted == grade]
        check(len(days) > 0, f"days of grade {grade}")
        for at in days[np.linspace(0, len(days) - 1, 4).astype(int)]:
            best = rate.loc[at].where(last.loc[at], 0).max()
            sure = {SELL: 0.9, HOLD: 0, BUY: 0.5 + 0.5 * np.clip((best - 0.0001) / 0.000401, 0, 1)}[grade] if count[at] >= 90 else 0
            weight = min(0.10, 0.08 * last.loc[at].sum()) if grade == BUY else 0
            got = said(at, files)
            check(got[0] == grade and got[3] == count[at] and abs(got[1] - sure) <= 5.1e-5 and abs(got[2] - weight) <= 5.1e-5, f"verb on {at}: {got} for {grade, sure, weight, count[at]}")


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
        if daily():
            verb(both[["one"]].dropna(), files[:1])
            verb(both.dropna(), files[:2])
    finish()


main()
