"""`flask users list`, `show` and `sessions`, for people and for programs."""

import json
from datetime import timedelta

import pytest

from tests.web.helpers import ALICE, disable, sign_in, will_leave

MIA = "mia@example.org"


@pytest.fixture
def mia(run) -> None:
    run("users", "create", MIA)
    run("groups", "add", "office", MIA)
    run("users", "role", MIA, "admin")


def test_people_are_listed_by_their_addresses(run, alice, mia):
    assert run("users", "list").splitlines() == [
        f"{ALICE}  member  active",
        f"{MIA}  admin  active  in office",
    ]


@pytest.mark.parametrize(
    "args",
    [
        ["mia"],
        ["--role", "admin"],
        ["--group", "office"],
        ["--standing", "active", "example", "--after", ALICE],
    ],
)
def test_those_who_are_wanted_are_listed(run, alice, mia, args):
    assert run("users", "list", *args).split("  ")[0] == MIA


def test_how_they_stand_is_said_and_asked_for(app, run, alice, mia, clock):
    disable(app, alice, clock.now)
    assert run("users", "list", "--standing", "disabled") == f"{ALICE}  member  disabled\n"


def test_a_program_reads_page_after_page(run, alice, bob, mia):
    seen, after = [], ""
    while True:
        page = json.loads(run("users", "list", "--json", "--limit", "2", "--after", after))
        seen += page["people"]
        after = page["after"]
        if not after:
            break
    assert [one["identifiers"] for one in seen] == [[bob.address], [ALICE], [MIA]]
    assert seen[2] == {
        "id": seen[2]["id"],
        "identifiers": [MIA],
        "role": "admin",
        "groups": ["office"],
        "standing": "active",
        "created_at": "2026-03-03T12:00:00+00:00",
    }


def test_somebody_reads_how_to_go_on(app, alice, mia):
    result = app.test_cli_runner().invoke(args=["users", "list", "--limit", "1"])
    assert result.stdout == f"{ALICE}  member  active\n"
    assert result.stderr == f"There are more: --after {ALICE}\n"


@pytest.mark.parametrize("args", [["users", "list", "\udcff"], ["groups", "add", "a", "\udcff"]])
def test_bytes_that_are_no_text_are_told_in_a_sentence(fail, args):
    assert fail(*args) == "Error: '\\udcff' is no text.\n"


def test_one_person_is_shown_whole(run, client, alice):
    sign_in(client)
    said = run("users", "show", ALICE).splitlines()
    assert said == [
        f"{alice.user_id}  member  active",
        "there since 2026-03-03 12:00 UTC, last signed in: 2026-03-03 12:00 UTC",
        f"  {ALICE}  verified",
        "groups: none",
        "recovery codes left: 0",
        said[-1],
    ]
    assert said[-1].startswith("  session  page  ")
    assert said[-1].endswith("used 2026-03-03 12:00 UTC")


def test_a_deletion_that_comes_is_told(app, run, alice, clock):
    assert json.loads(run("users", "show", ALICE, "--json"))["leaves_at"] is None
    will_leave(app, alice.user_id, clock.now + timedelta(days=7))
    assert "\ndeleted at 2026-03-10 12:00 UTC, as they asked\n" in run("users", "show", ALICE)
    found = json.loads(run("users", "show", ALICE, "--json"))
    assert found["leaves_at"] == "2026-03-10T12:00:00+00:00"


def test_who_never_came_is_shown_as_such(run, mia):
    said = run("users", "show", MIA)
    assert "last signed in: never" in said
    assert f"{MIA}  not verified yet" in said
    assert "groups: office" in said


def test_a_program_reads_a_person(run, client, alice):
    sign_in(client)
    found = json.loads(run("users", "show", ALICE, "--json"))
    assert (found["id"], found["standing"]) == (str(alice.user_id), "active")
    assert found["identifiers"][0]["key"] == ALICE
    assert found["signed_in_at"] == "2026-03-03T12:00:00+00:00"
    assert [one["door"] for one in found["sessions"]] == ["page"]
    assert not {"token_hash", "secret", "sealed_key"} & set(json.dumps(found).split('"'))


def test_sessions_are_listed(run, client, alice):
    assert run("users", "sessions", ALICE) == f"{ALICE} is signed in nowhere.\n"
    sign_in(client)
    assert run("users", "sessions", ALICE).startswith("page  ")
    (one,) = json.loads(run("users", "sessions", ALICE, "--json"))
    assert (one["door"], one["created_at"]) == ("page", "2026-03-03T12:00:00+00:00")
