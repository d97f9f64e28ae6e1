"""The check itself: what it reads, what it answers, and whom it answers at all."""

import pytest

from otpapp.extensions import db
from otpapp.models import User, UserSession
from otpapp.rules import groups
from otpapp.transaction import transaction
from tests.helpers.browser import Browser
from tests.web.gate.walker import BOOKS, HTML, IDENTITY, PORTAL, WIKI, Walker

PAGE = f"{WIKI}/page"
WRONG = {
    "no address": {"X-Original-URL": None},
    "an empty address": {"X-Original-URL": ""},
    "a path": {"X-Original-URL": "/page"},
    "two addresses": {"X-Original-URL": f"{PAGE},{BOOKS}/"},
    "a fragment": {"X-Original-URL": f"{WIKI}/public#/../page"},
    "a user": {"X-Original-URL": "https://x@wiki.example.org/public"},
    "a blank": {"X-Original-URL": f"{WIKI}/public x"},
    "a letter": {"X-Original-URL": f"{WIKI}/public\xe9"},
    "too long": {"X-Original-URL": f"{WIKI}/public?{'x' * 9000}"},
    "no method": {"X-Original-Method": None},
    "two methods": {"X-Original-Method": "GET,GET"},
    "an odd method": {"X-Original-Method": "get"},
    "a dash for a method": {"X-Original-Method": "-"},
    "no app": {"X-Original-URL": "https://other.example.org/public"},
    "another port": {"X-Original-URL": "https://wiki.example.org:8443/public"},
    "plain http": {"X-Original-URL": "http://wiki.example.org/public"},
}
FORWARD = {
    "no host": {"X-Forwarded-Host": None},
    "two hosts": {"X-Forwarded-Host": "wiki.example.org,books.example.org"},
    "a host with a path": {"X-Forwarded-Host": "wiki.example.org/public"},
    "a host with a user": {"X-Forwarded-Host": "x@wiki.example.org"},
    "no path": {"X-Forwarded-Uri": None},
    "a path of its own": {"X-Forwarded-Uri": "public"},
    "a host in the path": {"X-Forwarded-Uri": ".evil.example/public"},
    "no protocol": {"X-Forwarded-Proto": None},
    "two protocols": {"X-Forwarded-Proto": "https,https"},
    "an odd protocol": {"X-Forwarded-Proto": "wss"},
    "no method": {"X-Forwarded-Method": None},
}


def send(walker: Walker, habit: str, changes: dict, url: str = f"{WIKI}/public"):
    """Ask with some headers changed, or left out."""
    if habit == "nginx":
        said = {"X-Original-URL": url, "X-Original-Method": "GET"}
    else:
        said = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "wiki.example.org",
            "X-Forwarded-Uri": "/public",
            "X-Forwarded-Method": "GET",
        }
    headers = {name: text for name, text in {**HTML, **said, **changes}.items() if text is not None}
    # The browser's own cookies stand in the way of one that is given.
    browser = walker.browser
    if "Cookie" in headers:
        browser = Browser(browser.application, use_cookies=False)
    return browser.get(f"/gate/{habit}", base_url=WIKI, headers=headers)


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_nginx_is_refused_where_it_does_not_ask_as_it_must(walker, changes):
    """CVE-2021-32637 of Authelia: what cannot be read is refused."""
    walker.sign_in_for(PAGE)
    answer = send(walker, "nginx", changes)
    assert answer.status_code == 403
    assert not any(name in answer.headers for name in IDENTITY)


@pytest.mark.parametrize("changes", FORWARD.values(), ids=FORWARD)
def test_so_are_other_proxies(walker, changes):
    walker.sign_in_for(PAGE)
    answer = send(walker, "forward", changes)
    assert answer.status_code == 400
    assert not any(name in answer.headers for name in IDENTITY)


def test_each_habit_reads_its_own_headers_and_no_others(walker):
    nginx, forward = send(walker, "nginx", {}), send(walker, "forward", {})
    assert nginx.status_code == forward.status_code == 200
    asked = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "wiki.example.org"}
    asked |= {"X-Forwarded-Uri": "/public", "X-Forwarded-Method": "GET"}
    unasked = {"X-Original-URL": None, "X-Original-Method": None}
    assert send(walker, "nginx", {**unasked, **asked}).status_code == 403
    bare = dict.fromkeys(asked)
    said = {"X-Original-URL": f"{WIKI}/public", "X-Original-Method": "GET"}
    assert send(walker, "forward", {**bare, **said}).status_code == 400


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("127.9.9.9", 200),
        ("::1", 200),
        ("", 200),
        ("10.0.0.9", 403),
        ("192.0.2.1", 403),
        ("nonsense", 403),
    ],
)
def test_only_proxies_of_this_machine_are_answered(walker, address, status):
    answer = walker.browser.get(
        "/gate/nginx",
        headers={"X-Original-URL": f"{WIKI}/public", "X-Original-Method": "GET"},
        environ_overrides={"REMOTE_ADDR": address},
    )
    assert answer.status_code == status


