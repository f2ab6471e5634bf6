#!/usr/bin/env python3
"""alpaca_sdk_ref.py - build/venue against the published alpaca-py client, over real TLS on loopback: every answer must parse in its pydantic
models, and what it says must be right, computed here from the prices the venue announces.

    python3 tests/golden/alpaca_sdk_ref.py

Orders (new, repeated, read, changed, cancelled, refused), positions, account, clock, calendar, assets, activities, daily bars and snapshots, the
trade_updates stream and the market data stream in MessagePack. Skipped without build/venue or without the alpaca-py package.
Last line: N passed, N failed."""
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, datetime, timezone
from decimal import ROUND_CEILING, Decimal

from kit import ROOT, check, finish

VENUE = os.environ.get("VENUE", os.path.join(ROOT, "build", "venue"))
WORK = tempfile.mkdtemp()
TRUST = os.path.join(WORK, "root.pem")
os.environ["REQUESTS_CA_BUNDLE"] = os.environ["SSL_CERT_FILE"] = TRUST


def skip(why):
    print("skip alpaca_sdk_ref:", why)
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)


try:
    import requests
    from alpaca.common.exceptions import APIError
    from alpaca.data.historical import CryptoHistoricalDataClient, StockHistoricalDataClient
    from alpaca.data.live import CryptoDataStream, StockDataStream
    from alpaca.data.requests import CryptoBarsRequest, CryptoSnapshotRequest, StockBarsRequest, StockLatestQuoteRequest, StockLatestTradeRequest, StockSnapshotRequest
    from alpaca.data.timeframe import TimeFrame
    from alpaca.trading.client import TradingClient
    from alpaca.trading.enums import OrderSide, OrderStatus, QueryOrderStatus, TimeInForce, TradeEvent
    from alpaca.trading.models import NonTradeActivity, TradeActivity
    from alpaca.trading.requests import (ClosePositionRequest, GetAssetsRequest, GetCalendarRequest, GetOrdersRequest, LimitOrderRequest,
                                         MarketOrderRequest, ReplaceOrderRequest)
    from alpaca.trading.stream import TradingStream
except ImportError as missing:
    skip(f"{missing} (pip install -r tests/golden/requirements.txt)")
if not os.access(VENUE, os.X_OK):
    skip("no build/venue; make builds it")

KEY, SECRET, DATA_KEY, DATA_SECRET = "PKREF", "ref-secret", "PKREFDATA", "ref-data-secret"
ACCOUNT = "00000000-0000-4000-8000-000000000000"
DIVIDEND = Decimal("1.5")


def write_bars(folder):
    """A year of days for SPY, with one dividend in March, and for BTC-USD, both rising slowly."""
    first = date(2018, 1, 1).toordinal()
    for symbol, px, every_day in (("SPY", 100.0, False), ("BTC-USD", 5000.0, True)):
        with open(os.path.join(folder, symbol + ".csv"), "w", encoding="ascii") as out:
            out.write("date,open,high,low,close,adj_close,volume\n")
            for i in range(200):
                day = date.fromordinal(first + i)
                if not every_day and (day.weekday() > 4 or day.isoformat() in ("2018-01-01", "2018-01-15", "2018-02-19", "2018-03-30", "2018-05-28", "2018-07-04")):
                    continue
                base = round(px * (1 + i / 1000), 2)
                paid = symbol == "SPY" and day < date(2018, 3, 16)
                close = base + 0.5
                adjusted = close * (1 - 1.5 / (round(px * (1 + 73 / 1000), 2) + 0.5)) if paid else close
                out.write(f"{day},{base:.2f},{base + 2:.2f},{base - 2:.2f},{close:.2f},{adjusted:.8f},100000000\n")


