"""The same bars in backtrader: a 60-day momentum cross of 15 assets, equal weights. Prints the milliseconds of cerebro.run()."""
import csv
import datetime
import os
import sys
import time

import backtrader as bt

DAYS = 60


class Cross(bt.Strategy):
    def __init__(self):
        self.momentum = {data: bt.indicators.Momentum(data.close, period=DAYS) for data in self.datas}

    def prenext(self):
        self.next()

    def next(self):
        for data in self.datas:
            if len(data) <= DAYS:
                continue
            held, wanted = self.getposition(data).size > 0, self.momentum[data][0] > 0
            if wanted and not held:
                self.order_target_percent(data, target=0.9 / len(self.datas))
            elif held and not wanted:
                self.close(data)


class Bars(bt.feed.DataBase):
    """Rows in memory: parsing is not what is compared."""
    params = (("rows", None),)

    def start(self):
        super().start()
        self.at = iter(self.p.rows)

    def _load(self):
        row = next(self.at, None)
        if row is None:
            return False
        self.lines.datetime[0] = row[0]
        for line, value in zip((self.lines.open, self.lines.high, self.lines.low, self.lines.close, self.lines.volume), row[1:]):
            line[0] = value
        return True


def rows_of(path, first, last):
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if first <= row["date"] <= last:
                day = datetime.datetime.fromisoformat(row["date"])
                yield (bt.date2num(day), float(row["open"]), float(row["high"]), float(row["low"]), float(row["adj_close"]), float(row["volume"] or 0))


def main():
    folder, first, last = sys.argv[1:4]
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.broker.setcash(100000)
    cerebro.addstrategy(Cross)
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".csv") or name == "VIX.csv":
            continue
        rows = list(rows_of(os.path.join(folder, name), first, last))
        if rows:
            cerebro.adddata(Bars(rows=rows), name=name[:-4])
    begun = time.perf_counter()
    cerebro.run()
    print((time.perf_counter() - begun) * 1e3)


main()
