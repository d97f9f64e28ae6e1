"""How a code comes to be: what a seat is shown is what it was sent, and one bit changes it all."""

import pytest

from otpapp.otp import hotp
from otpapp.rules import users
from otpapp.rules.classroom import seats
from tests.web.classroom.helpers import join_code, take_seat
from tests.web.classroom.test_inbox import INBOX, ask
from tests.web.helpers import problem, words

MINE = "/classroom/derivation"


@pytest.fixture
def seat_key(app, ada, settings) -> bytes:
    """The key of the first seat."""
    with app.app_context():
        return users.key_of(seats.at(1).user_id, settings)


def steps(browser, query: str = "") -> list[str]:
    """Return what each step says came out."""
    answer = browser.get(f"{MINE}{query}")
    assert answer.status_code == 200
    return [words(one) for one in answer.text.split('<p class="bytes">')[1:]]


def test_it_ends_at_the_code_in_the_inbox(ada):
    ask(ada, "ada@class.example")
    code = steps(ada)[-1].split()[0]
    assert f"{code} is your Example sign-in code" in words(ada.get(INBOX).text)


def test_it_begins_with_the_key_of_the_seat(ada, seat_key):
    shown = steps(ada)
    assert seat_key.hex(" ") in shown[1]
    assert "00 00 00 00 00 00 00 07" in steps(ada, "?counter=7")[2]


@pytest.mark.parametrize(("counter", "digits"), [(0, 6), (7, 7), (2**64 - 1, 8)])
def test_every_counter_and_length_ends_at_its_code(ada, seat_key, counter, digits):
    last = steps(ada, f"?counter={counter}&digits={digits}")[-1]
    assert last.startswith(hotp.code(seat_key, counter, digits))


def test_one_goes_forward_and_back(ada):
    page = ada.get(f"{MINE}?counter=5")
    for near in (4, 6):
        assert f"{MINE}?counter={near}&amp;digits=6" in page.text
    assert "The code before" not in ada.get(f"{MINE}?counter=0").text
    assert "The next code" not in ada.get(f"{MINE}?counter={2**64 - 1}").text


@pytest.mark.parametrize("flip", ["key", "counter"])
def test_one_bit_changes_all_that_follows(ada, flip):
    page = words(ada.get(f"{MINE}?counter=5&flip={flip}&bit=3").text)
    assert f"One bit of the {flip} is turned round:" in page
    apart = int(page.partition("turned round: ")[2].split()[0])
    assert 40 < apart < 120
    assert page.count("With the bit turned round:") == 13


def test_nothing_is_turned_round_unless_asked_for(ada):
    assert "With the bit turned round:" not in ada.get(MINE).text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?counter=x", "A counter is a whole number from 0 to 2^64 - 1"),
        ("?counter=-1", "A counter is a whole number"),
        (f"?counter={2**64}", "A counter is a whole number"),
        ("?counter=" + "9" * 5000, "A counter is a whole number"),
        ("?flip=key&bit=160", "The key has the bits 0 to 159"),
        ("?flip=counter&bit=64", "The counter has the bits 0 to 63"),
        ("?flip=key&bit=x", "The key has the bits 0 to 159"),
    ],
)
def test_what_cannot_be_is_told_and_the_newest_code_shown(ada, query, said):
    answer = ada.get(MINE + query)
    assert said in problem(answer)
    assert "As a number" in answer.text


@pytest.mark.parametrize("query", ["?digits=9", "?digits=x", "?flip=all", "?nothing=1"])
def test_what_means_nothing_changes_nothing(ada, query):
    assert steps(ada, query) == steps(ada)


def test_it_is_checked_against_the_rfc_in_front_of_everybody(ada, monkeypatch):
    checked = "RFC 4226, Appendix D: {} of 10 codes come out as printed there."
    assert checked.format(10) in words(ada.get(MINE).text)
    monkeypatch.setattr("otpapp.otp.derivation.RFC_KEY", b"another key entirely")
    assert checked.format(0) in words(ada.get(MINE).text)


def test_whoever_teaches_sees_any_seat(teacher, ada, seat_key):
    page = words(teacher.get(f"{MINE}/1").text)
    assert "How the code of Ada comes to be" in page
    assert seat_key.hex(" ") in page
    assert teacher.get(f"{MINE}/2").status_code == 404


def test_nobody_else_sees_the_key_of_a_seat(ada, teacher, student, seat_key):
    alan = student()
    take_seat(alan, join_code(teacher))
    assert seat_key.hex(" ") not in alan.get(MINE).text
    assert alan.get(f"{MINE}/1").status_code == 403
    assert student().get(MINE).location == "/classroom"