class Venue:
    """The program, and market time."""

    def __init__(self, *more):
        folder = os.path.join(WORK, "bars")
        os.makedirs(folder, exist_ok=True)
        write_bars(folder)
        port = os.path.join(WORK, "port")
        self.log = os.path.join(WORK, "log")
        self.process = subprocess.Popen([VENUE, "--data", folder, "--from", "2018-03-01", "--to", "2018-06-29", "--port-file", port, "--trust", TRUST,
                                         "--log", self.log, "--key", KEY, "--secret", SECRET, "--data-key", DATA_KEY, "--data-secret", DATA_SECRET, *more],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        late = time.time() + 20
        while not os.path.exists(port) and time.time() < late:
            time.sleep(0.02)
        with open(port, encoding="ascii") as text:
            self.host = "localhost:" + text.read().strip()
        self.session = requests.Session()
        self.session.headers.update({"APCA-API-KEY-ID": DATA_KEY, "APCA-API-SECRET-KEY": DATA_SECRET})
        self.moment = {"moment": 0}

    def sim(self, method, path, **body):
        return self.session.request(method, f"https://{self.host}/sim/v1/{path}", json=body or None, timeout=20)

    def counts(self):
        return self.sim("GET", "counts").json()

    def step(self):
        self.moment = self.sim("POST", "advance", after=self.moment["moment"]).json()
        return self.moment

    def until(self, phase, calendar="NYSE"):
        self.step()
        while (self.moment["phase"], self.moment["calendar"]) != (phase, calendar):
            self.step()
        return self.moment

    def until_day(self, day):
        while self.moment.get("day", "") < day:
            self.until("open")

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=20)
        return self.process.returncode, json.loads(out)


class Listener:
    """A stream of the client's in a thread of its own; what it hands out lies in a queue."""

    def __init__(self, stream, subscribe):
        self.stream, self.got = stream, queue.Queue()

        async def take(item):
            self.got.put(item)
        subscribe(stream, take)
        self.thread = threading.Thread(target=stream.run, daemon=True)
        self.thread.start()

    def next(self):
        try:
            return self.got.get(timeout=20)
        except queue.Empty:
            return None

    def close(self):
        self.stream.stop()
        self.thread.join(timeout=20)


def refused(call, status, code, what):
    """The call is refused with this status and this code of the venue."""
    try:
        call()
        check(False, what + ": was not refused")
    except APIError as error:
        check((error.status_code, error.code) == (status, code), f"{what}: {error.status_code} {error}")


def up(value):
    return value.quantize(Decimal("1e-8"), ROUND_CEILING)


def wait_for(condition):
    late = time.time() + 20
    while not condition() and time.time() < late:
        time.sleep(0.02)
    return condition()


def check_account_and_market(venue, client):
    account = client.get_account()
    check(account.cash == "100000" and account.equity == "100000" and account.status.value == "ACTIVE", "the account begins with its cash")
    check(account.trading_blocked is False and account.multiplier == "2", "nothing is blocked")
    clock = client.get_clock()
    check(not clock.is_open and clock.next_open.isoformat() == "2018-03-01T09:30:00-05:00", "the clock before the first open")
    days = client.get_calendar(GetCalendarRequest(start=date(2018, 7, 2), end=date(2018, 7, 5)))
    check([str(day.date) for day in days] == ["2018-07-02", "2018-07-03", "2018-07-05"], "the calendar leaves out July 4")
    check(days[1].close.hour == 13 and days[0].close.hour == 16, "the calendar knows the early close")
    assets = client.get_all_assets(GetAssetsRequest())
    check(sorted(asset.symbol for asset in assets) == ["BTC/USD", "SPY"], "assets are those with bars")
    spy = client.get_asset("SPY")
    check(spy.tradable and not spy.fractionable and client.get_asset(str(spy.id)).symbol == "SPY", "an asset by symbol and by id")
    check(client.get_asset("BTC/USD").min_order_size == 0.0001, "the smallest unit of crypto")
    refused(lambda: client.get_asset("NONE"), 404, 40410000, "an asset there is not")
    venue.until("open")
    clock = client.get_clock()
    check(clock.is_open and clock.next_close.isoformat() == "2018-03-01T16:00:00-05:00", "the clock while open")
    venue.until("day_end", "NYSE")


