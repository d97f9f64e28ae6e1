"""Hours of sign-ins beside an attack: nothing breaks, nothing grows, nobody is locked out (A9)."""

import os
import threading
import time
from pathlib import Path

import pytest

from tests.helpers import invariants
from tests.helpers.mailbox import Mailbox, code_in
from tests.helpers.served import Served
from tests.helpers.visitor import HttpVisitor, wait_for
from tests.hold.crowd import ANSWER, Crowd
from tests.hold.rush import post

WARM, LONG, LONGEST = 4, 8, 3600  # seconds: until it has all it needs, in CI, in a soak
GROWTH = 1.1
VICTIM = "victim@example.org"


@pytest.fixture
def workers() -> int:
    """As the README serves it."""
    return 2


def memory(server: Served) -> int:
    """Return the KiB that the server's processes hold."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getpgid(int(status.parent.name)) == server.group:
                lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
                total += int(lines.get("VmRSS", "0").split()[0])
        except (OSError, ValueError):
            continue  # it ended meanwhile
    return total


def attack(server: Served, over: threading.Event) -> None:
    """Ask for codes to the victim and guess, as fast as it goes."""
    stranger = HttpVisitor(server)
    stranger.open("/sign-in")
    entry, cookie = {**stranger.form("/sign-in"), "identifier": VICTIM}, stranger.cookie
    reference = ""
    guess = 0
    while not over.is_set():
        asked = post(server, "/sign-in", entry, cookie)
        if asked.status == 303:
            cookie, reference = asked.cookie, asked.location.rpartition("=")[2]
        for _ in range(5):
            guess += 1
            form = {**entry, "code": f"{guess:06}", "ref": reference}
            assert post(server, ANSWER, form, cookie).status in (303, 422, 429)


def sign_in(visitor: HttpVisitor, sink: Mailbox) -> str:
    """Sign the victim in; return the page that follows."""
    seen = len(sink.mails)

    def mine() -> list:
        return [mail for mail in sink.mails[seen:] if mail["To"] == VICTIM]

    visitor.ask(VICTIM)
    wait_for(mine)
    return visitor.answer(code_in(mine()[-1]))


def test_sign_ins_beside_an_attack(server, sink, engine, soak):
    owner, over = HttpVisitor(server), threading.Event()
    assert "You are signed in" in sign_in(owner, sink)
    owner.sign_out()
    attackers = [threading.Thread(target=attack, args=(server, over)) for _ in range(2)]
    with Crowd(server, sink, size=4) as crowd:
        for attacker in attackers:
            attacker.start()
        time.sleep(WARM)
        before = memory(server)
        ends = time.monotonic() + (LONGEST if soak else LONG)
        while time.monotonic() < ends:
            time.sleep(1)
            assert invariants.broken(engine) == {}
        after = memory(server)
        assert "You are signed in" in sign_in(owner, sink), "the owner is locked out"
        over.set()
    for attacker in attackers:
        attacker.join()
    assert crowd.faults == []
    assert len(crowd.signed_in) > len(crowd.signed_out) > 0
    assert 0 < after < before * GROWTH
