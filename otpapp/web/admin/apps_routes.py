"""Apps: listed, shown, added, changed and removed."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.rules.gate import apps, changing, rules
from otpapp.rules.gate.changing import Outcome
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.admin import pages, words
from otpapp.web.admin.forms import AppForm, NameForm
from otpapp.web.admin.guards import changes_site, for_admins
from otpapp.web.admin.keeping import keep
from otpapp.web.current import now, settings

blueprint = Blueprint("admin_apps", __name__, url_prefix="/admin/apps")
FIRST_RULE = Rule("/", (rules.EVERYONE,))
FORM, REMOVE = "admin/app_form.html", "admin/app_remove.html"


@blueprint.get("")
@for_admins
def every() -> ResponseReturnValue:
    """List the apps."""
    return pages.every_app()


@blueprint.get("/new")
@changes_site
def new() -> ResponseReturnValue:
    """Ask what the new app is called and where it is."""
    return pages.form(FORM, AppForm(formdata=None))


@blueprint.post("/new")
@changes_site
def add() -> ResponseReturnValue:
    """Put an app behind the gate; at first it is for everyone who is signed in."""
    form = AppForm()
    plan = form.plan((FIRST_RULE,))
    faults = apps.faults(plan, settings())
    if faults:
        return pages.form(FORM, form, faults)
    with transaction():
        outcome = changing.add(plan, pages.me(), now())
    if outcome is not Outcome.DONE:
        return pages.form(FORM, form, [words.CHANGED[outcome]])
    cookie.leave_note("app_added")
    return redirect(url_for("admin_apps.show", name=plan.name), 303)


@blueprint.get("/<name>")
@for_admins
def show(name: str) -> ResponseReturnValue:
    """Show an app: its address, its rules, its guests."""
    return pages.one_app(pages.app_or_gone(name))


@blueprint.get("/<name>/edit")
@changes_site
def edit(name: str) -> ResponseReturnValue:
    """Offer name, title and address of an app to be changed."""
    app = pages.app_or_gone(name)
    seen = changing.version_of(app)
    filled = {"name": app.name, "title": app.title, "url": app.origin, "seen": seen}
    return pages.form(FORM, AppForm(formdata=None, **filled), app=app)


@blueprint.post("/<name>/edit")
@changes_site
def change(name: str) -> ResponseReturnValue:
    """Change them."""
    form, app = AppForm(), pages.app_or_gone(name)
    plan = form.plan(apps.plan_of(app).rules)
    refused = keep(FORM, form, name, plan)
    if refused:
        return refused
    cookie.leave_note("app_changed")
    return redirect(url_for("admin_apps.show", name=plan.name), 303)


@blueprint.get("/<name>/remove")
@changes_site
def ask_to_remove(name: str) -> ResponseReturnValue:
    """Ask for the name once more; nothing is removed by one click."""
    return pages.form(REMOVE, NameForm(formdata=None), app=pages.app_or_gone(name))


@blueprint.post("/<name>/remove")
@changes_site
def remove(name: str) -> ResponseReturnValue:
    """Remove an app, its rules and its guests."""
    form, app = NameForm(), pages.app_or_gone(name)
    if (form.name.data or "").strip() != app.name:
        return pages.form(REMOVE, form, [words.OTHER_NAME], app=app)
    with transaction():
        apps.remove(name, now(), pages.me())
    cookie.leave_note("app_removed")
    return redirect(url_for("admin_apps.every"), 303)
