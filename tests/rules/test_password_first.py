"""A password before the code: without it nobody has codes sent to whoever has one."""

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Challenge, KnownBrowser, Message, PendingSignIn, Tally, UserSession
from otpapp.rules import challenges, password_first, pending, sessions, sign_in, stopping
from otpapp.rules.factors import password
from otpapp.rules.second import Answered, Charged
from otpapp.rules.sign_in import Sent, Step
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from tests.helpers.work import watched
from tests.rules.desk import ALICE, STRANGER, count, trail
from tests.rules.factors.test_password import GOOD, choose
from tests.rules.factors_desk import answer, arrival, enrol_app

OF_SOMEBODY = select(Challenge.id).where(Challenge.user_id.is_not(None))


@pytest.fixture
def overrides() -> dict:
    """A site that takes passwords."""
    return {"passwords": True}


@pytest.fixture
def chosen(desk, alice):
    """Alice has a password."""
    return choose(desk, alice)


def give(desk, handle: str, typed: str, known: str = ""):
    """Answer with a password as the page does."""
    visitor, now = desk.visitor(known=known), desk.clock.now
    with transaction():
        challenge = challenges.find(handle)
        charged = password_first.charge(challenge, visitor, desk.settings, now)
    if not isinstance(charged, Charged):
        return charged
    whose = challenge.user_id or password.NOBODY
    match = password.verify(whose, typed, desk.settings, now)
    with transaction():
        return password_first.settle(challenge, charged, match, visitor, desk.settings, now)


def without(desk, handle: str, known: str = "") -> Sent | None:
    with transaction():
        challenge, visitor = challenges.find(handle), desk.visitor(known=known)
        return password_first.send_without(challenge, visitor, desk.settings, desk.clock.now)


def send(desk, token: str) -> Sent | Limited | None:
    with transaction():
        held = pending.resume(token, desk.clock.now)
        return password_first.send_after(held, desk.visitor(), desk.settings, desk.clock.now)


def prove(desk, sent: Sent, token: str, code: str = ""):
    with transaction():
        held = pending.resume(token, desk.clock.now)
        code = code or challenges.code_of(sent.challenge, desk.settings)
        return sign_in.prove(
            challenges.find(sent.handle),
            code,
            desk.visitor(),
            desk.settings,
            desk.clock.now,
            held,
        )


@pytest.fixture
def muted(desk, alice, chosen):
    """Alice has had codes stopped that strangers asked for."""
    desk.use(passwords=False)
    desk.stop(desk.ask())
    desk.use(passwords=True)
    desk.clock.advance(minutes=2)


def test_who_stopped_codes_comes_in_by_password_and_app_from_a_new_browser(desk, alice, muted):
    """One way in is closed, and the others stay open."""
    app = enrol_app(desk, alice.user_id)
    before = count(Message)
    answered = give(desk, desk.ask(), GOOD)
    assert answered.verdict is Verdict.ACCEPTED
    landed = answer(desk, answered.arrival.pending, "totp", app.code())
    assert arrival(landed).token
    assert count(Message) == before


def test_nobody_has_codes_sent_to_who_stopped_them_by_having_no_password(desk, alice, muted):
    before = count(Message, Message.challenge_id.in_(OF_SOMEBODY))
    assert without(desk, desk.ask())
    assert count(Message, Message.challenge_id.in_(OF_SOMEBODY)) == before


def decoys() -> list[bool]:
    """Return which challenges lead nowhere, the oldest first."""
    db.session.rollback()
    rows = db.session.scalars(select(Challenge.user_id).order_by(Challenge.id))
    return [user_id is None for user_id in rows]


@pytest.mark.parametrize("address", [ALICE, STRANGER])
def test_nothing_is_sent_before_the_password_whoever_is_asked_for(desk, alice, address):
    desk.ask(address)
    assert count(Message) == 0


def test_the_right_password_and_then_the_code_sign_in(desk, chosen):
    answered = give(desk, desk.ask(), GOOD)
    assert answered.arrival.step == Step("prove", ("code",))
    token = answered.arrival.pending
    sent = send(desk, token)
    assert count(Message) == 1
    outcome = prove(desk, sent, token)
    signed_in = sessions.resume(outcome.token, "page", desk.clock.now)
    assert [proof.factor for proof in signed_in.proofs] == ["password", "email"]
    assert pending.resume(token, desk.clock.now) is None


def test_the_code_after_the_password_makes_no_browser_trusted(desk, chosen):
    token = give(desk, desk.ask(), GOOD).arrival.pending
    assert prove(desk, send(desk, token), token).token
    assert db.session.scalars(select(KnownBrowser.trusted_until)).all() == [None]


def test_with_an_app_no_code_has_to_be_sent(desk, alice, chosen):
    enrol_app(desk, alice.user_id)
    answered = give(desk, desk.ask(), GOOD)
    assert answered.arrival.step.factors == ("totp", "code")
    assert count(Message) == 0


def test_a_wrong_password_is_wrong_for_everybody_alike(desk, chosen):
    """X12."""
    seen = []
    for address in (ALICE, STRANGER):
        handle = desk.ask(address)
        answers = [give(desk, handle, "not that one, by far") for _ in range(6)]
        seen.append([(one.verdict, one.tries_left) if one else None for one in answers])
    assert seen[0] == seen[1]
    assert [one and one[0] for one in seen[0]] == [
        *["WRONG"] * 4,
        "LOCKED",
        None,
    ]


def test_after_five_wrong_ones_the_right_one_is_refused(desk, chosen):
    handle = desk.ask()
    for _ in range(5):
        give(desk, handle, "not that one, by far")
    assert give(desk, handle, GOOD) is None
    assert count(PendingSignIn) == 0


