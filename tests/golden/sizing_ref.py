#!/usr/bin/env python3
"""sizing_ref.py - the chain of strategies/sizing/sizer.h in exact fractions, cut down to 1e-8 of the NAV after each step, and orders against
their limits. The numbers of the universe are read from config.h, so that the golden files are remade when someone changes them.

    python3 tests/golden/sizing_ref.py [--write]

Reference: python's fractions, no arithmetic of ours. Last line: N passed, N failed."""
import itertools
import os
import random
import re
from fractions import Fraction
from math import floor

import pandas as pd

from kit import ROOT, finish, golden

E8, BP = 10 ** 8, 10 ** 4
STEPS = "wish confidence regime sentiment volatility kelly cap correlation room risk stage ramp".split()
ROW = re.compile(r'X\("([^"]+)", +(\w+), +(\w+), +(\d+), +(\d+), +(\d+), +(\d+), +(\d+), +(\d+), +(\d+), ')


def universe():
    with open(os.path.join(ROOT, "config.h")) as file:
        return [(row[0], *map(int, row[3:])) for row in ROW.findall(file.read())]


def share(bp):
    return Fraction(bp, BP)


def cut(weights):
    """Down to whole 1e-8."""
    return [Fraction(floor(w * E8), E8) for w in weights]


def in_proportion(weights, total, room):
    return [w * room / total for w in weights] if total > room else weights


def chain(book, assets):
    """The weights after each step; assets are dicts."""
    out = []

    def after(weights):
        out.append(cut(weights))
        return out[-1]

    known = [a["vol"] > 0 for a in assets]
    wishes = [sum(share(w) * share(s) for w, s, _, _ in a["wishes"]) for a in assets]
    sures = [sum(cut([share(w) * share(s) * share(c)])[0] for w, s, c, _ in a["wishes"]) for a in assets]
    calms = [sum(cut([cut([share(w) * share(s) * share(c)])[0] * share(p)])[0] for w, s, c, p in a["wishes"]) for a in assets]
    weights = after([w if k else Fraction(0) for w, k in zip(wishes, known)])
    weights = after([min(w, s) for w, s in zip(weights, sures)])
    weights = after([min(w, c) for w, c in zip(weights, calms)])
    weights = after([w * (1 - share(max(0, -a["sentiment"])) * share(book["sentiment_max"])) for w, a in zip(weights, assets)])
    weights = after([min(Fraction(1), w * share(a["target"]) / a["vol"]) if w else w for w, a in zip(weights, assets)])
    kelly = share(book["kelly_fraction"]) * share(book["kelly_sharpe"])
    weights = after([min(w, floor(kelly * (s / wish) / a["vol"] * E8) * Fraction(1, E8)) if w else w
                     for w, s, wish, a in zip(weights, sures, wishes, assets)])
    weights = after([min(w, share(a["cap"])) for w, a in zip(weights, assets)])
    tightest = [Fraction(1)] * len(assets)
    for i, j in itertools.combinations(range(len(assets)), 2):
        both, most = weights[i] + weights[j], share(assets[i]["cap"] + assets[j]["cap"]) * share(book["correlated_cap"])
        if j in assets[i]["with"] and both > most:
            tightest[i], tightest[j] = min(tightest[i], most / both), min(tightest[j], most / both)
    weights = after([w * part for w, part in zip(weights, tightest)])
    room = min(1 - share(book["cash_buffer"]), share(book["leverage"]), share(book["leverage_now"]))
    weights = after(in_proportion(weights, sum(weights), room))
    risk = sum(cut([w * a["vol"]])[0] for w, a in zip(weights, assets) if w)
    weights = after(in_proportion(weights, risk, share(book["volatility"])))
    weights = after([w * share(book["stage"]) for w in weights])
    after([w * share(book["ramp"]) for w in weights])
    return out


