"""metrics_ref.py - golden values of strategies/metrics: empyrical, quantstats, scipy and the formulas of the papers named in the headers."""
import sys
import warnings

import empyrical
import numpy as np
import pandas as pd

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


if __name__ == "__main__":
    sys.exit(cases.main(__file__, list(performance_cases())))
