"""People who sign in again and again, whatever happens to the server, and what became of each."""

import http.client
import threading
import time
from collections import Counter, defaultdict
from itertools import count

import requests

from tests.helpers.mailbox import Mailbox, code_in
from tests.helpers.served import Served
from tests.helpers.visitor import HttpVisitor
from tests.hold.rush import post

PATIENCE = 2.0  # seconds that somebody waits for a mail before they give up
DOWN = (requests.RequestException, http.client.HTTPException, OSError)
ANSWER = "/sign-in/code"


class Crowd:
    """So many people at a time; each signs in with a new address, tries the code twice, leaves."""

    def __init__(self, server: Served, sink: Mailbox, size: int) -> None:
        self._server, self._sink = server, sink
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._live, args=(one,)) for one in range(size)]
        self.steps = 0  # answers that came
        self.asked: list[str] = []
        self.signed_in: list[str] = []
        self.signed_out: list[str] = []
        self.times_in: Counter[str] = Counter()
        self.faults: list[str] = []

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def codes(self) -> dict[str, set[str]]:
        """Return the codes that each address was sent."""
        found = defaultdict(set)
        for mail in list(self._sink.mails):
            found[mail["To"]].add(code_in(mail))
        return found

    def _live(self, number: int) -> None:
        for turn in count():
            if self._over.is_set():
                return
            try:
                self._sign_in(f"person{number}-{turn}@example.org", leaves=turn % 3 == 0)
            except DOWN:
                time.sleep(0.05)
            except AssertionError as fault:
                self.faults.append(str(fault))

    def _sign_in(self, address: str, leaves: bool) -> None:
        visitor = HttpVisitor(self._server)
        visitor.ask(address)
        self.asked.append(address)
        self.steps += 1
        code = self._code(address)
        if not code:
            return
        form, before = {**visitor.form(ANSWER), "code": code}, visitor.cookie
        try:
            if "You are signed in" in visitor.answer(code):
                self.times_in[address] += 1
                self.signed_in.append(visitor.cookie)
        finally:
            # Whether or not the answer arrived: whoever saw none tries once more.
            self._try_again(address, form, before)
        if leaves:
            cookie = visitor.cookie
            self.signed_in.remove(cookie)  # neither in nor out as long as no answer came
            visitor.sign_out()
            self.signed_out.append(cookie)

    def _try_again(self, address: str, form: dict[str, str], cookie: str) -> None:
        answer = post(self._server, ANSWER, form, cookie)
        self.times_in[address] += answer.status == http.client.SEE_OTHER
        self.steps += 1

    def _code(self, address: str) -> str:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends and not self._over.is_set():
            for mail in reversed(self._sink.mails[-50:]):
                if mail["To"] == address:
                    return code_in(mail)
            time.sleep(0.01)
        return ""
