"""Another process holds SQLite's write lock for 6 seconds while people ask, answer, sign out."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.helpers.mailbox import Mailbox, mail_at
from tests.helpers.served import served
from tests.helpers.visitor import HttpVisitor, wait_for
from tests.hold.clear import AT_ONCE, is_clear
from tests.hold.site import Site

LOCKED = 6.0  # seconds
BOUND = 15.0  # seconds: five that a statement waits, and as many behind another one
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    """A site of two server processes that send their own mails."""
    with Mailbox() as mailbox, served(tmp_path, workers=2, **mail_at(mailbox.port)) as server:
        yield Site(server, mailbox)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let another process hold the write lock during the block, and for 6 seconds at least."""
    began = time.monotonic()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder / "served.sqlite3")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin and holder.stdout
    try:
        assert holder.stdout.readline() == "held\n"
        yield
        time.sleep(max(0, began + LOCKED - time.monotonic()))
    finally:
        holder.communicate()


@dataclass
class Sending:
    """Somebody on a page, about to send its form: `again` does so as often as it needs."""

    who: HttpVisitor
    page: str
    action: str
    typed: dict[str, str]

    def look(self) -> bool:
        """Open the page; say whether it came at once."""
        return self.who.open(self.page).status_code == 200 and self.who.took < AT_ONCE

    def send(self) -> requests.Response:
        """Send the form."""
        return self.who.submit(self.action, **self.typed)

    def last(self, answer: requests.Response) -> int:
        """Return the status that came in the end: a clear refusal is followed by its own form."""
        if answer.status_code == 503:
            assert is_clear(self.who, answer, BOUND)
            answer = self.who.submit(self.action)
        return answer.status_code


def test_reading_goes_on_and_what_is_sent_is_taken_later_or_refused_clearly(site, tmp_path):
    ann, ben, cat = site.signed_in("ann"), site.asked("ben"), site.newcomer()
    everybody = (
        Sending(ann, "/", "/sign-out", {}),
        Sending(ben, "/sign-in/code", "/sign-in/code", {"code": site.wrong_code("ben")}),
        Sending(cat, "/sign-in", "/sign-in", {"identifier": "cat@example.org"}),
    )
    with ThreadPoolExecutor() as pool:
        with locked(tmp_path):
            assert all(one.look() for one in everybody)
            answers = [pool.submit(one.send) for one in everybody]
            wait_for(lambda: any(answer.done() for answer in answers))
        results = [answer.result() for answer in answers]
    assert 503 in [result.status_code for result in results]
    last = [one.last(result) for one, result in zip(everybody, results, strict=True)]
    assert last == [303, 422, 303]
    assert ben.submit("/sign-in/code", code=site.code("ben")).status_code == 303
    cat.open("/sign-in/code")
    cat.answer(site.code("cat"))
    assert [ann.is_in, ben.is_in, cat.is_in] == [False, True, True]
    assert site.broken() == {}
