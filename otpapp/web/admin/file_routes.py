"""All apps as a file: saved, and read back after a look at what that would do."""

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.rules.gate import apps, changing, files
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.changing import Outcome
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.admin import pages, words
from otpapp.web.admin.forms import ImportForm
from otpapp.web.admin.guards import changes_site, for_admins
from otpapp.web.current import now, settings

blueprint = Blueprint("admin_files", __name__, url_prefix="/admin")
FORM = "admin/import.html"


@blueprint.get("/apps.toml")
@for_admins
def export() -> ResponseReturnValue:
    """Send all apps and their rules as a file; guests and groups stay here."""
    text = files.write([apps.plan_of(one) for one in apps.every()])
    answer = Response(text, content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="apps.toml"'
    return answer


@blueprint.get("/import")
@changes_site
def ask() -> ResponseReturnValue:
    """Ask for the text of a file."""
    return pages.form(FORM, ImportForm(formdata=None))


@blueprint.post("/import")
@changes_site
def import_() -> ResponseReturnValue:
    """Show what a file would do; once that was seen, do all of it or nothing."""
    form = ImportForm()
    found = files.read(form.text.data or "", settings())
    if found.faults:
        return pages.form(FORM, form, found.faults)
    seen = changing.seen_by(found.plans)
    if form.seen.data != seen:
        return _preview(form, found.plans, seen)
    with transaction():
        outcome = changing.import_all(found.plans, seen, pages.me(), now())
    if outcome is not Outcome.DONE:
        return pages.form(FORM, form, [words.CHANGED[outcome]])
    cookie.leave_note("imported")
    return redirect(url_for("admin_apps.every"), 303)


def _preview(form: ImportForm, plans: tuple[Plan, ...], seen: str) -> Response:
    form.seen.data = seen
    steps = changing.steps(plans)
    is_possible = all(one.done != "taken" for one in steps)
    done = words.IMPORTED
    return pages.form(FORM, form, steps=steps, done=done, is_possible=is_possible)
