"""What a check of the gate costs, beside the same check by Flask-Login and an ORM."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bench.contenders import OTPAPP, OURS, PEERS_BIN, Contender
from bench.measures import SETTLE, Sample
from bench.servers import Server

SESSIONS, CONNECTIONS, WORKERS = 1000, 8, 2
NO_MAIL = 9  # a port that nobody listens on
PROMISE = 4  # times less CPU
NAME = "Flask-Login and ORM"
OURS_THEN_PEER = (
    replace(OTPAPP, prepare=("-m", "bench.gate_seed", "{users}")),
    replace(
        OTPAPP,
        name=NAME,
        bin=PEERS_BIN,
        folder=Path(__file__).parent / "peers",
        target="flask_login_check:app",
        prepare=("-c", "import flask_login_check as it; it.prepare({users})"),
        environ={"BENCH_DATABASE": "{database}"},
    ),
)


@dataclass(frozen=True)
class Case:
    """One kind of request, and the status that says that it was answered as it must be."""

    name: str
    path: str
    has_cookie: bool
    status: bytes


CASES = (
    Case("signed in", "/page?x=1", has_cookie=True, status=b"200"),
    Case("refused", "/page", has_cookie=False, status=b"401"),
)


def measure(folder: Path, rounds: int, seconds: float) -> str:
    """Return the part of the report about checks: all contenders in each round."""
    servers = []
    for number, contender in enumerate(OURS_THEN_PEER):
        own = folder / str(number)
        own.mkdir(parents=True)
        servers.append(Server(contender, own, NO_MAIL, WORKERS))
    found: dict[str, dict[str, list[Sample]]] = {}
    try:
        for server in servers:
            server.prepare(SESSIONS)
            server.start()
        for _ in range(rounds):
            for case in CASES:
                for server in servers:
                    sample = _checks(server, case, seconds)
                    found.setdefault(case.name, {}).setdefault(server.contender.name, []).append(
                        sample
                    )
    finally:
        for server in servers:
            server.stop()
    return _report(found)


def _checks(server: Server, case: Case, seconds: float) -> Sample:
    deadline = time.perf_counter() + seconds

    def client(number: int) -> list[float]:
        took = []
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            index = number
            while (began := time.perf_counter()) < deadline:
                connection.sendall(_request(server.contender, case, index % SESSIONS))
                heard = connection.recv(65536)
                assert heard[9:12] == case.status, heard
                took.append((time.perf_counter() - began) * 1000)
                index += CONNECTIONS
        return took

    before, began = server.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        took = [one for part in pool.map(client, range(CONNECTIONS)) for one in part]
    elapsed = time.perf_counter() - began
    time.sleep(SETTLE)
    return Sample(len(took) / elapsed, (server.cpu_seconds() - before) * 1000 / len(took), took)


def _request(contender: Contender, case: Case, index: int) -> bytes:
    name = "__Host-otpapp-gate" if contender.name == OURS else "gate"
    cookie = f"Cookie: theirs=1; {name}=token{index:05}\r\n" if case.has_cookie else ""
    return (
        "GET /gate/nginx HTTP/1.1\r\nHost: auth.example.org\r\nAccept: text/html\r\n"
        f"X-Original-URL: https://wiki.example.org{case.path}\r\nX-Original-Method: GET\r\n"
        f"{cookie}\r\n"
    ).encode()


def _report(found: dict[str, dict[str, list[Sample]]]) -> str:
    lines = []
    for case, samples in found.items():
        ours, theirs = samples[OURS], samples[NAME]
        pairs = zip(ours, theirs, strict=True)
        ratio = median(peer.cpu / mine.cpu for mine, peer in pairs)
        promise = f"promise: >= {PROMISE}: {'kept' if ratio >= PROMISE else 'BROKEN'}"
        # Whoever brings nothing is looked up by nobody else.
        said = promise if case == CASES[0].name else ""
        for name, of in samples.items():
            cpu = median(one.cpu for one in of) * 1000
            rate = median(one.rate for one in of)
            p50 = median(took for one in of for took in one.milliseconds)
            lines.append(f"   {case:12}{name:22}{rate:>8.0f}{p50:>9.2f}{cpu:>9.0f}")
        lines.append(f"   {'':34}CPU theirs / ours {ratio:.1f}   {said}".rstrip())
    return f"""
5. A check of the gate: /gate/nginx, {SESSIONS} sessions in turn, {CONNECTIONS} connections
   ({WORKERS} workers; CPU is the server's, user and system, for one check)

   {"":34}{"/s":>8}{"p50 ms":>9}{"CPU us":>9}
{chr(10).join(lines)}
"""
