# backtest.py - judges a backtest from outside: reads the bars, the trades and the equity curve, and computes everything again from the
# published conventions, in whole numbers of 1e-8. Knows nothing of the program but its files. Prints ok, FAIL and skip lines.
#
#   backtest.py BARS EQUITY TRADES RESULT.json PREFIX        PREFIX comes before every name
import bisect
import csv
import json
import math
import os
import re
import sys
from datetime import date

E8 = 10**8
CAP_BP = {"GLD": 5000, "SPY": 4000, "QQQ": 3000, "BTC-USD": 1500, "SLV": 1500, "XLK": 2000, "XLF": 1500, "XLE": 1500, "XLV": 1500,
          "TLT": 3000, "TIP": 1500, "EFA": 2000, "EEM": 1500, "DBC": 1500, "VNQ": 1500}
COMMISSION_BP, SLIPPAGE_BP, SLIPPAGE_BTC_BP = 10, 5, 15
LOT_E8 = {symbol: E8 for symbol in CAP_BP} | {"BTC-USD": 10000}
PAYS_UNTIL = {"TIP": "2020-12-11"}     # from then on its close is a total-return series: nothing may be derived
STEP_DAYS, STEP_BP = 3, 3              # a dividend is a step of adj_close / close that stays, by 3 bp or more
bars_folder, equity_path, trades_path, result_path, prefix = sys.argv[1:6]


def say(name, why=""):
    print(f"FAIL {prefix}{name}: {why}" if why else f"ok   {prefix}{name}", flush=True)


def e8(text):
    match = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?", text)
    if not match:
        raise ValueError(f"not a plain decimal: {text!r}")
    sign, whole, part = match.groups()
    value = int(whole) * E8 + int(((part or "") + "0" * 8)[:8])
    return -value if sign else value


def mul(a, b):                         # rounded half away from zero
    product = abs(a) * abs(b)
    value = (product + E8 // 2) // E8
    return value if (a < 0) == (b < 0) else -value


def up(product, unit):
    return -(-product // unit)


class Series:
    def __init__(self, path, pays_until):
        self.pays_until = pays_until
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file))
        self.day = [row["date"] for row in rows]
        self.open, self.close, self.adj = ([e8(row[key]) for row in rows] for key in ("open", "close", "adj_close"))
        self.at = {day: i for i, day in enumerate(self.day)}

    def step(self, a, b):
        return self.adj[a] * self.close[b] * 10000 <= self.close[a] * self.adj[b] * (10000 - STEP_BP)

    def dividend(self, day):
        i = self.at.get(day)
        if not i or day > self.pays_until or not self.step(i - 1, i):
            return 0
        for before in range(max(0, i - STEP_DAYS), i):
            for after in range(i, min(len(self.day), i + STEP_DAYS)):
                if not self.step(before, after):
                    return 0
        kept = self.adj[i - 1] * self.close[i]
        return self.close[i - 1] - (kept + self.adj[i] // 2) // self.adj[i]

    def last_close(self, day):
        i = bisect.bisect_right(self.day, day) - 1
        return self.close[i] if i >= 0 else 0


def table(path, header):
    with open(path) as file:
        lines = file.read().split("\n")
    say(f"{header.split(',')[1]}_header", "" if lines[0] == header else f"it reads {lines[0]!r}")
    if lines[-1] != "":
        say(f"{header.split(',')[1]}_last_line", "it does not end with a newline")
    return [line.split(",") for line in lines[1:-1]]


series = {symbol: Series(f"{bars_folder}/{symbol}.csv", PAYS_UNTIL.get(symbol, "9999")) for symbol in CAP_BP if os.path.exists(f"{bars_folder}/{symbol}.csv")}
result = json.load(open(result_path))
trades = table(trades_path, "date,symbol,side,qty,price,commission_usd,reason")
equity = table(equity_path, "date,nav_usd,cash_usd,drawdown_pct")
NUMBER = (int, float)

# --- shape ---
shape = {"period": dict, "initial_usd": NUMBER, "final_usd": NUMBER, "metrics": dict, "trades": int, "orders": int, "risk_events": int,
         "elapsed_ms": NUMBER, "state_hash": str}
metric_keys = ["cagr_pct", "volatility_pct", "sharpe", "sortino", "calmar", "max_drawdown_pct", "win_rate_pct", "profit_factor",
               "turnover_pct_month", "cost_pct_year"]
bad = [key for key, kind in shape.items() if not isinstance(result.get(key), kind) or isinstance(result[key], bool)]
bad += [f"metrics.{key}" for key in metric_keys if not isinstance(result["metrics"].get(key), NUMBER)]
for holder, key in (("period", "from"), ("period", "to"), ("metrics", "max_drawdown_from"), ("metrics", "max_drawdown_to")):
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(result[holder].get(key))):
        bad.append(f"{holder}.{key}")
