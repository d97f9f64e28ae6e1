"""The JSON API for programs: ask for a code, prove it, use the bearer token it gives.

No cookie opens anything here, so there is nothing for another site to ride on; the GET that sends
a code is refused to other sites' pages before anything is counted.
"""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.extensions import csrf
from otpapp.models import Challenge
from otpapp.rules import challenges, identifiers, sessions, sign_in, users
from otpapp.rules.asks import Ask
from otpapp.rules.handles import new_handle
from otpapp.rules.identifiers import Address, Fault
from otpapp.rules.sign_in import Arrival
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from otpapp.web import messages
from otpapp.web.api.bodies import code_in, handle_in, json_object
from otpapp.web.current import bearer_token, now, settings, worker
from otpapp.web.guards import public
from otpapp.web.origins import comes_from_elsewhere
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("api", __name__)
csrf.exempt(blueprint)
FORBIDDEN = 403
TWO_PROOFS = "The code is right, but this user has to prove more: sign in with a browser."
OPENAPI = Path(__file__).with_name("openapi.json")


@blueprint.get("/verify/<identifier>/")
@public
def ask_for_counter_code(identifier: str) -> ResponseReturnValue:
    """Send a counter-based code to `identifier`."""
    return _ask_for_code(identifier, "counter")


@blueprint.get("/verify/time_based/<identifier>/")
@public
def ask_for_time_code(identifier: str) -> ResponseReturnValue:
    """Send a time-based code to `identifier`; it lives as long as its 50-second step."""
    return _ask_for_code(identifier, "time")


@blueprint.post("/verify/<identifier>/")
@public
def prove_counter_code(identifier: str) -> ResponseReturnValue:
    """Prove a counter-based code and return a bearer token."""
    return _prove(identifier, "counter")


@blueprint.post("/verify/time_based/<identifier>/")
@public
def prove_time_code(identifier: str) -> ResponseReturnValue:
    """Prove a time-based code and return a bearer token."""
    return _prove(identifier, "time")


@blueprint.get("/api/me")
def me() -> ResponseReturnValue:
    """Return who the bearer is."""
    signed_in = current_user.signed_in
    found = users.addresses_of(signed_in.user_id)
    return jsonify(
        id=str(signed_in.user_id),
        identifiers=[{"channel": one.channel, "address": one.address} for one in found],
        signed_in_at=signed_in.started_at.isoformat(),
        expires_at=signed_in.expires_at.isoformat(),
    )


@blueprint.delete("/api/session")
def end_session() -> ResponseReturnValue:
    """End the bearer's session; its token opens nothing from here on."""
    with transaction():
        sessions.end(bearer_token(), "api", current_visitor(), now())
    return "", 204


@blueprint.get("/api/openapi.json")
@public
def openapi() -> Response:
    """Return the description of this API."""
    return Response(OPENAPI.read_bytes(), mimetype="application/json")


def _ask_for_code(identifier: str, method: str) -> ResponseReturnValue:
    # An image tag or a prefetching browser must not be able to have codes sent.
    looks_ahead = request.headers.get("Sec-Purpose") or request.headers.get("Purpose")
    if comes_from_elsewhere() or looks_ahead or request.method != "GET":
        abort(403, "Codes are sent only to whoever asks from this site or by a program.")
    ask = Ask(_address(identifier), current_visitor(), new_handle(), door="api", method=method)
    with transaction():
        begun = sign_in.begin(ask, (), settings(), now())
        if isinstance(begun, Limited):
            return _limited(begun)
        shown = _shown(begun.challenge, begun.handle)
    worker().ring(begun.challenge.channel)
    return jsonify(shown)


def _prove(identifier: str, method: str) -> ResponseReturnValue:
    body = json_object(request)
    handle, address = handle_in(body), _address(identifier)
    with transaction():
        challenge = _challenge(handle, address, method)
        code = code_in(body, challenge.digits if challenge else settings().code_digits)
        visitor = current_visitor()
        outcome = (
            sign_in.prove(challenge, code, visitor, settings(), now())
            if challenge
            else sign_in.prove_nothing(address, visitor, settings(), now())
        )
    if isinstance(outcome, Limited):
        return _limited(outcome)
    if outcome is None:
        return _refused(Verdict.EXPIRED, "There is no code to prove. Ask for one first.")
    if outcome.verdict is not Verdict.ACCEPTED:
        return _refused(outcome.verdict, messages.verdict(outcome, now()))
    return _token(outcome.arrival)


def _address(identifier: str) -> Address:
    found = identifiers.parse(identifier, settings())
    if isinstance(found, Fault):
        abort(422, messages.fault(found, settings()))
    return found


def _challenge(handle: str, address: Address, method: str) -> Challenge | None:
    if not handle:
        return challenges.newest(address.key, method, current_visitor(), settings(), now())
    found = challenges.find(handle)
    ours = found and (found.door, found.method, found.subject) == ("api", method, address.key)
    return found if ours else None


def _shown(challenge: Challenge, handle: str) -> dict[str, Any]:
    shown = {
        "challenge": handle,
        "channel": challenge.channel,
        "digits": challenge.digits,
        "reference": challenge.reference,
        "expires_at": challenge.expires_at.isoformat(),
    }
    if settings().mode == "development":
        # For whoever tries it out; a decoy has no code to show.
        shown["OTP"] = challenges.code_of(challenge, settings())
    return shown


def _token(arrival: Arrival | None) -> ResponseReturnValue:
    if arrival is None or arrival.expires_at is None:
        # The code was right and is used up; there is no second proof that a program could give.
        return _refused(Verdict.ACCEPTED, TWO_PROOFS, FORBIDDEN)
    return jsonify(
        verdict=Verdict.ACCEPTED,
        token=arrival.token,
        token_type="Bearer",  # noqa: S106 - the type's name, RFC 6750
        expires_at=arrival.expires_at.isoformat(),
    )


def _refused(verdict: Verdict, message: str, status: int = messages.UNPROCESSABLE) -> Response:
    answer = jsonify(verdict=verdict, message=message)
    answer.status_code = status
    return answer


def _limited(refused: Limited) -> ResponseReturnValue:
    answer = _refused(Verdict.LIMITED, messages.limited(refused, now()), messages.TOO_MANY)
    answer.headers.update(messages.retry_after(refused, now()))
    return answer
