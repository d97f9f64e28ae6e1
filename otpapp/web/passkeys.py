"""What every page with a passkey has in common: options as JSON, answers read, words."""

from typing import Any

from flask import Response, abort, jsonify

from otpapp.rules.factors import ceremonies, passkey_json
from otpapp.rules.factors.ceremonies import Taken, Wish
from otpapp.rules.factors.passkey import Fault
from otpapp.rules.factors.passkey_json import Answer
from otpapp.rules.verdicts import Limited
from otpapp.transaction import transaction
from otpapp.web import messages
from otpapp.web.current import now, settings

NONE = "Your browser sent no passkey. Try once more, or choose another way."
LATE = "That took too long, or it was sent twice. Try once more."
FAULTS = {
    Fault.WRONG: "That passkey opens nothing here. Perhaps it was removed. Use another one, or "
    "choose another way.",
    Fault.CLONED: "There seems to be a copy of that passkey, so it was refused. Choose another "
    "way, then remove it and add a new one.",
    Fault.TAKEN: "That passkey is registered here already. Use another one.",
}


def need() -> None:
    """Answer that there is no such page where a site can have no passkeys."""
    if not settings().offers_passkeys:
        abort(404, "There are no passkeys here: they belong to a name, and this site has none.")


def options(found: dict[str, Any] | Limited) -> Response:
    """Return what a script hands to the browser, or why there is nothing to hand to it."""
    if not isinstance(found, Limited):
        return jsonify(found)
    answer = jsonify(message=messages.limited(found, now()))
    answer.status_code = messages.TOO_MANY
    answer.headers.update(messages.retry_after(found, now()))
    return answer


def read(text: str | None) -> Answer | str:
    """Return the answer that a form brought, or what to say where it brought none."""
    return passkey_json.read(text or "") or NONE


def take(wish: Wish, answer: Answer) -> Taken | None:
    """Use up the challenge that was answered, for good, whatever comes of it (W1)."""
    with transaction():
        return ceremonies.take(wish, answer.challenge, now())
