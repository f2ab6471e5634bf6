"""metrics_ref.py - golden values of strategies/metrics: empyrical, quantstats, scipy and the formulas of the papers named in the headers."""
import sys
import warnings

import empyrical
import numpy as np
import pandas as pd
import quantstats.stats as quantstats
import scipy.special
import scipy.stats

import metrics_cases as cases
from metrics_cases import Sequence

warnings.filterwarnings("ignore")


def days_of(count, first, gaps):
    days = [first]
    while len(days) < count:
        step = 1
        if gaps and (days[-1] + 4) % 7 == 0:
            step = 3
        days.append(days[-1] + step)
    return days


def navs_of(returns, first):
    navs = [first]
    for r in returns:
        navs.append(round(navs[-1] * (1 + r), 8))
    return navs


def performance_case(name, returns, first=100000.0, gaps=True, seed=1):
    sequence = Sequence(seed)
    nav = navs_of(returns, first)
    day = days_of(len(nav), 14977, gaps)
    cash = [round(v * sequence.uniform(), 8) for v in nav]
    trades = [round(first * 0.01 * sequence.normal() + first * 0.001, 2) for _ in range(40)] + [0.0]
    fills = [round(first * 0.1 * sequence.uniform(), 2) for _ in range(60)]
    costs = [round(v * 0.0005 + 0.35, 4) for v in fills]
    r = pd.Series(np.diff(nav) / np.array(nav[:-1]), index=pd.to_datetime(day[1:], unit="D"))
    span = day[-1] - day[0]
    yearly = len(r) * 365.25 / span
    wealth = np.array(nav)
    under = wealth / np.maximum.accumulate(wealth) - 1
    trough = int(np.argmin(under))
    peak = int(np.flatnonzero(under[:trough + 1] == 0)[-1])
    result = np.array(trades)
    wanted = {
        "cagr_pct": 100 * empyrical.annual_return(r, annualization=yearly),
        "volatility_pct": 100 * empyrical.annual_volatility(r),
        "sharpe": empyrical.sharpe_ratio(r),
        "sortino": empyrical.sortino_ratio(r),
        "calmar": empyrical.calmar_ratio(r, annualization=yearly),
        "max_drawdown_pct": -100 * empyrical.max_drawdown(r),
        "max_drawdown_from": day[peak],
        "max_drawdown_to": day[trough],
        "win_rate_pct": 100 * np.mean(result > 0),
        "profit_factor": result[result > 0].sum() / -result[result < 0].sum(),
        "turnover_pct_month": 100 * sum(fills) / 2 / np.mean(nav) / (span / (365.25 / 12)),
        "cost_pct_year": 100 * sum(costs) / np.mean(nav) / (span / 365.25),
        "exposure_pct": 100 * np.mean((wealth - np.array(cash)) / wealth),
    }
    given = {"day": day, "nav": nav, "cash": cash, "trade": trades, "notional": fills, "cost": costs}
    return ("performance_" + name, given, wanted)


def performance_cases():
    yield performance_case("two_years", Sequence(7).returns(504, 0.0004, 0.011))
    yield performance_case("losing", Sequence(8).returns(260, -0.001, 0.02), seed=2)
    yield performance_case("every_day", Sequence(9).returns(400, 0.001, 0.03), gaps=False, seed=3)
    yield performance_case("three_returns", [0.01, -0.02, 0.015], seed=4)
    yield performance_case("huge", Sequence(10).returns(120, 0.0005, 0.01), first=4.0e11, seed=5)
    yield performance_case("tiny", Sequence(11).returns(120, 0.0005, 0.01), first=12.5, seed=6)


def normal_case():
    share = [1e-300, 1e-100, 1e-20, 1e-9, 0.001, 0.01, 0.025, 0.05, 0.0749, 0.0751, 0.3, 0.5, 0.75, 0.924, 0.926, 0.95, 0.99, 0.999999]
    x = [-30.0, -10.0, -5.0, -1.96, -0.5, 0.0, 0.5, 1.0, 2.3263, 6.0, 8.0]
    wanted = {"quantile": list(scipy.stats.norm.ppf(share)), "below": list(scipy.stats.norm.cdf(x)), "density": list(scipy.stats.norm.pdf(x))}
    return ("normal", {"share": share, "x": x}, wanted)


