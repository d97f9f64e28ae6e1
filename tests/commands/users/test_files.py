"""`flask users import` and `export`: people as CSV, in and out and in again."""

import json

import pytest

from otpapp.commands.users import files
from otpapp.extensions import db
from otpapp.models import Event, User
from tests.web.helpers import ALICE, disable

PEOPLE = """email,phone,groups,role
mia@example.org,+1 202 555 0143,staff office,admin
zed@example.org,,,
"""


@pytest.fixture
def import_(app, tmp_path):
    """Return what imports a text, and returns the exit code and all that was said."""

    def run(text: str | bytes, *options: str) -> tuple[int, str]:
        file = tmp_path / "people.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        result = app.test_cli_runner().invoke(args=["users", "import", str(file), *options])
        return result.exit_code, result.output

    return run


def count(app, model) -> int:
    with app.app_context():
        return db.session.query(model).count()


def test_people_are_in_and_again_changes_nothing(app, import_):
    assert import_(PEOPLE) == (0, "2 new, 0 changed, 0 the same. 0 lines wrong.\n")
    told = count(app, Event)
    assert import_(PEOPLE) == (0, "0 new, 0 changed, 2 the same. 0 lines wrong.\n")
    assert (count(app, User), count(app, Event)) == (2, told)


def test_a_dry_run_says_the_same_and_does_nothing(app, import_):
    said = "2 would be new, 0 would be changed, 0 the same. 0 lines wrong.\n"
    assert import_(PEOPLE, "--dry-run") == (0, said)
    assert count(app, User) == count(app, Event) == 0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("alice@example.org,+12025550143,,", "are of different people, or were taken just now."),
        ("+12025550143@,,,", "+12025550143@: enter an email address in full, like name@exam"),
        (",+18762101234,,", "we cannot send text messages to that country. enter an email"),
        ("zed@example.org,,,", "zed@example.org stands in line 2 already."),
        ('"ann@example.org,,,', "a quotation mark is missing, or is one too many."),
        ("ann@example.org,,\x1b[2J,", r"'\x1b[2j' is no group"),
        ("ann@example.org,,,king", "king is no role; there are member and admin."),
        (",,staff,", "there is neither an email address nor a phone number."),
        ("ann@example.org,,,,more", "there are more cells than columns, from more on."),
        ("boss@example.org,,,member", "boss@example.org is the last admin who can sign in"),
    ],
)
def test_a_wrong_line_is_named_and_the_others_are_in(app, import_, run, alice, bob, line, says):
    run("users", "create", "boss@example.org")
    run("users", "role", "boss@example.org", "admin")
    code, said = import_(f"email,phone,groups,role\nzed@example.org,,,\n{line}\nlast@example.org\n")
    assert code == 1
    assert said.startswith("line 3: ")
    assert says.lower() in said.lower()
    assert "2 new, 0 changed, 0 the same. 1 line wrong." in said


def test_two_lines_of_one_person_are_told(import_, alice):
    import_(PEOPLE)
    code, said = import_("email,phone\nmia@example.org,\n,+12025550143\n")
    assert code == 1
    assert "line 3: +1 202-555-0143 is the person of line 2; put both into one line." in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: the first line must name the columns, with email or phone among email,"),
        ("email,name\n", "line 1: name is no column, or is one twice; there are email, phone,"),
        (b"email\n\xff\xfe", "Error: The file is no UTF-8 text.\n"),
    ],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(import_, text, says):
    code, said = import_(text)
    assert code == 1
    assert says in said


def test_a_program_reads_what_was_done(import_, alice):
    code, said = import_(PEOPLE + "nobody,,,\n", "--json")
    assert code == 1
    assert json.loads(said) == {
        "new": 2,
        "changed": 0,
        "same": 0,
        "faults": [
            {
                "line": 4,
                "cause": "neither",
                "says": "line 4: nobody: enter an email address or a phone number, like "
                "name@example.org or +1 202 555 0143.",
            }
        ],
    }


def test_what_is_exported_is_imported_to_no_change(app, run, import_, alice):
    import_(PEOPLE)
    import_("email\nmia@example.org;-dash@example.org\n=sum@example.org\n")
    import_("phone\n+12025550199\n")
    text = run("users", "export")
    assert text == (
        "email,phone,groups,role\n"
        "mia@example.org;-dash@example.org,'+12025550143,office staff,admin\n"
        ",'+12025550199,,member\n"
        "'=sum@example.org,,,member\n"
        f"{ALICE},,,member\n"
        "zed@example.org,,,member\n"
    )
    told = count(app, Event)
    assert import_(text) == (0, "0 new, 0 changed, 5 the same. 0 lines wrong.\n")
    assert count(app, Event) == told


def test_who_cannot_sign_in_is_left_out_unless_it_is_said(app, run, alice, bob, clock):
    disable(app, alice, clock.now)
    assert ALICE not in run("users", "export")
    assert ALICE in run("users", "export", "--all")


def test_a_program_reads_a_line_each(run, alice, bob, monkeypatch):
    monkeypatch.setattr(files, "AT_A_TIME", 1)
    found = [json.loads(line) for line in run("users", "export", "--json").splitlines()]
    assert [one["identifiers"] for one in found] == [[bob.address], [ALICE]]
