"""Tickets and what they become: once, in time, for one app and one browser."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from otpapp.extensions import db
from otpapp.models import AppSession, Event, Identifier, Proof, Ticket, User, UserSession
from otpapp.rules import groups, sessions
from otpapp.rules.gate import apps, checking, entering, guests, wanted
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.rules.handles import digest
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE, in_parallel

ORIGIN = "https://wiki.example.org"
BROWSER = "what this browser holds"


@pytest.fixture
def wiki(context, clock):
    return keep("wiki", ORIGIN, clock)


def keep(name, origin, clock):
    with transaction():
        apps.keep(Plan(name, name, origin, (Rule("/", ("everyone",)),)), clock.now)
    return apps.find(name)


@pytest.fixture
def signed_in(desk, alice):
    """Alice's session."""
    return sessions.resume(desk.sign_in(alice.address), "page", desk.clock.now)


@pytest.fixture
def bobs(desk, bob):
    """Bob's session; named before Alice's it is the older one."""
    return sessions.resume(desk.sign_in(bob.address), "page", desk.clock.now)


@pytest.fixture
def zoes(desk, zoe):
    """Zoe's session; named after Alice's it is the newer one."""
    return sessions.resume(desk.sign_in(zoe.address), "page", desk.clock.now)


@pytest.fixture
def issue(wiki, signed_in, clock):
    def issue(url=ORIGIN + "/page", browser=BROWSER, who=signed_in, app=wiki) -> str:
        with transaction():
            return entering.issue(who, app, digest(browser), wanted.read(url), clock.now)

    return issue


@pytest.fixture
def redeem(wiki, clock):
    def redeem(ticket, app=None, browser=BROWSER):
        with transaction():
            return entering.redeem(ticket, app or wiki, browser, Visitor(HERE), clock.now)

    return redeem


@pytest.fixture
def look(context, clock):
    def look(token, origin=ORIGIN, **how):
        return checking.look(checking.prepare(db.engine), origin, token, clock.now, **how)

    return look


def test_a_ticket_leads_where_it_was_made_for(issue, redeem, look, alice):
    entered = redeem(issue())
    assert entered.url == ORIGIN + "/page"
    seen = look(entered.token)
    assert seen.who.user_id == alice.user_id
    assert seen.who.addresses == (alice.address,)
    assert [proof.factor for proof in seen.who.proofs] == ["email"]


def test_a_ticket_is_used_once(issue, redeem):
    ticket = issue()
    assert redeem(ticket)
    assert redeem(ticket) is None


@pytest.mark.parametrize(
    ("seconds", "opens"),
    [(59, True), (60, False), (61, False), (-5, True), (-6, False)],
)
def test_a_ticket_lasts_sixty_seconds(issue, redeem, clock, seconds, opens):
    """Before it was made it opens nothing either: a clock was ahead."""
    ticket = issue()
    clock.advance(seconds=seconds)
    assert (redeem(ticket) is not None) is opens


def test_tickets_that_nobody_came_over_by_are_forgotten(issue, redeem, clock):
    issue()
    clock.advance(seconds=1)
    issue()
    clock.advance(seconds=29)
    living = issue()
    clock.advance(seconds=31)
    with transaction():
        entering.forget_unused(clock.now)
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 1
    assert redeem(living)


def test_a_new_ticket_takes_the_place_of_those_of_its_session_alone(
    bobs, signed_in, zoes, issue, clock
):
    began = clock.now
    for who in (bobs, zoes, signed_in):
        issue(who=who)
    for seconds in (1, 29, 31):
        clock.advance(seconds=seconds)
        issue()
    left = db.session.execute(select(Ticket.session_id, Ticket.created_at)).all()
    assert {(who, (at - began).seconds) for who, at in left} == {
        *((bobs.session_id, 0), (zoes.session_id, 0)),
        *((signed_in.session_id, 30), (signed_in.session_id, 61)),
    }


