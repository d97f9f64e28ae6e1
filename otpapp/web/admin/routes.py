"""The front of the admin pages, and the question that admins are asked most: why."""

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from otpapp.models import App
from otpapp.rules import identifiers, users
from otpapp.rules.gate import apps, deciding, people, wanted
from otpapp.rules.gate.wanted import Wanted
from otpapp.rules.identifiers import Address, Fault
from otpapp.web import messages, reasons
from otpapp.web.admin import overview, pages, words
from otpapp.web.admin.forms import WhyForm
from otpapp.web.admin.guards import for_admins
from otpapp.web.current import now, settings

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
FORM = "admin/why.html"


@blueprint.get("")
@for_admins
def front() -> ResponseReturnValue:
    """Show how the site fares, in a span of time and now."""
    return pages.page("admin/overview.html", **overview.of(request.args.get("span", "")))


@blueprint.get("/why")
@for_admins
def why() -> ResponseReturnValue:
    """Say whether somebody may open an address, and by which rule."""
    user_id, url = _uuid(request.args.get("user", "")), request.args.get("url", "")
    held = users.addresses_of(user_id) if user_id else []
    form = WhyForm(formdata=None, who=held[0].address if held else "", url=url)
    place = _place(url)
    if user_id is None or not held or place is None:
        return pages.form(FORM, form)
    found, app = place
    who = people.somebody(user_id, app, (), now())
    decision = deciding.decide(apps.plan_of(app).rules, found, who, settings(), now())
    said = reasons.why(app, found, decision, who, settings())
    rule = pages.in_words(decision.rule) if decision.rule else None
    return pages.form(FORM, form, app=app, said=said, rule=rule)


@blueprint.post("/why")
@for_admins
def ask_why() -> ResponseReturnValue:
    """Find whose access to what is asked about, and lead to the answer.

    The address of a page may be logged by a proxy, so it names nobody by their own address.
    """
    form = WhyForm()
    url, who = (form.url.data or "").strip(), identifiers.parse(form.who.data or "", settings())
    owner = users.find(who) if isinstance(who, Address) else None
    faults = [] if owner else [words.NO_USER]
    if isinstance(who, Fault):
        faults = [messages.fault(who, settings())]
    faults += [] if _place(url) else [words.NO_APP]
    if faults or owner is None:
        return pages.form(FORM, form, faults)
    return redirect(url_for("admin.why", user=owner.user_id, url=url), 303)


def _place(url: str) -> tuple[Wanted, App] | None:
    found = wanted.read(url)
    app = apps.at(found.origin) if found else None
    return (found, app) if found and app else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
