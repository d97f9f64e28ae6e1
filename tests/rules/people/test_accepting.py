"""Accepting: whoever reads the mail becomes a user once, and signs in by a code as all do."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Identifier, Invitation, User, UserSession
from otpapp.rules import groups, links
from otpapp.rules.people import accepting
from otpapp.rules.people.invitations import Standing
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.rules.desk import HERE, count, in_parallel
from tests.rules.people.crowd import ADMIN, add, trail
from tests.rules.people.guests_to_be import (
    DORA,
    accept,
    invite,
    link,
    opened,
    resend,
    row,
    standing,
    withdraw,
)

OFFICE = frozenset({"office", "staff"})


def test_they_are_a_user_with_a_verified_address_and_the_groups(desk):
    invite(desk, by=ADMIN, groups=OFFICE)
    assert accept(desk, link(desk))
    (user,), (held,) = db.session.query(User), db.session.query(Identifier)
    assert (held.key, held.user_id, held.verified_at) == (DORA, user.id, NOON)
    assert (user.role, groups.of(user.id)) == ("member", ("office", "staff"))
    assert (row().accepted_at, row().user_id) == (NOON, user.id)
    by = f"by {ADMIN}"
    assert trail()[1:] == [
        ("user.created", user.id, DORA, by),
        ("group.joined", user.id, "", f"office {by}"),
        ("group.joined", user.id, "", f"staff {by}"),
        ("invitation.accepted", user.id, DORA, by),
    ]


def test_it_signs_nobody_in_and_a_code_does(desk):
    """X56."""
    invite(desk)
    accept(desk, link(desk))
    assert count(UserSession) == 0
    assert desk.sign_in(DORA)


def test_following_the_link_changes_nothing(desk):
    """X56."""
    invite(desk)
    for _ in range(3):
        assert standing(desk, link(desk)) is Standing.OPEN
    assert (count(User), row().accepted_at) == (0, None)


def test_twice_is_once(desk):
    invite(desk)
    token = link(desk)
    held = opened(desk, token).invitation
    accept(desk, token)
    with transaction():
        assert not accepting.accept(held, Visitor(), desk.settings, desk.clock.now)
    assert standing(desk, token) is Standing.ACCEPTED
    assert count(User) == len(trail("invitation.accepted")) == 1


def test_of_many_at_once_one_counts(desk, app):
    invite(desk)
    token = link(desk)
    held = opened(desk, token).invitation

    def press(_: int) -> bool:
        with transaction():
            return accepting.accept(held, Visitor(), desk.settings, desk.clock.now)

    assert sorted(in_parallel(app, 4, press)) == [False, False, False, True]
    assert count(User) == len(trail("invitation.accepted")) == 1


@pytest.mark.parametrize("end", ["ran out", "withdrawn", "sent again"])
def test_what_ended_while_the_page_was_open_makes_nobody_a_user(desk, end):
    invite(desk)
    held = opened(desk, link(desk)).invitation
    if end == "ran out":
        desk.clock.advance(days=7)
    elif end == "withdrawn":
        withdraw(desk)
    else:
        resend(desk)
    with transaction():
        assert not accepting.accept(held, Visitor(), desk.settings, desk.clock.now)
    assert count(User) == 0
    assert trail("invitation.accepted") == []


class TestWhoBecameAUserMeanwhile:
    """They have what the invitation gives, and nothing else changes."""

    def test_they_get_the_groups_and_their_address_is_verified(self, desk):
        invite(desk, groups=OFFICE)
        user_id = add(desk, DORA)
        assert accept(desk, link(desk))
        assert groups.of(user_id) == ("office", "staff")
        assert db.session.query(Identifier).one().verified_at == NOON
        assert row().user_id == user_id

    def test_one_who_may_not_sign_in_gets_nothing_and_it_stays_open(self, desk):
        invite(desk, groups=OFFICE)
        token, user_id = link(desk), add(desk, DORA)
        with transaction():
            db.session.get(User, user_id).disabled_at = NOON
        assert not accept(desk, token)
        assert groups.of(user_id) == ()
        assert standing(desk, token) is Standing.OPEN
        assert trail("invitation.accepted") == []


class TestAdmins:
    """Who is invited as an admin is one, while whoever said so could say it."""

    @pytest.mark.parametrize("by_command", [True, False])
    def test_they_are_made_admin(self, desk, by_command):
        boss = add(desk, "boss@example.org", role="admin")
        invite(desk, by=None if by_command else boss, role="admin")
        accept(desk, link(desk))
        assert db.session.get(User, row().user_id).role == "admin"

    @pytest.mark.parametrize("change", ["role", "disabled", "deleted"])
    def test_an_admin_who_is_none_any_more_makes_none(self, desk, change):
        boss = add(desk, "boss@example.org", role="admin")
        invite(desk, by=boss, role="admin")
        with transaction():
            found = db.session.get(User, boss)
            if change == "deleted":
                db.session.delete(found)
            elif change == "role":
                found.role = "member"
            else:
                found.disabled_at = NOON
        accept(desk, link(desk))
        assert db.session.get(User, row().user_id).role == "member"


@pytest.mark.parametrize("token", ["", "x", "MQ.forged", "é", "a" * 5000])
def test_what_we_did_not_sign_leads_nowhere(desk, token):
    assert opened(desk, token) is None


def test_no_other_link_of_ours_is_one(desk):
    handle = desk.ask("nobody@example.org")
    other = links.stop_token(desk.challenge(handle), desk.settings)
    assert opened(desk, other) is None


def test_a_link_outlives_a_new_secret(desk):
    invite(desk)
    token = link(desk)
    desk.use(secret_key="n" * 64, secret_key_fallbacks=(desk.settings.secret_key,))
    assert standing(desk, token) is Standing.OPEN


def test_no_row_holds_what_opens_it(desk):
    invite(desk)
    token = link(desk)
    tables = db.metadata.sorted_tables
    values = [
        str(value)
        for one in tables
        for found in db.session.execute(db.select(one))
        for value in found
    ]
    assert any(DORA in value for value in values)
    assert not any(token in value or token.rpartition(".")[2] in value for value in values)


def test_a_network_presses_a_hundred_times_an_hour_at_most(desk):
    def press(ip: str):
        with transaction():
            return accepting.may_try(Visitor(ip), desk.settings, desk.clock.now)

    assert [press(HERE) for _ in range(100)] == [None] * 100
    assert press(HERE).until == NOON + timedelta(hours=1)
    assert press("192.0.2.99") is None
    assert ("limit.reached", None, "", "acceptances_per_ip") in trail()
    assert count(Invitation) == 0
