"""Who becomes a user by asking: everybody, some domains, or nobody."""

import pytest
from sqlalchemy import select, update

from otpapp.extensions import db
from otpapp.models import Identifier, Message, User
from otpapp.otp.keys import sealer
from otpapp.rules import identifiers, signing_up, users
from otpapp.rules.verdicts import Verdict
from otpapp.transaction import transaction
from tests.rules.desk import STRANGER, count, in_parallel


@pytest.fixture(params=["open", "domains", "invited"])
def overrides(request) -> dict:
    """Each way to sign up in turn; the domain is that of the stranger."""
    domains = frozenset({"example.org"}) if request.param == "domains" else frozenset()
    return {"sign_up": request.param, "sign_up_domains": domains}


def test_a_stranger_becomes_a_user_where_sign_up_allows_it(desk, settings):
    handle = desk.ask(STRANGER)
    invited = settings.sign_up == "invited"
    assert count(User) == (0 if invited else 1)
    assert (desk.challenge(handle).user_id is None) == invited


@pytest.mark.parametrize(
    "who", ["eve@sub.example.org", "eve@notexample.org", "eve@example.org.evil.example"]
)
def test_a_domain_is_compared_whole(desk, settings, who):
    desk.ask(who)
    assert count(User) == (settings.sign_up == "open")


def test_a_phone_number_has_no_domain(desk, settings):
    desk.ask("+12025550143")
    assert count(User) == (settings.sign_up == "open")


def test_a_known_user_stays_the_one_user(desk, alice, settings):
    desk.ask()
    assert count(User) == 1


def test_a_disabled_user_cannot_sign_up_anew(desk, alice):
    with transaction():
        db.session.execute(update(User).values(disabled_at=desk.clock.now))
    assert desk.challenge(desk.ask()).user_id is None
    assert count(User) == 1


@pytest.mark.parametrize("overrides", [{"sign_up": "open"}])
def test_a_new_user_has_a_key_of_their_own_and_is_verified_by_the_first_code(desk, settings):
    handle = desk.ask(STRANGER)
    user = db.session.scalars(select(User)).one()
    assert len(sealer(settings.secrets).open(user.sealed_key, user.id.bytes)) == 20
    assert db.session.scalars(select(Identifier.verified_at)).one() is None
    assert desk.prove(handle, desk.code(handle)).verdict is Verdict.ACCEPTED
    assert db.session.scalars(select(Identifier.verified_at)).one() == desk.clock.now


@pytest.mark.parametrize("overrides", [{"sign_up": "open"}])
def test_one_network_makes_twenty_users_an_hour(desk):
    """X57."""
    for number in range(200):
        desk.try_asking(f"{number}@example.org")
    assert (count(User), count(Message)) == (20, 20)


def test_a_taken_identifier_makes_no_second_user(desk, settings, clock):
    address = identifiers.parse(STRANGER, settings)
    with transaction():
        assert users.create(address, settings, clock.now)
        assert users.create(address, settings, clock.now) is None
    assert (count(User), count(Identifier)) == (1, 1)


def test_asking_at_once_from_many_places_makes_one_user(app, settings, clock):
    address = identifiers.parse(STRANGER, settings)

    def sign_up_at_once(_: int):
        with transaction():
            return signing_up.sign_up(address, None, settings, clock.now)

    owners = in_parallel(app, 6, sign_up_at_once)
    assert len(set(owners)) == 1
    with app.app_context():
        assert count(User) == (settings.sign_up != "invited")


def test_since_when_somebody_is_here_is_told(desk, alice):
    since = desk.clock.now
    desk.clock.advance(days=2)
    desk.sign_in()
    assert users.created_at(alice.user_id) == since
