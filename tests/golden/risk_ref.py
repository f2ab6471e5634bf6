"""risk_ref.py - golden values of strategies/risk and strategies/sizing: empyrical, quantstats, scipy.stats.linregress, numpy."""
import sys
import warnings

import empyrical
import numpy as np
import pandas as pd
import quantstats.stats as quantstats
import scipy.stats

import metrics_cases as cases
from metrics_cases import Sequence

warnings.filterwarnings("ignore")


def tail_case(name, returns, tail):
    r = pd.Series(returns, index=pd.date_range("2020-01-01", periods=len(returns)))
    wanted = {"var_historical": -empyrical.value_at_risk(r, cutoff=tail), "es_historical": -empyrical.conditional_value_at_risk(r, cutoff=tail),
              "var_parametric": -quantstats.value_at_risk(r, confidence=1 - tail, prepare_returns=False),
              "es_parametric": -quantstats.conditional_value_at_risk(r, confidence=1 - tail, prepare_returns=False)}
    return ("tail_" + name, {"returns": returns, "tail": tail}, wanted)


def tail_cases():
    yield tail_case("five_percent", Sequence(71).returns(500, 0.0004, 0.012), 0.05)
    yield tail_case("one_percent", Sequence(72).returns(777, -0.0002, 0.02), 0.01)
    yield tail_case("few", Sequence(73).returns(7, 0.001, 0.01), 0.05)


def beta_case():
    s = Sequence(74)
    market = s.returns(252, 0.0004, 0.01)
    asset = [round(1.3 * m + 0.0002 + 0.008 * s.normal(), 9) for m in market]
    fit = scipy.stats.linregress(market, asset)
    assert abs(empyrical.beta(np.array(asset), np.array(market)) - fit.slope) < 1e-12
    return ("beta", {"asset": asset, "market": market}, {"beta": fit.slope, "alpha": fit.intercept})


def concentration_case():
    weight = [0.3, -0.2, 0.15, 0.0, 0.05, -0.45]
    share = np.abs(weight) / np.abs(weight).sum()
    wanted = {"herfindahl": (share**2).sum(), "effective_count": 1 / (share**2).sum(), "largest": share.max(),
              "largest_index": int(share.argmax()), "gross": np.abs(weight).sum(), "net": np.sum(weight)}
    return ("concentration", {"weight": weight}, wanted)


def figures_of(matrix):
    """What document 04 4.3.5 looks at, over the pairs that are known."""
    pairs = matrix[np.triu_indices(len(matrix), k=1)]
    pairs = pairs[~np.isnan(pairs)]
    return [len(pairs), pairs.mean(), pairs.max(), pairs.min()]


def correlation_case(name, seed, assets, common, gaps=(), still=None):
    """Days of returns in whole 1e-7, some assets unknown on some days (gaps: asset, first, last), one that stands still; pandas' rolling matrix at three of them."""
    s = Sequence(seed)
    days, window, looked = 100, 60, (59, 77, 99)
    shared = [s.normal() for _ in range(days)]
    rows = [[round(1e5 * (common * m + (1 - common) * s.normal())) for m in shared] for _ in range(assets)]
    if still is not None:
        rows[still] = [0] * days
    frame = pd.DataFrame(np.array(rows).T / 1e7)
    for asset, first, last in gaps:
        frame.loc[first:last, asset] = np.nan
    rolling = frame.rolling(window).corr()
    given = {"assets": assets, "returns_e7": [v for row in rows for v in row], "known": [int(v) for v in frame.notna().to_numpy().T.ravel()]}
    wanted = {}
    for day in looked:
        matrix = rolling.loc[day].to_numpy()
        whole = frame.iloc[day - window + 1:day + 1].dropna(axis=1)
        moves = [c for c in whole if whole[c].std() > 0]
        assert np.nanmax(np.abs(matrix[np.ix_(moves, moves)] - np.corrcoef(whole[moves].to_numpy().T))) < 1e-10
        wanted[f"matrix_{day}"] = list(np.nan_to_num(matrix).ravel())
        wanted[f"figures_{day}"] = figures_of(matrix)
    return ("correlation_" + name, given, wanted)


def correlation_cases():
    yield correlation_case("calm", 75, 15, 0.2, gaps=((3, 0, 10), (7, 30, 30)), still=11)
    yield correlation_case("tense", 76, 6, 0.55, gaps=((0, 80, 99),))
    yield correlation_case("together", 77, 4, 0.85)


def sizing_case():
    s = Sequence(78)
    returns = s.returns(400, 0.0008, 0.012)
    r = pd.Series(returns, index=pd.date_range("2020-01-01", periods=len(returns)))
    rows = np.array([s.returns(120, 0.0, 0.01) for _ in range(5)])
    covariance = np.round(np.cov(rows) * 252, 12)
    weight = np.array([0.3, 0.2, -0.1, 0.4, 0.2])
    wanted = {"kelly_of_bet": quantstats.kelly_criterion(r, prepare_returns=False), "kelly_of_returns": r.mean() / r.var(),
              "volatility": float(np.sqrt(weight @ covariance @ weight))}
    given = {"returns": returns, "weight": list(weight), "covariance": list(covariance.ravel())}
    return ("sizing", given, wanted)


def all_cases():
    yield from tail_cases()
    yield beta_case()
    yield concentration_case()
    yield from correlation_cases()
    yield sizing_case()


if __name__ == "__main__":
    sys.exit(cases.main(__file__, list(all_cases())))