def check_refusals(client):
    order = {"symbol": "SPY", "qty": 10, "side": OrderSide.BUY, "time_in_force": TimeInForce.DAY}
    refused(lambda: client.submit_order(MarketOrderRequest(**{**order, "symbol": "NONE"})), 422, 42210000, "an unknown symbol")
    refused(lambda: client.submit_order(MarketOrderRequest(**{**order, "qty": 1.5})), 422, 42210000, "half a share")
    refused(lambda: client.submit_order(MarketOrderRequest(**{**order, "qty": -1})), 422, 42210000, "a negative quantity")
    refused(lambda: client.submit_order(LimitOrderRequest(**order, limit_price=100.123)), 422, 42210000, "a sub-penny price")
    refused(lambda: client.submit_order(MarketOrderRequest(**{**order, "qty": 100000})), 403, 40310000, "too much for the account")
    refused(lambda: client.submit_order(MarketOrderRequest(**{**order, "side": OrderSide.SELL})), 403, 40310000, "selling what is not there")
    refused(lambda: client.submit_order(MarketOrderRequest(**{**order, "time_in_force": TimeInForce.FOK})), 422, 42210000, "a time in force there is not")
    refused(lambda: client.get_order_by_id(ACCOUNT), 404, 40410000, "an order there is not")
    refused(lambda: client.get_order_by_client_id("nobody"), 404, 40410000, "a client order id there is not")
    refused(lambda: client.get_open_position("SPY"), 404, 40410000, "a position there is not")


def check_order(venue, client, updates, data):
    """A market order over night: accepted, filled at the next open, in the books to 1e-8."""
    wanted = MarketOrderRequest(symbol="SPY", qty=10, side=OrderSide.BUY, time_in_force=TimeInForce.DAY, client_order_id="ref-1")
    order = client.submit_order(wanted)
    check(order.client_order_id == "ref-1" and order.status == OrderStatus.ACCEPTED and order.qty == "10" and order.symbol == "SPY", "an order over night")
    update = updates.next()
    check(update and update.event == TradeEvent.ACCEPTED and update.order.id == order.id, "the stream tells it is accepted")
    refused(lambda: client.submit_order(wanted), 422, 40010001, "the same client order id again")
    check(client.get_order_by_client_id("ref-1").id == order.id and client.get_order_by_id(order.id).client_order_id == "ref-1", "found by both ids")
    moment = venue.until("open")
    update = updates.next()
    check(update and update.event == TradeEvent.FILL and str(update.execution_id) and update.order.status == OrderStatus.FILLED, "the stream tells the fill")
    bar = data.get_stock_snapshot(StockSnapshotRequest(symbol_or_symbols="SPY"))["SPY"].daily_bar
    check(bar.open == bar.high == bar.low == bar.close and bar.volume == 0, "at the open the day has one price")
    order = client.get_order_by_id(order.id)
    price, fee = Decimal(order.filled_avg_price), Decimal(client.get("/orders/" + str(order.id))["commission"])
    check(Decimal(str(bar.open)) < price < Decimal(str(bar.open)) * Decimal("1.01"), "the price is the open and some slippage")
    check(fee == up(price * 10 / 1000), "the commission is 10 bp")
    check(Decimal(str(update.price)) == price and update.qty == 10 and update.position_qty == 10, "price and quantity of the execution")
    cash = Decimal(100000) - 10 * price - fee
    check(Decimal(client.get_account().cash) == cash, "cash to the last digit")
    position = client.get_all_positions()[0]
    check(position.symbol == "SPY" and position.qty == "10" and Decimal(position.avg_entry_price) == price, "the position")
    check(client.get_open_position("SPY") == position and client.get_open_position(str(position.asset_id)) == position, "the position by symbol and by id")
    check(Decimal(position.market_value) == 10 * Decimal(position.current_price), "its value")
    fill = client.get("/account/activities/FILL")[0]
    parsed = TradeActivity(account_id=ACCOUNT, **{key: value for key, value in fill.items() if key != "commission"})
    check(parsed.id.split("::")[1] == str(update.execution_id) and parsed.order_id == order.id, "the activity is the execution")
    check(parsed.price == float(price) and parsed.qty == 10 and parsed.leaves_qty == 0 and moment["day"] in str(parsed.transaction_time), "the activity's numbers")
    return cash


