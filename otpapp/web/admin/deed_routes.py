"""What an admin does to a person: each after a page that asks, and none by one click."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from otpapp.rules import freezing, identifiers
from otpapp.rules.identifiers import Address
from otpapp.rules.people import standing, unlocking
from otpapp.rules.people.directory import Standing
from otpapp.rules.people.outcomes import Outcome
from otpapp.rules.people.picture import Picture
from otpapp.transaction import transaction
from otpapp.web import cookie, doubts
from otpapp.web.admin import pages, people_pages, words
from otpapp.web.admin.deeds import DEEDS
from otpapp.web.admin.forms import AddressForm, UndoForm
from otpapp.web.admin.guards import changes_site
from otpapp.web.current import now, settings

blueprint = Blueprint("admin_deeds", __name__, url_prefix="/admin/people/<uuid:number>")
ASK, UNLOCK, DELETE = "admin/deed.html", "admin/unlock.html", "admin/person_delete.html"
DEED = "/<any({}):deed>".format(", ".join(f'"{name}"' for name in DEEDS))


@blueprint.get(DEED)
@changes_site
def ask(number: UUID, deed: str) -> ResponseReturnValue:
    """Ask before something is done to a person."""
    found = people_pages.person_or_gone(number)
    return people_pages.ask(ASK, FlaskForm(formdata=None), found, deed=DEEDS[deed], name=deed)


@blueprint.post(DEED)
@changes_site
def do(number: UUID, deed: str) -> ResponseReturnValue:
    """Do it, unless somebody else did or it cannot be."""
    with transaction():
        found = people_pages.person_or_gone(number)
        change = DEEDS[deed].do(number, now(), pages.me())
    done = people_pages.answer(change.outcome, deed, number)
    if not isinstance(done, str):
        return done
    if change.outcome is Outcome.FROZEN and found.standing != Standing.FROZEN:
        cookie.leave_note("frozen")
        return redirect(url_for("admin_people.show", number=number), 303)
    shown = {"deed": DEEDS[deed], "name": deed}
    return people_pages.ask(ASK, FlaskForm(), found, [done], **shown)


@blueprint.get("/unlock")
@changes_site
def ask_to_unlock(number: UUID) -> ResponseReturnValue:
    """Ask before a sign-in is opened again, and what becomes of what was added just before."""
    found = people_pages.person_or_gone(number)
    return people_pages.ask(UNLOCK, UndoForm(formdata=None), found, added=_added(found))


@blueprint.post("/unlock")
@changes_site
def unlock(number: UUID) -> ResponseReturnValue:
    """Let a person sign in again after too many wrong codes, or after they froze their sign-in."""
    form = UndoForm()
    with transaction():
        found = people_pages.person_or_gone(number)
        undo = form.undo.data == "yes"
        outcome, _ = unlocking.unlock(number, settings(), now(), pages.me(), undo=undo)
    done = people_pages.answer(outcome, "unlocked", number)
    if isinstance(done, str):
        return people_pages.ask(UNLOCK, form, found, [done], added="")
    return done


@blueprint.get("/delete")
@changes_site
def ask_to_delete(number: UUID) -> ResponseReturnValue:
    """Ask for the first address once more; nobody is deleted by one click."""
    found = people_pages.person_or_gone(number)
    return people_pages.ask(DELETE, AddressForm(formdata=None), found)


@blueprint.post("/delete")
@changes_site
def delete(number: UUID) -> ResponseReturnValue:
    """Delete a person and all that is theirs, but for the trail."""
    form, found = AddressForm(), people_pages.person_or_gone(number)
    if not _is_first(form.who.data or "", found):
        return people_pages.ask(DELETE, form, found, [words.OTHER_ADDRESS])
    with transaction():
        change = standing.delete(number, settings(), now(), pages.me())
    if change.outcome is Outcome.LAST_ADMIN:
        return people_pages.ask(DELETE, form, found, [words.REFUSED[change.outcome]])
    cookie.leave_note("person_deleted" if change.outcome is Outcome.DONE else "as_before")
    return redirect(url_for("admin_people.every"), 303)


def _added(found: Picture) -> str:
    """Return what is in doubt: only who froze their sign-in said that somebody else was there."""
    if freezing.frozen_since(found.user.id) is None:
        return ""
    return doubts.added(found.user.id, unlocking.in_doubt_since(found.user.id, now()))


def _is_first(typed: str, found: Picture) -> bool:
    address = identifiers.parse(typed, settings())
    return isinstance(address, Address) and address.key == found.identifiers[0].key
