#!/usr/bin/env python3
"""calendar_ref.py - independent lists of NYSE days and of time-zone changes, for fsm/feed/calendar and fsm/feed/zone.

Run plainly it computes everything anew, compares it with the committed calendar.golden (which the C tests read) and prints
`N passed, N failed`. With --write it writes calendar.golden.

Sources, none of them ours (pins: requirements.txt):
  exchange_calendars XNYS        closed days and hours, 1990-2046
  pandas_market_calendars NYSE   closed days and hours, 1990-2046, also late openings
  holidays NYSE                  closed days with their names, early closes, 1990-2046
  tzdata through zoneinfo        offsets of New York and Kolkata, 1967-2099

Each weekday of 1990-2046 is compared between all three. They agree on every closed day. They do not agree on some hours;
each such day is in RULINGS with what we hold and why, and the run fails when the set of such days changes. How independent
they are: the first two share an ancestor (zipline's calendar), the third was written apart. For past years
their lists rest on what the exchange did; for years to come all three, as we, extend the exchange's rules, so there
agreement shows the same reading of the rules, not the future. Names of closed days are checked against `holidays` alone.
"""
import datetime as dt
import pathlib
import re
import sys
import zoneinfo

import exchange_calendars
import holidays
import pandas_market_calendars
import tzdata

zoneinfo.reset_tzpath(to=[])          # the pinned tzdata, not the machine's

GOLDEN = pathlib.Path(__file__).with_name("calendar.golden")
FIRST, LAST = dt.date(1990, 1, 1), dt.date(2046, 12, 31)
ZONE_YEARS = range(1967, 2100)
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
KOLKATA = zoneinfo.ZoneInfo("Asia/Kolkata")
ORDINARY = ("09:30", "16:00")

PANDAS = "only pandas_market_calendars records it, from the exchange's own list of special closings"
RULINGS = {
    "1990-12-27": ("11:00", "16:00", "the exchange opened at 11:00 (press of the day, and the notes of "
                   "pandas_market_calendars, whose table says 09:31)"),
    "1991-01-17": ("09:31", "16:00", PANDAS),
    "1991-02-25": ("09:31", "16:00", PANDAS),
    "1994-02-11": ("09:30", "14:30", "two of three; exchange_calendars lacks it"),
    "1995-12-18": ("10:30", "16:00", PANDAS),
    "1996-01-08": ("11:00", "14:00", PANDAS),
    "1997-10-27": ("09:30", "15:30", PANDAS),
    "1999-12-31": ("09:30", "13:00", "two of three; pandas_market_calendars calls it disputed"),
    "2001-09-17": ("09:33", "16:00", PANDAS),
    "2001-10-08": ("09:31", "16:00", PANDAS),
    "2002-09-11": ("12:00", "16:00", PANDAS),
    "2003-03-20": ("09:32", "16:00", PANDAS),
    "2004-06-07": ("09:32", "16:00", PANDAS),
    "2005-06-01": ("09:30", "15:56", PANDAS),
    "2006-12-27": ("09:32", "16:00", PANDAS),
}
NAMES = {"Closed following Attacks on the World Trade Center": "Attacks on the World Trade Center"}

passed = failed = 0


def check(good, sentence):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAIL", sentence)


def days():
    return (FIRST + dt.timedelta(n) for n in range((LAST - FIRST).days + 1))


def clock(stamp):
    return stamp.tz_convert("America/New_York").strftime("%H:%M")


def schedule_of(frame, opened, closed):
    return {day.date(): (clock(start), clock(end)) for day, start, end in zip(frame.index, frame[opened], frame[closed])}


def from_exchange_calendars():
    return schedule_of(exchange_calendars.get_calendar("XNYS", start=str(FIRST), end=str(LAST)).schedule, "open", "close")


def from_pandas_market_calendars():
    frame = pandas_market_calendars.get_calendar("NYSE").schedule(str(FIRST), str(LAST))
    return schedule_of(frame, "market_open", "market_close")