def test_a_ticket_is_of_one_app_and_one_browser(issue, redeem, clock):
    books = keep("books", "https://books.example.org", clock)
    for own, other in ((None, books), (books, None)):
        ticket = issue(app=own) if own else issue()
        assert redeem(ticket, app=other) is None
        assert redeem("made up") is None
        assert redeem(ticket, app=own)


@pytest.mark.parametrize("browser", ["another", ""])
def test_a_ticket_that_another_browser_shows_is_used_up(issue, redeem, browser):
    """Whoever saw it in a log must not come in by it either."""
    ticket = issue()
    found = redeem(ticket, browser=browser)
    assert (found.token, found.url) == (None, "https://wiki.example.org/page")
    assert redeem(ticket) is None


def test_a_ticket_for_a_browser_that_holds_nothing_opens_nothing(issue, redeem):
    """Login CSRF: whoever is signed in could make one for any new browser."""
    assert redeem(issue(browser=""), browser="").token is None


def test_who_comes_over_is_who_the_ticket_was_made_for(
    bobs, signed_in, zoes, issue, redeem, look, alice
):
    seen = look(redeem(issue()).token)
    assert (seen.who.user_id, seen.who.proofs) == (alice.user_id, signed_in.proofs)
    entered = db.session.scalar(select(Event.user_id).where(Event.kind == "app.entered"))
    assert entered == alice.user_id


def test_a_ticket_of_a_session_that_ended_is_refused(bobs, signed_in, zoes, issue, redeem, clock):
    ticket = issue()
    with transaction():
        sessions.end_all(signed_in.user_id, clock.now)
    assert redeem(ticket) is None


def test_a_ticket_of_a_user_who_was_disabled_meanwhile_is_refused(issue, redeem, alice, clock):
    ticket = issue()
    with transaction():
        db.session.get(User, alice.user_id).disabled_at = clock.now
    assert redeem(ticket) is None


def test_of_one_ticket_used_at_once_comes_one_session(issue, context, wiki, clock):
    ticket = issue()

    def use(_: int):
        with transaction():
            return entering.redeem(ticket, wiki, BROWSER, Visitor(HERE), clock.now)

    found = in_parallel(context, 8, use)
    assert sum(entered is not None for entered in found) == 1
    assert db.session.scalar(select(func.count()).select_from(AppSession)) == 1


@pytest.mark.parametrize("seconds", [60, 61])
def test_a_new_way_in_ends_the_one_before_at_the_same_app(issue, redeem, look, clock, seconds):
    first, second = redeem(issue()), redeem(issue())
    assert look(first.token).who, "another tab, that came in at once"
    clock.advance(seconds=seconds)
    third = redeem(issue())
    for former in (first, second):
        assert look(former.token).who is None
    assert look(third.token).who


def test_a_new_way_in_ends_nothing_of_other_sessions_and_apps(
    bobs, signed_in, zoes, issue, redeem, look, clock
):
    books = keep("books", "https://books.example.org", clock)
    others = [redeem(issue(who=who)).token for who in (bobs, zoes)]
    there = redeem(issue(app=books), books).token
    clock.advance(minutes=5)
    assert redeem(issue()).token
    assert all(look(token).who for token in others)
    assert look(there, "https://books.example.org").who


@pytest.mark.parametrize("factors", [("email", "totp"), ("passkey",)])
def test_a_way_in_with_other_proofs_ends_the_one_before_at_once(
    issue, redeem, look, clock, factors
):
    """ASVS 7.2.4."""
    first = redeem(issue())
    with transaction():
        proofs = tuple(Proof(name, clock.now) for name in factors)
        db.session.query(UserSession).update({"proofs": proofs})
    second = redeem(issue())
    assert look(first.token).who is None
    assert look(second.token).who.proofs == proofs


