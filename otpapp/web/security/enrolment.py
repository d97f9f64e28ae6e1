"""What adding an app and adding a token share: a key on offer, and what follows a new factor."""

from uuid import UUID

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from otpapp.models import Proof
from otpapp.otp import keys
from otpapp.rules import second, users
from otpapp.rules.factors import changes, offers
from otpapp.rules.sign_in import Arrival
from otpapp.web.arrival import land
from otpapp.web.current import holder, now, settings
from otpapp.web.redirects import safe_path
from otpapp.web.visitor import current_visitor

TOO_LATE = "This page was open for too long. Scan the new code below."


def offered_key(form: FlaskForm) -> bytes | None:
    """Return the key that `form` brought back, unless it is too old or not ours."""
    return offers.accept(holder().user_id, form.key.data or "", settings(), now())


def offer(form: FlaskForm) -> bytes:
    """Return the key that `form` offers; a form without one gets a new key."""
    key = offered_key(form) or keys.new_key()
    form.key.data = offers.offer(holder().user_id, key, settings(), now())
    return key


def whose() -> str:
    """Return what an app shall call whoever is here."""
    return users.addresses_of(holder().user_id)[0].address


def enrolled(kind: str, number: UUID, name: str, *, replaces: bool = False) -> Arrival:
    """Tell of a new factor, which is a proof at once: it showed that it is held.

    Where whoever adds it was signed out meanwhile, it ends the request, and nothing is kept.
    """
    visitor, who = current_visitor(), holder().user_id
    changes.enrolled(who, kind, name, visitor, settings(), now(), number=number, replaces=replaces)
    proof = Proof(kind, now(), str(number))
    arrival = second.forward(holder(), proof, visitor, settings(), now())
    return arrival or abort(redirect(url_for("sign_in.identify"), 303))


def to_recovery_codes(arrival: Arrival, next_path: str | None) -> ResponseReturnValue:
    """Lead from a new factor over recovery codes to where its owner was going."""
    wanted = next_path if current_user.is_authenticated else arrival.next_path
    return land(arrival, url_for("security.new_codes", next=safe_path(wanted)))
