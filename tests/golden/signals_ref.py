#!/usr/bin/env python3
"""signals_ref.py - mean reversion, Bollinger, volatility, jump diffusion, pairs and PCA over a whole market, written again on tables.

    python3 tests/golden/signals_ref.py

The rules as the headers of strategies/signals state them. Factors by TA-Lib and numpy; jumps and their parameters by numpy, cointegration by
statsmodels, eigen-portfolios by scikit-learn and least squares by numpy (statistics_ref.py says which and why). Memory ("we said BUY") is a
forward fill where it can be. The same two markets as strategies_ref.py: generated, and the daily bars beside the project. Grade, confidence
and weight of every day and asset are compared. Last line: N passed, N failed."""
import numpy as np
import pandas as pd
import talib
from sklearn.decomposition import PCA

from kit import ask, check, close, driver, finish, windows
from statistics_ref import cointegration, jumps
from strategies_ref import BUY, DOWN, HOLD, SELL, STRONG_BUY, STRONG_SELL, UP, generated, reach, real


def bars_of(m, symbol):
    return m.bars[symbol].sort_index()


def percent_b(price):
    mean = windows(price, 20, lambda w: w[0] + np.mean(w - w[0]))
    dev = windows(price, 20, lambda w: np.std(w - w[0]))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.isnan(dev), np.nan, np.where(dev > 0, 0.5 + (price - mean) / (4 * dev), 0.5)), (price - mean), dev


def was_in(enter, leave):
    """Whether the bar before left us in: entered and not left since."""
    now = pd.Series(np.select([enter, leave], [1, 0], np.nan)).ffill().fillna(0) == 1
    return now.shift(fill_value=False).to_numpy()


def rows_of(rules, grades, sures, weights, warm):
    grade = np.select([~warm] + rules, [HOLD] + grades, HOLD)
    return grade, np.select([~warm] + rules, [0] + sures, 0), np.select([~warm] + rules, [0] + weights, 0)


def mean_reversion(bars):
    price = bars["close"].to_numpy(float)
    _, away, dev = percent_b(price)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(dev > 0, away / dev, 0.0)
    rsi = np.nan_to_num(talib.RSI(price, 14), nan=50.0)
    warm = np.arange(len(price)) >= 19
    low, high, strong = (z <= -1.5) & (rsi < 35) & warm, (z >= 1.5) & (rsi > 65) & warm, np.abs(z) >= 2.5
    back = was_in(low, high | ((z >= 0) & warm)) & (z >= 0)
    rules = [low & strong, low, high & strong, high, back]
    sure = 0.5 + 0.5 * reach(np.abs(z), 1.5, 2.5)
    return rows_of(rules, [STRONG_BUY, BUY, STRONG_SELL, SELL, SELL], [sure, sure, sure, sure, 0.5], [0.06, 0.03, 0, 0, 0], warm)


def bollinger(bars):
    price = bars["close"].to_numpy(float)
    b, _, _ = percent_b(price)
    up = price > talib.SMA(price, 200) * UP
    warm = np.arange(len(price)) >= 199
    low, high = (b < 0) & warm, (b > 1) & warm
    back = was_in(low, high | ((b >= 0.5) & warm)) & (b >= 0.5)
    below, above = 0.25 * reach(b, 0, -0.25), 0.25 * reach(b, 1, 1.25)
    rules = [low & up, low, high & up, high, back]
    return rows_of(rules, [STRONG_BUY, BUY, SELL, STRONG_SELL, SELL], [0.75 + below, 0.5 + below, 0.5 + above, 0.75 + above, 0.5],
                   [0.06, 0.03, 0, 0, 0], warm)


