"""A form that comes when it cannot be taken is kept on a page that sends it again."""

import pytest

from otpapp.rules.gate import apps, rules
from otpapp.rules.gate.rules import Rule
from tests.helpers.people import RFC_CODES
from tests.web.helpers import keep_app, sign_in, title, words

RULE = "/admin/apps/wiki/rule"
COOKIE = ("__Host-otpapp", "auth.example.org")
TYPED = {"path": "/board", "allow": "group:board\ncarol@example.org", "fresh": "15"}
BOARD = Rule("/board", ("group:board", "carol@example.org"), "one", 15 * rules.MINUTE)


@pytest.fixture
def typed(admin, app) -> dict[str, str]:
    """What an admin typed into the form of a new rule."""
    keep_app(app)
    admin.get(RULE)
    return {**admin.page.form(RULE), **TYPED}


def kept(app) -> tuple[Rule, ...]:
    with app.app_context():
        return apps.plan_of(apps.find("wiki")).rules


def prove_once_more(admin) -> None:
    """Show a fresh proof."""
    admin.get("/prove")
    admin.follow(admin.submit("/prove/code"))
    assert admin.submit("/sign-in/code", code=RFC_CODES[2]).status_code == 303


def in_another_tab(admin, work) -> None:
    """Do something, and come back to the page that was open."""
    seen = admin.html
    work(admin)
    admin.html = seen


def test_without_a_fresh_proof_it_is_kept_until_one_was_shown(admin, app, clock, typed):
    clock.advance(minutes=11)
    page = admin.post(RULE, data=typed)
    assert (page.status_code, title(page.text)) == (403, "Not sent yet – Example")
    assert "This needs a fresh proof that it is you. Nothing that you typed" in words(page.text)
    assert 'href="/prove" target="_blank"' in page.text
    assert admin.submit(RULE).status_code == 403
    assert kept(app) == ()
    in_another_tab(admin, prove_once_more)
    page = admin.submit(RULE)
    assert "You signed in anew since this page was opened" in words(page.text)
    assert admin.submit(RULE).status_code == 303
    assert kept(app) == (BOARD,)


def test_signed_out_it_is_kept_until_one_is_signed_in(admin, app, typed):
    admin.delete_cookie(COOKIE[0], domain=COOKIE[1])
    page = admin.post(RULE, data=typed)
    assert (page.status_code, title(page.text)) == (403, "Not sent yet – Example")
    assert "You are signed out by now." in words(page.text)
    assert 'href="/sign-in" target="_blank"' in page.text
    in_another_tab(admin, lambda browser: sign_in(browser, 2))
    page = admin.submit(RULE)
    assert "You signed in anew since this page was opened" in words(page.text)
    assert admin.submit(RULE).status_code == 303
    assert kept(app) == (BOARD,)


def test_a_session_that_ended_is_said_too(admin, clock, typed):
    clock.advance(days=40)
    assert "You are signed out by now." in words(admin.post(RULE, data=typed).text)


def test_the_query_of_the_form_is_kept_too(admin, app, clock, typed):
    keep_app(app, BOARD)
    clock.advance(minutes=11)
    admin.post(f"{RULE}?of=/board", data=typed)
    assert admin.page.form(f"{RULE}?of=/board")["path"] == "/board"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Referer": ""},
    ],
)
def test_what_no_browser_says_was_sent_from_here_is_not_kept(admin, clock, typed, headers):
    """X08: what another site typed must not be one click away from a good token."""
    admin.checks = False
    for token in (typed["csrf_token"], "made up"):
        page = admin.post(RULE, data={**typed, "csrf_token": token}, headers=headers)
        if page.status_code != 303:
            assert "group:board" not in page.text
    clock.advance(minutes=11)
    page = admin.post(RULE, data=typed, headers=headers)
    assert "group:board" not in page.text


def test_what_somebody_types_to_ask_for_access_is_kept_too(client, app, alice):
    keep_app(app, Rule("/", ("group:office",)))
    sign_in(client)
    client.get("/gate/ask?rd=https://wiki.example.org/")
    form = {**client.page.form("/gate/ask"), "words": "for the report"}
    client.delete_cookie(COOKIE[0], domain=COOKIE[1])
    assert client.post("/gate/ask", data=form).status_code == 403
    assert client.page.form("/gate/ask")["words"] == "for the report"
