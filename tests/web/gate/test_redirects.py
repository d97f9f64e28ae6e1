"""Only addresses of registered apps are ever gone to, whatever `rd` says (X23)."""

import hashlib
from urllib.parse import quote

import pytest

from tests.helpers.people import RFC_CODES
from tests.web.gate.walker import BOOKS, PORTAL, WIKI
from tests.web.helpers import ALICE, title
from tests.web.test_redirects import LEAVING, ODD

BROWSER = "ab" * 32
# One family a line: schemes, users, suffixes, backslashes, blanks, folding, ports, dots, doubling,
# encoding, brackets, fragments.
FAMILIES = [
    *(
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://wiki.example.org/",
        "wss://wiki.example.org/",
    ),
    *("https://wiki.example.org@evil.example/", "https://evil.example:x@wiki.example.org/"),
    *("https://wiki.example.org.evil.example/", "https://evil-wiki.example.org/"),
    *("https://evilwiki.example.org/", "https://example.org/", "https://x.wiki.example.org/"),
    *(
        "https://evil.example\\@wiki.example.org/",
        "https:\\\\wiki.example.org",
        "https:/\\evil.example",
    ),
    *(
        "https://wiki.example.org /",
        " https://wiki.example.org/",
        "https://wiki.example.org/\n.evil",
    ),
    *(
        "https://wiki。example.org/",
        "https://ⓦiki.example.org/",
        "https://wiki.example.org\u2044x/",
    ),
    *("https://wiki.example.org:8443/", "http://wiki.example.org/", "https://wiki.example.org:0/"),
    *("https://wiki.example.org../", "https://.wiki.example.org/", "https://wiki..example.org/"),
    *("https://wiki.example.org,https://evil.example/", "https://wiki.example.org\thttps://evil/"),
    *(
        "https%3A%2F%2Fwiki.example.org%2F",
        "https://wiki%2eexample.org/",
        "https://wiki.example.org%2f/",
    ),
    *(
        "https://[wiki.example.org]/",
        "https://[::1]/",
        "https://0x7f000001/",
        "https://2130706433/",
    ),
    *(
        "https://wiki.example.org#/",
        "https://evil.example#@wiki.example.org/",
        "//wiki.example.org/",
    ),
    *(
        "https://wiki.example.org?@evil.example/",
        "https:wiki.example.org",
        "https:///wiki.example.org",
    ),
]
BAD = [one for one in dict.fromkeys([*FAMILIES, *LEAVING, *ODD]) if one.isprintable() and one]


@pytest.mark.parametrize("rd", BAD)
def test_the_way_in_of_an_app_leads_nowhere_else(walker, rd):
    answer = walker.get(f"{WIKI}/.otpapp/start?rd={quote(rd, safe='', errors='replace')}")
    assert answer.status_code == 400
    assert not answer.location
    assert title(answer.text).startswith("This link leads elsewhere")


@pytest.mark.parametrize("rd", BAD)
@pytest.mark.parametrize("signed_in", [False, True])
def test_the_sign_in_hands_over_to_nowhere_else(walker, rd, signed_in):
    if signed_in:
        walker.sign_in_for(f"{WIKI}/")
    answer = walker.get(
        f"{PORTAL}/gate/enter?rd={quote(rd, safe='', errors='replace')}&browser={BROWSER}"
    )
    assert answer.status_code == 400
    assert not answer.location


@pytest.mark.parametrize(
    "rd", ["", BOOKS + "/", "https://wiki.example.org:443/", "HTTPS://WIKI.example.org/"]
)
def test_of_an_app_itself_every_spelling_and_no_other_app(walker, rd):
    answer = walker.get(f"{WIKI}/.otpapp/start?rd={quote(rd, safe='')}")
    assert answer.status_code == (400 if rd.startswith(BOOKS) else 303)
    if answer.location:
        assert answer.location.startswith(f"{PORTAL}/gate/enter?rd=https://wiki.example.org/&")


