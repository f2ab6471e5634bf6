"""quotes_ref.py - golden values of strategies/quotes: document 03 section 3.1 written out with numpy, volatility by pandas ewm."""
import sys

import numpy as np
import pandas as pd

import metrics_cases as cases
from metrics_cases import Sequence


def prices_of(sequence, count, first, deviation):
    prices = [first]
    while len(prices) < count:
        prices.append(round(prices[-1] * (1 + deviation * sequence.normal()), 8))
    return prices


def volatility_of(prices, window, span, default, floor, ceiling):
    seen = pd.Series(prices[-window:])
    if len(seen) < 2:
        value = default
    else:
        squares = np.log(seen / seen.shift(1)).dropna() ** 2
        value = float(np.sqrt(squares.ewm(span=span, adjust=False).mean().iloc[-1]))
    return max(floor, min(value, ceiling))


def quote_case(name, prices, position, form, skew, **changed):
    c = dict(gamma=0.1, kappa=1.5, horizon=1.0, weight=1.0, impact=1.2, base=0.5, cap=1e6, window=50, span=20.0, default=0.01,
             floor=1e-6, ceiling=1.0, gap=1.0, size=1.5, size_floor=0.1, limit=10.0)
    c.update(changed)
    mid = prices[-1] if prices else 100.0
    volatility = volatility_of(prices, c["window"], c["span"], c["default"], c["floor"], c["ceiling"])
    sigma = volatility * mid if form else volatility
    reservation = mid - position * c["gamma"] * sigma * sigma * c["horizon"] * c["weight"]
    spread = c["gamma"] * sigma * sigma * c["horizon"] + (2.0 / c["gamma"]) * np.log(1.0 + c["gamma"] / c["kappa"])
    spread = min(spread * c["impact"] + c["base"], c["cap"])
    step = max(position * c["weight"], -spread / 2) if skew else 0.0
    factor = max(c["size_floor"], 1.0 - abs(position) / c["limit"])
    adjustment = position / c["limit"] * 0.5
    sizes = {"bid": factor * (1.0 + max(0.0, -adjustment)), "ask": factor * (1.0 + max(0.0, adjustment))}
    wanted = {"volatility": volatility, "reservation": reservation, "spread": spread}
    for side, sign in (("bid", -1), ("ask", 1)):
        room = c["limit"] + sign * position
        px, qty = [], []
        for level, multiplier in enumerate([1.0, 2.0, 3.0]):
            want = min(c["size"] * multiplier * sizes[side], room)
            price = reservation + sign * (spread / 2 * (1 + c["gap"] * level) + step)
            if want > 0 and price > 0:
                px.append(price)
                qty.append(want)
                room -= want
        wanted[side + "_px"], wanted[side + "_qty"] = px, qty
    given = {"form": form, "skew": skew, "position": position, "mid": mid, "prices": prices}
    given.update(c)
    return ("quotes_" + name, given, wanted)


def quote_cases():
    s = Sequence(21)
    yield quote_case("no_price_yet", [], 0.0, 0, 0)
    yield quote_case("one_price", [50000.0], 2.0, 0, 0)
    yield quote_case("document_flat", prices_of(s, 30, 50000.0, 0.001), 0.0, 0, 0)
    yield quote_case("document_long", prices_of(s, 50, 50000.0, 0.001), 4.0, 0, 0)
    yield quote_case("ring_lapped", prices_of(s, 137, 50000.0, 0.001), -3.0, 0, 0)
    yield quote_case("document_skew_long", prices_of(s, 77, 2000.0, 0.002), 6.0, 0, 1, weight=0.05)
    yield quote_case("document_skew_short", prices_of(s, 77, 2000.0, 0.002), -6.0, 0, 1, weight=0.05)
    yield quote_case("document_skew_would_cross", prices_of(s, 77, 2000.0, 0.002), -6.0, 0, 1, weight=5.0)
    yield quote_case("paper_long", prices_of(s, 60, 100.0, 0.02), 2.5, 1, 0)
    yield quote_case("paper_capped", prices_of(s, 60, 50000.0, 0.001), 0.25, 1, 0, cap=40.0, gamma=0.001)
    yield quote_case("at_limit_long", prices_of(s, 60, 100.0, 0.01), 10.0, 0, 0)
    yield quote_case("at_limit_short", prices_of(s, 60, 100.0, 0.01), -10.0, 0, 0)
    yield quote_case("near_limit", prices_of(s, 60, 100.0, 0.01), 9.9, 0, 0)
    yield quote_case("ceiling", prices_of(s, 60, 100.0, 0.05), 1.0, 0, 0, ceiling=0.02)
    yield quote_case("constant_price_floor", [100.0] * 20, 1.0, 0, 0, floor=0.0001)
    yield quote_case("cheap_bids_absent", prices_of(s, 60, 1.2, 0.01), 0.0, 0, 0)


if __name__ == "__main__":
    sys.exit(cases.main(__file__, list(quote_cases())))
