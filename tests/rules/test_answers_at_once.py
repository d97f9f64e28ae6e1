"""However many answer at once: one success, and never more guesses than tries."""

import threading
import time
from collections import Counter

from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Challenge, UserSession
from otpapp.rules import answers
from otpapp.rules.verdicts import Verdict
from tests.rules.desk import Desk, count, in_parallel


def test_sixteen_right_answers_at_once_sign_in_once(app, settings, clock, alice):
    """X04."""
    desk = Desk(settings, clock)
    with app.app_context():
        handle = desk.ask()
        code = desk.code(handle)
    outcomes = in_parallel(app, 16, lambda _: desk.prove(handle, code))
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    assert verdicts[Verdict.ACCEPTED] == 1
    assert set(verdicts) <= {Verdict.ACCEPTED, Verdict.SPENT}
    with app.app_context():
        assert count(UserSession) == 1


def test_of_forty_wrong_answers_at_once_five_are_judged(app, settings, clock, alice):
    """X05."""
    desk = Desk(settings, clock)
    with app.app_context():
        handle = desk.ask()
        wrong = desk.wrong(handle)
    verdicts = Counter(in_parallel(app, 40, lambda _: desk.answer(handle, wrong)))
    assert verdicts == {Verdict.WRONG: 4, Verdict.LOCKED: 36}
    with app.app_context():
        assert db.session.scalar(select(Challenge.tries)) == 5


def test_the_right_answer_among_many_wrong_ones_is_one_of_the_five_or_refused(
    app, settings, clock, alice
):
    desk = Desk(settings, clock)
    with app.app_context():
        handle = desk.ask()
        right, wrong = desk.code(handle), desk.wrong(handle)
    verdicts = in_parallel(
        app, 12, lambda number: desk.answer(handle, right if number == 6 else wrong)
    )
    assert verdicts[6] in (Verdict.ACCEPTED, Verdict.LOCKED)
    assert verdicts.count(Verdict.ACCEPTED) <= 1
    assert verdicts.count(Verdict.WRONG) <= 4


def test_the_same_form_posted_eight_times_at_once_is_one_challenge(app, settings, clock, alice):
    desk = Desk(settings, clock)
    begun = in_parallel(app, 8, lambda _: desk.try_asking(alice.address, handle="one form"))
    assert sum(one.is_new for one in begun) == 1
    assert {one.handle for one in begun} == {"one form"}
    with app.app_context():
        assert count(Challenge) == 1


def test_a_user_and_a_stranger_of_their_network_do_not_wait_for_each_other(
    app, settings, clock, alice, monkeypatch
):
    """On PostgreSQL that would end in an error for one of them."""
    desk, her_browser = Desk(settings, clock), "the token of a browser that is known"
    with app.app_context():
        desk.sign_in(known=her_browser)
        hers, theirs = desk.ask_later(known=her_browser), desk.ask_later()
        right, wrong = desk.code(hers), desk.wrong(theirs)
        desk.prove(theirs, wrong)  # so that all tallies are rows
    has_begun, judge = threading.Event(), answers.judge

    def slow(challenge, code, *more):
        if code == right:
            has_begun.set()
            time.sleep(0.5)
        return judge(challenge, code, *more)

    monkeypatch.setattr(answers, "judge", slow)

    def prove(number: int) -> Verdict:
        if number == 0:
            return desk.prove(hers, right, known=her_browser).verdict
        assert has_begun.wait(5)
        return desk.prove(theirs, wrong).verdict

    assert in_parallel(app, 2, prove) == [Verdict.ACCEPTED, Verdict.WRONG]
