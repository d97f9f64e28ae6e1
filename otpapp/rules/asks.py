"""What somebody asks for who wants a code."""

from dataclasses import dataclass

from otpapp.rules.identifiers import Address
from otpapp.rules.visitor import Visitor


@dataclass(frozen=True)
class Ask:
    """A wish for a code: for which address, by whom, and what shall follow.

    `handle` is chosen by the asking side, so that a form posted twice is one challenge. `door` is
    page or api; `method` is counter, or time for a code that lives as long as its time step.
    `purpose` is password where the code is not sent before that is proved, step_up where who asks
    is signed in, and add where they want the address for their own.
    """

    address: Address
    visitor: Visitor
    handle: str
    door: str = "page"
    method: str = "counter"
    keep: bool = False
    next_path: str = ""
    purpose: str = "sign_in"
