"""Reading a JSON body that may be anything."""

import json
from typing import Any

from flask import Request, abort

from otpapp.rules import codes


def json_object(asked: Request) -> dict[str, Any]:
    """Return the request's body as a dict; anything else ends in 400 or 415 (X37)."""
    if asked.mimetype != "application/json":
        abort(415, "Send JSON, with Content-Type: application/json.")
    try:
        body = json.loads(asked.get_data(), object_pairs_hook=_without_twins)
    except (ValueError, RecursionError):
        abort(400, "The body is not valid JSON.")
    if not isinstance(body, dict):
        abort(400, "The body must be a JSON object.")
    return body


def code_in(body: dict[str, Any], digits: int) -> str:
    """Return the code in the field `otp`: text, or a number that lost its leading zeros."""
    given = body.get("otp")
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 10**digits:
        return f"{given:0{digits}}"
    found = codes.find(given, digits) if isinstance(given, str) else ""
    if len(found) != digits:
        abort(422, f"The field otp must hold the {digits}-digit code, as text or as a number.")
    return found


def handle_in(body: dict[str, Any]) -> str:
    """Return the challenge that `body` names, or nothing."""
    given = body.get("challenge", "")
    if not isinstance(given, str):
        abort(422, "The field challenge must be text.")
    return given


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
