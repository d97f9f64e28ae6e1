"""How the code of a seat comes to be, row by row, and what one bit changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from otpapp.models import Room, Seat
from otpapp.otp import derivation
from otpapp.otp.derivation import Derivation
from otpapp.rules.classroom import deriving, seats
from otpapp.web.classroom import here
from otpapp.web.classroom.steps import steps
from otpapp.web.current import settings

blueprint = Blueprint("derivation", __name__, url_prefix="/classroom")
LONGEST = 25  # digits that are read; a counter has 20 at most
BITS = {"key": deriving.KEY_BITS, "counter": deriving.COUNTER_BITS}
TURN = {"key": deriving.with_key_bit, "counter": deriving.with_counter_bit}


@dataclass(frozen=True)
class Asked:
    """Which code, and which bit is turned round; `fault` is what in it could not be read."""

    counter: int
    digits: int
    flip: str
    bit: int
    fault: str = ""


@blueprint.get("/derivation")
@here.for_seats
def mine(seat: Seat) -> ResponseReturnValue:
    """Show a student how the codes of their own seat come to be."""
    return _page(seat, url_for("derivation.mine"))


@blueprint.get("/derivation/<int(max=999):number>")
@here.for_teachers
def of_seat(room: Room, number: int) -> ResponseReturnValue:
    """Show whoever teaches how the codes of a seat come to be."""
    seat = seats.at(number) or abort(404, "Nobody sits there.")
    return _page(seat, url_for("derivation.of_seat", number=number))


def _page(seat: Seat, path: str) -> ResponseReturnValue:
    asked = _asked(request.args, deriving.newest_counter(seat))
    one = deriving.of(seat, asked.counter, asked.digits, settings())
    if one is None:
        abort(404, "This seat has no key that can be shown.")
    other = TURN[asked.flip](one, asked.bit) if asked.flip else None
    page = render_template(
        "classroom/derivation.html",
        seat=seat,
        path=path,
        asked=asked,
        one=one,
        other=other,
        steps=steps(one, other),
        apart=_apart(one, other),
        agreeing=sum(derivation.agrees_with_rfc(one) for one in range(10)),
        most=deriving.MOST_COUNTER,
    )
    return make_response(page)


def _apart(one: Derivation, other: Derivation | None) -> int:
    return deriving.bits_apart(one.digest, other.digest) if other else 0


def _asked(args: Mapping[str, str], newest: int) -> Asked:
    """Return what is asked for; what cannot be read is as if nothing had been said, and told."""
    flip = args.get("flip", "") if args.get("flip", "") in BITS else ""
    counter, bit = _number(args.get("counter", "")), _number(args.get("bit", ""))
    digits, fault = _number(args.get("digits", "")), ""
    if counter is None or not deriving.is_counter(counter):
        fault = "A counter is a whole number from 0 to 2^64 - 1" if args.get("counter") else ""
        counter = newest
    if flip and (bit is None or bit >= BITS[flip]):
        fault = f"The {flip} has the bits 0 to {BITS[flip] - 1}"
        flip = ""
    kept = digits if digits in deriving.DIGITS else deriving.DIGITS[0]
    return Asked(counter, kept, flip, bit or 0, fault)


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if is_number else None
