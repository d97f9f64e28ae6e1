"""What happened to one person, a page at a time."""

import pytest

from otpapp.extensions import db
from otpapp.rules import events
from otpapp.rules.account import activity
from otpapp.transaction import transaction
from tests.rules.desk import Desk
from tests.rules.factors_desk import answer, enrol_app, half_way

SIGN_IN = ["code.asked", "code.answered", "session.started"]


def kinds(user_id, before: int = activity.NEWEST) -> list[list[str]]:
    """Return the kinds of events of each story on a page."""
    db.session.rollback()
    found = activity.page(user_id, before)
    return [[one.kind for one in story.events] for story in found.stories]


def tell(desk: Desk, user_id, kind: str = "session.ended", times: int = 1, **more) -> None:
    for _ in range(times):
        with transaction():
            events.record(kind, desk.clock.now, user_id=user_id, **more)


def test_a_sign_in_is_one_story_and_the_newest_comes_first(desk, alice):
    desk.sign_in()
    handle = desk.ask_later()
    desk.prove(handle, desk.wrong(handle))
    assert kinds(alice.user_id) == [["code.asked", "code.answered"], SIGN_IN]


def test_two_proofs_are_one_story(desk, alice):
    app = enrol_app(desk, alice.user_id)
    token = half_way(desk)
    desk.clock.advance(seconds=20)
    answer(desk, token, "totp", app.code())
    assert kinds(alice.user_id) == [["code.asked", "code.answered", "factor.answered", SIGN_IN[-1]]]


def test_a_wrong_second_proof_stands_alone(desk, alice):
    app = enrol_app(desk, alice.user_id)
    token = half_way(desk)
    desk.clock.advance(seconds=20)
    answer(desk, token, "totp", app.wrong())
    assert kinds(alice.user_id) == [["factor.answered"], ["code.asked", "code.answered"]]


def test_what_begins_a_session_without_a_code_is_one_with_it(desk, alice):
    tell(desk, alice.user_id, "factor.answered", verdict="ACCEPTED", detail="passkey")
    tell(desk, alice.user_id, "session.started", detail="passkey")
    tell(desk, alice.user_id, "factor.answered", verdict="WRONG", detail="passkey")
    assert kinds(alice.user_id) == [["factor.answered"], ["factor.answered", "session.started"]]


def test_a_step_up_is_one_with_the_code_that_it_rests_on(desk, alice):
    tell(desk, alice.user_id, "code.asked", challenge_id=7)
    desk.clock.advance(seconds=20)
    tell(desk, alice.user_id, "code.answered", challenge_id=7, verdict="ACCEPTED")
    tell(desk, alice.user_id, "session.stepped_up", detail="email")
    assert kinds(alice.user_id) == [["code.asked", "code.answered", "session.stepped_up"]]


def test_a_new_factor_is_one_with_the_fresh_proof_that_it_is(desk, alice):
    tell(desk, alice.user_id, "factor.enrolled", detail="totp")
    tell(desk, alice.user_id, "session.stepped_up", detail="totp")
    assert kinds(alice.user_id) == [["factor.enrolled", "session.stepped_up"]]
    desk.clock.advance(seconds=20)
    tell(desk, alice.user_id, "factor.enrolled", detail="totp")
    tell(desk, alice.user_id, "session.started", detail="email totp", challenge_id=7)
    assert kinds(alice.user_id)[:2] == [["session.started"], ["factor.enrolled"]]


def test_nobody_sees_what_is_somebody_elses_or_for_operators(desk, alice, bob):
    tell(desk, bob.user_id)
    for kind in activity.FOR_OPERATORS:
        tell(desk, alice.user_id, kind)
    assert kinds(alice.user_id) == []
    assert activity.page(alice.user_id).older == 0


@pytest.mark.parametrize(("times", "pages"), [(30, [30]), (31, [30, 1]), (75, [30, 30, 15])])
def test_a_page_has_thirty_and_says_where_the_next_begins(desk, alice, times, pages):
    tell(desk, alice.user_id, times=times)
    found, before = [], activity.NEWEST
    while before:
        page = activity.page(alice.user_id, before)
        found.append(len(page.stories))
        before = page.older
    assert found == pages


def test_a_page_tears_no_story_apart(desk, alice):
    tell(desk, alice.user_id, times=2)
    tell(desk, alice.user_id, "code.asked", challenge_id=7)
    tell(desk, alice.user_id, times=29)
    tell(desk, alice.user_id, "code.answered", challenge_id=7)
    page = activity.page(alice.user_id)
    assert len(page.stories) == 30
    assert [one.kind for one in page.stories[0].events] == ["code.asked", "code.answered"]
    assert page.stories[0].last.kind == "code.answered"
    assert kinds(alice.user_id, page.older) == [["session.ended"], ["session.ended"]]


def test_a_story_that_goes_on_for_ever_is_told_in_halves(desk, alice):
    tell(desk, alice.user_id, "code.asked", challenge_id=7, times=70)
    page = activity.page(alice.user_id)
    assert [len(story.events) for story in page.stories] == [30]
    assert [len(one) for one in kinds(alice.user_id, page.older)] == [40]


@pytest.mark.parametrize("read", [activity.READ, activity.READ_ON])
def test_one_index_leads_to_a_page_in_the_order_that_it_has(desk, alice, read):
    """However long the trail is, neither database reads another's lines, nor sorts."""
    tell(desk, alice.user_id, times=3)
    asked = read.params(whose=alice.user_id, **({"before": 3} if read is activity.READ_ON else {}))
    query = asked.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[db.engine.dialect.name]
    with db.engine.connect() as connection:
        if plan == "EXPLAIN":
            # A table of three lines is read as a whole otherwise, and sorted.
            for one in ("seqscan", "bitmapscan", "sort"):
                connection.exec_driver_sql(f"SET LOCAL enable_{one} = off")
        rows = connection.exec_driver_sql(f"{plan} {query}").all()
    found = " ".join(str(row[-1]) for row in rows)
    assert "ix_events_user_id_at" in found
    # Of one instant only.
    assert "Sort" not in found.replace("Incremental Sort", "").replace("Sort Key", "")
    assert "B-TREE" not in found
