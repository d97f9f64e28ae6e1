"""Choosing a password, changing it, stepping up by it."""

import pytest

from otpapp.rules import known_browsers
from otpapp.transaction import transaction
from tests.web.factors import SECURITY, enrol_app
from tests.web.helpers import ALICE, problem, title, words

PAGE = f"{SECURITY}/password"
GOOD = "seven purple elephants"


@pytest.fixture
def overrides() -> dict:
    """A site that takes passwords."""
    return {"passwords": True}


@pytest.fixture
def signed_in(client, mailbox, alice):
    """Alice's browser, signed in by a code alone."""
    client.ask(ALICE)
    client.follow(client.submit("/sign-in/password/none"))
    client.answer(mailbox.code_for(ALICE))
    return client


def test_it_is_chosen_on_a_page_and_leads_to_recovery_codes(signed_in):
    page = signed_in.get(PAGE)
    assert title(page.text) == "Choose a password – Example"
    assert "15 characters at least." in words(page.text)
    answer = signed_in.submit(PAGE, password=GOOD)
    assert answer.location == f"{SECURITY}/recovery-codes?next=/"
    assert "Change your password" in words(signed_in.get(SECURITY).text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Use a longer password, of 15 characters at least."),
        ("short", "Use a longer password, of 15 characters at least."),
        ("x" * 257, "Use a shorter password, of 256 characters at most"),
        ("alice@example.org", "That is little more than your address"),
    ],
)
def test_one_that_cannot_be_is_refused_and_said_why(signed_in, typed, said):
    signed_in.get(PAGE)
    page = signed_in.submit(PAGE, password=typed)
    assert page.status_code == 422
    assert problem(page).startswith(said)
    assert typed not in page.text or not typed or typed == ALICE


def test_beside_an_app_eight_are_enough_but_not_what_everybody_has(signed_in, clock):
    enrol_app(signed_in, clock)
    assert "8 characters at least, or 15 if it shall count without any other proof." in words(
        signed_in.get(PAGE).text
    )
    page = signed_in.submit(PAGE, password="elephant")
    assert problem(page).startswith("Many people use that password")
    assert signed_in.submit(PAGE, password="7 purple").status_code == 303


def test_it_steps_up_where_it_is_the_strongest_there_is(signed_in, clock):
    signed_in.get(PAGE)
    signed_in.submit(PAGE, password=GOOD)
    clock.advance(minutes=11)
    page = signed_in.follow(signed_in.follow(signed_in.get(PAGE)))
    assert title(page.text) == "Enter your password – Example"
    page = signed_in.submit("/prove/password", code="not that one")
    assert problem(page).startswith("That password is not right.")
    assert signed_in.submit("/prove/password", code=GOOD).location == PAGE
    assert title(signed_in.get(PAGE).text) == "Change your password – Example"


def test_it_can_be_removed_like_any_other(signed_in):
    signed_in.get(PAGE)
    signed_in.submit(PAGE, password=GOOD)
    signed_in.get(SECURITY)
    (link,) = [a["href"] for a in signed_in.page.all("a") if a["href"].endswith("/remove")]
    signed_in.get(link)
    signed_in.submit(link)
    assert "Choose a password" in words(signed_in.get(SECURITY).text)


def test_the_app_beside_a_short_one_goes_only_once_it_is_longer(signed_in, clock):
    enrol_app(signed_in, clock)
    clock.advance(minutes=1)
    signed_in.get(PAGE)
    assert signed_in.submit(PAGE, password="7 purple").status_code == 303
    signed_in.get(SECURITY)
    link = next(a["href"] for a in signed_in.page.all("a") if a["href"].endswith("/remove"))
    page = signed_in.get(link)
    assert "Choose a longer password first" in words(page.text)
    assert link not in [form["action"] for form in signed_in.page.all("form")]
    signed_in.get(PAGE)
    form = signed_in.page.form(PAGE)
    assert signed_in.post(link, data={"csrf_token": form["csrf_token"]}).status_code == 422
    signed_in.get(f"{PAGE}?next={link}")
    answer = signed_in.submit(PAGE, password=GOOD)
    assert answer.location.endswith(f"next={link}")
    signed_in.get(link)
    assert signed_in.submit(link).location == SECURITY


def test_choosing_another_one_leaves_the_recovery_codes(signed_in):
    signed_in.get(PAGE)
    signed_in.follow(signed_in.submit(PAGE, password=GOOD))
    signed_in.submit(f"{SECURITY}/recovery-codes")
    signed_in.get(PAGE)
    signed_in.submit(PAGE, password=f"{GOOD} and a giraffe")
    assert "You have 10" in words(signed_in.get(f"{SECURITY}/recovery-codes").text)


def test_it_needs_a_fresh_proof(signed_in, clock):
    clock.advance(minutes=11)
    assert signed_in.get(PAGE).location == f"/prove?next={PAGE}"


@pytest.mark.parametrize("how", ["no token", "elsewhere"])
def test_the_form_is_guarded(signed_in, how):
    """X08."""
    signed_in.get(PAGE)
    form = {**signed_in.page.form(PAGE), "password": GOOD}
    headers = {"Origin": "https://evil.example"} if how == "elsewhere" else {}
    if how == "no token":
        del form["csrf_token"]
    assert signed_in.post(PAGE, data=form, headers=headers).status_code == 400
    assert "Choose a password" in words(signed_in.get(SECURITY).text)


def test_a_browser_that_was_forgotten_steps_up_by_a_code(signed_in, app, alice, mailbox, clock):
    with app.app_context(), transaction():
        known_browsers.revoke_all(alice.user_id, clock.now)
    clock.advance(minutes=11)
    signed_in.follow(signed_in.get(PAGE))
    signed_in.follow(signed_in.submit("/prove/code"))
    assert signed_in.answer(mailbox.code_for(ALICE)).location == PAGE