def moments_case(name, values):
    series = pd.Series(values, dtype=float)
    ids = np.argsort(series.to_numpy(), kind="stable")
    wanted = {"mean": series.mean(), "deviation": series.std(), "skew": series.skew(), "kurtosis": series.kurt(), "ids": list(ids),
              "ranks": list(scipy.stats.rankdata(values)), "quantiles": list(np.quantile(values, [0, 0.01, 0.05, 0.33, 0.5, 0.95, 0.99, 1]))}
    return ("moments_" + name, {"values": values}, wanted)


def moments_cases():
    yield moments_case("returns", Sequence(31).returns(250, 0.0003, 0.01))
    yield moments_case("four", [1.0, 2.0, 4.0, -3.0])
    yield moments_case("ties", [3.0, 1.0, 1.0, 2.0, 2.0, 2.0, -1.0, 0.0, 0.0, 5.0])
    yield moments_case("far_from_zero", [1e6 + v for v in Sequence(33).returns(100, 0.0, 2.0)])
    yield moments_case("skewed", [round(float(np.exp(v)), 12) for v in Sequence(34).returns(300, 0.0, 0.8)])


def association_case(name, seed, count, tied):
    s = Sequence(seed)
    predicted = [s.normal() for _ in range(count)]
    happened = [0.3 * p + s.normal() for p in predicted]
    if tied:
        predicted = [float(round(2 * v)) for v in predicted]
        happened = [float(round(v)) for v in happened]
    wanted = {"linear": scipy.stats.pearsonr(predicted, happened)[0], "rank": scipy.stats.spearmanr(predicted, happened)[0]}
    return ("association_" + name, {"predicted": predicted, "happened": happened}, wanted)


def association_cases():
    yield association_case("twenty", 41, 20, False)
    yield association_case("many", 42, 600, False)
    yield association_case("ties", 43, 150, True)
    yield association_case("three", 44, 3, False)


def ks_case(name, seed, a_count, b_count, shift, tied, exact):
    s = Sequence(seed)
    a = [s.normal() for _ in range(a_count)]
    b = [s.normal() + shift for _ in range(b_count)]
    if tied:
        a, b = [round(v, 1) for v in a], [round(v, 1) for v in b]
    result = scipy.stats.ks_2samp(a, b, method="exact")
    p_value = result.pvalue
    if not exact:
        p_value = scipy.special.kolmogorov(np.sqrt(a_count * b_count / (a_count + b_count)) * result.statistic)
    return ("ks_" + name, {"a": a, "b": b}, {"statistic": result.statistic, "p_value": p_value})


def ks_cases():
    yield ks_case("one_each", 51, 1, 1, 0.0, False, True)
    yield ks_case("twenty_against_year", 52, 20, 252, 0.5, False, True)
    yield ks_case("equal_counts", 53, 40, 40, 0.2, False, True)
    yield ks_case("same", 54, 100, 77, 0.0, False, True)
    yield ks_case("far_apart", 55, 30, 45, 3.0, False, True)
    yield ks_case("ties", 56, 60, 90, 0.3, True, True)
    yield ks_case("limit", 57, 600, 700, 0.1, False, False)
    yield ks_case("limit_small_distance", 58, 600, 700, 0.0, False, False)


def sharpe_case(name, returns):
    r = pd.Series(returns)
    ratio, skew, kurtosis, n = r.mean() / r.std(), r.skew(), r.kurt(), len(r)
    trials, variance = 25, 0.0004
    luck = np.sqrt(variance) * ((1 - np.euler_gamma) * scipy.stats.norm.ppf(1 - 1 / trials)
                                + np.euler_gamma * scipy.stats.norm.ppf(1 - 1 / (trials * np.e)))
    error = np.sqrt((1 - skew * ratio + (kurtosis + 2) / 4 * ratio**2) / (n - 1))
    rolling = [empyrical.sharpe_ratio(r[-w:]) for w in (20, 60, 252)]
    wanted = {"probability": quantstats.probabilistic_sharpe_ratio(r), "luck": luck,
              "deflated": scipy.stats.norm.cdf((ratio - luck) / error), "rolling": rolling}
    return ("sharpe_" + name, {"returns": returns, "trials": trials, "variance": variance}, wanted)


def sharpe_cases():
    yield sharpe_case("good", Sequence(61).returns(400, 0.001, 0.01))
    yield sharpe_case("bad", Sequence(62).returns(300, -0.0006, 0.02))


