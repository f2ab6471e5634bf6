# crises.py - judges the risk levels of a backtest from its equity file alone: the drawdown of each session is computed again from the NAVs, with
# the peak begun anew where a person confirmed, and every level that fired or cleared must have done so on a day that this drawdown allows.
#
#   crises.py EQUITY RESULT.json PREFIX DEEPEST SLACK_PCT     DEEPEST: the level that this period must reach; SLACK: how far the NAV at the end of
#   a date (bitcoin trades on after the close that a level is judged at) may be from it, in per cent of the peak. Prints ok and FAIL lines.
import csv
import json
import sys
from datetime import date

equity_path, result_path, prefix, deepest, slack = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5])
FIRES = {"DD_1": 5.0, "DD_2": 8.0, "DD_3": 12.0, "DD_4": 15.0}      # document 04 4.3.3
NEXT = {"DD_CLEAR": 5.0, "DD_1": 8.0, "DD_2": 12.0, "DD_3": 15.0}   # and below this, or a deeper one had fired
LEVEL = {"CLEAR": 0, "LEVEL1": 1, "LEVEL2": 2, "LEVEL3": 3, "LEVEL4": 4, "OUT": 4, "READY": 4, "RECOVERY": 1}


def say(name, wrong):
    print(f"FAIL {prefix}{name}: {wrong[0]} ({len(wrong)} in all)" if wrong else f"ok   {prefix}{name}", flush=True)


with open(result_path) as file:
    result = json.load(file)
changes = result["risk_changes"]
with open(equity_path) as file:
    days = [(date.fromisoformat(row["date"]), float(row["nav_usd"])) for row in csv.DictReader(file)]

say("changes_are_all_told", [] if len(changes) == result["risk_events"] else [f"{len(changes)} of {result['risk_events']}"])
say("changes_follow_one_another", [f"{b['date']}: from {b['from']}, was {a['to']}" for a, b in zip([{"to": "CLEAR"}] + changes, changes)
                                   if a["to"] != b["from"]])

# The peak and the state at the end of each session, from the equity file and the days people confirmed.
drawdown, state, peak, at, now = {}, {}, result["initial_usd"], 0, "CLEAR"
for day, nav in days:
    peak = max(peak, nav)
    while at < len(changes) and date.fromisoformat(changes[at]["date"]) <= day:
        if changes[at]["event"] == "CONFIRM":
            peak = changes[at]["nav_usd"]
        now = changes[at]["to"]
        at += 1
    peak = max(peak, nav)
    drawdown[day], state[day] = (1 - nav / peak) * 100, now

wrong_date, wrong_figure = [], []
for change in changes:
    day = date.fromisoformat(change["date"])
    if day not in drawdown or change["event"] not in set(FIRES) | set(NEXT):
        continue
    if abs(drawdown[day] - change["drawdown_pct"]) > slack + 0.02:
        wrong_figure.append(f"{change['date']}: {change['drawdown_pct']} % told, {drawdown[day]:.2f} % by the equity file")
    if change["cause"] == "correlation":
        continue        # correlations.py judges these
    least, below = FIRES.get(change["event"], 0.0) - slack, NEXT.get(change["event"], 100.0) + slack
    if not least - 0.01 <= drawdown[day] <= below + 0.01:
        wrong_date.append(f"{change['date']} {change['event']}: {drawdown[day]:.2f} % by the equity file")
say("levels_fire_and_clear_on_days_of_that_drawdown", wrong_date)
say("drawdowns_told_are_those_of_the_equity_file", wrong_figure)

# The other way: no day of a deep drawdown goes by without its level.
say("no_deep_day_without_its_level", [f"{day}: {drawdown[day]:.2f} % and {state[day]}" for day, _ in days for name, limit in FIRES.items()
                                      if drawdown[day] > limit + slack + 0.01 and LEVEL[state[day]] < int(name[3]) and state[day] != "RECOVERY"])
reached = max((LEVEL[c["to"]] for c in changes if c["event"] in FIRES), default=0)
say(f"reaches_level_{deepest}", [] if reached >= deepest else [f"only level {reached}"])
say("and_clears", [] if any(c["to"] == "CLEAR" and LEVEL[c["from"]] > 0 for c in changes) else ["never CLEAR again"])
