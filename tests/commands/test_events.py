"""`flask events` lists the audit trail, and `flask prune` deletes what is old of it."""

import csv
import io
import json

import pytest

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules import events
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.web.helpers import ALICE, sign_in

HERE = Visitor("192.0.2.7", "Firefox on Linux")


@pytest.fixture
def told(app, clock):
    """Return what tells the trail of something, a day after what came before."""

    def told(kind: str, visitor: Visitor = HERE, **about) -> int:
        clock.advance(days=1)
        with app.app_context(), transaction():
            return events.record(kind, clock.now, visitor=visitor, **about)

    return told


def kinds(said: str) -> list[str]:
    return [line.split("  ")[2] for line in said.splitlines()]


def test_a_line_says_what_happened_to_whom_and_from_where(run, alice, told):
    told("code.answered", user_id=alice.user_id, subject=ALICE, verdict="WRONG")
    told("factor.enrolled", user_id=alice.user_id, detail="totp My phone")
    told("app.removed", Visitor(), subject="wiki")
    assert run("events").splitlines() == [
        "3  2026-03-06 12:00:00  app.removed  wiki",
        f"2  2026-03-05 12:00:00  factor.enrolled  {ALICE}  192.0.2.7  Firefox on Linux  "
        "totp My phone",
        f"1  2026-03-04 12:00:00  code.answered  WRONG  {ALICE}  192.0.2.7  Firefox on Linux",
    ]


@pytest.mark.parametrize(
    ("args", "numbers"),
    [
        (["--person", ALICE], [4, 1]),
        (["--person", "00000000-0000-0000-0000-000000000011"], [4, 1]),
        (["--person", "stranger@example.org"], [3]),
        (["--kind", "code.answered"], [3, 1]),
        (["--ip", "2001:DB8:0::1"], [2]),
        (["--since", "2026-03-06"], [4, 3]),
        (["--since", "2026-03-06T13:00+01:00"], [4, 3]),
        (["--since", "2026-03-06 12:00:01"], [4]),
        (["--until", "2026-03-05"], [2, 1]),
        (["--until", "2026-03-05T12:00"], [1]),
        (["--before", "3"], [2, 1]),
        (["--kind", "code.answered", "--person", ALICE, "--until", "2026-12-24"], [1]),
    ],
)
def test_it_can_be_asked_for_in_parts(run, alice, told, args, numbers):
    told("code.answered", user_id=alice.user_id)
    told("app.entered", Visitor("2001:db8::1"))
    told("code.answered", subject="stranger@example.org")
    told("limit.reached", subject=ALICE)
    assert [int(line.split()[0]) for line in run("events", *args).splitlines()] == numbers


def test_somebody_reads_how_to_go_on(app, told):
    for _ in range(3):
        told("app.entered")
    result = app.test_cli_runner().invoke(args=["events", "--limit", "2"])
    assert kinds(result.stdout) == ["app.entered"] * 2
    assert result.stderr == "There are more: --before 2\n"


def test_what_is_left_of_somebody_deleted_is_found_by_address_and_id(run, client, alice):
    sign_in(client)
    run("users", "delete", ALICE, "--yes")
    assert "user.deleted" in kinds(run("events", "--person", ALICE))
    assert "session.started" in kinds(run("events", "--person", str(alice.user_id)))


def test_a_program_reads_a_line_each(run, alice, told):
    told("code.answered", user_id=alice.user_id, subject=ALICE, verdict="WRONG", detail="x")
    told("app.entered", Visitor())
    found = [json.loads(line) for line in run("events", "--json").splitlines()]
    assert found[1] == {
        "id": 1,
        "at": "2026-03-04T12:00:00+00:00",
        "kind": "code.answered",
        "verdict": "WRONG",
        "user": str(alice.user_id),
        "who": ALICE,
        "subject": ALICE,
        "ip": "192.0.2.7",
        "browser": "Firefox on Linux",
        "detail": "x",
    }
    assert (found[0]["user"], found[0]["who"]) == ("", "")


def test_a_spreadsheet_reads_no_formula(run, told):
    told("factor.enrolled", subject="+12025550143", detail='=HYPERLINK("http://evil.example")')
    (row,) = csv.DictReader(io.StringIO(run("events", "--csv")))
    assert (row["id"], row["kind"]) == ("1", "factor.enrolled")
    assert row["subject"] == "'+12025550143"
    assert row["detail"] == '\'=HYPERLINK("http://evil.example")'


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--since", "yesterday"], "yesterday is neither a day nor an instant; write it as"),
        (["--until", "2026-02-30"], "2026-02-30 is neither a day nor an instant"),
        (["--since", "0001-01-01T00:00+14:00"], "is neither a day nor an instant"),
        (["--ip", "here"], "here is no IP address."),
        (["--person", "nobody"], "Enter an email address or a phone number"),
    ],
)
def test_what_cannot_be_sought_is_told_in_a_sentence(fail, args, says):
    said = fail("events", *args)
    assert says in said
    assert len(said.splitlines()) == 1


def test_of_an_empty_trail_there_is_nothing_to_say(run):
    assert run("events") == run("events", "--json") == ""
    assert run("events", "--csv") == "id,at,kind,verdict,user,who,subject,ip,browser,detail\n"


def test_pruning_deletes_what_is_older_than_the_setting(app, run, told, clock):
    told("app.entered")
    told("app.entered")
    clock.advance(days=399, seconds=1)
    assert run("prune") == "1 event of more than 400 days ago deleted.\n"
    assert run("prune") == "0 events of more than 400 days ago deleted.\n"
    with app.app_context():
        assert [one.kind for one in db.session.query(Event)] == ["app.entered", "events.forgotten"]
