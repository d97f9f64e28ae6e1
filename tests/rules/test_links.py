"""A link stops codes only if we signed it for that."""

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import Challenge
from otpapp.rules import challenges, links, upkeep
from otpapp.transaction import transaction
from tests.conftest import SECRET, make_settings

SETTINGS = make_settings()
NEW = "the secret of this year, which signs from here on"


@pytest.fixture
def challenge(desk, alice) -> Challenge:
    """What a message was sent for, and another before it."""
    desk.ask("zoe@example.org")
    return challenges.get(desk.challenge(desk.ask()).id)


def found(token: str, settings=SETTINGS) -> int | None:
    """Return the number of the challenge that a link stops."""
    challenge = links.challenge_to_stop(token, settings)
    return challenge and challenge.id


def name_of(challenge: Challenge) -> list:
    return URLSafeSerializer(SECRET, salt="stop these codes").loads(
        links.stop_token(challenge, SETTINGS)
    )


def test_a_link_finds_the_challenge_that_it_was_made_for(challenge):
    assert found(links.stop_token(challenge, SETTINGS)) == challenge.id


def test_links_from_before_the_secret_changed_still_work(challenge):
    rotated = make_settings(secret_key=NEW, secret_key_fallbacks=(SECRET,))
    old, new = (links.stop_token(challenge, one) for one in (SETTINGS, rotated))
    assert found(old, rotated) == found(new, make_settings(secret_key=NEW)) == challenge.id
    assert found(new) is None


def test_a_link_is_not_for_another_challenge_that_has_its_number_by_now(challenge):
    """X49: as after a backup was put back."""
    token = links.stop_token(challenge, SETTINGS)
    with transaction():
        db.session.execute(
            update(Challenge).where(Challenge.id == challenge.id).values(handle_hash=b"x" * 32)
        )
    assert found(token) is None


def test_a_link_of_before_a_backup_was_put_back_stops_nothing(desk, challenge):
    token = links.stop_token(challenge, SETTINGS)
    with transaction():
        upkeep.end_everything(desk.clock.advance(minutes=2))
    assert found(token) is None
    desk.clock.advance(minutes=2)
    later = challenges.get(desk.challenge(desk.ask()).id)
    assert found(links.stop_token(later, SETTINGS)) == later.id


def test_no_number_comes_twice(desk, challenge):
    with transaction():
        db.session.execute(db.delete(Challenge))
    assert desk.challenge(desk.ask_later()).id > challenge.id


@pytest.mark.parametrize("salt", ["another purpose", "", "itsdangerous"])
def test_what_we_signed_for_something_else_stops_nothing(salt, challenge):
    token = URLSafeSerializer(SECRET, salt=salt).dumps(name_of(challenge))
    assert found(token) is None


@pytest.mark.parametrize("token", ["", "x", "41", "NDE", "NDE.", "NDE.x", "é", "." * 999])
def test_what_we_did_not_sign_stops_nothing(token):
    assert found(token) is None


@pytest.mark.parametrize(
    "change", [str, lambda name: name[0], lambda name: name[:1], dict.fromkeys]
)
def test_only_its_whole_name_is_a_challenge(challenge, change):
    signer = URLSafeSerializer(SECRET, salt="stop these codes")
    name = name_of(challenge)
    assert found(signer.dumps(name)) == challenge.id
    assert found(signer.dumps(change(name))) is None


def test_a_long_token_is_not_even_looked_at(challenge):
    challenge.id = 7**500
    token = links.stop_token(challenge, SETTINGS)
    assert len(token) > links.LONGEST
    assert found(token) is None