def test_what_is_kept_is_no_token(issue, redeem):
    ticket = issue()
    assert db.session.scalar(select(Ticket.token_hash)) == digest(ticket)
    token = redeem(ticket).token
    assert db.session.scalar(select(AppSession.token_hash)) == digest(token)
    kinds = db.session.scalars(select(Event.subject).where(Event.kind == "app.entered")).all()
    assert kinds == ["wiki"]


def test_a_token_is_of_one_app(issue, redeem, look, clock):
    """X28."""
    keep("books", "https://books.example.org", clock)
    token = redeem(issue()).token
    assert look(token, "https://books.example.org").who is None
    assert look(token, "https://books.example.org", is_shared=True).who is None
    assert sessions.resume(token, "page", clock.now) is None
    assert look(token, "https://other.example.org") is None


def test_an_app_that_moves_leaves_nothing_behind_that_opens_it(issue, redeem, look, clock, alice):
    """Whoever gets the name that it had is sent what browsers still hold for it."""
    token, ticket = redeem(issue()).token, issue()
    with transaction():
        plan = Plan("wiki", "wiki", "https://new.example.org", (Rule("/", ("everyone",)),))
        assert apps.keep(plan, clock.now) == "changed"
    assert look(token, "https://new.example.org").who is None
    assert redeem(ticket) is None


def test_of_an_app_that_stays_where_it_is_everything_goes_on(issue, redeem, look, clock, wiki):
    books = keep("books", "https://books.example.org", clock)
    cars = keep("cars", "https://cars.example.org", clock)
    tokens = {app: redeem(issue(app=app), app).token for app in (wiki, cars)}
    tickets = {app: issue(app=app) for app in (wiki, cars)}
    keep("books", "https://new.example.org", clock)
    for app, token in tokens.items():
        assert look(token, app.origin).who
        assert redeem(tickets[app], app)
    assert look(redeem(issue(app=books), books).token, "https://new.example.org").who


def test_an_app_that_only_changes_its_rules_signs_nobody_out(issue, redeem, look, clock):
    token = redeem(issue()).token
    with transaction():
        apps.keep(Plan("wiki", "Wiki", ORIGIN, (Rule("/x", ("everyone",)),)), clock.now)
    assert look(token).who


def test_a_shared_token_is_of_all_apps_where_that_is_wanted(wiki, signed_in, look, clock):
    keep("books", "https://books.example.org", clock)
    with transaction():
        token = entering.share(signed_in, wiki, Visitor(HERE), clock.now)
    for origin in (ORIGIN, "https://books.example.org"):
        assert look(token, origin, is_shared=True).who
        assert look(token, origin).who is None
    with transaction():
        sessions.end_all(signed_in.user_id, clock.now)
        assert entering.share(signed_in, wiki, Visitor(HERE), clock.now) is None


@pytest.mark.parametrize(
    ("step", "is_in"),
    [({"minutes": 59}, True), ({"minutes": 60}, False), ({"minutes": -3}, False)],
)
def test_it_lasts_as_long_as_the_session_it_came_from(issue, redeem, look, clock, step, is_in):
    token = redeem(issue()).token
    clock.advance(**step)
    assert bool(look(token).who) is is_in


def test_it_ends_with_twelve_hours_even_in_use(issue, redeem, look, signed_in, clock):
    token = redeem(issue()).token
    for _ in range(12):
        assert look(token).who
        clock.advance(minutes=59)
        with transaction():
            sessions.touch(signed_in.session_id, clock.now)
    clock.advance(minutes=12)
    assert look(token).who is None


def test_its_idle_clock_is_due_once_a_minute(issue, redeem, look, signed_in, clock):
    token = redeem(issue()).token
    assert look(token).due is None
    clock.advance(minutes=1)
    assert look(token).due == signed_in.session_id


def test_a_disabled_user_is_nobody_at_the_next_look(
    bobs, signed_in, zoes, issue, redeem, look, alice, clock
):
    """X29."""
    token = redeem(issue()).token
    with transaction():
        db.session.get(User, alice.user_id).disabled_at = clock.now
    assert look(token).who is None


