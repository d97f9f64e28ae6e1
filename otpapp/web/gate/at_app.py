"""What the gate shows under the host of an app: the way in, the way over, and why not."""

from flask import Blueprint, abort, current_app, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from otpapp.models import App
from otpapp.rules.gate import deciding, entering, wanted
from otpapp.rules.gate.checking import Seen
from otpapp.rules.gate.deciding import Answer
from otpapp.rules.gate.wanted import Wanted
from otpapp.rules.handles import digest, new_token
from otpapp.transaction import transaction
from otpapp.web.current import now, settings
from otpapp.web.gate import cookies, examining, pages
from otpapp.web.guards import public
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("at_app", __name__, url_prefix="/.otpapp")
LOOP_SECONDS, LOOP_DIGITS = 10, 16
PASSED = "200"


@blueprint.get("/start")
@public
def start() -> ResponseReturnValue:
    """Lead to the sign-in, and let this browser be known again when it comes back."""
    back = _wanted(request.args.get("rd") or here().origin + "/")
    if back is None:
        return pages.leads_elsewhere(here())
    if cookies.is_twice(_name_of(cookies.FOR_GATE), request.headers.get("Cookie", "")):
        return pages.two_cookies(here())
    is_lost = "lost" in request.args
    if not is_lost and deciding_of(back) is Answer.ENTER:
        return _once_more(back)
    browser = _cookie(cookies.FOR_BROWSER) or new_token()
    proof = digest(browser).hex()
    way = url_for("gate.enter", rd=back.url, browser=proof, lost="1" if is_lost else None)
    answer = redirect(settings().public_url + way, 303)
    _keep(answer, cookies.FOR_BROWSER, browser)
    return answer


@blueprint.get("/enter")
@public
def enter() -> ResponseReturnValue:
    """Use the ticket up that this browser brings from the sign-in, and go where it wanted to go."""
    browser, ticket = _cookie(cookies.FOR_BROWSER), request.args.get("ticket", "")
    with transaction():
        entered = entering.redeem(ticket, here(), browser, current_visitor(), now())
    if entered and entered.token:
        answer = redirect(entered.url, 303)
        _keep(answer, cookies.FOR_GATE, entered.token)
        return answer
    if entered and browser:
        return redirect(entered.url, 303)  # of tabs that came at once the last was remembered
    if seen_here().who:
        return redirect(here().origin + "/", 303)  # the back button, or a second click
    return pages.no_way_over(here(), has_cookie=bool(browser))


@blueprint.get("/refused")
@public
def refused() -> ResponseReturnValue:
    """Say who is signed in and why this is not for them; nginx shows it in place of a bare 403."""
    if request.headers.get("X-Gate-Status") == PASSED:
        return pages.nothing(here())
    wished = _wanted(request.headers.get("X-Original-URL", ""))
    seen = seen_here()
    decision = deciding.decide(seen.rules, wished, seen.who, settings(), now()) if wished else None
    if wished is None or decision is None or decision.answer is not Answer.REFUSED:
        return pages.try_again(here(), wished)
    return pages.refused(here(), wished, decision, seen.who)


@blueprint.get("/echo")
@blueprint.get("/echo-here")
@public
def echo() -> ResponseReturnValue:
    """Return what arrives of a request of flask doctor, and of no other."""
    if examining.app_of(request.headers, settings()) != here().origin:
        abort(404)
    return jsonify(examining.arrived(request))


@blueprint.get("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Lead to where signing out ends everything, for the link that apps can be given."""
    return redirect(settings().public_url + url_for("home.home"), 303)


@blueprint.get("/static/<path:filename>")
@public
def static(filename: str) -> ResponseReturnValue:
    """Send what the pages under this host look like."""
    return current_app.send_static_file(filename)


def here() -> App:
    """Return the app under whose host this request came."""
    found: App = g.app_here
    return found


def seen_here() -> Seen:
    """Return who is signed in at this app, as the check sees them."""
    looking, held = current_app.extensions["otpapp.looking"], request.headers.get("Cookie", "")
    seen = cookies.look(looking, here().origin, held, settings(), now())
    return seen or Seen(here().id, ())


def deciding_of(wished: Wanted) -> Answer:
    """Return what a check would say here and now."""
    seen = seen_here()
    return deciding.decide(seen.rules, wished, seen.who, settings(), now()).answer


def _once_more(back: Wanted) -> ResponseReturnValue:
    """Go back to what is open to this browser: another tab signed in, or the check is not asked.

    In the latter case that would go on for ever, which no browser can tell its user.
    """
    # By address: of many tabs that are opened at once each comes here once.
    mark = digest(back.url).hex()[:LOOP_DIGITS]
    if _cookie(cookies.FOR_LOOP) == mark:
        return pages.goes_round(here())
    answer = redirect(back.url, 303)
    _keep(answer, cookies.FOR_LOOP, mark, LOOP_SECONDS)
    return answer


def _wanted(url: str) -> Wanted | None:
    """Return what `url` names, if it is of this app (X23)."""
    found = wanted.read(url)
    return found if found and found.origin == here().origin else None


def _cookie(kind: str) -> str:
    return cookies.value_of(_name_of(kind), request.headers.get("Cookie", ""))


def _name_of(kind: str) -> str:
    return cookies.name_of(kind, here().origin, settings())


def _keep(answer: Response, kind: str, value: str, seconds: int | None = None) -> None:
    secure = here().origin.startswith("https:")
    answer.set_cookie(
        _name_of(kind), value, max_age=seconds, secure=secure, httponly=True, samesite="Lax"
    )