if not isinstance(result["period"].get("days"), int):
    bad.append("period.days")
if not re.fullmatch("[0-9a-f]{16}", result["state_hash"]):
    bad.append("state_hash is not 16 hexadecimal digits")
say("json_shape", "missing or of another type: " + ", ".join(bad) if bad else "")
say("initial_100000_usd", "" if result["initial_usd"] == 100000 else f"{result['initial_usd']}")
say("elapsed", "" if result["elapsed_ms"] > 0 else "not above 0")
say("equity_rows", "" if len(equity) == result["period"]["days"] else f"{len(equity)} rows, {result['period']['days']} days")
say("trades_rows", "" if len(trades) == result["trades"] else f"{len(trades)} rows, {result['trades']} trades")
say("period", "" if (equity[0][0], equity[-1][0]) == (result["period"]["from"], result["period"]["to"]) else f"{equity[0][0]} to {equity[-1][0]}")
say("final_usd", "" if abs(float(equity[-1][1]) - result["final_usd"]) < 1e-6 else f"{equity[-1][1]} and {result['final_usd']}")
days = [row[0] for row in equity]
say("equity_days_rise", "" if days == sorted(set(days)) else "twice or falling")
if "SPY" in series:
    wanted = [day for day in series["SPY"].day if days[0] <= day <= days[-1]]
    say("equity_is_every_session", "" if days == wanted else f"{len(days)} rows, SPY has {len(wanted)} bars there")

# --- fills: the open of the day, slippage against us, commission up ---
wrong = {"fill_at_next_open": "", "commission": "", "lot": "", "side": "", "trade_days_rise": ""}
before = ""
for row in trades:
    day, symbol, side, qty, price, fee, reason = row
    where = ",".join(row)
    bar = series[symbol].at.get(day)
    if side not in ("buy", "sell") or not reason:
        wrong["side"] = where
    if day < before:
        wrong["trade_days_rise"] = where
    before = day
    slip = SLIPPAGE_BTC_BP if symbol == "BTC-USD" else SLIPPAGE_BP
    if bar is None:
        wrong["fill_at_next_open"] = f"{where}: no bar that day"
        continue
    opened = series[symbol].open[bar]
    expected = up(opened * (10000 + slip), 10000) if side == "buy" else opened * (10000 - slip) // 10000
    if e8(price) != expected:
        wrong["fill_at_next_open"] = wrong["fill_at_next_open"] or f"{where}: expected {expected / E8}"
    if e8(fee) != up(e8(qty) * e8(price) * COMMISSION_BP, E8 * 10000):
        wrong["commission"] = wrong["commission"] or f"{where}: expected {up(e8(qty) * e8(price) * COMMISSION_BP, E8 * 10000) / E8}"
    if e8(qty) <= 0 or e8(qty) % LOT_E8[symbol]:
        wrong["lot"] = where
for name, why in wrong.items():
    say(name, why)
say("no_trade_before_the_first_close", "" if not trades or trades[0][0] > series["SPY"].day[0] else ",".join(trades[0]))

# --- cash and NAV of every row, to the last digit ---
cash, held, at, events = 100000 * E8, dict.fromkeys(series, 0), 0, []
ex_dates = {symbol: [day for day in one.day if days[0] <= day <= days[-1] and one.dividend(day) > 0] for symbol, one in series.items()}
for symbol, dates in ex_dates.items():
    events += [(day, 0 if symbol == "BTC-USD" else 1, 0, symbol, None) for day in dates]