def test_who_signed_out_is_nobody_at_the_next_look(
    bobs, signed_in, zoes, issue, redeem, look, alice, clock
):
    """X29."""
    token = redeem(issue()).token
    with transaction():
        sessions.end_all(alice.user_id, clock.now)
    assert look(token).who is None


@pytest.mark.parametrize("kept", [bytes(32), b"\xff" * 32])
def test_a_token_is_known_by_its_whole_hash(issue, redeem, look, kept):
    token = redeem(issue()).token
    with transaction():
        db.session.query(AppSession).update({"token_hash": kept})
    assert look(token).who is None


def test_nothing_of_others_and_of_other_apps_is_taken_for_hers(
    bobs, signed_in, zoes, issue, redeem, look, wiki, alice, bob, zoe, clock
):
    books = keep("books", "https://books.example.org", clock)
    cars = keep("cars", "https://cars.example.org", clock)
    soon = clock.now + timedelta(days=1)
    with transaction():
        for name, person in (("bobs", bob), ("alices", alice), ("zoes", zoe)):
            groups.add(person.user_id, name, clock.now)
        for app, person in ((wiki, alice), (cars, alice), (books, bob), (books, zoe)):
            guests.let_in(app, "/", person.address, soon, clock.now)
    tokens = [(app, redeem(issue(app=app), app).token) for app in (wiki, books, cars)]
    who = look(tokens[1][1], books.origin).who
    assert (who.user_id, who.addresses) == (alice.user_id, (alice.address,))
    assert (who.groups, who.guest_of) == (("alices",), ())
    for own, token in tokens:
        for app, _ in tokens:
            assert bool(look(token, app.origin).who) is (app is own)


def test_role_groups_guests_and_rules_are_those_of_now(issue, redeem, look, alice, wiki, clock):
    token, soon = redeem(issue()).token, clock.now + timedelta(seconds=30)
    with transaction():
        for name in ("office", "board"):
            groups.add(alice.user_id, name, clock.now)
        guests.let_in(wiki, "/x", alice.address, soon, clock.now)
        guests.let_in(wiki, "/", alice.address, soon + timedelta(days=1), clock.now)
        db.session.get(User, alice.user_id).role = "admin"
        rules = (Rule("/", ("group:board",)), Rule("/x", ("anyone",)))
        apps.keep(Plan("wiki", "wiki", ORIGIN, rules), clock.now)
    clock.advance(seconds=30)
    seen = look(token)
    assert seen.who.groups == ("board", "office")
    assert seen.who.guest_of == ("/",)
    assert seen.who.role == "admin"
    assert [rule.path for rule in seen.rules] == ["/", "/x"]


def test_addresses_come_in_their_order_and_verified_ones_only(issue, redeem, look, alice, clock):
    token = redeem(issue()).token
    with transaction():
        for number, verified in enumerate([clock.now, None, clock.now] * 4):
            key = f"{'zyxwvutsrqpo'[number]}@example.org"
            db.session.add(
                Identifier(
                    user_id=alice.user_id,
                    channel="email",
                    key=key,
                    address=key,
                    created_at=clock.now,
                    verified_at=verified,
                )
            )
            db.session.flush()
    assert look(token).who.addresses == (
        alice.address,
        *(f"{letter}@example.org" for letter in "zxwutrqo"),
    )


def test_the_chosen_address_comes_first_and_a_removed_one_not_at_all(
    issue, redeem, look, alice, clock
):
    token = redeem(issue()).token
    with transaction():
        for key, changes in {
            "gone@example.org": {"removed_at": clock.now},
            "first@example.org": {"is_first": True},
        }.items():
            row = {"user_id": alice.user_id, "channel": "email", "key": key, "address": key}
            db.session.add(
                Identifier(**row, created_at=clock.now, verified_at=clock.now, **changes)
            )
    assert look(token).who.addresses == ("first@example.org", alice.address)
