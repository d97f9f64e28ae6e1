"""Keys that are offered for enrolment: each lives in its form until a code confirms it (X54)."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from uuid import UUID

from otpapp.otp.keys import Unsealable, sealer
from otpapp.rules import clocks
from otpapp.settings import Settings

LASTS = timedelta(hours=1)
STAMP_BYTES = 8
LONGEST = 400  # characters; ours are about 120


def offer(user_id: UUID, key: bytes, settings: Settings, now: datetime) -> str:
    """Return `key` sealed for this user alone, for a form to carry."""
    stamp = int(now.timestamp()).to_bytes(STAMP_BYTES, "big")
    sealed = sealer(settings.secrets).seal(stamp + key, _context(user_id))
    return base64.urlsafe_b64encode(sealed).decode()


def accept(user_id: UUID, offered: str, settings: Settings, now: datetime) -> bytes | None:
    """Return the key that was offered to this user within the last hour, or None."""
    try:
        sealed = base64.urlsafe_b64decode(offered[:LONGEST].encode())
        opened = sealer(settings.secrets).open(sealed, _context(user_id))
    except (Unsealable, binascii.Error, ValueError):
        return None
    at = datetime.fromtimestamp(int.from_bytes(opened[:STAMP_BYTES], "big"), UTC)
    if at + LASTS <= now or clocks.is_ahead(at, now, clocks.SET_BACK):
        return None
    return opened[STAMP_BYTES:]


def _context(user_id: UUID) -> bytes:
    return b"offered key " + user_id.bytes
