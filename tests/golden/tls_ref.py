#!/usr/bin/env python3
"""Our TLS against OpenSSL's, both ways, on loopback: handshakes with each suite and kind of key, chains, resumption, and the sentence for each
way in which it can go wrong. Certificates are made by the openssl command; without it, or without the built dependencies, this is skipped."""
import glob
import os
import select
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NOW = int(time.time())
DAY = 86400
ECHO = 1 << 18
counts = {"passed": 0, "failed": 0}
warnings.simplefilter("ignore", DeprecationWarning)        # of TLS 1.1, which is asked for to be refused


def check(ok, what):
    counts["passed" if ok else "failed"] += 1
    if not ok:
        print("FAIL", what)


def skip(why):
    print("skip tls_ref:", why)
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)


def build():
    """The driver, from the sources and the newest built dependencies."""
    deps = os.environ.get("DEPS", os.path.join(ROOT, "build", "deps"))
    made = sorted(glob.glob(os.path.join(deps, "*", "lib", "libbearssl.a")), key=os.path.getmtime)
    if not made:
        skip("no built dependencies (make deps)")
    prefix = os.path.dirname(os.path.dirname(made[-1]))
    program = os.path.join(ROOT, "build", "golden", "driver_tls")
    os.makedirs(os.path.dirname(program), exist_ok=True)
    names = "linux/loop linux/clock linux/sock linux/dns linux/tls linux/stream linux/anchors linux/certificate linux/witness wire/dns wire/address"
    sources = [f"hal/{name}.c" for name in names.split()]
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-O1", "-no-pie", "-I.", "-isystem", os.path.join(prefix, "include"),
                    "tests/golden/driver_tls.c", "fsm/bug.c", *sources, os.path.join(prefix, "lib", "libbearssl.a"),
                    os.path.join(prefix, "lib", "libev.a"), "-lm", "-o", program], cwd=ROOT, check=True)
    return program


class Maker:
    """Certificates by the openssl command, in one folder."""

    KINDS = {"p256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "p384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
             "rsa2048": ["rsa", "-pkeyopt", "rsa_keygen_bits:2048"], "rsa4096": ["rsa", "-pkeyopt", "rsa_keygen_bits:4096"]}

    def __init__(self, folder):
        self.folder, self.serial = folder, 1

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True)

    def make(self, name, kind, issuer=None, names=(), ca=False, days=(-1, 30)):
        """name.key and name.pem (with the chain below the root); signed by the issuer or by itself."""
        self.run("genpkey", "-algorithm", self.KINDS[kind][0].upper(), *self.KINDS[kind][1:], "-out", self.path(name + ".key"))
        self.run("req", "-new", "-key", self.path(name + ".key"), "-subj", "/CN=" + name, "-out", self.path(name + ".csr"))
        stamp = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(NOW + day * DAY)) for day in days]
        use = "keyUsage=critical,keyCertSign\nbasicConstraints=critical,CA:TRUE\n" if ca else "keyUsage=critical,digitalSignature\n"
        if names:
            use += "subjectAltName=" + ",".join("DNS:" + each for each in names) + "\n"
        signer = issuer or name
        with open(self.path("ca.cnf"), "w", encoding="ascii") as file:
            file.write(f"[ca]\ndefault_ca=x\n[x]\ndatabase={self.path('index')}\nnew_certs_dir={self.folder}\nserial={self.path('serial')}\n"
                       f"default_md=sha256\npolicy=any\nunique_subject=no\nx509_extensions=use\n[any]\ncommonName=supplied\n[use]\n{use}")
        open(self.path("index"), "w", encoding="ascii").close()
        with open(self.path("serial"), "w", encoding="ascii") as file:
            file.write(f"{self.serial:04x}\n")
        self.serial += 1
        who = ["-selfsign"] if issuer is None else ["-cert", self.path(signer + ".crt")]
        self.run("ca", "-batch", "-notext", "-config", self.path("ca.cnf"), "-keyfile", self.path(signer + ".key"), *who, "-startdate", stamp[0],
                 "-enddate", stamp[1], "-in", self.path(name + ".csr"), "-out", self.path(name + ".crt"))
        with open(self.path(name + ".pem"), "wb") as out:
            for each in [name] + ([issuer] if issuer and os.path.exists(self.path(issuer + ".below")) else []):
                with open(self.path(each + ".crt"), "rb") as file:
                    out.write(file.read())
        if issuer and ca:
            open(self.path(name + ".below"), "w", encoding="ascii").close()


