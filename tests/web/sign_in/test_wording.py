"""What the code page says in each case: one sentence, one status, the next step."""

import pytest

from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, WRONG, cookie, hold, problem, reference, rows, title, words

CODE = RFC_CODES[1]
SHAPES = [
    ("", "Enter the 6-digit code"),
    ("abcdef", "Enter the 6-digit code"),
    ("12345", "The code has 6 digits. You entered 5."),
    ("1", "The code has 6 digits. You entered 1."),
    ("1234567", "The code has 6 digits. You entered 7."),
    ("12 34", "The code has 6 digits. You entered 4."),
    ("1" * 64, "The code has 6 digits. You entered many more."),
]


@pytest.mark.parametrize(("typed", "sentence"), SHAPES)
def test_what_cannot_be_a_code_costs_no_try(client, app, alice, typed, sentence):
    client.ask(ALICE)
    before = rows(app)
    for _ in range(6):
        answer = client.answer(typed)
        assert (answer.status_code, problem(answer)) == (422, sentence)
    assert rows(app) == before
    assert client.answer(CODE).status_code == 303


def test_a_wrong_code_names_the_reference_and_from_three_on_the_tries_left(client, alice):
    letters = reference(client.ask(ALICE))
    always = f"That code is not right. Check the latest message (reference {letters})."
    for left in ("", " 3 tries left.", " 2 tries left.", " 1 try left."):
        answer = client.answer(WRONG)
        assert (answer.status_code, problem(answer)) == (422, always + left)


def test_after_five_wrong_codes_the_right_one_no_longer_works(client, alice):
    client.ask(ALICE)
    for _ in range(4):
        client.answer(WRONG)
    form = client.page.form("/sign-in/code")
    for code in (WRONG, CODE):
        answer = client.post("/sign-in/code", data={**form, "code": code})
        assert answer.status_code == 422
        assert problem(answer) == (
            "Too many wrong codes. For your safety this code no longer works."
        )
        assert "Send a new code" in words(answer.text)
        assert {"href": "#another"} in client.page.all("a")
        assert 'id="another"' in answer.text


def test_a_new_code_after_too_many_wrong_ones_works(client, alice, clock):
    client.ask(ALICE)
    for _ in range(5):
        client.answer(WRONG)
    clock.advance(seconds=30)
    client.follow(client.submit("/sign-in/code/resend"))
    assert client.answer(RFC_CODES[2]).status_code == 303


def test_the_right_code_after_its_time_is_told_that_it_ran_out(client, alice, clock):
    client.ask(ALICE)
    clock.advance(minutes=10)
    answer = client.answer(CODE)
    assert (answer.status_code, problem(answer)) == (422, "That code ran out at 12:10 UTC.")
    assert "Send a new code" in words(answer.text)


def test_a_wrong_code_after_its_time_is_told_only_that_it_is_wrong(client, alice, clock):
    client.ask(ALICE)
    for _ in range(2):
        client.answer(WRONG)
    clock.advance(minutes=10)
    answer = client.answer(WRONG)
    assert (answer.status_code, problem(answer)) == (422, "That code is not right.")
    assert "That code ran out" in words(answer.text)


@pytest.mark.parametrize("typed", ["", "123"])
def test_after_its_time_nothing_is_said_of_the_shape_of_a_code(client, alice, clock, typed):
    client.ask(ALICE)
    clock.advance(minutes=10)
    answer = client.answer(typed)
    assert (answer.status_code, problem(answer)) == (422, "")
    assert title(answer.text) == "That code ran out – Example"


def test_one_second_before_its_end_a_code_still_works(client, alice, clock):
    client.ask(ALICE)
    clock.advance(seconds=599)
    assert client.answer(CODE).status_code == 303


def test_a_used_code_says_that_it_was_used(client, alice):
    client.ask(ALICE)
    before, form = cookie(client), client.page.form("/sign-in/code")
    assert client.answer(CODE).status_code == 303
    hold(client, before)
    answer = client.post("/sign-in/code", data={**form, "code": CODE})
    assert answer.status_code == 422
    assert problem(answer) == (
        "That code was already used. If you are not signed in, send a new code."
    )
    assert "Send a new code" in words(answer.text)


@pytest.mark.parametrize("passed", [0, 7, 27])
def test_asking_too_soon_says_how_many_seconds_are_left(client, alice, clock, passed):
    client.ask(ALICE)
    clock.advance(seconds=passed)
    answer = client.submit("/sign-in/code/resend")
    assert answer.status_code == 429
    assert problem(answer) == f"A code is on its way. You can ask again in {30 - passed} seconds."
    assert "aria-invalid" not in answer.text
    assert answer.headers["Retry-After"] == str(30 - passed)