for number, row in enumerate(trades):
    events.append((row[0], 0 if row[1] == "BTC-USD" else 1, 1 + number, row[1], row))
events.sort(key=lambda event: event[:3])
why_cash = why_nav = why_below = why_sold = why_drawdown = ""
peak, worst, worst_from, worst_to, peak_day, paid_usd = 0, 0, days[0], days[0], days[0], 0
for row in equity:
    day, nav_text, cash_text, drawdown_text = row
    while at < len(events) and events[at][0] <= day:
        _, _, _, symbol, trade = events[at]
        at += 1
        if trade is None:
            paid = mul(held[symbol], series[symbol].dividend(events[at - 1][0]))
            cash += paid
            paid_usd += paid
            continue
        sign = 1 if trade[2] == "buy" else -1
        held[symbol] += sign * e8(trade[3])
        cash -= sign * mul(e8(trade[3]), e8(trade[4])) + e8(trade[5])
        if held[symbol] < 0:
            why_sold = why_sold or ",".join(trade)
    if abs(cash - e8(cash_text)) > 100:
        why_cash = why_cash or f"{day}: {cash_text} instead of {cash / E8}"
    value = {symbol: mul(qty, series[symbol].last_close(day)) for symbol, qty in held.items() if qty}
    nav = cash + sum(value.values())
    if abs(nav - e8(nav_text)) > 100:
        why_nav = why_nav or f"{day}: {nav_text} instead of {nav / E8}"
    if cash * 100 < nav * 4:           # 5 % at the decision; the night may move the opens against us
        why_below = why_below or f"{day}: cash {cash / E8} of {nav / E8}"
    nav_usd = nav / E8
    if nav_usd >= peak:
        peak, peak_day = nav_usd, day
    fall = 1 - nav_usd / peak
    if fall > worst:
        worst, worst_from, worst_to = fall, peak_day, day
    if abs(float(drawdown_text) - 100 * fall) > 1e-6:
        why_drawdown = why_drawdown or f"{day}: {drawdown_text} instead of {100 * fall:.6f}"
say("cash_of_every_row", why_cash)
say("nav_of_every_row", why_nav)
say("drawdown_of_every_row", why_drawdown)
say("never_short", why_sold)
say("R6_cash_stays_by_5_pct", why_below)
say("every_trade_is_in_the_curve", "" if at == len(events) else f"{len(events) - at} events after the last row")
if any(ex_dates.values()):
    say("dividends_are_cash", "" if paid_usd > 0 else "none was paid")

# --- limits as they stood at the close a buy was decided on; BTC's last close is a day older at 21:00 than at 24:00 ---
def at_close_before(day, symbol):
    """What the desk knew when it decided a buy that filled on this day: the symbol's price, and NAV."""
    close = max(one for one in series["BTC-USD" if symbol == "BTC-USD" else "SPY"].day if one < day)
    btc = close if symbol == "BTC-USD" else date.fromordinal(date.fromisoformat(close).toordinal() - 1).isoformat()
    known = {one: series[one].last_close(btc if one == "BTC-USD" else close) for one in held}
    return known[symbol], before[0] + sum(mul(qty, known[one]) for one, qty in before[1].items())


why_cap = why_small = ""
cash, held, day_open = 100000 * E8, dict.fromkeys(series, 0), None
buys_per_day = {}
for event in events:
    day, _, _, symbol, trade = event
    if day_open != day:
        day_open, at_close, before = day, {}, (cash, dict(held))     # what this day's trades did was not there when they were decided
    if not at_close.get(symbol) and trade is not None and trade[2] == "buy":
        at_close[symbol] = at_close_before(day, symbol)
    if trade is None:
        cash += mul(held[symbol], series[symbol].dividend(day))
        continue
    sign = 1 if trade[2] == "buy" else -1
    held[symbol] += sign * e8(trade[3])
    cash -= sign * mul(e8(trade[3]), e8(trade[4])) + e8(trade[5])
    if sign < 0:
        continue
    px, nav = at_close[symbol]
    if mul(held[symbol], px) * 10000 > nav * CAP_BP[symbol] * 1.005:
        why_cap = why_cap or f"{','.join(trade)}: {mul(held[symbol], px) / nav:.4f} of NAV at the close before"
    if mul(e8(trade[3]), px) < 99.9 * E8:
        why_small = why_small or f"{','.join(trade)}: {mul(e8(trade[3]), px) / E8} USD"
    buys_per_day.setdefault(day, set()).add(symbol)
