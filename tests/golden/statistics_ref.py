#!/usr/bin/env python3
"""statistics_ref.py - cointegration, eigen-portfolio residuals and jumps against libraries that are not ours.

    python3 tests/golden/statistics_ref.py [--write]

Reference of each:
    cointegration   statsmodels coint(trend="c", autolag=None) for statistic and critical values, OLS for hedge and half-life. The 1 % value
                    is that of the paper: statsmodels 0.15.0 has -33.527 where MacKinnon (2010, table 2, N = 2) prints -22.527
                    (statsmodels issue 10271; Stata's egranger has the paper's)
    residual        scikit-learn PCA of standardised returns, statsmodels OLS on the factor returns, AR(1) by statsmodels OLS
    jumps           numpy, the formulas of Lee and Mykland (2008) return by return, and Merton's parameters of what they leave
Last line: N passed, N failed."""
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
from sklearn.decomposition import PCA
from statsmodels.tsa.stattools import coint

from kit import ask, check, close, compare, daily, driver, finish, golden

PAIR = ["hedge", "intercept", "statistic", "critical_1", "critical_5", "critical_10", "half_life", "deviation", "zscore"]
NINE = {name: (1e-9, 1e-13) for name in PAIR + ["s", "kappa", "m", "sigma", "explained"]}
JUMPS = {"statistic": (1e-12, 1e-12), "jump_mean": (1e-12, 1e-15), "drift": (1e-11, 1e-13), "sigma": (1e-12, 0)}


def cointegration(y, x, lags):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        statistic, _, critical = coint(y, x, trend="c", maxlag=lags, autolag=None)
    each = 1 / (len(y) - 1)
    critical[0] = -3.89644 - 10.9519 * each - 22.527 * each ** 2
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    u = fit.resid
    pull = sm.OLS(np.diff(u), sm.add_constant(u[:-1])).fit().params[1]
    half_life = -np.log(2) / np.log1p(pull) if -1 < pull < 0 else 0.0
    deviation = np.sqrt(np.mean(u * u))
    return [fit.params[1], fit.params[0], statistic, *critical, half_life, deviation, u[-1] / deviation]


def residual(returns, factors, window, annual_days):
    deviation = returns.std(axis=0, ddof=1)
    pca = PCA(n_components=factors, svd_solver="full").fit((returns - returns.mean(axis=0)) / deviation)
    last = returns[-window:]
    regressors = sm.add_constant(last @ (pca.components_ / deviation).T)
    rows = []
    for y in last.T:
        x = np.cumsum(sm.OLS(y, regressors).fit().resid)
        fit = sm.OLS(x[1:], sm.add_constant(x[:-1])).fit()
        a, b = fit.params
        ok = 0 < b < 1
        m, sigma = (a / (1 - b), np.sqrt(np.mean(fit.resid ** 2) / (1 - b * b))) if ok else (np.nan, np.nan)
        rows.append([-np.log(b) * annual_days if ok else np.nan, m, sigma])
    kappa, m, sigma = np.array(rows).T
    out = {"s": (np.nanmean(m) - m) / sigma, "kappa": kappa, "m": m, "sigma": sigma}
    return pd.DataFrame(out | {"explained": np.full(len(m), pca.explained_variance_ratio_.sum())})


def jumps(price, annual_days, local=16, days=252, alpha=0.01):
    r = np.log(price[1:] / price[:-1])
    c, root = np.sqrt(2 / np.pi), np.sqrt(2 * np.log(days))
    centre = root / c - (np.log(np.pi) + np.log(np.log(days))) / (2 * c * root)
    limit = centre + -np.log(-np.log(1 - alpha)) / (c * root)
    out = np.full((len(price), 7), np.nan)
    for i in range(local - 1, len(r)):
        w = np.abs(r[i - local + 1:i])
        variance = np.sum(w[1:] * w[:-1]) / (local - 2)
        out[i + 1, 0] = r[i] / np.sqrt(variance) if variance > 0 else 0
        out[i + 1, 1] = abs(out[i + 1, 0]) > limit
    for t in range(local + days - 1, len(price)):
        moved, jumped = r[t - days:t], out[t - days + 1:t + 1, 1] == 1
        sigma, size = moved[~jumped].std(ddof=1) * np.sqrt(annual_days), moved[jumped]
        out[t, 2:] = [len(size) * annual_days / days, size.mean() if len(size) else 0, size.std(ddof=1) if len(size) > 1 else 0, sigma,
                      moved[~jumped].mean() * annual_days + sigma ** 2 / 2]
    return pd.DataFrame(out, columns=["statistic", "jump", "lambda", "jump_mean", "jump_deviation", "sigma", "drift"])


