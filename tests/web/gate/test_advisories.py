"""What happened to others in front of their apps, one test an advisory, by its number."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Identifier, Proof, User, UserSession
from otpapp.rules import groups, identifiers, sessions
from otpapp.rules.gate import apps, entering, guests, keys, wanted
from otpapp.rules.gate.rules import Rule
from otpapp.rules.handles import digest
from otpapp.rules.identifiers import Address
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.helpers.browser import Browser, new_browser
from tests.web.gate.walker import BOOKS, HTML, PORTAL, WIKI, Walker, ask
from tests.web.helpers import ALICE

PAGE, OFFICE, PUBLIC = f"{WIKI}/page", f"{WIKI}/office/x", f"{WIKI}/public"


@pytest.fixture
def bare(app):
    """Return what asks for an address with a cookie of one's choice."""

    def bare(url: str, cookie: str = "", **headers: str):
        browser = Browser(app, use_cookies=False)
        return ask(browser, url, headers={**HTML, "Cookie": cookie, **headers})

    return bare


@pytest.mark.parametrize(
    "url", ["https://wiki.example.org:/%", "https://[", "\\\\x", "a", WIKI[:8]]
)
def test_cve_2021_32637_an_address_that_cannot_be_read_is_no_yes(walker, url):
    walker.sign_in_for(PAGE)
    headers = {**HTML, "X-Original-URL": url, "X-Original-Method": "GET"}
    assert walker.browser.get("/gate/nginx", base_url=WIKI, headers=headers).status_code == 403


@pytest.mark.parametrize("value", ["%", "\x7f", "=", "..", "null", "0", "a" * 9000])
def test_cve_2026_25748_a_broken_cookie_lets_nobody_in(walker, bare, value):
    assert bare(PAGE, f"__Host-otpapp-gate={value}").status_code == 401


@pytest.mark.parametrize(
    "rest", ["?/public", "?x=/public", "?..%2fpublic", "/?y=https://wiki/public"]
)
def test_cve_2025_54576_a_query_opens_nothing(walker, rest):
    assert walker.status(f"{WIKI}/page{rest}") == 401


def test_ghsa_pxq7_h93f_9jrg_a_fragment_opens_nothing(walker):
    assert walker.status(f"{WIKI}/page#/public") == 403
    assert walker.status(f"{WIKI}/public#/../page") == 403


@pytest.mark.parametrize("agent", ["GoogleHC/1.0", "kube-probe/1.29", "ELB-HealthChecker/2.0", ""])
def test_cve_2026_34457_no_user_agent_is_let_through(walker, agent):
    assert walker.check(PAGE, **{"User-Agent": agent}).status_code == 401


def test_cve_2026_40575_forwarded_headers_are_not_read_by_the_habit_of_nginx(walker):
    forged = {"X-Forwarded-Uri": "/public", "X-Forwarded-Host": "wiki.example.org"}
    forged |= {"X-Forwarded-Proto": "https", "X-Forwarded-Method": "GET"}
    assert walker.check(PAGE, **forged).status_code == 401


def test_cve_2024_47070_an_address_of_no_sense_skips_nothing(walker, bare):
    for address in ("127.0.0.1", "junk", "", "::1", "a" * 999):
        assert bare(PAGE, **{"X-Forwarded-For": address}).status_code == 401


