"""What belongs to a person and an admin can change: groups, and factors to be taken away."""

from uuid import UUID

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from otpapp.models import Credential
from otpapp.rules import groups
from otpapp.rules.gate.rules import NAME
from otpapp.rules.people import belonging, resetting
from otpapp.rules.people.outcomes import Outcome
from otpapp.rules.people.picture import Picture
from otpapp.transaction import transaction
from otpapp.web.admin import pages, people_pages, words
from otpapp.web.admin.forms import GroupForm
from otpapp.web.admin.guards import changes_site
from otpapp.web.current import now, settings

blueprint = Blueprint("admin_belonging", __name__, url_prefix="/admin/people/<uuid:number>")
JOIN, LEAVE, RESET = "admin/group_join.html", "admin/group_leave.html", "admin/factors_reset.html"


@blueprint.get("/group")
@changes_site
def ask_to_join(number: UUID) -> ResponseReturnValue:
    """Ask which group a person joins."""
    found = people_pages.person_or_gone(number)
    return people_pages.ask(JOIN, GroupForm(formdata=None), found)


@blueprint.post("/group")
@changes_site
def join(number: UUID) -> ResponseReturnValue:
    """Put a person into a group; the first member makes it."""
    form, name = GroupForm(), request.form.get("name", "").strip()
    if not NAME.fullmatch(name):
        found = people_pages.person_or_gone(number)
        return people_pages.ask(JOIN, form, found, [words.NO_GROUP])
    with transaction():
        outcome = belonging.join(number, name, now(), pages.me())
    return people_pages.answer(outcome, "joined", number)


@blueprint.get("/group/<name>/leave")
@changes_site
def ask_to_leave(number: UUID, name: str) -> ResponseReturnValue:
    """Ask before a person is taken out of a group."""
    found = people_pages.person_or_gone(number)
    return people_pages.ask(LEAVE, FlaskForm(formdata=None), found, group=name)


@blueprint.post("/group/<name>/leave")
@changes_site
def leave(number: UUID, name: str) -> ResponseReturnValue:
    """Take a person out of a group."""
    with transaction():
        people_pages.person_or_gone(number)
        is_out = groups.remove(number, name, now(), pages.me())
    return people_pages.answer(Outcome.DONE if is_out else Outcome.SAME, "left", number)


@blueprint.get("/factors")
@changes_site
def ask_to_reset(number: UUID) -> ResponseReturnValue:
    """Ask before a factor is taken away, the one that `of` names in the query, or all."""
    found = people_pages.person_or_gone(number)
    return people_pages.ask(RESET, FlaskForm(formdata=None), found, factor=_factor(found))


@blueprint.post("/factors")
@changes_site
def reset(number: UUID) -> ResponseReturnValue:
    """Take it away; the person is told, and signed out everywhere."""
    of = _of()
    with transaction():
        change = resetting.reset(number, of, settings(), now(), pages.me())
    return people_pages.answer(change.outcome, "reset", number)


def _of() -> UUID | None:
    named = request.args.get("of", "")
    try:
        return UUID(named) if named else None
    except ValueError:
        abort(404, words.GONE_FACTOR)


def _factor(found: Picture) -> Credential | None:
    of = _of()
    if of is None:
        return None
    return next((one for one in found.factors if one.id == of), None) or abort(
        404, words.GONE_FACTOR
    )
