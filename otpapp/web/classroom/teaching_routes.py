"""Opening a room, and what whoever teaches has in hand: its code, its seats, its clock, its end."""

from datetime import timedelta

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from otpapp.clock import real_now
from otpapp.models import Room
from otpapp.rules.classroom import rooms, seats
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.classroom import here, words
from otpapp.web.current import settings
from otpapp.web.guards import public
from otpapp.web.pictures import qr

blueprint = Blueprint("teaching", __name__, url_prefix="/classroom")
JUMP = timedelta(minutes=10)


@blueprint.get("/teach/<key>")
@public
def teach(key: str) -> ResponseReturnValue:
    """Ask before a room is opened, since that ends the one there is."""
    _expect(key)
    if here.teaches():
        return redirect(url_for("teaching.room"), 303)
    return make_response(render_template("classroom/teach.html", key=key, room=here.room()))


@blueprint.post("/teach/<key>")
@public
def open_room(key: str) -> ResponseReturnValue:
    """Open a room in place of any other, taught from this browser."""
    _expect(key)
    with transaction():
        _, token = rooms.open_one(real_now())
    here.clock().set_as(0, None)
    cookie.leave_note(token, here.TEACHER)
    cookie.leave_note("opened")
    return redirect(url_for("teaching.room"), 303)


@blueprint.get("/room")
@here.for_teachers
def room(one: Room) -> ResponseReturnValue:
    """Show how to join, who sits there, and what the clock shows."""
    join = settings().public_url + url_for("classroom.join", code=one.join_code)
    return make_response(
        render_template(
            "classroom/room.html",
            room=one,
            seats=seats.of_room(one),
            join=join,
            picture=qr(join),
            clock=here.clock(),
            note=words.NOTES.get(cookie.take_note(), ""),
        )
    )


@blueprint.post("/room/clock/<move>")
@here.for_teachers
def move_clock(one: Room, move: str) -> ResponseReturnValue:
    """Stop the clock of the room, let it go on, or set it ten minutes ahead."""
    clock = here.clock()
    moves = {
        "freeze": (clock.freeze, "frozen"),
        "go-on": (clock.go_on, "going"),
        "advance": (lambda: clock.advance(JUMP), "advanced"),
    }
    if move not in moves:
        abort(404)
    work, note = moves[move]
    work()
    with transaction():
        rooms.set_clock(clock.ahead, clock.frozen_at)
    cookie.leave_note(note)
    return redirect(url_for("teaching.room"), 303)


@blueprint.post("/room/end")
@here.for_teachers
def end(one: Room) -> ResponseReturnValue:
    """Delete the room and all that was in it."""
    with transaction():
        rooms.clear()
    here.clock().set_as(0, None)
    return make_response(render_template("classroom/ended.html"))


def _expect(key: str) -> None:
    if not rooms.is_teachers_key(key, settings()):
        abort(404, "This link is not whole. Copy it from the terminal once more.")
