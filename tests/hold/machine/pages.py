"""What people do on the pages, in the product and in the model."""

import re
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import TestResponse

from otpapp.rules.verdicts import Verdict
from tests.hold.machine.model.budgets import DAY
from tests.hold.machine.model.holders import Jar, Session
from tests.hold.machine.model.people import TRIES, Challenge
from tests.hold.machine.proving import begins_session, goes_half_way, is_half_way
from tests.hold.machine.seat import Seat
from tests.hold.machine.world import World

SAID = {
    Verdict.WRONG: "That code is not right.",
    Verdict.SPENT: "That code was already used.",
    Verdict.LOCKED: "Too many wrong codes. For your safety",
}
RAN_OUT = "That code ran out at"
IS_ENDED = "That code no longer works."


def ask(world: World, seat: Seat, address: str, form: str, *, keep: bool = False) -> None:
    """Ask for a code with a form; the same one sent twice is one request."""
    answer = seat.post(
        "/sign-in", world.now, identifier=address, form_id=form, stay="keep" if keep else "once"
    )
    if _is_in(world, seat, answer):
        return
    jar = seat.jar
    jar.secret = jar.secret or object()
    name = (jar.secret, form, address)
    held = [*filter(None, [world.forms.get(name)]), *reversed(jar.held.values())]
    asked = world.site.ask(seat.visitor, address, world.now, held, keep=keep)
    if isinstance(asked, Challenge):
        if asked not in world.references:
            world.forms.setdefault(name, asked)
        _holds(world, seat, answer, asked)
    else:
        world.is_limited(answer, asked)


def send_again(world: World, seat: Seat, reference: str) -> None:
    """Ask for the code of a challenge once more."""
    answer = seat.post("/sign-in/code/resend", world.now, ref=reference)
    if _is_anothers(world, seat, reference, answer):
        return
    if not _is_asked_here(seat, reference, answer):
        return
    old = seat.jar.held[reference]
    sent = world.site.send_again(seat.visitor, old, world.now)
    if isinstance(sent, datetime):
        world.is_limited(answer, sent)
    elif sent is old:
        assert _reference(answer) == reference
    else:
        del seat.jar.held[reference]
        _holds(world, seat, answer, sent)


def answer(world: World, seat: Seat, reference: str, typed: str) -> None:
    """Type a code for a challenge."""
    answer = seat.post("/sign-in/code", world.now, ref=reference, code=typed)
    if _is_anothers(world, seat, reference, answer):
        return
    if not _is_asked_here(seat, reference, answer):
        return
    challenge = seat.jar.held[reference]
    if len(typed) != challenge.digits:
        assert answer.status_code == 422
        return
    held = None if seat.is_in(world.now) else seat.jar.half_way(world.now)
    verdict = world.site.answer(seat.visitor, challenge, typed, world.now, held)
    if isinstance(verdict, datetime):
        world.is_limited(answer, verdict)
        return
    if verdict is Verdict.ACCEPTED:
        if seat.is_in(world.now):
            world.site.end(seat.jar.opens)
        _arrives(world, seat, answer)
        return
    assert answer.status_code == 422
    words = (*SAID.values(), RAN_OUT, IS_ENDED)
    assert [one for one in words if one in answer.text] == [_said(verdict, challenge)]
    assert ("<h1>Enter your code</h1>" in answer.text) == challenge.is_open(world.now)
    tries_left = re.search(r"([0-9]) (try|tries) left", answer.text)
    assert not tries_left or int(tries_left[1]) == TRIES - challenge.tries


def sign_out(world: World, seat: Seat) -> None:
    """Press the button."""
    answer = seat.post("/sign-out", world.now)
    assert answer.status_code == 303
    if seat.jar.opens:
        world.site.end(seat.jar.opens)
    elif seat.jar.half_way(world.now):
        seat.jar.pending.has_ended = True
    seat.start_anew(Jar())


def open_link(world: World, challenge: Challenge, press: str) -> None:
    """Open the link in a mail, and press "stop", "undo", one after the other, or nothing."""
    link, user, now = world.links[challenge], challenge.user, world.now
    is_over = challenge.made + DAY <= now
    page = world.phone.get(link)
    assert page.status_code == (410 if is_over else 200)
    is_stopped = not is_over and challenge.closed is not None and user.muted_until > now
    assert ("<h1>Stopped</h1>" in page.text) == is_stopped
    for button in filter(None, press.split(", ")):
        answer = world.phone.post(link if button == "stop" else f"{link}/undo", now)
        assert answer.status_code == (410 if is_over else 303)
        if not is_over:
            world.site.stop(challenge, now) if button == "stop" else world.site.go_on(challenge)


def _is_in(world: World, seat: Seat, answer: TestResponse) -> bool:
    """Say whether somebody is in here, or half way: then nobody asks or answers."""
    if is_half_way(world, seat):
        assert (answer.status_code, answer.location) == (303, "/prove")
        return True
    is_in = seat.is_in(world.now)
    assert not is_in or (answer.status_code, answer.location) == (303, "/sign-in")
    return is_in


def _is_anothers(world: World, seat: Seat, reference: str, answer: TestResponse) -> bool:
    """Say whether somebody is signed in here who is not whom that challenge asks."""
    challenge, session = seat.jar.held.get(reference), seat.jar.opens
    if seat.is_in(world.now) and challenge and challenge.user is session.user:
        return False
    return _is_in(world, seat, answer)


def _is_asked_here(seat: Seat, reference: str, answer: TestResponse) -> bool:
    """Say whether this browser holds that challenge; else it is led to its newest, if any."""
    held = seat.jar.held
    if reference in held:
        return True
    if held:
        assert _reference(answer) == next(reversed(held))
    else:
        assert answer.status_code == 422
    return False


def _said(verdict: Verdict, challenge: Challenge) -> str:
    if verdict is not Verdict.EXPIRED:
        return SAID[verdict]
    return RAN_OUT if challenge.closed >= challenge.expires else IS_ENDED


def _reference(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.location).query)["ref"][0]


def _holds(world: World, seat: Seat, answer: TestResponse, challenge: Challenge) -> None:
    reference = _reference(answer)
    assert world.references.setdefault(challenge, reference) == reference
    seat.jar.hold(reference, challenge)


def _arrives(world: World, seat: Seat, answer: TestResponse) -> None:
    if isinstance(world.site.arrived, Session):
        begins_session(world, seat, answer, world.site.arrived)
    else:
        goes_half_way(world, seat, answer, world.site.arrived)
