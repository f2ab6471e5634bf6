# correlations.py - judges what a backtest says of assets that move together (row R3, document 04 4.3.5) from the recorded days and its list of trades
# alone: what was held at each close, the correlation of the sixty returns before it, and the level that asks for.
#
#   correlations.py DAILY TRADES EQUITY RESULT.json PREFIX LEVEL    LEVEL: correlation must have caused this level in this period. Prints ok, FAIL.
import csv
import json
import math
import os
import sys
from itertools import combinations

daily, trades_path, equity_path, result_path, prefix, wanted = sys.argv[1:6] + [int(sys.argv[6])]
WINDOW, ASSETS_MIN, AVERAGE, ALL, CLOSE_CALL = 60, 4, 0.5, 0.8, 0.003
CRYPTO = {"BTC-USD"}        # at the close of the NYSE its price is the one it opened the date with


def say(name, wrong):
    print(f"FAIL {prefix}{name}: {wrong[0]} ({len(wrong)} in all)" if wrong else f"ok   {prefix}{name}", flush=True)


def rows(path):
    with open(path) as file:
        return list(csv.DictReader(file))


prices = {name[:-4]: {row["date"]: float(row["open" if name[:-4] in CRYPTO else "close"]) for row in rows(os.path.join(daily, name))}
          for name in sorted(os.listdir(daily)) if name.endswith(".csv") and name != "VIX.csv"}
sessions = sorted(prices["SPY"])
at = {day: i for i, day in enumerate(sessions)}


def returns(symbol, last):
    """The sixty returns up to a session; None where one is missing."""
    px = [prices[symbol].get(day) for day in sessions[at[last] - WINDOW:at[last] + 1]]
    return [b / a - 1 for a, b in zip(px, px[1:])] if None not in px and len(px) == WINDOW + 1 else None


def correlation(x, y):
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    xy = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y))
    return xy / math.sqrt(math.fsum((a - mean_x) ** 2 for a in x) * math.fsum((b - mean_y) ** 2 for b in y))


def level_of(day, held):
    """The level, and whether a figure is too close to its limit to call."""
    known = [r for r in (returns(symbol, day) for symbol in sorted(held)) if r is not None]
    if len(known) < ASSETS_MIN:
        return 0, False
    pairs = [correlation(x, y) for x, y in combinations(known, 2)]
    average, lowest = sum(pairs) / len(pairs), min(pairs)
    return 2 if lowest > ALL else 1 if average > AVERAGE else 0, min(abs(average - AVERAGE), abs(lowest - ALL)) < CLOSE_CALL


with open(result_path) as file:
    changes = json.load(file)["risk_changes"]
held, fills, level, close = {}, rows(trades_path), {}, {}
for day in (row["date"] for row in rows(equity_path)):
    while fills and fills[0]["date"] <= day:
        fill = fills.pop(0)
        held[fill["symbol"]] = held.get(fill["symbol"], 0) + float(fill["qty"]) * (1 if fill["side"].lower() == "buy" else -1)
    if day in at:
        level[day], close[day] = level_of(day, {symbol for symbol, qty in held.items() if abs(qty) > 1e-9})

caused = [c for c in changes if c["cause"] == "correlation"]
say("correlation_fires_on_days_that_ask_for_its_level", [f"{c['date']} {c['to']}: level {level.get(c['date'])} by the recorded days" for c in caused
                                                         if level.get(c["date"]) != int(c["to"][-1]) and not close.get(c["date"])])
state, missed, left, ramped = "CLEAR", [], list(changes), False
for day in level:
    while left and left[0]["date"] <= day:
        change = left.pop(0)
        state, ramped = change["to"], change["event"] == "RAMPED" and change["date"]        # at the end of a day: the next mark sees what is
    if state == "CLEAR" and level[day] and not close[day] and ramped != day:
        missed.append(f"{day}: level {level[day]}, and CLEAR")
say("no_day_of_high_correlation_without_a_level", missed)
first = next((c["date"] for c in caused if c["to"] == f"LEVEL{wanted}"), None)
say(f"correlation_causes_level_{wanted}" + (f"_on_{first}" if first else ""), [] if first else ["never"])
