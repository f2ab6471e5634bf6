# home.py - judges what a run has left in its home: day reports, CSV files and books agree with each other, and money is conserved.
#
#   home.py HOME FROM TO PREFIX        every date from FROM to TO on which a market was open has its reports; PREFIX comes before every name
import csv
import glob
import json
import os
import sqlite3
import sys
from datetime import date, timedelta

home, first, last, prefix = sys.argv[1:5]
E8 = 10**8


def say(name, why=""):
    print(f"FAIL {prefix}{name}: {why}" if why else f"ok   {prefix}{name}", flush=True)


def rows(name, header):
    with open(f"{home}/{name}", newline="") as file:
        text = file.read()
    lines = text.split("\n")
    say(f"P16_{name}_header", "" if lines[0] == header else f"it reads {lines[0]!r}")
    say(f"P16_{name}_whole_lines", "" if lines[-1] == "" and all(line.count(",") == header.count(",") for line in lines[1:-1]) else "a line is cut")
    return list(csv.DictReader(text.splitlines()))


fills = rows("fills.csv", "time,input,index,execution_id,order_id,symbol,side,qty,price,fee_usd,realised_usd,reason")
orders = rows("orders.csv", "time,input,index,order_id,symbol,side,type,time_in_force,qty,limit_price,state,filled_qty,average_price,fee_usd,reason")
signals = rows("signals.csv", "time,input,index,symbol,strategy,signal,confidence_pct,target_weight_pct,actual_weight_pct,price,volatility,atr,"
               "regime,reason,trace_id,feature_hash")
for name, table in (("fills", fills), ("orders", orders), ("signals", signals)):
    keys = [(int(row["input"]), int(row["index"])) for row in table]
    say(f"P16_{name}_in_order_once", "" if keys == sorted(set(keys)) else "twice or out of order")

# --- reports ---
reports, why = {}, ""
for path in sorted(glob.glob(f"{home}/reports/*.json")):
    try:
        report = json.load(open(path))
    except ValueError as error:
        why = f"{path}: {error}"
        continue
    reports[report["day"]] = report
    if f"{report['day']}.json" != os.path.basename(path):
        why = f"{path} is of {report['day']}"
    if not os.path.exists(path[:-4] + "md") or f"{report['day']}" not in open(path[:-4] + "md").readline():
        why = f"{path[:-4]}md is absent or of another day"
say("P16_reports_are_json_and_markdown", why)
day, missing = date.fromisoformat(first), []
while day.isoformat() <= last:
    trades = day.weekday() < 5 if day.isoformat() < "2014-09-17" else True
    if trades and day.isoformat() not in reports:
        missing.append(day.isoformat())
    day += timedelta(1)
holidays = [one for one in missing if one < "2014-09-17"]
say("P16_a_report_a_day", "" if len(holidays) <= 10 * (1 + (date.fromisoformat(last) - date.fromisoformat(first)).days // 365) and holidays == missing
    else f"none of {missing[0]} and {len(missing) - 1} others")
say("P16_no_report_of_another_day", "" if all(first <= one <= last for one in reports) else f"{min(reports)} to {max(reports)}")
listed = sum(report["fills_count"] for report in reports.values())
say("P16_reports_list_every_fill", "" if listed == len(fills) else f"{listed} of {len(fills)}")
final = reports[max(reports)]
held = sum(position["value_usd"] for position in final["positions"])
say("P16_last_report_adds_up", "" if abs(final["cash_usd"] + held - final["nav_usd"]) < 1e-6 else f"{final['cash_usd']} + {held} is not {final['nav_usd']}")
fees = sum(float(row["fee_usd"]) for row in fills)
say("P16_fees_add_up", "" if abs(fees - final["fees_total_usd"]) < 1e-4 else f"{fees} and {final['fees_total_usd']}")

# --- books ---
db = sqlite3.connect(f"file:{home}/books.db?mode=ro", uri=True)
say("O1_books_are_whole", "" if db.execute("PRAGMA integrity_check").fetchone()[0] == "ok" else "integrity_check")
wanted = {"portfolio": "id timestamp nav cash positions_json weights_json unrealized_pnl cost_basis",
          "trades": "id timestamp symbol action quantity price commission realized_pnl reason",
          "risk_changes": "id timestamp level trigger_reason actions_taken resolved",
          "signals": "id timestamp symbol signal confidence target_weight actual_weight reason",
          "risk_now": "level peak_nav drawdown recovery_week", "open_orders": "order_id symbol side quantity filled state",
          "portfolio_state": "nav_usd_e8 cash_usd_e8 positions_json weights_json unrealized_usd_e8 cost_basis_usd_e8",
          "risk_state": "level peak_nav_usd_e8 drawdown_bp recovery_week",
          "trade_history": "symbol action quantity_e8 price_e8 commission_usd_e8 realized_pnl_usd_e8 reason", "pending_orders": "order_id state",
          "risk_events": "level trigger_reason actions_taken resolved",
          "signal_log": "symbol signal confidence_bp target_weight_bp actual_weight_bp reason"}
for table, columns in wanted.items():
    there = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
    absent = [column for column in columns.split() if column not in there]
    say(f"O1_{table}", "no column " + " ".join(absent) if absent else "")


def one(query):
    return db.execute(query).fetchone()[0]


for name, query, table in (("fills", "SELECT count(*) FROM trade_history", fills), ("signals", "SELECT count(*) FROM signal_log", signals)):
    say(f"O1_books_and_{name}_csv_count_the_same", "" if one(query) == len(table) else f"{one(query)} rows and {len(table)} lines")
count = one("SELECT (SELECT count(*) FROM order_history) + (SELECT count(*) FROM pending_orders)")
say("O1_books_and_orders_csv_know_the_same_orders", "" if count == len({row["order_id"] for row in orders}) else f"{count} rows")
cash = 100000 * E8 + one("SELECT total(realized_usd_e8 - fees_usd_e8 + dividends_usd_e8 - cost_usd_e8) FROM positions")
state = db.execute("SELECT cash_usd_e8, nav_usd_e8, day, positions_json FROM portfolio_state ORDER BY id DESC LIMIT 1").fetchone()
say("O1_cash_and_positions_are_conserved", "" if int(cash) == state[0] else f"{cash / E8} and {state[0] / E8}")
say("O1_last_state_is_the_last_report", "" if abs(state[1] / E8 - final["nav_usd"]) < 1e-8 and
    (date(1970, 1, 1) + timedelta(state[2])).isoformat() == final["day"] else f"{state[1] / E8} and {final['nav_usd']}")
json.loads(state[3])
bought = dict(db.execute("SELECT symbol, sum(CASE action WHEN 'BUY' THEN quantity_e8 ELSE -quantity_e8 END) FROM trade_history GROUP BY symbol"))
held = dict(db.execute("SELECT symbol, qty_e8 FROM positions"))
wrong = [symbol for symbol, qty in bought.items() if held.get(symbol, 0) != qty]
say("O1_positions_are_the_sum_of_their_trades", " ".join(wrong))
say("O1_a_state_for_each_report", "" if one("SELECT count(DISTINCT day) FROM portfolio_state") == len(reports) else "other counts")
