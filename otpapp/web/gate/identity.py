"""Who somebody is, as headers that an app behind the gate reads: always all of them."""

import re
from urllib.parse import quote

from otpapp.rules.gate.deciding import Somebody

SIGNED = "Remote-Token"  # the signed header, where it is wanted
NAMES = ("Remote-User", "Remote-Email", "Remote-Name", "Remote-Groups", "Remote-Method")
_AS_IT_IS = re.compile(r"[!-$&-~]*")
_PLAIN = "".join(map(chr, range(0x21, 0x7F))).replace("%", "")  # what stays as it is


def headers_of(who: Somebody | None) -> dict[str, str]:
    """Return the headers of somebody, or of nobody: empty, so that nothing that came stays (X25).

    The first verified identifier is the user, the first address of mail the email. Values are
    ASCII; what is not is percent-encoded.
    """
    if who is None:
        return dict.fromkeys((*NAMES, SIGNED), "")
    email = next((one for one in who.addresses if "@" in one), "")
    methods = dict.fromkeys(proof.factor for proof in who.proofs)
    values = (who.addresses[0] if who.addresses else "", email, "", who.groups, methods)
    found = {
        name: ",".join(map(_plain, value)) if not isinstance(value, str) else _plain(value)
        for name, value in zip(NAMES, values, strict=True)
    }
    return found | {SIGNED: ""}


def headers_of_program(name: str) -> dict[str, str]:
    """Return the headers of a program: no person can be called so, for no address has a colon."""
    return headers_of(None) | {"Remote-User": f"key:{name}", "Remote-Method": "key"}


def _plain(text: str) -> str:
    return text if _AS_IT_IS.fullmatch(text) else quote(text, safe=_PLAIN)
