"""rescue.py - the desk is killed until it is held down; then the rescue is asked, and released. Written for tests/e2e/rescue.sh.

usage: rescue.py TICKWORK VENUE FOLDER journal|alone        alone: the journal is damaged before the rescue reads it again
One line each: `ok   NAME`, `FAIL NAME: why`, or a figure. Everything goes over loopback; only processes of FOLDER's own run are killed."""
import json, os, signal, ssl, subprocess, sys, threading, time, urllib.request

binary, venue_binary, folder, mode = sys.argv[1:5]
home, log = folder + "/home", folder + "/venue.jsonl"
DESK, CAP = "market_decision_engine", 10          # deaths an hour: one more is held down
keys = {"APCA_API_KEY_ID": "PKSIM", "APCA_API_SECRET_KEY": "sim-secret", "TICKWORK_DATA_KEY_ID": "PKSIMDATA", "TICKWORK_DATA_SECRET_KEY": "sim-data-secret"}


def judge(name, ok, why=""):
    name += "_alone" if mode == "alone" else ""
    print(f"ok   {name}" if ok else f"FAIL {name}: {str(why)[:400]}", flush=True)
    return ok


def verb(*words):
    done = subprocess.run([binary, *words, "--home", home], capture_output=True, text=True, timeout=30)
    return done.returncode, (done.stdout + done.stderr).strip()


def look(what):
    done = subprocess.run([binary, what, "--json", "--home", home], capture_output=True, text=True, timeout=30)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def process(name):
    for row in (look("status") or [{"processes": []}])[0]["processes"]:
        if row["name"] == name: return row
    return {"state": "none", "pid": None}


def state(name): return process(name)["state"].lower()


def next_life(name, former):
    """Its pid, once it is another one."""
    row = process(name)
    return row["pid"] if row["pid"] not in former | {0, None} and row["state"].lower() in ("booting", "ready") else 0


def damage(path):
    with open(path, "r+b") as file:
        for at in range(0, os.path.getsize(path), 4096):
            file.seek(at + 64)
            file.write(b"damaged")


