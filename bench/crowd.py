"""What pages cost where very many people signed in over the years."""

import re
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench import measures
from bench.browser import Browser
from bench.contenders import OTPAPP, address_of
from bench.plan import Plan
from bench.servers import Server
from bench.sink import Sink

SLOW = 300  # ms of a page, at the worst of its views after the first
SIGN_INS, SECONDS = 200, 8.0  # at most
# Somebody in the middle of the alphabet.
SOMEBODY = 12_345
IP = f"192.0.{(SOMEBODY + 1) * 31 % 256}.{(SOMEBODY + 1) * 17 % 256}"  # as crowd.sql has it
_PERSON = re.compile(rb"(?<=/admin/people/)[0-9a-f-]{36}")
PAGES = {
    "the dashboard": "/admin?span=month",
    "people": "/admin/people",
    "people, half way": f"/admin/people?after=user{SOMEBODY:05}@example.org",
    "people, a part of an address": "/admin/people?part=345@example",
    "people, a part that nobody has": "/admin/people?part=nobody-at-all",
    "people of a group": "/admin/people?group=group-7",
    "one person": "/admin/people/{somebody}",
    "the trail": "/admin/events",
    "the trail, half way": "/admin/events?before={half}",
    "the trail of a person": "/admin/events?person={somebody}",
    "the trail of an address": f"/admin/events?subject=user{SOMEBODY:05}@example.org",
    "the trail of a kind": "/admin/events?kind=session.started",
    "the trail of a kind that never was": "/admin/events?kind=passkey.cloned",
    "the trail of an IP address": f"/admin/events?ip={IP}",
    "one's own": "/account",
    "what happened to oneself": "/account/activity",
}


def measure(folder: Path, sink: Sink, plan: Plan) -> str:
    """Return the part of the report about a large site: how long its pages took, and a sign-in."""
    contender = replace(
        OTPAPP,
        prepare=("-m", "bench.crowd_seed", "{users}", str(plan.events)),
        environ={**OTPAPP.environ, "OTPAPP_PROOFS_OF_ADMINS": "one"},
    )
    server = Server(contender, folder, sink.port, plan.workers)
    began = time.perf_counter()
    server.prepare(plan.people)
    seeded = time.perf_counter() - began
    try:
        server.start()
        admin = measures.sign_in(server, sink, address_of(0))
        found = _PERSON.search(admin.get(f"/admin/people?part={address_of(SOMEBODY)}"))
        assert found
        names = {"half": plan.events // 2, "somebody": found[0].decode()}
        took = {name: _views(admin, path.format(**names), plan) for name, path in PAGES.items()}
        signed = measures.sign_ins(server, sink, range(1, SIGN_INS), 1, SECONDS)
    finally:
        server.stop()
    lines = [_line(name, views) for name, views in took.items()]
    worst = max(max(views[1:]) for views in took.values())
    kept = "kept" if worst <= SLOW else "BROKEN"
    return f"""
6. Pages where {plan.people:,} people signed in, and the trail has {plan.events:,} lines
   (SQLite, {plan.views} views each; made in {seeded:.0f} s)

   {"":36}{"first ms":>9}{"p50 ms":>9}{"max ms":>9}
{chr(10).join(lines)}

   {"a sign-in, whole":36}{"":9}{median(signed.milliseconds):>9.1f}\
{max(signed.milliseconds):>9.1f}    CPU ms {signed.cpu:.1f}
   no page takes more than {SLOW} ms: {kept}
"""


def _views(admin: Browser, path: str, plan: Plan) -> list[float]:
    took = []
    for _ in range(plan.views):
        began = time.perf_counter()
        answer = admin.exchange("GET", path)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, (path, answer.status)
    return took


def _line(name: str, views: list[float]) -> str:
    first, *others = views
    return f"   {name:36}{first:>9.1f}{median(others):>9.1f}{max(others):>9.1f}"
