"""Test messages: how many an admin may have sent, to whom, and what became of each."""

from datetime import datetime
from uuid import UUID

from otpapp.rules import events, limits, tallies
from otpapp.rules.identifiers import Address
from otpapp.rules.tallies import Budget
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings

LONGEST = 200  # characters of a reason in the trail


def ask(
    address: Address, by: UUID, visitor: Visitor, settings: Settings, now: datetime
) -> Limited | None:
    """Take one test message to `address` and tell the trail which admin has it sent.

    It is taken before it is sent, so that parallel requests cannot exceed it. Returns the limit in
    the way. X20: a text message counts among the day's notices, lest it keep codes from going out.
    """
    budgets: list[Budget] = [(limits.test_messages_per_site(settings), "")]
    if address.channel == "sms":
        budgets.append((limits.sms_notices_per_day(settings), ""))
    refused = tallies.take_all(budgets, now)
    if refused:
        events.record_limited(address.key, visitor, refused, now)
        return refused
    events.record("test.asked", now, visitor=visitor, user_id=by, subject=address.key)
    return None


def end(address: Address, by: UUID, reason: str, now: datetime) -> None:
    """Tell the trail what became of it; `reason` says why it was not handed over, if it was not.

    Never pass it what a server said: servers quote what they refuse (X32).
    """
    kind = "test.failed" if reason else "test.sent"
    events.record(kind, now, user_id=by, subject=address.key, detail=reason[:LONGEST])
