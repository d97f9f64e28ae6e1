"""The desk of second proofs: enrols apps, walks half way in, answers, as rules see it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from otpapp.otp import hotp, totp
from otpapp.otp.keys import new_key
from otpapp.rules import pending, second, sessions
from otpapp.rules.factors import hotp as hotp_factor
from otpapp.rules.factors import recovery_codes
from otpapp.rules.factors import totp as app_factor
from otpapp.rules.second import Answered, Charged
from otpapp.rules.sign_in import Arrival
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE, Desk

VERIFY = {
    "totp": app_factor.verify,
    "hotp": hotp_factor.verify,
    "recovery": recovery_codes.verify,
}


@dataclass
class App:
    """An authenticator app and the row that knows it."""

    key: bytes
    number: UUID
    desk: Desk

    def code(self, steps: int = 0) -> str:
        """Return what it shows now, or so many steps later."""
        return hotp.code(self.key, totp.time_step(self.desk.clock.now, totp.STEP) + steps)

    def wrong(self) -> str:
        """Return a code that it shows at no step near."""
        near = {self.code(steps) for steps in range(-3, 4)}
        return next(code for code in ("000000", "000001", "111111") if code not in near)


def enrol_app(desk: Desk, user_id: UUID, name: str = "My phone") -> App:
    """Give a user an authenticator app; a minute later its codes are all new."""
    key = new_key()
    code = hotp.code(key, totp.time_step(desk.clock.now, totp.STEP))
    with transaction():
        number = app_factor.enrol(user_id, key, code, name, desk.settings, desk.clock.now)
    assert number
    desk.clock.advance(minutes=1)
    return App(key, number, desk)


def make_recovery_codes(desk: Desk, user_id: UUID) -> tuple[str, ...]:
    """Give a user ten recovery codes and return them."""
    new = recovery_codes.new_codes()
    with transaction():
        recovery_codes.enrol(user_id, new, desk.clock.now)
    return new.codes


def half_way(desk: Desk, known: str = "", **changes) -> str:
    """Prove the code that was sent; return the token of the sign-in that waits for more."""
    desk.clock.advance(minutes=2)
    handle = desk.ask(known=known, **changes)
    outcome = desk.prove(handle, desk.code(handle), known=known)
    assert outcome.verdict is Verdict.ACCEPTED
    assert outcome.arrival.pending, outcome.arrival
    assert not outcome.token
    return outcome.arrival.pending


def answer(
    desk: Desk,
    token: str,
    factor: str,
    typed: str,
    *,
    ip: str = HERE,
    known: str = "",
    trust: bool = False,
) -> Answered | Limited | None:
    """Answer one factor as the pages do: charge, compare, settle. None where nobody may."""
    visitor = desk.visitor(ip, known)
    who = pending.resume(token, desk.clock.now) or sessions.resume(token, "page", desk.clock.now)
    if who is None:
        return None
    with transaction():
        charged = second.charge(who, factor, visitor, desk.settings, desk.clock.now)
    if not isinstance(charged, Charged):
        return charged
    match = VERIFY[factor](who.user_id, typed, desk.settings, desk.clock.now)
    with transaction():
        answered = second.settle(
            who, charged, match, visitor, desk.settings, desk.clock.now, trust=trust
        )
    if known and answered.arrival and answered.arrival.known:
        desk.keep(known, answered.arrival.known)
    return answered


def verdict(answered: Answered | Limited | None) -> Verdict | None:
    """Return what became of an answer."""
    return answered.verdict if answered else None


def arrival(answered: Answered | Limited | None) -> Arrival:
    """Return where an accepted answer led."""
    assert isinstance(answered, Answered)
    assert answered.arrival, answered
    return answered.arrival


def is_in(token: str, now: datetime) -> bool:
    """Say whether this token is that of a session that lives."""
    return sessions.resume(token, "page", now) is not None


def somebody(ip: str = HERE) -> Visitor:
    """Return a visitor whose browser nobody knows."""
    return Visitor(ip, "Firefox on Linux")
