"""People are found by what an operator knows of them, a page at a time."""

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import Identifier, Tally, User
from otpapp.rules import freezing, groups
from otpapp.rules.identifiers import Address
from otpapp.rules.people import directory, picture
from otpapp.rules.people.directory import Standing, Wanted
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import Desk
from tests.rules.people.crowd import add


def found(desk: Desk, *, after: str = "", most: int = 50, **wanted) -> list[str]:
    """Return the first address of each person on a page."""
    db.session.rollback()
    people = directory.page(Wanted(**wanted), desk.settings, after, most).people
    return [one.keys[0] for one in people]


@pytest.fixture
def crowd(desk) -> Desk:
    """Five people, added in no order."""
    add(desk, "mia@example.org", "+12025550143", of="staff office")
    add(desk, "zed@other.example")
    add(desk, "abe@example.org", role="admin")
    add(desk, "+12025550199", "aaa@example.org")
    add(desk, "un_derscore@example.org", of="office")
    return desk


def close(desk: Desk, subject: str, times: int = 100) -> None:
    """Let so many wrong codes in a row have been tried."""
    row = {"started_at": desk.clock.now, "last_at": desk.clock.now, "times": times}
    with transaction():
        db.session.add(Tally(limit="failures_in_a_row", subject=subject, **row))


def test_everybody_is_there_once_in_the_order_of_their_first_address(crowd):
    assert found(crowd) == [
        "mia@example.org",
        "+12025550199",
        "abe@example.org",
        "un_derscore@example.org",
        "zed@other.example",
    ]


def test_a_person_is_shown_whole(crowd):
    (mia,) = directory.page(Wanted("mia"), crowd.settings).people
    assert mia.keys == ("mia@example.org", "+12025550143")
    assert (mia.role, mia.groups) == ("member", ("office", "staff"))
    assert (mia.standing, mia.created_at) == (Standing.ACTIVE, crowd.clock.now)


def test_pages_follow_each_other_without_a_gap_and_end(crowd):
    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = directory.page(Wanted(), crowd.settings, after, most=2)
        seen += [one.keys[0] for one in page.people]
        after, pages = page.after, pages + 1
    assert seen == found(crowd)
    assert pages == 3


def test_a_full_last_page_has_none_after_it(crowd):
    assert directory.page(Wanted(), crowd.settings, most=5).after == ""
    assert directory.page(Wanted(), crowd.settings, most=4).after == "un_derscore@example.org"


@pytest.mark.parametrize(
    ("part", "who"),
    [
        ("MIA@", ["mia@example.org"]),
        (" other. ", ["zed@other.example"]),
        ("+1 (202) 555-0143", ["mia@example.org"]),
        ("555 01", ["mia@example.org", "+12025550199"]),
        ("aaa", ["+12025550199"]),
        ("n_d", ["un_derscore@example.org"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_a_part_of_any_address_finds_them(crowd, part, who):
    assert found(crowd, part=part) == who


@pytest.mark.parametrize(
    ("wanted", "who"),
    [
        ({"role": "admin"}, ["abe@example.org"]),
        ({"role": "member", "part": "zed"}, ["zed@other.example"]),
        ({"group": "office"}, ["mia@example.org", "un_derscore@example.org"]),
        ({"group": "staff", "role": "member"}, ["mia@example.org"]),
        ({"group": "staff", "role": "admin"}, []),
        ({"group": "nobody"}, []),
    ],
)
def test_roles_and_groups_narrow_it(crowd, wanted, who):
    assert found(crowd, **wanted) == who


def test_a_large_group_is_read_alike(crowd, monkeypatch):
    monkeypatch.setattr(directory, "SORTED", 1)
    assert groups.sizes() == [("office", 2), ("staff", 1)]
    assert found(crowd, group="office") == ["mia@example.org", "un_derscore@example.org"]


def test_everybody_has_one_standing(crowd):
    disabled, frozen = add(crowd, "dis@example.org"), add(crowd, "fro@example.org")
    closed = add(crowd, "clo@example.org")
    with transaction():
        freezing.freeze(frozen, Visitor(), crowd.settings, crowd.clock.now)
        gone = update(User).where(User.id == disabled)
        db.session.execute(gone.values(disabled_at=crowd.clock.now))
    for one in (disabled, closed):
        close(crowd, str(one))
    close(crowd, "zed@other.example")
    close(crowd, str(frozen) + " 3", 99)
    assert found(crowd, standing=Standing.DISABLED) == ["dis@example.org"]
    assert found(crowd, standing=Standing.FROZEN) == ["fro@example.org"]
    assert found(crowd, standing=Standing.CLOSED) == ["clo@example.org"]
    assert len(found(crowd, standing=Standing.ACTIVE)) == 5
    people = directory.page(Wanted(), crowd.settings).people
    shown = {one.keys[0][:3]: one.standing for one in people if one.standing != Standing.ACTIVE}
    assert shown == {"clo": Standing.CLOSED, "dis": Standing.DISABLED, "fro": Standing.FROZEN}


@pytest.mark.parametrize("lane", ["", " 3", " totp", " totp 3"])
def test_each_way_in_that_is_closed_counts(crowd, lane):
    (zed,) = directory.page(Wanted("zed"), crowd.settings).people
    close(crowd, str(zed.user_id) + lane)
    assert found(crowd, standing=Standing.CLOSED) == ["zed@other.example"]


def test_an_address_that_was_removed_finds_nobody_and_the_first_one_stands_first(crowd):
    with transaction():
        gone = update(Identifier).where(Identifier.key == "aaa@example.org")
        db.session.execute(gone.values(removed_at=crowd.clock.now))
        first = update(Identifier).where(Identifier.key == "+12025550143")
        db.session.execute(first.values(is_first=True))
    assert found(crowd, part="aaa@") == []
    (mia,) = directory.page(Wanted("mia"), crowd.settings).people
    assert mia.keys == ("+12025550143", "mia@example.org")
    (other,) = directory.page(Wanted("0199"), crowd.settings).people
    assert other.keys == ("+12025550199",)
    assert picture.whose(Address("email", "aaa@example.org", "")) is None
