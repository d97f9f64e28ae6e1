"""`flask users invite`, `invitations`, `withdraw`: a line each, and a sentence where it fails."""

import json

import pytest

from otpapp.extensions import db
from otpapp.models import Invitation, Message, Tally
from otpapp.transaction import transaction
from tests.helpers.mailbox import text_of

DORA, ED = "dora@example.org", "ed@example.org"


def kept(app) -> list[tuple]:
    with app.app_context():
        found = db.session.scalars(db.select(Invitation).order_by(Invitation.id))
        return [(one.key, one.groups, one.role, one.days) for one in found]


def test_some_are_invited_at_once_and_get_a_mail_each(run, app, mailbox):
    said = run("users", "invite", DORA, "Ed@example.org", "--group", "office", "--group", "staff")
    assert said == (
        "dora@example.org is invited until 2026-03-10 12:00 UTC.\n"
        "Ed@example.org is invited until 2026-03-10 12:00 UTC.\n"
    )
    groups = ["office", "staff"]
    assert kept(app) == [(DORA, groups, "member", 7), (ED, groups, "member", 7)]
    assert [mail["To"] for mail in mailbox.deliver()] == [DORA, "Ed@example.org"]
    assert "You are invited to Example." in text_of(mailbox.mails[0])


def test_a_program_reads_what_became_of_each(run, alice):
    said = run("users", "invite", "Dora@example.org", alice.address, "--json").splitlines()
    assert [json.loads(line) for line in said] == [
        {"address": DORA, "outcome": "invited", "until": "2026-03-10T12:00:00+00:00"},
        {"address": alice.address, "outcome": "member", "until": None},
    ]


def test_days_and_role_are_as_said(run, app):
    assert "until 2026-04-02 12:00" in run("users", "invite", DORA, "--days", "30", "--role=admin")
    assert kept(app) == [(DORA, [], "admin", 30)]


def test_who_is_invited_or_a_user_already_is_told_of(run, app, alice):
    run("users", "invite", DORA)
    said = run("users", "invite", DORA, alice.address, "--group", "office")
    assert said == (
        "dora@example.org is invited already, until 2026-03-10 12:00 UTC.\n"
        "alice@example.org is a user already, and in these groups now.\n"
    )
    assert "office  1 member" in run("groups", "list")
    assert run("users", "invite", alice.address) == "alice@example.org is a user already.\n"
    assert len(kept(app)) == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["dora"], "Enter an email address or a phone number"),
        (["--group", "A b"], "A b is no name of a group: use a-z, 0-9 and dashes."),
    ],
)
def test_what_cannot_be_invites_nobody(fail, app, args, said):
    assert said in fail("users", "invite", ED, *args)
    assert kept(app) == []


@pytest.mark.parametrize("days", ["0", "31", "x"])
def test_days_that_cannot_be_are_refused(app, days):
    result = app.test_cli_runner().invoke(args=["users", "invite", DORA, "--days", days])
    assert result.exit_code == 2
    assert kept(app) == []


def test_too_many_are_told_and_those_before_are_invited(run, fail, app):
    run("users", "invite", "first@example.org")
    with app.app_context(), transaction():
        db.session.query(Tally).filter_by(limit="invitations_per_site").update({"times": 999})
    said = fail("users", "invite", DORA, ED)
    assert f"{DORA} is invited until" in said
    assert f"{ED} was not invited: that is too many for today." in said
    assert "Try again after 2026-03-04 12:00 UTC." in said
    assert said.endswith("Error: Not everybody was invited.\n")


def test_they_are_listed_with_what_their_mail_met(run, app):
    assert run("users", "invitations") == "There is none.\n"
    run("users", "invite", DORA, "--group", "office")
    run("users", "invite", ED)
    with app.app_context(), transaction():
        db.session.query(Message).filter_by(invitation_id=2).update({"error": "no such box"})
    assert run("users", "invitations").splitlines() == [
        "ed@example.org  member  open, until 2026-03-10 12:00 UTC  not delivered yet: no such box",
        "dora@example.org  member  open, until 2026-03-10 12:00 UTC  in office",
    ]


def test_there_are_more_than_a_page_shows(run, app):
    run("users", "invite", *(f"dora{number}@example.org" for number in range(51)))
    said = run("users", "invitations")
    assert "There are more: --before 2" in said
    assert run("users", "invitations", "--before", "2").startswith("dora0@example.org")


def test_programs_read_them_too_without_what_opens_them(run, app, clock):
    run("users", "invite", DORA)
    clock.advance(days=8)
    text = run("users", "invitations", "--over", "--json")
    (one,) = json.loads(text)["invitations"]
    assert (one["address"], one["standing"], one["message"]) == (DORA, "ran_out", "waiting")
    assert (one["ends_at"], one["accepted_at"]) == ("2026-03-10T12:00:00+00:00", None)
    with app.app_context():
        assert db.session.query(Invitation).one().nonce.hex() not in text


def test_one_can_be_withdrawn_once(run, fail):
    run("users", "invite", DORA)
    assert run("users", "withdraw", DORA) == "The invitation of dora@example.org is withdrawn.\n"
    assert "dora@example.org has no open invitation." in fail("users", "withdraw", DORA)
    assert "withdrawn, until" in run("users", "invitations", "--over")