def check_dividend(venue, client, cash):
    venue.until_day("2018-03-16")
    activity = client.get("/account/activities/DIV")
    check(len(activity) == 1 and activity[0]["date"] == "2018-03-16", "one dividend on its day")
    each = Decimal(activity[0]["per_share_amount"])
    check(abs(each - DIVIDEND) < Decimal("1e-6") and Decimal(activity[0]["net_amount"]) == 10 * each, "what it pays")
    NonTradeActivity(account_id=ACCOUNT, **activity[0])
    check(Decimal(client.get_account().cash) == cash + 10 * each, "it is in the cash")


def check_changes(venue, client, updates):
    venue.until("open")
    order = client.submit_order(LimitOrderRequest(symbol="SPY", qty=5, side=OrderSide.BUY, time_in_force=TimeInForce.GTC, limit_price=50.25, client_order_id="ref-2"))
    check(order.status == OrderStatus.NEW and order.limit_price == "50.25" and updates.next().event == TradeEvent.NEW, "a limit order")
    fresh = client.replace_order_by_id(order.id, ReplaceOrderRequest(qty=6, limit_price=51, client_order_id="ref-3"))
    check(fresh.id != order.id and fresh.replaces == order.id and fresh.qty == "6" and fresh.limit_price == "51", "it is replaced by another")
    check(updates.next().event == TradeEvent.REPLACED and updates.next().event == TradeEvent.NEW, "the stream tells both")
    check(client.get_order_by_id(order.id).replaced_by == fresh.id, "the old one points to it")
    still = client.get_orders(GetOrdersRequest(status=QueryOrderStatus.OPEN))
    check([one.id for one in still] == [fresh.id], "one is open")
    client.cancel_order_by_id(fresh.id)
    update = updates.next()
    check(update.event == TradeEvent.CANCELED and update.order.status == OrderStatus.CANCELED, "it is cancelled")
    refused(lambda: client.cancel_order_by_id(fresh.id), 422, 42210000, "cancelled again")
    refused(lambda: client.replace_order_by_id(fresh.id, ReplaceOrderRequest(qty=7)), 422, 42210000, "changed after its end")
    for number in range(3):
        client.submit_order(LimitOrderRequest(symbol="SPY", qty=1, side=OrderSide.BUY, time_in_force=TimeInForce.DAY, limit_price=50, client_order_id=f"ref-all-{number}"))
        updates.next()
    gone = client.cancel_orders()
    check(len(gone) == 3 and all(one.status == 200 for one in gone) and all(updates.next().event == TradeEvent.CANCELED for _ in gone), "all are cancelled")
    everything = client.get_orders(GetOrdersRequest(status=QueryOrderStatus.ALL, limit=500))
    check(len(everything) == 6 and everything[0].client_order_id == "ref-all-2", "all orders, newest first")
    client.submit_order(LimitOrderRequest(symbol="SPY", qty=1, side=OrderSide.BUY, time_in_force=TimeInForce.DAY, limit_price=50))
    updates.next()
    venue.until("day_end", "NYSE")
    check(updates.next().event == TradeEvent.EXPIRED, "a day order expires with its day")