class Server(threading.Thread):
    """An OpenSSL server that echoes, or cuts after the first bytes."""

    def __init__(self, context, cuts=False, raw=None):
        super().__init__(daemon=True)
        self.context, self.cuts, self.raw, self.reused, self.names = context, cuts, raw, [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        if context:
            context.sni_callback = lambda connection, name, _: self.names.append(name)
        self.start()

    def serve(self, plain):
        if self.raw is not None:
            plain.sendall(self.raw)
            plain.recv(1000)
            return
        connection = self.context.wrap_socket(plain, server_side=True)
        self.reused.append(connection.session_reused)
        while data := connection.recv(16384):
            if self.cuts:
                os.close(connection.detach())
                return
            connection.sendall(data)
        connection.unwrap()

    def run(self):
        while True:
            plain, _ = self.listener.accept()
            plain.settimeout(10)
            try:
                self.serve(plain)
            except OSError:
                pass
            finally:
                plain.close()


def context_of(maker, name, low=ssl.TLSVersion.TLSv1_2, high=ssl.TLSVersion.TLSv1_3, ciphers=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version, context.maximum_version = low, high
    if ciphers:
        context.set_ciphers(ciphers)
    context.load_cert_chain(maker.path(name + ".pem"), maker.path(name + ".key"))
    return context


def ask(program, host, server, roots, times=1, now=NOW):
    done = subprocess.run([program, "client", host, str(server.port), roots, str(now), str(times)], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.splitlines() or [done.stderr]


def good(line, suite=None):
    word = line.split()
    return len(word) > 3 and int(word[2]) == ECHO and word[-3:] == ["closed", "in", "order"] and (suite is None or word[1] == suite)


def our_client(program, maker):
    roots = maker.path("root.crt")
    for kind in ("p256", "p384", "rsa2048", "rsa4096"):
        maker.make("venue-" + kind, kind, "root", ["venue.example", "*.feeds.example"])
        server = Server(context_of(maker, "venue-" + kind))
        lines = ask(program, "venue.example", server, roots, 3)
        check(all(good(line) for line in lines) and len(lines) == 3, f"{kind}: {lines}")
        check(lines[0].startswith("full") and all(line.startswith("resumed") for line in lines[1:]), f"{kind} resumes: {lines}")
        check(server.reused == [False, True, True], f"{kind}: OpenSSL says {server.reused}")
        check(server.names[0] == "venue.example", f"{kind}: the name sent was {server.names}")
        check(good(ask(program, "bars.feeds.example", server, roots)[0]), f"{kind}: a wildcard")
    for ciphers, suite in (("ECDHE-ECDSA-AES128-GCM-SHA256", "c02b"), ("ECDHE-ECDSA-AES256-GCM-SHA384", "c02c"), ("ECDHE-ECDSA-CHACHA20-POLY1305", "cca9")):
        line = ask(program, "venue.example", Server(context_of(maker, "venue-p256", ciphers=ciphers)), roots)[0]
        check(good(line, suite), f"{ciphers}: {line}")
    for ciphers, suite in (("ECDHE-RSA-AES128-GCM-SHA256", "c02f"), ("ECDHE-RSA-AES256-GCM-SHA384", "c030"), ("ECDHE-RSA-CHACHA20-POLY1305", "cca8")):
        line = ask(program, "venue.example", Server(context_of(maker, "venue-rsa2048", ciphers=ciphers)), roots)[0]
        check(good(line, suite), f"{ciphers}: {line}")
    context = context_of(maker, "venue-p256")
    context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    line = ask(program, "venue.example", Server(context), roots)[0]
    check(good(line, "c02b"), f"AES-128-GCM where the choice is ours: {line}")
    maker.make("middle", "rsa2048", "root", ca=True)
    maker.make("below", "p256", "middle", ["venue.example"])
    line = ask(program, "venue.example", Server(context_of(maker, "below")), roots)[0]
    check(good(line), f"a chain of three: {line}")


def our_refusals(program, maker):
    roots = maker.path("root.crt")
    maker.make("old", "p256", "root", ["venue.example"], days=(-30, -2))
    maker.make("early", "p256", "root", ["venue.example"], days=(2, 30))
    maker.make("alone", "p256", None, ["venue.example"])
    maker.make("other-root", "p256", ca=True)
    maker.make("stranger", "p256", "other-root", ["venue.example"])
    maker.make("nobody", "p256", "root")
    date = time.strftime("%Y-%m-%d", time.gmtime(NOW - 2 * DAY))
    rows = [("old", {}, f"venue.example: its certificate expired on {date}"), ("early", {}, "its certificate is valid only from"),
            ("alone", {}, "self-signed, or signed by an issuer that is not among the roots"), ("stranger", {}, "not among the roots"),
            ("nobody", {}, "for another host name"),
            ("venue-p256", {"low": ssl.TLSVersion.TLSv1_3}, "venue.example: peer speaks only TLS 1.3; this build speaks 1.2"),
            ("venue-p256", {"low": ssl.TLSVersion.TLSv1_1, "high": ssl.TLSVersion.TLSv1_1, "ciphers": "ALL:@SECLEVEL=0"}, "shares no cipher suite"),
            ("venue-p256", {"high": ssl.TLSVersion.TLSv1_2, "ciphers": "ECDHE-ECDSA-AES128-SHA256"}, "shares no cipher suite")]
    for name, how, words in rows:
        line = ask(program, "venue.example", Server(context_of(maker, name, **how)), roots)[0]
        check(words in line and not good(line), f"{name}: wanted '{words}', got '{line}'")
    line = ask(program, "other.example", Server(context_of(maker, "venue-p256")), roots)[0]
    check("other.example: its certificate is for another host name" in line, line)
    line = ask(program, "venue.example", Server(context_of(maker, "venue-p256"), cuts=True), roots)[0]
    check("without a goodbye" in line or "cut the connection" in line, line)
    line = ask(program, "venue.example", Server(None, raw=b"HTTP/1.1 400 Bad Request\r\n\r\n"), roots)[0]
    check("does not speak TLS" in line, line)
    line = ask(program, "venue.example", Server(None, raw=b""), roots)[0]
    check("closed the connection in the TLS handshake" in line, line)
    server = Server(context_of(maker, "alone"))
    check(good(ask(program, "venue.example", server, maker.path("alone.crt"))[0]), "a certificate that is not a CA, pinned")
    check("holds no certificate" in ask(program, "venue.example", server, maker.path("alone.key"))[0], "a file of roots without one")


def step_of(step, piece):
    """What one call on a socket that does not wait moved, or None where it would have to wait."""
    try:
        return step(piece)
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        return None


def echo_with(connection):
    """A megabyte each way at once, by one thread: OpenSSL lets no two threads read and write one connection."""
    data = os.urandom(1 << 20)
    came, sent = bytearray(), 0
    connection.setblocking(False)
    late = time.monotonic() + 20
    while len(came) < len(data) and time.monotonic() < late:
        moved = step_of(connection.send, data[sent:sent + 16384]) if sent < len(data) else None
        sent += moved or 0
        piece = step_of(connection.recv, 50000)
        if piece == b"":
            break
        came += piece or b""
        if not moved and not piece:
            select.select([connection], [connection] if sent < len(data) else [], [], 1)
    connection.setblocking(True)
    return bytes(came) == data


def our_server(program, maker):
    pem = maker.path("ours.pem")
    server = subprocess.Popen([program, "server", "localhost", pem, str(NOW)], stdout=subprocess.PIPE, text=True)
    port = int(server.stdout.readline())

    def call(host="localhost", session=None, **limits):
        context = ssl.create_default_context(cafile=pem)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        for key, value in limits.items():
            setattr(context, key, value)
        if session:
            context = session[0]
        plain = socket.create_connection(("127.0.0.1", port), timeout=10)
        return context, context.wrap_socket(plain, server_hostname=host, session=session and session[1])

    def refused(why, **how):
        try:
            call(**how)
            check(False, why)
        except ssl.SSLError:
            check(True, why)

    context, connection = call()
    check(connection.version() == "TLSv1.2" and connection.cipher()[0].startswith("ECDHE-ECDSA"), f"OpenSSL to us: {connection.cipher()}")
    check(echo_with(connection), "OpenSSL to us: a megabyte there and back")
    session = connection.session
    try:
        connection.unwrap()
        check(True, "an orderly goodbye")
    except OSError as error:
        check(False, f"an orderly goodbye: {error}")
    _, connection = call(session=(context, session))
    check(connection.session_reused, "OpenSSL resumes with us")
    check(echo_with(connection), "resumed: a megabyte there and back")
    connection.close()
    check(echo_with(call(host="127.0.0.1")[1]), "by address")
    refused("OpenSSL takes our certificate for another name", host="venue.example")
    refused("OpenSSL with TLS 1.3 only gets no TLS 1.2 from us", minimum_version=ssl.TLSVersion.TLSv1_3)
    shown = subprocess.run(["openssl", "x509", "-in", pem, "-noout", "-text"], capture_output=True, text=True, check=False).stdout
    for words in ("Version: 3", "ecdsa-with-SHA256", "DNS:localhost", "IP Address:127.0.0.1", "CA:TRUE", "prime256v1"):
        check(words in shown, f"openssl x509 does not show {words}")
    verified = subprocess.run(["openssl", "verify", "-x509_strict", "-CAfile", pem, pem], capture_output=True, text=True, check=False)
    check(verified.returncode == 0, verified.stderr)
    server.terminate()
    server.wait()


def main():
    if not shutil.which("openssl"):
        skip("openssl is missing (apt-get install openssl)")
    program = build()
    with tempfile.TemporaryDirectory() as folder:
        maker = Maker(folder)
        maker.make("root", "p384", ca=True)
        our_client(program, maker)
        our_refusals(program, maker)
        our_server(program, maker)
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    return counts["failed"] > 0


if __name__ == "__main__":
    sys.exit(main())
