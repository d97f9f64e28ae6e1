"""From a page of an app to the sign-in and back to that page."""

import pytest
from sqlalchemy import select
from werkzeug.test import create_environ, run_wsgi_app

from otpapp.extensions import db
from otpapp.models import AppSession, Event, Ticket
from otpapp.rules.gate.rules import Rule
from tests.helpers.browser import Browser
from tests.web.gate.walker import BOOKS, IDENTITY, PORTAL, WIKI
from tests.web.helpers import title, words

PAGE = f"{WIKI}/page?a=1&b=%20c"


def test_who_is_not_signed_in_is_led_to_the_way_in_of_the_app(walker):
    answer = walker.check(PAGE)
    assert answer.status_code == 401
    assert answer.headers["Location"] == (
        f"{WIKI}/.otpapp/start?rd=https%3A%2F%2Fwiki.example.org%2Fpage%3Fa%3D1%26b%3D%2520c"
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_anonymous_check_leaves_nothing_behind(walker, app):
    before = walker.browser.get(PORTAL + "/sign-in")
    assert before.status_code == 200
    answer = walker.check(PAGE)
    assert "Set-Cookie" not in answer.headers
    with app.app_context():
        assert not db.session.scalars(select(AppSession)).all()


def test_after_the_code_one_is_back_on_the_same_page(walker):
    answer = walker.sign_in_for(PAGE)
    assert answer.location == PAGE
    passed = walker.check(PAGE)
    assert passed.status_code == 200
    assert {name: passed.headers[name] for name in IDENTITY} == {
        "Remote-User": "alice@example.org",
        "Remote-Email": "alice@example.org",
        "Remote-Name": "",
        "Remote-Groups": "",
        "Remote-Method": "email",
    }


def test_the_second_app_asks_for_no_other_code(walker):
    walker.sign_in_for(PAGE)
    assert walker.status(f"{BOOKS}/x") == 401
    assert walker.open(f"{BOOKS}/x").location == f"{BOOKS}/x"
    assert walker.status(f"{BOOKS}/x") == 200


def test_signing_out_closes_all_apps_on_the_next_request(walker):
    walker.sign_in_for(PAGE)
    walker.open(f"{BOOKS}/x")
    walker.get(f"{PORTAL}/")
    walker.browser.submit("/sign-out")
    assert walker.status(PAGE) == walker.status(f"{BOOKS}/x") == 401


def test_somebody_elses_browser_is_let_in_by_nothing(walker, other):
    walker.sign_in_for(PAGE)
    assert other.status(PAGE) == 401


def test_the_cookies_are_of_one_host_and_say_so(walker):
    started = walker.get(walker.check(PAGE).headers["Location"])
    assert started.headers["Set-Cookie"].startswith("__Host-otpapp-browser=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in started.headers["Set-Cookie"]
    assert "Domain" not in started.headers["Set-Cookie"]
    walker.sign_in_for(PAGE)
    assert walker.cookie(WIKI)
    assert not walker.cookie(PORTAL)
    assert not walker.cookie(BOOKS)


def test_an_event_tells_which_app_somebody_entered(walker, app):
    walker.sign_in_for(PAGE)
    with app.app_context():
        (event,) = db.session.scalars(select(Event).where(Event.kind == "app.entered"))
        assert (event.subject, event.user_id is not None) == ("wiki", True)


def test_a_page_too_long_to_be_remembered_leads_to_its_path_or_the_front(walker):
    assert walker.sign_in_for(f"{WIKI}/page?{'x' * 3000}").location == f"{WIKI}/page"
    assert walker.check(f"{BOOKS}/{'x' * 3000}").headers["Location"].endswith("example.org%2F")


@pytest.mark.parametrize("path", ["/", "/a%20b", "/%E2%82%AC", "/a?b=%26c%3Dd", "/a,b", "/~u/@x"])
def test_addresses_of_every_kind_come_back_as_they_were(walker, path):
    assert walker.sign_in_for(WIKI + path).location == WIKI + path


def test_an_old_tab_that_starts_again_goes_straight_back(walker):
    way = walker.check(PAGE).headers["Location"]
    walker.sign_in_for(PAGE)
    assert walker.get(way).location == PAGE


def test_a_server_that_does_not_pass_the_cookie_on_ends_in_a_page_not_in_a_loop(walker):
    way = walker.check(PAGE).headers["Location"]
    walker.sign_in_for(PAGE)
    walker.get(way)
    page = walker.get(way)
    assert page.status_code == 508
    assert "flask doctor" in words(page.text)


def test_many_tabs_that_are_opened_at_once_all_come_in(walker):
    """A browser that starts again opens them so, without the cookie that ended with it."""
    walker.sign_in_for(PAGE)
    walker.browser.delete_cookie("__Host-otpapp-gate", domain="wiki.example.org")
    pages = [f"{WIKI}/page/{number}" for number in range(12)]
    ways = [walker.check(page).headers["Location"] for page in pages]
    tickets = [walker.get(walker.get(way).location, **{"Sec-Fetch-Site": "none"}) for way in ways]
    for page, ticket in zip(pages, tickets, strict=True):
        assert walker.get(ticket.location).location == page
    for page, way in zip(pages, ways, strict=True):
        assert walker.status(page) == 200
        assert walker.get(way).location == page, "a tab whose check came before the others were in"


def test_tabs_that_start_before_the_first_was_answered_all_come_in(walker):
    """Each is told to hold something else, and the browser holds what came last."""
    walker.sign_in_for(PAGE)
    walker.browser.delete_cookie("__Host-otpapp-gate", domain="wiki.example.org")
    pages, ways = [f"{WIKI}/page/{number}" for number in range(4)], []
    for page in pages:
        walker.browser.delete_cookie("__Host-otpapp-browser", domain="wiki.example.org")
        ways.append(walker.get(walker.check(page).headers["Location"]).location)
    tickets = [walker.get(way, **{"Sec-Fetch-Site": "none"}).location for way in ways]
    assert [walker.get(ticket).location for ticket in tickets] == pages
    assert [walker.status(page) for page in pages] == [200] * 4


def test_two_cookies_where_one_is_meant_end_in_a_page_not_in_a_loop(walker, app):
    """X09."""
    way = walker.check(PAGE).headers["Location"]
    cookie = "__Host-otpapp-gate=one; __Host-otpapp-gate=two"
    browser = Browser(app, use_cookies=False)
    answer = browser.get(way.removeprefix(WIKI), base_url=WIKI, headers={"Cookie": cookie})
    assert answer.status_code == 400
    assert "two of our cookies" in title(answer.text)


def test_the_back_button_leads_to_the_app_where_its_front_is_not_open(walker, keep):
    keep("books", BOOKS, Rule("/", ("group:board",)), Rule("/docs", ("everyone",)))
    walker.sign_in_for(f"{WIKI}/")
    walker.get(f"{BOOKS}/.otpapp/start")
    way = walker.get(f"{BOOKS}/.otpapp/start?rd={BOOKS}/docs").location
    ticket = walker.get(way, **{"Sec-Fetch-Site": "none"}).location
    assert walker.get(ticket).location == f"{BOOKS}/docs"
    assert walker.get(ticket).location == f"{BOOKS}/"


@pytest.mark.parametrize("host", ["xn--bcher-kva.example.org", "books.example.org:8443"])
def test_hosts_of_every_kind_can_be_come_in_at(walker, keep, host):
    keep("books", f"https://{host}", Rule("/", ("everyone",)))
    assert walker.sign_in_for(f"https://{host}/x").location == f"https://{host}/x"


@pytest.mark.parametrize("host", ["xn--a", "xn--", "a..b", "[::1", "a b", "é", "-"])
def test_odd_hosts_are_no_app_and_no_fault(walker, app, host):
    # The client of other tests cannot say such a name.
    environ = create_environ("/.otpapp/start") | {"HTTP_HOST": host}
    _, status, _ = run_wsgi_app(app.wsgi_app, environ)
    assert status.startswith("400")


def test_how_many_proxies_there_are_does_not_matter_for_the_way_in(walker, make_client):
    browser = make_client(trusted_proxies=2)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.9"}
    answer = browser.get("/.otpapp/start", base_url="http://wiki.example.org", headers=headers)
    assert answer.status_code == 303
    assert answer.location.startswith(f"{PORTAL}/gate/enter?rd=https://wiki.example.org/")


def test_a_browser_that_keeps_no_cookies_gets_a_page_not_a_loop(walker):
    walker.open(PAGE)
    walker.browser.delete_cookie("__Host-otpapp-browser", domain="wiki.example.org")
    asked = walker.browser.submit("/sign-in", identifier="alice@example.org")
    walker.browser.follow(asked)
    from tests.helpers.people import RFC_CODES

    page = walker.go_on(walker.browser.answer(RFC_CODES[1]))
    assert page.status_code == 400
    assert "keeps no cookies" in title(page.text)


def test_what_an_app_sees_holds_nothing_of_ours(walker):
    walker.sign_in_for(PAGE)
    walker.browser.set_cookie("theirs", "a=b", domain="wiki.example.org")
    passed = walker.check(PAGE, Authorization="Basic dGhlaXJz")
    assert passed.headers["Cookie"] == "theirs=a=b"
    assert passed.headers["Authorization"] == "Basic dGhlaXJz"


def test_the_front_page_of_an_app_leads_to_signing_out(walker):
    assert walker.get(f"{WIKI}/.otpapp/sign-out").location == f"{PORTAL}/"


def test_tickets_that_nobody_used_go_when_the_next_is_made(walker, app, clock):
    walker.sign_in_for(PAGE)
    for _ in range(3):
        way = walker.get(f"{BOOKS}/.otpapp/start").location
        walker.get(way)
        clock.advance(minutes=2)
    with app.app_context():
        assert len(db.session.scalars(select(Ticket)).all()) == 1
