"""TA-Lib and Tulip Indicators on the same numbers as ours: nanoseconds an element, one line a factor, library and length.

    talib_ref.py FILE LENGTH ...    FILE: three series of doubles, high, low, close, one after the other; their first LENGTH are used

Both libraries are called as C functions on buffers that are there already, as ours are, so that Python and its allocations do not count."""
import ctypes
import glob
import os
import statistics
import sys
import time

import numpy as np

TURNS = 5


def median_ns(call, count, calls):
    """A turn is so many calls that it lasts as long for a short series as for the longest."""
    took = []
    for _ in range(TURNS):
        began = time.perf_counter_ns()
        for _ in range(calls):
            call()
        took.append(time.perf_counter_ns() - began)
    assert call() == 0
    return statistics.median(took) / count / calls


def address(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def talib_calls(high, low, close, out):
    import talib
    folder = os.path.join(os.path.dirname(os.path.dirname(talib.__file__)), "ta_lib.libs")
    ta = ctypes.CDLL(glob.glob(os.path.join(folder, "libta-lib-*.so*"))[0])
    assert ta.TA_Initialize() == 0
    begin, count, last, deviations = ctypes.c_int(), ctypes.c_int(), len(close) - 1, ctypes.c_double(2.0)
    tail = (ctypes.byref(begin), ctypes.byref(count))
    one = lambda name, period: lambda: getattr(ta, name)(0, last, address(close), period, *tail, address(out[0]))
    return {"sma": one("TA_SMA", 20), "ema": one("TA_EMA", 20), "rsi": one("TA_RSI", 14),
            "atr": lambda: ta.TA_ATR(0, last, address(high), address(low), address(close), 14, *tail, address(out[0])),
            "bollinger": lambda: ta.TA_BBANDS(0, last, address(close), 20, deviations, deviations, 0, *tail, *map(address, out))}


def tulip_calls(high, low, close, out):
    import tulipy.lib
    ti = ctypes.CDLL(tulipy.lib.__file__)
    pointers = lambda *arrays: (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))
    options = lambda *values: (ctypes.c_double * len(values))(*values)
    call = lambda name, inputs, values, outputs: lambda: getattr(ti, name)(len(close), inputs, values, outputs)
    return {"sma": call("ti_sma", pointers(close), options(20), pointers(out[0])),
            "ema": call("ti_ema", pointers(close), options(20), pointers(out[0])),
            "rsi": call("ti_rsi", pointers(close), options(14), pointers(out[0])),
            "atr": call("ti_atr", pointers(high, low, close), options(14), pointers(out[0])),
            "bollinger": call("ti_bbands", pointers(close), options(20, 2), pointers(*out))}


def main():
    prices = np.fromfile(sys.argv[1]).reshape(3, -1)
    lengths = [int(length) for length in sys.argv[2:]]
    out = [np.ones(prices.shape[1]) for _ in range(3)]
    for length in lengths:
        high, low, close = (np.ascontiguousarray(series[:length]) for series in prices)
        for library, calls_of in (("TA-Lib", talib_calls), ("Tulip", tulip_calls)):
            try:
                calls = calls_of(high, low, close, [array[:length] for array in out])
            except (ImportError, OSError, IndexError):
                continue
            for name, call in calls.items():
                print(name, library, length, median_ns(call, length, max(lengths) // length))


main()
