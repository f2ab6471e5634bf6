#!/usr/bin/env python3
"""factors_ref.py - the factors against libraries that are not ours.

    python3 tests/golden/factors_ref.py            committed files equal fresh ones; our code equals the libraries
    python3 tests/golden/factors_ref.py --write    make the committed files anew

Reference of each factor:
    sma ema rsi atr     TA-Lib (same warm-up seeds as ours). RSI: of the series scaled to about 100 by a power of two, because TA-Lib
                        calls changes below 1e-14 none; where nothing has moved TA-Lib says 0 and we say 50
    momentum            TA-Lib ROCP
    volatility          numpy std(ddof=1) of each window, and pandas rolling std on real data
    zscore              numpy mean and std(ddof=0) of each window

Inputs of the committed files are generated here. With daily bars beside the project (TICKWORK_SHARED, or ../shared) every symbol there
is compared as well, through tests/golden/driver_factors.c, which this script compiles. Last line: N passed, N failed."""
import glob
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import talib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
INPUTS = ["open", "high", "low", "close", "adj_close", "volume"]
NAMES = ["sma_20", "sma_50", "sma_200", "ema_20", "rsi_14", "atr_14", "momentum_60", "momentum_120",
         "volatility_20", "volatility_60", "zscore_20"]
passed = failed = 0


def check(ok, what):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print("FAIL", what)


def windows(values, n, of):
    out = np.full(len(values), np.nan)
    for t in range(n - 1, len(values)):
        out[t] = of(values[t - n + 1:t + 1])
    return out


def deviation(window, ddof):
    """std that is exactly 0 for a constant window, where the rounding of the mean would leave dust."""
    return 0.0 if np.all(window == window[0]) else np.std(window - window[0], ddof=ddof)


def zscore(window):
    dev = deviation(window, 0)
    return (window[-1] - window[0] - np.mean(window - window[0])) / dev if dev > 0 else 0.0


def rsi(close):
    close = np.asarray(close)
    scaled = close * 2.0 ** np.round(np.log2(100 / close[0]))
    out = talib.RSI(scaled, 14)
    still = np.concatenate([[True], np.cumsum(np.abs(np.diff(close))) == 0])
    out[still & ~np.isnan(out)] = 50.0
    return out


def reference(bars, annual_days):
    close, adj = bars["close"].to_numpy(float), bars["adj_close"].to_numpy(float)
    out = {}
    for n in (20, 50, 200):
        out[f"sma_{n}"] = windows(close, n, lambda w: np.sum(w.astype(np.longdouble)) / n)
        library = talib.SMA(close, n)
        if close.max() / close.min() < 1e4:
            check(np.allclose(library, out[f"sma_{n}"], rtol=1e-11, atol=0, equal_nan=True), f"TA-Lib SMA {n}")
    out["ema_20"] = talib.EMA(close, 20)
    out["rsi_14"] = rsi(close)
    out["atr_14"] = talib.ATR(bars["high"].to_numpy(float), bars["low"].to_numpy(float), close, 14)
    for n in (60, 120):
        out[f"momentum_{n}"] = talib.ROCP(adj, n)
    returns = adj[1:] / adj[:-1] - 1
    for n in (20, 60):
        out[f"volatility_{n}"] = np.concatenate([[np.nan], windows(returns, n, lambda w: deviation(w, 1))]) * np.sqrt(annual_days)
    out["zscore_20"] = windows(close, 20, zscore)
    return pd.DataFrame(out)[NAMES]


def bars_of(close, adj, rng):
    spread = np.abs(rng.normal(0, 0.004, (2, len(close))))
    bars = pd.DataFrame({"open": close * (1 + rng.normal(0, 0.003, len(close))), "high": close * (1 + spread[0]),
                         "low": close * (1 - spread[1]), "close": close, "adj_close": adj,
                         "volume": rng.integers(1000, 100000, len(close)).astype(float)})
    return bars.map(lambda x: float(f"{x:.7g}"))