def check_selling(venue, client, updates):
    order = client.close_position("SPY", ClosePositionRequest(qty="4"))
    check(order.side == OrderSide.SELL and order.qty == "4" and updates.next().event == TradeEvent.ACCEPTED, "a part is closed")
    check(client.get_open_position("SPY").qty_available == "6", "what is on its way is not available")
    check([one.status for one in client.close_all_positions(cancel_orders=True)] == [200], "all is closed")
    check([updates.next().event for _ in range(2)] == [TradeEvent.CANCELED, TradeEvent.ACCEPTED], "the part is cancelled first")
    venue.until("open")
    check(updates.next().event == TradeEvent.FILL and client.get_all_positions() == [], "nothing is held")
    account = client.get_account()
    check(account.cash == account.equity and account.long_market_value == "0", "all is cash")
    order = client.submit_order(MarketOrderRequest(symbol="BTC/USD", qty=0.1234, side=OrderSide.BUY, time_in_force=TimeInForce.GTC))
    check(order.asset_class.value == "crypto" and updates.next().event == TradeEvent.NEW, "crypto trades at any hour")
    venue.until("close", "CRYPTO")
    check(updates.next().event == TradeEvent.FILL and client.get_open_position("BTC/USD").qty == "0.1234", "crypto is filled")