def made_pairs(rng):
    x = np.log(50) + np.cumsum(rng.normal(0, 0.01, 200))
    spread = np.zeros((200, 2))
    for t in range(1, 200):
        spread[t] = [0.7, 0.5] * spread[t - 1] + rng.normal(0, 0.008, 2)
    columns = {"y0": 0.3 + 0.8 * x + spread[:, 0], "x0": x, "y1": np.log(20) + np.cumsum(rng.normal(0, 0.01, 200)), "x1": x,
               "y2": 1 - 0.5 * x + 0.3 * spread[:, 1], "x2": x}
    return pd.DataFrame(columns).map(lambda v: float(f"{v:.7g}"))


def made_returns(rng):
    market, style = rng.normal(0, 0.01, (252, 1)), rng.normal(0, 0.006, (252, 1))
    own = np.zeros((252, 8))
    for t in range(1, 252):
        own[t] = 0.9 * own[t - 1] + rng.normal(0, 0.006, 8)
    returns = market * rng.uniform(0.5, 1.5, 8) + style * rng.uniform(-1, 1, 8) + np.diff(own, axis=0, prepend=0)
    return pd.DataFrame(returns, columns=[f"r{i}" for i in range(8)]).map(lambda v: float(f"{v:.7g}"))


def made_prices(rng):
    moves = rng.normal(0.0003, 0.009, 330) + np.where(rng.random(330) < 0.02, rng.normal(-0.02, 0.08, 330), 0)
    return pd.DataFrame({"price": 60 * np.exp(np.cumsum(moves))}).map(lambda v: float(f"{v:.7g}"))


def committed(program):
    rng = np.random.default_rng(17)
    pairs, returns, prices = made_pairs(rng), made_returns(rng), made_prices(rng)
    golden("statistics/pairs", pairs, pd.DataFrame(index=pairs.index), {})
    golden("statistics/returns", returns, pd.DataFrame(index=returns.index), {})
    keys = pd.DataFrame([(p, lags) for p in range(3) for lags in (0, 1, 4)], columns=["pair", "lags"]).astype(float)
    want = [cointegration(pairs[f"y{int(p)}"].to_numpy(), pairs[f"x{int(p)}"].to_numpy(), int(lags)) for p, lags in keys.to_numpy()]
    want = pd.DataFrame(want, columns=PAIR)
    golden("statistics/cointegration", keys, want, NINE)
    got = [ask(program, pairs[[f"y{int(p)}", f"x{int(p)}"]], "cointegration", int(lags)) for p, lags in keys.to_numpy()]
    compare("pairs ours", pd.concat(got, ignore_index=True), want, NINE)
    scores = residual(returns.to_numpy(), 2, 60, 252)
    golden("statistics/residual", pd.DataFrame({"asset": np.arange(8.0)}), scores, NINE)
    compare("residual ours", ask(program, returns, "residual", 2, 60, 252, 8), scores, NINE)
    found = jumps(prices["price"].to_numpy(), 252)
    check(3 <= found["jump"].sum() <= 12, "the generated prices hold some jumps")
    golden("statistics/jumps", prices, found, JUMPS)
    compare("jumps ours", ask(program, prices, "jumps", 252), found, JUMPS)


def real(program):
    data = daily()
    if not data:
        return
    close_of = pd.DataFrame({symbol: bars.set_index("date")["adj_close"] for symbol, bars in data.items() if symbol != "VIX"}).dropna()
    logs, simple = np.log(close_of), close_of.pct_change().dropna()
    symbols = list(close_of.columns)
    for start in range(0, len(logs) - 252, 251):
        part = logs.iloc[start:start + 252]
        for one, two in zip(symbols, symbols[1:]):
            want = pd.DataFrame([cointegration(part[one].to_numpy(), part[two].to_numpy(), 1)], columns=PAIR)
            compare(f"{one} {two} {start}", ask(program, part[[one, two]], "cointegration", 1), want, NINE)
        window = simple.iloc[start:start + 252]
        want = residual(window.to_numpy(), 3, 60, 252)
        compare(f"residual {start}", ask(program, window, "residual", 3, 60, 252, len(symbols)), want, NINE)
    for symbol, bars in data.items():
        want = jumps(bars["adj_close"].to_numpy(), 252)
        compare("jumps " + symbol, ask(program, bars[["adj_close"]], "jumps", 252), want, JUMPS)


def main():
    program = driver("statistics", "strategies/factors/*.c")
    committed(program)
    real(program)
    finish()


if __name__ == "__main__":
    main()
