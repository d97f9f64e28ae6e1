"""What happened to me, in plain words."""

import ast
import re
from uuid import UUID

import pytest

from otpapp.models import Event
from otpapp.rules import events
from otpapp.rules.account.activity import FOR_OPERATORS, OF_A_CODE, Story
from otpapp.settings.model import ROOT
from otpapp.transaction import transaction
from otpapp.web import trail
from tests.helpers.browser import Page
from tests.helpers.people import RFC_CODES
from tests.web.factors import enrol_app
from tests.web.helpers import ALICE, WRONG, sign_in, words

PAGE = "/account/activity"
KIND = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z_]+")
FLOORS = ("rules", "delivery", "commands")
NO_KINDS = (".arpa", ".html", ".txt", ".conf", ".sqlite", ".example")
# What kinds that are put together begin with, and how they end.
ENDS = {
    "access.": ("granted", "refused"),
    "app.": ("added", "changed"),
    "invitation.": ("sent", "given_up"),
    "message.": ("sent", "given_up"),
    "notice.": ("sent", "given_up"),
}


def recorded() -> set[str]:
    """Return every kind of event that the source can record."""
    found = set()
    for path in (path for floor in FLOORS for path in (ROOT / "otpapp" / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            value = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(value, str):
                continue
            if value in ENDS:
                found.update(value + end for end in ENDS[value])
            elif KIND.fullmatch(value) and not value.startswith("otpapp."):
                found.add(value)
    return {kind for kind in found if not kind.endswith(NO_KINDS)}


def test_every_kind_of_event_has_words_or_is_for_operators():
    told = {*trail.SAYS, *trail.TOLD_BY_NOTICES, *OF_A_CODE}
    assert recorded() == told | FOR_OPERATORS
    assert not told & FOR_OPERATORS


@pytest.mark.parametrize("kind", sorted({*trail.SAYS, *trail.TOLD_BY_NOTICES, *OF_A_CODE}))
@pytest.mark.parametrize("verdict", ["", "ACCEPTED", "WRONG", "SPENT"])
def test_each_kind_is_told_in_a_sentence_also_alone(kind, verdict):
    event = Event(
        kind=kind, verdict=verdict, subject="wiki", detail="", browser="Firefox on Linux", ip=""
    )
    said = trail.tell(Story((event,)), "bob@example.org")
    assert re.fullmatch(r"[A-Z“b].*\.", said), said
    assert kind not in said
    assert "{" not in said
    assert "You" not in said.replace("Your", "").replace("You sign", "")


def test_which_admin_did_it_is_not_said_to_whom_it_was_done():
    detail = events.by(UUID(int=7), "admin")
    event = Event(kind="role.given", verdict="", subject="", detail=detail, browser="", ip="")
    assert trail.tell(Story((event,))) == "You became an admin here."


def story(*given: str | tuple[str, str]) -> str:
    """Return the words for a story of a code; an event has its verdict or detail behind it."""
    made = []
    for kind, _, more in (one.partition(" ") for one in given):
        of = {"verdict": more} if kind.endswith("answered") else {"detail": more}
        usual = {"verdict": "", "detail": "", "browser": "Firefox on Linux"}
        usual["subject"] = "bob@example.org"
        made.append(Event(kind=kind, **{**usual, **of}))
    return trail.tell(Story(tuple(made)))


@pytest.mark.parametrize(
    ("events_of_it", "said"),
    [
        (["code.asked"], "A code was asked for, from Firefox on Linux, not used."),
        (
            ["code.asked", "message.given_up"],
            "A code was asked for, from Firefox on Linux, but could not be sent.",
        ),
        (
            ["code.asked", "message.sent", "code.answered WRONG", "code.answered LOCKED"],
            "A code was asked for, from Firefox on Linux, and answered wrong twice.",
        ),
        (
            ["code.asked_again", *["code.answered WRONG"] * 3],
            "A code was asked for, from Firefox on Linux, and answered wrong 3 times.",
        ),
        (
            ["code.asked", "code.answered EXPIRED"],
            "A code was asked for, from Firefox on Linux, and answered too late.",
        ),
        (
            ["code.asked", "code.answered ACCEPTED"],
            "A code was accepted, from Firefox on Linux; more was asked for.",
        ),
        (
            ["code.asked", "code.answered ACCEPTED", "session.started email totp"],
            "You signed in with a code sent by email and an authenticator app, from Firefox on "
            "Linux.",
        ),
        (
            ["code.answered WRONG", "code.answered ACCEPTED", "session.started sms"],
            "You signed in with a code sent by text message, from Firefox on Linux. "
            "Wrong answers before: 1.",
        ),
        (
            ["browser.met", "session.started email"],
            "You signed in with a code sent by email, from Firefox on Linux, for the first time.",
        ),
        (
            ["session.stepped_up passkey"],
            "A fresh proof was shown: a passkey, from Firefox on Linux.",
        ),
        (["code.answered WRONG"], "A wrong answer was given for a code, from Firefox on Linux."),
        (["message.sent"], "A code was sent."),
        (
            ["identifier.asked", "message.sent"],
            "A code to add bob@example.org was asked for, from Firefox on Linux, not used.",
        ),
        (
            ["identifier.asked", "code.answered WRONG"],
            "A code to add bob@example.org was asked for, from Firefox on Linux, and answered "
            "wrong.",
        ),
        (
            ["identifier.asked", "code.answered ACCEPTED"],
            "A code to add bob@example.org was asked for, from Firefox on Linux and typed.",
        ),
        (
            ["identifier.asked", "code.answered ACCEPTED", "identifier.taken"],
            "The address bob@example.org was not added: it belongs to another sign-in here.",
        ),
        (
            ["factor.enrolled totp Phone", "session.stepped_up totp"],
            "An authenticator app, “Phone”, was added to your sign-in.",
        ),
    ],
)
def test_a_story_is_told_by_how_it_ended(events_of_it, said):
    assert story(*events_of_it) == said


def test_the_page_tells_it_by_day_the_newest_first(client, alice, clock):
    client.ask(ALICE)
    client.answer(WRONG)
    clock.advance(days=1)
    sign_in(client, 2)
    clock.advance(seconds=20)
    enrol_app(client, clock)
    page = words(client.get(PAGE).text)
    said = [
        "4 March 2026",
        "An authenticator app, “My phone”, was added to your sign-in.",
        "You signed in with a code sent by email, from an unknown browser. IP 127.0.0.1",
        "3 March 2026",
        "A code was asked for, from an unknown browser, and answered wrong once.",
    ]
    places = [page.index(one) for one in said]
    assert places == sorted(places)


def test_older_ones_are_on_pages_of_their_own(client, app, alice, clock):
    sign_in(client)
    with app.app_context(), transaction():
        for number in range(40):
            events.record("group.joined", clock.now, user_id=alice.user_id, detail=f"g{number}")
    page = client.get(PAGE)
    assert "You joined the group g39." in words(page.text)
    assert "Newest" not in words(page.text)
    (older,) = [one["href"] for one in Page(page.text).all("a") if "before=" in one["href"]]
    page = words(client.get(older).text)
    assert "You joined the group g9." in page
    assert "You joined the group g10." not in page
    assert "You signed in" in page
    assert "Newest" in page
    assert "Older" not in page


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, "1'--"])
def test_an_odd_place_to_begin_breaks_nothing(client, alice, before):
    sign_in(client)
    assert client.get(f"{PAGE}?before={before}").status_code == 200


def test_nobody_reads_of_somebody_else(client, alice, bob, app, clock):
    with app.app_context(), transaction():
        events.record("group.joined", clock.now, user_id=bob.user_id, detail="the board")
    sign_in(client, 1)
    assert "the board" not in words(client.get(PAGE).text)
    assert RFC_CODES[1] not in client.html