def test_wrong_passwords_are_limited_by_user_and_close_no_other_way(desk, chosen):
    desk.use(limit_failures_per_user=2, limit_failures_per_ip=1000)
    handle = desk.ask()
    for _ in range(2):
        give(desk, handle, "not that one, by far")
    refused = give(desk, handle, GOOD)
    assert isinstance(refused, Limited)
    assert refused.limit == "failures_per_user"
    codes = db.session.scalars(
        select(Tally.times).where(Tally.limit == "failures_per_user", Tally.subject.not_like("% %"))
    ).all()
    assert not any(codes)


def test_a_burst_of_wrong_passwords_is_told(desk, chosen):
    desk.use(limit_failures_per_ip=1000, limit_failures_per_site=1)
    give(desk, desk.ask(), "not that one, by far")
    assert ("burst.began", "") in trail()


def test_strangers_cannot_have_codes_sent_to_who_has_a_password(desk, chosen):
    sent = without(desk, desk.ask())
    assert isinstance(sent, Sent)
    assert decoys() == [False, True]
    assert challenges.code_of(sent.challenge, desk.settings) is None


def test_asking_once_more_does_not_go_round_the_password(desk, chosen):
    handle = desk.ask()
    desk.send_again_later(handle)
    assert decoys() == [False, True]


def test_who_has_none_gets_the_code(desk, alice):
    sent = without(desk, desk.ask())
    assert decoys() == [False, False]
    outcome = desk.prove(sent.handle, desk.code(sent.handle))
    assert outcome.token


def test_a_browser_that_is_known_gets_codes_without_the_password(desk, alice):
    sent = without(desk, desk.ask())
    desk.prove(sent.handle, desk.code(sent.handle), known="laptop")
    choose(desk, alice)
    desk.clock.advance(minutes=2)
    handle = desk.ask(known="laptop")
    assert desk.challenge(handle).purpose == "password", "she has one, and is asked for it"
    sent = without(desk, handle, known="laptop")
    assert decoys()[-1] is False
    assert desk.prove(sent.handle, desk.code(sent.handle), known="laptop").arrival.step == Step(
        "prove", ("password",)
    )


def test_a_browser_that_is_known_is_asked_for_none_where_there_is_none(desk, alice):
    sent = without(desk, desk.ask())
    desk.prove(sent.handle, desk.code(sent.handle), known="laptop")
    desk.clock.advance(minutes=2)
    assert desk.challenge(desk.ask(known="laptop")).purpose == "sign_in"


def test_the_code_is_sent_once_for_one_click_or_many(desk, alice):
    handle = desk.ask()
    assert without(desk, handle)
    assert without(desk, handle) is None
    assert count(Message) == 1


def test_asking_again_after_the_password_is_limited_as_ever(desk, chosen):
    token = give(desk, desk.ask(), GOOD).arrival.pending
    assert isinstance(send(desk, token), Sent)
    assert isinstance(send(desk, token), Limited)
    desk.clock.advance(minutes=2)
    again = send(desk, token)
    assert isinstance(again, Sent)
    assert again.challenge.user_id is not None


def test_without_a_challenge_there_is_nowhere_to_send(desk, chosen):
    token = give(desk, desk.ask(), GOOD).arrival.pending
    with transaction():
        db.session.execute(select(PendingSignIn)).scalar_one().challenge_id = None
    assert send(desk, token) is None


def test_stopping_the_code_ends_the_sign_in(desk, chosen):
    token = give(desk, desk.ask(), GOOD).arrival.pending
    sent = send(desk, token)
    with transaction():
        stopping.stop(challenges.find(sent.handle), desk.visitor(), desk.clock.now)
    assert pending.resume(token, desk.clock.now) is None


def test_who_wants_no_codes_gets_none_from_strangers_who_say_that_they_have_no_password(
    desk, alice
):
    desk.stop(without(desk, desk.ask()).handle)
    desk.clock.advance(minutes=2)
    without(desk, desk.ask())
    assert decoys() == [False, False, False, True], "only the one that a code was sent for"


def test_programs_have_no_codes_sent_to_who_has_a_password(desk, alice, chosen):
    handle = desk.ask(door="api")
    assert desk.challenge(handle).user_id is None
    assert isinstance(give(desk, desk.ask_later(), GOOD), Answered)


def test_programs_go_on_getting_those_of_who_has_none(desk, alice):
    assert desk.challenge(desk.ask(door="api")).user_id == alice.user_id


def test_the_password_alone_opens_nothing(desk, chosen):
    answered = give(desk, desk.ask(), GOOD)
    assert answered.verdict is Verdict.ACCEPTED
    assert count(UserSession) == 0


@pytest.mark.parametrize("other", ["bob", "zoe"])
def test_the_code_of_somebody_else_does_not_lead_on(desk, chosen, request, other):
    them = request.getfixturevalue(other)
    token = give(desk, desk.ask(), GOOD).arrival.pending
    sent = without(desk, desk.ask(them.address))
    outcome = prove(desk, sent, token)
    signed_in = sessions.resume(outcome.token, "page", desk.clock.now)
    assert signed_in.user_id == them.user_id
    assert pending.resume(token, desk.clock.now) is not None


def test_a_program_s_ask_costs_the_same_whoever_it_is_for(desk, alice, chosen):
    """X13."""
    done = []
    for address in (ALICE, STRANGER):
        with watched() as statements:
            desk.ask(address, door="api")
        done.append(len(statements))
    assert done[0] == done[1]
