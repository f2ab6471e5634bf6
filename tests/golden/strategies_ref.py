#!/usr/bin/env python3
"""strategies_ref.py - momentum, cross-sectional momentum and rotation over a whole market, written again with pandas and scipy.

    python3 tests/golden/strategies_ref.py

The rules of document 04 §4.3.2, §4.5.1 and §4.5.3 on tables, not turn by turn: nothing here knows of states. A generated market of
fifteen assets, one of which trades on weekends too and begins late, and the daily bars beside the project when there are any. Grade,
confidence and weight of every day and asset are compared. Last line: N passed, N failed."""
import numpy as np
import pandas as pd

from kit import ask, check, close, daily, driver, finish
from risk_parity import capped, uncapped

STRONG_SELL, SELL, HOLD, BUY, STRONG_BUY = range(5)


# Nearer than this, relatively, a price is at its average: rounding of the average must not decide.
UP, DOWN = 1 + 1e-12, 1 - 1e-12


def reach(value, start, end):
    return np.clip((value - start) / (end - start), 0, 1)


class Market:
    """Tables by day (rows: all days anything traded) and asset."""

    def __init__(self, bars, vix, havens):
        self.symbols, self.havens = list(bars), [s in havens for s in bars]
        self.close = pd.DataFrame({s: b["close"] for s, b in bars.items()}).sort_index()
        self.adj = pd.DataFrame({s: b["adj_close"] for s, b in bars.items()}).reindex(self.close.index)
        self.bars = bars
        self.vix = vix.reindex(self.close.index.union(vix.index)).ffill().reindex(self.close.index)
        fresh, known = self.close.notna(), self.close.notna().cumsum() > 0
        self.seen = fresh.cumsum()
        self.is_row = 2 * fresh.sum(axis=1) > known.sum(axis=1)
        self.last = self.close.ffill()
        self.rows = self.adj.ffill()[self.is_row]
        self.rows_seen = known[self.is_row].cumsum()

    def own(self, of):
        """A factor of each asset's own bars, spread over all days."""
        return pd.DataFrame({s: of(self.close[s].dropna(), self.adj[s].dropna()) for s in self.symbols}).reindex(self.close.index).ffill()

    def sma(self, n):
        return self.own(lambda c, a: c.rolling(n).mean())

    def regime(self, grade, confidence):
        wild, extreme = (self.vix >= 30) & (self.vix < 40), ~(self.vix < 40)
        confidence = confidence.mul(np.where(wild, 0.5, 1), axis=0)
        return grade.mask(extreme.to_numpy()[:, None] & (grade.to_numpy() > HOLD), HOLD), confidence

    def text(self):
        parts = []
        for i, s in enumerate(self.symbols):
            table = self.bars[s].copy()
            table.insert(0, "asset", i)
            parts.append(table)
        vix = pd.DataFrame({"asset": len(self.symbols)} | {c: self.vix for c in ("open", "high", "low", "close", "adj_close")})
        vix["volume"] = 0
        table = pd.concat(parts + [vix.dropna()]).rename_axis("day").reset_index()
        days = {d: k for k, d in enumerate(self.close.index)}
        table["day"] = table["day"].map(days)
        return table.sort_values(["day", "asset"])[["day", "asset", "open", "high", "low", "close", "adj_close", "volume"]]


def momentum(m):
    value = m.own(lambda c, a: a / a.shift(60) - 1)
    s20, s50, s200, p = m.sma(20), m.sma(50), m.sma(200), m.last
    calm = np.broadcast_to((m.vix < 30).to_numpy()[:, None], p.shape)
    strong_buy = (value > 0.10) & (p > s50 * UP) & (p > s200 * UP) & calm
    strong_sell = (value < -0.10) & (p < s200 * DOWN)
    buy, fall, below = (value > 0.02) & (p > s20 * UP), value < -0.02, p < s50 * DOWN
    rules = [strong_buy, strong_sell, buy, fall, below]
    grade = np.select(rules, [STRONG_BUY, STRONG_SELL, BUY, SELL, SELL], HOLD)
    sure = np.select(rules, [0.75 + 0.25 * reach(value, 0.10, 0.20), 0.75 + 0.25 * reach(value, -0.10, -0.20),
                             0.5 + 0.25 * reach(value, 0.02, 0.10), 0.5 + 0.25 * reach(value, -0.02, -0.10), 0.5], 0)
    weight = np.select([strong_buy, ~strong_buy & ~strong_sell & buy], [0.10, 0.05], 0)
    warm = (m.seen >= 200).to_numpy()
    frame = lambda x: pd.DataFrame(np.where(warm, x, HOLD if x is grade else 0), m.close.index, m.symbols)
    return *m.regime(frame(grade), frame(sure)), frame(weight)


def year_ranks(m, ready):
    year = (m.rows.shift(21) / m.rows.shift(252) - 1).where((m.rows_seen >= 253) & ready)
    return year.rank(axis=1, pct=True)


