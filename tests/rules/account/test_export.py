"""The file of all that is stored about somebody: complete, theirs alone, without a secret."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary
from sqlalchemy.sql import visitors

from otpapp.extensions import Base, db
from otpapp.models import Credential, Event, Invitation, Room, Seat
from otpapp.rules import groups
from otpapp.rules.account import export
from otpapp.rules.factors import changes
from otpapp.rules.gate import apps, entering, guests, requests, wanted
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.deciding import Somebody
from otpapp.rules.gate.requests import Wish
from otpapp.rules.gate.rules import Rule
from otpapp.rules.handles import digest
from otpapp.rules.sessions import resume
from otpapp.settings.model import ROOT
from otpapp.transaction import transaction
from tests.rules.desk import ALICE, Desk, trail
from tests.rules.factors_desk import enrol_app, half_way, make_recovery_codes
from tests.rules.people.guests_to_be import invite

# Whose rows are a user's, though they have no user_id.
BY_ANOTHER_NAME = {"users", "messages", "app_sessions", "guests", "tallies"}
# Of a user's rows: secrets, what leads to other rows, and what is of another person.
LEFT_OUT = {
    "access_requests": {"id", "user_id", "app_id", "answered_by"},
    "app_sessions": {"id", "app_id", "token_hash"},
    "ceremonies": {"id", "user_id", "challenge", "browser_hash", "allowed"},
    "challenges": {"user_id", "identifier_id", "handle_hash", "subject", "counter"},
    "credentials": {"id", "user_id", "secret", "counter", "handle", "details"},
    "events": {"user_id", "credential_id"},
    "guests": {"id", "app_id"},
    "identifiers": {"id", "user_id", "key"},
    "invitations": {"id", "user_id", "key", "nonce", "invited_by"},
    "known_browsers": {"id", "user_id", "token_hash"},
    "memberships": {"id", "user_id"},
    "messages": {
        *("id", "kind", "identifier_id", "invitation_id", "message_id", "due_at"),
        *("leased_until", "error", "stuck"),
    },
    "pending_sign_ins": {"id", "user_id", "challenge_id", "token_hash"},
    "recovery_codes": {"id", "user_id", "salt", "code_hash"},
    "seats": {"id", "room_id", "user_id", "token_hash"},
    "tallies": {"subject"},
    "user_sessions": {"user_id", "challenge_id", "token_hash"},
    "users": {"sealed_key", "counter", "time_step"},
}


def shown() -> dict[str, set[str]]:
    """Return which columns of which tables the file has."""
    found: dict[str, set[str]] = {}
    for statement in export.SECTIONS.values():
        for column in statement.selected_columns:
            for one in visitors.iterate(column):
                if getattr(one, "table", None) is not None:
                    found.setdefault(one.table.name, set()).add(one.name)
    return found


def of(desk: Desk, user_id) -> dict:
    db.session.rollback()
    return export.of(user_id, desk.clock.now)


def test_no_table_of_a_users_rows_is_left_out():
    tables = {one.name for one in Base.metadata.sorted_tables if "user_id" in one.columns}
    assert tables | BY_ANOTHER_NAME == set(LEFT_OUT)
    assert set(LEFT_OUT) <= set(shown())


@pytest.mark.parametrize("table", sorted(LEFT_OUT))
def test_no_column_of_them_is_left_out_but_on_purpose(table):
    columns = {one.name for one in Base.metadata.tables[table].columns}
    assert shown()[table] == columns - LEFT_OUT[table]


def test_nothing_that_could_be_a_secret_is_in_it():
    for table, names in shown().items():
        for name in names:
            column = Base.metadata.tables[table].columns[name]
            assert not isinstance(column.type, LargeBinary), column
            assert not re.search("secret|hash|key$|salt|token", name) or column.name == "key"


def everything(desk: Desk, alice) -> None:
    """Have something of each kind stored about Alice."""
    now = desk.clock.now
    token = desk.sign_in(known="laptop")
    who = resume(token, "page", now)
    with transaction():
        groups.add(alice.user_id, "staff", now)
        plan = Plan("wiki", "Our wiki", "https://wiki.example.org", (Rule("/", ("group:x",)),))
        apps.keep(plan, now)
    wiki = apps.find("wiki")
    with transaction():
        guests.let_in(wiki, "/", ALICE, now + timedelta(days=1), now)
        person = Somebody(alice.user_id, "member", (ALICE,), (), who.proofs)
        wish = Wish(wiki, "/", "https://wiki.example.org/", "for a report")
        requests.ask(wish, person, desk.visitor(), desk.settings, now)
        url = wanted.read("https://wiki.example.org/")
        ticket = entering.issue(who, wiki, digest("held"), url, now)
        entering.redeem(ticket, wiki, "held", desk.visitor(), now)
    app = enrol_app(desk, alice.user_id)
    with transaction():
        changes.enrolled(
            alice.user_id, "totp", "My phone", desk.visitor(), desk.settings, now, number=app.number
        )
    invite(desk, "new@example.org")
    with transaction():
        db.session.query(Invitation).update({"user_id": alice.user_id, "accepted_at": now})
        room = Room(id=1, join_code="BCDFGH", token_hash=b"", opened_at=now, ends_at=now)
        seat = {"room_id": 1, "number": 1, "name": "ada", "token_hash": b"", "taken_at": now}
        db.session.add_all([room, Seat(user_id=alice.user_id, **seat)])
    make_recovery_codes(desk, alice.user_id)
    desk.clock.advance(minutes=2)
    half_way(desk)


def test_of_each_kind_there_is_what_is_stored(desk, alice):
    everything(desk, alice)
    found = of(desk, alice.user_id)
    empty = {name for name, rows in found.items() if not rows}
    assert empty == {"cut", "passkeys_asked_for"}
    assert found["format"] == 1
    assert found["made_at"] == desk.clock.now.isoformat()
    assert found["user"]["id"] == str(alice.user_id)
    assert [one["address"] for one in found["identifiers"]] == [ALICE]
    assert [(one["kind"], one["name"]) for one in found["factors"]] == [("totp", "My phone")]
    assert len(found["recovery_codes"]) == 10
    (session,) = found["sessions"]
    assert session["proofs"] == [{"factor": "email", "at": "2026-03-03T12:00:00+00:00"}]
    assert found["app_sessions"][0]["app"] == found["guest_of"][0]["app"] == "wiki"
    assert found["access_requests"][0]["words"] == "for a report"
    assert found["notices"][0]["address"] == ALICE
    assert found["events"][0]["id"] > found["events"][-1]["id"]


def test_it_is_json_and_holds_no_code_key_or_token(desk, alice):
    everything(desk, alice)
    text = json.dumps(of(desk, alice.user_id))
    handle = desk.ask_later()
    assert desk.code(handle) not in json.dumps(of(desk, alice.user_id)["codes"])
    for browser_token in desk.visitor(known="laptop").known:
        assert browser_token not in text
    (held,) = db.session.query(Credential)
    assert held.secret.hex() not in text


def test_to_take_it_away_is_an_event_that_is_in_it(desk, alice):
    with transaction():
        found = export.take(alice.user_id, desk.visitor(), desk.clock.now)
    (event,) = found["events"]
    assert (event["kind"], event["browser"]) == ("user.exported", "Firefox on Linux")
    assert trail() == [("user.exported", "")]


def test_nobody_elses_is_in_it(desk, alice, bob):
    everything(desk, alice)
    desk.sign_in(bob.address)
    text = json.dumps(of(desk, bob.user_id))
    assert ALICE not in text
    assert str(alice.user_id) not in text
    assert bob.address in text


def test_what_mail_servers_said_stays_with_operators(desk, alice):
    with transaction():
        for kind in ("message.given_up", "notice.given_up", "group.joined"):
            row = Event(at=desk.clock.now, kind=kind, user_id=alice.user_id, detail="550 at mx1")
            db.session.add(row)
    details = {one["kind"]: one["detail"] for one in of(desk, alice.user_id)["events"]}
    assert details == {"message.given_up": "", "notice.given_up": "", "group.joined": "550 at mx1"}


def test_a_kind_with_too_many_rows_is_cut_and_says_so(desk, alice, monkeypatch):
    desk.sign_in()
    desk.sign_in_later()
    monkeypatch.setattr(export, "MOST", 1)
    found = of(desk, alice.user_id)
    assert {"codes", "messages", "sessions", "known_browsers", "events"} <= set(found["cut"])
    assert "groups" not in found["cut"]
    assert len(found["sessions"]) == 1
    assert found["sessions"][0]["created_at"] == desk.clock.now.isoformat()


def test_the_document_names_each_section_and_each_field():
    doc = (ROOT / "docs" / "export.md").read_text()
    for section, statement in export.SECTIONS.items():
        (line,) = re.findall(rf"^\| `{section}` \|.*$", doc, re.MULTILINE)
        fields = set(re.findall(r"`(\w+)`", line)) - {section}
        assert fields == {column.name for column in statement.selected_columns}, section
