"""What a file of people says is done, once, and wrong lines keep nobody else out."""

from uuid import UUID

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Event, Identifier, User
from otpapp.otp.keys import sealer
from otpapp.rules.people import directory, importing, reading
from otpapp.rules.people.directory import Wanted
from otpapp.rules.people.importing import Done, Step
from otpapp.rules.people.reading import Cause, Fault
from otpapp.transaction import transaction
from tests.rules.desk import count, in_parallel
from tests.rules.people.crowd import ADMIN, add, trail

HEAD = "email,phone,groups,role\n"


@pytest.fixture
def run(desk):
    """Return what imports some lines, and returns what each came to."""

    def run(text: str, by: UUID | None = None) -> dict[int, Done | Cause]:
        read = reading.read(HEAD + text, desk.settings)
        assert read.faults == ()
        found = []
        for batch in importing.batches(read.rows):
            with transaction():
                found += importing.apply(batch, desk.settings, desk.clock.now, by)
        return said(found)

    return run


def preview(desk, text: str) -> dict[int, Done | Cause]:
    db.session.rollback()
    return said(importing.preview(reading.read(HEAD + text, desk.settings).rows))


def said(found: list[Step | Fault]) -> dict[int, Done | Cause]:
    return {
        one.line if isinstance(one, Fault) else one.row.line: one.cause
        if isinstance(one, Fault)
        else one.done
        for one in found
    }


def everybody(desk) -> list[tuple]:
    db.session.rollback()
    people = directory.page(Wanted(), desk.settings).people
    return [(*one.keys, one.role, *one.groups) for one in people]


def test_whoever_is_new_is_there_with_all_that_the_line_says(desk, run):
    text = "mia@example.org,+12025550143,staff office,admin\nzed@example.org,,,\n"
    assert preview(desk, text) == {2: Done.NEW, 3: Done.NEW}
    assert count(User) == 0
    assert run(text) == {2: Done.NEW, 3: Done.NEW}
    assert everybody(desk) == [
        ("mia@example.org", "+12025550143", "admin", "office", "staff"),
        ("zed@example.org", "member"),
    ]
    for user in db.session.scalars(select(User)):
        assert len(sealer(desk.settings.secrets).open(user.sealed_key, user.id.bytes)) == 20
    assert desk.sign_in("zed@example.org")


def test_the_trail_tells_of_it_as_if_it_were_done_one_by_one(desk, run):
    run("mia@example.org,+12025550143,staff,admin", by=ADMIN)
    (mia,) = {who for _, who, *_ in trail()}
    by = f"by {ADMIN}"
    assert trail() == [
        ("user.created", mia, "mia@example.org", by),
        ("identifier.added", mia, "+12025550143", by),
        ("group.joined", mia, "", f"staff {by}"),
        ("role.given", mia, "", f"admin {by}"),
    ]
    ips = {(one.ip, one.browser, one.verdict, one.at) for one in db.session.scalars(select(Event))}
    assert ips == {("", "", "", desk.clock.now)}


def test_again_changes_nothing(desk, run):
    text = "mia@example.org,+12025550143,staff office,admin\nzed@example.org,,,\n"
    run(text)
    before, told = everybody(desk), trail()
    assert run(text) == preview(desk, text) == {2: Done.SAME, 3: Done.SAME}
    assert (everybody(desk), trail()) == (before, told)


@pytest.mark.parametrize(
    ("line", "after"),
    [
        (",+12025550143,,", ("mia@example.org", "+12025550143", "member", "office", "staff")),
        (",,,admin", ("mia@example.org", "admin", "office", "staff")),
        (",,office new,", ("mia@example.org", "member", "new", "office")),
        (",,new,member", ("mia@example.org", "member", "new")),
    ],
)
def test_whoever_is_known_is_changed_in_what_the_line_says(desk, run, line, after):
    add(desk, "mia@example.org", of="staff office")
    line = "mia@example.org" + line
    assert preview(desk, line) == {2: Done.CHANGED}
    assert run(line) == {2: Done.CHANGED}
    assert everybody(desk) == [after]
    assert run(line) == {2: Done.SAME}


def test_by_whom_somebody_was_changed_is_in_the_trail(desk, run):
    mia = add(desk, "mia@example.org", of="staff")
    before = len(trail())
    run("mia@example.org,+12025550143,new,admin", by=ADMIN)
    by = f"by {ADMIN}"
    assert trail()[before:] == [
        ("identifier.added", mia, "+12025550143", by),
        ("group.joined", mia, "", f"new {by}"),
        ("group.left", mia, "", f"staff {by}"),
        ("role.given", mia, "", f"admin {by}"),
    ]


def test_a_line_that_means_two_people_is_done_to_neither(desk, run):
    add(desk, "mia@example.org")
    add(desk, "+12025550143")
    before = everybody(desk)
    text = "mia@example.org,+12025550143,staff,\nzed@example.org,,,"
    assert preview(desk, text) == {2: Cause.OTHERS, 3: Done.NEW}
    assert run(text) == {2: Cause.OTHERS, 3: Done.NEW}
    assert everybody(desk) == [*before, ("zed@example.org", "member")]


