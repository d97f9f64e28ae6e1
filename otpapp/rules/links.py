"""What stands in links that are mailed: signed by us, and of use for one thing only."""

from itsdangerous import BadData, URLSafeSerializer

from otpapp.models import Challenge
from otpapp.rules import challenges
from otpapp.settings import Settings

LONGEST = 200  # characters; ours are about 80


def stop_token(challenge: Challenge, settings: Settings) -> str:
    """Return what lets the reader of a message stop codes like the one in it."""
    return str(_signer(settings).dumps(_name(challenge)))


def challenge_to_stop(token: str, settings: Settings) -> Challenge | None:
    """Return the challenge that `token` was made for; None for anything we did not sign."""
    try:
        name = _signer(settings).loads(token) if len(token) <= LONGEST else None
    except BadData:
        return None
    match name:
        case [int(number), str(_)]:
            found = challenges.get(number)
            return found if found and _name(found) == name else None
    return None


def _name(challenge: Challenge) -> list[int | str]:
    # X49: when rows are deleted or a backup is put back, a number can come a second time.
    return [challenge.id, challenge.handle_hash[:8].hex()]


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer([*reversed(settings.secrets)], salt="stop these codes")
