"""Recovery codes: ten, each good once, and nothing of them can be read from the database."""

import re
from datetime import timedelta

import pytest
from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Event, RecoveryCode
from otpapp.rules import holdings, sessions
from otpapp.rules.factors import recovery_codes
from otpapp.transaction import transaction
from tests.rules.desk import count
from tests.rules.factors_desk import make_recovery_codes


@pytest.fixture
def codes(desk, alice) -> tuple[str, ...]:
    """Alice's recovery codes."""
    return make_recovery_codes(desk, alice.user_id)


def verify(desk, person, typed: str):
    db.session.rollback()
    return recovery_codes.verify(person.user_id, typed, desk.settings, desk.clock.now)


def take(desk, match) -> bool:
    with transaction():
        return match.take(desk.clock.now)


def test_there_are_ten_of_eighty_bits_and_none_is_like_another(codes):
    assert len(set(codes)) == 10
    for code in codes:
        assert re.fullmatch("([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)


def test_each_is_taken_once(desk, alice, codes):
    for code in codes:
        match = verify(desk, alice, code)
        assert take(desk, match)
        assert not take(desk, match)
        assert not take(desk, verify(desk, alice, code)), "nor when it is typed once more"
    assert recovery_codes.left(alice.user_id) == 0


def test_what_is_easily_misread_is_read_right(desk, alice, codes):
    code = next((one for one in codes if set(one) & set("01")), codes[0])
    for typed in (
        code.lower(),
        code.replace("-", ""),
        f"  {code.replace('-', ' ')} ",
        code.replace("0", "O").replace("1", "l"),
        code.replace("0", "o").replace("1", "I"),
    ):
        assert verify(desk, alice, typed), typed


@pytest.mark.parametrize(
    "typed", ["", " - ", "0000-0000-0000-0000", "é" * 16, "\udcff", "A" * 9999]
)
def test_anything_else_fits_none(desk, alice, codes, typed):
    assert verify(desk, alice, typed) is None


def test_codes_of_somebody_else_fit_none(desk, alice, bob, zoe, codes):
    for other in (bob, zoe):
        theirs = make_recovery_codes(desk, other.user_id)
        assert verify(desk, other, codes[0]) is None
        assert verify(desk, alice, theirs[0]) is None
        assert verify(desk, other, theirs[0])


def test_a_code_fits_its_owner_alone_even_under_the_same_salt(desk, alice, bob, zoe):
    new = recovery_codes.new_codes()
    others = recovery_codes.NewCodes(new.codes[1:], new.salt, new.hashes[1:])
    mine = recovery_codes.NewCodes(new.codes[:1], new.salt, new.hashes[:1])
    with transaction():
        recovery_codes.enrol(alice.user_id, mine, desk.clock.now)
        for other in (bob, zoe):
            recovery_codes.enrol(other.user_id, others, desk.clock.now)
    assert verify(desk, alice, new.codes[0])
    assert verify(desk, alice, new.codes[1]) is None


@pytest.mark.parametrize("whose", ["bob", "alice", "zoe"])
def test_what_is_done_with_the_codes_of_one_leaves_those_of_others_alone(
    desk, alice, bob, zoe, request, whose
):
    made = {}
    people = (bob, alice, zoe)
    for person in people:
        made[person.user_id] = (
            desk.clock.advance(minutes=1),
            make_recovery_codes(desk, person.user_id),
        )
    one = request.getfixturevalue(whose)
    assert recovery_codes.made_at(one.user_id) == made[one.user_id][0]
    codes = made[one.user_id][1]
    assert take(desk, verify(desk, one, codes[0]))
    assert take(desk, verify(desk, one, codes[9])), "each is taken by itself"
    assert take(desk, verify(desk, one, codes[1]))
    left = [recovery_codes.left(person.user_id) for person in people]
    assert left == [7 if person == one else 10 for person in people]
    with transaction():
        recovery_codes.remove(one.user_id)
    left = [recovery_codes.left(person.user_id) for person in people]
    assert left == [0 if person == one else 10 for person in people]
    assert recovery_codes.made_at(one.user_id) is None


def test_who_has_none_can_show_none(desk, bob, codes):
    assert verify(desk, bob, codes[0]) is None


def test_new_ones_take_the_place_of_those_before(desk, alice, codes):
    newer = make_recovery_codes(desk, alice.user_id)
    assert verify(desk, alice, codes[0]) is None
    assert verify(desk, alice, newer[0])
    assert count(RecoveryCode) == 10


def test_only_so_much_of_what_is_typed_is_read(desk, alice, codes):
    assert verify(desk, alice, codes[0].rjust(64))
    assert verify(desk, alice, codes[0].rjust(65)) is None


def test_the_hash_costs_what_owasp_asks_for():
    """19 MiB and two passes of one lane, over a salt of 128 bits."""
    new = recovery_codes.new_codes()
    assert len(new.salt) == 16
    plain = new.codes[0].replace("-", "").encode()
    cost = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1, "hash_len": 32}
    assert new.hashes[0] == hash_secret_raw(plain, new.salt, type=Type.ID, **cost)


def test_they_are_not_shown_where_the_object_is_printed():
    new = recovery_codes.new_codes()
    assert not any(code in repr(new) for code in new.codes)


def test_they_are_kept_as_hashes_under_a_salt_of_their_set(desk, alice, bob, codes):
    make_recovery_codes(desk, bob.user_id)
    rows = db.session.scalars(select(RecoveryCode)).all()
    assert len({row.salt for row in rows}) == 2
    assert len({row.code_hash for row in rows}) == 20
    for code in codes:
        plain = code.replace("-", "").encode()
        assert all(plain not in row.code_hash and code.encode() not in row.salt for row in rows)


def test_they_count_as_held_while_one_is_left(desk, alice, codes):
    for code in codes:
        assert "recovery" in holdings.of(alice.user_id, desk.settings).factors
        take(desk, verify(desk, alice, code))
    assert "recovery" not in holdings.of(alice.user_id, desk.settings).factors


def test_ten_sets_are_made_a_day_and_the_rest_is_refused_and_told_to_the_trail(desk, alice):
    def sit_down():
        token = desk.sign_in_later()
        return sessions.resume(token, "page", desk.clock.now)

    def made(who):
        with transaction():
            return recovery_codes.may_make(who, desk.visitor(), desk.settings, desk.clock.now)

    here, elsewhere = sit_down(), sit_down()
    assert [made(here) for _ in range(10)] == [None] * 10
    refused = made(here)
    assert refused.until == desk.clock.now + timedelta(days=1)
    event = db.session.scalars(select(Event).where(Event.kind == "limit.reached")).one()
    assert (event.detail, event.subject) == ("recovery_codes_per_session", str(alice.user_id))
    assert made(elsewhere) is None, "so that nobody keeps its owner from new ones"
    desk.clock.advance(days=1)
    assert made(here) is None