@pytest.mark.parametrize(
    "origin", ["HTTPS://WIKI.EXAMPLE.ORG", "https://wiki.example.org:443", WIKI + "."]
)
def test_ghsa_j748_h363_wqj8_every_spelling_of_a_host_has_its_rules(walker, origin):
    walker.sign_in_for(PAGE)
    headers = {**HTML, "X-Original-Method": "GET"}
    for path, status in (("/page", 200), ("/office/x", 403)):
        headers["X-Original-URL"] = origin + path
        answer = walker.browser.get("/gate/nginx", base_url=WIKI, headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize(
    "path", ["/public/../office", "/public/%2e%2e/office", "//office", "/public;/../x"]
)
def test_go_2026_5346_a_path_that_others_clean_is_protected(walker, path):
    walker.sign_in_for(PAGE)
    assert walker.status(WIKI + path) == 403


def test_cve_2025_24806_limits_count_one_address_however_it_is_spelled(walker):
    for number, spelling in enumerate([ALICE, ALICE.upper(), f" {ALICE} ", "Alice@EXAMPLE.org"]):
        answer = new_browser(walker.browser.application)
        answer.get("/sign-in")
        status = answer.submit("/sign-in", identifier=spelling).status_code
        assert status == (303 if number == 0 else 429), spelling


@pytest.mark.parametrize("text", ["alice@evil.example@example.org", '"a@b"@example.org', "a@b@c"])
def test_cve_2026_40574_an_address_with_several_signs_is_none(settings, text):
    assert not isinstance(identifiers.parse(text, settings), Address)


def test_tinyauth_943_nobody_is_locked_out_of_an_app_by_somebody_else(walker, other):
    walker.sign_in_for(PAGE)
    other.open(PAGE)
    for _ in range(12):
        other.browser.get("/sign-in")
        other.browser.submit("/sign-in", identifier=ALICE)
        other.browser.get("/sign-in/code")
        if "/sign-in/code" in {form["action"] for form in other.browser.page.forms}:
            other.browser.answer("000000")
    assert walker.status(PAGE) == 200


def test_timing_tokens_of_nobody_and_of_somebody_disabled_look_the_same(walker, bare, app, clock):
    walker.sign_in_for(PAGE)
    cookie = f"__Host-otpapp-gate={walker.cookie(WIKI)}"
    with app.app_context(), transaction():
        db.session.query(User).update({"disabled_at": clock.now})
    known, unknown = bare(PAGE, cookie), bare(PAGE, f"__Host-otpapp-gate={'x' * 43}")
    assert known.status_code == unknown.status_code == 401
    assert dict(known.headers) == dict(unknown.headers)


def test_ghsa_f24x_5g9q_753f_each_way_in_has_a_new_token(walker, bare, clock):
    walker.sign_in_for(PAGE)
    before = walker.cookie(WIKI)
    clock.advance(minutes=1)
    walker.browser.delete_cookie("__Host-otpapp-gate", domain="wiki.example.org")
    walker.open(PAGE)
    assert walker.cookie(WIKI) != before
    assert bare(PAGE, f"__Host-otpapp-gate={before}").status_code == 401


@pytest.mark.parametrize(
    "rd", ["https://wiki.example.org@evil.example", "https://wiki.example.org.evil.example"]
)
def test_ghsa_qqxw_m5fj_f7gv_sign_in_and_sign_out_lead_to_apps_only(walker, rd):
    walker.sign_in_for(PAGE)
    assert walker.get(f"{WIKI}/.otpapp/start?rd={rd}").status_code == 400
    assert walker.get(f"{WIKI}/.otpapp/sign-out?rd={rd}").location == f"{PORTAL}/"


def test_cve_2026_115770_an_address_that_is_no_more_admits_nobody(walker, app, keep, alice):
    keep("books", BOOKS, Rule("/", (ALICE,)))
    walker.sign_in_for(PAGE)
    assert walker.open(f"{BOOKS}/x").location == f"{BOOKS}/x"
    assert walker.status(f"{BOOKS}/x") == 200
    with app.app_context(), transaction():
        db.session.query(Identifier).filter_by(user_id=alice.user_id).update({"verified_at": None})
    assert walker.status(f"{BOOKS}/x") == 403


def test_ghsa_hp74_gm6m_2qm5_a_mailed_code_is_no_passkey(walker, app, keep, clock):
    keep("books", BOOKS, Rule("/", ("everyone",), "passkey"))
    walker.sign_in_for(PAGE)
    with app.app_context(), transaction():
        proofs = (Proof("email", clock.now), Proof("sms", clock.now), Proof("totp", clock.now))
        db.session.query(UserSession).update({"proofs": proofs})
    page = walker.open(f"{BOOKS}/x")
    assert page.status_code == 403
    assert "signs in with a passkey" in page.text
    assert walker.status(f"{BOOKS}/x") == 401


def test_cve_2026_43983_a_session_that_goes_on_asks_for_the_user_anew(walker, app, clock):
    walker.sign_in_for(PAGE)
    for minutes in (30, 30):
        clock.advance(minutes=minutes)
        assert walker.status(PAGE) == 200
    with app.app_context(), transaction():
        db.session.query(User).update({"disabled_at": clock.now})
    assert walker.status(PAGE) == 401


def test_ghsa_x883_2vmg_xwf7_a_group_that_was_left_is_left_at_once(walker, app, alice, clock):
    walker.sign_in_for(PAGE)
    with app.app_context(), transaction():
        groups.add(alice.user_id, "office", clock.now)
    assert walker.status(OFFICE) == 200
    with app.app_context(), transaction():
        groups.remove(alice.user_id, "office", clock.now)
    assert walker.status(OFFICE) == 403


def test_cve_2026_49448_no_step_is_skipped_by_an_empty_form(walker, clock):
    from tests.web.factors import half_way, with_app

    with_app(walker.browser, clock)
    half_way(walker.browser)
    walker.browser.submit("/prove/totp", code="")
    walker.browser.post("/prove/totp")
    walker.open(PAGE)
    assert walker.status(PAGE) == 401
    assert not walker.cookie(WIKI)


def test_cve_2026_19349_each_kind_of_token_opens_its_own_door_only(walker, bare, app, alice, clock):
    walker.sign_in_for(PAGE)
    with app.app_context(), transaction():
        wiki = apps.find("wiki")
        key = keys.make(wiki, "backup", "/", clock.now + timedelta(days=1), clock.now)
        session, _ = sessions.start(
            alice.user_id, None, "page", (Proof("email", clock.now),), False, Visitor(), clock.now
        )
        who = sessions.resume(session, "page", clock.now)
        ticket = entering.issue(who, wiki, digest("browser"), wanted.read(PAGE), clock.now)
    browser = walker.cookie(WIKI, "__Host-otpapp-browser")
    for token in (key, session, ticket, browser):
        assert bare(PAGE, f"__Host-otpapp-gate={token}").status_code == 401
        if token != key:
            assert bare(PAGE, Authorization=f"Bearer {token}").status_code == 401
    for token in (key, session, browser, walker.cookie(WIKI)):
        assert walker.get(f"{BOOKS}/.otpapp/enter?ticket={token}").status_code == 400


def test_cve_2026_33544_many_at_once_are_each_themselves(walker, app, clock):
    tokens = {}
    with app.app_context(), transaction():
        for number in range(16):
            user = User(sealed_key=b"x", created_at=clock.now)
            db.session.add(user)
            db.session.flush()
            address = f"user{number}@example.org"
            db.session.add(
                Identifier(
                    user_id=user.id,
                    channel="email",
                    key=address,
                    address=address,
                    created_at=clock.now,
                    verified_at=clock.now,
                )
            )
            proofs = (Proof("email", clock.now),)
            token, _ = sessions.start(user.id, None, "page", proofs, False, Visitor(), clock.now)
            who = sessions.resume(token, "page", clock.now)
            ticket = entering.issue(
                who, apps.find("wiki"), digest("b"), wanted.read(PAGE), clock.now
            )
            entered = entering.redeem(ticket, apps.find("wiki"), "b", Visitor(), clock.now)
            tokens[address] = entered.token

    def see(address: str) -> set[str]:
        browser = Browser(app, use_cookies=False)
        cookie = {**HTML, "Cookie": f"__Host-otpapp-gate={tokens[address]}"}
        return {ask(browser, PAGE, headers=cookie).headers["Remote-User"] for _ in range(20)}

    with ThreadPoolExecutor(8) as pool:
        for address, seen in zip(tokens, pool.map(see, tokens), strict=True):
            assert seen == {address}


def test_cve_2026_42849_nothing_that_is_typed_becomes_part_of_a_page(walker, app, clock):
    title = '<img src=x onerror="alert(1)">'
    with app.app_context(), transaction():
        before = apps.plan_of(apps.find("wiki"))
        apps.keep(replace(before, title=title), clock.now)
    walker.sign_in_for(PAGE)
    walker.browser.checks = False
    seen = [
        walker.get(f"{WIKI}/.otpapp/refused", **{"X-Original-URL": f"{WIKI}/office/'\"<b>"}),
        walker.get(f"{WIKI}/.otpapp/start?rd=<script>alert(1)</script>"),
        walker.get(f"{PORTAL}/"),
        walker.check(f"{WIKI}/office/%3Cscript%3E", habit="forward"),
    ]
    for page in seen:
        assert "<img src=x" not in page.text
        assert "<script>alert" not in page.text


def test_cve_2026_41181_an_answer_that_is_no_yes_tells_no_cookie(walker, bare):
    walker.sign_in_for(PAGE)
    cookie = f"theirs=1; __Host-otpapp-gate={walker.cookie(WIKI)}"
    for url in (OFFICE, f"{BOOKS}/x", "https://other.example.org/"):
        answer = bare(url, cookie)
        assert answer.status_code in (401, 403)
        assert "Cookie" not in answer.headers
        assert walker.cookie(WIKI) not in str(answer.headers) + answer.text


def test_nginx_824_an_answer_is_kept_for_nobody_unless_it_is_a_yes(walker, make_client):
    kept = Walker(make_client(gate_cache_seconds=9))
    for url in (PAGE, OFFICE):
        assert "X-Accel-Expires" not in kept.check(url).headers


def test_guests_of_one_app_are_none_of_another(walker, app, keep, clock):
    """Rules by person are of one app: peers have had them global."""
    keep("books", BOOKS, Rule("/", ("group:nobody",)))
    keep("press", "https://press.example.org", Rule("/", ("group:nobody",)))
    with app.app_context(), transaction():
        guests.let_in(apps.find("books"), "/", ALICE, clock.now + timedelta(days=1), clock.now)
    walker.sign_in_for(PAGE)
    assert walker.open(f"{BOOKS}/").location == f"{BOOKS}/"
    assert walker.open("https://press.example.org/").status_code == 403