def test_two_lines_that_mean_one_person_are_a_fault_of_the_second(desk):
    add(desk, "mia@example.org", "+12025550143")
    text = "mia@example.org,,staff,\nzed@example.org,,,\n,+12025550143,office,\n"
    found = importing.preview(reading.read(HEAD + text, desk.settings).rows)
    assert found[2] == Fault(4, Cause.SAME_PERSON, "+1 202-555-0143", 2)
    assert said(found[:2]) == {2: Done.CHANGED, 3: Done.NEW}


def test_the_last_admin_stays_one_and_nothing_of_that_line_is_done(desk, run):
    add(desk, "boss@example.org", role="admin")
    before = (everybody(desk), trail())
    assert run("boss@example.org,+12025550143,staff,member") == {2: Cause.LAST_ADMIN}
    assert (everybody(desk), trail()) == before


class TestOthersAtTheSameTime:
    """Who was added or took an address between looking and doing."""

    @pytest.fixture
    def overtaken(self, monkeypatch):
        """Have the first look be one at an empty site."""
        look = importing._known

        def stale(batch):
            monkeypatch.setattr(importing, "_known", look)
            return importing._Known({}, {}, {})

        monkeypatch.setattr(importing, "_known", stale)

    def test_whoever_was_added_is_changed_where_that_is_needed(self, desk, run, overtaken):
        add(desk, "mia@example.org")
        text = "mia@example.org,,staff,\nzed@example.org,,,\n"
        assert run(text) == {2: Done.CHANGED, 3: Done.NEW}
        assert everybody(desk) == [
            ("mia@example.org", "member", "staff"),
            ("zed@example.org", "member"),
        ]

    def test_whose_addresses_are_two_peoples_by_now_is_a_fault(self, desk, run, overtaken):
        add(desk, "mia@example.org")
        add(desk, "+12025550143")
        assert run("mia@example.org,+12025550143,,") == {2: Cause.OTHERS}

    def test_an_address_that_is_taken_but_not_found_is_a_fault(self, desk, run, monkeypatch):
        """X17: as where a database takes two spellings for one."""
        add(desk, "mia@example.org")
        monkeypatch.setattr(importing, "_OWNERS", importing._OWNERS.where(Identifier.id < 0))
        assert run("mia@example.org,,,") == {2: Cause.OTHERS}

    def test_an_address_that_was_to_be_added_and_is_taken_is_a_fault(
        self, desk, run, overtaken, monkeypatch
    ):
        mia = add(desk, "mia@example.org")
        add(desk, "+12025550143")
        known = importing._Known({"mia@example.org": mia}, {mia: "member"}, {})
        monkeypatch.setattr(importing, "_known", lambda _: known)
        assert run("mia@example.org,+12025550143,staff,") == {2: Cause.OTHERS}
        assert trail("group.joined") == []

    def test_two_imports_at_once_are_one(self, context, desk, run):
        text = "".join(f"p{number}@example.org,,staff,\n" for number in range(20))
        found = in_parallel(context, 4, lambda _: run(text))
        assert {done for one in found for done in one.values()} <= {Done.NEW, Done.SAME}
        assert [count(User), count(Identifier)] == [20, 20]
        assert len(trail()) == 40


def test_of_ten_thousand_lines_the_seven_bad_ones_are_named_and_the_rest_is_in(desk):
    bad = {
        11: "nobody,,,",
        2000: ",+1 876 210 1234,,",
        3001: "p3@example.org,,,",
        4500: '"p4500@example.org,,,',
        6000: "p6000@example.org,,No Such,",
        7777: "p7777@example.org,,,king",
        10001: "p10001@example.org,,,,more",
    }
    text = HEAD + "\n".join(
        bad.get(number, f"p{number}@example.org,,staff class{number % 40},")
        for number in range(2, 10002)
    )

    def run() -> tuple[list[int], dict[Done, int]]:
        read = reading.read(text, desk.settings)
        wrong, done = [one.line for one in read.faults], dict.fromkeys(Done, 0)
        for batch in importing.batches(read.rows):
            with transaction():
                for one in importing.apply(batch, desk.settings, desk.clock.now):
                    assert isinstance(one, Step), one
                    done[one.done] += 1
        return wrong, done

    assert run() == (sorted(bad), {Done.NEW: 9993, Done.CHANGED: 0, Done.SAME: 0})
    told = count(Event)
    assert run() == (sorted(bad), {Done.NEW: 0, Done.CHANGED: 0, Done.SAME: 9993})
    assert (count(User), count(Identifier), count(Event)) == (9993, 9993, told)


def test_what_was_seen_is_the_same_until_something_changes(desk):
    rows = reading.read(f"{HEAD}mia@example.org,,,", desk.settings).rows
    seen = importing.seen_by(importing.preview(rows))
    assert importing.seen_by(importing.preview(rows)) == seen
    add(desk, "mia@example.org")
    assert importing.seen_by(importing.preview(rows)) != seen


def test_an_address_that_was_removed_lately_is_nobodys_to_give(desk, run):
    add(desk, "mia@example.org", "+12025550143")
    with transaction():
        gone = db.session.query(Identifier).filter_by(key="+12025550143")
        gone.update({"removed_at": desk.clock.now})
    for text in ("mia@example.org,+12025550143,staff,\n", ",+12025550143,,\n"):
        assert preview(desk, text) == run(text) == {2: Cause.OTHERS}
