"""Refused is not the end: one can ask, sees what became of it, and is led nowhere else."""

from datetime import timedelta
from urllib.parse import quote, unquote

import pytest

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import AccessRequest, Guest, Identifier
from otpapp.rules import groups
from otpapp.rules.gate import answering, requests
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.helpers.browser import Page
from tests.web.gate.walker import HTML, PORTAL, WIKI
from tests.web.helpers import ALICE, problem, title, words

OFFICE = f"{WIKI}/office/plan?a=1"
ASK = f"/gate/ask?rd={quote(OFFICE, safe='')}"
ACTION = "/gate/ask"


@pytest.fixture
def asker(walker):
    """Alice, signed in."""
    walker.sign_in_for(WIKI + "/")
    return walker.browser


@pytest.fixture
def refused_page(walker, asker):
    """What the web server of the wiki shows her for a part that is not open to her."""
    return walker.get(f"{WIKI}/.otpapp/refused", **HTML, **{"X-Original-URL": OFFICE})


def answer(app, alice, settings, verdict: str, days: int = 30) -> None:
    """Answer request 1, as an admin would."""
    with app.app_context(), transaction():
        found = requests.find(1)
        if verdict == "granted":
            until = utc_now() + timedelta(days=days)
            answering.grant(found, until, "/office", alice.user_id, settings, utc_now())
        else:
            answering.refuse(found, alice.user_id, settings, utc_now())


def wishes(app) -> list[tuple[str, str, str]]:
    with app.app_context():
        found = db.session.query(AccessRequest).order_by(AccessRequest.id)
        return [(one.path, one.url, one.words) for one in found]


def test_the_page_of_a_refusal_leads_to_asking(refused_page):
    assert refused_page.status_code == 403
    (link,) = [one for one in Page(refused_page.text).all("a") if one.get("class") == "button"]
    assert link["href"].startswith(f"{PORTAL}/gate/ask?rd=")
    assert unquote(link["href"].partition("?rd=")[2]) == OFFICE


def test_who_wants_what_no_rule_covers_is_not_led_to_asking(walker, asker, keep):
    keep("wiki", WIKI, Rule("/office", ("group:office",)))
    headers = {**HTML, "X-Original-URL": f"{WIKI}/other"}
    page = walker.get(f"{WIKI}/.otpapp/refused", **headers)
    assert page.status_code == 403
    assert "Ask for access" not in page.text
    asked = asker.get(f"/gate/ask?rd={WIKI}/other")
    assert "Nobody can be let in here." in words(asked.text)
    assert not [one for one in asker.page.forms if one["action"] == ACTION]


def test_who_is_not_signed_in_signs_in_and_comes_back(client, walker):
    led = client.get(ASK)
    assert led.status_code == 303
    assert led.location.startswith("/sign-in?next=/gate/ask?rd%3D")


def test_it_says_who_one_is_and_what_one_wanted(asker):
    page = words(asker.get(ASK).text)
    assert "This part of Wiki is for the group office." in page
    assert f"You are signed in as {ALICE}" in page
    assert f"You wanted to open {OFFICE}" in page


def test_asking_is_kept_and_the_page_says_when(asker, app):
    asker.get(ASK)
    sent = asker.submit(ACTION, words="  for the\n yearly   report ")
    assert sent.status_code == 303
    assert sent.location.startswith("/gate/ask?rd=")
    page = asker.follow(sent)
    assert title(page.text).startswith("You asked for access")
    assert "That was on 3 March 2026, 12:00 UTC. You get a mail when it is answered." in words(
        page.text
    )
    assert "You wrote for the yearly report" in words(page.text)
    assert not [one for one in asker.page.forms if one["action"] == ACTION]
    assert wishes(app) == [("/office", OFFICE, "for the yearly report")]