say("R6_caps", why_cap)
say("R6_minimum_trade", why_small)
crowded = [day for day, symbols in buys_per_day.items() if len(symbols - {"BTC-USD"}) > 5]
say("R6_five_risk_adding_trades_a_day", f"{crowded[0]}: {len(buys_per_day[crowded[0]])}" if crowded else "")

# --- joins ---
btc = [row[0] for row in trades if row[1] == "BTC-USD"]
if "BTC-USD" in series and btc:
    first = series["BTC-USD"].day[0]
    say("btc_joins_on_its_first_bar", "" if first == "2014-09-17" and btc[0] > first else f"first bar {first}, first trade {btc[0]}")
    say("btc_fills_on_weekends_too", "" if any(date.fromisoformat(day).weekday() >= 5 for day in btc) else "never")

# --- metrics from the curve and the trades ---
navs = [float(row[1]) for row in equity]
returns = [b / a - 1 for a, b in zip(navs, navs[1:])]
n = len(returns)
mean = math.fsum(returns) / n
deviation = math.sqrt(math.fsum((r - mean) ** 2 for r in returns) / (n - 1))
downside = math.sqrt(math.fsum(min(r, 0) ** 2 for r in returns) / n)
years = (date.fromisoformat(days[-1]) - date.fromisoformat(days[0])).days / 365.25
cagr = (navs[-1] / navs[0]) ** (1 / years) - 1
nav_mean = math.fsum(navs) / len(navs)
notional = [float(row[3]) * float(row[4]) for row in trades]
slip = [usd * (SLIPPAGE_BTC_BP if row[1] == "BTC-USD" else SLIPPAGE_BP) / 10000 for usd, row in zip(notional, trades)]
expected = {"cagr_pct": 100 * cagr, "volatility_pct": 100 * math.sqrt(252) * deviation, "sharpe": math.sqrt(252) * mean / deviation,
            "sortino": math.sqrt(252) * mean / downside, "calmar": cagr / worst, "max_drawdown_pct": 100 * worst,
            "turnover_pct_month": 100 * math.fsum(notional) / 2 / nav_mean / (12 * years),
            "cost_pct_year": 100 * (math.fsum(slip) + math.fsum(float(row[5]) for row in trades)) / nav_mean / years}
# Round trips: a position from flat to flat; dividends and fees count.
flow, won, lost, profit, loss, qty = dict.fromkeys(series, 0), 0, 0, 0, 0, dict.fromkeys(series, 0)
for day, _, _, symbol, trade in events:
    if trade is None:
        flow[symbol] += mul(qty[symbol], series[symbol].dividend(day))
        continue
    sign = 1 if trade[2] == "buy" else -1
    qty[symbol] += sign * e8(trade[3])
    flow[symbol] -= sign * mul(e8(trade[3]), e8(trade[4])) + e8(trade[5])
    if qty[symbol] == 0:
        won, lost = won + (flow[symbol] > 0), lost + (flow[symbol] <= 0)
        profit, loss = profit + max(flow[symbol], 0), loss + max(-flow[symbol], 0)
        flow[symbol] = 0
if won + lost and loss:
    expected |= {"win_rate_pct": 100 * won / (won + lost), "profit_factor": profit / loss}
for key, value in expected.items():
    got = result["metrics"][key]
    say(f"metric_{key}", "" if math.isclose(got, value, rel_tol=1e-6, abs_tol=1e-6) else f"{got} instead of {value}")
got = (result["metrics"]["max_drawdown_from"], result["metrics"]["max_drawdown_to"])
say("metric_drawdown_days", "" if got == (worst_from, worst_to) else f"{got} instead of {(worst_from, worst_to)}")
