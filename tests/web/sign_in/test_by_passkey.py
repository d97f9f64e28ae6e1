"""Signing in from the entry page with a passkey alone."""

import pytest

from otpapp.rules import limits, tallies
from otpapp.transaction import transaction
from tests.helpers.browser import new_browser
from tests.helpers.passkeys import PRESENT, Passkey
from tests.web.helpers import cookie, disable, is_in, problem, sign_in, title
from tests.web.passkeys import ENTRY, options, send, with_passkey

WRONG = "That passkey opens nothing here."
NONSENSE = ["", "{", "[" * 4000, "null", "\udcff"]


@pytest.fixture
def made(client, alice, clock) -> Passkey:
    """Alice's only passkey; she has signed out, and looks at the entry page."""
    found = with_passkey(client, clock)
    client.get("/sign-in")
    return found


def test_a_passkey_alone_signs_in(client, made):
    answer = send(client, made, ENTRY)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(client)


def test_it_is_enough_where_two_proofs_or_a_passkey_are_asked_for(make_client, made):
    for proofs in ("two", "passkey"):
        browser = make_client(proofs=proofs)
        browser.get("/sign-in")
        send(browser, made, ENTRY)
        assert is_in(browser)


def test_how_long_and_where_to_are_kept(client, made):
    client.get("/sign-in?next=/somewhere")
    answer = send(client, made, ENTRY, {"stay": "keep"})
    assert answer.location == "/somewhere"
    assert "Expires=" in next(
        one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-otpapp=")
    )


def test_only_this_time_unless_chosen(client, made):
    answer = send(client, made, ENTRY)
    assert "Expires=" not in next(
        one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-otpapp=")
    )


def test_nothing_of_the_cookie_from_before_lives_on(client, made):
    """X07."""
    form, before = client.page.form(ENTRY), cookie(client)
    send(client, made, ENTRY)
    assert cookie(client) != before
    assert client.post("/sign-out", data={"csrf_token": form["csrf_token"]}).location == "/sign-in"
    assert is_in(client)


def test_a_foreign_next_leads_home(client, made):
    answer = send(client, made, ENTRY, {"next": "//evil.example"})
    assert answer.location == "/"


def test_a_wrong_one_is_refused_and_what_was_chosen_is_kept(client, made):
    answer = send(client, made, ENTRY, {"stay": "keep", "identifier": "alice@"}, flags=PRESENT)
    assert (answer.status_code, problem(answer)[: len(WRONG)]) == (422, WRONG)
    form = client.page.form("/sign-in")
    assert (form["stay"], form["identifier"]) == ("keep", "alice@")
    assert send(client, made, ENTRY).status_code == 303


def test_one_that_is_nobody_s_looks_like_one_that_is_wrong_or_of_a_disabled_user(
    client, made, app, alice, clock
):
    """X12."""
    said = {problem(send(client, made, ENTRY, flags=PRESENT))}
    said.add(problem(send(client, Passkey(owner=alice.user_id.bytes), ENTRY)))
    disable(app, alice, clock.now)
    said.add(problem(send(client, made, ENTRY)))
    assert len(said) == 1
    assert not is_in(client)


def test_nonsense_is_refused_in_words(client, made):
    for text in NONSENSE:
        answer = client.submit(ENTRY, passkey=text.encode("utf-8", "surrogateescape"))
        assert answer.status_code == 422
        assert problem(answer).startswith("Your browser sent no passkey.")
    assert client.submit(ENTRY, passkey="x" * 20_000).status_code == 413


def test_an_answer_is_good_once_and_in_its_own_browser(client, made, app):
    signed, other = made.sign(options(client, ENTRY)), new_browser(app)
    other.get("/sign-in")
    assert problem(other.submit(ENTRY, passkey=signed)).startswith("That took too long")
    fields = {**client.page.form(ENTRY), "passkey": signed}
    assert client.post(ENTRY, data=fields).status_code == 303
    client.get("/")
    client.submit("/sign-out")
    client.get("/sign-in")
    assert problem(client.submit(ENTRY, passkey=signed)).startswith("That took too long")


def test_it_stays_open_while_codes_are_closed(client, made, app, settings, alice, clock):
    row = limits.failures_in_a_row(settings)
    with app.app_context(), transaction():
        for _ in range(row.most):
            tallies.take(row, str(alice.user_id), clock.now)
            clock.advance(hours=2)
    client.get("/sign-in")
    assert send(client, made, ENTRY).status_code == 303


def test_a_network_that_failed_too_often_is_told_so_and_a_right_one_still_signs_in(
    make_client, made
):
    browser = make_client(limit_failures_per_ip=1)
    browser.get("/sign-in")
    send(browser, made, ENTRY, flags=PRESENT)
    answer = send(browser, made, ENTRY, flags=PRESENT)
    assert answer.status_code == 429
    assert "from your network" in problem(answer)
    assert send(browser, made, ENTRY).status_code == 303


def test_who_is_signed_in_already_is_told_so(client, made):
    form = client.page.form(ENTRY)
    sign_in(client, 2)
    answer = client.post(ENTRY, data=form)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert title(client.follow(answer).text).startswith("You are signed in")
    client.get("/")
    token = client.page.form("/sign-out")["csrf_token"]
    again = client.post(ENTRY, data={**form, "csrf_token": token})
    assert (again.status_code, again.location) == (303, "/sign-in")


def test_a_form_that_outlived_its_cookie_is_shown_again(app, made):
    stale = new_browser(app)
    stale.get("/sign-in")
    form = stale.page.form(ENTRY)
    stale.delete_cookie("__Host-otpapp", domain="auth.example.org")
    answer = stale.post(ENTRY, data=form)
    assert answer.status_code == 400
    assert "open for too long" in problem(answer)
    assert send(stale, made, ENTRY).status_code == 303