@pytest.mark.parametrize(
    "browser", ["", "x", BROWSER.upper(), BROWSER[:-1], BROWSER + "a", "é" * 64]
)
def test_a_way_that_no_app_made_is_refused(walker, browser):
    walker.sign_in_for(f"{WIKI}/")
    answer = walker.get(f"{PORTAL}/gate/enter?rd={quote(BOOKS)}/&browser={quote(browser)}")
    assert answer.status_code == 400


def test_a_way_that_somebody_else_made_opens_nothing(walker, other):
    """Nobody can have somebody come in as them: the ticket is of the browser that asked."""
    walker.sign_in_for(f"{WIKI}/")
    ticket = walker.ticket_for(BOOKS)
    assert "/.otpapp/enter?ticket=" in ticket
    refused = other.get(ticket)
    assert refused.status_code == 400
    assert not other.cookie(BOOKS)
    other.get(f"{BOOKS}/.otpapp/start")
    ticket = walker.ticket_for(BOOKS)
    assert other.get(ticket).location == f"{BOOKS}/", "as whoever they are, or by signing in"
    assert not other.cookie(BOOKS)
    assert walker.get(ticket).status_code == 400, "it was seen by somebody else"


def test_nobody_makes_a_way_for_a_browser_that_holds_nothing(walker, other):
    """Login CSRF: what its victim wrote would be the attacker's to read."""
    walker.sign_in_for(f"{WIKI}/")
    nothing = hashlib.sha256(b"").hexdigest()
    way = f"{PORTAL}/gate/enter?rd={WIKI}/page&browser={nothing}"
    ticket = walker.get(way, **{"Sec-Fetch-Site": "none"}).location
    refused = other.get(ticket, **{"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 400
    assert not other.cookie(WIKI)
    assert other.status(f"{WIKI}/page") == 401


def test_a_ticket_opens_once_in_time_and_at_its_app(walker, clock):
    walker.sign_in_for(f"{WIKI}/")
    ticket = walker.ticket_for(BOOKS)
    elsewhere = ticket.replace(BOOKS, WIKI)
    walker.browser.delete_cookie("__Host-otpapp-gate", domain="wiki.example.org")
    assert walker.get(elsewhere).status_code == 400
    assert not walker.cookie(WIKI)
    clock.advance(seconds=60)
    assert walker.get(ticket).status_code == 400
    assert not walker.cookie(BOOKS)
    ticket = walker.ticket_for(BOOKS)
    assert walker.get(ticket).location == f"{BOOKS}/"
    again = walker.get(ticket)
    assert again.location == f"{BOOKS}/", "the back button leads to the app, not to a fault"
    walker.browser.delete_cookie("__Host-otpapp-gate", domain="books.example.org")
    assert walker.get(ticket).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "auth.example.org", "wiki.example.org:8443"])
@pytest.mark.parametrize("path", ["start", "enter", "refused", "sign-out", "static/css/base.css"])
def test_the_pages_of_apps_are_answered_under_hosts_of_apps_only(walker, host, path):
    answer = walker.get(f"https://{host}/.otpapp/{path}")
    assert answer.status_code == 400
    assert "There is no app at this address" in answer.text


def test_all_other_pages_are_answered_under_the_public_host_only(walker):
    """X22."""
    for path in ("/", "/sign-in", "/gate/enter", "/static/css/base.css", "/account/security"):
        assert walker.get(WIKI + path).status_code == 400


def test_half_signed_in_is_not_signed_in(walker, make_client, alice, clock):
    from tests.web.factors import half_way, with_app

    with_app(walker.browser, clock)
    half_way(walker.browser)
    answer = walker.get(f"{PORTAL}/gate/enter?rd={quote(BOOKS)}/&browser={BROWSER}")
    assert answer.location == "/prove"


def test_who_signs_in_by_a_form_is_led_over_by_a_page(walker):
    """A redirect would be held up by the page's own policy (form-action)."""
    walker.open(f"{WIKI}/x?a=1&b=2")
    walker.browser.follow(walker.browser.submit("/sign-in", identifier=ALICE))
    page = walker.browser.follow(walker.browser.answer(RFC_CODES[1]))
    assert page.status_code == 200
    assert 'http-equiv="refresh"' in page.text
    assert walker.go_on(page).location == f"{WIKI}/x?a=1&b=2"
