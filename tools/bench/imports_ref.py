"""What a Python trading stack keeps in memory before it has done anything: the imports, one at a time where they are there. Prints kilobytes and names."""
import importlib

there = []
for name in ("numpy", "pandas", "scipy.stats", "sklearn.linear_model", "backtrader", "talib", "requests", "websocket"):
    try:
        importlib.import_module(name)
        there.append(name)
    except ImportError:
        pass
with open("/proc/self/smaps_rollup") as rollup:
    kilobytes = next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
print(kilobytes, ",".join(there))
