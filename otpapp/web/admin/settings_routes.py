"""The settings, to be read; and a test message, to see that they work."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.delivery import trial
from otpapp.delivery.parcels import NotSent
from otpapp.rules import identifiers, trials, users
from otpapp.rules.identifiers import Address, Fault
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.admin import pages, site_pages
from otpapp.web.admin.forms import AddressForm
from otpapp.web.admin.guards import changes_site, for_admins
from otpapp.web.current import now, settings
from otpapp.web.sending import limit_words
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("admin_settings", __name__, url_prefix="/admin/settings")
FORM = "admin/settings_test.html"
PATIENCE = 10.0  # seconds; a thread that serves pages waits so long


@blueprint.get("")
@for_admins
def show() -> ResponseReturnValue:
    """Show what is configured, from where, and what of it is unsafe."""
    return pages.page("admin/settings.html", **site_pages.about())


@blueprint.get("/test")
@changes_site
def ask() -> ResponseReturnValue:
    """Ask where a test message shall go: to the admin, unless they say otherwise."""
    mine = users.addresses_of(pages.me())
    return pages.form(FORM, AddressForm(formdata=None, who=mine[0].address if mine else ""))


@blueprint.post("/test")
@changes_site
def send() -> ResponseReturnValue:
    """Hand a test message over, and say in words what went wrong."""
    form = AddressForm()
    address = identifiers.parse(form.who.data or "", settings())
    if isinstance(address, Fault):
        return pages.form(FORM, form, [messages.fault(address, settings())])
    with transaction():
        refused = trials.ask(address, pages.me(), current_visitor(), settings(), now())
    if refused:
        return pages.form(FORM, form, [limit_words(refused)], status=messages.TOO_MANY)
    error = _handed_over(address)
    if error:
        return pages.form(FORM, form, [str(error)], server_said=error.said)
    cookie.leave_note("test_sent")
    return redirect(url_for("admin_settings.ask"), 303)


def _handed_over(address: Address) -> NotSent | None:
    """Hand it over while no transaction is open; return what went wrong."""
    error: NotSent | None = None
    try:
        trial.hand_over(address, settings(), PATIENCE)
    except NotSent as reason:
        error = reason
    with transaction():
        trials.end(address, pages.me(), str(error or ""), now())
    return error
