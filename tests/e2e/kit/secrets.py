"""secrets.py WATCHDOG_PID HOME NAME=SECRET... - looks for each secret in every page of each process of a running appliance, in its environment and
command line, and in every file of the home. One line a finding that is not allowed, and what was looked at. NAME is the process that may hold it: desk,
feed, or none. Needs root: nobody else may read the memory of a process that is not dumpable."""
import os
import sys

PIECE = 1 << 20


def processes(watchdog):
    found = {watchdog: "watchdog"}
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and int(open(f"/proc/{name}/stat").read().rsplit(")", 1)[1].split()[1]) == watchdog:
                found[int(name)] = "child"
        except OSError:
            pass
    return found


def maps(pid):
    """(from, to, flags of smaps) of what can be read."""
    out, current = [], None
    for line in open(f"/proc/{pid}/smaps"):
        head = line.split()
        if "-" in head[0] and not head[0].endswith(":"):
            a, b = (int(x, 16) for x in head[0].split("-"))
            current = (a, b, head[1])
        elif head[0] == "VmFlags:" and current:
            if current[2].startswith("r") and "[vvar" not in line and not {"io", "pf"} & set(head[1:]):
                out.append((current[0], current[1], set(head[1:])))
    return out


def places(pid, needles):
    """For each needle the list of (address, flags) where it is."""
    found, looked = {n: [] for n in needles}, 0
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for a, b, flags in maps(pid):
            tail = b""
            for at in range(a, b, PIECE):
                try:
                    memory.seek(at)
                    piece = memory.read(min(PIECE, b - at))
                except (OSError, OverflowError, ValueError):
                    break
                looked += len(piece)
                text = tail + piece
                for needle in needles:
                    where = text.find(needle)
                    while where >= 0:
                        found[needle].append((at - len(tail) + where, flags))
                        where = text.find(needle, where + 1)
                tail = text[-64:]
    for needle in needles:      # once where two pieces meet
        found[needle] = list({address: (address, flags) for address, flags in found[needle]}.values())
    return found, looked


def main():
    watchdog, home = int(sys.argv[1]), sys.argv[2]
    owner = {}
    for word in sys.argv[3:]:
        name, secret = word.split("=", 1)
        owner[secret.encode()] = name
    total, holders = 0, {n: [] for n in owner}
    for pid in sorted(processes(watchdog)):
        found, looked = places(pid, list(owner))
        total += looked
        for needle, where in found.items():
            if where:
                holders[needle].append((pid, where))
        for file in ("environ", "cmdline"):
            text = open(f"/proc/{pid}/{file}", "rb").read()
            for needle in owner:
                if needle in text:
                    print(f"wrong: a secret of {owner[needle]} is in /proc/{pid}/{file}")
    for folder, _, files in os.walk(home):
        for name in files:
            path = os.path.join(folder, name)
            if os.path.exists(path) and not os.path.isfile(path):
                continue
            text = open(path, "rb").read()
            total += len(text)
            for needle in owner:
                if needle in text:
                    print(f"wrong: a secret of {owner[needle]} is in {path}")
    pids = {}
    for needle, found in holders.items():
        if len(found) != 1:
            print(f"wrong: a secret of {owner[needle]} is in {len(found)} processes {[pid for pid, _ in found]}")
            continue
        pid, where = found[0]
        pids.setdefault(owner[needle], set()).add(pid)
        if pid == watchdog:
            print("wrong: the watchdog holds a secret")
        for address, flags in where:
            if not {"lo", "dd"} <= flags:
                print(f"wrong: a copy of a secret of {owner[needle]} at {address:x} is not locked, or would be dumped ({' '.join(sorted(flags))})")
    if any(len(p) != 1 for p in pids.values()) or len(set().union(*pids.values())) != len(pids):
        print(f"wrong: secrets of one pair in several processes, or of two in one: {pids}")
    print(f"looked through {total >> 10} KiB of {len(processes(watchdog))} processes and of the home")


main()