def random_asset(pick, row, busy, count):
    wishes = []
    for _ in range(2):
        quiet = pick.random() < busy
        wishes.append((0 if quiet else pick.randint(0, BP), pick.choice([3000, 5000, 7000]), pick.randint(0, BP), pick.choice([BP, BP, 5000])))
    vol = Fraction(pick.choice([0, 1, pick.randint(10 ** 5, 10 ** 8), pick.randint(3 * 10 ** 6, 9 * 10 ** 7)]), E8) if pick.random() < 0.2 \
        else Fraction(pick.randint(4 * 10 ** 6, 8 * 10 ** 7), E8)
    together = {j for j in range(count) if pick.random() < 0.15}
    return {"wishes": wishes, "vol": vol, "sentiment": pick.choice([0, 0, pick.randint(-BP, BP)]), "with": together, "cap": row[1], "target": row[2]}


def chain_cases():
    pick, rows = random.Random(2406), universe()
    for case in range(24):
        book = {"leverage": pick.choice([15000, 10000, 5000]), "leverage_now": pick.choice([15000, 15000, 10000]), "cash_buffer": pick.choice([500, 500, 3000]),
                "volatility": pick.choice([1500, 1500, 800, 5000]), "stage": pick.choice([BP, 1000, 2500, 5000]), "ramp": pick.choice([BP, BP, 2500, 7500]),
                "kelly_fraction": pick.choice([5000, 2500, 500]), "kelly_sharpe": pick.choice([7000, 3000]), "sentiment_max": pick.choice([5000, BP]),
                "correlated_cap": pick.choice([7500, 5000, BP])}
        busy = pick.random()
        assets = [random_asset(pick, row, busy, len(rows)) for row in rows]
        for i, a in enumerate(assets):
            a["with"] |= {j for j, other in enumerate(assets) if i in other["with"]}
        yield case, book, assets


def chain_table():
    inputs, outputs = [], []
    for case, book, assets in chain_cases():
        steps = chain(book, assets)
        for i, a in enumerate(assets):
            row = {"case": case, "asset": i, "cap": a["cap"], "target": a["target"], "volatility_e8": floor(a["vol"] * E8), "sentiment": a["sentiment"],
                   "correlated": sum(1 << j for j in a["with"])}
            for k, (w, s, c, p) in enumerate(a["wishes"]):
                row.update({f"weight{k}": w, f"share{k}": s, f"confidence{k}": c, f"part{k}": p})
            row.update(book)
            inputs.append(row)
            outputs.append({"w_" + step: floor(steps[n][i] * E8) for n, step in enumerate(STEPS)})
    return pd.DataFrame(inputs).astype(float), pd.DataFrame(outputs).astype(float)


def fit(move, px, cost_px, lot, rooms):
    """Whole lots that each room pays for, one after the other."""
    left, bit, out = move, 0, [move]
    for n, (name, usd) in enumerate(rooms.items(), 1):
        price = cost_px if name == "cash" else px
        fits = max(0, floor(Fraction(usd, price) * E8 / lot)) * lot
        if fits < left:
            left, bit = fits, n
        out.append(left)
    return out, bit


def fit_table():
    pick, inputs, outputs = random.Random(2407), [], []
    for _ in range(120):
        lot = pick.choice([E8, 10 ** 4])
        px = pick.randint(10 ** 6, 10 ** 11) if pick.random() < 0.5 else pick.randint(10 ** 9, 6 * 10 ** 10)
        cost_px = px + pick.randint(0, px // 100)
        move = max(1, pick.randint(1, 10 ** 13) * E8 // px // lot) * lot
        rooms = {name: pick.randint(-10 ** 12, 10 ** 13) for name in ("cap", "leverage", "cash", "turnover")}
        quantities, bit = fit(move, px, cost_px, lot, rooms)
        inputs.append({"px": px, "cost_px": cost_px, "lot": lot, "move": move, **rooms})
        outputs.append({**{f"after_{name}": q for name, q in zip(("move", *rooms), quantities)}, "bit": bit})
    return pd.DataFrame(inputs).astype(float), pd.DataFrame(outputs).astype(float)


def exact(table):
    return {column: (0, 0) for column in table.columns}


def main():
    for name, (inputs, outputs) in (("sizing/chain", chain_table()), ("sizing/fit", fit_table())):
        golden(name, inputs, outputs, exact(outputs))
    finish()


main()
