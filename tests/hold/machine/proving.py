"""What people do on the pages that ask for a second proof, in the product and in the model."""

from datetime import datetime

from werkzeug.test import TestResponse

from otpapp.rules.verdicts import Verdict
from tests.hold.machine.model.holders import Jar, Pending, Session
from tests.hold.machine.seat import Seat
from tests.hold.machine.world import World

REFUSED = {
    ("totp", Verdict.WRONG): "That code is not right.",
    ("totp", Verdict.SPENT): "That code was used already. Wait for the next one",
    ("recovery", Verdict.WRONG): "That is none of your recovery codes.",
    ("recovery", Verdict.SPENT): "That recovery code was used already.",
}


def answer(world: World, seat: Seat, factor: str, typed: str, *, trust: bool) -> None:
    """Type a code of an app or of a list, half signed in or to step up."""
    path, fields = f"/prove/{factor}", {"trust": "yes"} if trust else {}
    answer = seat.post(path, world.now, code=typed, **fields)
    holder = seat.jar.opens if seat.is_in(world.now) else seat.jar.half_way(world.now)
    if holder is None:
        assert (answer.status_code, answer.location) == (303, "/sign-in")
        return
    if factor not in holder.user.factors:
        assert answer.status_code == 303
        assert answer.location.startswith("/prove?")
        return
    verdict = world.site.prove(seat.visitor, holder, factor, typed, world.now, trust=trust)
    if verdict in (None, Verdict.LOCKED):
        _is_over(seat, answer, verdict)
    elif verdict is Verdict.ACCEPTED:
        begins_session(world, seat, answer, world.site.arrived)
    else:
        _is_refused(world, seat, answer, factor, verdict)


def give_up(world: World, seat: Seat) -> None:
    """Start again."""
    answer = seat.post("/prove/cancel", world.now)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    if seat.jar.half_way(world.now):
        seat.jar.pending.has_ended = True
        seat.start_anew(Jar())


def is_half_way(world: World, seat: Seat) -> bool:
    """Say whether a second proof is missing here; not where none is demanded any more."""
    pending = seat.jar.half_way(world.now)
    return pending is not None and world.site.wants_two(pending.user)


def begins_session(world: World, seat: Seat, answer: TestResponse, session: Session) -> None:
    """See that whoever answered is in, with a cookie that holds nothing else."""
    assert (answer.status_code, answer.location) == (303, "/"), answer.text
    seat.start_anew(Jar(session=session, key=session.key))
    world.keys[session] = seat.copy()[0]


def goes_half_way(world: World, seat: Seat, answer: TestResponse, pending: Pending) -> None:
    """See that whoever answered is asked for more, with a cookie that holds nothing else."""
    assert (answer.status_code, answer.location) == (303, "/prove"), answer.text
    seat.start_anew(Jar(pending=pending))
    world.halves[pending] = seat.copy()[0]


def _is_over(seat: Seat, answer: TestResponse, verdict: Verdict | None) -> None:
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    if verdict is Verdict.LOCKED:
        seat.start_anew(Jar())


def _is_refused(
    world: World, seat: Seat, answer: TestResponse, factor: str, verdict: Verdict | datetime
) -> None:
    if isinstance(verdict, datetime):
        world.is_limited(answer, verdict)
    else:
        assert answer.status_code == 422
        assert REFUSED[factor, verdict] in answer.text
    seat.saw_a_form()
