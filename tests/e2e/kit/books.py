# books.py - says where the books of two homes differ, row by row; nothing when they are the same.
#
#   books.py HOME HOME        the cursor's row is left out: it has the journal's number, and how far a batch had come
import sqlite3
import sys


def tables(home):
    books = sqlite3.connect(f"file:{home}/books.db?mode=ro", uri=True)
    names = [name for (name,) in books.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'cursor' ORDER BY name")]
    return {name: sorted(books.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


ours, theirs = tables(sys.argv[1]), tables(sys.argv[2])
if not ours.get("trade_history"):
    print("no trade in the books")
for name in sorted(ours.keys() | theirs.keys()):
    here, there = ours.get(name), theirs.get(name)
    if here == there:
        continue
    if here is None or there is None:
        print(f"{name} is in one of them only")
        continue
    extra, missing = [row for row in there if row not in set(here)], [row for row in here if row not in set(there)]
    print(f"{name}: {len(here)} rows and {len(there)}; missing {missing[:1]}, too many {extra[:1]}")