def test_a_forwarded_address_makes_nobody_a_proxy(walker, make_client):
    """CVE-2023-36456 of authentik."""
    browser = make_client(trusted_proxies=1)
    headers = {"X-Original-URL": f"{WIKI}/public", "X-Original-Method": "GET"}
    headers["X-Forwarded-For"] = "127.0.0.1"
    elsewhere = {"REMOTE_ADDR": "192.0.2.1"}
    answer = browser.get("/gate/nginx", headers=headers, environ_overrides=elsewhere)
    assert answer.status_code == 403


def test_other_machines_ask_where_an_operator_names_them(walker, make_client):
    browser = make_client(gate_peers=("10.0.0.0/8",))
    headers = {"X-Original-URL": f"{WIKI}/public", "X-Original-Method": "GET"}
    for address, status in (("10.1.2.3", 200), ("127.0.0.1", 403)):
        answer = browser.get(
            "/gate/nginx", headers=headers, environ_overrides={"REMOTE_ADDR": address}
        )
        assert answer.status_code == status


@pytest.mark.parametrize("path", ["/gate/nginx/", "/gate/nginxx", "/gate", "/gate/NGINX"])
def test_nothing_else_is_a_check(walker, path):
    walker.sign_in_for(PAGE)
    headers = {"X-Original-URL": f"{WIKI}/public", "X-Original-Method": "GET"}
    assert walker.browser.get(path, headers=headers).status_code == 404


