"""No other site can make a browser send one of our forms (X08, X09)."""

import re
from urllib.parse import urlencode

import pytest

from tests.helpers.browser import new_browser
from tests.helpers.mailbox import text_of
from tests.helpers.people import RFC_CODES
from tests.web import passkeys
from tests.web.factors import enrol_app
from tests.web.forms import SETUPS, signed_out
from tests.web.helpers import ALICE, rows, sign_in
from tests.web.invited.test_invited import invite, link_in

SIGNED_OUT = ["/sign-in", "/sign-in/code", "/sign-in/code/resend", "/sign-out"]
NOT_ME = ["/not-me/<token>", "/not-me/<token>/undo"]
CHANGED = "/changed/<token>"
INVITED = "/invited/<token>"
PASSKEYS = [
    path + end
    for path in (passkeys.ENTRY, passkeys.PROVE, passkeys.ENROL)
    for end in ("", "/options")
]
FORMS = [*SIGNED_OUT, *NOT_ME, CHANGED, INVITED, *SETUPS, *PASSKEYS]
ELSEWHERE = {
    "opaque origin": {"Origin": "null"},
    "sibling": {"Origin": "https://app.example.org"},
    "child": {"Origin": "https://evil.auth.example.org"},
    "other site": {"Origin": "https://evil.example"},
    "other port": {"Origin": "https://auth.example.org:8443"},
    "plain http": {"Origin": "http://auth.example.org"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "unknown word": {"Sec-Fetch-Site": "evil"},
    "cross-site, our origin": {
        "Sec-Fetch-Site": "cross-site",
        "Origin": "https://auth.example.org",
    },
    "referrer": {"Referer": "https://evil.example/"},
    "sibling referrer": {"Referer": "https://app.example.org/"},
    "broken referrer": {"Referer": "https://[evil"},
    "broken referrer, our site": {"Referer": "https://[evil", "Sec-Fetch-Site": "same-origin"},
}


@pytest.fixture
def fields() -> dict[str, str]:
    """What the fixture `action` types into its form."""
    return {}


@pytest.fixture
def action(request, client, alice, mailbox, clock, fields) -> str:
    """The address of one form, whose page is open; the link in Alice's mail has her token."""
    rule = request.param
    if rule in SETUPS:
        action, typed = SETUPS[rule](client, clock)
        fields.update(typed)
        return action
    if rule == CHANGED:
        sign_in(client)
        enrol_app(client, clock)
        link = re.search(r"/changed/\S+", text_of(mailbox.newest_for(ALICE)))[0]
        client.get(link)
        return link
    if rule == INVITED:
        invite(client.application)
        link = link_in(mailbox)
        client.get(link)
        return link
    if rule not in NOT_ME:
        return rule
    client.ask(ALICE)
    link = re.search(r"/not-me/\S+", text_of(mailbox.newest_for(ALICE)))
    return rule.replace("/not-me/<token>", link[0])


every_form = pytest.mark.parametrize("action", FORMS, indirect=True)


@pytest.fixture
def ready(client, alice, clock, fields):
    """Return what fills a form in such a way that it would do something."""

    def fill(action: str) -> dict[str, str]:
        if action in PASSKEYS:
            return passkeys.ready(client, clock, action)
        if action.startswith("/changed/"):
            client.get(action)
        elif action.startswith("/not-me/"):
            client.get(action.removesuffix("/undo"))
            if action.endswith("/undo"):
                client.follow(client.submit(action.removesuffix("/undo")))
        elif action in SIGNED_OUT:
            fields.update(signed_out(client, action, clock))
        return {**client.page.form(action), **fields}

    return fill


@pytest.fixture
def refused(client, app, mailbox):
    """Return what sends a form and proves that it did nothing."""

    def send(how: dict, why: str) -> None:
        mailbox.deliver()
        before, mails = rows(app), len(mailbox.mails)
        answer = client.post(**how)
        # Signing out of a page left open leads on to where one can see who is signed in.
        led_on = answer.status_code == 303 and (
            (answer.request.path, answer.location) == ("/sign-out", "/sign-in")
            or (answer.request.path.startswith("/prove/") and answer.location == "/prove")
        )
        assert answer.status_code == 400 or led_on or "Not sent yet" in answer.text, why
        assert rows(app) == before, why
        assert len(mailbox.deliver()) == mails, why

    return send


OURS = [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "https://auth.example.org"}]


def assert_taken(answer) -> None:
    """See that a form did what it is for."""
    if answer.request.path.endswith("/options"):
        assert answer.is_json
    elif answer.request.path.endswith("/export"):
        assert answer.headers["Content-Disposition"].startswith("attachment")
    else:
        assert answer.status_code == 303 or "only time that we show" in answer.text


@every_form
@pytest.mark.parametrize("headers", OURS)
def test_the_form_itself_is_taken(ready, client, action, headers):
    assert_taken(client.post(action, data=ready(action), headers=headers))


@every_form
def test_a_form_without_its_own_token_or_from_elsewhere_is_refused(
    ready, refused, client, app, action
):
    filled, other = ready(action), new_browser(app)
    other.get("/sign-in")
    token = other.page.form("/sign-in")["csrf_token"]
    for why, how in {**strange_tokens(filled, token), **strange_ways(filled)}.items():
        refused({"path": action, **how}, why)
    token = filled["csrf_token"]
    without = {name: value for name, value in filled.items() if name != "csrf_token"}
    in_address = f"{action}?{urlencode({'csrf_token': token})}"
    refused({"path": in_address, "data": without}, "token in the address")
    # What was refused did nothing, and was refused for nothing else: the same is taken now.
    assert_taken(client.post(action, data=filled))


def strange_tokens(filled: dict[str, str], other: str) -> dict[str, dict]:
    """Return how to send a form with any token but its own."""
    without = {name: value for name, value in filled.items() if name != "csrf_token"}
    made_up = {f"token {token!r}": token for token in ("", "x", "null", "é", "a.b.c")}
    tokens = {**made_up, "another browser's token": other}
    ways = {why: {"data": {**filled, "csrf_token": token}} for why, token in tokens.items()}
    return {"no token": {"data": without}, **ways}


def strange_ways(filled: dict[str, str]) -> dict[str, dict]:
    """Return how to send a form in a body of another kind, or from elsewhere."""
    body = urlencode(filled)
    kinds = ("text/plain", "", "application/octet-stream")
    bodies = {f"body of {kind!r}": {"data": body, "content_type": kind} for kind in kinds}
    return {**bodies, **{why: {"data": filled, "headers": at} for why, at in ELSEWHERE.items()}}


def test_a_token_from_before_the_sign_in_is_refused(client, refused, alice):
    client.ask(ALICE)
    token = client.page.form("/sign-in/code")["csrf_token"]
    client.answer(RFC_CODES[1])
    refused({"path": "/sign-out", "data": {"csrf_token": token}}, "an old token")