def test_who_has_no_mail_address_is_told_to_look_again(asker, app):
    asker.get(ASK)
    asker.submit(ACTION, words="please")
    with app.app_context(), transaction():
        changes = {"channel": "sms", "key": "+12025550143", "address": "+12025550143"}
        db.session.query(Identifier).update(changes)
    assert "Open this page again to see the answer." in words(asker.get(ASK).text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Say in a few words why you need it"),
        ("  ", "Say in a few words why you need it"),
        ("x" * 301, "Use fewer words: 300 characters at most"),
        ("a\u202eb", "Use letters, digits and signs only"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(asker, app, typed, said):
    asker.get(ASK)
    page = asker.submit(ACTION, words=typed)
    assert page.status_code == 422
    assert problem(page) == said
    assert title(page.text).startswith("Error: Ask for access")
    if typed.strip():
        assert asker.page.form(ACTION)["words"] == typed
    assert asker.page.form(ACTION)["rd"] == OFFICE
    assert wishes(app) == []


def test_the_sixth_request_of_a_day_is_told_until_when(asker, app, keep):
    keep("wiki", WIKI, *(Rule(f"/{one}", ("group:x",)) for one in range(6)))
    for number in range(5):
        asker.get(f"/gate/ask?rd={WIKI}/{number}")
        assert asker.submit(ACTION, words="please").status_code == 303
    asker.get(f"/gate/ask?rd={WIKI}/5")
    page = asker.submit(ACTION, words="please")
    assert (page.status_code, page.headers["Retry-After"]) == (429, "86400")
    assert problem(page) == (
        "You asked for access 5 times today. You can ask again at 4 March 2026, 12:00 UTC."
    )
    assert asker.page.form(ACTION)["words"] == "please"
    assert len(wishes(app)) == 5


def test_who_was_let_in_is_told_until_when_and_can_open_it(asker, walker, app, alice, settings):
    asker.get(ASK)
    asker.submit(ACTION, words="please")
    answer(app, alice, settings, "granted")
    page = asker.get(ASK)
    assert title(page.text).startswith("Wiki is open to you")
    assert "You were given access on 3 March 2026, 12:00 UTC, until 2 April 2026" in words(
        page.text
    )
    (link,) = [one for one in asker.page.all("a") if one.get("class") == "button"]
    assert link["href"] == OFFICE
    assert walker.status(OFFICE) == 200


def test_who_was_left_out_is_told_and_may_ask_again(asker, app, alice, settings):
    asker.get(ASK)
    asker.submit(ACTION, words="please")
    answer(app, alice, settings, "refused")
    assert "were not given access on 3 March 2026" in words(asker.get(ASK).text)
    assert asker.submit(ACTION, words="please, please").status_code == 303
    assert len(wishes(app)) == 2


def test_access_that_ended_is_told_beside_the_form(asker, app, alice, settings, clock):
    asker.get(ASK)
    asker.submit(ACTION, words="please")
    answer(app, alice, settings, "granted", days=1)
    with app.app_context(), transaction():
        db.session.query(Guest).update({"ended_at": clock.now})
    page = words(asker.get(ASK).text)
    assert "You were given access on 3 March 2026, 12:00 UTC, until 4 March 2026" in page
    assert asker.page.form(ACTION)


def test_what_became_open_meanwhile_asks_nobody(asker, app, alice):
    asker.get(ASK)
    with app.app_context(), transaction():
        groups.add(alice.user_id, "office", utc_now())
    page = asker.follow(asker.submit(ACTION, words="please"))
    assert "Wiki is open to you" in title(page.text)
    assert wishes(app) == []


@pytest.mark.parametrize(
    "rd",
    ["", "nonsense", "https://evil.example/", "//evil.example", f"{WIKI}@evil.example/", "/x"],
)
def test_an_address_that_is_behind_no_gate_leads_nowhere(asker, app, rd):
    """X23."""
    page = asker.get(f"/gate/ask?rd={quote(rd, safe='')}")
    assert page.status_code == 400
    assert "evil" not in page.text
    asker.get(ASK)
    sent = asker.submit(ACTION, words="please", rd=rd)
    assert (sent.status_code, wishes(app)) == (400, [])


def test_what_was_written_is_text_and_never_a_tag(asker):
    asker.get(ASK)
    page = asker.follow(asker.submit(ACTION, words="<b>now</b> {{ 7*7 }}"))
    assert "&lt;b&gt;now&lt;/b&gt; {{ 7*7 }}" in page.text
