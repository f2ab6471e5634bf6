#!/usr/bin/env python3
"""websocket_ref.py - our WebSocket and HTTP code against the published `websockets` package, over loopback, both ways round.

    python3 tests/golden/websocket_ref.py

Its client talks to our echo server and its server to our echo client (tests/golden/driver_websocket.c, compiled here): messages of
every length class, text of every width, fragments, pings, closes from either side, a message that is too long, an offer of
compression that must not be taken. Last line: N passed, N failed."""
import http.client
import os
import random
import subprocess
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.server import serve

from kit import ROOT, check, finish

MESSAGE_MAX = 1 << 20
LENGTHS = [0, 1, 2, 3, 124, 125, 126, 127, 128, 1000, 65534, 65535, 65536, 65537, 200000, MESSAGE_MAX]
FILES = ["websocket", "websocket_handshake", "http", "http_write", "base64", "digest", "utf8"]


def driver():
    """Compiled with the dependencies that the Makefile names."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    deps = subprocess.run(["make", "-s", "--no-print-directory", "--eval", "where: ; @echo $(D)", "where"],
                          cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout.split()[-1]
    path = os.path.join(ROOT, "build", "golden", "driver_websocket")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-O2", "-no-pie", "-I.", "-isystem", f"{deps}/include",
                    "tests/golden/driver_websocket.c", "fsm/bug.c", *[f"hal/wire/{file}.c" for file in FILES],
                    f"{deps}/lib/libbearssl.a", "-o", path], cwd=ROOT, check=True)
    return path


def samples():
    rng = random.Random(6455)
    for length in LENGTHS:
        yield bytes(rng.randrange(256) for _ in range(length))
        yield "x" * length
    yield "é€😀\U0010ffff\ud7ff\ue000" * 1000
    yield "\0\x7f"


def talk(ws, who):
    """Everything an echoing peer must give back, on an open connection."""
    check(not ws.protocol.extensions, who + " takes no extension")
    check(ws.subprotocol is None, who + " takes no subprotocol")
    for sample in samples():
        ws.send(sample)
        got = ws.recv(timeout=20)
        check(got == sample and type(got) is type(sample), f"{who} echoes {type(sample).__name__} of {len(sample)}")
    ws.send(iter(["frag", "", "ments €"]))
    check(ws.recv(timeout=20) == "fragments €", who + " joins text fragments")
    ws.send(iter([b"\xff" * 70000, b"", b"\x00" * 3]))
    check(ws.recv(timeout=20) == b"\xff" * 70000 + b"\0" * 3, who + " joins binary fragments")
    ws.send("#fragments a long text in small pieces: é€😀")
    check(ws.recv(timeout=20) == "a long text in small pieces: é€😀", who + " sends fragments")
    for payload in (b"", b"\xff" * 125):
        check(ws.ping(payload).wait(20), who + " answers a ping")
    ws.pong(b"nobody asked")
    ws.send("still here")
    check(ws.recv(timeout=20) == "still here", who + " bears a pong nobody asked for")


def close_of(ws):
    """The close frames (received, sent) after everything before them was read."""
    try:
        while True:
            ws.recv(timeout=20)
    except ConnectionClosed as end:
        return end.rcvd, end.sent


def ways_to_close(ws, how, who):
    """One of the ways to end; what our side must say of it."""
    if how == "we":
        ws.close(4321, "bye €")
        check(ws.protocol.close_rcvd is not None and ws.protocol.close_rcvd.code == 4321, who + " answers a close with its code")
        return "closed 4321 bye €"
    if how == "they":
        ws.send("#close 4001 enough é")
        received, sent = close_of(ws)
        check((received.code, received.reason) == (4001, "enough é"), who + " closes with code and reason")
        return "closed 4001 enough é"
    if how == "empty":
        ws.send("#close 1005 ")
        received, sent = close_of(ws)
        check(received.code == 1005, who + " closes without a code")
        return "closed 1005 "
    try:
        ws.send("x" * (MESSAGE_MAX + 1))
    except ConnectionClosed:
        pass
    received, sent = close_of(ws)
    check(received is not None and received.code == 1009, who + " refuses a message that is too long")
    return "failed sends a message that is too long"


def their_client(program):
    server = subprocess.Popen([program, "server"], stdout=subprocess.PIPE, text=True)
    port = int(server.stdout.readline())
    try:
        for how in ("we", "they", "empty", "too long"):
            with connect(f"ws://127.0.0.1:{port}/echo?a=b", max_size=None, ping_interval=None) as ws:
                if how == "we":
                    talk(ws, "our server")
                said = ways_to_close(ws, how, "our server")
            line = server.stdout.readline()
            check(line.startswith(said), f"our server heard: {line!r} for {said!r}")
        refusals(port)
    finally:
        server.kill()
        server.wait()


def refusals(port):
    """Plain HTTP clients of the standard library get an answer they can read."""
    for headers, status in (({}, 400), ({"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "8"}, 426)):
        plain = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        plain.request("GET", "/", headers=headers)
        answer = plain.getresponse()
        check(answer.status == status and len(answer.read()) > 0, f"our server refuses with {status}")
        check(status != 426 or answer.getheader("Sec-WebSocket-Version") == "13", "and names its version")
        plain.close()


def their_server(program):
    for how in ("we", "they", "empty", "too long"):
        said = []

        def session(ws):
            if how == "we":
                talk(ws, "our client")
            said.append(ways_to_close(ws, how, "our client"))

        with serve(session, "127.0.0.1", 0, max_size=None, ping_interval=None) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            port = server.socket.getsockname()[1]
            done = subprocess.run([program, "client", str(port)], capture_output=True, text=True, timeout=60)
            server.shutdown()
            thread.join()
        check(len(said) == 1 and done.stdout.startswith(said[0]), f"our client heard: {done.stdout!r} for {said!r}")


def main():
    program = driver()
    their_client(program)
    their_server(program)
    finish()


main()
