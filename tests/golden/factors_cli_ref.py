#!/usr/bin/env python3
"""factors_cli_ref.py - what `tickwork factors` prints against TA-Lib, pandas and numpy: every symbol, from its first day to its last.

    python3 tests/golden/factors_cli_ref.py

References:
    sma ema rsi atr bollinger    TA-Lib (SMA, EMA, RSI, ATR, BBANDS)
    momentum                     pandas adj_close / adj_close.shift(n) - 1
    volatility zscore            pandas rolling(n).std(ddof), numpy window by window
    momentum_12_1                pandas, compounded and summed
    vwap ewm correlation         pandas rolling sums, ewm(adjust=False), rolling(60).corr and .cov on the common days
    realised bipower             numpy, window by window
Relative error <= 1e-9. Where terms cancel (z-score, correlation, covariance, summed returns, jump share) the same 1e-9 in units of what is
added up. Needs daily bars beside the project (TICKWORK_SHARED, or ../shared) and build/tickwork (TICKWORK); without, a line says so."""
import io
import os
import subprocess

import numpy as np
import pandas as pd
import talib

from kit import ROOT, SHARED, check, close, daily, finish, windows

BINARY = os.path.realpath(os.environ.get("TICKWORK", os.path.join(ROOT, "build", "tickwork")))
ELEVEN = ["sma_20", "sma_50", "sma_200", "ema_20", "rsi_14", "atr_14", "momentum_60", "momentum_120", "volatility_20", "volatility_60",
          "zscore_20"]
ABSOLUTE = {"zscore_20": 1e-9, "correlation_60": 1e-9, "covariance_60": 1e-12, "momentum_12_1_summed": 1e-9, "jump_share_20": 1e-9,
            "percent_b_20": 1e-9, "momentum_60": 1e-12, "momentum_120": 1e-12, "momentum_12_1": 1e-12}


def ours(symbol, *options):
    folder = os.path.join(SHARED, "data", "daily")
    done = subprocess.run([BINARY, "factors", "--data", folder, "--symbol", symbol, *options], capture_output=True, text=True, check=True)
    return pd.read_csv(io.StringIO(done.stdout))


def eleven(bars, days):
    price, adj = bars["close"].to_numpy(float), bars["adj_close"]
    returns = adj.pct_change()
    out = {f"sma_{n}": talib.SMA(price, n) for n in (20, 50, 200)}
    out["ema_20"] = talib.EMA(price, 20)
    out["rsi_14"] = talib.RSI(price, 14)
    out["atr_14"] = talib.ATR(bars["high"].to_numpy(float), bars["low"].to_numpy(float), price, 14)
    out |= {f"momentum_{n}": adj / adj.shift(n) - 1 for n in (60, 120)}
    out |= {f"volatility_{n}": windows(returns.to_numpy(), n, lambda w: np.std(w, ddof=1)) * np.sqrt(days) for n in (20, 60)}
    out["zscore_20"] = windows(price, 20, lambda w: (w[-1] - np.mean(w)) / np.std(w))
    return pd.DataFrame(out)


def bipower(log_returns):
    return np.pi / 2 * 20 / 19 * np.sum(np.abs(log_returns[1:]) * np.abs(log_returns[:-1]))


def correlated(bars, other):
    """Correlation and covariance of simple returns over the days on which both have a bar, carried to the days of the symbol."""
    both = bars[["date", "adj_close"]].merge(other[["date", "adj_close"]], on="date", suffixes=("", "_other"))
    mine, theirs = both["adj_close"].pct_change(), both["adj_close_other"].pct_change()
    pairs = np.column_stack([mine, theirs])
    out = pd.DataFrame({"date": both["date"], "correlation_60": np.nan, "covariance_60": np.nan})
    for t in range(60, len(both)):
        window = pairs[t - 59:t + 1]
        out.loc[t, ["correlation_60", "covariance_60"]] = np.corrcoef(window.T)[0, 1], np.cov(window.T)[0, 1]
    return bars[["date"]].merge(out, on="date", how="left")[["correlation_60", "covariance_60"]].ffill()


def extended(bars, days):
    price, adj = bars["close"].to_numpy(float), bars["adj_close"]
    returns, log_returns = adj.pct_change(), np.log(adj / adj.shift(1)).to_numpy()
    upper, middle, lower = talib.BBANDS(price, 20, 2, 2)
    typical = (bars["high"] + bars["low"] + bars["close"]) / 3
    out = {"momentum_12_1": adj.shift(21) / adj.shift(252) - 1,
           "momentum_12_1_summed": returns.shift(21).rolling(231).sum(),
           "bollinger_upper_20": upper, "bollinger_middle_20": middle, "bollinger_lower_20": lower,
           "percent_b_20": (price - lower) / (upper - lower), "bandwidth_20": (upper - lower) / middle,
           "ewm_volatility": np.sqrt((returns ** 2)[1:].ewm(alpha=0.06, adjust=False).mean() * days).reindex(returns.index)}
    if (bars["volume"] > 0).all():
        out["vwap_20"] = (typical * bars["volume"]).rolling(20).sum() / bars["volume"].rolling(20).sum()
    out["realised_20"] = windows(log_returns, 20, lambda w: np.sum(w * w))
    out["bipower_20"] = windows(log_returns, 20, bipower)
    with np.errstate(invalid="ignore"):
        out["jump_share_20"] = np.maximum(0, out["realised_20"] - out["bipower_20"]) / out["realised_20"]
    return pd.DataFrame(out)


def main():
    if not os.access(BINARY, os.X_OK):
        print(f"skip: no {BINARY}; make builds it")
        print("0 passed, 0 failed, 1 skipped")
        return
    tables = daily()
    if not tables:
        print("0 passed, 0 failed, 1 skipped")
        return
    for symbol, bars in tables.items():
        days = 365 if symbol.startswith("BTC") else 252
        bars = bars[bars["date"] >= "1990-01-01"].reset_index(drop=True)
        got, every = ours(symbol), ours(symbol, "--factor", "all")
        check(list(got.columns) == ["date", *ELEVEN], symbol + " header")
        check(list(got["date"]) == list(bars["date"]), symbol + " dates")
        check(got.equals(every[got.columns]), symbol + " the eleven are the same beside the others")
        want = pd.concat([eleven(bars, days), extended(bars, days), correlated(bars, tables["SPY"])], axis=1)
        for column in want.columns:
            close(every[column], want[column], f"{symbol} {column}", 1e-9, ABSOLUTE.get(column, 0))
    finish()


main()