def until(seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found: return found
        time.sleep(0.005)
    return what()


def call(path, body=None):
    request = urllib.request.Request(f"https://localhost:{port}{path}", json.dumps(body).encode() if body else None,
        {"APCA-API-KEY-ID": "PKSIM", "APCA-API-SECRET-KEY": "sim-secret", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, context=trust, timeout=20) as answer: return json.load(answer)


def logged(what):
    with open(log) as lines: return [row for row in map(json.loads, (line for line in lines if line.endswith("\n"))) if row["what"] == what]


def children(parent):
    """Living processes that this one has forked."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit(): continue
        try:
            with open(f"/proc/{name}/stat") as stat: state, ppid = stat.read().rsplit(")", 1)[1].split()[:2]
        except (OSError, ValueError): continue
        if int(ppid) == parent and state not in "ZX": found.append(int(name))
    return found


def rest_order(symbol):
    """An order that works until somebody cancels it."""
    order = {"symbol": symbol, "qty": "1", "side": "buy", "type": "limit", "limit_price": "0.01", "time_in_force": "gtc", "client_order_id": f"by-hand-{time.monotonic_ns()}"}
    return call("/v2/orders", order)["id"]


def cancelled(order_id): return any(row.get("order_id") == order_id for row in logged("canceled"))


venue = subprocess.Popen([venue_binary, "--seed", "1", "--from", "2004-01-02", "--to", "2034-12-29", "--port-file", folder + "/port", "--trust", folder + "/root.pem",
    "--log", log], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
run = None
try:
    until(20, lambda: os.path.exists(folder + "/port") and os.path.getsize(folder + "/port"))
    port = open(folder + "/port").read().strip()
    trust = ssl.create_default_context(cafile=folder + "/root.pem")
    run = subprocess.Popen([binary, "run", "--layout", "appliance", "--venue", "alpaca", "--venue-url", f"https://localhost:{port}", "--trust", folder + "/root.pem",
        "--venue-time", "stepped", "--home", home], env={**os.environ, **keys}, stdout=open(folder + "/run.log", "w"), stderr=subprocess.STDOUT)
    until(20, lambda: len(look("positions")) >= 3)

    # --- held down; all the while nobody counts more children than a layout has, so the rescue and the desk are never both there
    most, looks, ended = [0], [0], threading.Event()

    def watch():
        while not ended.is_set():
            most[0], looks[0] = max(most[0], len(children(run.pid))), looks[0] + 1
            time.sleep(0.001)
    layout = len(children(run.pid))
    watcher = threading.Thread(target=watch)
    watcher.start()
    first = rest_order("GLD")
    code, said = verb("release")
    judge("t_P3_nothing_to_release", code == 4 and "no process is held down" in said, said)
    killed = set()
    while len(killed) <= CAP:
        pid = until(60, lambda: next_life(DESK, killed))
        if not pid: break
        os.kill(pid, signal.SIGKILL)
        killed.add(pid)
    held_ns = time.monotonic_ns()
    judge("t_R9_cancels_by_itself", until(10, lambda: cancelled(first)), logged("canceled")[-1:])
    print(f"     from the last death to the venue's bulk cancel: {(time.monotonic_ns() - held_ns) / 1e6:.0f} ms")
    judge("t_P3_held_down", until(10, lambda: state(DESK) == "held"), process(DESK))
    judge("t_R9_rescue_is_there", until(10, lambda: state("rescue") == "ready"), process("rescue"))
    judge("t_R9_halted_at_once", until(5, lambda: look("risk")[0].get("halted")), look("risk"))

    if mode == "alone":
        pid = process("rescue")["pid"]
        damage(home + "/journal")
        os.kill(pid, signal.SIGKILL)
        judge("t_R9_rescue_comes_back_without_a_journal", until(20, lambda: next_life("rescue", {pid}) and state("rescue") == "ready"), process("rescue"))
        judge("t_R9_says_that_it_is_alone", "from the venue's word alone" in open(folder + "/run.log").read(), "not in the log")

    # --- the operator
    for word in ("pause", "resume", "confirm"):
        code, said = verb(word)
        judge(f"t_R9_{word}_refused", code == 4 and "the desk is held down; release it first" in said, said)
    second = rest_order("GLD")
    asked_ns, seen = time.monotonic_ns(), {}
    halt = subprocess.Popen([binary, "halt", "--home", home], stdout=subprocess.PIPE, text=True)
    until(10, lambda: cancelled(second) and seen.setdefault("ns", time.monotonic_ns()))
    said = halt.communicate(timeout=10)[0]
    judge("t_R9_halt_done", halt.returncode == 0 and said.startswith("halt: "), said)
    judge("t_R9_halt_cancels_all", "ns" in seen, logged("canceled")[-1:])
    print(f"     from `tickwork halt` to the venue's bulk cancel: {(seen.get('ns', 0) - asked_ns) / 1e6:.1f} ms")
    held = {row["symbol"]: float(row["qty"]) for row in call("/v2/positions")}
    before = len(logged("accepted"))
    code, said = verb("flatten")
    judge("t_R9_flatten_done", code == 0 and said.startswith("flatten: positions are being closed"), said)
    closes = lambda: {row["symbol"]: float(row["qty"]) for row in logged("accepted")[before:] if row["side"] == "sell"}
    judge("t_R9_flatten_closes_all_and_no_more", until(10, lambda: held and closes() == held), f"held {held}, closing {closes()}")
    judge("t_R9_no_new_risk", not [row for row in logged("accepted")[before:] if row["side"] != "sell"], logged("accepted")[before:])

    if mode == "journal":
        # --- released
        code, said = verb("release")
        judge("t_P3_released", code == 0 and DESK in said, said)
        judge("t_P3_desk_is_back", until(20, lambda: state(DESK) == "ready"), process(DESK))
        judge("t_R9_flat_at_the_venue", until(20, lambda: not call("/v2/positions")), call("/v2/positions"))
        judge("t_R9_flat_in_the_books", until(10, lambda: not look("positions")), look("positions"))
        judge("t_R9_still_halted", until(5, lambda: look("risk")[0].get("halted")), look("risk"))
        at_venue = round(float(call("/v2/account")["cash"]), 4)
        judge("t_X10_same_cash", until(10, lambda: round(float(look("account")[0]["cash_usd"]), 4) == at_venue), f"venue {at_venue}, books {look('account')}")
    ended.set()
    watcher.join()
    judge("t_X1_never_both", layout == 5 and most[0] <= layout and looks[0] > 100, f"{most[0]} children at once instead of {layout}, {looks[0]} looks")
    print(f"     {looks[0]} looks at /proc, at most {most[0]} children")
    run.send_signal(signal.SIGTERM)
    judge("t_P4_ends_well", run.wait(30) == 0, open(folder + "/run.log").read()[-400:])
except Exception as error:
    judge("t_R9_rescue", False, repr(error) + open(folder + "/run.log").read()[-300:] if os.path.exists(folder + "/run.log") else repr(error))
finally:
    try: ended.set()
    except NameError: pass
    for child in (run, venue):
        if child and child.poll() is None:
            child.kill()
            child.wait()
