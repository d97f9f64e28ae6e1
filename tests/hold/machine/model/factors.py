"""Second proofs: an authenticator app, recovery codes, and a sign-in that waits for one."""

from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pyotp import HOTP

from otpapp.rules.verdicts import Verdict

APP_STEP = 30  # seconds
MOST_TRIES = 5


class Proof(NamedTuple):
    """What was proved, and when."""

    factor: str
    at: datetime


@dataclass(eq=False)
class App:
    """An authenticator app; `step` is the newest time step that was accepted of it."""

    key: bytes
    step: int = 0

    def code(self, now: datetime, steps: int = 0) -> str:
        """Return what it shows now, or so many steps later."""
        return self._at(_step(now) + steps)

    def wrong(self, now: datetime) -> str:
        """Return what it shows at no step that is near."""
        near = {self._at(step) for step in _near(now)}
        return next(code for code in ("000000", "000001", "000002", "000003") if code not in near)

    def take(self, typed: str, now: datetime) -> Verdict:
        """Judge a code: of this step or one beside it, and later than every one before."""
        step = next((step for step in _near(now) if self._at(step) == typed), None)
        if step is None:
            return Verdict.WRONG
        if step <= self.step:
            return Verdict.SPENT
        self.step = step
        return Verdict.ACCEPTED

    def _at(self, step: int) -> str:
        return HOTP(b32encode(self.key).decode()).at(step)


@dataclass(eq=False)
class Paper:
    """Recovery codes; each is good once."""

    codes: tuple[str, ...] = ()
    used: tuple[str, ...] = ()

    @property
    def left(self) -> list[str]:
        """Those that are still good."""
        return [code for code in self.codes if code not in self.used]

    def take(self, typed: str) -> Verdict:
        """Judge a code, and use it up."""
        if typed not in self.codes:
            return Verdict.WRONG
        if typed in self.used:
            return Verdict.SPENT
        self.used = (*self.used, typed)
        return Verdict.ACCEPTED


def _step(now: datetime) -> int:
    return int(now.timestamp()) // APP_STEP


def _near(now: datetime) -> Iterator[int]:
    return iter(range(_step(now) - 1, _step(now) + 2))
