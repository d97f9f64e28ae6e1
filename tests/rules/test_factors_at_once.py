"""64 uses of one proof at once start one session (X04, X53), on either database."""

from sqlalchemy import func, select

from otpapp.extensions import db
from otpapp.models import Credential, RecoveryCode, UserSession
from otpapp.rules.factors import changes, credentials, hotp, password, recovery_codes
from otpapp.transaction import transaction
from tests.helpers.people import RFC_CODES, RFC_KEY
from tests.rules.desk import count, in_parallel
from tests.rules.factors_desk import answer, enrol_app, half_way, make_recovery_codes

AT_ONCE = 64


def sessions_after(app, desk, token_of, factor: str, code: str) -> int:
    """Send one answer 64 times at once; return how many sessions there are."""
    in_parallel(app, AT_ONCE, lambda number: answer(desk, token_of(number), factor, code))
    return count(UserSession)


def half_ways(desk) -> list[str]:
    """Return four sign-ins of Alice that wait for the same proof."""
    return [half_way(desk) for _ in range(4)]


def test_one_time_step_in_one_sign_in(context, desk, alice):
    desk.use(limit_failures_per_ip=1000)
    app = enrol_app(desk, alice.user_id)
    token = half_way(desk)
    assert sessions_after(context, desk, lambda _: token, "totp", app.code()) == 1


def test_one_time_step_in_several_sign_ins(context, desk, alice):
    desk.use(limit_failures_per_ip=1000)
    app = enrol_app(desk, alice.user_id)
    tokens = half_ways(desk)
    assert sessions_after(context, desk, lambda one: tokens[one % 4], "totp", app.code()) == 1


def test_one_recovery_code_in_several_sign_ins(context, desk, alice):
    desk.use(limit_failures_per_ip=1000)
    enrol_app(desk, alice.user_id)
    codes = make_recovery_codes(desk, alice.user_id)
    tokens = half_ways(desk)
    assert sessions_after(context, desk, lambda one: tokens[one % 4], "recovery", codes[0]) == 1


def test_one_press_of_a_token_in_several_sign_ins(context, desk, alice):
    desk.use(limit_failures_per_ip=1000)
    with transaction():
        number = hotp.enrol(
            alice.user_id, RFC_KEY, RFC_CODES[:2], "Key ring", desk.settings, desk.clock.now
        )
    assert number
    tokens = half_ways(desk)
    assert sessions_after(context, desk, lambda one: tokens[one % 4], "hotp", RFC_CODES[3]) == 1


def test_wrong_answers_at_once_cannot_exceed_the_tries(context, desk, alice):
    """X05."""
    desk.use(limit_failures_per_ip=1000, limit_failures_per_user=1000)
    app = enrol_app(desk, alice.user_id)
    token = half_way(desk)
    answers = in_parallel(context, AT_ONCE, lambda _: answer(desk, token, "totp", app.wrong()))
    assert len([one for one in answers if getattr(one, "verdict", None) == "WRONG"]) <= 4
    assert len([one for one in answers if getattr(one, "verdict", None) == "LOCKED"]) <= 1
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0


def test_of_sets_of_recovery_codes_that_are_made_at_once_one_stays(context, desk, alice):
    """X53: two sets would be twice as many codes as anybody knows of."""
    sets = [recovery_codes.new_codes() for _ in range(8)]

    def enrol(number: int) -> None:
        with transaction():
            recovery_codes.enrol(alice.user_id, sets[number], desk.clock.now)

    in_parallel(context, len(sets), enrol)
    salts = db.session.scalars(select(RecoveryCode.salt)).all()
    assert (len(salts), len(set(salts))) == (recovery_codes.HOW_MANY, 1)


def test_of_passwords_that_are_chosen_at_once_one_stays(context, desk, alice):
    new = password.hashed("seven purple elephants")

    def enrol(_: int) -> None:
        with transaction():
            password.enrol(alice.user_id, new, desk.settings, desk.clock.now)

    in_parallel(context, 16, enrol)
    db.session.rollback()
    assert len(credentials.of(alice.user_id, password.KIND)) == 1


def test_of_two_factors_that_are_removed_at_once_one_is_the_last(context, desk, alice):
    """X52: the recovery codes go with it."""
    apps = [enrol_app(desk, alice.user_id, name).number for name in ("One", "Two")]
    for round_ in range(4):
        make_recovery_codes(desk, alice.user_id)

        def remove(number: int) -> None:
            with transaction():
                held = credentials.get(apps[number])
                changes.remove(held, desk.visitor(), desk.settings, desk.clock.now)

        in_parallel(context, len(apps), remove)
        db.session.rollback()
        assert recovery_codes.left(alice.user_id) == 0, round_
        with transaction():
            for number in apps:
                db.session.get(Credential, number).removed_at = None
