"""Who is in the room, by the browser they came with, and what its clock shows."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.clock import Movable, make_movable, real_now
from otpapp.models import Room, Seat
from otpapp.rules.classroom import rooms, seats
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.guards import public

View = TypeVar("View", bound=Callable[..., Any])
SEAT, TEACHER = "seat", "teacher"  # cookies of their own: they outlive signing in and out
ROOM_CLOCK = "otpapp.room_clock"


def begin(app: Flask) -> None:
    """Have everything read the clock of the room, as it went before the server was stopped."""
    movable = app.extensions[ROOM_CLOCK] = make_movable()
    with app.app_context():
        found = rooms.present(real_now())
        if found:
            movable.set_as(found.ahead_seconds, found.frozen_at)


def clock() -> Movable:
    """Return the clock of the room."""
    found: Movable = current_app.extensions[ROOM_CLOCK]
    return found


def room() -> Room | None:
    """Return the room there is."""
    if "room" not in g:
        g.room = rooms.present(real_now())
        if g.room is None and rooms.is_over(real_now()):
            with transaction():
                rooms.clear()
            clock().set_as(0, None)
    found: Room | None = g.room
    return found


def seat() -> Seat | None:
    """Return the seat of this browser, if it has one in this room."""
    here, held = room(), cookie.kept(SEAT)
    found = seats.held(held) if here and held else None
    return found if found and here and found.room_id == here.id else None


def teaches() -> bool:
    """Say whether this browser opened the room."""
    here = room()
    return here is not None and rooms.is_taught_by(here, cookie.kept(TEACHER))


def for_seats(view: View) -> View:
    """Open a view to whoever has a seat; others are led to where they get one."""

    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        mine = seat()
        if mine is None:
            return redirect(url_for("classroom.front"), 303)
        result: ResponseReturnValue = view(mine, **values)
        return result

    return public(guarded)  # type: ignore[return-value]


def for_teachers(view: View) -> View:
    """Open a view to whoever opened the room."""

    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        here = room()
        if here is None or not teaches():
            abort(403, "This page is for whoever teaches here. Open the link in the terminal.")
        result: ResponseReturnValue = view(here, **values)
        return result

    return public(guarded)  # type: ignore[return-value]