def check_history(venue, data, crypto):
    bars = data.get_stock_bars(StockBarsRequest(symbol_or_symbols=["SPY"], timeframe=TimeFrame.Day, start=datetime(2018, 1, 1), end=datetime(2019, 1, 1)))["SPY"]
    day = venue.moment["day"]
    check(str(bars[0].timestamp) == "2018-01-02 05:00:00+00:00" and str(bars[-1].timestamp.date()) <= day, "bars from the first to the last that is whole")
    check(bars[0].open == 100.1 and bars[0].close == 100.6 and bars[0].volume == 100000000, "a bar's numbers")
    adjusted = data.get_stock_bars(StockBarsRequest(symbol_or_symbols="SPY", timeframe=TimeFrame.Day, start=datetime(2018, 1, 1), adjustment="all"))["SPY"]
    check(len(adjusted) == len(bars) and adjusted[0].close < bars[0].close and adjusted[-1].close == bars[-1].close, "bars with dividends taken out")
    token, pages, seen = None, 0, []
    while pages == 0 or token:
        query = {"symbols": "SPY", "timeframe": "1Day", "start": "2018-01-01", "limit": 7, **({"page_token": token} if token else {})}
        page = venue.session.get(f"https://{venue.host}/v2/stocks/bars", params=query, timeout=20).json()
        seen += page["bars"].get("SPY", [])
        token, pages = page["next_page_token"], pages + 1
    check(len(seen) == len(bars) and pages == -(-len(bars) // 7), "the same bars in pages of seven")
    check(data.get_stock_latest_trade(StockLatestTradeRequest(symbol_or_symbols="SPY"))["SPY"].price > 0, "the latest trade")
    check(data.get_stock_latest_quote(StockLatestQuoteRequest(symbol_or_symbols="SPY"))["SPY"].bid_price > 0, "the latest quote")
    coins = crypto.get_crypto_bars(CryptoBarsRequest(symbol_or_symbols="BTC/USD", timeframe=TimeFrame.Day, start=datetime(2018, 1, 1)))["BTC/USD"]
    check(coins[0].open == 5000 and str(coins[0].timestamp) == "2018-01-01 00:00:00+00:00", "bars of crypto")
    check(crypto.get_crypto_snapshot(CryptoSnapshotRequest(symbol_or_symbols="BTC/USD"))["BTC/USD"].latest_trade.price > 5000, "a snapshot of crypto")


def check_market_stream(venue):
    """MessagePack, in the client's own models; market data comes with each open and close."""
    def subscribe(stream, take):
        stream.subscribe_trades(take, "SPY")
        stream.subscribe_quotes(take, "SPY")
        stream.subscribe_bars(take, "*")
        stream.subscribe_daily_bars(take, "SPY")
    stocks = Listener(StockDataStream(DATA_KEY, DATA_SECRET, url_override=f"wss://{venue.host}/v2/iex"), subscribe)
    coins = Listener(CryptoDataStream(DATA_KEY, DATA_SECRET, url_override=f"wss://{venue.host}/v1beta3/crypto/us"), lambda stream, take: stream.subscribe_trades(take, "BTC/USD"))
    check(wait_for(lambda: venue.counts()["subscriptions"] == 2), "both market streams are open")
    venue.until("open")
    moment = datetime.fromtimestamp(venue.moment["t_ns"] / 1e9, timezone.utc)
    trade, quote, bar = stocks.next(), stocks.next(), stocks.next()
    check(type(trade).__name__ == "Trade" and trade.symbol == "SPY" and trade.timestamp == moment and trade.price > 0, "a trade at the open")
    check(type(quote).__name__ == "Quote" and quote.bid_price == quote.ask_price == trade.price, "a quote at the open")
    check(type(bar).__name__ == "Bar" and bar.close == trade.price, "a bar at the open")
    venue.until("close")
    items = [stocks.next() for _ in range(4)]
    check([type(item).__name__ for item in items] == ["Trade", "Quote", "Bar", "Bar"] and items[3].volume == 100000000, "the close, with the bar of the day")
    venue.until("open", "CRYPTO")
    coin = coins.next()
    check(coin is not None and coin.symbol == "BTC/USD" and coin.price > 5000, "a trade of crypto")
    stocks.close()
    coins.close()


def check_errors(venue, client):
    other = TradingClient(KEY, "wrong", paper=True, url_override=f"https://{venue.host}")
    refused(other.get_account, 401, 40110000, "a wrong secret")
    feed = TradingClient(DATA_KEY, DATA_SECRET, paper=True, url_override=f"https://{venue.host}")
    refused(feed.get_all_positions, 403, 40310000, "the key of market data may not see positions")
    check(feed.get_clock() is not None, "the key of market data may see the clock")
    again = venue.sim("POST", "advance", after=venue.moment["moment"] - 1)
    check(again.status_code == 200 and again.json() == venue.moment, "the same advance again gives the same moment")
    check(venue.sim("POST", "advance", after=venue.moment["moment"] - 2).status_code == 409, "an older one is refused")
    check(venue.sim("POST", "faults", kind="500", where="orders").json() == {"armed": True}, "a fault is armed")
    refused(client.get_orders, 500, 50010000, "the fault happens")
    check(client.get_orders() == [], "and is over")


def main():
    venue = Venue()
    client = TradingClient(KEY, SECRET, paper=True, url_override=f"https://{venue.host}")
    data = StockHistoricalDataClient(DATA_KEY, DATA_SECRET, url_override=f"https://{venue.host}")
    crypto = CryptoHistoricalDataClient(DATA_KEY, DATA_SECRET, url_override=f"https://{venue.host}")
    try:
        updates = Listener(TradingStream(KEY, SECRET, paper=True, url_override=f"wss://{venue.host}/stream"), lambda stream, take: stream.subscribe_trade_updates(take))
        check(wait_for(lambda: venue.counts()["listeners"] == 1), "the stream of orders is open")
        check_account_and_market(venue, client)
        check_refusals(client)
        cash = check_order(venue, client, updates, data)
        check_dividend(venue, client, cash)
        check_changes(venue, client, updates)
        check_selling(venue, client, updates)
        check_history(venue, data, crypto)
        check_market_stream(venue)
        check_errors(venue, client)
        updates.close()
    finally:
        code, counts = venue.end()
    with open(venue.log, encoding="ascii") as lines:
        log = [json.loads(line) for line in lines]
    check(code == 0 and counts["fills"] == 3 and counts["orders_new"] == 9 and counts["dividends"] == 1, f"counts at the end: {counts}")
    check([line["seq"] for line in log] == list(range(1, len(log) + 1)), "the log has no gap")
    check(sum(line["what"] == "fill" for line in log) == 3 and sum(line["what"] == "cash" for line in log) == 1, "the log has the fills and the dividend")
    check(counts["tls_records_in"] > 100 and counts["tls_records_out"] > 100 and counts["stream_messages"] >= 18, "records and messages were counted")
    finish()


main()