def from_holidays():
    """Its schedule, and the name of each closed weekday. It knows no late openings."""
    years = range(FIRST.year, LAST.year + 1)
    closed = holidays.NYSE(years=years, categories=("public",))
    early = holidays.NYSE(years=years, categories=("half_day",))
    schedule, names = {}, {}
    for day in days():
        if day.weekday() >= 5:
            continue
        if day in closed:
            name = closed[day].replace(" (observed)", "")
            names[day] = NAMES.get(name, name)
            continue
        said = re.search(r"close at (\d+):(\d+)pm", early[day]) if day in early else None
        schedule[day] = ("09:30", f"{int(said[1]) + 12}:{said[2]}" if said else "16:00")
    return schedule, names


def nyse():
    """What all sources agree on, and the rulings: {day: hours}, {closed weekday: name}."""
    sources = [from_exchange_calendars(), from_pandas_market_calendars()]
    last, names = from_holidays()
    sources.append(last)
    hours, differing = {}, set()
    for day in days():
        said = {source.get(day) for source in sources}
        check(said == {None} or None not in said, f"{day}: the sources differ on whether it is a session: {said}")
        if said == {None}:
            continue
        if len(said) > 1:
            differing.add(str(day))
        hours[day] = RULINGS[str(day)][:2] if str(day) in RULINGS else sources[0].get(day)
    check(differing == set(RULINGS), f"days of differing hours {sorted(differing ^ set(RULINGS))} are not the rulings")
    return hours, names


def changes(zone):
    """(instant, offset) of each change of the clock, found to the second by halving."""
    def offset(second):
        return int(dt.datetime.fromtimestamp(second, zone).utcoffset().total_seconds())
    start = int(dt.datetime(ZONE_YEARS[0], 1, 1, tzinfo=dt.timezone.utc).timestamp())
    end = int(dt.datetime(ZONE_YEARS[-1] + 1, 1, 1, tzinfo=dt.timezone.utc).timestamp())
    yield start, offset(start)
    for day in range(start, end, 86400):
        low, high = day, day + 86400
        if offset(low) == offset(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
        yield high, offset(high)


def utc(day, hhmm):
    local = dt.datetime.combine(day, dt.time.fromisoformat(hhmm), NEW_YORK)
    return local.astimezone(dt.timezone.utc).strftime("%H:%M")


def wall_lines():
    """Wall clock to UTC around the days New York changes its clock, gaps and second passes included (PEP 495, fold 0)."""
    for second, _ in list(changes(NEW_YORK))[1:]:
        day = dt.datetime.fromtimestamp(second, NEW_YORK).date()
        if not FIRST <= day <= LAST:
            continue
        for hhmm in ("00:59", "01:00", "01:30", "02:00", "02:30", "03:00", "09:30"):
            local = dt.datetime.combine(day, dt.time.fromisoformat(hhmm), NEW_YORK)
            yield f"wall America/New_York {day} {hhmm} {int(local.timestamp())}"


def golden_lines():
    hours, names = nyse()
    yield "# Made by calendar_ref.py --write; do not edit. closed: weekdays without a session. hours: sessions that are not"
    yield "# 09:30-16:00 New York, in UTC. offset: seconds ahead of UTC from an instant on. wall: New York clock to UTC."
    yield f"# exchange_calendars {exchange_calendars.__version__}, pandas_market_calendars " \
          f"{pandas_market_calendars.__version__}, holidays {holidays.__version__}, tzdata {tzdata.IANA_VERSION}"
    for day in days():
        if day in hours and hours[day] != ORDINARY:
            yield f"hours {day} {utc(day, hours[day][0])} {utc(day, hours[day][1])}"
        elif day not in hours and day.weekday() < 5:
            yield f"closed {day} {names[day]}"
        else:
            check(day in hours or day.weekday() >= 5, f"{day}: a weekday that is neither session nor closed")
    for zone in (NEW_YORK, KOLKATA):
        for second, offset in changes(zone):
            yield f"offset {zone.key} {second} {offset}"
    yield from wall_lines()


def main():
    fresh = list(golden_lines())
    if "--write" in sys.argv[1:]:
        GOLDEN.write_text("\n".join(fresh) + "\n")
        print(f"wrote {len(fresh)} lines")
    committed = GOLDEN.read_text().splitlines() if GOLDEN.exists() else []
    check(len(committed) == len(fresh), f"calendar.golden has {len(committed)} lines, the sources make {len(fresh)}")
    for line, (old, new) in enumerate(zip(committed, fresh), 1):
        check(old == new, f"calendar.golden:{line}: is {old!r}, the sources say {new!r}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
