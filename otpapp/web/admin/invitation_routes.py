"""Invitations: listed, sent to one or many, sent again, and withdrawn."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from otpapp.models import Invitation
from otpapp.rules.people import invitations, inviting
from otpapp.rules.people.inviting import USUAL_DAYS, Outcome
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.admin import pages
from otpapp.web.admin.forms import SeenForm
from otpapp.web.admin.guards import changes_site, for_admins
from otpapp.web.admin.invitation_forms import InviteForm
from otpapp.web.current import now, settings, worker

LARGEST = 2**53  # a row's number fits in it, and in every database
NUMBER = f"<int(max={LARGEST}):number>"
GONE = "This invitation is not there any more."
NOTES = {
    Outcome.INVITED: "invited_again",
    Outcome.LIMITED: "invited_too_often",
    Outcome.OVER: "invitation_over",
}
blueprint = Blueprint("admin_invitations", __name__, url_prefix="/admin/invitations")
FORM = "admin/invitation_form.html"


@blueprint.get("")
@for_admins
def every() -> ResponseReturnValue:
    """List those that are open, then what became of the others."""
    waiting = invitations.open_ones(now(), _number("before"))
    over = invitations.over(now(), _number("over"))
    return pages.page("admin/invitations.html", open=waiting, over=over)


@blueprint.get("/new")
@changes_site
def new() -> ResponseReturnValue:
    """Ask whom to invite, and to what."""
    return pages.form(FORM, InviteForm(formdata=None, days=str(USUAL_DAYS)))


@blueprint.post("/new")
@changes_site
def invite() -> ResponseReturnValue:
    """Invite all of them, or say of each line what is wrong with it."""
    form = InviteForm()
    typed = form.read(settings())
    if typed.faults:
        return pages.form(FORM, form, typed.faults)
    with transaction():
        args = (typed.offer, settings(), now(), pages.me())
        done = [(one, inviting.invite(one, *args)) for one in typed.addresses]
    _ring(*(one.channel for one, _ in done))
    if all(found.outcome is Outcome.INVITED for _, found in done):
        cookie.leave_note("invited")
        return redirect(url_for("admin_invitations.every"), 303)
    return pages.page("admin/invitation_results.html", done=done, offer=typed.offer)


@blueprint.get(f"/{NUMBER}")
@changes_site
def show(number: int) -> ResponseReturnValue:
    """Ask whether to send one again or to withdraw it."""
    one = _one(number)
    return pages.form("admin/invitation.html", SeenForm(formdata=None), one=one)


@blueprint.post(f"/{NUMBER}/resend")
@changes_site
def resend(number: int) -> ResponseReturnValue:
    """Send one again with a new link."""
    with transaction():
        one = _one(number)
        done = inviting.resend(number, settings(), now(), pages.me())
    _ring(one.channel)
    cookie.leave_note(NOTES[done.outcome])
    return redirect(url_for("admin_invitations.every"), 303)


@blueprint.post(f"/{NUMBER}/withdraw")
@changes_site
def withdraw(number: int) -> ResponseReturnValue:
    """Have an invitation open nothing any more."""
    with transaction():
        is_done = inviting.withdraw(number, now(), pages.me())
    cookie.leave_note("invitation_withdrawn" if is_done else "invitation_over")
    return redirect(url_for("admin_invitations.every"), 303)


def _one(number: int) -> Invitation:
    return invitations.get(number) or abort(404, GONE)


def _number(name: str) -> int:
    return min(max(request.args.get(name, 0, type=int), 0), LARGEST)


def _ring(*channels: str) -> None:
    for channel in set(channels):
        worker().ring(channel)
