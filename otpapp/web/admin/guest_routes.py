"""The guests of an app: let in until a day, and let in no more."""

from datetime import datetime

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.models import App, Guest
from otpapp.rules import identifiers
from otpapp.rules.gate import apps, guests, reading
from otpapp.rules.identifiers import Address
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.admin import pages, words
from otpapp.web.admin.forms import GuestForm, SeenForm
from otpapp.web.admin.guards import changes_site
from otpapp.web.current import now, settings

blueprint = Blueprint("admin_guests", __name__, url_prefix="/admin/apps/<name>/guest")
FORM, END = "admin/guest_form.html", "admin/guest_end.html"
USUAL_DAYS = 30
LARGEST = 2**53  # a row's number fits in it, and in every database
NUMBER = f"<int(max={LARGEST}):number>"


@blueprint.get("")
@changes_site
def new(name: str) -> ResponseReturnValue:
    """Ask who shall be let in, where, and until when."""
    form = GuestForm(formdata=None, path="/", until=pages.days_ahead(USUAL_DAYS))
    return pages.form(FORM, form, app=pages.app_or_gone(name))


@blueprint.post("")
@changes_site
def let_in(name: str) -> ResponseReturnValue:
    """Let somebody pass one rule of an app until the end of a day."""
    form, app = GuestForm(), pages.app_or_gone(name)
    who = identifiers.parse(form.who.data or "", settings())
    until, path = reading.end_of(form.until.data or ""), form.path.data or ""
    faults = _faults(app, who, path, until)
    if faults or until is None or not isinstance(who, Address):
        return pages.form(FORM, form, faults, app=app)
    with transaction():
        app = pages.app_or_gone(name)
        is_guest = guests.let_in(app, path, who.key, until, now(), pages.me())
    if not is_guest:
        return pages.form(FORM, form, [words.NO_PATH], app=app)
    cookie.leave_note("guest_added")
    return redirect(url_for("admin_apps.show", name=name), 303)


@blueprint.get(f"/{NUMBER}/end")
@changes_site
def ask_to_end(name: str, number: int) -> ResponseReturnValue:
    """Ask once more before a guest is let in no more."""
    app = pages.app_or_gone(name)
    guest = _guest(app, number)
    mine = [one for one in guests.of_app(app, now()) if one.key == guest.key]
    return pages.form(END, SeenForm(formdata=None), app=app, guest=guest, mine=mine)


@blueprint.post(f"/{NUMBER}/end")
@changes_site
def end(name: str, number: int) -> ResponseReturnValue:
    """Let a guest of an app in no more, by any of its rules."""
    with transaction():
        app = pages.app_or_gone(name)
        guests.end(app, _guest(app, number).key, now(), pages.me())
    cookie.leave_note("guest_ended")
    return redirect(url_for("admin_apps.show", name=name), 303)


def _guest(app: App, number: int) -> Guest:
    found = next((one for one in guests.of_app(app, now()) if one.id == number), None)
    return found or abort(404, words.GONE_GUEST)


def _faults(
    app: App, who: Address | identifiers.Fault, path: str, until: datetime | None
) -> list[str]:
    found = [] if isinstance(who, Address) else [messages.fault(who, settings())]
    if path not in [rule.path for rule in apps.plan_of(app).rules]:
        found.append(words.NO_PATH)
    if until is None or until <= now():
        found.append(words.OVER if until else words.NO_DAY)
    return found