def generated():
    """name -> (bars, annual_days)"""
    rng = np.random.default_rng(5)
    walk = 100 * np.exp(np.cumsum(rng.normal(0.0003, 0.012, 280)))
    short = np.exp(np.cumsum(rng.normal(0, 0.02, 150)))
    split = 500 * short * np.where(np.arange(150) < 70, 1, 0.05)
    spike = 10 * short * np.where(np.arange(150) == 40, 1e9, 1)
    flat = np.full(150, 42.0)
    half = np.where(np.arange(150) < 75, 10 * short, 12.5)
    made = {"walk": (bars_of(walk, walk * np.linspace(0.8, 1, 280), rng), 252), "tiny": (bars_of(1e-9 * short, 1e-9 * short, rng), 365),
            "huge": (bars_of(1e13 * short, 1e13 * short, rng), 252), "split": (bars_of(split, split, rng), 252),
            "spike": (bars_of(spike, spike, rng), 252), "half_flat": (bars_of(half, half, rng), 252)}
    still = pd.DataFrame({name: flat for name in INPUTS})
    return made | {"flat": (still, 252)}


def text_of(bars, factors):
    lines = [",".join(INPUTS + NAMES)]
    for left, right in zip(bars[INPUTS].to_numpy(), factors.to_numpy()):
        lines.append(",".join([repr(float(x)) for x in left] + ["" if np.isnan(x) else repr(float(x)) for x in right]))
    return "\n".join(lines) + "\n"


def near(got, want):
    """Relative 1e-12; z-scores within 1e-9 deviations, because a price near its mean leaves few digits."""
    if list(got.columns) != list(want.columns) or len(got) != len(want):
        return "shape"
    for name in want.columns:
        rtol, atol = (0, 1e-9) if name == "zscore_20" else (1e-12, 1e-15 if name.startswith("momentum") else 0)
        g, w = got[name].to_numpy(float), want[name].to_numpy(float)
        if not np.array_equal(np.isnan(g), np.isnan(w)):
            return name + " warm-up"
        if not np.allclose(g, w, rtol=rtol, atol=atol, equal_nan=True):
            at = int(np.nanargmax(np.abs(g - w)))
            return f"{name} at {at}: {g[at]!r} for {w[at]!r}"
    return ""


def driver():
    path = os.path.join(ROOT, "build", "golden", "driver_factors")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    sources = ["tests/golden/driver_factors.c", "fsm/bug.c"] + sorted(glob.glob("strategies/factors/*.c", root_dir=ROOT))
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O2", "-ffp-contract=off", "-I.", *sources, "-lm", "-o", path],
                   cwd=ROOT, check=True)
    return path


def ours(program, bars, annual_days):
    text = bars[INPUTS].to_csv(index=False, header=False, float_format="%.17g")
    done = subprocess.run([program, str(annual_days)], input=text, capture_output=True, text=True, check=True)
    rows = [[float(x) if x else np.nan for x in line.split(",")] for line in done.stdout.splitlines()[1:]]
    return pd.DataFrame(rows, columns=done.stdout.splitlines()[0].split(","))


def real_data(program):
    folder = os.path.join(os.environ.get("TICKWORK_SHARED", os.path.join(ROOT, "..", "shared")), "data", "daily")
    files = sorted(glob.glob(os.path.join(folder, "*.csv")))
    if not files:
        print("no daily bars beside the project: real data not compared")
    for file in files:
        bars = pd.read_csv(file)
        days = 365 if os.path.basename(file).startswith("BTC") else 252
        got, want = ours(program, bars, days), reference(bars, days)
        check(not near(got, want), f"{os.path.basename(file)} {near(got, want)}")
        for n in (20, 60):
            rolled = bars["adj_close"].pct_change().rolling(n).std() * np.sqrt(days)
            check(np.allclose(got[f"volatility_{n}"], rolled, rtol=1e-9, atol=0, equal_nan=True), f"{file} pandas volatility {n}")


def main():
    for name, (bars, days) in generated().items():
        file, fresh = os.path.join(HERE, "factors", name + ".csv"), reference(bars, days)
        if "--write" in sys.argv:
            open(file, "w").write(text_of(bars, fresh))
        kept = pd.read_csv(file)
        check(np.array_equal(kept[INPUTS].to_numpy(), bars[INPUTS].to_numpy()), name + " inputs")
        check(not near(kept[NAMES], fresh), f"{name} kept {near(kept[NAMES], fresh)}")
        check(not near(ours(driver(), bars, days), fresh), f"{name} ours {near(ours(driver(), bars, days), fresh)}")
    real_data(driver())
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
