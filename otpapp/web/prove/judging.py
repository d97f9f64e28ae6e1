"""Judging answers to factors: charged, compared while no row is locked, consumed."""

from otpapp.rules import second
from otpapp.rules.factors import hotp, passkey, password, recovery_codes, totp
from otpapp.rules.factors.ceremonies import Wish
from otpapp.rules.factors.credentials import Match
from otpapp.rules.factors.passkey import Fault, Refused
from otpapp.rules.factors.passkey_json import Answer
from otpapp.rules.second import Answered
from otpapp.rules.verdicts import Limited
from otpapp.transaction import transaction
from otpapp.web import cookie, passkeys
from otpapp.web.current import holder, now, settings
from otpapp.web.visitor import current_visitor

VERIFY = {
    "totp": totp.verify,
    "hotp": hotp.verify,
    "password": password.verify,
    "recovery": recovery_codes.verify,
}
FACTOR = f"<any({', '.join(VERIFY)}):factor>"


def judge(factor: str, typed: str, *, trust: bool) -> Answered | Limited | None:
    """Charge, compare outside of any lock, then consume."""
    who, visitor = holder(), current_visitor()
    with transaction():
        charged = second.charge(who, factor, visitor, settings(), now())
    if charged is None or isinstance(charged, Limited):
        return charged
    match = VERIFY[factor](who.user_id, typed, settings(), now())
    with transaction():
        return second.settle(who, charged, match, visitor, settings(), now(), trust=trust)


def judge_passkey(answer: Answer, *, trust: bool) -> Answered | Limited | str | None:
    """Use the challenge up and charge, verify outside of any lock, then consume."""
    who, visitor = holder(), current_visitor()
    taken = passkeys.take(Wish("prove", cookie.browser_secret(), who.user_id), answer)
    if taken is None:
        return passkeys.LATE
    with transaction():
        charged = second.charge(who, passkey.KIND, visitor, settings(), now())
    if charged is None or isinstance(charged, Limited):
        return charged
    found = passkey.verify(who.user_id, answer, taken, settings())
    match = found if isinstance(found, Match) else None
    with transaction():
        answered = second.settle(who, charged, match, visitor, settings(), now(), trust=trust)
        if isinstance(found, Refused):
            passkey.tell(found, visitor, settings(), now())
    is_copy = isinstance(found, Refused) and found.fault is Fault.CLONED
    return passkeys.FAULTS[Fault.CLONED] if is_copy and answered.tries_left else answered
