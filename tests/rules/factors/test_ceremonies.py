"""Challenges of WebAuthn: one browser, one use, five minutes (W1)."""

from collections import Counter

import pytest

from otpapp.models import Ceremony, UserSession
from otpapp.rules.factors.credentials import Match
from otpapp.rules.factors.passkey_json import read
from otpapp.rules.sign_in import Arrival
from otpapp.rules.verdicts import Limited
from tests.helpers.passkeys import Passkey, to_base64
from tests.rules.desk import count, in_parallel
from tests.rules.factors.ring import Ring

DEEP = "[" * 100_000
CLIENT = '{"challenge": "%s", "origin": "o"}' % ("A" * 43)
NONSENSE = {
    "nothing": "",
    "no JSON": "{",
    "deep": DEEP,
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "a long number": "9" * 5000,
    "no answer": '{"rawId": "AAAA"}',
    "an answer of text": '{"rawId": "AAAA", "response": "x"}',
    "no client data": '{"rawId": "AAAA", "response": {}}',
    "client data of a number": '{"rawId": "AAAA", "response": {"clientDataJSON": 1}}',
}
BAD_CLIENTS = ["", "[]", "null", DEEP, '{"challenge": 1}', '{"challenge": "AAAA"}', "\udcff"]


def test_a_challenge_is_used_once(ring):
    made = ring.enrol()
    for use, options in ((ring.prove, ring.to_prove()), (ring.sign_in, ring.to_sign_in())):
        text = made.sign(options)
        assert use(text) is not None
        assert use(text) is None
    text = Passkey().make(ring.to_enrol())
    assert ring.keep(text) is not None
    assert ring.keep(text) is None
    assert count(Ceremony) == 0


def test_it_is_used_up_by_a_wrong_answer_too(ring):
    made = ring.enrol()
    options = ring.to_prove()
    assert not isinstance(ring.prove(made.sign(options, flags=0)), Match)
    assert ring.prove(made.sign(options)) is None


def test_it_holds_for_five_minutes(ring, clock):
    made = ring.enrol()
    early, late = ring.to_prove(), ring.to_prove()
    clock.advance(seconds=299)
    assert isinstance(ring.prove(made.sign(early)), Match)
    clock.advance(seconds=1)
    assert ring.prove(made.sign(late)) is None


def test_one_of_a_clock_that_was_ahead_does_not_hold(ring, clock):
    """X43."""
    made = ring.enrol()
    options = ring.to_prove()
    clock.advance(minutes=-3)
    assert ring.prove(made.sign(options)) is None


def test_another_browser_cannot_use_it_nor_use_it_up(ring):
    made = ring.enrol()
    text = made.sign(ring.to_sign_in())
    assert ring.sign_in(text, browser="another browser") is None
    assert isinstance(ring.sign_in(text), Arrival)


def test_it_is_for_what_it_was_asked_for(ring):
    made = ring.enrol()
    assert ring.prove(made.sign(ring.to_sign_in())) is None
    assert ring.sign_in(made.sign(ring.to_prove())) is None
    assert ring.keep(Passkey().make({**ring.to_enrol(), **ring.to_prove()})) is None


def test_it_is_for_the_user_who_asked(ring, bob):
    made = ring.enrol()
    assert ring.of(bob.user_id).prove(made.sign(ring.to_prove())) is None


def test_one_that_nobody_asked_for_is_none(ring):
    made = ring.enrol()
    assert ring.prove(made.sign({"challenge": to_base64(bytes(32))})) is None


def test_those_that_are_over_are_forgotten(ring, clock):
    for _ in range(3):
        ring.to_sign_in()
    clock.advance(minutes=6)
    ring.to_sign_in()
    assert count(Ceremony) == 1
    clock.advance(minutes=-3)  # that one's clock was ahead
    ring.to_sign_in()
    assert count(Ceremony) == 1


def test_a_network_gets_so_many_an_hour(ring, clock, bob):
    ring.use(limit_ceremonies_per_ip=3)
    ring.to_enrol(), ring.to_prove(), ring.to_sign_in()
    for ask in (ring.to_enrol, ring.to_prove, ring.to_sign_in):
        refused = ask()
        assert isinstance(refused, Limited)
        assert refused.limit == "ceremonies_per_ip"
    assert count(Ceremony) == 3
    clock.advance(hours=1)
    assert isinstance(ring.to_sign_in(), dict)


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_no_answer(text):
    assert read(text) is None


@pytest.mark.parametrize("client", BAD_CLIENTS)
def test_nor_is_one_whose_client_data_is_nonsense(client):
    data = to_base64(client.encode("utf-8", "surrogateescape"))
    text = f'{{"rawId": "AAAA", "response": {{"clientDataJSON": "{data}"}}}}'
    assert read(text) is None


@pytest.mark.parametrize("raw", ["", "A", "\\ud800", "A" * 1368])
def test_nor_is_one_whose_id_is_nonsense(raw):
    data = to_base64(CLIENT.encode())
    assert read(f'{{"rawId": "AAAA", "response": {{"clientDataJSON": "{data}"}}}}')
    assert read(f'{{"rawId": "{raw}", "response": {{"clientDataJSON": "{data}"}}}}') is None


@pytest.mark.parametrize("step", [0, 1])
def test_sixty_four_uses_of_one_answer_at_once_sign_in_once(app, settings, clock, alice, step):
    """W1, X04: whether or not the authenticator counts."""
    ring = Ring(settings, clock, alice.user_id)
    with app.app_context():
        text = ring.enrol(step=step).sign(ring.to_sign_in())
    outcomes = in_parallel(app, 64, lambda _: ring.sign_in(text))
    assert Counter(type(one) for one in outcomes) == {Arrival: 1, type(None): 63}
    with app.app_context():
        assert count(UserSession) == 1


def test_as_many_who_ask_at_once_each_get_their_own(app, settings, clock, alice):
    ring = Ring(settings, clock, alice.user_id)
    with app.app_context():
        for _ in range(20):
            ring.to_sign_in()
        clock.advance(minutes=6)
    asked = in_parallel(app, 16, lambda _: ring.to_sign_in()["challenge"])
    assert len(set(asked)) == 16
    with app.app_context():
        assert count(Ceremony) == 16