def test_other_proxies_lead_people_in_and_tell_programs(walker):
    answer = walker.check(PAGE, habit="forward")
    assert answer.status_code == 302
    assert answer.location.startswith(f"{WIKI}/.otpapp/start?rd=")
    posted = walker.check(PAGE, "POST", "forward", Referer=f"{WIKI}/form")
    assert posted.status_code == 303
    assert posted.location.endswith("%2Fform&lost=1")
    for told in ({"Accept": "*/*"}, {"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "websocket"}):
        answer = walker.check(PAGE, habit="forward", **told)
        assert (answer.status_code, answer.mimetype) == (401, "application/json")
        assert answer.json["error"] == "sign_in"


@pytest.mark.parametrize(
    "referer", ["https://evil.example/x", f"{BOOKS}/x", "nonsense", "http://[", ""]
)
def test_a_lost_form_leads_back_to_a_page_of_its_own_app(walker, referer):
    location = walker.check(PAGE, "POST", Referer=referer).headers["Location"]
    assert location == f"{WIKI}/.otpapp/start?rd=https%3A%2F%2Fwiki.example.org&lost=1"


def test_other_proxies_show_why_something_is_refused(walker):
    walker.sign_in_for(PAGE)
    answer = walker.check(f"{WIKI}/office/x", habit="forward")
    assert answer.status_code == 403
    assert "This part of Wiki is for the group office" in answer.text
    assert "/.otpapp/static/css/base.css" in answer.text
    told = walker.check(f"{WIKI}/office/x", habit="forward", Accept="application/json")
    assert told.json["error"] == "refused"


def test_a_form_that_is_refused_is_refused_as_a_page_is(walker):
    walker.sign_in_for(PAGE)
    sent = {"Content-Type": "application/json", "Content-Length": "3"}
    answer = walker.check(f"{WIKI}/office/x", "POST", "forward", **sent)
    assert answer.status_code == 403
    assert "This part of Wiki is for the group office" in answer.text


@pytest.mark.parametrize("method", ["VERSION-CONTROL", "M-SEARCH", "PROPFIND"])
def test_every_method_that_there_is_can_be_asked_about(walker, method):
    walker.sign_in_for(PAGE)
    assert walker.status(PAGE, method=method) == 200


def test_other_proxies_see_who_it_is(walker):
    walker.sign_in_for(PAGE)
    answer = walker.check(PAGE, habit="forward")
    assert answer.headers["Remote-User"] == "alice@example.org"
    assert answer.headers["Cookie"] == ""


@pytest.mark.parametrize("value", ["", "x", "é", "a" * 5000, "%00", "null", '"'])
def test_a_broken_cookie_is_no_cookie(walker, value):
    """CVE-2026-25748 of authentik."""
    cookie = f"__Host-otpapp-gate={value}".encode().decode("latin-1")
    answer = send(walker, "nginx", {"Cookie": cookie}, PAGE)
    assert answer.status_code == 401


def test_two_cookies_of_one_name_are_none(walker):
    """X09."""
    walker.sign_in_for(PAGE)
    token = walker.cookie(WIKI)
    twice = f"__Host-otpapp-gate={token}; __Host-otpapp-gate=planted"
    for cookie in (twice, "; ".join(reversed(twice.split("; ")))):
        assert send(walker, "nginx", {"Cookie": cookie}, PAGE).status_code == 401


def test_a_cookie_without_its_prefix_opens_nothing(walker):
    walker.sign_in_for(PAGE)
    cookie = f"otpapp-gate={walker.cookie(WIKI)}"
    assert send(walker, "nginx", {"Cookie": cookie}, PAGE).status_code == 401


def test_the_cookie_of_the_sign_in_opens_no_app(walker):
    walker.sign_in_for(PAGE)
    held = walker.browser.get_cookie("__Host-otpapp", domain="auth.example.org").value
    for name in ("__Host-otpapp-gate", "__Host-otpapp"):
        assert send(walker, "nginx", {"Cookie": f"{name}={held}"}, PAGE).status_code == 401


def test_groups_are_told_in_one_line_and_read_at_each_check(walker, app, alice, clock):
    walker.sign_in_for(PAGE)
    assert walker.status(f"{WIKI}/office") == 403
    with app.app_context(), transaction():
        groups.add(alice.user_id, "office", clock.now)
        groups.add(alice.user_id, "board", clock.now)
    answer = walker.check(f"{WIKI}/office")
    assert answer.headers["Remote-Groups"] == "board,office"


def test_somebody_disabled_is_refused_at_the_next_check(walker, app, alice, clock):
    """CVE-2026-43983 of Pocket ID."""
    walker.sign_in_for(PAGE)
    with app.app_context(), transaction():
        db.session.get(User, alice.user_id).disabled_at = clock.now
    assert walker.status(PAGE) == 401


def test_a_check_sets_the_idle_clock_once_a_minute(walker, app, clock):
    walker.sign_in_for(PAGE)

    def seen_at():
        with app.app_context():
            return db.session.query(UserSession.seen_at).scalar()

    first = seen_at()
    clock.advance(seconds=59)
    walker.status(PAGE)
    assert seen_at() == first
    now = clock.advance(seconds=1)
    walker.status(PAGE)
    assert seen_at() == now


def test_an_idle_session_is_over_at_apps_too(walker, clock):
    walker.sign_in_for(PAGE)
    clock.advance(minutes=59)
    assert walker.status(PAGE) == 200
    clock.advance(minutes=60)
    assert walker.status(PAGE) == 401


def test_a_stricter_site_asks_who_is_signed_in_once_more(walker, make_client):
    walker.sign_in_for(PAGE)
    cookie = f"__Host-otpapp-gate={walker.cookie(WIKI)}"
    strict = Walker(make_client(proofs="two"))
    assert send(strict, "nginx", {"Cookie": cookie}, PAGE).status_code == 401


def test_how_long_nginx_may_keep_an_answer_is_ours_to_say(walker, make_client):
    walker.sign_in_for(PAGE)
    cookie = {"Cookie": f"__Host-otpapp-gate={walker.cookie(WIKI)}"}
    cached = Walker(make_client(gate_cache_seconds=5))
    passed = send(cached, "nginx", cookie, PAGE)
    assert passed.headers["X-Accel-Expires"] == "5"
    assert "Cache-Control" not in passed.headers
    for url in (PAGE, f"{WIKI}/office"):
        answer = send(cached, "nginx", {} if url == PAGE else cookie, url)
        assert answer.status_code in (401, 403)
        assert "X-Accel-Expires" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    usual = send(walker, "nginx", {}, PAGE)
    assert "X-Accel-Expires" not in usual.headers


def test_a_fault_is_a_refusal(walker, app):
    """X27."""
    walker.sign_in_for(PAGE)
    with app.app_context(), transaction():
        db.session.execute(db.text("ALTER TABLE app_sessions RENAME TO aside"))
    assert walker.status(PAGE) == 403
    assert walker.status(PAGE, habit="forward") == 503
    with app.app_context(), transaction():
        db.session.execute(db.text("UPDATE apps SET rules = '[{}]'"))
        db.session.execute(db.text("ALTER TABLE aside RENAME TO app_sessions"))
    assert walker.status(PAGE) == 403
    assert walker.status(PAGE, habit="forward") == 503


def test_an_app_that_is_no_part_of_the_domain_of_the_one_cookie_has_its_own(walker, make_client):
    """It was there before the setting was."""
    shared = Walker(make_client(gate_cookie_domain="wiki.example.org", public_url=PORTAL))
    assert shared.sign_in_for(f"{BOOKS}/x").location == f"{BOOKS}/x"
    assert shared.status(f"{BOOKS}/x") == 200
    assert shared.cookie(BOOKS)
    assert shared.open(PAGE).location == PAGE


def test_one_cookie_for_all_apps_where_an_operator_wants_that(walker, make_client):
    shared = Walker(make_client(gate_cookie_domain="example.org"))
    assert shared.sign_in_for(PAGE).location == PAGE
    assert shared.status(PAGE) == shared.status(f"{BOOKS}/x") == 200
    assert shared.check(PAGE).headers["Cookie"] == ""
    shared.get("https://auth.example.org/")
    shared.browser.submit("/sign-out")
    assert shared.status(PAGE) == 401