def tearsheet_case(name, returns, gaps=True):
    nav = navs_of(returns, 100000.0)
    day = days_of(len(nav), 16790, gaps)
    wealth = pd.Series(nav, index=pd.to_datetime(day, unit="D"))
    r = wealth.pct_change().dropna()
    yearly = len(r) * 365.25 / (day[-1] - day[0])
    under = wealth / wealth.cummax() - 1
    falls = quantstats.drawdown_details(under)
    wanted = {
        "total_return_pct": 100 * quantstats.comp(r),
        "cagr_pct": 100 * empyrical.annual_return(r, annualization=yearly),
        "volatility_pct": 100 * quantstats.volatility(r),
        "sharpe": quantstats.sharpe(r),
        "probabilistic_sharpe_pct": 100 * quantstats.probabilistic_sharpe_ratio(r),
        "sortino": quantstats.sortino(r),
        "adjusted_sortino": quantstats.adjusted_sortino(r),
        "omega": quantstats.omega(r),
        "gain_to_pain": quantstats.gain_to_pain_ratio(r),
        "calmar": empyrical.calmar_ratio(r, annualization=yearly),
        "max_drawdown_pct": -100 * quantstats.max_drawdown(r),
        "longest_drawdown_days": falls["days"].max(),
        "average_drawdown_pct": -falls["max drawdown"].mean(),
        "average_drawdown_days": falls["days"].mean(),
        "recovery_factor": quantstats.recovery_factor(r),
        "ulcer_index_pct": 100 * quantstats.ulcer_index(r),
        "ulcer_performance_index": quantstats.ulcer_performance_index(r),
        "skew": quantstats.skew(r),
        "kurtosis": quantstats.kurtosis(r),
        "value_at_risk_pct": -100 * empyrical.value_at_risk(r),
        "value_at_risk_normal_pct": -100 * quantstats.value_at_risk(r),
        "expected_shortfall_pct": -100 * empyrical.conditional_value_at_risk(r),
        "tail_ratio": quantstats.tail_ratio(r),
        "common_sense_ratio": quantstats.common_sense_ratio(r),
        "cpc_index": quantstats.cpc_index(r),
        "outlier_win_ratio": quantstats.outlier_win_ratio(r),
        "outlier_loss_ratio": quantstats.outlier_loss_ratio(r),
        "payoff_ratio": quantstats.payoff_ratio(r),
        "win_day_pct": 100 * quantstats.win_rate(r),
        "win_month_pct": 100 * quantstats.win_rate(r, aggregate="eom"),
        "win_year_pct": 100 * quantstats.win_rate(r, aggregate="eoy"),
        "best_day_pct": 100 * quantstats.best(r),
        "worst_day_pct": 100 * quantstats.worst(r),
        "best_month_pct": 100 * quantstats.best(r, aggregate="eom"),
        "worst_month_pct": 100 * quantstats.worst(r, aggregate="eom"),
        "best_year_pct": 100 * quantstats.best(r, aggregate="eoy"),
        "worst_year_pct": 100 * quantstats.worst(r, aggregate="eoy"),
        "expected_day_pct": 100 * quantstats.expected_return(r),
        "expected_month_pct": 100 * quantstats.expected_return(r, aggregate="eom"),
        "expected_year_pct": 100 * quantstats.expected_return(r, aggregate="eoy"),
        "kelly_pct": 100 * quantstats.kelly_criterion(r),
        "consecutive_wins": quantstats.consecutive_wins(r),
        "consecutive_losses": quantstats.consecutive_losses(r),
        "exposure_pct": 100 * float((r != 0).mean()),
        "stability": empyrical.stability_of_timeseries(r),
    }
    assert len(wanted) == 45
    return ("tearsheet_" + name, {"day": day, "nav": nav}, wanted)


def tearsheet_cases():
    yield tearsheet_case("three_years", Sequence(81).returns(780, 0.0005, 0.011))
    yield tearsheet_case("losing", Sequence(82).returns(400, -0.0008, 0.018))
    yield tearsheet_case("every_day", Sequence(83).returns(900, 0.0012, 0.03), gaps=False)
    idle = [0.0 if i % 3 == 0 else v for i, v in enumerate(Sequence(84).returns(300, 0.0006, 0.009))]
    yield tearsheet_case("idle_days", idle)


def all_cases():
    yield from performance_cases()
    yield normal_case()
    yield from moments_cases()
    yield from association_cases()
    yield from ks_cases()
    yield from sharpe_cases()
    yield from tearsheet_cases()


if __name__ == "__main__":
    sys.exit(cases.main(__file__, list(all_cases())))
