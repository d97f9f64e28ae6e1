"""The served site as browser tests need it: where it is, what it sent, and its time moved on."""

import html
import json
import re
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import otpapp.models  # noqa: F401 - fills the metadata
from otpapp.extensions import UtcDateTime, db
from otpapp.otp import totp

PATIENCE = 5.0  # seconds
CODE = re.compile(r"\d{6}\b")
SETTLED = 0.7  # seconds; the sender looks into the outbox at least every half second


@dataclass(frozen=True)
class Site:
    """A running server with the inbox page in place of a mail server and a telephone network."""

    url: str
    database: Path

    def letters(self, address: str) -> list[str]:
        """Return the text of each message to `address` in the inbox, the newest first."""
        with urllib.request.urlopen(f"{self.url}/inbox") as answer:
            page = answer.read().decode()
        articles = re.findall(r"<article.*?</article>", page, re.DOTALL)
        mine = (html.unescape(one) for one in articles)
        return [_text(one) for one in mine if f"<b>{address}</b>" in one]

    def newest(self, address: str) -> str:
        """Wait until a message to `address` has come in, and return the newest."""
        return self._wait_for(1, self.letters, address)[0]

    def code_for(self, address: str, nth: int = 1) -> str:
        """Wait until `nth` messages to `address` brought a code, and return the newest code."""
        return self._wait_for(nth, self._codes, address)[0]

    def _codes(self, address: str) -> list[str]:
        return [found[0] for one in self.letters(address) if (found := CODE.match(one))]

    def _wait_for(self, wanted: int, look: Callable[[str], list[str]], address: str) -> list[str]:
        deadline = time.monotonic() + PATIENCE
        while len(found := look(address)) < wanted:
            assert time.monotonic() < deadline, f"{len(found)} messages to {address} came"
            time.sleep(0.03)
        return found

    def count(self, address: str) -> int:
        """Return how many messages to `address` there are once the sender has nothing left."""
        time.sleep(SETTLED)
        return len(self.letters(address))

    def number_of(self, address: str) -> int:
        """Return the number of an identifier."""
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection:
            ask = "SELECT id FROM identifiers WHERE address = ?"
            return connection.execute(ask, (address,)).fetchone()[0]

    def let_pass(self, **by: float) -> None:
        """Move all that the server remembers into the past, as if that much time had gone by."""
        gone = timedelta(**by)
        step = f"-{gone.total_seconds()} seconds"
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection, connection:
            connection.create_function("earlier", 1, lambda proofs: _earlier(proofs, gone))
            for table in ("user_sessions", "pending_sign_ins"):
                connection.execute(f"UPDATE {table} SET proofs = earlier(proofs)")
            steps = gone // totp.STEP
            connection.execute("UPDATE credentials SET counter = counter - ?", (steps,))
            for table in db.metadata.tables.values():
                for column in table.columns:
                    if isinstance(column.type, UtcDateTime):
                        earlier = f"strftime('%Y-%m-%d %H:%M:%f', {column.name}, ?) || '000'"
                        connection.execute(
                            f"UPDATE {table.name} SET {column.name} = {earlier}", (step,)
                        )


def _earlier(proofs: str, gone: timedelta) -> str:
    moved = [
        [factor, (datetime.fromisoformat(at) - gone).isoformat(), of]
        for factor, at, of in json.loads(proofs)
    ]
    return json.dumps(moved)


def _text(article: str) -> str:
    pattern = r'<p class="bubble">(.*?)</p>|class="letter-text"[^>]*>(.*?)</pre>'
    found = re.search(pattern, article, re.DOTALL)
    assert found, article
    return (found[1] or found[2]).strip()
