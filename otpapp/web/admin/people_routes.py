"""People: found, shown, and added one at a time."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.rules import groups, identifiers, roles, users
from otpapp.rules.gate.rules import NAME
from otpapp.rules.identifiers import Address
from otpapp.rules.people import directory
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.admin import pages, people_pages, words
from otpapp.web.admin.forms import PersonForm
from otpapp.web.admin.guards import changes_site, for_admins
from otpapp.web.current import now, settings

blueprint = Blueprint("admin_people", __name__, url_prefix="/admin/people")
FORM = "admin/person_new.html"


@blueprint.get("")
@for_admins
def every() -> ResponseReturnValue:
    """List people, or those who are looked for, a page at a time."""
    wanted, after = people_pages.wanted(), people_pages.asked("after")
    found = directory.page(wanted, settings(), after)
    narrowed = people_pages.narrowed(wanted)
    shown: dict[str, Any] = {"wanted": wanted, "narrowed": narrowed, "after": after}
    return pages.page("admin/people.html", found=found, standings=words.STANDINGS, **shown)


@blueprint.get("/<uuid:number>")
@for_admins
def show(number: UUID) -> ResponseReturnValue:
    """Show one person whole."""
    return people_pages.one(people_pages.person_or_gone(number))


@blueprint.get("/new")
@changes_site
def new() -> ResponseReturnValue:
    """Ask who may sign in from now on."""
    return pages.form(FORM, PersonForm(formdata=None, role="member"))


@blueprint.post("/new")
@changes_site
def add() -> ResponseReturnValue:
    """Let somebody sign in who could not."""
    form = PersonForm()
    who = identifiers.parse(form.who.data or "", settings())
    names, role = sorted(set((form.groups.data or "").split())), form.role.data or ""
    faults = _faults(who, names, role)
    if faults or not isinstance(who, Address):
        return pages.form(FORM, form, faults)
    user_id = _add(who, names, role)
    if user_id is None:
        return pages.form(FORM, form, [words.TAKEN])
    cookie.leave_note("person_added")
    return redirect(url_for("admin_people.show", number=user_id), 303)


def _add(who: Address, names: list[str], role: str) -> UUID | None:
    with transaction():
        owner = users.create(who, settings(), now(), pages.me())
        if owner is None:
            return None
        for name in names:
            groups.add(owner.user_id, name, now(), pages.me())
        roles.give(owner.user_id, role, now(), pages.me(), even_last=True)  # nobody's role is lost
    return owner.user_id


def _faults(who: Address | identifiers.Fault, names: list[str], role: str) -> list[str]:
    found = [] if isinstance(who, Address) else [messages.fault(who, settings())]
    if not all(NAME.fullmatch(name) for name in names):
        found.append(words.NO_GROUP)
    if role not in roles.ROLES:
        found.append(words.NO_ROLE)
    return found
