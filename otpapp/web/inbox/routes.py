"""The inbox: every message that would have been sent.

Registered only where developers try it out; in production these addresses do not exist.
"""

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from otpapp.delivery.parcels import Mail
from otpapp.web import frames, received
from otpapp.web.guards import public

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")


@blueprint.get("")
@public
def messages() -> ResponseReturnValue:
    """List the newest messages, the newest first."""
    return render_template("inbox/inbox.html", received=received.newest())


@blueprint.get("/<int(max=2147483647):number>/html")
@public
def html_part(number: int) -> Response:
    """Return the HTML part of one mail, for the frame that shows it."""
    found = received.one(number)
    if found is None or not isinstance(found.parcel, Mail):
        abort(404)
    return frames.html_of(found.parcel)