def volatility(bars, days):
    price, adj = bars["close"].to_numpy(float), bars["adj_close"].to_numpy(float)
    returns = np.concatenate([[np.nan], adj[1:] / adj[:-1] - 1])
    fast, slow = (windows(returns, n, lambda w: np.std(w, ddof=1)) * np.sqrt(days) for n in (20, 60))
    atr = np.roll(talib.ATR(bars["high"].to_numpy(float), bars["low"].to_numpy(float), price, 14), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(slow > 0, fast / slow, 1)
        move = np.nan_to_num((price - np.roll(price, 1)) / atr)
        weight = np.where(fast > 0.15, 0.08 * 0.15 / fast, 0.08)
    above, rising, warm = price > talib.SMA(price, 50) * UP, ratio > 1.5, np.arange(len(price)) >= 60
    fell, rose, calm = move < -1.5, move > 1.5, (ratio < 0.8) & above
    rules = [fell & rising, fell, rising, rose & above, rose, calm]
    broke, broken = 0.6 + 0.4 * reach(move, 1.5, 3), 0.6 + 0.4 * reach(-move, 1.5, 3)
    return rows_of(rules, [STRONG_SELL, SELL, SELL, STRONG_BUY, BUY, BUY],
                   [broken, broken, 0.5 + 0.3 * reach(ratio, 1.5, 3), broke, broke, 0.5 + 0.3 * reach(ratio, 0.8, 0.4)],
                   [0, 0, 0, weight, weight, weight / 2], warm)


def jump_diffusion(bars):
    found = jumps(bars["adj_close"].to_numpy(float), 252)
    limit_c = np.sqrt(2 / np.pi)
    root = np.sqrt(2 * np.log(252))
    limit = root / limit_c - (np.log(np.pi) + np.log(np.log(252))) / (2 * limit_c * root) - np.log(-np.log(1 - 0.01)) / (limit_c * root)
    l, rate, mean, dev = found["statistic"], found["lambda"], found["jump_mean"], found["jump_deviation"]
    growth = found["drift"] + np.where(rate > 0, rate * np.expm1(mean + dev ** 2 / 2), 0)
    variance = found["sigma"] ** 2 + rate * (mean ** 2 + dev ** 2)
    score, far = growth / np.sqrt(variance), np.abs(l)
    share = reach(growth / (4 * variance), 0, 1)
    strong = (score > 1.5) & (rate < 6)
    sure = 0.5 + 0.4 * reach(score, 0.75, 2.26)
    rules = [(found["jump"] == 1) & (l < 0), found["jump"] == 1, (score > 0.75) & strong, score > 0.75, score < 0]
    return rows_of(rules, [STRONG_SELL, HOLD, STRONG_BUY, BUY, SELL],
                   [0.75 + 0.25 * reach(far, limit, 2 * limit), 0, sure, sure, 0.5 + 0.4 * reach(score, 0, -1)],
                   [0, 0, 0.08 * share, 0.08 * share, 0], (np.arange(len(l)) >= 267))


def own_bars(m, of):
    """Each asset's own bars, spread over all days; before its first bar nothing is said."""
    parts = {s: pd.DataFrame(dict(zip("gcw", of(bars_of(m, s)))), bars_of(m, s).index) for s in m.symbols}
    table = lambda key, none: pd.DataFrame({s: parts[s][key] for s in m.symbols}).reindex(m.close.index).ffill().fillna(none)
    return *m.regime(table("g", HOLD), table("c", 0)), table("w", 0)


def test_pairs(logs, members):
    """Every pair that may be traded, the most significant first."""
    found = []
    for k, one in enumerate(members):
        for two in members[k + 1:]:
            y, x = logs[:, one], logs[:, two]
            if y.std() == 0 or x.std() == 0:
                continue
            hedge, intercept, statistic, _, critical, _, half_life, deviation, _ = cointegration(y, x, 1)
            if statistic < critical and hedge > 0 and 0 < half_life <= 60:
                found.append((statistic, one, two, hedge, intercept, deviation))
    return sorted(found)


def trade_pair(pair, logs, say):
    """One row of one pair: [side, y, x, hedge, intercept, deviation]; False where it is forgotten."""
    side, y, x, hedge, intercept, deviation = pair
    z = (logs[y] - intercept - hedge * logs[x]) / deviation
    far = abs(z)
    if side and (far < 0.5 or far > 4 or (z < 0) != (side > 0)):
        say(y, SELL, 0.75, 0)
        say(x, SELL, 0.75, 0)
        pair[0] = 0
        return far <= 4
    if 2 < far <= 4:
        pair[0] = 1 if z < 0 else -1
        cheap, rich = (y, x) if z < 0 else (x, y)
        sure = 0.5 + 0.5 * reach(far, 2, 4)
        say(cheap, STRONG_BUY if far > 3 else BUY, sure, 0.05)
        say(rich, SELL, sure, 0)
    return True


def pairs(m):
    logs, seen, open_pairs, since = np.log(m.rows.to_numpy()), m.rows_seen.to_numpy(), [], 21
    out = np.zeros((3, *logs.shape))
    out[0] = HOLD
    for t in range(len(logs)):
        since += 1
        if since >= 21:
            since, members = 0, np.flatnonzero(seen[t] >= 253)
            open_pairs = [p for p in open_pairs if p[0]]
            for _, y, x, *rest in test_pairs(logs[t - 251:t + 1], members) if len(members) > 1 else []:
                if len(open_pairs) < 4 and not {y, x} & {a for p in open_pairs for a in p[1:3]}:
                    open_pairs.append([0, y, x, *rest])

        def say(asset, *row, t=t):
            out[:, t, asset] = row
        open_pairs = [p for p in open_pairs if trade_pair(p, logs[t], say)]
    return spread(m, out, seen >= 253)


def spread(m, out, warm):
    table = lambda x, none: pd.DataFrame(np.where(warm, x, none), m.rows.index, m.symbols).reindex(m.close.index).ffill().fillna(none)
    return *m.regime(table(out[0], HOLD), table(out[1], 0)), table(out[2], 0)


def eigen_portfolios(returns, factors):
    deviation = returns.std(axis=0, ddof=1)
    fit = PCA(n_components=factors, svd_solver="full").fit((returns - returns.mean(axis=0)) / deviation)
    return (fit.components_ / deviation).T


def scores(returns, factors):
    regressors = np.column_stack([np.ones(len(factors)), factors])
    x = np.cumsum(returns - regressors @ np.linalg.lstsq(regressors, returns, rcond=None)[0], axis=0)
    rows = []
    for path in x.T:
        design = np.column_stack([np.ones(len(path) - 1), path[:-1]])
        (a, b), *_ = np.linalg.lstsq(design, path[1:], rcond=None)
        left = np.mean((path[1:] - design @ [a, b]) ** 2)
        ok = 0 < b < 1 and left > 1e-6 * np.var(path[1:])
        rows.append([-np.log(b) * 252, a / (1 - b), np.sqrt(left / (1 - b * b))] if ok else [np.nan] * 3)
    kappa, mean, sigma = np.array(rows).T
    return (np.nanmean(mean) - mean) / sigma, kappa


def judge_score(s, side):
    """Grade, confidence, weight and the new side."""
    sure, strong = 0.5 + 0.5 * reach(abs(s), 1.25, 3.75), abs(s) > 2.5
    if s < -1.25:
        return STRONG_BUY if strong else BUY, sure, 0.05, 1
    if s > 1.25:
        return STRONG_SELL if strong else SELL, sure, 0, -1
    if side > 0 and s > -0.5:
        return SELL, 0.75, 0, 0
    return HOLD, 0, 0, 0 if side < 0 and s < 0.75 else side


def pca(m):
    returns, seen = m.rows.pct_change().fillna(0).to_numpy(), m.rows_seen.to_numpy()
    out, side, since, weights = np.zeros((3, *returns.shape)), np.zeros(returns.shape[1]), 21, None
    out[0] = HOLD
    for t in range(len(returns)):
        since += 1
        if since >= 21:
            members, weights = np.flatnonzero(seen[t] >= 253), None
            if len(members) >= 3:
                since = 0
                weights = eigen_portfolios(returns[t - 251:t + 1, members], min(3, len(members) - 1))
        if weights is None:
            continue
        last = returns[t - 59:t + 1, members]
        for asset, s, kappa in zip(members, *scores(last, last @ weights)):
            if kappa > 252 / 30:
                *row, side[asset] = judge_score(s, side[asset])
                out[:, t, asset] = row
    return spread(m, out, seen >= 253)


def ours(program, m, name):
    table = ask(program, m.text(), name, len(m.symbols))
    return (table.pivot(index="day", columns="asset", values=column).to_numpy() for column in ("grade", "confidence", "target_weight"))


def compare(program, m, what):
    everything, rows = slice(None), m.is_row.to_numpy()
    named = {"mean_reversion": (mean_reversion, everything), "bollinger": (bollinger, everything),
             "volatility": (lambda bars: volatility(bars, 252), everything), "jump_diffusion": (jump_diffusion, everything)}
    for name, (of, days) in named.items():
        held = own_bars(m, of)
        agree(what, name, ours(program, m, name), held, days)
    for name, of in (("pairs", pairs), ("pca", pca)):
        agree(what, name, ours(program, m, name), of(m), rows)


def agree(what, name, got, want, days):
    for column, g, w in zip(("grade", "confidence", "weight"), got, want):
        close(g[days], w.to_numpy()[days], f"{what} {name} {column}", 1e-9, 1e-12)
    check(len(np.unique(want[0].to_numpy()[days])) >= 3, f"{what} {name} says at least three grades")


def main():
    program = driver("strategies", "strategies/factors/*.c", "strategies/signals/*.c", "strategies/portfolios/*.c")
    compare(program, generated(), "generated")
    market = real()
    if market:
        compare(program, market, "daily")
    finish()


main()
