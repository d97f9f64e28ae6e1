"""The link of a notice answers a change only if we signed it for that."""

from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules import events, links, upkeep
from otpapp.transaction import transaction
from tests.conftest import SECRET, make_settings

SETTINGS = make_settings()
NEW = "the secret of this year, which signs from here on"
SALT = "answer a change of factors"


@pytest.fixture
def event(desk, alice) -> Event:
    """A change, and another event before it."""
    with transaction():
        events.record("session.started", desk.clock.now, user_id=alice.user_id)
        number = events.record(
            "factor.enrolled", desk.clock.now, user_id=alice.user_id, detail="totp x"
        )
    return events.get(number)


def found(token: str, settings=SETTINGS) -> int | None:
    """Return the number of the event that a link answers."""
    event = links.change_to_answer(token, settings)
    return event and event.id


def test_a_link_finds_the_event_that_it_was_made_for(event):
    token = links.change_token(event, SETTINGS)
    assert found(token) == event.id == 2
    assert len(token) < 60, "a text message has to hold it"


def test_links_from_before_the_secret_changed_still_work(event):
    rotated = make_settings(secret_key=NEW, secret_key_fallbacks=(SECRET,))
    old, new = (links.change_token(event, one) for one in (SETTINGS, rotated))
    assert found(old, rotated) == found(new, make_settings(secret_key=NEW)) == event.id
    assert found(new) is None


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "factor.removed"},
        {"user_id": None},
        {"at": timedelta(microseconds=1)},
    ],
)
def test_a_link_is_not_for_another_event_that_has_its_number_by_now(event, change):
    """X49: as after a backup was put back."""
    token = links.change_token(event, SETTINGS)
    if "at" in change:
        change = {"at": event.at + change["at"]}
    with transaction():
        db.session.query(Event).filter_by(id=event.id).update(change)
    assert found(token) is None


def test_a_link_of_before_a_backup_was_put_back_answers_nothing(desk, event):
    token = links.change_token(event, SETTINGS)
    with transaction():
        upkeep.end_everything(desk.clock.advance(minutes=2))
    assert found(token) is None


def test_a_link_whose_event_is_gone_finds_nothing(event):
    token = links.change_token(event, SETTINGS)
    with transaction():
        db.session.execute(db.delete(Event))
    assert found(token) is None


@pytest.mark.parametrize("salt", ["stop these codes", "", "itsdangerous"])
def test_what_we_signed_for_something_else_answers_nothing(salt, event):
    name = URLSafeSerializer(SECRET, salt=SALT).loads(links.change_token(event, SETTINGS))
    assert found(URLSafeSerializer(SECRET, salt=salt).dumps(name)) is None
    assert found(URLSafeSerializer(SECRET, salt=SALT).dumps(name)) == event.id


@pytest.mark.parametrize("token", ["", "x", "41", "NDE", "NDE.", "NDE.x", "é", "." * 999])
def test_what_we_did_not_sign_answers_nothing(token, context):
    assert found(token) is None


@pytest.mark.parametrize(
    "change", [str, lambda name: name[0], lambda name: name[:1], dict.fromkeys]
)
def test_only_its_whole_name_is_an_event(event, change):
    signer = URLSafeSerializer(SECRET, salt=SALT)
    name = signer.loads(links.change_token(event, SETTINGS))
    assert found(signer.dumps(change(name))) is None
