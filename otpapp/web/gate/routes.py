"""The gate at this site: from being signed in here to being signed in at an app."""

import re

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.models import App
from otpapp.rules.gate import apps, assertions, deciding, entering, missing, people, wanted
from otpapp.rules.gate.deciding import Answer, Decision
from otpapp.rules.gate.wanted import Wanted
from otpapp.transaction import transaction
from otpapp.web import cookie, messages, reasons
from otpapp.web.current import now, pending_sign_in, settings
from otpapp.web.gate import asking, cookies, pages
from otpapp.web.gate.asking import AskForm
from otpapp.web.guards import public
from otpapp.web.unsent import keeps_typed
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("gate", __name__, url_prefix="/gate")
_HASH = re.compile(r"[0-9a-f]{64}")


@blueprint.get("/enter")
@public
def enter() -> ResponseReturnValue:
    """Hand whoever is signed in over to the app that they want to open, if they may."""
    wished, app = _wished()
    browser = request.args.get("browser", "")
    if app is None or wished is None or not _HASH.fullmatch(browser):
        return pages.leads_elsewhere(app)
    way = url_for("gate.enter", rd=wished.url, browser=browser)
    if not current_user.is_authenticated:
        return _sign_in_first(way)
    if "lost" in request.args:
        return pages.form_lost(app, wished, way)
    signed_in = current_user.signed_in
    who = people.somebody(signed_in.user_id, app, signed_in.proofs, now())
    decision = deciding.decide(apps.plan_of(app).rules, wished, who, settings(), now())
    if decision.answer is Answer.ENTER:
        return _hand_over(app, wished, browser)
    return _to_proof(app, wished, decision, way) or pages.refused(app, wished, decision, who)


@blueprint.get("/keys.json")
@public
def keys() -> ResponseReturnValue:
    """Publish what verifies the signed header (RFC 7517)."""
    if not settings().gate_signed_header:
        abort(404)
    return assertions.key_set(settings())


@blueprint.get("/ask")
def ask() -> ResponseReturnValue:
    """Show how things stand with access: to ask for it, what was asked, or that it is open."""
    rd = request.args.get("rd", "")
    found = asking.refusal(rd)
    if found is None:
        return pages.leads_elsewhere(None)
    return asking.page(found, AskForm(formdata=None, rd=rd))


@blueprint.post("/ask")
@keeps_typed
def send_wish() -> ResponseReturnValue:
    """Keep what somebody asks for, and have the admins told of it."""
    form = AskForm()
    found = asking.refusal(form.rd.data or "")
    if found is None:
        return pages.leads_elsewhere(None)
    if not form.validate_on_submit():
        return asking.page(found, form, messages.UNPROCESSABLE)
    refused = asking.ask(found, form.words.data or "")
    if refused:
        return asking.page(found, form, messages.TOO_MANY, refused)
    return redirect(url_for("gate.ask", rd=found.wished.url), 303)


def _wished() -> tuple[Wanted | None, App | None]:
    """Return what `rd` names: only what is of a registered app is ever gone to (X23)."""
    found = wanted.read(request.args.get("rd", ""))
    return found, apps.at(found.origin) if found else None


def _sign_in_first(way: str) -> ResponseReturnValue:
    if "lost" in request.args:
        cookie.leave_note("form_lost")
    if pending_sign_in():
        return redirect(url_for("prove.go_on"), 303)
    return redirect(url_for("sign_in.identify", next=way), 303)


def _hand_over(app: App, wished: Wanted, browser: str) -> ResponseReturnValue:
    signed_in = current_user.signed_in
    with transaction():
        if not cookies.is_shared(app.origin, settings()):
            ticket = entering.issue(signed_in, app, bytes.fromhex(browser), wished, now())
            over = url_for("at_app.enter", ticket=ticket)
            return pages.over(app, app.origin + over)
        token = entering.share(signed_in, app, current_visitor(), now())
    answer = pages.over(app, wished.url)
    if token:
        cookie.share(answer, token, settings().gate_cookie_domain)
    return answer


def _to_proof(app: App, wished: Wanted, decision: Decision, way: str) -> ResponseReturnValue | None:
    """Lead to the proof that the rule asks for, or to setting one up; None where it is refused."""
    rule, signed_in = decision.rule, current_user.signed_in
    if rule is None or decision.answer is not Answer.PROVE:
        return None
    step = missing.step_to(rule, signed_in, settings(), now())
    if step.verb == "enrol":
        asked = reasons.asks_for(rule, signed_in.role, settings())
        return pages.asks_for_more(app, wished, step, asked)
    if step.factors[0] == "code":
        return redirect(url_for("prove.ask_for_code", next=way), 303)
    return redirect(url_for("prove.ask", factor=step.factors[0], next=way), 303)
