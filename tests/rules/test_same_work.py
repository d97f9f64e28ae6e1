"""Whoever's the address, the database does the same work for it (X13)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import Identifier, User
from otpapp.transaction import transaction
from tests.helpers.work import watched
from tests.rules.desk import ALICE, STRANGER

Work = Callable[[str], list[Counter[str]]]


@pytest.fixture(params=["open", "domains", "invited"])
def overrides(request) -> dict:
    domains = frozenset({"elsewhere.example"}) if request.param == "domains" else frozenset()
    return {"sign_up": request.param, "sign_up_domains": domains}


@pytest.fixture
def work_of(desk, clock) -> Work:
    """Return what asking, guessing, asking again too early and later cost for an address."""

    def work_of(address: str) -> list[Counter[str]]:
        with watched() as asking:
            handle = desk.ask(address)
        wrong = desk.no_code(handle)
        with watched() as guessing:
            desk.prove(handle, wrong)
        with watched() as too_early:
            desk.send_again(handle)
        clock.advance(minutes=2)
        with watched() as again:
            desk.send_again(handle)
        assert all((asking, guessing, too_early, again))
        return [Counter(work) for work in (asking, guessing, too_early, again)]

    return work_of


def test_a_stranger_costs_what_a_user_costs(work_of, alice, settings):
    known, stranger = work_of(ALICE), work_of(STRANGER)
    if settings.sign_up == "open":
        # A user who is made is an event too; what is tried in vain for others leaves none.
        stranger[0]["INSERT INTO events"] -= 1
    assert stranger == known


def test_whoever_wants_no_codes_costs_what_a_user_costs(work_of, alice, clock, settings):
    known = work_of(ALICE)
    until = clock.advance(hours=2) + timedelta(days=1)
    with transaction():
        db.session.execute(update(Identifier).values(muted_until=until))
    muted = work_of(ALICE)
    assert muted == known


def test_a_disabled_user_costs_what_a_user_costs(work_of, alice, clock, settings):
    known = work_of(ALICE)
    with transaction():
        db.session.execute(update(User).values(disabled_at=clock.advance(hours=2)))
    disabled = work_of(ALICE)
    if settings.sign_up == "open":
        # Their address is taken: what a stranger would get is tried, and looked for once more.
        disabled[0]["SELECT identifiers"] -= 1
    assert disabled == known
