"""How the messages of this site read: one of each kind, with made-up people and a made-up code."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from otpapp.delivery import samples
from otpapp.delivery.parcels import Mail
from otpapp.web import frames
from otpapp.web.admin import pages, previews
from otpapp.web.admin.guards import for_admins
from otpapp.web.current import now, settings

blueprint = Blueprint("admin_previews", __name__, url_prefix="/admin/settings/messages")
GONE = "There is no such message."


@blueprint.get("")
@for_admins
def every() -> ResponseReturnValue:
    """Show one of each kind, as it reads unopened and opened."""
    found = enumerate(samples.every(settings(), now()), start=1)
    shown = [previews.of(number, one, settings()) for number, one in found]
    return pages.page("admin/messages.html", previews=shown)


@blueprint.get("/<int(max=99):number>/html")
@for_admins
def html_part(number: int) -> Response:
    """Return the HTML part of one of them, for the frame that shows it."""
    found = dict(enumerate(samples.every(settings(), now()), start=1)).get(number)
    if found is None or not isinstance(found.parcel, Mail):
        abort(404, GONE)
    return frames.html_of(found.parcel)
