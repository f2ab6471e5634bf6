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

Inputs of the committed files are generated here, and so are a million bars of which rows all along are compared. With daily bars beside the project (TICKWORK_SHARED, or ../shared) every symbol there
is compared as well, through tests/golden/driver_factors.c, which this script compiles. Last line: N passed, N failed."""
import numpy as np
import pandas as pd
import talib

from kit import ask, check, compare, compare_million, daily, driver, finish, golden, million, windows

INPUTS = ["open", "high", "low", "close", "adj_close", "volume"]
NAMES = ["sma_20", "sma_50", "sma_200", "ema_20", "rsi_14", "atr_14", "momentum_60", "momentum_120",
         "volatility_20", "volatility_60", "zscore_20"]
# z-scores in deviations: a price near its mean leaves few digits; momentum about 0 likewise
TOLERANCE = {"zscore_20": (0, 1e-9), "momentum_60": (1e-12, 1e-15), "momentum_120": (1e-12, 1e-15)}


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


def main():
    program = driver("factors", "strategies/factors/*.c")
    for name, (bars, days) in generated().items():
        fresh = reference(bars, days)
        golden("factors/" + name, bars, fresh, TOLERANCE)
        compare(name + " ours", ask(program, bars, days), fresh, TOLERANCE)
    compare_million("a million", program, million(INPUTS, np.random.default_rng(23)), lambda bars: reference(bars, 252), TOLERANCE, 252)
    for symbol, bars in daily().items():
        days = 365 if symbol.startswith("BTC") else 252
        got = ask(program, bars[INPUTS], days)
        compare(symbol, got, reference(bars, days), TOLERANCE)
        rolled = {f"volatility_{n}": bars["adj_close"].pct_change().rolling(n).std() * np.sqrt(days) for n in (20, 60)}
        compare(symbol + " pandas", got, pd.DataFrame(rolled), {name: (1e-9, 0) for name in rolled})
    finish()


main()
