# venue_books.py - the books of a home against the venue it traded at: account, fills, orders. Nothing when they agree.
#
#   venue_books.py HOME LOG [ACCOUNT POSITIONS]      LOG: of build/venue; the others: what GET /v2/account and /v2/positions said at the end
# Money and quantities are compared as whole numbers of 1e-8: there is no tolerance.
import csv
import json
import sqlite3
import sys
from decimal import Decimal

home, log = sys.argv[1:3]
E8 = Decimal(10**8)
cash, held, executions, accepted = Decimal(100000), {}, [], []
for line in open(log):
    entry = json.loads(line)
    if entry["what"] == "fill":
        held[entry["symbol"].replace("/", "-")] = Decimal(entry["position_qty"])
        side = 1 if entry["side"] == "buy" else -1
        executions.append((entry["symbol"].replace("/", "-"), entry["side"].upper(), Decimal(entry["qty"]), Decimal(entry["price"])))
    if entry["what"] in ("fill", "cash"):
        cash = Decimal(entry["cash"])
    if entry["what"] == "accepted":
        accepted.append(entry["client_order_id"])
held = {symbol: qty for symbol, qty in held.items() if qty}
if len(sys.argv) > 3:
    said = Decimal(json.load(open(sys.argv[3]))["cash"])
    if said != cash:
        print(f"the venue's account has {said}, its log {cash}")
    # GET /v2/positions writes BTCUSD, orders and log BTC/USD
    there = {one["symbol"].replace("BTCUSD", "BTC-USD").replace("/", "-"): Decimal(one["qty"]) for one in json.load(open(sys.argv[4]))}
    if there != held:
        print(f"the venue's positions are {there}, those of its log {held}")
if not executions:
    print("the venue filled nothing")
if len(set(accepted)) != len(accepted):
    print("the venue accepted a client order id twice")

db = sqlite3.connect(f"file:{home}/books.db?mode=ro", uri=True)
ours = db.execute("SELECT cash_usd_e8 FROM portfolio_state ORDER BY id DESC LIMIT 1").fetchone()[0]
if ours != cash * E8:
    print(f"cash {Decimal(ours) / E8} in the books, {cash} at the venue")
mine = {symbol: Decimal(qty) / E8 for symbol, qty in db.execute("SELECT symbol, qty_e8 FROM positions WHERE qty_e8 <> 0")}
if mine != held:
    print(f"positions {mine} in the books, {held} at the venue")
booked = [(symbol, side, Decimal(qty) / E8, Decimal(px) / E8) for symbol, side, qty, px in
          db.execute("SELECT symbol, action, quantity_e8, price_e8 FROM trade_history")]
if sorted(booked) != sorted(executions):
    print(f"{len(booked)} fills in the books, {len(executions)} at the venue, or others")
with open(f"{home}/fills.csv", newline="") as file:
    written = list(csv.DictReader(file))
if len(written) != len(executions) or len({(row["execution_id"]) for row in written}) != len(written):
    print(f"{len(written)} lines in fills.csv, {len(executions)} fills at the venue; or an execution twice")
