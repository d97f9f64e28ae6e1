"""A link stops codes only if we signed it for that."""

import pytest
from itsdangerous import URLSafeSerializer

from otpapp.rules import links
from tests.conftest import SECRET, make_settings

SETTINGS = make_settings()
NEW = "the secret of this year, which signs from here on"


def test_a_link_finds_the_challenge_that_it_was_made_for():
    assert links.challenge_to_stop(links.stop_token(41, SETTINGS), SETTINGS) == 41


def test_links_from_before_the_secret_changed_still_work():
    rotated = make_settings(secret_key=NEW, secret_key_fallbacks=(SECRET,))
    assert links.challenge_to_stop(links.stop_token(41, SETTINGS), rotated) == 41
    assert links.challenge_to_stop(links.stop_token(41, rotated), SETTINGS) is None
    assert (
        links.challenge_to_stop(links.stop_token(41, rotated), make_settings(secret_key=NEW)) == 41
    )


@pytest.mark.parametrize("salt", ["another purpose", "", "itsdangerous"])
def test_what_we_signed_for_something_else_stops_nothing(salt):
    token = URLSafeSerializer(SECRET, salt=salt).dumps(41)
    assert links.challenge_to_stop(token, SETTINGS) is None


@pytest.mark.parametrize("token", ["", "x", "41", "NDE", "NDE.", "NDE.x", "é", "." * 999])
def test_what_we_did_not_sign_stops_nothing(token):
    assert links.challenge_to_stop(token, SETTINGS) is None


@pytest.mark.parametrize("value", ["41", [41], {"id": 41}, None, 4.1])
def test_only_a_number_is_a_challenge(value):
    token = URLSafeSerializer(SECRET, salt="stop these codes").dumps(value)
    assert links.challenge_to_stop(token, SETTINGS) is None


def test_a_long_token_is_not_even_looked_at():
    token = links.stop_token(7**500, SETTINGS)
    assert len(token) > links.LONGEST
    assert links.challenge_to_stop(token, SETTINGS) is None
