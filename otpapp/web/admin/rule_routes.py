"""The rules of an app: added, changed and removed."""

from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from otpapp.rules.gate import apps, changing
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.web import cookie
from otpapp.web.admin import pages, words
from otpapp.web.admin.forms import RuleForm, SeenForm, rule_form
from otpapp.web.admin.guards import changes_site
from otpapp.web.admin.keeping import keep

# `of` in the query is the path of the rule that is meant; without it, a new one.
blueprint = Blueprint("admin_rules", __name__, url_prefix="/admin/apps/<name>/rule")
FORM, REMOVE = "admin/rule_form.html", "admin/rule_remove.html"


@blueprint.get("")
@changes_site
def edit(name: str) -> ResponseReturnValue:
    """Offer one rule to be changed, or a new one to be filled in."""
    app, path = pages.app_or_gone(name), _path()
    seen = changing.version_of(app)
    if not path:
        return pages.form(FORM, RuleForm(formdata=None, proofs="one", seen=seen), app=app, of="")
    filled = rule_form(pages.rule_or_gone(apps.plan_of(app), path), seen)
    return pages.form(FORM, filled, app=app, of=path)


@blueprint.post("")
@changes_site
def change(name: str) -> ResponseReturnValue:
    """Keep a rule, in place of the one that it was made of."""
    form, app = RuleForm(), pages.app_or_gone(name)
    rule = form.rule()
    if isinstance(rule, list):
        return pages.form(FORM, form, words.nobody(rule), app=app, of=_path())
    plan = _with(apps.plan_of(app), rule, _path())
    return keep(FORM, form, name, plan, of=_path()) or _changed(name)


@blueprint.get("/remove")
@changes_site
def ask_to_remove(name: str) -> ResponseReturnValue:
    """Ask once more before a rule is removed."""
    app = pages.app_or_gone(name)
    pages.rule_or_gone(apps.plan_of(app), _path())
    form = SeenForm(formdata=None, seen=changing.version_of(app))
    return pages.form(REMOVE, form, app=app, of=_path())


@blueprint.post("/remove")
@changes_site
def remove(name: str) -> ResponseReturnValue:
    """Have the rule no more."""
    plan = apps.plan_of(pages.app_or_gone(name))
    gone = pages.rule_or_gone(plan, _path())
    rest = tuple(one for one in plan.rules if one != gone)
    return keep(REMOVE, SeenForm(), name, replace(plan, rules=rest), of=_path()) or _changed(name)


def _with(plan: Plan, rule: Rule, of: str) -> Plan:
    """Return an app with a rule in the place of another, or after all others."""
    if not any(one.path == of for one in plan.rules):
        return replace(plan, rules=(*plan.rules, rule))
    return replace(plan, rules=tuple(rule if one.path == of else one for one in plan.rules))


def _path() -> str:
    return request.args.get("of", "")


def _changed(name: str) -> ResponseReturnValue:
    cookie.leave_note("app_changed")
    return redirect(url_for("admin_apps.show", name=name), 303)
