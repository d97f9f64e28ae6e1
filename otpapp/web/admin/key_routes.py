"""The access keys of an app: made for a program, shown once, ended."""

from datetime import datetime

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from otpapp.rules.gate import keys, reading, rules
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.admin import pages, words
from otpapp.web.admin.forms import KeyForm, SeenForm
from otpapp.web.admin.guards import changes_site
from otpapp.web.current import now

blueprint = Blueprint("admin_keys", __name__, url_prefix="/admin/apps/<name>/key")
FORM, SHOWN, END = "admin/key_form.html", "admin/key.html", "admin/key_end.html"
USUAL_DAYS = 90


@blueprint.get("")
@changes_site
def new(name: str) -> ResponseReturnValue:
    """Ask what the program is called, what it may open, and until when."""
    form = KeyForm(formdata=None, path="/", until=pages.days_ahead(USUAL_DAYS))
    return pages.form(FORM, form, app=pages.app_or_gone(name))


@blueprint.post("")
@changes_site
def make(name: str) -> ResponseReturnValue:
    """Make a key and show it, this once: nothing that is kept could show it again."""
    form, app = KeyForm(), pages.app_or_gone(name)
    called, path = (form.called.data or "").strip(), rules.canonical_path(form.path.data or "")
    until = reading.end_of(form.until.data or "")
    faults = [*keys.faults(called, form.path.data or ""), *_faults(until)]
    if faults or until is None or path is None:
        return pages.form(FORM, form, faults, app=app)
    with transaction():
        token = keys.make(pages.app_or_gone(name), called, path, until, now(), pages.me())
    if token is None:
        return pages.form(FORM, form, [words.NAME_OF_KEY_TAKEN], app=app)
    return pages.page(SHOWN, app=app, called=called, path=path, until=until, token=token)


@blueprint.get("/end")
@changes_site
def ask_to_end(name: str) -> ResponseReturnValue:
    """Ask once more before a key opens nothing any more."""
    app = pages.app_or_gone(name)
    found = next((one for one in keys.of_app(app, now()) if one.name == _called()), None)
    if found is None:
        abort(404, words.GONE_KEY)
    return pages.form(END, SeenForm(formdata=None), app=app, key=found)


@blueprint.post("/end")
@changes_site
def end(name: str) -> ResponseReturnValue:
    """Have a key open nothing any more; one that was ended already stays so."""
    with transaction():
        keys.end(pages.app_or_gone(name), _called(), now(), pages.me())
    cookie.leave_note("key_ended")
    return redirect(url_for("admin_apps.show", name=name), 303)


def _faults(until: datetime | None) -> list[str]:
    if until and until > now():
        return []
    return [words.OVER if until else words.NO_DAY]


def _called() -> str:
    return request.args.get("called", "")
