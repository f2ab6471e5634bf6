#!/usr/bin/env python3
"""risk_parity_ref.py - equal risk contribution against solvers that are not ours.

    python3 tests/golden/risk_parity_ref.py [--write]

Reference: without caps, scipy trust-exact in the logarithms of the weights, then scipy root on the first-order conditions S y = b / y;
with caps, scipy L-BFGS-B on the capped problem inside brentq on lambda; riskfolio-lib where it is installed (its solver is good to 1e-4).
Last line: N passed, N failed."""
import numpy as np
import pandas as pd

from kit import ask, close, daily, driver, finish, golden
from risk_parity import capped, uncapped

CAP = 0.08


def made():
    rng = np.random.default_rng(23)
    loads, own = rng.normal(0, 1, (15, 3)) * [0.01, 0.006, 0.004] + [0.006, 0, 0], rng.uniform(0.002, 0.02, 15)
    return np.array([[float(f"{x:.9g}") for x in row] for row in loads @ loads.T + np.diag(own ** 2)])


def riskfolio(covariance, want, what):
    try:
        import riskfolio as rp
    except ImportError:
        print("riskfolio-lib is not installed: not compared")
        return
    names = [f"a{i}" for i in range(len(covariance))]
    portfolio = rp.Portfolio(returns=pd.DataFrame(np.zeros((2, len(names))), columns=names))
    portfolio.mu, portfolio.cov = pd.DataFrame([np.zeros(len(names))], columns=names), pd.DataFrame(covariance, index=names, columns=names)
    weights = portfolio.rp_optimization(model="Classic", rm="MV", rf=0, b=None, hist=True)
    close(weights["weights"].to_numpy(), want, what + " riskfolio-lib", 1e-3, 1e-4)


def ours(program, covariance, cap):
    return ask(program, pd.DataFrame(covariance), len(covariance), cap)["weight"].to_numpy()


def main():
    program = driver("risk_parity", "strategies/portfolios/risk_parity.c")
    covariance = made()
    columns = pd.DataFrame(covariance, columns=[f"c{i}" for i in range(15)])
    golden("portfolios/covariance", columns, pd.DataFrame(index=columns.index), {})
    want = pd.DataFrame({"w": uncapped(covariance, np.ones(15)), "w_budget": uncapped(covariance, np.arange(1.0, 16)),
                         "w_cap": capped(covariance, CAP)})
    golden("portfolios/risk_parity", pd.DataFrame({"asset": np.arange(15.0)}), want, {"w": (1e-10, 0), "w_budget": (1e-10, 0), "w_cap": (1e-6, 0)})
    close(ours(program, covariance, 0), want["w"], "ours", 1e-10)
    close(ours(program, covariance, CAP), want["w_cap"], "ours capped", 1e-6)
    riskfolio(covariance, want["w"], "generated")
    data = daily()
    if data:
        table = pd.DataFrame({s: bars.set_index("date")["adj_close"] for s, bars in data.items() if s != "VIX"}).dropna().pct_change().dropna()
        for start in range(0, len(table) - 60, 60):
            real = table.iloc[start:start + 60].cov().to_numpy()
            close(ours(program, real, 0), uncapped(real, np.ones(len(real))), f"daily {start}", 1e-9)
            close(ours(program, real, 0.12), capped(real, 0.12), f"daily capped {start}", 1e-5)
        riskfolio(real, uncapped(real, np.ones(len(real))), "daily")
    finish()


main()
