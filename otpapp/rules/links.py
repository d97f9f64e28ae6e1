"""What stands in links that are mailed: signed by us, and of use for one thing only."""

from itsdangerous import BadData, URLSafeSerializer

from otpapp.settings import Settings

LONGEST = 200  # characters; ours are about 60


def stop_token(challenge_id: int, settings: Settings) -> str:
    """Return what lets the reader of a message stop codes like the one in it."""
    return str(_signer(settings).dumps(challenge_id))


def challenge_to_stop(token: str, settings: Settings) -> int | None:
    """Return the challenge that `token` was made for; None for anything we did not sign."""
    try:
        found = _signer(settings).loads(token) if len(token) <= LONGEST else None
    except BadData:
        return None
    return found if isinstance(found, int) else None


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer([*reversed(settings.secrets)], salt="stop these codes")
