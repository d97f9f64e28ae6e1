"""Taking a seat in the room, and what somebody finds there."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from otpapp.clock import real_now
from otpapp.delivery.parcels import Mail
from otpapp.models import Seat
from otpapp.rules import users
from otpapp.rules.classroom import rooms, seats
from otpapp.transaction import transaction
from otpapp.web import cookie, frames, messages, received
from otpapp.web.classroom import here, words
from otpapp.web.classroom.forms import JoinForm
from otpapp.web.current import settings
from otpapp.web.guards import public

blueprint = Blueprint("classroom", __name__, url_prefix="/classroom")
CONFLICT = 409


@blueprint.get("")
@public
def front() -> ResponseReturnValue:
    """Lead whoever teaches to the room, whoever sits to their seat, others to where they join."""
    if here.teaches():
        return redirect(url_for("teaching.room"), 303)
    return redirect(url_for("classroom.my_seat" if here.seat() else "classroom.join"), 303)


@blueprint.get("/join", defaults={"code": ""})
@blueprint.get("/join/<code>")
@public
def join(code: str) -> ResponseReturnValue:
    """Ask for the code of the room; a picture of it on the wall fills it in."""
    return _page(JoinForm(formdata=None, code=code))


@blueprint.post("/join")
@public
def take_seat() -> ResponseReturnValue:
    """Give this browser a seat, unless it has one."""
    form, room = JoinForm(), here.room()
    if room is None:
        return _page(form)
    if not form.validate() or not rooms.is_joined_by(room, form.code.data or ""):
        fault = messages.STALE if form.csrf_token.errors else words.WRONG_CODE
        return _page(form, fault, messages.UNPROCESSABLE)
    if here.seat() is None:
        with transaction():
            taken = seats.take(room, settings(), real_now())
        if taken is None:
            abort(CONFLICT, words.FULL)
        cookie.leave_note(taken[1], here.SEAT)
    return redirect(url_for("classroom.my_seat"), 303)


@blueprint.get("/seat")
@here.for_seats
def my_seat(mine: Seat) -> ResponseReturnValue:
    """Show somebody who they are here, and how to begin."""
    return make_response(
        render_template("classroom/seat.html", seat=mine, held=users.addresses_of(mine.user_id))
    )


@blueprint.get("/inbox")
@here.for_seats
def inbox(mine: Seat) -> ResponseReturnValue:
    """List the newest messages to this seat, and to no other."""
    found = received.newest(mine.user_id)
    return make_response(render_template("classroom/inbox.html", seat=mine, received=found))


@blueprint.get("/inbox/<int(max=2147483647):number>/html")
@here.for_seats
def html_part(mine: Seat, number: int) -> ResponseReturnValue:
    """Return the HTML part of a mail to this seat, for the frame that shows it."""
    found = received.one(number, mine.user_id)
    if found is None or not isinstance(found.parcel, Mail):
        abort(404)
    return frames.html_of(found.parcel)


def _page(form: JoinForm, fault: str = "", status: int = 200) -> Response:
    shown = {"form": form, "fault": fault, "is_open": here.room() is not None}
    page = render_template("classroom/join.html", no_room=words.NO_ROOM, **shown)
    return make_response(page, status)