def cross_sectional(m):
    s200 = m.sma(200)[m.is_row]
    up = m.last[m.is_row] > s200 * UP
    rank = year_ranks(m, s200.notna())
    top, bottom, ranked = rank > 0.7, rank < 0.3, rank.notna()
    count = top.sum(axis=1)
    defence = 2 * (top & ~up).sum(axis=1) > count
    haven = pd.DataFrame(np.broadcast_to(m.havens, rank.shape), rank.index, rank.columns)
    d = pd.DataFrame(np.broadcast_to(defence.to_numpy()[:, None], rank.shape), rank.index, rank.columns)
    rules = [d & ranked & haven, d & ranked, bottom, top & up & (rank >= 1), top & up]
    grade = np.select(rules, [BUY, SELL, SELL, STRONG_BUY, BUY], HOLD)
    sure = np.select(rules, [0.8, 0.8, 0.5 + 0.5 * reach(rank, 0.3, 0)] + 2 * [0.5 + 0.5 * reach(rank, 0.7, 1)], 0)
    share = 1 / count.to_numpy()[:, None].clip(1) * np.ones(rank.shape)
    weight = np.select(rules, [1 / max(1, sum(m.havens)), 0, 0, share, share], 0)
    frame = lambda x: pd.DataFrame(x, rank.index, rank.columns).reindex(m.close.index)
    return *m.regime(frame(grade), frame(sure)), frame(weight)


def goal_of(m, day, chosen, cap):
    if not chosen:
        return pd.Series(0.0, m.symbols)
    at = m.rows.index.get_loc(day)
    covariance = m.rows[chosen].iloc[at - 60:at + 1].pct_change().dropna().cov().to_numpy()
    w = uncapped(covariance, np.ones(len(chosen)))
    if cap * len(chosen) <= 1:
        w = np.full(len(chosen), cap)
    elif w.max() > cap:
        w = capped(covariance, cap)
    return pd.Series(w, chosen).reindex(m.symbols).fillna(0)


def rotation(m, cap=0.40, every=21):
    s200 = m.sma(200)[m.is_row]
    up = m.last[m.is_row] > s200 * UP
    rank = year_ranks(m, s200.notna() | True)
    held, traded, weights, start = pd.Series(0.0, m.symbols), [], {}, None
    for k, day in enumerate(m.rows.index):
        spent = 0.0
        if start is None and (m.rows_seen.loc[day] >= 253).any():
            start = k
        if start is not None and (k - start) % every == 0:
            goal = goal_of(m, day, [s for s in m.symbols if rank.at[day, s] > 0.7 and up.at[day, s]], cap)
            whole = (goal - held).abs().sum()
            allowed = min(0.8, 0.002 / 0.001) * (1 - 1e-9) - sum(traded[-20:])
            share = 0 if whole == 0 or allowed <= 0 else min(1, allowed / whole)
            held = held + share * (goal - held)
            spent = share * whole
        traded.append(spent)
        weights[day] = held
    return pd.DataFrame(weights).T.where(m.rows_seen >= 253, 0)


def generated():
    rng = np.random.default_rng(31)
    days = pd.date_range("2019-01-01", periods=1500)
    work = days[days.day_of_week < 5]
    bars = {}
    common = rng.normal(0.0001, 0.008, len(days))
    for i in range(15):
        own = days[500:] if i == 14 else work
        level = 40 * np.exp(np.cumsum(common + rng.normal(0.0001, 0.01, len(days))))
        price = pd.Series(level, days)[own].round(4)
        bars[f"a{i}"] = pd.DataFrame({"open": price, "high": price * 1.01, "low": price * 0.99, "close": price, "adj_close": price * 0.9, "volume": 5.0})
    vix = pd.Series(12 + 35 * np.abs(np.sin(np.arange(len(work)) / 40)) ** 4, work).round(2)
    return Market(bars, vix, ["a4", "a9"])


def real():
    data = daily()
    if not data:
        return None
    bars = {s: b.set_index("date") for s, b in data.items()}
    vix = bars.pop("VIX")["close"]
    return Market({s: b for s, b in bars.items() if len(b) > 300}, vix, ["GLD", "TLT"])


def ours(program, m, name):
    havens = [i for i, haven in enumerate(m.havens) if haven]
    table = ask(program, m.text(), name, len(m.symbols), *havens)
    spread = lambda column: table.pivot(index="day", columns="asset", values=column).to_numpy()
    return spread("grade"), spread("confidence"), spread("target_weight")


def compare(program, m, what):
    for name, of, rows in (("momentum", momentum, slice(None)), ("cross_sectional", cross_sectional, m.is_row.to_numpy())):
        got, want = ours(program, m, name), of(m)
        for column, g, w in zip(("grade", "confidence", "weight"), got, want):
            close(g[rows], w.to_numpy()[rows], f"{what} {name} {column}", 1e-9, 1e-12)
        check(len(np.unique(want[0].to_numpy()[rows])) >= 4, f"{what} {name} says at least four grades")
    grade, _, weight = ours(program, m, "rotation")
    want = rotation(m).to_numpy()
    close(weight[m.is_row.to_numpy()], want, what + " rotation weight", 1e-5, 1e-6)
    check(want.sum(axis=1).max() > 0.9, what + " rotation invests")


def main():
    program = driver("strategies", "strategies/factors/*.c", "strategies/signals/*.c", "strategies/portfolios/*.c")
    compare(program, generated(), "generated")
    market = real()
    if market:
        compare(program, market, "daily")
    finish()


if __name__ == "__main__":
    main()