def test_after_five_messages_an_hour_it_says_when_the_next_one_may_go(client, alice, clock):
    client.ask(ALICE)
    for seconds in (30, 60, 120, 120):
        clock.advance(seconds=seconds)
        form = client.page.form("/sign-in/code/resend")
        client.follow(client.submit("/sign-in/code/resend"))
    clock.advance(seconds=120)
    answer = client.post("/sign-in/code/resend", data=form)
    assert answer.status_code == 429
    assert problem(answer) == (
        "We have sent 5 codes in the last hour. You can ask again at 13:00 UTC."
    )
    assert answer.headers["Retry-After"] == str(3600 - 450)
    page = client.get("/sign-in/code")
    assert "We have sent 5 codes in the last hour." in words(page.text)


def test_the_entry_page_says_when_it_may_be_asked_again(client, alice, clock):
    client.ask(ALICE)
    for _ in range(5):
        client.answer(WRONG)
    client.get("/sign-in")
    answer = client.submit("/sign-in", identifier=ALICE)
    assert answer.status_code == 429
    assert problem(answer) == "A code was asked for a moment ago. You can ask again in 30 seconds."
    assert answer.headers["Retry-After"] == "30"
    assert "aria-invalid" not in answer.text
    assert client.page.form("/sign-in")["identifier"] == ALICE


def test_too_many_wrong_codes_from_one_network_are_told_until_when(make_client, alice):
    client = make_client(limit_failures_per_ip=2)
    client.ask(ALICE)
    client.answer(WRONG)
    client.answer(WRONG)
    answer = client.answer(CODE)
    assert answer.status_code == 429
    assert problem(answer) == "Too many wrong codes from your network. Try again at 13:00 UTC."
    assert answer.headers["Retry-After"] == "3600"


def test_after_ten_wrong_codes_in_a_row_it_says_how_long_to_wait(make_client, alice, clock):
    client = make_client(code_tries=12)
    client.ask(ALICE)
    for _ in range(10):
        client.answer(WRONG)
    clock.advance(seconds=10)
    answer = client.answer(CODE)
    assert answer.status_code == 429
    assert problem(answer) == "Too many wrong codes. You can try again in 20 seconds."
    assert answer.headers["Retry-After"] == "20"
    clock.advance(seconds=20)
    assert client.answer(CODE).status_code == 303


def test_once_closed_it_says_who_can_open_it_again(make_client, alice):
    client = make_client(limit_failures_in_a_row=2)
    client.ask(ALICE)
    client.answer(WRONG)
    client.answer(WRONG)
    answer = client.answer(CODE)
    assert answer.status_code == 429
    assert problem(answer) == (
        "Signing in by code is closed here after 2 wrong codes in a row. "
        "A passkey opens it again, or whoever runs this site."
    )
    assert "Retry-After" not in answer.headers


def test_the_last_wrong_codes_of_the_day_are_counted_before_they_are_used_up(
    make_client, alice, clock
):
    client = make_client(limit_failures_per_user=4)
    client.ask(ALICE)
    said = [problem(client.answer(WRONG)).partition("). ")[2] for _ in range(4)]
    assert said == [
        "3 more wrong codes, then you have to wait.",
        "2 more wrong codes, then you have to wait.",
        "1 more wrong code, then you have to wait.",
        "Too many wrong codes for this address. Try again at 4 March 2026, 12:00 UTC.",
    ]
    answer = client.answer(CODE)
    assert answer.status_code == 429
    assert problem(answer) == (
        "Too many wrong codes for this address. Try again at 4 March 2026, 12:00 UTC."
    )


def test_the_waits_are_counted_down_to_and_said_when_they_begin(make_client, alice):
    client = make_client(code_tries=20)
    client.ask(ALICE)
    said = [problem(client.answer(WRONG)).partition("). ")[2] for _ in range(10)]
    assert said == [
        *[""] * 6,
        "3 more wrong codes, then you have to wait.",
        "2 more wrong codes, then you have to wait.",
        "1 more wrong code, then you have to wait.",
        "Too many wrong codes. You can try again in 30 seconds.",
    ]


def test_the_end_is_counted_down_to(make_client, alice):
    client = make_client(limit_failures_in_a_row=5, code_tries=20)
    client.ask(ALICE)
    said = [problem(client.answer(WRONG)).partition("). ")[2] for _ in range(5)]
    assert said == [
        "",
        "3 more wrong codes, then signing in by code is closed here.",
        "2 more wrong codes, then signing in by code is closed here.",
        "1 more wrong code, then signing in by code is closed here.",
        "Signing in by code is closed here after 5 wrong codes in a row. "
        "A passkey opens it again, or whoever runs this site.",
    ]


def test_the_last_wrong_codes_of_a_network_are_counted(make_client, alice):
    client = make_client(limit_failures_per_ip=3)
    client.ask(ALICE)
    said = [problem(client.answer(WRONG)).partition("). ")[2] for _ in range(3)]
    assert said == [
        "2 more wrong codes, then you have to wait.",
        "1 more wrong code, then you have to wait.",
        "Too many wrong codes from your network. Try again at 13:00 UTC.",
    ]
