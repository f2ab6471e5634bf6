#!/usr/bin/env python3
"""measures_ref.py - the further factors against libraries that are not ours.

    python3 tests/golden/measures_ref.py [--write]

Reference of each:
    momentum_12_1           pandas, price[t-21] / price[t-252] - 1; summed: numpy, the returns of 231 days a month late
    bollinger               numpy mean and std(ddof=0) of each window; TA-Lib BBANDS at 1e-9
    vwap                    numpy, sums of each window
    correlation covariance  numpy corrcoef and cov of each window; pandas rolling corr and cov at 1e-9
    ewm                     pandas ewm(alpha, adjust=False) of squared returns
    realised bipower        numpy, window by window
    rank                    pandas rank(pct=True) across the columns of a table
Last line: N passed, N failed."""
import numpy as np
import pandas as pd
import talib

from kit import ask, check, close, compare, compare_million, daily, driver, finish, golden, million, windows

INPUTS = ["high", "low", "close", "volume", "other"]
TOLERANCE = {"momentum_12_1": (1e-12, 1e-15), "momentum_12_1_summed": (1e-12, 1e-12), "percent_b": (0, 1e-10), "bandwidth": (1e-12, 1e-17),
             "correlation_60": (0, 1e-12), "covariance_60": (1e-12, 1e-16), "jump_share_20": (1e-11, 1e-13)}


def pairwise(x, y, n, of):
    out = np.full(len(x), np.nan)
    for t in range(n, len(x)):
        out[t] = of(x[t - n + 1:t + 1], y[t - n + 1:t + 1])
    return out


def centred(w):
    """A constant shift changes no covariance and keeps digits."""
    return w - w[0]


def reference(bars):
    high, low, last, volume, other = (bars[name].to_numpy(float) for name in INPUTS)
    price, out = bars["close"], {}
    returns = price.pct_change()
    out["momentum_12_1"] = price.shift(21) / price.shift(252) - 1
    out["momentum_12_1_summed"] = windows(returns.shift(21).to_numpy(), 231, np.sum)
    mean = windows(last, 20, lambda w: w[0] + np.mean(centred(w)))
    dev = windows(last, 20, lambda w: np.std(centred(w)))
    out |= {"upper": mean + 2 * dev, "middle": mean, "lower": mean - 2 * dev}
    with np.errstate(invalid="ignore", divide="ignore"):
        out["percent_b"] = np.where(np.isnan(dev), np.nan, np.where(dev > 0, 0.5 + (last - mean) / (4 * dev), 0.5))
    out["bandwidth"] = 4 * dev / mean
    typical = (high + low + last) / 3
    paid, traded = (windows(v, 20, lambda w: np.sum(w.astype(np.longdouble))) for v in (typical * volume, volume))
    with np.errstate(invalid="ignore", divide="ignore"):
        out["vwap_20"] = np.where(traded == 0, typical, paid / traded)
    rx, ry = last / np.roll(last, 1) - 1, other / np.roll(other, 1) - 1
    out["correlation_60"] = pairwise(rx, ry, 60, lambda a, b: np.corrcoef(centred(a), centred(b))[0, 1] if np.ptp(a) > 0 and np.ptp(b) > 0 else 0)
    out["covariance_60"] = pairwise(rx, ry, 60, lambda a, b: np.cov(centred(a), centred(b))[0, 1])
    out["ewm"] = np.sqrt((returns[1:] ** 2).ewm(alpha=1 - 0.94, adjust=False).mean() * 252).reindex(price.index)
    logs = np.log(last[1:] / last[:-1])
    realised = np.concatenate([[np.nan], windows(logs, 20, lambda w: np.sum(w * w))])
    bipower = np.concatenate([[np.nan], windows(logs, 20, lambda w: np.pi / 2 * 20 / 19 * np.sum(np.abs(w[1:] * w[:-1])))])
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(realised == 0, 0, np.maximum(0, realised - bipower) / realised)
    out |= {"realised_20": realised, "bipower_20": bipower, "jump_share_20": share}
    return pd.DataFrame(out)


def libraries(bars, want, what):
    last = bars["close"].to_numpy(float)
    for name, band in zip(("upper", "middle", "lower"), talib.BBANDS(last, 20, 2, 2)):
        close(band, want[name], f"{what} TA-Lib {name}", 1e-9)
    rx, ry = bars["close"].pct_change(), bars["other"].pct_change()
    close(rx.rolling(60).corr(ry), want["correlation_60"], what + " pandas corr", 0, 1e-9)
    close(rx.rolling(60).cov(ry), want["covariance_60"], what + " pandas cov", 1e-9, 1e-13)


def generated():
    rng = np.random.default_rng(11)
    moves = rng.normal(0, 0.01, 300) + np.where(rng.random(300) < 0.03, rng.normal(0, 0.06, 300), 0)
    last = 80 * np.exp(np.cumsum(moves))
    other = 30 * np.exp(np.cumsum(0.6 * moves + rng.normal(0, 0.008, 300)))
    volume = np.where((np.arange(300) > 100) & (np.arange(300) < 130), 0, rng.integers(100, 9999, 300))
    bars = pd.DataFrame({"high": last * 1.01, "low": last * 0.985, "close": last, "volume": volume, "other": other})
    return bars.map(lambda x: float(f"{x:.7g}"))


def edges():
    """name -> bars: nothing moves, then half of the time; at the small and the large end of prices; a split of 1 to 20; one bar."""
    bars = generated()
    prices = ["high", "low", "close", "other"]
    still = bars.assign(high=42.5, low=42.0, close=42.25, other=7.0)
    half = pd.concat([still.head(150), bars.tail(150)])
    made = {"still": still, "half still": half, "tiny": bars, "huge": bars, "split": bars}
    factor = {"tiny": 1e-11, "huge": 1e12, "split": np.where(np.arange(300) < 170, 1, 0.05)}
    scaled = {name: table.assign(**{p: table[p] * factor.get(name, 1) for p in prices}) for name, table in made.items()}
    return scaled | {"one": bars.head(1)}


def main():
    program = driver("measures", "strategies/factors/*.c")
    bars = generated()
    fresh = reference(bars)
    golden("measures/walk", bars, fresh, TOLERANCE)
    libraries(bars, fresh, "walk")
    compare("walk ours", ask(program, bars), fresh, TOLERANCE)
    for name, table in edges().items():
        compare(name, ask(program, table), reference(table), TOLERANCE)
    ranked = pd.DataFrame(np.random.default_rng(3).integers(-9, 9, (40, 15)).astype(float), columns=[f"v{i}" for i in range(15)])
    ranks = ranked.rank(axis=1, pct=True).rename(columns=lambda name: "rank_" + name)
    golden("measures/rank", ranked, ranks, {})
    compare_million("a million", program, million(INPUTS, np.random.default_rng(29)), reference, TOLERANCE)
    data = daily()
    spy = data.get("SPY")
    for symbol, bars in data.items():
        pair = bars.merge(spy[["date", "adj_close"]].rename(columns={"adj_close": "other"}), on="date")
        pair = pair.drop(columns="close").rename(columns={"adj_close": "close"})[INPUTS]
        if len(pair) < 300:
            continue
        want = reference(pair)
        compare(symbol, ask(program, pair), want, TOLERANCE)
        libraries(pair, want, symbol)
    finish()


main()
