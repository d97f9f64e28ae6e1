"""Who asks for access: listed, granted until a day, or refused."""

from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from otpapp.models import AccessRequest
from otpapp.rules import users
from otpapp.rules.gate import answering, reading, requests
from otpapp.rules.gate.answering import GRANTED, REFUSED, Case, Outcome
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.admin import pages, words
from otpapp.web.admin.forms import AnswerForm
from otpapp.web.admin.guards import changes_site, for_admins
from otpapp.web.current import now, settings

LARGEST = 2**53  # a row's number fits in it, and in every database
NUMBER = f"<int(max={LARGEST}):number>"
blueprint = Blueprint("admin_requests", __name__, url_prefix="/admin/requests")
PAGE = "admin/request.html"


@blueprint.get("")
@for_admins
def every() -> ResponseReturnValue:
    """List who asks, and what was answered lately."""
    after = request.args.get("after", 0, type=int)
    found = answering.open_ones(settings(), now(), min(max(after, 0), LARGEST))
    waiting = [(one, asker(one)) for one in found]
    last = found[-1].request.id if len(found) == answering.MOST_SHOWN else None
    lately = answering.answered_lately(settings(), now())
    answered = [(one, asker(one), _called(one.request.answered_by)) for one in lately]
    return pages.page("admin/requests.html", open=waiting, answered=answered, last=last)


@blueprint.get(f"/{NUMBER}")
@changes_site
def show(number: int) -> ResponseReturnValue:
    """Show what somebody asks for and why, to be answered; showing it answers nothing (X56)."""
    usual = pages.days_ahead(answering.USUAL_DAYS)
    return _page(number, AnswerForm(formdata=None, until=usual))


@blueprint.post(f"/{NUMBER}")
@changes_site
def answer(number: int) -> ResponseReturnValue:
    """Let somebody in until a day, or leave them out."""
    form = AnswerForm()
    if form.verdict.data not in (GRANTED, REFUSED):
        abort(400)
    with transaction():
        outcome = _answer(_request(number), form)
    if outcome in words.ANSWERED:
        return _page(number, form, [words.ANSWERED[outcome]])
    cookie.leave_note(form.verdict.data if outcome is Outcome.DONE else "late")
    return redirect(url_for("admin_requests.every"), 303)


def asker(case: Case) -> str:
    """Return what somebody who asks is called."""
    if case.who and case.who.addresses:
        return case.who.addresses[0]
    return _called(case.request.user_id) or "somebody without an address"


def _called(user_id: UUID | None) -> str:
    held = users.addresses_of(user_id) if user_id else []
    return held[0].address if held else ""


def _answer(asked: AccessRequest, form: AnswerForm) -> Outcome:
    if form.verdict.data == REFUSED:
        return answering.refuse(asked, pages.me(), settings(), now())
    until, path = reading.end_of(form.until.data or ""), form.path.data or ""
    return answering.grant(asked, until, path, pages.me(), settings(), now())


def _page(number: int, form: AnswerForm, faults: list[str] | None = None) -> ResponseReturnValue:
    case = answering.case_of(_request(number), settings(), now())
    form.path.data = case.rule.path if case.rule else ""
    return pages.form(
        PAGE,
        form,
        faults or (),
        case=case,
        asker=asker(case),
        standing=words.CHANCES.get(case.chance, ""),
        first=pages.days_ahead(1),
        last=pages.days_ahead(answering.MOST_DAYS),
    )


def _request(number: int) -> AccessRequest:
    return requests.find(number) or abort(404, words.GONE_REQUEST)
