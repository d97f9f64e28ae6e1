"""Asking for access to what the gate refused: who asks, for what, and what became of it."""

from dataclasses import dataclass

from flask import Response, make_response, render_template
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, ValidationError

from otpapp.models import App
from otpapp.rules import users
from otpapp.rules.gate import apps, deciding, people, requests, wanted
from otpapp.rules.gate.deciding import Decision, Somebody
from otpapp.rules.gate.requests import Wish
from otpapp.rules.gate.wanted import Wanted
from otpapp.rules.verdicts import Limited
from otpapp.transaction import transaction
from otpapp.web import messages
from otpapp.web.current import now, settings
from otpapp.web.gate import words
from otpapp.web.looks import said, time_element
from otpapp.web.visitor import current_visitor

EMPTY = "Say in a few words why you need it"
LONG = f"Use fewer words: {requests.LONGEST} characters at most"
SIGNS = "Use letters, digits and signs only"


class AskForm(FlaskForm):
    """Why somebody needs what they want to open."""

    words = StringField()
    rd = HiddenField()

    def validate_words(self, field: StringField) -> None:
        """Refuse what no list could show in one line (X40)."""
        field.data = " ".join((field.data or "").split())
        if not requests.can_be_said(field.data):
            too_long = len(field.data) > requests.LONGEST
            raise ValidationError(LONG if too_long else SIGNS if field.data else EMPTY)


@dataclass(frozen=True)
class Refusal:
    """Who is here, what they want to open, and what the gate says to that."""

    app: App
    wished: Wanted
    who: Somebody | None
    decision: Decision


def refusal(rd: str) -> Refusal | None:
    """Return what `rd` names: only what is of a registered app is ever linked to (X23)."""
    wished = wanted.read(rd)
    app = apps.at(wished.origin) if wished else None
    if wished is None or app is None:
        return None
    signed_in = current_user.signed_in
    who = people.somebody(signed_in.user_id, app, signed_in.proofs, now())
    decision = deciding.decide(apps.plan_of(app).rules, wished, who, settings(), now())
    return Refusal(app, wished, who, decision)


def ask(found: Refusal, typed: str) -> Limited | None:
    """Keep what somebody asks for, where that is of use; return the limit in the way.

    Who may open it meanwhile is shown so by the next page.
    """
    rule, who = found.decision.rule, found.who
    if rule is None or who is None or not requests.can_be_made(found.decision, who):
        return None
    with transaction():
        app = apps.at(found.wished.origin)
        if app is None:
            return None
        wish = Wish(app, rule.path, found.wished.url, typed)
        return requests.ask(wish, who, current_visitor(), settings(), now())


def page(
    found: Refusal, form: AskForm, status: int = 200, refused: Limited | None = None
) -> Response:
    """Return the page that shows how things stand, and takes the words of a request."""
    app, rule, user_id = found.app, found.decision.rule, current_user.signed_in.user_id
    answer = make_response(
        render_template(
            "gate/ask.html",
            app=app,
            wanted=found.wished,
            form=form,
            addresses=users.addresses_of(user_id),
            why=words.why_not(app, rule),
            may=found.decision.answer is not deciding.Answer.REFUSED,
            can_ask=requests.can_be_made(found.decision, found.who),
            open=requests.open_at(app, rule.path, user_id) if rule else None,
            last=requests.last_answered(app, user_id),
            longest=requests.LONGEST,
            alarm=said(messages.limited(refused, now(), time_element)) if refused else "",
        ),
        status,
    )
    answer.headers.update(messages.retry_after(refused, now()) if refused else {})
    return answer
